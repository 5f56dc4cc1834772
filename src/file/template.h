/*
 * Templates: text with names in it that become values.
 *
 *	@NAME@			the value
 *	@if NAME@		a line of its own, as the next ones: what
 *	@else@			follows stands there when NAME has a value,
 *	@end@			or else what follows @else@
 *	@for NAME@		once for each text of a list, which is
 *	@end@			@ITEM@ inside
 *
 * NAME is of capitals, digits and "_"; any other @ is text.  Such lines may
 * be indented, and nest.  A value is put in as it is: whoever makes it knows
 * what may stand there.
 */
#ifndef FILE_TEMPLATE_H
#define FILE_TEMPLATE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "base/words.h"

/* An empty text is none; with a list the text is not looked at. */
struct template_value {
	const char *name;		/* NULL ends the values */
	const char *text;
	const struct words *list;
};

/*
 * Appends to `result`.  ERR_INVALID with NAME:LINE for a name that is not
 * among the values, a list that is used as a text or the other way round,
 * and for lines that do not fit together.
 */
bool template_render(const char *name, const char *text,
    const struct template_value *values, struct text *result,
    struct err *e);

#endif
