/* What a plan would do with mail, beside what the installed Postfix does. */
#include "cmd/foreign/compare_routes.h"

#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/route/follow.h"

/* A name that nobody has: mail for it goes to the catch-all. */
#define NOBODY "mailadm-compares-routes"

/* --- which addresses --------------------------------------------------- */

static bool
is_special(enum manifest_kind kind, const struct desired *d)
{
	if (kind == MANIFEST_USER)
		return !desired_user(d)->active;
	return address_is_catchall(d->name) ||
	    desired_alias(d)->inactive.count > 0;
}

static void
sample(struct plan_session *w, enum manifest_kind kind, size_t number,
    struct words *addresses)
{
	struct arena *a = &w->session->scratch;
	size_t n = manifest_count(&w->manifest, kind);
	size_t each = number == 0 ? 0 : (n + number - 1) / number;

	for (size_t i = 0; i < n; i++) {
		const struct desired *d = manifest_at(&w->manifest, kind, i);

		if (!is_special(kind, d) && (each == 0 || i % each != 0))
			continue;
		words_add(a, addresses, address_is_catchall(d->name) ?
		    arena_printf(a, NOBODY "%s", d->name) : d->name);
	}
}

/* --- what becomes of the mail ------------------------------------------ */

/* Sorted, as a map gives them in any order. */
static const char *
sorted(struct arena *a, struct words *ends)
{
	words_sort(ends);
	return words_joined(a, ends, ", ");
}

/*
 * Of "mailbox anna@x.org, external b@y.org" or "refused: 550 ...": without
 * the words of a refusal, which are Postfix's own.
 */
static const char *
planned(struct arena *a, const char *verdict)
{
	struct words ends = { 0 };
	size_t len = strcspn(verdict, ":");

	if (verdict[len] == ':')
		return arena_strndup(a, verdict, len);
	for (const char *p = verdict; *p != '\0';) {
		len = strcspn(p, ",");
		words_add(a, &ends, arena_strndup(a, p, len));
		p += len;
		p += strspn(p, ", ");
	}
	return sorted(a, &ends);
}

static const char *
installed(struct arena *a, const char *address,
    const struct route_steps *steps)
{
	struct words ends = { 0 };

	for (size_t i = 0; i < steps->count; i++) {
		const struct route_step *s = &steps->item[i];

		if (strcmp(s->step, "refused") == 0 ||
		    strcmp(s->step, "deferred") == 0)
			return s->step;
		if (strcmp(s->step, "mailbox") == 0)
			words_add(a, &ends, arena_printf(a, "mailbox %s",
			    s->result));
		else if (s->depth == 0 && strcmp(s->hop, address) == 0 &&
		    (strcmp(s->step, "external") == 0 ||
		    strcmp(s->step, "local") == 0 ||
		    strcmp(s->step, "bounce") == 0))
			words_add(a, &ends, arena_printf(a, "%s %s", s->step,
			    s->key));
	}
	return sorted(a, &ends);
}

/* --- comparing ---------------------------------------------------------- */

static bool
one_compare(struct session *s, const struct postfix_config *config,
    const struct route_change *c, size_t *differ, struct err *e)
{
	struct arena *a = &s->scratch;
	struct route_steps steps = { 0 };
	const char *now, *then = planned(a, c->after);
	bool ok = route_follow(a, config, c->address, &steps, e);

	now = ok ? installed(a, c->address, &steps) : NULL;
	VECTOR_CLEAR(&steps);
	if (ok && strcmp(now, then) != 0) {
		++*differ;
		out_note(&s->out, "%s: now %s; after the import %s",
		    c->address, now, then);
	}
	return ok;
}

bool
compare_routes(struct plan_session *w, const char *dir, int64_t number,
    struct err *e)
{
	struct session *s = w->session;
	struct postfix_config config;
	struct words addresses = { 0 };
	struct route_change *changes;
	size_t differ = 0;

	if (db_in_transaction(s->db))
		return err_set(e, ERR_USAGE, "--compare-routes is not "
		    "possible inside a transaction");
	sample(w, MANIFEST_USER, (size_t)number, &addresses);
	sample(w, MANIFEST_ALIAS, (size_t)number, &addresses);
	if (!postfix_config_read(&s->scratch, dir, &config, e) ||
	    !plan_route(&s->mail, &w->manifest, &w->plan, &addresses,
	    &changes, e))
		return false;
	for (size_t i = 0; i < addresses.count; i++) {
		if (!one_compare(s, &config, &changes[i], &differ, e))
			return false;
	}
	out_done(&s->out, "routes: %s compared, %zu %s", sentence_number(
	    &s->scratch, (int64_t)addresses.count, "address", "addresses"),
	    differ, differ == 1 ? "differs" : "differ");
	return true;
}
