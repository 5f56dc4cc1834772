/* Asking ports: greeting, TLS, certificate. */
#include <pthread.h>
#include <string.h>

#include "model/doctor/port.h"

/* What postscreen lets a stranger wait, in seconds, and some more. */
#define SLOW 10

struct protocol {
	const char *greeting;	/* how the greeting begins */
	const char *starttls;	/* what asks for TLS */
	const char *yes;	/* how the answer to that begins */
	const char *quit;
};

static const struct protocol protocols[] = {
	[PORT_SMTP] = { "220", "STARTTLS", "220", "QUIT" },
	[PORT_IMAP] = { "* OK", "a STARTTLS", "a OK", "b LOGOUT" },
	[PORT_POP3] = { "+OK", "STLS", "+OK", "QUIT" },
};

static bool
begins(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

/* The greeting; further lines of it are of no interest. */
static void
greet(struct port *p, struct talk *t)
{
	p->end = p->protocol == PORT_SMTP ? talk_reply(t, p->said, NULL,
	    NULL) : talk_hear(t, p->said);
	p->greets = p->end == TALK_OK &&
	    begins(p->said, protocols[p->protocol].greeting);
}

/* Address literals are names that no server refuses. */
static enum talk_end
hello(struct port *p, struct talk *t, char line[static TALK_LINE])
{
	enum talk_end end = talk_say(t, "EHLO [127.0.0.1]");

	return end != TALK_OK ? end : talk_reply(t, line, "STARTTLS",
	    &p->tls_offered);
}

/* Up to where TLS begins, if it is offered. */
static enum talk_end
starttls(struct port *p, struct talk *t)
{
	const struct protocol *protocol = &protocols[p->protocol];
	char line[TALK_LINE] = "";
	enum talk_end end;

	p->tls_offered = true;
	end = p->protocol == PORT_SMTP ? hello(p, t, line) : TALK_OK;
	if (end != TALK_OK || !p->tls_offered)
		return end;
	end = talk_say(t, protocol->starttls);
	while (end == TALK_OK) {
		end = talk_hear(t, line);
		if (*line != '*')
			break;
	}
	if (end == TALK_OK)
		p->tls_offered = begins(line, protocol->yes);
	return end;
}

static void
tls_later(struct port *p, struct talk *t)
{
	p->tls_end = starttls(p, t);
	if (p->tls_end == TALK_OK && p->tls_offered)
		p->tls_end = talk_tls(t, p->host, &p->tls);
}

static void
tls_first(struct port *p, struct talk *t)
{
	p->tls_offered = true;
	p->tls_end = p->end = talk_tls(t, p->host, &p->tls);
	if (p->tls_end == TALK_OK)
		greet(p, t);
}

static enum talk_end
port_connect(const struct port *p, struct talk *t)
{
	const struct talk_to to = { .address = p->address,
	    .port = p->number, .stop = p->stop };

	return talk_connect(t, &to, p->seconds + (p->slow ? SLOW : 0));
}

static void
session(struct port *p, struct talk *t)
{
	p->end = port_connect(p, t);
	if (p->end == TALK_OK && p->tls_first)
		tls_first(p, t);
	else if (p->end == TALK_OK)
		greet(p, t);
	if (p->greets) {
		talk_wait(t, p->seconds);
		if (!p->tls_first)
			tls_later(p, t);
		talk_say(t, protocols[p->protocol].quit);
	}
}

/* In another session; what it says of the port is known already. */
static void
session_old(struct port *p, struct talk *t)
{
	struct port copy = *p;

	copy.end = port_connect(p, t);
	if (copy.end == TALK_OK && !p->tls_first) {
		greet(&copy, t);
		if (copy.greets)
			talk_wait(t, p->seconds);
		copy.end = copy.greets ? starttls(&copy, t) : TALK_CLOSED;
	}
	p->takes_old = copy.end == TALK_OK && copy.tls_offered &&
	    talk_tls_old(t, p->host) == TALK_OK;
}

static void *
ask(void *arg)
{
	struct port *p = arg;
	struct talk t;

	session(p, &t);
	talk_close(&t);
	if (p->greets && p->tls_end == TALK_OK && p->tls_offered) {
		session_old(p, &t);
		talk_close(&t);
	}
	return NULL;
}

void
ports_ask(struct ports *ports)
{
	VECTOR(pthread_t) threads = { 0 };

	/* Signals are for the main thread. */
	for (size_t i = 0; i < ports->count; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, ask, &ports->item[i]) == 0)
			*VECTOR_ADD(&threads) = thread;
		else
			ask(&ports->item[i]);
	}
	for (size_t i = 0; i < threads.count; i++)
		pthread_join(threads.item[i], NULL);
	VECTOR_CLEAR(&threads);
}
