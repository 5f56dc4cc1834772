/*
 * Postfix's queue, as "postqueue -j" prints it: a JSON object a line.
 */
#ifndef MODEL_DOCTOR_QUEUE_H
#define MODEL_DOCTOR_QUEUE_H

#include "model/doctor/private.h"

#define QUEUE_REASONS 3

struct queue_reason {
	const char *text;
	int64_t count;		/* recipients that wait for it */
};

struct queue {
	int64_t count;		/* messages */
	int64_t waiting;	/* of these, deferred ones */
	int64_t held;		/* and those on hold */
	int64_t oldest;		/* arrival, seconds since 1970; 0: none */
	struct queue_reason reason[QUEUE_REASONS];	/* the most frequent */
	int64_t odd;		/* lines that are no message */
};

void queue_read(struct arena *a, const char *json, struct queue *q);

/* What one message waits for; its reasons come from elsewhere. */
struct queue_place {
	bool found;		/* it is in the queue */
	const char *reason;	/* it is deferred for this; or NULL */
	bool answered;		/* some message is for its sender */
};

/* The message of this id, from this address. */
struct queue_sent {
	const char *id;
	const char *from;
};

void queue_find(struct arena *a, const char *json,
    const struct queue_sent *sent, struct queue_place *place);

/* Asks for it. */
bool queue_ask(struct doctor *d, const struct queue_sent *sent,
    struct queue_place *place, struct err *e);

struct verdict queue_judge(struct arena *a, const struct queue *q,
    int64_t now);

#endif
