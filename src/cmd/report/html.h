/*
 * Pieces of HTML.
 *
 * Every text, whoever wrote it, goes through html_add(): the one place that
 * escapes.  Numbers that become attributes are printed by html_number().
 */
#ifndef CMD_REPORT_HTML_H
#define CMD_REPORT_HTML_H

#include "base/arena.h"
#include "base/text.h"

/*
 * Escapes & < > " '.  What acts on text instead of being text becomes
 * U+FFFD: control characters, and those that turn the direction of what
 * follows (U+202A to U+202E, U+2066 to U+2069); so do bytes of a text that
 * is not UTF-8.
 */
void html_add(struct text *t, const char *s);

/* The same, in the arena. */
const char *html_text(struct arena *a, const char *s);

/* Data: its direction stays inside. */
void html_bdi(struct text *t, const char *s);

/* With at most one digit behind the point, whatever the locale. */
void html_number(struct text *t, double n);

#endif
