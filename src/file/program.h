/*
 * Another program, started directly with a list of arguments: what a word
 * of them holds means nothing to any shell.
 */
#ifndef FILE_PROGRAM_H
#define FILE_PROGRAM_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "base/words.h"

struct program_answer {
	int status;		/* -1: a signal ended it */
	const char *out;
	const char *err;
};

/* ERR_NOT_FOUND; owner: what it belongs to, for the hint. */
bool program_find(struct arena *a, const char *name, const char *owner,
    const char **path, struct err *e);

/* The first word is its path.  What it says may hold secrets. */
bool program_run(struct arena *a, const struct words *argv,
    const struct text *input, struct program_answer *answer, struct err *e);

#endif
