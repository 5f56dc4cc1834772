/*
 * How far long work has come: one line on a terminal, nothing elsewhere.
 */
#ifndef PRINT_PROGRESS_H
#define PRINT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "print/out.h"

struct progress {
	struct out *out;
	const char *what;	/* that is counted, now */
	double begun;		/* of clock_seconds() */
	double shown;
	bool line;		/* it stands there */
};

void progress_begin(struct progress *p, struct out *out);

/* part: of the work that is done, 0 to 1; 0: nobody knows. */
void progress_show(struct progress *p, const char *what, int64_t number,
    double part);

/* Takes the line away. */
void progress_end(struct progress *p);

#endif
