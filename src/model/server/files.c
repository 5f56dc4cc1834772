/* The table of the files of a mail server. */
#include "model/server/files.h"

#include <stddef.h>

#include "model/server/release.h"

const char *const server_set_names[] = {
	[SERVER_POSTFIX] = "postfix",
	[SERVER_DOVECOT] = "dovecot",
	[SERVER_GRANTS] = "grants",
	[SERVER_CRON] = "cron",
	[SERVER_SETS] = "all",
	NULL
};

#define POSTFIX "@POSTFIX_DIRECTORY@/"
#define DOVECOT "@DOVECOT_DIRECTORY@/"

/* Postfix's maps hold its password and are opened by user postfix. */
const struct server_file server_files[] = {
	{ SERVER_POSTFIX, "postfix/main.cf", POSTFIX "main.cf",
	    "root", "root", 0644, 0 },
	{ SERVER_POSTFIX, "postfix/master.cf", POSTFIX "master.cf",
	    "root", "root", 0644, 0 },
	{ SERVER_POSTFIX, "postfix/client.cnf", POSTFIX "mailadm/client.cnf",
	    "root", "postfix", 0640, 0 },
	{ SERVER_POSTFIX, "postfix/sql_*.cf", POSTFIX "mailadm/",
	    "root", "postfix", 0640, 0 },
	{ SERVER_DOVECOT, "dovecot/2.3/dovecot.conf", DOVECOT "dovecot.conf",
	    "root", "root", 0644, RELEASE(2, 3) },
	{ SERVER_DOVECOT, "dovecot/2.3/dovecot-sql.conf.ext",
	    DOVECOT "dovecot-sql.conf.ext", "root", "root", 0600,
	    RELEASE(2, 3) },
	{ SERVER_DOVECOT, "dovecot/2.3/dovecot-dict-sql.conf.ext",
	    DOVECOT "dovecot-dict-sql.conf.ext", "root", "dovecot", 0640,
	    RELEASE(2, 3) },
	{ SERVER_DOVECOT, "dovecot/2.4/dovecot.conf", DOVECOT "dovecot.conf",
	    "root", "root", 0644, RELEASE(2, 4) },
	{ SERVER_DOVECOT, "dovecot/2.4/dovecot-sql.conf.ext",
	    DOVECOT "dovecot-sql.conf.ext", "root", "root", 0600,
	    RELEASE(2, 4) },
	{ SERVER_GRANTS, "sql/grants.sql", "/etc/mailadm/grants.sql",
	    "root", "root", 0600, 0 },
	{ SERVER_CRON, "examples/mailadm.cron", "/etc/cron.d/mailadm",
	    "root", "root", 0644, 0 },
	{ SERVER_CRON, "examples/check.cnf", "/etc/mailadm/check.cnf",
	    "mailadm_check", "root", 0600, 0 },
	{ SERVER_CRON, "examples/letsencrypt-deploy",
	    "/etc/letsencrypt/renewal-hooks/deploy/mailadm",
	    "root", "root", 0755, 0 },
	{ 0 }
};

bool
server_file_is_public(const struct server_file *f)
{
	return f->mode & 04;
}
