/*
 * The mail server: its settings, and the values for the templates of its
 * configuration.
 *
 * The settings end in files of Postfix, Dovecot and MariaDB, each with a
 * syntax of its own.  So only values that mean the same in all of them are
 * accepted.
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

/* Checks a value by the name of its setting: ERR_INVALID. */
bool server_setting_check(const char *name, const char *value,
    struct err *e);

/* All of them; a hostname must be there. */
bool server_check(const struct settings *s, struct err *e);

/* The domain of rewritten senders: set, or srs. and the hostname. */
const char *server_srs_domain(struct arena *a, const struct settings *s);

/* The full name of this machine, as DNS or its files have it; or NULL. */
const char *server_own_name(struct arena *a);

/* Certificate and key, set or those of Let's Encrypt. */
const char *server_certificate(struct arena *a, const struct settings *s);
const char *server_certificate_key(struct arena *a,
    const struct settings *s);

/*
 * The values that a template may use.  Passwords and their hashes are among
 * them only if `secret`: for a file that not everybody may read.
 */
const struct template_value *server_values(struct arena *a,
    const struct server *server, bool secret);

#endif
