/*
 * From words to a command with its arguments filled in.
 */
#ifndef CMD_LANGUAGE_PARSE_H
#define CMD_LANGUAGE_PARSE_H

#include "cmd/language/options.h"

enum parse_mode {
	PARSE_COMMAND_LINE,	/* options of the run are accepted */
	PARSE_LINE,		/* a line of a batch */
	PARSE_SHELL		/* likewise; unique prefixes will do */
};

struct parsed {
	const struct cmd *cmd;		/* NULL: only options were given */
	void *args;			/* struct of cmd->args_size */
	struct run_options options;
	bool secret;			/* the line must not be remembered */
};

/*
 * `options` holds those of the run; what the words add is in the result.
 * With --help or --version missing arguments are no error.
 *
 * After an error the result has what says how to report it, wherever that
 * stands: the options of the run, the command (or the one that such a flag
 * belongs to, where the command is unknown), and of its own arguments the
 * flags alone.
 */
bool parse_words(struct arena *a, const struct words *words,
    const struct run_options *options, enum parse_mode mode,
    struct parsed *parsed, struct err *e);

#endif
