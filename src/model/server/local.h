/*
 * Settings of one's own for Postfix, which has no include: local.cf.
 *
 * Its lines are "name = value", for main.cf, and "SERVICE/TYPE/name = value"
 * for a service of master.cf, as in "postconf -P".  They take the place of a
 * line of the rendered text that sets the same name, or are added to it.
 */
#ifndef MODEL_SERVER_LOCAL_H
#define MODEL_SERVER_LOCAL_H

#include "base/arena.h"
#include "base/err.h"
#include "file/cf.h"

#define LOCAL_SETTINGS "local.cf"

/*
 * Empty where no such file exists; ERR_INVALID with the line where one is not
 * "name = value".
 */
bool local_settings_read(struct arena *a, const char *path, struct cf *own,
    struct err *e);

/* The same of its text; path: for errors. */
bool local_settings_parse(struct arena *a, const char *path, const char *text,
    struct cf *own, struct err *e);

/* heading: above what is added at the end; or NULL. */
const char *local_main(struct arena *a, const struct cf *own,
    const char *heading, const char *text);

/* ERR_INVALID, and NULL, where it has no such service. */
const char *local_master(struct arena *a, const struct cf *own,
    const char *text, struct err *e);

#endif
