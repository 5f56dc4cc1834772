/*
 * UTF-8: validity, width on a terminal, and making bytes safe to show.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/text.h"

bool utf8_valid(const char *s, size_t len);

/*
 * True when a terminal would act on a character of it, or hide it; but for
 * the joiners that belong to the spelling.
 */
bool utf8_has_control(const char *s, size_t len);

/*
 * ERR_INVALID with the reason unless it may be shown as it is, and has no
 * more than `max` characters.
 */
bool utf8_text_valid(const char *s, size_t max, struct err *e);

/* Columns on a terminal, for text that text_add_shown() has made safe. */
int utf8_width(const char *s);

/*
 * Appends bytes as a person may see them: control, format, bidi and
 * invalid ones become \n, \t, \xHH or \u{HHHH}; everything else stays.
 */
void text_add_shown(struct text *t, const char *s, size_t len);

#endif
