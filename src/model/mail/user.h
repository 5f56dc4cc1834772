/*
 * Users: people with a mailbox and a password.
 *
 * A user's home (DOMAIN/LOCALPART when it was created) stays the same when
 * the user or the domain is renamed, so the mail stays readable; a name
 * that existed before gets a fresh one, so old mail never appears to a new
 * person.  A trigger chooses it, so that SQL by hand does the same: see
 * users_insert_rules in sql/007-history-rights.sql.
 */
#ifndef MODEL_MAIL_USER_H
#define MODEL_MAIL_USER_H

#include "model/mail/list.h"
#include "model/mail/values.h"

/* What can be set of a user; see values.h. */
struct user_values {
	USER_VALUES(COLUMN_VALUE,)
};

struct user_new {
	const char *email;
	const char *crypt;	/* hash, or PASSWORD_NONE; NULL: not given */
	const char *plain;	/* the password, to compare; or NULL */
	struct user_values values;	/* unset: the default of a new user */
	bool reuse_mail;	/* take over the mail of a former user */
	const char *home;	/* then which one, or NULL */
	bool if_not_exists;
};

/* --- user.c: rows, adding, changing ----------------------------------- */

/* ERR_NOT_FOUND: no such user. */
bool user_missing(const char *email, struct err *e);

/* The row, locked until the transaction ends. */
bool user_lock(struct mail *m, const char *email, struct user *user,
    bool *found, struct err *e);

/* The same; ERR_NOT_FOUND where it does not exist. */
bool user_lock_existing(struct mail *m, const char *email, struct user *user,
    struct err *e);

/* ERR_REFUSED: the domain is an alias domain, which has no users. */
bool user_refuse_domain(const struct domain *d, const char *email,
    struct err *e);

bool user_add(struct mail *m, const struct user_new *new,
    enum outcome *outcome, struct err *e);

bool user_set(struct mail *m, const char *email,
    const struct user_values *values, enum outcome *outcome, struct err *e);
bool user_set_crypt(struct mail *m, const char *email, const char *crypt,
    enum outcome *outcome, struct err *e);
bool user_set_active(struct mail *m, const char *email, bool active,
    enum outcome *outcome, struct err *e);

/* What user_add() refuses for the name alone: the domain, and who has it. */
bool user_name_check(struct mail *m, const char *email, struct err *e);

/* Notes that Dovecot 2.4 refuses the hashes of so many users; none of 0. */
void users_note_old_hashes(struct mail *m, int64_t users);

/* --- user_rename.c, user_remove.c ------------------------------------- */

/*
 * Aliases of the old address, and those that lead to it, follow; keep_alias
 * adds one from the old address to the new one.
 */
bool user_rename(struct mail *m, const char *old, const char *new,
    bool keep_alias, bool force, struct err *e);

struct user_removal {
	bool if_exists;
	bool cascade;
	bool force;
	const char *replace_with;
};

/*
 * ERR_REFUSED while an alias leads here, or this is an archive, and `how` does
 * not say what to do.
 */
bool user_remove(struct mail *m, const char *email,
    const struct user_removal *how, enum outcome *outcome, struct err *e);

/* Who had the one as an archive has the other; NULL: none. */
bool user_archive_repoint(struct mail *m, const char *old, const char *new,
    struct err *e);

/* --- user.c: show and list -------------------------------------------- */

/* The stored hash, in the arena. */
bool user_crypt(struct mail *m, const char *email, const char **crypt,
    struct err *e);

bool user_exists(struct mail *m, const char *email, bool *exists,
    struct err *e);
bool user_show(struct mail *m, const char *email, struct user *user,
    struct err *e);
bool user_show_all(struct mail *m, const char *email,
    struct user_shown *user, struct err *e);
bool user_list(struct mail *m, const struct list_filter *f,
    db_row_each each, void *arg, struct err *e);
bool user_count(struct mail *m, const struct list_filter *f,
    int64_t *count, struct err *e);

#endif
