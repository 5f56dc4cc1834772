/*
 * What DNS lacks of the records that are wanted, and what is wrong there.
 *
 * Records are judged, not compared: an SPF record with other senders is fine
 * while mail of this server passes it, and a stricter DMARC policy than the
 * settings ask for stays.  Only records that can be nothing but ours are
 * changed or removed.  What nobody answers is unknown, never missing.
 */
#ifndef MODEL_RECORDS_CHANGES_H
#define MODEL_RECORDS_CHANGES_H

#include "model/records/answers.h"
#include "model/records/records.h"

enum record_action {
	RECORD_FINE,
	RECORD_ADD,
	RECORD_CHANGE,		/* what was found goes, the record comes */
	RECORD_DROP,		/* what was found goes */
	RECORD_UNKNOWN,		/* DNS could not be asked */
	RECORD_OPEN		/* not known yet: ask, and judge again */
};

struct record_change {
	enum record_action action;
	struct record record;	/* with the value that is to be there */
	struct words found;	/* the values that go */
	struct words data;	/* the same as in a zone file */
	const char *why;	/* what is wrong: "has two records" */
};

/*
 * Judges one record; texts live in the arena of the answers.  The name of a
 * record that is neither RECORD_OPEN nor RECORD_UNKNOWN was answered.
 */
struct record_change record_judge(struct answers *answers,
    const struct records_server *server, const struct record *record);

/*
 * Judges all, asking in as many rounds as that takes.  One change for each
 * record, of which many may be RECORD_FINE and none is RECORD_OPEN.
 */
bool records_judge(struct answers *answers, const struct dns *dns,
    const struct records_server *server, const struct records *list,
    struct record_change *changes, struct err *e);

#endif
