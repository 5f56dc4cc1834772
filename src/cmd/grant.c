/* mailadm user grant and revoke: which users may send with which addresses. */
#include "cmd/run/list.h"
#include "model/mail/grant.h"

struct grant_args {
	struct grant_new grant;
	bool if_exists;
	bool if_not_exists;
};

#define GRANT_ARGS							\
	ARGUMENT("EMAIL", arg_user, grant_args, grant.email, "the user",\
	    .flags = ARG_REQUIRED),					\
	OPTION("--send-as", arg_send_as, grant_args, grant.address,	\
	    "an address (also with any +tag), or every address of a "	\
	    "domain",							\
	    .flags = ARG_REQUIRED)

static const struct arg grant_arg[] = {
	GRANT_ARGS,
	OPTION("--expires", arg_expiry, grant_args, grant.expires,
	    EXPIRES_HELP "the right ends"),
	FLAG("--force", grant_args, grant.force,
	    "even if no user or alias has the address"),
	FLAG("--if-not-exists", grant_args, if_not_exists,
	    "accepted for scripts: an existing grant is not an error"),
	{ 0 }
};

static const struct arg revoke_arg[] = {
	GRANT_ARGS,
	FLAG("--if-exists", grant_args, if_exists,
	    "succeed if it does not exist"),
	{ 0 }
};

static const char *
to_send_as(struct session *s, const struct grant_args *a)
{
	return arena_printf(&s->scratch, "%s to send as %s",
	    out_name(&s->out, &s->scratch, a->grant.email),
	    out_name(&s->out, &s->scratch, a->grant.address));
}

static bool
run_grant(struct session *s, const void *args, struct err *e)
{
	const struct grant_args *a = args;
	enum outcome outcome;
	bool there;

	if (!grant_add(&s->mail, &a->grant, &there, &outcome, e))
		return false;
	outcome_print(s, outcome, "grant of", to_send_as(s, a), there ?
	    "changed" : "added");
	return true;
}

static bool
run_revoke(struct session *s, const void *args, struct err *e)
{
	const struct grant_args *a = args;
	enum outcome outcome;

	if (!grant_remove(&s->mail, a->grant.email, a->grant.address,
	    a->if_exists,
	    &outcome, e))
		return false;
	outcome_print(s, outcome, "grant of", to_send_as(s, a), "removed");
	return true;
}

const struct cmd grant_cmds[] = {
	{ .name = "user grant", .brief = "let a user send as another address",
	    .detail =
	    "A user may send with their own address and with every alias, "
	    "alias domain or catch-all that delivers to them; this adds an "
	    "address. @DOMAIN is every address of a domain, ours or not. An "
	    "address in one of our domains must exist. The grant is removed "
	    "with the user, and with the user, alias or domain that it names; "
	    "renaming keeps it. A grant that has expired gives no right, and "
	    "another time may be set for it. \"user show\" lists the grants.",
	    .example =
	    "user grant bo@example.com --send-as office@example.com",
	    ARGS(grant_arg, grant_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_grant },
	{ .name = "user revoke", .brief = "revoke a grant",
	    .detail = "The user may still send with addresses that need no "
	        "grant.",
	    .example =
	    "user revoke bo@example.com --send-as office@example.com",
	    ARGS(revoke_arg, grant_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_revoke },
	{ 0 }
};
