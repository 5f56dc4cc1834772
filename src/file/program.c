/* Running another program: its input and output through three pipes. */
#include "file/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

/* No program that we run prints more. */
#define OUTPUT_MAX ((size_t)16 * 1024 * 1024)

/* How often the end of a program that starts servers is looked for. */
#define STARTER_MS 20

/* Not PATH: sbin is often missing there.  The first match is run. */
static const char *const folders[] = {
	"/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin",
	"/opt/postfix/sbin", NULL
};

/* A running program. */
struct child {
	pid_t pid;
	int fd[3];		/* our ends; -1: closed */
	struct text said[3];	/* on standard output and error */
	double until;		/* of clock_seconds(); 0: for ever */
	size_t most;		/* bytes of each that are kept */
	bool stranger;		/* inherits nothing */
	bool grouped;		/* leads a process group of its own */
	bool late;		/* and was ended */
	int signal;		/* that ended it, or 0 */
};

/* Of a stranger. */
static const char *const plain_environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"LC_ALL=C.UTF-8", "MAILADM_HOOK=1", NULL
};

/* Of all programs of this process, or NULL: see program_limit(). */
static const struct program_limit *limit;

void
program_limit(const struct program_limit *of_all)
{
	limit = of_all;
}

bool
program_find(struct arena *a, const char *name, const char *owner,
    const char **path, struct err *e)
{
	for (size_t i = 0; folders[i] != NULL; i++) {
		*path = arena_printf(a, "%s/%s", folders[i], name);
		if (access(*path, X_OK) == 0)
			return true;
	}
	err_set(e, ERR_NOT_FOUND, "program not found: %s", name);
	return err_hint(e, "it belongs to %s, which must be on this "
	    "machine", owner);
}

static void
child_close(struct child *c, int which)
{
	if (c->fd[which] >= 0)
		close(c->fd[which]);
	c->fd[which] = -1;
}

static bool
spawn(struct child *c, const int theirs[3], const struct words *argv)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t defaults;
	short flags = POSIX_SPAWN_SETSIGDEF;
	int failure;

	/* What it starts is ended with it. */
	c->grouped = limit != NULL || c->until > 0;
	if (c->grouped)
		flags |= POSIX_SPAWN_SETPGROUP;
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&files);
	for (int i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&files, theirs[i], i);
	if (c->stranger) {
		posix_spawn_file_actions_addclosefrom_np(&files, 3);
		posix_spawn_file_actions_addchdir_np(&files, "/");
	}
	posix_spawnattr_init(&how);
	posix_spawnattr_setflags(&how, flags);
	posix_spawnattr_setpgroup(&how, 0);
	posix_spawnattr_setsigdefault(&how, &defaults);
	failure = posix_spawn(&c->pid, argv->word[0], &files, &how,
	    (char *const *)(uintptr_t)argv->word, c->stranger ?
	    (char *const *)(uintptr_t)plain_environment : environ);
	posix_spawnattr_destroy(&how);
	posix_spawn_file_actions_destroy(&files);
	errno = failure;
	return failure == 0;
}

static bool
child_start(struct child *c, const struct words *argv, struct err *e)
{
	int theirs[3] = { -1, -1, -1 };
	bool ok = true;

	for (int i = 0; ok && i < 3; i++) {
		int ends[2];

		ok = pipe2(ends, O_CLOEXEC) == 0;
		if (!ok)
			break;
		c->fd[i] = ends[i == 0];
		theirs[i] = ends[i != 0];
		fcntl(c->fd[i], F_SETFL, O_NONBLOCK);
	}
	ok = ok && spawn(c, theirs, argv);
	if (!ok)
		err_errno(e, "cannot run %s", argv->word[0]);
	for (int i = 0; i < 3; i++) {
		if (theirs[i] >= 0)
			close(theirs[i]);
		if (!ok)
			child_close(c, i);
	}
	return ok;
}

/* Writes as much input as it takes; it may end before it has read all. */
static void
child_feed(struct child *c, const struct text *input, size_t *fed)
{
	ssize_t n = write(c->fd[0], input->buf + *fed, input->len - *fed);

	if (n > 0)
		*fed += (size_t)n;
	if ((n < 0 && errno != EINTR && errno != EAGAIN) ||
	    *fed == input->len)
		child_close(c, 0);
}

static void
child_hear(struct child *c, int which)
{
	char buf[16 * 1024];
	ssize_t n = read(c->fd[which], buf, sizeof(buf));

	if (n > 0 && c->said[which].len < c->most)
		text_add_bytes(&c->said[which], buf, (size_t)n);
	else if (n > 0 && c->stranger)
		return;
	else if (n >= 0 || (errno != EINTR && errno != EAGAIN))
		child_close(c, which);
}

/* Not the group of this process: kill() takes 0 for that. */
static void
child_end(struct child *c)
{
	c->late = true;
	kill(c->grouped ? -c->pid : c->pid, SIGKILL);
	child_close(c, 1);
	child_close(c, 2);
}

/* How long poll() may wait; at the deadline the program is ended. */
static int
child_patience(struct child *c)
{
	const struct stop *stop = limit != NULL ? limit->stop : NULL;
	double left = c->until - clock_seconds();

	if ((c->until > 0 && left <= 0) || stop_is_due(stop)) {
		child_end(c);
		return 0;
	}
	if (c->until <= 0)
		return -1;
	return left * 1000 > STOP_SLICE_MS ? STOP_SLICE_MS :
	    (int)(left * 1000) + 1;
}

static int
child_status(struct child *c, int status)
{
	c->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Its output may be closed, and it still runs. */
static int
child_wait(struct child *c)
{
	bool bounded = limit != NULL || c->until > 0;
	int status = 0;
	pid_t pid;

	for (;;) {
		pid = waitpid(c->pid, &status, bounded && !c->late ?
		    WNOHANG : 0);
		if (pid > 0)
			return child_status(c, status);
		if (pid < 0 && errno != EINTR)
			return -1;
		if (pid == 0)
			poll(NULL, 0, child_patience(c) < 10 ? 0 : 10);
	}
}

/* What it has said may still be in the pipes; nobody else is waited for. */
static int
child_outlive(struct child *c)
{
	int status = 0;

	child_close(c, 0);
	while (waitpid(c->pid, &status, WNOHANG) == 0) {
		struct pollfd p[2] = {
			{ .fd = c->fd[1], .events = POLLIN },
			{ .fd = c->fd[2], .events = POLLIN },
		};

		if (poll(p, 2, STARTER_MS) <= 0)
			continue;
		for (int i = 1; i < 3; i++) {
			if (p[i - 1].revents != 0)
				child_hear(c, i);
		}
	}
	for (int i = 1; i < 3; i++) {
		child_hear(c, i);
		child_close(c, i);
	}
	return child_status(c, status);
}

/* Writes and reads at the same time, so that neither blocks the other. */
static int
child_talk(struct child *c, const struct text *input)
{
	size_t fed = 0;

	if (input->len == 0)
		child_close(c, 0);
	while (c->fd[1] >= 0 || c->fd[2] >= 0) {
		struct pollfd p[3] = {
			{ .fd = c->fd[0], .events = POLLOUT },
			{ .fd = c->fd[1], .events = POLLIN },
			{ .fd = c->fd[2], .events = POLLIN },
		};
		int wait = child_patience(c);

		if (c->late || poll(p, 3, wait) <= 0)
			continue;
		if (p[0].revents != 0)
			child_feed(c, input, &fed);
		for (int i = 1; i < 3; i++) {
			if (p[i].revents != 0)
				child_hear(c, i);
		}
	}
	child_close(c, 0);
	return child_wait(c);
}

static struct child
child_make(unsigned seconds)
{
	struct child c = { .fd = { -1, -1, -1 }, .said = { TEXT_INIT,
	    TEXT_INIT, TEXT_INIT }, .most = OUTPUT_MAX };

	if (limit != NULL && (seconds == 0 || seconds > limit->seconds))
		seconds = limit->seconds;
	if (seconds > 0)
		c.until = clock_seconds() + seconds;
	return c;
}

static bool
run(struct arena *a, struct child *c, const struct words *argv,
    const struct text *input, struct program_answer *answer, struct err *e)
{
	double begun = clock_seconds();

	if (!child_start(c, argv, e))
		return false;
	answer->status = input != NULL ? child_talk(c, input) :
	    child_outlive(c);
	answer->signal = c->signal;
	answer->out = arena_strndup(a, c->said[1].buf, c->said[1].len);
	answer->err = arena_strndup(a, c->said[2].buf, c->said[2].len);
	text_clear(&c->said[1]);
	text_clear(&c->said[2]);
	return !c->late || err_set(e, ERR_RETRY, "%s gave no answer for %.0f "
	    "s, and was ended", argv->word[0], clock_seconds() - begun);
}

bool
program_run(struct arena *a, const struct words *argv,
    const struct text *input, struct program_answer *answer, struct err *e)
{
	struct child c = child_make(0);

	return run(a, &c, argv, input, answer, e);
}

bool
program_run_for(struct arena *a, const struct words *argv, unsigned seconds,
    struct program_answer *answer, struct err *e)
{
	const struct text nothing = TEXT_INIT;
	struct child c = child_make(seconds);

	return run(a, &c, argv, &nothing, answer, e);
}

bool
program_run_stranger(struct arena *a, const struct words *argv,
    const struct program_stranger *how, struct program_answer *answer,
    struct err *e)
{
	struct child c = child_make(how->seconds);

	c.stranger = true;
	c.most = how->most;
	return run(a, &c, argv, how->input, answer, e);
}

bool
program_run_starter(struct arena *a, const struct words *argv,
    struct program_answer *answer, struct err *e)
{
	struct child c = { .fd = { -1, -1, -1 }, .said = { TEXT_INIT,
	    TEXT_INIT, TEXT_INIT }, .most = OUTPUT_MAX };

	return run(a, &c, argv, NULL, answer, e);
}
