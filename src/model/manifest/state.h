/*
 * Current domains, users, aliases and what else a manifest has, as objects.
 *
 * Each comes as a struct desired_... with every attribute of its row given
 * (a user's home and hash, too), so that the desired and the actual state
 * are compared, printed and exported by one table of attributes.
 */
#ifndef MODEL_MANIFEST_STATE_H
#define MODEL_MANIFEST_STATE_H

#include "model/mail/mail.h"
#include "model/manifest/manifest.h"

/* The object lives until `each` returns, which must not use the database. */
typedef bool (*state_each)(void *arg, const struct desired *w, struct err *e);

/*
 * All of a kind, sorted by name; domains: only in these, none: in all.  In a
 * domain is the way out that it or one of its users takes.
 */
bool state_all(struct mail *m, enum manifest_kind kind,
    const struct words *domains, state_each each, void *arg, struct err *e);

/* One, in the arena; NULL where it does not exist.  Locked: FOR UPDATE. */
bool state_find(struct mail *m, struct arena *a, enum manifest_kind kind,
    const char *name, struct desired **found, struct err *e);
bool state_find_locked(struct mail *m, struct arena *a,
    enum manifest_kind kind, const char *name, struct desired **found,
    struct err *e);

/*
 * A row as an object, without its grant; its strings still belong to the row.
 */
struct desired_user state_user(const struct user_state *row);

/* A copy in the arena. */
struct desired *state_copy(struct arena *a, const struct desired *w);

/*
 * Fills in the values that are not given: those of `old`, or the defaults if
 * that is NULL.
 */
void state_complete(struct desired *w, const struct desired *old);

/* The bits of the attributes that `w` gives and that differ in `old`. */
uint32_t state_differs(const struct desired *w, const struct desired *old);

#endif
