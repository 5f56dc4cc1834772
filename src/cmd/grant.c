/* mailadm user grant and revoke: who may send as whom. */
#include "cmd/run/list.h"
#include "model/mail/grant.h"

struct grant_args {
	const char *email;
	const char *address;
	bool force;
	bool if_exists;
	bool if_not_exists;
};

#define GRANT_ARGS							\
	{ "EMAIL", &arg_user, TEXT_ARG(struct grant_args, email),	\
	    ARG_REQUIRED, "the user", 0 },				\
	{ "--send-as", &arg_send_as, TEXT_ARG(struct grant_args,	\
	    address), ARG_REQUIRED, "an address, its +tags included, "	\
	    "or a whole domain", 0 }

static const struct arg grant_arg[] = {
	GRANT_ARGS,
	{ "--force", NULL, FLAG_ARG(struct grant_args, force), 0,
	    "even if nothing of ours has the address", 0 },
	{ "--if-not-exists", NULL, FLAG_ARG(struct grant_args,
	    if_not_exists), 0, "as without it: what is there is unchanged",
	    0 },
	{ 0 }
};

static const struct arg revoke_arg[] = {
	GRANT_ARGS,
	{ "--if-exists", NULL, FLAG_ARG(struct grant_args, if_exists), 0,
	    "no error when it is not there", 0 },
	{ 0 }
};

static const char *
to_send_as(struct session *s, const struct grant_args *a)
{
	return arena_printf(&s->scratch, "%s to send as %s",
	    out_name(&s->out, &s->scratch, a->email),
	    out_name(&s->out, &s->scratch, a->address));
}

static bool
run_grant(struct session *s, const void *args, struct err *e)
{
	const struct grant_args *a = args;
	enum outcome outcome;

	if (!send_as_grant(&s->mail, a->email, a->address, a->force,
	    &outcome, e))
		return false;
	outcome_print(s, outcome, "grant of", to_send_as(s, a), "added");
	return true;
}

static bool
run_revoke(struct session *s, const void *args, struct err *e)
{
	const struct grant_args *a = args;
	enum outcome outcome;

	if (!send_as_revoke(&s->mail, a->email, a->address, a->if_exists,
	    &outcome, e))
		return false;
	outcome_print(s, outcome, "grant of", to_send_as(s, a), "removed");
	return true;
}

const struct cmd grant_cmds[] = {
	{ "user grant", "let a user send as another address",
	    "A user may send as himself and as every alias, alias domain or "
	    "catch-all that delivers to him; this adds to it. @DOMAIN is "
	    "every address of a domain, which need not be ours. An address "
	    "that is ours must be there. The grant goes with the user, and "
	    "with the user, alias or domain that it names; renaming keeps "
	    "it. \"user show\" lists what was granted.",
	    "user grant bo@example.com --send-as office@example.com",
	    grant_arg, sizeof(struct grant_args), NULL, CMD_DB | CMD_WRITES,
	    NULL, NULL, run_grant },
	{ "user revoke", "take such a grant back",
	    "What the user may send as without a grant stays.",
	    "user revoke bo@example.com --send-as office@example.com",
	    revoke_arg, sizeof(struct grant_args), NULL,
	    CMD_DB | CMD_WRITES, NULL, NULL, run_revoke },
	{ 0 }
};
