/* The current state: rows of the database as objects of a manifest. */
#include "model/manifest/state.h"

#include <string.h>

#include "base/text.h"
#include "model/mail/alias_row.h"

#define ALL_GIVEN UINT32_MAX

static const char *
text_copy(struct arena *a, const char *text)
{
	return text == NULL ? NULL : arena_strdup(a, text);
}

/* --- rows into objects ----------------------------------------------- */

struct objects {
	state_each each;
	void *arg;
	struct arena a;			/* of the object that is collected */
	struct desired_alias alias;	/* name NULL: none yet */
	struct desired_user *user;	/* who has grants; NULL: none yet */
	const struct alias *pattern;	/* those still to come */
	size_t patterns;
};

static struct desired_domain
domain_object(const struct domain *row)
{
	return (struct desired_domain){
		.is = { .kind = MANIFEST_DOMAIN, .name = row->domain,
		    .given = ALL_GIVEN },
		.active = row->active,
		DOMAIN_VALUES(COLUMN_COPY, row)
	};
}

struct desired_user
state_user(const struct user_state *row)
{
	return (struct desired_user){
		.is = { .kind = MANIFEST_USER, .name = row->email,
		    .given = ALL_GIVEN },
		.active = row->active,
		USER_VALUES(COLUMN_COPY, row)
		.home = row->home,
		.hash = row->crypt,
	};
}

/* The values of an address are the same in each of its rows. */
#define ALIAS_TAKE(column, TYPE, SHOWN, label, arena, alias, row)	\
	(alias)->column = _Generic((row)->column, bool: flag_copy,	\
	    const char *: text_copy)(arena, (row)->column);

static bool
flag_copy(struct arena *a, bool flag)
{
	(void)a;
	return flag;
}

static void
alias_object_add(struct arena *a, struct desired_alias *alias,
    const struct alias *row)
{
	ALIAS_VALUES(ALIAS_TAKE, a, alias, row)
	words_add(a, row->active ? &alias->destination : &alias->inactive,
	    arena_strdup(a, row->destination));
	if (row->expires != FIELD_NULL)
		words_add(a, &alias->expires, expiry_text(a,
		    row->destination, row->expires));
}

static bool
domain_row(void *arg, const void *row, struct err *e)
{
	const struct objects *o = arg;
	const struct desired_domain domain = domain_object(row);

	return o->each(o->arg, &domain.is, e);
}

static bool
user_end(struct objects *o, struct err *e)
{
	struct desired_user *user = o->user;
	bool ok;

	if (user == NULL)
		return true;
	words_sort(&user->more->send_as);
	words_sort(&user->more->send_as_expires);
	ok = o->each(o->arg, &user->is, e);
	o->user = NULL;
	arena_reset(&o->a);
	return ok;
}

static void
grant_add(struct arena *a, struct desired_user *user,
    const struct user_state *row)
{
	if (user->more == NULL)
		user->more = arena_alloc(a, sizeof(*user->more));
	words_add(a, &user->more->send_as, arena_strdup(a, row->send_as));
	if (row->send_as_expires != FIELD_NULL)
		words_add(a, &user->more->send_as_expires, expiry_text(a,
		    row->send_as, row->send_as_expires));
}

/* A user has one row for each grant, or one row without a grant. */
static bool
user_row(void *arg, const void *row, struct err *e)
{
	const struct user_state *r = row;
	const struct desired_user user = state_user(r);
	struct objects *o = arg;

	if (o->user != NULL && strcmp(o->user->is.name, r->email) != 0 &&
	    !user_end(o, e))
		return false;
	if (r->send_as == NULL)
		return o->each(o->arg, &user.is, e);
	if (o->user == NULL)
		o->user = desired_user(state_copy(&o->a, &user.is));
	grant_add(&o->a, o->user, r);
	return true;
}

static bool
alias_end(struct objects *o, struct err *e)
{
	bool ok = o->alias.is.name == NULL ||
	    o->each(o->arg, &o->alias.is, e);

	o->alias = (struct desired_alias){ 0 };
	arena_reset(&o->a);
	return ok;
}

/* The rows of an alias follow each other. */
static bool
alias_row_take(void *arg, const void *row, struct err *e)
{
	const struct alias *r = row;
	struct objects *o = arg;

	if ((o->alias.is.name == NULL ||
	    strcmp(o->alias.is.name, r->mail) != 0)) {
		if (!alias_end(o, e))
			return false;
		o->alias.is.kind = MANIFEST_ALIAS;
		o->alias.is.name = arena_strdup(&o->a, r->mail);
		o->alias.is.given = ALL_GIVEN;
	}
	alias_object_add(&o->a, &o->alias, r);
	return true;
}

/* The patterns that stand before this name; NULL: all that are left. */
static bool
patterns_take(struct objects *o, const char *before, struct err *e)
{
	for (; o->patterns > 0 && (before == NULL ||
	    strcmp(o->pattern->mail, before) < 0);
	    o->pattern++, o->patterns--) {
		if (!alias_row_take(o, o->pattern, e))
			return false;
	}
	return true;
}

static bool
alias_row(void *arg, const void *row, struct err *e)
{
	return patterns_take(arg, ((const struct alias *)row)->mail, e) &&
	    alias_row_take(arg, row, e);
}

/*
 * There are few patterns: they are read before the aliases, whose rows come
 * by the key, and put between them.
 */
static bool
patterns_read(struct mail *m, const char *domains, struct objects *o,
    struct err *e)
{
	struct db_rows rows;

	if (!db_query(m->db, m->arena, SQL_STATE_PATTERNS, PARAMS(
	    TEXT(domains), TEXT(domains)), &rows, e))
		return false;
	o->pattern = rows.row;
	o->patterns = rows.count;
	return true;
}

static const struct {
	enum sql_id all;
	db_row_each row;
} kinds[MANIFEST_KINDS] = {
	[MANIFEST_DOMAIN] = { SQL_STATE_DOMAINS, domain_row },
	[MANIFEST_USER] = { SQL_STATE_USERS, user_row },
	[MANIFEST_ALIAS] = { SQL_STATE_ALIASES, alias_row },
};

static const char *
with_commas(struct arena *a, const struct words *domains)
{
	struct text t = TEXT_INIT;
	const char *list;

	if (domains == NULL || domains->count == 0)
		return NULL;
	for (size_t i = 0; i < domains->count; i++)
		text_addf(&t, "%s%s", i > 0 ? "," : "", domains->word[i]);
	list = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return list;
}

bool
state_all(struct mail *m, enum manifest_kind kind,
    const struct words *domains, state_each each, void *arg, struct err *e)
{
	const char *list = with_commas(m->arena, domains);
	struct objects o = { .each = each, .arg = arg };
	bool ok;

	ok = (kind != MANIFEST_ALIAS || patterns_read(m, list, &o, e)) &&
	    db_each(m->db, kinds[kind].all, PARAMS(TEXT(list), TEXT(list)),
	    kinds[kind].row, &o, e) && user_end(&o, e) &&
	    patterns_take(&o, NULL, e) && alias_end(&o, e);
	arena_clear(&o.a);
	return ok;
}

/* --- one ------------------------------------------------------------- */

static bool
domain_get(struct mail *m, struct arena *a, const char *name, bool lock,
    struct desired **w, struct err *e)
{
	struct domain row;
	bool found;

	if (!db_row(m->db, a, lock ? SQL_DOMAIN_LOCK : SQL_DOMAIN_GET,
	    PARAMS(TEXT(name)), &row, &found, e))
		return false;
	if (found) {
		struct desired_domain *d = arena_alloc(a, sizeof(*d));

		*d = domain_object(&row);
		*w = &d->is;
	}
	return true;
}

static bool
user_get(struct mail *m, struct arena *a, const char *name, bool lock,
    struct desired **w, struct err *e)
{
	const struct user_state *row;
	struct desired_user *user;
	struct db_rows rows;

	if (!db_query(m->db, a, lock ? SQL_STATE_USER_LOCK : SQL_STATE_USER,
	    PARAMS(TEXT(name)), &rows, e))
		return false;
	if (rows.count == 0)
		return true;
	row = rows.row;
	user = arena_alloc(a, sizeof(*user));
	*user = state_user(row);
	for (size_t i = 0; i < rows.count && row[i].send_as != NULL; i++)
		grant_add(a, user, &row[i]);
	if (user->more != NULL) {
		words_sort(&user->more->send_as);
		words_sort(&user->more->send_as_expires);
	}
	*w = &user->is;
	return true;
}

static bool
alias_get(struct mail *m, struct arena *a, const char *name, bool lock,
    struct desired **w, struct err *e)
{
	struct desired_alias *alias;
	const struct alias *row;
	struct db_rows rows;

	if (lock ? !alias_rows_locked(m, a, name, &rows, e) :
	    !alias_rows(m, a, name, &rows, e))
		return false;
	if (rows.count == 0)
		return true;
	row = rows.row;
	alias = arena_alloc(a, sizeof(*alias));
	alias->is.kind = MANIFEST_ALIAS;
	alias->is.name = row->mail;
	alias->is.given = ALL_GIVEN;
	for (size_t i = 0; i < rows.count; i++)
		alias_object_add(a, alias, &row[i]);
	*w = &alias->is;
	return true;
}

static bool (*const getters[MANIFEST_KINDS])(struct mail *m,
    struct arena *a, const char *name, bool lock, struct desired **w,
    struct err *e) = {
	[MANIFEST_DOMAIN] = domain_get,
	[MANIFEST_USER] = user_get,
	[MANIFEST_ALIAS] = alias_get,
};

bool
state_find(struct mail *m, struct arena *a, enum manifest_kind kind,
    const char *name, struct desired **found, struct err *e)
{
	*found = NULL;
	return getters[kind](m, a, name, false, found, e);
}

bool
state_find_locked(struct mail *m, struct arena *a, enum manifest_kind kind,
    const char *name, struct desired **found, struct err *e)
{
	*found = NULL;
	return getters[kind](m, a, name, true, found, e);
}

/* --- copying and comparing ------------------------------------------- */

static void
slot_copy(struct arena *a, enum attribute_type type, void *slot)
{
	const char **text = slot;
	struct words *list = slot, copy = { 0 };

	switch (type) {
	case ATTRIBUTE_TEXT:
	case ATTRIBUTE_DOMAIN:
	case ATTRIBUTE_ADDRESS:
	case ATTRIBUTE_WORD:
	case ATTRIBUTE_HOME:
	case ATTRIBUTE_HASH:
	case ATTRIBUTE_FILE:
		*text = text_copy(a, *text);
		break;
	case ATTRIBUTE_LIST:
	case ATTRIBUTE_SEND_AS:
	case ATTRIBUTE_EXPIRES:
		for (size_t i = 0; i < list->count; i++)
			words_add(a, &copy, arena_strdup(a, list->word[i]));
		*list = copy;
		break;
	default:
		break;
	}
}

/* Its words are copied like other values. */
static void
more_copy(struct arena *a, struct desired_user *copy)
{
	struct desired_more *more;

	if (copy->more == NULL)
		return;
	more = arena_alloc(a, sizeof(*more));
	*more = *copy->more;
	copy->more = more;
}

struct desired *
state_copy(struct arena *a, const struct desired *w)
{
	const struct attribute *attribute = manifest_attributes[w->kind];
	struct desired *copy = arena_alloc(a, manifest_sizes[w->kind]);

	memcpy(copy, w, manifest_sizes[w->kind]);
	copy->name = arena_strdup(a, w->name);
	if (w->kind == MANIFEST_USER)
		more_copy(a, desired_user(copy));
	for (; attribute->name != NULL; attribute++) {
		if (!attribute->more || desired_user(copy)->more != NULL)
			slot_copy(a, attribute->type, desired_slot_make(a,
			    copy, attribute));
	}
	return copy;
}

static bool
texts_differ(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a != b : strcmp(a, b) != 0;
}

static bool
lists_differ(const struct words *a, const struct words *b)
{
	if (a->count != b->count)
		return true;
	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(a->word[i], b->word[i]) != 0)
			return true;
	}
	return false;
}

static bool
slots_differ(enum attribute_type type, const void *a, const void *b)
{
	switch (type) {
	case ATTRIBUTE_FLAG:
	case ATTRIBUTE_RIGHT:
		return *(const bool *)a != *(const bool *)b;
	case ATTRIBUTE_TEXT:
	case ATTRIBUTE_DOMAIN:
	case ATTRIBUTE_ADDRESS:
	case ATTRIBUTE_WORD:
	case ATTRIBUTE_HOME:
	case ATTRIBUTE_HASH:
		return texts_differ(*(const char *const *)a,
		    *(const char *const *)b);
	case ATTRIBUTE_SIZE:
	case ATTRIBUTE_QUOTA:
	case ATTRIBUTE_LIMIT:
	case ATTRIBUTE_TIME:
	case ATTRIBUTE_RATE:
	case ATTRIBUTE_USER_RATE:
		return *(const int64_t *)a != *(const int64_t *)b;
	case ATTRIBUTE_LIST:
	case ATTRIBUTE_SEND_AS:
	case ATTRIBUTE_EXPIRES:
		return lists_differ(a, b);
	case ATTRIBUTE_FILE:
	case ATTRIBUTE_GENERATE:
		/* No columns of the table: they say where a hash comes from. */
		return false;
	}
	return false;
}

uint32_t
state_differs(const struct desired *w, const struct desired *old)
{
	const struct attribute *a = manifest_attributes[w->kind];
	uint32_t bits = 0;

	for (unsigned n = 0; a[n].name != NULL; n++) {
		uint32_t bit = UINT32_C(1) << n;

		if (desired_has(w, bit) && slots_differ(a[n].type,
		    desired_slot(w, &a[n]), desired_slot(old, &a[n])))
			bits |= bit;
	}
	return bits;
}

/* --- filling in ------------------------------------------------------ */

/* The defaults of a new object. */
static void
slot_default(enum attribute_type type, void *slot)
{
	switch (type) {
	case ATTRIBUTE_FLAG:
	case ATTRIBUTE_RIGHT:
		*(bool *)slot = true;
		break;
	case ATTRIBUTE_SIZE:
	case ATTRIBUTE_QUOTA:
	case ATTRIBUTE_LIMIT:
	case ATTRIBUTE_TIME:
	case ATTRIBUTE_RATE:
	case ATTRIBUTE_USER_RATE:
		*(int64_t *)slot = FIELD_NULL;
		break;
	default:
		break;		/* NULL, false and no words are all zero bits */
	}
}

static size_t
slot_size(enum attribute_type type)
{
	switch (type) {
	case ATTRIBUTE_FLAG:
	case ATTRIBUTE_RIGHT:
	case ATTRIBUTE_GENERATE:
		return sizeof(bool);
	case ATTRIBUTE_SIZE:
	case ATTRIBUTE_QUOTA:
	case ATTRIBUTE_LIMIT:
	case ATTRIBUTE_TIME:
	case ATTRIBUTE_RATE:
	case ATTRIBUTE_USER_RATE:
		return sizeof(int64_t);
	case ATTRIBUTE_LIST:
	case ATTRIBUTE_SEND_AS:
	case ATTRIBUTE_EXPIRES:
		return sizeof(struct words);
	default:
		return sizeof(const char *);
	}
}

/* Only the manifest has a password file; the grants are those of the user. */
static void
more_complete(struct desired_user *w, const struct desired_user *old)
{
	bool grants = desired_has(&w->is,
	    attribute_bit(MANIFEST_USER, "send_as"));
	bool times = desired_has(&w->is,
	    attribute_bit(MANIFEST_USER, "send_as_expires"));

	if (old == NULL || old->more == NULL)
		return;
	if (w->more == NULL && !grants && !times) {
		w->more = old->more;
		return;
	}
	/* Without a grant there is no place for a time either. */
	if (w->more == NULL)
		return;
	if (!grants)
		w->more->send_as = old->more->send_as;
	if (!times)
		w->more->send_as_expires = old->more->send_as_expires;
}

void
state_complete(struct desired *w, const struct desired *old)
{
	const struct attribute *a = manifest_attributes[w->kind];

	if (w->kind == MANIFEST_USER)
		more_complete(desired_user(w), desired_user(old));
	for (unsigned n = 0; a[n].name != NULL; n++) {
		char *slot = (char *)w + a[n].offset;

		if (a[n].more || desired_has(w, UINT32_C(1) << n))
			continue;
		if (old != NULL)
			memcpy(slot, (const char *)old + a[n].offset,
			    slot_size(a[n].type));
		else
			slot_default(a[n].type, slot);
	}
}
