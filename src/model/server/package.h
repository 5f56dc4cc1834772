/*
 * Is a file as the package of the distribution left it?  Then nobody has put
 * work into it, and it may be replaced.
 */
#ifndef MODEL_SERVER_PACKAGE_H
#define MODEL_SERVER_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

/*
 * The packages keep the originals of the files that they make; of main.cf
 * the answers that debconf writes into it are known, too.  relayhost: any is
 * an answer, for a caller who keeps what it says.
 */
bool package_untouched(struct arena *a, const char *path,
    const struct text *content, bool relayhost);

#endif
