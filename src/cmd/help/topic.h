/*
 * Sections of the manual as plain text, by the names of their topics.
 *
 * A section names its topics: the first is the one that is offered, the
 * others are words that a person may try.
 */
#ifndef CMD_HELP_TOPIC_H
#define CMD_HELP_TOPIC_H

#include "cmd/help/manual.h"
#include "base/words.h"

/*
 * The section of a topic, whatever the case of its letters; or NULL.  Of
 * several words, joined by hyphens, all may be topics of one section, or words
 * of its title.
 */
const struct block *topic_find(struct arena *a, const char *name);

/* The first topic of a section, in the arena. */
const char *topic_name(struct arena *a, const struct block *section);

/* The first topics of all sections of a page; NULL: of all pages. */
struct words topic_names(struct arena *a, const struct block *page);

/* All topics of all sections. */
struct words topic_words(struct arena *a);

/* The section, wrapped for a terminal. */
void topic_add(struct text *t, const struct block *section);

#endif
