/*
 * The tables of the mail filters that name the keys: their texts.
 */
#ifndef MODEL_DKIM_TABLES_H
#define MODEL_DKIM_TABLES_H

#include "base/text.h"
#include "db/sql.h"

/* Where the files are on a server; the configuration of the filters has it. */
#define DKIM_DIRECTORY "/var/lib/mailadm/dkim"

struct dkim_table {
	const char *name;	/* of the file */
	struct text text;
	bool public;		/* everybody may read it */
	bool shown;		/* a step between two tables is not */
};

struct dkim_tables {
	struct dkim_table table[2];
	size_t count;
	struct dkim_table joined;	/* the first, with the lines before */
};

/* filter: "rspamd" or "opendkim". */
void dkim_tables_make(struct dkim_tables *tables, const char *filter,
    const struct dkim_signer *signers, size_t count);

/* Makes `joined` when the old text has lines that the new one lacks. */
void dkim_tables_join(struct dkim_tables *tables, const struct text *old);

void dkim_tables_clear(struct dkim_tables *tables);

#endif
