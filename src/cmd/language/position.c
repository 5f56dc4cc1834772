/* Where in a command line the cursor is. */
#include "cmd/language/position.h"

#include <string.h>

#include "cmd/language/options.h"
#include "cmd/language/suggest.h"

static const struct arg *
option_by_letter(const char *word, size_t len)
{
	for (const struct arg *r = run_args; r->name != NULL; r++) {
		if (r->letter != 0 && len == 2 && word[1] == r->letter)
			return r;
	}
	return NULL;
}

const struct arg *
position_option(const struct cmd *cmd, const char *word, size_t len)
{
	const struct arg *arg = cmd ? arg_find(cmd->args, word, len) : NULL;

	if (arg == NULL)
		arg = arg_find(run_args, word, len);
	return arg != NULL ? arg : option_by_letter(word, len);
}

static void
advance_option(struct arena *a, struct position *p, const char *word)
{
	size_t len = strcspn(word, "=");
	const struct arg *arg = position_option(p->cmd, word, len);

	if (arg == NULL)
		return;
	words_add(a, &p->options, arg->name);
	if (arg->type != NULL && word[len] == '\0' &&
	    !(arg->flags & ARG_MAY_LACK_VALUE))
		p->valued = arg;
}

/* A word of the command, or a unique prefix of one. */
static void
advance_command(struct arena *a, struct position *p, const char *word,
    const char *next)
{
	const char *whole = p->noun == NULL ? word :
	    arena_printf(a, "%s %s", p->noun, word);
	struct err ambiguous = { 0 };

	if (cmd_find(whole) == NULL)
		command_complete_prefix(a, p->noun, word, next, &whole,
		    &ambiguous);
	err_clear(&ambiguous);
	p->cmd = cmd_find(whole);
	if (p->cmd == NULL && p->noun == NULL && is_noun(whole))
		p->noun = whole;
	else if (p->cmd == NULL)
		p->lost = true;
}

/* "history" is a command, and "history prune" is another one. */
static bool
is_verb_of(struct arena *a, struct position *p, const char *word)
{
	if (p->cmd == NULL || p->positionals > 0 ||
	    cmd_find(arena_printf(a, "%s %s", p->cmd->name, word)) == NULL)
		return false;
	p->noun = p->cmd->name;
	return true;
}

static void
advance(struct arena *a, struct position *p, const char *word,
    const char *next)
{
	if (p->valued != NULL) {
		p->valued = NULL;
	} else if (word[0] == '-' && word[1] != '\0') {
		advance_option(a, p, word);
	} else if (is_verb_of(a, p, word)) {
		advance_command(a, p, word, next);
	} else if (p->cmd != NULL) {
		p->positionals++;
		p->last = word;
	} else if (!p->lost) {
		advance_command(a, p, word, next);
	}
}

struct position
position_find(struct arena *a, const struct words *before, const char *next)
{
	struct position p = { 0 };

	for (size_t i = 0; i < before->count; i++)
		advance(a, &p, before->word[i], i + 1 < before->count ?
		    before->word[i + 1] : next);
	return p;
}

const struct arg *
positional_at(const struct cmd *cmd, size_t n)
{
	for (const struct arg *arg = cmd->args; arg && arg->name; arg++) {
		if (arg->name[0] == '-')
			continue;
		if (n == 0 || arg->flags & ARG_REPEAT)
			return arg;
		n--;
	}
	return NULL;
}

const struct arg *
position_expected(const struct position *p)
{
	if (p->valued != NULL)
		return p->valued;
	return p->cmd ? positional_at(p->cmd, p->positionals) : NULL;
}

bool
position_has(const struct position *p, const struct arg *option)
{
	if (option->flags & ARG_REPEAT)
		return false;
	for (size_t i = 0; i < p->options.count; i++) {
		if (strcmp(p->options.word[i], option->name) == 0)
			return true;
	}
	return false;
}
