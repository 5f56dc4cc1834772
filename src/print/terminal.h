/*
 * What a terminal is: its size, its colours, whether a person uses it.
 */
#ifndef PRINT_TERMINAL_H
#define PRINT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* True when standard input is a terminal. */
bool terminal_here(void);

/* True when standard input or standard error is one: a person can answer. */
bool terminal_reachable(void);

/* The size of standard output; 0 and 0 when it is not known. */
void terminal_size(int *lines, int *columns);

/* What prose is wrapped at: 80 where the size is not known, at least 40. */
size_t terminal_width(void);

/* --color: auto is for a terminal that has colours. */
enum terminal_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* auto, always, never; others change nothing. */
void terminal_color_parse(const char *name, enum terminal_color *color);

/* True when text for this descriptor is to be coloured. */
bool terminal_wants_color(enum terminal_color asked_for, int fd);

/* What a text is, and so how it looks; STYLE_PLAIN has no sequence. */
enum terminal_style {
	STYLE_PLAIN,
	STYLE_HEADING,		/* bold */
	STYLE_ERROR,		/* red */
	STYLE_WARNING,		/* yellow */
	STYLE_DONE,		/* green */
	STYLE_LESS		/* dim: hints, and rows that are switched off */
};

/* The escape sequences around such a text; "" where it is not coloured. */
const char *terminal_begin(enum terminal_style style, bool colored);
const char *terminal_end(enum terminal_style style, bool colored);

/* True when it is no terminal, or one that can only print: TERM=dumb. */
bool terminal_is_plain(int fd);

#endif
