/*
 * The DKIM keys of domains, and the states that they go through.
 *
 * A key is pending (its record is to be published), active (it signs; one for
 * each domain and algorithm), retiring (it signs no more, its record stays
 * for mail that is under way) and retired (its private half is deleted, its
 * record may go).  A selector is never given twice.  Every write locks the
 * row of the domain.
 */
#ifndef MODEL_DKIM_DKIM_H
#define MODEL_DKIM_DKIM_H

#include "model/dkim/key.h"
#include "model/mail/list.h"

extern const char *const dkim_state_names[];	/* ended by NULL */

/* ERR_INVALID unless it is one label of letters, digits and hyphens. */
bool dkim_selector_check(const char *selector, struct err *e);

/* --- a key that is to be stored ---------------------------------------- */

struct dkim_new {
	enum dkim_algorithm algorithm;
	int64_t bits;
	const char *public_key;
	const char *private_key;	/* encrypted */
	const char *secret_id;
	bool imported;
	bool exposed;			/* everybody can read its file */
};

/* Each tries what it has encrypted; the texts are in the arena. */
bool dkim_new_make(struct arena *a, enum dkim_algorithm algorithm,
    int64_t bits, const struct dkim_secret *secret, struct dkim_new *new,
    struct err *e);
bool dkim_new_read(struct arena *a, const char *path,
    const struct dkim_secret *secret, struct dkim_new *new, struct err *e);

/* The same from bytes that were read already; `name` is for errors. */
bool dkim_new_take(struct arena *a, const char *name,
    const struct text *bytes, const struct dkim_secret *secret,
    struct dkim_new *new, struct err *e);

struct dkim_add {
	const char *domain;
	const char *selector;		/* NULL: made from the date */
	const struct dkim_new *key;
	bool if_not_exists;
};

/*
 * Adds it, pending.  ERR_EXISTS for a selector that was used before, or
 * without one when another key of the algorithm is pending; ERR_DENIED when
 * the database holds keys of another secret.
 */
bool dkim_add(struct mail *m, const struct dkim_add *add,
    struct dkim_row *row, enum outcome *outcome, struct err *e);

/* --- reading ----------------------------------------------------------- */

/* ERR_NOT_FOUND for a domain or a key that does not exist. */
bool dkim_find(struct mail *m, const char *domain, const char *selector,
    struct dkim_row *row, struct err *e);

/* All of a domain that exists, as struct dkim_row, by selector. */
bool dkim_of(struct mail *m, const char *domain, struct db_rows *rows,
    struct err *e);

bool dkim_list(struct mail *m, const struct list_filter *f,
    db_row_each each, void *arg, struct err *e);
bool dkim_count(struct mail *m, const struct list_filter *f, int64_t *count,
    struct err *e);

/*
 * The private half, open; ERR_REFUSED when it is retired, ERR_DENIED with
 * another secret than it was encrypted with.
 */
bool dkim_private(struct mail *m, const struct dkim_row *row,
    const struct dkim_secret *secret, struct dkim_key *key, struct err *e);

/* --- state.c: from state to state, and out ------------------------------ */

/*
 * The key signs from now on, and the one that did is retiring.  `row` is how
 * the key was read before; ERR_REFUSED when it is not so any more.
 */
bool dkim_activate(struct mail *m, const struct dkim_row *row,
    struct err *e);

/* A retiring key is retired; likewise. */
bool dkim_expire(struct mail *m, const struct dkim_row *row, struct err *e);

/* DNS has its record: remembered when it is the first time. */
bool dkim_see(struct mail *m, const struct dkim_row *row, struct err *e);

/* ERR_REFUSED for the only active key of the domain, unless forced. */
bool dkim_retire(struct mail *m, const char *domain, const char *selector,
    bool force, enum outcome *outcome, struct err *e);

struct dkim_removal {
	const char *domain;
	const char *selector;
	int64_t retire;		/* seconds that mail may be under way */
	bool force;
	bool if_exists;
};

/* ERR_REFUSED while mail that the key has signed may be under way. */
bool dkim_remove(struct mail *m, const struct dkim_removal *how,
    enum outcome *outcome, struct err *e);

#endif
