/* Commands about the shell itself: use, set, source, quit. */
#include <string.h>

#include "base/quote.h"
#include "base/sentence.h"
#include "cmd/language/setting.h"
#include "cmd/run/session.h"
#include "model/mail/domain.h"
#include "print/ask.h"

/* --- use ------------------------------------------------------------- */

struct use_args {
	const char *domain;
};

static const struct arg use_arg[] = {
	ARGUMENT("DOMAIN", arg_domain, use_args, domain,
	    "the domain; without it no domain is the default"),
	{ 0 }
};

static bool
run_use(struct session *s, const void *args, struct err *e)
{
	const struct use_args *a = args;
	if (a->domain == NULL) {
		s->run.domain = NULL;
		return true;
	}
	if (!domain_require(&s->mail, a->domain, e))
		return e->code == ERR_NOT_FOUND ? err_hint(e,
		    "list them with: domain list") : false;
	s->run.domain = arena_strdup(&s->memory, a->domain);
	return true;
}

/* --- set ------------------------------------------------------------- */

/* The bool of a setting that is on or off; NULL for other settings. */
static bool *
setting_bool(struct session *s, enum shell_setting setting)
{
	switch (setting) {
	case SHELL_PAGER:
		return &s->out.page;
	case SHELL_HINTS:
		return &s->hints;
	case SHELL_TIMING:
		return &s->timing;
	case SHELL_VERBOSE:
		return &s->run.verbose;
	case SHELL_OUTPUT:
	case SHELL_SETTINGS:
		break;
	}
	return NULL;
}

static const char *
setting_value(struct session *s, enum shell_setting setting)
{
	const bool *on = setting_bool(s, setting);

	if (on != NULL)
		return *on ? "on" : "off";
	return s->run.output != NULL ? s->run.output : "auto";
}

static void
setting_set(struct session *s, enum shell_setting setting, const char *value)
{
	bool *on = setting_bool(s, setting);

	if (on != NULL)
		*on = strcmp(value, "on") == 0;
	else
		s->run.output = strcmp(value, "auto") == 0 ? NULL : value;
}

struct set_args {
	const char *name;
	const char *value;
};

static const struct arg_type arg_setting = {
	.metavar = "SETTING", .complete = COMPLETE_SETTING
};
static const struct arg_type arg_value = {
	.metavar = "VALUE", .complete = COMPLETE_VALUE
};

static const struct arg set_arg[] = {
	ARGUMENT("SETTING", arg_setting, set_args, name,
	    "output, pager, hints, timing or verbose; without it all are "
	    "listed"),
	ARGUMENT("VALUE", arg_value, set_args, value,
	    "on or off; for output: auto, table, wide, tsv, csv, json or "
	    "jsonl; without it the value is shown"),
	{ 0 }
};

struct setting_shown {
	const char *setting;
	const char *value;
	const char *help;
};

static const struct field setting_fields[] = {
	FIELD(struct setting_shown, setting, FIELD_TEXT),
	FIELD(struct setting_shown, value, FIELD_TEXT),
	FIELD(struct setting_shown, help, FIELD_TEXT),
	{ 0 }
};

/* Prints one setting, or all for SHELL_SETTINGS. */
static bool
settings_print(struct session *s, enum shell_setting only, struct err *e)
{
	bool all = only == SHELL_SETTINGS;

	if (!out_begin(&s->out, setting_fields, all ? OUT_LIST : OUT_SHOW,
	    e))
		return false;
	for (enum shell_setting i = 0; i < SHELL_SETTINGS; i++) {
		struct setting_shown shown = { shell_settings[i].name,
		    setting_value(s, i), shell_settings[i].help };

		if ((all || i == only) && !out_row(&s->out, &shown, e))
			return false;
	}
	return out_end(&s->out, e);
}

static bool
unknown_value(struct session *s, const struct shell_setting_row *row,
    const char *value, struct err *e)
{
	struct words known = { 0 };

	for (size_t i = 0; row->values[i] != NULL; i++)
		words_add(&s->scratch, &known, row->values[i]);
	return err_set(e, ERR_USAGE, "set %s: unknown value \"%.100s\" (%s)",
	    row->name, value, sentence_list(&s->scratch, &known));
}

static bool
unknown_setting(struct session *s, const char *name, struct err *e)
{
	struct words known = { 0 };

	for (size_t i = 0; i < SHELL_SETTINGS; i++)
		words_add(&s->scratch, &known, shell_settings[i].name);
	return quote_unknown(e, ERR_USAGE, "unknown setting", &known, name);
}

static bool
run_set(struct session *s, const void *args, struct err *e)
{
	const struct set_args *a = args;
	enum shell_setting setting = a->name == NULL ? SHELL_SETTINGS :
	    shell_setting_find(a->name);
	const struct shell_setting_row *row = &shell_settings[setting];

	if (setting == SHELL_SETTINGS && a->name != NULL) {
		unknown_setting(s, a->name, e);
		return err_hint(e, "list them with: set");
	}
	if (a->value == NULL)
		return settings_print(s, setting, e);
	for (size_t i = 0; row->values[i] != NULL; i++) {
		if (strcmp(row->values[i], a->value) == 0) {
			setting_set(s, setting, row->values[i]);
			return true;
		}
	}
	return unknown_value(s, row, a->value, e);
}

/* --- source ---------------------------------------------------------- */

struct source_args {
	const char *file;
};

static const struct arg source_arg[] = {
	ARGUMENT("FILE", arg_file, source_args, file, "commands, one a line",
	    .flags = ARG_REQUIRED),
	{ 0 }
};

static bool
run_source(struct session *s, const void *args, struct err *e)
{
	const struct source_args *a = args;

	return s->source(s, a->file, e);
}

/* --- quit ------------------------------------------------------------ */

static bool
run_quit(struct session *s, const void *args, struct err *e)
{
	bool yes = true;

	(void)args;
	if (db_in_transaction(s->db) && !ask_yes_no(
	    "A transaction is open. Roll it back and leave?", &yes, e))
		return false;
	s->quit = yes;
	return true;
}

const struct cmd shell_cmds[] = {
	{ .name = "use", .brief = "set the default domain: \"anna\" means "
	    "anna@DOMAIN",
	    .detail =
	    "After \"use example.com\", anna means anna@example.com and @ the "
	    "catch-all, also for Tab. Lists show that domain only, unless the "
	    "pattern contains @. Files read by source need full addresses.",
	    .example = "use example.com",
	    ARGS(use_arg, use_args), .flags = CMD_DB | CMD_SHELL,
	    .run = run_use },
	{ .name = "set", .brief = "show the settings of the shell, or change "
	    "one",
	    .detail =
	    "End a line with \\G for vertical output.",
	    .example = "set timing on",
	    ARGS(set_arg, set_args), .columns = setting_fields,
	    .flags = CMD_SHELL, .run = run_set },
	{ .name = "source", .brief = "run the commands of a batch file",
	    .detail =
	    "All of it is one transaction, or part of the open one. At the "
	    "first error nothing of it is kept.",
	    .example = "source new-users.txt",
	    ARGS(source_arg, source_args), .flags = CMD_DB | CMD_SHELL,
	    .run = run_source },
	{ .name = "quit", .brief = "leave the shell",
	    .detail =
	    "Asks if a transaction is open, and then rolls it back.",
	    .example = "quit",
	    .flags = CMD_SHELL, .run = run_quit },
	{ .name = "exit", .brief = "leave the shell, as other shells call it",
	    .example = "exit",
	    .flags = CMD_SHELL | CMD_HIDDEN, .run = run_quit },
	{ 0 }
};
