/* mailadm user show and list. */
#include <string.h>

#include "base/ascii.h"
#include "base/size.h"
#include "cmd/run/list.h"
#include "model/mail/user.h"

static const struct arg show_arg[] = {
	NAME_ARGS("EMAIL", arg_user, "the user")
};

static bool
run_show(struct session *s, const void *args, struct err *e)
{
	const struct name_args *a = args;
	struct user_shown user;

	return user_show_all(&s->mail, a->name, &user, e) &&
	    show_print(s, user_shown_fields, &user, e);
}

/* "90%" or "90"; mail that came before the quota may be more than all. */
static bool
percent_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	size_t len = trimmed_length(word, strlen(word), "%");

	if (strlen(word) - len < 2 && number_parse(arena_strndup(a, word,
	    len), &v->number) && v->number >= 1 && v->number <= 1000)
		return true;
	return err_set(e, ERR_INVALID, "expected a percentage such as 90%%, "
	    "got \"%.60s\"", word);
}

static const struct arg_type arg_percent = {
	.metavar = "PERCENT", .parse = percent_value
};

static const struct arg list_arg[] = {
	LIST_PATTERN,
	LIST_DOMAIN,
	OPTION("--scheme", arg_scheme, list_args, scheme,
	    "only with this password scheme"),
	FLAG("--no-password", list_args, no_password,
	    "only users without a password"),
	OPTION("--unused-for", arg_time, list_args, unused_since,
	    "only users older than that who have not logged in since: 90d"),
	OPTION("--over-quota", arg_percent, list_args, over_quota,
	    "only users who use so much of their quota: 90%"),
	LIST_EXPIRING,
	LIST_ARGS
};

static bool
run_list(struct session *s, const void *args, struct err *e)
{
	static const struct list_source source = { .fields = user_used_fields,
	    .names = "users",
	    .each = user_list, .count = user_count, .addresses = true };

	list_expiring(s, args, "email,expires,active,name");
	return list_print(s, &source, args, e);
}

const struct cmd user_list_cmds[] = {
	{ .name = "user show", .brief = "show one user",
	    .detail =
	    "The hash is never shown. send_as is what was granted; used "
	    "(bytes of mail) and last_login are what Dovecot recorded.",
	    .example = "user show anna@example.com",
	    ARGS(show_arg, name_args), .columns = user_shown_fields,
	    .flags = CMD_DB, .run = run_show },
	{ .name = "user list", .brief = "list users",
	    .detail =
	    "used and last_login are what Dovecot recorded; these, expires "
	    "and the columns that begin with may_ are shown only when "
	    "--columns names them. --expiring and --expired show when.",
	    .example = "user list --domain example.com --columns email,quota",
	    ARGS(list_arg, list_args), .columns = user_used_fields,
	    .narrow = "email,active,used,quota,last_login,name",
	    .flags = CMD_DB, .run = run_list },
	{ 0 }
};
