/* Commands for the build, the shells' completion and the tests. */
#include <stdio.h>
#include <string.h>

#include "cmd/language/complete.h"
#include "cmd/help/manual.h"
#include "cmd/help/selfcheck.h"
#include "cmd/help/topic.h"
#include "cmd/run/session.h"

/* --- complete -------------------------------------------------------- */

struct complete_args {
	struct words typed;
	const char *line;
};

static const struct arg_type arg_any = {
	.metavar = "WORD", .may_be_empty = true
};

static const struct arg complete_arg[] = {
	ARGUMENT("WORD", arg_any, complete_args, typed,
	    "the words so far; the last is being typed", .flags = ARG_REPEAT),
	OPTION("--line", arg_any, complete_args, line,
	    "the same as one line, with the program's name"),
	{ 0 }
};

/* Splits into the words before the cursor; returns the word at the cursor. */
static const char *
typed_words(struct session *s, const struct complete_args *a,
    struct words *before)
{
	const char *begun = "";
	size_t start;

	*before = a->typed;
	if (a->line == NULL)
		return before->count > 0 ? before->word[--before->count] : "";
	words_split_open(&s->memory, a->line, strlen(a->line), before,
	    &begun, &start);
	if (before->count > 0) {
		before->word++;
		before->count--;
	}
	return begun;
}

/* Errors are ignored: without a database there are no names to complete. */
static struct names *
names_of(struct session *s, const struct words *before)
{
	struct run_options run = s->options;
	struct err ignored = { 0 };
	bool ok;

	complete_options(&s->memory, before, &run);
	ok = s->db != NULL || session_init(s, &run, &ignored);
	err_clear(&ignored);
	return ok ? names_open(&s->memory, s->db, &s->db_settings) : NULL;
}

static bool
run_complete(struct session *s, const void *args, struct err *e)
{
	struct words before;
	const char *begun = typed_words(s, args, &before);
	struct names *names = names_of(s, &before);
	struct words topics = topic_names(&s->memory, NULL);
	struct completion c = { .names = names ? complete_from : NULL,
	    .arg = names, .topics = &topics };
	struct candidates found = complete(&c, &s->memory, &before, begun);
	struct text t = TEXT_INIT;
	bool ok;

	names_close(names);
	for (size_t i = 0; i < found.words.count; i++)
		text_addf(&t, "%s\n", found.words.word[i]);
	if (found.words.count == 0 && found.files)
		text_add(&t, "//file\n");
	ok = out_text(&s->out, t.buf, e);
	text_clear(&t);
	return ok;
}

/* --- completion, manual, self-check ---------------------------------- */

struct completion_args {
	const char *shell;
};

static const struct arg completion_arg[] = {
	ARGUMENT("SHELL", arg_shell, completion_args, shell, "bash or zsh",
	    .flags = ARG_REQUIRED),
	{ 0 }
};

static bool
run_completion(struct session *s, const void *args, struct err *e)
{
	const struct completion_args *a = args;

	return out_text(&s->out, completion_script(a->shell), e);
}

struct manual_args {
	const char *page;
};

static const struct arg manual_arg[] = {
	ARGUMENT("PAGE", arg_word, manual_args, page,
	    "which page: mailadm.8, if none is named"),
	{ 0 }
};

static bool
run_manual(struct session *s, const void *args, struct err *e)
{
	const struct manual_args *a = args;
	const char *name = a->page != NULL ? a->page : "mailadm.8";
	const struct block *page = manual_page(name);
	struct text t = TEXT_INIT;
	bool ok;

	if (page == NULL)
		return err_set(e, ERR_NOT_FOUND, "no such page: %s", name);
	manual_add(&t, page);
	ok = out_text(&s->out, t.buf, e);
	text_clear(&t);
	return ok;
}

static bool
run_self_check(struct session *s, const void *args, struct err *e)
{
	(void)args;
	return self_check_tables(&s->scratch, e);
}

static bool
run_self_check_sql(struct session *s, const void *args, struct err *e)
{
	(void)args;
	return db_self_check(s->db, e);
}

const struct cmd hidden_cmds[] = {
	{ .name = "complete",
	    .brief = "print the words that may come next, one a line",
	    .example = "complete user li",
	    ARGS(complete_arg, complete_args), .flags = CMD_HIDDEN,
	    .run = run_complete },
	{ .name = "completion", .brief =
	    "print the completion script for a shell",
	    .example = "completion bash",
	    ARGS(completion_arg, completion_args), .flags = CMD_HIDDEN,
	    .run = run_completion },
	{ .name = "manual", .brief = "print a page of the manual for man",
	    .example = "manual mailadm-howto.7",
	    ARGS(manual_arg, manual_args), .flags = CMD_HIDDEN,
	    .run = run_manual },
	{ .name = "self-check",
	    .brief = "look for mistakes in the tables of commands",
	    .example = "self-check",
	    .flags = CMD_HIDDEN, .run = run_self_check },
	{ .name = "self-check-sql",
	    .brief = "prepare every statement against the schema",
	    .example = "self-check-sql",
	    .flags = CMD_HIDDEN | CMD_DB, .run = run_self_check_sql },
	{ 0 }
};
