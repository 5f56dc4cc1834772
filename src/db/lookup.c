/* Trying the lookups of a mail server. */
#include "db/lookup.h"

#include <mysqld_error.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "db/private.h"

/* Without an option file of the map, those of the machine are not read. */
#define NO_OPTIONS "/dev/null"

struct lookup {
	struct db *db;
	struct db_settings settings;
};

struct lookup *
lookup_open(const struct lookup_account *account, unsigned timeout)
{
	struct lookup *l = calloc(1, sizeof(*l));

	if (l == NULL)
		out_of_memory();
	l->settings = (struct db_settings){
		.defaults_file = account->option_file != NULL ?
		    account->option_file : NO_OPTIONS,
		.daily = {
			.group = "client",
			.host = account->host,
			.socket = account->socket,
			.port = account->port,
			.user = account->user,
			.database = account->database,
			.remote = account->remote,
			.ca = account->ca,
		},
		.connect_timeout = timeout,
		.read_timeout = timeout,
		.write_timeout = timeout,
		.lock_timeout = timeout,
		.statement_ms = 1000 * timeout,
		.actor = "", .program = "",
	};
	l->db = db_open(&l->settings);
	if (account->password != NULL)
		db_password(l->db, account->password);
	return l;
}

bool
lookup_connect(struct lookup *l, struct err *e)
{
	return db_connect(l->db, e);
}

void
lookup_close(struct lookup *l)
{
	if (l == NULL)
		return;
	db_close(l->db);
	free(l);
}

/* --- trying ---------------------------------------------------------- */

/* EXPLAIN's columns. */
enum { PLAN_TABLE = 2, PLAN_TYPE = 3, PLAN_POSSIBLE_KEYS = 4 };

/* "SET STATEMENT max_statement_time = 3 FOR SELECT": EXPLAIN wants SELECT. */
static const char *
statement_of(const char *query)
{
	static const char set[] = "SET STATEMENT ";
	const char *at = query + strspn(query, " \t\r\n");

	if (strncasecmp(at, set, strlen(set)) != 0)
		return at;
	at = strcasestr(at, " FOR ");
	return at != NULL ? at + strlen(" FOR ") : query;
}

/* The server may read a small table as a whole although a key exists. */
static void
plan_take(struct arena *a, const struct db_cells *plan,
    struct lookup_trial *trial)
{
	for (size_t i = 0; i < plan->rows; i++) {
		const char *const *cell = plan->cell + i * plan->columns;
		const char *table, *type;

		if (plan->columns <= PLAN_POSSIBLE_KEYS)
			return;
		table = cell[PLAN_TABLE];
		type = cell[PLAN_TYPE];
		if (table != NULL && type != NULL && table[0] != '<' &&
		    cell[PLAN_POSSIBLE_KEYS] == NULL &&
		    (strcmp(type, "ALL") == 0 || strcmp(type, "index") == 0))
			words_add(a, &trial->scanned, table);
	}
}

static enum lookup_outcome
outcome_of(unsigned number)
{
	switch (number) {
	case ER_TABLEACCESS_DENIED_ERROR:
	case ER_COLUMNACCESS_DENIED_ERROR:
	case ER_DBACCESS_DENIED_ERROR:
	case ER_PROCACCESS_DENIED_ERROR:
		return LOOKUP_DENIED;
	}
	return LOOKUP_FAILS;
}

bool
lookup_try(struct lookup *l, struct arena *a, const char *query,
    struct lookup_trial *trial, struct err *e)
{
	const char *explain = arena_printf(a, "EXPLAIN %s",
	    statement_of(query));
	struct err answer = { 0 };
	struct db_cells plan;

	*trial = (struct lookup_trial){ .outcome = LOOKUP_WORKS };
	if (!db_connect(l->db, e))
		return false;
	if (db_script_texts(l->db, a, explain, &plan, &answer)) {
		plan_take(a, &plan, trial);
		return true;
	}
	if (l->db->lost || answer.code == ERR_INTERRUPTED) {
		*e = answer;
		return false;
	}
	trial->outcome = outcome_of(mysql_errno(l->db->mysql));
	trial->message = arena_strdup(a, mysql_error(l->db->mysql));
	l->db->transaction.failed = false;
	err_clear(&answer);
	return true;
}

bool
lookup_privileges(struct lookup *l, struct arena *a,
    struct privileges *privileges, struct err *e)
{
	return privileges_read(l->db, a, false, privileges, e);
}

const char *
lookup_query(struct arena *a, const char *table, const char *select,
    const char *where, const char *more)
{
	return arena_printf(a, "SELECT %s FROM %s WHERE %s = '%%s' %s", select,
	    table, where, more);
}

bool
lookup_has_our_tables(struct lookup *l, struct arena *a)
{
	struct lookup_trial trial = { .outcome = LOOKUP_FAILS };
	struct err e = { 0 };
	bool answered = lookup_try(l, a, "SELECT may_receive FROM users "
	    "LIMIT 1", &trial, &e);

	err_clear(&e);
	return answered && trial.outcome == LOOKUP_WORKS;
}
