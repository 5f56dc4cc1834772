/* What the files of keys of other programs share. */
#ifndef MODEL_KEYS_PRIVATE_H
#define MODEL_KEYS_PRIVATE_H

#include "base/nameset.h"
#include "base/text.h"
#include "model/keys/keys.h"
#include "model/keys/tree.h"

/* Tables of ten thousand domains are larger than other files. */
#define KEYS_TABLE_MAX ((size_t)16 * 1024 * 1024)

/* A key as it was named, before it is read. */
struct keys_found {
	const char *domain;	/* as written; NULL: not known */
	const char *selector;	/* likewise */
	const char *file;	/* for people */
	const char *why;	/* set: it is left out */
	size_t misread;		/* the line, if it has no form of its table */
	struct keys_place place;	/* .name NULL: the key is `text` */
	const char *path;	/* the file as the table calls it; or NULL */
	const char *text;
};

/* "FROM lets KEY sign": of a SigningTable. */
struct keys_signer {
	const char *domain;
	const char *key;	/* the name in the KeyTable */
	const char *file;
};

/* A table that is being read. */
struct keys_table {
	const char *file;	/* for people */
	const char *directory;	/* of relative names: in the tree, or "/..." */
	struct keys_trust trust;
	const char *text;
};

/* What the maps of rspamd say of a domain. */
struct keys_mapped {
	const char *selector;
	const char *path;
	struct keys_table table;	/* that has the path */
	size_t line;
};

/* A key that was read, or why it is none. */
struct keys_seal {
	const struct dkim_new *key;
	const char *why;
};

struct keys_reading {
	struct mail *m;
	struct arena *arena;
	const struct keys_options *options;
	const struct dkim_secret *secret;
	struct keys *keys;
	struct keys_tree tree;
	int64_t read;			/* keys so far */

	struct err *failed;		/* of the table that the user names */
	VECTOR(struct keys_found) found;
	struct keys_found surplus;	/* in place of those beyond KEYS_MAX */
	size_t patterns;		/* that stand for many files */
	size_t understood;		/* lines of tables, so far */
	VECTOR(struct keys_signer) signers;
	struct nameset tables;		/* that were read */
	struct nameset files;		/* that a table names */
	struct nameset domains;		/* of which a table names a key */
	struct nameset names;		/* of KeyTables */
	VECTOR(const char *) name_domain;	/* the d= of each */
	const char *selector;		/* of all domains, by rspamd's file */
	struct nameset mapped;		/* domains, by the maps of rspamd */
	VECTOR(struct keys_mapped) map;	/* of each */

	struct nameset ours;		/* the domains of our database */
	struct nameset items;		/* "DOMAIN SELECTOR" */
	VECTOR(size_t) item_of;		/* of each, the first */
	struct nameset sealed;		/* files */
	VECTOR(struct keys_seal) seal;	/* of each */
};

typedef void (*keys_reader)(struct keys_reading *r,
    const struct keys_table *t);

/* --- found.c ----------------------------------------------------------- */

/* What a table says of one key. */
struct keys_line {
	size_t line;
	const char *domain;
	const char *selector;
	const char *path;	/* or NULL */
	const char *text;	/* the key itself; or NULL */
};

void keys_name(struct keys_reading *r, const struct keys_table *t,
    const struct keys_line *line);

/* A line that names no key that can be read. */
void keys_refuse(struct keys_reading *r, const struct keys_table *t,
    const struct keys_line *line, const char *why);

/*
 * A line without the form of its table.  None of its words is shown: the file
 * may be any other, and have passwords in it.
 */
void keys_misread(struct keys_reading *r, const struct keys_table *t,
    size_t line, const char *why);

/* ERR_INVALID; `why` NULL: nothing in it has the form of one. */
bool keys_no_table(const char *file, size_t line, const char *why,
    struct err *e);

/*
 * Reads a table once.  `by`: how far what names it is trusted.  As
 * file_read(), or ERR_INVALID: no line has the form of such a table.
 */
bool keys_table_take(struct keys_reading *r, const struct keys_place *place,
    const struct keys_trust *by, keys_reader reader, struct err *e);

/* The user names it. */
extern const struct keys_trust keys_trust_all;

/*
 * A pattern of a file name in which `mark` stands for the domain: names the
 * keys of those domains of ours that have such a file, and no key yet.
 */
void keys_name_each(struct keys_reading *r, const struct keys_table *t,
    const struct keys_line *line, const char *mark);

/* The text with `by` in place of each mark. */
const char *keys_replaced(struct arena *a, const char *text,
    const char *mark, const char *by);

/* Left out, with the command that adds the key to domains by their names. */
void keys_one_for_all(struct keys_reading *r, const struct keys_table *t,
    const struct keys_line *line);

/* Reads the table that another one names. */
void keys_table_open(struct keys_reading *r, const struct keys_table *by,
    const struct keys_line *line, keys_reader reader);

/* The next line from *at, which moves on; NULL at the end. */
const char *keys_next_line(struct arena *a, const char **at, size_t *number);

/* What can be the domain of a key. */
bool keys_is_domain(struct arena *a, const char *text);

/* The next word of a line, which moves on; "" at its end. */
const char *keys_next_word(struct arena *a, const char **line);

/* --- the readers of each kind of table ---------------------------------- */

void keys_key_table(struct keys_reading *r, const struct keys_table *t);
void keys_signing_table(struct keys_reading *r, const struct keys_table *t);
void keys_opendkim(struct keys_reading *r, const struct keys_table *t);
void keys_amavis(struct keys_reading *r, const struct keys_table *t);
void keys_rspamd(struct keys_reading *r, const struct keys_table *t);

/* By the name of a file, or NULL: it is no table. */
keys_reader keys_reader_of(const char *name);

/* NAME DOMAIN:SELECTOR:FILE, or the key in place of FILE. */
bool keys_is_key_line(struct arena *a, const char *line);

/* By what a file holds; ERR_INVALID where it is no table. */
bool keys_reader_guess(const char *file, const char *text,
    keys_reader *reader, struct err *e);

/* --- layout.c ----------------------------------------------------------- */

/* What the name of a file says of its key. */
struct keys_layout {
	const char *domain;	/* NULL: nothing */
	const char *selector;	/* NULL: nothing */
	bool (*known)(void *arg, const char *domain);
	void *arg;
};

/*
 * Fills in domain and selector from a name below the directory; where a name
 * can be read in two ways, a domain that is known decides.  False: by its
 * name the file is no private key.
 */
bool keys_layout(struct arena *a, const char *name, struct keys_layout *l);

/* What is written as a selector; one that DKIM allows has no "_". */
bool keys_is_selector(const char *text);

/* --- take.c -------------------------------------------------------------- */

/* Makes an item of it: read and sealed, or left out. */
bool keys_take(struct keys_reading *r, const struct keys_found *found,
    struct err *e);

/* --- read.c -------------------------------------------------------------- */

void keys_reading_clear(struct keys_reading *r);

/* --- source.c ------------------------------------------------------------ */

bool keys_source(struct keys_reading *r, const struct db_settings *like,
    struct err *e);

#endif
