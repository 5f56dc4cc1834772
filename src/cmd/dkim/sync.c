/* mailadm dkim sync: the keys that sign, for the mail filter of this host. */
#include <string.h>
#include <unistd.h>

#include "base/sentence.h"
#include "cmd/dkim/dkim.h"
#include "model/dkim/sync.h"

struct sync_args {
	const char *out;
	bool no_reload;
};

static const struct arg sync_arg[] = {
	OPTION("--out", arg_directory, sync_args, out,
	    "write below this directory instead of /, and reload nothing"),
	FLAG("--no-reload", sync_args, no_reload,
	    "do not reload the mail filter"),
	{ 0 }
};

/* Without the slashes at its end; the root stays "/". */
static const char *
root_of(struct session *s, const char *out)
{
	size_t len;

	if (out == NULL)
		return "/";
	for (len = strlen(out); len > 1 && out[len - 1] == '/'; len--)
		;
	return arena_strndup(&s->scratch, out, len);
}

static bool
print(struct session *s, const struct dkim_sync_result *r, struct err *e)
{
	if (!out_begin(&s->out, dkim_sync_fields, OUT_LIST, e))
		return false;
	for (size_t i = 0; i < r->count; i++) {
		if (!out_row(&s->out, &r->row[i], e))
			return false;
	}
	return out_end(&s->out, e);
}

static bool
run_sync(struct session *s, const void *args, struct err *e)
{
	const struct sync_args *a = args;
	const struct dkim_sync_options options = {
		.root = root_of(s, a->out),
		.filter = s->settings.filter,
		.secret = session_dkim_secret(s),
		.reload = a->out == NULL && !a->no_reload,
		.dry_run = session_is_dry(s),
	};
	struct dkim_sync_result result = { 0 };
	struct err second = { 0 };
	bool ok;

	if (strcmp(options.filter, "none") == 0) {
		out_done(&s->out, "the setting filter is none: no key signs "
		    "mail here");
		return true;
	}
	if (a->out == NULL && geteuid() != 0)
		return err_set(e, ERR_DENIED, "only root can write the keys "
		    "of the mail filter");
	ok = dkim_sync(&s->mail, &options, &result, e);
	if (ok && !options.dry_run)
		session_did(s, "the keys are brought to the filter");
	/* What was written before an error is reported, too. */
	ok = print(s, &result, ok ? e : &second) && ok;
	err_clear(&second);
	if (!ok)
		return false;
	out_done(&s->out, "%s in use%s", sentence_number(&s->scratch,
	    (int64_t)result.keys, "DKIM key", "DKIM keys"), result.reloaded ?
	    arena_printf(&s->scratch, "; %s reloaded", options.filter) :
	    result.count == 0 ? "; unchanged" : "");
	if (result.waiting)
		out_note(&s->out, "%s was not reloaded after the last change",
		    options.filter);
	if (options.dry_run)
		out_note(&s->out, "dry run: nothing was changed");
	return true;
}

/* The timer runs it often: one line of the log is enough. */
static void
conclude_sync(struct session *s, const void *args, struct err *e)
{
	const char *text;

	(void)args;
	if (!s->options.quiet || e->code != ERR_DATABASE)
		return;
	text = arena_strdup(&s->scratch, e->text);
	err_set(e, ERR_DATABASE, "%s", text);
}

const struct cmd dkim_sync_cmds[] = {
	{ .name = "dkim sync",
	    .brief = "bring the keys to the mail filter of this host",
	    .detail =
	    "Writes the active keys of the database for the mail filter that "
	    "the setting filter names, in clear, below /var/lib/mailadm/dkim, "
	    "readable for the filter only; then the tables that name them; "
	    "then reloads the filter if anything changed. Files of other keys "
	    "are removed. Ed25519 keys are left out for opendkim. If the "
	    "database is away nothing is changed, and the filter signs with "
	    "what it has. Each mail host runs it from a timer, as root. "
	    "--dry-run shows what would change.",
	    .example = "dkim sync --out /tmp/keys",
	    ARGS(sync_arg, sync_args), .columns = dkim_sync_fields,
	    .flags = CMD_DB | CMD_NOT_IN_BATCH, .run = run_sync,
	    .conclude = conclude_sync },
	{ 0 }
};
