/* The table of the files of a mail server. */
#include "model/server/files.h"

#include <stddef.h>
#include <string.h>

#include "model/server/release.h"

const char *const server_set_names[] = {
	[SERVER_POSTFIX] = "postfix",
	[SERVER_DOVECOT] = "dovecot",
	[SERVER_FILTER] = "filter",
	[SERVER_GRANTS] = "grants",
	[SERVER_CRON] = "cron",
	[SERVER_SETS] = "all",
	NULL
};

#define POSTFIX "@POSTFIX_DIRECTORY@/"
#define DOVECOT "@DOVECOT_DIRECTORY@/"

/* Of all that is not secret. */
#define PUBLIC "root", "root", 0644, 0

#define RSPAMD_LOCAL(name, condition)					\
    { SERVER_FILTER, "postfix/rspamd/local.d/" name,			\
	"/etc/rspamd/local.d/" name, PUBLIC, condition }
#define RSPAMD_OVERRIDE(name)						\
    { SERVER_FILTER, "postfix/rspamd/override.d/" name,			\
	"/etc/rspamd/override.d/" name, PUBLIC, "FILTER_RSPAMD" }
/* A module that asks others; all of them from one template. */
#define RSPAMD_OFF(name)						\
    { SERVER_FILTER, "postfix/rspamd/override.d/off.conf",		\
	"/etc/rspamd/override.d/" name, PUBLIC, "FILTER_INSIDE" }
#define OPENDKIM(name, path)						\
    { SERVER_FILTER, "postfix/opendkim/" name, path, PUBLIC,		\
	"FILTER_OPENDKIM" }

/*
 * Where a template went before: named, if it is still there.  Two of these
 * names are of the package of Dovecot 2.3, which lets the group dovecot read
 * them whenever it is configured.
 */
#define FORMER(template, path, release)					\
    { SERVER_DOVECOT, "dovecot/" template ".conf.ext",			\
	DOVECOT path ".conf.ext", "root", "root", 0600, release, "FORMER" }

/* Postfix's maps hold its password and are opened by user postfix. */
const struct server_file server_files[] = {
	{ SERVER_POSTFIX, "postfix/main.cf", POSTFIX "main.cf",
	    "root", "root", 0644, 0, NULL },
	{ SERVER_POSTFIX, "postfix/master.cf", POSTFIX "master.cf",
	    "root", "root", 0644, 0, NULL },
	{ SERVER_POSTFIX, "postfix/client.cnf", POSTFIX "mailadm/client.cnf",
	    "root", "postfix", 0640, 0, NULL },
	{ SERVER_POSTFIX, "postfix/sql_*.cf", POSTFIX "mailadm/",
	    "root", "postfix", 0640, 0, NULL },
	{ SERVER_POSTFIX, "postfix/postsrsd", "/etc/default/postsrsd",
	    PUBLIC, "SRS" },
	{ SERVER_POSTFIX, "postfix/policy.cnf", "/etc/mailadm/policy.cnf",
	    "mailadm_policy", "root", 0600, 0, NULL },
	/* smtp opens it before it drops root; see master.cf. */
	{ SERVER_POSTFIX, "postfix/way_secrets.cf",
	    POSTFIX "mailadm/way_secrets.cf", "root", "root", 0600, 0, NULL },
	{ SERVER_DOVECOT, "dovecot/2.3/dovecot.conf", DOVECOT "dovecot.conf",
	    "root", "root", 0644, RELEASE(2, 3), NULL },
	{ SERVER_DOVECOT, "dovecot/2.3/mailadm-sql.conf.ext",
	    DOVECOT "mailadm-sql.conf.ext", "root", "root", 0600,
	    RELEASE(2, 3), NULL },
	{ SERVER_DOVECOT, "dovecot/2.3/mailadm-sql-names.conf.ext",
	    DOVECOT "mailadm-sql-names.conf.ext", "root", "root", 0600,
	    RELEASE(2, 3), NULL },
	{ SERVER_DOVECOT, "dovecot/2.3/mailadm-dict-sql.conf.ext",
	    DOVECOT "mailadm-dict-sql.conf.ext", "root", "dovecot", 0640,
	    RELEASE(2, 3), NULL },
	{ SERVER_DOVECOT, "dovecot/2.4/dovecot.conf", DOVECOT "dovecot.conf",
	    "root", "root", 0644, RELEASE(2, 4), NULL },
	{ SERVER_DOVECOT, "dovecot/2.4/mailadm-sql.conf.ext",
	    DOVECOT "mailadm-sql.conf.ext", "root", "root", 0600,
	    RELEASE(2, 4), NULL },
	FORMER("2.3/mailadm-sql", "dovecot-sql", RELEASE(2, 3)),
	FORMER("2.3/mailadm-sql-names", "dovecot-sql-names", RELEASE(2, 3)),
	FORMER("2.3/mailadm-dict-sql", "dovecot-dict-sql", RELEASE(2, 3)),
	FORMER("2.4/mailadm-sql", "dovecot-sql", RELEASE(2, 4)),
	{ SERVER_DOVECOT, "dovecot/junk.sieve", DOVECOT "junk.sieve",
	    PUBLIC, "FILTER_RSPAMD" },
	{ SERVER_FILTER, "postfix/tmpfiles.conf",
	    "/etc/tmpfiles.d/mailadm.conf", PUBLIC, "FILTER" },
	RSPAMD_LOCAL("worker-proxy.inc", "FILTER_RSPAMD"),
	RSPAMD_LOCAL("dkim_signing.conf", "FILTER_RSPAMD"),
	RSPAMD_LOCAL("milter_headers.conf", "FILTER_RSPAMD"),
	RSPAMD_LOCAL("dmarc.conf", "RSPAMD_DMARC"),
	RSPAMD_OVERRIDE("options.inc"),
	RSPAMD_OVERRIDE("worker-normal.inc"),
	RSPAMD_OVERRIDE("worker-controller.inc"),
	RSPAMD_OFF("rbl.conf"),
	RSPAMD_OFF("asn.conf"),
	RSPAMD_OFF("fuzzy_check.conf"),
	RSPAMD_OFF("phishing.conf"),
	RSPAMD_OFF("surbl.conf"),
	OPENDKIM("opendkim.conf", "/etc/opendkim.conf"),
	OPENDKIM("sign.lua", "/etc/opendkim-sign.lua"),
	OPENDKIM("opendmarc.conf", "/etc/opendmarc.conf"),
	OPENDKIM("policyd-spf.conf",
	    "/etc/postfix-policyd-spf-python/policyd-spf.conf"),
	{ SERVER_GRANTS, "sql/grants.sql", "/etc/mailadm/grants.sql",
	    "root", "root", 0600, 0, NULL },
	{ SERVER_CRON, "examples/mailadm.cron", "/etc/cron.d/mailadm",
	    "root", "root", 0644, 0, NULL, "/etc/cron.d" },
	{ SERVER_CRON, "examples/check.cnf", "/etc/mailadm/check.cnf",
	    "mailadm_check", "root", 0600, 0, NULL },
	{ SERVER_CRON, "examples/letsencrypt-deploy",
	    "/etc/letsencrypt/renewal-hooks/deploy/mailadm",
	    "root", "root", 0755, 0, NULL, "/etc/letsencrypt" },
	{ 0 }
};

bool
server_file_is_public(const struct server_file *f)
{
	return f->mode & 04;
}

bool
server_file_is_wanted(const struct server_file *f,
    const struct template_value *values)
{
	const struct template_value *v = values;

	if (f->condition == NULL)
		return true;
	while (v->name != NULL && strcmp(v->name, f->condition) != 0)
		v++;
	BUG_ON(v->name == NULL);
	return v->text != NULL;
}
