/*
 * A signal at the last moment: a library that is preloaded into a program
 * on a terminal and raises one exactly where it could be lost.
 *
 * The file that $LATE names holds the place and the signal, "wait TSTP".  It
 * is removed before the signal is raised, at the first such place after a key
 * that was read while the file existed: the program may not have reached its
 * wait yet when the screen already shows the prompt.  With "now" as a third
 * word no key is needed.  The places:
 *
 *   wait	right before the program waits for a key
 *   read	right before it reads one, which the terminal throws away
 *   change	right before it changes the modes of the terminal
 *   changed	right after that
 */
#include <dlfcn.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))

static int
signal_number(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} signals[] = {
		{ "INT", SIGINT }, { "TSTP", SIGTSTP }, { "TERM", SIGTERM },
		{ "HUP", SIGHUP }, { 0 }
	};

	for (size_t i = 0; signals[i].name != NULL; i++)
		if (strcmp(signals[i].name, name) == 0)
			return signals[i].number;
	return 0;
}

static bool key_read;

/* The signal that is to be raised here, or 0. */
static int
signal_at(const char *place)
{
	const char *path = getenv("LATE");
	char at[16], name[16], now[16];
	int number = 0, words = 0;
	FILE *file = path != NULL ? fopen(path, "re") : NULL;

	if (file == NULL)
		return 0;
	words = fscanf(file, "%15s %15s %15s", at, name, now);
	fclose(file);
	if (words < 2)
		return 0;
	if (strcmp(place, "read") == 0)
		key_read = true;
	if (strcmp(at, place) == 0 && (key_read || words == 3))
		number = signal_number(name);
	if (number == 0)
		return 0;
	key_read = false;
	unlink(path);
	return number;
}

static void
late(const char *place)
{
	int number = signal_at(place);

	if (number == 0)
		return;
	if (strcmp(place, "read") == 0)
		tcflush(STDIN_FILENO, TCIFLUSH);
	raise(number);
}

/* What is in place of a function calls the one of the C library. */
#define REAL(name) \
	__typeof__(&name) real; \
	*(void **)&real = dlsym(RTLD_NEXT, #name)

PUBLIC int
pselect(int n, fd_set *in, fd_set *out, fd_set *other,
    const struct timespec *limit, const sigset_t *mask)
{
	REAL(pselect);

	if (limit == NULL)
		late("wait");
	return real(n, in, out, other, limit, mask);
}

PUBLIC int
ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit,
    const sigset_t *mask)
{
	REAL(ppoll);

	if (limit == NULL)
		late("wait");
	return real(fds, n, limit, mask);
}

PUBLIC ssize_t
read(int fd, void *buf, size_t size)
{
	REAL(read);

	if (isatty(fd))
		late("read");
	return real(fd, buf, size);
}

PUBLIC int
tcsetattr(int fd, int when, const struct termios *modes)
{
	REAL(tcsetattr);
	int status;

	late("change");
	status = real(fd, when, modes);
	late("changed");
	return status;
}
