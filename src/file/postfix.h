/*
 * Postfix's configuration and the answers of its maps, from its own programs.
 *
 * No shell starts them: they get a list of arguments, so no character of an
 * address has a meaning.
 */
#ifndef FILE_POSTFIX_H
#define FILE_POSTFIX_H

#include "base/arena.h"
#include "base/err.h"
#include "base/words.h"
#include "file/cf.h"

#define POSTFIX_DIR "/etc/postfix"

/* A line of master.cf. */
struct postfix_service {
	const char *name;	/* "smtp", "127.0.0.1:587" */
	const char *type;	/* "inet", "unix" */
	bool chrooted;
	const char *limit;	/* of processes; "-": the default */
	const char *command;	/* "smtpd" */
	const char *arguments;	/* the rest of the line */
	struct cf overrides;	/* what -o says */
};

/* Everything, with the defaults, and with the value of every $name. */
struct postfix_config {
	const char *dir;
	struct cf settings;
	struct cf standard;	/* the defaults, as Postfix has them */
	struct cf unused;	/* file, name: names that Postfix ignores */
	struct cf said;		/* file, complaint, line: what it warns of */
	struct cf undefined;	/* file, name: used as $name, and not set */
	const struct postfix_service *service;
	size_t services;
};

/*
 * ERR_NOT_FOUND without postconf, ERR_DENIED where this account may not
 * read main.cf; ERR_IO with the message of Postfix.
 */
bool postfix_config_read(struct arena *a, const char *dir,
    struct postfix_config *config, struct err *e);

/* The value for one service, or for all where that is NULL; "": not set. */
const char *postfix_value(const struct postfix_config *config,
    const struct postfix_service *service, const char *name);

/*
 * The names in a list, which commas and blanks separate; { ... } is one name.
 */
struct words postfix_list(struct arena *a, const char *value);

/* The value of a setting in main.cf, with every $name in it replaced. */
bool postfix_setting(struct arena *a, const char *dir, const char *name,
    const char **value, struct err *e);

/*
 * The answers of a map for the keys: an array of keys->count texts, NULL
 * where it has none.  The map is asked without proxy:, since Postfix need
 * not be running.  ERR_IO with the message of Postfix.
 */
bool postfix_lookup(struct arena *a, const char *dir, const char *map,
    const struct words *keys, const char ***answers, struct err *e);

/* What Postfix says when one of its programs begins and opens a map. */
struct postfix_trial {
	const char *fatal;	/* why it ended, NULL: it did not */
	struct words warnings;	/* without the name of the program */
};

/*
 * "static:x" is a map that opens always: then only the values of main.cf are
 * read.  ERR_NOT_FOUND without postmap; ERR_RETRY where it hangs.
 */
bool postfix_try(struct arena *a, const char *dir, const char *map,
    struct postfix_trial *trial, struct err *e);

#endif
