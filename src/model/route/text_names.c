/*
 * The names of all tables in memory, and who of them takes mail.
 *
 * The second is what postfix/sql_destinations.cf says of one name.  For all
 * at once: nearly always a destination is elsewhere, or a user, and a look
 * at it says enough.  What leads on to other names is kept as steps, and
 * gone through until nothing changes.  Other than in the query, a +tag does
 * not go along to the next alias, which matters only where an alias bears
 * that very tag.
 */
#include "model/route/text_names.h"

#include <string.h>

#include "model/address.h"
#include "model/mail/alias_row.h"
#include "model/manifest/state.h"

struct text_domain *
text_domain_find(struct text_names *t, const char *name)
{
	uint32_t n = nameset_find(&t->domain_names, name, strlen(name));

	return n == NAME_NONE ? &t->nowhere : &t->domains.item[n];
}

struct text_alias *
text_alias_find(const struct text_names *t, const char *name)
{
	uint32_t n = nameset_find(&t->alias_names, name, strlen(name));

	return n == NAME_NONE ? NULL : &t->aliases.item[n];
}

bool
text_user_exists(const struct text_names *t, const char *email)
{
	return nameset_find(&t->user_names, email, strlen(email)) !=
	    NAME_NONE;
}

/*
 * As sql_identity.cf.  Which names the server of a relay domain has is not
 * read here: its archive counts as one of them.
 */
const char *
text_user_archive(struct text_names *t, const char *email)
{
	uint32_t user = nameset_find(&t->user_names, email, strlen(email));
	const struct text_domain *d;
	const char *archive;

	if (user == NAME_NONE)
		return NULL;
	archive = t->users.item[user].archive;
	if (archive == NULL)
		archive = text_domain_find(t, address_domain(email))->archive;
	if (archive == NULL || strcmp(archive, email) == 0)
		return NULL;
	d = text_domain_find(t, address_domain(archive));
	if (d == &t->nowhere)
		return archive;
	if (!d->active || text_alias_find(t, archive) != NULL)
		return NULL;
	return text_user_exists(t, archive) ?
	    (text_user_receives(t, archive) ? archive : NULL) :
	    d->relayed ? archive : NULL;
}

bool
text_user_receives(const struct text_names *t, const char *email)
{
	uint32_t n = nameset_find(&t->user_names, email, strlen(email));

	return n != NAME_NONE && t->users.item[n].receives;
}

/* --- what has expired ------------------------------------------------ */

bool
text_user_active(const struct text_names *t, const struct desired_user *u)
{
	return u->active && (u->expires == FIELD_NULL || u->expires > t->now);
}

struct words
text_destinations(const struct text_names *t, struct arena *a,
    const struct desired_alias *w)
{
	const struct words *all = &w->destination;
	struct words left = { 0 };

	if (w->expires.count == 0)
		return *all;
	for (size_t i = 0; i < all->count; i++) {
		int64_t time = expiry_of(&w->expires, all->word[i]);

		if (time == FIELD_NULL || time > t->now)
			words_add(a, &left, all->word[i]);
	}
	return left;
}

/* --- who takes mail -------------------------------------------------- */

bool
text_name_takes(const struct text_names *t, const char *name)
{
	const struct text_alias *alias = text_alias_find(t, name);

	return alias != NULL && alias->leads ? alias->taken :
	    text_user_receives(t, name);
}

static bool
is_known(const struct text_names *t, const char *name)
{
	return text_alias_find(t, name) != NULL || text_user_exists(t, name);
}

/* What is known of a name, or of the same in the target; *takes: of that. */
static bool
known_takes(struct text_names *t, struct arena *a, const char *name,
    bool *takes)
{
	const char *target = text_domain_find(t, address_domain(name))->
	    alias_of;

	if (!is_known(t, name)) {
		if (target == NULL)
			return false;
		name = address_join(a, address_local(a, name), target);
	}
	*takes = text_name_takes(t, name);
	return is_known(t, name);
}

/* The catch-all of the domain, or else that of its target. */
static bool
rest_takes(struct text_names *t, struct arena *a,
    const struct text_domain *d)
{
	const struct text_alias *rest = text_alias_find(t, address_join(a,
	    "", d->name));

	if (rest == NULL && d->alias_of != NULL)
		rest = text_alias_find(t, address_join(a, "", d->alias_of));
	return rest != NULL && rest->active && rest->taken;
}

static size_t
weight(const char *pattern)
{
	size_t n = 0;

	for (; *pattern != '@'; pattern++)
		n += *pattern != '*';
	return n;
}

/* The pattern that has this name, or NULL; they stand in order. */
static const struct text_alias *
pattern_find(struct text_names *t, struct arena *a,
    const struct text_domain *d, const char *address)
{
	const char *name = d->alias_of == NULL ? address : address_join(a,
	    address_local(a, address), d->alias_of), *best = NULL;
	const struct words *all = &text_domain_find(t,
	    address_domain(name))->patterns;

	for (size_t i = 0; i < all->count; i++) {
		const struct text_alias *alias = text_alias_find(t,
		    all->word[i]);

		if (alias != NULL && alias->active &&
		    alias_pattern_matches(all->word[i], name) &&
		    (best == NULL || weight(all->word[i]) > weight(best)))
			best = all->word[i];
	}
	return best == NULL ? NULL : text_alias_find(t, best);
}

static bool
address_takes(struct text_names *t, struct arena *a, const char *address)
{
	const struct text_alias *pattern;
	const char *untagged = address_untagged(a, address);
	struct text_domain *d = text_domain_find(t, address_domain(address));
	bool takes;

	if (d == &t->nowhere)
		return true;
	if (!d->ours)
		return false;
	if (known_takes(t, a, address, &takes) || (untagged != NULL &&
	    known_takes(t, a, untagged, &takes)))
		return takes;
	pattern = pattern_find(t, a, d, untagged != NULL ? untagged :
	    address);
	return pattern != NULL ? pattern->taken : rest_takes(t, a, d);
}

static bool
alias_take(void *arg, const struct desired *w, struct err *e)
{
	struct text_names *t = arg;
	struct text_alias *alias = text_alias_find(t, w->name);
	struct arena a = { 0 };
	const struct words to = text_destinations(t, &a, desired_alias(w));

	(void)e;
	/* Inside a transaction it may have come in between: then no step. */
	for (size_t i = 0; alias != NULL && i < to.count; i++)
		alias->taken |= strcmp(to.word[i], w->name) == 0 ?
		    text_user_receives(t, w->name) :
		    address_takes(t, &a, to.word[i]);
	for (size_t i = 0; alias != NULL && !alias->taken && i < to.count;
	    i++) {
		if (strcmp(to.word[i], w->name) != 0)
			*VECTOR_ADD(&t->steps) = (struct text_step){
			    arena_strdup(t->m->arena, w->name),
			    arena_strdup(t->m->arena, to.word[i]) };
	}
	arena_clear(&a);
	return true;
}

/* Once through the steps; true: something changed. */
static bool
steps_go(struct text_names *t)
{
	bool changed = false;

	for (size_t i = 0; i < t->steps.count; i++) {
		const struct text_step *step = &t->steps.item[i];
		struct text_alias *alias = text_alias_find(t, step->mail);
		struct arena a = { 0 };

		if (alias != NULL && !alias->taken &&
		    address_takes(t, &a, step->destination)) {
			alias->taken = true;
			changed = true;
		}
		arena_clear(&a);
	}
	return changed;
}

/* --- reading --------------------------------------------------------- */

static bool
domain_collect(void *arg, const struct desired *w, struct err *e)
{
	const struct desired_domain *row = desired_domain(w);
	struct text_names *t = arg;
	struct text_domain *d = VECTOR_ADD(&t->domains);

	(void)e;
	nameset_add(&t->domain_names, w->name, strlen(w->name));
	d->name = arena_strdup(t->m->arena, w->name);
	d->alias_of = row->alias_of ? arena_strdup(t->m->arena,
	    row->alias_of) : NULL;
	d->active = d->ours = row->active;
	d->relayed = row->relay_to != NULL;
	d->transport = row->transport ? arena_strdup(t->m->arena,
	    row->transport) : NULL;
	d->archive = row->bcc_in ? arena_strdup(t->m->arena, row->bcc_in) :
	    NULL;
	d->quota = row->quota;
	return true;
}

static bool
user_collect(void *arg, const struct desired *w, struct err *e)
{
	const struct desired_user *row = desired_user(w);
	struct text_names *t = arg;
	struct text_user *u = VECTOR_ADD(&t->users);

	(void)e;
	nameset_add(&t->user_names, w->name, strlen(w->name));
	u->archive = row->bcc_in ? arena_strdup(t->m->arena, row->bcc_in) :
	    NULL;
	u->receives = text_user_active(t, row) && row->may_receive;
	return true;
}

static bool
alias_collect(void *arg, const struct desired *w, struct err *e)
{
	const struct desired_alias *row = desired_alias(w);
	struct text_names *t = arg;
	struct text_alias *alias = VECTOR_ADD(&t->aliases);
	struct arena a = { 0 };
	const struct words to = text_destinations(t, &a, row);

	(void)e;
	nameset_add(&t->alias_names, w->name, strlen(w->name));
	if (address_is_pattern(w->name))
		words_add(t->m->arena, &text_domain_find(t,
		    address_domain(w->name))->patterns,
		    arena_strdup(t->m->arena, w->name));
	alias->active = to.count > 0;
	for (size_t i = 0; i < to.count; i++)
		alias->leads |= strcmp(to.word[i], w->name) != 0;
	arena_clear(&a);
	return true;
}

static void
domains_link(struct text_names *t)
{
	for (size_t i = 0; i < t->domains.count; i++) {
		struct text_domain *d = &t->domains.item[i], *target;

		target = d->alias_of ? text_domain_find(t, d->alias_of) :
		    NULL;
		if (target == NULL || target == &t->nowhere)
			continue;
		words_add(t->m->arena, &target->aliases, d->name);
		d->ours = d->active && target->active;
	}
}

bool
text_names_read(struct text_names *t, struct err *e)
{
	if (!db_number(t->m->db, SQL_NOW, NO_PARAMS, &t->now, e) ||
	    !state_all(t->m, MANIFEST_DOMAIN, NULL, domain_collect, t, e) ||
	    !state_all(t->m, MANIFEST_USER, NULL, user_collect, t, e) ||
	    !state_all(t->m, MANIFEST_ALIAS, NULL, alias_collect, t, e))
		return false;
	domains_link(t);
	if (!state_all(t->m, MANIFEST_ALIAS, NULL, alias_take, t, e))
		return false;
	while (steps_go(t))
		;
	return true;
}

void
text_names_clear(struct text_names *t)
{
	nameset_clear(&t->domain_names);
	nameset_clear(&t->user_names);
	nameset_clear(&t->alias_names);
	VECTOR_CLEAR(&t->domains);
	VECTOR_CLEAR(&t->users);
	VECTOR_CLEAR(&t->aliases);
	VECTOR_CLEAR(&t->steps);
}
