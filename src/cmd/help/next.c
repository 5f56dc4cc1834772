/* What may come next, for a person who is typing. */
#include "cmd/help/next.h"

#include <string.h>

#include "base/sentence.h"
#include "cmd/help/doc.h"
#include "cmd/language/position.h"

/* --- help in place --------------------------------------------------- */

static size_t
noun_length(const struct cmd *cmd)
{
	return strcspn(cmd->name, " ");
}

static bool
same_noun(const struct cmd *a, const struct cmd *b)
{
	size_t len = noun_length(a);

	return a->name[len] == ' ' && noun_length(b) == len &&
	    strncmp(a->name, b->name, len) == 0;
}

/* One line for each noun with its verbs, or command without a verb. */
static void
add_first_words(struct text *t, struct arena *a)
{
	const struct cmd *last = NULL;

	for (size_t i = 0; i < cmd_count(); i++) {
		const struct cmd *cmd = cmd_at(i);
		struct words verbs = { 0 };

		if (cmd->flags & CMD_HIDDEN ||
		    (last != NULL && same_noun(cmd, last)))
			continue;
		last = cmd;
		for (size_t j = i; j < cmd_count(); j++) {
			if (same_noun(cmd, cmd_at(j)))
				words_add(a, &verbs, cmd_at(j)->name +
				    noun_length(cmd) + 1);
		}
		doc_entry(t, arena_strndup(a, cmd->name, noun_length(cmd)),
		    verbs.count > 0 ? sentence_list(a, &verbs) : cmd->brief);
	}
}

static void
add_verbs(struct text *t, const char *noun)
{
	size_t len = strlen(noun);

	for (size_t i = 0; i < cmd_count(); i++) {
		const struct cmd *cmd = cmd_at(i);

		if (!(cmd->flags & CMD_HIDDEN) && noun_length(cmd) == len &&
		    strncmp(cmd->name, noun, len) == 0 &&
		    cmd->name[len] == ' ')
			doc_entry(t, cmd->name + len + 1, cmd->brief);
	}
}

static void
add_value(struct text *t, const struct arg *arg)
{
	const char *const *choice = arg->type->choices;

	doc_entry(t, arg->name[0] == '-' ? arg->type->metavar : arg->name,
	    arg->help);
	for (; choice != NULL && *choice != NULL; choice++)
		doc_entry(t, *choice, "");
}

static bool
option_offered(const struct position *p, const struct arg *arg)
{
	return arg->name[0] == '-' && !position_has(p, arg) &&
	    !(arg->flags & ARG_STDIN);
}

static bool
option_missing(const struct position *p)
{
	const struct arg *arg = p->cmd->args;

	for (; arg != NULL && arg->name != NULL; arg++) {
		if (arg->name[0] == '-' && arg->flags & ARG_REQUIRED &&
		    !position_has(p, arg))
			return true;
	}
	return false;
}

static void
add_arguments(struct text *t, const struct position *p)
{
	const struct arg *arg = position_expected(p);
	bool options = false;

	if (arg != NULL)
		add_value(t, arg);
	if (!option_missing(p) && (arg == NULL ||
	    !(arg->flags & ARG_REQUIRED) ||
	    (arg->flags & ARG_REPEAT && p->positionals > 0)))
		doc_entry(t, "Return", p->cmd->brief);
	for (arg = p->cmd->args; arg != NULL && arg->name != NULL; arg++) {
		if (option_offered(p, arg))
			doc_arg(t, arg);
		options |= arg->name[0] == '-';
	}
	if (options || p->cmd->columns != NULL)
		text_addf(t, "  every command also takes -o, -n and others: "
		    "help %s\n", p->cmd->name);
}

void
next_help(struct text *t, struct arena *a, const struct words *before)
{
	struct position p = position_find(a, before, NULL);

	if (p.valued != NULL)
		add_value(t, p.valued);
	else if (p.cmd != NULL)
		add_arguments(t, &p);
	else if (p.lost)
		text_add(t, "  no such command\n");
	else if (p.noun != NULL)
		add_verbs(t, p.noun);
	else
		add_first_words(t, a);
}

/* --- the hint -------------------------------------------------------- */

static void
hint_add(struct arena *a, const char **hint, const struct arg *arg,
    bool required)
{
	const char *more = arg->flags & ARG_REPEAT ? "..." : "";

	*hint = arena_printf(a, required ? "%s%s%s%s" : "%s%s[%s%s]", *hint,
	    **hint != '\0' ? " " : "", arg->name, more);
}

/*
 * The arguments that are missing.  Once a repeated argument has a value,
 * further ones are optional.
 */
static const char *
hint_positionals(struct arena *a, const struct position *p)
{
	const char *hint = "";
	const struct arg *arg, *last = NULL;

	for (size_t n = p->positionals;; n++) {
		arg = positional_at(p->cmd, n);
		if (arg == NULL || arg == last)
			return hint;
		hint_add(a, &hint, arg, arg->flags & ARG_REQUIRED &&
		    !(n > 0 && positional_at(p->cmd, n - 1) == arg));
		last = arg;
	}
}

const char *
next_hint(struct arena *a, const struct words *before, const char *begun)
{
	struct words words = { 0 };
	struct position p;
	const char *hint;

	for (size_t i = 0; i < before->count; i++)
		words_add(a, &words, before->word[i]);
	if (*begun != '\0')
		words_add(a, &words, begun);
	p = position_find(a, &words, NULL);
	if (*begun == '-' && p.valued == NULL)
		return "";
	if (p.valued != NULL)
		hint = p.valued->type->metavar;
	else if (p.cmd != NULL)
		hint = hint_positionals(a, &p);
	else
		hint = p.noun != NULL ? "VERB" : "";
	if (*begun == '\0' || *hint == '\0')
		return hint;
	return arena_printf(a, " %s", hint);
}
