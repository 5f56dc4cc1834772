/* The options that every command takes. */
#include "cmd/language/options.h"

#include <string.h>


/* Those with ARG_RUN are for the command line only. */
const struct arg run_args[] = {
	OPTION("--output", arg_format, run_options, output,
	    "table, wide (a table with all columns), tsv, csv, json or jsonl; "
	    "default: table on a terminal, else tsv", .letter = 'o'),
	FLAG("--json", run_options, json, "the same as --output json"),
	OPTION("--columns", arg_columns, run_options, columns,
	    "print these columns, in this order"),
	FLAG("--header", run_options, header,
	    "tsv: print the column names first"),
	OPTION("--file", arg_file, run_options, file,
	    "batch: run commands from FILE, one a line; - is standard input",
	    .flags = ARG_RUN, .letter = 'f'),
	FLAG("--keep-going", run_options, keep_going,
	    "batch: each command is a transaction; continue after errors",
	    .flags = ARG_RUN, .letter = 'k'),
	FLAG("--check", run_options, check,
	    "batch: only report lines with errors, without a database",
	    .flags = ARG_RUN),
	FLAG("--dry-run", run_options, dry_run,
	    "do everything, show what would change, and roll back",
	    .letter = 'n'),
	FLAG("--yes", run_options, yes, "do not ask", .letter = 'y'),
	FLAG("--quiet", run_options, quiet, "no confirmation messages",
	    .letter = 'q'),
	FLAG("--verbose", run_options, verbose,
	    "also report what did not change",
	    .letter = 'v'),
	FLAG("--show-sql", run_options, show_sql,
	    "print each SQL statement, without secrets", .flags = ARG_RUN),
	OPTION("--config", arg_file, run_options, config,
	    "read this mailadm.conf instead of the default ones",
	    .flags = ARG_RUN, .letter = 'c'),
	OPTION("--host", arg_name, run_options, host,
	    "database server; several separated by commas", .flags = ARG_RUN),
	OPTION("--port", arg_port, run_options, port,
	    "TCP port of the database server",
	    .flags = ARG_RUN),
	OPTION("--socket", arg_file, run_options, socket,
	    "Unix socket of the database server",
	    .flags = ARG_RUN),
	OPTION("--user", arg_name, run_options, user, "database account",
	    .flags = ARG_RUN),
	OPTION("--database", arg_name, run_options, database, "database",
	    .flags = ARG_RUN),
	OPTION("--defaults-file", arg_file, run_options, defaults_file,
	    "read this MariaDB option file instead of the standard ones",
	    .flags = ARG_RUN),
	OPTION("--color", arg_color, run_options, color,
	    "auto, always or never", .flags = ARG_RUN),
	FLAG("--help", run_options, help,
	    "print help on mailadm or the command",
	    .letter = 'h'),
	FLAG("--version", run_options, version,
	    "print version and licence", .flags = ARG_RUN,
	    .letter = 'V'),
	{ 0 }
};

void
run_options_init(struct run_options *options)
{
	*options = (struct run_options){ .port = VALUE_UNSET };
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
