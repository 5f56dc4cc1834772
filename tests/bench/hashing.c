/*
 * Hashes passwords by libxcrypt and by password_hash_bulk(), in turns.
 *
 *   hashing ROUNDS COUNT TURNS
 *
 * One line on standard output, medians of the turns: what libxcrypt takes to
 * what one core takes, in processor time; what one core takes to what two
 * take, by the clock, 0 where there is one; hashes a second by libxcrypt, and
 * by one core.
 */
#include <crypt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "model/password/bulk.h"

#define TURNS_MAX 100
#define PASSWORD "twenty-characters-pw"

static double
seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
by_libxcrypt(long rounds, size_t count)
{
	static struct crypt_data data;
	char setting[64];

	snprintf(setting, sizeof(setting), "$5$rounds=%ld$abcdefghijklmnop",
	    rounds);
	while (count-- > 0)
		if (crypt_rn(PASSWORD, setting, &data, sizeof(data)) == NULL)
			exit(1);
}

static void
by_bulk(long rounds, size_t count)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct password_job *job = arena_array(&a, count, sizeof(*job));
	const struct password_hashing how = { rounds, NULL, NULL };
	size_t i;

	for (i = 0; i < count; i++)
		job[i].password = PASSWORD;
	if (!password_hash_bulk(&a, job, count, &how, &e)) {
		fprintf(stderr, "hashing: %s\n", e.text);
		exit(1);
	}
	arena_clear(&a);
}

/* At most so many of the processors in `all`. */
static int
use_cores(const cpu_set_t *all, int wanted)
{
	cpu_set_t some;
	size_t cpu;
	int n = 0;

	CPU_ZERO(&some);
	for (cpu = 0; cpu < CPU_SETSIZE && n < wanted; cpu++)
		if (CPU_ISSET(cpu, all)) {
			CPU_SET(cpu, &some);
			n++;
		}
	if (sched_setaffinity(0, sizeof(some), &some) != 0)
		exit(1);
	return n;
}

static double
took(clockid_t clock, void (*hash)(long, size_t), long rounds, size_t count)
{
	double begun = seconds(clock);

	hash(rounds, count);
	return seconds(clock) - begun;
}

static int
compare(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static double
median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare);
	return v[n / 2];
}

int
main(int argc, char **argv)
{
	double ratio[TURNS_MAX], cores[TURNS_MAX], old[TURNS_MAX];
	double bulk[TURNS_MAX], clock;
	size_t count, turns, i;
	cpu_set_t all;
	long rounds;

	if (argc != 4 || sched_getaffinity(0, sizeof(all), &all) != 0)
		return 2;
	rounds = strtol(argv[1], NULL, 10);
	count = strtoul(argv[2], NULL, 10);
	turns = strtoul(argv[3], NULL, 10);
	if (count == 0 || turns == 0 || turns > TURNS_MAX)
		return 2;
	for (i = 0; i < turns; i++) {
		use_cores(&all, 1);
		old[i] = took(CLOCK_PROCESS_CPUTIME_ID, by_libxcrypt, rounds,
		    count);
		clock = seconds(CLOCK_MONOTONIC);
		bulk[i] = took(CLOCK_PROCESS_CPUTIME_ID, by_bulk, rounds,
		    count);
		clock = seconds(CLOCK_MONOTONIC) - clock;
		ratio[i] = old[i] / bulk[i];
		cores[i] = use_cores(&all, 2) < 2 ? 0 : clock /
		    took(CLOCK_MONOTONIC, by_bulk, rounds, count);
	}
	printf("%.3f %.3f %.0f %.0f\n", median(ratio, turns),
	    median(cores, turns), (double)count / median(old, turns),
	    (double)count / median(bulk, turns));
	return 0;
}
