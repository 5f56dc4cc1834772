/*
 * Checking patterns and blocks, and what leads to names that are blocked or
 * internal.
 *
 * Patterns are read before the aliases are followed: what leads to a name
 * that one of them has does not lead to nothing.
 */
#include <string.h>

#include "model/address.h"
#include "model/check/private.h"
#include "model/mail/alias_row.h"

static void
pattern_count(struct checking *c, const char *pattern)
{
	const char *domain = address_domain(pattern);
	uint32_t name = nameset_find(&c->names, domain, strlen(domain));

	if (name != NAME_NONE && check_domain_of(c, name) != NULL)
		check_domain_of(c, name)->patterns++;
}

static bool
pattern_read(void *arg, const void *row, struct err *e)
{
	const struct survey_pair *pair = row;
	struct checking *c = arg;

	(void)e;
	if (pair->name == NULL)
		return true;
	pattern_count(c, pair->name);
	if (pair->other != NULL && strcmp(pair->other, "1") == 0)
		words_add(c->m->arena, &c->patterns, arena_strdup(
		    c->m->arena, pair->name));
	return true;
}

static bool
blocked_read(void *arg, const void *row, struct err *e)
{
	const struct survey_pair *pair = row;

	(void)e;
	check_found(arg, RULE_ALIAS_TO_BLOCKED, pair->name, "alias %s leads "
	    "to %s, which is blocked, and is delivered there", pair->name,
	    pair->other);
	return true;
}

static bool
opened_read(void *arg, const void *row, struct err *e)
{
	const struct survey_pair *pair = row;

	(void)e;
	check_found(arg, RULE_ALIAS_OPENS, pair->name, "anybody may write to "
	    "%s, and by it to %s, which is for some only", pair->name,
	    pair->other);
	return true;
}

static bool
hidden_read(void *arg, const void *row, struct err *e)
{
	const struct survey_pair *pair = row;

	(void)e;
	check_found(arg, RULE_PATTERN_HIDDEN, pair->name, "pattern %s has no "
	    "name: %s@%s has them all", pair->name, pair->other,
	    address_domain(pair->name));
	return true;
}

static bool
literal_read(void *arg, const void *row, struct err *e)
{
	const struct survey_pair *pair = row;

	(void)e;
	check_found(arg, RULE_ALIAS_LITERAL, pair->name, "alias %s is of a "
	    "name with a *, and no pattern", pair->name);
	return true;
}

bool
check_patterns_read(struct checking *c, struct err *e)
{
	return survey_look_each(&c->survey, SURVEY_PATTERNS, pattern_read, c,
		e) &&
	    survey_look_each(&c->survey, SURVEY_BLOCKED, blocked_read, c,
		e) &&
	    survey_look_each(&c->survey, SURVEY_OPENED, opened_read, c, e) &&
	    survey_look_each(&c->survey, SURVEY_HIDDEN, hidden_read, c, e) &&
	    survey_look_each(&c->survey, SURVEY_LITERAL, literal_read, c, e);
}

bool
check_has_pattern(const struct checking *c, const char *address)
{
	for (size_t i = 0; i < c->patterns.count; i++) {
		if (alias_pattern_matches(c->patterns.word[i], address))
			return true;
	}
	return false;
}
