/*
 * Where a user's own files are, by the XDG base directory specification.
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
 * Makes the missing directories of a path of home_state(), mode 0700.  The
 * home itself, or the directory of $XDG_STATE_HOME, is never made: accounts
 * without a home have HOME=/nonexistent.  It reports no failure, since
 * opening the file will.
 */
void home_state_make(const char *path);

#endif
