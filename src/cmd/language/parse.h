/*
 * From words to a command with its arguments filled in.
 */
#ifndef CMD_LANGUAGE_PARSE_H
#define CMD_LANGUAGE_PARSE_H

#include "cmd/language/options.h"

enum parse_mode {
	PARSE_COMMAND_LINE,	/* options of the run are accepted */
	PARSE_LINE,		/* a line of a batch */
	PARSE_SHELL		/* the same, with unique prefixes */
};

struct parsed {
	const struct cmd *cmd;		/* NULL: only options were given */
	const char *noun;		/* without a verb, for its help */
	void *args;			/* struct of cmd->args_size */
	struct run_options options;
	bool secret;			/* the line must not be in a history */
};

/*
 * `options` are those of the run; the result has them and those of the words.
 * With --help or --version missing arguments are no error.
 *
 * After an error the result has everything that says how to report it: the
 * options of the run, wherever they are in the words; the command, or the one
 * that a flag like --nagios belongs to if the command is unknown; and of the
 * arguments of the command only the flags.
 */
bool parse_words(struct arena *a, const struct words *words,
    const struct run_options *options, enum parse_mode mode,
    struct parsed *parsed, struct err *e);

#endif
