/*
 * Settings of the shell that last: lines "set SETTING VALUE" in the file
 * $XDG_CONFIG_HOME/mailadm/shellrc (~/.config/mailadm/shellrc).
 *
 * Nothing but set is possible there, so that starting a shell never changes
 * what is in the database.  A line that is wrong is reported with its number,
 * and the shell starts all the same.
 */
#ifndef SHELL_SETTINGS_H
#define SHELL_SETTINGS_H

#include "cmd/run/session.h"

void shell_settings_load(struct session *s);

#endif
