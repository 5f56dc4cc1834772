/*
 * What `help` shows, all of it from the tables.
 */
#ifndef CMD_HELP_HELP_H
#define CMD_HELP_HELP_H

#include "cmd/language/cmd.h"
#include "print/out.h"

/* Help on a command, or on mailadm for NULL; on standard output. */
bool doc_help(struct out *o, const struct cmd *cmd, struct err *e);

/*
 * Help on words: of a command, a noun, or a topic of the manual; other words
 * are searched for.  ERR_NOT_FOUND with a hint if nothing has them.
 */
bool doc_help_words(struct out *o, struct arena *a,
    const struct words *words, struct err *e);
bool doc_version(struct out *o, struct err *e);

#endif
