/*
 * What no caller can deal with: a condition that cannot happen, and no memory.
 *
 * Neither is an error value.  Both end the program at once.
 */
#ifndef BASE_BUG_H
#define BASE_BUG_H

/* A condition that cannot happen: reports where, and aborts. */
#define BUG_ON(cond) do {						\
	if (cond)							\
		bug(__FILE__, __LINE__, #cond);				\
} while (0)

_Noreturn void bug(const char *file, int line, const char *what);

/* Reports it on standard error and ends the program with status 10. */
_Noreturn void out_of_memory(void);

#endif
