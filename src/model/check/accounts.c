/* Checking accounts: which have more privileges than sql/grants.sql gives. */
#include <string.h>

#include "base/text.h"
#include "model/check/database.h"

struct accounts {
	struct checking *c;
	struct privileges all;
	struct privileges given;
	struct words definers;
	const char *self;
};

static const char *
account_name(const struct accounts *s, const struct privilege *p)
{
	return *p->host == '\0' ? p->user :
	    arena_printf(s->c->m->arena, "%s@%s", p->user, p->host);
}

static bool
matches(const char *given, const char *asked)
{
	return strcmp(given, "*") == 0 || strcmp(given, asked) == 0;
}

static bool
is_none(const struct privilege *p)
{
	return strcmp(p->type, "USAGE") == 0 && !p->grantable;
}

static bool
same_account(const struct privilege *p, const struct privilege *q)
{
	return strcmp(p->user, q->user) == 0 && strcmp(p->host, q->host) == 0;
}

/* "SELECT on users (crypt)" */
static void
privilege_add(struct text *t, const struct privilege *p)
{
	if (t->len > 0)
		text_add(t, ", ");
	text_addf(t, "%s on ", p->type);
	if (strcmp(p->schema, "*") == 0)
		text_add(t, "every database");
	else if (strcmp(p->table, "*") == 0)
		text_addf(t, "%s.*", p->schema);
	else
		text_addf(t, "%s.%s", p->schema, p->table);
	if (strcmp(p->column, "*") != 0)
		text_addf(t, " (%s)", p->column);
	if (p->grantable)
		text_add(t, " with GRANT OPTION");
}

/* --- accounts that sql/grants.sql names ------------------------------ */

static bool
is_named(const struct accounts *s, const char *user)
{
	for (size_t i = 0; i < s->given.count; i++) {
		if (strcmp(s->given.privilege[i].user, user) == 0)
			return true;
	}
	return false;
}

static bool
is_given(const struct accounts *s, const struct privilege *p)
{
	if (p->grantable || strcmp(p->schema, "*") == 0 ||
	    strcmp(p->schema, "mysql") == 0)
		return false;
	for (size_t i = 0; i < s->given.count; i++) {
		const struct privilege *g = &s->given.privilege[i];

		if (strcmp(g->user, p->user) == 0 &&
		    strcmp(g->type, p->type) == 0 &&
		    matches(g->table, p->table) &&
		    matches(g->column, p->column))
			return true;
	}
	return false;
}

static bool
is_too_much(const struct accounts *s, const struct privilege *p)
{
	return !is_none(p) && !is_given(s, p);
}

/* --- the others ------------------------------------------------------ */

/* What only administrators need. */
static const struct power {
	const char *type;
	const char *table;
	const char *column;		/* NULL: any */
} powers[] = {
	{ "SELECT", "users", "crypt" },
	{ "SELECT", "history", "old_row" },
	{ "SELECT", "history", "new_row" },
	{ "UPDATE", "history", NULL },
	{ "DELETE", "history", NULL },
	{ "UPDATE", "changes", NULL },
	{ "DELETE", "changes", NULL },
	{ "DROP", "history", NULL },
	{ "DROP", "changes", NULL },
	{ NULL }
};

/* Whoever has one of these can take any other. */
static const char *const makes_administrator[] = {
	"SUPER", "CREATE USER", NULL
};

static bool
is_administrator(const struct accounts *s, const struct privilege *of)
{
	const char *name = account_name(s, of);

	if (strcmp(name, s->self) == 0)
		return true;
	for (size_t i = 0; i < s->definers.count; i++) {
		if (strcmp(name, s->definers.word[i]) == 0)
			return true;
	}
	for (size_t i = 0; i < s->all.count; i++) {
		const struct privilege *p = &s->all.privilege[i];

		if (strcmp(p->schema, "*") != 0 || !same_account(p, of))
			continue;
		for (size_t n = 0; makes_administrator[n] != NULL; n++) {
			if (strcmp(p->type, makes_administrator[n]) == 0)
				return true;
		}
	}
	return false;
}

static bool
has_power(const struct accounts *s, const struct privilege *p)
{
	(void)s;
	if (is_none(p) || strcmp(p->schema, "mysql") == 0)
		return false;
	if (*p->user == '\0')
		return true;
	for (const struct power *q = powers; q->type != NULL; q++) {
		if (strcmp(p->type, q->type) == 0 &&
		    matches(p->table, q->table) &&
		    (q->column == NULL || matches(p->column, q->column)))
			return true;
	}
	return false;
}

/* --- grants ---------------------------------------------------------- */

/* Is it the first of that account? */
static bool
is_first(const struct accounts *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (same_account(&s->all.privilege[i], &s->all.privilege[n]))
			return false;
	}
	return true;
}

static void
account_check(const struct accounts *s, const struct privilege *of)
{
	bool named = is_named(s, of->user);
	const char *name = account_name(s, of);
	struct text t = TEXT_INIT;

	for (size_t i = 0; i < s->all.count; i++) {
		const struct privilege *p = &s->all.privilege[i];

		if (same_account(p, of) &&
		    (named ? is_too_much(s, p) : has_power(s, p)))
			privilege_add(&t, p);
	}
	if (t.len > 0)
		check_found(s->c, RULE_GRANTS, name, "%s%s%s %s: %s",
		    *of->user == '\0' ? "the anonymous account " : "", name,
		    *of->host == '\0' ? " (a role)" : "", named ?
		    "has more privileges than sql/grants.sql gives" :
		    "may read hashes or change the history", t.buf);
	text_clear(&t);
}

static bool
roles_check(const struct accounts *s, struct err *e)
{
	struct db_cells cells;

	if (!survey_roles(&s->c->survey, &cells, e))
		return false;
	for (size_t i = 0; i < cells.rows; i++) {
		const char *const *cell = cells.cell + 3 * i;
		const struct privilege of = { .user = cell[0],
		    .host = cell[1] };

		if (*cell[1] != '\0' && is_named(s, cell[0]))
			check_found(s->c, RULE_GRANTS, account_name(s, &of),
			    "%s has been given the role %s",
			    account_name(s, &of), cell[2]);
	}
	return true;
}

static bool
grants_check(struct accounts *s, struct err *e)
{
	for (size_t i = 0; i < s->all.count; i++) {
		const struct privilege *p = &s->all.privilege[i];

		if (is_first(s, i) && (is_named(s, p->user) ||
		    !is_administrator(s, p)))
			account_check(s, p);
	}
	return roles_check(s, e);
}

/* --- definers -------------------------------------------------------- */

static void
definers_check(struct accounts *s)
{
	for (size_t i = 0; i < s->definers.count; i++) {
		const char *name = s->definers.word[i];
		bool there = false;

		for (size_t n = 0; n < s->all.count && !there; n++)
			there = strcmp(account_name(s,
			    &s->all.privilege[n]), name) == 0;
		if (!there)
			check_found(s->c, RULE_DEFINER, name, "triggers run "
			    "as the account %s, which does not exist: writes "
			    "fail with error 1449", name);
	}
}

/* --- all of it ------------------------------------------------------- */

static bool
may_read_accounts(const struct privileges *own)
{
	for (size_t i = 0; i < own->count; i++) {
		const struct privilege *p = &own->privilege[i];

		if (strcmp(p->type, "SELECT") == 0 &&
		    strcmp(p->table, "*") == 0 &&
		    (strcmp(p->schema, "*") == 0 ||
		    strcmp(p->schema, "mysql") == 0))
			return true;
	}
	return false;
}

/* The server shows a trigger only to accounts that may change it. */
static bool
sees_triggers(const struct database *d)
{
	for (int t = 0; t < SURVEY_TABLES; t++) {
		if (d->c->survey.there[t] &&
		    !database_sees(d, FACT_TRIGGER,
			survey_name((enum survey_table)t)))
			return false;
	}
	return true;
}

/*
 * Which account needs what in foreign tables is not known here: a web page
 * may read hashes as Dovecot does.  Only a run that asks for notes, or for
 * this rule, reports that it is not checked.
 */
static void
foreign_grants(struct checking *c)
{
	if (c->options->filter.rules.count == 0 &&
	    c->options->filter.severity > SEVERITY_NOTE)
		c->chosen[RULE_GRANTS] = false;
	check_unchecked(c, RULE_GRANTS, "which account needs what is "
	    "known for mailadm's own schema only");
}

bool
database_accounts(struct database *d, struct err *e)
{
	static const char why[] = "this account may not see other accounts";
	struct checking *c = d->c;
	struct accounts s = { .c = c };

	if (!d->ours)
		foreign_grants(c);
	if (!sees_triggers(d))
		check_unchecked_all(c, NEEDS_DEFINERS,
		    database_hidden_why[FACT_TRIGGER]);
	if (!c->chosen[RULE_GRANTS] && !c->chosen[RULE_DEFINER])
		return true;
	if (!may_read_accounts(&d->own)) {
		check_unchecked_all(c, NEEDS_ACCOUNTS, why);
		return true;
	}
	s.given = privileges_given(c->m->arena);
	if (!privileges_read(c->m->db, c->m->arena, true, &s.all, e) ||
	    !survey_definers(&c->survey, &s.definers, e) ||
	    !survey_account(&c->survey, &s.self, e))
		return false;
	definers_check(&s);
	return !d->ours || grants_check(&s, e);
}
