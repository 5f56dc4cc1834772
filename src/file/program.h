/*
 * Running another program without a shell: it gets a list of arguments, and
 * no character of them has a meaning.
 */
#ifndef FILE_PROGRAM_H
#define FILE_PROGRAM_H

#include "base/arena.h"
#include "base/err.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/words.h"

struct program_answer {
	int status;		/* -1: a signal ended it */
	int signal;		/* which, or 0 */
	const char *out;
	const char *err;
};

/* ERR_NOT_FOUND; owner: the package that has it, for the hint. */
bool program_find(struct arena *a, const char *name, const char *owner,
    const char **path, struct err *e);

/* The first word is its path.  Its output may hold secrets. */
bool program_run(struct arena *a, const struct words *argv,
    const struct text *input, struct program_answer *answer, struct err *e);

/*
 * The same without input, for a program that may hang: ERR_RETRY after so
 * many seconds, and it is ended, with all that it has started.
 */
bool program_run_for(struct arena *a, const struct words *argv,
    unsigned seconds, struct program_answer *answer, struct err *e);

/*
 * One that is not ours: in / with no environment but a PATH, a locale and
 * MAILADM_HOOK, no open file but its three, and so many seconds.  More than
 * `most` bytes of what it says on a stream are read and forgotten.
 */
struct program_stranger {
	unsigned seconds;
	size_t most;
	const struct text *input;
};

bool program_run_stranger(struct arena *a, const struct words *argv,
    const struct program_stranger *how, struct program_answer *answer,
    struct err *e);

/*
 * The same for one that starts servers: they go on, in sessions of their own,
 * with its output open, so what counts is that the program itself has ended.
 * It is not ended by a deadline, which would end them, too.
 */
bool program_run_starter(struct arena *a, const struct words *argv,
    struct program_answer *answer, struct err *e);

/* How long any program may take, and when all of them have to end. */
struct program_limit {
	unsigned seconds;
	const struct stop *stop;	/* or NULL */
};

/*
 * From now on all programs of this process have this limit, which has to
 * live; NULL: none again.  Who reads a configuration does not know how long
 * its caller may wait, and all would pass the same on.
 */
void program_limit(const struct program_limit *of_all);

#endif
