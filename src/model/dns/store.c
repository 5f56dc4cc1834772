/* Answers of DNS, each asked for once, many at a time. */
#include "model/dns/store.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unbound.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/nameset.h"
#include "base/vector.h"
#include "model/dns/resolver.h"

/* So many questions are under way at once. */
#define UNDER_WAY 100

/* How often the clock and Ctrl-C are looked at; how long for one round. */
#define SLICE_MS 50
#define ROUND_SECONDS 0.3

struct kept {
	struct dns_store *store;
	struct dns_question question;
	struct dns_answer answer;
	double begun;
	int id;
	bool sent;
	bool done;
};

struct dns_store {
	const struct dns *dns;
	struct ub_ctx *ctx;
	struct nameset keys;		/* "TYPE NAME" */
	VECTOR(struct kept *) kept;	/* by the number of the key */
	size_t next;			/* to be sent */
	size_t first;			/* all before it are done */
	size_t under_way;
	size_t answered;
	double heard;			/* when something answered last */
	bool is_dead;			/* nothing answers any more */
};

/* --- answers --------------------------------------------------------- */

static void
kept_done(struct kept *k)
{
	const struct dns_question *q = &k->question;

	k->done = true;
	k->answer = (struct dns_answer){ .state = q->state,
	    .values = q->values, .is_alias = q->is_alias,
	    .secure = q->secure, .bogus = q->bogus };
}

static void
answered(void *arg, int failed, struct ub_result *r)
{
	struct kept *k = arg;
	struct dns_store *s = k->store;

	s->under_way--;
	s->answered++;
	s->heard = clock_seconds();
	if (!failed && r != NULL)
		resolver_take(s->dns->arena, &k->question, r);
	ub_resolve_free(r);
	kept_done(k);
}

static struct kept *
kept_new(struct dns_store *s, const char *name, enum dns_type type)
{
	struct kept *k = arena_alloc(s->dns->arena, sizeof(*k));

	*k = (struct kept){ .store = s, .question = {
	    .name = arena_strdup(s->dns->arena, name), .type = type } };
	if (!resolver_can_ask(name))
		k->question.state = DNS_NOTHING;
	if (!resolver_can_ask(name) || s->is_dead)
		kept_done(k);
	*VECTOR_ADD(&s->kept) = k;
	return k;
}

static const struct dns_answer *
store_ask(void *arg, const char *name, enum dns_type type)
{
	struct dns_store *s = arg;
	struct arena a = { 0 };
	const char *key = lowered(&a, arena_printf(&a, "%d %s", (int)type,
	    name));
	uint32_t number = nameset_add(&s->keys, key, strlen(key));
	struct kept *k = number < s->kept.count ? s->kept.item[number] :
	    kept_new(s, name, type);

	arena_clear(&a);
	return k->done ? &k->answer : NULL;
}

struct dns_asker
dns_store_asker(struct dns_store *store)
{
	return (struct dns_asker){ store_ask, store };
}

/* --- sending --------------------------------------------------------- */

static bool
send_more(struct dns_store *s, struct err *e)
{
	for (; s->under_way < UNDER_WAY && s->next < s->kept.count;
	    s->next++) {
		struct kept *k = s->kept.item[s->next];

		if (k->done)
			continue;
		k->begun = clock_seconds();
		if (s->under_way == 0)
			s->heard = k->begun;
		k->sent = true;
		s->under_way++;
		if (!resolver_ask(s->dns, s->ctx, &k->question,
		    &(struct resolver_call){ answered, k, &k->id }, e))
			return false;
	}
	return true;
}

static void
give_up(struct dns_store *s, struct kept *k)
{
	if (k->sent) {
		ub_cancel(s->ctx, k->id);
		s->under_way--;
	}
	kept_done(k);
}

/* Those that took too long; all of them, once nothing answers. */
static void
expire(struct dns_store *s)
{
	double most = s->dns->seconds > 0 ? s->dns->seconds : DNS_SECONDS;
	double now = clock_seconds();

	if (s->under_way > 0 && now - s->heard >= most)
		s->is_dead = true;
	for (size_t i = s->first; i < s->kept.count &&
	    (i < s->next || s->is_dead); i++) {
		struct kept *k = s->kept.item[i];

		if (!k->done && (s->is_dead || now - k->begun >= most))
			give_up(s, k);
	}
	while (s->first < s->next && s->kept.item[s->first]->done)
		s->first++;
}

static bool
is_open(const struct dns_store *s)
{
	return s->under_way > 0 || s->next < s->kept.count;
}

static void
wait_once(struct dns_store *s)
{
	struct pollfd fd = { .fd = ub_fd(s->ctx), .events = POLLIN };

	if (s->under_way > 0)
		poll(&fd, 1, SLICE_MS);
	ub_process(s->ctx);
	expire(s);
}

/* Signals are for this thread: the resolver's begins with all blocked. */
bool
dns_store_wait(struct dns_store *s, struct err *e)
{
	double end = clock_seconds() + ROUND_SECONDS;
	size_t before = s->answered;
	sigset_t all, mask;
	bool ok = true;

	while (ok && is_open(s) && (s->answered == before ||
	    clock_seconds() < end) && !s->is_dead) {
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &mask);
		ok = send_more(s, e);
		pthread_sigmask(SIG_SETMASK, &mask, NULL);
		if (ok)
			wait_once(s);
		if (ok && s->dns->interrupted != NULL &&
		    s->dns->interrupted(s->dns->arg))
			ok = err_set(e, ERR_INTERRUPTED, "interrupted");
	}
	return ok;
}

void
dns_store_count(const struct dns_store *s, size_t *asked, size_t *answers)
{
	*asked = s->kept.count;
	*answers = s->answered;
}

/* --- opening --------------------------------------------------------- */

static bool
context_open(struct dns_store *s, const char *anchor, struct err *e)
{
	const struct dns_question by_resolver = { 0 };

	return resolver_open(s->dns, &by_resolver, &s->ctx, e) &&
	    (anchor == NULL || resolver_trust(s->ctx, anchor, e));
}

static void
store_empty(struct dns_store *s)
{
	ub_ctx_delete(s->ctx);
	nameset_clear(&s->keys);
	VECTOR_CLEAR(&s->kept);
	*s = (struct dns_store){ .dns = s->dns };
}

/*
 * Through a resolver that strips signatures every answer would be false: then
 * nothing is proved, which is better than nothing known.
 */
static bool
anchor_try(struct dns_store *s, bool *proves, struct err *e)
{
	const struct dns_answer *keys;

	while ((keys = store_ask(s, ".", DNS_DNSKEY)) == NULL) {
		if (!dns_store_wait(s, e))
			return false;
	}
	*proves = keys->secure || (keys->state == DNS_UNKNOWN &&
	    !keys->bogus);
	return true;
}

static bool
store_begin(struct dns_store *s, const char *anchor, struct err *e)
{
	bool proves = true;

	if (anchor != NULL && access(anchor, R_OK) != 0)
		anchor = NULL;
	if (!context_open(s, anchor, e) ||
	    (anchor != NULL && !anchor_try(s, &proves, e)))
		return false;
	if (proves)
		return true;
	store_empty(s);
	return context_open(s, NULL, e);
}

bool
dns_store_open(const struct dns *dns, const char *anchor,
    struct dns_store **store, struct err *e)
{
	struct dns_store *s = arena_alloc(dns->arena, sizeof(*s));

	*s = (struct dns_store){ .dns = dns };
	*store = s;
	if (store_begin(s, anchor, e))
		return true;
	dns_store_close(s);
	return false;
}

/* After ub_cancel() no answer comes any more. */
void
dns_store_close(struct dns_store *s)
{
	for (size_t i = s->first; s->ctx != NULL && i < s->next; i++) {
		struct kept *k = s->kept.item[i];

		if (k->sent && !k->done)
			ub_cancel(s->ctx, k->id);
	}
	store_empty(s);
}
