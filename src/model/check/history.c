/*
 * Checking the history: each row that was written has an entry of that time.
 *
 * While the rows are read, the last time of writing is kept for each name,
 * in four bytes.  Then the history is read: an entry of that time clears it.
 * What is left is a gap.
 */
#include <stdlib.h>
#include <string.h>

#include "model/check/private.h"

/* As the history names them; in the order of enum survey_table. */
static const char *const kinds[SURVEY_TABLES] = {
	[SURVEY_DOMAINS] = "domain",
	[SURVEY_USERS] = "user",
	[SURVEY_ALIASES] = "alias",
};

/* The columns that are read of the history. */
static const char *const needed[][2] = {
	{ "schema_version", "applied" },
	{ "changes", "id" },
	{ "changes", "at" },
	{ "history", "change" },
	{ "history", "at" },
	{ "history", "kind" },
	{ "history", "name" },
};

bool
check_history_begin(struct checking *c, const struct facts *actual,
    struct err *e)
{
	c->history_since = FIELD_NULL;
	if (!c->chosen[RULE_HISTORY_GAP])
		return true;
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		if (facts_find(actual, FACT_COLUMN, needed[i][0],
		    needed[i][1]) != NULL)
			continue;
		check_unchecked(c, RULE_HISTORY_GAP, arena_printf(c->m->arena,
		    "%s.%s cannot be read", needed[i][0], needed[i][1]));
		return true;
	}
	return survey_history_since(&c->survey, &c->history_since, e);
}

void
check_written(struct checking *c, enum survey_table table, uint32_t name,
    int64_t modified)
{
	int64_t after;
	uint32_t *at;

	/* FIELD_NULL is before all times. */
	if (c->history_since == FIELD_NULL || modified <= c->history_since)
		return;
	after = modified - c->history_since;
	if (after > UINT32_MAX)
		return;
	VECTOR_REACH(&c->written[table], name + 1);
	at = &c->written[table].item[name];
	if (*at < after)
		*at = (uint32_t)after;
}

static int
table_of(const char *kind)
{
	for (int t = 0; t < SURVEY_TABLES; t++) {
		if (strcmp(kinds[t], kind) == 0)
			return t;
	}
	return -1;
}

/* kind, name, time */
static bool
history_read(void *arg, const char *const *cell, struct err *e)
{
	struct checking *c = arg;
	int table = table_of(cell[0]);
	const char *folded;
	uint32_t name, *at;

	(void)e;
	if (table < 0)
		return true;
	folded = check_fold(c, cell[1]);
	name = nameset_find(&c->names, folded, strlen(folded));
	if (folded != cell[1])
		arena_reset(&c->row);
	if (name == NAME_NONE || name >= c->written[table].count)
		return true;
	at = &c->written[table].item[name];
	if (c->history_since + *at <= strtoll(cell[2], NULL, 10))
		*at = 0;
	return true;
}

static void
gaps_find(struct checking *c, int table)
{
	const uint32_t *at = c->written[table].item;

	for (size_t i = 0; i < c->written[table].count; i++) {
		const char *name;

		if (at[i] == 0)
			continue;
		name = nameset_text(&c->names, (uint32_t)i);
		check_found(c, RULE_HISTORY_GAP, name, "%s %s was written "
		    "without an entry in the history", kinds[table],
		    name);
	}
}

bool
check_history(struct checking *c, struct err *e)
{
	struct words orphans = { 0 };

	if (c->history_since == FIELD_NULL)
		return true;
	if (!survey_history_each(&c->survey, history_read, c, e) ||
	    !survey_history_orphans(&c->survey, &orphans, e))
		return false;
	for (int table = 0; table < SURVEY_TABLES; table++)
		gaps_find(c, table);
	for (size_t i = 0; i < orphans.count; i++)
		check_found(c, RULE_HISTORY_GAP, orphans.word[i], "the "
		    "history has rows of change %s, which does not exist",
		    orphans.word[i]);
	return true;
}
