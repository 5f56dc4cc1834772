/*
 * Archives: who gets a copy of what comes to a user or a domain, or is sent.
 */
#ifndef MODEL_ARCHIVE_ARCHIVE_H
#define MODEL_ARCHIVE_ARCHIVE_H

#include "model/mail/mail.h"

/*
 * May this address be the archive of what `owner` sends, a user or a domain?
 * NULL and
 * "" are none, and always may.  ERR_REFUSED inside of what it archives;
 * ERR_NOT_FOUND where nobody gets its mail.  Notes one outside of this server.
 */
bool archive_check(struct mail *m, const char *owner, const char *archive,
    struct err *e);

/*
 * The same of incoming mail.  An archive in the domain that it archives may
 * be: what comes to it is not copied.  ERR_REFUSED for all but users, and
 * addresses of other servers.
 */
bool archive_in_check(struct mail *m, const char *owner, const char *archive,
    struct err *e);

#endif
