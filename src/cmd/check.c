/* mailadm check: what is wrong in the tables. */
#include "model/check.h"

#include <string.h>

#include "cmd/list.h"

struct check_args {
	const char *severity;
	struct words rules;
	struct words domains;
	struct words ignore;
};

static const struct arg check_arg[] = {
	{ "--severity", &arg_severity, TEXT_ARG(struct check_args, severity),
	    0, "the least that is reported: note, warning (the preset) or "
	    "error", 0 },
	{ "--rule", &arg_rule, LIST_ARG(struct check_args, rules),
	    ARG_REPEAT, "only this rule; several: --rule again", 0 },
	{ "--domain", &arg_domain, LIST_ARG(struct check_args, domains),
	    ARG_REPEAT, "only what is in this domain; several: --domain "
	    "again", 0 },
	{ "--ignore", &arg_ignore, LIST_ARG(struct check_args, ignore),
	    ARG_REPEAT, "not this rule, or with ID:NAME not about such a "
	    "name; * and ? as in file names; several: --ignore again", 0 },
	{ 0 }
};

static enum check_severity
severity_of(const char *word)
{
	enum check_severity severity = CHECK_WARNING;

	for (int i = 0; word != NULL && check_severities[i] != NULL; i++) {
		if (strcmp(check_severities[i], word) == 0)
			severity = (enum check_severity)i;
	}
	return severity;
}

/* What the settings ignore, and the options besides. */
static bool
ignored(struct session *s, const struct words *given, struct words *ignore,
    struct err *e)
{
	const char *text = s->settings.check_ignore;

	if (text != NULL && !words_split(&s->scratch, text, strlen(text),
	    ignore, e))
		return err_wrap(e, "check_ignore");
	for (size_t i = 0; i < ignore->count; i++) {
		if (!check_rule_known(ignore->word[i], e))
			return err_wrap(e, "check_ignore");
	}
	for (size_t i = 0; i < given->count; i++)
		words_add(&s->scratch, ignore, given->word[i]);
	return true;
}

static bool
print_findings(struct session *s, const struct check_report *r,
    struct err *e)
{
	if (!out_begin(&s->out, finding_fields, OUT_LIST, e))
		return false;
	for (size_t i = 0; i < r->count; i++) {
		if (!out_row(&s->out, &r->finding[i], e))
			return false;
	}
	return out_end(&s->out, e);
}

static void
print_unchecked(struct session *s, const struct check_report *r)
{
	if (r->unchecked.count > 0 && !s->out.style.quiet)
		out_note(&s->out, "not checked: %s (%s)",
		    mail_names(&s->scratch, &r->unchecked),
		    r->unchecked_why);
}

static bool
say_found(struct session *s, const struct check_report *r, struct err *e)
{
	struct text t = TEXT_INIT;

	for (int i = CHECK_SEVERITIES - 1; i >= 0; i--) {
		if (r->found[i] > 0)
			text_addf(&t, "%s%s", t.len > 0 ? ", " : "",
			    mail_number(&s->scratch, r->found[i],
				check_severities[i], arena_printf(
				    &s->scratch, "%ss", check_severities[i])));
	}
	if (t.len > 0)
		err_set(e, ERR_DIFFERS, "found %s", t.buf);
	text_clear(&t);
	return e->code == ERR_NONE;
}

static bool
run_check(struct session *s, const void *args, struct err *e)
{
	const struct check_args *a = args;
	struct check_options options = {
		.severity = severity_of(a->severity),
		.rules = a->rules,
		.domains = a->domains,
		.rounds_min = s->settings.rounds_min,
	};
	struct check_report report;

	if (!ignored(s, &a->ignore, &options.ignore, e) ||
	    !check_run(&s->mail, &options, &report, e))
		return false;
	print_unchecked(s, &report);
	if (report.count == 0) {
		out_verbose(&s->out, "nothing found");
		return true;
	}
	return print_findings(s, &report, e) && out_flush(&s->out, e) &&
	    say_found(s, &report, e);
}

/* --- check rules ----------------------------------------------------- */

static bool
run_rules(struct session *s, const void *args, struct err *e)
{
	(void)args;
	if (!out_begin(&s->out, check_rule_fields, OUT_LIST, e))
		return false;
	for (const struct check_rule *r = check_rules; r->id != NULL; r++) {
		const struct check_rule_row row = { r->id,
		    check_severities[r->severity], r->kind, r->title,
		    r->advice };

		if (!out_row(&s->out, &row, e))
			return false;
	}
	return out_end(&s->out, e);
}

const struct cmd check_cmds[] = {
	{ "check", "find what is wrong in the tables",
	    "Silent and status 0 when nothing is wrong, else status 1. "
	    "Reads all tables in one snapshot, on mailadm's schema and on "
	    "any other that has domains, users and aliases; changes "
	    "nothing. Notes are reported with --severity note only. What "
	    "the account may not see is said to be not checked.",
	    "check --severity note",
	    check_arg, sizeof(struct check_args), finding_fields,
	    CMD_DB | CMD_ANY_SCHEMA, NULL, NULL, run_check },
	{ "check rules", "what check looks for", NULL, "check rules",
	    NULL, 0, check_rule_fields, 0, NULL, NULL, run_rules },
	{ 0 }
};
