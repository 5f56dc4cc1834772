/* The ways out: added, changed, removed, listed. */
#include "model/way/relay.h"

#include <string.h>

#include "base/ascii.h"
#include "base/sentence.h"
#include "base/text.h"
#include "model/next_hop.h"

#define NAME_MAX_LENGTH 64

const char *const relay_tls_names[] = { "secure", "verify", "encrypt",
    "dane-only", "may", NULL };

bool
relay_name_parse(struct arena *a, const char *text, const char **name,
    struct err *e)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t len = strlen(text);

	*name = lowered(a, text);
	if (len > 0 && len <= NAME_MAX_LENGTH &&
	    strspn(*name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len &&
	    strchr(letters, **name) != NULL &&
	    strchr(letters, (*name)[len - 1]) != NULL)
		return true;
	err_set(e, ERR_INVALID, "\"%.200s\" is not a name of a way out",
	    text);
	return err_hint(e, "at most %d of a-z, 0-9, - and _, with a letter or "
	    "digit at both ends", NAME_MAX_LENGTH);
}

static bool
not_found(const char *name, struct err *e)
{
	err_set(e, ERR_NOT_FOUND, "no such way out: %s", name);
	return err_hint(e, "mailadm relay list shows them");
}

static bool
relay_lock(struct mail *m, const char *name, struct relay *relay,
    bool *found, struct err *e)
{
	struct words locked;

	return db_texts(m->db, m->arena, SQL_RELAY_LOCK, PARAMS(TEXT(name)),
		&locked, e) &&
	    db_row(m->db, m->arena, SQL_RELAY_GET, PARAMS(TEXT(name)),
		relay, found, e);
}

bool
relay_show(struct mail *m, const char *name, struct relay *relay,
    struct err *e)
{
	bool found;

	return db_row(m->db, m->arena, SQL_RELAY_GET, PARAMS(TEXT(name)),
	    relay, &found, e) &&
	    (found || not_found(name, e));
}

bool
relay_require(struct mail *m, const char *name, struct err *e)
{
	struct relay relay;

	return relay_show(m, name, &relay, e);
}

/* --- add and set ----------------------------------------------------- */

static struct relay
values_put(const struct relay *old, const struct relay_values *v)
{
	struct relay new = *old;

	RELAY_VALUES(VALUE_PUT, &new, v)
	if (new.tls == NULL)
		new.tls = relay_tls_names[0];
	return new;
}

static bool
is_mail_port(int64_t port)
{
	return port == 25 || port == 465 || port == 587;
}

/* Its mail would come back, again and again. */
bool
relay_refuse_own(struct mail *m, const struct relay *r, struct err *e)
{
	if (!is_mail_port(r->port) ||
	    !next_hop_is_own(m->arena, r->host, m->hostname))
		return true;
	return err_set(e, ERR_REFUSED, "%s is this server itself: mail would "
	    "go round in a loop", r->host);
}

/* Whatever Postfix does: a login is for a server that is known to be it. */
static bool
refuse_clear_login(const struct relay *r, struct err *e)
{
	if (r->login == NULL || strcmp(r->tls, "may") != 0)
		return true;
	err_set(e, ERR_REFUSED, "a login needs TLS, and --tls may does "
	    "without it");
	return err_hint(e, "--tls encrypt takes any certificate; secure "
	    "wants one of the server's name");
}

void
relay_note(struct mail *m, const struct relay *r, bool password)
{
	if (r->login != NULL && !password)
		mail_note(m, "%s has a login and no password: mail by way of "
		    "it waits; mailadm relay set %s --password-file FILE",
		    r->name, r->name);
	if (r->login == NULL && password)
		mail_note(m, "%s has a password and no login: neither is "
		    "used; mailadm relay set %s --login NAME", r->name,
		    r->name);
	if (strcmp(r->tls, "encrypt") == 0 && r->login != NULL)
		mail_note(m, "with --tls encrypt nobody checks whose server "
		    "gets the login of %s", r->name);
}

static bool
values_check(struct mail *m, const struct relay *r, bool password,
    struct err *e)
{
	if (r->host == NULL)
		return err_set(e, ERR_USAGE, "a way out needs --server");
	if (!relay_refuse_own(m, r, e) || !refuse_clear_login(r, e))
		return false;
	relay_note(m, r, password);
	return true;
}

/* The next hop must be another one than that of each other login there. */
bool
relay_pad_find(struct mail *m, struct relay *r, struct err *e)
{
	return db_number(m->db, SQL_RELAY_PAD_FREE, PARAMS(TEXT(r->host),
	    NUMBER(r->port), TEXT(r->host), NUMBER(r->port), TEXT(r->name)),
	    &r->pad, e);
}

static bool
password_set(struct mail *m, const char *name, const char *password,
    struct err *e)
{
	if (password == NULL)
		return true;
	/* What is written cannot be read, so it is not changed either. */
	if (!db_exec(m->db, SQL_RELAY_SECRET_REMOVE, PARAMS(TEXT(name)), e))
		return false;
	return *password == '\0' || db_exec(m->db, SQL_RELAY_SECRET_ADD,
	    PARAMS(TEXT(name), SECRET(password)), e);
}

static bool
already_there(struct mail *m, const struct relay *old,
    const struct relay_values *v, bool if_not_exists, enum outcome *outcome,
    struct err *e)
{
	const struct relay new = values_put(old, v);
	struct words differ = { 0 };

	if (!if_not_exists)
		return err_set(e, ERR_EXISTS, "way out %s already exists",
		    old->name);
	RELAY_VALUES(VALUE_DIFFER, m->arena, &differ, old, &new)
	if (differ.count > 0) {
		err_set(e, ERR_EXISTS, "way out %s exists with a different %s",
		    old->name, sentence_list(m->arena, &differ));
		return err_hint(e, "change it with: mailadm relay set %s",
		    old->name);
	}
	*outcome = OUTCOME_UNCHANGED;
	return true;
}

bool
relay_add(struct mail *m, const char *name, const struct relay_values *v,
    bool if_not_exists, enum outcome *outcome, struct err *e)
{
	const struct relay none = { .name = name, .port = RELAY_PORT };
	struct relay old, new;
	bool found, password = v->password != NULL && *v->password != '\0';

	if (!relay_lock(m, name, &old, &found, e))
		return false;
	if (found)
		return already_there(m, &old, v, if_not_exists, outcome, e);
	new = values_put(&none, v);
	*outcome = OUTCOME_CHANGED;
	return values_check(m, &new, password, e) &&
	    relay_pad_find(m, &new, e) &&
	    db_exec(m->db, SQL_RELAY_ADD, PARAMS(TEXT(name),
		RELAY_VALUES(COLUMN_PARAM, &new) NUMBER(new.pad)), e) &&
	    password_set(m, name, v->password, e);
}

bool
relay_set(struct mail *m, const char *name, const struct relay_values *v,
    enum outcome *outcome, struct err *e)
{
	struct words changed = { 0 };
	struct relay old, new;
	bool found, password;

	if (!relay_lock(m, name, &old, &found, e))
		return false;
	if (!found)
		return not_found(name, e);
	new = values_put(&old, v);
	password = v->password != NULL ? *v->password != '\0' :
	    old.has_password && new.login != NULL;
	RELAY_VALUES(CHANGED_ADD, m->arena, &changed, &old, &new)
	if (v->password != NULL)
		words_add(m->arena, &changed, "password");
	changed_say(m, &changed);
	*outcome = changed.count > 0 ? OUTCOME_CHANGED : OUTCOME_UNCHANGED;
	if (changed.count == 0)
		return true;
	if (!values_check(m, &new, password, e))
		return false;
	if ((!text_same(old.host, new.host) || old.port != new.port) &&
	    !relay_pad_find(m, &new, e))
		return false;
	/* A password is of one login. */
	return db_exec(m->db, SQL_RELAY_SET, PARAMS(NUMBER(new.pad),
		RELAY_VALUES(COLUMN_PARAM, &new) TEXT(name)), e) &&
	    password_set(m, name, v->password == NULL && new.login == NULL ?
		"" : v->password, e);
}

/* --- remove ---------------------------------------------------------- */

static bool
uses_free(struct mail *m, const char *name, const struct words *uses,
    struct err *e)
{
	mail_note(m, "mail of %s leaves by the usual way now",
	    sentence_list(m->arena, uses));
	return db_exec(m->db, SQL_RELAY_DOMAINS_FREE, PARAMS(TEXT(name)),
		e) &&
	    db_exec(m->db, SQL_RELAY_USERS_FREE, PARAMS(TEXT(name)), e);
}

bool
relay_remove(struct mail *m, const char *name,
    const struct relay_removal *how, enum outcome *outcome, struct err *e)
{
	struct relay old;
	struct words uses;
	bool found;

	*outcome = OUTCOME_ABSENT;
	if (!relay_lock(m, name, &old, &found, e))
		return false;
	if (!found)
		return how->if_exists || not_found(name, e);
	*outcome = OUTCOME_CHANGED;
	if (!db_texts(m->db, m->arena, SQL_RELAY_USES, PARAMS(TEXT(name),
	    TEXT(name)), &uses, e))
		return false;
	if (uses.count > 0 && !how->cascade) {
		err_set(e, ERR_REFUSED, "mail still leaves through %s: %s",
		    name, sentence_list(m->arena, &uses));
		return err_hint(e, "--cascade lets it leave by the usual "
		    "way");
	}
	if (uses.count > 0 && !uses_free(m, name, &uses, e))
		return false;
	db_cache_clear(m->db);
	return db_exec(m->db, SQL_RELAY_SECRET_REMOVE, PARAMS(TEXT(name)),
		e) &&
	    db_exec(m->db, SQL_RELAY_REMOVE, PARAMS(TEXT(name)), e);
}

/* --- list ------------------------------------------------------------ */

static size_t
list_params(struct arena *a, const struct list_filter *f, const void *last,
    int64_t limit, bool page, struct param *p)
{
	const struct relay *row = last;
	size_t n = 0;

	p[n++] = (struct param)TEXT(like_pattern(a, f->pattern));
	if (page)
		p[n++] = (struct param)TEXT(row ? row->name : "");
	p[n++] = (struct param)NUMBER(limit);
	return n;
}

bool
relay_list(struct mail *m, const struct list_filter *f, db_row_each each,
    void *arg, struct err *e)
{
	static const struct list list = { SQL_RELAY_LIST,
	    SQL_RELAY_LIST_SORTED, relay_fields, sizeof(struct relay),
	    list_params };

	return list_run(m, &list, f, each, arg, e);
}

bool
relay_count(struct mail *m, const struct list_filter *f, int64_t *count,
    struct err *e)
{
	return db_number(m->db, SQL_RELAY_COUNT, PARAMS(
	    TEXT(like_pattern(m->arena, f->pattern))), count, e);
}
