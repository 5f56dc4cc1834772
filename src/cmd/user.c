/* mailadm user: people with a mailbox and a password. */
#include "model/mail/user.h"

#include "base/sentence.h"
#include "cmd/run/enable.h"
#include "cmd/run/list.h"
#include "cmd/run/password_args.h"
#include "model/archive/archive.h"
#include "model/mail/alias.h"
#include "model/mail/domain.h"
#include "model/password/hash.h"
#include "model/password/scheme.h"
#include "model/route/stranded.h"

/* --- add and set ----------------------------------------------------- */

/* What add and set share. */
#define VALUE_ARGS(st, values, name_help)				\
	OPTION("--name", arg_text, st, values.name, name_help),		\
	OPTION("--quota", arg_size_user, st, values.quota,		\
	    "mailbox size; default: that of the domain; none: no "	\
	    "limit"),							\
	OPTION("--may-login", arg_yes_no, st, values.may_login,		\
	    "read mail by IMAP and POP3"),				\
	OPTION("--may-send", arg_yes_no, st, values.may_send,		\
	    "send mail by submission"),					\
	OPTION("--may-receive", arg_yes_no, st, values.may_receive,	\
	    "receive mail; no: it is refused (550)"),			\
	OPTION("--note", arg_text, st, values.note,			\
	    "a remark, not used by the servers; \"\" removes it"),	\
	OPTION("--send-through", arg_relay_or_none, st,			\
	    values.send_through, "the way out for their mail to others; "\
	    "none: that of the domain"),				\
	OPTION("--send-limit", arg_rate_user, st, values.send_limit,	\
	    "the most recipients of their mail in an hour; default: "	\
	    "that of the domain"),					\
	OPTION("--bcc-in", arg_address_or_none, st, values.bcc_in,	\
	    "who gets a copy of each mail that comes to them, by any "	\
	    "name; know the law before you archive people's mail"),	\
	OPTION("--bcc-out", arg_address_or_none, st, values.bcc_out,	\
	    "who gets a copy of what is sent as this address; know "	\
	    "the law before you archive people's mail"),		\
	OPTION("--expires", arg_expiry, st, values.expires,		\
	    EXPIRES_HELP "the user no longer logs in, sends or gets mail")

struct add_args {
	const char *email;
	struct user_values values;
	bool reuse_mail;
	const char *home;
	bool if_not_exists;
	struct password_args password;
};

static const struct arg add_arg[] = {
	ARGUMENT("EMAIL", arg_user, add_args, email, "the new user's address",
	    .flags = ARG_REQUIRED | ARG_NEW),
	VALUE_ARGS(add_args, values, "display name (not used by the servers)"),
	FLAG("--reuse-mail", add_args, reuse_mail,
	    "take over the mail that a former user of this name left"),
	OPTION("--home", arg_text, add_args, home,
	    "which mail to take over, where there were several such users"),
	FLAG("--if-not-exists", add_args, if_not_exists,
	    "succeed if it already exists with the same values"),
	PASSWORD_ARGS(add_args, password),
	{ 0 }
};

static bool
prepare_add(struct session *s, struct arena *memory, void *args,
    struct err *e)
{
	struct add_args *a = args;
	bool there = false;

	/* No password is asked for or generated if the user exists. */
	if (a->if_not_exists && !user_exists(&s->mail, a->email, &there, e))
		return false;
	if (there && a->password.hash == NULL && !password_args_open(
	    &a->password))
		return true;
	/* A name that is refused is reported before somebody types one. */
	if (password_args_asks(s, &a->password) &&
	    !user_name_check(&s->mail, a->email, e))
		return false;
	return password_args_resolve(s, memory, &a->password, false, e);
}

static bool
add_opens_files(const void *args)
{
	const struct add_args *a = args;

	return password_args_open(&a->password);
}

static bool
run_add(struct session *s, const void *args, struct err *e)
{
	const struct add_args *a = args;
	const struct user_new new = {
		.email = a->email,
		.crypt = a->password.crypt,
		.plain = a->password.plain,
		.values = a->values,
		.reuse_mail = a->reuse_mail,
		.home = a->home,
		.if_not_exists = a->if_not_exists,
	};
	enum outcome outcome;

	if (a->home != NULL && !a->reuse_mail)
		return err_set(e, ERR_USAGE, "--home needs --reuse-mail");
	if (!archive_in_check(&s->mail, a->email, a->values.bcc_in, e) ||
	    !archive_check(&s->mail, a->email, a->values.bcc_out, e) ||
	    !user_add(&s->mail, &new, &outcome, e))
		return false;
	outcome_print(s, outcome, "user", a->email, "added");
	return outcome != OUTCOME_CHANGED ||
	    password_args_show(s, a->email, &a->password, e);
}

struct set_args {
	const char *email;
	struct user_values values;
};

static const struct arg set_arg[] = {
	ARGUMENT("EMAIL", arg_user, set_args, email, "the user",
	    .flags = ARG_REQUIRED),
	VALUE_ARGS(set_args, values,
	    "display name; \"\" removes it"),
	{ 0 }
};

static bool
is_nothing(const struct user_values *v)
{
	return true USER_VALUES(VALUE_IS_UNSET, v);
}

static bool
run_set(struct session *s, const void *args, struct err *e)
{
	const struct set_args *a = args;
	const struct user_values *v = &a->values;
	enum outcome outcome;

	if (is_nothing(v)) {
		err_set(e, ERR_USAGE, "user set: nothing to set");
		return err_hint(e, "mailadm help user set");
	}
	if (!archive_in_check(&s->mail, a->email, v->bcc_in, e) ||
	    !archive_check(&s->mail, a->email, v->bcc_out, e) ||
	    !stranded_user_set(&s->mail, a->email, v, &outcome, e))
		return false;
	outcome_print(s, outcome, "user", a->email, "changed");
	if (outcome == OUTCOME_CHANGED &&
	    (v->may_login == 0 || v->may_send == 0))
		hint_sessions(s, a->email);
	return true;
}

/* --- passwords ------------------------------------------------------- */

struct passwd_args {
	const char *email;
	struct password_args password;
};

static const struct arg passwd_arg[] = {
	ARGUMENT("EMAIL", arg_user, passwd_args, email, "the user",
	    .flags = ARG_REQUIRED),
	PASSWORD_ARGS(passwd_args, password),
	{ 0 }
};

/* An unknown name is reported before anybody types a password. */
static bool
prepare_passwd(struct session *s, struct arena *memory, void *args,
    struct err *e)
{
	struct passwd_args *a = args;
	struct user user;

	return (session_is_batch(s) ||
	    user_show(&s->mail, a->email, &user, e)) &&
	    password_args_resolve(s, memory, &a->password, false, e);
}

static bool
passwd_opens_files(const void *args)
{
	const struct passwd_args *a = args;

	return password_args_open(&a->password);
}

static bool
run_passwd(struct session *s, const void *args, struct err *e)
{
	const struct passwd_args *a = args;
	enum outcome outcome;

	if (!user_set_crypt(&s->mail, a->email, a->password.crypt, &outcome,
	    e))
		return false;
	outcome_print(s, outcome, "user", a->email, "has a new password");
	if (outcome == OUTCOME_CHANGED)
		hint_sessions(s, a->email);
	return password_args_show(s, a->email, &a->password, e);
}

struct verify_args {
	const char *email;
	bool from_stdin;
};

static const struct arg verify_arg[] = {
	ARGUMENT("EMAIL", arg_user, verify_args, email, "the user",
	    .flags = ARG_REQUIRED),
	FLAG("--password-stdin", verify_args, from_stdin,
	    "read the password from one line of standard input",
	    .flags = ARG_STDIN),
	{ 0 }
};

static bool
run_verify(struct session *s, const void *args, struct err *e)
{
	const struct verify_args *a = args;
	const char *crypt, *password;

	if (!user_crypt(&s->mail, a->email, &crypt, e) ||
	    !password_read(s, a->from_stdin, &password, e))
		return false;
	switch (password_verify(crypt, password)) {
	case PASSWORD_MATCHES:
		outcome_print(s, OUTCOME_CHANGED, "user", a->email,
		    "has this password");
		if (hash_is_old(crypt))
			out_note(&s->out, "Dovecot 2.4 refuses the password "
			    "hash of %s, unless allow_weak_schemes is yes",
			    a->email);
		return true;
	case PASSWORD_DIFFERS:
		return err_set(e, ERR_DIFFERS, "password does not match");
	case PASSWORD_UNVERIFIABLE:
		break;
	}
	err_set(e, ERR_INVALID, "cannot verify the scheme %s of %s",
	    password_scheme(&s->scratch, crypt), a->email);
	return err_hint(e, "ask the running Dovecot: doveadm auth test %s",
	    a->email);
}

/* --- enable and disable ---------------------------------------------- */

static const struct arg enable_arg[] = {
	ENABLE_NAMES("EMAIL", arg_user, "one user or several"),
	{ 0 }
};

static const struct enable enable = { .noun = "user",
    .set = stranded_user_set_active, .hint = hint_sessions };

/* --- rename and remove ----------------------------------------------- */

struct rename_args {
	const char *old;
	const char *new;
	bool keep_alias;
	bool force;
};

static const struct arg rename_arg[] = {
	ARGUMENT("OLD", arg_user, rename_args, old, "the user",
	    .flags = ARG_REQUIRED),
	ARGUMENT("NEW", arg_user, rename_args, new, "the new address",
	    .flags = ARG_REQUIRED | ARG_NEW),
	FLAG("--keep-alias", rename_args, keep_alias,
	    "add an alias from the old address to the new one"),
	FLAG("--force", rename_args, force,
	    "even if the domain loses its postmaster@"),
	{ 0 }
};

static bool
run_rename(struct session *s, const void *args, struct err *e)
{
	const struct rename_args *a = args;

	if (!user_rename(&s->mail, a->old, a->new, a->keep_alias, a->force,
	    e))
		return false;
	out_done(&s->out, "user %s renamed to %s", a->old,
	    out_name(&s->out, &s->scratch, a->new));
	hint_sessions(s, a->old);
	return true;
}

struct remove_args {
	struct words emails;
	const char *replace_with;
	bool cascade;
	bool if_exists;
	bool force;
};

static const struct arg remove_arg[] = {
	ARGUMENT("EMAIL", arg_user, remove_args, emails, "one user or several",
	    .flags = ARG_REQUIRED | ARG_REPEAT),
	OPTION("--replace-with", arg_address, remove_args, replace_with,
	    "the new destination of aliases that lead to the user"),
	FLAG("--cascade", remove_args, cascade,
	    "also remove the user from the destinations of aliases"),
	FLAG("--if-exists", remove_args, if_exists,
	    "succeed if it does not exist"),
	FLAG("--force", remove_args, force,
	    "even if the domain loses its postmaster@"),
	{ 0 }
};

static bool
confirm_remove(struct session *s, void *args, const char **action,
    struct err *e)
{
	const struct remove_args *a = args;
	struct words rows = { 0 };

	if (a->cascade && a->replace_with != NULL)
		return err_set(e, ERR_USAGE,
		    "--cascade cannot be combined with --replace-with");
	for (size_t i = 0; a->cascade && i < a->emails.count; i++) {
		struct words sources;

		if (!alias_sources(&s->mail, a->emails.word[i], &sources, e))
			return false;
		for (size_t j = 0; j < sources.count; j++)
			words_add(&s->scratch, &rows, arena_printf(
			    &s->scratch, "%s -> %s", sources.word[j],
			    a->emails.word[i]));
	}
	if (rows.count > 0)
		*action = arena_printf(&s->scratch, "also remove %s: %s",
		    sentence_number(&s->scratch, (int64_t)rows.count,
			"alias destination", "alias destinations"),
		    sentence_list(&s->scratch, &rows));
	return true;
}

static bool
run_remove(struct session *s, const void *args, struct err *e)
{
	const struct remove_args *a = args;
	const struct user_removal how = { .if_exists = a->if_exists,
	    .cascade = a->cascade, .force = a->force,
	    .replace_with = a->replace_with };

	for (size_t i = 0; i < a->emails.count; i++) {
		const char *email = a->emails.word[i];
		enum outcome outcome;

		if (!stranded_user_remove(&s->mail, email, &how, &outcome,
		    e))
			return false;
		outcome_print(s, outcome, "user", email, "removed");
		if (outcome == OUTCOME_CHANGED)
			hint_sessions(s, email);
	}
	return true;
}

const struct cmd user_cmds[] = {
	{ .name = "user add", .brief = "add a user",
	    .detail =
	    "The domain must exist. Without a password option mailadm asks "
	    "for the password, twice and without showing it; without a "
	    "terminal one of the options is needed. A name that existed "
	    "before gets a new, empty mailbox, and a note names the directory "
	    "of the old mail.",
	    .example = "user add anna@example.com --name 'Anna Ek' --generate",
	    ARGS(add_arg, add_args), .columns = password_fields,
	    .flags = CMD_DB | CMD_WRITES | CMD_PASSWORD,
	    .prepare = prepare_add, .opens_files = add_opens_files,
	    .run = run_add },
	{ .name = "user set",
	    .brief = "change a user's name, quota or permissions",
	    .detail =
	    "For a user that only sends, like a printer: --may-login no "
	    "--may-receive no. For a mailbox that only receives: --may-send "
	    "no. A disabled user can do none of these.",
	    .example = "user set anna@example.com --quota 5G",
	    ARGS(set_arg, set_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_set },
	{ .name = "user passwd", .brief = "set a user's password",
	    .detail = "It is needed from the next login on.",
	    .example = "user passwd anna@example.com --generate",
	    ARGS(passwd_arg, passwd_args), .columns = password_fields,
	    .flags = CMD_DB | CMD_WRITES | CMD_PASSWORD,
	    .prepare = prepare_passwd, .opens_files = passwd_opens_files,
	    .run = run_passwd },
	{ .name = "user verify", .brief = "check a password",
	    .detail =
	    "Status 0: it matches; 1: it does not; 3: mailadm cannot check "
	    "hashes of this scheme.",
	    .example = "user verify anna@example.com --password-stdin",
	    ARGS(verify_arg, verify_args), .flags = CMD_DB | CMD_PASSWORD,
	    .run = run_verify },
	{ 0 }
};

/* Behind those of user/list.c. */
const struct cmd user_state_cmds[] = {
	{ .name = "user enable", .brief = "enable users",
	    .example = "user enable anna@example.com",
	    ARGS(enable_arg, enable_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_enable, .enable = &enable },
	{ .name = "user disable", .brief = "disable users",
	    .detail =
	    "A disabled user cannot log in. Mail for the address is refused "
	    "(550); it does not go to the catch-all.",
	    .example = "user disable anna@example.com",
	    ARGS(enable_arg, enable_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_disable, .enable = &enable },
	{ .name = "user rename", .brief = "change the address of a user",
	    .detail =
	    "Password, quota and mail stay. Aliases with the old address, "
	    "destinations of other aliases and grants get the new one.",
	    .example =
	    "user rename anna@example.com anna.ek@example.com --keep-alias",
	    ARGS(rename_arg, rename_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_rename },
	{ .name = "user remove", .brief = "remove users",
	    .detail =
	    "Refused while aliases lead to the user: --replace-with gives "
	    "them another destination, --cascade removes the user from their "
	    "destinations (without a terminal that needs --yes). Grants go "
	    "too: those of the user and those that name the address. The mail "
	    "stays on disk.",
	    .example =
	    "user remove anna@example.com --replace-with bo@example.com",
	    ARGS(remove_arg, remove_args), .flags = CMD_DB | CMD_WRITES,
	    .confirm = confirm_remove, .run = run_remove },
	{ 0 }
};
