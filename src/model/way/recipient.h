/*
 * The names that are known to exist behind a relay domain.
 *
 * A relay domain's mailboxes are on another server (domain set --relay-to).
 * Names that are not in this table are refused at RCPT, where they would
 * otherwise be accepted and come back as bounces to forged senders.  A name
 * has no +tag: any tag is taken with it.
 */
#ifndef MODEL_WAY_RECIPIENT_H
#define MODEL_WAY_RECIPIENT_H

#include "model/mail/list.h"
#include "model/mail/values.h"

struct recipient_values {
	RECIPIENT_VALUES(COLUMN_VALUE,)
};

/* Of any characters that an address elsewhere may have, without a +tag. */
bool recipient_parse(struct arena *a, const char *text, const char **address,
    struct err *e);

/*
 * ERR_REFUSED in a domain that is not a relay domain; a note where the
 * domain takes all names anyway.
 */
bool recipient_add(struct mail *m, const char *address,
    const struct recipient_values *v, bool if_not_exists,
    enum outcome *outcome, struct err *e);

bool recipient_remove(struct mail *m, const char *address, bool if_exists,
    enum outcome *outcome, struct err *e);

/* What an import has done. */
struct recipient_counts {
	int64_t added;
	int64_t removed;
	int64_t kept;
};

/*
 * All the names of a domain at once: those that lack are added, and with
 * `replace` those that are not among them are removed.  The names are sorted,
 * and each stands in it once.
 */
bool recipient_import(struct mail *m, const char *domain,
    const struct words *names, bool replace, struct recipient_counts *counts,
    struct err *e);

bool recipient_list(struct mail *m, const struct list_filter *f,
    db_row_each each, void *arg, struct err *e);
bool recipient_count(struct mail *m, const struct list_filter *f,
    int64_t *count, struct err *e);

#endif
