/*
 * Labels of hashes: {SHA256-CRYPT}..., {SSHA.HEX}..., as Dovecot reads them.
 */
#ifndef MODEL_PASSWORD_HASH_LABEL_H
#define MODEL_PASSWORD_HASH_LABEL_H

#include <stdbool.h>
#include <stddef.h>

#include "model/password/scheme.h"

/* {NAME} or {NAME.ENCODING} before a hash. */
struct hash_label {
	size_t name_len;	/* the name begins behind the { */
	bool encoded;
	const char *encoding;
	size_t encoding_len;
	const char *rest;	/* behind the } */
};

/* False for a text without a label. */
bool hash_label_read(const char *hash, struct hash_label *label);

/* True when the first `len` characters are the word, in any case. */
bool hash_label_is(const char *s, size_t len, const char *word);

/*
 * The text behind the label: .HEX, .B64 and .BASE64 are decoded into `to`.
 * NULL where that fails, or where the bytes are no text.
 */
const char *hash_label_text(const struct hash_label *label,
    char to[static SCHEME_TEXT]);

#endif
