/*
 * Adding many users in one transaction.
 *
 * Triggers cost more than the rows.  From the ninth user in a row on,
 * mailadm writes what they would write, history and homes, by one statement
 * for some hundred users.  Another statement of any kind comes after that,
 * so nobody sees the difference, and the order in the history is kept.
 */
#ifndef MODEL_MAIL_USER_BATCH_H
#define MODEL_MAIL_USER_BATCH_H

#include "model/mail/mail.h"

/*
 * Whether the next user should be.  One whose home is not free cannot: only
 * the trigger finds another.
 */
bool user_batch_pays(struct mail *m);

/* The row's home is free. */
bool user_batch_add(struct mail *m, const struct user *row,
    const char *crypt, struct err *e);

/* What both statements take that add one user. */
#define USER_ADD_PARAMS(row, crypt) PARAMS(TEXT((row)->email),		\
    SECRET(crypt), TEXT((row)->home), USER_VALUES(COLUMN_PARAM, row))

#endif
