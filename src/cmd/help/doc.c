/* Help from the tables: of mailadm, of a noun, of a command. */
#include "cmd/help/doc.h"

#include <string.h>

#include "base/text.h"
#include "cmd/help/version.h"
#include "cmd/language/options.h"
#include "cmd/language/suggest.h"
#include "cmd/language/usage.h"

#define LINE 78
#define HELP_COLUMN 26

/* Words of s from `column` on, broken before LINE, indented after that. */
static void
add_wrapped(struct text *t, size_t column, size_t indent, const char *s)
{
	bool first = true;

	while (*s != '\0') {
		size_t n = strcspn(s, " \n");

		if (*s == '\n') {
			text_add_char(t, *s++);
			column = 0;
			first = true;
			continue;
		}
		if (!first && column + 1 + n > LINE) {
			text_addf(t, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!first) {
			text_add_char(t, ' ');
			column++;
		}
		text_add_bytes(t, s, n);
		column += n;
		s += n;
		s += *s == ' ';
		first = false;
	}
	text_add_char(t, '\n');
}

void
doc_entry(struct text *t, const char *name, const char *help)
{
	size_t len = strlen(name);

	text_addf(t, "  %s", name);
	if (len + 2 + 2 > HELP_COLUMN)
		text_addf(t, "\n%*s", HELP_COLUMN, "");
	else
		text_addf(t, "%*s", (int)(HELP_COLUMN - len - 2), "");
	add_wrapped(t, HELP_COLUMN, HELP_COLUMN, help);
}

void
doc_arg(struct text *t, const struct arg *arg)
{
	struct text name = TEXT_INIT;

	if (arg->name[0] != '-')
		text_add(&name, arg->name);
	else if (arg->letter != 0)
		text_addf(&name, "-%c, %s", arg->letter, arg->name);
	else
		text_add(&name, arg->name);
	if (arg->name[0] == '-' && arg->type != NULL)
		text_addf(&name, arg->flags & ARG_MAY_LACK_VALUE ? "[=%s]" :
		    " %s", arg->type->metavar);
	doc_entry(t, name.buf, arg->help);
	text_clear(&name);
}

static void
add_args(struct text *t, const struct arg *args, bool options,
    const char *title)
{
	bool titled = false;

	for (; args != NULL && args->name != NULL; args++) {
		if ((args->name[0] == '-') != options)
			continue;
		if (!titled)
			text_addf(t, "\n%s:\n", title);
		titled = true;
		doc_arg(t, args);
	}
}

static void
add_command(struct text *t, const struct cmd *cmd)
{
	struct text usage = TEXT_INIT;

	text_addf(t, "mailadm %s: %s\n\nusage: ", cmd->name, cmd->brief);
	usage_add(&usage, cmd);
	add_wrapped(t, 7, 7, usage.buf);
	text_clear(&usage);
	if (cmd->detail != NULL) {
		text_add_char(t, '\n');
		add_wrapped(t, 0, 0, cmd->detail);
	}
	add_args(t, cmd->args, false, "arguments");
	add_args(t, cmd->args, true, "options");
	text_addf(t, "\nexample:\n  mailadm %s\n", cmd->example);
}

static void
add_commands(struct text *t, const char *noun)
{
	size_t len = noun ? strlen(noun) : 0;

	for (size_t g = 0; cmd_groups[g] != NULL; g++) {
		for (const struct cmd *c = cmd_groups[g]; c->name; c++) {
			if (c->flags & CMD_HIDDEN || (noun != NULL &&
			    (strncmp(c->name, noun, len) != 0 ||
			    c->name[len] != ' ')))
				continue;
			doc_entry(t, c->name, c->brief);
		}
	}
}

static void
add_overview(struct text *t)
{
	text_add(t, "mailadm: mail domains, users and aliases in MariaDB, "
	    "for Postfix and Dovecot\n\n"
	    "usage: mailadm [OPTIONS] COMMAND     one command, one "
	    "transaction\n"
	    "       mailadm [OPTIONS] -f FILE     one command a line, one "
	    "transaction for all\n"
	    "       mailadm [OPTIONS]             on a terminal: the shell\n"
	    "\ncommands:\n");
	add_commands(t, NULL);
	add_args(t, run_args, true, "options");
	text_add(t, "\nmailadm help COMMAND tells more; mailadm(8) tells "
	    "all.\n");
}

static bool
print(struct out *o, struct text *t, struct err *e)
{
	bool ok = out_text(o, t->buf, e);

	text_clear(t);
	return ok;
}

bool
doc_help(struct out *o, const struct cmd *cmd, struct err *e)
{
	struct text t = TEXT_INIT;

	if (cmd != NULL)
		add_command(&t, cmd);
	else
		add_overview(&t);
	return print(o, &t, e);
}

bool
doc_help_words(struct out *o, struct arena *a, const struct words *topic,
    struct err *e)
{
	const char *noun = topic->count > 0 ? topic->word[0] : NULL;
	const struct cmd *cmd = NULL;
	struct text t = TEXT_INIT;

	if (noun == NULL)
		return doc_help(o, NULL, e);
	if (topic->count == 1 || !is_noun(noun))
		cmd = cmd_find(noun);
	else
		cmd = cmd_find(arena_printf(a, "%s %s", noun,
		    topic->word[1]));
	if (cmd != NULL)
		return doc_help(o, cmd, e);
	if (topic->count == 1 && is_noun(noun)) {
		text_addf(&t, "commands of %s:\n", noun);
		add_commands(&t, noun);
		text_addf(&t, "\nmailadm help %s VERB tells more.\n", noun);
		return print(o, &t, e);
	}
	if (topic->count == 1 || !is_noun(noun)) {
		err_set(e, ERR_USAGE, "no such command: %.200s", noun);
		return hint_command(a, NULL, noun, e);
	}
	err_set(e, ERR_USAGE, "no such command: %.100s %.100s", noun,
	    topic->word[1]);
	return hint_command(a, noun, topic->word[1], e);
}

bool
doc_version(struct out *o, struct err *e)
{
	return out_text(o, "mailadm " MAILADM_VERSION "\n"
	    "License GPL-3.0-or-later: free software, without any "
	    "warranty.\n", e);
}
