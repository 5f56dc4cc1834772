/* The monotonic clock of the system, and waiting by it. */
#include "base/clock.h"

#include <stddef.h>
#include <time.h>

double
clock_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

bool
stop_is_asked(const struct stop *stop)
{
	return stop != NULL && stop->asked != NULL && stop->asked(stop->arg);
}

bool
stop_is_due(const struct stop *stop)
{
	return stop_is_asked(stop) || stop_left(stop, 1) <= 0;
}

double
stop_left(const struct stop *stop, double seconds)
{
	double left;

	if (stop == NULL || stop->until <= 0)
		return seconds;
	left = stop->until - clock_seconds();
	return left < 0 ? 0 : left < seconds ? left : seconds;
}
