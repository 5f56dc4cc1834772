/* The shell: lines from readline into the session. */
#include "shell.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/text.h"
#include "cmd/complete.h"
#include "cmd/parse.h"
#include "cmd/version.h"

/* readline's callbacks and signal handlers get no argument. */
static struct {
	struct session *session;
	struct arena arena;		/* of the candidates */
	struct words candidates;
	size_t next;
	sigjmp_buf at_prompt;
	volatile sig_atomic_t reading;
	volatile sig_atomic_t interrupted;
} shell;

/* --- signals --------------------------------------------------------- */

/*
 * At the prompt: a fresh line.  While a command runs: its connection is
 * shut, so that it ends at once and the server rolls back.
 */
static void
on_interrupt(int number)
{
	(void)number;
	if (shell.reading)
		siglongjmp(shell.at_prompt, 1);
	shell.interrupted = 1;
	db_abort(shell.session->db);
}

/* --- completion ------------------------------------------------------ */

static char *
candidate_next(const char *text, int state)
{
	(void)text;
	if (state == 0)
		shell.next = 0;
	if (shell.next >= shell.candidates.count)
		return NULL;
	return strdup(shell.candidates.word[shell.next++]);
}

static char **
complete_line(const char *text, int start, int end)
{
	struct words before;
	const char *begun;
	size_t from;

	(void)end;
	arena_clear(&shell.arena);
	words_split_open(&shell.arena, rl_line_buffer, (size_t)start,
	    &before, &begun, &from);
	if (complete_is_file(&shell.arena, &before))
		return NULL;
	rl_attempted_completion_over = 1;
	shell.candidates = complete(&shell.arena, &before, text);
	return rl_completion_matches(text, candidate_next);
}

static void
readline_set(void)
{
	rl_readline_name = "mailadm";
	rl_attempted_completion_function = complete_line;
	/* Addresses are one word. */
	rl_completer_word_break_characters = " \t";
	rl_catch_signals = 1;
}

/* --- history --------------------------------------------------------- */

/* Makes each missing folder of a path, for its owner only. */
static void
folders_make(char *path)
{
	for (char *p = path + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			errno = 0;	/* opening the file will tell */
		*p = '/';
	}
}

static const char *
history_path(struct arena *a)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (state != NULL && *state == '/')
		return arena_printf(a, "%s/mailadm/history", state);
	if (home != NULL && *home == '/')
		return arena_printf(a, "%s/.local/state/mailadm/history",
		    home);
	return NULL;
}

static void
history_load(struct session *s, const char *path)
{
	using_history();
	stifle_history((int)s->settings.history_size);
	if (path != NULL)
		read_history(path);
}

/* Several shells append to one file, a line at a time. */
static void
history_append(const char *path, const char *line)
{
	char *copy = path ? strdup(path) : NULL;
	int fd = -1;

	if (copy != NULL) {
		folders_make(copy);
		fd = open(copy, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC |
		    O_NOFOLLOW, 0600);
	}
	free(copy);
	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX) == 0) {
		struct text t = TEXT_INIT;

		text_addf(&t, "%s\n", line);
		if (write(fd, t.buf, t.len) < 0)
			errno = 0;	/* a lost line is no harm */
		text_clear(&t);
	}
	close(fd);
}

/*
 * Secret: an option that is, or a line that no command understood and that
 * speaks of passwords: what follows may be one.
 */
static bool
is_secret(struct session *s, const struct words *words)
{
	struct err e = { 0 };
	struct arena a = { 0 };
	struct parsed parsed;
	bool secret = true;

	if (parse_words(&a, words, &s->run, PARSE_SHELL, &parsed, &e)) {
		secret = parsed.secret;
	} else if (parsed.cmd != NULL) {
		secret = parsed.secret || parsed.cmd->flags & CMD_PASSWORD;
	} else {
		secret = false;
		for (size_t i = 0; i < words->count; i++)
			secret |= strstr(words->word[i], "pass") != NULL ||
			    strstr(words->word[i], "hash") != NULL;
	}
	err_clear(&e);
	arena_clear(&a);
	return secret;
}

static void
remember(struct session *s, const char *path, const char *line,
    const struct words *words)
{
	const HIST_ENTRY *last = history_get(history_base +
	    history_length - 1);

	if (is_secret(s, words) ||
	    (last != NULL && strcmp(last->line, line) == 0))
		return;
	add_history(line);
	history_append(path, line);
}

/* --- the loop -------------------------------------------------------- */

static const char *
prompt(struct session *s)
{
	if (!db_in_transaction(s->db))
		return "mailadm> ";
	return db_transaction_failed(s->db) ? "mailadm!> " : "mailadm*> ";
}

static void
report(struct session *s, struct err *e)
{
	if (shell.interrupted) {
		err_set(e, ERR_INTERRUPTED, "interrupted; rolled back");
		db_rollback(s->db);
		shell.interrupted = 0;
	}
	if (e->code != ERR_NONE)
		out_error(&s->out, e);
	err_clear(e);
}

static void
run_line(struct session *s, const char *path, const char *line)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct words words;

	if (words_split(&a, line, strlen(line), &words, &e) &&
	    words.count > 0) {
		remember(s, path, line, &words);
		session_run(s, &words, &e);
	}
	report(s, &e);
	arena_clear(&a);
}

/* A line without its newline, NULL at the end; Ctrl-C begins anew. */
static char *
read_line(struct session *s)
{
	char *line;

	if (sigsetjmp(shell.at_prompt, 1) != 0) {
		shell.reading = 0;
		rl_free_line_state();
		rl_cleanup_after_signal();
		fputc('\n', rl_outstream);
	}
	shell.reading = 1;
	line = readline(prompt(s));
	shell.reading = 0;
	return line;
}

static void
leave(struct session *s)
{
	static const char *const words[] = { "quit", NULL };
	const struct words quit = { (const char **)(uintptr_t)words, 1 };
	struct err e = { 0 };

	fputc('\n', rl_outstream);
	session_run(s, &quit, &e);
	report(s, &e);
}

int
shell_run(struct session *s)
{
	struct sigaction sa = { .sa_handler = on_interrupt };
	const char *path = history_path(&s->memory);

	s->shell = true;
	shell.session = s;
	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	readline_set();
	history_load(s, path);
	out_done(&s->out, "mailadm " MAILADM_VERSION "; help lists the "
	    "commands, quit leaves");
	while (!s->quit) {
		char *line = read_line(s);

		if (line == NULL) {
			leave(s);
			continue;
		}
		run_line(s, path, line);
		explicit_bzero(line, strlen(line));
		free(line);
	}
	arena_clear(&shell.arena);
	return 0;
}
