/* Similar names, unique prefixes, the verbs of a noun. */
#include "cmd/language/suggest.h"

#include <string.h>

#include "base/nearest.h"
#include "base/quote.h"
#include "base/sentence.h"
#include "base/words.h"
#include "cmd/language/options.h"

/* The noun, the verb behind it, or the whole name of a command. */
static const char *
part(struct arena *a, const struct cmd *cmd, const char *noun)
{
	size_t len = strcspn(cmd->name, " ");

	if (noun == NULL)
		return arena_strndup(a, cmd->name, len);
	if (strlen(noun) == len && memcmp(noun, cmd->name, len) == 0 &&
	    cmd->name[len] == ' ')
		return cmd->name + len + 1;
	return NULL;
}

/* The command words that are possible instead of `word` and that fit it. */
static struct words
candidates(struct arena *a, const char *noun, const char *word,
    bool (*fits)(const char *candidate, const char *word))
{
	struct words found = { 0 };

	for (size_t i = 0; i < cmd_count(); i++) {
		const struct cmd *cmd = cmd_at(i);
		const char *candidate = part(a, cmd, noun);

		if (candidate != NULL && !(cmd->flags & CMD_HIDDEN) &&
		    fits(candidate, word) && !words_have(&found, candidate))
			words_add(a, &found, candidate);
	}
	return found;
}

static bool
begins(const char *candidate, const char *word)
{
	return strncmp(candidate, word, strlen(word)) == 0;
}

static bool
is_any(const char *candidate, const char *word)
{
	(void)candidate;
	(void)word;
	return true;
}

/*
 * The nouns with a verb that begins with `next`; if there are none, the words
 * that are no nouns.
 */
static struct words
that_go_with(struct arena *a, const struct words *all, const char *next)
{
	struct words nouns = { 0 }, others = { 0 };

	for (size_t i = 0; i < all->count; i++) {
		const char *word = all->word[i];

		if (!is_noun(word))
			words_add(a, &others, word);
		else if (candidates(a, word, next, begins).count > 0)
			words_add(a, &nouns, word);
	}
	return nouns.count > 0 ? nouns : others;
}

bool
command_complete_prefix(struct arena *a, const char *noun, const char *word,
    const char *next, const char **whole, struct err *e)
{
	struct words found = candidates(a, noun, word, begins);

	if (found.count > 1 && noun == NULL && next != NULL &&
	    *next != '\0' && !words_have(&found, word)) {
		struct words fewer = that_go_with(a, &found, next);

		if (fewer.count == 1)
			found = fewer;
	}
	if (found.count == 0 || words_have(&found, word))
		return true;
	if (found.count > 1)
		return err_set(e, ERR_USAGE, "\"%s\" is ambiguous: %s", word,
		    sentence_list(a, &found));
	*whole = noun == NULL ? found.word[0] :
	    arena_printf(a, "%s %s", noun, found.word[0]);
	return true;
}

bool
hint_near(struct arena *a, const struct words *all, const char *word,
    struct err *e)
{
	struct words near = nearest(a, all, word);

	if (near.count == 0)
		return false;
	err_hint(e, "did you mean: %s", sentence_list(a, &near));
	return true;
}

/*
 * What other programs call it.  A word behind a noun is a verb; the words of
 * `for_noun` go with every noun that has the verb.
 */
static const struct synonym {
	const char *words;	/* with blanks around each */
	const char *means;
	bool for_noun;
} synonyms[] = {
	{ " del delete rm erase drop destroy ", "remove", true },
	{ " new create insert ", "add", true },
	{ " edit mod modify change update ", "set", true },
	{ " ls all dir ", "list", true },
	{ " info view get print ", "show", true },
	{ " password pw ", "passwd", true },
	{ " lock off deactivate suspend ", "disable", true },
	{ " unlock on activate ", "enable", true },
	{ " mv move ", "rename", true },
	{ " mailbox mailboxes account accounts users box ", "user", false },
	{ " forward forwards forwarding redirect aliases ", "alias", false },
	{ " domains ", "domain", false },
	{ " explain trace resolve where ", "route", false },
	{ " log logs changes audit ", "history", false },
	{ " backup dump save ", "export", false },
	{ " restore load ", "apply, import", false },
	{ " revert ", "undo", false },
	{ " grep search ", "find", false },
	{ " passwd password ", "user passwd", false },
	{ " show view ", "domain show, user show, alias show", false },
	{ " ls list ", "domain list, user list, alias list", false },
	{ " add new create ", "domain add, user add, alias add", false },
	{ " del delete rm remove ",
	    "domain remove, user remove, alias remove", false },
	{ " doc docs man ? h \\? \\h ", "help", false },
	{ " clear cls ", "Ctrl-L, in the shell", false },
	{ " q bye logout \\q ", "quit", false },
	{ " watch \\watch ", "watch mailadm COMMAND, outside the shell",
	    false },
	{ " \\l \\d \\dt ", "domain list, user list, alias list", false },
	{ " \\c connect ", "--defaults-file, --host, --database of mailadm",
	    false },
	{ " install init ", "config init, schema init", false },
	{ 0 }
};

static bool
verb_exists(struct arena *a, const char *noun, const char *verb)
{
	return cmd_find(arena_printf(a, "%s %s", noun, verb)) != NULL;
}

/* What the word means here; NULL: it is not known. */
static const char *
synonym_find(struct arena *a, const char *noun, const char *word)
{
	const char *blanked = arena_printf(a, " %s ", word);
	const struct synonym *s = synonyms;

	while (s->words != NULL && (s->for_noun != (noun != NULL) ||
	    strstr(s->words, blanked) == NULL ||
	    (noun != NULL && !verb_exists(a, noun, s->means))))
		s++;
	return s->means;
}

bool
hint_command(struct arena *a, const char *noun, const char *word,
    struct err *e)
{
	struct words all = candidates(a, noun, word, is_any);
	struct words near = nearest(a, &all, word);
	const char *means = synonym_find(a, noun, word);

	if (means != NULL)
		return err_hint(e, "it is called here: %s%s%s",
		    noun ? noun : "", noun ? " " : "", means);
	if (near.count == 0 && noun != NULL)
		return err_hint(e, "%s: %s", noun, sentence_list(a, &all));
	if (near.count == 0)
		return err_hint(e, "list the commands with: mailadm help");
	return err_hint(e, "did you mean: %s%s%s", noun ? noun : "",
	    noun ? " " : "", sentence_list(a, &near));
}

bool
refuse_command(struct arena *a, const char *noun, const char *word,
    struct err *e)
{
	struct words all = candidates(a, noun, word, is_any);
	bool quoted = quote_name(&all, word) ||
	    strcmp(word, "mailadm") == 0 || synonym_find(a, noun, word) != NULL;

	if (quoted)
		err_set(e, ERR_USAGE, "unknown command: %s%s%.200s",
		    noun ? noun : "", noun ? " " : "", word);
	else
		err_set(e, ERR_USAGE, "unknown command%s%s (" QUOTE_HIDDEN ")",
		    noun ? " after " : "", noun ? noun : "");
	hint_command(a, noun, word, e);
	return quoted;
}

bool
hint_verbs(struct arena *a, const char *noun, struct err *e)
{
	struct words verbs = candidates(a, noun, "", is_any);

	return err_hint(e, "%s: %s", noun, sentence_list(a, &verbs));
}

static const struct arg *
option_that(const struct cmd *cmd, const char *name,
    bool (*fits)(const char *candidate, const char *word))
{
	const struct arg *tables[] = { cmd ? cmd->args : NULL, run_args };

	for (size_t i = 0; i < 2; i++) {
		const struct arg *arg = tables[i];

		for (; arg != NULL && arg->name != NULL; arg++) {
			if (arg->name[0] == '-' && fits(arg->name, name))
				return arg;
		}
	}
	return NULL;
}

static bool
has_form_of_option(const char *name)
{
	if (strncmp(name, "--", 2) != 0)
		return false;
	for (name += 2; *name != '\0'; name++) {
		if ((*name < 'a' || *name > 'z') && *name != '-')
			return false;
	}
	return true;
}

bool
quote_option(struct arena *a, const struct cmd *cmd, const char *name)
{
	const struct arg *tables[] = { cmd ? cmd->args : NULL, run_args };
	struct words all = { 0 };

	/* A letter, perhaps of several bytes. */
	if (name[1] != '-')
		return true;
	if ((cmd == NULL || !(cmd->flags & CMD_PASSWORD)) &&
	    has_form_of_option(name))
		return true;
	for (size_t i = 0; i < 2; i++) {
		const struct arg *arg = tables[i];

		for (; arg != NULL && arg->name != NULL; arg++)
			words_add(a, &all, arg->name);
	}
	return quote_name(&all, name);
}

bool
hint_option(const struct cmd *cmd, const char *name, struct err *e)
{
	const struct arg *arg = option_that(cmd, name, begins);

	if (arg == NULL || strlen(name) < 3)
		arg = option_that(cmd, name, is_near);
	if (arg == NULL)
		return false;
	err_hint(e, "did you mean %s?", arg->name);
	return true;
}
