/* mailadm status: how the database is reached, and what is in it. */
#include <string.h>

#include "cmd/run/list.h"
#include "model/mail/find.h"

/* What the server says, and how it is reached. */
struct status_row {
	struct server_status of;
	const char *option_files;
	const char *missing_files;
};

#define OF(member, field_type) { .name = #member, .type = field_type,	\
    .offset = FIELD_AT(struct status_row, of.member,			\
	FIELD_CTYPE_##field_type) }

static const struct field status_fields[] = {
	OF(server, FIELD_TEXT),
	OF(database, FIELD_TEXT),
	OF(account, FIELD_TEXT),
	OF(connection, FIELD_TEXT),
	FIELD(struct status_row, option_files, FIELD_LIST),
	FIELD(struct status_row, missing_files, FIELD_LIST),
	OF(schema, FIELD_NUMBER),
	OF(database_id, FIELD_TEXT),
	OF(domains, FIELD_NUMBER),
	OF(users, FIELD_NUMBER),
	OF(aliases, FIELD_NUMBER),
	{ 0 }
};

static const char *
joined(struct arena *a, const struct words *words)
{
	const char *text = words->count > 0 ? words->word[0] : NULL;

	for (size_t i = 1; i < words->count; i++)
		text = arena_printf(a, "%s,%s", text, words->word[i]);
	return text;
}

/* What is known without the server. */
static struct status_row
configured(struct session *s)
{
	const struct db_account *account = &s->found.account;

	return (struct status_row){
		.of = {
			.database = account->database,
			.account = account->user,
			.connection = account_target(&s->scratch, account),
			.schema = FIELD_NULL,
			.domains = FIELD_NULL,
			.users = FIELD_NULL,
			.aliases = FIELD_NULL,
		},
		.option_files = joined(&s->scratch, &s->found.read),
		.missing_files = joined(&s->scratch, &s->found.missing),
	};
}

/* What cannot be reached is shown as it was tried, before the error. */
static bool
run_status(struct session *s, const void *args, struct err *e)
{
	struct status_row row = configured(s);
	struct server_status of;
	struct err printing = { 0 };
	bool ok;

	(void)args;
	ok = session_connect(s, s->cmd, e) && status_read(&s->mail, &of, e);
	if (ok)
		row.of = of;
	else if (e->hint != NULL && strstr(e->hint, "mailadm status") != NULL)
		err_hint(e, "start the server, or correct the values above: "
		    "mailadm help configuration");
	if (!show_print(s, status_fields, &row, &printing) ||
	    !out_flush(&s->out, &printing)) {
		err_clear(e);
		*e = printing;
		return false;
	}
	return ok;
}

const struct cmd status_cmds[] = {
	{ .name = "status",
	    .brief = "show the connection, the server, the schema and counts",
	    .detail =
	    "Shows how the database is reached and which option files say so, "
	    "also if the server cannot be reached; the error follows then.",
	    .example = "status",
	    .columns = status_fields, .flags = CMD_CONNECTS,
	    .run = run_status },
	{ 0 }
};
