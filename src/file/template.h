/*
 * Templates: text with names in it that become values.
 *
 *	@NAME@			the value
 *	@if NAME@		the next lines when NAME has a value,
 *	@else@			or else these
 *	@end@
 *	@for NAME@		the next lines once for each text of a list;
 *	@end@			@ITEM@ is the text
 *
 * NAME has capitals, digits and "_"; any other @ is text.  @if, @else@, @for
 * and @end@ are lines of their own; they may be indented and nested.  A value
 * is not quoted: the caller knows what the file allows.
 */
#ifndef FILE_TEMPLATE_H
#define FILE_TEMPLATE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "base/words.h"

/* An empty text is no value.  With a list the text is ignored. */
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
