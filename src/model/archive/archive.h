/*
 * Archives: who gets a copy of what a user or a domain sends.
 */
#ifndef MODEL_ARCHIVE_ARCHIVE_H
#define MODEL_ARCHIVE_ARCHIVE_H

#include "model/mail/mail.h"

/*
 * May this address be the archive of `owner`, a user or a domain?  NULL and
 * "" are none, and always may.  ERR_REFUSED inside of what it archives;
 * ERR_NOT_FOUND where nobody gets its mail.  Notes one outside of this server.
 */
bool archive_check(struct mail *m, const char *owner, const char *archive,
    struct err *e);

#endif
