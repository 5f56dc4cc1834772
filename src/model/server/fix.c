/* Changing settings of Postfix: read, merged, compared, and written. */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "file/read.h"
#include "file/write.h"
#include "model/server/checksums.h"
#include "model/server/fix.h"
#include "model/server/local.h"
#include "model/server/render.h"

#define COMMAND "postconf -"

/* --- commands --------------------------------------------------------- */

/* The one argument of the command; NULL: it has several, or none. */
static const char *
argument(struct arena *a, const char *text)
{
	size_t len = strlen(text);

	if (*text == '\'' && len > 2 && text[len - 1] == '\'')
		text = arena_strndup(a, text + 1, len - 2);
	else if (strpbrk(text, " \t;") != NULL)
		return NULL;
	return *text == '\0' || strpbrk(text, "'\"$`\n") != NULL ? NULL :
	    text;
}

bool
settings_fix_take(struct arena *a, struct settings_fix *fix, const char *advice)
{
	const char *text, *mark, *value;
	size_t len;
	char option;

	if (strncmp(advice, COMMAND, strlen(COMMAND)) != 0)
		return false;
	option = advice[strlen(COMMAND)];
	if (option == '\0' || strchr("ePX", option) == NULL ||
	    advice[strlen(COMMAND) + 1] != ' ')
		return false;
	text = argument(a, advice + strlen(COMMAND) + 2);
	if (text == NULL)
		return false;
	mark = strchr(text, '=');
	if ((mark == NULL) != (option == 'X'))
		return false;
	len = mark != NULL ? (size_t)(mark - text) : strlen(text);
	while (len > 0 && text[len - 1] == ' ')
		len--;
	value = mark == NULL ? "" : mark + 1 + strspn(mark + 1, " ");
	if (len == 0 || (strchr(text, '/') != NULL && strchr(text, '/') <
	    text + len) != (option == 'P'))
		return false;
	cf_add(a, &fix->settings, arena_strndup(a, text, len), value);
	return true;
}

/* --- files ------------------------------------------------------------ */

static bool
is_plain(const char *path, struct stat *st, struct err *e)
{
	if (lstat(path, st) != 0)
		return file_open_failed(path, e);
	if (!S_ISREG(st->st_mode))
		return err_set(e, ERR_REFUSED, "%s is not a plain file", path);
	if (st->st_uid != 0 || (st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return err_set(e, ERR_REFUSED, "others than root can write "
		    "%s", path);
	return true;
}

/* What mailadm renders it renders again: the change would be lost. */
static bool
is_not_ours(struct arena *a, const char *path, struct err *e)
{
	struct checksums rendered;

	if (!checksums_read(&rendered, a, CHECKSUMS_PATH, e))
		return false;
	if (checksums_find(&rendered, path) == NULL)
		return true;
	err_set(e, ERR_REFUSED, "mailadm renders %s", path);
	return err_hint(e, "mailadm config render postfix --out / shows what "
	    "was edited, and --force replaces it");
}

static bool
file_plan(struct arena *a, struct settings_fix *fix, struct fix_file *file,
    bool services, struct err *e)
{
	struct text content = TEXT_INIT;
	struct stat st;
	bool ok = is_plain(file->path, &file->st, e) &&
	    is_not_ours(a, file->path, e) &&
	    file_read(file->path, &content, &st, e);

	if (ok)
		file->text = services ? local_master(a, &fix->settings,
		    content.buf, e) : local_main(a, &fix->settings, NULL,
		    content.buf);
	ok = ok && file->text != NULL;
	if (ok && strcmp(file->text, content.buf) != 0)
		ok = render_diff(a, &(struct render_pair){ file->path,
		    file->path, "fixed", file->text, strlen(file->text) },
		    &file->diff, e);
	text_clear(&content);
	return ok;
}

bool
settings_fix_plan(struct arena *a, const char *directory,
    struct settings_fix *fix, struct err *e)
{
	static const char *const names[] = { "main.cf", "master.cf" };

	for (size_t i = 0; i < 2; i++) {
		struct fix_file *file = &fix->file[i];

		file->path = arena_printf(a, "%s/%s", directory, names[i]);
		if (!file_plan(a, fix, file, i == 1, e))
			return false;
	}
	return true;
}

bool
settings_fix_write(struct arena *a, struct settings_fix *fix, struct err *e)
{
	for (size_t i = 0; i < 2; i++) {
		struct fix_file *file = &fix->file[i];
		const struct file_place place = { file->st.st_mode & 07777,
		    file->st.st_uid, file->st.st_gid };
		const char *backup;

		if (file->diff == NULL)
			continue;
		if (!file_backup(a, file->path, place.mode, &backup, e) ||
		    !file_install(file->path, file->text,
			strlen(file->text), &place, e))
			return false;
		words_add(a, &fix->backups, backup);
	}
	return true;
}
