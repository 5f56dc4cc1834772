/*
 * Asking a person: always on the terminal itself (/dev/tty), so that it
 * works while standard input and output go elsewhere.
 */
#ifndef PRINT_ASK_H
#define PRINT_ASK_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"

/* y or yes is yes; everything else, and the end of input, is no. */
bool ask_yes_no(const char *question, bool *yes, struct err *e);

/*
 * One line, without its newline; empty: the default is meant.  ERR_IO where
 * there is none.
 */
bool ask_line(const char *prompt, struct text *line, struct err *e);

/*
 * One line without echo, without its newline; ERR_INTERRUPTED on Ctrl-C,
 * and the terminal is as it was in every case.
 */
bool ask_secret(const char *prompt, struct text *secret, struct err *e);

#endif
