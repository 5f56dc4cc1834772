/* begin, commit and rollback: transactions that a person opens in the shell. */
#include "cmd/run/hooks.h"
#include "cmd/run/session.h"
#include "model/history/history.h"

static bool
run_begin(struct session *s, const void *args, struct err *e)
{
	(void)args;
	if (db_in_transaction(s->db))
		return err_set(e, ERR_USAGE, "a transaction is already open");
	s->passwords_shown = false;
	return db_begin(s->db, e);
}

static bool
need_transaction(struct session *s, struct err *e)
{
	if (db_in_transaction(s->db))
		return true;
	err_set(e, ERR_USAGE, "no open transaction");
	return err_hint(e, "open one with: begin");
}

static bool
run_commit(struct session *s, const void *args, struct err *e)
{
	const char *summary;

	(void)args;
	if (!need_transaction(s, e))
		return false;
	/* The whole shell runs with --dry-run. */
	if (session_is_dry(s)) {
		db_rollback(s->db);
		out_note(&s->out, "dry run: nothing was changed");
		return true;
	}
	if (!history_summary(&s->mail, &summary, e))
		return false;
	if (!db_commit(s->db, e))
		return false;
	if (summary != NULL)
		out_done(&s->out, "committed: %s", summary);
	else
		out_done(&s->out, "committed; nothing was changed");
	session_hooks(s);
	return true;
}

static bool
run_rollback(struct session *s, const void *args, struct err *e)
{
	(void)args;
	if (!need_transaction(s, e))
		return false;
	db_rollback(s->db);
	out_done(&s->out, "rolled back; nothing was changed");
	return true;
}

const struct cmd transaction_cmds[] = {
	{ .name = "begin", .brief = "open a transaction",
	    .detail = "All commands until commit are one change, or nothing.",
	    .example = "begin",
	    .flags = CMD_DB | CMD_SHELL, .run = run_begin },
	{ .name = "commit", .brief = "commit the open transaction",
	    .detail =
	    "Prints what was changed. A command that was refused has changed "
	    "nothing and is not in it.",
	    .example = "commit",
	    .flags = CMD_SHELL, .run = run_commit },
	{ .name = "rollback", .brief = "roll back the open transaction",
	    .example = "rollback",
	    .flags = CMD_SHELL, .run = run_rollback },
	{ 0 }
};
