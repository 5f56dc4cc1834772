/*
 * mailadm: mail domains, users and aliases in MariaDB.
 *
 * Decides which front end runs (one command, a batch, the shell) and what
 * the exit status is.
 */
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch.h"
#include "cmd/run/session.h"
#include "shell.h"

/*
 * A socket must never become standard output because that was closed before.
 */
static void
streams_open(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		/* Read-only, so that writing to a closed stream fails. */
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", O_RDONLY) != fd)
			abort();
	}
}

/* Passwords are in this memory: no core dump, no debugger. */
static void
memory_guard(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
#ifndef ARENA_DEBUG
	/*
	 * The leak checker of the debug build reads the memory as a debugger
	 * does.
	 */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/* A signal handler gets no argument. */
static struct session *running;

/* In the handler; where nobody reads, the program must end all the same. */
static void
say(const char *text)
{
	struct pollfd to = { .fd = STDERR_FILENO, .events = POLLOUT };

	if (poll(&to, 1, 0) == 1 &&
	    write(STDERR_FILENO, text, strlen(text)) < 0)
		return;
}

static void __attribute__((noreturn))
leave(int number, int status, const char *what)
{
	if (number == SIGINT) {
		say("\nmailadm: interrupted");
		say(what);
		if (running->passwords_shown && status == 128 + number)
			say("; the passwords shown are not valid");
		say("\n");
	}
	_exit(status);
}

/*
 * The connection closes, and the server rolls back what is open.  What is
 * committed already is reported first, and a command that has something to
 * take away again does so; who does not want to wait for that sends the
 * signal once more.
 */
static void
on_signal(int number)
{
	enum db_verdict verdict = running->db == NULL ? DB_NOTHING :
	    db_verdict(running->db);

	if (running->tidies && running->ended_by == 0) {
		running->ended_by = number;
		db_interrupt(running->db);
		return;
	}
	if (verdict == DB_COMMITTED || verdict == DB_UNKNOWN) {
		if (running->ended_by != 0)
			leave(number, err_kinds[verdict == DB_COMMITTED ?
			    ERR_IO : ERR_UNKNOWN].status,
			    verdict == DB_COMMITTED ?
			    "; the change is committed" :
			    "; it is not known whether the change is "
			    "committed");
		running->ended_by = number;
		return;
	}
	leave(number, 128 + number, verdict == DB_NOTHING ? "" :
	    "; rolled back");
}

static void
signals_set(void (*handler)(int))
{
	const int fatal[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa = { .sa_handler = handler };

	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		sigaction(fatal[i], &sa, NULL);
	/* Writing to a reader that is gone is an error, like a full disk. */
	sa.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &sa, NULL);
}

static struct words
words_of(struct arena *a, int argc, char **argv)
{
	struct words words = { 0 };

	for (int i = 1; i < argc; i++)
		words_add(a, &words, argv[i]);
	return words;
}

static int
report(struct session *s, struct err *e)
{
	int status = err_kinds[e->code].status;

	if (e->code == ERR_NONE) {
		out_command_end(&s->out);
		return s->status;
	}
	if (e->code == ERR_INTERRUPTED && s->ended_by != 0)
		status = 128 + s->ended_by;
	out_error(&s->out, e);
	err_clear(e);
	return status;
}

/* The command may report an error its own way, even if it never began. */
static int
report_command(struct session *s, const struct parsed *p, struct err *e)
{
	bool asked = p->options.help || p->options.version;

	if (!asked && p->cmd != NULL && p->cmd->conclude != NULL)
		p->cmd->conclude(s, p->args, e);
	return report(s, e);
}

static int
run_one(struct session *s, const struct parsed *parsed)
{
	struct err e = { 0 };

	if (parsed->options.file != NULL)
		err_set(&e, ERR_USAGE, "--file cannot be combined with a "
		    "command");
	else
		session_run_parsed(s, parsed, &e);
	return report_command(s, parsed, &e);
}

static int
run(struct session *s, int argc, char **argv)
{
	struct words words = words_of(&s->memory, argc, argv);
	struct parsed parsed;
	struct err e = { 0 };
	bool only_help;

	if (!session_parse(s, &s->memory, &words, &parsed, &e))
		return report_command(s, &parsed, &e);
	/* Help must work before anything is set up. */
	only_help = parsed.options.help || parsed.options.version ||
	    (parsed.cmd != NULL && !(parsed.cmd->flags & (CMD_DB |
		CMD_ADMIN | CMD_CONNECTS)));
	if (!only_help && !session_init(s, &parsed.options, &e))
		return report_command(s, &parsed, &e);
	if (only_help || parsed.cmd != NULL)
		return run_one(s, &parsed);
	if (parsed.options.file != NULL)
		return batch_run(s, parsed.options.file);
	if (!isatty(STDIN_FILENO))
		return batch_run(s, "-");
	return shell_run(s);
}

int
main(int argc, char **argv)
{
	struct session s;
	int status;

	streams_open();
	memory_guard();
	setlocale(LC_CTYPE, "");
	umask(077);
	session_start(&s);
	running = &s;
	signals_set(on_signal);
	status = run(&s, argc, argv);
	/* All is reported. */
	signals_set(SIG_IGN);
	session_clear(&s);
	exit(status);
}
