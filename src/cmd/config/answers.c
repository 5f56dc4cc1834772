/* The questions of "config init": options, answers on a terminal, defaults. */
#include <string.h>

#include "cmd/config/config.h"
#include "model/server/filter.h"
#include "model/server/hosts.h"
#include "print/ask.h"
#include "print/terminal.h"

#define GIVEN(member)							\
    .given = offsetof(struct init_args, member) +			\
    0 * sizeof(_Generic(((struct init_args *)0)->member, const char *: 0))

/* The questions in order; a row without a text is only an option. */
static const struct question {
	const char *setting;
	size_t given;			/* in struct init_args */
	const char *text;
} questions[] = {
	{ .setting = "hostname", GIVEN(hostname),
	    .text = "Full name of the mail server" },
	{ .setting = "certificate", GIVEN(certificate),
	    .text = "File of its certificate, with the chain" },
	{ .setting = "certificate_key", GIVEN(certificate_key),
	    .text = "File of the private key" },
	{ .setting = "database_hosts", GIVEN(database_hosts),
	    .text = "Database: a socket, host or host:port; several separated "
	    "by spaces" },
	{ .setting = "database_name", GIVEN(database_name),
	    .text = "Name of the database" },
	{ .setting = "database_clients", GIVEN(database_clients),
	    .text = "Hosts from which the database accounts connect" },
	{ .setting = "mail_directory", GIVEN(mail_directory),
	    .text = "Directory of the mail" },
	{ .setting = "vmail_uid", GIVEN(vmail_uid),
	    .text = "User id of the owner of the mail" },
	{ .setting = "pop3", GIVEN(pop3),
	    .text = "POP3 as well as IMAP, yes or no" },
	{ .setting = "filter", GIVEN(filter),
	    .text = "Mail filter (DKIM, SPF, DMARC): rspamd, opendkim or "
	    "none" },
	{ .setting = "dkim_algorithms", GIVEN(dkim_algorithms),
	    .text = "DKIM keys: rsa, or rsa ed25519 for both" },
	{ .setting = "srs", GIVEN(srs) },
	{ .setting = "srs_domain", GIVEN(srs_domain) },
	{ .setting = "webmail", GIVEN(webmail) },
	{ .setting = "addresses", GIVEN(addresses) },
	{ .setting = "postfix_directory", GIVEN(postfix_directory) },
	{ .setting = "dovecot_directory", GIVEN(dovecot_directory) },
	{ 0 }
};

#define QUESTIONS (sizeof(questions) / sizeof(questions[0]) - 1)

/* An empty answer is valid; model/server/init.h checks all others. */
const struct arg_type arg_answer_file = {
	.metavar = "FILE", .may_be_empty = true, .complete = COMPLETE_FILE
};
const struct arg_type arg_answer_name = {
	.metavar = "NAME", .may_be_empty = true
};
const struct arg_type arg_answer_hosts = {
	.metavar = "HOSTS", .may_be_empty = true
};
const struct arg_type arg_answer_addresses = {
	.metavar = "ADDRESSES", .may_be_empty = true
};
const struct arg_type arg_answer_uid = {
	.metavar = "UID", .may_be_empty = true
};

const struct arg_type arg_filter = {
	.metavar = "NAME", .choices = setting_filters, .choice = "filter"
};

/* The answers so far, and the settings of the file. */
struct asking {
	struct session *s;
	const struct init_args *args;
	struct settings settings;
	bool asks;
	struct init_answer *answer;
	size_t count;
};

static const char *
given(const struct init_args *args, const struct question *q)
{
	const char *value;

	memcpy(&value, (const char *)args + q->given, sizeof(value));
	return value;
}

static const char *
answered(const struct asking *a, const char *setting)
{
	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(a->answer[i].setting, setting) == 0)
			return a->answer[i].value;
	}
	return NULL;
}

/* A database elsewhere sees this machine by its name. */
static const char *
clients_offered(struct asking *a, const char *now)
{
	struct arena *arena = &a->s->scratch;
	struct settings s = a->settings;
	struct server_database d;

	s.database_hosts = answered(a, "database_hosts");
	server_database(arena, &s, &d);
	if (d.remote && strcmp(now, "localhost") == 0)
		return d.socket == NULL ? answered(a, "hostname") :
		    arena_printf(arena, "localhost %s",
			answered(a, "hostname"));
	if (!d.remote && a->settings.hostname != NULL &&
	    strcmp(now, a->settings.hostname) == 0)
		return "localhost";
	return now;
}

/* A server that was set up before keeps what it has. */
static const char *
filter_offered(struct asking *a, const char *now)
{
	return a->settings.hostname != NULL ? now :
	    server_filter_proposed(&a->s->scratch);
}

/* The default of a question, or "". */
static const char *
offered(struct asking *a, const struct question *q)
{
	struct arena *arena = &a->s->scratch;
	const char *now = setting_text(arena, setting_find(q->setting),
	    &a->settings);
	const char *own;

	if (strcmp(q->setting, "database_clients") == 0)
		return clients_offered(a, now);
	if (strcmp(q->setting, "filter") == 0)
		return filter_offered(a, now);
	if (strcmp(q->setting, "hostname") != 0 || *now != '\0')
		return now;
	own = server_own_name(arena);
	return own != NULL ? own : "";
}

/* An empty certificate means that of Let's Encrypt; its path is shown. */
static const char *
shown(struct asking *a, const struct question *q, const char *offer)
{
	struct settings s = a->settings;

	s.hostname = answered(a, "hostname");
	if (strcmp(q->setting, "certificate") == 0 && *offer == '\0')
		return server_certificate(&a->s->scratch, &s);
	if (strcmp(q->setting, "certificate_key") == 0 && *offer == '\0')
		return server_certificate_key(&a->s->scratch, &s);
	return offer;
}

/* Asks until the answer is valid. */
static bool
ask(struct asking *a, const struct question *q, const char *offer,
    const char **value, struct err *e)
{
	const char *now = shown(a, q, offer);
	struct text line = TEXT_INIT;
	bool ok;

	for (;;) {
		text_cut(&line, 0);
		if (!ask_line(arena_printf(&a->s->scratch, "%s%s%s%s: ",
		    q->text, *now != '\0' ? " [" : "", now,
		    *now != '\0' ? "]" : ""), &line, e))
			break;
		*value = line.len == 0 || strcmp(line.buf, now) == 0 ?
		    offer : arena_strdup(&a->s->scratch, line.buf);
		if (server_init_check(q->setting, *value, e))
			break;
		out_note(&a->s->out, "%s", e->text);
		err_clear(e);
	}
	ok = e->code == ERR_NONE;
	text_clear(&line);
	return ok;
}

/* Only rspamd leaves a choice of algorithms. */
static bool
may_ask(const struct asking *a, const struct question *q)
{
	const char *filter = answered(a, "filter");

	return a->asks && (strcmp(q->setting, "dkim_algorithms") != 0 ||
	    (filter != NULL && strcmp(filter, "rspamd") == 0));
}

static bool
answer_find(struct asking *a, const struct question *q, struct err *e)
{
	const char *value = given(a->args, q);

	if (value == NULL && q->text == NULL)
		return true;
	if (value == NULL) {
		/*
		 * Only when needed: this may ask DNS for the name of the
		 * machine.
		 */
		value = offered(a, q);
		BUG_ON(value == NULL);
		if (may_ask(a, q) && !ask(a, q, value, &value, e))
			return false;
	}
	if (*value == '\0' && strcmp(q->setting, "hostname") == 0) {
		err_set(e, ERR_USAGE, "this machine has no full host name");
		return err_hint(e, "give the name of the mail server with "
		    "--hostname NAME");
	}
	if (!server_init_check(q->setting, value, e))
		return false;
	a->answer[a->count++] = (struct init_answer){ q->setting, value };
	return true;
}

bool
config_answers(struct session *s, const struct init_args *args, bool asks,
    struct init_answer **answers, struct err *e)
{
	struct asking a = { .s = s, .args = args, .asks = asks,
	    .answer = arena_array(&s->scratch, QUESTIONS + 1,
	    sizeof(struct init_answer)) };

	if (!server_init_settings(&s->scratch, args->out, &a.settings, e))
		return false;
	for (const struct question *q = questions; q->setting != NULL; q++) {
		if (!answer_find(&a, q, e))
			return false;
	}
	*answers = a.answer;
	return true;
}
