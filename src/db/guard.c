/*
 * What a server cannot have of us: a file, or the password in clear.
 *
 * A server may be false.  An option file may allow what is refused here:
 * libmariadb reads it while it connects, and its values win.  So what must
 * hold whatever the file says is not left to options.
 */
#include <errmsg.h>
#include <pthread.h>
#include <stdio.h>

#include "db/private.h"

/* --- files ----------------------------------------------------------- */

/*
 * A server may ask for a file of the client's in answer to any statement.
 * An option file can allow it again, but not replace the function that reads
 * the file.
 */
static int
infile_refuse(void **arg, const char *name, void *unused)
{
	*arg = NULL;
	(void)name;
	(void)unused;
	return 1;
}

static int
infile_read(void *arg, char *buf, unsigned size)
{
	(void)arg;
	(void)buf;
	(void)size;
	return -1;
}

static void
infile_end(void *arg)
{
	(void)arg;
}

static int
infile_error(void *arg, char *buf, unsigned size)
{
	(void)arg;
	snprintf(buf, size, "the server asks for a file of this machine");
	return CR_UNKNOWN_ERROR;
}

/* --- passwords ------------------------------------------------------- */

/*
 * How an account may log in.  A server can ask for another way than the one
 * that the client begins with; those which show it the password are not
 * among these.  caching_sha2_password does without a verified certificate.
 */
#define LOGIN_PLUGINS "mysql_native_password,client_ed25519,parsec"
#define LOGIN_PLUGINS_TLS LOGIN_PLUGINS ",caching_sha2_password"

/*
 * The ABI of libmariadb's plugins: a header that comes without the files
 * that it includes declares it.
 */
#define AUTHENTICATION 2
#define AUTHENTICATION_VERSION 0x0100

struct login {
	MYSQL_CLIENT_PLUGIN_HEADER
	int (*log_in)(void *vio, MYSQL *m);
};

static int
login_refuse(void *vio, MYSQL *m)
{
	(void)vio;
	(void)m;
	return CR_PLUGIN_NOT_ALLOWED;
}

/*
 * The option restricted-auth of a file would replace that list.  mailadm
 * refuses such a file (file/option_file.h); but files of Postfix and Dovecot
 * are read here, too.  So the plugins that show the password are taken by
 * ours: a name that is registered is not loaded from plugin-dir.
 */
static void
logins_take(void)
{
	static struct login taken[] = {
		{ .name = "mysql_clear_password" },
		{ .name = "dialog" },
		{ .name = "sha256_password" },
	};

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		taken[i].type = AUTHENTICATION;
		taken[i].interface_version = AUTHENTICATION_VERSION;
		taken[i].log_in = login_refuse;
		mysql_client_register_plugin(NULL,
		    (struct st_mysql_client_plugin *)&taken[i]);
	}
}

void
db_guard(MYSQL *m, bool verified)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	unsigned no = 0;

	pthread_once(&once, logins_take);
	mysql_options(m, MYSQL_OPT_LOCAL_INFILE, &no);
	mysql_set_local_infile_handler(m, infile_refuse, infile_read,
	    infile_end, infile_error, NULL);
	mysql_optionsv(m, MARIADB_OPT_RESTRICTED_AUTH,
	    verified ? LOGIN_PLUGINS_TLS : LOGIN_PLUGINS);
}
