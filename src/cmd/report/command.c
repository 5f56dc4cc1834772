/* mailadm report: one look at the whole mail server. */
#include <time.h>

#include "cmd/check/check.h"
#include "cmd/report/report.h"
#include "model/server/release.h"

#define MAILADM_DIR "/etc/mailadm"

/* The same as of "check" and "config verify" without options. */
static bool
options_take(struct session *s, struct facts_options *o, struct err *e)
{
	const struct settings *set = &s->settings;
	const struct check_front every = { .severity = SEVERITY_NOTE };

	*o = (struct facts_options){
		.check.rounds_min = set->rounds_min,
		.check.old_refused = server_refuses_old(&s->scratch, set),
		.check.keys = check_front_keys(s),
		.verify = {
			.settings = set,
			.postfix_dir = set->postfix_directory,
			.dovecot_dir = set->dovecot_directory,
			.mailadm_dir = MAILADM_DIR,
			.mail_directory = set->mail_directory,
			.vmail_uid = set->vmail_uid,
			.timeout = (unsigned)set->connect_timeout,
			.secret = session_dkim_secret(s),
		},
		.host = set->hostname != NULL ? set->hostname :
		    arena_printf(&s->scratch, "database %s",
			db_name(s->db)),
		.now = (int64_t)time(NULL),
	};
	return check_front_filter(s, &every, set->check_ignore,
	    &o->check.filter, e) && check_front_filter(s, &every,
	    set->check_ignore, &o->verify.filter, e);
}

static bool
prepare_report(struct session *s, struct arena *memory, void *args,
    struct err *e)
{
	const enum out_format f = s->out.style.format;

	(void)memory, (void)args;
	if (f != OUT_TSV && f != OUT_CSV)
		return true;
	err_set(e, ERR_USAGE, "report is no list of rows");
	return err_hint(e, "-o json has the same facts for programs");
}

static bool
print(struct session *s, const struct facts *f, struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok;

	if (out_is_json(&s->out))
		report_json(f, s->out.style.format == OUT_JSONL, &t);
	else
		report_text(&s->scratch, f, &t);
	ok = out_text(&s->out, t.buf, e);
	text_clear(&t);
	return ok;
}

static bool
run_report(struct session *s, const void *args, struct err *e)
{
	struct facts_options options;
	struct facts *facts = arena_alloc(&s->scratch, sizeof(*facts));

	(void)args;
	return options_take(s, &options, e) &&
	    facts_gather(&s->mail, &options, facts, e) &&
	    print(s, facts, e);
}

const struct cmd report_cmds[] = {
	{ .name = "report", .brief = "show the whole mail server on one page",
	    .detail =
	    "What \"check\" and \"config verify\" find, users over the "
	    "months, how much of the quota is used, last logins, changes, "
	    "the fullest mailboxes, the domains, and who gets the mail of "
	    "postmaster, abuse and hostmaster. Without options it is text of "
	    "80 columns, which cron can send; -o json has the same facts. "
	    "It names users, but has no passwords, hashes or notes. What the "
	    "account "
	    "may not see is named. The status is 0 whatever was found: "
	    "\"check\" is for alarms.",
	    .example = "report",
	    .flags = CMD_DB | CMD_NOT_IN_BATCH, .prepare = prepare_report,
	    .run = run_report },
	{ 0 }
};
