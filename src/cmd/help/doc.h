/*
 * Help, usage and the manual page, all from the tables.
 */
#ifndef CMD_HELP_DOC_H
#define CMD_HELP_DOC_H

#include "cmd/run/session.h"

/* Help on a command, or on mailadm for NULL; on standard output. */
bool doc_help(struct session *s, const struct cmd *cmd, struct err *e);

/* Help on the words of `help user add`; unknown ones get a hint. */
bool doc_help_words(struct session *s, const struct words *topic,
    struct err *e);
bool doc_version(struct session *s, struct err *e);

/* "  name        what it is", wrapped; of an argument with its value. */
void doc_entry(struct text *t, const char *name, const char *help);
void doc_arg(struct text *t, const struct arg *arg);

/* mailadm(8) in man macros. */
void manual_add(struct text *t);

#endif
