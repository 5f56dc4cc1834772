/*
 * Replication: does this server copy what others write?
 */
#ifndef DB_REPLICA_H
#define DB_REPLICA_H

#include "db/db.h"

/* One server that is copied from. */
struct db_replica {
	const char *from;	/* its host */
	bool runs;		/* both threads do */
	int64_t behind;		/* seconds; -1: not known */
	const char *why;	/* it does not run; "" */
};

/* None where it copies from nobody.  ERR_DENIED for most accounts. */
bool db_replicas(struct db *db, struct arena *a, struct db_replica **replica,
    size_t *count, struct err *e);

#endif
