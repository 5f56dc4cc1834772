/*
 * The schema as facts: a table, a column, a key, a check, a trigger each.
 *
 * facts_expected() reads them from the migrations in sql/, facts_actual()
 * from the server's catalogue, both in the same words, so that what differs
 * is what somebody changed.  Expressions of both have the spelling of
 * expression.h.
 */
#ifndef DB_SCHEMA_FACTS_H
#define DB_SCHEMA_FACTS_H

#include "db/schema/survey.h"

enum fact_kind {
	FACT_TABLE,		/* value: its comment, our mark */
	FACT_ENGINE,		/* value: "innodb"; none of a view */
	FACT_COLUMN,		/* value: type, nullability, default */
	FACT_COLLATION,		/* of a column of text */
	FACT_GENERATED,		/* value: the column's expression */
	FACT_KEY,		/* name: columns; value: primary, unique, "" */
	FACT_CHECK,		/* value: the expression */
	FACT_FOREIGN_KEY,	/* name: columns; value: to what, and how */
	FACT_TRIGGER,		/* value: when, on which table, its body */
	FACT_KINDS
};

struct fact {
	enum fact_kind kind;
	const char *table;
	const char *name;
	const char *value;	/* NULL: this account may not see it */
	const char *label;	/* the server's name of a key */
};

struct facts {
	const struct fact *fact;
	size_t count;
};

/* The facts of the migrations. */
struct facts facts_expected(struct arena *a);

/* The facts of any database that the account may see. */
bool facts_actual(struct survey *s, struct facts *facts, struct err *e);

/* The fact of that kind and names, or NULL. */
const struct fact *facts_find(const struct facts *facts,
    enum fact_kind kind, const char *table, const char *name);

#endif
