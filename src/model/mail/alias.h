/*
 * Mail aliases: addresses that deliver to other addresses.
 *
 * One row is one address and one destination.  An alias may point to
 * addresses elsewhere and to other aliases; a row from an address to itself
 * keeps a copy and is legal where that user exists.  Refused: what would
 * close a loop or expand beyond Postfix's limits, a destination of ours
 * that nothing accepts (unless forced), and names over a domain's limit.
 */
#ifndef MODEL_MAIL_ALIAS_H
#define MODEL_MAIL_ALIAS_H

#include "model/mail/list.h"
#include "model/mail/values.h"

/* What is written of one address. */
struct alias_write {
	const char *mail;
	struct words to;	/* its destinations */
	bool force;		/* also where nothing accepts their mail */
	ALIAS_VALUES(COLUMN_VALUE,)	/* see values.h */
};

/*
 * Adds the destinations that are missing; *added says how many were.  What
 * exists is unchanged, but for values that are given and differ.
 */
bool alias_add(struct mail *m, const struct alias_write *w, size_t *added,
    enum outcome *outcome, struct err *e);

/* Exactly these destinations, all of them active; none: they stay. */
bool alias_set(struct mail *m, const struct alias_write *w,
    enum outcome *outcome, struct err *e);

/* How a removal treats what would be lost with it. */
struct alias_removal {
	bool if_exists;
	bool cascade;		/* rows that lead here go, too */
	bool force;		/* postmaster@, dangling rows */
};

/*
 * All destinations, or the named ones.  ERR_REFUSED while another alias
 * leads here and nothing else would accept its mail.
 */
bool alias_remove(struct mail *m, const char *mail, const struct words *to,
    const struct alias_removal *how, size_t *removed, struct err *e);

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

/*
 * For users that go: the aliases whose destination the address is; every
 * row pointing from `old` to `new` (merged where it is there); the rows
 * removed.  An alias that loses its last destination is noted.
 */
bool alias_sources(struct mail *m, const char *to, struct words *sources,
    struct err *e);
bool alias_repoint(struct mail *m, const char *old, const char *new,
    struct err *e);
bool alias_remove_sources(struct mail *m, const char *to, struct err *e);

/*
 * Notes which of these aliases, having lost a destination, have none left,
 * and what leads to them still; see alias_name_removed().
 */
bool alias_note_emptied(struct mail *m, const struct words *mails,
    struct err *e);

/*
 * After a name went: notes when from now on a catch-all gets its mail, and
 * ERR_REFUSED when what answers for it now leads back to it.
 */
bool alias_name_removed(struct mail *m, const char *address, struct err *e);

/* After a domain's names lead elsewhere: no alias into it is in a loop. */
bool alias_check_into(struct mail *m, const char *domain, struct err *e);

/*
 * ERR_REFUSED unless `force` when the name is postmaster@ and nothing
 * answers for it any more: RFC 5321 requires it.
 */
bool alias_keep_postmaster(struct mail *m, const char *address, bool force,
    struct err *e);

#endif
