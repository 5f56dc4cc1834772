/* Where users log in: each port of Dovecot takes the account of the doctor. */
#include "model/doctor/deliver.h"
#include "model/doctor/port.h"

static const char *
scheme_of(const struct port *p)
{
	static const char *const schemes[][2] = {
		[PORT_SMTP] = { "smtp", "smtps" },
		[PORT_IMAP] = { "imap", "imaps" },
		[PORT_POP3] = { "pop3", "pop3s" },
	};

	return schemes[p->protocol][p->tls_first];
}

struct hop
doctor_hop(const struct doctor *d, const struct port *p, bool logins,
    const struct stop *stop)
{
	const struct doctor_probe *probe = d->options->probe;
	const char *host = d->options->settings->hostname;

	return (struct hop){
		.scheme = scheme_of(p),
		.host = host != NULL ? host : "localhost",
		.address = p->address,
		.port = p->number,
		.user = logins ? probe->address : NULL,
		.password = logins ? probe->password : NULL,
		.seconds = 2 * doctor_seconds(d),
		.stop = stop,
	};
}

static void
login(struct doctor *d, const struct port *p)
{
	struct hop hop = doctor_hop(d, p, true, &d->stop);
	const char *user = d->options->probe->address;
	const char *by = p->protocol == PORT_POP3 ? "POP3" : "IMAP";
	struct err e = { 0 };

	if (hop_login(&hop, &e))
		doctor_say(d, DOCTOR_OK, NULL, "port %u: %s logs in by %s",
		    p->number, user, by);
	else
		doctor_say(d, DOCTOR_WRONG, "mailadm config verify; "
		    "journalctl -u dovecot -n 50", "port %u: %s cannot log in "
		    "by %s: %s", p->number, user, by, e.text);
	err_clear(&e);
}

/* Of several addresses with the same port the first is enough. */
static bool
is_first(const struct ports *ports, size_t i)
{
	for (size_t n = 0; n < i; n++) {
		if (ports->item[n].number == ports->item[i].number &&
		    ports->item[n].greets)
			return false;
	}
	return true;
}

void
doctor_logins(struct doctor *d)
{
	for (size_t i = 0; i < d->ports->count; i++) {
		const struct port *p = &d->ports->item[i];

		if (p->server == PORT_DOVECOT && p->greets &&
		    is_first(d->ports, i) && !stop_is_due(&d->stop))
			login(d, p);
	}
}
