/* A parsed command: its options as a whole, when all words are read. */
#include "cmd/language/parsed.h"

#include <string.h>

#include "cmd/language/usage.h"
#include "print/out.h"

/* --sort takes a column of the command, or -COLUMN. */
static bool
check_sort(const struct parsed *p, struct err *e)
{
	const struct arg *arg = p->cmd->args;

	for (; arg != NULL && arg->name != NULL; arg++) {
		const char *const *slot = (const void *)
		    ((const char *)p->args + arg->offset);

		if (arg->type != &arg_column || *slot == NULL)
			continue;
		if (!out_columns_check(p->cmd->columns,
		    *slot + (**slot == '-'), e))
			return err_wrap(e, "%s", arg->name);
	}
	return true;
}

/* Names of columns are checked before the connection. */
static bool
check_columns(const struct parsed *p, struct err *e)
{
	if (p->cmd->columns == NULL)
		return true;
	return out_columns_check(p->cmd->columns, p->options.columns, e) &&
	    check_sort(p, e);
}

bool
parsed_check(const struct parsed *p, struct err *e)
{
	const struct cmd *cmd = p->cmd;

	for (const struct arg *arg = cmd->args; arg && arg->name; arg++) {
		const char *const *slot = (const void *)
		    ((const char *)p->args + arg->offset);

		if (!arg_is_option(arg) || !(arg->flags & ARG_REQUIRED) ||
		    *slot != NULL)
			continue;
		err_set(e, ERR_USAGE, "missing option: %s %s", arg->name,
		    arg->type->metavar);
		return hint_usage(cmd, e);
	}
	return check_columns(p, e);
}
