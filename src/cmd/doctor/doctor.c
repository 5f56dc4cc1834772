/* mailadm doctor: does this mail server work? */
#include "base/sentence.h"
#include "cmd/check/check.h"
#include "cmd/doctor/probe.h"
#include "cmd/help/doc.h"
#include "cmd/run/list.h"
#include "model/doctor/doctor.h"
#include "model/server/release.h"

#define MAILADM_DIR "/etc/mailadm"

/* Seconds that one service has to answer, unless --timeout says another. */
#define PATIENCE 5

/* So many services that hang, one after the other, unless --total. */
#define PATIENT 30

#define INDENT 9		/* behind "skipped" */

struct doctor_args {
	struct check_front front;	/* only nagios and outcome are used */
	bool deliver;
	const char *from;
	const char *to;
	const char *outside;
	int64_t timeout;
	int64_t total;
};

static const struct arg_type arg_mail_host = { .metavar = "HOST" };

static const struct arg doctor_arg[] = {
	FLAG("--deliver", doctor_args, deliver,
	    "send mail through the server as well, and fetch, judge and "
	    "delete it, with an account of the doctor's own; see the setting "
	    "probe"),
	OPTION("--from", arg_address, doctor_args, from,
	    "with --deliver: the sender of the probe that comes in from "
	    "outside; default: none, as of a bounce"),
	OPTION("--to", arg_address, doctor_args, to,
	    "with --deliver: also send a probe to this address elsewhere, "
	    "and say what the queue makes of it; nobody can delete it there"),
	OPTION("--outside", arg_mail_host, doctor_args, outside,
	    "also connect to port 25 of this mail server elsewhere, since "
	    "many providers let none of it out"),
	OPTION("--timeout", arg_count, doctor_args, timeout,
	    "seconds that one service has to answer; default: 5"),
	OPTION("--total", arg_count, doctor_args, total,
	    "seconds that the whole run may take, after which nothing more "
	    "is asked; default: 30 times --timeout"),
	FLAG("--nagios", doctor_args, front.nagios,
	    "one line for Nagios and similar programs, and their statuses: "
	    "0, 2 if something is wrong, 3 if nothing could be asked",
	    .flags = ARG_RUN),
	{ 0 }
};

/* It has steps, which are no rules of a table. */
static const struct checker checker = { 0 };

static bool
prepare_doctor(struct session *s, struct arena *memory, void *args,
    struct err *e)
{
	struct doctor_args *a = args;

	if (!a->deliver && (a->from != NULL || a->to != NULL))
		return err_set(e, ERR_USAGE, "%s needs --deliver",
		    a->to != NULL ? "--to" : "--from");
	return check_front_begin(s, memory, &a->front, &checker, e);
}

static bool
is_interrupted(void *arg)
{
	const struct db *db = arg;

	return db_interrupted(db);
}

static bool
options_take(struct session *s, const struct settings *set,
    struct doctor_options *o, struct err *e)
{
	*o = (struct doctor_options){
		.settings = set,
		.verify = {
			.settings = set,
			.postfix_dir = set->postfix_directory,
			.dovecot_dir = set->dovecot_directory,
			.mailadm_dir = MAILADM_DIR,
			.mail_directory = set->mail_directory,
			.vmail_uid = set->vmail_uid,
		},
		.check.rounds_min = set->rounds_min,
		.check.expiry_days = set->expiry_warning,
		.check.old_refused = server_refuses_old(&s->scratch, set),
		.check.keys = check_front_keys(s),
		.configured = s->found.account.user != NULL,
		.timeout = s->db_settings.connect_timeout,
		.dkim_secret = set->dkim_secret != NULL ? set->dkim_secret :
		    setting_find("dkim_secret")->standard,
		.interrupted = is_interrupted,
		.arg = s->db,
	};
	return check_front_filter(s, &(struct check_front){
	    .severity = SEVERITY_ERROR }, set->check_ignore,
	    &o->check.filter, e) && check_front_filter(s,
	    &(struct check_front){ .severity = SEVERITY_ERROR },
	    set->check_ignore, &o->verify.filter, e);
}

/* For people: sentences do not fit into the columns of a table. */
static bool
print_screen(struct session *s, const struct doctor_report *r, struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok;

	for (size_t i = 0; i < r->count; i++) {
		const struct doctor_row *row = &r->row[i];

		doc_shown(&t, INDENT, arena_printf(&s->scratch, "%-*s",
		    INDENT, row->state), arena_printf(&s->scratch, "%s: %s",
		    row->step, row->what));
		if (row->advice != NULL)
			doc_shown(&t, INDENT + 3, arena_printf(&s->scratch,
			    "%*s-> ", INDENT, ""), row->advice);
	}
	ok = out_text(&s->out, t.buf, e) && out_flush(&s->out, e);
	text_clear(&t);
	return ok;
}

static bool
print(struct session *s, const struct doctor_report *r, struct err *e)
{
	if (out_is_table(&s->out) && s->out.style.columns == NULL)
		return print_screen(s, r, e);
	if (!out_begin(&s->out, doctor_fields, OUT_LIST, e))
		return false;
	for (size_t i = 0; i < r->count; i++) {
		if (!out_row(&s->out, &r->row[i], e))
			return false;
	}
	return out_end(&s->out, e) && out_flush(&s->out, e);
}

/* The same for the line of Nagios: what is wrong is an error of a step. */
static bool
findings_fill(struct session *s, const struct doctor_report *r,
    struct check_outcome *outcome, struct err *e)
{
	struct report *report = &outcome->result.report;
	struct finding *f = arena_array(&s->scratch, r->count + 1, sizeof(*f));

	if (r->found[DOCTOR_WRONG] + r->found[DOCTOR_OK] == 0)
		return err_set(e, ERR_IO, "nothing could be asked");
	for (size_t i = 0; i < r->count; i++) {
		const struct doctor_row *row = &r->row[i];

		if ((int64_t)i < r->found[DOCTOR_WRONG])
			f[report->count++] = (struct finding){
			    .rule = row->step, .severity = "error",
			    .text = row->what };
		else if (row->state == doctor_state_names[DOCTOR_UNKNOWN])
			words_add(&s->scratch, &report->unchecked, row->step);
	}
	report->finding = f;
	report->found[SEVERITY_ERROR] = r->found[DOCTOR_WRONG];
	outcome->finished = true;
	return true;
}

static bool
report(struct session *s, const struct doctor_args *a,
    const struct doctor_report *r, struct err *e)
{
	if (a->front.nagios)
		return findings_fill(s, r, a->front.outcome, e);
	if (!print(s, r, e))
		return false;
	if (r->found[DOCTOR_WRONG] > 0)
		return err_set(e, ERR_DIFFERS, "%s wrong", sentence_number(
		    &s->scratch, r->found[DOCTOR_WRONG], "thing is",
		    "things are"));
	out_done(&s->out, "nothing is wrong%s", r->found[DOCTOR_UNKNOWN] > 0 ?
	    arena_printf(&s->scratch, "; %s could not be asked",
	    sentence_number(&s->scratch, r->found[DOCTOR_UNKNOWN], "thing",
	    "things")) : "");
	return true;
}

/*
 * The database gets the patience of the doctor: a connection with it is made,
 * and left again, since a shell would go on with it.
 */
static void
patience_set(struct session *s, unsigned seconds)
{
	struct db_settings *d = &s->db_settings;

	d->connect_timeout = d->write_timeout = seconds;
	d->read_timeout = 2 * seconds;
	d->lock_timeout = 1;
	d->statement_ms = 2000 * seconds;
	db_switch_account(s->db, false);
	s->admin = s->schema_known = false;
}

static unsigned
patience_of(const struct doctor_args *a)
{
	return a->timeout == VALUE_UNSET || a->timeout == 0 ? PATIENCE :
	    (unsigned)a->timeout;
}

static unsigned
total_of(const struct doctor_args *a)
{
	return a->total == VALUE_UNSET || a->total == 0 ? PATIENT *
	    patience_of(a) : (unsigned)a->total;
}

/* With or without probes; the password ends whatever happened. */
static bool
examine(struct session *s, const struct doctor_args *a,
    const struct settings *set, struct doctor_report *result, struct err *e)
{
	struct doctor_options options;
	struct err closing = { 0 };
	struct probe probe;
	bool ok;

	if (!options_take(s, set, &options, e))
		return false;
	options.total = total_of(a);
	options.outside = a->outside;
	if (!a->deliver)
		return session_tidy_begin(s, e) &&
		    doctor_run(&s->mail, &options, result, e);
	probe = (struct probe){ .session = s, .account = {
	    .from = a->from, .to = a->to } };
	if (!probe_open(&probe, set, e))
		return false;
	options.probe = &probe.account;
	ok = doctor_run(&s->mail, &options, result, e);
	if (!probe_close(&probe, ok ? e : &closing))
		ok = false;
	err_clear(&closing);
	/* That the account was changed is no news for who asked for probes. */
	db_verdict_clear(s->db);
	return ok;
}

static bool
run_doctor(struct session *s, const void *args, struct err *e)
{
	const struct doctor_args *a = args;
	const struct db_settings before = s->db_settings;
	struct doctor_report result;
	struct settings set;
	bool ok;

	if (!session_settings(s, &set, e))
		return false;
	patience_set(s, patience_of(a));
	ok = examine(s, a, &set, &result, e);
	session_tidy_end(s);
	s->db_settings = before;
	db_switch_account(s->db, false);
	return ok && report(s, a, &result, e);
}

static void
conclude_doctor(struct session *s, const void *args, struct err *e)
{
	const struct doctor_args *a = args;

	check_front_conclude(s, &a->front, &checker, e);
}

static bool
run_steps(struct session *s, const void *args, struct err *e)
{
	(void)args;
	if (!out_begin(&s->out, doctor_step_fields, OUT_LIST, e))
		return false;
	for (size_t i = 0; i < doctor_step_count(); i++) {
		const struct doctor_step_row row = doctor_step_at(i);

		if (!out_row(&s->out, &row, e))
			return false;
	}
	return out_end(&s->out, e);
}

const struct cmd doctor_cmds[] = {
	{ .name = "doctor", .brief = "find out whether the mail server works",
	    .detail =
	    "One row for each thing that was looked at: ok, wrong, unknown or "
	    "skipped, and the next step if it is wrong. What is wrong comes "
	    "first, and the first row names the cause. Status 1 if something "
	    "is wrong. Changes nothing, but for a user that --deliver adds. "
	    "Root sees all; what another account may not see is unknown. A "
	    "service that hangs is given --timeout seconds. \"doctor steps\" "
	    "lists what is looked at.",
	    .example = "doctor --output json",
	    ARGS(doctor_arg, doctor_args), .columns = doctor_fields,
	    .flags = CMD_CONNECTS | CMD_NOT_IN_BATCH,
	    .prepare = prepare_doctor, .run = run_doctor,
	    .conclude = conclude_doctor },
	{ .name = "doctor steps", .brief = "list what the doctor looks at",
	    .example = "doctor steps",
	    .columns = doctor_step_fields, .run = run_steps },
	{ 0 }
};
