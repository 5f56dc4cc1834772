/* What the files of the manifest share: manifest*.c. */
#ifndef MODEL_MANIFEST_PRIVATE_H
#define MODEL_MANIFEST_PRIVATE_H

#include "model/manifest/manifest.h"

/* The canonical form of a name; ERR_INVALID with the reason. */
bool manifest_name(struct manifest *m, enum manifest_kind kind,
    const char *text, const char **name, struct err *e);

#endif
