/*
 * Commands that write: each in one transaction, done again as a whole.
 *
 * Results are printed before the commit, because what cannot be printed (a
 * generated password) must not be kept; messages are held until after it.
 * The server may ask for a transaction again (a deadlock, a lock that is
 * not free in time, a cluster): then it is run from the start, with growing
 * pauses, unless results have left already.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "cmd/run/hooks.h"
#include "cmd/run/session.h"

/* How often a unit is run when the server asks for it again. */
#define UNIT_TRIES 6
#define PAUSE_MS 20

static void
pause_before(int try)
{
	unsigned char byte = 0;
	struct timespec t = { 0 };
	long ms;

	if (getrandom(&byte, 1, 0) != 1)
		byte = 128;
	ms = (PAUSE_MS << try) * (64L + byte) / 192;
	t.tv_sec = ms / 1000;
	t.tv_nsec = ms % 1000 * 1000000;
	nanosleep(&t, NULL);
}

void
session_did(struct session *s, const char *fmt, ...)
{
	struct text t = TEXT_INIT;
	va_list ap;

	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	s->did = arena_strdup(&s->scratch, t.buf);
	text_clear(&t);
}

/* A later error must not hide what was done. */
static bool
done_but(struct session *s, struct err *e)
{
	if (session_is_one_transaction(s))
		err_wrap(e, "the batch is done and committed, but");
	else
		err_wrap(e, "%s is done and committed, but",
		    s->cmd != NULL ? s->cmd->name : "the command");
	return err_hint(e, "do not repeat it%s", s->signing != SIGNING_SAME ||
	    s->mail.signing ? "; run: mailadm dkim sync" : "");
}

/*
 * An error that a command ends with, after its commit or in it: what was
 * printed before is true, or it is not.
 */
bool
session_verdict(struct session *s, struct err *e)
{
	enum db_verdict verdict = s->db == NULL ? DB_NOTHING :
	    db_verdict(s->db);

	if (db_has_committed(s->db) && verdict != DB_UNKNOWN)
		return done_but(s, e);
	if (s->did != NULL)
		return err_wrap(e, "%s, but", s->did);
	if (!s->passwords_shown)
		return false;
	if (verdict == DB_ROLLED_BACK)
		return err_hint(e, "the passwords shown are not valid");
	if (verdict == DB_UNKNOWN)
		err_hint(e, "%s; the passwords shown are valid only if it was "
		    "committed", e->hint);
	return false;
}

static bool
unit_commit(struct session *s, struct err *e)
{
	if (session_is_dry(s)) {
		bool ok = out_results_flush(&s->out, e);

		db_rollback(s->db);
		if (ok)
			out_note(&s->out, "dry run: nothing was changed");
		return ok;
	}
	return out_results_flush(&s->out, e) && db_commit(s->db, e);
}

static bool
unit_try(struct session *s, session_unit unit, void *arg, struct err *e)
{
	bool ok;

	s->passwords_shown = false;
	s->signing = SIGNING_SAME;
	s->mail.signing = false;
	out_hold(&s->out);
	ok = db_begin(s->db, e) && unit(s, arg, e) && unit_commit(s, e);
	if (ok) {
		ok = out_release(&s->out, e);
		session_hooks(s);
		return ok;
	}
	db_rollback(s->db);
	out_discard(&s->out);
	s->mail.notes = (struct words){ 0 };
	return false;
}

bool
session_transaction(struct session *s, session_unit unit, void *arg,
    struct err *e)
{
	for (int try = 0;; try++) {
		if (unit_try(s, unit, arg, e))
			return true;
		if (e->code != ERR_RETRY || s->out.written ||
		    try + 1 == UNIT_TRIES)
			return false;
		if (s->out.error_terminal)
			out_note(&s->out, "%s; trying again", e->text);
		err_clear(e);
		pause_before(try);
	}
}

/* What it says is held: it may be undone, with all that it has written. */
static bool
part_write(struct session *s, session_unit unit, void *arg,
    struct err *e)
{
	const bool held = s->out.hold;

	if (!held)
		out_hold(&s->out);
	if (unit(s, arg, e))
		return held || out_release(&s->out, e);
	if (!held)
		out_discard(&s->out);
	/* What a failed command has begun must not be committed. */
	db_transaction_fail(s->db);
	return false;
}

bool
session_write(struct session *s, session_unit unit, void *arg,
    struct err *e)
{
	return db_in_transaction(s->db) ? part_write(s, unit, arg, e) :
	    session_transaction(s, unit, arg, e);
}

bool
session_step(struct session *s, session_unit unit, void *arg, struct err *e)
{
	const bool shown = s->passwords_shown;
	const enum signing signing = s->signing;

	if (!db_step_begin(s->db, e))
		return false;
	s->passwords_shown = false;
	if (unit(s, arg, e)) {
		db_step_end(s->db);
		s->passwords_shown |= shown;
		return true;
	}
	if (s->passwords_shown)
		err_hint(e, "the passwords shown are not valid");
	s->passwords_shown = shown;
	if (db_step_undo(s->db))
		s->signing = signing;
	return false;
}
