/* Running postconf and postmap. */
#include "file/postfix.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

/* More is no answer to what we ask. */
#define OUTPUT_MAX ((size_t)16 * 1024 * 1024)

/* sbin is not in everybody's PATH; what is found first is run. */
static const char *const folders[] = {
	"/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin",
	"/opt/postfix/sbin", NULL
};

/* A program that is spoken to through three pipes. */
struct child {
	pid_t pid;
	int fd[3];		/* our ends; -1: closed */
	struct text said[3];	/* by standard output and error */
};

static bool
program_find(struct arena *a, const char *name, const char **path,
    struct err *e)
{
	for (size_t i = 0; folders[i] != NULL; i++) {
		*path = arena_printf(a, "%s/%s", folders[i], name);
		if (access(*path, X_OK) == 0)
			return true;
	}
	err_set(e, ERR_NOT_FOUND, "no program %s", name);
	return err_hint(e, "it belongs to Postfix, which must be on this "
	    "machine");
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
	int failure;

	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&files);
	for (int i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&files, theirs[i], i);
	posix_spawnattr_init(&how);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigdefault(&how, &defaults);
	failure = posix_spawn(&c->pid, argv->word[0], &files, &how,
	    (char *const *)(uintptr_t)argv->word, environ);
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

	*c = (struct child){ .fd = { -1, -1, -1 }, .said = { TEXT_INIT,
	    TEXT_INIT, TEXT_INIT } };
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

/* What it can take of the input; it may end before it has read all. */
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

	if (n > 0 && c->said[which].len < OUTPUT_MAX)
		text_add_bytes(&c->said[which], buf, (size_t)n);
	else if (n >= 0 || (errno != EINTR && errno != EAGAIN))
		child_close(c, which);
}

/* Both ways at once, so that none waits for the other. */
static int
child_talk(struct child *c, const struct text *input)
{
	size_t fed = 0;
	int status = 0;

	if (input->len == 0)
		child_close(c, 0);
	while (c->fd[1] >= 0 || c->fd[2] >= 0) {
		struct pollfd p[3] = {
			{ .fd = c->fd[0], .events = POLLOUT },
			{ .fd = c->fd[1], .events = POLLIN },
			{ .fd = c->fd[2], .events = POLLIN },
		};

		if (poll(p, 3, -1) < 0)
			continue;
		if (p[0].revents != 0)
			child_feed(c, input, &fed);
		for (int i = 1; i < 3; i++) {
			if (p[i].revents != 0)
				child_hear(c, i);
		}
	}
	child_close(c, 0);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What it says before it gives up; warnings are no failure. */
static const char *
complaint(struct arena *a, const struct text *said)
{
	const char *fatal = strstr(said->buf, "fatal: ");

	if (fatal == NULL)
		return NULL;
	fatal += strlen("fatal: ");
	return arena_strndup(a, fatal, strcspn(fatal, "\n"));
}

/* Runs a program of Postfix's; 0 and `none` are no failures. */
static bool
run(struct arena *a, const struct words *argv, const struct text *input,
    int none, const char **output, struct err *e)
{
	const char *fatal;
	struct child c;
	int status;

	if (!child_start(&c, argv, e))
		return false;
	status = child_talk(&c, input);
	fatal = complaint(a, &c.said[2]);
	*output = arena_strndup(a, c.said[1].buf, c.said[1].len);
	text_clear(&c.said[1]);
	text_clear(&c.said[2]);
	if (fatal != NULL)
		return err_set(e, ERR_IO, "%s", fatal);
	return status == 0 || status == none || err_set(e, ERR_IO,
	    "%s ended with status %d", argv->word[0], status);
}

bool
postfix_setting(struct arena *a, const char *dir, const char *name,
    const char **value, struct err *e)
{
	const struct text nothing = TEXT_INIT;
	struct words argv = { 0 };
	const char *path, *output;

	if (!program_find(a, "postconf", &path, e))
		return false;
	words_add(a, &argv, path);
	words_add(a, &argv, "-c");
	words_add(a, &argv, dir);
	words_add(a, &argv, "-xh");
	words_add(a, &argv, name);
	if (!run(a, &argv, &nothing, 0, &output, e))
		return err_wrap(e, "cannot ask Postfix for %s", name);
	*value = arena_strndup(a, output, strcspn(output, "\n"));
	return true;
}

/* "key<TAB>answer" a line, for the keys that were found, in their order. */
static void
answers_take(struct arena *a, const char *output, const struct words *keys,
    const char **answers)
{
	size_t key = 0;

	while (*output != '\0') {
		size_t tab = strcspn(output, "\t\n");
		size_t end = strcspn(output, "\n");
		size_t i = key;

		while (i < keys->count && (strlen(keys->word[i]) != tab ||
		    memcmp(keys->word[i], output, tab) != 0))
			i++;
		if (i < keys->count && tab < end) {
			answers[i] = arena_strndup(a, output + tab + 1,
			    end - tab - 1);
			key = i + 1;
		}
		output += end + (output[end] == '\n');
	}
}

bool
postfix_lookup(struct arena *a, const char *dir, const char *map,
    const struct words *keys, const char ***answers, struct err *e)
{
	const char *direct = strncmp(map, "proxy:", 6) == 0 ? map + 6 : map;
	struct text input = TEXT_INIT;
	struct words argv = { 0 };
	const char *path, *output;
	bool ok;

	*answers = arena_array(a, keys->count + 1, sizeof(const char *));
	if (!program_find(a, "postmap", &path, e))
		return false;
	words_add(a, &argv, path);
	words_add(a, &argv, "-c");
	words_add(a, &argv, dir);
	words_add(a, &argv, "-q");
	words_add(a, &argv, "-");
	words_add(a, &argv, direct);
	for (size_t i = 0; i < keys->count; i++)
		text_addf(&input, "%s\n", keys->word[i]);
	ok = run(a, &argv, &input, 1, &output, e);
	text_clear(&input);
	if (!ok)
		return err_wrap(e, "cannot ask %s", map);
	answers_take(a, output, keys, *answers);
	return true;
}
