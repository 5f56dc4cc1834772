/* mailadm import from tables --guess: the map of the servers installed here. */
#ifndef CMD_FOREIGN_GUESS_H
#define CMD_FOREIGN_GUESS_H

#include "cmd/run/session.h"

/* The directories may be NULL: the usual ones; `out` too: standard output. */
bool guess_print(struct session *s, const char *postfix_dir,
    const char *dovecot_dir, const char *out, struct err *e);

#endif
