/* The account that "doctor --deliver" logs in with. */
#include "cmd/doctor/probe.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/size.h"
#include "file/home.h"
#include "file/read.h"
#include "file/write.h"
#include "model/mail/domain.h"
#include "model/mail/user.h"
#include "model/password/hash.h"
#include "model/password/password.h"

/* A monitor that goes wild must not fill the logs and the history. */
#define INTERVAL 60		/* seconds between two runs */

/* When the last run was, in a file; without a place for it, never. */
static bool
rate_check(struct session *s, struct err *e)
{
	const char *path = home_state(&s->scratch, "doctor");
	int64_t now = (int64_t)time(NULL), last = 0;
	struct text content = TEXT_INIT;
	struct err ignored = { 0 };
	struct stat st;

	if (path == NULL)
		return true;
	if (file_read(path, &content, &st, &ignored) && content.len > 0) {
		content.buf[strcspn(content.buf, "\n")] = '\0';
		if (!number_parse(content.buf, &last))
			last = 0;
	}
	text_clear(&content);
	err_clear(&ignored);
	if (last <= now && now - last < INTERVAL) {
		err_set(e, ERR_REFUSED, "the last probe was sent %" PRId64
		    " s ago", now - last);
		return err_hint(e, "wait until a minute is over");
	}
	home_state_make(path);
	text_addf(&content, "%" PRId64 "\n", now);
	file_replace(path, content.buf, content.len, 0600, &ignored);
	err_clear(&ignored);
	text_clear(&content);
	return true;
}

static bool
begin(struct session *s, void *arg, struct err *e)
{
	struct probe *p = arg;

	return probe_begin(&s->mail, p->account.address, p->hash,
	    &p->account.signs, e);
}

static bool
end(struct session *s, void *arg, struct err *e)
{
	const struct probe *p = arg;

	return probe_end(&s->mail, p->account.address, e);
}

/* In a mailbox of a person the probe would stay. */
static bool
is_elsewhere(struct session *s, const char *address, struct err *e)
{
	const char *at = strrchr(address, '@');
	struct domain domain;
	bool found = false;

	if (!domain_find(&s->mail, at != NULL ? at + 1 : "", &domain, &found,
	    e))
		return false;
	return !found || err_set(e, ERR_REFUSED, "%s is an address of this "
	    "server, where a probe would stay", address) || err_hint(e,
	    "without --to it goes to the doctor's own account");
}

static bool
account_open(struct probe *p, const struct settings *set, struct err *e)
{
	struct session *s = p->session;
	bool exists = false;

	if (!session_connect(s, s->cmd, e) || !probe_address(&s->mail,
	    set->probe, &p->account.address, e) || !user_exists(&s->mail,
	    p->account.address, &exists, e) || (p->account.to != NULL &&
	    !is_elsewhere(s, p->account.to, e)))
		return false;
	if (!exists && !session_confirm(s, arena_printf(&s->scratch,
	    "add the user %s for probes", p->account.address), e))
		return false;
	if (!session_tidy_begin(s, e))
		return false;
	p->begun = password_generate(&s->scratch, PASSWORD_GENERATED,
	    &p->account.password, e) && password_hash(&s->scratch,
	    p->account.password, (long)set->rounds, &p->hash, e) &&
	    session_transaction(s, begin, p, e);
	return p->begun;
}

bool
probe_open(struct probe *p, const struct settings *set, struct err *e)
{
	struct session *s = p->session;

	if (session_is_dry(s)) {
		p->account.failed = "dry run: no mail is sent";
		return true;
	}
	if (!rate_check(s, e))
		return false;
	if (account_open(p, set, e))
		return true;
	if (e->code != ERR_DATABASE && e->code != ERR_RETRY)
		return false;
	p->account.failed = arena_strdup(&s->scratch, e->text);
	err_clear(e);
	return true;
}

bool
probe_close(struct probe *p, struct err *e)
{
	/* Ctrl-C ended the run, and not this. */
	db_interrupt_forget(p->session->db);
	return !p->begun || session_transaction(p->session, end, p, e) ||
	    err_wrap(e, "%s keeps a password that nobody knows",
	    p->account.address);
}
