/* "120000 rows, 31000 a second, 0:28 left" */
#include "print/progress.h"

#include <stdio.h>
#include <string.h>

#define FIRST_MS 500		/* what is quicker shows nothing */
#define NEXT_MS 200

static double
seconds_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) +
	    (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

static void
begin(struct progress *p, const char *what)
{
	p->what = what;
	clock_gettime(CLOCK_MONOTONIC, &p->begun);
	p->shown = p->begun;
	/* The first line is due later than the next. */
	p->shown.tv_nsec += (FIRST_MS - NEXT_MS) * 1000000L;
}

void
progress_begin(struct progress *p, struct out *out)
{
	*p = (struct progress){ .out = out };
	begin(p, NULL);
}

void
progress_show(struct progress *p, const char *what, int64_t number,
    double part)
{
	double seconds;
	long left;

	if (!p->out->error_terminal || p->out->style.quiet)
		return;
	if (p->what == NULL || strcmp(p->what, what) != 0)
		begin(p, what);
	if (seconds_since(&p->shown) < NEXT_MS / 1e3)
		return;
	seconds = seconds_since(&p->begun);
	clock_gettime(CLOCK_MONOTONIC, &p->shown);
	p->line = true;
	fprintf(stderr, "\r\033[K%lld %s, %.0f a second", (long long)number,
	    what, (double)number / seconds);
	if (part > 0 && part < 1) {
		left = (long)(seconds / part * (1 - part) + 0.5);
		fprintf(stderr, ", %ld:%02ld left", left / 60, left % 60);
	}
	fflush(stderr);
}

void
progress_end(struct progress *p)
{
	if (p->line)
		fputs("\r\033[K", stderr);
	p->line = false;
}
