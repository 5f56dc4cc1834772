/* The doctor calls the two checkers, and counts what they find. */
#include <inttypes.h>

#include "base/sentence.h"
#include "model/doctor/private.h"

struct verdict
report_judge(struct arena *a, const struct report *r, const char *command)
{
	int64_t errors = r->found[SEVERITY_ERROR];
	const struct finding *first = r->finding;

	if (errors > 0)
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a,
		    "\"%s\" finds %s; %s: %s", command, sentence_number(a,
		    errors, "error", "errors"), first->rule, first->text),
		    errors == 1 ? first->advice : NULL };
	/* An account has not every right; but most is to be seen. */
	if (r->unchecked.count > 0)
		return (struct verdict){ r->unchecked.count <
		    r->checked_count ? DOCTOR_OK : DOCTOR_UNKNOWN,
		    arena_printf(a,
		    "\"%s\" finds no errors, but could not check %s: %s",
		    command, sentence_number(a, (int64_t)r->unchecked.count,
		    "rule", "rules"), r->unchecked_why), NULL };
	return (struct verdict){ DOCTOR_OK, arena_printf(a,
	    "\"%s\" finds no errors", command), NULL };
}

void
doctor_check(struct doctor *d)
{
	struct check_options options = d->options->check;
	struct check_result result = { 0 };
	struct err e = { 0 };

	options.filter.severity = SEVERITY_ERROR;
	if (check_run(d->mail, &options, &result, &e))
		doctor_add(d, report_judge(d->arena, &result.report,
		    "check"));
	else
		doctor_say(d, DOCTOR_UNKNOWN, "mailadm check", "%s", e.text);
	err_clear(&e);
}

/* Each account of the servers waits for a database that hangs. */
void
doctor_config(struct doctor *d)
{
	struct verify_options options = d->options->verify;
	struct report report;
	struct err e = { 0 };

	options.filter.severity = SEVERITY_ERROR;
	options.timeout = d->database ? doctor_seconds(d) : 1;
	options.stop = &d->stop;
	options.mail = d->database ? d->mail : NULL;
	options.mail_why = "the database cannot be asked";
	options.secret = d->options->dkim_secret;
	if (verify_run(d->arena, &options, &report, &e))
		doctor_add(d, report_judge(d->arena, &report,
		    "config verify"));
	else
		doctor_say(d, DOCTOR_UNKNOWN, "mailadm config verify", "%s",
		    e.text);
	err_clear(&e);
}
