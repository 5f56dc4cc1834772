/*
 * Grants: which users may send as which addresses.
 *
 * A user may send as their own address and as every address that delivers to
 * them; that needs no grant (see postfix/sql_senders.cf).  A grant adds an
 * address or a whole domain.  It is removed with its user, and with the user,
 * the alias or the domain that it names: a later owner of the name must not be
 * spoken for by users of before.
 *
 * The usage that the servers recorded of a user (last login, size of the mail)
 * is removed with the user, too.
 */
#ifndef MODEL_MAIL_GRANT_H
#define MODEL_MAIL_GRANT_H

#include "model/mail/values.h"
#include "model/mail/mail.h"

/* The address: ADDRESS or @DOMAIN. */
struct grant_new {
	const char *email;
	const char *address;
	GRANT_VALUES(COLUMN_VALUE,)	/* see values.h */
	bool force;
};

/*
 * An address of ours that nothing answers for is ERR_NOT_FOUND unless forced.
 * *there: the grant exists; it is changed where a given value differs.
 */
bool grant_add(struct mail *m, const struct grant_new *new, bool *there,
    enum outcome *outcome, struct err *e);
bool grant_remove(struct mail *m, const char *email, const char *address,
    bool if_exists, enum outcome *outcome, struct err *e);

/* The grants of a user that have not expired, sorted. */
bool grant_list(struct mail *m, const char *email, struct words *addresses,
    struct err *e);

/* Call before the row of the user is removed; after it was renamed. */
bool grant_user_removed(struct mail *m, const char *email, struct err *e);
bool grant_user_renamed(struct mail *m, const char *old, const char *new,
    struct err *e);

/* Call before the users of a domain are removed; after a domain was renamed. */
bool grant_domain_removed(struct mail *m, const char *domain,
    struct err *e);
bool grant_domain_renamed(struct mail *m, const char *old,
    const char *new, struct err *e);

/*
 * Call after an address was removed: removes its grants, unless a user or an
 * alias still has it.
 */
bool grant_name_removed(struct mail *m, const char *address, struct err *e);

/*
 * Call after the open transaction has undone a change, for the rows that it
 * has written since one of them: grants that were added after the change are
 * removed with the names, and the usage that the servers recorded follows the
 * users.
 */
bool grant_undone(struct mail *m, int64_t change, int64_t since,
    struct err *e);

#endif
