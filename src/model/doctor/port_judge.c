/* What the answers of the ports mean. */
#include <inttypes.h>
#include <openssl/x509_vfy.h>
#include <string.h>
#include <strings.h>

#include "model/doctor/port.h"

#define DAY (24 * 60 * 60)

/* "postfix", the unit of systemd. */
static const char *const units[] = { "postfix", "dovecot" };

static const char *
name_of(struct arena *a, const struct port *p)
{
	return arena_printf(a, strchr(p->address, ':') != NULL ? "[%s]:%u" :
	    "%s:%u", p->address, p->number);
}

static const char *
restart(struct arena *a, const struct port *p)
{
	const char *unit = units[p->server];

	return arena_printf(a, "journalctl -u '%s*' -n 50; mailadm config "
	    "verify; systemctl restart %s", unit, unit);
}

/* --- a server as a whole --------------------------------------------- */

struct counts {
	size_t all, greet, refused, silent;
};

static struct counts
count(enum port_server server, const struct ports *ports)
{
	struct counts c = { 0 };

	for (size_t i = 0; i < ports->count; i++) {
		const struct port *p = &ports->item[i];

		if (p->server != server || !p->is_own)
			continue;
		c.all++;
		c.greet += p->greets;
		c.refused += p->end == TALK_REFUSED;
		c.silent += p->end == TALK_SILENT;
	}
	return c;
}

static struct verdict
verdict(enum doctor_state state, const char *what, const char *advice)
{
	return (struct verdict){ state, what, advice };
}

struct verdict
server_judge(struct arena *a, enum port_server server, enum running running,
    const struct ports *ports)
{
	struct counts c = count(server, ports);
	const char *name = port_servers[server], *unit = units[server];

	if (running == RUNS_NOT ||
	    (running == RUNS_UNKNOWN && c.all > 0 && c.refused == c.all))
		return verdict(DOCTOR_WRONG, arena_printf(a,
		    "%s is not running", name), arena_printf(a,
		    "systemctl restart %s; journalctl -u '%s*' -n 50; mailadm "
		    "config verify", unit, unit));
	if (c.silent > 0 && c.greet == 0)
		return verdict(DOCTOR_WRONG, arena_printf(a,
		    "%s takes connections and says nothing: it hangs", name),
		    arena_printf(a, "systemctl restart %s", unit));
	if (running == RUNS || c.greet > 0)
		return verdict(DOCTOR_OK, arena_printf(a, "%s runs", name),
		    NULL);
	return verdict(DOCTOR_UNKNOWN, arena_printf(a, "it cannot be seen "
	    "whether %s runs", name), NULL);
}

/* --- a port ---------------------------------------------------------- */

static struct verdict
refused(struct arena *a, const struct port *p)
{
	const char *setting = p->server == PORT_POSTFIX ?
	    "\"inet_interfaces = all\" in main.cf" :
	    "\"listen\" in dovecot.conf";

	return verdict(p->is_own ? DOCTOR_WRONG : DOCTOR_UNKNOWN,
	    arena_printf(a, "%s runs, but does not listen on %s",
	    port_servers[p->server], name_of(a, p)), arena_printf(a,
	    "look at %s; %s", setting, restart(a, p)));
}

/* A router often does not lead from inside to its own outside. */
static struct verdict
unreachable(struct arena *a, const struct port *p)
{
	if (!p->is_own)
		return verdict(DOCTOR_UNKNOWN, arena_printf(a, "%s cannot be "
		    "reached from this machine: ask from outside",
		    name_of(a, p)), NULL);
	return verdict(DOCTOR_WRONG, arena_printf(a, "%s runs, but %s cannot "
	    "be reached: a firewall", port_servers[p->server],
	    name_of(a, p)), "nft list ruleset; ufw status verbose");
}

struct verdict
port_judge(struct arena *a, const struct port *p)
{
	const char *name = name_of(a, p);

	switch (p->end) {
	case TALK_REFUSED:
		return refused(a, p);
	case TALK_UNREACHABLE:
		return unreachable(a, p);
	case TALK_SILENT:
		return verdict(DOCTOR_WRONG, arena_printf(a, "%s takes "
		    "connections and says nothing for %u s", name,
		    p->seconds), restart(a, p));
	case TALK_CLOSED:
		return verdict(DOCTOR_WRONG, arena_printf(a, "%s closes the "
		    "connection without a greeting", name), restart(a, p));
	case TALK_BROKEN:
		return verdict(DOCTOR_WRONG, arena_printf(a, "%s closes the "
		    "connection, or does not begin with TLS", name),
		    restart(a, p));
	case TALK_OK:
		break;
	}
	if (p->greets)
		return verdict(DOCTOR_OK, arena_printf(a, "%s greets", name),
		    NULL);
	return verdict(DOCTOR_WRONG, arena_printf(a, "%s takes no session: "
	    "%.200s", name, p->said), restart(a, p));
}

/* --- TLS ------------------------------------------------------------- */

static struct verdict
handshake_judge(struct arena *a, const struct port *p)
{
	const char *name = name_of(a, p);

	if (p->tls_end == TALK_SILENT)
		return verdict(DOCTOR_WRONG, arena_printf(a, "TLS on %s: no "
		    "answer for %u s", name, p->seconds), restart(a, p));
	if (!p->tls_offered)
		return verdict(DOCTOR_WRONG, arena_printf(a, "%s does not "
		    "offer TLS", name), "mailadm config verify; mailadm "
		    "config render all --out /");
	return verdict(DOCTOR_WRONG, arena_printf(a, "TLS on %s fails", name),
	    "do key and certificate belong together? mailadm config verify");
}

static struct verdict
presented_judge(struct arena *a, const struct port *p,
    const unsigned char *file, int64_t now)
{
	const char *name = name_of(a, p), *unit = units[p->server];

	if (file != NULL && memcmp(file, p->tls.digest,
	    sizeof(p->tls.digest)) != 0)
		return verdict(DOCTOR_WRONG, arena_printf(a, "%s has another "
		    "certificate than the file: it was not reloaded", name),
		    arena_printf(a, "systemctl reload %s", unit));
	if (p->tls.ends <= now)
		return verdict(DOCTOR_WRONG, arena_printf(a, "the certificate "
		    "on %s has expired", name), "certbot renew");
	if (!p->tls.is_for_host)
		return verdict(DOCTOR_WRONG, arena_printf(a, "the certificate "
		    "on %s is not for %s", name, p->host), arena_printf(a,
		    "certbot certonly -d %s", p->host));
	if (p->tls.chain != X509_V_OK)
		return verdict(DOCTOR_WRONG, arena_printf(a, "nobody trusts "
		    "the certificate on %s: %s", name,
		    X509_verify_cert_error_string(p->tls.chain)),
		    "the file needs the whole chain: fullchain.pem");
	if (p->takes_old)
		return verdict(DOCTOR_WRONG, arena_printf(a, "%s takes TLS "
		    "1.1, which is broken (RFC 8996)", name), p->server ==
		    PORT_POSTFIX ? "postconf -e 'smtpd_tls_protocols = "
		    ">=TLSv1.2' 'smtpd_tls_mandatory_protocols = >=TLSv1.2'; "
		    "postfix reload" : "ssl_min_protocol = TLSv1.2 in "
		    "dovecot.conf; doveadm reload");
	return verdict(DOCTOR_OK, arena_printf(a, "TLS on %s: valid for "
	    "%" PRId64 " days", name, (p->tls.ends - now) / DAY), NULL);
}

struct verdict
tls_judge(struct arena *a, const struct port *p, const unsigned char *file,
    int64_t now)
{
	return p->tls_end != TALK_OK || !p->tls_offered ?
	    handshake_judge(a, p) : presented_judge(a, p, file, now);
}
