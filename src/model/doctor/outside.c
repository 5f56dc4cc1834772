/*
 * The doctor looks whether mail can go out: the resolver, and, if one is named,
 * a mail server elsewhere.
 */
#include <arpa/inet.h>

#include "base/clock.h"
#include "model/dns/ask.h"
#include "model/doctor/private.h"

#define SLOW 2.0		/* seconds */

struct verdict
resolver_judge(struct arena *a, bool answers, double took)
{
	if (!answers)
		return (struct verdict){ DOCTOR_WRONG, "the resolver does not "
		    "answer: no mail goes out", NULL };
	if (took > SLOW)
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a, "the "
		    "resolver takes %.1f s to answer", took), NULL };
	return (struct verdict){ DOCTOR_OK, "the resolver answers", NULL };
}

void
doctor_resolver(struct doctor *d)
{
	const struct dns dns = { .arena = d->arena,
		.resolver = d->options->settings->resolver,
		.interrupted = d->options->interrupted,
		.arg = d->options->arg };
	struct dns_question q = { .name = ".", .type = DNS_NS };
	double begun = clock_seconds();
	struct err e = { 0 };

	d->unresolved = !dns_ask(&dns, &q, 1, &e) || q.state == DNS_UNKNOWN;
	if (e.code != ERR_NONE)
		doctor_say(d, DOCTOR_WRONG, NULL, "%s", e.text);
	else
		doctor_add(d, resolver_judge(d->arena, !d->unresolved,
		    clock_seconds() - begun));
	err_clear(&e);
}

/* --- a mail server elsewhere ------------------------------------------- */

/* Its addresses; false: said why there are none. */
static bool
addresses_find(struct doctor *d, const char *host, struct words *addresses)
{
	const struct dns dns = { .arena = d->arena,
		.resolver = d->options->settings->resolver,
		.seconds = doctor_seconds(d),
		.interrupted = d->options->interrupted,
		.arg = d->options->arg };
	struct dns_question q[] = { { .name = host, .type = DNS_A },
	    { .name = host, .type = DNS_AAAA } };
	struct err e = { 0 };

	if (!dns_ask(&dns, q, 2, &e) || (q[0].state == DNS_UNKNOWN &&
	    q[1].state == DNS_UNKNOWN)) {
		doctor_say(d, DOCTOR_UNKNOWN, NULL, "the address of %s: %s",
		    host, e.code != ERR_NONE ? e.text : "DNS gives no answer");
		err_clear(&e);
		return false;
	}
	for (int i = 0; i < 2; i++) {
		for (size_t j = 0; j < q[i].values.count; j++)
			words_add(d->arena, addresses, q[i].values.word[j]);
	}
	if (addresses->count == 0)
		doctor_say(d, DOCTOR_UNKNOWN, "name the host of an MX record",
		    "%s has no address in DNS", host);
	return addresses->count > 0;
}

static bool
is_address(const char *host)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, host, bytes) == 1 ||
	    inet_pton(AF_INET6, host, bytes) == 1;
}

struct verdict
outgoing_judge(struct arena *a, const char *to, enum talk_end end,
    const char *said)
{
	if (end != TALK_OK)
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a, "port "
		    "25 of %s %s: mail does not go out from here", to,
		    end == TALK_SILENT || end == TALK_CLOSED ?
		    "says nothing" : "cannot be reached"), NULL };
	if (*said != '2')
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a, "%s "
		    "takes no mail from here: %.200s", to, said),
		    "mailadm dns check --blocklists" };
	return (struct verdict){ DOCTOR_OK, arena_printf(a, "mail goes out: "
	    "port 25 of %s greets", to), NULL };
}

static enum talk_end
greeting(struct doctor *d, const char *address, char said[static TALK_LINE])
{
	const struct talk_to to = { .address = address, .port = 25,
	    .stop = &d->stop };
	struct talk t;
	enum talk_end end = talk_connect(&t, &to, doctor_seconds(d));

	*said = '\0';
	if (end == TALK_OK)
		end = talk_reply(&t, said, NULL, NULL);
	if (end == TALK_OK)
		talk_say(&t, "QUIT");
	talk_close(&t);
	return end;
}

/* The first that greets is enough: so mail is sent. */
void
doctor_outgoing(struct doctor *d)
{
	const char *host = d->options->outside;
	struct words addresses = { 0 };
	struct verdict v = { 0 };

	if (host == NULL)
		return;
	if (is_address(host))
		words_add(d->arena, &addresses, host);
	else if (!addresses_find(d, host, &addresses))
		return;
	for (size_t i = 0; i < addresses.count && (i == 0 ||
	    v.state == DOCTOR_WRONG); i++) {
		const char *to = addresses.word[i];
		char said[TALK_LINE];
		enum talk_end end = greeting(d, to, said);

		if (to != host)
			to = arena_printf(d->arena, "%s (%s)", host, to);
		v = outgoing_judge(d->arena, to, end, said);
	}
	doctor_add(d, v);
}
