/* The options that every command takes, and their values. */
#ifndef CMD_LANGUAGE_OPTIONS_H
#define CMD_LANGUAGE_OPTIONS_H

#include "cmd/language/cmd.h"

/* The options of a run and of its commands: run_args fills them. */
struct run_options {
	const char *output;
	bool json;		/* if given, output is "json", too */
	const char *columns;
	bool header;
	const char *file;
	bool keep_going;
	bool check;
	bool dry_run;
	bool yes;
	bool quiet;
	bool verbose;
	bool show_sql;
	const char *config;
	const char *host;
	int64_t port;
	const char *socket;
	const char *user;
	const char *database;
	const char *defaults_file;
	const char *color;
	bool help;
	bool version;
	const char *domain;	/* the default of the shell; no option */
};

/* One row an option; ended by { 0 }. */
extern const struct arg run_args[];

/* Options with nothing given. */
void run_options_init(struct run_options *options);

/* The row of a name in a table of arguments, or NULL. */
const struct arg *arg_find(const struct arg *args, const char *name,
    size_t len);

#endif
