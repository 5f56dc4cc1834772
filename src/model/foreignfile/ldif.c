/*
 * LDIF, RFC 2849: what slapcat and ldapsearch print.
 *
 * An entry is a block of lines "name: value"; a line that begins with a blank
 * goes on where the one above ended.  A file that changes a directory is no
 * such thing, and the files that a value may name are not opened.
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "file/lines.h"
#include "file/read.h"
#include "model/foreignfile/private.h"

#define LINE_MAX_BYTES ((size_t)1024 * 1024)

/* Longer values are pictures and the like. */
#define VALUE_MAX_BYTES ((size_t)64 * 1024)

struct reading {
	struct collecting *c;
	struct lines lines;
	struct values values;
	struct text line;	/* with the lines that continue it */
	bool too_long;
	size_t number;		/* of its first line */
	bool in_entry;
	size_t entries;
	ldif_take take;
	void *arg;
	struct err *e;
};

/* --- values ------------------------------------------------------------ */

/* The bytes that the text stands for; NULL: it is no base64. */
static char *
decoded(struct arena *a, const char *text, size_t *len)
{
	size_t n = strlen(text);
	unsigned char *bytes = arena_alloc(a, n + 1);
	int got;

	*len = 0;
	if (n == 0)
		return (char *)bytes;
	got = n % 4 != 0 ? -1 : EVP_DecodeBlock(bytes,
	    (const unsigned char *)text, (int)n);
	if (got < 0)
		return NULL;
	*len = (size_t)got - (text[n - 1] == '=') - (n > 1 &&
	    text[n - 2] == '=');
	bytes[*len] = '\0';
	return (char *)bytes;
}

/* Such as a picture, or a certificate. */
static bool
is_text(const char *bytes, size_t len)
{
	return bytes != NULL && memchr(bytes, '\0', len) == NULL &&
	    utf8_valid(bytes, len);
}

/*
 * "name;option: value" counts behind the values of the name alone: a name in
 * another language is not the first one.
 */
static bool
value_add(struct reading *r, const char *name, const char *value)
{
	struct named_values *f = values_add(&r->values, name);

	if (f == NULL)
		return err_set(r->e, ERR_INVALID, "an entry with more than %d "
		    "attributes", VALUES_MAX);
	if (value == NULL)
		f->nested++;
	else
		words_add(r->values.arena, &f->values, value);
	return true;
}

/* What is behind the colon. */
static bool
value_read(struct reading *r, const char *name, const char *text)
{
	struct arena *a = r->values.arena;
	bool base64 = *text == ':';
	const char *value = text + strspn(text + base64, " ") + base64;
	size_t len = strlen(value);

	if (*text == '<' || r->too_long)
		return value_add(r, name, NULL);
	if (!base64)
		return value_add(r, name, arena_strdup(a, value));
	value = decoded(a, foreign_trimmed(a, value), &len);
	if (value == NULL)
		return err_set(r->e, ERR_INVALID, "a value that is no base64");
	return value_add(r, name, is_text(value, len) ? value : NULL);
}

/* --- entries ----------------------------------------------------------- */

/* Values with options go behind those without. */
static void
options_join(struct values *v)
{
	for (size_t k = 0; k < v->fields.count; k++) {
		struct named_values *f = &v->fields.item[k], *base;
		size_t len = strcspn(f->name, ";");

		if (f->name[len] == '\0')
			continue;
		base = values_add(v, arena_strndup(v->arena, f->name, len));
		f = &v->fields.item[k];
		f->read = base != NULL;
		for (size_t n = 0; base != NULL && n < f->values.count; n++)
			words_add(v->arena, &base->values, f->values.word[n]);
		if (base != NULL)
			base->nested += f->nested;
	}
}

static void
entry_end(struct reading *r)
{
	if (!r->in_entry)
		return;
	r->in_entry = false;
	r->entries++;
	options_join(&r->values);
	r->take(r->c, &r->values, r->arg);
	values_reset(&r->values);
}

static bool
is_change(const char *name)
{
	return strcmp(name, "changetype") == 0 ||
	    strcmp(name, "control") == 0;
}

static bool
line_read(struct reading *r)
{
	char *colon = strchr(r->line.buf, ':');
	bool begins = strncasecmp(r->line.buf, "dn:", 3) == 0;
	const char *name;

	if (colon == NULL || colon == r->line.buf)
		return err_set(r->e, ERR_INVALID, "no \"name: value\"");
	/* Files that were put together may have no empty line between. */
	if (begins)
		entry_end(r);
	name = lowered(r->values.arena, arena_strndup(r->values.arena,
	    r->line.buf, (size_t)(colon - r->line.buf)));
	if (!r->in_entry && r->entries == 0 && strcmp(name, "version") == 0)
		return true;
	if (is_change(name)) {
		err_set(r->e, ERR_INVALID, "%s: the file changes a "
		    "directory, and does not hold one", name);
		return err_hint(r->e, "slapcat prints what a directory holds");
	}
	if (!r->in_entry && !begins)
		return err_set(r->e, ERR_INVALID, "an entry begins with dn:");
	r->in_entry = true;
	r->c->i->row = r->number;
	return value_read(r, name, colon + 1);
}

/* --- lines ------------------------------------------------------------- */

static bool
line_end(struct reading *r)
{
	bool ok = r->line.len == 0 || *r->line.buf == '#' || line_read(r);

	if (!ok)
		return err_wrap(r->e, "%s, line %zu", r->lines.name,
		    r->number);
	text_cut(&r->line, 0);
	r->too_long = false;
	return true;
}

/* Of what is too long the begin is kept, with the name. */
static void
line_add(struct reading *r, const char *text, size_t len)
{
	size_t room = VALUE_MAX_BYTES - r->line.len;

	r->too_long |= len > room;
	text_add_bytes(&r->line, text, len < room ? len : room);
}

/* ldapsearch ends with lines "search: 2" and "result: 0 Success". */
static bool
is_answer(const struct reading *r, const char *line)
{
	return !r->in_entry && r->entries > 0 &&
	    (strncmp(line, "search: ", 8) == 0 ||
	    strncmp(line, "result: ", 8) == 0);
}

static bool
next_line(struct reading *r, const struct lines *l)
{
	const char *text = l->line.buf;

	if (*text == ' ') {
		if (r->line.len == 0) {
			err_set(r->e, ERR_INVALID, "continues no line");
			return err_wrap(r->e, "%s, line %zu", l->name,
			    l->number);
		}
		line_add(r, text + 1, l->line.len - 1);
		return true;
	}
	if (!line_end(r))
		return false;
	if (*text == '\0')
		entry_end(r);
	else if (!is_answer(r, text))
		line_add(r, text, l->line.len);
	r->number = l->number;
	return true;
}

static bool
lines_take(struct reading *r)
{
	struct lines *l = &r->lines;

	while (lines_next(l, r->e)) {
		const char *mark = "\xef\xbb\xbf";

		if (l->number == 1 && strncmp(l->line.buf, mark, 3) == 0) {
			memmove(l->line.buf, l->line.buf + 3,
			    l->line.len - 2);
			l->line.len -= 3;
		}
		if (!next_line(r, l))
			return false;
	}
	if (r->e->code != ERR_NONE || !line_end(r))
		return false;
	entry_end(r);
	return true;
}

bool
ldif_read(struct collecting *c, ldif_take take, void *arg, struct err *e)
{
	const char *path = c->i->options->path;
	bool standard = strcmp(path, "-") == 0, ok;
	int fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) :
	    open(path, O_RDONLY | O_CLOEXEC);
	struct reading r = { .c = c, .values.arena = &c->i->of_row,
	    .line = TEXT_INIT, .take = take, .arg = arg, .e = e };

	if (fd < 0)
		return file_open_failed(path, e);
	lines_init(&r.lines, fd, standard ? "standard input" : path,
	    LINE_MAX_BYTES);
	ok = lines_take(&r);
	if (ok && r.entries == 0)
		ok = err_set(e, ERR_INVALID, "%s has no entry", r.lines.name);
	lines_clear(&r.lines);
	text_clear(&r.line);
	values_clear(&r.values);
	close(fd);
	return ok;
}
