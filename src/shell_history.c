/*
 * The history of the shell: one file that several shells append to.
 *
 * Each line is appended as it is typed, under a lock, so shells that run at
 * the same time lose none of each other.  When a shell begins, it cuts the
 * file to history_size lines in place: another file under the same name would
 * not be the one that a waiting shell has open.
 *
 * A line that may hold a secret is kept neither in the file nor in memory.
 * Which line that is, the parser decides: an option that is marked as secret,
 * a word that no error quotes (base/quote.h), a command that takes passwords
 * and failed, or a line that is no command and contains "pass" or "hash".  A
 * history that cannot be read or written is no reason to refuse a command, so
 * nothing here fails.
 */
#include "shell_history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

#include "base/io.h"
#include "base/text.h"
#include "cmd/language/parse.h"
#include "file/home.h"
#include "file/permission.h"

/* No line is longer: a file that grew larger was not written by us. */
#define HISTORY_FILE_MAX ((size_t)16 * 1024 * 1024)

/* Else others could read what is typed, or choose what the arrow keys show. */
static bool
is_own(int fd)
{
	struct err why = { 0 };
	struct stat st;
	bool own = fstat(fd, &st) == 0 && permission_check(FILE_HISTORY,
	    "the history", &st, &why);

	err_clear(&why);
	return own;
}

/* Locked until it is closed; -1 where no history can be kept. */
static int
history_open(void)
{
	struct arena a = { 0 };
	const char *path = home_state(&a, "history");
	int fd = -1;

	if (path != NULL) {
		home_state_make(path);
		fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC |
		    O_NOFOLLOW, 0600);
	}
	arena_clear(&a);
	if (fd >= 0 && (!is_own(fd) || flock(fd, LOCK_EX) != 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Where the last `lines` lines begin. */
static size_t
tail_of(const struct text *t, int64_t lines)
{
	size_t at = t->len;

	while (at > 0) {
		if (t->buf[at - 1] == '\n' && at < t->len && --lines == 0)
			break;
		at--;
	}
	return at;
}

/*
 * Overwritten and then cut, never replaced by another file: a shell that
 * waits for the lock would append to the old one.
 */
static void
file_cut(int fd, const struct text *t, size_t from)
{
	size_t len = t->len - from;

	fcntl(fd, F_SETFL, 0);
	if (pwrite(fd, t->buf + from, len, 0) == (ssize_t)len &&
	    ftruncate(fd, (off_t)len) != 0)
		errno = 0;		/* too long is no harm */
}

void
history_begin(struct session *s)
{
	int64_t size = s->settings.history_size;
	struct text t = TEXT_INIT;
	size_t from;
	int fd = size > 0 ? history_open() : -1;

	using_history();
	stifle_history((int)size);
	if (fd < 0)
		return;
	if (!io_read_all(fd, &t, HISTORY_FILE_MAX))
		errno = 0;		/* what was read counts */
	from = tail_of(&t, size);
	if (from > 0)
		file_cut(fd, &t, from);
	close(fd);
	for (char *line = t.buf + from, *end;
	    (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		add_history(line);
	}
	text_clear(&t);
}

/* True for a secret option, and for a faulty line that may have a password. */
bool
history_is_secret(struct session *s, const struct words *words)
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
		secret = parsed.secret;
		for (size_t i = 0; i < words->count; i++)
			secret |= strstr(words->word[i], "pass") != NULL ||
			    strstr(words->word[i], "hash") != NULL;
	}
	err_clear(&e);
	arena_clear(&a);
	return secret;
}

static void
history_append(const char *line)
{
	struct text t = TEXT_INIT;
	int fd = history_open();

	if (fd < 0)
		return;
	text_addf(&t, "%s\n", line);
	if (write(fd, t.buf, t.len) < 0)
		errno = 0;		/* a lost line is no harm */
	text_clear(&t);
	close(fd);
}

void
history_remember(struct session *s, const char *line,
    const struct words *words)
{
	const HIST_ENTRY *last = history_get(history_base +
	    history_length - 1);

	if (s->settings.history_size == 0 || history_is_secret(s, words) ||
	    (last != NULL && strcmp(last->line, line) == 0))
		return;
	add_history(line);
	history_append(line);
}
