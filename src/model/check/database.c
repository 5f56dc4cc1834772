/* Checking the database: tables, columns, keys, checks, triggers. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/check/database.h"

const char *
database_column(const struct database *d, const char *table,
    const char *column)
{
	return arena_printf(d->c->m->arena, "%s.%s", table, column);
}

/* --- what the account sees ------------------------------------------- */

/*
 * May it do that to the table?  NULL: anything; "*": to all tables.  What it
 * may do to the server's own tables shows it nothing of ours.
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
 * The server shows checks and foreign keys to whoever has some right on the
 * whole database, and keys to whoever may read the column.
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

const char *const database_unseen_why[FACT_KINDS] = {
	[FACT_KEY] = "this account may not see the keys",
	[FACT_CHECK] = "this account may not see the checks: it lacks SHOW "
	    "VIEW on the database",
	[FACT_FOREIGN_KEY] = "this account may not see the checks: it lacks "
	    "SHOW VIEW on the database",
	[FACT_TRIGGER] = "this account may not see the triggers: it lacks "
	    "TRIGGER",
};

void
database_unseen(struct database *d, enum fact_kind kind)
{
	static const unsigned needs[FACT_KINDS] = {
		[FACT_KEY] = NEEDS_KEYS,
		[FACT_CHECK] = NEEDS_CONSTRAINTS,
		[FACT_FOREIGN_KEY] = NEEDS_CONSTRAINTS,
		[FACT_TRIGGER] = NEEDS_TRIGGERS,
	};

	check_unasked_all(d->c, needs[kind], database_unseen_why[kind]);
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
	check_unasked_all(d->c, *column == '\0' ? NEEDS_TABLE : NEEDS_COLUMN,
	    why);
	if (is_compared(table, column))
		check_unasked_all(d->c, NEEDS_COMPARED, why);
	return true;
}

/* --- lookups and collations ------------------------------------------ */

static bool
lookup_check(struct database *d, const struct compared *q, const char *name,
    const char *collation, struct err *e)
{
	const char *key;
	unsigned number;

	if (!survey_lookup(&d->c->survey, q->table, q->column, &key, &number,
	    e))
		return false;
	if (number == 0)
		return true;
	check_found(d->c, RULE_LOOKUP_FAILS, name, "a lookup in %s, which is "
	    "%s, with the key %s fails: error %u", name, collation, key,
	    number);
	words_add(d->c->m->arena, &d->shown, name);
	return true;
}

static bool
collation_check(struct database *d, const struct compared *q,
    const char *name, const char *collation, struct err *e)
{
	const char *folds;

	if (!survey_folds(&d->c->survey, collation, &folds, e))
		return false;
	if (folds != NULL) {
		check_found(d->c, RULE_COLLATION, name, "%s is %s, which "
		    "makes no difference of %s", name, collation, folds);
		words_add(d->c->m->arena, &d->shown, name);
	}
	return lookup_check(d, q, name, collation, e);
}

static bool
compared_check(struct database *d, struct err *e)
{
	const struct compared *q = database_compared;

	for (; q->table != NULL; q++) {
		const struct fact *f = facts_find(&d->actual, FACT_COLLATION,
		    q->table, q->column);

		if (f != NULL && (d->ours || q->width > 0) &&
		    !collation_check(d, q, database_column(d, q->table,
			q->column), f->value, e))
			return false;
	}
	return true;
}

/* --- tables, columns, keys: what should be --------------------------- */

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

static void
column_differs(struct database *d, const struct fact *f,
    const struct fact *found)
{
	const char *name = database_column(d, f->table, f->name);
	int64_t width = database_width(found->value);

	if (width >= 0 && width < database_width(f->value))
		check_found(d->c, RULE_COLUMN_NARROW, name, "%s has room for "
		    "%lld characters and should have room for %lld", name,
		    (long long)width, (long long)database_width(f->value));
	else
		check_found(d->c, RULE_COLUMN_CHANGED, name, "%s is \"%s\" "
		    "and should be \"%s\"", name, found->value, f->value);
}

static void
key_missing(struct database *d, const struct fact *f)
{
	if (strcmp(f->value, "primary") == 0)
		check_found(d->c, RULE_KEY, f->table, "the primary key of "
		    "%s is not (%s)", f->table, f->name);
	else
		check_found(d->c, RULE_KEY, f->table, "the table %s has no "
		    "%s%skey on (%s)", f->table, f->value,
		    *f->value == '\0' ? "" : " ", f->name);
}

/* A fact that is not there; tables and columns are dealt with before. */
static void
fact_missing(struct database *d, const struct fact *f)
{
	const char *name = database_column(d, f->table, f->name);

	switch (f->kind) {
	case FACT_ENGINE:
		check_found(d->c, RULE_TABLE_MISSING, f->table,
		    "%s is no table", f->table);
		break;
	case FACT_GENERATED:
		check_found(d->c, RULE_COLUMN_CHANGED, name, "%s is not "
		    "generated any more", name);
		break;
	case FACT_KEY:
		key_missing(d, f);
		break;
	case FACT_CHECK:
		check_found(d->c, RULE_CONSTRAINT, name, "the check %s of %s "
		    "is missing", f->name, f->table);
		break;
	case FACT_FOREIGN_KEY:
		check_found(d->c, RULE_CONSTRAINT, name, "the foreign key of "
		    "%s is missing", name);
		break;
	case FACT_TRIGGER:
		check_found(d->c, RULE_TRIGGER, f->name, "the trigger %s is "
		    "missing", f->name);
		break;
	default:
		break;
	}
}

static bool
is_shown(const struct database *d, const char *name)
{
	for (size_t i = 0; i < d->shown.count; i++) {
		if (strcmp(d->shown.word[i], name) == 0)
			return true;
	}
	return false;
}

static void
fact_differs(struct database *d, const struct fact *f,
    const struct fact *found)
{
	const char *name = database_column(d, f->table, f->name);

	switch (f->kind) {
	case FACT_TABLE:
		check_found(d->c, RULE_TABLE_MISSING, f->table,
		    "the table %s is not mailadm's", f->table);
		break;
	case FACT_ENGINE:
		check_found(d->c, RULE_ENGINE, f->table, "the engine of %s "
		    "is %s", f->table, found->value);
		break;
	case FACT_COLUMN:
		column_differs(d, f, found);
		break;
	case FACT_COLLATION:
		if (!is_shown(d, name))
			check_found(d->c, RULE_COLUMN_CHANGED, name, "%s is "
			    "%s and should be %s", name, found->value,
			    f->value);
		break;
	case FACT_GENERATED:
		check_found(d->c, RULE_COLUMN_CHANGED, name, "%s is "
		    "generated by another expression", name);
		break;
	case FACT_KEY:
		key_missing(d, f);
		break;
	case FACT_CHECK:
		check_found(d->c, RULE_CONSTRAINT, name, "the check %s of %s "
		    "is another one", f->name, f->table);
		break;
	case FACT_FOREIGN_KEY:
		check_found(d->c, RULE_CONSTRAINT, name, "the foreign key of "
		    "%s is \"%s\" and should be \"%s\"", name, found->value,
		    f->value);
		break;
	case FACT_TRIGGER:
		check_found(d->c, RULE_TRIGGER, f->name, "the trigger %s is "
		    "another one", f->name);
		break;
	case FACT_KINDS:
		break;
	}
}

/* A longer key serves as well, but for one that keeps rows apart. */
static const struct fact *
key_find(const struct database *d, const struct fact *f)
{
	const struct facts *actual = &d->actual;
	const struct fact *other = NULL;
	size_t len = strlen(f->name);

	for (size_t i = 0; i < actual->count; i++) {
		const struct fact *k = &actual->fact[i];

		if (k->kind != FACT_KEY || strcmp(k->table, f->table) != 0 ||
		    strncasecmp(k->name, f->name, len) != 0)
			continue;
		if (k->name[len] == '\0' && strcmp(k->value, f->value) == 0)
			return k;
		if (*f->value == '\0' && strchr(",", k->name[len]) != NULL)
			other = k;
	}
	return other;
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

/* The table, or the column; *there: go on with what it has. */
static bool
holder_check(struct database *d, const struct fact *f, bool *there,
    struct err *e)
{
	bool column = f->kind >= FACT_COLUMN && f->kind <= FACT_GENERATED;
	bool missing;

	*there = true;
	if (facts_find(&d->actual, FACT_TABLE, f->table, "") == NULL) {
		*there = false;
		if (f->kind != FACT_TABLE)
			return true;
		if (!database_missing(d, f->table, "", &missing, e))
			return false;
		if (missing)
			check_found(d->c, RULE_TABLE_MISSING, f->table,
			    "the table %s is missing", f->table);
		return true;
	}
	if (!column || facts_find(&d->actual, FACT_COLUMN, f->table,
	    f->name) != NULL)
		return true;
	*there = false;
	if (f->kind != FACT_COLUMN)
		return true;
	if (!database_missing(d, f->table, f->name, &missing, e))
		return false;
	if (missing)
		check_found(d->c, RULE_COLUMN_CHANGED, database_column(d,
		    f->table, f->name), "the table %s has no column %s",
		    f->table, f->name);
	return true;
}

static bool
fact_check(struct database *d, const struct fact *f, struct err *e)
{
	const struct fact *found;
	bool there;

	if (!holder_check(d, f, &there, e))
		return false;
	if (!there)
		return true;
	if (!database_sees(d, f->kind, f->table)) {
		database_unseen(d, f->kind);
		return true;
	}
	found = f->kind == FACT_KEY ? key_find(d, f) : facts_find(&d->actual,
	    f->kind, f->table, f->name);
	if (found == NULL && f->kind == FACT_KEY && !database_has_primary_key(d,
	    f->table) && strcmp(f->value, "primary") == 0)
		check_found(d->c, RULE_PRIMARY_KEY, f->table,
		    "the table %s has no primary key", f->table);
	else if (found == NULL)
		fact_missing(d, f);
	else if (f->kind != FACT_KEY && (found->value == NULL ||
	    strcmp(found->value, f->value) != 0))
		fact_differs(d, f, found);
	return true;
}

/* --- what should not be ---------------------------------------------- */

static bool
is_expected_table(const struct database *d, const char *table)
{
	return facts_find(&d->expected, FACT_TABLE, table, "") != NULL;
}

/* A column without a default that mailadm knows nothing of. */
static bool
refuses_rows(const struct fact *f)
{
	return strstr(f->value, " not null") != NULL &&
	    strstr(f->value, " default ") == NULL &&
	    strstr(f->value, " auto_increment") == NULL;
}

/*
 * What somebody added: harmless, unless rows are refused or written for
 * which there is no history.
 */
static void
extra_check(struct database *d, const struct fact *f)
{
	const char *name = database_column(d, f->table, f->name);

	if (!is_expected_table(d, f->table) || facts_find(&d->expected,
	    f->kind, f->table, f->name) != NULL)
		return;
	if (f->kind == FACT_COLUMN && refuses_rows(f))
		check_found(d->c, RULE_COLUMN_CHANGED, name, "%s is not "
		    "mailadm's and has no default, so no row can be added",
		    name);
	else if (f->kind == FACT_KEY && strcmp(f->value, "unique") == 0)
		check_found(d->c, RULE_KEY, f->table, "the unique key on "
		    "(%s) of %s is not mailadm's and refuses rows", f->name,
		    f->table);
	else if (f->kind == FACT_FOREIGN_KEY)
		check_found(d->c, RULE_CONSTRAINT, name, "the foreign key of "
		    "%s is not mailadm's", name);
	else if (f->kind == FACT_TRIGGER && f->value != NULL)
		check_found(d->c, RULE_TRIGGER, f->name, "the trigger %s on "
		    "%s is not mailadm's", f->name, f->table);
}

static bool
facts_check(struct database *d, struct err *e)
{
	for (size_t i = 0; i < d->expected.count; i++) {
		if (!fact_check(d, &d->expected.fact[i], e))
			return false;
	}
	for (size_t i = 0; i < d->actual.count; i++)
		extra_check(d, &d->actual.fact[i]);
	return true;
}

/* --- all of it ------------------------------------------------------- */

/* What an upgrade will change is not judged before. */
static void
state_check(struct database *d)
{
	check_found(d->c, RULE_SCHEMA_VERSION, "schema_version", "%s",
	    d->state.wrong);
	check_unasked_all(d->c, NEEDS_TABLE, d->state.wrong);
}

static bool
schema_check(struct database *d, struct err *e)
{
	if (!compared_check(d, e))
		return false;
	if (!d->ours)
		return database_foreign(d, e);
	if (d->state.wrong == NULL)
		return facts_check(d, e);
	state_check(d);
	return true;
}

bool
check_database(struct checking *c, struct err *e)
{
	struct database d = { .c = c };

	if (!survey_state(&c->survey, &d.state, e) ||
	    !facts_actual(&c->survey, &d.actual, e) ||
	    !survey_privileges(&c->survey, false, &d.own, e))
		return false;
	d.ours = d.state.marked || c->survey.ours;
	d.expected = facts_expected(c->m->arena);
	c->history_since = FIELD_NULL;
	return schema_check(&d, e) && database_accounts(&d, e) &&
	    (!d.ours || check_history_begin(c, &d.actual, e));
}
