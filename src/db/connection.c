/* The connection to MariaDB: made when needed, and checked. */
#include <errmsg.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/private.h"

/*
 * Warnings become errors, sizes are never cut, and what other clients or a
 * server default would change under us is pinned: the character set, too,
 * for an init_connect may say SET NAMES behind libmariadb's back.  READ
 * COMMITTED: writes lock the rows they check, and gap locks would only add
 * deadlocks.
 */
#define SESSION_SETTINGS						\
    "SET NAMES utf8mb4, "						\
    "SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,"		\
    "NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',"\
    " time_zone = '+00:00', autocommit = 1, "				\
    "tx_isolation = 'READ-%s', innodb_lock_wait_timeout = %u, "		\
    "lock_wait_timeout = %u, max_statement_time = %u.%03u"

struct db *
db_open(const struct db_settings *settings)
{
	struct db *db = calloc(1, sizeof(*db));

	if (db == NULL)
		out_of_memory();
	db->settings = settings;
	db->password = (struct text)TEXT_INIT;
	pthread_mutex_init(&db->live.lock, NULL);
	db->live.fd = -1;
	db->hosts.only = HOST_ANY;
	return db;
}

unsigned
db_patience(const struct db_settings *s)
{
	return s->connect_timeout < 5 ? 1 : s->connect_timeout / 5;
}

struct db *
db_open_beside(struct db *other, const struct db_settings *settings)
{
	struct db *db = db_open(settings);

	pthread_mutex_lock(&other->live.lock);
	db->admin = other->admin;
	text_add_bytes(&db->password, other->password.buf,
	    other->password.len);
	pthread_mutex_unlock(&other->live.lock);
	return db;
}

void
db_password(struct db *db, const char *password)
{
	pthread_mutex_lock(&db->live.lock);
	text_clear(&db->password);
	text_add(&db->password, password);
	pthread_mutex_unlock(&db->live.lock);
}

static void
live_set(struct db *db)
{
	pthread_mutex_lock(&db->live.lock);
	db->live.fd = db->mysql ? (int)mysql_get_socket(db->mysql) : -1;
	db->live.session = db->mysql ? mysql_thread_id(db->mysql) : 0;
	db->live.host = db->hosts.current;
	pthread_mutex_unlock(&db->live.lock);
}

void
db_statement_close(struct statement *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->columns; i++)
		free(s->cell[i].text);
	free(s->cell);
	free(s->bind);
	mysql_stmt_close(s->stmt);
	free(s);
}

/* Prepared statements die with their connection. */
void
db_disconnect(struct db *db)
{
	MYSQL *mysql = db->mysql;

	for (size_t i = 0; i < SQL_STATEMENTS; i++) {
		db_statement_close(db->statement[i]);
		db->statement[i] = NULL;
	}
	db->mysql = NULL;
	live_set(db);
	if (mysql != NULL)
		mysql_close(mysql);
}

void
db_wipe(struct db *db)
{
	if (db->mysql != NULL && db->mysql->net.buff != NULL)
		explicit_bzero(db->mysql->net.buff,
		    db->mysql->net.max_packet);
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	BUG_ON(db->interrupter != NULL);
	db_disconnect(db);
	db_cache_clear(db);
	arena_clear(&db->transaction.memory);
	text_clear(&db->password);
	pthread_mutex_destroy(&db->live.lock);
	free(db);
}

static const struct db_account *
account_in_use(const struct db *db)
{
	return db->admin ? &db->settings->admin : &db->settings->daily;
}

static void
options_set(struct db *db)
{
	const struct db_settings *s = db->settings;
	const struct db_account *account = account_in_use(db);
	MYSQL *m = db->mysql;
	unsigned read_timeout = s->read_timeout;
	my_bool yes = 1;

	/* Waiting for a lock makes an answer late; it is not lost. */
	if (read_timeout <= s->lock_timeout)
		read_timeout = s->lock_timeout + 1;
	mysql_options(m, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	db_guard(m, account->remote && !account->tls_loosened);
	mysql_options(m, MYSQL_OPT_CONNECT_TIMEOUT, &s->connect_timeout);
	/* Statements that build tables may take long. */
	if (!db->admin)
		mysql_options(m, MYSQL_OPT_READ_TIMEOUT, &read_timeout);
	mysql_options(m, MYSQL_OPT_WRITE_TIMEOUT, &s->write_timeout);
	mysql_optionsv(m, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name",
	    "mailadm");
	if (s->defaults_file != NULL)
		mysql_options(m, MYSQL_READ_DEFAULT_FILE, s->defaults_file);
	mysql_options(m, MYSQL_READ_DEFAULT_GROUP, account->group);
	if (account->ca != NULL)
		mysql_options(m, MYSQL_OPT_SSL_CA, account->ca);
	if (account->remote) {
		mysql_optionsv(m, MYSQL_OPT_SSL_ENFORCE, &yes);
		mysql_optionsv(m, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
	}
}

/*
 * An option file may weaken these settings (libmariadb reads it while
 * connecting), so the result is checked.
 */
static bool
tls_check(struct db *db, struct err *e)
{
	my_bool verified = 0;

	if (!account_in_use(db)->remote)
		return true;
	mysql_get_option(db->mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT,
	    &verified);
	if (mysql_get_ssl_cipher(db->mysql) != NULL && verified)
		return true;
	err_set(e, ERR_DATABASE, "no verified TLS to the database server %s",
	    db->mysql->host ? db->mysql->host : "");
	return err_hint(e, "only a socket or loopback goes without; remove "
	    "skip-ssl and disable-ssl-verify-server-cert and set ssl-ca");
}

/* 10.6 has JSON_TABLE(), without which nothing is imported or undone. */
#define OLDEST_VERSION 100600
#define OLDEST "MariaDB 10.6"

/* "5.5.5-10.11.6-MariaDB-1" is 10.11.6: the prefix is for old replicas. */
static bool
server_check(struct db *db, struct err *e)
{
	const char *version = db->mysql->server_version;
	bool mariadb = mariadb_connection(db->mysql);

	if (mariadb && mysql_get_server_version(db->mysql) >= OLDEST_VERSION)
		return true;
	if (strncmp(version, "5.5.5-", 6) == 0)
		version += 6;
	return err_set(e, ERR_DATABASE, "the server is %s %.*s; mailadm needs "
	    OLDEST " or newer", mariadb ? "MariaDB" : "MySQL",
	    (int)strspn(version, "0123456789."), version);
}

static bool
session_set(struct db *db, struct err *e)
{
	const struct db_settings *set = db->settings;
	char text[sizeof(SESSION_SETTINGS) + 64];
	unsigned lock = set->lock_timeout, ms = set->statement_ms;

	if (strcmp(mysql_character_set_name(db->mysql), "utf8mb4") != 0 &&
	    mysql_set_character_set(db->mysql, "utf8mb4") != 0)
		return db_connection_failed(db, e);
	snprintf(text, sizeof(text), SESSION_SETTINGS,
	    set->uncommitted ? "UNCOMMITTED" : "COMMITTED", lock, lock,
	    ms / 1000, ms % 1000);
	if (mysql_real_query(db->mysql, text, strlen(text)) != 0)
		return db_connection_failed(db, e);
	return true;
}

static bool
host_connect(struct db *db, const struct host *host, const char *database)
{
	const struct db_account *account = account_in_use(db);

	db_disconnect(db);
	db->mysql = mysql_init(NULL);
	if (db->mysql == NULL)
		out_of_memory();
	options_set(db);
	return mysql_real_connect(db->mysql, host->name, account->user,
	    db->password.len > 0 ? db->password.buf : NULL, database,
	    host->port, account->socket, CLIENT_FOUND_ROWS) != NULL;
}

/* Those that take no writes are left out, unless there are no others. */
static bool
is_candidate(const struct db *db, size_t n)
{
	return db->hosts.only == HOST_ANY ? !db_host_left(db, n) :
	    n == db->hosts.only;
}

static bool
connect_to(struct db *db, const char *database)
{
	struct host hosts[HOSTS_MAX];
	struct arena a = { 0 };
	bool ok = false;

	db->hosts.count = db_hosts_parse(&a, account_in_use(db), hosts);
	for (size_t i = 0; !ok && i < db->hosts.count; i++) {
		if (!is_candidate(db, i))
			continue;
		db->hosts.current = i;
		ok = host_connect(db, &hosts[i], database);
		if (!ok && !db_host_is_away(mysql_errno(db->mysql)))
			break;
	}
	arena_clear(&a);
	return ok;
}

/* True when the server refused a missing password and a person gave one. */
static bool
password_ask(struct db *db)
{
	const struct db_settings *s = db->settings;
	unsigned number = mysql_errno(db->mysql);
	struct text password = TEXT_INIT;

	if ((number != ER_ACCESS_DENIED_ERROR &&
		number != ER_ACCESS_DENIED_NO_PASSWORD_ERROR) ||
	    db->password.len > 0 || s->ask_password == NULL ||
	    !s->ask_password(s->ask_arg, &password))
		return false;
	pthread_mutex_lock(&db->live.lock);
	db->password = password;
	pthread_mutex_unlock(&db->live.lock);
	return true;
}

/* The next command begins with the first host again. */
static void
hosts_left_wrap(struct db *db, struct err *e)
{
	if (db->hosts.left != 0)
		err_wrap(e, "a host takes no writes, and the next");
	db->hosts.left = 0;
}

/*
 * An administrator may connect without the database: schema_init() creates it.
 */
bool
db_reconnect(struct db *db, struct err *e)
{
	const char *database = account_in_use(db)->database;
	bool ok = connect_to(db, database);

	if (!ok && password_ask(db))
		ok = connect_to(db, database);
	if (!ok && db->admin && mysql_errno(db->mysql) == ER_BAD_DB_ERROR)
		ok = connect_to(db, "information_schema");
	if (!ok) {
		db_connection_failed(db, e);
		hosts_left_wrap(db, e);
	} else if (server_check(db, e) && tls_check(db, e) &&
	    session_set(db, e)) {
		db->transaction.failed = false;
		db->autocommit_off = false;
		db->lost = false;
		live_set(db);
		return true;
	}
	db_disconnect(db);
	return false;
}

void
db_switch_account(struct db *db, bool admin)
{
	db_disconnect(db);
	pthread_mutex_lock(&db->live.lock);
	text_clear(&db->password);
	db->admin = admin;
	db->hosts.left = 0;
	pthread_mutex_unlock(&db->live.lock);
}

const char *
db_name(const struct db *db)
{
	return account_in_use(db)->database;
}

bool
db_connect(struct db *db, struct err *e)
{
	if (!db_check_interrupted(db, e))
		return false;
	if (db->transaction.open)
		return true;
	if (db->mysql != NULL && !db_host_left(db, db->hosts.current) &&
	    mysql_ping(db->mysql) == 0)
		return true;
	return db_reconnect(db, e);
}

/* A transaction disables autocommit; later statements need it again. */
static bool
autocommit_set(struct db *db, struct err *e)
{
	if (mysql_autocommit(db->mysql, 1) != 0)
		return db_connection_failed(db, e);
	db->autocommit_off = false;
	return true;
}

bool
db_usable(struct db *db, struct err *e)
{
	if (!db_check_interrupted(db, e))
		return false;
	if (db->transaction.open &&
	    (db->mysql == NULL || db->transaction.failed))
		return err_set(e, ERR_DATABASE, "a command in this "
		    "transaction failed; type rollback");
	if (db->mysql == NULL)
		return db_reconnect(db, e);
	return !db->autocommit_off || db->transaction.open ||
	    autocommit_set(db, e);
}

const char *
db_connection(const struct db *db)
{
	return db->mysql ? mysql_get_host_info(db->mysql) : NULL;
}
