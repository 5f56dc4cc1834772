/* mailadm domain: the domains that this server accepts mail for. */
#include "model/mail/domain.h"

#include <string.h>

#include "cmd/run/enable.h"
#include "cmd/run/list.h"
#include "model/address.h"
#include "model/archive/archive.h"
#include "model/mail/alias.h"
#include "model/next_hop.h"
#include "model/route/stranded.h"

/* --- add and set ----------------------------------------------------- */

static bool
next_hop_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	v->text = "";
	return strcmp(word, "none") == 0 || next_hop_parse(a, word,
	    NEXT_HOP_PORT, &v->text, e);
}

static const struct arg_type arg_next_hop = {
	.metavar = "HOST[:PORT]|mx|none", .parse = next_hop_value
};

/* "known" is what is stored as nothing. */
static bool
accepts_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	v->text = strcmp(word, "known") == 0 ? "" : arena_strdup(a, word);
	return *v->text == '\0' || strcmp(word, "all") == 0 ||
	    strcmp(word, "verify") == 0 || err_set(e, ERR_USAGE,
	    "unknown value \"%.200s\" (known, all, verify)", word);
}

static const struct arg_type arg_accepts = {
	.metavar = "NAMES", .parse = accepts_value
};

static bool
transport_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	v->text = "";
	return strcmp(word, "none") == 0 || next_hop_transport(a, word,
	    &v->text, e);
}

static const struct arg_type arg_transport = {
	.metavar = "TRANSPORT|none", .parse = transport_value
};

struct add_args {
	const char *domain;
	const char *description;
	int64_t quota;
	int64_t max_users;
	int64_t max_aliases;
	const char *relay_to;
	const char *accepts;
	bool accept_all;
	const char *transport;
	const char *send_through;
	int64_t send_limit;
	const char *bcc_in;
	const char *bcc_out;
	const char *alias_of;
	const char *postmaster;
	bool if_not_exists;
	const char *default_postmaster;	/* of the settings, or NULL */
};

#define DOMAIN_VALUE_ARGS						\
	OPTION("--description", arg_text, add_args, description,	\
	    "a remark, not used by the servers; \"\" removes it"),	\
	OPTION("--quota", arg_size_domain, add_args, quota,		\
	    "mailbox size of users without a quota of their own; "	\
	    "none: no limit"),						\
	OPTION("--max-users", arg_limit, add_args, max_users,		\
	    "the most users that it may have"),				\
	OPTION("--max-aliases", arg_limit, add_args, max_aliases,	\
	    "the most alias addresses, besides postmaster@"),		\
	OPTION("--send-limit", arg_rate_domain, add_args, send_limit,	\
	    "the most recipients in an hour of each user without a "	\
	    "limit of their own"),					\
	OPTION("--bcc-in", arg_address_or_none, add_args, bcc_in,	\
	    "who gets a copy of each mail that comes to its users, but "\
	    "to those with an archive of their own; know the law "	\
	    "before you archive people's mail"),			\
	OPTION("--bcc-out", arg_address_or_none, add_args, bcc_out,	\
	    "who gets a copy of what its addresses send, of users "	\
	    "without an archive of their own; know the law before you "	\
	    "archive people's mail"),					\
	OPTION("--alias-of", arg_domain_or_none, add_args, alias_of,	\
	    "make it an alias domain: it accepts the names that "	\
	    "DOMAIN has"),						\
	OPTION("--relay-to", arg_next_hop, add_args, relay_to,		\
	    "pass its mail on to this server, which has the mailboxes; "\
	    "mx: to whoever the DNS names before us; none: not"),	\
	OPTION("--accept", arg_accepts, add_args, accepts,		\
	    "of a relay domain: it takes the known names of "		\
	    "\"recipient list\" (default), all, or verify: those that "	\
	    "its server takes when it is asked"),			\
	FLAG("--accept-all", add_args, accept_all,			\
	    "the same as --accept all: bounces go to forged senders"),	\
	OPTION("--transport", arg_transport, add_args, transport,	\
	    "by which way its mail is delivered, as transport(5) of "	\
	    "Postfix has it, like \"lmtp:unix:/run/lists\"; none: the "	\
	    "usual one"),						\
	OPTION("--send-through", arg_relay_or_none, add_args,		\
	    send_through, "the way out for mail of its senders to "	\
	    "others; see \"relay add\""),				\
	OPTION("--postmaster", arg_address, add_args, postmaster,	\
	    "the address that gets the mail for its postmaster@")

static const struct arg add_arg[] = {
	ARGUMENT("DOMAIN", arg_domain, add_args, domain, "the new domain",
	    .flags = ARG_REQUIRED | ARG_NEW),
	DOMAIN_VALUE_ARGS,
	FLAG("--if-not-exists", add_args, if_not_exists,
	    "succeed if it already exists with the same values"),
	{ 0 }
};

static const struct arg set_arg[] = {
	ARGUMENT("DOMAIN", arg_domain, add_args, domain, "the domain",
	    .flags = ARG_REQUIRED),
	DOMAIN_VALUE_ARGS,
	{ 0 }
};

static struct domain_values
values(const struct add_args *a)
{
	struct domain_values v = { DOMAIN_VALUES(VALUE_NOT_GIVEN,) };

	v.description = a->description;
	v.alias_of = a->alias_of;
	v.quota = a->quota;
	v.max_users = a->max_users;
	v.max_aliases = a->max_aliases;
	v.relay_to = a->relay_to;
	v.accepts = a->accept_all ? "all" : a->accepts;
	v.transport = a->transport;
	v.send_through = a->send_through;
	v.send_limit = a->send_limit;
	v.bcc_in = a->bcc_in;
	v.bcc_out = a->bcc_out;
	return v;
}

/*
 * Only the form of the address is checked: a user of the new domain can be
 * added later in the same batch.
 */
static bool
postmaster_write(struct session *s, const char *domain, const char *to,
    enum outcome *outcome, struct err *e)
{
	struct alias_write w = { ALIAS_ALL_VALUES(VALUE_NOT_GIVEN,)
	    .mail = address_join(&s->scratch, "postmaster", domain),
	    .force = true };

	words_add(&s->scratch, &w.to, to);
	return alias_set(&s->mail, &w, outcome, e) ||
	    err_wrap(e, "--postmaster");
}

static bool
postmaster_set(struct session *s, const char *domain, const char *to,
    struct err *e)
{
	enum outcome outcome;

	if (to == NULL)
		return true;
	if (!postmaster_write(s, domain, to, &outcome, e))
		return false;
	outcome_print(s, outcome, "alias", address_join(&s->scratch,
	    "postmaster", domain), "set");
	return true;
}

/*
 * For a domain that exists: writes the alias to see whether it changes
 * anything.  If so, the command fails, which rolls it back.
 */
static bool
postmaster_compare(struct session *s, const struct add_args *a,
    struct err *e)
{
	enum outcome outcome;

	if (a->postmaster == NULL)
		return true;
	if (!postmaster_write(s, a->domain, a->postmaster, &outcome, e))
		return false;
	if (outcome == OUTCOME_UNCHANGED)
		return true;
	err_set(e, ERR_EXISTS, "domain %s exists with a different postmaster",
	    a->domain);
	return err_hint(e, "change it with: mailadm domain set %s", a->domain);
}

static bool
prepare_add(struct session *s, struct arena *memory, void *args,
    struct err *e)
{
	struct add_args *a = args;

	return a->postmaster != NULL ||
	    (a->alias_of != NULL && *a->alias_of != '\0') ||
	    session_postmaster(s, memory, &a->default_postmaster, e);
}

static bool
run_add(struct session *s, const void *args, struct err *e)
{
	const struct add_args *a = args;
	struct domain_values v = values(a);
	enum outcome outcome;

	if (!archive_in_check(&s->mail, a->domain, v.bcc_in, e) ||
	    !archive_check(&s->mail, a->domain, v.bcc_out, e) ||
	    !domain_add(&s->mail, a->domain, &v, a->if_not_exists, &outcome,
	    e))
		return false;
	if (outcome == OUTCOME_UNCHANGED && !postmaster_compare(s, a, e))
		return false;
	outcome_print(s, outcome, "domain", a->domain, "added");
	return outcome == OUTCOME_UNCHANGED || postmaster_set(s, a->domain,
	    a->postmaster ? a->postmaster : a->default_postmaster, e);
}

static bool
run_set(struct session *s, const void *args, struct err *e)
{
	const struct add_args *a = args;
	struct domain_values v = values(a);
	enum outcome outcome;

	if (true DOMAIN_VALUES(VALUE_IS_UNSET, &v) && a->postmaster == NULL) {
		err_set(e, ERR_USAGE, "domain set: nothing to set");
		return err_hint(e, "mailadm help domain set");
	}
	if (!archive_in_check(&s->mail, a->domain, v.bcc_in, e) ||
	    !archive_check(&s->mail, a->domain, v.bcc_out, e) ||
	    !domain_set(&s->mail, a->domain, &v, &outcome, e))
		return false;
	if (outcome == OUTCOME_CHANGED || a->postmaster == NULL)
		outcome_print(s, outcome, "domain", a->domain, "changed");
	return postmaster_set(s, a->domain, a->postmaster, e);
}

/* --- show and list --------------------------------------------------- */

static const struct arg show_arg[] = {
	NAME_ARGS("DOMAIN", arg_domain, "the domain")
};

static bool
run_show(struct session *s, const void *args, struct err *e)
{
	const struct name_args *a = args;
	struct domain domain;

	return domain_show(&s->mail, a->name, &domain, e) &&
	    show_print(s, domain_fields, &domain, e);
}

static const struct arg list_arg[] = {
	LIST_PATTERN,
	LIST_ARGS
};

static bool
run_list(struct session *s, const void *args, struct err *e)
{
	static const struct list_source source = { .fields = domain_fields,
	    .names = "domains",
	    .each = domain_list, .count = domain_count };

	return list_print(s, &source, args, e);
}

/* --- enable and disable ---------------------------------------------- */

static const struct arg enable_arg[] = {
	ENABLE_NAMES("DOMAIN", arg_domain, "one domain or several"),
	NO_SYNC(enable_args),
	{ 0 }
};

static void
hint_domain_sessions(struct session *s, const char *name)
{
	hint_sessions(s, arena_printf(&s->scratch, "'*@%s'", name));
}

static const struct enable enable = { .noun = "domain",
    .set = stranded_domain_set_active, .hint = hint_domain_sessions };

/* --- rename and remove ----------------------------------------------- */

struct rename_args {
	const char *old;
	const char *new;
	bool keep_alias;
	bool no_sync;
};

static const struct arg rename_arg[] = {
	ARGUMENT("OLD", arg_domain, rename_args, old, "the domain",
	    .flags = ARG_REQUIRED),
	ARGUMENT("NEW", arg_domain, rename_args, new, "its new name",
	    .flags = ARG_REQUIRED | ARG_NEW),
	FLAG("--keep-alias", rename_args, keep_alias,
	    "keep the old name as an alias domain of the new one"),
	NO_SYNC(rename_args),
	{ 0 }
};

static bool
run_rename(struct session *s, const void *args, struct err *e)
{
	const struct rename_args *a = args;

	if (!domain_rename(&s->mail, a->old, a->new, a->keep_alias, e))
		return false;
	out_done(&s->out, "domain %s renamed to %s", a->old,
	    out_name(&s->out, &s->scratch, a->new));
	out_hint(&s->out, "the mail stays where it is on disk");
	hint_domain_sessions(s, a->old);
	return true;
}

struct remove_args {
	struct words domains;
	bool recursive;
	bool cascade;
	bool if_exists;
	bool no_sync;
};

static const struct arg remove_arg[] = {
	ARGUMENT("DOMAIN", arg_domain, remove_args, domains,
	    "one domain or several", .flags = ARG_REQUIRED | ARG_REPEAT),
	FLAG("--recursive", remove_args, recursive,
	    "also remove its users, aliases and DKIM keys"),
	FLAG("--cascade", remove_args, cascade,
	    "also remove its alias domains, and destinations in it from "
	    "aliases of other domains"),
	FLAG("--if-exists", remove_args, if_exists,
	    "succeed if it does not exist"),
	NO_SYNC(remove_args),
	{ 0 }
};

static bool
goes_with(struct session *s, const struct remove_args *a, const char *name,
    const char **text, struct err *e)
{
	struct domain_contents c = { 0 };
	bool found;

	*text = NULL;
	if (!domain_look(&s->mail, name, &c, &found, e))
		return false;
	if (found && (a->recursive || a->cascade) &&
	    (c.users + c.aliases + c.keys > 0 || c.outside.count > 0 ||
	    c.alias_domains.count > 0))
		*text = arena_printf(&s->scratch, "%s with %s", name,
		    domain_contents_text(&s->scratch, &c));
	return true;
}

static bool
confirm_remove(struct session *s, void *args, const char **action,
    struct err *e)
{
	const struct remove_args *a = args;

	for (size_t i = 0; i < a->domains.count; i++) {
		const char *text;

		if (!goes_with(s, a, a->domains.word[i], &text, e))
			return false;
		if (text != NULL)
			*action = arena_printf(&s->scratch, "%s %s",
			    *action ? arena_printf(&s->scratch, "%s, and",
				*action) : "remove", text);
	}
	return true;
}

static bool
run_remove(struct session *s, const void *args, struct err *e)
{
	const struct remove_args *a = args;

	for (size_t i = 0; i < a->domains.count; i++) {
		const char *name = a->domains.word[i];
		const struct domain_removal how = {
			.if_exists = a->if_exists,
			.recursive = a->recursive,
			.cascade = a->cascade,
		};
		enum outcome outcome;

		if (!domain_remove(&s->mail, name, &how, &outcome, e))
			return false;
		outcome_print(s, outcome, "domain", name, "removed");
		if (outcome != OUTCOME_CHANGED || !a->recursive)
			continue;
		out_hint(&s->out, "the mail of %s is still on disk", name);
		hint_domain_sessions(s, name);
	}
	return true;
}

const struct cmd domain_cmds[] = {
	{ .name = "domain add", .brief = "add a domain",
	    .detail =
	    "The servers accept mail for the domain from now on. With "
	    "--alias-of it is an alias domain: it accepts the names that the "
	    "other domain has, and can have aliases of its own, but no users. "
	    "--postmaster adds the alias that RFC 5321 requires of every "
	    "domain; the default is the setting postmaster.",
	    .example = "domain add example.com --quota 2G --max-users 50",
	    ARGS(add_arg, add_args), .flags = CMD_DB | CMD_WRITES,
	    .prepare = prepare_add, .run = run_add },
	{ .name = "domain set", .brief = "change a domain",
	    .detail =
	    "Only what is named changes. A limit below the current number "
	    "removes nothing: it refuses more.",
	    .example = "domain set example.com --quota none",
	    ARGS(set_arg, add_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_set },
	{ .name = "domain show", .brief = "show one domain",
	    .example = "domain show example.com",
	    ARGS(show_arg, name_args), .columns = domain_fields,
	    .flags = CMD_DB, .run = run_show },
	{ .name = "domain list", .brief = "list domains",
	    .example = "domain list '*.org' --sort users",
	    ARGS(list_arg, list_args), .columns = domain_fields,
	    .narrow = "domain,active,users,aliases,quota,alias_of,"
	        "description",
	    .flags = CMD_DB, .run = run_list },
	{ .name = "domain enable", .brief = "enable domains",
	    .example = "domain enable example.com",
	    ARGS(enable_arg, enable_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_enable, .enable = &enable },
	{ .name = "domain disable", .brief = "disable domains",
	    .detail =
	    "Mail for a disabled domain is refused, and its users cannot log "
	    "in.",
	    .example = "domain disable example.com",
	    ARGS(enable_arg, enable_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_disable, .enable = &enable },
	{ .name = "domain rename",
	    .brief = "rename a domain with its users and aliases",
	    .detail =
	    "Users, aliases, destinations in other domains and alias domains "
	    "get the new name. The users' mail stays where it is on disk and "
	    "can be read as before. DKIM keys get the new name, too, and are "
	    "pending until their new records are published; with --keep-alias "
	    "they stay with the old name, which signs as before.",
	    .example = "domain rename example.com example.org --keep-alias",
	    ARGS(rename_arg, rename_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_rename },
	{ .name = "domain remove", .brief = "remove domains",
	    .detail =
	    "Refused while it has users, aliases or DKIM keys (--recursive "
	    "removes them), and while it has alias domains or aliases of "
	    "other domains lead to it (--cascade removes those). Asks before "
	    "it removes more than the domain; without a terminal it needs "
	    "--yes.",
	    .example = "domain remove example.com --recursive --yes",
	    ARGS(remove_arg, remove_args), .flags = CMD_DB | CMD_WRITES,
	    .confirm = confirm_remove, .run = run_remove },
	{ 0 }
};
