/*
 * Mail aliases: addresses that deliver to other addresses.
 *
 * One row is one address and one destination.  An alias may point to
 * addresses elsewhere and to other aliases; a row from an address to itself
 * keeps a copy and is legal where that user exists.  Refused: what would
 * close a loop or expand beyond Postfix's limits, a destination in a domain
 * of ours that does not exist (unless forced), and names over a domain's
 * limit.  A name with a star is a pattern, see alias_row.h (unless literal).
 */
#ifndef MODEL_MAIL_ALIAS_H
#define MODEL_MAIL_ALIAS_H

#include "model/mail/alias_row.h"
#include "model/mail/list.h"
#include "model/mail/values.h"

/* What is written of one address. */
struct alias_write {
	const char *mail;
	struct words to;	/* its destinations */
	bool force;		/* also if a destination does not exist */
	bool literal;		/* a new name with * or ? is no pattern */
	ALIAS_VALUES(COLUMN_VALUE,)	/* see values.h */
	ALIAS_ROW_VALUES(COLUMN_VALUE,)	/* of the rows to these */
};

/* --- alias.c: rows ---------------------------------------------------- */

/* The one of these rows with that destination, or NULL. */
const struct alias *alias_row_to(const struct db_rows *rows,
    const char *to);

/*
 * Its destination for people, with "(off) " before it if it is disabled, and
 * "(expired) " if it has expired.
 */
const char *alias_row_shown(struct mail *m, const struct alias *row);

/* ERR_NOT_FOUND, with the destination where `to` is not NULL. */
bool alias_not_found(const char *mail, const char *to, struct err *e);

/* Notes that a name with ? from a file is taken literally. */
void alias_note_wild(struct mail *m, const char *mail);

/* The aliases that have this address as a destination. */
bool alias_sources(struct mail *m, const char *to, struct words *sources,
    struct err *e);

/*
 * The rows that lead into a domain, as struct sql_pair in order, but for those
 * of addresses in the domain `but`; "": all.
 */
bool alias_rows_into(struct mail *m, const char *domain, const char *but,
    struct db_rows *rows, struct err *e);

/* One destination, or all with to NULL. */
bool alias_set_active(struct mail *m, const char *mail, const char *to,
    bool active, enum outcome *outcome, struct err *e);

/* The rows of one alias; ERR_NOT_FOUND when there are none. */
bool alias_show(struct mail *m, const char *mail, struct db_rows *rows,
    struct err *e);
bool alias_list(struct mail *m, const struct list_filter *f,
    db_row_each each, void *arg, struct err *e);
bool alias_count(struct mail *m, const struct list_filter *f,
    int64_t *count, struct err *e);

/* --- alias_set.c ------------------------------------------------------- */

/*
 * Adds the destinations that are missing; *added says how many were.  What
 * exists is unchanged, but for values that are given and differ.  The time
 * at which a row expires is that of the destinations that are named; with
 * none of them alias_set() means all.
 */
bool alias_add(struct mail *m, const struct alias_write *w, size_t *added,
    enum outcome *outcome, struct err *e);

/* Exactly these destinations, all of them active; none: they stay. */
bool alias_set(struct mail *m, const struct alias_write *w,
    enum outcome *outcome, struct err *e);

/* --- alias_remove.c ---------------------------------------------------- */

/* How a removal treats what would be lost with it. */
struct alias_removal {
	bool if_exists;
	bool cascade;		/* also remove rows that lead here */
	bool force;		/* also postmaster@, and if rows dangle then */
};

/*
 * All destinations, or the named ones.  ERR_REFUSED while another alias
 * leads here and nothing else would accept its mail.
 */
bool alias_remove(struct mail *m, const char *mail, const struct words *to,
    const struct alias_removal *how, size_t *removed, struct err *e);

/* Removes the destination from them; notes those that have none left. */
bool alias_remove_sources(struct mail *m, const char *to, struct err *e);

/*
 * Call after these aliases have lost a destination: notes those that have
 * none left, and what still leads to them.
 */
bool alias_note_emptied(struct mail *m, const struct words *mails,
    struct err *e);

/*
 * Call after a name was removed: notes when a catch-all now takes its mail;
 * ERR_REFUSED when what answers for it now loops back to it.
 */
bool alias_name_removed(struct mail *m, const char *address, struct err *e);

/*
 * ERR_REFUSED unless `force` when the name is postmaster@ and no user or
 * alias has it now: RFC 5321 requires it.
 */
bool alias_keep_postmaster(struct mail *m, const char *address, bool force,
    struct err *e);

/*
 * Replaces the destination `old` by `new`; rows that already have `new` stay
 * single.
 */
bool alias_repoint(struct mail *m, const char *old, const char *new,
    struct err *e);

/*
 * Call after the names of a domain lead elsewhere: ERR_REFUSED when an alias
 * into it is in a loop now.
 */
bool alias_check_into(struct mail *m, const char *domain, struct err *e);

#endif
