/*
 * Changes of which DKIM keys sign, brought to the mail filter of this host.
 *
 * The filter signs with files that "dkim sync" writes.  A timer runs it on
 * each mail host; here it runs at once, so that who activates a key, or
 * disables a domain, need not wait or remember.  It comes after the commit
 * and is no part of it: whatever ends it, the change is made, and the next
 * run of the timer brings it.  So all that a batch, a transaction of the
 * shell or --keep-going has committed is one run.
 */
#include <string.h>
#include <unistd.h>

#include "base/sentence.h"
#include "cmd/language/options.h"
#include "cmd/run/session.h"
#include "model/dkim/sync.h"

static const char no_sync[] = "--no-sync";

const char *
session_dkim_secret(const struct session *s)
{
	return s->settings.dkim_secret != NULL ? s->settings.dkim_secret :
	    setting_find("dkim_secret")->standard;
}

static bool
leaves_sync(const struct parsed *p)
{
	const struct arg *arg = arg_find(p->cmd->args, no_sync,
	    strlen(no_sync));

	return arg != NULL && *(const bool *)((const char *)p->args +
	    arg->offset);
}

void
session_signing_note(struct session *s, const struct parsed *p)
{
	enum signing signing = leaves_sync(p) ? SIGNING_LATER : SIGNING_NOW;

	if (s->mail.signing && s->signing < signing)
		s->signing = signing;
	s->mail.signing = false;
}

/* A verdict is that of the last transaction. */
void
session_signing_settle(struct session *s)
{
	if (s->db != NULL && db_verdict(s->db) == DB_COMMITTED &&
	    s->unsynced < s->signing)
		s->unsynced = s->signing;
	s->signing = SIGNING_SAME;
}

static bool
sync_fails(struct err *e)
{
	const char *hint = e->hint != NULL ? e->hint : "";

	err_wrap(e, "the change is made, but not brought to the mail filter");
	return err_hint(e, "%s%sdo not repeat the command, but run: mailadm "
	    "dkim sync", hint, *hint != '\0' ? "; " : "");
}

static bool
sync_here(struct session *s, struct err *e)
{
	const struct dkim_sync_options options = {
		.root = "/",
		.filter = s->settings.filter,
		.secret = session_dkim_secret(s),
		.reload = true,
	};
	struct dkim_sync_result result;

	if (!dkim_sync(&s->mail, &options, &result, e))
		return sync_fails(e);
	out_done(&s->out, "%s in use%s", sentence_number(&s->scratch,
	    (int64_t)result.keys, "DKIM key", "DKIM keys"), result.reloaded ?
	    arena_printf(&s->scratch, "; %s reloaded", options.filter) : "");
	return true;
}

bool
session_signing_sync(struct session *s, struct err *e)
{
	enum signing unsynced;

	session_signing_settle(s);
	unsynced = s->unsynced;
	s->unsynced = SIGNING_SAME;
	if (unsynced == SIGNING_SAME)
		return true;
	if (unsynced == SIGNING_NOW && geteuid() == 0 &&
	    strcmp(s->settings.filter, "none") != 0)
		return sync_here(s, e);
	out_hint(&s->out, "each mail host signs as before until root runs "
	    "there: mailadm dkim sync");
	return true;
}
