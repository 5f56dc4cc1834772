/*
 * The rows of the report: what the server counts, so that a million users
 * never travel.
 */
#ifndef DB_REPORT_H
#define DB_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/field.h"

/* How many there are, and how many of them are of some kind. */
struct report_count {
	int64_t number;
	int64_t part;
};

/* Users by the months, since the year 0, in which they came and went. */
struct report_stay {
	int64_t came;
	int64_t went;		/* FIELD_NULL: they are still users */
	int64_t number;
};

/*
 * Users of a domain in one bar.  Bytes of mail; limited: of users who have a
 * quota, and granted: to them.
 */
struct report_mail {
	const char *domain;
	int64_t bar;
	int64_t number;
	int64_t stored;
	int64_t limited;
	int64_t granted;
};

struct report_full {
	const char *email;
	int64_t used;
	int64_t quota;
};

struct report_domain {
	const char *domain;
	bool active;
	int64_t users;
	int64_t aliases;
};

/* Users of a domain who logged in so long ago. */
struct report_login {
	const char *domain;
	int64_t bar;
	int64_t number;
};

/* Rows of the history of a day: days since 1970. */
struct report_day {
	int64_t day;
	const char *kind;
	const char *action;
	int64_t number;
};

/* A change, and how many rows it has. */
struct report_change {
	int64_t id;
	int64_t number;
};

extern const struct field report_count_fields[];
extern const struct field report_stay_fields[];
extern const struct field report_mail_fields[];
extern const struct field report_full_fields[];
extern const struct field report_domain_fields[];
extern const struct field report_login_fields[];
extern const struct field report_day_fields[];
extern const struct field report_change_fields[];

#endif
