/* The options that name the database of another mail system. */
#ifndef CMD_FOREIGN_SOURCE_H
#define CMD_FOREIGN_SOURCE_H

#include "cmd/language/cmd.h"

/* `st` has the members defaults_file, database, prefix and map. */
#define SOURCE_ARGS(st)							\
	OPTION("--source-defaults-file", arg_file, st, defaults_file,	\
	    "MariaDB's option file for the other database: groups "	\
	    "[client] and [mailadm-source]"),				\
	OPTION("--source-database", arg_name, st, database,		\
	    "the name of the other database"),				\
	OPTION("--table-prefix", arg_table_prefix, st, prefix,		\
	    "the prefix of its table names"),				\
	OPTION("--map", arg_file, st, map,				\
	    "for tables: a file with a map of them")

/* ERR_USAGE where the file is not given. */
bool source_is_given(const char *defaults_file, struct err *e);

#endif
