/* Verifying what the database answers the accounts of the servers. */
#include <string.h>

#include "base/sentence.h"
#include "base/text.h"
#include "model/verify/private.h"

static const char *
user_of(const struct verify_account *a)
{
	return a->as.user != NULL ? a->as.user : "";
}

/* --- without an answer ----------------------------------------------- */

/* Rules that need an answer, and get none. */
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
		too_much[i] = !is_given(&given, a, &own.privilege[i]);
	too_much_add(v->arena, &t, own.privilege, too_much, own.count);
	if (t.len > 0)
		verify_found(v, VERIFY_DATABASE_GRANTS, user_of(a),
		    arena_printf(v->arena, "mariadb -e \"REVOKE ALL, GRANT "
			"OPTION FROM '%s'@'%s'\"; mariadb "
			"</etc/mailadm/grants.sql", user_of(a),
			own.count ? own.privilege[0].host : "localhost"),
		    "the account %s of %s has more privileges than it "
		    "needs: %s",
		    user_of(a), a->server, t.buf);
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
			verify_found(v, VERIFY_DATABASE_SHARED, user_of(a),
			    NULL, "%s and %s use the account %s: an "
			    "intruder in Postfix can read the hashes",
			    b->server, a->server, user_of(a));
			return;
		}
	}
}

/* --- queries --------------------------------------------------------- */

/* The query with a key that no table has, filled in as the servers do. */
static const char *
filled(struct arena *a, const struct verify_query *q)
{
	static const char user[] = "verify", domain[] = "mailadm.invalid";
	struct text t = TEXT_INIT;
	const char *at = q->text, *full;

	while (*at != '\0') {
		if (*at != '%' || at[1] == '\0') {
			text_add_char(&t, *at++);
			continue;
		}
		at++;
		if (*at == '{') {
			text_addf(&t, "%s@%s", user, domain);
			at += strcspn(at, "}");
			at += *at == '}';
			continue;
		}
		while (q->dovecot && *at >= 'A' && *at <= 'Z')
			at++;
		if (*at == '%')
			text_add_char(&t, '%');
		else if (*at == 'd' || *at == 'D')
			text_add(&t, domain);
		else if (*at == 'n' || (!q->dovecot && (*at == 'u' ||
		    *at == 'U')))
			text_add(&t, user);
		else
			text_addf(&t, "%s@%s", user, domain);
		at += *at != '\0';
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
		verify_found(v, VERIFY_DATABASE_DENIED, q->name, NULL,
		    "the account %s may not run the query of %s: %s",
		    user_of(a), q->name, trial.message);
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

/* --- domains --------------------------------------------------------- */

static void
class_verify(struct verifying *v, const char *setting,
    const struct verify_map *map)
{
	struct words all = postfix_list(v->arena, verify_postfix(v,
	    setting)), names = { 0 };
	const char **answers;
	struct err e = { 0 };

	for (size_t i = 0; i < all.count; i++) {
		if (strpbrk(all.word[i], ":/!") == NULL)
			words_add(v->arena, &names, all.word[i]);
	}
	if (names.count == 0)
		return;
	if (!postfix_lookup(v->arena, v->postfix.dir, map->word, &names,
	    &answers, &e)) {
		if (strstr(e.text, "unsupported dictionary type") != NULL)
			verify_found(v, VERIFY_LOOKUP_TYPE, map->word, NULL,
			    "Postfix cannot read maps of the type mysql: the "
			    "package postfix-mysql is missing");
		verify_unchecked(v, VERIFY_DOMAIN_CLASSES,
		    arena_strdup(v->arena, e.text));
		err_clear(&e);
		return;
	}
	for (size_t i = 0; i < names.count; i++) {
		if (answers[i] != NULL)
			verify_found(v, VERIFY_DOMAIN_CLASSES, names.word[i],
			    arena_printf(v->arena, "remove %s from %s: "
				"postconf -e", names.word[i], setting),
			    "%s is in the database and in %s: its users get "
			    "no mail", names.word[i], setting);
	}
}

/* By the installed map of domains, which has just answered. */
static void
classes_verify(struct verifying *v)
{
	static const char *const settings[] = { "mydestination",
	    "virtual_alias_domains", "relay_domains" };
	struct words words = postfix_list(v->arena, verify_postfix(v,
	    "virtual_mailbox_domains"));
	const struct verify_query *q = v->queries.item;

	for (size_t i = 0; i < words.count; i++) {
		const struct verify_map *map = verify_map_find(v,
		    words.word[i]);

		for (size_t n = 0; map != NULL && n < v->queries.count;
		    n++) {
			if (map->path == NULL ||
			    strcmp(q[n].name, map->path) != 0 ||
			    verify_account_find(v, q[n].account) == NULL)
				continue;
			for (size_t s = 0; s < 3; s++)
				class_verify(v, settings[s], map);
			return;
		}
	}
}

static bool
account_verify(struct verifying *v, struct verify_account *a, struct err *e)
{
	struct err failed = { 0 };

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
	if (v->has_postfix)
		classes_verify(v);
	return true;
}
