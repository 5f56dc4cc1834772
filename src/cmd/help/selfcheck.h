/* Checks the tables of commands for mistakes that a compiler cannot see. */
#ifndef CMD_HELP_SELFCHECK_H
#define CMD_HELP_SELFCHECK_H

#include "base/arena.h"
#include "base/err.h"

/* ERR_DIFFERS naming the first faulty row. */
bool self_check_tables(struct arena *a, struct err *e);

#endif
