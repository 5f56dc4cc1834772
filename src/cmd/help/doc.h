/*
 * Lines of help, for commands, topics and searches alike.
 */
#ifndef CMD_HELP_DOC_H
#define CMD_HELP_DOC_H

#include "cmd/language/cmd.h"
#include "print/out.h"

/* Adds s from `column` on, wrapped at 78; further lines are indented. */
void doc_wrap(struct text *t, size_t column, size_t indent, const char *s);

/* The same at another width. */
struct doc_lines {
	size_t width;
	size_t column;		/* of the first line */
	size_t indent;		/* of the others */
};

void doc_wrap_at(struct text *t, const struct doc_lines *lines,
    const char *s);

/*
 * Behind what begins the line; words from data are shown escaped.  Further
 * lines are indented by `indent`.
 */
void doc_shown(struct text *t, size_t indent, const char *begin,
    const char *words);

/* A line for each command of a noun, or for all commands for NULL. */
void doc_commands(struct text *t, const char *noun);

/* "  name        what it is", wrapped; of an argument with its value. */
void doc_entry(struct text *t, const char *name, const char *help);
void doc_arg(struct text *t, const struct arg *arg);

#endif
