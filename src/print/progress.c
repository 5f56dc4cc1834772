/* "120000 rows, 31000 a second, 0:28 left" */
#include "print/progress.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

#define FIRST_MS 500		/* shorter work shows nothing */
#define NEXT_MS 200

static void
begin(struct progress *p, const char *what)
{
	p->what = what;
	p->begun = clock_seconds();
	/* The first line comes after FIRST_MS, the next after NEXT_MS. */
	p->shown = p->begun + (FIRST_MS - NEXT_MS) / 1e3;
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
	if (clock_seconds() - p->shown < NEXT_MS / 1e3)
		return;
	p->shown = clock_seconds();
	seconds = p->shown - p->begun;
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
