/* mailadm help: the command; src/cmd/help has the texts. */
#include "cmd/help/help.h"
#include "cmd/run/session.h"

struct help_args {
	struct words words;
};

static const struct arg help_arg[] = {
	ARGUMENT("TOPIC", arg_word, help_args, words,
	    "a command, a noun, a topic of the manual, or a word to search "
	    "for", .flags = ARG_REPEAT),
	{ 0 }
};

static bool
run_help(struct session *s, const void *args, struct err *e)
{
	const struct help_args *a = args;

	return doc_help_words(&s->out, &s->scratch, &a->words, e);
}

const struct cmd help_cmds[] = {
	{ .name = "help", .brief = "help on a command or a topic",
	    .detail =
	    "Without TOPIC it lists commands, options and topics. A word that "
	    "is neither a command nor a topic is searched for in all of them, "
	    "in settings and in the rules of the checkers. Status 4: nothing "
	    "was found.",
	    .example = "help user add",
	    ARGS(help_arg, help_args), .run = run_help },
	{ 0 }
};
