/* The records of a domain. */
#include <string.h>

#include "model/address.h"
#include "model/dkim/dkim.h"
#include "model/dkim/record.h"
#include "model/dns/name.h"
#include "model/records/private.h"

/* --- the domain ------------------------------------------------------ */

/* A list that is being made. */
struct making {
	struct records *list;
	const struct records_server *server;
	const char *domain;
};

/* The name is one below the domain, or NULL for the domain itself. */
static void
add(const struct making *m, enum record_kind kind, const char *below,
    const char *type, const char *value, const char *const reason[2])
{
	const char *name = below == NULL ? m->domain :
	    arena_printf(m->list->arena, "%s.%s", below, m->domain);

	records_add(m->list, &(struct record){ kind, m->domain, name, type,
	    value, reason[0], reason[1] });
}

#define BECAUSE(need, why) (const char *const[2]){ need, why }

static const char *
host(const struct making *m)
{
	return records_absolute(m->list->arena, m->server->settings->hostname);
}

static void
mail_add(const struct making *m)
{
	struct arena *a = m->list->arena;

	add(m, RECORD_MX, NULL, "MX", arena_printf(a, "10 %s", host(m)),
	    BECAUSE(RECORD_REQUIRED, "mail for the domain comes here"));
	add(m, RECORD_SPF, NULL, "TXT", arena_printf(a, "v=spf1 mx %s",
	    records_spf_all(m->server->settings)), BECAUSE(RECORD_REQUIRED,
	    "SPF: this server sends mail of the domain"));
}

/* --- DKIM ------------------------------------------------------------ */

static void
key_add(const struct making *m, const struct dkim_row *key)
{
	struct arena *a = m->list->arena;
	bool old = strcmp(key->state, "retired") == 0;
	struct record *r;

	r = records_add(m->list, &(struct record){ old ? RECORD_DKIM_OLD :
	    RECORD_DKIM, m->domain, dkim_record_name(a, key), "TXT",
	    dkim_record_text(a, key), dkim_record_need(key),
	    dkim_record_why(key) });
	r->key = key;
}

static bool
keys_add(struct mail *mail, const struct making *m, struct err *e)
{
	const struct dkim_row *key;
	struct db_rows rows;

	if (!dkim_of(mail, m->domain, &rows, e))
		return false;
	key = rows.row;
	for (size_t i = 0; i < rows.count; i++)
		key_add(m, &key[i]);
	return true;
}

/* --- policies -------------------------------------------------------- */

/*
 * Reports go to another domain only if that one agrees; RFC 9990.  Names in
 * one organisation need no consent, but which they are cannot be known
 * without asking DNS: a record too many does no harm.
 */
static void
consent_add(const struct making *m)
{
	const char *reports = m->server->dmarc_reports;

	if (reports == NULL)
		return;
	reports = address_domain(reports);
	if (dns_name_is_in(m->domain, reports) ||
	    dns_name_is_in(reports, m->domain))
		return;
	records_add(m->list, &(struct record){ RECORD_CONSENT, m->domain,
	    arena_printf(m->list->arena, "%s._report._dmarc.%s", m->domain,
		reports), "TXT", "v=DMARC1", RECORD_REQUIRED,
	    m->server->reports_ours ?
	    "consent to get the DMARC reports of the domain" :
	    "consent to get DMARC reports; who owns that domain publishes "
	    "it", .foreign = !m->server->reports_ours });
}

static void
policies_add(const struct making *m)
{
	const struct records_server *server = m->server;
	struct arena *a = m->list->arena;

	add(m, RECORD_DMARC, "_dmarc", "TXT", records_dmarc(a, server),
	    BECAUSE(RECORD_REQUIRED, "what receivers do with forged mail"));
	consent_add(m);
	if (server->tls_reports != NULL)
		add(m, RECORD_TLS_REPORTS, "_smtp._tls", "TXT",
		    records_tls_reports(a, server), BECAUSE(RECORD_OPTIONAL,
		    "reports about TLS"));
	if (server->policy == NULL)
		return;
	add(m, RECORD_STS, "_mta-sts", "TXT", arena_printf(a,
	    "v=STSv1; id=%s", server->policy_id), BECAUSE(RECORD_OPTIONAL,
	    "MTA-STS: senders fetch the policy when the id changes"));
	add(m, RECORD_STS_HOST, "mta-sts", "CNAME", host(m), BECAUSE(
	    RECORD_OPTIONAL, "the web server that has the policy of "
	    "MTA-STS"));
}

/* --- services -------------------------------------------------------- */

/* What users connect to; RFC 6186 and 8314.  Port 0: not offered. */
static void
service_add(const struct making *m, const char *name, int port)
{
	struct arena *a = m->list->arena;

	if (port == 0)
		add(m, RECORD_SRV, name, "SRV", "0 0 0 .", BECAUSE(
		    RECORD_OPTIONAL, "not offered: mail programs take another "
		    "service"));
	else
		add(m, RECORD_SRV, name, "SRV", arena_printf(a, "0 1 %d %s",
		    port, host(m)), BECAUSE(RECORD_RECOMMENDED, "mail "
		    "programs find the server"));
}

static void
services_add(const struct making *m)
{
	bool pop3 = m->server->settings->pop3;

	service_add(m, "_submissions._tcp", 465);
	service_add(m, "_submission._tcp", 587);
	service_add(m, "_imaps._tcp", 993);
	service_add(m, "_imap._tcp", 0);
	service_add(m, "_pop3s._tcp", pop3 ? 995 : 0);
	service_add(m, "_pop3._tcp", 0);
}

static void
autoconfig_add(const struct making *m)
{
	const char *const why = "mail programs fetch their configuration; a "
	    "web server has it";

	if (!m->server->settings->autoconfig)
		return;
	add(m, RECORD_AUTOCONFIG, "autoconfig", "CNAME", host(m),
	    BECAUSE(RECORD_OPTIONAL, why));
	add(m, RECORD_AUTOCONFIG, "autodiscover", "CNAME", host(m),
	    BECAUSE(RECORD_OPTIONAL, why));
	add(m, RECORD_SRV, "_autodiscover._tcp", "SRV",
	    arena_printf(m->list->arena, "0 1 443 %s", host(m)),
	    BECAUSE(RECORD_OPTIONAL, why));
}

/* The server's own name may be one of those: it is no alias of itself. */
static void
aliases_drop(struct records *list, const char *host, size_t from)
{
	size_t kept = from;

	for (size_t i = from; i < list->count; i++) {
		const struct record *r = &list->record[i];

		if (strcmp(r->type, "CNAME") != 0 ||
		    strcmp(r->name, host) != 0)
			list->record[kept++] = *r;
	}
	list->count = kept;
}

bool
records_of_domain(struct mail *mail, const struct records_server *server,
    const char *domain, struct records *list, struct err *e)
{
	const struct making m = { list, server, domain };
	size_t from = list->count;

	mail_add(&m);
	if (!keys_add(mail, &m, e))
		return false;
	policies_add(&m);
	services_add(&m);
	autoconfig_add(&m);
	add(&m, RECORD_CAA, NULL, "CAA", "0 issue \"letsencrypt.org\"",
	    BECAUSE(RECORD_OPTIONAL, "only Let's Encrypt may issue "
	    "certificates for the domain"));
	aliases_drop(list, server->settings->hostname, from);
	return true;
}
