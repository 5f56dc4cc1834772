/*
 * Which ports of the machine have to be open, for who, and which must not be.
 */
#ifndef MODEL_DOCTOR_OPENING_H
#define MODEL_DOCTOR_OPENING_H

#include "model/doctor/private.h"

struct opening {
	int64_t port;
	const char *proto;	/* "tcp", "udp" */
	const char *from;	/* "everybody", "users", "nobody", "out" */
	const char *why;
	bool listens;		/* somebody, on more than loopback */
};

extern const struct field opening_fields[];

VECTOR_NAMED(openings, struct opening);

/* A port that somebody listens on. */
struct listener {
	unsigned port;
	bool loopback;		/* and nowhere else */
	unsigned long inode;	/* of the first socket; 0: not known */
};

VECTOR_NAMED(listeners, struct listener);

/* Adds those of a file like /proc/net/tcp. */
void listeners_read(const char *text, struct listeners *to);

/* Those of this machine. */
void listeners_find(struct listeners *to);

/* Of the configuration; the caller clears the vector. */
void openings_find(struct mail *m, const struct settings *s,
    struct openings *to);

#endif
