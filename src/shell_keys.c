/*
 * The keys of a line that is being typed, and the signals that come
 * meanwhile.
 *
 * readline's own handlers only note a signal.  It looks at the note and then
 * waits for a key: a signal that comes between the two is acted on with the
 * next key only.  Ctrl-Z and Ctrl-C also throw away what was typed, so that a
 * read of a key that was pressed a moment ago waits in the same way.  On a busy
 * machine both happen.  Therefore readline catches no signals here.  They are
 * blocked except while ppoll() waits, and no read waits.  What ends or stops
 * the program is raised again where the terminal has its old modes.
 */
#include "shell_keys.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <readline/readline.h>

/* From key_next(): no key, but a signal perhaps. */
enum { KEY_NONE = -3 };

/* What had been shown is rows above, behind what other programs wrote. */
static void
show_again(void)
{
	rl_reset_after_signal();
	rl_reset_screen_size();
	rl_on_new_line();
	rl_forced_update_display();
}

static void
give_way(int number)
{
	rl_echo_signal_char(number);
	rl_cleanup_after_signal();
	raise(number);
	show_again();
}

/* After a stop that no handler saw. */
static void
resumed(int number)
{
	(void)number;
	rl_cleanup_after_signal();
	show_again();
}

static void
resized(int number)
{
	(void)number;
	rl_resize_terminal();
}

static const struct {
	int number;
	void (*act)(int number);
	bool deadly;		/* ends or stops the program */
} signals[] = {
	{ SIGTSTP, give_way, true },
	{ SIGTERM, give_way, true },
	{ SIGHUP, give_way, true },
	{ SIGQUIT, give_way, true },
	{ SIGCONT, resumed, false },
	{ SIGWINCH, resized, false },
};

#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

/* Signal handlers and readline's callbacks get no argument. */
static struct {
	struct sigaction before[SIGNALS];
	volatile sig_atomic_t caught[SIGNALS];
	volatile sig_atomic_t expected;		/* a line */
	volatile sig_atomic_t interrupted;	/* Ctrl-C */
	bool open;
} keys;

static void
on_signal(int number)
{
	for (size_t i = 0; i < SIGNALS; i++)
		if (signals[i].number == number)
			keys.caught[i] = 1;
}

/* What is ignored stays ignored: so a shell without jobs has Ctrl-Z. */
static void
signals_catch(void)
{
	struct sigaction ours = { .sa_handler = on_signal,
	    .sa_flags = SA_RESTART };

	sigemptyset(&ours.sa_mask);
	for (size_t i = 0; i < SIGNALS; i++) {
		keys.caught[i] = 0;
		sigaction(signals[i].number, NULL, &keys.before[i]);
		if (!signals[i].deadly ||
		    keys.before[i].sa_handler != SIG_IGN)
			sigaction(signals[i].number, &ours, NULL);
	}
}

static void
signals_restore(void)
{
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i].number, &keys.before[i], NULL);
}

static bool
is_signal_caught(void)
{
	bool caught = false;

	for (size_t i = 0; i < SIGNALS; i++)
		caught |= keys.caught[i] != 0;
	return caught;
}

static void
signals_act(void)
{
	for (size_t i = 0; i < SIGNALS; i++) {
		if (!keys.caught[i])
			continue;
		keys.caught[i] = 0;
		signals[i].act(signals[i].number);
	}
}

/* --- the terminal ---------------------------------------------------- */

/* A read of what was thrown away must return. */
static void
reads_return(void)
{
	struct termios t;

	if (tcgetattr(fileno(rl_instream), &t) != 0)
		return;
	t.c_cc[VMIN] = 0;
	t.c_cc[VTIME] = 0;
	tcsetattr(fileno(rl_instream), TCSANOW, &t);
}

void
keys_open(int meta)
{
	if (!keys.open)
		signals_catch();
	keys.open = true;
	rl_prep_terminal(meta);
	reads_return();
}

/* What nobody has acted on yet happens here. */
void
keys_close(void)
{
	rl_deprep_terminal();
	if (!keys.open)
		return;
	keys.open = false;
	signals_restore();
	for (size_t i = 0; i < SIGNALS; i++)
		if (keys.caught[i] && signals[i].deadly)
			raise(signals[i].number);
}

/* --- keys ------------------------------------------------------------ */

static void
signals_block(sigset_t *before)
{
	sigset_t ours;

	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	for (size_t i = 0; i < SIGNALS; i++)
		sigaddset(&ours, signals[i].number);
	sigprocmask(SIG_BLOCK, &ours, before);
}

/* With signals blocked; `open` is the mask while it waits. */
static int
key_next(int fd, const sigset_t *open)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	unsigned char key;
	ssize_t n;

	if (keys.interrupted)
		return KEY_INTERRUPTED;
	if (is_signal_caught())
		return KEY_NONE;
	n = ppoll(&wait, 1, NULL, open);
	if (n > 0)
		n = read(fd, &key, 1);
	if (n == 1)
		return key;
	if (n == 0 ? wait.revents == POLLIN :
	    errno == EINTR || errno == EAGAIN)
		return KEY_NONE;
	return EOF;
}

int
keys_read(FILE *from)
{
	int key = KEY_NONE;
	sigset_t open;

	while (key == KEY_NONE) {
		signals_act();
		signals_block(&open);
		key = key_next(fileno(from), &open);
		sigprocmask(SIG_SETMASK, &open, NULL);
	}
	return key;
}

/* --------------------------------------------------------------------- */

void
keys_begin(void)
{
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
}

void
keys_expect(void)
{
	keys.interrupted = 0;
	keys.expected = 1;
}

bool
keys_done(void)
{
	keys.expected = 0;
	return !keys.interrupted;
}

bool
keys_interrupt(void)
{
	keys.interrupted |= keys.expected;
	return keys.expected;
}
