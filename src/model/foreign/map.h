/*
 * Maps: which tables and columns of another mail system hold what.
 *
 *	family ispmail
 *	name "ISPmail"
 *
 *	domains virtual_domains
 *		domain = name|domain
 *		active = enabled|active?
 *
 *	users virtual_users
 *		join d virtual_domains.id = domain_id
 *		email = email|user
 *		at = d.name|d.domain
 *		password = password
 *		quota = quota? * 1M
 *
 * A line is a section, or belongs to the section above it.  Lines before the
 * first section: "family WORD..." (what "import from" takes), "name TEXT
 * [TABLE.COLUMN]" (shown; the first whose column exists), "needs
 * TABLE.COLUMN..." (other evidence), "ignore TABLE..." (tables that have
 * nothing to do with mail; * at the end stands for anything), and "megabytes
 * guessed" (of which size those of the quotas are, see quotas_settle()).
 * `#` begins a comment, a text is in '...' or "...".
 *
 *	KIND TABLE[|TABLE][?]	domains, links (alias domains), users, aliases,
 *				lost (rows that are only reported); with ? it
 *				may be missing
 *	join NAME TABLE.COLUMN = COLUMN
 *				columns are NAME.COLUMN then; with ? behind
 *				one of them it may be missing
 *	when COLUMN = VALUE...	only these rows; != all others
 *	ATTRIBUTE = EXPRESSION
 *	ignore COLUMN... [= VALUE...]
 *				is not reported: always, or with this value;
 *				* at the end stands for anything; "ignore
 *				others" is for all columns that nothing reads
 *	say COLUMN TEXT		how its loss is reported; $ is the value
 *	drop COLUMN TEXT	rows in which it is true are lost
 *
 * EXPRESSION:	[!] PART [+ PART...] [* SIZE] [has WORD...] [field WORD]
 * PART:	COLUMN[|COLUMN...][?], or a text in quotes
 *
 * Of several columns the first that exists is taken; with ? there may be
 * none.  `!` turns a flag around, `* 1M` multiplies, `has` is true when the
 * value is one of the words or a list with one of them, `field key` takes the
 * number behind "key:".  An attribute that is a flag may be given several
 * times: all must be true.
 *
 * No value of a map becomes a part of a statement, but names of tables and
 * columns as the catalogue has them, quoted.
 */
#ifndef MODEL_FOREIGN_MAP_H
#define MODEL_FOREIGN_MAP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/vector.h"
#include "base/words.h"
#include "db/foreign.h"

enum map_kind {
	MAP_DOMAINS,
	MAP_LINKS,
	MAP_USERS,
	MAP_ALIASES,
	MAP_LOST,
	MAP_KINDS
};

enum map_attribute {
	MAP_ACTIVE,		/* the flags, whose value is 0 or 1 */
	MAP_BACKUP,
	MAP_IMAP,
	MAP_POP3,
	MAP_MAY_LOGIN,
	MAP_MAY_SEND,
	MAP_MAY_RECEIVE,
	MAP_COPY,		/* an alias also leads to its own name */
	MAP_FLAGS,		/* how many */
	MAP_NAME_OF = MAP_FLAGS, /* the domain, the email, the mail */
	MAP_AT,			/* the domain of a name that is a local part */
	MAP_TARGET,
	MAP_EXPIRES,
	MAP_DESCRIPTION,	/* of a domain, the name of a user, a note */
	MAP_QUOTA,
	MAP_MAX_USERS,
	MAP_MAX_ALIASES,
	MAP_PASSWORD,
	MAP_HOME,
	MAP_DESTINATION,
	MAP_DESTINATION_AT,
	MAP_TEXT,		/* of a row that is lost */
	MAP_ATTRIBUTES
};

/* A column by its name, or the first of several that exists. */
struct map_column {
	const char *names;	/* "name|domain", "d.name"; NULL: a text */
	const char *text;
	bool optional;
	/* When the map was fitted: */
	size_t of;		/* 0: of the table, 1: of the first join */
	size_t column;		/* of that table */
	ptrdiff_t cell;		/* -1: there is no such column */
};

struct map_expression {
	enum map_attribute attribute;
	VECTOR(struct map_column) parts;
	bool negated;
	int64_t unit;		/* 0: none is given */
	struct words has;
	const char *field;
};

enum map_rule_kind {
	MAP_WHEN,
	MAP_WHEN_NOT,
	MAP_WHERE,		/* a choice of the user's: not in maps */
	MAP_IGNORE,
	MAP_SAY,
	MAP_DROP
};

struct map_rule {
	enum map_rule_kind kind;
	bool negated;		/* of WHERE, and which of them it is */
	size_t where;
	struct map_column column;
	struct words values;	/* of SAY and DROP the text */
};

struct map_join {
	const char *name;
	const char *table;
	const char *key;
	struct map_column column;
	bool optional;
	/* When the map was fitted: */
	size_t of;		/* 0: there is no such table */
	size_t key_cell;
	size_t matched;		/* rows that had one of its rows */
};

struct map_section {
	enum map_kind kind;
	const char *tables;	/* "aliases|forwardings" */
	bool optional;
	unsigned line;
	bool others_ignored;
	VECTOR(struct map_join) joins;
	VECTOR(struct map_expression) expressions;
	VECTOR(struct map_rule) rules;
	/* When the map was fitted: */
	struct foreign_select select;	/* its table is NULL: none */
	/* Columns whose values nothing reads. */
	VECTOR(struct map_column) unread;
};

struct map_name {
	const char *text;
	const char *column;	/* TABLE.COLUMN; NULL: in any case */
};

struct map {
	const char *file;	/* it is from */
	struct words families;
	VECTOR(struct map_name) names;
	struct words needs;
	struct words ignored;	/* tables */
	bool megabytes_guessed;
	VECTOR(struct map_section) sections;
	/* When the map was fitted: */
	const char *prefix;
	const char *name;
};

VECTOR_NAMED(maps, struct map);

/* `*` at the end of the pattern stands for anything; case does not count. */
bool map_pattern_fits(const char *text, const char *pattern);

enum map_flag { MAP_OFF, MAP_ON, MAP_NO_COLUMN, MAP_NO_FLAG };

/* 1, y, yes, true, on, enabled and their like; MAP_NO_FLAG for others. */
enum map_flag map_flag_parse(const char *text);

/* The words of the language, by their numbers. */
extern const char *const map_kind_words[];

/*
 * Reads a map; the error has FILE:LINE.  What it points to is in the arena;
 * map_clear() is for both outcomes.
 */
bool map_read(struct arena *a, const char *file, const char *text, size_t len,
    struct map *map, struct err *e);
void map_clear(struct map *map);

/* True if it is a map of that family; NULL: of any. */
bool map_is_of(const struct map *map, const char *family);

/* One expression alone: "quota_mb*1M". */
bool map_expression_read(struct arena *a, const char *text,
    struct map_expression *expression, struct err *e);

/* The name of an attribute in a section of that kind. */
const char *map_attribute_word(enum map_kind kind,
    enum map_attribute attribute);

/* The attribute of that name in such a section, or MAP_ATTRIBUTES. */
enum map_attribute map_attribute_find(enum map_kind kind, const char *name);

/*
 * Finds the tables and columns, with that prefix or, for NULL, the only one
 * with which all exist.  False: *lacking is what is missing, as
 * "TABLE.COLUMN".
 */
bool map_fit(struct arena *a, struct map *map,
    const struct foreign_catalogue *catalogue, const char *prefix,
    const char **lacking);

/* The first of "a|b|c" that is a table there, with the prefix; or NULL. */
const struct foreign_table *map_table_find(struct arena *a,
    const struct foreign_catalogue *catalogue, const char *prefix,
    const char *names);

/* What stands before the name that the first table of the map has, or NULL. */
const char *map_prefix_of(struct arena *a, const struct map *map,
    const char *table);

/* Of a map that was fitted: a table, and where its cells begin. */
const struct foreign_table *map_table_at(const struct map_section *s,
    size_t of);
size_t map_cells_before(const struct map_section *s, size_t of);

/* Lists the columns that nothing reads. */
void map_unread_fit(struct map *map);

/* Of a map that was fitted: is that column read, or ignored? */
bool map_reads(const struct map_section *s, size_t of, size_t column);

/* How many columns must exist: the more, the surer. */
size_t map_wants(const struct map *map);

/* How many of these exist, with the best prefix; the others are added. */
size_t map_has(struct arena *a, const struct map *map,
    const struct foreign_catalogue *catalogue, struct words *lacking);

/* The expression of an attribute, number n, or NULL. */
const struct map_expression *map_expression_of(const struct map_section *s,
    enum map_attribute attribute, size_t n);

#endif
