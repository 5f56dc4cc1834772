/*
 * The line of root in aliases(5): mail of the system's own programs goes to
 * a person, and not into a mailbox that nobody reads.
 */
#ifndef MODEL_SETUP_ROOT_ALIAS_H
#define MODEL_SETUP_ROOT_ALIAS_H

#include <stdbool.h>

#include "base/text.h"

/* True where the text of the file says where mail for root goes. */
bool root_alias_exists(const char *aliases);

/* Adds the line; whatever the text ends with. */
void root_alias_add(struct text *aliases, const char *to);

#endif
