/*
 * Postfix's own programs, asked: what it is configured to do, and what its
 * maps answer.  They are started directly, with a list of arguments; what an
 * address holds means nothing to any shell.
 */
#ifndef FILE_POSTFIX_H
#define FILE_POSTFIX_H

#include "base/arena.h"
#include "base/err.h"
#include "base/words.h"

#define POSTFIX_DIR "/etc/postfix"

/* The value of a setting in main.cf, with every $name in it replaced. */
bool postfix_setting(struct arena *a, const char *dir, const char *name,
    const char **value, struct err *e);

/*
 * What a map answers for each of the keys, NULL for nothing; an array of
 * keys->count texts.  A map behind proxy: is asked without that, as Postfix
 * need not be running.  ERR_IO with what Postfix says where a map cannot be
 * asked.
 */
bool postfix_lookup(struct arena *a, const char *dir, const char *map,
    const struct words *keys, const char ***answers, struct err *e);

#endif
