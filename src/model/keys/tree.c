/* Listing, placing and reading files below a directory. */
#include "model/keys/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "file/read.h"
#include "model/keys/keys.h"

#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
#define DEPTH_MAX 16

/* --- opening ----------------------------------------------------------- */

/* Leaves errno as it is. */
static void
close_kept(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
}

/* One part of a name; ELOOP where it is a symbolic link. */
static int
open_part(int directory, const char *part, int flags)
{
	int fd = openat(directory, part, flags | O_NOFOLLOW | O_CLOEXEC);
	int saved = errno;
	struct stat st;

	if (fd < 0 && fstatat(directory, part, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISLNK(st.st_mode))
		saved = ELOOP;
	errno = saved;
	return fd;
}

/* -1 with errno. */
static int
open_parts(int from, const char *name, int flags)
{
	int fd = dup(from);

	while (fd >= 0 && *name != '\0') {
		size_t len = strcspn(name, "/");
		char part[NAME_MAX + 1];
		int next = -1;

		if (len <= NAME_MAX) {
			memcpy(part, name, len);
			part[len] = '\0';
			name += len;
			name += strspn(name, "/");
			next = open_part(fd, part, *name == '\0' ? flags :
			    DIRECTORY);
		} else {
			errno = ENAMETOOLONG;
		}
		close_kept(fd);
		fd = next;
	}
	return fd;
}

bool
keys_tree_open(struct keys_tree *t, struct arena *a, const char *path,
    struct err *e)
{
	char real[PATH_MAX];
	size_t len;

	*t = (struct keys_tree){ .arena = a, .named = true, .fd = -1 };
	t->root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->root < 0)
		return err_errno(e, "cannot open /");
	if (path == NULL)
		return true;
	for (len = strlen(path); len > 1 && path[len - 1] == '/'; len--)
		;
	t->path = arena_strndup(a, path, len);
	t->fd = open(t->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->fd < 0 || realpath(t->path, real) == NULL)
		return file_open_failed(t->path, e);
	t->real = arena_strdup(a, real);
	return true;
}

void
keys_tree_close(struct keys_tree *t)
{
	if (t->fd >= 0)
		close(t->fd);
	if (t->root >= 0)
		close(t->root);
	VECTOR_CLEAR(&t->entries);
	t->fd = t->root = -1;
}

/* --- listing ----------------------------------------------------------- */

struct listing {
	struct keys_tree *tree;
	VECTOR(const char *) directories;	/* that are still to be read */
};

static size_t
depth_of(const char *name)
{
	size_t n = 0;

	for (; *name != '\0'; name++)
		n += *name == '/';
	return n;
}

static void
entry_add(struct listing *l, int fd, const char *directory, const char *name)
{
	struct arena *a = l->tree->arena;
	const char *whole = *directory == '\0' ? arena_strdup(a, name) :
	    arena_printf(a, "%s/%s", directory, name);
	struct stat st;

	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	if (S_ISDIR(st.st_mode)) {
		if (depth_of(whole) < DEPTH_MAX)
			*VECTOR_ADD(&l->directories) = whole;
		return;
	}
	if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
		return;
	*VECTOR_ADD(&l->tree->entries) = (struct keys_entry){ whole,
	    S_ISLNK(st.st_mode) };
}

static bool
directory_list(struct listing *l, const char *directory, struct err *e)
{
	struct keys_tree *t = l->tree;
	int fd = open_parts(t->fd, directory, DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *d;

	if (dir == NULL) {
		file_open_failed(arena_printf(t->arena, "%s/%s", t->path,
		    directory), e);
		if (fd >= 0)
			close(fd);
		return false;
	}
	/* The directory itself may have been read before, by the same file. */
	rewinddir(dir);
	while ((d = readdir(dir)) != NULL) {
		if (d->d_name[0] != '.')
			entry_add(l, dirfd(dir), directory, d->d_name);
		if (t->entries.count + l->directories.count > KEYS_ENTRIES_MAX)
			break;
	}
	closedir(dir);
	return d == NULL || err_set(e, ERR_INVALID, "%s holds more than %d "
	    "files and directories: name the one that holds the keys", t->path,
	    KEYS_ENTRIES_MAX);
}

static int
entry_compare(const void *a, const void *b)
{
	const struct keys_entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

bool
keys_tree_list(struct keys_tree *t, struct err *e)
{
	struct listing l = { .tree = t };
	bool ok;

	*VECTOR_ADD(&l.directories) = "";
	ok = true;
	for (size_t i = 0; ok && i < l.directories.count; i++)
		ok = directory_list(&l, l.directories.item[i], e);
	VECTOR_CLEAR(&l.directories);
	if (ok && t->entries.count > 1)
		qsort(t->entries.item, t->entries.count,
		    sizeof(*t->entries.item), entry_compare);
	return ok;
}

/* --- placing ----------------------------------------------------------- */

/*
 * Without empty parts, "." and "..", which no link can turn elsewhere; NULL:
 * it leads above its beginning.
 */
static const char *
normalised(struct arena *a, const char *path)
{
	char *out = arena_alloc(a, strlen(path) + 2);
	size_t len = 0;

	while (*(path += strspn(path, "/")) != '\0') {
		size_t n = strcspn(path, "/");

		if (n == 2 && memcmp(path, "..", 2) == 0) {
			if (len == 0)
				return NULL;
			while (len > 0 && out[--len] != '/')
				;
		} else if (n != 1 || *path != '.') {
			if (len > 0)
				out[len++] = '/';
			memcpy(out + len, path, n);
			len += n;
		}
		path += n;
	}
	out[len] = '\0';
	return out;
}

static bool
is_there(int fd, const char *name)
{
	int file = *name == '\0' ? -1 : open_parts(fd, name, O_PATH);
	struct stat st;
	bool ok = file >= 0 && fstat(file, &st) == 0 && S_ISREG(st.st_mode);

	if (file >= 0)
		close(file);
	return ok;
}

bool
keys_tree_exists(const struct keys_place *place)
{
	return is_there(place->fd, place->name);
}

static void
place_in(const struct keys_tree *t, const char *name,
    struct keys_place *place)
{
	*place = (struct keys_place){ .fd = t->fd, .name = name,
	    .shown = arena_printf(t->arena, "%s%s%s", t->path,
		strcmp(t->path, "/") == 0 ? "" : "/", name) };
}

/* The part of an absolute name that is below the tree, or NULL. */
static const char *
below(const struct keys_tree *t, const char *name)
{
	const char *real = t->real + 1;
	size_t len = strlen(real);

	if (strncmp(name, real, len) != 0)
		return NULL;
	return len == 0 ? name : name[len] == '/' ? name + len + 1 : NULL;
}

/*
 * An absolute name: below the tree by all of it, or by its end, the longest
 * one that leads to a file.
 */
static bool
place_absolute(const struct keys_tree *t, const char *name,
    struct keys_place *place)
{
	const char *end = t->real == NULL ? NULL : below(t, name);
	bool exact = end != NULL && is_there(t->fd, end);

	if (t->real == NULL)
		return false;
	for (end = exact ? end : name; end != NULL && !exact &&
	    !is_there(t->fd, end);) {
		end = strchr(end, '/');
		end = end != NULL ? end + 1 : NULL;
	}
	if (end == NULL)
		return false;
	place_in(t, end, place);
	place->by_end = !exact;
	return true;
}

/* Outside of what the user has named the table must be trusted. */
static bool
place_judge(const struct keys_tree *t, const struct keys_trust *trust,
    struct keys_place *place, struct err *e)
{
	if (t->named && place->fd == t->fd)
		return true;
	place->of_owner = trust->may == KEYS_OF_OWNER;
	place->owner = trust->owner;
	return trust->may != KEYS_NONE || err_set(e, ERR_DENIED,
	    "%s is not in a directory that was named", place->shown);
}

bool
keys_tree_place(const struct keys_tree *t, const char *directory,
    const char *path, const struct keys_trust *trust,
    struct keys_place *place, struct err *e)
{
	bool absolute = *path == '/' || *directory == '/';
	const char *whole = *path == '/' ? path : arena_printf(t->arena,
	    "%s/%s", directory, path), *name = normalised(t->arena, whole);

	if (name == NULL || *name == '\0')
		return err_set(e, ERR_INVALID, "%s: no name of a file", path);
	if (!absolute)
		place_in(t, name, place);
	else if (!place_absolute(t, name, place))
		*place = (struct keys_place){ .fd = t->root, .name = name,
		    .shown = arena_printf(t->arena, "/%s", name) };
	return place_judge(t, trust, place, e);
}

/* --- reading ----------------------------------------------------------- */

static bool
open_failed(const struct keys_place *place, struct err *e)
{
	if (errno == ELOOP)
		return err_set(e, ERR_INVALID, "%s: a symbolic link, which is "
		    "not followed", place->shown);
	return file_open_failed(place->shown, e);
}

bool
keys_tree_read(const struct keys_place *place, size_t most,
    struct text *content, struct stat *st, struct err *e)
{
	int fd = open_parts(place->fd, place->name, O_RDONLY | O_NONBLOCK |
	    O_NOCTTY);
	bool ok;

	if (fd < 0)
		return open_failed(place, e);
	if (fstat(fd, st) != 0)
		ok = err_errno(e, "cannot access %s", place->shown);
	else if (!S_ISREG(st->st_mode))
		ok = err_set(e, ERR_INVALID, "%s is not a regular file",
		    place->shown);
	else if (place->of_owner && st->st_uid != place->owner)
		ok = err_set(e, ERR_DENIED, "%s belongs to another user than "
		    "the table that names it", place->shown);
	else if (!io_read_all(fd, content, most))
		ok = err_errno(e, "cannot read %s", place->shown);
	else
		ok = content->len <= most || err_set(e, ERR_INVALID,
		    "%s is larger than %zu bytes", place->shown, most);
	close(fd);
	return ok;
}
