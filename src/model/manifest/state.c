/* The current state: rows of the database as objects of a manifest. */
#include "model/manifest/state.h"

#include <string.h>

#include "base/text.h"
#include "model/mail/alias_row.h"
#include "model/manifest/private.h"

#define ALL_GIVEN UINT32_MAX

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

static struct desired_recipient
recipient_object(const struct recipient *row)
{
	return (struct desired_recipient){
		.is = { .kind = MANIFEST_RECIPIENT, .name = row->address,
		    .given = ALL_GIVEN },
		RECIPIENT_VALUES(COLUMN_COPY, row)
	};
}

static struct desired_block
block_object(const struct blocked *row)
{
	return (struct desired_block){
		.is = { .kind = MANIFEST_BLOCK, .name = row->address,
		    .given = ALL_GIVEN },
		.note = row->note,
	};
}

static struct desired_relay
relay_object(const struct relay *row)
{
	return (struct desired_relay){
		.is = { .kind = MANIFEST_RELAY, .name = row->name,
		    .given = ALL_GIVEN },
		RELAY_VALUES(COLUMN_COPY, row)
		.has_password = row->has_password,
	};
}

static bool
recipient_row(void *arg, const void *row, struct err *e)
{
	const struct objects *o = arg;
	const struct desired_recipient recipient = recipient_object(row);

	return o->each(o->arg, &recipient.is, e);
}

static bool
block_row(void *arg, const void *row, struct err *e)
{
	const struct objects *o = arg;
	const struct desired_block block = block_object(row);

	return o->each(o->arg, &block.is, e);
}

static bool
relay_row(void *arg, const void *row, struct err *e)
{
	const struct objects *o = arg;
	const struct desired_relay relay = relay_object(row);

	return o->each(o->arg, &relay.is, e);
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
	enum sql_id all;	/* its params: the domains with commas */
	db_row_each row;
} kinds[MANIFEST_KINDS] = {
	[MANIFEST_DOMAIN] = { SQL_STATE_DOMAINS, domain_row },
	[MANIFEST_USER] = { SQL_STATE_USERS, user_row },
	[MANIFEST_ALIAS] = { SQL_STATE_ALIASES, alias_row },
	[MANIFEST_RECIPIENT] = { SQL_RECIPIENT_ALL, recipient_row },
	[MANIFEST_BLOCK] = { SQL_STATE_BLOCKS, block_row },
	[MANIFEST_RELAY] = { SQL_STATE_RELAYS, relay_row },
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
	const struct param p[] = { TEXT(list), TEXT(list), TEXT(list) };
	const struct params params = { p,
	    sql_statements[kinds[kind].all].params };
	struct objects o = { .each = each, .arg = arg };
	bool ok;

	ok = (kind != MANIFEST_ALIAS || patterns_read(m, list, &o, e)) &&
	    db_each(m->db, kinds[kind].all, params, kinds[kind].row, &o,
		e) && user_end(&o, e) &&
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

static bool
recipient_get(struct mail *m, struct arena *a, const char *name, bool lock,
    struct desired **w, struct err *e)
{
	struct desired_recipient *recipient;
	struct recipient row;
	bool found;

	if (!db_row(m->db, a, lock ? SQL_RECIPIENT_LOCK : SQL_RECIPIENT_GET,
	    PARAMS(TEXT(name)), &row, &found, e))
		return false;
	if (found) {
		recipient = arena_alloc(a, sizeof(*recipient));
		*recipient = recipient_object(&row);
		*w = &recipient->is;
	}
	return true;
}

static bool
block_get(struct mail *m, struct arena *a, const char *name, bool lock,
    struct desired **w, struct err *e)
{
	struct desired_block *block;
	struct blocked row;
	bool found;

	if (!db_row(m->db, a, lock ? SQL_BLOCK_LOCK : SQL_BLOCK_GET,
	    PARAMS(TEXT(name)), &row, &found, e))
		return false;
	if (found) {
		block = arena_alloc(a, sizeof(*block));
		*block = block_object(&row);
		*w = &block->is;
	}
	return true;
}

/* What is read with it (see SQL_RELAY_GET) is not to be locked. */
static bool
relay_get(struct mail *m, struct arena *a, const char *name, bool lock,
    struct desired **w, struct err *e)
{
	struct desired_relay *relay;
	struct words locked;
	struct relay row;
	bool found;

	if ((lock && !db_texts(m->db, a, SQL_RELAY_LOCK, PARAMS(TEXT(name)),
		&locked, e)) ||
	    !db_row(m->db, a, SQL_RELAY_GET, PARAMS(TEXT(name)), &row, &found,
		e))
		return false;
	if (found) {
		relay = arena_alloc(a, sizeof(*relay));
		*relay = relay_object(&row);
		*w = &relay->is;
	}
	return true;
}

static bool (*const getters[MANIFEST_KINDS])(struct mail *m,
    struct arena *a, const char *name, bool lock, struct desired **w,
    struct err *e) = {
	[MANIFEST_DOMAIN] = domain_get,
	[MANIFEST_USER] = user_get,
	[MANIFEST_ALIAS] = alias_get,
	[MANIFEST_RECIPIENT] = recipient_get,
	[MANIFEST_BLOCK] = block_get,
	[MANIFEST_RELAY] = relay_get,
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
