/*
 * The shell: a loop that reads a line, runs its command, and reports.
 *
 * Each line goes through the same session as a command line does, so the shell
 * has no commands of its own here: "use", "set" and "quit" are in cmd/shell.c.
 * Ctrl-C has two meanings: while a line is typed it gives up the line
 * (shell_keys.c); while a command runs, the server ends the statement
 * (db_interrupt()), and an open transaction is rolled back.  What a command
 * did to the transaction is reported from one place, report(): an interrupted
 * command that was committed all the same is shown as committed.
 *
 * Pasted text may have several lines.  Each is a command of its own; when one
 * fails, the others run as if they had been typed.
 */
#include "shell.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "batch.h"
#include "cmd/help/version.h"
#include "shell_history.h"
#include "shell_keys.h"
#include "shell_line.h"
#include "shell_settings.h"

/* A signal handler gets no argument. */
static struct session *interrupted_session;

/* Ctrl-C gives up a line that is being typed, or ends the running command. */
static void
on_interrupt(int number)
{
	int saved = errno;

	(void)number;
	if (keys_interrupt())
		return;
	/* The terminal has shown ^C, and a message may follow. */
	if (!db_interrupted(interrupted_session->db) &&
	    interrupted_session->out.pager == NULL &&
	    write(STDERR_FILENO, "\n", 1) < 0)
		errno = saved;
	db_interrupt(interrupted_session->db);
	errno = saved;
}

/* "mailadm example.com*> ": the domain in use, * in a transaction. */
static const char *
prompt(struct session *s, struct arena *a)
{
	const char *domain = s->run.domain;

	arena_clear(a);
	return arena_printf(a, "mailadm%s%s%s> ", domain ? " " : "",
	    domain ? domain : "", db_in_transaction(s->db) ? "*" : "");
}

/* --- one line -------------------------------------------------------- */

/* Reports a transaction that is lost, and ends it. */
static void
transaction_look(struct session *s, const struct err *e)
{
	if (!db_in_transaction(s->db) || (e->code != ERR_INTERRUPTED &&
	    !db_transaction_failed(s->db) && !db_transaction_lost(s->db)))
		return;
	db_rollback(s->db);
	out_note(&s->out, "the open transaction is lost; nothing of it was "
	    "kept");
}

static void
report(struct session *s, struct err *e)
{
	enum db_verdict verdict = db_verdict(s->db);

	/*
	 * A change that is committed, or may be, is not reported as
	 * interrupted.
	 */
	if (e->code != ERR_NONE && db_interrupted(s->db) &&
	    verdict != DB_COMMITTED && verdict != DB_UNKNOWN) {
		err_clear(e);
		db_interrupted_err(s->db, e);
	}
	/* Leaving the pager early is no error. */
	if (e->code != ERR_NONE && !s->out.page_left) {
		out_discard(&s->out);
		out_page_end(&s->out);
		out_error(&s->out, e);
	}
	out_command_end(&s->out);
	out_discard(&s->out);
	out_page_end(&s->out);
	/* A late KILL must not hit the next command. */
	db_interrupt_forget(s->db);
	transaction_look(s, e);
	db_verdict_clear(s->db);
	s->quit |= s->ended_by != 0;
	err_clear(e);
}

static void
run_words(struct session *s, const struct words *words, struct err *e)
{
	double begun = clock_seconds();
	bool timing = s->timing;

	session_run(s, words, e);
	report(s, e);
	if (timing)
		out_done(&s->out, "%.1f ms", (clock_seconds() - begun) * 1e3);
}

/* A last word \G: not a word of the command. */
static size_t
length_without_mark(const char *line, bool *vertical)
{
	size_t len = strlen(line);

	while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL)
		len--;
	*vertical = len > 2 && memcmp(line + len - 2, "\\G", 2) == 0 &&
	    strchr(" \t", line[len - 3]) != NULL;
	return *vertical ? len - 2 : len;
}

static void
run_line(struct session *s, const char *line)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct words words;
	size_t len = length_without_mark(line, &s->out.vertical);

	if (!words_split(&a, line, len, &words, &e)) {
		report(s, &e);
	} else if (words.count > 0) {
		history_remember(s, line, &words);
		run_words(s, &words, &e);
	}
	s->out.vertical = false;
	arena_clear(&a);
	db_wipe(s->db);
}

/* Pasted text may hold several lines: each is a command of its own. */
static void
run_lines(struct session *s, char *lines)
{
	while (lines != NULL && !s->quit) {
		char *line = strsep(&lines, "\n");

		run_line(s, line);
	}
}

/* --- the loop -------------------------------------------------------- */

/* The end of input. A terminal that is gone cannot be asked: it leaves. */
static void
leave(struct session *s)
{
	static const char *const words[] = { "quit", NULL };
	const struct words quit = { (const char **)(uintptr_t)words, 1 };
	struct err e = { 0 };

	if (!session_run(s, &quit, &e) && e.code == ERR_IO)
		s->quit = true;
	report(s, &e);
}

static bool
shell_begin(struct session *s, struct names *names, struct err *e)
{
	struct sigaction sa = { .sa_handler = on_interrupt };

	s->mode = SESSION_SHELL;
	s->hints = true;
	s->out.page = true;
	s->source = batch_source;
	interrupted_session = s;
	if (!db_interrupt_watch(s->db, e))
		return false;
	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	history_begin(s);
	line_begin(s, names);
	return true;
}

int
shell_run(struct session *s)
{
	struct names *names = names_open(&s->memory, s->db,
	    &s->db_settings);
	struct arena a = { 0 };
	struct err e = { 0 };

	if (!shell_begin(s, names, &e)) {
		int status = err_kinds[e.code].status;

		report(s, &e);
		return status;
	}
	shell_settings_load(s);
	out_done(&s->out, "mailadm " MAILADM_VERSION "; ? shows what may "
	    "follow, TAB completes, quit leaves");
	while (!s->quit) {
		char *lines = line_read(prompt(s, &a));

		if (lines == NULL) {
			leave(s);
			continue;
		}
		run_lines(s, lines);
		free(lines);
	}
	line_end();
	names_close(names);
	signal(SIGINT, SIG_IGN);
	db_interrupt_unwatch(s->db);
	arena_clear(&a);
	return s->ended_by != 0 ? 128 + s->ended_by : 0;
}
