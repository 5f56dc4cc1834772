/* The run of the doctor: its table of steps, and what they find. */
#include <time.h>

#include "base/clock.h"
#include "file/program.h"
#include "model/doctor/private.h"

const struct field doctor_fields[] = {
	FIELD(struct doctor_row, step, FIELD_TEXT),
	FIELD(struct doctor_row, state, FIELD_TEXT),
	FIELD(struct doctor_row, what, FIELD_TEXT),
	FIELD(struct doctor_row, advice, FIELD_TEXT),
	{ 0 }
};

const struct field doctor_step_fields[] = {
	FIELD(struct doctor_step_row, step, FIELD_TEXT),
	FIELD(struct doctor_step_row, how, FIELD_TEXT),
	FIELD(struct doctor_step_row, advice, FIELD_TEXT),
	{ 0 }
};

/*
 * In the order of cause: what is wrong above makes what is below it wrong,
 * so the first wrong row names what to look at.  The checkers come last,
 * since they also find what a service that is down leaves behind.
 */
static const struct doctor_step steps[] = {
	{ "database", "connects as mailadm does; the schema is that of this "
	    "program, and the server takes writes",
	    "mailadm status", 0, doctor_database },
	{ "clock", "compares the clock with that of the database server: "
	    "60 seconds at most",
	    "timedatectl; systemctl restart systemd-timesyncd",
	    DOCTOR_DATABASE, doctor_clock },
	{ "replica", "if the database server copies from another: that it "
	    "does, and is not a minute behind",
	    "SHOW REPLICA STATUS", DOCTOR_DATABASE, doctor_replica },
	{ "disk", "space and files left where the mail, the queue and the "
	    "database are: 10 % at least",
	    "df -h; df -i", 0, doctor_disk },
	{ "certificate", "the file of the certificate: its days, and the "
	    "name of the setting hostname",
	    "certbot renew", 0, doctor_certificate },
	{ "filter", "connects to each milter that Postfix asks, as Postfix "
	    "does, and waits for its answer",
	    "mailadm config verify --severity error", 0, doctor_filter },
	{ "dkim", "compares the keys of the mail filter with those of the "
	    "database", "mailadm dkim sync", DOCTOR_DATABASE, doctor_dkim },
	{ "dovecot", "finds out whether Dovecot runs, and answers",
	    "systemctl restart dovecot", 0, doctor_dovecot },
	{ "postfix", "finds out whether Postfix runs, and answers",
	    "systemctl restart postfix", 0, doctor_postfix },
	{ "sending", "asks the service that keeps the limits of users, as "
	    "Postfix does, and whether it can read the database",
	    "mailadm config verify", 0, doctor_sending },
	{ "firewall", "reads the rules of nft and iptables: none keeps "
	    "strangers from a port of the mail servers",
	    "mailadm doctor ports --nft", 0, doctor_firewall },
	{ "ports", "connects to each port that is configured, on loopback "
	    "and the addresses of the server, and reads the greeting",
	    "mailadm config verify", 0, doctor_ports },
	{ "tls", "TLS on each of these: name, chain and days of the "
	    "certificate; it is that of the file, and TLS 1.1 is refused",
	    "systemctl reload postfix dovecot", 0, doctor_tls },
	{ "relay", "asks Postfix, as a stranger, to take mail for "
	    "example.invalid: it has to refuse; no mail is sent",
	    "mailadm config verify", 0, doctor_relay },
	{ "deliver", "only with --deliver: sends a probe in by each port, "
	    "and fetches, judges and deletes it by IMAP",
	    "mailadm config verify; journalctl -u 'postfix*' -n 50", 0,
	    doctor_deliver },
	{ "queue", "counts what waits in Postfix's queue, and why: at most "
	    "100 deferred messages, none for more than a day",
	    "postqueue -p; postqueue -f when the reason is gone", 0,
	    doctor_queue },
	{ "resolver", "asks the resolver for the name servers of the root",
	    "look at /etc/resolv.conf and the setting resolver", 0,
	    doctor_resolver },
	{ "outgoing", "only with --outside: connects to port 25 of that mail "
	    "server, and reads the greeting; no mail is sent",
	    "ask the provider of this machine to open port 25 for what goes "
	    "out; nft list ruleset", 0, doctor_outgoing },
	{ "dns", "counts the errors of \"dns check\", for the server and "
	    "the first 100 domains",
	    "mailadm dns check --severity error", DOCTOR_DATABASE,
	    doctor_dns },
	{ "config", "counts the errors of \"config verify\"",
	    "mailadm config verify --severity error", 0, doctor_config },
	{ "check", "counts the errors of \"check\"",
	    "mailadm check --severity error", DOCTOR_DATABASE,
	    doctor_check },
};

#define STEPS (sizeof(steps) / sizeof(steps[0]))

size_t
doctor_step_count(void)
{
	return STEPS;
}

struct doctor_step_row
doctor_step_at(size_t i)
{
	return (struct doctor_step_row){ steps[i].name, steps[i].how,
	    steps[i].advice };
}

/* What is wrong first, each kind in the order of the steps. */
static void
report_fill(struct doctor *d, struct doctor_report *report)
{
	struct doctor_row *row = arena_array(d->arena, d->found.count + 1,
	    sizeof(*row));

	*report = (struct doctor_report){ .row = row };
	for (unsigned state = 0; state < DOCTOR_STATES; state++) {
		for (size_t i = 0; i < d->found.count; i++) {
			if (d->found.item[i].state != state)
				continue;
			row[report->count++] = d->found.item[i].row;
			report->found[state]++;
		}
	}
}

/* --- the run ----------------------------------------------------------- */

static void
step_run(struct doctor *d)
{
	if (stop_is_due(&d->stop))
		doctor_say(d, DOCTOR_UNKNOWN, "mailadm doctor --total "
		    "SECONDS", "not asked: the %u s of the whole run are "
		    "over", d->options->total);
	else if (d->step->needs & DOCTOR_DATABASE && !d->database)
		doctor_say(d, DOCTOR_SKIPPED, NULL,
		    "the database cannot be asked");
	else
		d->step->look(d);
}

static bool
steps_run(struct doctor *d, struct err *e)
{
	for (size_t i = 0; i < STEPS; i++) {
		d->step = &steps[i];
		step_run(d);
		if (stop_is_asked(&d->stop))
			return err_set(e, ERR_INTERRUPTED, "interrupted");
	}
	return true;
}

bool
doctor_run(struct mail *m, const struct doctor_options *options,
    struct doctor_report *report, struct err *e)
{
	struct doctor d = { .mail = m, .arena = m->arena,
	    .options = options, .now = (int64_t)time(NULL), .stop = {
		.until = clock_seconds() + options->total,
		.asked = options->interrupted, .arg = options->arg } };
	const struct program_limit limit = { options->timeout, &d.stop };
	bool ok;

	program_limit(&limit);
	ok = steps_run(&d, e);
	program_limit(NULL);
	report_fill(&d, report);
	doctor_servers_clear(&d);
	VECTOR_CLEAR(&d.found);
	return ok;
}
