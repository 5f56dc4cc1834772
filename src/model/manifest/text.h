/*
 * A manifest as text: what export writes.
 *
 * Each object is one line, with every attribute that is a column, so that
 * the same state gives the same bytes and applying it gives that state: a
 * grant made later goes, too.  Only CSV has no grants.  The hash is left
 * out unless asked for: applying then keeps the current one.
 *
 *	yaml	a manifest that "apply" reads
 *	jsonl	one JSON object a line: {"user":"anna@x.org","active":true,...}
 *	csv	a header and one kind only, as "import" reads it
 *
 * CSV is opened in spreadsheets, which take a cell that begins with = + - @
 * or a control character for a formula.  So such a cell, and one that begins
 * with ', gets a ' before it; import takes that ' away again.
 */
#ifndef MODEL_MANIFEST_TEXT_H
#define MODEL_MANIFEST_TEXT_H

#include "base/text.h"
#include "model/manifest/manifest.h"

enum manifest_format {
	MANIFEST_YAML,
	MANIFEST_JSONL,
	MANIFEST_CSV
};

/* "yaml", "jsonl", "csv"; NULL-terminated. */
extern const char *const manifest_format_names[];

/* The text before the first object of a kind; for CSV the header. */
void manifest_text_begin(struct text *t, enum manifest_format format,
    enum manifest_kind kind, bool hashes);

/* One line. */
void manifest_text_add(struct text *t, enum manifest_format format,
    const struct desired *w, bool hashes);

/* The text instead of objects, if a kind has none. */
void manifest_text_none(struct text *t, enum manifest_format format);

#endif
