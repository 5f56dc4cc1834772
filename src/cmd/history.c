/* mailadm history and undo: who changed what, and reverting it. */
#include "model/history/history.h"

#include <string.h>
#include <time.h>

#include "base/sentence.h"
#include "base/size.h"
#include "base/time.h"
#include "cmd/run/list.h"
#include "model/mail/domain.h"
#include "model/history/undo.h"
#include "print/terminal.h"

/* Without --verbose an undo lists only this many rows. */
#define ROWS_SHOWN 50

/* A hint names the sessions of at most this many users. */
#define SESSIONS_SHOWN 5

/* --- history --------------------------------------------------------- */

struct history_args {
	const char *pattern;
	int64_t since;
	int64_t until;
	const char *actor;
	const char *kind;
	int64_t change;
	int64_t limit;
};

static const struct arg history_arg[] = {
	ARGUMENT("PATTERN", arg_pattern, history_args, pattern,
	    "only names that match: * and ?; a number is a change"),
	OPTION("--since", arg_time, history_args, since,
	    "not before TIME: a date, with a time of day (UTC), or how long "
	    "ago, like 2h or 7d"),
	OPTION("--until", arg_time, history_args, until, "not after TIME"),
	OPTION("--actor", arg_text, history_args, actor,
	    "only changes by this login name, or name@host; * and ? match"),
	OPTION("--kind", arg_kind, history_args, kind,
	    "only domain, user, alias, grant, key, or history (what was "
	    "pruned)"),
	OPTION("--change", arg_change, history_args, change,
	    "only this change"),
	OPTION("--limit", arg_count, history_args, limit,
	    "at most N rows"),
	{ 0 }
};

static int64_t
given(int64_t value, int64_t otherwise)
{
	return value == VALUE_UNSET ? otherwise : value;
}

/* A number is a change: no domain or address consists of digits alone. */
static bool
change_of(const struct history_args *a, struct history_filter *f,
    struct err *e)
{
	int64_t number;

	if (a->pattern == NULL || !number_parse(a->pattern, &number))
		return true;
	if (a->change != VALUE_UNSET)
		return err_set(e, ERR_USAGE, "%s and --change both name a "
		    "change: give only one", a->pattern);
	f->change = number;
	f->list.pattern = NULL;
	return true;
}

/* Was a change asked for, and nothing that may leave out its rows? */
static bool
is_only_change(const struct history_args *a, const struct history_filter *f)
{
	return f->change != FIELD_NULL && f->list.pattern == NULL &&
	    a->actor == NULL && a->kind == NULL && a->since == VALUE_UNSET &&
	    a->until == VALUE_UNSET;
}

static bool
run_history(struct session *s, const void *args, struct err *e)
{
	const struct history_args *a = args;
	struct history_filter f = {
		.list = { .pattern = a->pattern,
		    .limit = given(a->limit, 0) },
		.actor = a->actor,
		.kind = a->kind,
		.since = given(a->since, 0),
		.until = given(a->until, HISTORY_TIME_MAX),
		.change = given(a->change, FIELD_NULL),
	};
	struct printed printed = { s, 0 };

	if (!change_of(a, &f, e) ||
	    !out_begin(&s->out, history_fields, OUT_LIST, e) ||
	    !history_list(&s->mail, &f, print_counted, &printed, e) ||
	    !out_end(&s->out, e))
		return false;
	if (printed.rows > 0 || !is_only_change(a, &f))
		return true;
	err_set(e, ERR_NOT_FOUND, "no such change: %lld",
	    (long long)f.change);
	return err_hint(e, "mailadm history lists the changes");
}

/* --- undo ------------------------------------------------------------ */

struct undo_args {
	int64_t change;
	bool force;
	bool no_sync;
};

static const struct arg undo_arg[] = {
	ARGUMENT("CHANGE", arg_change, undo_args, change,
	    "its number, as history shows it; on a terminal the default is "
	    "the last one, and it asks"),
	FLAG("--force", undo_args, force,
	    "even where a later change touched the same rows, or where a rule "
	    "of the database refuses the old row"),
	NO_SYNC(undo_args),
	{ 0 }
};

/* The newest row of the history. */
struct newest {
	struct arena *arena;
	int64_t change;		/* FIELD_NULL: there is none */
	const char *text;
};

static bool
newest_take(void *arg, const void *row, struct err *e)
{
	const struct history *h = row;
	struct newest *n = arg;

	(void)e;
	n->change = h->change;
	n->text = arena_printf(n->arena, "undo change %lld by %s: %s %s %s",
	    (long long)h->change, h->actor != NULL ? h->actor : "somebody",
	    h->kind, h->name, h->action);
	return true;
}

/* A script says which change; whoever types may mean the last one. */
static bool
confirm_undo(struct session *s, void *args, const char **action,
    struct err *e)
{
	struct undo_args *a = args;
	struct newest newest = { &s->scratch, FIELD_NULL, NULL };
	struct history_filter f = { .list.limit = 1,
	    .until = HISTORY_TIME_MAX, .change = FIELD_NULL };

	if (a->change != VALUE_UNSET)
		return true;
	if (session_is_batch(s) || !terminal_here()) {
		err_set(e, ERR_USAGE, "missing argument: CHANGE");
		return err_hint(e, "mailadm history lists the changes");
	}
	if (!history_list(&s->mail, &f, newest_take, &newest, e))
		return false;
	if (newest.change == FIELD_NULL)
		return err_set(e, ERR_NOT_FOUND, "there is no change to undo");
	a->change = newest.change;
	*action = newest.text;
	return true;
}

/* What an undo did, as it is printed. */
struct doing {
	struct session *s;
	size_t rows;
	struct words users;	/* whose sessions may be open */
};

static bool
print_deed(void *arg, const void *row, struct err *e)
{
	struct doing *d = arg;
	const struct history *h = row;
	struct session *s = d->s;

	(void)e;
	if (d->rows++ < ROWS_SHOWN || s->out.style.verbose)
		out_done(&s->out, "%s %s %s%s%s", h->kind,
		    out_name(&s->out, &s->scratch, h->name), h->action,
		    h->summary ? ": " : "", h->summary ? h->summary : "");
	if (strcmp(h->kind, "user") == 0 && strcmp(h->action, "added") != 0 &&
	    d->users.count < SESSIONS_SHOWN)
		words_add(&s->scratch, &d->users,
		    arena_strdup(&s->scratch, h->name));
	return true;
}

static bool
run_undo(struct session *s, const void *args, struct err *e)
{
	const struct undo_args *a = args;
	struct doing d = { .s = s };
	struct undo_result result;

	if (!undo_change(&s->mail, a->change, a->force, &result, e))
		return false;
	if (!result.undone) {
		out_done(&s->out, "change %lld: nothing to undo",
		    (long long)a->change);
		return true;
	}
	if (!history_own(&s->mail, result.since, INT64_MAX, print_deed, &d, e))
		return false;
	if (d.rows > ROWS_SHOWN && !s->out.style.verbose)
		out_done(&s->out, "and %zu more rows", d.rows - ROWS_SHOWN);
	if (session_is_dry(s))
		out_done(&s->out, "change %lld undone",
		    (long long)a->change);
	else
		out_done(&s->out, "change %lld undone by change %lld",
		    (long long)a->change, (long long)result.id);
	for (size_t i = 0; i < d.users.count; i++)
		hint_sessions(s, d.users.word[i]);
	return true;
}

/* --- prune ----------------------------------------------------------- */

struct prune_args {
	int64_t older_than;
};

static const struct arg prune_arg[] = {
	OPTION("--older-than", arg_time, prune_args, older_than,
	    "delete what is older than TIME, like 90d; default: the setting "
	    "history_keep"),
	{ 0 }
};

/* The time before which changes are deleted; 0: everything is kept. */
static int64_t
prune_before(struct session *s, const struct prune_args *a)
{
	int64_t days = s->settings.history_keep;

	if (a->older_than != VALUE_UNSET || days == 0)
		return given(a->older_than, 0);
	return (int64_t)time(NULL) - days * 86400;
}

static bool
confirm_prune(struct session *s, void *args, const char **action,
    struct err *e)
{
	struct prune_args *a = args;
	int64_t before = prune_before(s, a), changes;
	char text[TIME_TEXT];

	/* The time that is asked about is the time that is used. */
	a->older_than = before;
	if (!history_old(&s->mail, before, &changes, e))
		return false;
	if (changes == 0)
		return true;
	time_format(text, before);
	*action = arena_printf(&s->scratch, "delete %s before %s from the "
	    "history, which can then not be undone", sentence_number(
	    &s->scratch, changes, "change", "changes"), text);
	return true;
}

static bool
run_prune(struct session *s, const void *args, struct err *e)
{
	const struct prune_args *a = args;
	char text[TIME_TEXT];
	int64_t changes;

	if (a->older_than == 0) {
		out_done(&s->out, "history unchanged: history_keep is 0, "
		    "which keeps everything");
		return true;
	}
	if (!history_prune(&s->mail, a->older_than, &changes, e))
		return false;
	time_format(text, a->older_than);
	if (changes == 0)
		out_done(&s->out, "history unchanged: no change is older than "
		    "%s", text);
	else
		out_done(&s->out, "history pruned: %s before %s",
		    sentence_number(&s->scratch, changes, "change", "changes"),
		    text);
	return true;
}

const struct cmd history_cmds[] = {
	{ .name = "history", .brief = "show who changed what, newest first",
	    .detail =
	    "Shows every change, also those that other programs made. A "
	    "change is one transaction of mailadm, or one SQL statement. Of a "
	    "new password only the fact is shown, never the hash. A renamed "
	    "user, alias or domain is found under both names.",
	    .example = "history 'anna@*' --since 7d",
	    ARGS(history_arg, history_args), .columns = history_fields,
	    .narrow = "change,at,actor,name,action,summary",
	    .flags = CMD_DB, .run = run_history },
	{ .name = "history prune",
	    .brief = "delete old changes from the history",
	    .detail =
	    "What is deleted can no longer be undone. Without a terminal it "
	    "needs --yes. The deletion is recorded in the history. Connects "
	    "with the option group [mailadm-admin] if it exists, because the "
	    "daily account may not delete history.",
	    .example = "history prune --older-than 90d",
	    ARGS(prune_arg, prune_args),
	    .flags = CMD_DB | CMD_WRITES | CMD_ADMIN | CMD_NOT_IN_BATCH,
	    .confirm = confirm_prune, .run = run_prune },
	{ .name = "undo", .brief = "revert a change",
	    .detail =
	    "What the change added is removed, what it removed is restored "
	    "with all columns, passwords included, and what it changed is as "
	    "before; only the modification time is that of the undo. Refused "
	    "(status 6) if a later change touched the same rows. An undo is "
	    "itself a change and can be undone. --dry-run shows what it would "
	    "do.",
	    .example = "undo 12 --dry-run",
	    ARGS(undo_arg, undo_args), .flags = CMD_DB | CMD_WRITES,
	    .confirm = confirm_undo, .run = run_undo },
	{ 0 }
};
