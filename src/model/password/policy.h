/*
 * The policy on passwords that people choose: not short, not a common one.
 *
 * It looks at passwords in clear only, when they are set: what is behind a
 * hash is not known.  No text names the password, or the one of the list
 * that it is like.
 */
#ifndef MODEL_PASSWORD_POLICY_H
#define MODEL_PASSWORD_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/*
 * ERR_REFUSED with the reason: fewer than `min` characters, one character
 * again and again, or one of common.list, whatever its case and with up to
 * four digits or marks behind it.
 */
bool password_strong(const char *password, int64_t min, struct err *e);

#endif
