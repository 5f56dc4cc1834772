/*
 * Mailbox passwords: what one may be, and making one up.
 *
 * Passwords are bytes: 1 to 511, no NUL, CR or LF, never trimmed or
 * normalised, and never part of an error's text.
 */
#ifndef MODEL_PASSWORD_PASSWORD_H
#define MODEL_PASSWORD_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

#define PASSWORD_MAX 511		/* libxcrypt answers *0 above */

#define PASSWORD_GENERATED 20		/* characters of a generated one */
#define PASSWORD_GENERATED_MIN 12
#define PASSWORD_GENERATED_MAX 128

/* ERR_INVALID unless the bytes may be a password. */
bool password_valid(const char *password, size_t len, struct err *e);

/* From OpenSSL's CSPRNG; ERR_IO where it has none. */
bool password_random(unsigned char *bytes, int len, struct err *e);

/*
 * A password of `length` characters that can be read aloud and typed: no
 * characters that look alike (0O 1lI), every one equally likely.
 */
bool password_generate(struct arena *a, size_t length, const char **password,
    struct err *e);

#endif
