/* mailadm alias: addresses that deliver to other addresses. */
#include "model/mail/alias.h"

#include "base/sentence.h"
#include "cmd/run/list.h"
#include "cmd/run/switch.h"

/* --- add and set ----------------------------------------------------- */

struct write_args {
	const char *mail;
	struct words destinations;
	bool force;
	bool if_not_exists;
};

#define WRITE_ARGS							\
	{ "ADDRESS", &arg_alias, TEXT_ARG(struct write_args, mail),	\
	    ARG_REQUIRED | ARG_NEW, "the alias; @DOMAIN is the "	\
	    "catch-all", 0 },						\
	{ "DESTINATION", &arg_address, LIST_ARG(struct write_args,	\
	    destinations), ARG_REQUIRED | ARG_REPEAT,			\
	    "where its mail goes", 0 },					\
	{ "--force", NULL, FLAG_ARG(struct write_args, force), 0,	\
	    "even if nothing accepts mail for a destination", 0 }

static const struct arg add_arg[] = {
	WRITE_ARGS,
	{ "--if-not-exists", NULL, FLAG_ARG(struct write_args,
	    if_not_exists), 0, "as without it: what is there is unchanged",
	    0 },
	{ 0 }
};

static const struct arg set_arg[] = { WRITE_ARGS, { 0 } };

static bool
run_add(struct session *s, const void *args, struct err *e)
{
	const struct write_args *a = args;
	size_t added;

	if (!alias_add(&s->mail, a->mail, &a->destinations, a->force, &added,
	    e))
		return false;
	outcome_print(s, added > 0 ? OUTCOME_CHANGED : OUTCOME_UNCHANGED,
	    "alias", a->mail, "added");
	if (added > 0 && added < a->destinations.count)
		out_verbose(&s->out, "%zu of its destinations unchanged",
		    a->destinations.count - added);
	return true;
}

static bool
run_set(struct session *s, const void *args, struct err *e)
{
	const struct write_args *a = args;
	enum outcome outcome;

	if (!alias_set(&s->mail, a->mail, &a->destinations, a->force,
	    &outcome, e))
		return false;
	outcome_print(s, outcome, "alias", a->mail, "set");
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
	{ "ADDRESS", &arg_alias, TEXT_ARG(struct remove_args, mail),
	    ARG_REQUIRED, "the alias", 0 },
	{ "DESTINATION", &arg_address, LIST_ARG(struct remove_args,
	    destinations), ARG_REPEAT, "only these destinations", 0 },
	{ "--cascade", NULL, FLAG_ARG(struct remove_args, cascade), 0,
	    "other aliases lose this destination", 0 },
	{ "--if-exists", NULL, FLAG_ARG(struct remove_args, if_exists), 0,
	    "no error when it is not there", 0 },
	{ "--force", NULL, FLAG_ARG(struct remove_args, force), 0,
	    "even if the domain's postmaster@ goes, or aliases lead to "
	    "nothing", 0 },
	{ 0 }
};

static bool
confirm_remove(struct session *s, void *args, struct err *e)
{
	const struct remove_args *a = args;
	struct words sources;

	if (!a->cascade || a->destinations.count > 0)
		return true;
	if (!alias_sources(&s->mail, a->mail, &sources, e))
		return false;
	return sources.count == 0 || session_confirm(s, arena_printf(
	    &s->scratch, "remove %s as a destination of %s", a->mail,
	    sentence_list(&s->scratch, &sources)), e);
}

static bool
run_remove(struct session *s, const void *args, struct err *e)
{
	const struct remove_args *a = args;
	const struct alias_removal how = { a->if_exists, a->cascade,
	    a->force };
	size_t removed;

	if (!alias_remove(&s->mail, a->mail, &a->destinations, &how,
	    &removed, e))
		return false;
	outcome_print(s, removed > 0 ? OUTCOME_CHANGED : OUTCOME_ABSENT,
	    "alias", a->mail, "removed");
	return true;
}

/* --- show and list --------------------------------------------------- */

static const struct arg show_arg[] = {
	NAME_ARGS("ADDRESS", &arg_alias, "the alias")
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
	{ "--to", &arg_address, TEXT_ARG(struct list_args, to), 0,
	    "only what leads to this destination", 0 },
	LIST_ARGS
};

static bool
run_list(struct session *s, const void *args, struct err *e)
{
	static const struct list_source source = { alias_fields, alias_list,
	    alias_count, .addresses = true };

	return list_print(s, &source, args, e);
}

/* --- enable and disable ---------------------------------------------- */

static const struct arg switch_arg[] = {
	SWITCH_NAMES("ADDRESS", &arg_alias, "one alias or several"),
	{ "--to", &arg_address, TEXT_ARG(struct switch_args, to), 0,
	    "only this destination", 0 },
	{ 0 }
};

static const struct switched switched = { "alias",
    .set_to = alias_set_active };

static bool
run_enable(struct session *s, const void *args, struct err *e)
{
	return switch_run(s, &switched, args, true, e);
}

static bool
run_disable(struct session *s, const void *args, struct err *e)
{
	return switch_run(s, &switched, args, false, e);
}

const struct cmd alias_cmds[] = {
	{ "alias add", "add destinations to an alias",
	    "The alias is made when it is not there. Refused: a destination "
	    "in a domain of ours that nothing accepts, a loop of any "
	    "length, an expansion over 1,000 addresses. An alias on a "
	    "user's own address takes that mailbox's mail, unless the "
	    "address itself is one of the destinations. @DOMAIN is the "
	    "catch-all: it gets what no user and no alias answers for.",
	    "alias add info@example.com anna@example.com bo@example.org",
	    add_arg, sizeof(struct write_args), NULL, CMD_DB | CMD_WRITES,
	    NULL, NULL, run_add },
	{ "alias set", "give an alias exactly these destinations", NULL,
	    "alias set info@example.com anna@example.com",
	    set_arg, sizeof(struct write_args), NULL, CMD_DB | CMD_WRITES,
	    NULL, NULL, run_set },
	{ "alias remove", "remove an alias, or some of its destinations",
	    "Refused while other aliases lead to it and nothing else "
	    "accepts its mail; --cascade removes those rows, too.",
	    "alias remove info@example.com bo@example.org",
	    remove_arg, sizeof(struct remove_args), NULL,
	    CMD_DB | CMD_WRITES, confirm_remove, NULL, run_remove },
	{ "alias show", "show one alias",
	    "One row for each destination; as JSON one object, with the "
	    "rows in destinations.",
	    "alias show info@example.com",
	    show_arg, sizeof(struct name_args), alias_fields, CMD_DB,
	    NULL, NULL, run_show },
	{ "alias list", "list aliases, one row for each destination", NULL,
	    "alias list --to anna@example.com",
	    list_arg, sizeof(struct list_args), alias_fields, CMD_DB,
	    NULL, NULL, run_list },
	{ "alias enable", "switch aliases on", NULL,
	    "alias enable info@example.com",
	    switch_arg, sizeof(struct switch_args), NULL, CMD_DB | CMD_WRITES,
	    NULL, NULL, run_enable },
	{ "alias disable", "switch aliases off",
	    "Mail for a disabled alias is refused (550), never given to the "
	    "catch-all.",
	    "alias disable info@example.com --to bo@example.org",
	    switch_arg, sizeof(struct switch_args), NULL, CMD_DB | CMD_WRITES,
	    NULL, NULL, run_disable },
	{ 0 }
};
