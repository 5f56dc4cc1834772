/* Releases of Postfix and Dovecot: their numbers, and the installed ones. */
#ifndef MODEL_SERVER_RELEASE_H
#define MODEL_SERVER_RELEASE_H

#include "model/server/files.h"
#include "model/server/settings.h"

/* A release as a number that can be compared: 3.10 is 310. */
#define RELEASE(major, minor) ((major) * 100 + (minor))

/*
 * Which releases the files are for: those given (that release_parse()
 * takes; NULL: none is), or else what the installed programs report.  Only
 * those that the set needs.
 */
bool server_releases(struct arena *a, enum server_set set,
    const char *postfix, const char *dovecot, struct server *server,
    struct err *e);

/*
 * True where the Dovecot in dovecot_directory is configured to refuse old
 * password hashes: 2.4 without auth_allow_weak_schemes.  False also where
 * there is no configuration that this account may read.
 */
bool server_refuses_old(struct arena *a, const struct settings *s);

/* "3.7.11" is RELEASE(3, 7); false where it is no release. */
bool release_parse(const char *text, unsigned *release);

#endif
