/* Does Postfix relay for strangers?  Asked, and never done. */
#include <arpa/inet.h>
#include <string.h>

#include "base/size.h"
#include "model/doctor/port.h"
#include "model/talk/talk.h"

/* --- who is no stranger ---------------------------------------------- */

static bool
same_bits(const unsigned char *a, const unsigned char *b, size_t bits)
{
	size_t bytes = bits / 8, rest = bits % 8;

	return memcmp(a, b, bytes) == 0 && (rest == 0 ||
	    (a[bytes] ^ b[bytes]) >> (8 - rest) == 0);
}

/* "192.0.2.0/24", "[2001:db8::]/32", "192.0.2.1"; a table is neither. */
static int
is_in(const char *network, const char *address)
{
	char host[INET6_ADDRSTRLEN];
	unsigned char net[16], own[16];
	const char *slash = strchr(network, '/');
	const char *begin = network + (*network == '[');
	size_t len = strcspn(begin, "]/");
	int family = strchr(address, ':') != NULL ? AF_INET6 : AF_INET;
	int64_t bits = family == AF_INET6 ? 128 : 32;

	if (len >= sizeof(host))
		return -1;
	memcpy(host, begin, len);
	host[len] = '\0';
	if (slash != NULL && !number_parse(slash + 1, &bits))
		return -1;
	if (inet_pton(family, host, net) != 1)
		return inet_pton(AF_INET, host, net) == 1 ||
		    inet_pton(AF_INET6, host, net) == 1 ? 0 : -1;
	if (inet_pton(family, address, own) != 1 ||
	    bits > (family == AF_INET6 ? 128 : 32))
		return -1;
	return same_bits(net, own, (size_t)bits);
}

int
relay_is_trusted(const struct words *networks, const char *address)
{
	int trusted = 0;

	for (size_t i = 0; i < networks->count && trusted != 1; i++) {
		int in = is_in(networks->word[i], address);

		trusted = in != 0 ? in : trusted;
	}
	return trusted;
}

/* --- asking ------------------------------------------------------------ */

struct verdict
relay_judge(struct arena *a, const char *reply)
{
	if (*reply == '2')
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a,
		    "Postfix relays for strangers: %.200s", reply),
		    "mailadm config verify; postconf smtpd_relay_restrictions "
		    "mynetworks" };
	if (*reply == '5')
		return (struct verdict){ DOCTOR_OK, "Postfix refuses to relay "
		    "for strangers", NULL };
	return (struct verdict){ DOCTOR_UNKNOWN, arena_printf(a, "whether "
	    "Postfix relays for strangers: it answers %.200s", reply), NULL };
}

/* The null sender is never refused for what it is. */
static enum talk_end
session(const struct port *p, struct talk *t, char line[static TALK_LINE])
{
	static const char *const words[] = { "EHLO [127.0.0.1]",
	    "MAIL FROM:<>", "RCPT TO:<doctor@example.invalid>" };
	const struct talk_to to = { .address = p->address,
	    .port = p->number, .from = p->address, .stop = p->stop };
	enum talk_end end = talk_connect(t, &to, p->seconds);

	if (end == TALK_OK)
		end = talk_reply(t, line, NULL, NULL);
	for (size_t i = 0; end == TALK_OK && *line == '2' && i <
	    sizeof(words) / sizeof(words[0]); i++) {
		end = talk_say(t, words[i]);
		if (end == TALK_OK)
			end = talk_reply(t, line, NULL, NULL);
	}
	if (end == TALK_OK)
		talk_say(t, "QUIT");
	return end;
}

/* A port for strangers, and from an address that is not trusted. */
static const struct port *
port_find(const struct doctor *d, const struct words *networks)
{
	for (size_t i = 0; i < d->ports->count; i++) {
		const struct port *p = &d->ports->item[i];

		if (p->server == PORT_POSTFIX && p->greets && p->is_own &&
		    !p->logins && !p->slow &&
		    relay_is_trusted(networks, p->address) == 0)
			return p;
	}
	return NULL;
}

void
doctor_relay(struct doctor *d)
{
	struct words networks = { 0 };
	const struct port *p = NULL;
	char line[TALK_LINE] = "";
	struct talk t;

	if (d->down[PORT_POSTFIX]) {
		doctor_say(d, DOCTOR_SKIPPED, NULL, "Postfix does not work");
		return;
	}
	if (d->postfix != NULL && d->ports != NULL) {
		networks = postfix_list(d->arena, postfix_value(d->postfix,
		    NULL, "mynetworks"));
		p = port_find(d, &networks);
	}
	if (p == NULL) {
		doctor_say(d, DOCTOR_UNKNOWN, NULL, "Postfix cannot be asked "
		    "as a stranger: it trusts each address of this machine");
		return;
	}
	if (session(p, &t, line) == TALK_OK)
		doctor_add(d, relay_judge(d->arena, line));
	else
		doctor_say(d, DOCTOR_UNKNOWN, NULL, "Postfix did not answer "
		    "to the end");
	talk_close(&t);
}
