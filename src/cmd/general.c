/* Commands without a noun: find, status, help. */
#include "cmd/help/help.h"
#include "cmd/run/list.h"
#include "model/mail/names.h"

/* --- find ------------------------------------------------------------ */

struct find_args {
	const char *pattern;
};

static const struct arg find_arg[] = {
	ARGUMENT("PATTERN", arg_pattern, find_args, pattern,
	    "an address or a part of one; * and ? match as in file names",
	    .flags = ARG_REQUIRED),
	{ 0 }
};

static bool
run_find(struct session *s, const void *args, struct err *e)
{
	const struct find_args *a = args;

	return out_begin(&s->out, occurrence_fields, OUT_LIST, e) &&
	    names_search(&s->mail, a->pattern, print_row, s, e) &&
	    out_end(&s->out, e);
}

/* --- status ---------------------------------------------------------- */

static bool
run_status(struct session *s, const void *args, struct err *e)
{
	struct server_status status;

	(void)args;
	return status_read(&s->mail, &status, e) &&
	    show_print(s, server_status_fields, &status, e);
}

/* --- help ------------------------------------------------------------ */

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

const struct cmd general_cmds[] = {
	{ .name = "find",
	    .brief = "search domains, users and aliases for text",
	    .detail =
	    "Finds it in domains, users, both sides of aliases, and grants.",
	    .example = "find anna",
	    ARGS(find_arg, find_args), .columns = occurrence_fields,
	    .flags = CMD_DB, .run = run_find },
	{ .name = "status",
	    .brief = "server, database, account, schema version, counts",
	    .example = "status",
	    .columns = server_status_fields, .flags = CMD_DB,
	    .run = run_status },
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
