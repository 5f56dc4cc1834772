/*
 * Are the records of keys in DNS?
 *
 * Three rounds of questions, each with those about all keys at once: the
 * records, and who the name servers are (of the name itself or of what is above
 * it: the zone may be cut anywhere); their addresses; the records again, from
 * each.  Where the record is an alias (CNAME) into another zone, or where no
 * name server can be asked (many networks let nobody ask DNS but their
 * resolver), the answer of the resolver counts.
 */
#include "model/dkim/publish.h"

#include <string.h>

#include "model/dkim/record.h"

/* A name has at most so many labels; the last one is no zone of ours. */
#define NAMES_MAX 130

/* No zone has more name servers, or needs more to be asked. */
#define SERVERS_MAX 20
#define ADDRESSES_MAX 4

/* The questions of a round: those about a key stand together. */
struct round {
	struct dns_question *q;
	size_t count;
};

enum { NAMES, ADDRESSES, RECORDS, ROUNDS };

struct looking {
	const struct dns *dns;
	const struct dkim_row *key;
	struct dkim_look *look;
	const char *name;		/* of the record */
	const char *zone;
	struct words servers;		/* their names */
	struct dns_question *record;	/* what the resolver says */
	/* The record, and who serves it; two for each server; each address. */
	struct round round[ROUNDS];
};

static struct round
round_make(const struct dns *dns, size_t most)
{
	return (struct round){ arena_array(dns->arena, most,
	    sizeof(struct dns_question)), 0 };
}

static void
round_add(struct round *r, struct dns_question q)
{
	r->q[r->count++] = q;
}

/* --- the resolver, and the zone -------------------------------------- */

static void
names_want(struct looking *l)
{
	struct round *r = &l->round[NAMES];
	const char *name = l->name;

	*r = round_make(l->dns, NAMES_MAX);
	round_add(r, (struct dns_question){ .name = name, .type = DNS_TXT });
	for (; name != NULL && strchr(name, '.') != NULL &&
	    r->count < NAMES_MAX; name = strchr(name, '.') + 1)
		round_add(r, (struct dns_question){ .name = name,
		    .type = DNS_NS });
}

/* The longest name that has some is the zone. */
static void
zone_find(struct looking *l)
{
	const struct round *r = &l->round[NAMES];

	l->record = &r->q[0];
	for (size_t i = 1; i < r->count && l->zone == NULL; i++) {
		const struct dns_question *q = &r->q[i];

		if (q->state != DNS_FOUND || q->is_alias ||
		    q->values.count == 0)
			continue;
		l->zone = q->name;
		l->servers = q->values;
		words_sort(&l->servers);
	}
	if (l->servers.count > SERVERS_MAX)
		l->servers.count = SERVERS_MAX;
	if (l->record->is_alias)
		l->servers.count = 0;
}

/* --- the name servers ------------------------------------------------ */

static void
addresses_want(struct looking *l)
{
	struct round *r = &l->round[ADDRESSES];

	zone_find(l);
	*r = round_make(l->dns, 2 * l->servers.count);
	for (size_t i = 0; i < l->servers.count; i++) {
		round_add(r, (struct dns_question){
		    .name = l->servers.word[i], .type = DNS_A });
		round_add(r, (struct dns_question){
		    .name = l->servers.word[i], .type = DNS_AAAA });
	}
}

/* Of each server the first addresses of both kinds. */
static void
records_want(struct looking *l)
{
	const struct round *addresses = &l->round[ADDRESSES];
	struct round *r = &l->round[RECORDS];

	*r = round_make(l->dns, ADDRESSES_MAX * l->servers.count);
	for (size_t i = 0; i < addresses->count; i++) {
		const struct words *found = &addresses->q[i].values;

		for (size_t j = 0; j < found->count && j < ADDRESSES_MAX / 2;
		    j++)
			round_add(r, (struct dns_question){
			    .name = l->name, .type = DNS_TXT,
			    .server = found->word[j], .zone = l->zone });
	}
}

/* Which server an address belongs to: those of the round before, in order. */
static bool
is_of_server(const struct looking *l, size_t server, const char *address)
{
	const struct dns_question *q = &l->round[ADDRESSES].q[2 * server];

	return words_have(&q[0].values, address) ||
	    words_have(&q[1].values, address);
}

/* *answered: at least one address gave an answer. */
static const char *
server_judge(struct looking *l, size_t server, bool *answered)
{
	const struct round *r = &l->round[RECORDS];

	*answered = false;
	for (size_t i = 0; i < r->count; i++) {
		const struct dns_question *q = &r->q[i];
		const char *why;

		if (q->state == DNS_UNKNOWN ||
		    !is_of_server(l, server, q->server))
			continue;
		*answered = true;
		why = dkim_record_judge(l->dns->arena, &q->values, l->key);
		if (why != NULL)
			return why;
	}
	return NULL;
}

static void
servers_judge(struct looking *l)
{
	struct dkim_look *look = l->look;

	look->why = NULL;
	for (size_t i = 0; i < l->servers.count; i++) {
		bool answered;
		const char *why = server_judge(l, i, &answered);

		if (!answered) {
			words_add(l->dns->arena, &look->silent,
			    l->servers.word[i]);
		} else if (why != NULL && look->why == NULL) {
			look->state = DKIM_NOT_PUBLISHED;
			look->why = arena_printf(l->dns->arena, "%s %s",
			    l->servers.word[i], why);
		} else if (why == NULL && look->why == NULL) {
			look->state = DKIM_PUBLISHED;
		}
	}
}

static void
resolver_judge(struct looking *l)
{
	const char *why;

	if (l->record->state == DNS_UNKNOWN) {
		l->look->why = arena_printf(l->dns->arena, "nobody answers "
		    "what %s is", l->name);
		return;
	}
	why = dkim_record_judge(l->dns->arena, &l->record->values, l->key);
	l->look->state = why == NULL ? DKIM_PUBLISHED : DKIM_NOT_PUBLISHED;
	if (why != NULL)
		l->look->why = arena_printf(l->dns->arena, "the resolver %s",
		    why);
}

/* --- the whole ------------------------------------------------------- */

/* So many keys are looked for at once. */
#define TOGETHER 50

struct group {
	const struct dns *dns;
	struct looking looking[TOGETHER];
	size_t count;
};

/* One dns_ask() with the questions of all. */
static bool
round_ask(struct group *g, int number, struct err *e)
{
	struct round all;
	size_t count = 0;

	for (size_t i = 0; i < g->count; i++)
		count += g->looking[i].round[number].count;
	all = round_make(g->dns, count);
	for (size_t i = 0; i < g->count; i++) {
		struct round *r = &g->looking[i].round[number];
		struct dns_question *begin = all.q + all.count;

		for (size_t j = 0; j < r->count; j++)
			round_add(&all, r->q[j]);
		r->q = begin;
	}
	return count == 0 || dns_ask(g->dns, all.q, count, e);
}

static void
judge(struct looking *l)
{
	servers_judge(l);
	if (l->look->state == DKIM_UNKNOWN)
		resolver_judge(l);
}

static bool
group_look(struct group *g, struct err *e)
{
	static void (*const want[ROUNDS])(struct looking *l) = {
		[NAMES] = names_want,
		[ADDRESSES] = addresses_want,
		[RECORDS] = records_want,
	};

	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < g->count; i++)
			want[round](&g->looking[i]);
		if (!round_ask(g, round, e))
			return false;
	}
	for (size_t i = 0; i < g->count; i++)
		judge(&g->looking[i]);
	return true;
}

static void
group_fill(struct group *g, const struct dkim_looks *all, size_t first)
{
	size_t left = all->count - first;

	g->count = left < TOGETHER ? left : TOGETHER;
	for (size_t i = 0; i < g->count; i++) {
		const struct dkim_row *key = &all->key[first + i];
		struct dkim_look *look = &all->look[first + i];

		*look = (struct dkim_look){ .state = DKIM_UNKNOWN,
		    .why = "DNS does not answer" };
		g->looking[i] = (struct looking){ .dns = g->dns, .key = key,
		    .look = look,
		    .name = dkim_record_name(g->dns->arena, key) };
	}
}

static bool
is_silent(const struct group *g)
{
	for (size_t i = 0; i < g->count; i++) {
		if (g->looking[i].look->state != DKIM_UNKNOWN)
			return false;
	}
	return true;
}

bool
dkim_look_up(const struct dns *dns, const struct dkim_looks *all,
    struct err *e)
{
	struct group g = { .dns = dns };
	bool silent = false;

	for (size_t done = 0; done < all->count; done += g.count) {
		if (all->progress != NULL)
			all->progress(all->arg, done);
		group_fill(&g, all, done);
		if (!silent && !group_look(&g, e))
			return false;
		silent = is_silent(&g);
	}
	return true;
}
