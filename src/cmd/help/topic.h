/*
 * Sections of the manual as plain text, by the names of their topics.
 *
 * A section of manual_text.c names its topics: the first is the one that is
 * offered, the others are words that a person may try.
 */
#ifndef CMD_HELP_TOPIC_H
#define CMD_HELP_TOPIC_H

#include "cmd/help/manual.h"
#include "base/words.h"

/* The section of a topic, whatever the case of its letters; or NULL. */
const struct block *topic_find(const char *name);

/* The first topic of a section, in the arena. */
const char *topic_name(struct arena *a, const struct block *section);

/* The first topics of all sections. */
struct words topic_names(struct arena *a);

/* The section, wrapped for a terminal. */
void topic_add(struct text *t, const struct block *section);

#endif
