/* What can only be checked when all words of a command are read. */
#ifndef CMD_LANGUAGE_PARSED_H
#define CMD_LANGUAGE_PARSED_H

#include <stdbool.h>

#include "base/err.h"
#include "cmd/language/parse.h"

/*
 * Each option that the command requires is given, and each name of a column
 * (--columns, --sort) is one of the command, so that a wrong one is refused
 * before the connection.  False: ERR_USAGE, with a hint.
 */
bool parsed_check(const struct parsed *p, struct err *e);

#endif
