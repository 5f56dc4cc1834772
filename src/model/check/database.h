/*
 * What the files share that check the database: schema.c on top, accounts.c
 * and foreign.c below it, database.c below them.
 */
#ifndef MODEL_CHECK_DATABASE_H
#define MODEL_CHECK_DATABASE_H

#include "model/check/private.h"

/* The widths that the columns of every published lookup need. */
#define WIDTH_ADDRESS 254
#define WIDTH_DOMAIN 253

struct database {
	struct checking *c;
	struct survey_state state;
	bool ours;
	struct facts expected;
	struct facts actual;
	struct privileges own;		/* of the account that asks */
	struct words reported;		/* columns with S004 or S005 */
};

/* A column that lookups compare; the list ends with table NULL. */
struct compared {
	const char *table;
	const char *column;
	int64_t width;		/* that it needs, 0: of our own column */
	bool looked_up;		/* the key of its table */
};

extern const struct compared database_compared[];

/* "users.email" */
const char *database_column(const struct database *d, const char *table,
    const char *column);

/* May the account see facts of that kind? */
bool database_sees(const struct database *d, enum fact_kind kind,
    const char *table);

/* It may not: the rules about them are unchecked, and that is why. */
void database_hidden(struct database *d, enum fact_kind kind);
extern const char *const database_hidden_why[FACT_KINDS];

/*
 * What the catalogue does not show is missing, or hidden from this account:
 * then the rules about it are unchecked.  The column "" is the table itself.
 */
bool database_missing(struct database *d, const char *table,
    const char *column, bool *missing, struct err *e);

/* The number in "varchar(100) not null"; -1: it has none. */
int64_t database_width(const char *type);

bool database_has_primary_key(const struct database *d, const char *table);

/* Grants, and the accounts that triggers run as. */
bool database_accounts(struct database *d, struct err *e);

/* Tables that were never ours. */
bool database_foreign(struct database *d, struct err *e);

#endif
