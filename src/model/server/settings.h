/*
 * The mail server: its settings, and the values that go into the templates of
 * its configuration.
 *
 * What a person sets ends in the files of Postfix, Dovecot and MariaDB,
 * each with a syntax of its own, so only what means the same in all of them
 * passes here.
 */
#ifndef MODEL_SERVER_SETTINGS_H
#define MODEL_SERVER_SETTINGS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "file/accounts.h"
#include "file/settings.h"
#include "file/template.h"

struct server {
	const struct settings *settings;	/* checked */
	const struct accounts *accounts;
	unsigned postfix;		/* release.h; 0: not asked for */
	unsigned dovecot;
	const char *program;		/* mailadm itself, for cron */
};

/* Of the settings that are a server's, by the setting's name; ERR_INVALID. */
bool server_setting_check(const char *name, const char *value,
    struct err *e);

/* All of them; a hostname must be there. */
bool server_check(const struct settings *s, struct err *e);

/* The full name of this machine, as DNS or its files have it; or NULL. */
const char *server_own_name(struct arena *a);

/* Certificate and key, set or those of Let's Encrypt. */
const char *server_certificate(struct arena *a, const struct settings *s);
const char *server_certificate_key(struct arena *a,
    const struct settings *s);

/*
 * The names that a template may use.  Those of passwords and their hashes
 * are not among them unless `secret`: of a file that not everybody may read.
 */
const struct template_value *server_values(struct arena *a,
    const struct server *server, bool secret);

#endif
