/*
 * Requests of Postfix's policy delegation protocol (SMTPD_POLICY_README).
 *
 * A request is lines "name=value" and an empty line.  Whoever sends them is
 * not trusted: a request has at most REQUEST_MAX bytes, and one that is longer,
 * holds a NUL, has a line without a "=" or names twice what is asked for here
 * ends the connection.  There is no way to find the next one behind it.
 */
#ifndef MODEL_SENDING_REQUEST_H
#define MODEL_SENDING_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Postfix sends some thirty attributes, each of at most a line of SMTP, which
 * is 2048 bytes, or of a certificate.
 */
#define REQUEST_MAX (64 * 1024)

/* What is asked for; "" where it was not said. */
struct request {
	const char *kind;	/* smtpd_access_policy */
	const char *state;	/* of the session: "RCPT", "DATA" */
	const char *login;
	const char *recipient;
	const char *recipients;	/* how many of them */
};

/* Zeroed but for the descriptor it is ready. */
struct request_reader {
	int fd;
	size_t begin, end;	/* of what is read and not taken */
	size_t looked;		/* bytes of it that end no request */
	char bytes[REQUEST_MAX];
};

/*
 * The next request; its texts live until the next call.  *found is false at
 * the end of the connection, if that comes between two requests.  ERR_INVALID
 * for what is none; ERR_IO.
 */
bool request_read(struct request_reader *reader, struct request *request,
    bool *found, struct err *e);

#endif
