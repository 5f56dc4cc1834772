/* mailadm relay: servers by way of which mail leaves. */
#include "model/way/relay.h"

#include <string.h>
#include <unistd.h>

#include "base/sentence.h"
#include "cmd/run/list.h"
#include "file/password_file.h"
#include "model/next_hop.h"

/* --- types ----------------------------------------------------------- */

static bool
server_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	const char *host;
	int64_t port;

	if (!next_hop_parse(a, word, RELAY_PORT, &v->text, e))
		return false;
	return next_hop_split(a, v->text, &host, &port) || err_set(e,
	    ERR_INVALID, "expected the name or address of a server, got "
	    "\"%.200s\"", word);
}

static const struct arg_type arg_server = {
	.metavar = "HOST[:PORT]", .parse = server_value
};

/* A colon ends the login where Postfix reads it with the password. */
static bool
login_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	if (!arg_text.parse(a, word, v, e))
		return false;
	return strchr(word, ':') == NULL || err_set(e, ERR_INVALID,
	    "a login has no \":\"");
}

static const struct arg_type arg_login = {
	.metavar = "LOGIN", .parse = login_value
};
static const struct arg_type arg_tls = {
	.metavar = "TLS", .choices = relay_tls_names, .choice = "kind of TLS"
};

/* --- add and set ----------------------------------------------------- */

struct add_args {
	const char *name;
	const char *server;	/* becomes values.host and values.port */
	struct relay_values values;
	const char *password_file;
	bool password_stdin;
	bool if_not_exists;
};

#define RELAY_VALUE_ARGS						\
	OPTION("--server", arg_server, add_args, server,		\
	    "its name, as its certificate has it, or its address; port "\
	    "587, unless there is another, and on 465 TLS begins at "	\
	    "once"),							\
	OPTION("--login", arg_login, add_args, values.login,		\
	    "the login there; \"\" removes it, with its password"),	\
	OPTION("--password-file", arg_file, add_args, password_file,	\
	    "read its password from the first line of FILE, which "	\
	    "only its owner may read", .flags = ARG_SECRET_FILE),	\
	FLAG("--password-stdin", add_args, password_stdin,		\
	    "read its password from one line of standard input",	\
	    .flags = ARG_STDIN),					\
	OPTION("--tls", arg_tls, add_args, values.tls,			\
	    "secure (default): a certificate of that name; verify, "	\
	    "encrypt: any certificate; dane-only; may: TLS if offered, "\
	    "without a login")

static const struct arg add_arg[] = {
	ARGUMENT("NAME", arg_relay, add_args, name,
	    "what it is called here; \"default\" is the way of all mail "
	    "that has no other", .flags = ARG_REQUIRED | ARG_NEW),
	RELAY_VALUE_ARGS,
	FLAG("--if-not-exists", add_args, if_not_exists,
	    "succeed if it already exists with the same values"),
	{ 0 }
};

static const struct arg set_arg[] = {
	ARGUMENT("NAME", arg_relay, add_args, name, "the way out",
	    .flags = ARG_REQUIRED),
	RELAY_VALUE_ARGS,
	{ 0 }
};

static bool
password_check(const char *password, struct err *e)
{
	if (*password == '\0')
		return err_set(e, ERR_INVALID, "the password is empty");
	for (const char *p = password; *p != '\0'; p++) {
		if ((unsigned char)*p < ' ' || *p == 127)
			return err_set(e, ERR_INVALID, "the password has "
			    "control characters");
	}
	return true;
}

/* Before the transaction, and into memory that is wiped. */
static bool
prepare_values(struct session *s, struct arena *memory, void *args,
    struct err *e)
{
	struct add_args *a = args;
	struct text t = TEXT_INIT;
	bool ok;

	(void)s;
	a->values.port = VALUE_UNSET;
	if (a->server != NULL)
		next_hop_split(memory, a->server, &a->values.host,
		    &a->values.port);
	if (a->password_file != NULL && a->password_stdin)
		return err_set(e, ERR_USAGE, "give only one of "
		    "--password-file, --password-stdin");
	if (a->password_file == NULL && !a->password_stdin)
		return true;
	ok = a->password_stdin ? password_line_read(STDIN_FILENO,
	    "standard input", &t, e) : password_file_read(a->password_file,
	    a->password_file, &t, e);
	a->values.password = arena_strndup(memory, t.buf, t.len);
	text_clear(&t);
	return ok && password_check(a->values.password, e);
}

static bool
values_open_files(const void *args)
{
	const struct add_args *a = args;

	return a->password_file != NULL;
}

static bool
run_add(struct session *s, const void *args, struct err *e)
{
	const struct add_args *a = args;
	enum outcome outcome;

	if (!relay_add(&s->mail, a->name, &a->values, a->if_not_exists,
	    &outcome, e))
		return false;
	outcome_print(s, outcome, "way out", a->name, "added");
	return true;
}

static bool
run_set(struct session *s, const void *args, struct err *e)
{
	const struct add_args *a = args;
	enum outcome outcome;

	if (a->values.password == NULL
	    RELAY_VALUES(VALUE_IS_UNSET, &a->values)) {
		err_set(e, ERR_USAGE, "relay set: nothing to set");
		return err_hint(e, "mailadm help relay set");
	}
	if (!relay_set(&s->mail, a->name, &a->values, &outcome, e))
		return false;
	outcome_print(s, outcome, "way out", a->name, "changed");
	return true;
}

/* --- show and list --------------------------------------------------- */

static const struct arg show_arg[] = {
	NAME_ARGS("NAME", arg_relay, "the way out")
};

static bool
run_show(struct session *s, const void *args, struct err *e)
{
	const struct name_args *a = args;
	struct relay relay;

	return relay_show(&s->mail, a->name, &relay, e) &&
	    show_print(s, relay_fields, &relay, e);
}

static const struct arg list_arg[] = {
	LIST_PATTERN,
	OPTION("--limit", arg_count, list_args, limit, "at most N rows"),
	FLAG("--count", list_args, count, "print only the number of rows"),
	OPTION("--sort", arg_column, list_args, sort,
	    "sort by COLUMN instead of by name; -COLUMN: descending"),
	{ 0 }
};

static bool
run_list(struct session *s, const void *args, struct err *e)
{
	static const struct list_source source = { .fields = relay_fields,
	    .names = "ways out", .each = relay_list, .count = relay_count };

	return list_print(s, &source, args, e);
}

/* --- remove ---------------------------------------------------------- */

struct remove_args {
	const char *name;
	bool cascade;
	bool if_exists;
};

static const struct arg remove_arg[] = {
	ARGUMENT("NAME", arg_relay, remove_args, name, "the way out",
	    .flags = ARG_REQUIRED),
	FLAG("--cascade", remove_args, cascade,
	    "even if domains or users take it: their mail leaves by the "
	    "usual way"),
	FLAG("--if-exists", remove_args, if_exists,
	    "succeed if it does not exist"),
	{ 0 }
};

static bool
run_remove(struct session *s, const void *args, struct err *e)
{
	const struct remove_args *a = args;
	const struct relay_removal how = { .if_exists = a->if_exists,
	    .cascade = a->cascade };
	enum outcome outcome;

	if (!relay_remove(&s->mail, a->name, &how, &outcome, e))
		return false;
	outcome_print(s, outcome, "way out", a->name, "removed");
	return true;
}

const struct cmd relay_cmds[] = {
	{ .name = "relay add",
	    .brief = "add a way out: a server that takes mail to others",
	    .detail =
	    "Mail of a domain or a user leaves by way of it (domain set and "
	    "user set, --send-through), by the sender's address; the way out "
	    "that is named default takes all other mail to others, too: what "
	    "aliases forward, bounces, and mail of programs here. "
	    "The password is stored apart from the rest: one account of the "
	    "database can read it, that of the one service of Postfix that "
	    "needs it; no command shows it, and it is not in the history. "
	    "Mail waits as long as the server is away, refuses the login or "
	    "offers no TLS: the login is never sent in clear.",
	    .example = "relay add mine --server smtp.example.net "
	        "--login anna --password-stdin",
	    ARGS(add_arg, add_args), .flags = CMD_DB | CMD_WRITES,
	    .prepare = prepare_values, .opens_files = values_open_files,
	    .run = run_add },
	{ .name = "relay set", .brief = "change a way out",
	    .detail =
	    "Only what is named changes. Mail that waits for the old server "
	    "still goes there, with the old login as long as nothing else "
	    "has its place: \"mailadm doctor\" says what waits.",
	    .example = "relay set provider --server smtp.example.net:465",
	    ARGS(set_arg, add_args), .flags = CMD_DB | CMD_WRITES,
	    .prepare = prepare_values, .opens_files = values_open_files,
	    .run = run_set },
	{ .name = "relay show", .brief = "show a way out",
	    .example = "relay show provider",
	    ARGS(show_arg, name_args), .columns = relay_fields,
	    .flags = CMD_DB, .run = run_show },
	{ .name = "relay list", .brief = "list the ways out",
	    .example = "relay list",
	    ARGS(list_arg, list_args), .columns = relay_fields,
	    .narrow = "name,host,port,login,tls,has_password,domains,users",
	    .flags = CMD_DB, .run = run_list },
	{ .name = "relay remove", .brief = "remove a way out",
	    .detail =
	    "Refused while domains or users take it. Its password is gone "
	    "with it: \"mailadm undo\" brings the way out back without.",
	    .example = "relay remove provider",
	    ARGS(remove_arg, remove_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_remove },
	{ 0 }
};
