/* What the files of the manifest share. */
#ifndef MODEL_MANIFEST_PRIVATE_H
#define MODEL_MANIFEST_PRIVATE_H

#include "model/manifest/manifest.h"

/* The canonical form of a name; ERR_INVALID with the reason. */
bool manifest_name(struct manifest *m, enum manifest_kind kind,
    const char *text, const char **name, struct err *e);

/* The same, as manifest_set_hidden(). */
bool manifest_name_hidden(struct manifest *m, enum manifest_kind kind,
    const char *text, const char **name, struct err *e);

/*
 * Once all values of an object are set: sorts its lists, and ERR_INVALID
 * where two of them contradict each other.
 */
bool manifest_object_end(struct desired *w, struct err *e);

/*
 * The stored form of a word, in the arena; NULL is none.  ERR_INVALID where
 * the attribute cannot be this word.
 */
bool manifest_word(struct arena *a, const struct attribute *attribute,
    const char *text, const char **word, struct err *e);

static inline const char *
text_copy(struct arena *a, const char *text)
{
	return text == NULL ? NULL : arena_strdup(a, text);
}

#endif
