/*
 * Asking DNS by libunbound.
 *
 * A context of it is a resolver of its own: one for the resolver that is
 * configured, and one for each name server, which gets the zone as a "stub",
 * so that its answers count as they are.  Each works in a thread; this one
 * waits for all of them, with an eye on the clock and on Ctrl-C, and then
 * throws them away: nothing is cached between two calls.
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

static bool
is_same_server(const struct dns_question *a, const struct dns_question *b)
{
	return text_same(a->server, b->server) && text_same(a->zone, b->zone);
}

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

static bool
ask_one(const struct dns *dns, struct asked *asked, size_t i, struct err *e)
{
	struct asked *one = &asked[i];
	size_t same = 0;

	one->dns = dns;
	if (is_impossible(one))
		return true;
	while (same < i && (asked[same].ctx == NULL ||
	    !is_same_server(asked[same].question, one->question)))
		same++;
	if (same < i)
		one->ctx = asked[same].ctx;
	else if (!resolver_open(dns, one->question, &one->ctx, e))
		return false;
	else
		one->owned = true;
	return resolver_ask(dns, one->ctx, one->question,
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
		ok = ask_one(dns, asked, i, e);
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
