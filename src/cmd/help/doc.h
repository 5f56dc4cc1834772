/*
 * Help, usage and the manual page, all from the tables.
 */
#ifndef CMD_HELP_DOC_H
#define CMD_HELP_DOC_H

#include "cmd/language/cmd.h"
#include "print/out.h"

/* Help on a command, or on mailadm for NULL; on standard output. */
bool doc_help(struct out *o, const struct cmd *cmd, struct err *e);

/* Help on the words of `help user add`; unknown ones get a hint. */
bool doc_help_words(struct out *o, struct arena *a,
    const struct words *topic, struct err *e);
bool doc_version(struct out *o, struct err *e);

/* "  name        what it is", wrapped; of an argument with its value. */
void doc_entry(struct text *t, const char *name, const char *help);
void doc_arg(struct text *t, const struct arg *arg);

#endif
