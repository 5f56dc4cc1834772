/*
 * Postfix's own programs, asked: what it is configured to do, and what its
 * maps answer.  They are started directly, with a list of arguments; what an
 * address holds means nothing to any shell.
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
	const char *command;	/* "smtpd" */
	struct cf overrides;	/* what -o says */
};

/* All of it, with the presets and every $name replaced. */
struct postfix_config {
	const char *dir;
	struct cf settings;
	struct cf unused;	/* file, name: names that Postfix ignores */
	const struct postfix_service *service;
	size_t services;
};

/*
 * ERR_NOT_FOUND without postconf, ERR_DENIED where this account may not
 * read main.cf; ERR_IO with what Postfix says.
 */
bool postfix_config_read(struct arena *a, const char *dir,
    struct postfix_config *config, struct err *e);

/* For one service, or for all where that is NULL; "" when not there. */
const char *postfix_value(const struct postfix_config *config,
    const struct postfix_service *service, const char *name);

/*
 * The names in a list: commas and blanks are between them, what stands in
 * { } is one.
 */
struct words postfix_list(struct arena *a, const char *value);

/* The value of a setting in main.cf, with every $name in it replaced. */
bool postfix_setting(struct arena *a, const char *dir, const char *name,
    const char **value, struct err *e);

/*
 * What a map answers for each of the keys, NULL for nothing; an array of
 * keys->count texts.  A map behind proxy: is asked without that, as Postfix
 * need not be running.  ERR_IO with what Postfix says where a map cannot be
 * asked.
 */
bool postfix_lookup(struct arena *a, const char *dir, const char *map,
    const struct words *keys, const char ***answers, struct err *e);

#endif
