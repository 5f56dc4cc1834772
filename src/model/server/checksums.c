/* Checksums of the files that were rendered. */
#include "model/server/checksums.h"

#include <string.h>

#include "base/text.h"
#include "file/permission.h"
#include "file/read.h"
#include "file/write.h"
#include "model/digest.h"

static struct checksum *
find(const struct checksums *c, const char *path)
{
	struct checksum *one = c->first;

	while (one != NULL && strcmp(one->path, path) != 0)
		one = one->next;
	return one;
}

const char *
checksums_find(const struct checksums *c, const char *path)
{
	const struct checksum *one = find(c, path);

	return one != NULL ? one->hash : NULL;
}

void
checksums_set(struct checksums *c, const char *path, const char *hash)
{
	struct checksum *one = find(c, path);

	if (one == NULL) {
		one = arena_alloc(c->arena, sizeof(*one));
		one->path = path;
		one->next = c->first;
		c->first = one;
	} else if (strcmp(one->hash, hash) == 0) {
		return;
	}
	one->hash = hash;
	c->changed = true;
}

/* A hash, two blanks, a path; other lines are dropped. */
static void
parse(struct checksums *c, char *text)
{
	char *line;

	while ((line = strsep(&text, "\n")) != NULL) {
		if (strlen(line) < DIGEST_HEX + 2 ||
		    line[DIGEST_HEX - 1] != ' ' ||
		    line[DIGEST_HEX + 1] != '/')
			continue;
		line[DIGEST_HEX - 1] = '\0';
		checksums_set(c, line + DIGEST_HEX + 1, line);
	}
	c->changed = false;
}

bool
checksums_read(struct checksums *c, struct arena *a, const char *file,
    struct err *e)
{
	struct text content = TEXT_INIT;
	struct stat st;
	bool ok = file_read(file, &content, &st, e);

	*c = (struct checksums){ .arena = a };
	if (!ok && e->code == ERR_NOT_FOUND)
		err_clear(e);
	else if (ok && permission_check(FILE_CHECKSUMS, file, &st, e))
		parse(c, arena_strdup(a, content.buf));
	text_clear(&content);
	return e->code == ERR_NONE;
}

bool
checksums_write(const struct checksums *c, const char *file, struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok;

	if (!c->changed)
		return true;
	text_add(&t, "# What \"mailadm config render\" wrote, as sha256sum "
	    "has it.\n");
	for (const struct checksum *one = c->first; one != NULL;
	    one = one->next)
		text_addf(&t, "%s  %s\n", one->hash, one->path);
	file_directories_make(file, 0, 0755);
	ok = file_replace(file, t.buf, t.len, 0600, e);
	text_clear(&t);
	return ok;
}
