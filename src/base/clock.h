/*
 * How long something takes, by a clock that nobody can set.
 *
 *	double begun = clock_seconds();
 *	...
 *	double taken = clock_seconds() - begun;
 *
 * And when who waits has to give up: at a moment, or because somebody asks.
 *
 *	struct stop stop = { .until = clock_seconds() + 60 };
 *	...
 *	while (!done && !stop_is_due(&stop))
 *		wait for STOP_SLICE_MS
 *
 * For threads: all of it only reads.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>

/* Seconds since a fixed moment in the past, with parts of a second. */
double clock_seconds(void);

/* How long one may wait without looking: nobody takes it for a hang. */
#define STOP_SLICE_MS 100

struct stop {
	double until;			/* of clock_seconds(); 0: never */
	bool (*asked)(void *arg);	/* by Ctrl-C; or NULL */
	void *arg;
};

/* NULL is never due. */
bool stop_is_due(const struct stop *stop);

/* The same by what was asked alone, however late it is. */
bool stop_is_asked(const struct stop *stop);

/* So many seconds, or what is left until then: 0 at the end. */
double stop_left(const struct stop *stop, double seconds);

#endif
