/*
 * Bringing the active keys of the database to the mail filter of this host.
 *
 * Below /var/lib/mailadm/dkim: a file for each key, which only root and the
 * filter can read, and the tables that name these files.  Disabled domains
 * are left out.
 */
#ifndef MODEL_DKIM_SYNC_H
#define MODEL_DKIM_SYNC_H

#include "model/dkim/dkim.h"

struct dkim_sync_options {
	const char *root;	/* "/", or what stands for it */
	const char *filter;	/* "rspamd" or "opendkim" */
	const char *secret;	/* the file */
	bool reload;		/* the filter, if anything changed */
	bool dry_run;
};

/* A file that was changed, or would be. */
struct dkim_sync_row {
	const char *path;	/* as it is on the server */
	const char *action;	/* "written" or "removed" */
};

extern const struct field dkim_sync_fields[];

struct dkim_sync_result {
	struct dkim_sync_row *row;
	size_t count;
	size_t keys;		/* that sign now */
	bool reloaded;
	bool waiting;		/* of a dry run: a change before this run was
				 * not brought to the filter */
};

/*
 * Whatever ends it, the tables name no file that is missing: keys are
 * written first, the tables after them, and files that no table names any
 * more are removed by the next run that changes nothing, when the filter has
 * long been reloaded.  Two at once run one
 * after the other.  ERR_DENIED for another secret than that of the keys,
 * before anything is changed; ERR_INVALID for a name that is none; ERR_IO.
 */
bool dkim_sync(struct mail *m, const struct dkim_sync_options *options,
    struct dkim_sync_result *result, struct err *e);

#endif
