/*
 * Is the record of a key in DNS?
 *
 * Three rounds of questions, each with all of them at once: the record, and
 * who the name servers are (of the name itself or of what is above it: the
 * zone may be cut anywhere); their addresses; the record again, from each.
 * Where the record is an alias (CNAME) into another zone, or where no name
 * server can be asked (many networks let nobody ask DNS but their resolver),
 * the answer of the resolver counts.
 */
#include "model/dkim/publish.h"

#include <string.h>

#include "model/dkim/record.h"

/* A name has at most so many labels; the last one is no zone of ours. */
#define NAMES_MAX 130

/* No zone has more name servers, or needs more to be asked. */
#define SERVERS_MAX 20
#define ADDRESSES_MAX 4

struct looking {
	const struct dns *dns;
	const struct dkim_row *key;
	struct dkim_look *look;
	const char *name;		/* of the record */
	const char *zone;
	struct words servers;		/* their names */
	struct dns_question record;	/* what the resolver says */
};

/* --- the resolver, and the zone -------------------------------------- */

static bool
first_round(struct looking *l, struct err *e)
{
	struct dns_question q[NAMES_MAX];
	const char *name = l->name;
	size_t n = 0;

	q[n++] = (struct dns_question){ .name = name, .type = DNS_TXT };
	for (; name != NULL && strchr(name, '.') != NULL && n < NAMES_MAX;
	    name = strchr(name, '.') + 1)
		q[n++] = (struct dns_question){ .name = name, .type = DNS_NS };
	if (!dns_ask(l->dns, q, n, e))
		return false;
	l->record = q[0];
	/* The longest name that has some is the zone. */
	for (size_t i = 1; i < n && l->zone == NULL; i++) {
		if (q[i].state != DNS_FOUND || q[i].is_alias ||
		    q[i].values.count == 0)
			continue;
		l->zone = q[i].name;
		l->servers = q[i].values;
		words_sort(&l->servers);
	}
	if (l->servers.count > SERVERS_MAX)
		l->servers.count = SERVERS_MAX;
	return true;
}

/* --- the name servers ------------------------------------------------ */

/* Questions for each server, so many each. */
struct round {
	struct dns_question *q;
	size_t count;
};

static struct round
round_make(struct looking *l, size_t each)
{
	return (struct round){ arena_array(l->dns->arena, l->servers.count *
	    each, sizeof(struct dns_question)), 0 };
}

static bool
addresses_find(struct looking *l, struct round *r, struct err *e)
{
	*r = round_make(l, 2);
	for (size_t i = 0; i < l->servers.count; i++) {
		r->q[r->count++] = (struct dns_question){
		    .name = l->servers.word[i], .type = DNS_A };
		r->q[r->count++] = (struct dns_question){
		    .name = l->servers.word[i], .type = DNS_AAAA };
	}
	return r->count == 0 || dns_ask(l->dns, r->q, r->count, e);
}

/* Of each server the first addresses of both kinds. */
static struct round
records_ask(struct looking *l, const struct round *addresses)
{
	struct round r = round_make(l, ADDRESSES_MAX);

	for (size_t i = 0; i < addresses->count; i++) {
		const struct words *found = &addresses->q[i].values;

		for (size_t j = 0; j < found->count && j < ADDRESSES_MAX / 2;
		    j++)
			r.q[r.count++] = (struct dns_question){
			    .name = l->name, .type = DNS_TXT,
			    .server = found->word[j], .zone = l->zone };
	}
	return r;
}

/* Which server an address belongs to: those of the round before, in order. */
static bool
is_of_server(const struct round *addresses, size_t server,
    const char *address)
{
	return words_have(&addresses->q[2 * server].values, address) ||
	    words_have(&addresses->q[2 * server + 1].values, address);
}

/* *answered: at least one address gave an answer. */
static const char *
server_judge(struct looking *l, const struct round *addresses,
    const struct round *records, size_t server, bool *answered)
{
	*answered = false;
	for (size_t i = 0; i < records->count; i++) {
		const struct dns_question *q = &records->q[i];
		const char *why;

		if (q->state == DNS_UNKNOWN ||
		    !is_of_server(addresses, server, q->server))
			continue;
		*answered = true;
		why = dkim_record_judge(l->dns->arena, &q->values, l->key);
		if (why != NULL)
			return why;
	}
	return NULL;
}

static bool
servers_judge(struct looking *l, struct err *e)
{
	struct round addresses, records;
	struct dkim_look *look = l->look;

	if (!addresses_find(l, &addresses, e))
		return false;
	records = records_ask(l, &addresses);
	if (records.count > 0 && !dns_ask(l->dns, records.q, records.count, e))
		return false;
	for (size_t i = 0; i < l->servers.count; i++) {
		bool answered;
		const char *why = server_judge(l, &addresses, &records, i,
		    &answered);

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
	return true;
}

/* --- the whole ------------------------------------------------------- */

static void
resolver_judge(struct looking *l)
{
	const char *why;

	if (l->record.state == DNS_UNKNOWN) {
		l->look->why = arena_printf(l->dns->arena, "nobody answers "
		    "what %s is", l->name);
		return;
	}
	why = dkim_record_judge(l->dns->arena, &l->record.values, l->key);
	l->look->state = why == NULL ? DKIM_PUBLISHED : DKIM_NOT_PUBLISHED;
	if (why != NULL)
		l->look->why = arena_printf(l->dns->arena, "the resolver %s",
		    why);
}

bool
dkim_look_up(const struct dns *dns, const struct dkim_row *key,
    struct dkim_look *look, struct err *e)
{
	struct looking l = { .dns = dns, .key = key, .look = look,
	    .name = dkim_record_name(dns->arena, key) };

	*look = (struct dkim_look){ .state = DKIM_UNKNOWN };
	if (!first_round(&l, e))
		return false;
	if (!l.record.is_alias && l.zone != NULL && !servers_judge(&l, e))
		return false;
	if (look->state == DKIM_UNKNOWN)
		resolver_judge(&l);
	return true;
}
