/*
 * How long something takes, by a clock that nobody can set.
 *
 *	double begun = clock_seconds();
 *	...
 *	double taken = clock_seconds() - begun;
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

/* Seconds since a fixed moment in the past, with parts of a second. */
double clock_seconds(void);

#endif
