/* The doctor asks the resolver: without DNS no mail goes out. */
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
