/* A run: options into settings, commands into transactions. */
#include "cmd/run/session.h"

#include <ctype.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/help/help.h"
#include "cmd/help/version.h"
#include "db/schema/schema.h"
#include "model/address.h"
#include "model/foreign/foreign.h"
#include "print/ask.h"
#include "print/terminal.h"

void
session_start(struct session *s)
{
	*s = (struct session){ 0 };
	s->begun = clock_seconds();
	out_init(&s->out);
	s->out.unicode = address_unicode;
	run_options_init(&s->run);
	settings_default(&s->settings);
}

/* --- who and where --------------------------------------------------- */

/* anna@mx1, or anna(root)@mx1 where anna became root by sudo. */
static const char *
actor(struct arena *a)
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *me = getpwuid(geteuid());
	const char *name = me != NULL ? me->pw_name :
	    arena_printf(a, "uid %lu", (unsigned long)geteuid());
	char host[256] = "localhost";

	gethostname(host, sizeof(host) - 1);
	if (sudo != NULL && *sudo != '\0' && strcmp(sudo, name) != 0)
		return arena_printf(a, "%.64s(%.64s)@%.120s", sudo, name,
		    host);
	return arena_printf(a, "%.64s@%.120s", name, host);
}

static void
trace(void *arg, const char *statement)
{
	struct session *s = arg;

	out_note(&s->out, "sql: %s", statement);
}

/* Called if no option file has a password: asks a person. */
static bool
ask_password(void *arg, struct text *password)
{
	struct session *s = arg;
	struct err e = { 0 };
	bool ok;

	if (!terminal_reachable())
		return false;
	ok = ask_secret("Password of the database account: ", password, &e);
	if (!ok)
		out_note(&s->out, "%s", e.text);
	err_clear(&e);
	return ok;
}

static void
style_set(struct session *s, const struct run_options *o)
{
	struct out_style *style = &s->out.style;

	style->format = OUT_DEFAULT;
	if (o->output != NULL)
		out_format_parse(o->output, &style->format);
	style->columns = o->columns;
	style->header = o->header;
	style->quiet = o->quiet;
	style->verbose = o->verbose;
	if (o->color != NULL)
		terminal_color_parse(o->color, &s->out.color);
}

static bool
look(struct session *s, const char *group, struct account_found *found,
    struct err *e)
{
	const struct run_options *run = &s->run;
	const struct account_source from = {
		.defaults_file = run->defaults_file,
		.group = group,
		.admin_group = "mailadm-admin",
		.over = {
			.host = run->host,
			.socket = run->socket,
			.user = run->user,
			.database = run->database,
			.port = run->port > 0 ? (unsigned)run->port : 0,
		},
	};

	if (account_look(&s->memory, &from, found, e))
		return true;
	if (e->hint == NULL && run->defaults_file != NULL &&
	    run->defaults_file == s->settings.defaults_file)
		err_hint(e, "the setting defaults_file names this file; use "
		    "your own with --defaults-file FILE");
	return false;
}

/* Without the group [mailadm-admin] the administrator is the daily account. */
static bool
accounts_look(struct session *s, struct err *e)
{
	struct db_settings *d = &s->db_settings;
	struct account_found admin;

	if (!look(s, "mailadm", &s->found, e))
		return false;
	d->daily = d->admin = s->found.account;
	if (!s->found.has_admin_group)
		return true;
	if (!look(s, "mailadm-admin", &admin, e))
		return false;
	d->admin = admin.account;
	return true;
}

static void
db_settings_fill(struct session *s)
{
	s->db_settings = (struct db_settings){
		.defaults_file = s->run.defaults_file,
		.connect_timeout = (unsigned)s->settings.connect_timeout,
		.read_timeout = (unsigned)s->settings.read_timeout,
		.write_timeout = (unsigned)s->settings.write_timeout,
		.lock_timeout = (unsigned)s->settings.lock_timeout,
		.actor = actor(&s->memory),
		.program = "mailadm " MAILADM_VERSION,
		.ask_password = ask_password,
		.ask_arg = s,
		.trace = s->run.show_sql ? trace : NULL,
		.trace_arg = s,
	};
}

bool
session_init(struct session *s, const struct run_options *run,
    struct err *e)
{
	s->run = s->options = *run;
	style_set(s, run);
	if (!settings_load(&s->memory, run->config, &s->settings, e))
		return false;
	if (s->run.defaults_file == NULL)
		s->run.defaults_file = s->settings.defaults_file;
	db_settings_fill(s);
	if (!accounts_look(s, e))
		return false;
	s->db = db_open(&s->db_settings);
	s->mail = (struct mail){ .db = s->db, .arena = &s->scratch,
	    .hostname = s->settings.hostname,
	    .mail_directory = s->settings.mail_directory };
	return true;
}

bool
session_settings(struct session *s, struct settings *settings, struct err *e)
{
	return settings_load(&s->scratch, s->options.config, settings, e);
}

void
session_clear(struct session *s)
{
	db_close(s->db);
	out_clear(&s->out);
	arena_clear(&s->scratch);
	arena_clear(&s->memory);
}

bool
session_connect(struct session *s, const struct cmd *cmd, struct err *e)
{
	bool admin = cmd->flags & CMD_ADMIN;

	if (admin != s->admin) {
		s->admin = admin;
		s->schema_known = false;
		db_switch_account(s->db, admin);
	}
	if (!db_connect(s->db, e))
		return false;
	if (admin || s->schema_known || cmd->flags & CMD_ANY_SCHEMA)
		return true;
	s->schema_known = schema_usable(s->db, e);
	if (!s->schema_known && e->code == ERR_DATABASE)
		foreign_explain(&s->mail, e);
	return s->schema_known;
}

/* With a capital letter.  Only for ASCII, as all our words are. */
static const char *
capital(struct arena *a, const char *sentence)
{
	char *copy = arena_strdup(a, sentence);

	*copy = (char)toupper((unsigned char)*copy);
	return copy;
}

bool
session_confirm(struct session *s, const char *action, struct err *e)
{
	bool yes = false;

	if (s->options.yes || session_is_dry(s))
		return true;
	if (!terminal_here())
		return err_set(e, ERR_REFUSED, "refusing to %s without --yes "
		    "(no terminal to ask on)", action);
	if (!ask_yes_no(arena_printf(&s->scratch, "%s?", capital(
	    &s->scratch, action)), &yes, e))
		return false;
	return yes || err_set(e, ERR_REFUSED,
	    "cancelled; nothing was changed");
}

bool
session_differs(struct session *s, const char *text, struct err *e)
{
	if (session_is_batch(s))
		return err_set(e, ERR_DIFFERS, "%s", text);
	s->status = err_kinds[ERR_DIFFERS].status;
	return true;
}

bool
session_postmaster(struct session *s, struct arena *a,
    const char **postmaster, struct err *e)
{
	const char *setting = s->settings.postmaster;

	*postmaster = NULL;
	return setting == NULL || *setting == '\0' || address_parse(a,
	    ADDRESS_DESTINATION, setting, postmaster, e) ||
	    err_wrap(e, "postmaster in the settings");
}

void
session_notes(struct session *s)
{
	struct words *notes = &s->mail.notes;

	for (size_t i = 0; i < notes->count; i++)
		out_note(&s->out, "%s", notes->word[i]);
	*notes = (struct words){ 0 };
}

/* --- commands -------------------------------------------------------- */

static bool
run_parsed(struct session *s, const struct parsed *p, struct err *e)
{
	s->mail.changed = NULL;
	if (!p->cmd->run(s, p->args, e)) {
		/* It would be rolled back, with status 0. */
		BUG_ON(e->code == ERR_NONE && !s->out.page_left);
		return false;
	}
	session_signing_note(s, p);
	session_notes(s);
	return true;
}

struct unit {
	const struct parsed *parsed;
};

static bool
run_unit(struct session *s, void *arg, struct err *e)
{
	const struct unit *unit = arg;

	return run_parsed(s, unit->parsed, e);
}

static bool
refuse_place(struct session *s, const struct parsed *p, struct err *e)
{
	if (p->cmd->flags & CMD_NOT_IN_BATCH &&
	    (session_is_one_transaction(s) || db_in_transaction(s->db)))
		return err_set(e, ERR_USAGE,
		    "%s is not possible inside a transaction", p->cmd->name);
	if (s->mode != SESSION_SHELL && p->cmd->flags & CMD_SHELL)
		return err_set(e, ERR_USAGE, "%s only works in the shell",
		    p->cmd->name);
	if (p->options.dry_run && !s->run.dry_run &&
	    db_in_transaction(s->db))
		return err_set(e, ERR_USAGE,
		    "--dry-run is not possible inside a transaction");
	return true;
}

static bool
confirm(struct session *s, const struct parsed *p, struct err *e)
{
	const char *action = NULL;

	return p->cmd->confirm(s, p->args, &action, e) &&
	    (action == NULL || session_confirm(s, action, e));
}

static bool
run_command(struct session *s, const struct parsed *p, struct err *e)
{
	const struct cmd *cmd = p->cmd;
	struct unit unit = { p };

	if (cmd->flags & (CMD_DB | CMD_ADMIN) && !session_connect(s, cmd, e))
		return false;
	if (cmd->confirm != NULL && !confirm(s, p, e))
		return false;
	if (cmd->prepare != NULL && !cmd->prepare(s, &s->scratch, p->args, e))
		return false;
	return (cmd->flags & CMD_WRITES ?
	    session_write(s, run_unit, &unit, e) : run_parsed(s, p, e)) &&
	    out_flush(&s->out, e);
}

static bool
command_unit(struct session *s, void *arg, struct err *e)
{
	const struct unit *unit = arg;

	return run_command(s, unit->parsed, e);
}

/* In a transaction of the shell a refused command must not end all of it. */
static bool
run_placed(struct session *s, const struct parsed *p, struct err *e)
{
	struct unit unit = { p };

	if (!refuse_place(s, p, e))
		return false;
	return s->mode == SESSION_SHELL && db_in_transaction(s->db) &&
	    p->cmd->flags & CMD_DB ? session_step(s, command_unit, &unit, e) :
	    run_command(s, p, e);
}

bool
session_parse(struct session *s, struct arena *a, const struct words *words,
    struct parsed *parsed, struct err *e)
{
	enum parse_mode mode = s->mode == SESSION_ONE ? PARSE_COMMAND_LINE :
	    s->mode == SESSION_SHELL ? PARSE_SHELL : PARSE_LINE;
	bool ok = parse_words(a, words, &s->run, mode, parsed, e);

	style_set(s, &parsed->options);
	return ok;
}

/* In a file of commands it runs once, at the end. */
static bool
sync_after(struct session *s, struct err *e)
{
	if (db_in_transaction(s->db))
		return true;
	if (s->mode != SESSION_LINES)
		return session_signing_sync(s, e);
	session_signing_settle(s);
	return true;
}

/* "user --help" is about users. */
static bool
help_print(struct session *s, const struct parsed *p, struct err *e)
{
	struct words noun = { 0 };

	if (p->cmd != NULL || p->noun == NULL)
		return doc_help(&s->out, p->cmd, e);
	words_add(&s->scratch, &noun, p->noun);
	return doc_help_words(&s->out, &s->scratch, &noun, e);
}

bool
session_run_parsed(struct session *s, const struct parsed *p, struct err *e)
{
	s->options = p->options;
	s->cmd = p->cmd;
	s->did = NULL;
	style_set(s, &p->options);
	s->out.style.narrow = p->cmd != NULL ? p->cmd->narrow : NULL;
	if (s->db != NULL)
		db_verdict_clear(s->db);
	if (!db_in_transaction(s->db))
		s->signing = SIGNING_SAME;
	s->mail.signing = false;
	if (p->options.version)
		return doc_version(&s->out, e);
	if (p->options.help)
		return help_print(s, p, e);
	if (p->cmd == NULL)
		return true;
	if (!run_placed(s, p, e))
		return session_verdict(s, e);
	if (!sync_after(s, e))
		return false;
	out_command_end(&s->out);
	return true;
}

bool
session_run(struct session *s, const struct words *words, struct err *e)
{
	struct parsed parsed;
	bool ok;

	ok = session_parse(s, &s->scratch, words, &parsed, e) &&
	    session_run_parsed(s, &parsed, e);
	s->mail.notes = (struct words){ 0 };
	arena_clear(&s->scratch);
	return ok;
}
