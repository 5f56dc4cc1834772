/*
 * The change that the open transaction makes.
 */
#ifndef MODEL_HISTORY_CHANGE_H
#define MODEL_HISTORY_CHANGE_H

#include "model/mail/mail.h"

/*
 * "3 users added, 1 alias removed": what a commit would keep, or NULL for
 * nothing.  A name that came and went again does not count.
 */
bool change_summary(struct mail *m, const char **summary, struct err *e);

#endif
