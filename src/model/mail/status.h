/*
 * What the database is and holds, and where a word occurs in it.
 */
#ifndef MODEL_MAIL_STATUS_H
#define MODEL_MAIL_STATUS_H

#include "model/mail/mail.h"

bool status_read(struct mail *m, struct server_status *status,
    struct err *e);

/*
 * Every domain, user and alias whose name matches the glob, and aliases
 * whose destination does; without * or ?, wherever it is a part.
 */
bool find(struct mail *m, const char *pattern, db_row_each each, void *arg,
    struct err *e);

#endif
