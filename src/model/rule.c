/* The rules of a checker: finding one, and printing one. */
#include "model/rule.h"

#include <string.h>
#include <strings.h>

const char *const severity_names[] = {
	[SEVERITY_NOTE] = "note",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_ERROR] = "error",
	[SEVERITIES] = NULL
};

const struct field rule_fields[] = {
	FIELD(struct rule_row, rule, FIELD_TEXT),
	FIELD(struct rule_row, severity, FIELD_TEXT),
	FIELD(struct rule_row, kind, FIELD_TEXT),
	FIELD(struct rule_row, problem, FIELD_TEXT),
	FIELD(struct rule_row, advice, FIELD_TEXT),
	FIELD(struct rule_row, fix, FIELD_TEXT),
	{ 0 }
};

const struct rule *
rule_find(const struct rule *rules, const char *id, size_t len)
{
	for (const struct rule *r = rules; r->id != NULL; r++) {
		if (strlen(r->id) == len && strncasecmp(r->id, id, len) == 0)
			return r;
	}
	return NULL;
}

bool
rule_known(const struct rule *rules, const char *lister, const char *word,
    struct err *e)
{
	size_t len = strcspn(word, ":");

	if (rule_find(rules, word, len) != NULL)
		return true;
	err_set(e, ERR_USAGE, "no such rule: %.*s",
	    (int)(len < 100 ? len : 100), word);
	return err_hint(e, "\"%s\" lists them", lister);
}
