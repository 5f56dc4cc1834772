/* Commands for the build, the shells' completion and the tests. */
#include <stdio.h>
#include <string.h>

#include "cmd/complete.h"
#include "cmd/doc.h"
#include "cmd/selfcheck.h"

/* --- complete -------------------------------------------------------- */

struct complete_args {
	struct words typed;
};

static bool
any_word(struct arena *a, const char *word, struct value *v, struct err *e)
{
	(void)e;
	v->text = arena_strdup(a, word);
	return true;
}

static const struct arg_type arg_any = { "WORD", any_word, NULL, 0 };

static const struct arg complete_arg[] = {
	{ "word", &arg_any, LIST_ARG(struct complete_args, typed),
	    ARG_REPEAT, "the words so far; the last is being typed", 0 },
	{ 0 }
};

static bool
run_complete(struct session *s, const void *args, struct err *e)
{
	const struct complete_args *a = args;
	struct words before = a->typed, found;
	struct text t = TEXT_INIT;
	const char *begun = "";
	bool ok;

	if (before.count > 0)
		begun = before.word[--before.count];
	found = complete(&s->scratch, &before, begun);
	for (size_t i = 0; i < found.count; i++)
		text_addf(&t, "%s\n", found.word[i]);
	if (found.count == 0 && complete_is_file(&s->scratch, &before))
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
	{ "shell", &arg_shell, TEXT_ARG(struct completion_args, shell),
	    ARG_REQUIRED, "bash or zsh", 0 },
	{ 0 }
};

static bool
run_completion(struct session *s, const void *args, struct err *e)
{
	const struct completion_args *a = args;

	return out_text(&s->out, completion_script(a->shell), e);
}

static bool
run_manual(struct session *s, const void *args, struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok;

	(void)args;
	manual_add(&t);
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
	{ "complete", "the words that may come next, one a line", NULL,
	    "complete user li",
	    complete_arg, sizeof(struct complete_args), NULL, CMD_HIDDEN,
	    NULL, NULL, run_complete },
	{ "completion", "the script for a shell's completion", NULL,
	    "completion bash",
	    completion_arg, sizeof(struct completion_args), NULL,
	    CMD_HIDDEN, NULL, NULL, run_completion },
	{ "manual", "mailadm(8) for man", NULL, "manual",
	    NULL, 0, NULL, CMD_HIDDEN, NULL, NULL, run_manual },
	{ "self-check", "look for mistakes in the tables of commands", NULL,
	    "self-check",
	    NULL, 0, NULL, CMD_HIDDEN, NULL, NULL, run_self_check },
	{ "self-check-sql", "prepare every statement against the schema",
	    NULL, "self-check-sql",
	    NULL, 0, NULL, CMD_HIDDEN | CMD_DB, NULL, NULL,
	    run_self_check_sql },
	{ 0 }
};
