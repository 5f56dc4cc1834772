/*
 * A route as rows for programs, and as a tree for people.
 */
#ifndef CMD_ROUTE_ROWS_H
#define CMD_ROUTE_ROWS_H

#include "model/route/trace.h"
#include "print/out.h"

/* One row for each finding; the last rows of an address are the result. */
struct route_row {
	const char *address;	/* as asked */
	int64_t depth;		/* of the hop, 0: the address itself */
	const char *hop;	/* the address that was looked at */
	const char *step;	/* which map, or what the result is */
	const char *key;	/* the key that was asked, or NULL */
	const char *result;	/* NULL: nothing */
	const char *reason;	/* NULL: none */
};

struct route_rows {
	struct route_row *row;
	size_t count;
	size_t room;
};

extern const struct field route_fields[];

void route_rows_add(struct arena *a, struct route_rows *rows,
    const struct route_row *row);

/* With `every` also the keys that no map answered for. */
void route_rows_of(struct arena *a, const struct route *r, bool every,
    struct route_rows *rows);

/* Prints rows of one address after the other. */
struct route_print {
	struct out *out;
	bool tree;		/* for a person */
	bool objects;		/* JSON: one object an address */
	bool array;		/* around them */
	size_t addresses;
};

/* tree: instead of a table; many: there may be more than one address. */
bool route_print_begin(struct route_print *p, struct out *out, bool tree,
    bool many, struct err *e);
bool route_print(struct route_print *p, const struct route_rows *rows,
    struct err *e);
bool route_print_end(struct route_print *p, struct err *e);

#endif
