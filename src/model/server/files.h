/*
 * The files of a mail server that "config render" writes: which template,
 * where it goes, and who may read it.
 */
#ifndef MODEL_SERVER_FILES_H
#define MODEL_SERVER_FILES_H

#include <stdbool.h>
#include <sys/types.h>

#include "file/template.h"

enum server_set {
	SERVER_POSTFIX,
	SERVER_DOVECOT,
	SERVER_FILTER,
	SERVER_GRANTS,
	SERVER_CRON,
	SERVER_SETS
};

/* The names in the command, with "all" for SERVER_SETS. */
extern const char *const server_set_names[];

struct server_file {
	enum server_set set;
	/*
	 * Of the embedded files; * and ? as in file names: each that matches
	 * is one.  NULL ends the table.
	 */
	const char *template;
	const char *path;	/* a template, too; a directory ends with / */
	const char *user;
	const char *group;
	mode_t mode;
	unsigned release;	/* of Dovecot: RELEASE(); 0: any */
	/*
	 * The file is wanted where this name of a template has a value; NULL:
	 * always.
	 */
	const char *condition;
	/*
	 * The directory of the program that reads it: where that does not
	 * exist, nobody does, and the file is not installed.  NULL: no matter.
	 */
	const char *reader;
};

extern const struct server_file server_files[];

/* What "config init" writes besides. */
#define SERVER_SETTINGS_PATH "/etc/mailadm/mailadm.conf"

/* True where everybody may read the file. */
bool server_file_is_public(const struct server_file *f);

/* By its condition; the values are those of server_values(). */
bool server_file_is_wanted(const struct server_file *f,
    const struct template_value *values);

#endif
