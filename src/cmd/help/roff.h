/*
 * Man macros: what each page of the manual is written in.
 *
 * The text is plain: characters that are special to roff are escaped.  Text
 * between backquotes is bold, and so are --options.
 */
#ifndef CMD_HELP_ROFF_H
#define CMD_HELP_ROFF_H

#include <stddef.h>

#include "base/text.h"

/* As they are, with their escapes. */
void roff_char(struct text *t, char c);
void roff_literal(struct text *t, const char *s);
void roff_font(struct text *t, char font, const char *s, size_t len);

/* The length of an option that begins here, 0 where none does. */
size_t roff_option_length(const char *s, char before);

/* Stops roff from hyphenating a word that may be copied: an option, a path. */
void roff_keep_whole(struct text *t, const char *word);

/* A paragraph begins; one behind a heading does so by itself. */
void roff_paragraph(struct text *t);

/* Filled by roff; roff_sentence() adds a capital letter and a full stop. */
void roff_prose(struct text *t, const char *s);
void roff_sentence(struct text *t, const char *s);

void roff_section(struct text *t, const char *title);
void roff_item(struct text *t, const char *term, const char *prose);

/* Adds lines unchanged, after `prompt` unless that is NULL. */
void roff_code(struct text *t, const char *prompt, const char *lines);

#endif
