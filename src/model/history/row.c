/* A row of the history as a line for people: "quota 1G -> 2G". */
#include "model/history/row.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/text.h"
#include "base/time.h"

/* The types of db/columns.h, and NAME of what is no free text. */
enum part_type {
	PART_TEXT,
	PART_NAME,
	PART_FLAG,
	PART_RIGHT,		/* a flag that older rows lack: yes */
	PART_NUMBER,
	PART_SIZE,		/* NULL: none */
	PART_QUOTA,		/* NULL: default */
	PART_RATE,		/* NULL: none */
	PART_USER_RATE,		/* NULL: default */
	PART_DOMAIN = PART_NAME,
	PART_ADDRESS = PART_NAME,
	PART_TIME = PART_NAME,
	PART_WORD = PART_NAME,
	PART_LIMIT = PART_NUMBER
};

/* A column, and its name in the line. */
struct part {
	const char *key;	/* NULL ends the parts of a kind */
	const char *label;
	enum part_type type;
	bool quiet;		/* not shown of an added or removed row */
};

#define PART(column, TYPE, SHOWN, label, ...)				\
	{ #column, label, PART_##TYPE },
#define PARTS(values) (const struct part[]){				\
	{ "active", "active", PART_FLAG },				\
	values								\
	{ "home", "home", PART_NAME, .quiet = true },			\
	{ "created", "created", PART_NAME, .quiet = true },		\
	{ 0 }								\
}

static const struct kind {
	const char *kind;
	const char *key;	/* of its name; NULL: local and domain */
	const struct part *parts;
} kinds[] = {
	{ "domain", "domain", PARTS(DOMAIN_VALUES(PART,)) },
	{ "user", "email", PARTS(USER_VALUES(PART,)) },
	{ "alias", "mail", PARTS(ALIAS_ALL_VALUES(PART,)) },
	{ "grant", "email", (const struct part[]){ GRANT_VALUES(PART,)
	    { 0 } } },
	{ "key", "domain", (const struct part[]){ DKIM_VALUES(PART,)
	    { 0 } } },
	{ "pattern", NULL, (const struct part[]){
	    { "active", "active", PART_FLAG },
	    { "note", "note", PART_TEXT }, { 0 } } },
	{ "block", "address", (const struct part[]){
	    { "note", "note", PART_TEXT }, { 0 } } },
	{ "recipient", "address", (const struct part[]){
	    RECIPIENT_VALUES(PART,) { 0 } } },
	{ "relay", "name", (const struct part[]){ RELAY_VALUES(PART,)
	    { 0 } } },
};

/* A row with both its sides taken apart. */
struct sides {
	struct arena *arena;
	const struct history_raw *raw;
	json_t *old;		/* NULL: none, or not JSON */
	json_t *new;
	bool notes;
};

static bool
is_kind(const struct sides *s, const char *kind)
{
	return strcmp(s->raw->kind, kind) == 0;
}

/* Neither added nor removed: it existed before and after. */
static bool
stays(const struct sides *s)
{
	return s->raw->old_row != NULL && s->raw->new_row != NULL;
}

static const struct kind *
kind_of(const struct sides *s)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (is_kind(s, kinds[i].kind))
			return &kinds[i];
	}
	return NULL;
}

static bool
is_number(const struct part *p)
{
	return p->type >= PART_FLAG;
}

/* A key that a row lacks is NULL: older rows have fewer columns. */
static int64_t
number_at(const json_t *row, const char *key)
{
	const json_t *value = json_object_get(row, key);

	if (json_is_integer(value))
		return json_integer_value(value);
	return json_is_string(value) ? strtoll(json_string_value(value),
	    NULL, 10) : FIELD_NULL;
}

static const char *
text_at(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key));
}

static int64_t
part_number(const struct part *p, const json_t *row)
{
	int64_t n = number_at(row, p->key);

	return p->type == PART_RIGHT && n == FIELD_NULL ? 1 : n;
}

static bool
part_same(const struct part *p, const struct sides *s)
{
	if (is_number(p))
		return part_number(p, s->old) == part_number(p, s->new);
	return text_same(text_at(s->old, p->key), text_at(s->new, p->key));
}

static void
add_number(struct text *t, const struct part *p, int64_t n)
{
	char buf[SIZE_TEXT], rate[RATE_TEXT];

	if (p->type == PART_FLAG || p->type == PART_RIGHT) {
		text_add(t, n != 0 ? "yes" : "no");
	} else if (n == FIELD_NULL) {
		text_add(t, p->type == PART_QUOTA ||
		    p->type == PART_USER_RATE ? "default" : "none");
	} else if (n == QUOTA_NONE) {
		text_add(t, "none");
	} else if (p->type == PART_QUOTA || p->type == PART_SIZE) {
		size_format(buf, n);
		text_add(t, buf);
	} else if (p->type == PART_RATE || p->type == PART_USER_RATE) {
		rate_format(rate, n);
		text_add(t, rate);
	} else {
		text_addf(t, "%lld", (long long)n);
	}
}

static void
add_value(struct text *t, const struct part *p, const json_t *row)
{
	const char *text;

	if (is_number(p)) {
		add_number(t, p, part_number(p, row));
		return;
	}
	text = text_at(row, p->key);
	if (text == NULL)
		text_add(t, "none");
	else
		text_addf(t, p->type == PART_TEXT ? "\"%s\"" : "%s", text);
}

static void
separate(struct text *t)
{
	if (t->len > 0)
		text_add(t, ", ");
}

static void
add_change(struct text *t, const struct part *p, const struct sides *s)
{
	if (part_same(p, s))
		return;
	separate(t);
	text_addf(t, "%s ", p->label);
	add_value(t, p, s->old);
	text_add(t, " -> ");
	add_value(t, p, s->new);
}

/* For an added or removed row: the values that are not the defaults. */
static void
add_alone(struct text *t, const struct part *p, const struct sides *s)
{
	const json_t *row = s->raw->old_row == NULL ? s->new : s->old;
	bool usual = p->quiet;

	if (p->type == PART_FLAG || p->type == PART_RIGHT)
		usual = part_number(p, row) != 0;
	else if (is_number(p))
		usual |= part_number(p, row) == FIELD_NULL;
	else
		usual |= text_at(row, p->key) == NULL;
	if (usual)
		return;
	separate(t);
	text_addf(t, "%s ", p->label);
	add_value(t, p, row);
}

/* That it changed, as of a password. */
static void
add_hidden(struct text *t, const struct part *p, const struct sides *s)
{
	if (!stays(s) || part_same(p, s))
		return;
	separate(t);
	text_addf(t, "%s changed", p->label);
}

static void
add_parts(struct text *t, const struct sides *s)
{
	const struct kind *kind = kind_of(s);

	for (size_t i = 0; kind != NULL && kind->parts[i].key != NULL; i++) {
		const struct part *p = &kind->parts[i];

		if (!s->notes && strcmp(p->key, "note") == 0)
			add_hidden(t, p, s);
		else if (stays(s))
			add_change(t, p, s);
		else
			add_alone(t, p, s);
	}
}

static const char *
pattern_name(struct arena *a, const json_t *row)
{
	const char *local = text_at(row, "local");
	const char *domain = text_at(row, "domain");

	return local != NULL && domain != NULL ? arena_printf(a, "%s@%s",
	    local, domain) : NULL;
}

/* The name before, if it has changed. */
static const char *
former_name(const struct sides *s)
{
	const struct kind *kind = kind_of(s);
	const char *name;

	if (!stays(s) || kind == NULL)
		return NULL;
	name = kind->key != NULL ? text_at(s->old, kind->key) :
	    pattern_name(s->arena, s->old);
	return name != NULL && strcmp(name, s->raw->name) != 0 ? name : NULL;
}

/* Rows of aliases, patterns and grants have two names. */
static void
add_other(struct text *t, const struct sides *s)
{
	bool grant = is_kind(s, "grant");
	const char *key = grant ? "address" : "destination";
	const char *old = text_at(s->old, key), *new = text_at(s->new, key);

	if ((!grant && !is_kind(s, "alias") && !is_kind(s, "pattern")) ||
	    (old == NULL && new == NULL))
		return;
	separate(t);
	if (old != NULL && new != NULL && strcmp(old, new) != 0)
		text_addf(t, "%s %s -> %s", grant ? "send as" : key, old,
		    new);
	else
		text_addf(t, "%s %s", grant ? "send as" : "->",
		    new != NULL ? new : old);
}

/* Of the domain that is its name. */
static void
add_selector(struct text *t, const struct sides *s)
{
	const char *old = text_at(s->old, "selector");
	const char *new = text_at(s->new, "selector");

	if (!is_kind(s, "key") || (old == NULL && new == NULL))
		return;
	separate(t);
	text_addf(t, "selector %s", new != NULL ? new : old);
}

static void
add_password(struct text *t, const struct sides *s)
{
	if (!is_kind(s, "user") || !stays(s) ||
	    text_same(text_at(s->old, "crypt"), text_at(s->new, "crypt")))
		return;
	separate(t);
	text_add(t, "password changed");
}

static void
add_pruned(struct text *t, const struct sides *s)
{
	const char *before = text_at(s->new, "before");

	if (is_kind(s, "history") && before != NULL)
		text_addf(t, "%lld changes before %s",
		    (long long)number_at(s->new, "changes"), before);
}

static const char *
summary(struct arena *a, const struct sides *s)
{
	struct text t = TEXT_INIT;
	const char *former = former_name(s), *copy;

	if (former != NULL)
		text_addf(&t, "from %s", former);
	add_other(&t, s);
	add_selector(&t, s);
	add_password(&t, s);
	add_parts(&t, s);
	add_pruned(&t, s);
	copy = t.len > 0 ? arena_strndup(a, t.buf, t.len) : NULL;
	text_clear(&t);
	return copy;
}

static const char *
action(const struct sides *s)
{
	if (is_kind(s, "history"))
		return "pruned";
	return s->raw->old_row == NULL ? "added" :
	    s->raw->new_row == NULL ? "removed" :
	    former_name(s) != NULL ? "renamed" : "changed";
}

/* The error of the JSON reader quotes the row, so it is not shown. */
static json_t *
read_side(const char *row)
{
	return row != NULL ? json_loads(row, JSON_ALLOW_NUL, NULL) : NULL;
}

static struct sides
sides_read(struct arena *a, const struct history_raw *raw, bool notes)
{
	return (struct sides){ a, raw, read_side(raw->old_row),
	    read_side(raw->new_row), notes };
}

static void
sides_clear(struct sides *s)
{
	json_decref(s->old);
	json_decref(s->new);
}

struct history
history_row_read(struct arena *a, const struct history_raw *raw, bool notes)
{
	struct sides s = sides_read(a, raw, notes);
	struct history row = {
		.change = raw->change,
		.at = raw->at,
		.actor = raw->actor,
		.kind = raw->kind,
		.name = raw->name,
		.action = action(&s),
		.summary = summary(a, &s),
		.program = raw->program,
		.undoes = raw->undoes,
	};

	sides_clear(&s);
	return row;
}

/* --- for programs ------------------------------------------------------ */

/* The names in a row, of any kind; what is not one of them stays behind. */
static const char *const name_keys[] = {
	"domain", "email", "mail", "destination", "address", "selector",
	"before", NULL
};

static json_t *
part_json(const struct part *p, const json_t *row)
{
	const char *text = text_at(row, p->key);
	int64_t n;

	if (!is_number(p))
		return text != NULL ? json_string(text) : json_null();
	n = part_number(p, row);
	if (n == FIELD_NULL)
		return json_null();
	return p->type == PART_FLAG || p->type == PART_RIGHT ?
	    json_boolean(n != 0) : json_integer(n);
}

/* NULL where there is no row, as before it was added. */
static json_t *
side_json(const struct kind *kind, const json_t *row)
{
	json_t *side;

	if (row == NULL)
		return json_null();
	side = json_object();
	for (size_t i = 0; name_keys[i] != NULL; i++) {
		const char *name = text_at(row, name_keys[i]);

		if (name != NULL)
			json_object_set_new(side, name_keys[i],
			    json_string(name));
	}
	for (size_t i = 0; kind != NULL && kind->parts[i].key != NULL; i++)
		json_object_set_new(side, kind->parts[i].key,
		    part_json(&kind->parts[i], row));
	return side;
}

static const char *
dump(struct arena *a, json_t *value)
{
	char *text = value != NULL ? json_dumps(value, JSON_COMPACT) : NULL;
	const char *copy = arena_strdup(a, text != NULL ? text : "{}");

	free(text);
	json_decref(value);
	return copy;
}

const char *
history_row_json(struct arena *a, const struct history_raw *raw)
{
	struct sides s = sides_read(a, raw, true);
	json_t *row = json_pack("{s:s, s:s, s:s, s:s?, s:o, s:o}",
	    "kind", raw->kind, "name", raw->name, "action", action(&s),
	    "summary", summary(a, &s), "old", side_json(kind_of(&s), s.old),
	    "new", side_json(kind_of(&s), s.new));

	sides_clear(&s);
	return dump(a, row);
}

const char *
history_change_json(struct arena *a, const struct history_raw *raw)
{
	char at[TIME_TEXT];
	json_t *change;
	const char *text;

	time_format(at, raw->at);
	change = json_pack("{s:I, s:s, s:s?, s:s?, s:o}",
	    "change", (json_int_t)raw->change, "at", at, "actor", raw->actor,
	    "program", raw->program, "undoes", raw->undoes != FIELD_NULL ?
	    json_integer(raw->undoes) : json_null());
	text = dump(a, change);
	return arena_strndup(a, text + 1, strlen(text) - 2);
}
