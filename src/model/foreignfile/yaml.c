/* Files of YAML: sections, each a list of entries. */
#include <string.h>

#include "base/quote.h"
#include "file/yaml.h"
#include "model/foreignfile/private.h"

struct reading {
	struct collecting *c;
	struct yaml *yaml;
	struct yaml_event event;
	struct values values;
	const struct yaml_section *sections;
	bool any;		/* section that is known */
	struct err *e;
};

/* --- events -------------------------------------------------------------- */

static bool
next(struct reading *r)
{
	return yaml_next(r->yaml, &r->event, r->e);
}

/* Reads to the end of the value whose first event has been read. */
static bool
skip_value(struct reading *r)
{
	size_t depth = 0;

	do {
		if (r->event.kind == YAML_MAP || r->event.kind == YAML_LIST)
			depth++;
		else if (r->event.kind != YAML_SCALAR)
			depth--;
	} while (depth > 0 && next(r));
	return r->e->code == ERR_NONE;
}

static bool
is_null(const struct yaml_event *event)
{
	return event->plain && (event->len == 0 ||
	    strcmp(event->text, "~") == 0 || strcmp(event->text, "null") == 0);
}

/* The next key of a map; NULL: there is none, or an error. */
static const char *
next_key(struct reading *r)
{
	if (!next(r) || r->event.kind == YAML_MAP_END)
		return NULL;
	if (r->event.kind == YAML_SCALAR)
		return arena_strdup(r->values.arena, r->event.text);
	err_set(r->e, ERR_INVALID, "a key that is no word");
	return NULL;
}

/* --- entries ------------------------------------------------------------- */

static bool
value_add(struct reading *r, struct named_values *f)
{
	if (r->event.kind != YAML_SCALAR) {
		f->nested++;
		return skip_value(r);
	}
	if (!is_null(&r->event))
		words_add(r->values.arena, &f->values,
		    arena_strdup(r->values.arena, r->event.text));
	return true;
}

static bool
list_add(struct reading *r, struct named_values *f)
{
	while (next(r) && r->event.kind != YAML_LIST_END) {
		if (!value_add(r, f))
			return false;
	}
	return r->e->code == ERR_NONE;
}

static bool
field_read(struct reading *r, const char *key)
{
	size_t before = r->values.fields.count;
	struct named_values *f = values_add(&r->values, key);

	if (f == NULL)
		return err_set(r->e, ERR_INVALID, "an entry with more than %d "
		    "keys", VALUES_MAX);
	if (r->values.fields.count == before)
		return err_set(r->e, ERR_INVALID, "a key is given twice");
	return next(r) && (r->event.kind == YAML_LIST ? list_add(r, f) :
	    value_add(r, f));
}

static bool
entry_read(struct reading *r, const struct yaml_section *s)
{
	const char *key;

	values_reset(&r->values);
	if (r->event.kind != YAML_MAP) {
		collect_refused(r->c, s->name, "an entry (" QUOTE_HIDDEN ")",
		    "is no entry with keys and values");
		return skip_value(r);
	}
	while ((key = next_key(r)) != NULL) {
		if (!field_read(r, key))
			return false;
	}
	if (r->e->code != ERR_NONE)
		return false;
	s->take(r->c, &r->values);
	return true;
}

/* --- sections ------------------------------------------------------------ */

static const struct yaml_section *
section_find(const struct reading *r, const char *name)
{
	const struct yaml_section *s = r->sections;

	while (s->name != NULL && strcmp(s->name, name) != 0 &&
	    strcmp(s->other_name, name) != 0)
		s++;
	return s->name == NULL ? NULL : s;
}

static bool
section_read(struct reading *r, const char *key)
{
	const struct yaml_section *s = section_find(r, key);

	if (!next(r))
		return false;
	if (s == NULL) {
		if (!is_null(&r->event))
			foreign_lost(r->c->i, "section", key, LEFT_OUT,
			    "has no place here");
		return skip_value(r);
	}
	r->any = true;
	r->c->domains_listed |= s->lists_domains;
	if (r->event.kind == YAML_SCALAR && is_null(&r->event))
		return true;
	if (r->event.kind != YAML_LIST)
		return err_set(r->e, ERR_INVALID, "the section %s is no list",
		    s->name);
	while (next(r) && r->event.kind != YAML_LIST_END) {
		if (!entry_read(r, s))
			return false;
	}
	return r->e->code == ERR_NONE;
}

static bool
sections_read(struct reading *r)
{
	const char *key;

	if (!next(r))
		return false;
	if (r->event.kind != YAML_MAP)
		return err_set(r->e, ERR_INVALID, "no sections");
	while ((key = next_key(r)) != NULL) {
		if (!section_read(r, key))
			return false;
	}
	/* To the end: behind it there may be a second document. */
	while (r->e->code == ERR_NONE && r->event.kind != YAML_END)
		next(r);
	if (r->e->code == ERR_NONE && !r->any)
		return err_set(r->e, ERR_INVALID, "no section %s",
		    r->sections[0].name);
	return r->e->code == ERR_NONE;
}

bool
yaml_sections_read(struct collecting *c, const struct yaml_section *sections,
    struct err *e)
{
	struct importing *i = c->i;
	struct reading r = { .c = c, .sections = sections, .e = e,
	    .values.arena = &i->of_row };
	size_t line, column;
	bool ok;

	if (!yaml_open(i->arena, i->options->path, &r.yaml, e))
		return false;
	ok = sections_read(&r);
	yaml_position(r.yaml, &line, &column);
	yaml_close(r.yaml);
	values_clear(&r.values);
	return ok || err_wrap(e, "%s:%zu:%zu", strcmp(i->options->path, "-")
	    == 0 ? "standard input" : i->options->path, line, column);
}
