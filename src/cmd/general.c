/* Commands of no noun: find, status, help. */
#include "cmd/help/doc.h"
#include "cmd/run/list.h"
#include "model/mail/status.h"

/* --- find ------------------------------------------------------------ */

struct find_args {
	const char *pattern;
};

static const struct arg find_arg[] = {
	{ "PATTERN", &arg_pattern, TEXT_ARG(struct find_args, pattern),
	    ARG_REQUIRED, "an address or a part of one; * and ? as in file "
	    "names", 0 },
	{ 0 }
};

static bool
print_row(void *arg, const void *row, struct err *e)
{
	struct session *s = arg;

	return out_row(&s->out, row, e);
}

static bool
run_find(struct session *s, const void *args, struct err *e)
{
	const struct find_args *a = args;

	return out_begin(&s->out, occurrence_fields, OUT_LIST, e) &&
	    find(&s->mail, a->pattern, print_row, s, e) &&
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
	struct words topic;
};

static const struct arg help_arg[] = {
	{ "COMMAND", &arg_word, LIST_ARG(struct help_args, topic),
	    ARG_REPEAT, "a noun, or a whole command", 0 },
	{ 0 }
};

static bool
run_help(struct session *s, const void *args, struct err *e)
{
	const struct help_args *a = args;

	return doc_help_words(&s->out, &s->scratch, &a->topic, e);
}

const struct cmd general_cmds[] = {
	{ "find", "every place where an address or a part of one occurs",
	    "Looks at domains, users, both sides of aliases and grants.",
	    "find anna",
	    find_arg, sizeof(struct find_args), occurrence_fields, CMD_DB,
	    NULL, NULL, run_find },
	{ "status", "server, database, account, schema version, counts",
	    NULL, "status",
	    NULL, 0, server_status_fields, CMD_DB, NULL, NULL, run_status },
	{ "help", "help on mailadm or a command", NULL, "help user add",
	    help_arg, sizeof(struct help_args), NULL, 0, NULL, NULL,
	    run_help },
	{ 0 }
};
