/* Questions and hidden input on the terminal. */
#include "print/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/shown.h"

static int
tty_open(struct err *e)
{
	/*
	 * After Ctrl-Z the input that poll() has seen may be gone: read()
	 * must not block.
	 */
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY |
	    O_NONBLOCK);

	if (fd < 0)
		err_set(e, ERR_IO, "no terminal to ask on: %s",
		    strerror(errno));
	return fd;
}

/* --- a question that is open ----------------------------------------- */

/* Static, since a signal handler gets no argument. */
static struct {
	int fd;
	struct text prompt;		/* as the terminal gets it */
	volatile sig_atomic_t hidden;	/* without echo */
	struct termios shown;		/* the modes, with echo */
	volatile sig_atomic_t anew;	/* stopped: begin the answer again */
	volatile sig_atomic_t interrupted;
} asked;

/* A failure does not matter: reading the answer will fail, too. */
static void
say_prompt(void)
{
	if (write(asked.fd, asked.prompt.buf, asked.prompt.len) < 0)
		errno = 0;
}

static bool
echo_off(void)
{
	struct termios hidden = asked.shown;

	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	return tcsetattr(asked.fd, TCSAFLUSH, &hidden) == 0;
}

static void
echo_on(void)
{
	tcsetattr(asked.fd, TCSAFLUSH, &asked.shown);
}

static void
on_interrupt(int number)
{
	asked.interrupted = number;
}

/*
 * Ctrl-Z: the echo is on while another program has the terminal.  All of
 * these calls are allowed in a signal handler.
 */
static void
on_stop(int number)
{
	struct sigaction stop = { .sa_handler = SIG_DFL }, ours;
	int saved = errno;

	if (asked.hidden)
		echo_on();
	sigaction(number, &stop, &ours);
	raise(number);
	sigaction(number, &ours, NULL);
	if (asked.hidden && tcgetattr(asked.fd, &asked.shown) == 0)
		echo_off();
	say_prompt();
	asked.anew = true;
	errno = saved;
}

/* A signal that ends the program must not leave the echo off. */
static const struct {
	int number;
	void (*caught)(int number);
	int flags;
	bool hidden;		/* caught only then */
} signals[] = {
	/* Without SA_RESTART, so that they end the read. */
	{ SIGINT, on_interrupt, 0, true },
	{ SIGTERM, on_interrupt, 0, true },
	{ SIGHUP, on_interrupt, 0, true },
	{ SIGTSTP, on_stop, SA_RESTART | SA_NODEFER, false },
};

#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

static void
signals_block(sigset_t *open)
{
	sigset_t closed;

	sigemptyset(&closed);
	for (size_t i = 0; i < SIGNALS; i++)
		sigaddset(&closed, signals[i].number);
	sigprocmask(SIG_BLOCK, &closed, open);
}

static void
signals_catch(struct sigaction *old)
{
	for (size_t i = 0; i < SIGNALS; i++) {
		struct sigaction catch = { .sa_handler = signals[i].caught,
		    .sa_flags = signals[i].flags };

		sigemptyset(&catch.sa_mask);
		sigaction(signals[i].number, NULL, &old[i]);
		/* A shell without job control ignores it: so it stays. */
		if ((asked.hidden || !signals[i].hidden) &&
		    (signals[i].number != SIGTSTP ||
		    old[i].sa_handler != SIG_IGN))
			sigaction(signals[i].number, &catch, NULL);
	}
}

static void
signals_restore(const struct sigaction *old)
{
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i].number, &old[i], NULL);
}

/* The next byte: 1, 0 at the end, -1 on an error or an interrupt. */
static ssize_t
read_byte(char *c, const sigset_t *open)
{
	struct pollfd wait = { .fd = asked.fd, .events = POLLIN };
	ssize_t n = -1;

	while (!asked.interrupted) {
		n = ppoll(&wait, 1, NULL, open);
		if (n > 0)
			n = read(asked.fd, c, 1);
		if (n >= 0 || (errno != EINTR && errno != EAGAIN))
			return n;
	}
	return -1;
}

/* Up to a newline or the end; false on an error or a signal. */
static bool
read_line(struct text *line, const sigset_t *open)
{
	ssize_t n;
	char c;

	while ((n = read_byte(&c, open)) == 1) {
		/* After a stop the answer begins anew, as on the screen. */
		if (asked.anew)
			text_cut(line, 0);
		asked.anew = false;
		if (c == '\n')
			break;
		text_add_char(line, c);
	}
	return n == 1 || (n == 0 && line->len > 0);
}

/*
 * False also when a signal ended it: see `interrupted`.  Signals are blocked
 * except while it waits: one that came while the echo changes would stop or
 * end the program with the echo off.
 */
static bool
ask(struct text *answer)
{
	struct sigaction old[SIGNALS];
	sigset_t open;
	bool hidden = asked.hidden, ok;

	asked.interrupted = asked.anew = false;
	if (hidden && tcgetattr(asked.fd, &asked.shown) != 0)
		return false;
	signals_block(&open);
	signals_catch(old);
	say_prompt();
	ok = (!hidden || echo_off()) && read_line(answer, &open) &&
	    !asked.interrupted;
	if (hidden)
		echo_on();
	asked.hidden = false;
	signals_restore(old);
	sigprocmask(SIG_SETMASK, &open, NULL);
	return ok;
}

static bool
ask_begin(const char *prompt, bool hidden, struct err *e)
{
	asked.fd = tty_open(e);
	asked.hidden = hidden;
	asked.prompt = (struct text)TEXT_INIT;
	if (asked.fd >= 0)
		shown_add(&asked.prompt, prompt, strlen(prompt));
	return asked.fd >= 0;
}

static void
ask_end(void)
{
	text_clear(&asked.prompt);
	close(asked.fd);
}

/* --------------------------------------------------------------------- */

bool
ask_yes_no(const char *question, bool *yes, struct err *e)
{
	struct text line = TEXT_INIT;

	if (!ask_begin(question, false, e))
		return false;
	text_add(&asked.prompt, " [y/N] ");
	*yes = ask(&line) && (strcmp(line.buf, "y") == 0 ||
	    strcmp(line.buf, "yes") == 0);
	text_clear(&line);
	ask_end();
	return true;
}

bool
ask_line(const char *prompt, struct text *line, struct err *e)
{
	bool ok;

	if (!ask_begin(prompt, false, e))
		return false;
	ok = ask(line) || err_set(e, ERR_IO, "no answer was typed");
	ask_end();
	return ok;
}

bool
ask_secret(const char *prompt, struct text *secret, struct err *e)
{
	bool ok;

	if (!ask_begin(prompt, true, e))
		return false;
	ok = ask(secret);
	if (write(asked.fd, "\n", 1) < 0)
		errno = 0;
	ask_end();
	if (asked.interrupted && asked.interrupted != SIGINT)
		raise(asked.interrupted);
	if (asked.interrupted)
		return err_set(e, ERR_INTERRUPTED, "interrupted");
	return ok || err_set(e, ERR_IO, "no password was typed");
}
