/* The doctor's first questions: the database, and its clock. */
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "db/schema/schema.h"
#include "model/doctor/private.h"

#define CLOCKS_APART 60		/* seconds, as the other */
#define BEHIND_MOST 60

/*
 * A stranger who may not log in, or does not even know where the database is,
 * has seen nothing wrong.
 */
static bool
is_strange(const struct doctor *d, const struct err *e)
{
	return geteuid() != 0 &&
	    (e->code == ERR_DENIED || !d->options->configured);
}

static void
failed(struct doctor *d, struct err *e)
{
	doctor_say(d, is_strange(d, e) ? DOCTOR_UNKNOWN : DOCTOR_WRONG,
	    e->hint != NULL ? arena_strdup(d->arena, e->hint) : NULL, "%s",
	    e->text);
	err_clear(e);
}

static void
writes_look(struct doctor *d)
{
	struct err e = { 0 };
	int64_t read_only = 0;

	if (!db_number(d->mail->db, SQL_SERVER_READ_ONLY, NO_PARAMS,
	    &read_only, &e)) {
		failed(d, &e);
		return;
	}
	if (read_only != 0)
		doctor_say(d, DOCTOR_WRONG, "name the primary server as host "
		    "in the option file", "the server takes no writes "
		    "(read_only): it is a replica");
}

void
doctor_database(struct doctor *d)
{
	struct err e = { 0 };
	size_t before = d->found.count;

	if (!db_connect(d->mail->db, &e) ||
	    !schema_usable(d->mail->db, &e)) {
		failed(d, &e);
		return;
	}
	d->database = true;
	writes_look(d);
	if (d->found.count == before)
		doctor_say(d, DOCTOR_OK, NULL, "%s answers: %s",
		    db_name(d->mail->db), db_connection(d->mail->db));
}

/* --- replication ------------------------------------------------------- */

struct verdict
replica_judge(struct arena *a, const struct db_replica *r)
{
	if (r == NULL)
		return (struct verdict){ DOCTOR_SKIPPED, "the database "
		    "server copies from no other", NULL };
	if (!r->runs)
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a,
		    "the database server no longer copies from %s: %s",
		    r->from, *r->why != '\0' ? r->why :
		    "the replica is stopped"), "SHOW REPLICA STATUS; "
		    "START REPLICA" };
	if (r->behind < 0 || r->behind > BEHIND_MOST)
		return (struct verdict){ DOCTOR_WRONG, r->behind < 0 ?
		    arena_printf(a, "the database server does not know how "
		    "far behind %s it is", r->from) : arena_printf(a, "the "
		    "database server is %" PRId64 " s behind %s", r->behind,
		    r->from), NULL };
	return (struct verdict){ DOCTOR_OK, arena_printf(a, "the database "
	    "server is %" PRId64 " s behind %s", r->behind, r->from), NULL };
}

void
doctor_replica(struct doctor *d)
{
	struct db_replica *r;
	struct err e = { 0 };
	size_t count;

	if (!db_replicas(d->mail->db, d->arena, &r, &count, &e))
		doctor_say(d, DOCTOR_SKIPPED, NULL, e.code == ERR_DENIED ?
		    "this account may not see the state of replication" :
		    "%s", e.text);
	else if (count == 0)
		doctor_add(d, replica_judge(d->arena, NULL));
	for (size_t i = 0; e.code == ERR_NONE && i < count; i++)
		doctor_add(d, replica_judge(d->arena, &r[i]));
	err_clear(&e);
}

/* --- the clock --------------------------------------------------------- */

struct verdict
clock_judge(struct arena *a, int64_t here, int64_t there)
{
	int64_t apart = here - there;
	int64_t seconds = apart < 0 ? -apart : apart;

	if (seconds <= CLOCKS_APART)
		return (struct verdict){ DOCTOR_OK, "the clock is that of the "
		    "database server", NULL };
	return (struct verdict){ DOCTOR_WRONG, arena_printf(a, "the clock is "
	    "%" PRId64 " s %s that of the database server", seconds,
	    apart < 0 ? "behind" : "ahead of"), NULL };
}

void
doctor_clock(struct doctor *d)
{
	struct err e = { 0 };
	int64_t there = 0;

	if (!db_number(d->mail->db, SQL_SERVER_CLOCK, NO_PARAMS, &there,
	    &e)) {
		doctor_say(d, DOCTOR_UNKNOWN, NULL, "%s", e.text);
		err_clear(&e);
		return;
	}
	doctor_add(d, clock_judge(d->arena, (int64_t)time(NULL), there));
}
