/*
 * One map of Postfix, asked with one key: its answer, and the rows that did
 * not answer.
 *
 * The maps are the shipped postfix/sql_*.cf, word for word.  Everything that
 * they could find for an address is read at once, and the answers are computed
 * from that, so that rows that did not answer can be shown as well.
 */
#ifndef MODEL_MAIL_POSTFIX_MAPS_H
#define MODEL_MAIL_POSTFIX_MAPS_H

#include "model/mail/mail.h"

/* The forms of a key, in the order in which Postfix asks for them. */
enum maps_form {
	MAPS_FULL,
	MAPS_UNTAGGED,		/* without its +tag, where it has one */
	MAPS_CATCHALL,		/* @domain */
	MAPS_FORMS
};

enum maps_kind {
	MAPS_DOMAINS,
	MAPS_BLOCKS,
	MAPS_DISABLED,
	MAPS_DESTINATIONS,	/* where that one sends smtpd on */
	MAPS_INTERNAL,
	MAPS_WRITERS,		/* instead, where a user has logged in */
	MAPS_ALIASES,		/* these four are virtual_alias_maps */
	MAPS_ALIAS_DOMAINS,
	MAPS_IDENTITY,
	MAPS_PATTERNS,
	MAPS_USERS,
	MAPS_RELAY_DOMAINS,
	MAPS_RELAY_RECIPIENTS,
	MAPS_TRANSPORT,
	MAPS_COUNT
};

/* Every row that the maps could find for one address. */
struct maps_facts {
	bool all;	/* disabled rows count as enabled */
	bool senders;	/* rows to users who get no mail count */
	const char *key[MAPS_FORMS];	/* lower case; NULL: no such form */
	/* the same name in the target of an alias domain; or NULL */
	const char *target_key[MAPS_FORMS];
	const char *tag;		/* "+x" as it came, or "" */
	bool found;			/* the domain is in the database */
	struct domain domain;
	struct domain target;		/* of an alias domain */
	const struct sql_route_alias *alias;	/* rows of all these keys */
	size_t aliases;
	const struct sql_mailbox *user;	/* likewise */
	size_t users;
	const struct sql_route_alias *pattern;	/* of the one that wins */
	size_t patterns;
	struct words blocked;	/* keys that are; see maps_blocks_read() */
	struct words recipient;		/* names of a relay domain, likewise */
};

/* `domain` splits it and says whose it is; the rows are still to come. */
void maps_facts_split(struct arena *a, const char *address,
    struct maps_facts *f);

/* Once the domain and its target are known. */
void maps_facts_targets(struct arena *a, struct maps_facts *f);

/* Reads everything. */
bool maps_facts_read(struct mail *m, const char *address,
    struct maps_facts *f, struct err *e);

/*
 * The same for virtual_alias_maps, as they would answer if nothing were
 * disabled.  Reads no more than that needs: users only where no alias has the
 * name.
 */
bool maps_facts_read_all(struct mail *m, const char *address,
    struct maps_facts *f, struct err *e);

/* What only MAPS_BLOCKS needs; smtpd asks it about recipients. */
bool maps_blocks_read(struct mail *m, struct maps_facts *f, struct err *e);

/* A key that a map, or a list of maps, was asked for. */
struct maps_lookup {
	enum maps_kind map;	/* the one that answered, or the last */
	enum maps_form form;
	const char *key;
	struct words answer;	/* none: nothing was found */
};

struct maps_lookups {
	struct maps_lookup *lookup;
	size_t count;
	size_t room;
};

struct maps_lookup *maps_asked(struct arena *a, struct maps_lookups *l,
    enum maps_kind map, enum maps_form form, const char *key);

/* True when the domain is enabled, and its target, if it has one. */
bool maps_is_ours(const struct maps_facts *f);

/* True for a domain whose mailboxes are on another server. */
bool maps_is_relay(const struct maps_facts *f);

/* Does the other server have the name, as far as the table knows? */
bool maps_is_recipient(const struct maps_facts *f, const char *name);

/* The reason why it is not, or NULL. */
const char *maps_domain_why(struct arena *a, const struct maps_facts *f);

/* True when the user exists, enabled or not. */
bool maps_has_user(const struct maps_facts *f, const char *email);
bool maps_has_alias(const struct maps_facts *f, const char *mail);
bool maps_is_known(const struct maps_facts *f, const char *name);

/* The rows of an alias, which stand together in order; how many. */
size_t maps_alias_rows(const struct maps_facts *f, const char *mail,
    const struct sql_route_alias **row);

/*
 * Does the row answer?  One that only keeps the user's own copy does so
 * while the user gets mail, and one to another user while they get mail or
 * an alias of their address leads on.
 */
bool maps_row_answers(const struct maps_facts *f,
    const struct sql_route_alias *row);

/*
 * True when the user exists and gets mail; else why not: "is disabled", "has
 * expired".
 */
bool maps_user_receives(const struct maps_facts *f, const char *email);
const char *maps_user_off(const struct maps_facts *f, const char *email);

/* Who gets a copy of what comes to the user; NULL: nobody. */
const char *maps_archive(const struct maps_facts *f, const char *email);

/* Is some row of it enabled?  If not, why; else NULL. */
bool maps_alias_active(const struct maps_facts *f, const char *mail);
const char *maps_alias_off(const struct maps_facts *f, const char *mail);

/*
 * The last two answers of MAPS_DISABLED: more must be asked, of another map or
 * of the server of a relay domain.  They are names of a setting and of a
 * restriction.  MAPS_DESTINATIONS answers one of the others in the end; the
 * facts about one address are too few to know which.  MAPS_WRITERS has the
 * policy service asked.
 */
#define MAPS_TAKEN "DUNNO"
#define MAPS_UNKNOWN "550 5.1.1 User unknown"
#define MAPS_ASK_ON "mailadm_destinations"
#define MAPS_INTERNAL_ONLY						\
    "550 5.7.1 Only users of this server may write to this address"
#define MAPS_ASK_POLICY "mailadm_writers"
#define MAPS_ASK_SERVER "reject_unverified_recipient"

/* One map asked for one form; nothing is added where it has no answer. */
void maps_ask(struct arena *a, enum maps_kind map,
    const struct maps_facts *f, enum maps_form form, struct words *answer);

/*
 * virtual_alias_maps, as smtpd and cleanup ask them: all of the maps for
 * one form of the key before any is asked for the next; NULL: no answer.
 */
const struct maps_lookup *maps_ask_virtual(struct arena *a,
    const struct maps_facts *f, struct maps_lookups *asked);

/*
 * Addresses that differ in the tables have different names.  The tag of a
 * loop may grow with each turn, but beyond the longest name that the tables
 * can hold nothing asks for it any more: there all are the same.
 */
const char *maps_name(struct arena *a, const char *address);

/* A tag that no row can have. */
#define MAPS_ANY_TAG "+ "

/* a@d with "+x" is a+x@d. */
const char *maps_tagged(struct arena *a, const char *address,
    const char *tag);

/*
 * Where the mail goes: the destination gets the tag that the key did not have.
 */
const char *maps_result(struct arena *a, const struct maps_facts *f,
    const struct maps_lookup *l, size_t i);

#endif
