/*
 * Findings: the rows that break a rule, and the report of them.
 *
 * A checker has a table of rules (rule.h) and finds what breaks them.  Which
 * of its rules are chosen, which names they may report, and how the report
 * is sorted and counted is the same for all checkers.
 */
#ifndef MODEL_FINDINGS_H
#define MODEL_FINDINGS_H

#include <stdarg.h>
#include <stdint.h>

#include "base/vector.h"
#include "base/words.h"
#include "model/rule.h"

/* What is asked for; zeroed: all rules, and notes as well. */
struct finding_filter {
	enum severity severity;	/* the least that is reported */
	struct words rules;	/* only these ids; none: all */
	struct words domains;	/* only what is in these; none: all */
	struct words ignore;	/* ID or ID:NAME; * and ? in NAME */
};

struct finding {
	const char *rule;
	const char *severity;
	enum severity level;	/* the same */
	const char *kind;
	const char *name;	/* of the row; NULL: of the whole database */
	const char *text;
	const char *advice;
	const char *change;	/* new, gone, fixed, fixable */
	const struct rule *of;
	const char *file;	/* where it is; NULL: unknown, or no file */
	int64_t line;		/* FIELD_NULL: unknown, or none */
	const char *setting;	/* NULL: none */
	const char *value;	/* of it; NULL: unknown, or a secret */
	int consequence;	/* of the rule, or of this one */
	int urgency;		/* of the group of its file; 0 is first */
};

extern const struct field finding_fields[];
extern const struct field finding_place_fields[];	/* with the file */

/* A rule that was checked, and how often it was broken. */
struct rule_checked {
	const struct rule *rule;
	enum severity severity;	/* of this run: one depends on the schema */
	int64_t found;
};

struct report {
	const struct finding *finding;	/* sorted: see findings_end() */
	size_t count;
	const struct rule_checked *checked;	/* in the order of the manual */
	size_t checked_count;
	int64_t found[SEVERITIES];	/* how many of `finding` */
	const struct finding *fine;	/* what is right, where it is wanted */
	size_t fine_count;
	struct words unchecked;	/* ids of rules that could not be checked */
	const char *unchecked_why;	/* a sentence, NULL: none */
	const char *about;	/* what was looked at, NULL: nothing to say */
	const char *means;	/* what comes of it, NULL: nothing to say */
	int64_t hidden[SEVERITIES];	/* found, but not asked for */
};

/* A report while it is made.  A rule is named by its index in the table. */
struct findings {
	const struct rule *rules;
	size_t count;			/* of the rules */
	enum severity *severity;	/* the checker may change it */
	bool *chosen;			/* by the filter */
	bool *unchecked;		/* chosen, but cannot be checked */
	bool urgent_first;		/* sorted by what to do first */
	const struct finding_filter *filter;
	struct report *report;
	struct arena *arena;
	VECTOR(struct finding) found;
	bool shows;			/* also what is right */
	VECTOR(struct finding) fine;
};

/* True where the filter lets a rule report this name; it may be NULL. */
bool filter_passes(const struct finding_filter *filter,
    const struct rule *rule, const char *name);

/* Empties the report. */
void findings_begin(struct findings *f, const struct rule *rules,
    struct arena *a, const struct finding_filter *filter,
    struct report *report);

/* Chooses the rules, once their severities are known. */
void findings_choose(struct findings *f);

/*
 * Adds one, unless the filter leaves it out, which is NULL; it is valid until
 * the next one is added.  advice: what fixes just this one; NULL: what the
 * rule advises.
 */
struct finding *findings_addv(struct findings *f, size_t rule, const char *name,
    const char *advice, const char *fmt, va_list ap)
    __attribute__((format(printf, 5, 0)));

/*
 * Adds to what is right, of severity "ok", where it is wanted: what the rule
 * has seen and found nothing wrong in.
 */
void findings_finev(struct findings *f, size_t rule, const char *name,
    const char *fmt, va_list ap) __attribute__((format(printf, 4, 0)));

/* The rule cannot be checked: not enough can be seen. */
void findings_unchecked(struct findings *f, size_t rule, const char *why);

/* The same of every rule that needs any of these bits. */
void findings_unchecked_all(struct findings *f, unsigned needs,
    const char *why);

/*
 * Fills the report, sorted by rule and name, or by what to do first: what is
 * in one file stands together, by what comes of it.
 */
void findings_end(struct findings *f);

void findings_clear(struct findings *f);

#endif
