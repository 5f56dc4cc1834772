/* mailadm find: domains, users and aliases by a part of their names. */
#include "cmd/run/list.h"
#include "model/mail/find.h"

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
	    mail_find(&s->mail, a->pattern, print_row, s, e) &&
	    out_end(&s->out, e);
}

const struct cmd find_cmds[] = {
	{ .name = "find",
	    .brief = "search domains, users and aliases for text",
	    .detail =
	    "Finds it in domains, users, both sides of aliases, grants, "
	    "recipients of relay domains and ways out.",
	    .example = "find anna",
	    ARGS(find_arg, find_args), .columns = occurrence_fields,
	    .flags = CMD_DB, .run = run_find },
	{ 0 }
};
