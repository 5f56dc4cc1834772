/*
 * The shipped maps of Postfix, computed in memory.
 *
 * To follow an address, the program needs the answers of many maps for up to
 * three forms of a key (anna+tag@x.org, anna@x.org, @x.org).  Asking each of
 * the queries of postfix/sql_*.cf would be some twenty statements, and would
 * give no reason for what did not answer.  So maps_facts_read() reads every
 * row that could matter with at most five statements: the domain, its target,
 * the aliases and users of all forms in both, and the pattern of a name that
 * nobody has.  The ask_...() functions then do what the WHERE clauses of the
 * shipped queries do, one function for each file.  tests/e2e/route.sh
 * compares them with a running Postfix.
 *
 * With `all` set, disabled rows count as well: that is what the rules about
 * loops need (alias_loop.c), as a row may be enabled later.
 */
#include "model/mail/postfix_maps.h"

#include <string.h>

#include "base/ascii.h"
#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/domain.h"
#include "model/next_hop.h"

/* --- rows of the tables ---------------------------------------------- */

void
maps_facts_split(struct arena *a, const char *address, struct maps_facts *f)
{
	const char *key = lowered(a, address);
	const char *untagged;

	*f = (struct maps_facts){ .tag = "" };
	untagged = address_untagged(a, key);
	f->key[MAPS_FULL] = key;
	f->key[MAPS_UNTAGGED] = untagged;
	f->key[MAPS_CATCHALL] = address_domain(key) - 1;
	if (untagged != NULL)
		f->tag = arena_strndup(a, address + strcspn(untagged, "@"),
		    strlen(key) - strlen(untagged));
}

void
maps_facts_targets(struct arena *a, struct maps_facts *f)
{
	if (!f->found || f->domain.alias_of == NULL)
		return;
	for (int i = 0; i < MAPS_FORMS; i++) {
		if (f->key[i] != NULL)
			f->target_key[i] = address_join(a, address_local(a,
			    f->key[i]), f->domain.alias_of);
	}
}

static bool
aliases_read(struct mail *m, struct maps_facts *f, struct err *e)
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
users_read(struct mail *m, struct maps_facts *f, struct err *e)
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
domain_read(struct mail *m, const char *address, struct maps_facts *f,
    struct err *e)
{
	bool found;

	maps_facts_split(m->arena, address, f);
	if (!domain_find(m, address_domain(f->key[MAPS_FULL]), &f->domain,
	    &f->found, e))
		return false;
	if (f->found && f->domain.alias_of != NULL && !domain_find(m,
	    f->domain.alias_of, &f->target, &found, e))
		return false;
	maps_facts_targets(m->arena, f);
	return true;
}

/* The last form of a name that the maps are asked for. */
static enum maps_form
plain_form(const struct maps_facts *f)
{
	return f->key[MAPS_UNTAGGED] != NULL ? MAPS_UNTAGGED : MAPS_FULL;
}

/* An alias domain has the patterns of its target. */
static bool
pattern_read(struct mail *m, struct maps_facts *f, struct err *e)
{
	enum maps_form form = plain_form(f);
	const char *local = address_local(m->arena, f->key[form]);
	const char *domain = f->domain.alias_of != NULL ?
	    f->domain.alias_of : f->domain.domain;
	struct db_rows rows;

	if (*local == '\0' || maps_is_known(f, f->key[form]) ||
	    maps_is_known(f, f->target_key[form]))
		return true;
	if (!db_query(m->db, m->arena, SQL_ROUTE_PATTERN, PARAMS(
	    TEXT(domain), TEXT(domain), NUMBER(!f->all), TEXT(local)), &rows,
	    e))
		return false;
	f->pattern = rows.row;
	f->patterns = rows.count;
	return true;
}

/* Only the names of a relay domain. */
static bool
recipients_read(struct mail *m, struct maps_facts *f, struct err *e)
{
	return f->domain.relay_to == NULL || db_texts(m->db, m->arena,
	    SQL_ROUTE_RECIPIENTS, PARAMS(TEXT(f->key[MAPS_FULL]),
	    TEXT(f->key[MAPS_UNTAGGED])), &f->recipient, e);
}

bool
maps_facts_read(struct mail *m, const char *address, struct maps_facts *f,
    struct err *e)
{
	if (!domain_read(m, address, f, e))
		return false;
	/* Without the domain there are no rows: a foreign key says so. */
	return !f->found || (aliases_read(m, f, e) && users_read(m, f, e) &&
	    recipients_read(m, f, e) && pattern_read(m, f, e));
}

bool
maps_facts_read_all(struct mail *m, const char *address,
    struct maps_facts *f, struct err *e)
{
	if (!domain_read(m, address, f, e))
		return false;
	f->all = true;
	return !f->found || (aliases_read(m, f, e) &&
	    recipients_read(m, f, e) &&
	    (maps_has_alias(f, f->key[MAPS_FULL]) ||
	    (users_read(m, f, e) && pattern_read(m, f, e))));
}

bool
maps_blocks_read(struct mail *m, struct maps_facts *f, struct err *e)
{
	const char *const *k = f->key, *const *t = f->target_key;

	return !f->found || db_texts(m->db, m->arena, SQL_ROUTE_BLOCKS,
	    PARAMS(TEXT(k[0]), TEXT(k[1]), TEXT(t[0]), TEXT(t[1])),
	    &f->blocked, e);
}

static const struct sql_mailbox *
user_find(const struct maps_facts *f, const char *email)
{
	for (size_t i = 0; email != NULL && i < f->users; i++) {
		if (strcmp(f->user[i].name, email) == 0)
			return &f->user[i];
	}
	return NULL;
}

size_t
maps_alias_rows(const struct maps_facts *f, const char *mail,
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
maps_has_user(const struct maps_facts *f, const char *email)
{
	return user_find(f, email) != NULL;
}

bool
maps_user_receives(const struct maps_facts *f, const char *email)
{
	const struct sql_mailbox *user = user_find(f, email);

	return user != NULL && user->active && user->may_receive;
}

const char *
maps_user_off(const struct maps_facts *f, const char *email)
{
	const struct sql_mailbox *user = user_find(f, email);

	if (user != NULL && user->expired)
		return "has expired";
	if (user == NULL || !user->active)
		return "is disabled";
	return user->may_receive ? NULL : "may not receive mail";
}

bool
maps_has_alias(const struct maps_facts *f, const char *mail)
{
	const struct sql_route_alias *row;

	return maps_alias_rows(f, mail, &row) > 0;
}

bool
maps_alias_active(const struct maps_facts *f, const char *mail)
{
	const struct sql_route_alias *row;
	size_t n = maps_alias_rows(f, mail, &row);

	for (size_t i = 0; i < n; i++) {
		if (row[i].active)
			return true;
	}
	return false;
}

const char *
maps_alias_off(const struct maps_facts *f, const char *mail)
{
	const struct sql_route_alias *row;
	size_t n = maps_alias_rows(f, mail, &row);
	bool expired = false;

	for (size_t i = 0; i < n; i++)
		expired |= row[i].expired;
	return maps_alias_active(f, mail) ? NULL :
	    expired ? "has expired" : "is disabled";
}

bool
maps_is_known(const struct maps_facts *f, const char *name)
{
	return maps_has_user(f, name) || maps_has_alias(f, name);
}

bool
maps_is_ours(const struct maps_facts *f)
{
	return f->found && (f->all || (f->domain.active &&
	    (f->domain.alias_of == NULL || f->target.active)));
}

bool
maps_is_relay(const struct maps_facts *f)
{
	return f->found && f->domain.relay_to != NULL;
}

bool
maps_is_recipient(const struct maps_facts *f, const char *name)
{
	return name != NULL && words_have(&f->recipient, name);
}

const char *
maps_domain_why(struct arena *a, const struct maps_facts *f)
{
	if (!f->found)
		return "the domain is not in the database";
	if (!f->domain.active)
		return arena_printf(a, "%s is disabled", f->domain.domain);
	if (f->domain.relay_to != NULL)
		return arena_printf(a, "passed on to %s", f->domain.relay_to);
	if (f->domain.alias_of == NULL)
		return NULL;
	return arena_printf(a, f->target.active ? "alias domain of %s" :
	    "alias domain of %s, which is disabled", f->domain.alias_of);
}

/* --- the maps -------------------------------------------------------- */

bool
maps_row_answers(const struct maps_facts *f,
    const struct sql_route_alias *row)
{
	if (f->all || !row->active)
		return f->all;
	if (strcmp(row->destination, row->mail) == 0)
		return maps_user_receives(f, row->mail);
	return f->senders || !row->off;
}

static void
ask_domains(struct arena *a, const struct maps_facts *f,
    enum maps_form form, struct words *answer)
{
	(void)form;
	if (maps_is_ours(f) && !maps_is_relay(f))
		words_add(a, answer, f->domain.domain);
}

/* Not of @domain, which has no name. */
static void
ask_blocks(struct arena *a, const struct maps_facts *f,
    enum maps_form form, struct words *answer)
{
	const char *target_key = f->target_key[form];

	if (form != MAPS_CATCHALL && (words_have(&f->blocked, f->key[form]) ||
	    (target_key != NULL && words_have(&f->blocked, target_key))))
		words_add(a, answer, MAPS_UNKNOWN);
}

static void
ask_relay_domains(struct arena *a, const struct maps_facts *f,
    enum maps_form form, struct words *answer)
{
	(void)form;
	if (maps_is_ours(f) && maps_is_relay(f))
		words_add(a, answer, f->domain.domain);
}

static void
ask_relay_recipients(struct arena *a, const struct maps_facts *f,
    enum maps_form form, struct words *answer)
{
	if (maps_is_ours(f) && maps_is_relay(f) &&
	    (f->domain.accepts != NULL || maps_is_recipient(f, f->key[form])))
		words_add(a, answer, f->domain.domain);
}

static void
ask_transport(struct arena *a, const struct maps_facts *f,
    enum maps_form form, struct words *answer)
{
	const struct domain *d = &f->domain;

	if (form == MAPS_CATCHALL || !f->found || !d->active)
		return;
	if (d->transport != NULL)
		words_add(a, answer, d->transport);
	else if (d->relay_to != NULL)
		words_add(a, answer, arena_printf(a, "relay:%s",
		    strcmp(d->relay_to, NEXT_HOP_MX) == 0 ? "" :
		    d->relay_to));
}

/* What a look at the destinations of a known name says. */
static const char *
name_answer(const struct maps_facts *f, const char *name)
{
	const struct sql_route_alias *row;
	size_t n = maps_alias_rows(f, name, &row);
	bool receives = maps_user_receives(f, name);
	bool leads = false, taken = false;

	for (size_t i = 0; i < n; i++) {
		bool onward = strcmp(row[i].destination, row[i].mail) != 0;

		leads |= row[i].active && onward;
		taken |= row[i].active && (onward ? row[i].takes : receives);
	}
	if (!leads)
		return receives ? MAPS_TAKEN : MAPS_UNKNOWN;
	return taken ? MAPS_TAKEN : MAPS_ASK_ON;
}

/* Of a name that nobody has here. */
static const char *
unknown_answer(const struct maps_facts *f, const char *name)
{
	if (!maps_is_relay(f))
		return MAPS_ASK_ON;
	if (f->domain.accepts != NULL)
		return strcmp(f->domain.accepts, "verify") == 0 ?
		    MAPS_ASK_SERVER : MAPS_TAKEN;
	return maps_is_recipient(f, name) ? MAPS_TAKEN : MAPS_ASK_ON;
}

/*
 * A name in an alias domain, without an alias of its own, is that of the
 * target.
 */
static void
ask_disabled(struct arena *a, const struct maps_facts *f,
    enum maps_form form, struct words *answer)
{
	const char *key = f->key[form];
	const char *name = f->target_key[form] != NULL &&
	    !maps_has_alias(f, key) ? f->target_key[form] : key;
	bool known = maps_is_known(f, name);
	bool tagged = form == MAPS_FULL && f->key[MAPS_UNTAGGED] != NULL;

	if (form == MAPS_CATCHALL || !f->found || (!known && tagged))
		return;
	words_add(a, answer, !maps_is_ours(f) ? MAPS_UNKNOWN :
	    known ? name_answer(f, name) : unknown_answer(f, name));
}

/* All rows of an address have the same writers. */
static void
ask_internal(struct arena *a, const struct maps_facts *f,
    enum maps_form form, struct words *answer)
{
	const char *key = f->key[form];
	const char *name = f->target_key[form] != NULL &&
	    !maps_has_alias(f, key) ? f->target_key[form] : key;
	const struct sql_route_alias *row;

	if (form != MAPS_CATCHALL && maps_alias_rows(f, name, &row) > 0)
		words_add(a, answer, row->writers != NULL ?
		    MAPS_INTERNAL_ONLY : MAPS_TAKEN);
}

/* Copies change neither what is a loop nor who may send. */
const char *
maps_archive(const struct maps_facts *f, const char *name)
{
	const struct sql_mailbox *user = user_find(f, name);

	return user == NULL || f->all || f->senders ? NULL : user->archive;
}

static void
archive_add(struct arena *a, const struct maps_facts *f, const char *name,
    struct words *answer)
{
	if (maps_archive(f, name) != NULL)
		words_add(a, answer, maps_archive(f, name));
}

static void
ask_aliases(struct arena *a, const struct maps_facts *f,
    enum maps_form form, struct words *answer)
{
	const struct sql_route_alias *row;
	size_t n = maps_alias_rows(f, f->key[form], &row);
	bool own = false;

	for (size_t i = 0; maps_is_ours(f) && i < n; i++) {
		if (!maps_row_answers(f, &row[i]))
			continue;
		words_add(a, answer, row[i].destination);
		own |= strcmp(row[i].destination, row[i].mail) == 0;
	}
	if (own)
		archive_add(a, f, f->key[form], answer);
}

/* Untagged names only; and not where the alias domain has its own. */
static bool
target_catches(const struct maps_facts *f, enum maps_form form)
{
	const char *plus = strchr(f->key[form], '+');
	const char *rest = f->target_key[MAPS_CATCHALL];

	return (f->all ? maps_has_alias(f, rest) :
	    maps_alias_active(f, rest)) &&
	    !maps_has_alias(f, f->key[MAPS_CATCHALL]) &&
	    (plus == NULL || plus == f->key[form]);
}

static void
ask_alias_domains(struct arena *a, const struct maps_facts *f,
    enum maps_form form, struct words *answer)
{
	const char *target_key = f->target_key[form];

	if (form != MAPS_CATCHALL && target_key != NULL && maps_is_ours(f) &&
	    !maps_has_alias(f, f->key[form]) &&
	    (maps_is_known(f, target_key) || target_catches(f, form)))
		words_add(a, answer, target_key);
}

static void
ask_identity(struct arena *a, const struct maps_facts *f,
    enum maps_form form, struct words *answer)
{
	if (form == MAPS_CATCHALL || (!maps_is_known(f, f->key[form]) &&
	    !maps_is_recipient(f, f->key[form])))
		return;
	words_add(a, answer, f->key[form]);
	archive_add(a, f, f->key[form], answer);
}

/* Where all rows lead to users who get no mail, they answer all the same. */
static void
ask_patterns(struct arena *a, const struct maps_facts *f,
    enum maps_form form, struct words *answer)
{
	bool on = false;

	if (form != plain_form(f) || !maps_is_ours(f))
		return;
	for (size_t i = 0; i < f->patterns; i++)
		on |= maps_row_answers(f, &f->pattern[i]);
	for (size_t i = 0; i < f->patterns; i++) {
		const struct sql_route_alias *row = &f->pattern[i];

		if (on ? maps_row_answers(f, row) : row->active)
			words_add(a, answer, row->destination);
	}
}

static void
ask_users(struct arena *a, const struct maps_facts *f,
    enum maps_form form, struct words *answer)
{
	if (form != MAPS_CATCHALL && f->found && f->domain.active &&
	    maps_user_receives(f, f->key[form]))
		words_add(a, answer, f->key[form]);
}

void
maps_ask(struct arena *a, enum maps_kind map, const struct maps_facts *f,
    enum maps_form form, struct words *answer)
{
	static void (*const ask[MAPS_COUNT])(struct arena *,
	    const struct maps_facts *, enum maps_form, struct words *) = {
		[MAPS_DOMAINS] = ask_domains,
		[MAPS_BLOCKS] = ask_blocks,
		[MAPS_DISABLED] = ask_disabled,
		[MAPS_INTERNAL] = ask_internal,
		[MAPS_ALIASES] = ask_aliases,
		[MAPS_ALIAS_DOMAINS] = ask_alias_domains,
		[MAPS_IDENTITY] = ask_identity,
		[MAPS_PATTERNS] = ask_patterns,
		[MAPS_USERS] = ask_users,
		[MAPS_RELAY_DOMAINS] = ask_relay_domains,
		[MAPS_RELAY_RECIPIENTS] = ask_relay_recipients,
		[MAPS_TRANSPORT] = ask_transport,
	};

	/* The other maps need more than these facts. */
	if (f->key[form] != NULL && ask[map] != NULL)
		ask[map](a, f, form, answer);
}

struct maps_lookup *
maps_asked(struct arena *a, struct maps_lookups *l, enum maps_kind map,
    enum maps_form form, const char *key)
{
	if (l->count == l->room) {
		size_t room = l->room ? 2 * l->room : 4;
		struct maps_lookup *more = arena_array(a, room,
		    sizeof(*more));

		if (l->count > 0)
			memcpy(more, l->lookup, l->count * sizeof(*more));
		l->lookup = more;
		l->room = room;
	}
	l->lookup[l->count] = (struct maps_lookup){ .map = map,
	    .form = form, .key = key };
	return &l->lookup[l->count++];
}

const struct maps_lookup *
maps_ask_virtual(struct arena *a, const struct maps_facts *f,
    struct maps_lookups *asked)
{
	for (int form = 0; form < MAPS_FORMS; form++) {
		struct maps_lookup *l;

		if (f->key[form] == NULL)
			continue;
		l = maps_asked(a, asked, MAPS_ALIASES,
		    (enum maps_form)form, f->key[form]);
		for (int map = MAPS_ALIASES; map <= MAPS_PATTERNS; map++) {
			l->map = (enum maps_kind)map;
			maps_ask(a, l->map, f, l->form, &l->answer);
			if (l->answer.count > 0)
				return l;
		}
	}
	return NULL;
}
