/*
 * All names of the tables at once, for the text maps: which exist, where
 * they stand, and who takes mail.
 *
 * Held by number in sets of names, some ten bytes beside each name.
 */
#ifndef MODEL_ROUTE_TEXT_NAMES_H
#define MODEL_ROUTE_TEXT_NAMES_H

#include "base/nameset.h"
#include "base/vector.h"
#include "base/words.h"
#include "model/mail/mail.h"
#include "model/manifest/manifest.h"

struct text_domain {
	const char *name;
	const char *alias_of;
	bool active;
	bool ours;		/* it and its target are active */
	bool relayed;		/* another server has its mailboxes */
	const char *transport;	/* to its mailboxes; NULL: the usual one */
	const char *archive;	/* of its users' incoming mail; or NULL */
	int64_t quota;
	struct words aliases;	/* the alias domains of this one */
	struct words patterns;
};

struct text_user {
	const char *archive;	/* of their own; or NULL */
	bool receives;
};

struct text_alias {
	bool active;		/* any row */
	bool leads;		/* an active row to another address */
	bool taken;		/* somebody takes what its rows lead on */
};

/* An active row to a name, of an alias whose mail nobody was seen to take. */
struct text_step {
	const char *mail;
	const char *destination;
};

struct text_names {
	struct mail *m;
	int64_t now;		/* what has expired by then is left out */
	struct nameset domain_names, user_names, alias_names;
	VECTOR(struct text_domain) domains;
	VECTOR(struct text_user) users;
	VECTOR(struct text_alias) aliases;
	VECTOR(struct text_step) steps;
	struct text_domain nowhere;	/* neither ours nor active */
};

/* Reads them; inside a snapshot.  text_names_clear() in any case. */
bool text_names_read(struct text_names *t, struct err *e);
void text_names_clear(struct text_names *t);

/* &nowhere: a row without its domain, of checks that were off. */
struct text_domain *text_domain_find(struct text_names *t, const char *name);

/* Those of its destinations that get mail now; memory comes from a. */
struct words text_destinations(const struct text_names *t, struct arena *a,
    const struct desired_alias *w);
bool text_user_active(const struct text_names *t,
    const struct desired_user *u);

/* NULL: none has that name. */
struct text_alias *text_alias_find(const struct text_names *t,
    const char *name);

/* Does a user of that address get mail?  Does one exist? */
bool text_user_receives(const struct text_names *t, const char *email);
bool text_user_exists(const struct text_names *t, const char *email);

/* Who gets a copy of what the user gets; NULL: nobody. */
const char *text_user_archive(struct text_names *t, const char *email);

/*
 * Does somebody take mail for a name of the tables, by its aliases or as a
 * user?
 */
bool text_name_takes(const struct text_names *t, const char *name);

#endif
