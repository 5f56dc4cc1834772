/* The records of the server and of its domains, one list after the other. */
#include "cmd/dns/dns.h"

#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/domain.h"
#include "model/server/addresses.h"

/* --- types of arguments ---------------------------------------------- */

/* A zone may be a reverse one, as 2.0.192.in-addr.arpa. */
static bool
zone_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	size_t len = strlen(word);

	if (len > 1 && word[len - 1] == '.')
		word = arena_strndup(a, word, len - 1);
	return domain_parse(a, word, &v->text, e);
}

const struct arg_type arg_zone = {
	.metavar = "ZONE", .parse = zone_value, .complete = COMPLETE_DOMAIN
};
const struct arg_type arg_ttl = {
	.metavar = "SECONDS", .min = 0, .max = RECORD_TTL_MAX
};
const struct arg_type arg_resolver = { .metavar = "ADDRESS" };

/* --- asking ---------------------------------------------------------- */

static bool
is_interrupted(void *arg)
{
	const struct db *db = arg;

	return db_interrupted(db);
}

struct dns
dns_resolver(struct session *s, const struct dns_args *args,
    struct arena *a)
{
	return (struct dns){ .arena = a,
	    .resolver = args->resolver != NULL ? args->resolver :
		s->settings.resolver,
	    .interrupted = is_interrupted, .arg = s->db };
}

/* The names above it, the longest first. */
static size_t
names_above(const char *name, struct dns_question *q, size_t room)
{
	size_t n = 0;

	for (; name != NULL && n + 1 < room; name = strchr(name, '.')) {
		name += *name == '.';
		q[n++] = (struct dns_question){ .name = name, .type = DNS_NS };
		q[n++] = (struct dns_question){ .name = name, .type = DNS_DS };
	}
	return n;
}

#define ABOVE_MAX 64

/* The longest name that has name servers is the zone: its DS counts. */
bool
dns_is_signed(struct session *s, const struct dns_args *args, struct err *e)
{
	struct dns dns = dns_resolver(s, args, &s->scratch);
	struct dns_question q[ABOVE_MAX];
	size_t n = names_above(s->settings.hostname, q, ABOVE_MAX);
	bool known = true;

	if (!dns_ask(&dns, q, n, e))
		return false;
	for (size_t i = 0; i < n; i += 2) {
		known = known && q[i].state != DNS_UNKNOWN;
		if (q[i].state != DNS_FOUND || q[i].is_alias)
			continue;
		if (q[i + 1].state != DNS_UNKNOWN && known)
			return q[i + 1].state == DNS_FOUND;
		break;
	}
	out_note(&s->out, "DNS could not be asked whether the zone of %s is "
	    "signed", s->settings.hostname);
	return false;
}

/* --- what is used ---------------------------------------------------- */

static void
say_addresses(struct session *s, const struct server_addresses *addresses)
{
	const struct words *list = &addresses->list;

	if (list->count == 0) {
		out_note(&s->out, "no network interface has a public address: "
		    "the records of the server's address are left out");
		out_hint(&s->out, "set addresses in mailadm.conf to the "
		    "public addresses of the server");
		return;
	}
	if (!addresses->set)
		out_done(&s->out, "addresses of the network interfaces: "
		    "%s", sentence_list(&s->scratch, list));
	for (size_t i = 0; i < list->count; i++) {
		if (!server_address_is_public(list->word[i]))
			out_note(&s->out, "the address %s is not public",
			    list->word[i]);
	}
}

bool
dns_walk_begin(struct dns_walk *walk, struct err *e)
{
	struct session *s = walk->session;
	const char *zone = walk->args->zone_name;

	if (!records_server_read(&s->mail, &s->settings, &walk->server, e))
		return false;
	say_addresses(s, &walk->server.addresses);
	if (walk->server.tlsa_why != NULL)
		out_note(&s->out, "no TLSA record: %s",
		    walk->server.tlsa_why);
	if (zone != NULL && !walk->args->zone && walk->args->format == NULL)
		return err_set(e, ERR_USAGE, "--zone-name is for --zone");
	return true;
}

/* --- the walk -------------------------------------------------------- */

static bool
server_each(struct dns_walk *walk, struct err *e)
{
	struct arena page = { 0 };
	struct records list = { .arena = &page };
	bool ok;

	records_of_server(&list, &walk->server);
	ok = walk->each(walk->arg, &list, e);
	arena_clear(&page);
	return ok;
}

/* Domains whose records are in memory together, used again and again. */
struct walking {
	struct dns_walk *walk;
	struct arena page;
	struct records list;
	size_t held;
};

static bool
page_end(struct walking *w, struct err *e)
{
	bool ok = w->held == 0 || w->walk->each(w->walk->arg, &w->list, e);

	arena_reset(&w->page);
	w->list = (struct records){ .arena = &w->page };
	w->held = 0;
	return ok;
}

static bool
domain_each(struct walking *w, const char *domain, struct err *e)
{
	struct mail mail = w->walk->session->mail;
	const char *name = arena_strdup(&w->page, domain);

	mail.arena = &w->page;
	if (!records_of_domain(&mail, &w->walk->server, name, &w->list, e))
		return false;
	return ++w->held < w->walk->together || page_end(w, e);
}

/* A domain that takes no mail needs no records; nor does its alias. */
static bool
is_off(struct session *s, const char *name, const char **why, struct err *e)
{
	struct domain domain, target = { .active = true };
	bool found;

	*why = NULL;
	if (!domain_find(&s->mail, name, &domain, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_NOT_FOUND, "no such domain: %s", name);
	if (domain.alias_of != NULL && !domain_find(&s->mail, domain.alias_of,
	    &target, &found, e))
		return false;
	if (!domain.active)
		*why = "is disabled";
	else if (!target.active)
		*why = "is an alias of a domain that is disabled";
	return true;
}

static bool
named_each(struct walking *w, struct err *e)
{
	struct session *s = w->walk->session;
	const struct words *names = &w->walk->args->domains;

	for (size_t i = 0; i < names->count; i++) {
		const char *why;

		if (!is_off(s, names->word[i], &why, e))
			return false;
		if (why != NULL)
			out_note(&s->out, "%s %s: it needs no records",
			    names->word[i], why);
		else if (!domain_each(w, names->word[i], e))
			return false;
	}
	return true;
}

static bool
one_of_all(void *arg, const void *row, struct err *e)
{
	struct walking *w = arg;
	const struct domain *domain = row;
	const char *why = "is disabled";

	if (domain->active && !is_off(w->walk->session, domain->domain, &why,
	    e))
		return false;
	return why != NULL || domain_each(w, domain->domain, e);
}

static bool
all_exist(struct session *s, const struct words *names, struct err *e)
{
	for (size_t i = 0; i < names->count; i++) {
		if (!domain_require(&s->mail, names->word[i], e))
			return false;
	}
	return true;
}

bool
dns_walk(struct dns_walk *walk, struct err *e)
{
	struct session *s = walk->session;
	struct walking w = { .walk = walk, .list.arena = &w.page };
	struct list_filter all = { 0 };
	bool ok;

	if (!all_exist(s, &walk->args->domains, e) || !server_each(walk, e))
		return false;
	ok = walk->args->domains.count > 0 ? named_each(&w, e) :
	    domain_list(&s->mail, &all, one_of_all, &w, e);
	ok = ok && page_end(&w, e);
	arena_clear(&w.page);
	return ok;
}
