/* A section of the map, while queries add what they say. */
#ifndef MODEL_GUESS_SECTION_H
#define MODEL_GUESS_SECTION_H

#include "base/words.h"
#include "model/foreign/map.h"
#include "model/guess/guess.h"
#include "model/guess/select.h"

struct section {
	enum map_kind kind;
	const char *table;
	struct words from;	/* the queries, for people */
	struct words joins;	/* "join d domains.id = domain_id" */
	struct words lines;	/* "email = email" */
	struct words set;	/* the attributes that have a line, no flags */
};

struct sections {
	struct arena *arena;
	struct section *item;
	size_t count;
};

/* A query, and where it is. */
struct asked_query {
	const struct guess_query *query;
	const struct select *select;
	bool postfix;
	size_t main;		/* the table that the section is of */
};

/* The section of that kind and table, which is added where there is none. */
struct section *section_of(struct sections *all, enum map_kind kind,
    const char *table);
const struct section *section_find(const struct sections *all,
    enum map_kind kind, const char *table);

/* A line, where no other says the same; an attribute but once. */
void section_line(struct sections *all, struct section *s,
    const char *attribute, const char *expression);

/*
 * The value as an expression of the map; joins that it needs are added.
 * NULL: the language cannot say it, or it is not known.
 */
const char *section_expression(struct sections *all, struct section *s,
    const struct asked_query *q, const struct select_value *value);

/* The number of the table that the part is of; the main one where not said. */
size_t section_table(const struct asked_query *q,
    const struct select_part *part);

/* Flags, dates and choices among the conditions. */
void section_conditions(struct sections *all, struct section *s,
    const struct asked_query *q);

/* The columns of a passdb or userdb, and of virtual_mailbox_maps. */
void section_user_columns(struct sections *all, struct section *s,
    const struct asked_query *q, const char *base);

/*
 * The text of the map, with what was not understood; false: there is no
 * section that says something.
 */
bool sections_print(const struct guess *guess, const struct sections *all,
    const struct words *unread, struct text *map);

#endif
