/* Checks for machines: the plugin line of Nagios, the file of Prometheus. */
#include "cmd/check/check.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/sentence.h"
#include "base/shown.h"
#include "base/size.h"
#include "file/read.h"
#include "file/write.h"

/* --- Nagios ---------------------------------------------------------- */

/* From the guidelines of the Monitoring Plugins; the number is the status. */
enum nagios_status { NAGIOS_OK, NAGIOS_WARNING, NAGIOS_CRITICAL,
	NAGIOS_UNKNOWN };

static const char *const nagios_words[] = {
	[NAGIOS_OK] = "OK",
	[NAGIOS_WARNING] = "WARNING",
	[NAGIOS_CRITICAL] = "CRITICAL",
	[NAGIOS_UNKNOWN] = "UNKNOWN",
};

/* Notifications are short; "mailadm check" prints all. */
#define NAGIOS_FINDINGS 20

/* A bar is escaped: text after it would be read as performance data. */
static void
add_plain(struct text *t, const char *s)
{
	const char *bar;

	for (; (bar = strchr(s, '|')) != NULL; s = bar + 1) {
		shown_add(t, s, (size_t)(bar - s));
		text_add(t, "\\x7c");
	}
	shown_add(t, s, strlen(s));
}

static enum nagios_status
nagios_status(const struct report *r)
{
	if (r->found[SEVERITY_ERROR] > 0)
		return NAGIOS_CRITICAL;
	return r->found[SEVERITY_WARNING] > 0 ? NAGIOS_WARNING : NAGIOS_OK;
}

static void
add_summary(struct text *t, struct arena *a, const struct report *r)
{
	size_t begun = t->len;

	for (int i = SEVERITIES - 1; i >= 0; i--) {
		if (r->found[i] > 0)
			text_addf(t, "%s%s", t->len > begun ? ", " : "",
			    sentence_number(a, r->found[i], severity_names[i],
				arena_printf(a, "%ss", severity_names[i])));
	}
	if (t->len == begun)
		text_add(t, "nothing found");
	if (r->unchecked.count > 0)
		text_addf(t, ", %s not checked", sentence_number(a,
		    (int64_t)r->unchecked.count, "rule", "rules"));
}

/*
 * A threshold is a range: "0" alerts for everything above 0.  Errors have a
 * critical threshold, warnings a warning one, to match the status.
 */
static void
add_numbers(struct text *t, const struct check_outcome *outcome)
{
	const struct report *r = &outcome->result.report;

	text_addf(t, " | errors=%" PRId64 ";;0;0 warnings=%" PRId64 ";0;;0 "
	    "notes=%" PRId64 ";;;0 unchecked=%zu;;;0",
	    r->found[SEVERITY_ERROR], r->found[SEVERITY_WARNING],
	    r->found[SEVERITY_NOTE], r->unchecked.count);
	if (outcome->checker->counts_rows)
		text_addf(t, " domains=%" PRId64 ";;;0 users=%" PRId64
		    ";;;0 aliases=%" PRId64 ";;;0", outcome->result.domains,
		    outcome->result.users, outcome->result.aliases);
	text_add_char(t, '\n');
}

static void
add_findings(struct text *t, const struct report *r)
{
	for (size_t i = 0; i < r->count && i < NAGIOS_FINDINGS; i++) {
		const struct finding *f = &r->finding[i];

		text_addf(t, "%s %s ", f->rule, f->severity);
		if (f->name != NULL) {
			add_plain(t, f->name);
			text_add(t, ": ");
		}
		add_plain(t, f->text);
		text_add_char(t, '\n');
	}
	if (r->count > NAGIOS_FINDINGS)
		text_addf(t, "and %zu more\n", r->count - NAGIOS_FINDINGS);
}

static void
add_begin(struct text *t, enum nagios_status status)
{
	text_addf(t, "MAILADM %s - ", nagios_words[status]);
}

static void
add_unknown(struct text *t, const struct err *e)
{
	add_begin(t, NAGIOS_UNKNOWN);
	add_plain(t, e->text != NULL ? e->text : "the check did not run");
	text_add_char(t, '\n');
	if (e->hint != NULL) {
		text_add(t, "hint: ");
		add_plain(t, e->hint);
		text_add_char(t, '\n');
	}
}

void
check_nagios(struct session *s, const struct check_outcome *outcome,
    struct err *e)
{
	enum nagios_status status = NAGIOS_UNKNOWN;
	struct text t = TEXT_INIT;

	if (e->code != ERR_NONE || outcome == NULL || !outcome->finished) {
		add_unknown(&t, e);
	} else {
		status = nagios_status(&outcome->result.report);
		add_begin(&t, status);
		add_summary(&t, &s->scratch, &outcome->result.report);
		add_numbers(&t, outcome);
		add_findings(&t, &outcome->result.report);
	}
	err_clear(e);
	if (!out_text(&s->out, t.buf, e)) {
		out_error(&s->out, e);
		err_clear(e);
		status = NAGIOS_UNKNOWN;
	}
	s->status = (int)status;
	text_clear(&t);
}

/* --- Prometheus ------------------------------------------------------ */

/*
 * Each command has its own names: the collector refuses a sample that is in
 * two files.
 */
struct metrics {
	struct text *t;
	const char *prefix;
};

#define LAST_SUCCESS "last_success_timestamp_seconds"

static void
add_metric(struct metrics *m, const char *name, const char *help)
{
	text_addf(m->t, "# HELP %s_%s %s\n# TYPE %s_%s gauge\n", m->prefix,
	    name, help, m->prefix, name);
}

static void
add_asked(struct metrics *m, const struct report *r)
{
	add_metric(m, "findings",
	    "Problems that the last check found, for each rule that it "
	    "checked.");
	for (size_t i = 0; i < r->checked_count; i++)
		text_addf(m->t, "%s_findings{rule=\"%s\",severity=\"%s\"} "
		    "%" PRId64 "\n", m->prefix, r->checked[i].rule->id,
		    severity_names[r->checked[i].severity],
		    r->checked[i].found);
	add_metric(m, "rules_unchecked",
	    "Rules that the last check could not check.");
	text_addf(m->t, "%s_rules_unchecked %zu\n", m->prefix,
	    r->unchecked.count);
}

static void
add_rows(struct metrics *m, const struct check_result *r)
{
	const struct { const char *kind; int64_t rows; } rows[] = {
		{ "domain", r->domains },
		{ "user", r->users },
		{ "alias", r->aliases },
	};

	add_metric(m, "rows", "Rows that the last check read.");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		text_addf(m->t, "%s_rows{kind=\"%s\"} %" PRId64 "\n",
		    m->prefix, rows[i].kind, rows[i].rows);
}

/* The time stamp in the previous run's file, or 0. */
static int64_t
last_success(const struct metrics *m, const char *path)
{
	struct text content = TEXT_INIT, name = TEXT_INIT;
	struct err ignored = { 0 };
	struct stat st;
	int64_t when = 0;
	char *at;

	text_addf(&name, "\n%s_" LAST_SUCCESS " ", m->prefix);
	if (file_read(path, &content, &st, &ignored) &&
	    (at = strstr(content.buf, name.buf)) != NULL) {
		at += name.len;
		at[strcspn(at, "\n")] = '\0';
		if (!number_parse(at, &when))
			when = 0;
	}
	err_clear(&ignored);
	text_clear(&content);
	text_clear(&name);
	return when;
}

/* Alerts use these metrics: they are written whatever happened. */
static void
add_run(struct metrics *m, const char *path, double begun,
    bool success)
{
	int64_t when = success ? (int64_t)time(NULL) : last_success(m, path);

	add_metric(m, "success",
	    "Whether the last check could be finished, whatever it found.");
	text_addf(m->t, "%s_success %d\n", m->prefix, success);
	add_metric(m, LAST_SUCCESS,
	    "When a check was last finished, 0 if never.");
	text_addf(m->t, "%s_" LAST_SUCCESS " %" PRId64 "\n", m->prefix, when);
	add_metric(m, "duration_seconds", "How long the last check took.");
	text_addf(m->t, "%s_duration_seconds %.3f\n", m->prefix,
	    clock_seconds() - begun);
}

bool
check_prometheus(struct session *s, const char *path,
    const struct checker *checker, const struct check_outcome *outcome,
    struct err *e)
{
	bool success = outcome != NULL && outcome->finished;
	struct text t = TEXT_INIT;
	struct metrics m = { &t, checker->metrics };
	bool ok;

	if (success) {
		add_asked(&m, &outcome->result.report);
		if (checker->counts_rows)
			add_rows(&m, &outcome->result);
	}
	add_run(&m, path, s->begun, success);
	ok = file_replace(path, t.buf, t.len, 0644, e);
	text_clear(&t);
	return ok;
}
