/* Checking a foreign database: what every lookup needs. */
#include <string.h>
#include <strings.h>

#include "model/check/database.h"

static bool
foreign_width(struct database *d, const char *table, const char *column,
    int64_t width, struct err *e)
{
	const struct fact *f = facts_find(&d->actual, FACT_COLUMN, table,
	    column);
	const char *name = database_column(d, table, column);
	bool missing;

	if (f == NULL) {
		if (!database_missing(d, table, column, &missing, e))
			return false;
		if (missing)
			check_found(d->c, RULE_COLUMN_CHANGED, name,
			    "the table %s has no column %s", table, column);
		return true;
	}
	if (database_width(f->value) >= 0 && database_width(f->value) < width)
		check_found(d->c, RULE_COLUMN_NARROW, name, "%s has room for "
		    "%lld characters; %lld may be needed", name,
		    (long long)database_width(f->value), (long long)width);
	return true;
}

/* Lookups by the column need a key, and it should be unique. */
static void
foreign_key(struct database *d, const char *table, const char *column)
{
	size_t len = strlen(column);
	bool found = false, unique = false;

	for (size_t i = 0; i < d->actual.count; i++) {
		const struct fact *f = &d->actual.fact[i];

		if (f->kind != FACT_KEY || strcmp(f->table, table) != 0 ||
		    strncasecmp(f->name, column, len) != 0 ||
		    strchr(",[", f->name[len]) == NULL)
			continue;
		found = true;
		unique |= f->name[len] == '\0' && *f->value != '\0';
	}
	if (!found)
		check_found(d->c, RULE_KEY, table, "the table %s has no key "
		    "on (%s): each lookup reads all of it", table, column);
	else if (!unique && strcmp(table, "aliases") != 0)
		check_found(d->c, RULE_KEY, table, "the key of %s on (%s) "
		    "is not unique", table, column);
}

static void
foreign_table(struct database *d, const struct compared *q)
{
	const struct fact *engine = facts_find(&d->actual, FACT_ENGINE,
	    q->table, "");

	/* A view has neither an engine nor keys. */
	if (engine == NULL)
		return;
	if (strcmp(engine->value, "innodb") != 0)
		check_found(d->c, RULE_ENGINE, q->table, "the engine of %s "
		    "is %s", q->table, engine->value);
	if (!database_sees(d, FACT_KEY, q->table)) {
		database_hidden(d, FACT_KEY);
		return;
	}
	if (!database_has_primary_key(d, q->table))
		check_found(d->c, RULE_PRIMARY_KEY, q->table,
		    "the table %s has no primary key", q->table);
	foreign_key(d, q->table, q->column);
}

static bool
foreign_hashes(struct database *d, struct err *e)
{
	const struct fact *f = facts_find(&d->actual, FACT_COLUMN, "users",
	    "crypt");
	int64_t room = 0;

	/* No scheme needs more than this. */
	if (f == NULL || (database_width(f->value) >= 0 &&
	    database_width(f->value) < 255)) {
		if (f != NULL && !survey_hash_room(&d->c->survey, &room, e))
			return false;
		return foreign_width(d, "users", "crypt", room, e);
	}
	return true;
}

bool
database_foreign(struct database *d, struct err *e)
{
	const struct compared *q = database_compared;

	for (; q->table != NULL; q++) {
		bool there = facts_find(&d->actual, FACT_TABLE, q->table,
		    "") != NULL;

		if (!there && q->looked_up)
			check_found(d->c, RULE_TABLE_MISSING, q->table,
			    "the table %s is missing", q->table);
		if (!there || q->width == 0)
			continue;
		if (!foreign_width(d, q->table, q->column, q->width, e))
			return false;
		if (q->looked_up)
			foreign_table(d, q);
	}
	check_found(d->c, RULE_FOREIGN_SCHEMA, NULL,
	    "the tables are not mailadm's");
	return facts_find(&d->actual, FACT_TABLE, "users", "") == NULL ||
	    foreign_hashes(d, e);
}
