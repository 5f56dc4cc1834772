/*
 * The words of a command that a server runs, and whose standard error leads
 * back to who asked: they go to the log of the mail system.
 */
#ifndef PRINT_JOURNAL_H
#define PRINT_JOURNAL_H

#include <stdbool.h>

#include "base/err.h"

/*
 * True where standard input and standard error are the same socket, as under
 * spawn(8) of Postfix.  From then on nothing that is said reaches the socket.
 */
bool journal_open(const char *name);

/* One line, after journal_open(). */
void journal_error(const struct err *e);

#endif
