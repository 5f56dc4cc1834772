/* mailadm alias: addresses that deliver to other addresses. */
#include "model/mail/alias.h"

#include <string.h>

#include "base/sentence.h"
#include "cmd/run/enable.h"
#include "cmd/run/list.h"

/* --- add and set ----------------------------------------------------- */

struct write_args {
	struct alias_write alias;
	bool if_not_exists;
};

#define WRITE_ARGS(required)						\
	ARGUMENT("ADDRESS", arg_alias, write_args, alias.mail,		\
	    "the alias; @DOMAIN is the catch-all",			\
	    .flags = ARG_REQUIRED | ARG_NEW),				\
	ARGUMENT("DESTINATION", arg_address, write_args, alias.to,	\
	    "where its mail goes",					\
	    .flags = ARG_REPEAT | (required)),				\
	OPTION("--note", arg_text, write_args, alias.note,		\
	    "a remark, not used by the servers; \"\" removes it"),	\
	OPTION("--may-send", arg_yes_no, write_args, alias.may_send,	\
	    "the users that it reaches may send as it"),		\
	FLAG("--force", write_args, alias.force,			\
	    "even if a destination does not exist"),			\
	FLAG("--literal", write_args, alias.literal,			\
	    "also a name with * or ?, which is not a pattern")

static const struct arg add_arg[] = {
	WRITE_ARGS(ARG_REQUIRED),
	FLAG("--if-not-exists", write_args, if_not_exists,
	    "accepted for scripts: adding what exists is not an error"),
	{ 0 }
};

static const struct arg set_arg[] = { WRITE_ARGS(0), { 0 } };

static bool
run_add(struct session *s, const void *args, struct err *e)
{
	const struct write_args *a = args;
	const struct alias_write *w = &a->alias;
	enum outcome outcome;
	size_t added;

	if (!alias_add(&s->mail, w, &added, &outcome, e))
		return false;
	outcome_print(s, outcome, "alias", w->mail, added > 0 ? "added" :
	    "changed");
	if (added > 0 && added < w->to.count)
		out_verbose(&s->out, "%zu of its destinations unchanged",
		    w->to.count - added);
	return true;
}

static bool
run_set(struct session *s, const void *args, struct err *e)
{
	const struct write_args *a = args;
	enum outcome outcome;

	if (a->alias.to.count == 0 && a->alias.note == NULL) {
		err_set(e, ERR_USAGE, "alias set: nothing to set");
		return err_hint(e, "mailadm help alias set");
	}
	if (!alias_set(&s->mail, &a->alias, &outcome, e))
		return false;
	outcome_print(s, outcome, "alias", a->alias.mail, "set");
	return true;
}

/* --- remove ---------------------------------------------------------- */

struct remove_args {
	const char *mail;
	struct words destinations;
	bool if_exists;
	bool cascade;
	bool force;
};

static const struct arg remove_arg[] = {
	ARGUMENT("ADDRESS", arg_alias, remove_args, mail, "the alias",
	    .flags = ARG_REQUIRED),
	ARGUMENT("DESTINATION", arg_address, remove_args, destinations,
	    "only these destinations", .flags = ARG_REPEAT),
	FLAG("--cascade", remove_args, cascade,
	    "also remove it from the destinations of other aliases"),
	FLAG("--if-exists", remove_args, if_exists,
	    "succeed if it does not exist"),
	FLAG("--force", remove_args, force,
	    "even if the domain loses its postmaster@, or other aliases then "
	    "lead to nothing"),
	{ 0 }
};

static bool
confirm_remove(struct session *s, void *args, const char **action,
    struct err *e)
{
	const struct remove_args *a = args;
	struct words sources;

	if (!a->cascade || a->destinations.count > 0)
		return true;
	if (!alias_sources(&s->mail, a->mail, &sources, e))
		return false;
	if (sources.count > 0)
		*action = arena_printf(&s->scratch,
		    "also remove %s from the destinations of %s", a->mail,
		    sentence_list(&s->scratch, &sources));
	return true;
}

static bool
run_remove(struct session *s, const void *args, struct err *e)
{
	const struct remove_args *a = args;
	const struct alias_removal how = { .if_exists = a->if_exists,
	    .cascade = a->cascade, .force = a->force };
	size_t removed;

	if (!alias_remove(&s->mail, a->mail, &a->destinations, &how,
	    &removed, e))
		return false;
	outcome_print(s, removed > 0 ? OUTCOME_CHANGED : OUTCOME_ABSENT,
	    "alias", a->mail, s->mail.changed != NULL ? "changed" :
	    "removed");
	return true;
}

/* --- show and list --------------------------------------------------- */

static const struct arg show_arg[] = {
	NAME_ARGS("ADDRESS", arg_alias, "the alias")
};

static bool
run_show(struct session *s, const void *args, struct err *e)
{
	const struct name_args *a = args;
	struct db_rows rows;

	if (!alias_show(&s->mail, a->name, &rows, e))
		return false;
	return out_group(&s->out, alias_fields, "destinations", rows.row,
	    rows.count, sizeof(struct alias), e);
}

static const struct arg list_arg[] = {
	LIST_PATTERN,
	LIST_DOMAIN,
	OPTION("--to", arg_address, list_args, to,
	    "only aliases with this destination"),
	LIST_ARGS
};

/* On a terminal an alias is one line, with all that it leads to. */
struct alias_line {
	const char *mail;
	const char *destinations;
};

static const struct field line_fields[] = {
	FIELD(struct alias_line, mail, FIELD_ADDRESS),
	FIELD(struct alias_line, destinations, FIELD_TEXT),
	{ 0 }
};

/* The line that is being gathered. */
struct gathering {
	struct arena arena;
	struct alias_line line;
	db_row_each each;
	void *arg;
};

static bool
line_end(struct gathering *g, struct err *e)
{
	bool ok = g->line.mail == NULL || g->each(g->arg, &g->line, e);

	g->line = (struct alias_line){ 0 };
	arena_reset(&g->arena);
	return ok;
}

static bool
line_gather(void *arg, const void *row, struct err *e)
{
	struct gathering *g = arg;
	const struct alias *a = row;
	const char *one;

	if ((g->line.mail == NULL || strcmp(g->line.mail, a->mail) != 0) &&
	    !line_end(g, e))
		return false;
	one = a->active ? a->destination : arena_printf(&g->arena,
	    "(off) %s", a->destination);
	if (g->line.mail == NULL)
		g->line.mail = arena_strdup(&g->arena, a->mail);
	g->line.destinations = g->line.destinations == NULL ?
	    arena_strdup(&g->arena, one) : arena_printf(&g->arena, "%s, %s",
	    g->line.destinations, one);
	return true;
}

static bool
lines_list(struct mail *m, const struct list_filter *f, db_row_each each,
    void *arg, struct err *e)
{
	struct gathering g = { .each = each, .arg = arg };
	bool ok = alias_list(m, f, line_gather, &g, e) && line_end(&g, e);

	arena_clear(&g.arena);
	return ok;
}

static bool
run_list(struct session *s, const void *args, struct err *e)
{
	static const struct list_source source = { .fields = alias_fields,
	    .names = "aliases",
	    .each = alias_list, .count = alias_count, .addresses = true };
	static const struct list_source lines = { .fields = line_fields,
	    .names = "aliases",
	    .each = lines_list, .count = alias_count, .addresses = true };

	return list_print(s, out_is_narrow(&s->out) ? &lines : &source, args,
	    e);
}

/* --- enable and disable ---------------------------------------------- */

static const struct arg enable_arg[] = {
	ENABLE_NAMES("ADDRESS", arg_alias, "one alias or several"),
	OPTION("--to", arg_address, enable_args, to, "only this destination"),
	{ 0 }
};

static const struct enable enable = { .noun = "alias",
    .set_to = alias_set_active };

const struct cmd alias_cmds[] = {
	{ .name = "alias add", .brief = "add destinations to an alias",
	    .detail =
	    "Creates the alias if it does not exist. Refused: a destination "
	    "in one of our domains that does not exist, a loop of any length, "
	    "an expansion to more than 1,000 addresses. An alias with the "
	    "address of a user takes the mail of that mailbox, unless the "
	    "address itself is one of the destinations. @DOMAIN is the "
	    "catch-all: it gets mail for every name that neither a user nor "
	    "an alias has.",
	    .example =
	    "alias add info@example.com anna@example.com bo@example.org",
	    ARGS(add_arg, write_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_add },
	{ .name = "alias set",
	    .brief = "replace the destinations of an alias, or its note",
	    .detail = "Without DESTINATION only the note changes.",
	    .example = "alias set info@example.com anna@example.com",
	    ARGS(set_arg, write_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_set },
	{ .name = "alias remove",
	    .brief = "remove an alias, or some of its destinations",
	    .detail =
	    "Refused while other aliases lead to it and its mail would then "
	    "be refused; --cascade also removes it from their destinations.",
	    .example = "alias remove info@example.com bo@example.org",
	    ARGS(remove_arg, remove_args), .flags = CMD_DB | CMD_WRITES,
	    .confirm = confirm_remove, .run = run_remove },
	{ .name = "alias show", .brief = "show one alias",
	    .detail =
	    "One row for each destination. As JSON it is one object with the "
	    "rows in \"destinations\".",
	    .example = "alias show info@example.com",
	    ARGS(show_arg, name_args), .columns = alias_fields,
	    .flags = CMD_DB, .run = run_show },
	{ .name = "alias list",
	    .brief = "list aliases, one row for each destination",
	    .detail =
	    "On a terminal each alias is one line with all its destinations, "
	    "and (off) before those that are disabled; --output wide has the "
	    "rows. --limit counts rows.",
	    .example = "alias list --to anna@example.com",
	    ARGS(list_arg, list_args), .columns = alias_fields,
	    .narrow = "mail,destinations",
	    .flags = CMD_DB, .run = run_list },
	{ .name = "alias enable", .brief = "enable aliases",
	    .example = "alias enable info@example.com",
	    ARGS(enable_arg, enable_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_enable, .enable = &enable },
	{ .name = "alias disable", .brief = "disable aliases",
	    .detail =
	    "Mail for a disabled alias is refused (550). It does not go to "
	    "the catch-all.",
	    .example = "alias disable info@example.com --to bo@example.org",
	    ARGS(enable_arg, enable_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_disable, .enable = &enable },
	{ 0 }
};
