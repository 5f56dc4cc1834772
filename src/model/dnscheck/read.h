/*
 * What the rules of DNS have to know besides DNS: from the settings, the
 * certificate and the database.
 */
#ifndef MODEL_DNSCHECK_READ_H
#define MODEL_DNSCHECK_READ_H

#include "file/settings.h"
#include "model/dnscheck/dnscheck.h"
#include "model/mail/mail.h"

/*
 * A certificate that cannot be read is unknown, and no error.  The texts live
 * in the arena.  ERR_INVALID for a setting.
 */
bool dnscheck_server_read(struct arena *a, const struct settings *s,
    struct dnscheck_server *server, struct err *e);

/*
 * Of a domain that exists; in m->arena.  roles: who reads postmaster and abuse,
 * too, which follows mail and takes most of the time.
 */
bool dnscheck_domain_read(struct mail *m, const char *name, bool roles,
    struct dnscheck_domain *domain, struct err *e);

#endif
