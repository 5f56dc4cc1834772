/*
 * Help, usage and the manual page, all from the tables.
 */
#ifndef CMD_HELP_DOC_H
#define CMD_HELP_DOC_H

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

/* Adds s from `column` on, wrapped at 78; further lines are indented. */
void doc_wrap(struct text *t, size_t column, size_t indent, const char *s);

/* A line for each command of a noun, or for all commands for NULL. */
void doc_commands(struct text *t, const char *noun);

/* "  name        what it is", wrapped; of an argument with its value. */
void doc_entry(struct text *t, const char *name, const char *help);
void doc_arg(struct text *t, const struct arg *arg);

#endif
