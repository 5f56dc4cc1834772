/* mailadm config init: asks questions and writes files from the answers. */
#include <inttypes.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "cmd/config/config.h"
#include "model/dkim/secret.h"
#include "model/server/filter.h"
#include "model/server/hosts.h"
#include "model/server/init.h"
#include "print/ask.h"
#include "print/terminal.h"

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
	const char *addresses;
	const char *postfix_directory;
	const char *dovecot_directory;
};

#define GIVEN(member)							\
    .given = offsetof(struct init_args, member) +			\
    0 * sizeof(_Generic(((struct init_args *)0)->member, const char *: 0))

/* The questions in order; a row without a text is only an option. */
static const struct question {
	const char *setting;
	size_t given;			/* in struct init_args */
	const char *text;
} questions[] = {
	{ .setting = "hostname", GIVEN(hostname),
	    .text = "Full name of the mail server" },
	{ .setting = "certificate", GIVEN(certificate),
	    .text = "File of its certificate, with the chain" },
	{ .setting = "certificate_key", GIVEN(certificate_key),
	    .text = "File of the private key" },
	{ .setting = "database_hosts", GIVEN(database_hosts),
	    .text = "Database: a socket, host or host:port; several separated "
	    "by spaces" },
	{ .setting = "database_name", GIVEN(database_name),
	    .text = "Name of the database" },
	{ .setting = "database_clients", GIVEN(database_clients),
	    .text = "Hosts from which the database accounts connect" },
	{ .setting = "mail_directory", GIVEN(mail_directory),
	    .text = "Directory of the mail" },
	{ .setting = "vmail_uid", GIVEN(vmail_uid),
	    .text = "User id of the owner of the mail" },
	{ .setting = "pop3", GIVEN(pop3),
	    .text = "POP3 as well as IMAP, yes or no" },
	{ .setting = "filter", GIVEN(filter),
	    .text = "Mail filter (DKIM, SPF, DMARC): rspamd, opendkim or "
	    "none" },
	{ .setting = "dkim_algorithms", GIVEN(dkim_algorithms),
	    .text = "DKIM keys: rsa, or rsa ed25519 for both" },
	{ .setting = "webmail", GIVEN(webmail) },
	{ .setting = "addresses", GIVEN(addresses) },
	{ .setting = "postfix_directory", GIVEN(postfix_directory) },
	{ .setting = "dovecot_directory", GIVEN(dovecot_directory) },
	{ 0 }
};

#define QUESTIONS (sizeof(questions) / sizeof(questions[0]) - 1)

/* An empty answer is valid; model/server/init.h checks all others. */
static const struct arg_type arg_answer_file = {
	.metavar = "FILE", .may_be_empty = true, .complete = COMPLETE_FILE
};
static const struct arg_type arg_answer_name = {
	.metavar = "NAME", .may_be_empty = true
};
static const struct arg_type arg_answer_hosts = {
	.metavar = "HOSTS", .may_be_empty = true
};
static const struct arg_type arg_answer_addresses = {
	.metavar = "ADDRESSES", .may_be_empty = true
};
static const struct arg_type arg_answer_uid = {
	.metavar = "UID", .may_be_empty = true
};

static const struct arg_type arg_filter = {
	.metavar = "NAME", .choices = setting_filters, .choice = "filter"
};

static const struct arg init_arg[] = {
	OPTION("--hostname", arg_answer_name, init_args, hostname,
	    "full name of the mail server; default: that of this machine"),
	OPTION("--certificate", arg_answer_file, init_args, certificate,
	    "its certificate, with the chain; empty: that of Let's Encrypt"),
	OPTION("--certificate-key", arg_answer_file, init_args,
	    certificate_key, "the private key; empty: that of Let's Encrypt"),
	OPTION("--database-hosts", arg_answer_hosts, init_args, database_hosts,
	    "where the servers find the database: a socket, host or "
	    "host:port; several separated by spaces"),
	OPTION("--database-name", arg_answer_name, init_args, database_name,
	    "name of the database"),
	OPTION("--database-clients", arg_answer_hosts, init_args,
	    database_clients,
	    "hosts from which the accounts connect, separated by spaces"),
	OPTION("--mail-directory", arg_directory, init_args, mail_directory,
	    "directory of the mail"),
	OPTION("--vmail-uid", arg_answer_uid, init_args, vmail_uid,
	    "user and group id of vmail, the owner of the mail"),
	OPTION("--pop3", arg_yes_no, init_args, pop3, "POP3 besides IMAP"),
	OPTION("--webmail", arg_yes_no, init_args, webmail,
	    "a database account for a web mailer that changes passwords"),
	OPTION("--filter", arg_filter, init_args, filter,
	    "what signs and checks mail: rspamd, opendkim or none; default: "
	    "the one that is installed"),
	OPTION("--dkim-algorithms", arg_answer_name, init_args,
	    dkim_algorithms, "keys that sign: rsa, or rsa ed25519 for both"),
	OPTION("--addresses", arg_answer_addresses, init_args, addresses,
	    "public addresses of the mail server, separated by spaces; needed "
	    "behind NAT"),
	OPTION("--postfix-directory", arg_directory, init_args,
	    postfix_directory, "directory of the configuration of Postfix"),
	OPTION("--dovecot-directory", arg_directory, init_args,
	    dovecot_directory, "directory of the configuration of Dovecot"),
	OPTION("--out", arg_directory, init_args, out,
	    "write below this directory instead of /"),
	{ 0 }
};

/* The answers so far, and the settings from them and the file. */
struct asking {
	struct session *s;
	const struct init_args *args;
	const char *out;
	struct settings settings;
	struct init_answer answer[QUESTIONS + 1];
	size_t count;
};

static const char *
given(const struct init_args *args, const struct question *q)
{
	const char *value;

	memcpy(&value, (const char *)args + q->given, sizeof(value));
	return value;
}

static const char *
answered(const struct asking *a, const char *setting)
{
	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(a->answer[i].setting, setting) == 0)
			return a->answer[i].value;
	}
	return NULL;
}

/* A database elsewhere sees this machine by its name. */
static const char *
clients_offered(struct asking *a, const char *now)
{
	struct arena *arena = &a->s->scratch;
	struct settings s = a->settings;
	struct server_database d;

	s.database_hosts = answered(a, "database_hosts");
	server_database(arena, &s, &d);
	if (d.remote && strcmp(now, "localhost") == 0)
		return d.socket == NULL ? answered(a, "hostname") :
		    arena_printf(arena, "localhost %s",
			answered(a, "hostname"));
	if (!d.remote && a->settings.hostname != NULL &&
	    strcmp(now, a->settings.hostname) == 0)
		return "localhost";
	return now;
}

/* A server that was set up before keeps what it has. */
static const char *
filter_offered(struct asking *a, const char *now)
{
	return a->settings.hostname != NULL ? now :
	    server_filter_proposed(&a->s->scratch);
}

/* The default of a question, or "". */
static const char *
offered(struct asking *a, const struct question *q)
{
	struct arena *arena = &a->s->scratch;
	const char *now = setting_text(arena, setting_find(q->setting),
	    &a->settings);
	const char *own;

	if (strcmp(q->setting, "database_clients") == 0)
		return clients_offered(a, now);
	if (strcmp(q->setting, "filter") == 0)
		return filter_offered(a, now);
	if (strcmp(q->setting, "hostname") != 0 || *now != '\0')
		return now;
	own = server_own_name(arena);
	return own != NULL ? own : "";
}

/* An empty certificate means that of Let's Encrypt; its path is shown. */
static const char *
shown(struct asking *a, const struct question *q, const char *offer)
{
	struct settings s = a->settings;

	s.hostname = answered(a, "hostname");
	if (strcmp(q->setting, "certificate") == 0 && *offer == '\0')
		return server_certificate(&a->s->scratch, &s);
	if (strcmp(q->setting, "certificate_key") == 0 && *offer == '\0')
		return server_certificate_key(&a->s->scratch, &s);
	return offer;
}

/* Asks until the answer is valid. */
static bool
ask(struct asking *a, const struct question *q, const char *offer,
    const char **value, struct err *e)
{
	const char *now = shown(a, q, offer);
	struct text line = TEXT_INIT;
	bool ok;

	for (;;) {
		text_cut(&line, 0);
		if (!ask_line(arena_printf(&a->s->scratch, "%s%s%s%s: ",
		    q->text, *now != '\0' ? " [" : "", now,
		    *now != '\0' ? "]" : ""), &line, e))
			break;
		*value = line.len == 0 || strcmp(line.buf, now) == 0 ?
		    offer : arena_strdup(&a->s->scratch, line.buf);
		if (server_init_check(q->setting, *value, e))
			break;
		out_note(&a->s->out, "%s", e->text);
		err_clear(e);
	}
	ok = e->code == ERR_NONE;
	text_clear(&line);
	return ok;
}

/* Only rspamd leaves a choice of algorithms. */
static bool
may_ask(const struct asking *a, const struct question *q)
{
	const char *filter = answered(a, "filter");

	return terminal_here() && !a->s->options.yes &&
	    (strcmp(q->setting, "dkim_algorithms") != 0 ||
	    (filter != NULL && strcmp(filter, "rspamd") == 0));
}

static bool
answer_find(struct asking *a, const struct question *q, struct err *e)
{
	const char *value = given(a->args, q);

	if (value == NULL && q->text == NULL)
		return true;
	if (value == NULL) {
		/*
		 * Only when needed: this may ask DNS for the name of the
		 * machine.
		 */
		value = offered(a, q);
		BUG_ON(value == NULL);
		if (may_ask(a, q) && !ask(a, q, value, &value, e))
			return false;
	}
	if (*value == '\0' && strcmp(q->setting, "hostname") == 0) {
		err_set(e, ERR_USAGE, "this machine has no full host name");
		return err_hint(e, "give the name of the mail server with "
		    "--hostname NAME");
	}
	if (!server_init_check(q->setting, value, e))
		return false;
	a->answer[a->count++] = (struct init_answer){ q->setting, value };
	return true;
}

/* --- what comes next -------------------------------------------------- */

/* Hints how to create the owner of the mail, if it does not exist. */
static void
say_vmail(struct session *s, const struct settings *settings)
{
	const struct passwd *p = getpwnam("vmail");
	const char *directory = settings->mail_directory;

	if (p != NULL && p->pw_uid == (uid_t)settings->vmail_uid)
		return;
	if (p != NULL) {
		out_note(&s->out, "user vmail has id %lu here, not %" PRId64,
		    (unsigned long)p->pw_uid, settings->vmail_uid);
		return;
	}
	out_hint(&s->out, "groupadd --gid %" PRId64 " vmail",
	    settings->vmail_uid);
	out_hint(&s->out, "useradd --uid %" PRId64 " --gid vmail --home-dir "
	    "%s --no-create-home --shell /usr/sbin/nologin vmail",
	    settings->vmail_uid, directory);
	out_hint(&s->out, "install -d -o vmail -g vmail -m 700 %s", directory);
}

static void
say_next(struct session *s, const struct init_result *result,
    const char *out)
{
	if (result->passwords > 0)
		out_done(&s->out, "%zu %s generated", result->passwords,
		    result->passwords == 1 ? "password" : "passwords");
	if (strcmp(out, "/") != 0)
		return;
	say_vmail(s, &result->settings);
	if (getpwnam("mailadm_check") == NULL)
		out_hint(&s->out, "systemd-sysusers, or useradd --system "
		    "--create-home --home-dir /var/lib/mailadm/check "
		    "mailadm_check");
	out_hint(&s->out, "mailadm schema init");
	out_hint(&s->out, "mariadb </etc/mailadm/grants.sql");
	out_hint(&s->out, "mailadm config render --out /");
}

static bool
print_result(struct session *s, const struct init_result *result,
    const struct asking *a, struct err *e)
{
	bool dry = session_is_dry(s);

	if (!config_rows_print(s, result->row, result->count, e))
		return false;
	if (dry)
		out_note(&s->out, "dry run: nothing was changed");
	else
		say_next(s, result, a->out);
	if (result->refused == 0)
		return true;
	err_set(e, ERR_REFUSED, "grants.sql was edited, or not written by "
	    "mailadm: it is unchanged");
	return err_hint(e, "mailadm config render grants --force --out %s",
	    a->out);
}

/*
 * The secret of the DKIM keys is made last: where one of the files cannot be
 * written, no secret is left that nobody has copied.
 */
static bool
secret_make(struct asking *a, struct init_result *result, struct err *e)
{
	struct arena *arena = &a->s->scratch;
	const char *path = result->settings.dkim_secret, *full;
	struct render_row *row = arena_array(arena, result->count + 1,
	    sizeof(*row));
	bool made;

	full = strcmp(a->out, "/") == 0 ? path : arena_printf(arena, "%s%s",
	    a->out, path);
	if (session_is_dry(a->s))
		made = access(full, F_OK) != 0;
	else if (!dkim_secret_make(full, &made, e))
		return false;
	for (size_t i = 0; i < result->count; i++)
		row[i] = result->row[i];
	row[result->count] = (struct render_row){ path, made ? "written" :
	    "unchanged", NULL };
	result->row = row;
	result->count++;
	result->changed += made;
	return true;
}

static bool
run_init(struct session *s, const void *args, struct err *e)
{
	const struct init_args *given = args;
	struct asking a = { .s = s, .args = given, .out = given->out != NULL ?
	    config_directory(&s->scratch, given->out) : "/" };
	const struct init_options o = { .out = a.out,
	    .dry_run = session_is_dry(s),
	    .program = config_program(&s->scratch) };
	struct init_result result;

	if (!server_init_settings(&s->scratch, a.out, &a.settings, e))
		return false;
	for (const struct question *q = questions; q->setting != NULL; q++) {
		if (!answer_find(&a, q, e))
			return false;
	}
	if (!server_init(&s->scratch, a.answer, &o, &result, e))
		return false;
	if (!o.dry_run && result.changed > 0)
		session_did(s, "the files below %s are written", a.out);
	return secret_make(&a, &result, e) &&
	    print_result(s, &result, &a, e);
}

const struct cmd config_init_cmds[] = {
	{ .name = "config init", .brief = "set up mailadm for a mail server",
	    .detail =
	    "On a terminal it asks for every value that no option gives; "
	    "without one, and with --yes, it takes the current value, or the "
	    "default. Writes /etc/mailadm/mailadm.conf, the database accounts "
	    "with random passwords to /etc/mailadm/accounts.cnf, and the "
	    "statements that create them to /etc/mailadm/grants.sql, and the "
	    "secret of the DKIM keys to /etc/mailadm/dkim.secret. Existing "
	    "passwords, the secret and other settings are kept, so it can run "
	    "again. At the end it lists the next steps.",
	    .example =
	    "config init --hostname mx.example.org --out /tmp/servers",
	    ARGS(init_arg, init_args), .columns = render_fields,
	    .flags = CMD_NOT_IN_BATCH, .run = run_init },
	{ 0 }
};
