/* The packet filter of this machine: which port strangers do not reach. */
#include "model/firewall/firewall.h"

#include <string.h>
#include <unistd.h>

#include "file/program.h"
#include "model/doctor/port.h"

/* What prints the rules; each is asked where it exists. */
static const struct reader {
	const char *program;
	const char *words[4];
	bool v4, v6;		/* whose rules they are */
	bool nft;
} readers[] = {
	{ "iptables", { "-w", "2", "-S" }, true, false, false },
	{ "ip6tables", { "-w", "2", "-S" }, false, true, false },
	{ "nft", { "-j", "list", "ruleset" }, true, true, true },
};

#define READERS (sizeof(readers) / sizeof(readers[0]))

struct looking {
	struct doctor *d;
	struct firewall family[2];	/* of IPv4 and IPv6 */
	bool has[2];			/* ports have such addresses */
	bool found;			/* a program that prints rules */
	bool read;			/* and did */
	VECTOR(unsigned) ports;
};

/* --- which ports ------------------------------------------------------ */

static bool
is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

static void
ports_take(struct looking *l)
{
	const struct ports *ports = l->d->ports;

	for (size_t i = 0; ports != NULL && i < ports->count; i++) {
		const struct port *p = &ports->item[i];
		bool known = false;

		if (is_loopback(p->address))
			continue;
		l->has[strchr(p->address, ':') != NULL] = true;
		for (size_t n = 0; n < l->ports.count; n++)
			known = known || l->ports.item[n] == p->number;
		if (!known)
			*VECTOR_ADD(&l->ports) = p->number;
	}
}

/* --- reading ------------------------------------------------------------ */

static bool
rules_take(struct looking *l, const struct reader *reader, const char *text,
    struct err *e)
{
	for (int i = 0; i < 2; i++) {
		struct firewall *f = &l->family[i];

		if (!(f->family == FIREWALL_V6 ? reader->v6 : reader->v4))
			continue;
		if (reader->nft && !firewall_read_nft(f, text, e))
			return false;
		if (!reader->nft)
			firewall_read_iptables(f, text);
	}
	return true;
}

static bool
rules_print(struct doctor *d, const struct reader *reader, const char *path,
    struct program_answer *answer, struct err *e)
{
	struct words argv = { 0 };

	words_add(d->arena, &argv, path);
	for (size_t i = 0; reader->words[i] != NULL; i++)
		words_add(d->arena, &argv, reader->words[i]);
	return program_run_for(d->arena, &argv, doctor_seconds(d), answer,
	    e) && (answer->status == 0 || err_set(e, ERR_IO, "%s: %.*s",
	    reader->program, (int)strcspn(answer->err, "\n"), answer->err));
}

static void
rules_read(struct looking *l, const struct reader *reader)
{
	struct doctor *d = l->d;
	struct program_answer answer;
	struct err e = { 0 };
	const char *path;

	if (program_find(d->arena, reader->program, reader->program, &path,
	    &e)) {
		l->found = true;
		if (rules_print(d, reader, path, &answer, &e) &&
		    rules_take(l, reader, answer.out, &e))
			l->read = true;
		else
			doctor_say(d, doctor_program_hangs(d, &e) ?
			    DOCTOR_UNKNOWN : DOCTOR_SKIPPED, NULL,
			    "the rules of the firewall cannot be read: %s",
			    e.text);
	}
	err_clear(&e);
}

/* --- judging ------------------------------------------------------------ */

static void
add_port(struct text *list, unsigned port)
{
	text_addf(list, "%s%u", list->len > 0 ? ", " : "", port);
}

/* The worse of the two families. */
static struct firewall_answer
judge(struct looking *l, unsigned port)
{
	struct firewall_answer worst = { FIREWALL_OPEN, NULL, NULL }, answer;

	for (int i = 0; i < 2; i++) {
		if (!l->has[i])
			continue;
		firewall_judge(&l->family[i], port, &answer);
		if (answer.state > worst.state)
			worst = answer;
	}
	return worst;
}

static void
judge_all(struct looking *l)
{
	struct text open = TEXT_INIT, unclear = TEXT_INIT;

	for (size_t i = 0; i < l->ports.count; i++) {
		unsigned port = l->ports.item[i];
		struct firewall_answer answer = judge(l, port);

		if (answer.state == FIREWALL_BLOCKED)
			doctor_say(l->d, DOCTOR_WRONG, answer.advice, "the "
			    "firewall keeps strangers from port %u: %s", port,
			    answer.rule);
		else
			add_port(answer.state == FIREWALL_OPEN ? &open :
			    &unclear, port);
	}
	if (open.len > 0)
		doctor_say(l->d, DOCTOR_OK, NULL, "no rule of the firewall "
		    "keeps strangers from ports %s", open.buf);
	if (unclear.len > 0)
		doctor_say(l->d, DOCTOR_UNKNOWN, NULL, "it depends on "
		    "addresses, interfaces or rates whether the firewall "
		    "lets strangers come to ports %s", unclear.buf);
	text_clear(&open);
	text_clear(&unclear);
}

static void
look(struct looking *l)
{
	ports_take(l);
	if (l->ports.count == 0) {
		doctor_say(l->d, DOCTOR_SKIPPED, NULL, "no port is for "
		    "others than this machine");
		return;
	}
	for (size_t i = 0; i < READERS; i++)
		rules_read(l, &readers[i]);
	if (l->read)
		judge_all(l);
	else if (!l->found)
		doctor_say(l->d, DOCTOR_SKIPPED, NULL, "neither nft nor "
		    "iptables is installed");
}

void
doctor_firewall(struct doctor *d)
{
	struct looking l = { .d = d, .family = {
		{ .arena = d->arena, .family = FIREWALL_V4 },
		{ .arena = d->arena, .family = FIREWALL_V6 } } };

	if (geteuid() != 0) {
		doctor_say(d, DOCTOR_SKIPPED, NULL, "only root can read the "
		    "rules of the firewall");
		return;
	}
	look(&l);
	VECTOR_CLEAR(&l.ports);
	firewall_clear(&l.family[0]);
	firewall_clear(&l.family[1]);
}
