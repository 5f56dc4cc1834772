/*
 * Text as a person may see it on a terminal: what it would act on, hide or
 * cannot show is escaped.
 */
#ifndef BASE_SHOWN_H
#define BASE_SHOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/text.h"

/*
 * True when a terminal would act on a character of it, or hide it; but for
 * the joiners that belong to the spelling.
 */
bool shown_has_control(const char *s, size_t len);

/*
 * ERR_INVALID with the reason unless it may be shown as it is, and has no
 * more than `max` characters.
 */
bool shown_valid(const char *s, size_t max, struct err *e);

/*
 * Appends bytes as a person may see them: control, format, bidi and
 * invalid ones become \n, \t, \xHH or \u{HHHH}; everything else stays.
 */
void shown_add(struct text *t, const char *s, size_t len);

#endif
