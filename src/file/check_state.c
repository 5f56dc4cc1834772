/* The state of "check --new": locking, reading, writing. */
#include "file/check_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/size.h"
#include "file/permission.h"
#include "file/write.h"

/* The number changes with the format of the lines. */
#define HEADER "mailadm-check-state\t1\t"

#define FIELDS 3
#define LOOK_MS 50

/* --- the file and its lock ------------------------------------------- */

static bool
open_failed(const char *path, struct err *e)
{
	int saved = errno;

	if (saved == ELOOP)
		return err_set(e, ERR_IO, "%s is a symbolic link", path);
	err_set(e, saved == EACCES || saved == EPERM ? ERR_DENIED : ERR_IO,
	    "cannot open %s: %s", path, strerror(saved));
	return saved == ENOENT ? err_hint(e, "make the directory, or name "
	    "another file by --state") : false;
}

static bool
judge(const char *path, const struct stat *st, struct err *e)
{
	if (!S_ISREG(st->st_mode))
		return err_set(e, ERR_IO, "%s is not a regular file", path);
	return permission_check(FILE_STATE, path, st, e);
}

/* Tries again and again, until the time is up. */
static bool
lock_wait(const struct check_state *s, int64_t seconds, struct err *e)
{
	const struct timespec pause = { 0, LOOK_MS * 1000000L };

	for (int64_t left = seconds * 1000;; left -= LOOK_MS) {
		if (flock(s->fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_errno(e, "cannot lock %s", s->path);
		if (left <= 0)
			break;
		nanosleep(&pause, NULL);
	}
	err_set(e, ERR_RETRY, "another check is using %s", s->path);
	return err_hint(e, "wait for it, or name another file by --state");
}

/* False when the run before has replaced the file that we waited for. */
static bool
is_current(const struct check_state *s, const struct stat *st)
{
	struct stat now;

	return stat(s->path, &now) == 0 && now.st_ino == st->st_ino &&
	    now.st_dev == st->st_dev;
}

static bool
open_locked(struct check_state *s, int64_t seconds, struct err *e)
{
	struct stat st;

	for (;;) {
		s->fd = open(s->path, O_RDONLY | O_CREAT | O_CLOEXEC |
		    O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
		if (s->fd < 0)
			return open_failed(s->path, e);
		if (fstat(s->fd, &st) != 0)
			return open_failed(s->path, e);
		if (!judge(s->path, &st, e) ||
		    !lock_wait(s, seconds, e))
			return false;
		if (is_current(s, &st))
			return true;
		close(s->fd);
	}
}

static bool
read_all(struct check_state *s, struct err *e)
{
	return io_read_all(s->fd, &s->content, SIZE_MAX / 4) ||
	    err_errno(e, "cannot read %s", s->path);
}

/* --- its lines ------------------------------------------------------- */

static void
add_escaped(struct text *t, const char *s)
{
	static const char special[] = "\t\n\r\\", letter[] = "tnr\\";

	if (s == NULL) {
		text_add(t, "\\N");
		return;
	}
	for (; *s != '\0'; s++) {
		const char *at = strchr(special, *s);

		if (at != NULL)
			text_add_char(t, '\\');
		text_add_char(t, at != NULL ? letter[at - special] : *s);
	}
}

/* In place; false for an escape that add_escaped() does not write. */
static bool
unescape(char *s)
{
	static const char special[] = "\t\n\r\\", letter[] = "tnr\\";
	char *to = s;

	for (; *s != '\0'; s++) {
		const char *at;

		if (*s != '\\') {
			*to++ = *s;
			continue;
		}
		if (*++s == '\0' || (at = strchr(letter, *s)) == NULL)
			return false;
		*to++ = special[at - letter];
	}
	*to = '\0';
	return true;
}

/* Ends the field at the TAB; *next is behind it, or NULL. */
static bool
field_take(char *s, char **next, const char **field)
{
	char *tab = s != NULL ? strchr(s, '\t') : NULL;

	*next = tab != NULL ? tab + 1 : NULL;
	if (tab != NULL)
		*tab = '\0';
	*field = s;
	if (s != NULL && strcmp(s, "\\N") == 0) {
		*field = NULL;
		return true;
	}
	return s != NULL && unescape(s);
}

static bool
row_take(char *line, struct check_seen *row)
{
	char *next = line;

	return field_take(next, &next, &row->rule) && row->rule != NULL &&
	    field_take(next, &next, &row->name) &&
	    field_take(next, &next, &row->text) && row->text != NULL &&
	    next == NULL;
}

/* Ends the line at its LF; NULL when the file ends before that. */
static char *
line_take(char **at)
{
	char *line = *at, *end = strchr(line, '\n');

	if (end == NULL)
		return NULL;
	*end = '\0';
	*at = end + 1;
	return line;
}

/* The header: how many lines follow, and of which database they are. */
static bool
header_take(char *line, int64_t *count, const char **database)
{
	const char *number;
	char *next;

	if (line == NULL || strncmp(line, HEADER, strlen(HEADER)) != 0)
		return false;
	return field_take(line + strlen(HEADER), &next, &number) &&
	    number != NULL && number_parse(number, count) &&
	    field_take(next, &next, database) && next == NULL;
}

static bool
rows_take(struct check_state *s, struct arena *a, char *at, int64_t count)
{
	/* A wrong count must not allocate memory. */
	size_t most = s->content.len / (FIELDS * 2);
	struct check_seen *rows;

	if ((uint64_t)count > most)
		return false;
	rows = arena_array(a, (size_t)count, sizeof(*rows));
	for (int64_t i = 0; i < count; i++) {
		char *line = line_take(&at);

		if (line == NULL || !row_take(line, &rows[i]))
			return false;
	}
	s->seen = rows;
	s->count = (size_t)count;
	return *at == '\0';
}

static bool
content_read(struct check_state *s, struct arena *a, const char *database,
    struct err *e)
{
	char *at = s->content.buf;
	const char *of;
	int64_t count;

	if (s->content.len == 0)
		return true;
	if (memchr(at, '\0', s->content.len) != NULL ||
	    !header_take(line_take(&at), &count, &of)) {
		s->damage = "it is not of this version, or no state file";
		return true;
	}
	if (strcmp(of ? of : "", database) != 0) {
		err_set(e, ERR_REFUSED, "%s is of the database %s, not of %s",
		    s->path, of ? of : "(none)", database);
		return err_hint(e, "name another file by --state");
	}
	if (!rows_take(s, a, at, count)) {
		s->damage = "a line is incomplete";
		s->seen = NULL;
		s->count = 0;
	}
	return true;
}

/* --- the interface --------------------------------------------------- */

bool
check_state_open(struct check_state *s, struct arena *a, const char *path,
    const char *database, int64_t seconds, struct err *e)
{
	*s = (struct check_state){ .path = path, .fd = -1,
	    .content = TEXT_INIT };
	return open_locked(s, seconds, e) && read_all(s, e) &&
	    content_read(s, a, database, e);
}

bool
check_state_write(const struct check_state *s, const char *database,
    const struct check_seen *seen, size_t count, struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok;

	text_addf(&t, HEADER "%zu\t", count);
	add_escaped(&t, database);
	text_add_char(&t, '\n');
	for (size_t i = 0; i < count; i++) {
		add_escaped(&t, seen[i].rule);
		text_add_char(&t, '\t');
		add_escaped(&t, seen[i].name);
		text_add_char(&t, '\t');
		add_escaped(&t, seen[i].text);
		text_add_char(&t, '\n');
	}
	ok = file_replace(s->path, t.buf, t.len, 0600, e);
	text_clear(&t);
	return ok;
}

void
check_state_close(struct check_state *s)
{
	if (s->path == NULL)
		return;
	if (s->fd >= 0)
		close(s->fd);
	text_clear(&s->content);
	*s = (struct check_state){ .fd = -1, .content = TEXT_INIT };
}
