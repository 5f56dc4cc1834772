/* The database as a whole. */
#ifndef MODEL_MAIL_STATUS_H
#define MODEL_MAIL_STATUS_H

#include "model/mail/mail.h"

/* What the database is, and how many rows it holds. */
bool status_read(struct mail *m, struct server_status *status,
    struct err *e);

#endif
