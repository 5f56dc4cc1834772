/* The pager: no shell starts it, and writing to it never waits. */
#include "print/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/words.h"

#define DEFAULT_PAGER "less -FIRX"
#define PIECE ((size_t)64 * 1024)

struct pager {
	pid_t pid;
	int pipe;		/* its standard input; does not block */
	int spool;		/* what it has not taken; -1: none */
	off_t kept, fed;	/* of the spool */
};

/*
 * With LESSSECURE less starts no shell and writes no file: whoever may run
 * mailadm as root by sudo, and nothing else, must not get more by a "!".
 * What it gets is UTF-8, whatever the environment says.
 */
static const char *const set[] = { "LESSSECURE=1", "LESSCHARSET=utf-8" };

#define SET (sizeof(set) / sizeof(set[0]))

static bool
is_set(const char *variable)
{
	for (size_t i = 0; i < SET; i++) {
		if (strncmp(variable, set[i], strcspn(set[i], "=") + 1) == 0)
			return true;
	}
	return false;
}

static char **
environment(struct arena *a)
{
	struct words all = { 0 };

	for (char **v = environ; *v != NULL; v++) {
		if (!is_set(*v))
			words_add(a, &all, *v);
	}
	for (size_t i = 0; i < SET; i++)
		words_add(a, &all, set[i]);
	return (char **)(uintptr_t)all.word;
}

/* Its signals are at their defaults, and its input is the pipe. */
static bool
start(struct pager *p, char *const *argv, char *const *env, int input)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t none, defaults;
	int failure;

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGINT);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
	posix_spawnattr_init(&how);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK |
	    POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setsigdefault(&how, &defaults);
	failure = posix_spawnp(&p->pid, argv[0], &files, &how, argv, env);
	posix_spawnattr_destroy(&how);
	posix_spawn_file_actions_destroy(&files);
	return failure == 0;
}

static bool
start_words(struct pager *p, struct arena *a, const struct words *words)
{
	int ends[2];
	bool ok;

	if (words->count == 0 || strcmp(words->word[0], "cat") == 0 ||
	    pipe2(ends, O_CLOEXEC) != 0)
		return false;
	ok = start(p, (char *const *)(uintptr_t)words->word,
	    environment(a), ends[0]);
	close(ends[0]);
	p->pipe = ends[1];
	if (ok)
		fcntl(p->pipe, F_SETFL, O_NONBLOCK);
	else
		close(p->pipe);
	return ok;
}

struct pager *
pager_open(void)
{
	const char *named = getenv("PAGER");
	struct pager *p = calloc(1, sizeof(*p));
	struct words words;
	struct arena a = { 0 };
	struct err e = { 0 };
	bool ok;

	if (p == NULL)
		out_of_memory();
	if (named == NULL)
		named = DEFAULT_PAGER;
	p->spool = -1;
	ok = words_split(&a, named, strlen(named), &words, &e) &&
	    start_words(p, &a, &words);
	err_clear(&e);
	arena_clear(&a);
	if (ok)
		return p;
	free(p);
	return NULL;
}

/* The number of bytes that it took; 0: none now, -1: it has ended. */
static ssize_t
feed(struct pager *p, const char *bytes, size_t len)
{
	ssize_t n;

	do
		n = write(p->pipe, bytes, len);
	while (n < 0 && errno == EINTR);
	return n < 0 && errno == EAGAIN ? 0 : n;
}

/* In a file without a name; in memory only where that cannot be made. */
static bool
keep(struct pager *p, const char *bytes, size_t len)
{
	if (p->spool < 0)
		p->spool = open("/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC,
		    0600);
	if (p->spool < 0)
		p->spool = memfd_create("pager", MFD_CLOEXEC);
	while (len > 0) {
		ssize_t n = pwrite(p->spool, bytes, len, p->kept);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p->kept += n;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

/* Gives it the kept bytes, as many as it takes; false: it has ended. */
static bool
feed_kept(struct pager *p)
{
	char buf[PIECE];

	while (p->fed < p->kept) {
		ssize_t n = pread(p->spool, buf, sizeof(buf), p->fed);

		n = n > 0 ? feed(p, buf, (size_t)n) : -1;
		if (n <= 0)
			return n == 0;
		p->fed += n;
	}
	return true;
}

bool
pager_write(struct pager *p, const char *bytes, size_t len)
{
	ssize_t n = 0;

	if (!feed_kept(p))
		return false;
	if (p->fed == p->kept)
		n = feed(p, bytes, len);
	if (n < 0)
		return false;
	return (size_t)n == len || keep(p, bytes + n, len - (size_t)n);
}

/* Ctrl-C is for the pager while it has the screen. */
void
pager_close(struct pager *p)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;

	sigemptyset(&ignore.sa_mask);
	sigaction(SIGINT, &ignore, &old);
	fcntl(p->pipe, F_SETFL, 0);
	feed_kept(p);
	close(p->pipe);
	while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
		;
	sigaction(SIGINT, &old, NULL);
	if (p->spool >= 0)
		close(p->spool);
	free(p);
}
