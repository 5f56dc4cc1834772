/*
 * What the commands of config share.
 */
#ifndef CMD_CONFIG_CONFIG_H
#define CMD_CONFIG_CONFIG_H

#include "cmd/run/session.h"
#include "model/findings.h"
#include "model/server/init.h"

/*
 * Prints files and what was done with each; for a person, the diffs as well.
 */
bool config_rows_print(struct session *s, const struct render_row *rows,
    size_t count, struct err *e);

/* The name of a directory without slashes at its end; the root stays "/". */
const char *config_directory(struct arena *a, const char *name);

/* The path of this program, for what cron is to run. */
const char *config_program(struct arena *a);

/* --- answers.c: what "config init" asks, or takes from options ---------- */

struct init_args {
	const char *out;
	const char *hostname;
	const char *certificate;
	const char *certificate_key;
	const char *database_hosts;
	const char *database_name;
	const char *database_clients;
	const char *mail_directory;
	const char *vmail_uid;
	const char *pop3;
	const char *webmail;
	const char *filter;
	const char *dkim_algorithms;
	const char *srs;
	const char *srs_domain;
	const char *addresses;
	const char *postfix_directory;
	const char *dovecot_directory;
};

extern const struct arg_type arg_answer_name, arg_answer_file,
    arg_answer_hosts, arg_answer_addresses, arg_answer_uid, arg_filter;

/*
 * Rows for an argument table but for the host name; `member` is the struct
 * init_args.
 */
#define INIT_ARGS(st, member)						\
	OPTION("--certificate", arg_answer_file, st,			\
	    member.certificate,						\
	    "its certificate, with the chain; empty: that of "		\
	    "Let's Encrypt"),						\
	OPTION("--certificate-key", arg_answer_file, st,		\
	    member.certificate_key,					\
	    "the private key; empty: that of Let's Encrypt"),		\
	OPTION("--database-hosts", arg_answer_hosts, st,		\
	    member.database_hosts,					\
	    "where the servers find the database: a socket, "		\
	    "host or host:port; several separated by spaces"),		\
	OPTION("--database-name", arg_answer_name, st,			\
	    member.database_name,					\
	    "name of the database"),					\
	OPTION("--database-clients", arg_answer_hosts, st,		\
	    member.database_clients,					\
	    "hosts from which the accounts connect, separated "		\
	    "by spaces"),						\
	OPTION("--mail-directory", arg_directory, st,			\
	    member.mail_directory,					\
	    "directory of the mail"),					\
	OPTION("--vmail-uid", arg_answer_uid, st,			\
	    member.vmail_uid,						\
	    "user and group id of vmail, the owner of the "		\
	    "mail"),							\
	OPTION("--pop3", arg_yes_no, st,				\
	    member.pop3,						\
	    "POP3 besides IMAP"),					\
	OPTION("--webmail", arg_yes_no, st,				\
	    member.webmail,						\
	    "a database account for a web mailer that "			\
	    "changes passwords"),					\
	OPTION("--filter", arg_filter, st,				\
	    member.filter,						\
	    "what signs and checks mail: rspamd, opendkim or "		\
	    "none; default: the one that is installed"),		\
	OPTION("--dkim-algorithms", arg_answer_name, st,		\
	    member.dkim_algorithms,					\
	    "keys that sign: rsa, or rsa ed25519 for both"),		\
	OPTION("--srs", arg_yes_no, st,					\
	    member.srs,							\
	    "forwarded mail gets a sender that passes SPF, by "		\
	    "postsrsd"),						\
	OPTION("--srs-domain", arg_answer_name, st,			\
	    member.srs_domain,						\
	    "domain of these senders; empty: srs. and the host "	\
	    "name"),							\
	OPTION("--addresses", arg_answer_addresses, st,			\
	    member.addresses,						\
	    "public addresses of the mail server, separated "		\
	    "by spaces; needed behind NAT"),				\
	OPTION("--postfix-directory", arg_directory, st,		\
	    member.postfix_directory,					\
	    "directory of the configuration of Postfix"),		\
	OPTION("--dovecot-directory", arg_directory, st,		\
	    member.dovecot_directory,					\
	    "directory of the configuration of Dovecot")

/*
 * A value for every setting that has a question, from the options, a person
 * (`asks`), the settings as they are below args->out, or the defaults; all of
 * them valid.  ERR_USAGE where this machine has no name and none is given.
 */
bool config_answers(struct session *s, const struct init_args *args,
    bool asks, struct init_answer **answers, struct err *e);

/* --- init.c -------------------------------------------------------------- */

/*
 * Makes the secret of the DKIM keys below `out` where there is none, and adds
 * its row to the result.  Last of all: where one of the files cannot be
 * written, no secret is left that nobody has copied.
 */
bool config_secret_make(struct session *s, const char *out,
    struct init_result *result, struct err *e);

/* --- report.c: config verify for people ------------------------------- */

/* The findings, grouped by file, as wide as the terminal. */
bool config_report_print(struct session *s, const struct report *r,
    struct err *e);

/* All that is known about a rule of the verifier. */
bool config_rule_explain(struct session *s, const char *id, struct err *e);

extern const struct field config_page_fields[];

/* --- fix.c: config verify --fix ---------------------------------------- */

/*
 * Changes the settings of Postfix in the directory as it is advised, after a
 * yes; *fixed: something was.
 */
bool config_fix(struct session *s, const struct report *r,
    const char *directory, bool *fixed, struct err *e);

#endif
