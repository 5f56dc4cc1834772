/* How many rounds a password's hash may have. */
#include "model/password/calibrate.h"

#include <time.h>

#include "model/password/hash.h"

#define MILLISECOND 1000000
#define TRIES 3

/* Less is lost in what a call takes by itself. */
#define MEASURED_MIN (50 * (int64_t)MILLISECOND)

/* Begins low, so that a slow machine is not busy for seconds. */
#define FIRST 20000

const struct field calibration_fields[] = {
	FIELD(struct calibration, rounds, FIELD_NUMBER),
	FIELD(struct calibration, milliseconds, FIELD_NUMBER),
	FIELD(struct calibration, requested, FIELD_NUMBER),
	{ 0 }
};

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000 * MILLISECOND + t.tv_nsec;
}

int64_t
calibrate_measure(struct arena *a, int64_t rounds, struct err *e)
{
	int64_t best = INT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		int64_t begun = now(), taken;
		const char *hash;

		/* It is verified after it is made: twice what a login costs. */
		if (!password_hash(a, "a password to measure", (long)rounds,
		    &hash, e))
			return 0;
		taken = (now() - begun) / 2;
		best = taken < best ? taken : best;
	}
	return best > 0 ? best : 1;
}

static int64_t
within(int64_t rounds)
{
	if (rounds < PASSWORD_ROUNDS_MIN)
		return PASSWORD_ROUNDS_MIN;
	return rounds > PASSWORD_ROUNDS_MAX ? PASSWORD_ROUNDS_MAX : rounds;
}

/* More digits would suggest a better measurement. */
static int64_t
two_digits(int64_t rounds)
{
	int64_t unit = 1;

	while (rounds / unit >= 100)
		unit *= 10;
	return rounds / unit * unit;
}

bool
calibrate(struct arena *a, calibrate_clock clock, int64_t requested,
    struct calibration *c, struct err *e)
{
	int64_t rounds = FIRST, taken;

	while ((taken = clock(a, rounds, e)) < MEASURED_MIN && taken > 0 &&
	    rounds < PASSWORD_ROUNDS_MAX)
		rounds = within(rounds * 4);
	if (taken == 0)
		return false;
	rounds = (int64_t)((double)rounds * (double)requested * MILLISECOND /
	    (double)taken);
	rounds = within(two_digits(rounds));
	taken = clock(a, rounds, e);
	*c = (struct calibration){ rounds,
	    (taken + MILLISECOND / 2) / MILLISECOND, requested };
	return taken > 0;
}
