/*
 * A resolver inside this process, by libunbound: what ask.c and store.c share.
 */
#ifndef MODEL_DNS_RESOLVER_H
#define MODEL_DNS_RESOLVER_H

#include "model/dns/ask.h"

struct ub_ctx;
struct ub_result;

/* It works in a thread of its own; ub_ctx_delete() ends it. */
bool resolver_open(const struct dns *dns, const struct dns_question *q,
    struct ub_ctx **ctx, struct err *e);

/* Before the first question: the server of another zone. */
bool resolver_add(struct ub_ctx *ctx, const struct dns_question *q,
    struct err *e);

/* Before the first question: answers are proved by the keys in the file. */
bool resolver_trust(struct ub_ctx *ctx, const char *file, struct err *e);

/* False for a name that DNS cannot hold: it does not exist. */
bool resolver_can_ask(const char *name);

struct resolver_call {
	void (*answered)(void *arg, int failed, struct ub_result *r);
	void *arg;
	int *id;		/* for ub_cancel() */
};

bool resolver_ask(const struct dns *dns, struct ub_ctx *ctx,
    const struct dns_question *q, const struct resolver_call *call,
    struct err *e);

/* Fills in the answer, with texts in the arena. */
void resolver_take(struct arena *a, struct dns_question *q,
    const struct ub_result *r);

#endif
