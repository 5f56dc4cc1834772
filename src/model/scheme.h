/*
 * Password schemes: what a stored hash is, by reading it.
 *
 * One table holds the forms that crypt(3) knows, one the {NAME}s that
 * Dovecot knows; password_hash_valid() and password_scheme() read them.
 */
#ifndef MODEL_SCHEME_H
#define MODEL_SCHEME_H

/*
 * The part of a stored hash that crypt(3) can be asked about, inside the
 * string.  NULL where it does not know the scheme, where the hash is
 * malformed, and where the answer would take minutes or gigabytes.
 */
const char *scheme_crypt_part(const char *hash);

#endif
