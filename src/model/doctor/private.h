/*
 * What the files of the doctor share.
 *
 * A step looks (reads facts from the system) and judges.  The judging is a
 * pure function of the facts, so that faults can be tried without servers.
 */
#ifndef MODEL_DOCTOR_PRIVATE_H
#define MODEL_DOCTOR_PRIVATE_H

#include "base/vector.h"
#include "db/replica.h"
#include "model/doctor/doctor.h"
#include "model/talk/talk.h"

/* What is said of one thing. */
struct verdict {
	enum doctor_state state;
	const char *what;
	const char *advice;	/* NULL: what the step advises, if wrong */
};

struct doctor_finding {
	enum doctor_state state;
	struct doctor_row row;
};

struct ports;
struct postfix_config;
struct dovecot_config;

struct doctor {
	struct mail *mail;
	struct arena *arena;
	const struct doctor_options *options;
	const struct doctor_step *step;		/* that runs */
	struct stop stop;			/* of the run */
	int64_t now;
	bool database;				/* it answers */
	const struct postfix_config *postfix;	/* NULL: not readable */
	const struct dovecot_config *dovecot;	/* likewise */
	struct ports *ports;			/* NULL: not asked yet */
	bool down[2];				/* Postfix, Dovecot */
	bool unresolved;			/* DNS cannot be asked */
	const char *hangs[2];		/* what reads their configuration */
	const unsigned char *digest;	/* SHA-256 of the certificate */
	VECTOR(struct doctor_finding) found;
};

/* What a step needs; without it the step is skipped. */
enum doctor_needs {
	DOCTOR_DATABASE = 1 << 0
};

struct doctor_step {
	const char *name;
	const char *how;	/* what is looked at, for people */
	const char *advice;	/* the next step if it is wrong */
	unsigned needs;
	void (*look)(struct doctor *d);
};

/* --- say.c: what a step says ------------------------------------------- */

void doctor_add(struct doctor *d, struct verdict verdict);

/* advice: NULL: that of the step. */
void doctor_say(struct doctor *d, enum doctor_state state,
    const char *advice, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* That a service has to answer: less towards the end of the run. */
unsigned doctor_seconds(const struct doctor *d);

/* A program that hung and was ended, and not because the run is over. */
bool doctor_program_hangs(const struct doctor *d, const struct err *e);

/* --- database.c --------------------------------------------------------- */

/* Seconds since 1970 here and on the database server. */
struct verdict clock_judge(struct arena *a, int64_t here, int64_t there);

void doctor_database(struct doctor *d);
void doctor_clock(struct doctor *d);

/* r: NULL: the server copies from no other. */
struct verdict replica_judge(struct arena *a, const struct db_replica *r);

void doctor_replica(struct doctor *d);

/* --- disk.c ------------------------------------------------------------- */

struct disk {
	const char *path;
	const char *holds;	/* "mail" */
	uint64_t size;		/* bytes; 0: the system has no numbers */
	uint64_t available;
	uint64_t files;		/* that it can hold; 0: no limit */
	uint64_t files_left;
};

struct verdict disk_judge(struct arena *a, const struct disk *disk);

void doctor_disk(struct doctor *d);

/* --- certificate.c ------------------------------------------------------ */

struct certificate {
	const char *path;
	int64_t begins;		/* seconds since 1970 */
	int64_t ends;
	bool is_for_host;	/* host: the name that it should be for */
	const char *host;	/* NULL: not known, not judged */
};

struct verdict certificate_judge(struct arena *a,
    const struct certificate *c, int64_t now);

void doctor_certificate(struct doctor *d);

/* --- server.c ------------------------------------------------------------ */

void doctor_dovecot(struct doctor *d);
void doctor_postfix(struct doctor *d);
void doctor_ports(struct doctor *d);
void doctor_tls(struct doctor *d);
/* Reads the configurations: d->postfix and d->dovecot. */
void doctor_ports_find(struct doctor *d, struct ports *ports);

void doctor_servers_clear(struct doctor *d);

/* --- firewall.c ---------------------------------------------------------- */

void doctor_firewall(struct doctor *d);

/* --- filter.c ------------------------------------------------------------ */

/* where: of a milter, as main.cf has it. */
struct verdict milter_judge(struct arena *a, const char *where,
    enum talk_end end);

void doctor_filter(struct doctor *d);
void doctor_dkim(struct doctor *d);

/* What the policy service says, or how it ends. */
struct verdict sending_judge(enum talk_end end, const char *answer);

void doctor_sending(struct doctor *d);

/* --- relay.c ------------------------------------------------------------- */

/* Is the address in the networks of Postfix?  -1: a table says so. */
int relay_is_trusted(const struct words *networks, const char *address);

/* The reply to a recipient elsewhere. */
struct verdict relay_judge(struct arena *a, const char *reply);

void doctor_relay(struct doctor *d);

/* --- queue.c ------------------------------------------------------------- */

void doctor_queue(struct doctor *d);

/* --- outside.c ----------------------------------------------------------- */

/* took: seconds. */
struct verdict resolver_judge(struct arena *a, bool answers, double took);

void doctor_resolver(struct doctor *d);

/* to: the mail server, as people read it; said: its greeting. */
struct verdict outgoing_judge(struct arena *a, const char *to,
    enum talk_end end, const char *said);

void doctor_outgoing(struct doctor *d);

/* --- deliver.c ----------------------------------------------------------- */

void doctor_deliver(struct doctor *d);

/* --- check.c ------------------------------------------------------------ */

/* Of one checker; `command` prints all of the report. */
struct verdict report_judge(struct arena *a, const struct report *r,
    const char *command);

void doctor_check(struct doctor *d);
void doctor_dns(struct doctor *d);
void doctor_config(struct doctor *d);

#endif
