/* The options that every command takes. */
#include "cmd/language/options.h"

#include <string.h>

#include "model/mail/domain.h"

/* The options of a run; most are accepted with every command, too. */
const struct arg run_args[] = {
	{ "--output", &arg_format, TEXT_ARG(struct run_options, output), 0,
	    "table, tsv, csv, json or jsonl; table on a terminal, tsv "
	    "otherwise", 'o' },
	{ "--json", NULL, FLAG_ARG(struct run_options, json), 0,
	    "the same as --output json", 0 },
	{ "--columns", &arg_columns, TEXT_ARG(struct run_options, columns), 0,
	    "which columns, in which order", 0 },
	{ "--header", NULL, FLAG_ARG(struct run_options, header), 0,
	    "tsv: print the column names first", 0 },
	{ "--file", &arg_file, TEXT_ARG(struct run_options, file), ARG_RUN,
	    "batch: commands from FILE, one a line; - is standard input",
	    'f' },
	{ "--keep-going", NULL, FLAG_ARG(struct run_options, keep_going),
	    ARG_RUN, "batch: each command is its own transaction, go on "
	    "after an error", 'k' },
	{ "--check", NULL, FLAG_ARG(struct run_options, check), ARG_RUN,
	    "batch: only report all faulty lines, without a database", 0 },
	{ "--dry-run", NULL, FLAG_ARG(struct run_options, dry_run), 0,
	    "do everything, say what would change, roll back", 'n' },
	{ "--yes", NULL, FLAG_ARG(struct run_options, yes), 0,
	    "do not ask", 'y' },
	{ "--quiet", NULL, FLAG_ARG(struct run_options, quiet), 0,
	    "no done lines", 'q' },
	{ "--verbose", NULL, FLAG_ARG(struct run_options, verbose), 0,
	    "also what was left unchanged", 'v' },
	{ "--show-sql", NULL, FLAG_ARG(struct run_options, show_sql),
	    ARG_RUN, "print each statement, secrets masked", 0 },
	{ "--config", &arg_file, TEXT_ARG(struct run_options, config),
	    ARG_RUN, "this configuration file instead of the default ones",
	    'c' },
	{ "--host", &arg_name, TEXT_ARG(struct run_options, host), ARG_RUN,
	    "database server, or several with commas", 0 },
	{ "--port", &arg_port, NUMBER_ARG(struct run_options, port), ARG_RUN,
	    "its TCP port", 0 },
	{ "--socket", &arg_file, TEXT_ARG(struct run_options, socket),
	    ARG_RUN, "its Unix socket", 0 },
	{ "--user", &arg_name, TEXT_ARG(struct run_options, user), ARG_RUN,
	    "database account", 0 },
	{ "--database", &arg_name, TEXT_ARG(struct run_options, database),
	    ARG_RUN, "database", 0 },
	{ "--defaults-file", &arg_file, TEXT_ARG(struct run_options,
	    defaults_file), ARG_RUN, "this MariaDB option file instead of "
	    "the standard ones", 0 },
	{ "--color", &arg_color, TEXT_ARG(struct run_options, color),
	    ARG_RUN, "auto, always or never", 0 },
	{ "--help", NULL, FLAG_ARG(struct run_options, help), 0,
	    "help on mailadm or the command, on standard output", 'h' },
	{ "--version", NULL, FLAG_ARG(struct run_options, version), ARG_RUN,
	    "version and licence, on standard output", 'V' },
	{ 0 }
};

void
run_options_init(struct run_options *options)
{
	*options = (struct run_options){ .port = VALUE_KEPT };
}

const struct arg *
arg_find(const struct arg *args, const char *name, size_t len)
{
	for (; args != NULL && args->name != NULL; args++) {
		if (strlen(args->name) == len &&
		    memcmp(args->name, name, len) == 0)
			return args;
	}
	return NULL;
}
