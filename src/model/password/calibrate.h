/*
 * How many rounds a password's hash may have on this machine.
 */
#ifndef MODEL_PASSWORD_CALIBRATE_H
#define MODEL_PASSWORD_CALIBRATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/field.h"

#define CALIBRATE_TIME 100		/* milliseconds, by default */
#define CALIBRATE_TIME_MIN 1
#define CALIBRATE_TIME_MAX 10000

struct calibration {
	int64_t rounds;
	int64_t milliseconds;	/* milliseconds of a check with these rounds */
	int64_t requested;		/* the time that was asked for */
};

extern const struct field calibration_fields[];

/* What hashing with so many rounds takes: in nanoseconds, 0 on failure. */
typedef int64_t (*calibrate_clock)(struct arena *a, int64_t rounds,
    struct err *e);

/* By libxcrypt, which checks the passwords in Dovecot; the best of three. */
int64_t calibrate_measure(struct arena *a, int64_t rounds, struct err *e);

/*
 * The number of rounds that takes `requested` milliseconds, down to two digits,
 * within what the setting takes.
 */
bool calibrate(struct arena *a, calibrate_clock clock, int64_t requested,
    struct calibration *c, struct err *e);

#endif
