/*
 * Two failures that no caller can handle: a bug, and no memory.
 *
 * They are not error values.  Both end the program at once.
 */
#ifndef BASE_BUG_H
#define BASE_BUG_H

/* The condition cannot be true: if it is, reports where, and aborts. */
#define BUG_ON(cond) do {						\
	if (cond)							\
		bug(__FILE__, __LINE__, #cond);				\
} while (0)

_Noreturn void bug(const char *file, int line, const char *what);

/* Reports it on standard error and ends the program with status 10. */
_Noreturn void out_of_memory(void);

#endif
