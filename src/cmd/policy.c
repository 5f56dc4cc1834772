/* mailadm policy: answers Postfix about each message on submission. */
#include <string.h>
#include <unistd.h>

#include "cmd/run/session.h"
#include "model/sending/sending.h"
#include "print/journal.h"

/*
 * Seconds, all of which pass before Postfix gives up, after 5: for a
 * connection, and for one answer on it.
 */
#define CONNECT 1
#define ANSWER 2

#define JOURNAL "mailadm/policy"

/* As short as Postfix waits, whatever the settings say. */
static void
hurry(struct db_settings *d)
{
	d->connect_timeout = CONNECT;
	d->lock_timeout = CONNECT;
	d->read_timeout = d->write_timeout = ANSWER;
	d->statement_ms = ANSWER * 1000;
	d->ask_password = NULL;
}

static void
say(struct session *s, bool to_journal, struct err *e)
{
	if (to_journal)
		journal_error(e);
	else
		out_error(&s->out, e);
	err_clear(e);
}

static bool
reply(struct session *s, const char *action, struct err *e)
{
	return out_text(&s->out, "action=", e) &&
	    out_text(&s->out, action, e) && out_text(&s->out, "\n\n", e) &&
	    out_flush(&s->out, e);
}

/* What the database cannot say goes to the log, and is answered as well. */
static bool
answer(struct session *s, const struct request *request, bool to_journal,
    struct err *e)
{
	struct arena memory = { 0 };
	struct mail m = s->mail;
	struct err failed = { 0 };
	const char *action;
	bool ok;

	m.arena = &memory;
	if (!sending_answer(&m, request, &action, &failed))
		say(s, to_journal, &failed);
	ok = reply(s, action, e);
	arena_clear(&memory);
	return ok;
}

/* Until the end of the connection. */
static bool
answer_all(struct session *s, bool to_journal, struct err *e)
{
	struct request_reader *reader = arena_alloc(&s->scratch,
	    sizeof(*reader));
	struct request request;
	bool found = true;

	reader->fd = STDIN_FILENO;
	while (found) {
		if (!request_read(reader, &request, &found, e) || (found &&
		    !answer(s, &request, to_journal, e)))
			return false;
	}
	return true;
}

static bool
run_policy(struct session *s, const void *args, struct err *e)
{
	bool to_journal = journal_open(JOURNAL);

	(void)args;
	hurry(&s->db_settings);
	if (answer_all(s, to_journal, e))
		return true;
	if (!to_journal)
		return false;
	s->status = err_kinds[e->code].status;
	say(s, to_journal, e);
	return true;
}

/* Where it could not even begin. */
static void
conclude(struct session *s, const void *args, struct err *e)
{
	(void)args;
	if (e->code == ERR_NONE || !journal_open(JOURNAL))
		return;
	s->status = err_kinds[e->code].status;
	say(s, true, e);
}

const struct cmd policy_cmds[] = {
	{ .name = "policy",
	    .brief = "answer Postfix about what users may send",
	    .detail =
	    "Postfix starts it by spawn(8), as master.cf says, and talks to "
	    "it by the policy delegation protocol on standard input and "
	    "output. It keeps the sending limits of users and domains, and "
	    "of aliases to which only members or users of a domain may "
	    "write. While the database is away it lets messages through "
	    "uncounted, and refuses for now (451) what such an alias gets. "
	    "Errors go to the log of the mail system.",
	    .example = "policy",
	    .flags = CMD_CONNECTS | CMD_NOT_IN_BATCH,
	    .run = run_policy, .conclude = conclude },
	{ 0 }
};
