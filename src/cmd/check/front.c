/* What all checkers take, and how they end. */
#include <string.h>

#include "cmd/check/check.h"
#include "model/verify/verify.h"

bool
check_front_begin(struct session *s, struct arena *a,
    struct check_front *front, struct err *e)
{
	if (front->nagios && (s->options.output != NULL ||
	    s->options.columns != NULL))
		return err_set(e, ERR_USAGE, "--nagios cannot be combined "
		    "with --output or --columns");
	front->outcome = arena_alloc(a, sizeof(*front->outcome));
	*front->outcome = (struct check_outcome){ 0 };
	return true;
}

/* The setting is shared by both checkers: a rule of either is known. */
static bool
ignore_known(const char *word, struct err *e)
{
	struct err other = { 0 };
	bool known = verify_rule_known(word, &other);

	err_clear(&other);
	return known || check_rule_known(word, e);
}

static bool
ignored(struct session *s, const char *text, const struct words *given,
    struct words *ignore, struct err *e)
{
	if (text != NULL && !words_split(&s->scratch, text, strlen(text),
	    ignore, e))
		return err_wrap(e, "check_ignore");
	for (size_t i = 0; i < ignore->count; i++) {
		if (!ignore_known(ignore->word[i], e))
			return err_wrap(e, "check_ignore");
	}
	for (size_t i = 0; i < given->count; i++)
		words_add(&s->scratch, ignore, given->word[i]);
	return true;
}

bool
check_front_filter(struct session *s, const struct check_front *front,
    const char *setting, struct finding_filter *filter, struct err *e)
{
	filter->severity = front->severity == VALUE_UNSET ? SEVERITY_WARNING :
	    (enum severity)front->severity;
	filter->rules = front->rules;
	return ignored(s, setting, &front->ignore, &filter->ignore, e);
}

void
check_front_finished(struct session *s, const struct check_front *front)
{
	front->outcome->finished = true;
	if (!front->nagios)
		check_print_unchecked(s, &front->outcome->result.report);
}

bool
check_front_print(struct session *s, const struct check_front *front,
    struct err *e)
{
	const struct report *report = &front->outcome->result.report;

	return front->nagios || (check_print(s, report, e) &&
	    check_print_found(s, report, "", e));
}

void
check_front_conclude(struct session *s, const struct check_front *front,
    struct err *e)
{
	if (front->nagios)
		check_nagios(s, front->outcome, e);
}
