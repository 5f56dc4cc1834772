/* What the files of a repair share. */
#ifndef MODEL_REPAIR_PRIVATE_H
#define MODEL_REPAIR_PRIVATE_H

#include "model/address.h"
#include "model/repair/repair.h"

/* What can be done about a row; a step has several. */
enum fix {
	FIX_POSTMASTER = 1 << 0,
	FIX_NAME = 1 << 1,		/* a user's or an alias's address */
	FIX_PASSWORD = 1 << 2,
	FIX_TO = 1 << 3,		/* spelling of a destination */
	FIX_LIST = 1 << 4,
	FIX_TWICE = 1 << 5,
	FIX_TO_TARGET = 1 << 6		/* out of an alias domain */
};

/* What a row of an alias becomes, at least one destination. */
struct fix_row {
	const struct alias *is;
	struct words to;
};

/* A step that is planned or written. */
struct fixing {
	struct mail *m;
	const struct repair_step *step;
	const char *postmaster;
	bool lock;		/* planned to be written */
	struct words does;
	struct words leaves;
	const char *state;	/* all that the plan depends on */
	bool force;
	int64_t written;	/* rows that history must have */

	const char *name;	/* the new one */
	const char *crypt;	/* NULL: it stays */
	struct fix_row *row;
	size_t rows;
};

/* --- step.c: what the steps share ------------------------------------- */

/* A sentence on what the step does, or on what it leaves and why. */
void fix_does(struct fixing *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void fix_leaves(struct fixing *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The canonical spelling; NULL where it is no address. */
const char *fix_fold(struct arena *a, enum address_kind kind,
    const char *raw);

/* Locked if the step is being written. */
bool fix_user_exists(struct fixing *f, const char *email, bool *exists,
    struct err *e);
bool fix_alias_rows(struct fixing *f, const char *mail,
    struct db_rows *rows, struct err *e);

/* Writes one row, and counts it. */
bool fix_write(struct fixing *f, enum sql_id id, struct params p,
    struct err *e);

/* --- row.c and alias.c: what each kind of row is planned and written --- */

/*
 * Sets f->name to the canonical spelling of an address, if nothing receives
 * mail for that yet: lookups ask in lower case, so the row does nothing now.
 */
bool fix_name(struct fixing *f, enum address_kind kind, struct err *e);

bool fix_domain_plan(struct fixing *f, struct err *e);
bool fix_domain_write(struct fixing *f, struct err *e);
bool fix_user_plan(struct fixing *f, struct err *e);
bool fix_user_write(struct fixing *f, struct err *e);
bool fix_alias_plan(struct fixing *f, struct err *e);
bool fix_alias_write(struct fixing *f, struct err *e);

#endif
