/* mailadm report: one look at the whole mail server. */
#include <string.h>
#include <time.h>

#include "cmd/check/check.h"
#include "cmd/report/report.h"
#include "file/write.h"
#include "model/server/release.h"

#define MAILADM_DIR "/etc/mailadm"

struct report_args {
	const char *html;
};

static const struct arg report_arg[] = {
	OPTION("--html", arg_file, report_args, html,
	    "write one page of HTML to FILE, which only its owner may read; "
	    "- is standard output"),
	{ 0 }
};

/* The same as of "check" and "config verify" without options. */
static bool
options_take(struct session *s, struct facts_options *o, struct err *e)
{
	const struct settings *set = &s->settings;
	const struct check_front every = { .severity = SEVERITY_NOTE };

	*o = (struct facts_options){
		.check.rounds_min = set->rounds_min,
		.check.expiry_days = set->expiry_warning,
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
	const struct report_args *a = args;

	(void)memory;
	if (f == OUT_TSV || f == OUT_CSV) {
		err_set(e, ERR_USAGE, "report is no list of rows");
		return err_hint(e, "-o json has the same facts for programs");
	}
	return a->html == NULL || !out_is_json(&s->out) || err_set(e,
	    ERR_USAGE, "--html cannot be combined with -o %s",
	    out_format_names[f]);
}

static bool
page_write(struct session *s, const char *path, const struct text *t,
    struct err *e)
{
	if (strcmp(path, "-") == 0)
		return out_piece(&s->out, t->buf, t->len, e) &&
		    out_flush(&s->out, e);
	if (session_is_dry(s)) {
		out_done(&s->out, "%s would be written", path);
		return true;
	}
	if (!file_replace(path, t->buf, t->len, 0600, e))
		return false;
	out_done(&s->out, "%s written", path);
	return true;
}

static bool
print(struct session *s, const char *html, const struct facts *f,
    struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok;

	if (html != NULL) {
		ok = report_page(&s->scratch, f, &t, e) &&
		    page_write(s, html, &t, e);
	} else {
		if (out_is_json(&s->out))
			report_json(f, s->out.style.format == OUT_JSONL, &t);
		else
			report_text(&s->scratch, f, &t);
		ok = out_text(&s->out, t.buf, e);
	}
	text_clear(&t);
	return ok;
}

static bool
run_report(struct session *s, const void *args, struct err *e)
{
	const struct report_args *a = args;
	struct facts_options options;
	struct facts *facts = arena_alloc(&s->scratch, sizeof(*facts));

	return options_take(s, &options, e) &&
	    facts_gather(&s->mail, &options, facts, e) &&
	    print(s, a->html, facts, e);
}

const struct cmd report_cmds[] = {
	{ .name = "report", .brief = "show the whole mail server on one page",
	    .detail =
	    "What \"check\" and \"config verify\" find, users over the "
	    "months, how much of the quota is used, last logins, changes, "
	    "the fullest mailboxes, the domains, and who gets the mail of "
	    "postmaster, abuse and hostmaster. Without options it is text of "
	    "80 columns, which cron can send; -o json has the same facts. "
	    "--html writes one page that loads nothing and needs no script: "
	    "open it in a browser, print it, or send it by mail. It names "
	    "users, but has no passwords, hashes or notes. What the account "
	    "may not see is named. The status is 0 whatever was found: "
	    "\"check\" is for alarms.",
	    .example = "report --html report.html",
	    ARGS(report_arg, report_args),
	    .flags = CMD_DB | CMD_NOT_IN_BATCH, .prepare = prepare_report,
	    .run = run_report },
	{ 0 }
};
