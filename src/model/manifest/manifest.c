/* The wanted state: its attributes, and the objects that were read. */
#include "model/manifest/manifest.h"

#include <stdlib.h>
#include <string.h>

const char *const manifest_kind_names[] = { "domain", "user", "alias" };
const char *const manifest_section_names[] = {
	[MANIFEST_DOMAIN] = "domains",
	[MANIFEST_USER] = "users",
	[MANIFEST_ALIAS] = "aliases",
	[MANIFEST_KINDS] = NULL
};

#define AT(st, member, ctype) offsetof(st, member) +			\
    0 * sizeof(_Generic(((st *)0)->member, ctype: 0))
#define AT_DOMAIN(member, ctype) AT(struct wanted_domain, member, ctype)
#define AT_USER(member, ctype) AT(struct wanted_user, member, ctype)
#define AT_MORE(member, ctype) AT(struct wanted_more, member, ctype)
#define AT_ALIAS(member, ctype) AT(struct wanted_alias, member, ctype)

/* The attribute of a column of db/columns.h. */
#define ATTRIBUTE(column, TYPE, SHOWN, label, st)			\
	{ #column, ATTRIBUTE_##TYPE, AT(st, column, COLUMN_C_##TYPE) },
#define ATTRIBUTE_LISTED(column, TYPE, SHOWN, label, st)		\
	COLUMN_LISTED_##SHOWN(ATTRIBUTE(column, TYPE, SHOWN, label, st))
#define ATTRIBUTE_MORE(column, TYPE, SHOWN, label, st)			\
	COLUMN_MORE_##SHOWN(ATTRIBUTE(column, TYPE, SHOWN, label, st))

static const struct attribute domain_attributes[] = {
	{ "active", ATTRIBUTE_FLAG, AT_DOMAIN(active, bool) },
	DOMAIN_VALUES(ATTRIBUTE, struct wanted_domain)
	{ 0 }
};

static const struct attribute user_attributes[] = {
	{ "active", ATTRIBUTE_FLAG, AT_USER(active, bool) },
	USER_VALUES(ATTRIBUTE_LISTED, struct wanted_user)
	{ "home", ATTRIBUTE_HOME, AT_USER(home, const char *) },
	{ "hash", ATTRIBUTE_HASH, AT_USER(hash, const char *) },
	{ "password_file", ATTRIBUTE_FILE,
	    AT_MORE(password_file, const char *), true },
	{ "generate", ATTRIBUTE_GENERATE, AT_USER(generate, bool) },
	USER_VALUES(ATTRIBUTE_MORE, struct wanted_user)
	{ "send_as", ATTRIBUTE_SEND_AS, AT_MORE(send_as, struct words),
	    true },
	{ 0 }
};

static const struct attribute alias_attributes[] = {
	{ "destination", ATTRIBUTE_LIST,
	    AT_ALIAS(destination, struct words) },
	{ "inactive", ATTRIBUTE_LIST, AT_ALIAS(inactive, struct words) },
	{ 0 }
};

const struct attribute *const manifest_attributes[MANIFEST_KINDS] = {
	[MANIFEST_DOMAIN] = domain_attributes,
	[MANIFEST_USER] = user_attributes,
	[MANIFEST_ALIAS] = alias_attributes,
};

const size_t manifest_sizes[MANIFEST_KINDS] = {
	[MANIFEST_DOMAIN] = sizeof(struct wanted_domain),
	[MANIFEST_USER] = sizeof(struct wanted_user),
	[MANIFEST_ALIAS] = sizeof(struct wanted_alias),
};

uint32_t
attribute_bit(enum manifest_kind kind, const char *name)
{
	const struct attribute *a = manifest_attributes[kind];
	unsigned n = 0;

	while (strcmp(a[n].name, name) != 0)
		n++;
	return UINT32_C(1) << n;
}

/* --- slots ----------------------------------------------------------- */

static const struct wanted_more nothing;

const void *
wanted_slot(const struct wanted *w, const struct attribute *a)
{
	const struct wanted_user *user = (const void *)w;

	if (!a->more)
		return (const char *)w + a->offset;
	return (const char *)(user->more ? user->more : &nothing) +
	    a->offset;
}

void *
wanted_slot_make(struct arena *arena, struct wanted *w,
    const struct attribute *a)
{
	struct wanted_user *user = (void *)w;

	if (!a->more)
		return (char *)w + a->offset;
	if (user->more == NULL)
		user->more = arena_alloc(arena, sizeof(*user->more));
	return (char *)user->more + a->offset;
}

const struct words *
wanted_send_as(const struct wanted_user *w)
{
	return w->more ? &w->more->send_as : &nothing.send_as;
}

const char *
wanted_password_file(const struct wanted_user *w)
{
	return w->more ? w->more->password_file : NULL;
}

/* --- objects --------------------------------------------------------- */

struct wanted *
manifest_at(const struct manifest *m, enum manifest_kind kind, size_t i)
{
	return (struct wanted *)(void *)((char *)m->objects[kind].item +
	    i * manifest_sizes[kind]);
}

size_t
manifest_count(const struct manifest *m, enum manifest_kind kind)
{
	return m->objects[kind].count;
}

struct wanted *
manifest_add(struct manifest *m, enum manifest_kind kind, const char *name,
    const struct place *place)
{
	struct wanted *w = vector_add(&m->objects[kind],
	    manifest_sizes[kind]);

	w->name = name;
	w->place = *place;
	return w;
}

void
manifest_complain(struct manifest *m, const struct place *place,
    struct err *e)
{
	struct complaint *c = vector_add(&m->complaints, sizeof(*c));

	*c = (struct complaint){ *place, arena_strdup(m->arena, e->text),
	    e->hint ? arena_strdup(m->arena, e->hint) : NULL };
	err_clear(e);
}

static int
wanted_compare(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;
	int by = strcmp(x->name, y->name);

	if (by != 0)
		return by;
	if (x->place.line != y->place.line)
		return x->place.line < y->place.line ? -1 : 1;
	return x->place.column < y->place.column ? -1 : 1;
}

static int
complaint_compare(const void *a, const void *b)
{
	const struct complaint *x = a, *y = b;
	int by = strcmp(x->place.file, y->place.file);

	if (by != 0)
		return by;
	if (x->place.line != y->place.line)
		return x->place.line < y->place.line ? -1 : 1;
	if (x->place.column != y->place.column)
		return x->place.column < y->place.column ? -1 : 1;
	return 0;
}

static void
sort_kind(struct manifest *m, enum manifest_kind kind)
{
	size_t n = manifest_count(m, kind);
	struct err e = { 0 };

	if (n < 2)
		return;
	qsort(m->objects[kind].item, n, manifest_sizes[kind],
	    wanted_compare);
	for (size_t i = 1; i < n; i++) {
		const struct wanted *a = manifest_at(m, kind, i - 1);
		const struct wanted *b = manifest_at(m, kind, i);

		if (*b->name == '\0' || strcmp(a->name, b->name) != 0)
			continue;
		err_set(&e, ERR_INVALID, "%s %s is named twice: also at "
		    "%s:%u", manifest_kind_names[kind], b->name,
		    a->place.file, a->place.line);
		manifest_complain(m, &b->place, &e);
	}
}

void
manifest_sort(struct manifest *m)
{
	for (int kind = 0; kind < MANIFEST_KINDS; kind++)
		sort_kind(m, (enum manifest_kind)kind);
}

void
manifest_sort_complaints(struct manifest *m)
{
	if (m->complaints.count > 1)
		qsort(m->complaints.item, m->complaints.count,
		    sizeof(struct complaint), complaint_compare);
}

struct wanted *
manifest_find(const struct manifest *m, enum manifest_kind kind,
    const char *name)
{
	size_t low = 0, high = manifest_count(m, kind);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct wanted *w = manifest_at(m, kind, middle);
		int by = strcmp(w->name, name);

		if (by == 0)
			return w;
		if (by < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

void
manifest_clear(struct manifest *m)
{
	for (int kind = 0; kind < MANIFEST_KINDS; kind++)
		vector_clear(&m->objects[kind]);
	vector_clear(&m->complaints);
	arena_clear(&m->scratch);
}
