/*
 * The manifest in memory: one table of attributes, and the objects.
 *
 * A manifest may hold a million users, so an object is a plain struct, and the
 * objects of a kind are one array.  Each row of manifest_attributes[] names an
 * attribute, its type and its place in the struct; reading, checking,
 * comparing, printing and export walk this table, so no other code lists the
 * attributes.  Which attributes a file gave is a bit set in the object: that
 * is the difference between "quota: none" and no quota at all.
 *
 * What few users have (password_file, send_as) is in a struct of its own that
 * is allocated when needed: a user without it costs one pointer.  The arrays
 * are sorted by name once, when all files are read: then looking up a name is
 * a binary search, and comparing with the database is one walk over two sorted
 * lists.  An error in a file becomes a complaint with its position, and
 * reading goes on.
 */
#include "model/manifest/manifest.h"

#include <stdlib.h>
#include <string.h>

const char *const manifest_kind_names[] = {
	"domain", "user", "alias", "recipient", "block", "relay", NULL
};
const char *const manifest_section_names[] = {
	[MANIFEST_DOMAIN] = "domains",
	[MANIFEST_USER] = "users",
	[MANIFEST_ALIAS] = "aliases",
	[MANIFEST_RECIPIENT] = "recipients",
	[MANIFEST_BLOCK] = "blocks",
	[MANIFEST_RELAY] = "relays",
	[MANIFEST_KINDS] = NULL
};

#define AT(st, member, ctype) offsetof(st, member) +			\
    0 * sizeof(_Generic(((st *)0)->member, ctype: 0))
#define AT_DOMAIN(member, ctype) AT(struct desired_domain, member, ctype)
#define AT_USER(member, ctype) AT(struct desired_user, member, ctype)
#define AT_MORE(member, ctype) AT(struct desired_more, member, ctype)
#define AT_ALIAS(member, ctype) AT(struct desired_alias, member, ctype)

/* The attribute of a column of db/columns.h. */
#define ATTRIBUTE(column, TYPE, SHOWN, label, st)			\
	{ #column, ATTRIBUTE_##TYPE, AT(st, column, COLUMN_C_##TYPE) },
#define ATTRIBUTE_LISTED(column, TYPE, SHOWN, label, st)		\
	COLUMN_LISTED_##SHOWN(ATTRIBUTE(column, TYPE, SHOWN, label, st))
#define ATTRIBUTE_MORE(column, TYPE, SHOWN, label, st)			\
	COLUMN_MORE_##SHOWN(ATTRIBUTE(column, TYPE, SHOWN, label, st))

static const struct attribute domain_attributes[] = {
	{ "active", ATTRIBUTE_FLAG, AT_DOMAIN(active, bool) },
	DOMAIN_VALUES(ATTRIBUTE, struct desired_domain)
	{ 0 }
};

static const struct attribute user_attributes[] = {
	{ "active", ATTRIBUTE_FLAG, AT_USER(active, bool) },
	USER_VALUES(ATTRIBUTE_LISTED, struct desired_user)
	{ "home", ATTRIBUTE_HOME, AT_USER(home, const char *) },
	{ "hash", ATTRIBUTE_HASH, AT_USER(hash, const char *) },
	{ "password_file", ATTRIBUTE_FILE,
	    AT_MORE(password_file, const char *), true },
	{ "generate", ATTRIBUTE_GENERATE, AT_USER(generate, bool) },
	USER_VALUES(ATTRIBUTE_MORE, struct desired_user)
	{ "send_as", ATTRIBUTE_SEND_AS, AT_MORE(send_as, struct words),
	    true },
	{ "send_as_expires", ATTRIBUTE_EXPIRES,
	    AT_MORE(send_as_expires, struct words), true },
	{ 0 }
};

static const struct attribute alias_attributes[] = {
	{ "destination", ATTRIBUTE_LIST,
	    AT_ALIAS(destination, struct words) },
	{ "inactive", ATTRIBUTE_LIST, AT_ALIAS(inactive, struct words) },
	ALIAS_VALUES(ATTRIBUTE, struct desired_alias)
	{ "expires", ATTRIBUTE_EXPIRES, AT_ALIAS(expires, struct words) },
	{ 0 }
};

static const struct attribute recipient_attributes[] = {
	RECIPIENT_VALUES(ATTRIBUTE, struct desired_recipient)
	{ 0 }
};

static const struct attribute block_attributes[] = {
	{ "note", ATTRIBUTE_TEXT, AT(struct desired_block, note,
	    const char *) },
	{ 0 }
};

static const struct attribute relay_attributes[] = {
	RELAY_VALUES(ATTRIBUTE, struct desired_relay)
	{ 0 }
};

const struct attribute *const manifest_attributes[MANIFEST_KINDS] = {
	[MANIFEST_DOMAIN] = domain_attributes,
	[MANIFEST_USER] = user_attributes,
	[MANIFEST_ALIAS] = alias_attributes,
	[MANIFEST_RECIPIENT] = recipient_attributes,
	[MANIFEST_BLOCK] = block_attributes,
	[MANIFEST_RELAY] = relay_attributes,
};

const size_t manifest_sizes[MANIFEST_KINDS] = {
	[MANIFEST_DOMAIN] = sizeof(struct desired_domain),
	[MANIFEST_USER] = sizeof(struct desired_user),
	[MANIFEST_ALIAS] = sizeof(struct desired_alias),
	[MANIFEST_RECIPIENT] = sizeof(struct desired_recipient),
	[MANIFEST_BLOCK] = sizeof(struct desired_block),
	[MANIFEST_RELAY] = sizeof(struct desired_relay),
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

static const struct desired_more nothing;

const void *
desired_slot(const struct desired *w, const struct attribute *a)
{
	const struct desired_more *more;

	if (!a->more)
		return (const char *)w + a->offset;
	more = desired_user(w)->more;
	return (const char *)(more ? more : &nothing) + a->offset;
}

void *
desired_slot_make(struct arena *arena, struct desired *w,
    const struct attribute *a)
{
	struct desired_user *user;

	if (!a->more)
		return (char *)w + a->offset;
	user = desired_user(w);
	if (user->more == NULL)
		user->more = arena_alloc(arena, sizeof(*user->more));
	return (char *)user->more + a->offset;
}

const struct words *
desired_send_as(const struct desired_user *w)
{
	return w != NULL && w->more != NULL ? &w->more->send_as :
	    &nothing.send_as;
}

const struct words *
desired_send_as_expires(const struct desired_user *w)
{
	return w != NULL && w->more != NULL ? &w->more->send_as_expires :
	    &nothing.send_as_expires;
}

const char *
desired_password_file(const struct desired_user *w)
{
	return w->more ? w->more->password_file : NULL;
}

/* --- objects --------------------------------------------------------- */

struct desired *
manifest_at(const struct manifest *m, enum manifest_kind kind, size_t i)
{
	return (struct desired *)(void *)((char *)m->objects[kind].item +
	    i * manifest_sizes[kind]);
}

size_t
manifest_index(const struct manifest *m, const struct desired *w)
{
	const char *first = m->objects[w->kind].item;

	return (size_t)((const char *)w - first) / manifest_sizes[w->kind];
}

size_t
manifest_count(const struct manifest *m, enum manifest_kind kind)
{
	return m->objects[kind].count;
}

struct desired *
manifest_add(struct manifest *m, enum manifest_kind kind, const char *name,
    const struct file_position *position)
{
	struct desired_objects *all = &m->objects[kind];
	struct desired *w;

	all->item = vector_grown(all->item, &all->count, &all->room,
	    all->count + 1, manifest_sizes[kind]);
	w = manifest_at(m, kind, all->count - 1);
	w->kind = (uint8_t)kind;
	w->name = name;
	w->position = *position;
	m->spoken[kind] = true;
	return w;
}

void
manifest_complain(struct manifest *m, const struct file_position *position,
    struct err *e)
{
	struct complaint *c = VECTOR_ADD(&m->complaints);

	*c = (struct complaint){ *position, arena_strdup(m->arena, e->text),
	    e->hint ? arena_strdup(m->arena, e->hint) : NULL };
	err_clear(e);
}

static int
desired_compare(const void *a, const void *b)
{
	const struct desired *x = a, *y = b;
	int by = strcmp(x->name, y->name);

	if (by != 0)
		return by;
	if (x->position.line != y->position.line)
		return x->position.line < y->position.line ? -1 : 1;
	return x->position.column < y->position.column ? -1 : 1;
}

static int
complaint_compare(const void *a, const void *b)
{
	const struct complaint *x = a, *y = b;
	int by = strcmp(x->position.file, y->position.file);

	if (by != 0)
		return by;
	if (x->position.line != y->position.line)
		return x->position.line < y->position.line ? -1 : 1;
	if (x->position.column != y->position.column)
		return x->position.column < y->position.column ? -1 : 1;
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
	    desired_compare);
	for (size_t i = 1; i < n; i++) {
		const struct desired *a = manifest_at(m, kind, i - 1);
		const struct desired *b = manifest_at(m, kind, i);

		if (*b->name == '\0' || strcmp(a->name, b->name) != 0)
			continue;
		err_set(&e, ERR_INVALID, "%s %s is named twice: also at "
		    "%s:%u", manifest_kind_names[kind], b->name,
		    a->position.file, a->position.line);
		manifest_complain(m, &b->position, &e);
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

struct desired *
manifest_find(const struct manifest *m, enum manifest_kind kind,
    const char *name)
{
	size_t low = 0, high = manifest_count(m, kind);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct desired *w = manifest_at(m, kind, middle);
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
		VECTOR_CLEAR(&m->objects[kind]);
	VECTOR_CLEAR(&m->complaints);
	arena_clear(&m->scratch);
}
