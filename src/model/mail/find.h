/* The database as a whole: finding by a part of a name, and counts. */
#ifndef MODEL_MAIL_FIND_H
#define MODEL_MAIL_FIND_H

#include "model/mail/mail.h"

/*
 * Every domain, user and alias whose name matches the glob, and aliases
 * whose destination does; without * or ?, wherever it is a part.
 */
bool mail_find(struct mail *m, const char *pattern, db_row_each each,
    void *arg, struct err *e);

/* What the database is, and how many rows it holds. */
bool status_read(struct mail *m, struct server_status *status,
    struct err *e);

#endif
