/*
 * Memory that is given back is wiped: free() and realloc() of the program.
 *
 * What a person types passes through libraries that free their copies as
 * they are: readline (the line, its undo list, what TAB made of it),
 * libmariadb, and the C library.  Nobody can wipe those from outside.  So
 * these two functions are ours, and the libraries call them as well.
 * mallopt(M_PERTURB) was tried: it leaves small blocks as they are, which the
 * C library keeps for the next malloc().
 *
 * The sanitizers watch over free() themselves; there it stays theirs.
 */
#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define HAS_SANITIZER
#endif
#endif

#if !defined(__SANITIZE_ADDRESS__) && !defined(HAS_SANITIZER)

#define PUBLIC __attribute__((visibility("default")))

PUBLIC void
free(void *p)
{
	static void (*real)(void *);

	if (p == NULL)
		return;
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "free");
	explicit_bzero(p, malloc_usable_size(p));
	real(p);
}

/* Never moved by the C library, which would leave the old bytes behind. */
PUBLIC void *
realloc(void *p, size_t size)
{
	size_t have;
	void *moved;

	if (p == NULL)
		return malloc(size);
	have = malloc_usable_size(p);
	if (size <= have && size > have / 2)
		return p;
	moved = size > 0 ? malloc(size) : NULL;
	if (moved == NULL && size > 0)
		return NULL;
	if (moved != NULL)
		memcpy(moved, p, size < have ? size : have);
	free(p);
	return moved;
}

#endif
