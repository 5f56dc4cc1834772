/*
 * Changes after which a mailbox gets no mail any more, with notes of what
 * else they do: names that led only there are refused from then on, and an
 * alias of the same address may send the mail on all the same.
 *
 * Each is the function of model/mail without its prefix.
 */
#ifndef MODEL_ROUTE_STRANDED_H
#define MODEL_ROUTE_STRANDED_H

#include "model/mail/domain.h"
#include "model/mail/user.h"

bool stranded_user_set_active(struct mail *m, const char *email, bool active,
    enum outcome *outcome, struct err *e);
bool stranded_user_set(struct mail *m, const char *email,
    const struct user_values *values, enum outcome *outcome, struct err *e);
bool stranded_user_remove(struct mail *m, const char *email,
    const struct user_removal *how, enum outcome *outcome, struct err *e);
bool stranded_domain_set_active(struct mail *m, const char *name, bool active,
    enum outcome *outcome, struct err *e);

#endif
