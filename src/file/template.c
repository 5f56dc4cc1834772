/* Rendering templates. */
#include "file/template.h"

#include <string.h>

#define DEPTH_MAX 8

#define NAME_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

enum line_kind { LINE_TEXT, LINE_IF, LINE_ELSE, LINE_FOR, LINE_END };

static const struct directive {
	const char *word;
	enum line_kind kind;
	bool has_name;
} directives[] = {
	{ "if", LINE_IF, true },
	{ "else", LINE_ELSE, false },
	{ "for", LINE_FOR, true },
	{ "end", LINE_END, false },
	{ 0 }
};

/* An @if or @for that is open. */
struct block {
	enum line_kind kind;
	bool shown;			/* the lines are rendered */
	bool turned;			/* behind its @else@ */
	const struct words *list;
	size_t item;			/* of the list */
	const char *body;		/* its first line */
	unsigned line;
};

struct renderer {
	const char *name;		/* of the template */
	const struct template_value *values;
	struct text *result;
	const char *at;			/* the line to render next */
	unsigned line;
	struct block block[DEPTH_MAX];
	size_t depth;
};

static bool
wrong(const struct renderer *r, struct err *e, const char *what,
    const char *name, size_t len)
{
	return err_set(e, ERR_INVALID, "%s:%u: %s%.*s", r->name, r->line,
	    what, (int)len, name);
}

static const struct template_value *
value_find(const struct renderer *r, const char *name, size_t len)
{
	const struct template_value *v = r->values;

	while (v->name != NULL && (strlen(v->name) != len ||
	    memcmp(v->name, name, len) != 0))
		v++;
	return v->name != NULL ? v : NULL;
}

static bool
is_shown(const struct renderer *r)
{
	return r->depth == 0 || r->block[r->depth - 1].shown;
}

/* The text of the innermost list. */
static const char *
item_text(const struct renderer *r)
{
	for (size_t i = r->depth; i-- > 0; ) {
		const struct block *b = &r->block[i];

		if (b->kind == LINE_FOR && b->item < b->list->count)
			return b->list->word[b->item];
	}
	return NULL;
}

static bool
name_render(struct renderer *r, const char *name, size_t len, struct err *e)
{
	const struct template_value *v;
	const char *item;

	if (len == 4 && memcmp(name, "ITEM", 4) == 0 &&
	    (item = item_text(r)) != NULL) {
		text_add(r->result, item);
		return true;
	}
	v = value_find(r, name, len);
	if (v == NULL)
		return wrong(r, e, "no such name: ", name, len);
	if (v->list != NULL)
		return wrong(r, e, "a list needs @for: ", name, len);
	if (v->text != NULL)
		text_add(r->result, v->text);
	return true;
}

static bool
text_render(struct renderer *r, const char *end, struct err *e)
{
	for (const char *at = r->at; at < end; ) {
		size_t len = *at == '@' ? strspn(at + 1, NAME_CHARS) : 0;

		if (len == 0 || at[len + 1] != '@') {
			text_add_char(r->result, *at++);
			continue;
		}
		if (!name_render(r, at + 1, len, e))
			return false;
		at += len + 2;
	}
	return true;
}

static const struct directive *
directive_find(const char *at, const char *end, const char **name,
    size_t *len)
{
	at += strspn(at, " \t");
	if (*at++ != '@')
		return NULL;
	for (const struct directive *d = directives; d->word != NULL; d++) {
		size_t n = strlen(d->word);

		if (strncmp(at, d->word, n) != 0 ||
		    (d->has_name && at[n] != ' '))
			continue;
		*name = at + n + d->has_name;
		*len = d->has_name ? strspn(*name, NAME_CHARS) : 0;
		if ((!d->has_name || *len > 0) && *name + *len + 1 == end &&
		    (*name)[*len] == '@')
			return d;
	}
	return NULL;
}

static bool
block_open(struct renderer *r, const struct directive *d, const char *name,
    size_t len, struct err *e)
{
	const struct template_value *v = value_find(r, name, len);
	struct block *b = &r->block[r->depth];
	bool shown = is_shown(r);

	if (v == NULL)
		return wrong(r, e, "no such name: ", name, len);
	if (d->kind == LINE_FOR && v->list == NULL)
		return wrong(r, e, "not a list: ", name, len);
	if (r->depth == DEPTH_MAX)
		return wrong(r, e, "nested too deep: ", name, len);
	*b = (struct block){ .kind = d->kind, .list = v->list,
	    .body = r->at, .line = r->line };
	if (v->list != NULL)
		b->shown = shown && v->list->count > 0;
	else
		b->shown = shown && v->text != NULL && *v->text != '\0';
	r->depth++;
	return true;
}

static bool
block_turn(struct renderer *r, struct err *e)
{
	struct block *b;

	if (r->depth == 0 || r->block[r->depth - 1].kind != LINE_IF ||
	    r->block[r->depth - 1].turned)
		return wrong(r, e, "@else@ without @if", "", 0);
	b = &r->block[r->depth - 1];
	b->turned = true;
	b->shown = !b->shown &&
	    (r->depth == 1 || r->block[r->depth - 2].shown);
	return true;
}

/* Back to the start of a list that has more, or out of the block. */
static bool
block_end(struct renderer *r, struct err *e)
{
	struct block *b;

	if (r->depth == 0)
		return wrong(r, e, "@end@ without @if or @for", "", 0);
	b = &r->block[r->depth - 1];
	if (b->kind == LINE_FOR && b->shown &&
	    b->item + 1 < b->list->count) {
		b->item++;
		r->at = b->body;
		r->line = b->line;
	} else {
		r->depth--;
	}
	return true;
}

static bool
line_render(struct renderer *r, struct err *e)
{
	const char *end = r->at + strcspn(r->at, "\n"), *name = NULL;
	const char *next = end + (*end == '\n');
	const struct directive *d;
	size_t len = 0;
	bool ok;

	r->line++;
	d = directive_find(r->at, end, &name, &len);
	if (d == NULL) {
		ok = !is_shown(r) || text_render(r, next, e);
		r->at = next;
		return ok;
	}
	r->at = next;
	switch (d->kind) {
	case LINE_IF:
	case LINE_FOR:
		return block_open(r, d, name, len, e);
	case LINE_ELSE:
		return block_turn(r, e);
	default:
		return block_end(r, e);
	}
}

bool
template_render(const char *name, const char *text,
    const struct template_value *values, struct text *result,
    struct err *e)
{
	struct renderer r = { .name = name, .values = values,
	    .result = result, .at = text };

	while (*r.at != '\0') {
		if (!line_render(&r, e))
			return false;
	}
	if (r.depth == 0)
		return true;
	r.line = r.block[r.depth - 1].line;
	return wrong(&r, e, "no @end@ for this", "", 0);
}
