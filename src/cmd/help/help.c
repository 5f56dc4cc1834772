/* help: on mailadm, a noun, a command, a topic, or any word. */
#include "cmd/help/help.h"

#include <string.h>

#include "base/text.h"
#include "cmd/help/doc.h"
#include "cmd/help/search.h"
#include "cmd/help/topic.h"
#include "cmd/help/version.h"
#include "cmd/language/options.h"
#include "cmd/language/suggest.h"
#include "cmd/language/usage.h"

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
	doc_wrap(t, 7, 7, usage.buf);
	text_clear(&usage);
	if (cmd->detail != NULL) {
		text_add_char(t, '\n');
		doc_wrap(t, 0, 0, cmd->detail);
	}
	add_args(t, cmd->args, false, "arguments");
	add_args(t, cmd->args, true, "options");
	text_addf(t, "\nexample:\n  mailadm %s\n", cmd->example);
}

/* "dkim" is a noun, and also a word for a section of the manual. */
static void
add_noun(struct text *t, struct arena *a, const char *noun,
    const struct block *section)
{
	text_addf(t, "commands of %s:\n", noun);
	doc_commands(t, noun);
	text_addf(t, "\nMore: mailadm help %s VERB", noun);
	if (section != NULL)
		text_addf(t, ", and mailadm help %s", topic_name(a, section));
	text_add_char(t, '\n');
}

/* "mailadm-howto.7" as people write it. */
static const char *
page_title(struct arena *a, const struct block *page)
{
	int len = (int)strlen(page->term) - 2;

	return arena_printf(a, "%.*s(%s)", len, page->term,
	    page->term + len + 1);
}

static void
add_topics(struct text *t)
{
	struct arena a = { 0 };

	for (const struct block *b = manual_blocks; b->kind != BLOCK_END;
	    b++) {
		if (b->kind != BLOCK_PAGE)
			continue;
		const struct words names = topic_names(&a, b);

		text_addf(t, "\ntopics of %s:\n  ", page_title(&a, b));
		doc_wrap(t, 2, 2, words_joined(&a, &names, ", "));
	}
	arena_clear(&a);
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
	doc_commands(t, NULL);
	add_args(t, run_args, true, "options");
	add_topics(t);
	text_add(t, "\nMore: mailadm help COMMAND, mailadm help TOPIC, or any "
	    "word to search for.\n"
	    "All of it: man mailadm, and the pages that it names\n");
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

/* Words as one phrase: "user add". */
static const char *
phrase_of(struct arena *a, const struct words *words)
{
	const char *phrase = words->word[0];

	for (size_t i = 1; i < words->count; i++)
		phrase = arena_printf(a, "%s %s", phrase, words->word[i]);
	return phrase;
}

/* "exit status" as the name of a topic: "exit-status". */
static const char *
joined(struct arena *a, const char *phrase)
{
	char *name = arena_strdup(a, phrase);

	for (char *c = name; (c = strchr(c, ' ')) != NULL;)
		*c = '-';
	return name;
}

/* "migrate from postfixadmin": the topics that single words find. */
static bool
hint_words(struct arena *a, const struct words *words, struct err *e)
{
	struct words found = { 0 };

	for (size_t i = 0; i < words->count; i++) {
		const struct block *section = topic_find(a, words->word[i]);
		const char *name = section ? topic_name(a, section) : NULL;

		if (name != NULL && !words_have(&found, name))
			words_add(a, &found, name);
	}
	if (found.count == 0)
		return false;
	err_hint(e, "mailadm help %s", words_joined(a, &found,
	    ", mailadm help "));
	return true;
}

/* Near the first word, or the second of a noun. */
static bool
not_found(struct arena *a, const struct words *words, const char *phrase,
    struct err *e)
{
	struct words topics = topic_words(a);
	const char *word = words->word[0];

	err_set(e, ERR_NOT_FOUND, "no help on \"%.200s\"", phrase);
	if (words->count > 1 && !is_noun(word) && hint_words(a, words, e))
		return false;
	if (words->count > 1 && is_noun(word))
		return hint_command(a, word, words->word[1], e);
	return hint_near(a, &topics, word, e) ? false :
	    hint_command(a, NULL, word, e);
}

static bool
search(struct out *o, struct arena *a, const struct words *words,
    struct err *e)
{
	const char *phrase = phrase_of(a, words);
	struct text t = TEXT_INIT;

	search_add(&t, a, phrase);
	if (t.len == 0)
		return not_found(a, words, phrase, e);
	text_addf(&t, "\nMore: mailadm help COMMAND, or mailadm help TOPIC\n");
	return print(o, &t, e);
}

bool
doc_help_words(struct out *o, struct arena *a, const struct words *words,
    struct err *e)
{
	const char *phrase = words->count > 0 ? phrase_of(a, words) : NULL;
	const struct cmd *cmd = phrase ? cmd_find(phrase) : NULL;
	const struct block *section = phrase == NULL ? NULL :
	    topic_find(a, joined(a, phrase));
	struct text t = TEXT_INIT;

	/* "help manual" is not about the command that nobody types. */
	if (phrase == NULL || (cmd != NULL &&
	    (section == NULL || !(cmd->flags & CMD_HIDDEN))))
		return doc_help(o, cmd, e);
	if (is_noun(phrase))
		add_noun(&t, a, phrase, section);
	else if (section != NULL)
		topic_add(&t, section);
	else
		return search(o, a, words, e);
	return print(o, &t, e);
}

bool
doc_version(struct out *o, struct err *e)
{
	return out_text(o, "mailadm " MAILADM_VERSION "\n"
	    "License GPL-3.0-or-later: free software, without any "
	    "warranty.\n", e);
}
