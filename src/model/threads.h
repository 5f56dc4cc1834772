/*
 * The same work on many things, on all processors that the process may use.
 *
 * Signals go to the calling thread only.
 */
#ifndef MODEL_THREADS_H
#define MODEL_THREADS_H

#include <stdbool.h>
#include <stddef.h>

struct threads_work {
	size_t count;			/* of things */
	/*
	 * Called for each thing, by some thread; threads are numbered from
	 * 0.  False: the others stop after the thing that each is at.
	 */
	bool (*each)(void *arg, size_t thread, size_t i);
	void *arg;
	/*
	 * Or NULL.  Called by the calling thread some fifty times a second,
	 * and at the end, with the number of things that are done.  False:
	 * all stop.
	 */
	bool (*progress)(void *arg, size_t done);
	void *progress_arg;
};

enum threads_end {
	THREADS_DONE,
	THREADS_FAILED,		/* .each said so */
	THREADS_STOPPED,	/* .progress said so */
	THREADS_NONE		/* no thread could be started */
};

/* At most so many work on so many things. */
size_t threads_most(size_t count);

enum threads_end threads_run(const struct threads_work *work);

#endif
