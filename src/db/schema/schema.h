/*
 * The schema: making it, knowing its state, bringing it up to date.
 *
 * The schema is the migrations in sql/ up to the newest.  Data definition
 * commits by itself, so each statement can run again and a migration's row
 * in schema_version comes last: what was interrupted is finished by running
 * schema_upgrade() again.  Two at once exclude each other.
 *
 * schema_upgrade() also adopts a database of three tables that somebody
 * made by hand: domains(domain), users(email, crypt), aliases(mail,
 * destination), or with other names that db/adopted.c lists, of any character
 * set, with or without keys, destinations separated by commas.  What breaks a
 * rule is a finding; while there is one that is not fixed nothing is changed.
 * The new tables are built beside, compared, and take the names in one step,
 * so a lookup finds either the old tables or the new.  The old ones stay as
 * old_domains and so on.
 *
 * All but schema_usable() want an administrator's account.
 */
#ifndef DB_SCHEMA_SCHEMA_H
#define DB_SCHEMA_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/field.h"
#include "base/words.h"
#include "db/db.h"

/*
 * True when the schema exists and is of the version of this program.  Any
 * other state is an error with a hint.  One short statement.
 */
bool schema_usable(struct db *db, struct err *e);

/* Which values of a foreign row may be stored; see cmd/schema.c. */
struct schema_rules {
	bool (*domain)(struct arena *a, const char *text,
	    const char **stored, struct err *e);
	bool (*user)(struct arena *a, const char *text, const char **stored,
	    struct err *e);
	bool (*alias)(struct arena *a, const char *text, const char **stored,
	    struct err *e);
	bool (*destination)(struct arena *a, const char *text,
	    const char **stored, struct err *e);
	bool (*hash)(const char *hash, struct err *e);
};

struct schema_options {
	const struct schema_rules *rules;
	const char *mail_directory;	/* an old home may be a path below it */
	bool dry_run;		/* only report what would be done */
	bool fix;		/* fix what can be fixed safely */
	bool only;		/* adopt one table alone */
	bool drop_old;		/* drop the old_* tables of adoption */
	bool force;		/* restore them though changes are lost */
};

/* A foreign row that breaks a rule. */
struct schema_finding {
	const char *table;
	const char *name;	/* of the row */
	const char *problem;
	const char *fix;	/* what --fix does or did; NULL: nothing */
};

/* What was done, or would be with dry_run: sentences for a person. */
struct schema_report {
	struct words steps;	/* none: nothing to do */
	struct schema_finding *finding;
	size_t findings;
	size_t unfixable;	/* of them, those that --fix cannot fix */
};

extern const struct field schema_finding_fields[];

/*
 * Makes the database and the schema, or finishes what it began and was
 * interrupted in; unchanged where it is complete.  Refused where tables of
 * the same names are somebody else's, and where it is of another version
 * and in use.
 */
bool schema_init(struct db *db, struct arena *a, bool dry_run,
    struct schema_report *report, struct err *e);

/*
 * Gives the accounts of the servers their passwords and rights: the text of
 * grants.sql, as it was rendered.  It can run again.
 */
bool schema_grants(struct db *db, struct arena *a, const char *text,
    struct err *e);

/* ERR_INVALID with the findings in the report: nothing was changed. */
bool schema_upgrade(struct db *db, struct arena *a,
    const struct schema_options *options, struct schema_report *report,
    struct err *e);

/*
 * Takes an adoption back: the old_* tables get their names again in one step,
 * and the tables of mailadm are dropped.  ERR_NOT_FOUND where none exist,
 * ERR_REFUSED where something was written since, unless forced.
 */
bool schema_restore(struct db *db, struct arena *a,
    const struct schema_options *options, struct schema_report *report,
    struct err *e);

/* A migration, of the program or of the database. */
struct schema_migration {
	int64_t version;
	const char *name;
	const char *state;	/* applied, half-way, pending, unknown */
	int64_t applied;	/* FIELD_NULL: not */
};

extern const struct field schema_migration_fields[];

struct schema_status {
	struct schema_migration *migration;
	size_t count;
	const char *summary;	/* "complete", "not there", … */
	const char *database_id;	/* NULL: none yet */
};

bool schema_status(struct db *db, struct arena *a,
    struct schema_status *status, struct err *e);

#endif
