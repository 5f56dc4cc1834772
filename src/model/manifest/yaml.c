/* Reading a manifest: YAML events into objects, going on after errors. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/quote.h"
#include "base/sentence.h"
#include "file/yaml.h"
#include "model/manifest/private.h"

struct reading {
	struct manifest *m;
	struct yaml *yaml;
	const char *file;
	struct yaml_event event;	/* the one that was read last */
	bool broken;			/* the rest is not YAML */
	bool names_passwords;		/* by password_file */
};

/* --- errors ---------------------------------------------------------- */

static struct file_position
place_of(const struct reading *r)
{
	return file_position_at(r->file, r->event.line, r->event.column);
}

static void
complain(struct reading *r, const struct file_position *at, struct err *e)
{
	manifest_complain(r->m, at, e);
}

static void
complain_here(struct reading *r, const char *what)
{
	const struct file_position at = place_of(r);
	struct err e = { 0 };

	err_set(&e, ERR_INVALID, "%s", what);
	complain(r, &at, &e);
}

/* The next event; false at the end, or where it is not YAML. */
static bool
next(struct reading *r)
{
	struct file_position at;
	size_t line, column;
	struct err e = { 0 };

	if (r->broken)
		return false;
	if (yaml_next(r->yaml, &r->event, &e))
		return r->event.kind != YAML_END;
	r->broken = true;
	yaml_position(r->yaml, &line, &column);
	at = file_position_at(r->file, line, column);
	complain(r, &at, &e);
	return false;
}

/* Reads to the end of the value whose first event has been read. */
static void
skip_value(struct reading *r)
{
	size_t depth = 0;

	do {
		switch (r->event.kind) {
		case YAML_MAP:
		case YAML_LIST:
			depth++;
			break;
		case YAML_MAP_END:
		case YAML_LIST_END:
			depth--;
			break;
		default:
			break;
		}
	} while (depth > 0 && next(r));
}

/* A key: false at the end of the map.  One that is no scalar is skipped. */
static bool
next_key(struct reading *r)
{
	while (next(r) && r->event.kind != YAML_MAP_END) {
		if (r->event.kind == YAML_SCALAR)
			return true;
		complain_here(r, "a key must be a word");
		skip_value(r);
		if (next(r))
			skip_value(r);
	}
	return false;
}

static void
unknown_key(struct reading *r, const char *const *known, size_t count)
{
	const struct file_position at = place_of(r);
	struct words all = { 0 }, near;
	struct err e = { 0 };

	for (size_t i = 0; i < count; i++)
		words_add(r->m->arena, &all, known[i]);
	quote_unknown(&e, ERR_INVALID, "unknown key", &all, r->event.text);
	near = nearest(r->m->arena, &all, r->event.text);
	if (near.count > 0)
		err_hint(&e, "did you mean %s?", near.word[0]);
	else
		err_hint(&e, "known are: %s", sentence_list(r->m->arena, &all));
	complain(r, &at, &e);
	if (next(r))
		skip_value(r);
}

/* --- values ---------------------------------------------------------- */

static bool
is_null_event(const struct yaml_event *event)
{
	return event->kind == YAML_SCALAR && event->plain &&
	    (event->len == 0 || strcmp(event->text, "~") == 0 ||
	    strcmp(event->text, "null") == 0);
}

static void
scalar_set(struct reading *r, struct desired *w,
    const struct attribute *attribute)
{
	const struct file_position at = place_of(r);
	struct err e = { 0 };

	if (!manifest_set_hidden(r->m, w, attribute, r->event.text,
	    r->event.plain, &e))
		complain(r, &at, &e);
}

static void
list_read(struct reading *r, struct desired *w,
    const struct attribute *attribute)
{
	/* An empty list is given, too. */
	w->given |= desired_bit(w, attribute);
	while (next(r) && r->event.kind != YAML_LIST_END) {
		if (r->event.kind == YAML_SCALAR) {
			scalar_set(r, w, attribute);
			continue;
		}
		complain_here(r, "an address was expected");
		skip_value(r);
	}
}

/* Reads the value after its key. */
static void
attribute_read(struct reading *r, struct desired *w,
    const struct attribute *attribute)
{
	bool list = attribute_is_list(attribute);

	if (!next(r))
		return;
	if (list && is_null_event(&r->event)) {
		w->given |= desired_bit(w, attribute);
	} else if (r->event.kind == YAML_SCALAR) {
		scalar_set(r, w, attribute);
	} else if (list && r->event.kind == YAML_LIST) {
		list_read(r, w, attribute);
	} else {
		complain_here(r, list ? "a list of addresses was expected" :
		    "a single value was expected");
		skip_value(r);
	}
}

static void
absent_read(struct reading *r, struct desired *w)
{
	if (!next(r))
		return;
	if (r->event.kind == YAML_SCALAR && r->event.plain &&
	    (strcmp(r->event.text, "true") == 0 ||
	    strcmp(r->event.text, "false") == 0)) {
		w->absent = *r->event.text == 't';
		return;
	}
	complain_here(r, "absent: expected true or false");
	skip_value(r);
}

/* --- objects --------------------------------------------------------- */

static const struct attribute *
attribute_find(enum manifest_kind kind, const char *name)
{
	const struct attribute *a = manifest_attributes[kind];

	for (; a->name != NULL; a++) {
		if (strcmp(a->name, name) == 0)
			return a;
	}
	return NULL;
}

static void
unknown_attribute(struct reading *r, enum manifest_kind kind)
{
	const struct attribute *a = manifest_attributes[kind];
	const char *known[32] = { "absent" };
	size_t count = 1;

	for (; a->name != NULL; a++)
		known[count++] = a->name;
	unknown_key(r, known, count);
}

static void
object_map_read(struct reading *r, struct desired *w)
{
	bool absent_given = false;

	while (next_key(r)) {
		const struct attribute *a = attribute_find(w->kind,
		    r->event.text);
		bool absent = strcmp(r->event.text, "absent") == 0;

		if (a == NULL && !absent) {
			unknown_attribute(r, w->kind);
			continue;
		}
		if (absent ? absent_given :
		    desired_has(w, desired_bit(w, a)))
			complain_here(r, "this key is given twice");
		absent_given |= absent;
		if (absent)
			absent_read(r, w);
		else
			attribute_read(r, w, a);
	}
}

static void
object_end(struct reading *r, struct desired *w)
{
	struct err e = { 0 };

	if (!manifest_object_end(w, &e)) {
		err_wrap(&e, "%s", w->name);
		complain(r, &w->position, &e);
		w->faulty = true;
	}
	if (w->kind == MANIFEST_USER &&
	    desired_password_file(desired_user(w)) != NULL)
		r->names_passwords = true;
}

/* Reads an object after its name. An alias may be just a list. */
static void
object_read(struct reading *r, enum manifest_kind kind)
{
	const struct attribute *first = manifest_attributes[kind];
	const struct file_position at = place_of(r);
	const char *name = "";
	struct err e = { 0 };
	struct desired *w;
	size_t before = r->m->complaints.count;

	if (!manifest_name_hidden(r->m, kind, r->event.text, &name, &e))
		complain(r, &at, &e);
	w = manifest_add(r->m, kind, name, &at);
	if (!next(r))
		return;
	if (r->event.kind == YAML_MAP) {
		object_map_read(r, w);
	} else if (kind == MANIFEST_ALIAS && r->event.kind == YAML_LIST) {
		list_read(r, w, first);
	} else if (kind == MANIFEST_ALIAS && r->event.kind == YAML_SCALAR &&
	    !is_null_event(&r->event)) {
		scalar_set(r, w, first);
	} else if (!is_null_event(&r->event)) {
		complain_here(r, "a map of attributes was expected");
		skip_value(r);
	}
	w->faulty = r->m->complaints.count != before;
	if (!w->faulty)
		object_end(r, w);
}

static void
not_a_line(struct reading *r, const char *why)
{
	/* What is not YAML has its complaint. */
	if (!r->broken)
		complain_here(r, why);
	r->broken = true;
}

/* The kind that the first key names; false after a complaint. */
static bool
line_kind(struct reading *r, enum manifest_kind *kind)
{
	for (int k = 0; k < MANIFEST_KINDS; k++) {
		*kind = (enum manifest_kind)k;
		if (strcmp(r->event.text, manifest_kind_names[k]) == 0)
			return true;
	}
	not_a_line(r, "the first key is not domain, user, alias, recipient, "
	    "block or relay");
	return false;
}

/*
 * {"user": "anna@example.org", "active": true}: the first key is the kind, and
 * its value the name.
 */
static void
line_read(struct reading *r)
{
	size_t before = r->m->complaints.count;
	enum manifest_kind kind;
	const char *name = "";
	struct file_position at;
	struct err e = { 0 };
	struct desired *w;

	if (r->event.kind != YAML_MAP || !next_key(r)) {
		not_a_line(r, "a JSON object was expected");
		return;
	}
	if (!line_kind(r, &kind))
		return;
	if (!next(r) || r->event.kind != YAML_SCALAR) {
		not_a_line(r, "a name was expected");
		return;
	}
	at = place_of(r);
	if (!manifest_name_hidden(r->m, kind, r->event.text, &name, &e))
		complain(r, &at, &e);
	w = manifest_add(r->m, kind, name, &at);
	object_map_read(r, w);
	w->faulty = r->m->complaints.count != before;
	if (!w->faulty)
		object_end(r, w);
}

static void
lines_read_all(struct reading *r)
{
	while (next(r)) {
		if (!is_null_event(&r->event))
			line_read(r);
	}
}

static void
section_read(struct reading *r, enum manifest_kind kind)
{
	r->m->spoken[kind] = true;
	if (!next(r))
		return;
	if (r->event.kind == YAML_MAP) {
		while (next_key(r))
			object_read(r, kind);
	} else if (!is_null_event(&r->event)) {
		complain_here(r, "a map keyed by name was expected");
		skip_value(r);
	}
}

static void
file_read_all(struct reading *r)
{
	bool given[MANIFEST_KINDS] = { false };
	int kind;

	if (!next(r) || is_null_event(&r->event))
		return;
	if (r->event.kind != YAML_MAP) {
		complain_here(r, "a map with domains, users, aliases or other "
		    "sections was expected");
		return;
	}
	while (next_key(r)) {
		for (kind = 0; kind < MANIFEST_KINDS; kind++) {
			if (strcmp(r->event.text,
			    manifest_section_names[kind]) == 0)
				break;
		}
		if (kind == MANIFEST_KINDS) {
			unknown_key(r, manifest_section_names,
			    MANIFEST_KINDS);
			continue;
		}
		if (given[kind])
			complain_here(r, "this key is given twice");
		given[kind] = true;
		section_read(r, (enum manifest_kind)kind);
	}
	/* After the map nothing may follow. */
	if (!r->broken)
		next(r);
}

static bool
read_all(struct reading *r, struct err *e)
{
	bool ok;

	if (yaml_is_lines(r->yaml, manifest_kind_names))
		lines_read_all(r);
	else
		file_read_all(r);
	ok = !r->names_passwords || yaml_permission(r->yaml, FILE_MANIFEST, e);
	yaml_close(r->yaml);
	return ok;
}

bool
manifest_read(struct manifest *m, const char *path, struct err *e)
{
	struct reading r = { .m = m, .file = arena_strdup(m->arena,
	    strcmp(path, "-") == 0 ? "standard input" : path) };

	return yaml_open(m->arena, path, &r.yaml, e) && read_all(&r, e);
}

bool
manifest_read_fd(struct manifest *m, int fd, const char *name, struct err *e)
{
	struct reading r = { .m = m, .file = arena_strdup(m->arena, name) };

	if (lseek(fd, 0, SEEK_SET) != 0)
		return err_errno(e, "cannot read %s", name);
	return yaml_open_fd(m->arena, fd, name, &r.yaml, e) &&
	    read_all(&r, e);
}
