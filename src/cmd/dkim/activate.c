/* mailadm dkim activate and rotate: keys begin to sign when DNS is ready. */
#include <string.h>

#include "base/sentence.h"
#include "cmd/dkim/dkim.h"
#include "model/dkim/publish.h"
#include "model/mail/domain.h"

static void
note_silent(struct session *s, const struct dkim_look *look)
{
	if (look->state != DKIM_UNKNOWN && look->silent.count > 0)
		out_note(&s->out, "no answer from %s", sentence_list(
		    &s->scratch, &look->silent));
}

/* --- activate -------------------------------------------------------- */

struct activate_args {
	const char *domain;
	const char *selector;
	bool force;
	bool no_sync;
};

static const struct arg activate_arg[] = {
	ARGUMENT("DOMAIN", arg_domain, activate_args, domain, "the domain",
	    .flags = ARG_REQUIRED),
	ARGUMENT("SELECTOR", arg_selector_used, activate_args, selector,
	    "only this key; default: all that are pending"),
	FLAG("--force", activate_args, force,
	    "without asking DNS for the record"),
	NO_SYNC(activate_args),
	{ 0 }
};

/* The keys that are to sign. */
struct activation {
	struct dkim_row *row;
	size_t count;
	size_t missing;		/* whose record is not in DNS */
	const char *why;	/* of the first that could not be asked */
};

/* A retiring key may sign again: its record is published still. */
static bool
named_choose(struct session *s, const struct activate_args *args,
    struct activation *a, struct err *e)
{
	struct dkim_row *row = arena_alloc(&s->scratch, sizeof(*row));

	if (!dkim_find(&s->mail, args->domain, args->selector, row, e))
		return false;
	if (strcmp(row->state, "retired") == 0)
		return err_set(e, ERR_REFUSED, "the DKIM key %s is retired: "
		    "its private half was deleted", dkim_key_name(s, row));
	if (strcmp(row->state, "active") == 0)
		outcome_print(s, OUTCOME_UNCHANGED, "DKIM key",
		    dkim_key_name(s, row), "");
	else
		*a = (struct activation){ .row = row, .count = 1 };
	return true;
}

static bool
pending_choose(struct session *s, const struct activate_args *args,
    struct activation *a, struct err *e)
{
	const struct dkim_row *row;
	struct db_rows rows;
	size_t active = 0;

	if (!dkim_of(&s->mail, args->domain, &rows, e))
		return false;
	row = rows.row;
	a->row = arena_array(&s->scratch, rows.count, sizeof(*a->row));
	for (size_t i = 0; i < rows.count; i++) {
		active += strcmp(row[i].state, "active") == 0;
		if (strcmp(row[i].state, "pending") == 0)
			a->row[a->count++] = row[i];
	}
	if (a->count > 0)
		return true;
	if (active > 0) {
		out_done(&s->out, "%s has no pending DKIM key: unchanged",
		    args->domain);
		return true;
	}
	err_set(e, ERR_NOT_FOUND, "%s has no pending DKIM key", args->domain);
	return err_hint(e, "mailadm dkim add %s", args->domain);
}

static bool
look_up(struct session *s, struct activation *a, struct err *e)
{
	struct dns dns = dkim_dns(s);
	struct dkim_look *look = arena_array(&s->scratch, a->count,
	    sizeof(*look));

	if (!dkim_look_up(&dns, &(struct dkim_looks){ .key = a->row,
	    .look = look, .count = a->count }, e))
		return false;
	for (size_t i = 0; i < a->count && a->why == NULL; i++) {
		note_silent(s, &look[i]);
		if (look[i].state == DKIM_UNKNOWN)
			a->why = look[i].why;
		if (look[i].state == DKIM_NOT_PUBLISHED)
			out_note(&s->out, "DKIM key %s: %s",
			    dkim_key_name(s, &a->row[i]), look[i].why);
		a->missing += look[i].state != DKIM_PUBLISHED;
	}
	return true;
}

/* All that are to be published, as "dkim add" prints them. */
static bool
records_print(struct session *s, const struct activation *a, struct err *e)
{
	if (!out_begin(&s->out, dkim_record_fields, OUT_LIST, e))
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!dkim_record_print(s, &a->row[i], e))
			return false;
	}
	return out_end(&s->out, e);
}

static bool
activate_unit(struct session *s, void *arg, struct err *e)
{
	const struct activation *a = arg;

	for (size_t i = 0; i < a->count; i++) {
		if (!dkim_activate(&s->mail, &a->row[i], e))
			return false;
		outcome_print(s, OUTCOME_CHANGED, "DKIM key",
		    dkim_key_name(s, &a->row[i]), "activated");
	}
	return true;
}

/* That DNS has it is not known where nobody asked. */
static bool
seen_unit(struct session *s, void *arg, struct err *e)
{
	const struct activation *a = arg;

	for (size_t i = 0; i < a->count; i++) {
		if (!dkim_see(&s->mail, &a->row[i], e))
			return false;
	}
	return activate_unit(s, arg, e);
}

static bool
run_activate(struct session *s, const void *args, struct err *e)
{
	const struct activate_args *given = args;
	struct activation a = { 0 };

	if (!(given->selector != NULL ? named_choose(s, given, &a, e) :
	    pending_choose(s, given, &a, e)) || a.count == 0)
		return e->code == ERR_NONE;
	if (given->force)
		return session_write(s, activate_unit, &a, e);
	if (!look_up(s, &a, e))
		return false;
	if (a.why != NULL) {
		err_set(e, ERR_RETRY, "DNS could not be asked: %s", a.why);
		return err_hint(e, "--force activates without asking");
	}
	if (a.missing == 0)
		return session_write(s, seen_unit, &a, e);
	return records_print(s, &a, e) && session_differs(s,
	    "the record of a key is not in DNS yet", e);
}

/* --- rotate ---------------------------------------------------------- */

struct rotate_args {
	struct words domains;
	bool due;
	bool no_sync;
};

static const struct arg rotate_arg[] = {
	ARGUMENT("DOMAIN", arg_domain, rotate_args, domains,
	    "one domain or several", .flags = ARG_REPEAT),
	FLAG("--due", rotate_args, due,
	    "all domains that have keys; a new key only where one is old"),
	NO_SYNC(rotate_args),
	{ 0 }
};

struct rotating {
	struct dkim_tasks tasks;
	struct dkim_new *new;	/* one for each task that needs it */
	size_t waiting;
};

static bool
tasks_find(struct session *s, const struct rotate_args *args,
    const struct dkim_policy *policy, struct rotating *r, struct err *e)
{
	struct dns dns = dkim_dns(s);
	struct dkim_rotation rotation = { .policy = policy, .dns = &dns };
	struct words all;

	if (args->domains.count == 0 && !dkim_domains(&s->mail, &all, e))
		return false;
	if (args->domains.count > 0)
		all = args->domains;
	for (size_t i = 0; i < all.count; i++) {
		if (!dkim_tasks_add(&s->mail, &rotation, all.word[i],
		    args->domains.count > 0, &r->tasks, e))
			return false;
	}
	return dkim_tasks_look(&s->mail, &rotation, &r->tasks, e);
}

static bool
keys_make(struct session *s, const struct dkim_policy *policy,
    struct rotating *r, struct err *e)
{
	struct dkim_secret secret = { 0 };
	struct dkim_tasks *t = &r->tasks;

	r->new = arena_array(&s->scratch, t->count, sizeof(*r->new));
	for (size_t i = 0; i < t->count; i++) {
		if (t->task[i].due != DKIM_DUE_ADD)
			continue;
		if (secret.text == NULL &&
		    !dkim_secret_get(s, &s->scratch, &secret, e))
			return false;
		if (!dkim_new_make(&s->scratch, t->task[i].algorithm,
		    policy->bits, &secret, &r->new[i], e))
			return false;
	}
	return true;
}

static const char *const done_words[] = {
	[DKIM_DUE_ADD] = "added",
	[DKIM_DUE_SEE] = "seen in DNS",
	[DKIM_DUE_ACTIVATE] = "activated",
	[DKIM_DUE_RETIRE] = "retired",
	[DKIM_DUE_PUBLISH] = "waits for DNS",
};

static bool
task_run(struct session *s, const struct rotating *r, size_t i,
    struct err *e)
{
	const struct dkim_task *task = &r->tasks.task[i];
	struct dkim_row row;
	bool done;

	if (!dkim_task_do(&s->mail, task, &r->new[i], &row, &done, e))
		return false;
	if (!done)
		return true;
	if (task->due == DKIM_DUE_PUBLISH)
		out_note(&s->out, "DKIM key %s waits for DNS: %s",
		    dkim_key_name(s, &row), task->why);
	else
		outcome_print(s, OUTCOME_CHANGED, "DKIM key",
		    dkim_key_name(s, &row), done_words[task->due]);
	/* What is to be done in DNS. */
	return task->due == DKIM_DUE_SEE || task->due == DKIM_DUE_ACTIVATE ||
	    dkim_record_print(s, &row, e);
}

static bool
rotate_unit(struct session *s, void *arg, struct err *e)
{
	const struct rotating *r = arg;

	if (!out_begin(&s->out, dkim_record_fields, OUT_LIST, e))
		return false;
	for (size_t i = 0; i < r->tasks.count; i++) {
		if (!task_run(s, r, i, e))
			return false;
	}
	return out_end(&s->out, e);
}

static bool
run_rotate(struct session *s, const void *args, struct err *e)
{
	const struct rotate_args *given = args;
	struct rotating r = { 0 };
	struct dkim_policy policy;

	if (given->due && given->domains.count > 0)
		return err_set(e, ERR_USAGE, "--due takes all domains: name "
		    "none");
	if (!dkim_policy_read(&s->settings, &policy, e) ||
	    !tasks_find(s, given, &policy, &r, e) ||
	    !keys_make(s, &policy, &r, e) ||
	    !session_write(s, rotate_unit, &r, e))
		return false;
	if (r.tasks.count == 0)
		out_done(&s->out, "no step is due");
	for (size_t i = 0; i < r.tasks.count; i++)
		r.waiting += r.tasks.task[i].due == DKIM_DUE_PUBLISH;
	return r.waiting == 0 || session_differs(s,
	    "the record of a key is not in DNS yet", e);
}

const struct cmd dkim_activate_cmds[] = {
	{ .name = "dkim activate", .brief = "let a key sign",
	    .detail =
	    "Asks every name server of the domain for the record of the key. "
	    "If all have it, the key signs from now on, and the key of the "
	    "same algorithm that signed before is retiring. Otherwise nothing "
	    "is changed: the record is printed, and the status is 1, or 8 if "
	    "DNS could not be asked. A key that is retiring can be activated "
	    "again by its name.",
	    .example = "dkim activate example.com --force",
	    ARGS(activate_arg, activate_args), .columns = dkim_record_fields,
	    .flags = CMD_DB, .run = run_activate },
	{ .name = "dkim rotate", .brief = "replace keys, step by step",
	    .detail =
	    "Does the step that is due for each domain, so that it can run "
	    "from a timer: adds a key when the active one is older than the "
	    "setting dkim_max_age, or when the domain is named; lets it sign "
	    "when its record has been in DNS for dkim_wait; retires the old "
	    "one after dkim_retire, which deletes its private half. Prints "
	    "the records that DNS needs, or needs no more. Status 1: a key "
	    "waits until its record is published.",
	    .example = "dkim rotate --due",
	    ARGS(rotate_arg, rotate_args), .columns = dkim_record_fields,
	    .flags = CMD_DB, .run = run_rotate },
	{ 0 }
};
