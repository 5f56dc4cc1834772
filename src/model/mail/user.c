/* Users: adding, changing, renaming, removing. */
#include "model/mail/user.h"

#include <string.h>

#include "base/sentence.h"
#include "base/text.h"
#include "base/time.h"
#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/delivery.h"
#include "model/mail/domain.h"
#include "model/password/password.h"
#include "model/password/scheme.h"
#include "model/mail/grant.h"
#include "model/mail/home.h"
#include "model/mail/user_batch.h"

static bool
no_such_user(const char *email, struct err *e)
{
	return err_set(e, ERR_NOT_FOUND, "no such user: %s", email);
}

static bool
user_lock(struct mail *m, const char *email, struct user *user, bool *found,
    struct err *e)
{
	return db_row(m->db, m->arena, SQL_USER_LOCK, PARAMS(TEXT(email)),
	    user, found, e);
}

static bool
user_lock_there(struct mail *m, const char *email, struct user *user,
    struct err *e)
{
	bool found;

	return user_lock(m, email, user, &found, e) &&
	    (found || no_such_user(email, e));
}

/* --- values ---------------------------------------------------------- */

/* A row with what is to be set in it. */
static struct user
values_set(const struct user *old, const struct user_values *v)
{
	struct user new = *old;

	USER_VALUES(VALUE_PUT, &new, v)
	return new;
}

/* Names the columns in which the row is not as it is to be. */
static void
values_differ(struct arena *a, const struct user_values *v,
    const struct user *old, struct words *differ)
{
	const struct user new = values_set(old, v);

	USER_VALUES(VALUE_DIFFER, a, differ, old, &new)
}

/* --- add ------------------------------------------------------------- */

/* A password that was given in clear is compared by verifying it. */
static bool
password_same(const struct user_new *new, const char *crypt)
{
	if (new->plain != NULL)
		return password_verify(crypt, new->plain) ==
		    PASSWORD_MATCHES;
	return new->crypt == NULL || strcmp(crypt, new->crypt) == 0;
}

/* There already: unchanged where every value that was given is the same. */
static bool
already_there(struct mail *m, const struct user_new *new,
    enum outcome *outcome, struct err *e)
{
	struct words differ = { 0 };
	const char *crypt;
	struct user old;

	if (!new->if_not_exists)
		return err_set(e, ERR_EXISTS, "user %s already exists",
		    new->email);
	if (!user_lock_there(m, new->email, &old, e) ||
	    !user_crypt(m, new->email, &crypt, e))
		return false;
	values_differ(m->arena, &new->values, &old, &differ);
	if (!password_same(new, crypt))
		words_add(m->arena, &differ, "password");
	if (differ.count > 0) {
		err_set(e, ERR_EXISTS, "user %s exists with a different %s",
		    new->email, sentence_list(m->arena, &differ));
		return err_hint(e, "mailadm user set and user passwd change "
		    "it");
	}
	*outcome = OUTCOME_UNCHANGED;
	return true;
}

static bool
refuse_alias_domain(const struct domain *d, const char *email, struct err *e)
{
	err_set(e, ERR_REFUSED, "%s is an alias of %s and has no users",
	    d->domain, d->alias_of);
	return err_hint(e, "add the user as %.*s@%s",
	    (int)strcspn(email, "@"), email, d->alias_of);
}

static bool
insert(struct mail *m, const struct user_new *new,
    const struct user_probe *probe, const char *usual, struct err *e)
{
	static const struct user defaults = {
	    USER_VALUES(COLUMN_DEFAULT,) };
	const struct home_question q = { new->email, usual, new->home,
	    probe };
	struct user row = values_set(&defaults, &new->values);

	row.email = new->email;
	if (new->reuse_mail && !home_reuse(m, &q, &row.home, e))
		return false;
	if (row.home == NULL && probe->given == NULL &&
	    probe->holder == NULL && user_batch_pays(m)) {
		row.home = usual;
		return user_batch_add(m, &row, new->crypt, e);
	}
	if (!db_exec(m->db, SQL_USER_ADD, USER_ADD_PARAMS(&row, new->crypt),
	    e))
		return false;
	if (probe->given == NULL)
		return true;
	/* A session that outlived its user may have noted something since. */
	return db_exec(m->db, SQL_USAGE_REMOVE, PARAMS(TEXT(new->email)),
		e) && (row.home != NULL ||
	    home_note(m, new->email, usual, probe->holder, e));
}

/* Only one that is given can be old: what is made here never is. */
static void
hash_note(struct mail *m, const char *email, const char *crypt)
{
	if (crypt != NULL && hash_is_old(crypt))
		mail_note(m, "Dovecot 2.4 refuses the password hash of %s: "
		    "set a new password before you use it", email);
}

bool
user_add(struct mail *m, const struct user_new *new, enum outcome *outcome,
    struct err *e)
{
	const char *name = address_domain(new->email);
	const char *usual = arena_printf(m->arena, "%s/%s", name,
	    address_local(m->arena, new->email));
	struct user_probe probe = { 0 };
	struct domain d;
	bool found;

	BUG_ON(new->crypt == NULL && !new->if_not_exists);
	if (!domain_lock(m, name, &d, e))
		return err_hint(e, "mailadm domain add %s", name);
	if (d.alias_of != NULL)
		return refuse_alias_domain(&d, new->email, e);
	if (!db_row(m->db, m->arena, SQL_USER_PROBE, PARAMS(TEXT(new->email),
	    TEXT(usual), TEXT(usual), TEXT(new->email)), &probe, &found, e))
		return false;
	if (probe.email != NULL)
		return already_there(m, new, outcome, e);
	*outcome = OUTCOME_CHANGED;
	if (probe.grantee != NULL)
		mail_note(m, "%s was granted to send as %s before",
		    probe.grantee, new->email);
	hash_note(m, new->email, new->crypt);
	return domain_check_user_limit(m, name, 1, e) &&
	    insert(m, new, &probe, usual, e);
}

/* --- change ---------------------------------------------------------- */

bool
user_set(struct mail *m, const char *email,
    const struct user_values *values, enum outcome *outcome, struct err *e)
{
	struct words differ = { 0 };
	struct user old, new;

	if (!user_lock_there(m, email, &old, e))
		return false;
	values_differ(m->arena, values, &old, &differ);
	*outcome = differ.count > 0 ? OUTCOME_CHANGED : OUTCOME_UNCHANGED;
	if (*outcome == OUTCOME_UNCHANGED)
		return true;
	new = values_set(&old, values);
	return db_exec(m->db, SQL_USER_SET, PARAMS(NUMBER(new.active),
	    USER_VALUES(COLUMN_PARAM, &new) TEXT(email)), e);
}

bool
user_set_crypt(struct mail *m, const char *email, const char *crypt,
    enum outcome *outcome, struct err *e)
{
	const char *there;
	struct user old;

	if (!user_lock_there(m, email, &old, e) ||
	    !user_crypt(m, email, &there, e))
		return false;
	*outcome = strcmp(there, crypt) == 0 ? OUTCOME_UNCHANGED :
	    OUTCOME_CHANGED;
	hash_note(m, email, crypt);
	return *outcome == OUTCOME_UNCHANGED || db_exec(m->db,
	    SQL_USER_SET_CRYPT, PARAMS(SECRET(crypt), TEXT(email)), e);
}

bool
user_set_active(struct mail *m, const char *email, bool active,
    enum outcome *outcome, struct err *e)
{
	struct user old;

	if (!user_lock_there(m, email, &old, e))
		return false;
	*outcome = old.active == active ? OUTCOME_UNCHANGED :
	    OUTCOME_CHANGED;
	return old.active == active || db_exec(m->db, SQL_USER_SET_ACTIVE,
	    PARAMS(NUMBER(active), TEXT(email)), e);
}

/* --- rename ---------------------------------------------------------- */

static bool
rename_room(struct mail *m, const char *old, const char *new, struct err *e)
{
	const char *from = address_domain(old), *to = address_domain(new);
	const char *first = strcmp(from, to) < 0 ? from : to;
	const char *last = first == from ? to : from;
	struct domain d;

	/* In name order, so that two renames cannot wait for each other. */
	if (!domain_lock(m, first, &d, e) || !domain_lock(m, last, &d, e) ||
	    !domain_lock(m, to, &d, e))
		return false;
	if (d.alias_of != NULL)
		return refuse_alias_domain(&d, new, e);
	if (strcmp(from, to) == 0)
		return true;
	return domain_check_user_limit(m, from, -1, e) &&
	    domain_check_user_limit(m, to, 1, e);
}

/* An alias of that address goes with the user, and needs room there. */
static bool
rename_alias_room(struct mail *m, const char *old, const char *new,
    struct err *e)
{
	const char *from = address_domain(old), *to = address_domain(new);

	return strcmp(from, to) == 0 ||
	    (domain_check_alias_limit(m, from, -domain_alias_counts(old),
		e) &&
		domain_check_alias_limit(m, to, domain_alias_counts(new),
		e));
}

/* Aliases on both addresses would be mixed up beyond repair. */
static bool
rename_aliases(struct mail *m, const char *old, const char *new,
    struct err *e)
{
	struct db_rows rows, others;

	if (!db_query(m->db, m->arena, SQL_ALIAS_LOCK, PARAMS(TEXT(old)),
		&rows, e) ||
	    !db_query(m->db, m->arena, SQL_ALIAS_LOCK, PARAMS(TEXT(new)),
		&others, e))
		return false;
	if (rows.count > 0 && others.count > 0) {
		err_set(e, ERR_REFUSED, "both %s and %s are aliases", old,
		    new);
		return err_hint(e, "remove one of them first");
	}
	if (rows.count > 0 && (!rename_alias_room(m, old, new, e) ||
	    !db_exec(m->db, SQL_ALIAS_MOVE_MAIL, PARAMS(TEXT(new),
		TEXT(old)), e)))
		return false;
	if (!alias_repoint(m, old, new, e))
		return false;
	return rows.count == 0 || delivery_check(m, new, e);
}

bool
user_rename(struct mail *m, const char *old, const char *new,
    bool keep_alias, bool force, struct err *e)
{
	struct alias_write alias = { .mail = old };
	struct user user, other;
	enum outcome outcome;
	size_t added;
	bool found;

	if (!mail_lock_aliases(m, e) || !user_lock_there(m, old, &user, e) ||
	    !rename_room(m, old, new, e) ||
	    !user_lock(m, new, &other, &found, e))
		return false;
	if (found)
		return err_set(e, ERR_EXISTS, "user %s already exists",
		    new);
	if (!db_exec(m->db, SQL_USER_RENAME, PARAMS(TEXT(new), TEXT(old)),
		e) ||
	    !grant_user_renamed(m, old, new, e) ||
	    !rename_aliases(m, old, new, e))
		return false;
	words_add(m->arena, &alias.to, new);
	if (keep_alias)
		return alias_add(m, &alias, &added, &outcome, e);
	return alias_keep_postmaster(m, old, force, e) &&
	    alias_name_removed(m, old, e);
}

/* --- remove ---------------------------------------------------------- */

static bool
refuse_sources(struct mail *m, const char *email,
    const struct words *sources, struct err *e)
{
	err_set(e, ERR_REFUSED, "aliases still lead to %s: %s", email,
	    sentence_list(m->arena, sources));
	return err_hint(e, "--cascade removes those rows, --replace-with "
	    "ADDRESS points them elsewhere");
}

static bool
replacement_check(struct mail *m, const char *email, const char *with,
    struct err *e)
{
	struct delivery d;

	if (strcmp(email, with) == 0)
		return err_set(e, ERR_REFUSED,
		    "%s cannot be replaced with itself", email);
	if (!delivery_resolve(m, with, &d, e))
		return false;
	return d.how != RESOLVED_NOTHING ||
	    err_set(e, ERR_REFUSED, "%s does not exist (no user, alias or "
	        "catch-all)", with);
}

static bool
sources_settle(struct mail *m, const char *email,
    const struct user_removal *how, struct err *e)
{
	struct words sources;

	if (!alias_sources(m, email, &sources, e))
		return false;
	if (sources.count == 0)
		return true;
	if (how->replace_with != NULL)
		return replacement_check(m, email, how->replace_with, e) &&
		    alias_repoint(m, email, how->replace_with, e);
	if (how->cascade)
		return alias_remove_sources(m, email, e);
	return refuse_sources(m, email, &sources, e);
}

bool
user_remove(struct mail *m, const char *email,
    const struct user_removal *how, enum outcome *outcome, struct err *e)
{
	struct domain d;
	struct user user;
	bool found;

	*outcome = OUTCOME_ABSENT;
	if (!mail_lock_aliases(m, e) || !domain_find(m,
		address_domain(email), &d, &found, e) ||
	    (found && !domain_lock(m, address_domain(email), &d, e)) ||
	    !user_lock(m, email, &user, &found, e))
		return false;
	if (!found)
		return how->if_exists || no_such_user(email, e);
	*outcome = OUTCOME_CHANGED;
	return grant_user_removed(m, email, e) &&
	    db_exec(m->db, SQL_USER_REMOVE, PARAMS(TEXT(email)), e) &&
	    sources_settle(m, email, how, e) &&
	    domain_check_user_limit(m, address_domain(email), -1, e) &&
	    alias_keep_postmaster(m, email, how->force, e) &&
	    alias_name_removed(m, email, e);
}

/* --- show and list --------------------------------------------------- */

bool
user_crypt(struct mail *m, const char *email, const char **crypt,
    struct err *e)
{
	struct words found;

	if (!db_texts(m->db, m->arena, SQL_USER_CRYPT, PARAMS(TEXT(email)),
	    &found, e))
		return false;
	if (found.count == 0)
		return no_such_user(email, e);
	*crypt = found.word[0];
	return true;
}

bool
user_exists(struct mail *m, const char *email, bool *exists, struct err *e)
{
	int64_t active;

	if (!db_number(m->db, SQL_USER_EXISTS, PARAMS(TEXT(email)), &active,
	    e))
		return false;
	*exists = active != FIELD_NULL;
	return true;
}

bool
user_show(struct mail *m, const char *email, struct user *user,
    struct err *e)
{
	bool found;

	return db_row(m->db, m->arena, SQL_USER_GET, PARAMS(TEXT(email)), user,
	    &found, e) &&
	    (found || no_such_user(email, e));
}

bool
user_show_all(struct mail *m, const char *email, struct user_shown *user,
    struct err *e)
{
	bool found;

	return db_row(m->db, m->arena, SQL_USER_SHOW, PARAMS(TEXT(email)),
	    user, &found, e) &&
	    (found || no_such_user(email, e));
}

static size_t
filter_params(struct arena *a, const struct list_filter *f, struct param *p)
{
	size_t n = 0;

	p[n++] = (struct param)TEXT(like_pattern(a, f->pattern));
	p[n++] = (struct param)NUMBER(!f->inactive);
	p[n++] = (struct param)TEXT(f->domain);
	p[n++] = (struct param)TEXT(f->domain);
	p[n++] = (struct param)TEXT(f->scheme);
	p[n++] = (struct param)TEXT(f->scheme);
	p[n++] = (struct param)NUMBER(f->no_password);
	return n;
}

static size_t
list_params(struct arena *a, const struct list_filter *f, const void *last,
    int64_t limit, bool page, struct param *p)
{
	const struct user *row = last;
	size_t n = filter_params(a, f, p);

	if (page)
		p[n++] = (struct param)TEXT(row ? row->email : "");
	p[n++] = (struct param)NUMBER(limit);
	return n;
}

bool
user_list(struct mail *m, const struct list_filter *f, db_row_each each,
    void *arg, struct err *e)
{
	static const struct list lists[] = {
		{ SQL_USER_LIST, SQL_USER_LIST_SORTED, user_fields,
		    sizeof(struct user), list_params },
		{ SQL_USER_LIST_MORE, SQL_USER_LIST_SORTED, user_fields,
		    sizeof(struct user), list_params },
	};

	return list_run(m, &lists[f->more], f, each, arg, e);
}

bool
user_count(struct mail *m, const struct list_filter *f, int64_t *count,
    struct err *e)
{
	struct param p[LIST_PARAMS];
	size_t n = filter_params(m->arena, f, p);

	return db_number(m->db, SQL_USER_COUNT, (struct params){ p, n },
	    count, e);
}
