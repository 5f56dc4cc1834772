/* mailadm import from: domains, users and aliases of another mail system. */
#include "model/foreignfile/foreignfile.h"

#include <ctype.h>
#include <string.h>

#include "base/sentence.h"
#include "cmd/foreign/compare_routes.h"
#include "cmd/foreign/guess.h"
#include "cmd/foreign/source.h"
#include "cmd/plan.h"
#include "file/dovecot.h"
#include "file/postfix.h"

struct import_from_args {
	const char *system;
	const char *path;
	const char *defaults_file;
	const char *database;
	const char *prefix;
	const char *map;
	const char *domains;
	const char *users;
	const char *aliases;
	struct words where;
	const char *scheme;
	int64_t unit;
	const char *out;
	bool strict;
	int64_t compare;
	const char *postfix_dir;
	bool guess;
	const char *dovecot_dir;
};

/* --- types of arguments ---------------------------------------------- */

/* How many bytes PostfixAdmin's megabyte has. */
static const char *const units[] = { "1024000", "1048576", NULL };
static const int64_t unit_bytes[] = { 1024000, 1048576 };

/* Only the name: "{" and "}" are added later. */
static bool
bare_scheme_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	for (const char *p = word; *p != '\0'; p++) {
		if (!isalnum((unsigned char)*p) && strchr("-._", *p) == NULL)
			return err_set(e, ERR_USAGE, "a scheme has only "
			    "letters, digits, - . and _: \"%.60s\"", word);
	}
	v->text = arena_strdup(a, word);
	return true;
}

/* Each is a line of a map. */
static bool
map_value(struct arena *a, const char *word, struct value *v, struct err *e)
{
	if (strpbrk(word, "\r\n") != NULL)
		return err_set(e, ERR_USAGE, "a line break in \"%.60s\"",
		    word);
	v->text = arena_strdup(a, word);
	return true;
}

static const struct arg_type arg_system = {
	.metavar = "SYSTEM", .choices = foreign_system_words,
	.choice = "system"
};
static const struct arg_type arg_map = {
	.metavar = "TABLE.COLUMN,...", .parse = map_value
};
static const struct arg_type arg_condition = {
	.metavar = "COLUMN=VALUE", .parse = map_value
};
static const struct arg_type arg_unit = {
	.metavar = "BYTES", .choices = units
};
static const struct arg_type arg_bare_scheme = {
	.metavar = "SCHEME", .parse = bare_scheme_value
};

static const struct arg import_from_arg[] = {
	ARGUMENT("SYSTEM", arg_system, import_from_args, system,
	    "the other system; tables: whichever it is, found by its tables",
	    .flags = ARG_REQUIRED),
	ARGUMENT("FILE", arg_file, import_from_args, path,
	    "for systems that are read from a file, or from a directory: "
	    "which; - is standard input"),
	SOURCE_ARGS(import_from_args),
	OPTION("--domains", arg_map, import_from_args, domains,
	    "for tables: where the domains are, as TABLE.COLUMN, then "
	    "ATTRIBUTE=COLUMN: active=enabled"),
	OPTION("--users", arg_map, import_from_args, users,
	    "for tables: where the users are, as TABLE.EMAIL,PASSWORD, then "
	    "name=, quota=quota_mb*1M, home=maildir, active=enabled"),
	OPTION("--aliases", arg_map, import_from_args, aliases,
	    "for tables: where the aliases are, as TABLE.MAIL,DESTINATION, "
	    "then active=enabled"),
	OPTION("--where", arg_condition, import_from_args, where,
	    "only the rows with this value in that column; several: --where "
	    "again", .flags = ARG_REPEAT),
	OPTION("--default-scheme", arg_bare_scheme, import_from_args, scheme,
	    "the scheme of hashes without a {SCHEME}, such as SSHA512: "
	    "default_pass_scheme of its Dovecot"),
	OPTION("--quota-unit", arg_unit, import_from_args, unit,
	    "for PostfixAdmin: how many bytes its megabyte has, 1024000 or "
	    "1048576; default: determined from the data"),
	OPTION("--out", arg_written_file, import_from_args, out,
	    "save the plan instead of applying it; with --guess the map"),
	OPTION("--compare-routes", arg_count, import_from_args, compare,
	    "also compare where mail for N users, N aliases and all special "
	    "names goes now, by the maps of the Postfix on this machine, and "
	    "after the import"),
	OPTION("--postfix-dir", arg_directory, import_from_args, postfix_dir,
	    "its configuration directory; default: " POSTFIX_DIR),
	FLAG("--guess", import_from_args, guess,
	    "for tables: import nothing, and print the map that the queries "
	    "of the installed Postfix and Dovecot amount to"),
	OPTION("--dovecot-dir", arg_directory, import_from_args, dovecot_dir,
	    "for --guess: directory of dovecot.conf; default: " DOVECOT_DIR),
	FLAG("--strict", import_from_args, strict,
	    "change nothing if an item would be lost or changed"),
	{ 0 }
};

/* --- running --------------------------------------------------------- */

/* What only goes with a map, or with the maps of Postfix. */
static bool
options_fit(const struct import_from_args *a, struct err *e)
{
	bool sections = a->domains != NULL || a->users != NULL ||
	    a->aliases != NULL;

	if (strcmp(a->system, FOREIGN_TABLES) != 0 && (a->map != NULL ||
	    sections))
		return err_set(e, ERR_USAGE, "--map, --domains, --users and "
		    "--aliases are for \"import from tables\"");
	if (a->map != NULL && sections)
		return err_set(e, ERR_USAGE, "--map cannot be combined with "
		    "--domains, --users or --aliases");
	if (a->postfix_dir != NULL && a->compare == VALUE_UNSET)
		return err_set(e, ERR_USAGE,
		    "--postfix-dir needs --compare-routes or --guess");
	return a->dovecot_dir == NULL || err_set(e, ERR_USAGE,
	    "--dovecot-dir needs --guess");
}

static bool
file_is_given(const struct session *s, const struct import_from_args *a,
    const struct foreignfile_reader *reader, struct err *e)
{
	if (a->path == NULL) {
		err_set(e, ERR_USAGE, "missing argument: FILE");
		return err_hint(e, "%s", reader->what);
	}
	if (a->defaults_file != NULL || a->database != NULL ||
	    a->prefix != NULL || a->where.count > 0)
		return err_set(e, ERR_USAGE, "--where and --source-... options "
		    "do not apply to %s", a->system);
	if (strcmp(a->path, "-") != 0)
		return true;
	if (reader->directory)
		return err_set(e, ERR_USAGE, "%s needs a directory",
		    a->system);
	return !session_is_batch(s) || err_set(e, ERR_USAGE, "FILE cannot be "
	    "- in a batch: standard input may hold the commands");
}

static bool
source_is_named(const struct session *s, const struct import_from_args *a,
    struct err *e)
{
	const struct foreignfile_reader *reader =
	    foreignfile_reader(a->system);

	if (!options_fit(a, e))
		return false;
	if (reader != NULL)
		return file_is_given(s, a, reader, e);
	if (a->path != NULL)
		return err_set(e, ERR_USAGE, "FILE does not apply to %s, "
		    "which is a database", a->system);
	return source_is_given(a->defaults_file, e);
}

/* No database is read, so what says how is a mistake. */
static bool
guess_usage(const struct import_from_args *a, struct err *e)
{
	if (strcmp(a->system, FOREIGN_TABLES) != 0)
		return err_set(e, ERR_USAGE,
		    "--guess is for \"import from tables\"");
	if (a->defaults_file != NULL || a->database != NULL ||
	    a->prefix != NULL || a->map != NULL || a->domains != NULL ||
	    a->users != NULL || a->aliases != NULL || a->where.count > 0 ||
	    a->scheme != NULL || a->unit != VALUE_UNSET || a->strict ||
	    a->compare != VALUE_UNSET || a->path != NULL)
		return err_set(e, ERR_USAGE, "--guess goes with "
		    "--postfix-dir, --dovecot-dir and --out alone");
	return true;
}

static size_t
lost_count(const struct foreign_import *from)
{
	const struct foreign_loss *loss = from->losses.item;
	size_t lost = 0;

	for (size_t i = 0; i < from->losses.count; i++)
		lost += !loss[i].fixed;
	return lost;
}

static bool
report(struct session *s, const struct foreign_import *from, struct err *e)
{
	const struct foreign_loss *loss = from->losses.item;
	size_t lost = lost_count(from), n = from->losses.count;
	bool ok = out_begin(&s->out, foreign_loss_fields, OUT_LIST, e);

	for (size_t i = 0; ok && i < n; i++)
		ok = out_row(&s->out, &loss[i], e);
	if (!ok || !out_end(&s->out, e) || !out_flush(&s->out, e))
		return false;
	if (lost > 0)
		out_note(&s->out, "%s lost or changed (listed above)",
		    sentence_number(&s->scratch, (int64_t)lost, "item was",
			"items were"));
	if (n > lost)
		out_note(&s->out, "%s fixed", sentence_number(&s->scratch,
		    (int64_t)(n - lost), "item was", "items were"));
	return true;
}

static bool
read_source(struct session *s, const struct import_from_args *a,
    struct foreign_import *from, struct err *e)
{
	const struct foreignfile_reader *reader =
	    foreignfile_reader(a->system);
	const struct foreign_options options = {
		.system = a->system,
		.defaults_file = a->defaults_file,
		.database = a->database,
		.prefix = a->prefix,
		.read = reader != NULL ? reader->read : NULL,
		.path = a->path,
		.map = a->map,
		.domains = a->domains,
		.users = a->users,
		.aliases = a->aliases,
		.where = a->where,
		.scheme = a->scheme,
		.quota_unit = a->unit == VALUE_UNSET ? FIELD_NULL :
		    unit_bytes[a->unit],
	};

	if (!foreign_import(&s->mail, &s->db_settings, &options, from, e))
		return false;
	if (strcmp(a->system, FOREIGN_TABLES) == 0)
		out_note(&s->out, "read: %s", from->found);
	else
		out_verbose(&s->out, "read: %s", from->found);
	return true;
}

/* What became of the rows; `written` by the plan. */
static void
show_counts(struct session *s, const struct foreign_import *from,
    const struct plan *plan)
{
	struct foreign_counts n = foreign_count_rows(from, plan);

	out_done(&s->out, "rows: %zu read = %zu %s + %zu unchanged + "
	    "%zu refused + %zu lost", n.read, n.written, session_is_dry(s) ?
	    "to write" : "written", n.unchanged, n.refused, n.lost);
	if (from->unchosen > 0)
		out_done(&s->out, "%zu rows left out by --where",
		    from->unchosen);
	/* Writing them says it, too. */
	if (from->weak > 0 && plan->steps.count == 0)
		out_note(&s->out, "%s cannot log in on Dovecot 2.4, which "
		    "refuses the hash", sentence_number(&s->scratch,
		    (int64_t)from->weak, "user", "users"));
}

/* Status 3, though the rest is done: a script must see it. */
static bool
end_refused(struct session *s, const struct foreign_import *from,
    struct err *e)
{
	const char *rows;

	if (from->refused == 0)
		return true;
	rows = sentence_number(&s->scratch, (int64_t)from->refused,
	    "row was", "rows were");
	if (session_is_batch(s))
		return err_set(e, ERR_INVALID, "%s refused", rows);
	out_note(&s->out, "%s refused (listed above)", rows);
	if (s->status == 0)
		s->status = err_kinds[ERR_INVALID].status;
	return true;
}

/* A dry run also writes, and is rolled back: it finds all errors. */
static bool
do_plan(struct session *s, struct plan_session *w, struct err *e)
{
	if (!session_confirm(s, "import this", e) || !plan_session_write(w, e))
		return false;
	if (session_is_dry(s))
		return session_differs(s, "the import would change the "
		    "database", e);
	out_done(&s->out, "imported");
	return true;
}

static bool
import(struct session *s, const struct import_from_args *a,
    struct foreign_import *from, struct plan_session *w, struct err *e)
{
	const struct plan_options options = { .max_removes = FIELD_NULL };
	size_t lost;

	if (!read_source(s, a, from, e) || !report(s, from, e) ||
	    !plan_session_compare(w, &options, e))
		return false;
	plan_session_show(w);
	if (a->compare != VALUE_UNSET && !compare_routes(w, a->postfix_dir !=
	    NULL ? a->postfix_dir : POSTFIX_DIR, a->compare, e))
		return false;
	lost = lost_count(from);
	if (a->strict && lost > 0)
		return err_set(e, ERR_INVALID, "--strict: %s be lost or "
		    "changed; nothing was changed", sentence_number(
		    &s->scratch, (int64_t)lost, "item would",
		    "items would"));
	if (a->out != NULL)
		return plan_session_save(w, a->out, e);
	if (w->plan.steps.count == 0)
		out_done(&s->out, "nothing to do");
	else if (!do_plan(s, w, e))
		return false;
	show_counts(s, from, &w->plan);
	return end_refused(s, from, e);
}

static bool
run_import_from(struct session *s, const void *args, struct err *e)
{
	const struct import_from_args *a = args;
	struct foreign_import from = { 0 };
	struct plan_session w;
	bool ok;

	if (a->guess)
		return guess_usage(a, e) && guess_print(s, a->postfix_dir,
		    a->dovecot_dir, a->out, e);
	/* What is missing comes before a database that is away. */
	if (!source_is_named(s, a, e) || !session_connect(s, s->cmd, e))
		return false;
	plan_session_init(s, &w);
	from.manifest = &w.manifest;
	ok = import(s, a, &from, &w, e);
	foreign_import_clear(&from);
	plan_session_clear(&w);
	return ok;
}

const struct cmd import_from_cmds[] = {
	{ .name = "import from",
	    .brief = "import domains, users and aliases of another system",
	    .detail =
	    "Reads the live database of another system in one read-only "
	    "snapshot, or files. Then it shows a plan, as apply does, and "
	    "asks. What the other system does not name is unchanged.\n\n"
	    "Files: postfix-files is a directory with virtual, vmailbox, "
	    "virtual_domains, passwd-file and others, as Postfix and Dovecot "
	    "read them; docker-mailserver the directory of its configuration, "
	    "with postfix-accounts.cf; mailu what \"flask mailu config-export "
	    "--secrets\" prints; modoboa-csv what \"modo export\" prints of "
	    "domains or identities; ldif what slapcat prints of a directory "
	    "with mail users.\n\nThe system \"tables\" is found by "
	    "the tables that exist; "
	    "for others, name them by --users and the like, or in a map "
	    "(--map), whose lines are \"users TABLE\", \"email = COLUMN\", "
	    "\"password = COLUMN\", \"quota = COLUMN * 1M\". A COLUMN? with "
	    "a question mark may be missing. With --guess nothing is imported: "
	    "the map is made of what the Postfix and Dovecot on this machine "
	    "ask their database for. Look at it, try it by \"foreign show "
	    "--map\", and import with it.\n\nThe "
	    "result has one row for each item that is lost or changed, also "
	    "for each value and each table that nothing here can hold. "
	    "Hashes are kept if Dovecot can verify them and user add --hash "
	    "accepts them; other users get no password. DKIM keys are "
	    "imported by \"import dkim\".\n\nWith --compare-routes N each "
	    "address whose mail would go elsewhere than today is a note, and "
	    "the count is the last of them; nothing is sent. Run it as root: "
	    "it reads the maps of Postfix.\n\nThe last line says what became "
	    "of the rows: read = written + unchanged + refused + lost. A row "
	    "is refused if a value in it is not valid, and lost if there is "
	    "no place for it.\n\nStatus 0: done; 1: with --dry-run, something "
	    "would change; 3: rows were refused, and the others imported; or "
	    "with --strict, an item would be lost or changed, and nothing "
	    "was changed.",
	    .example =
	    "import from postfixadmin --source-defaults-file old.cnf "
	    "--dry-run",
	    ARGS(import_from_arg, import_from_args),
	    .columns = foreign_loss_fields, .flags = CMD_CONNECTS,
	    .run = run_import_from },
	{ 0 }
};
