/*
 * Setting a mail server up: the settings, the accounts of the database with
 * random passwords, and the grants that give them to it.
 *
 * What exists stays: passwords, comments, settings that are not given again.
 */
#ifndef MODEL_SERVER_INIT_H
#define MODEL_SERVER_INIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "file/settings.h"
#include "model/server/render.h"

/* The new values; other settings are unchanged. */
struct init_answer {
	const char *setting;	/* NULL ends the answers */
	const char *value;
};

struct init_options {
	const char *out;
	bool dry_run;
	const char *program;
};

struct init_result {
	const struct render_row *row;
	size_t count;
	size_t changed;
	size_t refused;		/* grants.sql was edited by hand */
	size_t passwords;	/* made */
	struct settings settings;
};

/*
 * The settings as they are in the file below `out`, or the defaults.
 * ERR_INVALID, ERR_DENIED, ERR_IO.
 */
bool server_init_settings(struct arena *a, const char *out,
    struct settings *s, struct err *e);

/* ERR_INVALID unless the value is valid for the setting and for the servers. */
bool server_init_check(const char *setting, const char *value,
    struct err *e);

bool server_init(struct arena *a, const struct init_answer *answers,
    const struct init_options *options, struct init_result *result,
    struct err *e);

#endif
