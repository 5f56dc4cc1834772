/* What the account sees of the database, for the rules about it. */
#include <stdlib.h>
#include <string.h>

#include "model/check/database.h"

const char *
database_column(const struct database *d, const char *table,
    const char *column)
{
	return arena_printf(d->c->m->arena, "%s.%s", table, column);
}

/* --- what the account sees ------------------------------------------- */

/*
 * True where the account has the privilege (NULL: any) on the table ("*": on
 * all of them).  Those on the server's own tables show nothing of ours.
 */
static bool
may(const struct database *d, const char *table, const char *type)
{
	for (size_t i = 0; i < d->own.count; i++) {
		const struct privilege *p = &d->own.privilege[i];

		if (strcmp(p->type, "USAGE") != 0 &&
		    strcmp(p->schema, "mysql") != 0 &&
		    strcmp(p->column, "*") == 0 &&
		    (type == NULL || strcmp(p->type, type) == 0) &&
		    (strcmp(p->table, "*") == 0 ||
		    strcmp(p->table, table) == 0))
			return true;
	}
	return false;
}

static bool
any_shown(const struct database *d, enum fact_kind kind, const char *table)
{
	for (size_t i = 0; i < d->actual.count; i++) {
		if (d->actual.fact[i].kind == kind &&
		    strcmp(d->actual.fact[i].table, table) == 0)
			return true;
	}
	return false;
}

/*
 * The server shows checks and foreign keys to an account with any privilege
 * on the whole database, and keys to one that may read the column.
 */
bool
database_sees(const struct database *d, enum fact_kind kind, const char *table)
{
	switch (kind) {
	case FACT_TRIGGER:
		return may(d, table, "TRIGGER");
	case FACT_CHECK:
	case FACT_FOREIGN_KEY:
		return may(d, "*", NULL);
	case FACT_KEY:
		return may(d, table, NULL) || any_shown(d, kind, table);
	default:
		return true;
	}
}

const char *const database_hidden_why[FACT_KINDS] = {
	[FACT_KEY] = "this account may not see the keys",
	[FACT_CHECK] = "this account may not see the checks: it lacks SHOW "
	    "VIEW on the database",
	[FACT_FOREIGN_KEY] = "this account may not see the checks: it lacks "
	    "SHOW VIEW on the database",
	[FACT_TRIGGER] = "this account may not see the triggers: it lacks "
	    "TRIGGER",
};

void
database_hidden(struct database *d, enum fact_kind kind)
{
	static const unsigned needs[FACT_KINDS] = {
		[FACT_KEY] = NEEDS_KEYS,
		[FACT_CHECK] = NEEDS_CONSTRAINTS,
		[FACT_FOREIGN_KEY] = NEEDS_CONSTRAINTS,
		[FACT_TRIGGER] = NEEDS_TRIGGERS,
	};

	check_unchecked_all(d->c, needs[kind], database_hidden_why[kind]);
}

const struct compared database_compared[] = {
	{ "domains", "domain", WIDTH_DOMAIN, true },
	{ "domains", "alias_of", 0, false },
	{ "users", "email", WIDTH_ADDRESS, true },
	{ "users", "domain", 0, false },
	{ "aliases", "mail", WIDTH_ADDRESS, true },
	{ "aliases", "destination", WIDTH_ADDRESS, false },
	{ "aliases", "domain", 0, false },
	{ NULL }
};

static bool
is_compared(const char *table, const char *column)
{
	const struct compared *q = database_compared;

	for (; q->table != NULL; q++) {
		if (strcmp(q->table, table) == 0 &&
		    strcmp(q->column, column) == 0)
			return true;
	}
	return false;
}

bool
database_missing(struct database *d, const char *table, const char *column,
    bool *missing, struct err *e)
{
	bool denied = false;
	const char *why;

	*missing = false;
	if (!survey_column_denied(&d->c->survey, table, column, &denied, e))
		return false;
	*missing = !denied;
	if (!denied)
		return true;
	why = arena_printf(d->c->m->arena, "this account may not read %s",
	    *column == '\0' ? table : database_column(d, table, column));
	check_unchecked_all(d->c, *column == '\0' ? NEEDS_TABLE : NEEDS_COLUMN,
	    why);
	if (is_compared(table, column))
		check_unchecked_all(d->c, NEEDS_COMPARED, why);
	return true;
}

/* --- what it shows --------------------------------------------------- */

int64_t
database_width(const char *type)
{
	if (strncmp(type, "tinytext", 8) == 0)
		return 255;
	if (strncmp(type, "varchar(", 8) == 0)
		return strtoll(type + 8, NULL, 10);
	if (strncmp(type, "char(", 5) == 0)
		return strtoll(type + 5, NULL, 10);
	return -1;
}

bool
database_has_primary_key(const struct database *d, const char *table)
{
	for (size_t i = 0; i < d->actual.count; i++) {
		const struct fact *k = &d->actual.fact[i];

		if (k->kind == FACT_KEY && strcmp(k->table, table) == 0 &&
		    strcmp(k->value, "primary") == 0)
			return true;
	}
	return false;
}
