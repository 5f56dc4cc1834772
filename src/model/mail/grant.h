/*
 * Grants: who may send as whom.
 *
 * A user may send as himself and as what delivers to him (that is no grant:
 * see postfix/sql_senders.cf), and as the addresses and whole domains that
 * were granted to him.  A grant goes with its user, and with the user, the
 * alias or the domain that it names: whoever gets the name later must not
 * be spoken for by those of before.
 *
 * With the user goes, too, what the servers noted of him: the last login
 * and how much mail he has.
 */
#ifndef MODEL_MAIL_GRANT_H
#define MODEL_MAIL_GRANT_H

#include "model/mail/mail.h"

/*
 * ADDRESS or @DOMAIN.  An address of ours that nothing answers for is
 * ERR_NOT_FOUND unless forced.
 */
bool grant_add(struct mail *m, const char *email, const char *address,
    bool force, enum outcome *outcome, struct err *e);
bool grant_remove(struct mail *m, const char *email, const char *address,
    bool if_exists, enum outcome *outcome, struct err *e);

/* What was granted to a user, sorted. */
bool grant_list(struct mail *m, const char *email, struct words *addresses,
    struct err *e);

/* Before the user's row goes; after it has another name. */
bool grant_user_removed(struct mail *m, const char *email, struct err *e);
bool grant_user_renamed(struct mail *m, const char *old, const char *new,
    struct err *e);

/* Before the users of a domain go; after all of it has another name. */
bool grant_domain_removed(struct mail *m, const char *domain,
    struct err *e);
bool grant_domain_renamed(struct mail *m, const char *old,
    const char *new, struct err *e);

/* After an address went: its grants go, unless something bears it still. */
bool grant_name_removed(struct mail *m, const char *address, struct err *e);

/*
 * After the open transaction has taken a change back, in the rows that it
 * has written since one of them: grants that came after the change go with
 * the names that went, and what the servers noted follows the users.
 */
bool grant_undone(struct mail *m, int64_t change, int64_t since,
    struct err *e);

#endif
