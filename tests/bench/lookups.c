/*
 * Asks two databases the same kind of question, in turns.
 *
 *   lookups SOCKET ROUNDS DATABASE FILE DATABASE FILE
 *
 * Each file holds one statement a line.  One line on standard output: the
 * median of the rounds, in microseconds for one lookup, for each of the two.
 * The first rounds are not counted: they fetch the pages from the disk.  A
 * lookup that finds nothing is an error, since that may cost less.
 */
#include <mysql.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOKUPS_MAX 100000
#define ROUNDS_MAX 100
#define WARM_UP 3

struct side {
	MYSQL *mysql;
	char *lookup[LOOKUPS_MAX];
	size_t count;
	double us[ROUNDS_MAX];
};

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static bool
side_open(struct side *s, const char *socket, const char *database,
    const char *path)
{
	FILE *file = fopen(path, "r");
	size_t size = 0;

	s->mysql = mysql_init(NULL);
	if (file == NULL || s->mysql == NULL ||
	    mysql_real_connect(s->mysql, NULL, "root", NULL, database, 0,
		socket, 0) == NULL)
		return false;
	while (s->count < LOOKUPS_MAX &&
	    getline(&s->lookup[s->count], &size, file) > 0) {
		s->count++;
		size = 0;
	}
	fclose(file);
	return s->count > 0;
}

static bool
ask(struct side *s, const char *lookup)
{
	MYSQL_RES *rows;
	bool found;

	if (mysql_real_query(s->mysql, lookup, strlen(lookup)) != 0)
		return false;
	rows = mysql_store_result(s->mysql);
	found = rows != NULL && mysql_num_rows(rows) > 0;
	mysql_free_result(rows);
	return found;
}

/* The nth lookup of a side; what it took is added to the round. */
static bool
side_ask(struct side *s, size_t n, double *us)
{
	const char *lookup = s->lookup[n % s->count];
	double begun = now_us();

	if (!ask(s, lookup)) {
		fprintf(stderr, "lookups: %s: %s", mysql_error(s->mysql),
		    lookup);
		return false;
	}
	*us += now_us() - begun;
	return true;
}

/*
 * One lookup of each side after the other, and who is first changes each
 * time: what disturbs the machine for a while disturbs both.
 */
static bool
run_round(struct side side[2], int round)
{
	size_t n = side[0].count > side[1].count ? side[0].count :
	    side[1].count;
	double us[2] = { 0 };

	for (size_t i = 0; i < n; i++) {
		size_t first = i % 2;

		if (!side_ask(&side[first], i, &us[first]) ||
		    !side_ask(&side[!first], i, &us[!first]))
			return false;
	}
	for (int i = 0; i < 2 && round >= WARM_UP; i++)
		side[i].us[round - WARM_UP] = us[i] / (double)n;
	return true;
}

static int
compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int
main(int argc, char **argv)
{
	static struct side side[2];
	int rounds = argc == 7 ? atoi(argv[2]) : 0;

	if (rounds < 1 || rounds > ROUNDS_MAX)
		return 2;
	for (int i = 0; i < 2; i++) {
		if (!side_open(&side[i], argv[1], argv[3 + 2 * i],
		    argv[4 + 2 * i])) {
			fprintf(stderr, "lookups: cannot open %s\n",
			    argv[3 + 2 * i]);
			return 1;
		}
	}
	for (int round = 0; round < WARM_UP + rounds; round++) {
		if (!run_round(side, round))
			return 1;
	}
	for (int i = 0; i < 2; i++) {
		qsort(side[i].us, (size_t)rounds, sizeof(double), compare);
		printf("%.1f%s", side[i].us[rounds / 2], i ? "\n" : " ");
	}
	return 0;
}
