/*
 * A pager: another program that shows what is longer than the screen.
 *
 * What it does not take yet is kept in a file without a name, so that
 * whoever writes never waits for the person who reads.
 */
#ifndef PRINT_PAGER_H
#define PRINT_PAGER_H

#include <stdbool.h>
#include <stddef.h>

struct pager;

/* $PAGER, or less; NULL when there is none, or it cannot be started. */
struct pager *pager_open(void);

/* False when it has ended: the person has seen enough. */
bool pager_write(struct pager *p, const char *bytes, size_t len);

/* Gives it the rest and waits for its end. */
void pager_close(struct pager *p);

#endif
