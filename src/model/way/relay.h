/*
 * The ways out: servers that take mail to others, mostly with a login.
 *
 * A user or a domain names one (--send-through); the one named "default"
 * takes the rest.  The password is written and never read again: the account
 * postfix_relay alone can read it, no history holds it, and it goes with the
 * way out.  Postfix finds the login by the next hop, so that two ways out to
 * one server and port differ in `pad`: zeros before the port.
 */
#ifndef MODEL_WAY_RELAY_H
#define MODEL_WAY_RELAY_H

#include "model/mail/list.h"
#include "model/mail/values.h"

/* The way out of all mail that names none. */
#define RELAY_DEFAULT "default"

#define RELAY_PORT 587

/* What TLS must be; ended by NULL. */
extern const char *const relay_tls_names[];

/* A name: a-z, 0-9, - and _; ERR_INVALID. */
bool relay_name_parse(struct arena *a, const char *text, const char **name,
    struct err *e);

/* What add and set take; see values.h. */
struct relay_values {
	RELAY_VALUES(COLUMN_VALUE,)
	const char *password;	/* NULL: unchanged */
};

/* ERR_NOT_FOUND where it does not exist. */
bool relay_require(struct mail *m, const char *name, struct err *e);

/* ERR_REFUSED for this server itself, and a login that needs no TLS. */
bool relay_add(struct mail *m, const char *name,
    const struct relay_values *v, bool if_not_exists, enum outcome *outcome,
    struct err *e);
bool relay_set(struct mail *m, const char *name,
    const struct relay_values *v, enum outcome *outcome, struct err *e);

/*
 * For who writes the rows otherwise: ERR_REFUSED for this server itself; notes
 * of a login or a password without the other; a pad that is free at its server.
 */
bool relay_refuse_own(struct mail *m, const struct relay *r, struct err *e);
void relay_note(struct mail *m, const struct relay *r, bool password);
bool relay_pad_find(struct mail *m, struct relay *r, struct err *e);

struct relay_removal {
	bool if_exists;
	bool cascade;		/* who takes it takes the usual way */
};

/* ERR_REFUSED while domains or users take it. */
bool relay_remove(struct mail *m, const char *name,
    const struct relay_removal *how, enum outcome *outcome, struct err *e);

bool relay_show(struct mail *m, const char *name, struct relay *relay,
    struct err *e);
bool relay_list(struct mail *m, const struct list_filter *f,
    db_row_each each, void *arg, struct err *e);
bool relay_count(struct mail *m, const struct list_filter *f,
    int64_t *count, struct err *e);

#endif
