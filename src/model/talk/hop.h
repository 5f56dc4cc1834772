/*
 * One hop of a probe, by libcurl: sending it, finding it, deleting it.
 *
 * Certificates are verified.  The password is used for the logins and is in
 * no error.
 */
#ifndef MODEL_TALK_HOP_H
#define MODEL_TALK_HOP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/clock.h"
#include "base/text.h"

/* A port, and who talks to it. */
struct hop {
	const char *scheme;	/* "smtps", "smtp", "imaps", "pop3" */
	const char *host;	/* the name in the certificate */
	const char *address;	/* where it really is */
	unsigned port;
	const char *user;	/* NULL: no login */
	const char *password;
	unsigned seconds;	/* for each command */
	const struct stop *stop;	/* or NULL: gives up earlier */
};

struct hop_mail {
	const char *from;	/* "" is the null sender */
	const char *to;
	const char *text;	/* with CR LF */
	struct text *said;	/* the server's replies, or NULL */
};

/* ERR_IO with what the server, or TLS, says. */
bool hop_send(const struct hop *hop, const struct hop_mail *mail,
    struct err *e);

/* Only logs in, by IMAP or POP3. */
bool hop_login(const struct hop *hop, struct err *e);

/* A session of IMAP in one mailbox. */
struct hop_box;

/* Logs in at the first command. */
struct hop_box *hop_open(const struct hop *hop, const char *mailbox);
void hop_close(struct hop_box *box);

/* Sends one command; the untagged lines of the answer. */
bool hop_command(struct hop_box *box, const char *command,
    struct text *answer, struct err *e);

/* The message with this UID. */
bool hop_fetch(struct hop_box *box, const char *uid, struct text *message,
    struct err *e);

#endif
