/* Users: their rows, adding them, changing their values, and lists. */
#include "model/mail/user.h"

#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/domain.h"
#include "model/mail/home.h"
#include "model/password/hash.h"
#include "model/password/scheme.h"

bool
user_missing(const char *email, struct err *e)
{
	return err_set(e, ERR_NOT_FOUND, "no such user: %s", email);
}

bool
user_lock(struct mail *m, const char *email, struct user *user, bool *found,
    struct err *e)
{
	return db_row(m->db, m->arena, SQL_USER_LOCK, PARAMS(TEXT(email)),
	    user, found, e);
}

bool
user_lock_existing(struct mail *m, const char *email, struct user *user,
    struct err *e)
{
	bool found;

	return user_lock(m, email, user, &found, e) &&
	    (found || user_missing(email, e));
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

/* The columns in which the row differs from the given values. */
static void
values_differ(struct arena *a, const struct user_values *v,
    const struct user *old, struct words *differ)
{
	const struct user new = values_set(old, v);

	USER_VALUES(VALUE_DIFFER, a, differ, old, &new)
}

/* The way out that is to be set, or NULL. */
static const char *
way_given(const struct user_values *v)
{
	return v->send_through != NULL && *v->send_through != '\0' ?
	    v->send_through : NULL;
}

/* --- add ------------------------------------------------------------- */

/* A password in clear is compared by verifying it. */
static bool
password_same(const struct user_new *new, const char *crypt)
{
	if (new->plain != NULL)
		return password_verify(crypt, new->plain) ==
		    PASSWORD_MATCHES;
	return new->crypt == NULL || strcmp(crypt, new->crypt) == 0;
}

/* The user exists: unchanged if every given value is the same. */
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
	if (!user_lock_existing(m, new->email, &old, e) ||
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

bool
user_refuse_domain(const struct domain *d, const char *email, struct err *e)
{
	if (d->alias_of == NULL) {
		err_set(e, ERR_REFUSED, "%s is passed on to %s and has no "
		    "users", d->domain, d->relay_to);
		return err_hint(e, "mailadm recipient add %s", email);
	}
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
	if (!expiry_check(m, FIELD_NULL, row.expires, e))
		return false;
	if (new->reuse_mail && !home_reuse(m, &q, &row.home, e))
		return false;
	if (!db_exec(m->db, SQL_USER_ADD, PARAMS(TEXT(row.email),
	    SECRET(new->crypt), TEXT(row.home),
	    USER_VALUES(COLUMN_PARAM, &row)), e))
		return false;
	if (probe->given == NULL)
		return true;
	/* A session of a removed user may have written its usage since. */
	return db_exec(m->db, SQL_USAGE_REMOVE, PARAMS(TEXT(new->email)),
		e) && (row.home != NULL ||
	    home_note(m, new->email, usual, probe->holder, e));
}

/* Only a given hash can be old; those made here are not. */
static void
hash_note(struct mail *m, const char *email, const char *crypt)
{
	if (crypt != NULL && hash_is_old(crypt))
		mail_note(m, "Dovecot 2.4 refuses the password hash of %s: "
		    "set a new password, or allow_weak_schemes for a time",
		    email);
}

void
users_note_old_hashes(struct mail *m, int64_t users)
{
	if (users > 0)
		mail_note(m, "Dovecot 2.4 refuses the password hashes of %s, "
		    "unless allow_weak_schemes is yes: mailadm check names "
		    "them", sentence_number(m->arena, users, "user",
			"users"));
}

static bool
hint_domain(const char *name, struct err *e)
{
	return e->code == ERR_NOT_FOUND ?
	    err_hint(e, "mailadm domain add %s", name) : false;
}

bool
user_name_check(struct mail *m, const char *email, struct err *e)
{
	const char *name = address_domain(email);
	struct domain d;
	bool exists;

	if (!domain_show(m, name, &d, e))
		return hint_domain(name, e);
	if (!domain_has_users(&d))
		return user_refuse_domain(&d, email, e);
	return user_exists(m, email, &exists, e) && (!exists || err_set(e,
	    ERR_EXISTS, "user %s already exists", email));
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
		return hint_domain(name, e);
	if (!domain_has_users(&d))
		return user_refuse_domain(&d, new->email, e);
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
	    mail_way_require(m, way_given(&new->values), e) &&
	    insert(m, new, &probe, usual, e);
}

/* --- change ---------------------------------------------------------- */

bool
user_set(struct mail *m, const char *email,
    const struct user_values *values, enum outcome *outcome, struct err *e)
{
	struct words changed = { 0 };
	struct user old, new;

	if (!user_lock_existing(m, email, &old, e))
		return false;
	new = values_set(&old, values);
	if (!expiry_check(m, old.expires, new.expires, e))
		return false;
	USER_VALUES(CHANGED_ADD, m->arena, &changed, &old, &new)
	changed_say(m, &changed);
	*outcome = changed.count > 0 ? OUTCOME_CHANGED : OUTCOME_UNCHANGED;
	if (*outcome == OUTCOME_UNCHANGED)
		return true;
	return mail_way_require(m, way_given(values), e) &&
	    db_exec(m->db, SQL_USER_SET, PARAMS(NUMBER(new.active),
	    USER_VALUES(COLUMN_PARAM, &new) TEXT(email)), e);
}

bool
user_set_crypt(struct mail *m, const char *email, const char *crypt,
    enum outcome *outcome, struct err *e)
{
	const char *there;
	struct user old;

	if (!user_lock_existing(m, email, &old, e) ||
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

	if (!user_lock_existing(m, email, &old, e))
		return false;
	*outcome = old.active == active ? OUTCOME_UNCHANGED :
	    OUTCOME_CHANGED;
	return old.active == active || db_exec(m->db, SQL_USER_SET_ACTIVE,
	    PARAMS(NUMBER(active), TEXT(email)), e);
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
		return user_missing(email, e);
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
	    (found || user_missing(email, e));
}

bool
user_show_all(struct mail *m, const char *email, struct user_shown *user,
    struct err *e)
{
	bool found;

	return db_row(m->db, m->arena, SQL_USER_SHOW, PARAMS(TEXT(email)),
	    user, &found, e) &&
	    (found || user_missing(email, e));
}

static size_t
filter_params(struct arena *a, const struct list_filter *f, struct param *p)
{
	int64_t since = f->unused_since != 0 ? f->unused_since : FIELD_NULL;
	int64_t percent = f->over_quota != 0 ? f->over_quota : FIELD_NULL;
	size_t n = 0;

	p[n++] = (struct param)TEXT(like_pattern(a, f->pattern));
	p[n++] = (struct param)NUMBER(!f->inactive);
	p[n++] = (struct param)TEXT(f->domain);
	p[n++] = (struct param)TEXT(f->domain);
	p[n++] = (struct param)TEXT(f->scheme);
	p[n++] = (struct param)TEXT(f->scheme);
	p[n++] = (struct param)NUMBER(f->no_password);
	p[n++] = (struct param)NUMBER(since);
	p[n++] = (struct param)NUMBER(since);
	p[n++] = (struct param)NUMBER(since);
	p[n++] = (struct param)NUMBER(percent);
	p[n++] = (struct param)NUMBER(percent);
	return n + list_expiring_params(f, p + n);
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
		{ SQL_USER_LIST, SQL_USER_LIST_SORTED, user_used_fields,
		    sizeof(struct user), list_params },
		{ SQL_USER_LIST_MORE, SQL_USER_LIST_SORTED, user_used_fields,
		    sizeof(struct user_shown), list_params },
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

/* --- archives -------------------------------------------------------- */

bool
user_archive_repoint(struct mail *m, const char *old, const char *new,
    struct err *e)
{
	return db_exec(m->db, SQL_ARCHIVE_DOMAINS_REPOINT, PARAMS(TEXT(old),
		TEXT(new), TEXT(old), TEXT(new), TEXT(old), TEXT(old)), e) &&
	    db_exec(m->db, SQL_ARCHIVE_USERS_REPOINT, PARAMS(TEXT(old),
		TEXT(new), TEXT(old), TEXT(new), TEXT(old), TEXT(old)), e);
}
