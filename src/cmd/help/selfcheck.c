/* Every row of the command table must make sense. */
#include "cmd/help/selfcheck.h"

#include <string.h>

#include "cmd/language/parse.h"

static bool
faulty(const struct cmd *cmd, const struct arg *arg, const char *what,
    struct err *e)
{
	return err_set(e, ERR_DIFFERS, "%s%s%s: %s",
	    cmd ? cmd->name : "run", arg ? " " : "", arg ? arg->name : "",
	    what);
}

static bool
text_given(const char *text)
{
	return text != NULL && *text != '\0';
}

static bool
check_slot(const struct cmd *cmd, const struct arg *arg, size_t size,
    struct err *e)
{
	size_t need = arg->slot == SLOT_FLAG ? sizeof(bool) :
	    arg->slot == SLOT_LIST ? sizeof(struct words) : sizeof(int64_t);

	if (arg->offset + need > size)
		return faulty(cmd, arg, "its slot is outside the struct", e);
	if ((arg->type == NULL) != (arg->slot == SLOT_FLAG))
		return faulty(cmd, arg, "a flag has no type, a value has", e);
	if (!!(arg->flags & ARG_REPEAT) != (arg->slot == SLOT_LIST))
		return faulty(cmd, arg, "a list repeats", e);
	return true;
}

static bool
check_args(const struct cmd *cmd, const struct arg *args, size_t size,
    struct err *e)
{
	bool optional = false, repeats = false;

	for (const struct arg *arg = args; arg && arg->name; arg++) {
		bool option = strncmp(arg->name, "--", 2) == 0;

		if (!text_given(arg->help))
			return faulty(cmd, arg, "no help", e);
		if (!check_slot(cmd, arg, size, e))
			return false;
		if (arg_find(arg + 1, arg->name, strlen(arg->name)))
			return faulty(cmd, arg, "twice in the table", e);
		if (cmd != NULL && arg_find(run_args, arg->name,
		    strlen(arg->name)))
			return faulty(cmd, arg, "is an option of the run", e);
		if (option)
			continue;
		if (*arg->name < 'A' || *arg->name > 'Z')
			return faulty(cmd, arg, "stands for a value, and is "
			    "not in capitals", e);
		if (repeats)
			return faulty(cmd, arg, "follows a list", e);
		if (arg->flags & ARG_REQUIRED && optional)
			return faulty(cmd, arg, "required after optional", e);
		optional = !(arg->flags & ARG_REQUIRED);
		repeats = arg->flags & ARG_REPEAT;
	}
	return true;
}

static bool
check_command(const struct cmd *cmd, struct err *e)
{
	if (!text_given(cmd->brief) || !text_given(cmd->example))
		return faulty(cmd, NULL, "no brief text or no example", e);
	if (strncmp(cmd->example, cmd->name, strlen(cmd->name)) != 0)
		return faulty(cmd, NULL, "an example of another command", e);
	if (cmd->run == NULL)
		return faulty(cmd, NULL, "does nothing", e);
	if (cmd_find(cmd->name) != cmd)
		return faulty(cmd, NULL, "exists twice", e);
	if (cmd->flags & CMD_WRITES && !(cmd->flags & CMD_DB))
		return faulty(cmd, NULL, "writes without a database", e);
	return check_args(cmd, cmd->args, cmd->args_size, e);
}

/* The parser must accept its example. */
static bool
check_example(struct arena *a, const struct cmd *cmd, struct err *e)
{
	struct run_options options;
	struct parsed parsed;
	struct words words;

	run_options_init(&options);
	return (words_split(a, cmd->example, strlen(cmd->example), &words,
		e) &&
	    parse_words(a, &words, &options, PARSE_COMMAND_LINE, &parsed, e))
	    || err_wrap(e, "example of %s", cmd->name);
}

bool
self_check_tables(struct arena *a, struct err *e)
{
	if (!check_args(NULL, run_args, sizeof(struct run_options), e))
		return false;
	for (size_t i = 0; i < cmd_count(); i++) {
		if (!check_command(cmd_at(i), e) ||
		    !check_example(a, cmd_at(i), e))
			return false;
	}
	return true;
}
