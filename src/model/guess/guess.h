/*
 * A map of another system's tables, guessed from what its servers ask them.
 *
 * The queries of the installed Postfix and Dovecot say which table and column
 * holds what: where the key is compared, what is answered, which flags must
 * be set.  What a query says in a way that is not understood is named in a
 * comment of the map, by its file, since a query itself may hold a secret.
 * No database is asked.
 */
#ifndef MODEL_GUESS_GUESS_H
#define MODEL_GUESS_GUESS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "base/words.h"

/* What a query is asked for. */
enum guess_use {
	GUESS_DOMAINS,		/* virtual_mailbox_domains and its like */
	GUESS_RELAYED,		/* relay_domains */
	GUESS_PASSWORDS,	/* a passdb */
	GUESS_USERDB,
	GUESS_MAILBOXES,	/* virtual_mailbox_maps */
	GUESS_ALIASES		/* virtual_alias_maps */
};

struct guess_query {
	enum guess_use use;
	const char *name;	/* where it is from, for people */
	const char *text;
};

struct guess {
	struct arena *arena;
	struct guess_query *query;
	size_t queries;
	const char *home;	/* of all users, where no query says it */
	const char *base;	/* of what virtual_mailbox_maps answers */
	const char *scheme;	/* of hashes without {SCHEME} */
	struct words said;	/* what else to know: comments */
};

/* In the order of the uses; the texts are not copied. */
void guess_query_add(struct guess *g, enum guess_use use, const char *name,
    const char *text);

/*
 * The queries of the servers that are set up here; one of them is enough.
 * ERR_NOT_FOUND where neither asks a MariaDB or MySQL; else as
 * postfix_config_read() and dovecot_config_read().
 */
bool guess_installed(struct guess *g, const char *postfix_dir,
    const char *dovecot_file, struct err *e);

/*
 * The map that the queries amount to, for map_read(), with comments.  False:
 * no table of any kind was found, and the text is comments alone.
 */
bool guess_map(const struct guess *g, struct text *map);

#endif
