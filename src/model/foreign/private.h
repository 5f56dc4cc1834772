/* What the files of importing from other systems share. */
#ifndef MODEL_FOREIGN_PRIVATE_H
#define MODEL_FOREIGN_PRIVATE_H

#include "base/nameset.h"
#include "model/foreign/foreign.h"
#include "model/foreign/map.h"

/* --- rows, in one form -------------------------------------------------- */

struct foreign_domain {
	const char *domain;
	bool active;
	const char *description;
	int64_t quota;		/* of each user, bytes */
	int64_t max_users;	/* 0: none allowed */
	int64_t max_aliases;
	bool backup;		/* this server only relays for it */
	bool as_is;		/* only its name is known: it may exist */
};

/* An alias domain. */
struct foreign_link {
	const char *domain;
	const char *target;
	bool active;
};

struct foreign_user {
	const char *email;
	const char *crypt;
	bool active;
	bool may_login;
	bool may_send;
	bool may_receive;
	const char *name;
	const char *note;	/* a remark on the user */
	int64_t quota;		/* bytes; NULL: no limit */
	const char *home;	/* relative; NULL: the usual one of mailadm */
};

struct foreign_alias {
	const char *mail;
	const char *destination;	/* or several, with commas */
	bool active;
	bool copy;		/* to the user of this name, too */
	const char *note;	/* a remark on the address */
};

/* What was done about a loss. */
#define NOT_IMPORTED "not imported"
#define LEFT_OUT "left out"

/* What homes are relative to, where no setting says it. */
#define MAIL_DIRECTORY "/var/vmail"

/* What becomes of a row of the source. */
enum fate { FATE_LOST, FATE_REFUSED, FATE_KEPT };

struct importing {
	struct mail *m;
	struct arena *arena;
	struct arena of_row;		/* what one row needs, of a map */
	const struct foreign_options *options;
	struct foreign_import *from;
	struct manifest *manifest;
	size_t row;			/* of all that was read */
	bool row_open;			/* a row was begun: */
	enum fate fate;			/* what becomes of it */
	uint32_t object;		/* where FATE_KEPT: its number */
	enum manifest_kind object_kind;
	bool quota_in_units;		/* of PostfixAdmin's megabytes */
	bool quota_plain;		/* numbers without a unit, in users */
	struct nameset backups;		/* domains that are relayed only */
	struct nameset homes;
};

/*
 * The sort of a loss is its format, but where a caller gives another name for
 * those of one sort.
 */
void foreign_lost(struct importing *i, const char *kind, const char *name,
    const char *done, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void foreign_fixed(struct importing *i, const char *kind, const char *name,
    const char *done, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Before each row, and after the last one: counts the one before. */
void foreign_row_begin(struct importing *i);
void foreign_rows_end(struct importing *i);

/* A row that goes no further. */
void foreign_row_dropped(struct importing *i, enum fate fate);

/* The row is a part of this object. */
void foreign_row_kept(struct importing *i, enum manifest_kind kind,
    const char *name);

/* Without blanks at its ends; in the arena. */
const char *foreign_trimmed(struct arena *a, const char *text);

/* The canonical form; NULL, and a loss, where it has none. */
const char *foreign_name(struct importing *i, enum manifest_kind kind,
    const char *text);

/* An object of this name that was read before, or NULL. */
struct desired *foreign_find(struct importing *i, enum manifest_kind kind,
    const char *name);
struct desired *foreign_add(struct importing *i, enum manifest_kind kind,
    const char *name);

/* Sets free text; NULL sets nothing. */
void foreign_text(struct importing *i, enum manifest_kind kind,
    struct desired *w, const char *attribute, const char *text);

/* Each puts one row of the source into the manifest, or the losses. */
bool foreign_domain(struct importing *i, const struct foreign_domain *row,
    struct err *e);
bool foreign_link(struct importing *i, const struct foreign_link *row,
    struct err *e);
bool foreign_user(struct importing *i, const struct foreign_user *row,
    struct err *e);
bool foreign_alias(struct importing *i, const struct foreign_alias *row,
    struct err *e);

/*
 * False, with a loss, where names in the domain cannot be imported; `more` is
 * said of it, too.
 */
bool foreign_domain_known(struct importing *i, const char *kind,
    const char *name, const char *more, bool *known, struct err *e);

/* The hash as it can be stored, or "!", with a loss. */
const char *foreign_hash(struct importing *i, const char *email,
    const char *crypt);

/* Text that was UTF-8 and was stored as latin1; NULL: it was not. */
const char *foreign_unlatin(struct arena *a, const char *text);

/*
 * Call when everything is read: sorts, and removes what mailadm would refuse
 * because of other rows: alias domains of alias domains, destinations that do
 * not exist, loops, limits that are exceeded.
 */
bool foreign_settle(struct importing *i, struct err *e);

/* --- rows of a map -------------------------------------------------------- */

/* A section of a map, and the cells of one of its rows. */
struct map_row {
	struct importing *importing;
	const struct map *map;
	const struct map_section *section;
	const struct foreign_cell *cell;
	const char *name;	/* by which losses are listed; or NULL */
};

/* The value as text, for as long as the row lasts; NULL: there is none. */
const char *map_text(const struct map_row *r, enum map_attribute attribute);

/*
 * All expressions of the attribute; *text is what is no flag, or what was
 * taken for off, or NULL.
 */
enum map_flag map_flag(const struct map_row *r, enum map_attribute attribute,
    const char **text);

/* Bytes or a count; FIELD_NULL: there is none.  False: it is no size. */
bool map_size(struct map_row *r, enum map_attribute attribute,
    int64_t *size, const char **text);

/* A time in the past, or in the future (*future); false: none of both. */
bool map_expired(const struct map_row *r, const char **date, bool *future);

/* The name of the column that was found, for people. */
const char *map_column_name(const struct map_row *r,
    const struct map_column *c);

/* Is the rule true of the row?  The text of its cell; or NULL. */
bool map_rule_holds(const struct map_row *r, const struct map_rule *rule);
const char *map_cell(const struct map_row *r, const struct map_column *c);
bool map_when(const struct map_row *r, const struct map_section *s);

/* The section with its domain by the key of a join that does not exist. */
const char *map_missing(const struct map_row *r,
    enum map_attribute attribute);

/* A path as a home: relative to the mail directory where it can be. */
const char *map_home(struct arena *a, const char *path, const char *email,
    const char *mail_directory);

/* Reads all sections; the map was fitted. */
bool map_sections_read(struct importing *i, struct db *db, struct map *map,
    struct err *e);

/* Reports what no part of the map reads: columns of a row, other tables. */
void map_columns_lost(struct map_row *r, const char *kind);
bool map_tables_lost(struct importing *i, struct db *db,
    const struct map *map, const struct foreign_catalogue *catalogue,
    struct err *e);

/* The sections that the options describe, as a map. */
bool map_of_options(struct arena *a, const struct foreign_options *options,
    struct map *map, struct err *e);

/* Rows that --where leaves out are none for the sections. */
bool map_where(struct arena *a, const struct words *where, struct map *map,
    struct err *e);

/* Of a map that was fitted: notes which table is read as what. */
bool map_parts_add(struct importing *i, struct db *db, const struct map *map,
    struct err *e);

/* Of tables that no map reads: notes all, and which map is the closest. */
bool map_tables_show(struct importing *i, struct db *db,
    const struct maps *maps, const struct foreign_catalogue *catalogue,
    struct err *e);

/* Finds the map of the database, and reads it. */
bool foreign_database(struct importing *i, const struct db_settings *like,
    struct err *e);

#endif
