/*
 * The users of the system that a mail server needs: the owner of all mail,
 * and those that run the nightly check and the policy service.
 */
#ifndef MODEL_SETUP_OWNER_H
#define MODEL_SETUP_OWNER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "file/settings.h"

/*
 * What is to be made, as a phrase; NULL: nothing.  ERR_REFUSED where the
 * id belongs to somebody else, or vmail has another one: the mail on disk
 * carries the id.
 */
bool owner_look(struct arena *a, const struct settings *s,
    const char **todo, struct err *e);

/* Makes what is missing, and the directory of the mail. */
bool owner_make(struct arena *a, const struct settings *s, struct err *e);

#endif
