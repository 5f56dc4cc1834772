/*
 * One map of Postfix, asked with one key: its answer, and the rows that did
 * not answer.
 *
 * The maps are the shipped postfix/sql_*.cf, word for word.  Everything that
 * they could find for an address is read at once, and the answers are computed
 * from that, so that rows that did not answer can be shown as well.
 */
#ifndef MODEL_MAIL_LOOKUP_H
#define MODEL_MAIL_LOOKUP_H

#include "model/mail/mail.h"

/* The forms of a key, in the order in which Postfix asks for them. */
enum route_form {
	ROUTE_FULL,
	ROUTE_UNTAGGED,		/* without its +tag, where it has one */
	ROUTE_CATCHALL,		/* @domain */
	ROUTE_FORMS
};

enum route_map {
	ROUTE_DOMAINS,
	ROUTE_DISABLED,
	ROUTE_DESTINATIONS,	/* where that one sends smtpd on */
	ROUTE_ALIASES,		/* these three are virtual_alias_maps */
	ROUTE_ALIAS_DOMAINS,
	ROUTE_IDENTITY,
	ROUTE_USERS,
	ROUTE_MAPS
};

/* The setting that names a map, and how its row in a trace is called. */
struct route_map_kind {
	const char *setting;
	const char *name;
};

extern const struct route_map_kind route_maps[ROUTE_MAPS];

/* Every row that the maps could find for one address. */
struct route_facts {
	bool all;	/* disabled rows count as enabled */
	bool senders;	/* rows to users who get no mail count */
	const char *key[ROUTE_FORMS];	/* lower case; NULL: no such form */
	/* the same name in the target of an alias domain; or NULL */
	const char *target_key[ROUTE_FORMS];
	const char *tag;		/* "+x" as it came, or "" */
	bool found;			/* the domain is in the database */
	struct domain domain;
	struct domain target;		/* of an alias domain */
	const struct sql_route_alias *alias;	/* rows of all these keys */
	size_t aliases;
	const struct sql_mailbox *user;	/* likewise */
	size_t users;
};

/* `domain` splits it and says whose it is; the rows are still to come. */
void route_facts_split(struct arena *a, const char *address,
    struct route_facts *f);

/* Once the domain and its target are known. */
void route_facts_targets(struct arena *a, struct route_facts *f);

/* Reads everything. */
bool route_facts_read(struct mail *m, const char *address,
    struct route_facts *f, struct err *e);

/*
 * The same for virtual_alias_maps, as they would answer if nothing were
 * disabled.  Reads no more than that needs: users only where no alias has the
 * name.
 */
bool route_facts_read_all(struct mail *m, const char *address,
    struct route_facts *f, struct err *e);

/* A key that a map, or a list of maps, was asked for. */
struct route_lookup {
	enum route_map map;	/* the one that answered, or the last */
	enum route_form form;
	const char *key;
	struct words answer;	/* none: nothing was found */
};

struct route_lookups {
	struct route_lookup *lookup;
	size_t count;
	size_t room;
};

struct route_lookup *route_asked(struct arena *a, struct route_lookups *l,
    enum route_map map, enum route_form form, const char *key);

/* True when the domain is enabled, and its target, if it has one. */
bool route_is_ours(const struct route_facts *f);

/* The reason why it is not, or NULL. */
const char *route_domain_why(struct arena *a, const struct route_facts *f);

/* True when the user exists, enabled or not. */
bool route_has_user(const struct route_facts *f, const char *email);
bool route_has_alias(const struct route_facts *f, const char *mail);
bool route_is_known(const struct route_facts *f, const char *name);

/* The rows of an alias, which stand together in order; how many. */
size_t route_alias_rows(const struct route_facts *f, const char *mail,
    const struct sql_route_alias **row);

/*
 * Does the row answer?  One that only keeps the user's own copy does so
 * while the user gets mail, and one to another user while they get mail or
 * an alias of their address leads on.
 */
bool route_row_answers(const struct route_facts *f,
    const struct sql_route_alias *row);

/* True when the user exists and gets mail; else why not: "is disabled". */
bool route_user_receives(const struct route_facts *f, const char *email);
const char *route_user_off(const struct route_facts *f, const char *email);

/* Is some row of it enabled? */
bool route_alias_active(const struct route_facts *f, const char *mail);

/*
 * The last answer of ROUTE_DISABLED: more must be asked.  It is the name of
 * a setting.  ROUTE_DESTINATIONS answers one of the others in the end; the
 * facts about one address are too few to know which.
 */
#define ROUTE_TAKEN "DUNNO"
#define ROUTE_UNKNOWN "550 5.1.1 User unknown"
#define ROUTE_ASK_ON "mailadm_destinations"

/* One map asked for one form; nothing is added where it has no answer. */
void route_ask(struct arena *a, enum route_map map,
    const struct route_facts *f, enum route_form form, struct words *answer);

/*
 * virtual_alias_maps, as smtpd and cleanup ask them: all of the maps for
 * one form of the key before any is asked for the next; NULL: no answer.
 */
const struct route_lookup *route_ask_virtual(struct arena *a,
    const struct route_facts *f, struct route_lookups *asked);

/*
 * Addresses that differ in the tables have different names.  The tag of a
 * loop may grow with each turn, but beyond the longest name that the tables
 * can hold nothing asks for it any more: there all are the same.
 */
const char *route_name(struct arena *a, const char *address);

/* A tag that no row can have. */
#define ROUTE_ANY_TAG "+ "

/* a@d with "+x" is a+x@d. */
const char *route_tagged(struct arena *a, const char *address,
    const char *tag);

/*
 * Where the mail goes: the destination gets the tag that the key did not have.
 */
const char *route_result(struct arena *a, const struct route_facts *f,
    const struct route_lookup *l, size_t i);

#endif
