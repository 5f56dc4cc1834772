/*
 * What a user may send, asked by Postfix about each message on submission.
 *
 * At DATA the recipients are counted: those of the last hour, in slots of five
 * minutes, may not be more than the limit of the user, or else of their
 * domain.  The count is exact whoever else asks at that moment: a row of the
 * user is locked from the sum to the count.  It is kept for users without a
 * limit, too, so that a limit which is set counts what went before.
 *
 * At RCPT Postfix asks only about aliases to which not every user may write,
 * and whoever is not known to may not.
 */
#ifndef MODEL_SENDING_SENDING_H
#define MODEL_SENDING_SENDING_H

#include "model/mail/mail.h"
#include "model/sending/request.h"

/* What Postfix is to do; in the arena, or a literal. */
#define SENDING_PASS "DUNNO"

/*
 * The answer to a request.  Where the database cannot say, it is false with
 * the error, and *action what is done then: mail within a limit that nobody
 * can look at goes on, and what only some may write to waits.
 */
bool sending_answer(struct mail *m, const struct request *request,
    const char **action, struct err *e);

/*
 * May this user write to that address, which stands in sql_writers.cf?  The
 * action is that of sending_answer(), SENDING_PASS or a reply.
 */
bool sending_may_write(struct mail *m, const char *login,
    const char *recipient, const char **action, struct err *e);

#endif
