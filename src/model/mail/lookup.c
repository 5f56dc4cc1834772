/*
 * The shipped maps of Postfix, computed in memory.
 *
 * To follow an address, the program needs the answers of six maps for up to
 * three forms of a key (anna+tag@x.org, anna@x.org, @x.org).  Asking the six
 * SQL queries of postfix/sql_*.cf would be eighteen statements, and would give
 * no reason for what did not answer.  So route_facts_read() reads every row
 * that could matter with at most four statements: the domain, its target, and
 * the aliases and users of all forms in both.  The ask_...() functions then do
 * what the WHERE clauses of the shipped queries do, one function for each
 * file.  The test tests/e2e/route.sh compares them with a running Postfix.
 *
 * With `all` set, disabled rows count as well: that is what the rules about
 * loops need (alias_loop.c), as a row may be enabled later.
 */
#include "model/mail/lookup.h"

#include <string.h>

#include "base/ascii.h"
#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/domain.h"

const struct route_map_kind route_maps[ROUTE_MAPS] = {
	[ROUTE_DOMAINS] = { "virtual_mailbox_domains", "domains" },
	[ROUTE_DISABLED] = { "smtpd_recipient_restrictions", "disabled" },
	[ROUTE_DESTINATIONS] = { ROUTE_ASK_ON, "destinations" },
	[ROUTE_ALIASES] = { "virtual_alias_maps", "aliases" },
	[ROUTE_ALIAS_DOMAINS] = { "virtual_alias_maps", "alias_domains" },
	[ROUTE_IDENTITY] = { "virtual_alias_maps", "exists" },
	[ROUTE_USERS] = { "virtual_mailbox_maps", "users" },
};

/* --- rows of the tables ---------------------------------------------- */

void
route_facts_split(struct arena *a, const char *address,
    struct route_facts *f)
{
	const char *key = lowered(a, address);
	const char *untagged;

	*f = (struct route_facts){ .tag = "" };
	untagged = address_untagged(a, key);
	f->key[ROUTE_FULL] = key;
	f->key[ROUTE_UNTAGGED] = untagged;
	f->key[ROUTE_CATCHALL] = address_domain(key) - 1;
	if (untagged != NULL)
		f->tag = arena_strndup(a, address + strcspn(untagged, "@"),
		    strlen(key) - strlen(untagged));
}

void
route_facts_targets(struct arena *a, struct route_facts *f)
{
	if (!f->found || f->domain.alias_of == NULL)
		return;
	for (int i = 0; i < ROUTE_FORMS; i++) {
		if (f->key[i] != NULL)
			f->target_key[i] = address_join(a, address_local(a,
			    f->key[i]), f->domain.alias_of);
	}
}

static bool
aliases_read(struct mail *m, struct route_facts *f, struct err *e)
{
	const char *const *k = f->key, *const *t = f->target_key;
	struct db_rows rows;

	if (!db_query(m->db, m->arena, f->all ? SQL_ROUTE_ALIASES_ALL :
	    SQL_ROUTE_ALIASES, PARAMS(TEXT(k[0]), TEXT(k[1]), TEXT(k[2]),
	    TEXT(t[0]), TEXT(t[1]), TEXT(t[2])), &rows, e))
		return false;
	f->alias = rows.row;
	f->aliases = rows.count;
	return true;
}

static bool
users_read(struct mail *m, struct route_facts *f, struct err *e)
{
	const char *const *k = f->key, *const *t = f->target_key;
	struct db_rows rows;

	if (!db_query(m->db, m->arena, SQL_ROUTE_USERS, PARAMS(TEXT(k[0]),
	    TEXT(k[1]), TEXT(t[0]), TEXT(t[1])), &rows, e))
		return false;
	f->user = rows.row;
	f->users = rows.count;
	return true;
}

static bool
domain_read(struct mail *m, const char *address, struct route_facts *f,
    struct err *e)
{
	bool found;

	route_facts_split(m->arena, address, f);
	if (!domain_find(m, address_domain(f->key[ROUTE_FULL]), &f->domain,
	    &f->found, e))
		return false;
	if (f->found && f->domain.alias_of != NULL && !domain_find(m,
	    f->domain.alias_of, &f->target, &found, e))
		return false;
	route_facts_targets(m->arena, f);
	return true;
}

bool
route_facts_read(struct mail *m, const char *address, struct route_facts *f,
    struct err *e)
{
	if (!domain_read(m, address, f, e))
		return false;
	/* Without the domain there are no rows: a foreign key says so. */
	return !f->found || (aliases_read(m, f, e) && users_read(m, f, e));
}

bool
route_facts_read_all(struct mail *m, const char *address,
    struct route_facts *f, struct err *e)
{
	if (!domain_read(m, address, f, e))
		return false;
	f->all = true;
	return !f->found || (aliases_read(m, f, e) &&
	    (route_has_alias(f, f->key[ROUTE_FULL]) || users_read(m, f, e)));
}

static const struct sql_mailbox *
user_find(const struct route_facts *f, const char *email)
{
	for (size_t i = 0; email != NULL && i < f->users; i++) {
		if (strcmp(f->user[i].name, email) == 0)
			return &f->user[i];
	}
	return NULL;
}

size_t
route_alias_rows(const struct route_facts *f, const char *mail,
    const struct sql_route_alias **row)
{
	size_t first = 0, n = 0;

	if (mail == NULL)
		return 0;
	while (first < f->aliases &&
	    strcmp(f->alias[first].mail, mail) != 0)
		first++;
	while (first + n < f->aliases &&
	    strcmp(f->alias[first + n].mail, mail) == 0)
		n++;
	*row = f->alias + first;
	return n;
}

bool
route_has_user(const struct route_facts *f, const char *email)
{
	return user_find(f, email) != NULL;
}

bool
route_user_receives(const struct route_facts *f, const char *email)
{
	const struct sql_mailbox *user = user_find(f, email);

	return user != NULL && user->active && user->may_receive;
}

const char *
route_user_off(const struct route_facts *f, const char *email)
{
	const struct sql_mailbox *user = user_find(f, email);

	if (user == NULL || !user->active)
		return "is disabled";
	return user->may_receive ? NULL : "may not receive mail";
}

bool
route_has_alias(const struct route_facts *f, const char *mail)
{
	const struct sql_route_alias *row;

	return route_alias_rows(f, mail, &row) > 0;
}

bool
route_alias_active(const struct route_facts *f, const char *mail)
{
	const struct sql_route_alias *row;
	size_t n = route_alias_rows(f, mail, &row);

	for (size_t i = 0; i < n; i++) {
		if (row[i].active)
			return true;
	}
	return false;
}

bool
route_is_known(const struct route_facts *f, const char *name)
{
	return route_has_user(f, name) || route_has_alias(f, name);
}

bool
route_is_ours(const struct route_facts *f)
{
	return f->found && (f->all || (f->domain.active &&
	    (f->domain.alias_of == NULL || f->target.active)));
}

const char *
route_domain_why(struct arena *a, const struct route_facts *f)
{
	if (!f->found)
		return "the domain is not in the database";
	if (!f->domain.active)
		return arena_printf(a, "%s is disabled", f->domain.domain);
	if (f->domain.alias_of == NULL)
		return NULL;
	return arena_printf(a, f->target.active ? "alias domain of %s" :
	    "alias domain of %s, which is disabled", f->domain.alias_of);
}

/* --- the maps -------------------------------------------------------- */

bool
route_row_answers(const struct route_facts *f,
    const struct sql_route_alias *row)
{
	if (f->all || !row->active)
		return f->all;
	if (strcmp(row->destination, row->mail) == 0)
		return route_user_receives(f, row->mail);
	return f->senders || !row->off;
}

static void
ask_domains(struct arena *a, const struct route_facts *f,
    enum route_form form, struct words *answer)
{
	(void)form;
	if (route_is_ours(f))
		words_add(a, answer, f->domain.domain);
}

/* What a look at the destinations of a known name says. */
static const char *
name_answer(const struct route_facts *f, const char *name)
{
	const struct sql_route_alias *row;
	size_t n = route_alias_rows(f, name, &row);
	bool receives = route_user_receives(f, name);
	bool leads = false, taken = false;

	for (size_t i = 0; i < n; i++) {
		bool onward = strcmp(row[i].destination, row[i].mail) != 0;

		leads |= row[i].active && onward;
		taken |= row[i].active && (onward ? row[i].takes : receives);
	}
	if (!leads)
		return receives ? ROUTE_TAKEN : ROUTE_UNKNOWN;
	return taken ? ROUTE_TAKEN : ROUTE_ASK_ON;
}

/*
 * A name in an alias domain, without an alias of its own, is that of the
 * target.
 */
static void
ask_disabled(struct arena *a, const struct route_facts *f,
    enum route_form form, struct words *answer)
{
	const char *key = f->key[form];
	const char *name = f->target_key[form] != NULL &&
	    !route_has_alias(f, key) ? f->target_key[form] : key;
	bool known = route_is_known(f, name);
	bool tagged = form == ROUTE_FULL && f->key[ROUTE_UNTAGGED] != NULL;

	if (form == ROUTE_CATCHALL || !f->found || (!known && tagged))
		return;
	words_add(a, answer, !route_is_ours(f) ? ROUTE_UNKNOWN :
	    known ? name_answer(f, name) : ROUTE_ASK_ON);
}

static void
ask_aliases(struct arena *a, const struct route_facts *f,
    enum route_form form, struct words *answer)
{
	const struct sql_route_alias *row;
	size_t n = route_alias_rows(f, f->key[form], &row);

	for (size_t i = 0; route_is_ours(f) && i < n; i++) {
		if (route_row_answers(f, &row[i]))
			words_add(a, answer, row[i].destination);
	}
}

/* Untagged names only; and not where the alias domain has its own. */
static bool
target_catches(const struct route_facts *f, enum route_form form)
{
	const char *plus = strchr(f->key[form], '+');
	const char *rest = f->target_key[ROUTE_CATCHALL];

	return (f->all ? route_has_alias(f, rest) :
	    route_alias_active(f, rest)) &&
	    !route_has_alias(f, f->key[ROUTE_CATCHALL]) &&
	    (plus == NULL || plus == f->key[form]);
}

static void
ask_alias_domains(struct arena *a, const struct route_facts *f,
    enum route_form form, struct words *answer)
{
	const char *target_key = f->target_key[form];

	if (form != ROUTE_CATCHALL && target_key != NULL && route_is_ours(f) &&
	    !route_has_alias(f, f->key[form]) &&
	    (route_is_known(f, target_key) || target_catches(f, form)))
		words_add(a, answer, target_key);
}

static void
ask_identity(struct arena *a, const struct route_facts *f,
    enum route_form form, struct words *answer)
{
	if (form != ROUTE_CATCHALL && route_is_known(f, f->key[form]))
		words_add(a, answer, f->key[form]);
}

static void
ask_nothing(struct arena *a, const struct route_facts *f,
    enum route_form form, struct words *answer)
{
	(void)a, (void)f, (void)form, (void)answer;
}

static void
ask_users(struct arena *a, const struct route_facts *f,
    enum route_form form, struct words *answer)
{
	if (form != ROUTE_CATCHALL && f->found && f->domain.active &&
	    route_user_receives(f, f->key[form]))
		words_add(a, answer, f->key[form]);
}

void
route_ask(struct arena *a, enum route_map map, const struct route_facts *f,
    enum route_form form, struct words *answer)
{
	static void (*const ask[ROUTE_MAPS])(struct arena *,
	    const struct route_facts *, enum route_form, struct words *) = {
		[ROUTE_DOMAINS] = ask_domains,
		[ROUTE_DISABLED] = ask_disabled,
		[ROUTE_DESTINATIONS] = ask_nothing,
		[ROUTE_ALIASES] = ask_aliases,
		[ROUTE_ALIAS_DOMAINS] = ask_alias_domains,
		[ROUTE_IDENTITY] = ask_identity,
		[ROUTE_USERS] = ask_users,
	};

	if (f->key[form] != NULL)
		ask[map](a, f, form, answer);
}

struct route_lookup *
route_asked(struct arena *a, struct route_lookups *l, enum route_map map,
    enum route_form form, const char *key)
{
	if (l->count == l->room) {
		size_t room = l->room ? 2 * l->room : 4;
		struct route_lookup *more = arena_array(a, room,
		    sizeof(*more));

		if (l->count > 0)
			memcpy(more, l->lookup, l->count * sizeof(*more));
		l->lookup = more;
		l->room = room;
	}
	l->lookup[l->count] = (struct route_lookup){ .map = map,
	    .form = form, .key = key };
	return &l->lookup[l->count++];
}

const struct route_lookup *
route_ask_virtual(struct arena *a, const struct route_facts *f,
    struct route_lookups *asked)
{
	for (int form = 0; form < ROUTE_FORMS; form++) {
		struct route_lookup *l;

		if (f->key[form] == NULL)
			continue;
		l = route_asked(a, asked, ROUTE_ALIASES,
		    (enum route_form)form, f->key[form]);
		for (int map = ROUTE_ALIASES; map <= ROUTE_IDENTITY; map++) {
			l->map = (enum route_map)map;
			route_ask(a, l->map, f, l->form, &l->answer);
			if (l->answer.count > 0)
				return l;
		}
	}
	return NULL;
}

const char *
route_name(struct arena *a, const char *address)
{
	size_t local = strcspn(address, "@");

	if (local <= ADDRESS_LOCAL_MAX)
		return address;
	return arena_printf(a, "%.*s%s", ADDRESS_LOCAL_MAX + 1, address,
	    address + local);
}

const char *
route_tagged(struct arena *a, const char *address, const char *tag)
{
	size_t local = strcspn(address, "@");

	return arena_printf(a, "%.*s%s%s", (int)local, address, tag,
	    address + local);
}

const char *
route_result(struct arena *a, const struct route_facts *f,
    const struct route_lookup *l, size_t i)
{
	const char *address = l->answer.word[i];

	/* propagate_unmatched_extensions */
	return l->form == ROUTE_UNTAGGED ? route_tagged(a, address, f->tag) :
	    address;
}
