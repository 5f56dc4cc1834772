/* Transactions that a person opens and closes in the shell. */
#include "cmd/run/session.h"
#include "model/history/history.h"

static bool
run_begin(struct session *s, const void *args, struct err *e)
{
	(void)args;
	if (db_in_transaction(s->db))
		return err_set(e, ERR_USAGE, "a transaction is open already");
	s->passwords_shown = false;
	return db_begin(s->db, e);
}

static bool
need_transaction(struct session *s, const char *verb, struct err *e)
{
	if (db_in_transaction(s->db))
		return true;
	err_set(e, ERR_USAGE, "no transaction is open to %s", verb);
	return err_hint(e, "begin opens one");
}

/* Says what will be written, then writes it. */
static bool
run_commit(struct session *s, const void *args, struct err *e)
{
	const char *summary;

	(void)args;
	if (!need_transaction(s, "commit", e))
		return false;
	if (db_transaction_failed(s->db))
		return db_commit(s->db, e);
	if (!history_summary(&s->mail, &summary, e))
		return false;
	if (summary != NULL)
		out_done(&s->out, "to write: %s", summary);
	if (!db_commit(s->db, e))
		return false;
	out_done(&s->out, summary != NULL ? "committed" :
	    "committed; nothing was changed");
	return true;
}

static bool
run_rollback(struct session *s, const void *args, struct err *e)
{
	(void)args;
	if (!need_transaction(s, "roll back", e))
		return false;
	db_rollback(s->db);
	out_done(&s->out, "rolled back; nothing was changed");
	return true;
}

const struct cmd transaction_cmds[] = {
	{ .name = "begin", .brief = "open a transaction",
	    .detail = "Everything until commit is one change, or none.",
	    .example = "begin",
	    .flags = CMD_DB | CMD_SHELL, .run = run_begin },
	{ .name = "commit", .brief = "keep what the open transaction did",
	    .detail =
	    "Says what that is first. After a failed command it can only be "
	    "rolled back.",
	    .example = "commit",
	    .flags = CMD_SHELL, .run = run_commit },
	{ .name = "rollback", .brief = "undo what the open transaction did",
	    .example = "rollback",
	    .flags = CMD_SHELL, .run = run_rollback },
	{ 0 }
};
