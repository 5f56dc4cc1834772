/*
 * A certificate that the server signs itself, for the time until it has one
 * that others know.
 */
#ifndef MODEL_SETUP_CERTIFICATE_H
#define MODEL_SETUP_CERTIFICATE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

/* Where those of a host are; not below /etc/mailadm, which may be purged. */
const char *certificate_own_path(struct arena *a, const char *host);
const char *certificate_own_key_path(struct arena *a, const char *host);

/* True where the path is one of those, of whatever host. */
bool certificate_is_own(const char *path);

/* True where the file holds a certificate for the host that is valid now. */
bool certificate_is_for(const char *path, const char *host);

/*
 * Makes both files: P-256, ten years, the key for root alone.  The key is
 * written first, so that a certificate never stands without its key.
 * ERR_DENIED, ERR_IO.
 */
bool certificate_make(struct arena *a, const char *host, struct err *e);

#endif
