/*
 * How long something takes: a clock that nobody can set.
 *
 *	double begun = clock_seconds();
 *	...
 *	double taken = clock_seconds() - begun;
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

/* Seconds since some moment in the past, at least microseconds exact. */
double clock_seconds(void);

#endif
