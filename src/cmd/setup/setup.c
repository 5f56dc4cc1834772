/* mailadm setup: a mail server in one command. */
#include "cmd/setup/setup.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/sentence.h"
#include "cmd/help/doc.h"
#include "model/address.h"
#include "model/server/settings.h"
#include "model/setup/certificate.h"
#include "model/setup/machine.h"
#include "print/ask.h"
#include "print/terminal.h"

#define LOCK "/run/mailadm-setup.lock"

static const struct arg_type arg_relayhost = {
	.metavar = "HOST", .may_be_empty = true
};

static const struct arg setup_arg[] = {
	ARGUMENT("HOST", arg_answer_name, setup_args, host,
	    "full name of the mail server; default: that of this machine"),
	ARGUMENT("ADDRESS", arg_user, setup_args, address,
	    "the first user, who gets the mail for postmaster and root; the "
	    "domain is added, too", .flags = ARG_NEW),
	PASSWORD_ARGS(setup_args, password),
	INIT_ARGS(setup_args, init),
	OPTION("--relayhost", arg_relayhost, setup_args, relayhost,
	    "send all mail through this server, as in [smtp.example.com]:587; "
	    "empty: straight to its receivers"),
	FLAG("--replace", setup_args, replace,
	    "replace files of Postfix and Dovecot that were edited, and keep "
	    "them as FILE.bak"),
	{ 0 }
};

/* --- what is asked, and found out ----------------------------------------- */

static bool
is_asking(const struct setup *setup)
{
	return terminal_here() && !setup->s->options.yes &&
	    !session_is_dry(setup->s);
}

/* The first time, a person is asked for what only they know. */
static bool
address_ask(struct setup *setup, struct err *e)
{
	struct text line = TEXT_INIT;
	bool ok = true;

	while (ok && setup->args.address == NULL) {
		text_cut(&line, 0);
		ok = ask_line("Address of the first user (empty: none): ",
		    &line, e);
		if (!ok || line.len == 0)
			break;
		if (address_parse(setup->arena, ADDRESS_USER, line.buf,
		    &setup->args.address, e))
			break;
		out_note(&setup->s->out, "%s", e->text);
		setup->args.address = NULL;
		err_clear(e);
	}
	text_clear(&line);
	return ok;
}

static const char *
value_of(const struct setup *setup, const char *setting)
{
	const struct init_answer *a = setup->answers;

	while (a->setting != NULL && strcmp(a->setting, setting) != 0)
		a++;
	return a->setting != NULL ? a->value : "";
}

static void
answer_set(struct setup *setup, const char *setting, const char *value)
{
	struct init_answer *a = setup->answers;

	while (strcmp(a->setting, setting) != 0)
		a++;
	a->value = value;
}

/*
 * The certificate that is given; or that of Let's Encrypt, once it exists;
 * or one that signs itself, until then, also where the host has a new name.
 */
static void
certificate_choose(struct setup *setup)
{
	const char *host = value_of(setup, "hostname");
	const char *own = certificate_own_path(setup->arena, host);
	const char *now = value_of(setup, "certificate");
	const struct settings plain = { .hostname = host };
	const char *public = server_certificate(setup->arena, &plain);

	if (setup->args.init.certificate != NULL ||
	    (*now != '\0' && !certificate_is_own(now)))
		return;
	setup->owns_certificate = !certificate_is_for(public, host);
	answer_set(setup, "certificate", setup->owns_certificate ? own : "");
	answer_set(setup, "certificate_key", setup->owns_certificate ?
	    certificate_own_key_path(setup->arena, host) : "");
}

static bool
answers_find(struct setup *setup, struct err *e)
{
	struct init_args *init = &setup->args.init;
	bool first = access(SERVER_SETTINGS_PATH, F_OK) != 0;

	init->hostname = setup->args.host;
	init->out = "/";
	if (!config_answers(setup->s, init, false, &setup->answers, e))
		return false;
	if (first && is_asking(setup) && !address_ask(setup, e))
		return false;
	if (setup->args.address != NULL)
		setup->domain = address_domain(setup->args.address);
	certificate_choose(setup);
	return checksums_read(&setup->applied, setup->arena, SETUP_APPLIED,
	    e);
}

/* --- the machine ---------------------------------------------------------- */

static bool
refuse_packages(struct setup *setup, struct err *e)
{
	struct settings s = { .database_hosts = value_of(setup,
	    "database_hosts"), .filter = value_of(setup, "filter"),
	    .pop3 = strcmp(value_of(setup, "pop3"), "yes") == 0,
	    .srs = strcmp(value_of(setup, "srs"), "yes") == 0 };
	struct words missing = { 0 };

	if (!machine_packages(setup->arena, &s, &missing, e))
		return false;
	if (missing.count == 0)
		return true;
	err_set(e, ERR_NOT_FOUND, "%s not installed",
	    sentence_number(setup->arena, (int64_t)missing.count,
	    "package is", "packages are"));
	return err_hint(e, "apt install --no-install-recommends %s",
	    words_joined(setup->arena, &missing, " "));
}

static bool
refuse_rivals(struct setup *setup, struct err *e)
{
	struct words rivals = { 0 };

	machine_rivals(setup->arena, &rivals);
	if (rivals.count == 0)
		return true;
	err_set(e, ERR_REFUSED, "%s", words_joined(setup->arena, &rivals,
	    "; "));
	return err_hint(e, "another mail server runs: stop it, or remove "
	    "its package");
}

static bool
root_only(struct err *e)
{
	if (geteuid() == 0)
		return true;
	err_set(e, ERR_DENIED, "setup changes the system: only root can");
	return err_hint(e, "sudo mailadm setup");
}

/* Two at once would take back what the other has written. */
static bool
alone(int *lock, struct err *e)
{
	*lock = open(LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*lock < 0)
		return err_errno(e, "%s", LOCK);
	if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return true;
	return err_set(e, ERR_RETRY, "another setup runs on this machine");
}

/* --- the plan ------------------------------------------------------------- */

struct plan_row {
	const char *step;
	const char *todo;
};

static const struct field plan_fields[] = {
	FIELD(struct plan_row, step, FIELD_TEXT),
	FIELD(struct plan_row, todo, FIELD_TEXT),
	{ 0 }
};

#define STEPS_MAX 16
#define INDENT 15		/* behind the longest name */

static bool
look_all(struct setup *setup, struct plan_row *rows, struct err *e)
{
	for (const struct setup_step *p = setup_steps; p->name; p++) {
		struct plan_row *row = &rows[setup->changes];

		BUG_ON(setup->changes >= STEPS_MAX);
		row->step = p->name;
		if (!p->look(setup, &row->todo, e))
			return err_wrap(e, "%s", p->name);
		setup->changes += row->todo != NULL;
	}
	return true;
}

/* For people: phrases do not fit into the columns of a table. */
static bool
plan_screen(struct setup *setup, const struct plan_row *rows, struct err *e)
{
	struct out *out = &setup->s->out;
	struct text t = TEXT_INIT;
	bool ok;

	for (size_t i = 0; i < setup->changes; i++)
		doc_shown(&t, INDENT, arena_printf(setup->arena, "%-*s",
		    INDENT, rows[i].step), rows[i].todo);
	ok = out_text(out, t.buf, e) && out_flush(out, e);
	text_clear(&t);
	return ok;
}

static bool
plan_print(struct setup *setup, const struct plan_row *rows, struct err *e)
{
	struct out *out = &setup->s->out;

	if (out_is_table(out) && out->style.columns == NULL)
		return plan_screen(setup, rows, e);
	if (!out_begin(out, plan_fields, OUT_LIST, e))
		return false;
	for (size_t i = 0; i < setup->changes; i++) {
		if (!out_row(out, &rows[i], e))
			return false;
	}
	return out_end(out, e) && out_flush(out, e);
}

/* All that a person has to say comes before the first step. */
static bool
agree(struct setup *setup, const struct plan_row *rows, struct err *e)
{
	struct session *s = setup->s;

	if (is_asking(setup) && !plan_print(setup, rows, e))
		return false;
	if (!session_confirm(s, arena_printf(setup->arena, "make %s this "
	    "mail server", setup->settings.hostname), e))
		return false;
	return !setup->adds_user || password_args_resolve(s, setup->arena,
	    &setup->args.password, false, e);
}

/* --- doing it ------------------------------------------------------------- */

static bool
step_failed(const char *name, struct err *e)
{
	const char *hint = e->hint != NULL ? e->hint : "";

	err_wrap(e, "%s", name);
	return err_hint(e, "%s%swhat is done stays; the same command goes on "
	    "from here", hint, *hint != '\0' ? "; " : "");
}

/* Each looks again: what was planned may be done, and more be needed. */
static bool
act_all(struct setup *setup, struct err *e)
{
	for (const struct setup_step *p = setup_steps; p->name; p++) {
		const char *todo;

		if (!p->look(setup, &todo, e))
			return step_failed(p->name, e);
		if (todo == NULL)
			continue;
		if (!p->act(setup, e))
			return step_failed(p->name, e);
		session_did(setup->s, "the steps up to %s are done", p->name);
		out_done(&setup->s->out, "%-*sdone", INDENT, p->name);
	}
	return true;
}

static bool
command_run(struct setup *setup, const char *first, const char *second,
    const char *third, struct err *e)
{
	struct words words = { 0 };

	words_add(setup->arena, &words, first);
	words_add(setup->arena, &words, second);
	if (third != NULL)
		words_add(setup->arena, &words, third);
	return setup_command(setup, &words, e);
}

/* --- what is left to a person --------------------------------------------- */

static void
say_outside(struct setup *setup)
{
	struct out *out = &setup->s->out;
	const struct settings *s = &setup->settings;

	out_note(out, "open to everybody: port 25; to users: 465, 587, 143, "
	    "993%s", s->pop3 ? ", 110, 995" : "");
	out_note(out, "ask your provider for the reverse name of the address: "
	    "%s", s->hostname);
	if (!setup->owns_certificate)
		return;
	out_note(out, "the certificate is signed by itself: mail programs "
	    "will warn");
	out_hint(out, "one that they trust: apt install certbot; certbot "
	    "certonly --standalone -d %s; mailadm setup", s->hostname);
}

static bool
dns_print(struct setup *setup, struct err *e)
{
	if (setup->domain == NULL)
		return true;
	if (setup->s->out.terminal)
		return command_run(setup, "dns", "show", setup->domain, e);
	out_hint(&setup->s->out, "the records that DNS needs: mailadm dns "
	    "show %s", setup->domain);
	return true;
}

static void
say_next(struct setup *setup)
{
	if (setup->domain == NULL)
		out_hint(&setup->s->out, "mailadm domain add DOMAIN, and "
		    "mailadm user add ADDRESS");
	else if (strcmp(setup->settings.filter, "none") != 0)
		out_hint(&setup->s->out, "when DNS has the records: mailadm "
		    "dkim activate %s", setup->domain);
	out_hint(&setup->s->out, "does it all work? mailadm doctor");
}

static bool
finish(struct setup *setup, struct err *e)
{
	if (setup->changes == 0) {
		out_done(&setup->s->out, "nothing to do");
		return true;
	}
	if (!command_run(setup, "config", "verify", NULL, e))
		return false;
	if (!dns_print(setup, e))
		return false;
	say_outside(setup);
	say_next(setup);
	return true;
}

static bool
run_all(struct setup *setup, struct err *e)
{
	struct plan_row rows[STEPS_MAX] = { 0 };

	if (!look_all(setup, rows, e))
		return false;
	if (session_is_dry(setup->s)) {
		if (!plan_print(setup, rows, e))
			return false;
		out_note(&setup->s->out, "dry run: nothing was changed");
		return true;
	}
	return (setup->changes == 0 || (agree(setup, rows, e) &&
	    act_all(setup, e))) && finish(setup, e);
}

static bool
run_setup(struct session *s, const void *args, struct err *e)
{
	struct setup setup = { .s = s, .arena = &s->scratch };
	int lock = -1;
	bool ok;

	memcpy(&setup.args, args, sizeof(setup.args));
	ok = root_only(e) && alone(&lock, e) &&
	    answers_find(&setup, e) && refuse_packages(&setup, e) &&
	    refuse_rivals(&setup, e) && run_all(&setup, e);
	setup_close(&setup);
	if (lock >= 0)
		close(lock);
	return ok;
}

const struct cmd setup_cmds[] = {
	{ .name = "setup", .brief = "make this machine a mail server",
	    .detail =
	    "From installed packages to a mail in the inbox: settings, "
	    "certificate, database, accounts, the configuration of Postfix "
	    "and Dovecot, the first domain and user, services, and a mail "
	    "that proves it. It looks first, shows what it will do, and asks "
	    "once; --yes does not ask, --dry-run only shows. Files of "
	    "Postfix and Dovecot that nobody has edited are replaced; edited "
	    "ones are shown, and nothing is changed. Where it fails it says "
	    "at which step, and the same command goes on from there. Where "
	    "all is done already it changes nothing. Without a certificate "
	    "it makes one that signs itself; run it again when Let's Encrypt "
	    "has given one.",
	    .example = "setup mail.example.com anna@example.com --dry-run",
	    ARGS(setup_arg, setup_args), .columns = plan_fields,
	    .flags = CMD_NOT_IN_BATCH | CMD_PASSWORD, .run = run_setup },
	{ 0 }
};
