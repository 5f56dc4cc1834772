/*
 * The progress of long work: one line on a terminal, nothing elsewhere.
 */
#ifndef PRINT_PROGRESS_H
#define PRINT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "print/out.h"

struct progress {
	struct out *out;
	const char *what;	/* what is counted now */
	double begun;		/* of clock_seconds() */
	double shown;
	bool line;		/* a line is on the screen */
};

void progress_begin(struct progress *p, struct out *out);

/* part: the share of the work that is done, 0 to 1; 0: not known. */
void progress_show(struct progress *p, const char *what, int64_t number,
    double part);

/* Clears the line. */
void progress_end(struct progress *p);

#endif
