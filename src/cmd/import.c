/* mailadm import: users, aliases and domains from CSV. */
#include "model/import/import.h"

#include <string.h>

#include "base/sentence.h"
#include "cmd/run/complaints.h"
#include "cmd/run/password_args.h"
#include "print/progress.h"

/* The default of --max-errors. */
#define ERRORS_TOLD 100

struct import_args {
	const char *file;
	bool update;
	int64_t max_errors;
	bool force;
	int64_t generate;	/* length; 0: given without a value */
};

#define IMPORT_ARGS							\
	ARGUMENT("FILE", arg_file, import_args, file,			\
	    "CSV or TSV with a header, or JSON lines; - is standard "	\
	    "input",							\
	    .flags = ARG_REQUIRED),					\
	FLAG("--update", import_args, update,				\
	    "change rows that already exist; without it they are an "	\
	    "error"),							\
	OPTION("--max-errors", arg_count, import_args, max_errors,	\
	    "stop reading after N errors; default: 100")

static const struct arg import_arg[] = {
	IMPORT_ARGS,
	{ 0 }
};

static const struct arg import_users_arg[] = {
	IMPORT_ARGS,
	FLAG("--force", import_args, force,
	    "take passwords that are short or common"),
	OPTION("--generate", arg_length, import_args, generate,
	    "make a password for new users without one, and print them once",
	    .flags = ARG_MAY_LACK_VALUE),
	{ 0 }
};

/* --- reporting ------------------------------------------------------- */

static void
say_done(struct session *s, const struct import *x, enum manifest_kind kind)
{
	out_done(&s->out, "%s added, %lld changed, %lld unchanged",
	    sentence_number(&s->scratch, x->added, manifest_kind_names[kind],
		manifest_section_names[kind]),
	    (long long)x->changed, (long long)x->unchanged);
}

static bool
show_progress(void *arg, const char *what, int64_t rows, double part)
{
	struct progress *p = arg;

	progress_show(p, what, rows, part);
	return true;
}

/* --- doing ----------------------------------------------------------- */

/* The columns of `user add --generate`, all of them in one list. */
static bool
generated_print(struct session *s, const struct import *x, struct err *e)
{
	if (x->generated.count == 0)
		return true;
	s->passwords_shown = true;
	/* Those are of the file. */
	s->out.style.columns = NULL;
	if (!out_begin(&s->out, password_fields, OUT_LIST, e))
		return false;
	for (size_t i = 0; i < x->generated.count; i++) {
		const struct password_row row = {
			x->generated.item[i].email,
			x->generated.item[i].password
		};

		if (!out_row(&s->out, &row, e))
			return false;
	}
	return out_end(&s->out, e);
}

static bool
write_unit(struct session *s, void *arg, struct err *e)
{
	return import_write(arg, &s->mail, e) && generated_print(s, arg, e);
}

static bool
import(struct session *s, const struct import_options *o,
    struct csv_file *file, struct err *e)
{
	struct import x;
	bool ok;

	ok = import_begin(&x, &s->mail, file, o, e) &&
	    session_write(s, write_unit, &x, e);
	progress_end(o->progress_arg);
	complaints_report(s, &x.report);
	if (ok)
		say_done(s, &x, o->kind);
	import_clear(&x);
	return ok;
}

/* VALUE_UNSET: not given. */
static int64_t
length(const struct session *s, const struct import_args *a)
{
	if (a->generate == VALUE_UNSET)
		return 0;
	return a->generate > 0 ? a->generate : s->settings.password_length;
}

static bool
run_import(struct session *s, const struct import_args *a,
    enum manifest_kind kind, struct err *e)
{
	struct progress progress;
	const struct import_options o = {
		.kind = kind,
		.columns = s->options.columns,
		.update = a->update,
		.max_errors = a->max_errors > 0 ? (size_t)a->max_errors :
		    ERRORS_TOLD,
		.rounds = (long)s->settings.rounds,
		.password_min = s->settings.password_policy && !a->force ?
		    s->settings.password_min : 0,
		.generate = kind == MANIFEST_USER ? length(s, a) : 0,
		.progress = show_progress,
		.progress_arg = &progress,
	};
	struct csv_file file;
	bool ok;

	if (session_is_batch(s) && strcmp(a->file, "-") == 0)
		return err_set(e, ERR_USAGE, "FILE cannot be - in a batch: "
		    "standard input may hold the commands");
	progress_begin(&progress, &s->out);
	ok = csv_file_open(&file, a->file, e) && import(s, &o, &file, e);
	csv_file_close(&file);
	return ok;
}

static bool
run_domains(struct session *s, const void *args, struct err *e)
{
	return run_import(s, args, MANIFEST_DOMAIN, e);
}

static bool
run_users(struct session *s, const void *args, struct err *e)
{
	return run_import(s, args, MANIFEST_USER, e);
}

static bool
run_aliases(struct session *s, const void *args, struct err *e)
{
	return run_import(s, args, MANIFEST_ALIAS, e);
}

/* header.c says which. */
#define HEADER_WORDS							\
    "Case, blanks and hyphens in these names do not matter, --columns "	\
    "NAME=HEADER,... takes any other header (=HEADER leaves it out), "	\
    "and words of other programs are known, too, like "

#define IN_WHOLE							\
    "The whole file is one transaction and one change, or nothing. "	\
    "Every error is reported with its line and column number. A row "	\
    "that exists with the same values is unchanged, so a file can be "	\
    "imported again. JSON lines are what export --format jsonl "	\
    "writes; an alias is whole there."

const struct cmd import_cmds[] = {
	{ .name = "import domains", .brief = "add the domains of a CSV file",
	    .detail =
	    "The first line names the columns: domain, and any of active "
	    "description alias_of quota max_users max_aliases. "
	    HEADER_WORDS "Domain Name. " IN_WHOLE,
	    .example = "import domains domains.csv",
	    ARGS(import_arg, import_args), .flags = CMD_DB,
	    .run = run_domains },
	{ .name = "import users", .brief = "add the users of a CSV file",
	    .detail =
	    "The first line names the columns: email, and any of active name "
	    "quota home hash password. " HEADER_WORDS "E-Mail Address, "
	    "Username and Display Name. The delimiter is a comma, a tab or a "
	    "semicolon; cells may be in double quotes. The leading ' that "
	    "export adds is removed, but not from a password. A new user "
	    "needs a hash or a password; a password that matches is no "
	    "change, and a short or common one is an error (--force). "
	    "--generate makes the passwords of new users that have neither, "
	    "and prints them once, as CSV or JSON by --output. " IN_WHOLE,
	    .example = "import users users.csv",
	    ARGS(import_users_arg, import_args), .flags = CMD_DB,
	    .run = run_users },
	{ .name = "import aliases", .brief = "add the aliases of a CSV file",
	    .detail =
	    "The first line names the columns: mail, destination, active. "
	    HEADER_WORDS "Alias, Source, Goto and Forward To. A "
	    "row is one address and one destination. A destination may come "
	    "later in the file. " IN_WHOLE,
	    .example = "import aliases aliases.csv",
	    ARGS(import_arg, import_args), .flags = CMD_DB,
	    .run = run_aliases },
	{ 0 }
};
