/* Questions and hidden input on the terminal. */
#include "out/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/utf8.h"

bool
terminal_here(void)
{
	return isatty(STDIN_FILENO);
}

bool
terminal_reachable(void)
{
	return isatty(STDIN_FILENO) || isatty(STDERR_FILENO);
}

void
terminal_size(int *lines, int *columns)
{
	struct winsize size = { 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		size = (struct winsize){ 0 };
	*lines = size.ws_row;
	*columns = size.ws_col;
}

static int
terminal_open(struct err *e)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		err_set(e, ERR_IO, "no terminal to ask on: %s",
		    strerror(errno));
	return fd;
}

static void
terminal_say(int fd, const char *text)
{
	struct text t = TEXT_INIT;

	text_add_shown(&t, text, strlen(text));
	/* A terminal that cannot show the question fails the read, too. */
	if (write(fd, t.buf, t.len) < 0)
		errno = 0;
	text_clear(&t);
}

/* Up to a newline or the end; false on an error or a signal. */
static bool
read_line(int fd, struct text *line)
{
	char c;
	ssize_t n;

	while ((n = read(fd, &c, 1)) == 1 && c != '\n')
		text_add_char(line, c);
	return n == 1 || (n == 0 && line->len > 0);
}

bool
terminal_ask(const char *question, bool *yes, struct err *e)
{
	struct text line = TEXT_INIT;
	int fd = terminal_open(e);

	if (fd < 0)
		return false;
	terminal_say(fd, question);
	terminal_say(fd, " [y/N] ");
	*yes = read_line(fd, &line) && (strcmp(line.buf, "y") == 0 ||
	    strcmp(line.buf, "yes") == 0);
	text_clear(&line);
	close(fd);
	return true;
}

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int number)
{
	interrupted = number;
}

/* What ends the program must not leave its terminal without echo. */
static const int ending[] = { SIGINT, SIGTERM, SIGHUP };

#define ENDING (sizeof(ending) / sizeof(ending[0]))

/* Without SA_RESTART, so that Ctrl-C ends the read. */
static bool
read_hidden(int fd, struct text *secret)
{
	struct sigaction catch = { .sa_handler = on_interrupt }, old[ENDING];
	struct termios shown, hidden;
	bool ok;

	if (tcgetattr(fd, &shown) != 0)
		return false;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	interrupted = 0;
	sigemptyset(&catch.sa_mask);
	for (size_t i = 0; i < ENDING; i++)
		sigaction(ending[i], &catch, &old[i]);
	ok = tcsetattr(fd, TCSAFLUSH, &hidden) == 0 &&
	    read_line(fd, secret) && !interrupted;
	tcsetattr(fd, TCSAFLUSH, &shown);
	for (size_t i = 0; i < ENDING; i++)
		sigaction(ending[i], &old[i], NULL);
	if (interrupted && interrupted != SIGINT)
		raise(interrupted);
	return ok;
}

bool
terminal_secret(const char *prompt, struct text *secret, struct err *e)
{
	int fd = terminal_open(e);
	bool ok;

	if (fd < 0)
		return false;
	terminal_say(fd, prompt);
	ok = read_hidden(fd, secret);
	if (write(fd, "\n", 1) < 0)
		errno = 0;
	close(fd);
	if (interrupted)
		return err_set(e, ERR_INTERRUPTED, "interrupted");
	return ok || err_set(e, ERR_IO, "no password was typed");
}
