/* The doctor sends probes, and fetches and deletes them. */
#include "model/doctor/deliver.h"

#include <ctype.h>
#include <inttypes.h>
#include <openssl/rand.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "model/doctor/port.h"
#include "model/doctor/queue.h"

#define ARRIVE_SECONDS 60
#define LOOK_MS 500

static const char *const mailboxes[] = { "INBOX", "Junk" };

#define MAILBOXES (sizeof(mailboxes) / sizeof(mailboxes[0]))

struct run {
	struct doctor *d;
	const struct doctor_probe *probe;
	const char *host;	/* in the certificate */
	const char *domain;	/* of the account */
	struct stop stop;	/* the sweep at the end has its own */
	struct hop imap;
	struct hop_box *box[MAILBOXES];
	struct text answer;
};

/* A message of ours in one of the mailboxes. */
struct place {
	size_t box;
	const char *uid;
};

/* --- the mailbox -------------------------------------------------------- */

static const struct port *
port_of(const struct doctor *d, enum port_server server, bool logins,
    bool tls_first)
{
	for (size_t i = 0; i < d->ports->count; i++) {
		const struct port *p = &d->ports->item[i];

		if (p->server == server && p->greets &&
		    p->logins == logins && p->tls_first == tls_first &&
		    p->protocol != PORT_POP3)
			return p;
	}
	return NULL;
}

/* "* SEARCH 4 7": the numbers. */
static struct words
uids(struct arena *a, const char *answer)
{
	static const char mark[] = "* SEARCH";
	const char *p = strstr(answer, mark);
	struct words words = { 0 };

	if (p == NULL)
		return words;
	p += strlen(mark);
	while (*p == ' ' && isdigit((unsigned char)p[1])) {
		size_t len = strspn(p + 1, "0123456789");

		words_add(a, &words, arena_strndup(a, p + 1, len));
		p += 1 + len;
	}
	return words;
}

/* Exactly this one: other messages that are marked stay. */
static bool
delete(struct run *r, const struct place *at, struct err *e)
{
	struct arena *a = r->d->arena;

	return hop_command(r->box[at->box], arena_printf(a,
	    "UID STORE %s +FLAGS.SILENT (\\Deleted)", at->uid), &r->answer,
	    e) && hop_command(r->box[at->box], arena_printf(a,
	    "UID EXPUNGE %s", at->uid), &r->answer, e);
}

/* what: "HEADER name", and number: "": any; or "TEXT". */
static bool
search_for(struct run *r, size_t box, const char *what, const char *number,
    struct words *found, struct err *e)
{
	if (!hop_command(r->box[box], arena_printf(r->d->arena,
	    "UID SEARCH %s \"%s\"", what, number), &r->answer, e))
		return false;
	*found = uids(r->d->arena, r->answer.buf);
	return true;
}

/* number: "": all probes. */
static bool
search(struct run *r, size_t box, const char *number, struct words *found,
    struct err *e)
{
	return search_for(r, box, "HEADER " PROBE_HEADER, number, found, e);
}

/* What a run that was killed left behind.  Junk need not exist. */
static bool
sweep(struct run *r, struct err *e)
{
	for (size_t box = 0; box < MAILBOXES; box++) {
		struct words found = { 0 };

		if (!search(r, box, "", &found, e)) {
			if (box == 0)
				return false;
			err_clear(e);
		}
		for (size_t i = 0; i < found.count; i++) {
			if (!delete(r, &(struct place){ box, found.word[i] },
			    e))
				return false;
		}
	}
	return true;
}

static bool
arrived(struct run *r, const char *number, struct place *at, struct err *e)
{
	const struct stop stop = { clock_seconds() + stop_left(&r->stop,
	    ARRIVE_SECONDS), r->stop.asked, r->stop.arg };
	double begun = clock_seconds();

	for (;;) {
		for (at->box = 0; at->box < MAILBOXES; at->box++) {
			struct words found = { 0 };

			if (!search(r, at->box, number, &found, e) &&
			    at->box == 0)
				return false;
			err_clear(e);
			if (found.count > 0) {
				at->uid = found.word[0];
				return true;
			}
		}
		if (stop_is_due(&stop))
			return err_set(e, ERR_RETRY, "it did not arrive in "
			    "%.0f s", clock_seconds() - begun);
		poll(NULL, 0, LOOK_MS);
	}
}

/* --- a probe ------------------------------------------------------------ */

const char *
probe_number(struct arena *a)
{
	unsigned char bytes[8] = { 0 };
	uint64_t n;

	RAND_bytes(bytes, sizeof(bytes));
	memcpy(&n, bytes, sizeof(n));
	return arena_printf(a, "%016" PRIx64, n);
}

static const char *
message(const struct run *r, const char *to, const char *number)
{
	const char *from = r->probe->address;
	struct arena *a = r->d->arena;
	char date[64];
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	return arena_printf(a, "From: <%s>\r\nTo: <%s>\r\n"
	    "Subject: mailadm doctor\r\nDate: %s\r\n"
	    "Message-ID: <doctor.%s@%s>\r\n" PROBE_HEADER ": %s\r\n"
	    "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=us-ascii\r\n\r\n"
	    "This message finds out whether mail is delivered. It is deleted "
	    "at once.\r\n", from, to, date, number, r->host, number);
}

static void
judge(struct run *r, const struct port *p, const struct place *at)
{
	struct probe_way way = {
		.name = arena_printf(r->d->arena, "port %u", p->number),
		.logins = p->logins,
		.signs = r->probe->signs,
		.filters = strcmp(r->d->options->settings->filter, "none") !=
		    0,
	};
	struct probe_header h;
	struct err e = { 0 };

	if (hop_fetch(r->box[at->box], at->uid, &r->answer, &e)) {
		probe_header_read(r->d->arena, r->answer.buf, &h);
		doctor_add(r->d, probe_judge(r->d->arena, &way, &h,
		    r->domain));
	} else {
		doctor_say(r->d, DOCTOR_WRONG, NULL, "a message that arrived "
		    "cannot be fetched: %s", e.text);
	}
	err_clear(&e);
}

static void
failed(struct run *r, const struct port *p, const char *what,
    struct err *e)
{
	doctor_say(r->d, DOCTOR_WRONG, e->code == ERR_RETRY ?
	    "postqueue -p; mailadm route ADDRESS" : NULL,
	    "port %u: %s: %s", p->number, what, e->text);
	err_clear(e);
}

static void
probe_send(struct run *r, const struct port *p)
{
	struct hop hop = doctor_hop(r->d, p, p->logins, &r->stop);
	const char *number = probe_number(r->d->arena);
	const char *from = p->logins ? r->probe->address :
	    r->probe->from != NULL ? r->probe->from : "";
	struct hop_mail mail = { .from = from, .to = r->probe->address,
	    .text = message(r, r->probe->address, number) };
	double begun = clock_seconds(), taken;
	struct place at = { 0 };
	struct err e = { 0 };

	if (!hop_send(&hop, &mail, &e)) {
		failed(r, p, "mail is not taken", &e);
		return;
	}
	taken = clock_seconds();
	if (!arrived(r, number, &at, &e)) {
		failed(r, p, "mail is taken, but", &e);
		return;
	}
	doctor_say(r->d, at.box == 0 ? DOCTOR_OK : DOCTOR_WRONG, NULL,
	    "port %u: taken in %.1f s%s, in %s after %.1f s", p->number,
	    taken - begun, p->logins ? " with a login" : " from outside",
	    mailboxes[at.box], clock_seconds() - taken);
	judge(r, p, &at);
	if (!delete(r, &at, &e))
		failed(r, p, "the probe cannot be deleted", &e);
}

/* --- a probe to elsewhere ------------------------------------------------- */

/* "250 2.0.0 Ok: queued as 4bXyZ1": the last word, or NULL. */
static const char *
queue_id(struct arena *a, const char *said)
{
	static const char mark[] = "queued as ";
	const char *p = strstr(said, mark);

	if (p == NULL)
		return NULL;
	p += strlen(mark);
	return arena_strndup(a, p, strspn(p, "0123456789abcdefghijklmnopqrst"
	    "uvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"));
}

/* Until it has left the queue, or waits; or nobody wants to wait longer. */
static bool
queue_follow(struct run *r, const char *id, struct queue_place *place,
    struct err *e)
{
	const struct stop stop = { clock_seconds() + stop_left(&r->stop,
	    r->d->options->timeout), r->stop.asked, r->stop.arg };
	const struct queue_sent sent = { id, r->probe->address };

	/* What comes back is in the queue before the mail has left it. */
	for (;;) {
		if (!queue_ask(r->d, &sent, place, e))
			return false;
		if ((!place->found && !place->answered) ||
		    place->reason != NULL || stop_is_due(&stop))
			return true;
		poll(NULL, 0, LOOK_MS);
	}
}

/* What came back to the account: why, or NULL. */
static const char *
bounce_take(struct run *r, const char *number, struct err *e)
{
	static const char mark[] = "Diagnostic-Code: ";
	struct words found = { 0 };
	const char *why = NULL;

	/* The first search behind it would not see what is new. */
	if (!hop_command(r->box[0], "NOOP", &r->answer, e) ||
	    !search_for(r, 0, "TEXT", number, &found, e))
		return NULL;
	for (size_t i = 0; i < found.count; i++) {
		const struct place at = { 0, found.word[i] };
		const char *p;

		if (!hop_fetch(r->box[0], at.uid, &r->answer, e))
			return NULL;
		p = strstr(r->answer.buf, mark);
		p = p != NULL ? p + strlen(mark) : "";
		why = arena_strndup(r->d->arena, p, strcspn(p, "\r\n"));
		if (!delete(r, &at, e))
			return NULL;
	}
	return why;
}

static void
queue_say(struct run *r, const struct port *p, const char *id,
    const char *number)
{
	struct queue_place place;
	struct err e = { 0 };
	const char *back = NULL;

	if (queue_follow(r, id, &place, &e) && !place.found)
		back = bounce_take(r, number, &e);
	if (e.code != ERR_NONE)
		doctor_say(r->d, DOCTOR_UNKNOWN, NULL, "port %u: the queue "
		    "has it as %s: %s", p->number, id, e.text);
	else if (back != NULL)
		doctor_say(r->d, DOCTOR_WRONG, "mailadm dns check", "port "
		    "%u: mail to %s came back: %s", p->number, r->probe->to,
		    back);
	else if (place.reason != NULL)
		doctor_say(r->d, DOCTOR_WRONG, arena_printf(r->d->arena,
		    "postqueue -i %s, or postsuper -d %s", id, id), "port %u: "
		    "mail to %s waits in the queue as %s: %s", p->number,
		    r->probe->to, id, place.reason);
	else
		doctor_say(r->d, DOCTOR_OK, NULL, "port %u: mail to %s was "
		    "taken as %s, and %s", p->number, r->probe->to, id,
		    place.found ? "is on its way" : "has left the queue");
	err_clear(&e);
}

static void
elsewhere(struct run *r)
{
	const struct port *p = port_of(r->d, PORT_POSTFIX, true, true);
	const char *number = probe_number(r->d->arena), *id;
	struct hop_mail mail = { .from = r->probe->address,
	    .to = r->probe->to, .said = &r->answer };
	struct err e = { 0 };
	struct hop hop;

	if (p == NULL)
		p = port_of(r->d, PORT_POSTFIX, true, false);
	if (p == NULL)
		return;
	text_cut(&r->answer, 0);
	mail.text = message(r, r->probe->to, number);
	hop = doctor_hop(r->d, p, true, &r->stop);
	if (!hop_send(&hop, &mail, &e)) {
		failed(r, p, "mail is not taken", &e);
		return;
	}
	id = queue_id(r->d->arena, r->answer.buf);
	if (id != NULL)
		queue_say(r, p, id, number);
	else
		doctor_say(r->d, DOCTOR_OK, NULL, "port %u: mail to %s was "
		    "taken", p->number, r->probe->to);
}

/* --- all of it ---------------------------------------------------------- */

static void
probes_send(struct run *r)
{
	static const struct { bool logins, tls_first; } ways[] = {
		{ true, true }, { true, false }, { false, false },
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]) &&
	    !stop_is_asked(&r->stop); i++) {
		const struct port *p = port_of(r->d, PORT_POSTFIX,
		    ways[i].logins, ways[i].tls_first);

		if (p != NULL)
			probe_send(r, p);
	}
}

static void
run(struct run *r)
{
	struct err e = { 0 };

	for (size_t i = 0; i < MAILBOXES; i++)
		r->box[i] = hop_open(&r->imap, mailboxes[i]);
	if (sweep(r, &e)) {
		probes_send(r);
		if (r->probe->to != NULL && !stop_is_asked(&r->stop))
			elsewhere(r);
		/* Whatever happened, there is time for this. */
		r->stop = (struct stop){ .until = clock_seconds() +
		    r->d->options->timeout };
		sweep(r, &e);
	} else {
		doctor_say(r->d, DOCTOR_WRONG, "mailadm config verify; "
		    "journalctl -u dovecot -n 50", "the mailbox of %s cannot "
		    "be read: %s", r->probe->address, e.text);
	}
	err_clear(&e);
	for (size_t i = 0; i < MAILBOXES; i++)
		hop_close(r->box[i]);
	text_clear(&r->answer);
}

void
doctor_deliver(struct doctor *d)
{
	const struct doctor_probe *probe = d->options->probe;
	struct run r = { .d = d, .probe = probe, .stop = d->stop,
	    .answer = TEXT_INIT };
	const struct port *imap;

	if (probe == NULL)
		return;
	if (probe->failed != NULL) {
		doctor_say(d, DOCTOR_UNKNOWN, NULL, "%s", probe->failed);
		return;
	}
	imap = port_of(d, PORT_DOVECOT, true, true);
	if (imap == NULL)
		imap = port_of(d, PORT_DOVECOT, true, false);
	if (imap == NULL || d->down[PORT_POSTFIX]) {
		doctor_say(d, DOCTOR_SKIPPED, NULL, "without Postfix and IMAP "
		    "no probe is sent");
		return;
	}
	r.host = d->options->settings->hostname != NULL ?
	    d->options->settings->hostname : "localhost";
	r.domain = strrchr(probe->address, '@') + 1;
	r.imap = doctor_hop(d, imap, true, &r.stop);
	doctor_logins(d);
	run(&r);
}
