/*
 * The services of this machine: by systemctl(1) where systemd runs, else by
 * service(8), as in a container.
 */
#ifndef MODEL_SETUP_SERVICE_H
#define MODEL_SETUP_SERVICE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/words.h"

/* True where systemd is what started this machine. */
bool service_has_systemd(void);

/*
 * verb: start, restart or reload.  ERR_NOT_FOUND where neither program
 * exists; ERR_IO with what the program said.
 */
bool service_run(struct arena *a, const char *verb, const char *name,
    struct err *e);

/* Starts it now and at each boot; nothing without systemd. */
bool service_enable(struct arena *a, const char *unit, struct err *e);

/*
 * Runs a program that is to succeed, and may leave servers behind: the first
 * word is its name, `owner` the package that has it.  ERR_IO with the last
 * line that it said.
 */
bool service_program(struct arena *a, const struct words *argv,
    const char *owner, struct err *e);

#endif
