/* The records of the server itself, and what those of its domains share. */
#include <string.h>

#include "model/address.h"
#include "model/digest.h"
#include "model/dns/name.h"
#include "model/mail/domain.h"
#include "model/records/private.h"
#include "model/server/settings.h"

/* A policy that receivers keep for a week: a fault is over after that. */
#define POLICY_SECONDS 604800

/* Of a SHA-256 in hexadecimal digits. */
#define POLICY_ID_DIGITS 20

/* --- what is read once ----------------------------------------------- */

/* A new policy has a new id, by which senders notice it: RFC 8461, 3.1. */
static void
policy_make(struct arena *a, struct records_server *server)
{
	const struct settings *s = server->settings;
	char hex[DIGEST_HEX];

	if (strcmp(s->mta_sts, "no") == 0)
		return;
	server->policy = arena_printf(a, "version: STSv1\nmode: %s\nmx: %s\n"
	    "max_age: %d\n", s->mta_sts, s->hostname, POLICY_SECONDS);
	digest_hex(server->policy, strlen(server->policy), hex);
	server->policy_id = arena_strndup(a, hex, POLICY_ID_DIGITS);
}

/* Each address as everybody writes it, an IDN as its A-labels. */
static bool
reports_read(struct mail *m, struct records_server *server, struct err *e)
{
	const struct settings *s = server->settings;
	struct domain row;

	if (s->tls_reports != NULL && !address_parse(m->arena,
	    ADDRESS_DESTINATION, s->tls_reports, &server->tls_reports, e))
		return false;
	if (s->dmarc_reports == NULL)
		return true;
	return address_parse(m->arena, ADDRESS_DESTINATION, s->dmarc_reports,
	    &server->dmarc_reports, e) && domain_find(m,
	    address_domain(server->dmarc_reports), &row,
	    &server->reports_ours, e);
}

/* A certificate that cannot be read is no reason to show nothing. */
static void
tlsa_find(struct arena *a, struct records_server *server)
{
	struct err e = { 0 };

	if (!records_tlsa_read(a, server->settings, &server->tlsa, &e))
		server->tlsa_why = arena_strdup(a, e.text);
	err_clear(&e);
}

bool
records_server_read(struct mail *m, const struct settings *s,
    struct records_server *server, struct err *e)
{
	struct domain row;

	*server = (struct records_server){ .settings = s };
	if (!server_check(s, e) ||
	    !server_addresses(m->arena, s, &server->addresses, e) ||
	    !domain_find(m, s->hostname, &row, &server->is_domain, e) ||
	    !reports_read(m, server, e))
		return false;
	server->is_domain = server->is_domain && row.active;
	policy_make(m->arena, server);
	tlsa_find(m->arena, server);
	return true;
}

/* --- the list -------------------------------------------------------- */

static const char *
reverse(struct arena *a, const char *text)
{
	struct dns_address address;

	BUG_ON(!dns_address_parse(text, &address));
	return dns_address_reverse(a, &address);
}

static void
addresses_add(struct records *list, const struct records_server *server)
{
	const struct words *addresses = &server->addresses.list;
	const char *host = server->settings->hostname;

	for (size_t i = 0; i < addresses->count; i++)
		records_add(list, &(struct record){ RECORD_ADDRESS, host, host,
		    strchr(addresses->word[i], ':') != NULL ? "AAAA" : "A",
		    addresses->word[i], RECORD_REQUIRED,
		    "the address of the server" });
	for (size_t i = 0; i < addresses->count; i++)
		records_add(list, &(struct record){ RECORD_POINTER, host,
		    reverse(list->arena, addresses->word[i]), "PTR",
		    records_absolute(list->arena, host), RECORD_REQUIRED,
		    "else many servers refuse mail; who owns the address sets "
		    "it", .foreign = true });
}

static void
tlsa_add(struct records *list, const struct records_server *server)
{
	const char *host = server->settings->hostname;

	for (size_t i = 0; i < server->tlsa.count; i++)
		records_add(list, &(struct record){ RECORD_TLSA, host,
		    arena_printf(list->arena, "_25._tcp.%s", host), "TLSA",
		    server->tlsa.word[i], RECORD_OPTIONAL, i == 0 ?
		    "DANE, if the zone is signed with DNSSEC: the key of the "
		    "certificate" :
		    "DANE, if the zone is signed: the next key, before it is "
		    "used" });
}

/* The senders of forwarded mail: they pass here, and bounces find back. */
static void
srs_add(struct records *list, const struct records_server *server)
{
	const char *host = server->settings->hostname;
	const char *domain = server_srs_domain(list->arena,
	    server->settings);

	if (!server->settings->srs)
		return;
	records_add(list, &(struct record){ RECORD_MX, domain, domain, "MX",
	    arena_printf(list->arena, "10 %s", records_absolute(list->arena,
		host)), RECORD_REQUIRED,
	    "bounces of forwarded mail (SRS) come back here" });
	records_add(list, &(struct record){ RECORD_SPF, domain, domain, "TXT",
	    arena_printf(list->arena, "v=spf1 a:%s -all", host),
	    RECORD_REQUIRED, "SPF of forwarded mail (SRS)" });
}

void
records_of_server(struct records *list, const struct records_server *server)
{
	const char *host = server->settings->hostname;

	addresses_add(list, server);
	tlsa_add(list, server);
	srs_add(list, server);
	/* As a domain of ours it has these records anyway. */
	if (server->is_domain)
		return;
	records_add(list, &(struct record){ RECORD_HELO, host, host, "TXT",
	    "v=spf1 a -all", RECORD_RECOMMENDED,
	    "SPF of bounces, which are judged by the server's name" });
	if (server->tls_reports != NULL)
		records_add(list, &(struct record){ RECORD_TLS_REPORTS, host,
		    arena_printf(list->arena, "_smtp._tls.%s", host), "TXT",
		    records_tls_reports(list->arena, server), RECORD_OPTIONAL,
		    "reports about TLS" });
}
