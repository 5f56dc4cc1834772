/*
 * Where a word occurs in the help.
 *
 * It reads the tables that the help and the manual are made of, so what is
 * found can be read in full by the name at the beginning of its line.
 */
#include "cmd/help/search.h"

#include <string.h>

#include "cmd/help/doc.h"
#include "cmd/help/topic.h"
#include "cmd/language/options.h"
#include "cmd/language/setting.h"
#include "file/settings.h"
#include "model/check/check.h"
#include "model/dnscheck/dnscheck.h"
#include "model/verify/verify.h"

struct searching {
	struct text *text;
	struct arena *arena;
	const char *phrase;
};

static bool
has(const struct searching *s, const char *text)
{
	return text != NULL && strcasestr(text, s->phrase) != NULL;
}

/* A line, if the phrase is in its name or its help. */
static void
offer(struct searching *s, const char *name, const char *help)
{
	if (has(s, name) || has(s, help))
		doc_entry(s->text, name, help);
}

static void
search_args(struct searching *s, const struct arg *args, const char *where)
{
	for (; args != NULL && args->name != NULL; args++)
		offer(s, where == NULL ? args->name : arena_printf(s->arena,
		    "%s %s", where, args->name), args->help);
}

/* Options of a command with the phrase in its own name are not listed. */
static void
search_command(struct searching *s, const struct cmd *cmd)
{
	if (has(s, cmd->name) || has(s, cmd->brief) || has(s, cmd->detail))
		doc_entry(s->text, cmd->name, cmd->brief);
	if (!has(s, cmd->name))
		search_args(s, cmd->args, cmd->name);
}

static void
search_settings(struct searching *s)
{
	for (const struct setting *set = settings_table; set->name; set++)
		offer(s, arena_printf(s->arena, "setting %s", set->name),
		    set->help);
	for (int i = 0; i < SHELL_SETTINGS; i++)
		offer(s, arena_printf(s->arena, "set %s",
		    shell_settings[i].name), shell_settings[i].help);
}

static void
search_rules(struct searching *s, const struct rule *rules)
{
	for (; rules->id != NULL; rules++)
		offer(s, arena_printf(s->arena, "rule %s", rules->id),
		    rules->title);
}

static void
search_statuses(struct searching *s)
{
	for (int i = 0; i < ERR_CODES; i++)
		offer(s, arena_printf(s->arena, "status %d",
		    err_kinds[i].status), err_kinds[i].meaning);
}

/*
 * The sentence, or the line of an example, around the first occurrence;
 * without backquotes.
 */
static const char *
sentence(struct searching *s, const char *text)
{
	const char *at = strcasestr(text, s->phrase), *from = at;
	const char *to = at + strcspn(at, "\n"), *stop = strstr(at, ". ");
	char *copy, *end;

	while (from > text && from[-1] != '\n' && !(from[-1] == ' ' &&
	    from - 1 > text && strchr(".:", from[-2]) != NULL))
		from--;
	if (stop != NULL && stop < to)
		to = stop + 1;
	copy = arena_strndup(s->arena, from, (size_t)(to - from));
	end = copy;
	for (const char *c = copy; *c != '\0'; c++) {
		if (*c != '`')
			*end++ = *c;
	}
	*end = '\0';
	return copy;
}

/* One line for a section: its title, or the first text with the phrase. */
static void
search_section(struct searching *s, const struct block *section)
{
	const char *name = arena_printf(s->arena, "topic %s",
	    topic_name(s->arena, section));

	if (has(s, section->term)) {
		doc_entry(s->text, name, section->term);
		return;
	}
	for (const struct block *b = section + 1; !block_ends_section(b);
	    b++) {
		if (has(s, b->text) || has(s, b->term)) {
			doc_entry(s->text, name, sentence(s,
			    has(s, b->text) ? b->text : b->term));
			return;
		}
	}
}

void
search_add(struct text *t, struct arena *a, const char *phrase)
{
	struct searching s = { t, a, phrase };

	for (size_t i = 0; i < cmd_count(); i++) {
		if (!(cmd_at(i)->flags & CMD_HIDDEN))
			search_command(&s, cmd_at(i));
	}
	search_args(&s, run_args, NULL);
	search_settings(&s);
	search_rules(&s, check_rules);
	search_rules(&s, verify_rules);
	search_rules(&s, dnscheck_rules);
	search_statuses(&s);
	for (const struct block *b = manual_blocks; b->kind != BLOCK_END;
	    b++) {
		if (b->kind == BLOCK_SECTION)
			search_section(&s, b);
	}
}
