/*
 * A rule of a checker: its id, what it finds, and what to do about that.
 *
 * Each checker (model/check, model/verify) has a table of rules.  Reading a
 * table, and finding a rule in one, is the same for both.
 */
#ifndef MODEL_RULE_H
#define MODEL_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/field.h"

enum severity {
	SEVERITY_NOTE,
	SEVERITY_WARNING,
	SEVERITY_ERROR,
	SEVERITIES
};

/* "note", "warning", "error"; NULL-terminated. */
extern const char *const severity_names[];

struct rule {
	const char *id;			/* "U005"; it never changes */
	enum severity severity;
	const char *kind;		/* of the rows: "user", "lookup", ... */
	const char *title;		/* what is wrong, in general */
	const char *advice;		/* what to do */
	unsigned needs;			/* bits; the checker defines them */
	const char *fix;		/* what --fix does; NULL: nothing */
	int consequence;		/* of the checker; 0 is the worst */
	const char *setting;		/* that it is about; NULL: several */
};

/* A rule as it is printed. */
struct rule_row {
	const char *rule;
	const char *severity;
	const char *kind;
	const char *problem;
	const char *advice;
	const char *fix;
};

extern const struct field rule_fields[];

/* The rule with this id, in upper or lower case; NULL: none has it. */
const struct rule *rule_find(const struct rule *rules, const char *id,
    size_t len);

/*
 * ERR_USAGE unless the word is the ID of a rule, or ID:NAME; `lister` is the
 * command that lists the rules.
 */
bool rule_known(const struct rule *rules, const char *lister,
    const char *word, struct err *e);

#endif
