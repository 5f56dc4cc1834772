/* Verifying what the database answers the accounts of the servers. */
#include <string.h>
#include <strings.h>

#include "base/sentence.h"
#include "base/text.h"
#include "model/verify/private.h"

static const char *
user_of(const struct verify_account *a)
{
	return a->as.user != NULL ? a->as.user : "";
}

/* --- no answer ------------------------------------------------------- */

/* The rules that need an answer of the database are unchecked. */
static void
unanswered(struct verifying *v, const struct verify_account *a)
{
	verify_unchecked_all(v, VERIFY_ANSWER, arena_printf(v->arena,
	    "%s could not ask the database", user_of(a)));
}

/* The account is not asked again.  False after Ctrl-C. */
static bool
account_lost(struct verifying *v, struct verify_account *a,
    struct err *failed, struct err *e)
{
	lookup_close(a->lookup);
	a->lookup = NULL;
	if (failed->code == ERR_INTERRUPTED) {
		*e = *failed;
		return false;
	}
	verify_found(v, VERIFY_DATABASE_AWAY, a->name, failed->code ==
	    ERR_DENIED ? NULL : "systemctl start mariadb, or correct the hosts "
	    "in the settings and mailadm config render all --out /",
	    "%s: the account %s cannot use the database on %s: %s",
	    a->name, user_of(a), a->host, failed->text);
	unanswered(v, a);
	err_clear(failed);
	return true;
}

/* --- privileges ------------------------------------------------------ */

static bool
matches(const char *given, const char *asked)
{
	return strcmp(given, "*") == 0 || strcmp(given, asked) == 0;
}

static bool
is_given(const struct privileges *given, const struct verify_account *a,
    const struct privilege *p)
{
	if (strcmp(p->type, "USAGE") == 0 && !p->grantable)
		return true;
	if (p->grantable || strcmp(p->schema, "*") == 0 ||
	    strcmp(p->schema, "mysql") == 0)
		return false;
	for (size_t i = 0; i < given->count; i++) {
		const struct privilege *g = &given->privilege[i];

		if ((a->shared || strcmp(g->user, a->server) == 0) &&
		    strcmp(g->type, p->type) == 0 &&
		    matches(g->table, p->table) &&
		    matches(g->column, p->column))
			return true;
	}
	return false;
}

/*
 * On a server that mailadm did not make: reading is what all of them do, and
 * Dovecot's dict writes quotas.
 */
static bool
is_usual(const struct verifying *v, const struct verify_account *a,
    const struct privilege *p)
{
	static const char *const writing[] = { "INSERT", "UPDATE", "DELETE" };

	if (p->grantable || strcmp(p->schema, "mysql") == 0)
		return false;
	if (strcmp(p->type, "USAGE") == 0)
		return true;
	if (strcmp(p->schema, "*") == 0)
		return false;
	if (strcmp(p->type, "SELECT") == 0 ||
	    strcmp(p->type, "EXECUTE") == 0 ||
	    strcmp(p->type, "SHOW VIEW") == 0)
		return true;
	for (size_t i = 0; i < 3; i++) {
		/* Unknown is who else uses the account. */
		if (strcmp(p->type, writing[i]) == 0)
			return !v->has_dovecot || ((a->shared ||
			    strcmp(a->server, "dovecot") == 0) &&
			    dovecot_block(v->dovecot.root, "dict", NULL) !=
			    NULL);
	}
	return false;
}

static const char *
object_of(struct arena *a, const struct privilege *p)
{
	if (strcmp(p->schema, "*") == 0)
		return "every database";
	return arena_printf(a, "%s.%s%s", p->schema, p->table,
	    p->grantable ? " with GRANT OPTION" : "");
}

/* "SELECT on mail.users; INSERT, UPDATE and 12 more on mail.*" */
static void
too_much_add(struct arena *a, struct text *t, const struct privilege *p,
    const bool *too_much, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *object = object_of(a, &p[i]);
		struct words types = { 0 };
		bool again = false;

		for (size_t n = 0; n < count; n++) {
			if (!too_much[n] || strcmp(object_of(a, &p[n]),
			    object) != 0)
				continue;
			again |= n < i;
			words_add(a, &types, strcmp(p[n].column, "*") == 0 ?
			    p[n].type : arena_printf(a, "%s (%s)", p[n].type,
				p[n].column));
		}
		if (too_much[i] && !again)
			text_addf(t, "%s%s on %s", t->len > 0 ? "; " : "",
			    types.count <= 4 ? sentence_list(a, &types) :
			    arena_printf(a, "%s, %s, %s and %zu more",
				types.word[0], types.word[1], types.word[2],
				types.count - 3), object);
	}
}

/*
 * The statement that takes just these, of the first database that has some;
 * NULL: there is no simple one.
 */
static const char *
revoke_advice(struct arena *a, const struct privileges *own,
    const bool *too_much)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.%:";
	const struct privilege *first = NULL;
	struct text t = TEXT_INIT;
	const char *advice;

	for (size_t i = 0; i < own->count; i++) {
		const struct privilege *p = &own->privilege[i];

		if (!too_much[i] || strcmp(p->column, "*") != 0 ||
		    (first != NULL && (strcmp(p->schema, first->schema) != 0 ||
		    strcmp(p->table, first->table) != 0)))
			continue;
		if (p->user[strspn(p->user, plain)] != '\0' ||
		    p->schema[strspn(p->schema, plain)] != '\0' ||
		    p->table[strspn(p->table, "*")] != '\0')
			continue;
		text_addf(&t, "%s%s", first != NULL ? ", " : "", p->type);
		first = first != NULL ? first : p;
	}
	advice = first == NULL ? NULL : arena_printf(a, "mariadb -e \"REVOKE "
	    "%s ON %s.* FROM '%s'@'%s'\"", t.buf, first->schema,
	    first->user, first->host);
	text_clear(&t);
	return advice;
}

/*
 * Elsewhere the account may be that of a web program, which stops when it
 * loses a right.
 */
static const char *
grants_advice(struct verifying *v, const struct verify_account *a,
    const struct privileges *own, const bool *too_much)
{
	const char *revoke;

	if (v->server != VERIFY_SERVER_OURS) {
		revoke = revoke_advice(v->arena, own, too_much);
		return revoke == NULL ? NULL : arena_printf(v->arena, "where "
		    "no other program uses %s: %s", user_of(a), revoke);
	}
	return arena_printf(v->arena, "mariadb -e \"REVOKE ALL, GRANT OPTION "
	    "FROM '%s'@'%s'\"; mariadb </etc/mailadm/grants.sql", user_of(a),
	    own->count ? own->privilege[0].host : "localhost");
}

/* Of an account that both servers use one finding is enough. */
static bool
is_said(const struct verifying *v, const struct verify_account *a)
{
	for (const struct verify_account *b = v->accounts.item; b < a; b++) {
		if (b->shared && a->shared && strcmp(user_of(b),
		    user_of(a)) == 0)
			return v->server != VERIFY_SERVER_OURS;
	}
	return false;
}

static bool
privileges_verify(struct verifying *v, struct verify_account *a,
    struct err *e)
{
	struct privileges given = privileges_given(v->arena);
	struct err failed = { 0 };
	struct text t = TEXT_INIT;
	struct privileges own;
	bool *too_much;

	if (!lookup_privileges(a->lookup, v->arena, &own, &failed))
		return account_lost(v, a, &failed, e);
	too_much = arena_array(v->arena, own.count + 1, sizeof(bool));
	for (size_t i = 0; i < own.count; i++)
		too_much[i] = v->server == VERIFY_SERVER_OURS ?
		    !is_given(&given, a, &own.privilege[i]) :
		    !is_usual(v, a, &own.privilege[i]);
	too_much_add(v->arena, &t, own.privilege, too_much, own.count);
	if (t.len > 0 && !is_said(v, a)) {
		verify_at(v, (struct verify_at){ .file = a->name });
		verify_found(v, VERIFY_DATABASE_GRANTS, user_of(a),
		    grants_advice(v, a, &own, too_much),
		    "the account %s of %s has more privileges than it "
		    "needs, unless another program writes with it: %s",
		    user_of(a), a->shared ? "postfix and dovecot" : a->server,
		    t.buf);
	}
	text_clear(&t);
	return true;
}

static void
shared_verify(struct verifying *v)
{
	for (size_t i = 0; i < v->accounts.count; i++) {
		for (size_t n = 0; n < i; n++) {
			struct verify_account *a = &v->accounts.item[i];
			struct verify_account *b = &v->accounts.item[n];

			if (strcmp(a->server, b->server) == 0 ||
			    strcmp(user_of(a), user_of(b)) != 0)
				continue;
			a->shared = b->shared = true;
			verify_at(v, (struct verify_at){ .file = b->name });
			verify_found(v, VERIFY_DATABASE_SHARED, user_of(a),
			    NULL, "%s and %s use the account %s: an "
			    "intruder in Postfix can read the hashes",
			    b->server, a->server, user_of(a));
			return;
		}
	}
}

/* --- queries --------------------------------------------------------- */

/* What Dovecot puts in: a value of the right kind for each variable. */
static const struct variable {
	char letter;
	const char *name;
	const char *value;
} variables[] = {
	{ 'u', "user", "verify@mailadm.invalid" },
	{ 'n', "username", "verify" },
	{ 'd', "domain", "mailadm.invalid" },
	{ 's', "service", "imap" },
	{ 's', "protocol", "imap" },
	{ 'r', "rip", "127.0.0.1" }, { 'r', "remote_ip", "127.0.0.1" },
	{ 'l', "lip", "127.0.0.1" }, { 'l', "local_ip", "127.0.0.1" },
	{ 'b', "rport", "40000" }, { 'b', "remote_port", "40000" },
	{ 'a', "lport", "993" }, { 'a', "local_port", "993" },
	{ 'p', "pid", "1" },
	{ 'm', "mech", "PLAIN" }, { 'm', "mechanism", "PLAIN" },
	{ 'c', "secured", "secured" }, { 'k', "cert", "" },
	{ 'w', "password", "" }, { 'h', "home", "/nonexistent" },
};

#define VARIABLES (sizeof(variables) / sizeof(variables[0]))

/* "%{user | domain}" and "%{user|lower}": what stands last, and is known. */
static const char *
named_value(const char *s, size_t len)
{
	const char *value = variables[0].value;

	for (size_t at = 0; at < len; at += at < len) {
		size_t n = strcspn(s + at, " |:}");

		for (size_t i = 0; i < VARIABLES; i++) {
			if (strlen(variables[i].name) == n &&
			    strncmp(variables[i].name, s + at, n) == 0)
				value = variables[i].value;
		}
		at += n;
	}
	return value;
}

/* At a percent sign of Dovecot's; returns what stands behind the variable. */
static const char *
dovecot_fill(const char *at, struct text *t)
{
	at++;
	if (*at == '{') {
		size_t len = strcspn(at, "}");

		text_add(t, named_value(at + 1, len - 1));
		return at + len + (at[len] == '}');
	}
	while ((*at >= 'A' && *at <= 'Z') || (*at != '\0' &&
	    strchr("0123456789.-", *at) != NULL))
		at++;
	for (size_t i = 0; i < VARIABLES; i++) {
		if (variables[i].letter == *at) {
			text_add(t, variables[i].value);
			return at + 1;
		}
	}
	text_add(t, *at == '%' ? "%" : variables[0].value);
	return at + (*at != '\0');
}

/* The same of Postfix's. */
static const char *
postfix_fill(const char *at, struct text *t)
{
	switch (at[1]) {
	case '%':
		text_add(t, "%");
		break;
	case 'd': case 'D':
		text_add(t, "mailadm.invalid");
		break;
	case 'u': case 'U':
		text_add(t, "verify");
		break;
	default:
		text_add(t, "verify@mailadm.invalid");
	}
	return at + 1 + (at[1] != '\0');
}

/* The query with a key that does not exist, filled in as the servers do. */
static const char *
filled(struct arena *a, const struct verify_query *q)
{
	struct text t = TEXT_INIT;
	const char *at = q->text, *full;

	while (*at != '\0') {
		if (*at != '%' || at[1] == '\0')
			text_add_char(&t, *at++);
		else
			at = q->dovecot ? dovecot_fill(at, &t) :
			    postfix_fill(at, &t);
	}
	full = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return full;
}

static const char *
render_advice(const struct verify_query *q)
{
	return q->dovecot ? VERIFY_RENDER("dovecot") : NULL;
}

/* "... denied to user 'u'@'h' for table `d`.`t`": a command for that one. */
static const char *
grant_of(struct verifying *v, const char *said)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.%:@'-";
	const char *user = strstr(said, "to user "), *table;
	struct text name = TEXT_INIT;
	const char *grant = NULL;
	size_t len;

	if (user == NULL || (table = strstr(user, " for table ")) == NULL)
		return NULL;
	user += strlen("to user ");
	len = (size_t)(table - user);
	table += strlen(" for table ");
	for (; *table != '\0' && *table != ' '; table++) {
		if (*table != '`')
			text_add_char(&name, *table);
	}
	if (name.buf[strspn(name.buf, plain)] == '\0' &&
	    strspn(user, plain) >= len)
		grant = arena_printf(v->arena, "mariadb -e \"GRANT %s ON %s "
		    "TO %.*s\"", "SELECT", name.buf, (int)len, user);
	text_clear(&name);
	return grant;
}

static void
denied_add(struct verifying *v, struct verify_account *a, const char *name,
    const char *said)
{
	const char *grant = grant_of(v, said);

	words_add(v->arena, &a->denied, name);
	if (a->denied.count == 1)
		a->denied_why = said;
	if (grant != NULL && (a->grants == NULL ||
	    strstr(a->grants, grant) == NULL))
		a->grants = a->grants == NULL ? grant : arena_printf(v->arena,
		    "%s; %s", a->grants, grant);
}

/* One account that lacks a right is one finding. */
static void
denied_report(struct verifying *v)
{
	for (size_t i = 0; i < v->accounts.count; i++) {
		struct verify_account *a = &v->accounts.item[i];

		if (a->denied.count == 0)
			continue;
		verify_found(v, VERIFY_DATABASE_DENIED, a->denied.word[0],
		    v->server == VERIFY_SERVER_OURS ? NULL : a->grants,
		    "the account %s may not run the query of %s: %s",
		    user_of(a), sentence_list(v->arena, &a->denied),
		    a->denied_why);
	}
}

static bool
query_try(struct verifying *v, const struct verify_query *q,
    struct verify_account *a, struct err *e)
{
	struct lookup_trial trial;
	struct err failed = { 0 };

	if (!lookup_try(a->lookup, v->arena, filled(v->arena, q), &trial,
	    &failed))
		return account_lost(v, a, &failed, e);
	if (trial.outcome == LOOKUP_DENIED)
		denied_add(v, a, q->name, trial.message);
	else if (trial.outcome == LOOKUP_FAILS)
		verify_found(v, VERIFY_LOOKUP_FAILS, q->name,
		    render_advice(q), "the query of %s fails: %s", q->name,
		    trial.message);
	else if (q->keyed && trial.scanned.count > 0)
		verify_found(v, VERIFY_LOOKUP_SCAN, q->name, NULL,
		    "the query of %s reads all of %s for each name: no index "
		    "helps it", q->name, sentence_list(v->arena,
			&trial.scanned));
	return true;
}

/* --- the run ---------------------------------------------------------- */

static bool
account_verify(struct verifying *v, struct verify_account *a, struct err *e)
{
	struct err failed = { 0 };

	if (stop_is_due(v->options->stop))
		return err_set(e, ERR_INTERRUPTED, "there is no time left to "
		    "ask the database");
	a->lookup = lookup_open(&a->as, v->options->timeout);
	if (!lookup_connect(a->lookup, &failed))
		return account_lost(v, a, &failed, e);
	return privileges_verify(v, a, e);
}

bool
verify_database(struct verifying *v, struct err *e)
{
	const struct verify_query *q = v->queries.item;

	shared_verify(v);
	for (size_t i = 0; i < v->accounts.count; i++) {
		if (!account_verify(v, &v->accounts.item[i], e))
			return false;
	}
	for (size_t i = 0; i < v->queries.count; i++) {
		struct verify_account *a = verify_account_find(v, q[i].account);

		if (a != NULL && !query_try(v, &q[i], a, e))
			return false;
	}
	denied_report(v);
	return true;
}
