/* The steps of setup that start the servers, and prove that they deliver. */
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "cmd/setup/setup.h"
#include "file/program.h"
#include "file/read.h"
#include "model/address.h"
#include "model/doctor/deliver.h"
#include "model/setup/service.h"

/* A filter that is not ready yet makes Postfix wait a minute. */
#define ARRIVE_SECONDS 90
#define LOOK_MS 500
#define TRIES 3
#define RETRY_MS 3000
#define UP_SECONDS 15

/* --- services ------------------------------------------------------------- */

static struct words
command(struct setup *setup, const char *const *word)
{
	struct words words = { 0 };

	for (; *word != NULL; word++)
		words_add(setup->arena, &words, *word);
	return words;
}

static bool
run(struct setup *setup, const char *const *word, const char *owner,
    struct err *e)
{
	struct words words = command(setup, word);

	return service_program(setup->arena, &words, owner, e);
}

static bool
postfix_runs(struct setup *setup)
{
	const char *const status[] = { "postfix", "status", NULL };
	struct err e = { 0 };
	bool runs = run(setup, status, "postfix", &e);

	err_clear(&e);
	return runs;
}

/* It removes the file when it ends, unless it is killed. */
static bool
dovecot_runs(void)
{
	struct text text = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;
	bool runs = false;

	if (file_read("/run/dovecot/master.pid", &text, &st, &e)) {
		pid_t pid = (pid_t)strtol(text.buf, NULL, 10);

		runs = pid > 1 && kill(pid, 0) == 0;
	}
	err_clear(&e);
	text_clear(&text);
	return runs;
}

bool
look_services(struct setup *setup, const char **todo, struct err *e)
{
	bool run = postfix_runs(setup) && dovecot_runs();

	(void)e;
	*todo = NULL;
	if (!run)
		*todo = "start Postfix and Dovecot";
	else if (!setup_is_applied(setup, CHECKSUMS_PATH) ||
	    (setup->domain != NULL && !setup_is_applied(setup,
	    SETUP_ALIASES)) || setup->changes > 0)
		*todo = "let Postfix and Dovecot read their configuration";
	setup->restarts |= !run || checksums_find(&setup->applied,
	    CHECKSUMS_PATH) == NULL;
	return true;
}

/* Sockets and directories of the filter come first: Postfix looks for them. */
static bool
filter_start(struct setup *setup, struct err *e)
{
	const char *filter = setup->settings.filter;
	const char *sieve = arena_printf(setup->arena, "%s/junk.sieve",
	    setup->settings.dovecot_directory);
	const char *const tmpfiles[] = { "systemd-tmpfiles", "--create",
	    "mailadm.conf", NULL };
	const char *const compile[] = { "sievec", sieve, NULL };

	if (strcmp(filter, "none") == 0)
		return true;
	if (!run(setup, tmpfiles, "systemd", e))
		return false;
	if (strcmp(filter, "opendkim") == 0)
		return service_run(setup->arena, "restart", "opendkim", e) &&
		    service_run(setup->arena, "restart", "opendmarc", e);
	return run(setup, compile, "dovecot-sieve", e) &&
	    service_run(setup->arena, "restart", "rspamd", e);
}

/* It reads its domain and its secret when it starts. */
static bool
srs_start(struct setup *setup, struct err *e)
{
	return !setup->settings.srs ||
	    (service_run(setup->arena, "restart", "postsrsd", e) &&
	    service_enable(setup->arena, "postsrsd", e));
}

/*
 * A killed run may have left a start or an end behind that is still going on,
 * and that this one meets.
 */
static bool
server_run(struct setup *setup, const char *verb, const char *name,
    struct err *e)
{
	for (int tries = 1; !service_run(setup->arena, verb, name, e);
	    tries++) {
		if (tries == TRIES)
			return false;
		err_clear(e);
		poll(NULL, 0, RETRY_MS);
	}
	return true;
}

/* For systemd of Debian 12, Postfix is a service that always starts. */
static bool
servers_up(struct setup *setup, struct err *e)
{
	double until = clock_seconds() + UP_SECONDS;
	bool postfix;

	while (!(postfix = postfix_runs(setup)) || !dovecot_runs()) {
		if (clock_seconds() > until)
			return err_set(e, ERR_IO, "%s was started, and does "
			    "not run: its log says why", postfix ? "Dovecot" :
			    "Postfix");
		poll(NULL, 0, LOOK_MS);
	}
	return true;
}

static bool
timers_enable(struct setup *setup, struct err *e)
{
	return service_enable(setup->arena, "mailadm-check.timer", e) &&
	    (strcmp(setup->settings.filter, "none") == 0 ||
	    service_enable(setup->arena, "mailadm-dkim.timer", e));
}

/*
 * The look comes before the restart: a run that was killed has not looked, and
 * a server that ends and cannot read its files does not come back.
 */
bool
act_services(struct setup *setup, struct err *e)
{
	const char *verb = setup->restarts ? "restart" : "reload";
	const char *const newaliases[] = { "newaliases", NULL };

	if (!configuration_accepted(setup, e) || !filter_start(setup, e) ||
	    !srs_start(setup, e) ||
	    !run(setup, newaliases, "postfix", e) ||
	    !server_run(setup, verb, "postfix", e) ||
	    !server_run(setup, verb, "dovecot", e) ||
	    !servers_up(setup, e) ||
	    !service_enable(setup->arena, "postfix", e) ||
	    !service_enable(setup->arena, "dovecot", e) ||
	    !timers_enable(setup, e))
		return false;
	return setup_applied(setup, CHECKSUMS_PATH, e) &&
	    (setup->domain == NULL || setup_applied(setup, SETUP_ALIASES, e));
}

/* --- proof ---------------------------------------------------------------- */

static const char *
proof_goes_to(struct setup *setup)
{
	return setup->adds_postmaster ? address_join(setup->arena,
	    "postmaster", setup->domain) : setup->args.address;
}

/* Only after changes: a second run sends nothing. */
bool
look_proof(struct setup *setup, const char **todo, struct err *e)
{
	(void)e;
	*todo = NULL;
	if (setup->domain != NULL && setup->changes > 0)
		*todo = arena_printf(setup->arena, "send a mail to %s, and "
		    "find it in the mailbox of %s", proof_goes_to(setup),
		    setup->args.address);
	return true;
}

static bool
message_send(struct setup *setup, const char *id, struct err *e)
{
	const char *to = proof_goes_to(setup), *path;
	struct text message = TEXT_INIT;
	struct words argv = { 0 };
	struct program_answer answer;
	bool ok;

	text_addf(&message, "From: %s\nTo: %s\nSubject: %s works\n"
	    "Message-ID: <%s>\nAuto-Submitted: auto-generated\n\n"
	    "This mail was sent by \"mailadm setup\" on %s. What comes next: "
	    "mailadm help\n", to, to, setup->settings.hostname, id,
	    setup->settings.hostname);
	ok = program_find(setup->arena, "sendmail", "postfix", &path, e);
	words_add(setup->arena, &argv, path);
	words_add(setup->arena, &argv, "-i");
	words_add(setup->arena, &argv, "-f");
	words_add(setup->arena, &argv, "");
	words_add(setup->arena, &argv, to);
	ok = ok && program_run(setup->arena, &argv, &message, &answer, e) &&
	    (answer.status == 0 || err_set(e, ERR_IO, "sendmail: %.300s",
	    answer.err));
	text_clear(&message);
	return ok;
}

static bool
has_arrived(struct setup *setup, const char *id, bool *has, struct err *e)
{
	struct words argv = { 0 };
	struct program_answer answer;
	const char *path;

	*has = false;
	if (!program_find(setup->arena, "doveadm", "dovecot-core", &path, e))
		return false;
	words_add(setup->arena, &argv, path);
	words_add(setup->arena, &argv, "search");
	words_add(setup->arena, &argv, "-u");
	words_add(setup->arena, &argv, setup->args.address);
	words_add(setup->arena, &argv, "header");
	words_add(setup->arena, &argv, "message-id");
	words_add(setup->arena, &argv, id);
	if (!program_run_for(setup->arena, &argv, ARRIVE_SECONDS, &answer, e))
		return false;
	*has = answer.status == 0 && *answer.out != '\0';
	return true;
}

bool
act_proof(struct setup *setup, struct err *e)
{
	const char *id = arena_printf(setup->arena, "setup.%s@%s",
	    probe_number(setup->arena), setup->settings.hostname);
	double until = clock_seconds() + ARRIVE_SECONDS;
	bool has;

	if (!message_send(setup, id, e))
		return false;
	while (has_arrived(setup, id, &has, e) && !has) {
		if (clock_seconds() > until) {
			err_set(e, ERR_RETRY, "the mail did not arrive in %d "
			    "s", ARRIVE_SECONDS);
			return err_hint(e, "mailq says what waits; mailadm "
			    "doctor looks for the cause");
		}
		poll(NULL, 0, LOOK_MS);
	}
	return e->code == ERR_NONE;
}
