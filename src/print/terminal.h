/*
 * Asking a person: always on the terminal itself (/dev/tty), so that it
 * works while standard input and output go elsewhere.
 */
#ifndef PRINT_TERMINAL_H
#define PRINT_TERMINAL_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"

/* True when standard input is a terminal: somebody can be asked. */
bool terminal_here(void);

/* True when a person is there, even if standard input is redirected. */
bool terminal_reachable(void);

/* Of standard output; 0 and 0 when it does not say. */
void terminal_size(int *lines, int *columns);

/* --color: auto is for a terminal that has colours. */
enum terminal_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* auto, always, never; others change nothing. */
void terminal_color_parse(const char *name, enum terminal_color *color);

/* The one answer for whatever is written to this descriptor. */
bool terminal_wants_color(enum terminal_color asked_for, int fd);

/* No terminal, or one that cannot move its cursor, nor underline. */
bool terminal_is_plain(int fd);

/* y or yes is yes; everything else, and the end of input, is no. */
bool terminal_ask(const char *question, bool *yes, struct err *e);

/*
 * One line, without its newline; empty: the default is meant.  ERR_IO where
 * there is none.
 */
bool terminal_line(const char *prompt, struct text *line, struct err *e);

/*
 * One line without echo, without its newline; ERR_INTERRUPTED on Ctrl-C,
 * and the terminal is as it was in every case.
 */
bool terminal_secret(const char *prompt, struct text *secret, struct err *e);

#endif
