/*
 * Asking DNS by libunbound.
 *
 * A context of it is a resolver of its own: one for the resolver that is
 * configured, and others for name servers, which get their zone as a "stub",
 * so that their answers count as they are.  A context can have a stub for each
 * of many zones, but asks one server of each: there are as many as a zone has
 * servers.  Each works in a thread; this one waits for all of them, with an eye
 * on the clock and on Ctrl-C, and then throws them away: nothing is cached
 * between two calls.
 *
 * DNSSEC is not validated: what is asked here is what we publish ourselves.
 */
#include "model/dns/ask.h"

#include <poll.h>
#include <signal.h>
#include <unbound.h>

#include "base/clock.h"
#include "base/text.h"
#include "model/dns/resolver.h"

/* How often the clock and Ctrl-C are looked at. */
#define SLICE_MS 50

struct asked {
	const struct dns *dns;
	struct dns_question *question;
	struct ub_ctx *ctx;
	bool owned;		/* the first that uses the context */
	bool done;
	int id;
};

/* --- answers --------------------------------------------------------- */

static void
answered(void *arg, int failed, struct ub_result *r)
{
	struct asked *asked = arg;

	asked->done = true;
	if (failed || r == NULL)
		return;
	resolver_take(asked->dns->arena, asked->question, r);
	ub_resolve_free(r);
}

/* --- contexts -------------------------------------------------------- */

/* What cannot be asked for does not exist. */
static bool
is_impossible(struct asked *asked)
{
	if (resolver_can_ask(asked->question->name))
		return false;
	asked->question->state = DNS_NOTHING;
	asked->done = true;
	return true;
}

/*
 * Whether a context can ask question i, too.  *known: it needs no new stub.
 * Of the questions before, `owner` was the first that uses the context.
 */
static bool
can_join(const struct asked *asked, size_t owner, size_t i, bool *known)
{
	const struct dns_question *q = asked[i].question;

	*known = q->server == NULL;
	if (*known || asked[owner].question->server == NULL)
		return *known && asked[owner].question->server == NULL;
	for (size_t j = owner; j < i; j++) {
		const struct dns_question *before = asked[j].question;

		if (asked[j].ctx != asked[owner].ctx ||
		    !text_same(before->zone, q->zone))
			continue;
		*known = true;
		return text_same(before->server, q->server);
	}
	return true;
}

static bool
context_find(const struct dns *dns, struct asked *asked, size_t i,
    struct err *e)
{
	struct asked *one = &asked[i];
	bool known = false;

	one->dns = dns;
	if (is_impossible(one))
		return true;
	for (size_t j = 0; j < i && one->ctx == NULL; j++) {
		if (asked[j].owned && can_join(asked, j, i, &known))
			one->ctx = asked[j].ctx;
	}
	if (one->ctx != NULL)
		return known || resolver_add(one->ctx, one->question, e);
	one->owned = resolver_open(dns, one->question, &one->ctx, e);
	return one->owned;
}

static bool
ask_one(struct asked *one, struct err *e)
{
	return one->done || resolver_ask(one->dns, one->ctx, one->question,
	    &(struct resolver_call){ answered, one, &one->id }, e);
}

/* Signals are for this thread: the new ones begin with all blocked. */
static bool
ask_all(const struct dns *dns, struct asked *asked, size_t count,
    struct err *e)
{
	sigset_t all, before;
	bool ok = true;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (size_t i = 0; ok && i < count; i++)
		ok = context_find(dns, asked, i, e);
	for (size_t i = 0; ok && i < count; i++)
		ok = ask_one(&asked[i], e);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return ok;
}

/* --- waiting --------------------------------------------------------- */

static bool
is_done(const struct asked *asked, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!asked[i].done)
			return false;
	}
	return true;
}

static void
wait_once(struct arena *a, const struct asked *asked, size_t count)
{
	struct pollfd *fds = arena_array(a, count, sizeof(*fds));
	nfds_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (asked[i].owned)
			fds[n++] = (struct pollfd){ .fd =
			    ub_fd(asked[i].ctx), .events = POLLIN };
	}
	poll(fds, n, SLICE_MS);
	for (size_t i = 0; i < count; i++) {
		if (asked[i].owned)
			ub_process(asked[i].ctx);
	}
}

static bool
wait_all(const struct dns *dns, const struct asked *asked, size_t count,
    struct err *e)
{
	double end = clock_seconds() + (dns->seconds > 0 ? dns->seconds :
	    DNS_SECONDS);
	struct arena a = { 0 };
	bool stopped = false;

	while (!stopped && !is_done(asked, count) && clock_seconds() < end) {
		wait_once(&a, asked, count);
		arena_reset(&a);
		stopped = dns->interrupted != NULL &&
		    dns->interrupted(dns->arg);
	}
	arena_clear(&a);
	return !stopped || err_set(e, ERR_INTERRUPTED, "interrupted");
}

/* After ub_cancel() no answer comes any more. */
static void
end_all(struct asked *asked, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (asked[i].ctx != NULL && !asked[i].done &&
		    asked[i].id != 0)
			ub_cancel(asked[i].ctx, asked[i].id);
	}
	for (size_t i = 0; i < count; i++) {
		if (asked[i].owned)
			ub_ctx_delete(asked[i].ctx);
	}
}

bool
dns_ask(const struct dns *dns, struct dns_question *questions, size_t count,
    struct err *e)
{
	struct asked *asked = arena_array(dns->arena, count, sizeof(*asked));
	bool ok;

	for (size_t i = 0; i < count; i++) {
		questions[i].state = DNS_UNKNOWN;
		questions[i].values = (struct words){ 0 };
		questions[i].texts = (struct words){ 0 };
		questions[i].is_alias = false;
		questions[i].secure = questions[i].bogus = false;
		asked[i].question = &questions[i];
	}
	ok = ask_all(dns, asked, count, e) &&
	    wait_all(dns, asked, count, e);
	end_all(asked, count);
	return ok;
}
