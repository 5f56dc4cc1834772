/*
 * The ports of the mail servers: which ones there should be, and how each of
 * them answers.  All are asked at once, each by a thread.
 */
#ifndef MODEL_DOCTOR_PORT_H
#define MODEL_DOCTOR_PORT_H

#include "file/dovecot.h"
#include "file/postfix.h"
#include "model/doctor/private.h"
#include "model/talk/talk.h"

enum port_server { PORT_POSTFIX, PORT_DOVECOT, PORT_SERVERS };

/* "Postfix", "Dovecot" */
extern const char *const port_servers[];

enum port_protocol { PORT_SMTP, PORT_IMAP, PORT_POP3 };

struct port {
	enum port_server server;
	enum port_protocol protocol;
	const char *address;
	unsigned number;
	bool is_own;		/* an address of this machine */
	bool tls_first;		/* and not by STARTTLS */
	bool logins;
	bool slow;		/* postscreen makes strangers wait */
	const char *host;	/* that the certificate should be for */
	unsigned seconds;	/* that each answer may take */
	const struct stop *stop;	/* or NULL: gives up earlier */

	/* The answer. */
	enum talk_end end;	/* up to the greeting */
	bool greets;		/* and takes sessions */
	char said[TALK_LINE];	/* the greeting, or what came instead */
	enum talk_end tls_end;
	bool tls_offered;
	struct talk_tls tls;
	bool takes_old;		/* TLS 1.1, which RFC 8996 ended */
};

VECTOR_NAMED(ports, struct port);

/* --- port_list.c: those that the configuration names ------------------ */

void ports_of_postfix(struct doctor *d, const struct postfix_config *config,
    struct ports *ports);

/* config: NULL: it cannot be read; then those that Dovecot always has. */
void ports_of_dovecot(struct doctor *d, const struct dovecot_config *config,
    struct ports *ports);

/* Addresses of this machine, without loopback and link-local ones. */
struct words ports_addresses(struct arena *a);

/* --- port_ask.c ------------------------------------------------------- */

/* Asks all of them. */
void ports_ask(struct ports *ports);

/* --- port_judge.c: pure ------------------------------------------------ */

enum running { RUNS_UNKNOWN, RUNS_NOT, RUNS };

/* Of one server by its ports, and by what the system says of it. */
struct verdict server_judge(struct arena *a, enum port_server server,
    enum running running, const struct ports *ports);

struct verdict port_judge(struct arena *a, const struct port *p);

/* file: the digest of the certificate in the file; NULL: not known. */
struct verdict tls_judge(struct arena *a, const struct port *p,
    const unsigned char *file, int64_t now);

#endif
