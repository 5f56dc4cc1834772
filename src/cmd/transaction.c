/* Commands that mean something in the shell: transactions and leaving. */
#include "cmd/session.h"
#include "out/terminal.h"

static bool
run_begin(struct session *s, const void *args, struct err *e)
{
	(void)args;
	if (db_in_transaction(s->db))
		return err_set(e, ERR_USAGE, "a transaction is open already");
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

static bool
run_commit(struct session *s, const void *args, struct err *e)
{
	bool writes;

	(void)args;
	if (!need_transaction(s, "commit", e))
		return false;
	writes = db_transaction_writes(s->db);
	if (!session_commit(s, e))
		return false;
	out_done(&s->out, writes ? "committed" :
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

static bool
run_quit(struct session *s, const void *args, struct err *e)
{
	bool yes = true;

	(void)args;
	if (db_in_transaction(s->db) && !terminal_ask("A transaction is "
	    "open. Leave and roll it back?", &yes, e))
		return false;
	s->quit = yes;
	return true;
}

const struct cmd shell_cmds[] = {
	{ "begin", "open a transaction",
	    "Everything until commit is one change, or none.", "begin",
	    NULL, 0, NULL, CMD_DB | CMD_SHELL, NULL, NULL, run_begin },
	{ "commit", "keep what the open transaction did", NULL, "commit",
	    NULL, 0, NULL, CMD_SHELL, NULL, NULL, run_commit },
	{ "rollback", "undo what the open transaction did", NULL,
	    "rollback",
	    NULL, 0, NULL, CMD_SHELL, NULL, NULL, run_rollback },
	{ "quit", "leave the shell", NULL, "quit",
	    NULL, 0, NULL, CMD_SHELL, NULL, NULL, run_quit },
	{ 0 }
};
