/* Aliases that lead in a circle, or too far, are refused. */
#ifndef MODEL_MAIL_ALIAS_LOOP_H
#define MODEL_MAIL_ALIAS_LOOP_H

#include "model/mail/mail.h"

/*
 * Refuses the alias `mail`, whose rows are written but not committed, when
 * it is part of a loop or it, or anything that leads to it, expands too
 * far.  The alias lock is held.
 *
 * Three things are refused that Postfix would deliver.  A loop through a
 * name that keeps its own copy: Postfix follows such a name once only, but
 * the loop is endless as soon as the copy, or its user, is disabled.  A way
 * that is too long by a destination that is not its alias's first: Postfix
 * counts anew for each of the others, but which one is first is only the
 * order in which the database returns rows.  And a list of more than
 * EXPANSION_MAX in which a name that keeps its own copy is more than once:
 * each time counts here.
 */
bool alias_loop_refuse(struct mail *m, const char *mail, struct err *e);

#endif
