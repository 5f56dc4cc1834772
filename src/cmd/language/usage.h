/*
 * "usage: ...": how a command is written, in one line.
 */
#ifndef CMD_LANGUAGE_USAGE_H
#define CMD_LANGUAGE_USAGE_H

#include "base/text.h"
#include "cmd/language/cmd.h"

/* Appends "mailadm domain add DOMAIN [--quota SIZE] ..." */
void usage_add(struct text *t, const struct cmd *cmd);

/* Hints at the usage of a command, NULL: at the help; returns false. */
bool hint_usage(const struct cmd *cmd, struct err *e);

#endif
