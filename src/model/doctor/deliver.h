/*
 * A probe that goes the way of a user's mail: in by each port, delivered,
 * fetched, judged by its header, and deleted.
 *
 * An account of the doctor's own has a password that lives as long as the
 * run.  In its mailbox only messages with the doctor's header are touched.
 */
#ifndef MODEL_DOCTOR_DELIVER_H
#define MODEL_DOCTOR_DELIVER_H

#include "model/doctor/private.h"
#include "model/talk/hop.h"

/* The display name of the account, by which the doctor knows its own. */
#define PROBE_NAME "mailadm doctor"

/* A header of each probe; its value is the number of the probe. */
#define PROBE_HEADER "X-Mailadm-Doctor"

/* What the header of a message says of how it came. */
struct probe_header {
	struct words signatures;	/* "d=x.org s=20261129r" */
	const char *results;	/* Authentication-Results, NULL: none */
	const char *spam;	/* X-Spam-Status, NULL: none */
	bool is_spam;		/* X-Spam: Yes */
	const char *tls;	/* of the last hop but delivery, or NULL */
};

/* The header of a message ends at an empty line. */
void probe_header_read(struct arena *a, const char *message,
    struct probe_header *h);

/* By chance, so that no two messages have the same. */
const char *probe_number(struct arena *a);

/* How a probe came in, and how it is judged. */
struct probe_way {
	const char *name;	/* "465" */
	bool logins;
	bool signs;		/* a key of the domain is active */
	bool filters;		/* the setting filter names one */
};

/* keys: d= and s= are wanted for this domain; NULL: no key signs. */
struct verdict probe_judge(struct arena *a, const struct probe_way *way,
    const struct probe_header *h, const char *domain);

/* --- login.c ------------------------------------------------------------ */

struct port;

/* A way to a port, with the account of the doctor or as a stranger. */
struct hop doctor_hop(const struct doctor *d, const struct port *p,
    bool logins, const struct stop *stop);

/* At each port of Dovecot. */
void doctor_logins(struct doctor *d);

#endif
