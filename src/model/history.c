/* Reading the history: rows of JSON become a line that people read. */
#include "model/history.h"

#include <string.h>

#include "base/size.h"
#include "base/text.h"

/* --- what a row says ------------------------------------------------- */

enum part_type { PART_TEXT, PART_NAME, PART_FLAG, PART_NUMBER, PART_QUOTA };

/* A column that may differ, and what people call it. */
struct part {
	const char *user;	/* NULL: no column of that kind */
	const char *domain;
	const char *alias;
	enum part_type type;
	size_t old, new;	/* in struct history_raw */
	bool shown_alone;	/* also of a row that comes or goes */
};

#define SIDES(member) offsetof(struct history_raw, old_##member),	\
    offsetof(struct history_raw, new_##member)

static const struct part parts[] = {
	{ "active", "active", "active", PART_FLAG, SIDES(active), true },
	{ "name", "description", NULL, PART_TEXT, SIDES(text), true },
	{ NULL, "alias of", NULL, PART_NAME, SIDES(alias_of), true },
	{ "quota", "quota", NULL, PART_QUOTA, SIDES(quota), true },
	{ NULL, "max users", NULL, PART_NUMBER, SIDES(max_users), true },
	{ NULL, "max aliases", NULL, PART_NUMBER, SIDES(max_aliases), true },
	{ "home", NULL, NULL, PART_NAME, SIDES(home), false },
	{ "created", "created", "created", PART_NAME, SIDES(created), false },
	{ 0 }
};

static const char *
part_label(const struct part *p, const char *kind)
{
	return strcmp(kind, "user") == 0 ? p->user :
	    strcmp(kind, "domain") == 0 ? p->domain :
	    strcmp(kind, "alias") == 0 ? p->alias : NULL;
}

static bool
is_number(const struct part *p)
{
	return p->type >= PART_FLAG;
}

static int64_t
number_at(const struct history_raw *raw, size_t offset)
{
	return *(const int64_t *)(const void *)((const char *)raw + offset);
}

static const char *
text_at(const struct history_raw *raw, size_t offset)
{
	return *(const char *const *)(const void *)((const char *)raw +
	    offset);
}

static bool
text_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
part_same(const struct part *p, const struct history_raw *raw)
{
	if (is_number(p))
		return number_at(raw, p->old) == number_at(raw, p->new);
	return text_same(text_at(raw, p->old), text_at(raw, p->new));
}

static void
add_number(struct text *t, const struct part *p, int64_t n, bool of_user)
{
	char buf[SIZE_TEXT];

	if (p->type == PART_FLAG) {
		text_add(t, n != 0 ? "yes" : "no");
	} else if (n == FIELD_NULL) {
		text_add(t, p->type == PART_QUOTA && of_user ? "default" :
		    "none");
	} else if (n == QUOTA_NONE) {
		text_add(t, "none");
	} else if (p->type == PART_QUOTA) {
		size_format(buf, n);
		text_add(t, buf);
	} else {
		text_addf(t, "%lld", (long long)n);
	}
}

static void
add_value(struct text *t, const struct part *p,
    const struct history_raw *raw, size_t offset)
{
	const char *text;

	if (is_number(p)) {
		add_number(t, p, number_at(raw, offset),
		    strcmp(raw->kind, "user") == 0);
		return;
	}
	text = text_at(raw, offset);
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
add_change(struct text *t, const struct part *p, const char *label,
    const struct history_raw *raw)
{
	if (part_same(p, raw))
		return;
	separate(t);
	text_addf(t, "%s ", label);
	add_value(t, p, raw, p->old);
	text_add(t, " -> ");
	add_value(t, p, raw, p->new);
}

/* Of a row that comes or goes, what is not as it usually is. */
static void
add_alone(struct text *t, const struct part *p, const char *label,
    const struct history_raw *raw)
{
	size_t side = raw->added ? p->new : p->old;
	bool usual = !p->shown_alone;

	if (p->type == PART_FLAG)
		usual = number_at(raw, side) != 0;
	else if (is_number(p))
		usual |= number_at(raw, side) == FIELD_NULL;
	else
		usual |= text_at(raw, side) == NULL;
	if (usual)
		return;
	separate(t);
	text_addf(t, "%s ", label);
	add_value(t, p, raw, side);
}

static bool
is_renamed(const struct history_raw *raw)
{
	return !raw->added && !raw->removed && raw->old_name != NULL &&
	    strcmp(raw->old_name, raw->name) != 0;
}

/* An alias row is not known by its name alone. */
static void
add_destination(struct text *t, const struct history_raw *raw)
{
	const char *old = raw->old_destination, *new = raw->new_destination;

	if (old == NULL && new == NULL)
		return;
	separate(t);
	if (old != NULL && new != NULL && strcmp(old, new) != 0)
		text_addf(t, "destination %s -> %s", old, new);
	else
		text_addf(t, "-> %s", new != NULL ? new : old);
}

static const char *
summary(struct arena *a, const struct history_raw *raw)
{
	struct text t = TEXT_INIT;
	const char *copy;

	if (is_renamed(raw))
		text_addf(&t, "from %s", raw->old_name);
	add_destination(&t, raw);
	if (raw->password && !raw->added && !raw->removed) {
		separate(&t);
		text_add(&t, "password changed");
	}
	for (const struct part *p = parts; p->old != p->new; p++) {
		const char *label = part_label(p, raw->kind);

		if (label == NULL)
			continue;
		if (raw->added || raw->removed)
			add_alone(&t, p, label, raw);
		else
			add_change(&t, p, label, raw);
	}
	if (strcmp(raw->kind, "history") == 0 && raw->new_text != NULL)
		text_add(&t, raw->new_text);
	copy = t.len > 0 ? arena_strndup(a, t.buf, t.len) : NULL;
	text_clear(&t);
	return copy;
}

static const char *
action(const struct history_raw *raw)
{
	if (strcmp(raw->kind, "history") == 0)
		return "pruned";
	return raw->added ? "added" : raw->removed ? "removed" :
	    is_renamed(raw) ? "renamed" : "changed";
}

/* --- lists ----------------------------------------------------------- */

struct reading {
	db_row_each each;
	void *arg;
	struct arena row;	/* of the row that is handed on */
};

static bool
hand_on(void *arg, const void *row, struct err *e)
{
	struct reading *r = arg;
	const struct history_raw *raw = row;
	const struct history history = {
		.change = raw->change,
		.at = raw->at,
		.actor = raw->actor,
		.kind = raw->kind,
		.name = raw->name,
		.action = action(raw),
		.summary = summary(&r->row, raw),
		.program = raw->program,
		.undoes = raw->undoes,
	};
	bool ok = r->each(r->arg, &history, e);

	arena_reset(&r->row);
	return ok;
}

static size_t
list_params(struct arena *a, const struct list_filter *list,
    const void *last, int64_t limit, bool page, struct param *p)
{
	/* The list is the filter's first member. */
	const struct history_filter *f = (const void *)list;
	const struct history_raw *row = last;
	const char *name = list->pattern ? like_pattern(a, list->pattern) :
	    NULL;
	const char *by = like_pattern(a, f->actor);
	size_t n = 0;

	BUG_ON(!page);
	p[n++] = (struct param)NUMBER(row ? row->id : INT64_MAX);
	p[n++] = (struct param)NUMBER(f->first);
	p[n++] = (struct param)TEXT(name);
	p[n++] = (struct param)TEXT(name);
	p[n++] = (struct param)TEXT(name);
	p[n++] = (struct param)NUMBER(f->since);
	p[n++] = (struct param)NUMBER(f->until);
	p[n++] = (struct param)TEXT(by);
	p[n++] = (struct param)TEXT(by);
	p[n++] = (struct param)TEXT(f->kind ? f->kind : "%");
	p[n++] = (struct param)NUMBER(f->change);
	p[n++] = (struct param)NUMBER(f->change);
	p[n++] = (struct param)NUMBER(limit);
	return n;
}

bool
history_list(struct mail *m, struct history_filter *f, db_row_each each,
    void *arg, struct err *e)
{
	static const struct list list = { SQL_HISTORY_LIST, SQL_HISTORY_LIST,
	    history_raw_fields, sizeof(struct history_raw), list_params };
	struct reading r = { .each = each, .arg = arg };
	bool ok;

	/* Older rows need not even be looked at. */
	if (f->since > 0) {
		if (!db_number(m->db, SQL_HISTORY_FIRST,
		    PARAMS(NUMBER(f->since)), &f->first, e))
			return false;
		if (f->first == FIELD_NULL)
			return true;
	}
	ok = list_run(m, &list, &f->list, hand_on, &r, e);
	arena_clear(&r.row);
	return ok;
}

bool
history_last(struct mail *m, int64_t *id, struct err *e)
{
	return db_number(m->db, SQL_HISTORY_LAST, NO_PARAMS, id, e);
}

bool
history_own(struct mail *m, int64_t since, int64_t limit, db_row_each each,
    void *arg, struct err *e)
{
	struct reading r = { .each = each, .arg = arg };
	bool ok = db_each(m->db, SQL_HISTORY_OWN, PARAMS(NUMBER(since),
	    NUMBER(limit)), hand_on, &r, e);

	arena_clear(&r.row);
	return ok;
}

bool
history_removal(struct mail *m, const char *kind, const char *name,
    struct sql_change *change, bool *found, struct err *e)
{
	return db_row(m->db, m->arena, SQL_CHANGE_LAST, PARAMS(TEXT(kind),
	    TEXT(name), NUMBER(0), NUMBER(1)), change, sizeof(*change),
	    found, e);
}

/* --- prune ----------------------------------------------------------- */

bool
history_old(struct mail *m, int64_t before, int64_t *changes, struct err *e)
{
	return db_number(m->db, SQL_HISTORY_OLD, PARAMS(NUMBER(before)),
	    changes, e);
}

bool
history_prune(struct mail *m, int64_t before, int64_t *changes,
    struct err *e)
{
	char time[TIME_TEXT];
	int64_t rows;

	if (!history_old(m, before, changes, e))
		return false;
	if (*changes == 0)
		return true;
	if (!db_exec(m->db, SQL_HISTORY_PRUNE, PARAMS(NUMBER(before)), e))
		return false;
	rows = db_affected(m->db);
	if (!db_exec(m->db, SQL_HISTORY_PRUNE_CHANGES,
	    PARAMS(NUMBER(before)), e))
		return false;
	*changes = db_affected(m->db);
	time_format(time, before);
	return db_exec(m->db, SQL_HISTORY_PRUNE_ADD, PARAMS(TEXT(time),
	    NUMBER(*changes), NUMBER(rows)), e);
}
