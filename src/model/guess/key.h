/* What a query compares its key with. */
#ifndef MODEL_GUESS_KEY_H
#define MODEL_GUESS_KEY_H

#include "model/guess/select.h"

enum key_part {
	KEY_NONE,		/* a constant */
	KEY_WHOLE,		/* "%s", "%u@%d", "%{user}" */
	KEY_LOCAL,
	KEY_DOMAIN,
	KEY_CATCH_ALL		/* "@%d" */
};

/*
 * The part of the address that a text without columns stands for.  Postfix:
 * %u is the local part, of Dovecot the whole.
 */
enum key_part key_part_of(const struct select_value *v, bool postfix);

/* Does the value have variables of the server beside its columns? */
bool key_is_mixed(const struct select_value *v);

/* One column, or several with texts between them and no variable. */
bool key_is_columns(const struct select_value *v);

/* A text without columns and variables: *text. */
bool key_is_constant(const struct select_value *v, const char **text);

#endif
