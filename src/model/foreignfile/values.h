/*
 * One entry of a file: names with values, as YAML and LDIF have them.
 *
 * A value that was asked for counts as read; what nobody asked for can be
 * listed at the end, so that nothing is lost without a word.
 */
#ifndef MODEL_FOREIGNFILE_VALUES_H
#define MODEL_FOREIGNFILE_VALUES_H

#include "base/arena.h"
#include "base/vector.h"
#include "base/words.h"

/* The most names that an entry may have. */
#define VALUES_MAX 500

struct named_values {
	const char *name;
	struct words values;
	size_t nested;		/* values that are maps or lists themselves */
	bool read;
};

struct values {
	struct arena *arena;	/* of the texts; reset with the record */
	VECTOR(struct named_values) fields;
};

/* An empty one. */
void values_reset(struct values *r);
void values_clear(struct values *r);

/* The field of this name, which may be new; NULL: there are too many. */
struct named_values *values_add(struct values *r, const char *name);

/*
 * These count the field as read.  The first value, NULL where there is none
 * or it is empty; all values; how many were maps or lists.
 */
const char *values_text(struct values *r, const char *name);
const struct words *values_words(struct values *r, const char *name);
size_t values_nested(struct values *r, const char *name);

/* Counts fields as read whose values say nothing here; ended by NULL. */
void values_ignore(struct values *r, const char *const *names);

/* True for a field that has a value. */
bool named_values_say(const struct named_values *f);

#endif
