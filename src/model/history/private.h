/* What the files of undo share. */
#ifndef MODEL_HISTORY_PRIVATE_H
#define MODEL_HISTORY_PRIVATE_H

#include "model/mail/mail.h"

/* The most rows that one statement reverts. */
#define RUN_MAX 100

/* What reverting a row means. */
enum undo_action { UNDO_DELETE, UNDO_INSERT, UNDO_UPDATE };

struct undo_table {
	const char *kind;
	enum sql_id changed;	/* not as the change left it */
	enum sql_id there;	/* there now */
	enum sql_id delete;
	enum sql_id insert[2];	/* and by force */
	enum sql_id update[2];
};

/* Rows of one kind, one action, and different names. */
struct undo_run {
	const struct undo_table *table;
	enum undo_action action;
	const struct undo_row *row[RUN_MAX];
	size_t count;
};

struct undo {
	struct mail *m;
	int64_t change;
	bool force;
	struct words obstacles;	/* from the first on, nothing is written */
	void *left;		/* tsearch() tree: rows not reverted for it */
	struct arena rows;	/* of the page */
};

/* Which side of a history row a statement takes. */
enum side { SIDE_OLD, SIDE_NEW, SIDE_PAIR };

bool undo_run_is_of(const struct undo_run *run, const char *kind);

/* An array of the rows' JSON; it may hold hashes, so it is a secret. */
const char *undo_json(struct undo *u, const struct undo_run *run,
    enum side side);

/* The names that a statement returns when it gets these rows. */
bool undo_find(struct undo *u, const struct undo_run *run, enum sql_id id,
    enum side side, struct words *found, struct err *e);

/* --- obstacle.c ------------------------------------------------------- */

void obstacle_add(struct undo *u, const char *kind, const char *name,
    const char *why);

/*
 * A row that is not reverted; then what the change did to it before is not
 * reverted either, and obstacle_is_left() holds for those rows.
 */
void obstacle_leave(struct undo *u, const struct undo_row *row);
bool obstacle_is_left(struct undo *u, const struct undo_row *row);
void obstacle_forget_left(struct undo *u);

/* Each adds what it finds; false is an error of the database. */

/* Rows that are not as the change left them. */
bool obstacle_changed(struct undo *u, const struct undo_run *run,
    struct err *e);

/* Names that rows would get back and that exist now. */
bool obstacle_taken(struct undo *u, const struct undo_run *run,
    struct err *e);

/* What --force cannot help: a home is taken, a domain does not exist. */
bool obstacle_impossible(struct undo *u, const struct undo_run *run,
    struct err *e);

/* Grants made since, for a user who is removed or renamed. */
bool obstacle_grants(struct undo *u, const struct undo_run *run,
    struct err *e);

/* Keys that were retired: their private half does not come back. */
bool obstacle_uses(struct undo *u, const struct undo_run *run,
    struct err *e);
bool obstacle_keys(struct undo *u, const struct undo_run *run,
    struct err *e);

/* What was added since to a domain that is removed. */
bool obstacle_contents(struct undo *u, const struct undo_run *run,
    struct err *e);

#endif
