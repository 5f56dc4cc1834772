/*
 * Which addresses reach a user: a search backwards from the user.
 *
 * For each address that is known to lead there, the rows with that
 * destination, the same name in alias domains, and catch-alls are candidates,
 * breadth first.  A candidate may be disabled, or a more specific row may take
 * its mail.  So mail to it is followed forwards, as trace.c does, and only
 * what really arrives is listed, with the shortest way.
 */
#include "model/route/reach.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/domain.h"
#include "model/mail/grant.h"
#include "model/mail/list.h"
#include "model/mail/user.h"
#include "model/route/probe.h"
#include "model/route/strays.h"
#include "model/route/trace.h"

struct search {
	struct mail *m;
	const char *user;
	bool sender;			/* mail may also pass the user */
	struct route_sources all;	/* found, in breadth first */
	struct route_strays strays;
	void *seen;
};

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
keep(void *node)
{
	(void)node;		/* it lives in the arena */
}

static void
append(struct arena *a, struct route_sources *s,
    const struct route_source *source)
{
	if (s->count == s->room) {
		size_t room = s->room ? 2 * s->room : 16;
		struct route_source *more = arena_array(a, room,
		    sizeof(*more));

		if (s->count > 0)
			memcpy(more, s->source, s->count * sizeof(*more));
		s->source = more;
		s->room = room;
	}
	s->source[s->count++] = *source;
}

static void
candidate(struct search *s, const char *address,
    enum route_source_kind kind)
{
	const struct route_source source = { address, kind, NULL, 0 };

	if (tfind(address, &s->seen, compare) != NULL)
		return;
	if (tsearch(address, &s->seen, compare) == NULL)
		out_of_memory();
	append(s->m->arena, &s->all, &source);
}

static void
candidate_aliases(struct search *s, const struct words *mails)
{
	for (size_t i = 0; i < mails->count; i++)
		candidate(s, mails->word[i],
		    address_is_catchall(mails->word[i]) ?
		    ROUTE_SOURCE_CATCHALL :
		    address_is_pattern(mails->word[i]) ?
		    ROUTE_SOURCE_PATTERN : ROUTE_SOURCE_ALIAS);
}

/* The same name in alias domains; of a catch-all, any name of theirs. */
static bool
candidate_domains(struct search *s, const char *name,
    struct err *e)
{
	struct mail *m = s->m;
	const char *local = address_local(m->arena, name);
	struct words domains;

	if (!domain_aliases_of(m, address_domain(name), &domains, e))
		return false;
	for (size_t i = 0; i < domains.count; i++)
		candidate(s, address_join(m->arena, local, domains.word[i]),
		    *local == '\0' ? ROUTE_SOURCE_CATCHALL :
		    address_is_pattern(name) ? ROUTE_SOURCE_PATTERN :
		    ROUTE_SOURCE_ALIAS_DOMAIN);
	return true;
}

/* Rows that lead to the name by itself, or with a tag. */
static bool
sources_of_name(struct search *s, const char *name,
    struct err *e)
{
	struct mail *m = s->m;
	const char *local = address_local(m->arena, name);
	const char *tagged = like_pattern(m->arena, arena_printf(m->arena,
	    "%s+*@%s", local, address_domain(name)));
	struct words plain, more;

	if (!alias_sources(m, name, &plain, e) ||
	    !db_texts(m->db, m->arena, SQL_ALIAS_TAGGED_SOURCES,
	    PARAMS(TEXT(tagged), TEXT(tagged)), &more, e))
		return false;
	candidate_aliases(s, &plain);
	candidate_aliases(s, &more);
	return true;
}

static bool
takes_strays(const char *name)
{
	return address_is_catchall(name) || address_is_pattern(name);
}

/* The domains whose strays will be asked for, as far as that is known. */
static struct words
domains_wanted(struct search *s, const char *name)
{
	struct words wanted = { 0 };

	words_add(s->m->arena, &wanted, address_domain(name));
	for (size_t i = 0; i < s->all.count; i++) {
		const char *other = s->all.source[i].address;

		if (takes_strays(other) &&
		    !route_strays_known(&s->strays, other))
			words_add(s->m->arena, &wanted,
			    address_domain(other));
	}
	return wanted;
}

/* What leads to names that only a catch-all, or this pattern, knows. */
static bool
unknown_sources(struct search *s, const char *name, struct words *mails,
    struct err *e)
{
	*mails = (struct words){ 0 };
	if (!route_strays_known(&s->strays, name)) {
		struct words wanted = domains_wanted(s, name);

		if (!route_strays_read(s->m, &s->strays, &wanted, e))
			return false;
	}
	route_strays_of(s->m->arena, &s->strays, name, mails);
	return true;
}

/*
 * A key with a tag is met by mail that brings the tag along, or its end.  A
 * row whose own key has a tag never answers for a longer one.
 */
static bool
sources_of_tagged(struct search *s, const char *name, struct err *e)
{
	struct mail *m = s->m;
	const char *at = strchr(name, '@');

	for (const char *c = name + 1; c < at; c++) {
		const char *tag = arena_strndup(m->arena, c, (size_t)(at - c));
		const char *plain = arena_printf(m->arena, "%.*s%s",
		    (int)(c - name), name, at);
		struct words mails;

		if (*c != '+')
			continue;
		if (address_is_pattern(plain) ?
		    !unknown_sources(s, plain, &mails, e) :
		    !alias_sources(m, plain, &mails, e))
			return false;
		for (size_t i = 0; i < mails.count; i++) {
			if (!address_is_catchall(mails.word[i]) &&
			    strchr(mails.word[i] + 1, '+') == NULL)
				candidate(s, maps_tagged(m->arena,
				    mails.word[i], tag), ROUTE_SOURCE_ALIAS);
		}
	}
	return true;
}

static bool
sources_of_unknown(struct search *s, const char *name,
    struct err *e)
{
	struct words mails;

	if (!unknown_sources(s, name, &mails, e))
		return false;
	candidate_aliases(s, &mails);
	return true;
}

static bool
is_mailbox_of(const struct route *r, const char *address, const char *user)
{
	for (size_t i = 0; i < r->finals; i++) {
		if (r->final[i].mailbox != NULL &&
		    strcmp(r->final[i].mailbox, user) == 0 &&
		    strcmp(r->final[i].address, address) == 0)
			return true;
	}
	return false;
}

/*
 * A user may answer from an address whose mail is forwarded.  Mail that is
 * refused at RCPT is not looked up.
 */
static bool
passes(const struct search *s, const struct route_hop *hop)
{
	const struct maps_facts *f = &hop->facts;
	const char *full = f->key[MAPS_FULL];
	const char *untagged = f->key[MAPS_UNTAGGED];

	if (!s->sender || !hop->looked)
		return false;
	if (hop->answer != NULL)
		return strcmp(hop->answer->key, s->user) == 0;
	return strcmp(full, s->user) == 0 || (untagged != NULL &&
	    strcmp(untagged, s->user) == 0 && !maps_has_user(f, full) &&
	    !maps_has_alias(f, full));
}

/* Who gets the mail of the alias asked about may not send as it. */
static bool
is_for_receiving(const struct route_hop *hop)
{
	const struct sql_route_alias *row;

	return hop->same && hop->answer != NULL &&
	    hop->answer->map == MAPS_ALIASES &&
	    maps_alias_rows(&hop->facts, hop->answer->key, &row) > 0 &&
	    !row->may_send;
}

/* The shortest way through the hops (level by level), or NULL. */
static struct route_hop *
way_to(struct search *s, struct route *r)
{
	struct route_hop *last = r->root;

	r->root->seen = r->root->same = true;
	for (struct route_hop *hop = r->root; hop != NULL; hop = hop->after) {
		if (is_mailbox_of(r, hop->address, s->user) ||
		    passes(s, hop))
			return hop;
		if (s->sender && is_for_receiving(hop))
			continue;
		for (size_t i = 0; i < hop->to_count; i++) {
			struct route_hop *to = hop->to[i];

			if (to->seen)
				continue;
			to->seen = true;
			to->same = hop->same &&
			    hop->answer->map == MAPS_ALIAS_DOMAINS;
			to->up = hop;
			last = last->after = to;
		}
	}
	return NULL;
}

/*
 * The name of the user in an alias domain.  Where the user gets no mail it is
 * refused at once, and no hop leads there.
 */
static bool
is_own_name_elsewhere(const struct search *s, const struct maps_facts *f)
{
	const char *target_key = f->target_key[MAPS_FULL];

	return s->sender && target_key != NULL &&
	    strcmp(target_key, s->user) == 0 &&
	    maps_is_ours(f) && !maps_has_alias(f, f->key[MAPS_FULL]);
}

/* What stands for the candidate; NULL: nothing can. */
static bool
probe_of(struct mail *m, const struct route_source *source,
    const char *address, const char **probe, struct err *e)
{
	*probe = address;
	if (address_is_catchall(address))
		return route_stranger(m, address_domain(address), probe, e);
	return source->kind != ROUTE_SOURCE_PATTERN ||
	    route_match(m, address, probe, e);
}

/*
 * A candidate may be disabled, or lose to a more specific row: so mail to it
 * is followed.
 */
static bool
reaches(struct search *s, struct route_source *source, const char *address,
    bool *yes, struct err *e)
{
	struct route_hop *hop;
	struct route r = { 0 };

	*yes = false;
	if (!probe_of(s->m, source, address, &address, e))
		return false;
	if (address == NULL)
		return true;
	if (!route_trace_about(s->m, address, s->sender ? ROUTE_SENDERS :
	    ROUTE_ALL_WRITERS, &r, e))
		return false;
	hop = way_to(s, &r);
	*yes = hop != NULL || is_own_name_elsewhere(s, &r.root->facts);
	source->via = NULL;
	source->steps = 0;
	for (; hop != NULL && hop->up != NULL; hop = hop->up) {
		source->via = hop->address;
		source->steps++;
	}
	return true;
}

/*
 * One row for a name with any tag: for the user's own address, and where mail
 * without a tag goes elsewhere.
 */
static bool
add_tags(struct search *s, const char *name, struct route_sources *found,
    struct err *e)
{
	struct arena *a = s->m->arena;
	struct route_source tags = { maps_tagged(a, name, "+*"),
	    ROUTE_SOURCE_TAG, NULL, 0 };
	bool yes;

	if (address_is_catchall(name) || strchr(name, '+') != NULL)
		return true;
	if (!reaches(s, &tags, maps_tagged(a, name, "+any-tag"), &yes, e))
		return false;
	if (yes)
		append(a, found, &tags);
	return true;
}

static bool
add_source(struct search *s, struct route_source source,
    struct route_sources *found, struct err *e)
{
	bool yes;

	if (!reaches(s, &source, source.address, &yes, e))
		return false;
	if (yes)
		append(s->m->arena, found, &source);
	return (yes && source.kind != ROUTE_SOURCE_USER) ||
	    add_tags(s, source.address, found, e);
}

static bool
search(struct search *s, struct route_sources *found, struct err *e)
{
	candidate(s, s->user, ROUTE_SOURCE_USER);
	for (size_t i = 0; i < s->all.count; i++) {
		const struct route_source source = s->all.source[i];
		const char *name = source.address;

		if (!add_source(s, source, found, e) ||
		    !candidate_domains(s, name, e) ||
		    (takes_strays(name) && !sources_of_unknown(s, name, e)) ||
		    (!address_is_catchall(name) &&
			!(sources_of_name(s, name, e) &&
			sources_of_tagged(s, name, e))))
			return false;
	}
	return true;
}

static void
search_clear(struct search *s)
{
	tdestroy(s->seen, keep);
	route_strays_clear(&s->strays);
}

/* The reason why the user may send nothing at all, or NULL. */
static bool
sender_off(struct mail *m, const char *email, const char **off,
    struct err *e)
{
	struct domain domain;
	struct user user;
	int64_t now;
	bool found;

	if (!user_show(m, email, &user, e) || !domain_find(m,
		address_domain(email), &domain, &found, e) ||
	    !db_number(m->db, SQL_NOW, NO_PARAMS, &now, e))
		return false;
	*off = !user.active ? "is disabled" :
	    user.expires != FIELD_NULL && user.expires <= now ?
	    "has expired" : found && !domain.active ?
	    "is in a disabled domain" : !user.may_send ? "may not send mail" :
	    NULL;
	return true;
}

bool
route_sender(struct mail *m, const char *user, struct route_sources *found,
    struct err *e)
{
	struct search s = { .m = m, .user = user, .sender = true };
	struct words grants;
	bool ok;

	*found = (struct route_sources){ 0 };
	if (!sender_off(m, user, &found->off, e))
		return false;
	if (found->off != NULL)
		return true;
	ok = search(&s, found, e) && grant_list(m, user, &grants, e);
	search_clear(&s);
	for (size_t i = 0; ok && i < grants.count; i++)
		append(m->arena, found, &(struct route_source){
		    grants.word[i], ROUTE_SOURCE_GRANT, NULL, 0 });
	return ok;
}

bool
route_to(struct mail *m, const char *user, struct route_sources *found,
    struct err *e)
{
	struct search s = { .m = m, .user = user };
	struct maps_facts f;
	bool ok;

	*found = (struct route_sources){ 0 };
	if (!maps_facts_read(m, user, &f, e))
		return false;
	if (!maps_has_user(&f, user))
		return err_set(e, ERR_NOT_FOUND, "no such user: %s", user);
	found->off = maps_user_off(&f, user);
	ok = db_texts(m->db, m->arena, SQL_ARCHIVE_SOURCES, PARAMS(TEXT(user),
	    TEXT(user)), &found->archive_of, e) && search(&s, found, e);
	search_clear(&s);
	return ok;
}
