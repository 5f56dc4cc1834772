/*
 * The default domain of the shell: after "use example.com" the word anna means
 * anna@example.com where an address is expected, and @ the catch-all.
 */
#ifndef CMD_LANGUAGE_DEFAULT_DOMAIN_H
#define CMD_LANGUAGE_DEFAULT_DOMAIN_H

#include "cmd/language/cmd.h"

/* True for a word without a domain where an address is expected. */
bool is_bare_address(const struct arg *arg, const char *word);

/* The address that such a word means. */
const char *bare_address(struct arena *a, const char *word,
    const char *domain);

#endif
