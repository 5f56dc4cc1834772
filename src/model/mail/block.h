/*
 * Blocks: addresses in our domains that are refused like unknown ones.
 *
 * For a name of a catch-all or a pattern, or a +tag, that gets only spam.
 * A block stands beside whatever has the name.
 */
#ifndef MODEL_MAIL_BLOCK_H
#define MODEL_MAIL_BLOCK_H

#include "model/mail/list.h"

/* `note`: NULL keeps that of one that exists, "" removes it. */
bool block_add(struct mail *m, const char *address, const char *note,
    bool force, enum outcome *outcome, struct err *e);

/* ERR_NOT_FOUND where it is not blocked, unless if_exists. */
bool block_remove(struct mail *m, const char *address, bool if_exists,
    enum outcome *outcome, struct err *e);

bool block_list(struct mail *m, const struct list_filter *f,
    db_row_each each, void *arg, struct err *e);
bool block_count(struct mail *m, const struct list_filter *f,
    int64_t *count, struct err *e);

/* Call before the domain is removed, or when its new name exists. */
bool block_domain_removed(struct mail *m, const char *domain, struct err *e);
bool block_domain_renamed(struct mail *m, const char *old, const char *new,
    struct err *e);

#endif
