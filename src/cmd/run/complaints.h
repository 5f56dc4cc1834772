/* Reports the errors of a file, each with its position. */
#ifndef CMD_RUN_COMPLAINTS_H
#define CMD_RUN_COMPLAINTS_H

#include "cmd/run/session.h"
#include "model/manifest/manifest.h"

/* All of them, sorted by position. */
void complaints_report(struct session *s, struct manifest *m);

/*
 * All but the last, which becomes the error of the command.  True where
 * there are none.
 */
bool complaints_none(struct session *s, struct manifest *m, struct err *e);

#endif
