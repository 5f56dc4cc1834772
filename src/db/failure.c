/* What the server's errors mean: one row an error. */
#include <errmsg.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <string.h>

#include "db/private.h"

struct meaning {
	unsigned number;
	enum err_code code;
	const char *what;	/* before the server's message, or NULL */
	const char *hint;
	bool alone;		/* the server's message adds nothing */
};

#define HINT_GRANTS "what each account needs: mailadm config render grants "\
    "--out /, then mariadb </etc/mailadm/grants.sql"
#define HINT_SCHEMA "create the tables with: mailadm schema init"
#define HINT_BINLOG "set binlog_format = MIXED or ROW in the "		\
    "configuration of the server"
#define HINT_SERVER "is the server running, and are host, port and socket "\
    "right? mailadm status shows what is used"

static const struct meaning meanings[] = {
	{ ER_DUP_ENTRY, ERR_EXISTS, "already exists", NULL },
	{ ER_ROW_IS_REFERENCED_2, ERR_REFUSED, "still in use", NULL },
	{ ER_NO_REFERENCED_ROW_2, ERR_NOT_FOUND, "no such domain", NULL },
	{ ER_SIGNAL_EXCEPTION, ERR_REFUSED, NULL, NULL },
	{ ER_CONSTRAINT_FAILED, ERR_INVALID, "not valid", NULL },
	{ ER_DATA_TOO_LONG, ERR_INVALID, "too long", NULL },
	{ ER_TRUNCATED_WRONG_VALUE_FOR_FIELD, ERR_INVALID, "not valid", NULL },
	{ ER_WARN_DATA_OUT_OF_RANGE, ERR_INVALID, "too large", NULL },
	{ ER_LOCK_WAIT_TIMEOUT, ERR_RETRY, "another transaction holds the rows",
	    "try again; an open transaction elsewhere may be the cause" },
	{ ER_LOCK_DEADLOCK, ERR_RETRY, "in conflict with another transaction",
	    "try again" },
	{ ER_CHECKREAD, ERR_RETRY, "another transaction changed the row",
	    "try again" },
	{ ER_SP_DOES_NOT_EXIST, ERR_RETRY, "the server dropped the "
	    "transaction", "try again; nothing of it was kept" },
	{ ER_ERROR_DURING_COMMIT, ERR_RETRY, "the cluster did not take the "
	    "transaction", "try again" },
	{ ER_UNKNOWN_COM_ERROR, ERR_RETRY, "the cluster node is not ready",
	    "try again, or name another host" },
	{ ER_DBACCESS_DENIED_ERROR, ERR_DENIED,
	    "the account may not use this database", HINT_GRANTS },
	{ ER_ACCESS_DENIED_ERROR, ERR_DENIED,
	    "the server does not let this account in",
	    "check user and password in the option file (mailadm.cnf)" },
	{ ER_ACCESS_DENIED_NO_PASSWORD_ERROR, ERR_DENIED,
	    "the server does not let this account in",
	    "check user and password in the option file (mailadm.cnf)" },
	{ ER_TABLEACCESS_DENIED_ERROR, ERR_DENIED,
	    "the account lacks a privilege", HINT_GRANTS },
	{ ER_COLUMNACCESS_DENIED_ERROR, ERR_DENIED,
	    "the account lacks a privilege", HINT_GRANTS },
	{ ER_SPECIFIC_ACCESS_DENIED_ERROR, ERR_DENIED,
	    "the account lacks a privilege", HINT_GRANTS },
	{ ER_PROCACCESS_DENIED_ERROR, ERR_DENIED,
	    "the account lacks a privilege", HINT_GRANTS },
	{ ER_BINLOG_CREATE_ROUTINE_NEED_SUPER, ERR_DENIED,
	    "creating triggers needs more than TRIGGER where the binary log "
	    "is on", "run it as root over the socket, or SET GLOBAL "
	    "log_bin_trust_function_creators = 1" },
	{ ER_NO_SUCH_USER, ERR_DATABASE, "the account that the "
	    "triggers run as does not exist",
	    "mailadm schema upgrade creates them again" },
	{ ER_BINLOG_STMT_MODE_AND_ROW_ENGINE, ERR_DATABASE, "the server "
	    "takes no writes of mailadm with binlog_format = STATEMENT",
	    HINT_BINLOG, .alone = true },
	{ ER_BAD_DB_ERROR, ERR_DATABASE, NULL, HINT_SCHEMA },
	{ ER_NO_DB_ERROR, ERR_DATABASE, "no database is configured",
	    "set database in the group [mailadm] of the option file, or give "
	    "--database" },
	{ ER_NO_SUCH_TABLE, ERR_DATABASE, "the tables do not exist",
	    HINT_SCHEMA },
	{ ER_CON_COUNT_ERROR, ERR_DATABASE, NULL, "try again later" },
	{ CR_CONNECTION_ERROR, ERR_DATABASE, "cannot reach the database",
	    HINT_SERVER },
	{ CR_CONN_HOST_ERROR, ERR_DATABASE, "cannot reach the database",
	    HINT_SERVER },
	{ CR_UNKNOWN_HOST, ERR_DATABASE, "cannot reach the database",
	    HINT_SERVER },
	{ CR_SERVER_GONE_ERROR, ERR_DATABASE,
	    "the connection to the database was lost", NULL },
	{ CR_SERVER_LOST, ERR_DATABASE,
	    "the connection to the database was lost", NULL },
	{ CR_SSL_CONNECTION_ERROR, ERR_DATABASE,
	    "no verified TLS to the database",
	    "set ssl-ca in the option file; see mailadm.conf(5)" },
	/*
	 * The message of libmariadb names random memory instead of the plugin.
	 */
	{ CR_PLUGIN_NOT_ALLOWED, ERR_DATABASE,
	    "the server asks for the password in a way that would show it",
	    "mailadm needs MariaDB 10.6 or newer, and an account that logs in "
	    "by mysql_native_password, ed25519 or parsec", .alone = true },
	{ 0 }
};

bool
db_is_lost(unsigned number)
{
	/* The error number is 0: the outcome is not known. */
	return number == 0 || number == CR_SERVER_GONE_ERROR ||
	    number == CR_SERVER_LOST || number == ER_CONNECTION_KILLED ||
	    number == ER_SERVER_SHUTDOWN;
}

enum db_verdict
db_verdict(const struct db *db)
{
	return (enum db_verdict)db->transaction.verdict;
}

bool
db_interrupted_err(const struct db *db, struct err *e)
{
	return err_set(e, ERR_INTERRUPTED,
	    db_verdict(db) == DB_OPEN || db_verdict(db) == DB_ROLLED_BACK ?
	    "interrupted; rolled back" : "interrupted");
}

bool
db_check_interrupted(const struct db *db, struct err *e)
{
	return !db->interrupted || db_interrupted_err(db, e);
}

/*
 * A statement that fails may fail because the transaction is gone, with the
 * rows and locks that it had: then all of it has to be done again.  The
 * savepoint of a step shows the same, and what that step wrote goes anyway.
 */
static bool
is_dropped(struct db *db)
{
	struct transaction *t = &db->transaction;
	const char *look = t->step.open ? STEP_UNDO :
	    "RELEASE SAVEPOINT " GUARD;
	bool there;

	if (!t->open || !t->guarded || db->lost)
		return false;
	there = mysql_real_query(db->mysql, look, strlen(look)) == 0;
	t->guarded = there && t->step.open;
	return !there && mysql_errno(db->mysql) == ER_SP_DOES_NOT_EXIST;
}

static bool
dropped(struct db *db, struct err *e)
{
	db->transaction.failed = true;
	err_set(e, ERR_RETRY, "the server dropped the transaction");
	return err_hint(e, "try again; nothing of it was kept");
}

bool
db_check_transaction(struct db *db, struct err *e)
{
	return !db->transaction.open ||
	    db->mysql->server_status & SERVER_STATUS_IN_TRANS ||
	    dropped(db, e);
}

static bool
takes_no_writes(struct db *db, const char *message, struct err *e)
{
	const char *name = db->mysql->host != NULL ? db->mysql->host :
	    "of the socket";

	if (db_host_leave(db)) {
		err_set(e, ERR_RETRY, "the host %s takes no writes", name);
		return err_hint(e, "run it again: the next host is tried");
	}
	err_set(e, ERR_DATABASE, "the server takes no writes: %s", message);
	return err_hint(e, db->hosts.count > 1 ? "none of the hosts does; "
	    "name the primary server as host" :
	    "name the primary server as host");
}

static const struct meaning *
meaning_of(unsigned number)
{
	const struct meaning *m = meanings;

	while (m->number != 0 && m->number != number)
		m++;
	return m;
}

bool
db_failed(struct db *db, unsigned number, const char *message, struct err *e)
{
	const struct meaning *m = meaning_of(number);
	char kept[MYSQL_ERRMSG_SIZE];

	db->transaction.failed = true;
	db->lost |= db_is_lost(number);
	if (!db_check_interrupted(db, e))
		return false;
	/* It may be the connection's, which has its next answer in it then. */
	snprintf(kept, sizeof(kept), "%s", message);
	if (m->code != ERR_RETRY && is_dropped(db))
		return dropped(db, e);
	if (number == ER_OPTION_PREVENTS_STATEMENT)
		return takes_no_writes(db, kept, e);
	if (number == 0)
		err_set(e, ERR_DATABASE, "the database failed without an "
		    "error; the client library may be out of memory");
	else if (m->number == 0)
		err_set(e, ERR_DATABASE, "the database failed: %s (%u)",
		    kept, number);
	else if (m->what == NULL || m->alone)
		err_set(e, m->code, "%s", m->alone ? m->what : kept);
	else
		err_set(e, m->code, "%s: %s", m->what, kept);
	if (m->hint != NULL)
		err_hint(e, "%s", m->hint);
	return false;
}

bool
db_connection_failed(struct db *db, struct err *e)
{
	return db_failed(db, mysql_errno(db->mysql), mysql_error(db->mysql),
	    e);
}
