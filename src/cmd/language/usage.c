/* "usage: ...": how a command is written, in one line. */
#include "cmd/language/usage.h"

static void
usage_positional(struct text *t, const struct arg *arg)
{
	bool required = arg->flags & ARG_REQUIRED;

	text_addf(t, required ? " %s" : " [%s]", arg->name);
	if (arg->flags & ARG_REPEAT)
		text_add(t, "...");
}

static void
usage_option(struct text *t, const struct arg *arg)
{
	if (arg->type == NULL)
		text_addf(t, " [%s]", arg->name);
	else if (arg->flags & ARG_REQUIRED)
		text_addf(t, " %s %s", arg->name, arg->type->metavar);
	else if (arg->flags & ARG_MAY_LACK_VALUE)
		text_addf(t, " [%s[=%s]]", arg->name, arg->type->metavar);
	else
		text_addf(t, " [%s %s]", arg->name, arg->type->metavar);
}

void
usage_add(struct text *t, const struct cmd *cmd)
{
	text_addf(t, "mailadm %s", cmd->name);
	for (const struct arg *arg = cmd->args; arg && arg->name; arg++) {
		if (!arg_is_option(arg))
			usage_positional(t, arg);
	}
	for (const struct arg *arg = cmd->args; arg && arg->name; arg++) {
		if (arg_is_option(arg))
			usage_option(t, arg);
	}
}

bool
hint_usage(const struct cmd *cmd, struct err *e)
{
	struct text t = TEXT_INIT;

	if (cmd == NULL)
		return err_hint(e, "mailadm help");
	usage_add(&t, cmd);
	err_hint(e, "usage: %s", t.buf);
	text_clear(&t);
	return false;
}
