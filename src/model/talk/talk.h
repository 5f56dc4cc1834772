/*
 * Talking to a server by lines, with or without TLS, until a deadline.
 *
 * For threads: nothing here uses an arena.  A line that is longer than
 * TALK_LINE is cut; control characters are kept as they came.
 */
#ifndef MODEL_TALK_TALK_H
#define MODEL_TALK_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

#define TALK_LINE 1024		/* bytes, with the NUL */

enum talk_end {
	TALK_OK,
	TALK_REFUSED,		/* nobody listens */
	TALK_UNREACHABLE,	/* the network says so, or says nothing */
	TALK_SILENT,		/* connected, and then no answer in time */
	TALK_CLOSED,		/* by the server */
	TALK_BROKEN		/* no TLS where it should be */
};

/* What a server presents by TLS. */
struct talk_tls {
	long chain;		/* X509_V_OK, or why nobody trusts it */
	bool is_for_host;
	int64_t ends;		/* seconds since 1970 */
	unsigned char digest[32];	/* SHA-256 of the certificate */
};

struct talk {
	int fd;			/* -1: not connected */
	void *ssl;		/* SSL *, NULL: in clear */
	double until;		/* of clock_seconds() */
	const struct stop *stop;	/* or NULL */
	char buf[4096];
	size_t begin, end;	/* of what is in it and not read */
};

struct talk_to {
	const char *path;	/* a socket of this machine, or NULL */
	const char *address;
	unsigned port;
	const char *from;	/* the address to come from, or NULL */
	const struct stop *stop;	/* or NULL: gives up earlier */
};

/* Connects; the deadline is so many seconds from now. */
enum talk_end talk_connect(struct talk *t, const struct talk_to *to,
    unsigned seconds);

/* A new deadline. */
void talk_wait(struct talk *t, unsigned seconds);

enum talk_end talk_send(struct talk *t, const void *bytes, size_t len);
enum talk_end talk_say(struct talk *t, const char *line);

/* The next line without its end. */
enum talk_end talk_hear(struct talk *t, char line[static TALK_LINE]);

/* The next bytes, all of them. */
enum talk_end talk_bytes(struct talk *t, char *bytes, size_t len);

/*
 * The last line of a reply of SMTP: "250 ok".  feature: a word of EHLO to
 * look for, with *has; or NULL.
 */
enum talk_end talk_reply(struct talk *t, char line[static TALK_LINE],
    const char *feature, bool *has);

/* From now on by TLS; certificates are judged by the caller. */
enum talk_end talk_tls(struct talk *t, const char *host,
    struct talk_tls *tls);

/* The same with TLS 1.1 or 1.0 only, which a server should refuse. */
enum talk_end talk_tls_old(struct talk *t, const char *host);

void talk_close(struct talk *t);

#endif
