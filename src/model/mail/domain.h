/*
 * Domains that this server accepts mail for.
 *
 * An alias domain (alias_of) accepts the names that its target has; it has no
 * users and is never the target of another.  Its own aliases are asked first.
 */
#ifndef MODEL_MAIL_DOMAIN_H
#define MODEL_MAIL_DOMAIN_H

#include "model/mail/list.h"
#include "model/mail/values.h"

/* What add and set take; see values.h. */
struct domain_values {
	DOMAIN_VALUES(COLUMN_VALUE,)
};

/* The row; cached until the transaction ends. */
bool domain_find(struct mail *m, const char *name, struct domain *domain,
    bool *found, struct err *e);

/* ERR_NOT_FOUND where it does not exist. */
bool domain_require(struct mail *m, const char *name, struct err *e);

/*
 * The row, locked until the transaction ends, or ERR_NOT_FOUND.  Whoever
 * adds to a domain locks it first, so its limits hold for everybody.
 */
bool domain_lock(struct mail *m, const char *name, struct domain *domain,
    struct err *e);

/* The same for a name that may not exist: then nobody else can create it. */
bool domain_lock_name(struct mail *m, const char *name,
    struct domain *domain, bool *found, struct err *e);

/*
 * ERR_REFUSED when `more` of them would pass the limit of the domain, which
 * is locked.  A negative number makes room for others of this transaction.
 */
bool domain_check_user_limit(struct mail *m, const char *name, int64_t more,
    struct err *e);
bool domain_check_alias_limit(struct mail *m, const char *name, int64_t more,
    struct err *e);

/* What an address counts against max_aliases: postmaster@ is required. */
int64_t domain_alias_counts(const char *mail);

/* ERR_REFUSED when the domain has more than one of its limits allows. */
bool domain_limits_kept(struct mail *m, const char *name, struct err *e);

/* Before its keys go, or sign no more: sets m->signing if one is active. */
bool domain_signing(struct mail *m, const char *name, struct err *e);

/* Neither an alias domain nor one that is passed on to another server. */
static inline bool
domain_has_users(const struct domain *d)
{
	return d->alias_of == NULL && d->relay_to == NULL;
}

/* The domains that are aliases of this one. */
bool domain_aliases_of(struct mail *m, const char *name,
    struct words *domains, struct err *e);

/* --- domain_set.c: values --------------------------------------------- */

bool domain_add(struct mail *m, const char *name,
    const struct domain_values *v, bool if_not_exists,
    enum outcome *outcome, struct err *e);
bool domain_set(struct mail *m, const char *name,
    const struct domain_values *v, enum outcome *outcome, struct err *e);
bool domain_set_active(struct mail *m, const char *name, bool active,
    enum outcome *outcome, struct err *e);

/*
 * Notes that the new domain is the name of this server: Postfix has it in
 * mydestination, so that mail for it goes to the accounts of the system.
 */
void domain_note_hostname(struct mail *m, const char *name);

/* --- domain_rename.c, domain_remove.c: a whole domain ----------------- */

bool domain_rename(struct mail *m, const char *old, const char *new,
    bool keep_alias, struct err *e);

/* What would be removed with a domain, or prevents its removal. */
struct domain_contents {
	int64_t users;
	int64_t aliases;
	int64_t patterns;
	int64_t blocks;
	int64_t recipients;	/* of a relay domain */
	int64_t keys;		/* DKIM keys */
	struct words alias_domains;
	struct words outside;	/* "mail -> destination" */
};

/* "3 users, 1 alias and 2 alias domains" */
const char *domain_contents_text(struct arena *a,
    const struct domain_contents *c);

/* Without a lock, to ask a person before the transaction. */
bool domain_look(struct mail *m, const char *name, struct domain_contents *c,
    bool *found, struct err *e);

struct domain_removal {
	bool if_exists;
	bool recursive;		/* with its users, aliases and keys */
	bool cascade;		/* with aliases elsewhere that lead into it,
				   and with its alias domains */
};

/* Its DKIM keys, which must go before the domain does. */
bool domain_keys_remove(struct mail *m, const char *name, struct err *e);

/* ERR_REFUSED while there is something that `how` does not include. */
bool domain_remove(struct mail *m, const char *name,
    const struct domain_removal *how, enum outcome *outcome, struct err *e);

/* --- domain.c: show and list ------------------------------------------ */

bool domain_show(struct mail *m, const char *name, struct domain *domain,
    struct err *e);
bool domain_list(struct mail *m, const struct list_filter *f,
    db_row_each each, void *arg, struct err *e);
bool domain_count(struct mail *m, const struct list_filter *f,
    int64_t *count, struct err *e);

#endif
