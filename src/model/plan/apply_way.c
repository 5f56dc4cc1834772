/* Applying a plan: ways out, names of relay domains, blocks. */
#include <string.h>

#include "base/text.h"
#include "model/plan/private.h"
#include "model/way/relay.h"

/* --- ways out -------------------------------------------------------- */

/* A password is of one login; no manifest has any. */
static bool
relay_write(struct mail *m, const struct plan_step *step, struct relay *new,
    struct err *e)
{
	if (!db_exec(m->db, SQL_RELAY_SET, PARAMS(NUMBER(new->pad),
	    RELAY_VALUES(COLUMN_PARAM, new) TEXT(step->name)), e))
		return false;
	return new->login != NULL || db_exec(m->db, SQL_RELAY_SECRET_REMOVE,
	    PARAMS(TEXT(step->name)), e);
}

/* Where it moves to another server, or is new there, others may be there. */
static bool
relay_put(struct mail *m, const struct plan_step *step, struct err *e)
{
	const struct desired_relay *w = desired_relay(step->new);
	struct relay old, new = { .name = step->name,
	    RELAY_VALUES(COLUMN_COPY, w) };
	bool found;

	if (!db_row(m->db, m->arena, SQL_RELAY_GET, PARAMS(
	    TEXT(step->name)), &old, &found, e))
		return false;
	if (found && text_same(old.host, new.host) && old.port == new.port)
		new.pad = old.pad;
	else if (!relay_pad_find(m, &new, e))
		return false;
	relay_note(m, &new, found && old.has_password && new.login != NULL);
	return found ? relay_write(m, step, &new, e) :
	    db_exec(m->db, SQL_RELAY_ADD, PARAMS(TEXT(step->name),
		RELAY_VALUES(COLUMN_PARAM, &new) NUMBER(new.pad)), e);
}

bool
apply_relay(struct mail *m, const struct plan_step *step, struct err *e)
{
	db_cache_clear(m->db);
	if (step->action != PLAN_REMOVE)
		return relay_put(m, step, e);
	return db_exec(m->db, SQL_RELAY_SECRET_REMOVE, PARAMS(
		TEXT(step->name)), e) &&
	    db_exec(m->db, SQL_RELAY_REMOVE, PARAMS(TEXT(step->name)), e);
}

/* --- recipients and blocks ------------------------------------------- */

bool
apply_recipient(struct mail *m, const struct plan_step *step, struct err *e)
{
	const struct desired_recipient *new = desired_recipient(step->new);

	if (step->action == PLAN_REMOVE)
		return db_exec(m->db, SQL_RECIPIENT_REMOVE, PARAMS(
		    TEXT(step->name)), e);
	if (step->action == PLAN_ADD)
		return db_exec(m->db, SQL_RECIPIENT_ADD, PARAMS(
		    TEXT(step->name), RECIPIENT_VALUES(COLUMN_PARAM, new)),
		    e);
	return db_exec(m->db, SQL_RECIPIENT_SET, PARAMS(
	    RECIPIENT_VALUES(COLUMN_PARAM, new) TEXT(step->name)), e);
}

bool
apply_block(struct mail *m, const struct plan_step *step, struct err *e)
{
	const struct desired_block *new = desired_block(step->new);

	if (step->action == PLAN_REMOVE)
		return db_exec(m->db, SQL_BLOCK_REMOVE, PARAMS(
		    TEXT(step->name)), e);
	if (step->action == PLAN_ADD)
		return db_exec(m->db, SQL_BLOCK_ADD, PARAMS(TEXT(step->name),
		    TEXT(new->note)), e);
	return db_exec(m->db, SQL_BLOCK_SET, PARAMS(TEXT(new->note),
	    TEXT(step->name)), e);
}

/* So many rows go to the server at once. */
static bool
rows_add(struct mail *m, enum sql_id add, const struct param *p,
    size_t columns, size_t n, struct err *e)
{
	for (size_t done = 0; done < n; done += DB_ROWS) {
		size_t rows = n - done < DB_ROWS ? n - done : DB_ROWS;

		if (!db_exec_rows(m->db, add, p + done * columns, rows, e))
			return false;
	}
	return true;
}

bool
apply_recipients_add(struct mail *m, const struct plan_step *step, size_t n,
    struct err *e)
{
	enum { COLUMNS = 1 RECIPIENT_VALUES(COLUMN_ONE,) };
	struct arena a = { 0 };
	struct param *p = arena_array(&a, n * COLUMNS, sizeof(*p));
	bool ok;

	for (size_t i = 0; i < n; i++) {
		const struct desired_recipient *new = desired_recipient(
		    step[i].new);
		const struct param row[COLUMNS] = { TEXT(step[i].name),
		    RECIPIENT_VALUES(COLUMN_PARAM, new) };

		memcpy(p + i * COLUMNS, row, sizeof(row));
	}
	ok = rows_add(m, SQL_BULK_RECIPIENTS_ADD, p, COLUMNS, n, e);
	arena_clear(&a);
	return ok;
}

bool
apply_blocks_add(struct mail *m, const struct plan_step *step, size_t n,
    struct err *e)
{
	struct arena a = { 0 };
	struct param *p = arena_array(&a, n * 2, sizeof(*p));
	bool ok;

	for (size_t i = 0; i < n; i++) {
		p[2 * i] = (struct param)TEXT(step[i].name);
		p[2 * i + 1] = (struct param)TEXT(desired_block(
		    step[i].new)->note);
	}
	ok = rows_add(m, SQL_BULK_BLOCKS_ADD, p, 2, n, e);
	arena_clear(&a);
	return ok;
}
