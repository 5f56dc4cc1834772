/* mailadm schema: creates the tables, and brings them up to date. */
#include "db/schema/schema.h"

#include <string.h>

#include "cmd/run/session.h"
#include "model/address.h"
#include "model/password/hash.h"
#include "model/password/scheme.h"

/* --- what rows of other tables must be ------------------------------- */

/*
 * Addresses must be accepted by address.h and hashes by password.h: adoption
 * stores nothing that the commands would refuse.
 */
static bool
user_parse(struct arena *a, const char *text, const char **stored,
    struct err *e)
{
	return address_parse(a, ADDRESS_USER, text, stored, e);
}

static bool
alias_parse(struct arena *a, const char *text, const char **stored,
    struct err *e)
{
	return address_parse(a, ADDRESS_ALIAS, text, stored, e);
}

static bool
destination_parse(struct arena *a, const char *text, const char **stored,
    struct err *e)
{
	return address_parse(a, ADDRESS_DESTINATION, text, stored, e);
}

/* A user without a password is valid, too. */
static bool
hash_valid(const char *hash, struct err *e)
{
	return strcmp(hash, PASSWORD_NONE) == 0 || password_hash_valid(hash, e);
}

static const struct schema_rules adopt_rules = {
	.domain = domain_parse,
	.user = user_parse,
	.alias = alias_parse,
	.destination = destination_parse,
	.hash = hash_valid,
};

/* --- the commands ---------------------------------------------------- */

static void
print_steps(struct session *s, const struct schema_report *report)
{
	for (size_t i = 0; i < report->steps.count; i++)
		out_done(&s->out, session_is_dry(s) ? "would: %s" : "%s",
		    report->steps.word[i]);
	if (report->steps.count == 0)
		out_done(&s->out, "schema unchanged");
	else if (session_is_dry(s))
		out_note(&s->out, "dry run: nothing was changed");
}

static bool
run_init(struct session *s, const void *args, struct err *e)
{
	struct schema_report report = { 0 };

	(void)args;
	if (!schema_init(s->db, &s->scratch, session_is_dry(s), &report, e))
		return false;
	print_steps(s, &report);
	return true;
}

static bool
run_status(struct session *s, const void *args, struct err *e)
{
	struct schema_status status;

	(void)args;
	if (!schema_status(s->db, &s->scratch, &status, e) ||
	    !out_begin(&s->out, schema_migration_fields, OUT_LIST, e))
		return false;
	for (size_t i = 0; i < status.count; i++) {
		if (!out_row(&s->out, &status.migration[i], e))
			return false;
	}
	out_done(&s->out, "schema: %s%s%s", status.summary,
	    status.database_id ? ", database " : "",
	    status.database_id ? status.database_id : "");
	return out_end(&s->out, e);
}

struct upgrade_args {
	bool fix;
	bool only;
	bool drop_old;
};

static const struct arg upgrade_arg[] = {
	FLAG("--fix", upgrade_args, fix,
	    "fix the adopted rows where that is safe"),
	FLAG("--only", upgrade_args, only,
	    "adopt what exists of the three tables"),
	FLAG("--drop-old", upgrade_args, drop_old,
	    "drop the old_* tables that were kept when the tables were "
	    "adopted"),
	{ 0 }
};

static bool
print_findings(struct session *s, const struct schema_report *report,
    struct err *e)
{
	if (report->findings == 0)
		return true;
	if (!out_begin(&s->out, schema_finding_fields, OUT_LIST, e))
		return false;
	for (size_t i = 0; i < report->findings; i++) {
		if (!out_row(&s->out, &report->finding[i], e))
			return false;
	}
	return out_end(&s->out, e);
}

static bool
run_upgrade(struct session *s, const void *args, struct err *e)
{
	const struct upgrade_args *a = args;
	const struct schema_options options = { .rules = &adopt_rules,
	    .mail_directory = s->settings.mail_directory,
	    .dry_run = session_is_dry(s), .fix = a->fix, .only = a->only,
	    .drop_old = a->drop_old };
	struct schema_report report = { 0 };
	struct err printing = { 0 };
	bool ok;

	ok = schema_upgrade(s->db, &s->scratch, &options, &report, e);
	if (ok && report.steps.count > 0 && !options.dry_run)
		session_did(s, "the schema is upgraded");
	if (!print_findings(s, &report, &printing) && ok)
		ok = err_set(e, printing.code, "%s", printing.text);
	err_clear(&printing);
	if (!ok)
		return false;
	print_steps(s, &report);
	/* Without them the daily account cannot use the new tables. */
	if (report.steps.count > 0 && !session_is_dry(s))
		out_hint(&s->out, "the database accounts need new grants: "
		    "mailadm config render grants --out /; mariadb "
		    "</etc/mailadm/grants.sql");
	return true;
}

struct restore_args {
	bool force;
};

static const struct arg restore_arg[] = {
	FLAG("--force", restore_args, force,
	    "even if changes that were made since are lost"),
	{ 0 }
};

static bool
run_restore(struct session *s, const void *args, struct err *e)
{
	const struct restore_args *a = args;
	struct schema_options options = { .dry_run = true,
	    .force = a->force };
	struct schema_report report = { 0 };

	/* What would refuse it comes before the question. */
	if (!schema_restore(s->db, &s->scratch, &options, &report, e))
		return false;
	options.dry_run = session_is_dry(s);
	if (!options.dry_run && (!session_confirm(s, "drop the tables of "
	    "mailadm and restore the old ones", e) || !schema_restore(s->db,
	    &s->scratch, &options, &report, e)))
		return false;
	if (!options.dry_run)
		session_did(s, "the old tables are restored");
	print_steps(s, &report);
	return true;
}

const struct cmd schema_cmds[] = {
	{ .name = "schema init", .brief = "create the database and its tables",
	    .detail =
	    "Connects with the group [mailadm-admin] of the option files if "
	    "it exists, because it needs more privileges than the daily "
	    "account has. If it is interrupted, run it again: it finishes. "
	    "--dry-run lists what it would do.",
	    .example = "schema init",
	    .flags = CMD_ADMIN | CMD_NOT_IN_BATCH, .run = run_init },
	{ .name = "schema status",
	    .brief = "list the migrations and which of them the database has",
	    .example = "schema status",
	    .columns = schema_migration_fields,
	    .flags = CMD_ADMIN | CMD_NOT_IN_BATCH, .run = run_status },
	{ .name = "schema upgrade",
	    .brief = "bring the tables up to date, or adopt foreign ones",
	    .detail =
	    "Applies the migrations that are missing. If it is interrupted, "
	    "run it again: it finishes. A database with tables domains, users "
	    "and aliases made by hand is adopted: every row is kept, "
	    "destinations separated by commas become rows. The columns may "
	    "have other usual names, such as domains.name, users.password or "
	    "aliases.source; active (also disabled, or a date of expiry), "
	    "description, name and home are taken over where such columns "
	    "exist, and the others are listed. Rows that break a "
	    "rule are all listed (status 3) and nothing is changed until they "
	    "are fixed; --fix fixes what is safe to fix. The old tables stay "
	    "as old_* until --drop-old; \"schema restore-old\" goes back to "
	    "them.",
	    .example = "schema upgrade --fix",
	    ARGS(upgrade_arg, upgrade_args), .columns = schema_finding_fields,
	    .flags = CMD_ADMIN | CMD_NOT_IN_BATCH, .run = run_upgrade },
	{ .name = "schema restore-old",
	    .brief = "take an adoption back: restore the old tables",
	    .detail =
	    "The old_* tables get the names domains, users and aliases again, "
	    "in one step, and the tables of mailadm are dropped, with the "
	    "history and the DKIM keys. Refused if anything was written "
	    "since schema upgrade adopted the tables, as that would be lost; "
	    "--force does it nevertheless. Asks first; without a terminal it "
	    "needs --yes. If it is interrupted, run it again: it finishes.",
	    .example = "schema restore-old",
	    ARGS(restore_arg, restore_args),
	    .flags = CMD_ADMIN | CMD_NOT_IN_BATCH, .run = run_restore },
	{ 0 }
};
