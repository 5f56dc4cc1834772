/* Finding the file and the line in which a setting stands. */
#include "model/place/place.h"

#include <glob.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "file/read.h"

/* Includes that include each other end here. */
#define SOURCES_MAX 200

/* --- master.cf ------------------------------------------------------- */

static const char *
word(struct arena *a, const char **at, const char *ends)
{
	size_t len;
	const char *found;

	*at += strspn(*at, LINE_BLANKS);
	len = strcspn(*at, ends);
	found = arena_strndup(a, *at, len);
	*at += len;
	return found;
}

/* "-o name=value", "-oname=value" and "-o { name = value }" in a line. */
static void
overrides_take(struct arena *a, const char *line, const char *service,
    size_t number, struct cf *cf)
{
	for (const char *at = line; (at = strstr(at, "-o")) != NULL;) {
		bool begins = at == line ||
		    strchr(LINE_BLANKS, at[-1]) != NULL;
		const char *name;

		at += 2;
		at += strspn(at, LINE_BLANKS "{");
		if (!begins)
			continue;
		name = word(a, &at, "=" LINE_BLANKS);
		if (*name == '\0')
			continue;
		at += strspn(at, "=" LINE_BLANKS);
		cf_add_at(a, cf, arena_printf(a, "%s/%s", service, name),
		    word(a, &at, LINE_BLANKS "}"), number);
	}
}

void
place_master_parse(struct arena *a, const char *text, struct cf *cf)
{
	const char *service = NULL;
	size_t number = 0;

	*cf = (struct cf){ 0 };
	for (; *text != '\0'; text += *text == '\n') {
		size_t end = strcspn(text, "\n");
		const char *line = arena_strndup(a, text, end), *at = line;

		number++;
		text += end;
		if (line[strspn(line, LINE_BLANKS)] == '\0' ||
		    line[strspn(line, LINE_BLANKS)] == '#')
			continue;
		if (strchr(LINE_BLANKS, *line) == NULL) {
			const char *name = word(a, &at, LINE_BLANKS);

			service = arena_printf(a, "%s/%s", name, word(a, &at,
			    LINE_BLANKS));
			cf_add_at(a, cf, service, "", number);
		}
		if (service != NULL)
			overrides_take(a, line, service, number, cf);
	}
}

/* --- Dovecot's files -------------------------------------------------- */

static bool
is_read(const struct places *p, const char *path)
{
	for (size_t i = 0; i < p->sources; i++) {
		if (strcmp(p->source[i].path, path) == 0)
			return true;
	}
	return false;
}

static void
source_add(struct places *p, const char *path, const char *text)
{
	struct dovecot_block *root;
	struct err e = { 0 };

	p->source = arena_grown(p->arena, p->source, p->sources,
	    sizeof(*p->source));
	dovecot_parse(p->arena, text, &root, &e);
	err_clear(&e);
	p->source[p->sources++] = (struct place_source){ path, root };
}

static const char *
directory_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? "." : arena_strndup(a, path,
	    (size_t)(slash - path));
}

/* What is still to be read; a glob may name many. */
struct queue {
	const char **path;
	size_t count;
};

static void
queue_add(struct places *p, struct queue *q, const char *pattern)
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		q->path = arena_grown(p->arena, q->path, q->count,
		    sizeof(*q->path));
		q->path[q->count++] = arena_strdup(p->arena,
		    found.gl_pathv[i]);
	}
	globfree(&found);
}

/* "!include conf.d" and the like: names are relative to the file. */
static void
includes_add(struct places *p, struct queue *q, const char *path,
    const char *text)
{
	struct arena *a = p->arena;

	for (; *text != '\0'; text += strcspn(text, "\n"),
	    text += *text == '\n') {
		const char *at = text + strspn(text, LINE_BLANKS), *name;

		if (strncmp(at, "!include", 8) != 0)
			continue;
		at += strcspn(at, LINE_BLANKS "\n");
		name = word(a, &at, LINE_BLANKS "\n");
		if (*name != '\0' && q->count < SOURCES_MAX)
			queue_add(p, q, *name == '/' ? name : arena_printf(a,
			    "%s/%s", directory_of(a, path), name));
	}
}

static void
sources_read(struct places *p, const char *path)
{
	struct queue q = { 0 };

	queue_add(p, &q, path);
	for (size_t i = 0; i < q.count && p->sources < SOURCES_MAX; i++) {
		struct text content = TEXT_INIT;
		struct err e = { 0 };
		struct stat st;

		if (!is_read(p, q.path[i]) && file_read(q.path[i], &content,
		    &st, &e)) {
			source_add(p, q.path[i], content.buf);
			includes_add(p, &q, q.path[i], content.buf);
		}
		err_clear(&e);
		text_clear(&content);
	}
}

void
places_read(struct arena *a, const char *postfix_dir,
    const char *dovecot_conf, struct places *places)
{
	struct text content = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;

	*places = (struct places){ .arena = a,
	    .main_file = arena_printf(a, "%s/main.cf", postfix_dir),
	    .master_file = arena_printf(a, "%s/master.cf", postfix_dir) };
	if (file_read(places->main_file, &content, &st, &e))
		cf_parse(a, content.buf, CF_POSTFIX, &places->main);
	err_clear(&e);
	text_clear(&content);
	if (file_read(places->master_file, &content, &st, &e))
		place_master_parse(a, content.buf, &places->master);
	err_clear(&e);
	text_clear(&content);
	sources_read(places, dovecot_conf);
}

/* --- finding ---------------------------------------------------------- */

static bool
take(const char *file, const struct cf_entry *entry, struct place *place)
{
	if (entry != NULL)
		*place = (struct place){ file, entry->line };
	return entry != NULL;
}

bool
place_postfix(const struct places *p, const char *service,
    const char *setting, struct place *place)
{
	if (service != NULL && take(p->master_file, cf_find(&p->master,
	    arena_printf(p->arena, "%s/%s", service, setting)), place))
		return true;
	return take(p->main_file, cf_find(&p->main, setting), place);
}

bool
place_service(const struct places *p, const char *service,
    struct place *place)
{
	return take(p->master_file, cf_find(&p->master, service), place);
}

const char *
place_holder(const struct places *p, const char *text, struct place *place)
{
	for (size_t i = p->main.count; i > 0; i--) {
		const struct cf_entry *entry = &p->main.entry[i - 1];

		if (strstr(entry->value, text) != NULL) {
			take(p->main_file, entry, place);
			return entry->name;
		}
	}
	return NULL;
}

/* Of Dovecot's: the last one of a file. */
struct wanted {
	const char *type;
	const char *name;
	const char *setting;
	size_t line;		/* of what was found */
};

static bool
is_block(const struct wanted *w, const struct dovecot_block *b)
{
	return w->type == NULL || (strcmp(b->type, w->type) == 0 &&
	    (w->name == NULL || strcmp(b->name, w->name) == 0));
}

static void
look_in(struct wanted *w, const struct dovecot_block *b)
{
	const struct cf_entry *entry;

	if (is_block(w, b)) {
		entry = w->setting == NULL ? NULL : cf_find(&b->settings,
		    w->setting);
		if (entry != NULL)
			w->line = entry->line;
		else if (w->setting == NULL && b->line > 0)
			w->line = b->line;
	}
	for (b = b->child; b != NULL; b = b->next)
		look_in(w, b);
}

bool
place_dovecot(const struct places *p, const char *type, const char *name,
    const char *setting, struct place *place)
{
	for (size_t i = p->sources; i > 0; i--) {
		struct wanted w = { type, name, setting, 0 };

		look_in(&w, p->source[i - 1].root);
		if (w.line > 0) {
			*place = (struct place){ p->source[i - 1].path,
			    w.line };
			return true;
		}
	}
	return false;
}

size_t
place_in_file(struct arena *a, const char *file, enum cf_syntax syntax,
    const char *setting)
{
	struct text content = TEXT_INIT;
	const struct cf_entry *entry = NULL;
	struct err e = { 0 };
	struct stat st;
	struct cf cf;

	if (file_read(file, &content, &st, &e)) {
		cf_parse(a, content.buf, syntax, &cf);
		entry = cf_find(&cf, setting);
	}
	err_clear(&e);
	text_clear(&content);
	return entry != NULL ? entry->line : 0;
}

size_t
place_of_text(struct arena *a, const char *file, const char *text)
{
	struct text content = TEXT_INIT;
	struct err e = { 0 };
	size_t number = 0, found = 0;
	struct stat st;

	if (!file_read(file, &content, &st, &e))
		err_clear(&e);
	for (const char *at = content.buf; *at != '\0' && found == 0;
	    at += *at == '\n') {
		size_t end = strcspn(at, "\n");

		number++;
		if (at[strspn(at, LINE_BLANKS)] != '#' && strstr(
		    arena_strndup(a, at, end), text) != NULL)
			found = number;
		at += end;
	}
	text_clear(&content);
	return found;
}
