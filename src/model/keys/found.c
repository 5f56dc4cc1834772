/* What the lines of tables say, and the tables that they name. */
#include <string.h>

#include "base/ascii.h"
#include "file/permission.h"
#include "file/read.h"
#include "model/address.h"
#include "model/keys/private.h"

/* --- lines and words --------------------------------------------------- */

const char *
keys_next_line(struct arena *a, const char **at, size_t *number)
{
	const char *line = *at;
	size_t len = strcspn(line, "\n");

	if (*line == '\0')
		return NULL;
	*at += len + (line[len] == '\n');
	++*number;
	return trimmed(a, line, len, SPACES);
}

const char *
keys_next_word(struct arena *a, const char **line)
{
	const char *word = *line + strspn(*line, SPACES);
	size_t len = strcspn(word, SPACES);

	*line = word + len;
	*line += strspn(*line, SPACES);
	return arena_strndup(a, word, len);
}

/* --- keys -------------------------------------------------------------- */

static const char *
shown_line(struct keys_reading *r, const struct keys_table *t, size_t line)
{
	return line == 0 ? t->file : arena_printf(r->arena, "%s, line %zu",
	    t->file, line);
}

static struct keys_found *
found_add(struct keys_reading *r, const struct keys_table *t,
    const struct keys_line *line)
{
	/* One more than are allowed is enough to refuse them all. */
	struct keys_found *f = r->found.count > KEYS_MAX ? &r->surplus :
	    VECTOR_ADD(&r->found);

	*f = (struct keys_found){ 0 };
	f->domain = line->domain;
	f->selector = line->selector;
	f->file = shown_line(r, t, line->line);
	if (line->domain != NULL) {
		const char *key = lowered(r->arena, line->domain);

		nameset_add(&r->domains, key, strlen(key));
	}
	return f;
}

bool
keys_is_domain(struct arena *a, const char *text)
{
	struct err none = { 0 };
	const char *domain;
	bool ok = domain_parse(a, text, &domain, &none);

	err_clear(&none);
	return ok;
}

void
keys_refuse(struct keys_reading *r, const struct keys_table *t,
    const struct keys_line *line, const char *why)
{
	found_add(r, t, line)->why = arena_strdup(r->arena, why);
	r->understood++;
}

void
keys_misread(struct keys_reading *r, const struct keys_table *t, size_t line,
    const char *why)
{
	const struct keys_line nothing = { .line = line };
	struct keys_found *f = found_add(r, t, &nothing);

	f->why = why;
	f->misread = line;
}

void
keys_name(struct keys_reading *r, const struct keys_table *t,
    const struct keys_line *line)
{
	struct keys_found *f;
	struct err why = { 0 };

	if ((line->domain != NULL && !keys_is_domain(r->arena,
	    line->domain)) || (line->selector != NULL &&
	    !keys_is_selector(line->selector))) {
		keys_misread(r, t, line->line, "names no domain, or no "
		    "selector");
		return;
	}
	f = found_add(r, t, line);
	r->understood++;
	f->text = line->text;
	f->path = line->path;
	if (line->path != NULL) {
		if (keys_tree_place(&r->tree, t->directory, line->path,
		    &t->trust, &f->place, &why)) {
			f->file = f->place.shown;
			nameset_add(&r->files, f->file, strlen(f->file));
		} else {
			f->why = arena_printf(r->arena, why.code ==
			    ERR_DENIED ? "%s; others can write the table" :
			    "%s", why.text);
		}
	}
	err_clear(&why);
}

const char *
keys_replaced(struct arena *a, const char *text, const char *mark,
    const char *by)
{
	size_t len = strlen(mark);
	struct text t = TEXT_INIT;
	const char *replaced, *next;

	while ((next = strstr(text, mark)) != NULL) {
		text_add_bytes(&t, text, (size_t)(next - text));
		text_add(&t, by);
		text = next + len;
	}
	text_add(&t, text);
	replaced = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return replaced;
}

static bool
has_file(struct keys_reading *r, const struct keys_table *t,
    const char *path)
{
	struct err none = { 0 };
	struct keys_place place;
	bool ok = keys_tree_place(&r->tree, t->directory, path, &t->trust,
	    &place, &none) && keys_tree_exists(&place);

	err_clear(&none);
	return ok;
}

/* Each looks for as many files as we have domains. */
#define PATTERNS_MAX 100

void
keys_name_each(struct keys_reading *r, const struct keys_table *t,
    const struct keys_line *line, const char *mark)
{
	if (++r->patterns > PATTERNS_MAX) {
		keys_refuse(r, t, line, "too many patterns of file names");
		return;
	}
	for (uint32_t i = 0; i < r->ours.count; i++) {
		const char *domain = nameset_text(&r->ours, i);
		struct keys_line one = *line;

		if (nameset_find(&r->domains, domain, strlen(domain)) !=
		    NAME_NONE)
			continue;
		one.path = keys_replaced(r->arena, line->path, mark, domain);
		if (!has_file(r, t, one.path))
			continue;
		one.domain = arena_strdup(r->arena, domain);
		keys_name(r, t, &one);
	}
}

void
keys_one_for_all(struct keys_reading *r, const struct keys_table *t,
    const struct keys_line *line)
{
	const char *file = line->path;
	struct keys_place place;
	struct err none = { 0 };

	if (file != NULL && keys_tree_place(&r->tree, t->directory, file,
	    &keys_trust_all, &place, &none)) {
		file = place.shown;
		nameset_add(&r->files, file, strlen(file));
	}
	err_clear(&none);
	keys_refuse(r, t, line, arena_printf(r->arena, "one key signs for "
	    "every domain, name them: mailadm dkim add DOMAIN... --import %s "
	    "--selector %s", file != NULL ? file_shell_name(r->arena, file) :
	    "FILE", line->selector != NULL ? file_shell_name(r->arena,
	    line->selector) : "SELECTOR"));
}

/* --- tables ------------------------------------------------------------ */

/* Relative names in it begin at the directory that it lies in. */
static const char *
directory_of(struct keys_reading *r, const struct keys_place *place)
{
	const char *slash = strrchr(place->name, '/');
	int len = slash == NULL ? 0 : (int)(slash - place->name);

	return arena_printf(r->arena, "%s%.*s", place->fd == r->tree.fd ?
	    "" : "/", len, place->name);
}

const struct keys_trust keys_trust_all = { KEYS_ALL, 0 };

/*
 * Whoever can write a table chooses the files: all if it is root's, or of the
 * user; those that its owner can read as well, if nobody else can write it.
 * It is trusted no more than what names it.
 */
static struct keys_trust
trust_of(const struct keys_place *place, const struct stat *st,
    const struct keys_trust *by)
{
	struct keys_trust trust = { KEYS_NONE, st->st_uid };
	struct err none = { 0 };

	if (by->may == KEYS_ALL && permission_check(FILE_KEY_TABLE,
	    place->shown, st, &none))
		trust.may = KEYS_ALL;
	else if (by->may != KEYS_NONE && (st->st_mode &
	    permissions[FILE_KEY_TABLE].refused) == 0)
		trust.may = KEYS_OF_OWNER;
	err_clear(&none);
	return trust;
}

bool
keys_no_table(const char *file, size_t line, const char *why, struct err *e)
{
	if (why == NULL)
		err_set(e, ERR_INVALID, "%s is no table of keys", file);
	else
		err_set(e, ERR_INVALID, "%s is no table of keys: line %zu: %s",
		    file, line, why);
	return err_hint(e, "it may be a directory of keys, opendkim.conf, a "
	    "KeyTable, amavisd.conf or rspamd's dkim_signing.conf");
}

/*
 * Where no line has the form of a table, the file is another: one answer for
 * all its lines.
 */
static bool
table_judge(struct keys_reading *r, const char *file, size_t found,
    size_t understood, struct err *e)
{
	const struct keys_found *first;

	if (e->code != ERR_NONE)
		return false;
	if (r->found.count == found || r->understood > understood)
		return true;
	first = &r->found.item[found];
	r->found.count = found;
	return keys_no_table(file, first->misread, first->why, e);
}

bool
keys_table_take(struct keys_reading *r, const struct keys_place *place,
    const struct keys_trust *by, keys_reader reader, struct err *e)
{
	struct keys_table t = { .file = place->shown,
	    .directory = directory_of(r, place) };
	const size_t found = r->found.count, understood = r->understood;
	struct text content = TEXT_INIT;
	struct stat st;
	bool ok;

	if (nameset_find(&r->tables, t.file, strlen(t.file)) != NAME_NONE)
		return true;
	nameset_add(&r->tables, t.file, strlen(t.file));
	ok = keys_tree_read(place, KEYS_TABLE_MAX, &content, &st, e);
	if (ok && strlen(content.buf) != content.len)
		ok = err_set(e, ERR_INVALID, "%s holds a NUL byte", t.file);
	if (ok) {
		t.trust = trust_of(place, &st, by);
		t.text = content.buf;
		reader(r, &t);
		ok = table_judge(r, t.file, found, understood, e);
	}
	text_clear(&content);
	return ok;
}

void
keys_table_open(struct keys_reading *r, const struct keys_table *by,
    const struct keys_line *line, keys_reader reader)
{
	struct keys_place place;
	struct err why = { 0 };

	if (!keys_tree_place(&r->tree, by->directory, line->path, &by->trust,
	    &place, &why) ||
	    !keys_table_take(r, &place, &by->trust, reader, &why))
		keys_refuse(r, by, line, why.text);
	err_clear(&why);
}
