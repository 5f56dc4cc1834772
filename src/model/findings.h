/*
 * Findings: what is asked for, what is found, in which order it is told.
 *
 * A checker has a table of rules and finds what breaks them.  Which of its
 * rules are wanted, which names they may speak of, and how the report is
 * sorted and counted is the same for all checkers.
 */
#ifndef MODEL_FINDINGS_H
#define MODEL_FINDINGS_H

#include <stdarg.h>

#include "base/vector.h"
#include "model/check/check.h"

/* Rules are named by their place in the table. */
struct findings {
	const struct check_rule *rules;
	size_t count;			/* of the rules */
	enum check_severity *severity;	/* here: the checker may change it */
	bool *wanted;
	bool *unasked;			/* wanted, and not to be seen */
	const struct check_options *options;
	struct check_report *report;
	struct arena *arena;
	struct vector found;		/* struct finding */
};

/* The rule with this id, whatever its case; NULL: there is none. */
const struct check_rule *check_rule_find(const struct check_rule *rules,
    const char *id, size_t len);

/*
 * ERR_USAGE unless the word is the ID of a rule, or ID:NAME; `lister` is the
 * command that lists them.
 */
bool rule_known(const struct check_rule *rules, const char *lister,
    const char *word, struct err *e);

/* True where the options let a rule speak of this name; it may be NULL. */
bool check_speaks_of(const struct check_options *options,
    const struct check_rule *rule, const char *name);

void findings_begin(struct findings *f, const struct check_rule *rules,
    struct arena *a, const struct check_options *options,
    struct check_report *report);

/* Which rules are wanted, once their severities are known. */
void findings_choose(struct findings *f);

/*
 * One more, unless the rule, the name or its domain is not wanted.  advice:
 * what mends just this; NULL: what the rule advises.
 */
void findings_addv(struct findings *f, size_t rule, const char *name,
    const char *advice, const char *fmt, va_list ap)
    __attribute__((format(printf, 5, 0)));

/* The rule could not be asked: there was not enough to be seen. */
void findings_unasked(struct findings *f, size_t rule, const char *why);

/* Fills the report, sorted by rule and name. */
void findings_end(struct findings *f);

void findings_clear(struct findings *f);

#endif
