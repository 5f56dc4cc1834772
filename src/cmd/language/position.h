/*
 * Where in a command line the cursor is.  Never fails.
 *
 * Completion, the help for "?" and the hint of missing arguments use this;
 * unlike the parser it accepts an unfinished line.
 */
#ifndef CMD_LANGUAGE_POSITION_H
#define CMD_LANGUAGE_POSITION_H

#include "cmd/language/cmd.h"

struct position {
	const struct cmd *cmd;		/* NULL: its words are being typed */
	const char *noun;		/* a verb must follow */
	const struct arg *valued;	/* an option that waits for a value */
	size_t positionals;		/* how many were given */
	const char *last;		/* the last of them, or NULL */
	struct words options;		/* names of those that were given */
	bool lost;			/* no such command */
};

/* The position after the words of a line; `next` is being typed. */
struct position position_find(struct arena *a, const struct words *before,
    const char *next);

/* An option of the command or of the run, by its name or letter. */
const struct arg *position_option(const struct cmd *cmd, const char *word,
    size_t len);

/* The argument that the next word fills, NULL: none. */
const struct arg *position_expected(const struct position *p);

/* The positional argument number n, from 0. */
const struct arg *positional_at(const struct cmd *cmd, size_t n);

/* True when an option was given and does not repeat. */
bool position_has(const struct position *p, const struct arg *option);

#endif
