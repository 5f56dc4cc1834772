/*
 * Names that stand for all that a catch-all or a pattern answers for: to ask
 * where their mail goes.
 */
#ifndef MODEL_ROUTE_PROBE_H
#define MODEL_ROUTE_PROBE_H

#include "model/mail/mail.h"

/*
 * A name that only the catch-all of the domain can answer for; NULL where
 * patterns have all that were tried.
 */
bool route_stranger(struct mail *m, const char *domain, const char **address,
    struct err *e);

/* A name that this pattern answers for; NULL where others have them all. */
bool route_match(struct mail *m, const char *pattern, const char **address,
    struct err *e);

#endif
