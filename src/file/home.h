/*
 * Where a user's own files are: by the XDG base directory specification.
 *
 * State is in $XDG_STATE_HOME/mailadm (~/.local/state/mailadm), settings in
 * $XDG_CONFIG_HOME/mailadm (~/.config/mailadm).  A variable that is not an
 * absolute path is ignored.
 */
#ifndef FILE_HOME_H
#define FILE_HOME_H

#include "base/arena.h"

/* The path of the file; NULL: no variable says where. */
const char *home_state(struct arena *a, const char *name);
const char *home_config(struct arena *a, const char *name);

/*
 * Makes the missing directories of a path of home_state(), for their owner
 * only.  The home itself, or what holds $XDG_STATE_HOME, is never made: an
 * account without a home has HOME=/nonexistent.  What fails, opening the
 * file will report.
 */
void home_state_make(const char *path);

#endif
