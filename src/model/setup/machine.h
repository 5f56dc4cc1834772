/*
 * What a machine needs before it can become a mail server: packages, and
 * ports that nobody else listens on.
 */
#ifndef MODEL_SETUP_MACHINE_H
#define MODEL_SETUP_MACHINE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/words.h"
#include "file/settings.h"

/*
 * Adds the packages of Debian that are not installed, those of the filter
 * too.  Where dpkg(1) does not exist, none: ERR_NOT_FOUND then comes from the
 * program that is missed.
 */
bool machine_packages(struct arena *a, const struct settings *s,
    struct words *missing, struct err *e);

/*
 * Adds a phrase for each port of a mail server on which a program listens
 * that is neither Postfix nor Dovecot: "exim4 listens on port 25".  As root.
 */
void machine_rivals(struct arena *a, struct words *rivals);

#endif
