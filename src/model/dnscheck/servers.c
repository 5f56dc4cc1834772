/*
 * Do the name servers of a zone agree about our mail?  Asked on request.
 *
 * The resolver says who they are; then each of their addresses is asked
 * itself, all of a domain at once.
 */
#include <string.h>

#include "model/dkim/record.h"
#include "model/dnscheck/private.h"
#include "model/spf/spf.h"

/* No zone has more addresses of name servers that need to be asked. */
#define SERVERS_MAX 40

struct server {
	const char *name;
	const char *address;
};

struct servers {
	const char *zone;
	struct server server[SERVERS_MAX];
	size_t count;
};

/* What all of them should know. */
struct matter {
	const char *name;
	enum dns_type type;
	const char *word;	/* "MX", "SPF", "DKIM" */
};

/* --- who they are ---------------------------------------------------- */

/* The longest name that has some is the zone; NULL: not known. */
static const struct dns_answer *
zone_find(struct dnscheck *c, const char **zone)
{
	const char *name = c->domain->name;

	for (; name != NULL && strchr(name, '.') != NULL;
	    name = dns_name_parent(name)) {
		const struct dns_answer *answer = dnscheck_look(c,
		    DNS_SERVERS_DIFFER, name, DNS_NS);

		*zone = name;
		if (answer == NULL || (answer->values.count > 0 &&
		    !answer->is_alias))
			return answer;
	}
	return NULL;
}

/* In the order of their names, so that the words are the same each night. */
static void
servers_find(struct dnscheck *c, struct servers *s)
{
	const struct dns_answer *found = zone_find(c, &s->zone);
	struct words names = { 0 };

	s->count = 0;
	for (size_t i = 0; found != NULL && i < found->values.count; i++)
		words_add(c->arena, &names, found->values.word[i]);
	words_sort(&names);
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.word[i];
		struct words addresses;

		if (!dnscheck_addresses(c, DNS_SERVERS_DIFFER, name,
		    &addresses, NULL))
			continue;
		words_sort(&addresses);
		for (size_t j = 0; j < addresses.count &&
		    s->count < SERVERS_MAX; j++)
			s->server[s->count++] = (struct server){ name,
			    addresses.word[j] };
	}
}

void
dnscheck_servers(struct dnscheck *c)
{
	struct servers s;

	if (c->server->authoritative)
		servers_find(c, &s);
}

/* --- asking them ----------------------------------------------------- */

/* The questions about the first matter come first; NULL: it has failed. */
static struct dns_question *
all_ask(struct dnscheck *c, const struct dns *dns, const struct servers *s,
    const struct matter *m, size_t count, struct err *e)
{
	struct dns_question *q = arena_array(c->arena, s->count * count,
	    sizeof(*q));
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < s->count; j++)
			q[n++] = (struct dns_question){ .name = m[i].name,
			    .type = m[i].type,
			    .server = s->server[j].address, .zone = s->zone };
	}
	return n == 0 || dns_ask(dns, q, n, e) ? q : NULL;
}

/* In one order, and of the TXT records of the domain only that of SPF. */
static const char *
values_text(struct arena *a, const struct dns_question *q,
    const struct matter *m)
{
	struct words values = { 0 };
	const char *text = "";

	for (size_t i = 0; i < q->values.count; i++) {
		const char *value = q->values.word[i];

		if (strcmp(m->word, "SPF") != 0 || spf_is_record(value))
			words_add(a, &values, value);
	}
	words_sort(&values);
	for (size_t i = 0; i < values.count; i++)
		text = arena_printf(a, "%s%s%s", text, i > 0 ? ", " : "",
		    values.word[i]);
	return *text == '\0' ? "nothing" : text;
}

static void
answers_compare(struct dnscheck *c, const struct servers *s,
    const struct dns_question *q, const struct matter *m)
{
	const struct server *first = NULL;
	const char *said = NULL;

	for (size_t i = 0; i < s->count; i++) {
		const char *text = values_text(c->arena, &q[i], m);

		if (q[i].state == DNS_UNKNOWN) {
			dnscheck_unchecked(c, DNS_NEEDS_SERVERS, "a name "
			    "server gave no answer");
		} else if (first == NULL) {
			first = &s->server[i];
			said = text;
		} else if (strcmp(text, said) != 0) {
			dnscheck_found(c, DNS_SERVERS_DIFFER, c->domain->name,
			    "%s of %s: %s (%s) has %s; %s (%s) has %s",
			    m->word, m->name, first->name, first->address,
			    said, s->server[i].name, s->server[i].address,
			    text);
			return;
		}
	}
}

/* An alias leads to another zone, whose servers are others. */
static void
matter_add(struct dnscheck *c, struct matter *m, size_t *count,
    struct matter one)
{
	const struct dns_answer *known = dnscheck_look(c, DNS_SERVERS_DIFFER,
	    one.name, one.type);

	if (known != NULL && !known->is_alias)
		m[(*count)++] = one;
}

static size_t
matters_find(struct dnscheck *c, struct matter *m)
{
	const struct dnscheck_domain *d = c->domain;
	size_t count = 0;

	matter_add(c, m, &count, (struct matter){ d->name, DNS_MX, "MX" });
	matter_add(c, m, &count, (struct matter){ d->name, DNS_TXT, "SPF" });
	for (size_t i = 0; i < d->keys; i++)
		matter_add(c, m, &count, (struct matter){
		    dkim_record_name(c->arena, &d->key[i]), DNS_TXT,
		    "DKIM" });
	return count;
}

static bool
domain_judge(struct dnscheck *c, const struct dns *dns, struct err *e)
{
	struct matter *m = arena_array(c->arena, c->domain->keys + 2,
	    sizeof(*m));
	size_t count = matters_find(c, m);
	const struct dns_question *q;
	struct servers s;

	servers_find(c, &s);
	if (s.count == 0)
		dnscheck_unchecked(c, DNS_NEEDS_SERVERS, "the name servers "
		    "are not known");
	q = all_ask(c, dns, &s, m, count, e);
	for (size_t i = 0; q != NULL && i < count; i++)
		answers_compare(c, &s, q + i * s.count, &m[i]);
	return q != NULL;
}

bool
dnscheck_compare(struct dnscheck *c, const struct dns *dns,
    const struct dnscheck_domain *domains, size_t count, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; ok && c->findings->chosen[DNS_SERVERS_DIFFER] &&
	    i < count; i++) {
		c->domain = &domains[i];
		ok = domain_judge(c, dns, e);
		arena_reset(c->arena);
	}
	return ok;
}
