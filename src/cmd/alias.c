/* mailadm alias: addresses that deliver to other addresses. */
#include "model/mail/alias.h"

#include <string.h>

#include "base/sentence.h"
#include "cmd/run/enable.h"
#include "cmd/run/list.h"
#include "model/mail/block.h"

/* --- add and set ----------------------------------------------------- */

struct write_args {
	struct alias_write alias;
	bool if_not_exists;
};

#define WRITE_ARGS(required)						\
	ARGUMENT("ADDRESS", arg_alias, write_args, alias.mail,		\
	    "the alias; @DOMAIN is the catch-all, and a * makes it a "	\
	    "pattern",							\
	    .flags = ARG_REQUIRED | ARG_NEW),				\
	ARGUMENT("DESTINATION", arg_address, write_args, alias.to,	\
	    "where its mail goes",					\
	    .flags = ARG_REPEAT | (required)),				\
	OPTION("--note", arg_text, write_args, alias.note,		\
	    "a remark, not used by the servers; \"\" removes it"),	\
	OPTION("--from", arg_writers, write_args, alias.writers,	\
	    "who may write to it: anyone, users of this server who "	\
	    "have logged in, those of its domain, or who gets its "	\
	    "mail"),							\
	OPTION("--may-send", arg_yes_no, write_args, alias.may_send,	\
	    "the users that it reaches may send as it"),		\
	OPTION("--expires", arg_expiry, write_args, alias.expires,	\
	    EXPIRES_HELP "these destinations get no mail"),		\
	FLAG("--force", write_args, alias.force,			\
	    "even if a destination does not exist"),			\
	FLAG("--literal", write_args, alias.literal,			\
	    "a name with * or ? as it is, not a pattern")

static const struct arg add_arg[] = {
	WRITE_ARGS(ARG_REQUIRED),
	FLAG("--if-not-exists", write_args, if_not_exists,
	    "accepted for scripts: adding what exists is not an error"),
	{ 0 }
};

static const struct arg set_arg[] = { WRITE_ARGS(0), { 0 } };

/* Anyone is who may write where nothing is set. */
static struct alias_write
write_of(const struct write_args *a)
{
	struct alias_write w = a->alias;

	if (w.writers != NULL && strcmp(w.writers, "anyone") == 0)
		w.writers = "";
	return w;
}

static bool
run_add(struct session *s, const void *args, struct err *e)
{
	const struct write_args *a = args;
	const struct alias_write set = write_of(a), *w = &set;
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
is_nothing(const struct alias_write *w)
{
	return true ALIAS_ALL_VALUES(VALUE_IS_UNSET, w);
}

static bool
run_set(struct session *s, const void *args, struct err *e)
{
	const struct write_args *a = args;
	const struct alias_write w = write_of(a);
	enum outcome outcome;

	if (a->alias.to.count == 0 && is_nothing(&a->alias)) {
		err_set(e, ERR_USAGE, "alias set: nothing to set");
		return err_hint(e, "mailadm help alias set");
	}
	if (!alias_set(&s->mail, &w, &outcome, e))
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
	const struct alias *row;
	struct db_rows rows;
	bool expires = false;

	if (!alias_show(&s->mail, a->name, &rows, e))
		return false;
	row = rows.row;
	for (size_t i = 0; i < rows.count; i++)
		expires |= row[i].expires != FIELD_NULL;
	if (expires && s->out.style.columns == NULL)
		s->out.style.columns =
		    "mail,destination,active,expires,created,modified";
	return out_group(&s->out, alias_fields, "destinations", rows.row,
	    rows.count, sizeof(struct alias), e);
}

static const struct arg list_arg[] = {
	LIST_PATTERN,
	LIST_DOMAIN,
	OPTION("--to", arg_address, list_args, to,
	    "only aliases with this destination"),
	LIST_EXPIRING,
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
	one = a->active && !expiry_has_passed(a->expires) ? a->destination :
	    arena_printf(&g->arena, "(%s) %s", a->active ? "expired" : "off",
		a->destination);
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

	return list_print(s, !list_expiring(s, args,
	    "mail,destination,expires,active") && out_is_narrow(&s->out) ?
	    &lines : &source, args, e);
}

/* --- block and unblock ----------------------------------------------- */

struct block_args {
	const char *address;
	const char *note;
	bool force;
	bool if_blocked;
};

static const struct arg block_arg[] = {
	ARGUMENT("ADDRESS", arg_address, block_args, address,
	    "in one of our domains; also NAME+TAG@DOMAIN",
	    .flags = ARG_REQUIRED | ARG_NEW),
	OPTION("--note", arg_text, block_args, note,
	    "a remark, not used by the servers; \"\" removes it"),
	FLAG("--force", block_args, force, "also postmaster@"),
	{ 0 }
};

static const struct arg unblock_arg[] = {
	ARGUMENT("ADDRESS", arg_address, block_args, address,
	    "a blocked name", .flags = ARG_REQUIRED | ARG_NEW),
	FLAG("--if-exists", block_args, if_blocked,
	    "succeed if it is not blocked"),
	{ 0 }
};

static bool
run_block(struct session *s, const void *args, struct err *e)
{
	const struct block_args *a = args;
	enum outcome outcome;

	if (!block_add(&s->mail, a->address, a->note, a->force, &outcome, e))
		return false;
	outcome_print(s, outcome, "block", a->address, "added");
	return true;
}

static bool
run_unblock(struct session *s, const void *args, struct err *e)
{
	const struct block_args *a = args;
	enum outcome outcome;

	if (!block_remove(&s->mail, a->address, a->if_blocked, &outcome, e))
		return false;
	outcome_print(s, outcome, "block", a->address, "removed");
	return true;
}

static const struct arg blocked_arg[] = {
	LIST_PATTERN,
	LIST_DOMAIN,
	OPTION("--limit", arg_count, list_args, limit, "at most N rows"),
	FLAG("--count", list_args, count, "print only the number of rows"),
	OPTION("--sort", arg_column, list_args, sort,
	    "sort by COLUMN instead of by name; -COLUMN: descending"),
	{ 0 }
};

static bool
run_blocked(struct session *s, const void *args, struct err *e)
{
	static const struct list_source source = { .fields = block_fields,
	    .names = "blocks",
	    .each = block_list, .count = block_count, .addresses = true };

	return list_print(s, &source, args, e);
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
	    "an alias has. A name with a * is a pattern: any characters, or "
	    "none, may stand there. It gets mail for names that nobody has, "
	    "before the catch-all; of several patterns the one with the most "
	    "other characters wins, then the first in the alphabet. A domain "
	    "has at most 100.",
	    .example =
	    "alias add info@example.com anna@example.com bo@example.org",
	    ARGS(add_arg, write_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_add },
	{ .name = "alias set",
	    .brief = "replace the destinations of an alias, or its settings",
	    .detail =
	    "Without DESTINATION only what the options name changes, and "
	    "--expires is of all its destinations. A destination that has "
	    "expired gets no mail; where all have, mail for the alias is "
	    "refused (550), and does not go to the catch-all. Who may "
	    "write to it (--from) is enforced for mail from outside on port "
	    "25: it is refused (550) unless anyone may. An alias that others "
	    "may write to and that leads here opens it; mailadm check finds "
	    "such ones. With --may-send no it only receives: nobody may send "
	    "as it because its mail comes to them, only by a grant.",
	    .example = "alias set info@example.com --from users",
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
	    "and (off) or (expired) before those that get no mail; --output "
	    "wide has the rows. --limit counts rows. Patterns stand behind "
	    "the other aliases.",
	    .example = "alias list --to anna@example.com",
	    ARGS(list_arg, list_args), .columns = alias_fields,
	    .narrow = "mail,destinations",
	    .flags = CMD_DB, .run = run_list },
	{ .name = "alias block", .brief = "refuse mail for an address",
	    .detail =
	    "Mail for it is refused (550) like for an unknown name, from "
	    "outside and from our users, whoever has the name: for one name "
	    "of a catch-all or a pattern that gets only spam, or one +tag of "
	    "a user. A block of a name covers all its tags, and one in a "
	    "domain covers the name in its alias domains. What an alias sends "
	    "there is still delivered. mailadm alias blocked shows "
	    "them.",
	    .example = "alias block anna+shop@example.com --note sold",
	    ARGS(block_arg, block_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_block },
	{ .name = "alias unblock",
	    .brief = "take mail for a blocked address again",
	    .example = "alias unblock anna+shop@example.com",
	    ARGS(unblock_arg, block_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_unblock },
	{ .name = "alias blocked", .brief = "list blocked addresses",
	    .example = "alias blocked --domain example.com",
	    ARGS(blocked_arg, list_args), .columns = block_fields,
	    .flags = CMD_DB, .run = run_blocked },
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
