/* mailadm plan and apply: the desired state in a file. */
#include "cmd/plan.h"

#include <string.h>

#include "base/shown.h"
#include "base/text.h"
#include "cmd/run/complaints.h"
#include "model/mail/domain.h"
#include "model/plan/apply.h"
#include "model/plan/file.h"

/* --- what both do ---------------------------------------------------- */

struct plan_args {
	struct words files;
	bool prune;
	int64_t max_removes;
	bool no_sync;		/* of apply only */
	const char *out;	/* of plan only, like the next */
	struct words route;
};

#define PLAN_ARGS							\
	ARGUMENT("FILE", arg_file, plan_args, files,			\
	    "a manifest, or JSON lines of export; - is standard input",	\
	    .flags = ARG_REQUIRED | ARG_REPEAT),			\
	FLAG("--prune", plan_args, prune,				\
	    "also remove users and aliases that no FILE names, in "	\
	    "the domains that a FILE names; likewise recipients and "	\
	    "blocks, where a FILE has that section"),			\
	OPTION("--max-removes", arg_count, plan_args, max_removes,	\
	    "the most that --prune may remove; default: a tenth of "	\
	    "these, at least 5")

static const struct arg plan_arg[] = {
	PLAN_ARGS,
	OPTION("--out", arg_written_file, plan_args, out,
	    "save the plan for apply, which then does exactly this or "
	    "nothing"),
	OPTION("--route", arg_route, plan_args, route,
	    "also show how delivery to this address would differ; several: "
	    "--route again", .flags = ARG_REPEAT),
	{ 0 }
};

static const struct arg apply_arg[] = {
	PLAN_ARGS,
	NO_SYNC(plan_args),
	{ 0 }
};

/*
 * In the shell this notices Ctrl-C: hashing takes long, and no statement runs.
 */
static bool
show_hashing(void *arg, size_t done, size_t all)
{
	struct plan_session *w = arg;

	progress_show(&w->progress, "passwords", (int64_t)done,
	    (double)done / (double)all);
	return !db_interrupted(w->session->db);
}

void
plan_session_init(struct session *s, struct plan_session *w)
{
	*w = (struct plan_session){
		.manifest = { .arena = &s->scratch },
		.plan = { .arena = &s->scratch,
		    .rounds = s->settings.rounds,
		    .password_length = s->settings.password_length,
		    .progress = show_hashing, .progress_arg = w },
		.session = s,
	};
}

void
plan_session_clear(struct plan_session *w)
{
	manifest_clear(&w->manifest);
	plan_clear(&w->plan);
}

static bool
manifests_read(const struct plan_args *a, struct plan_session *w, struct err *e)
{
	for (size_t i = 0; i < a->files.count; i++) {
		if (!manifest_read(&w->manifest, a->files.word[i], e))
			return false;
	}
	manifest_sort(&w->manifest);
	return true;
}

bool
plan_session_compare(struct plan_session *w,
    const struct plan_options *options, struct err *e)
{
	struct session *s = w->session;
	bool own = !db_in_transaction(s->db), ok;
	struct err database = { 0 };

	ok = (!own || db_snapshot(s->db, &database)) && plan_make(&s->mail,
	    &w->manifest, options, &w->plan, &database);
	if (own)
		db_rollback(s->db);
	/* The errors of the files are reported even if the database fails. */
	if (!complaints_none(s, &w->manifest, e) || ok) {
		err_clear(&database);
		return e->code == ERR_NONE;
	}
	*e = database;
	return false;
}

static bool
plan_session_make(struct session *s, const struct plan_args *a,
    struct plan_session *w, struct err *e)
{
	const struct plan_options options = {
		.prune = a->prune,
		.max_removes = a->max_removes == VALUE_UNSET ? FIELD_NULL :
		    a->max_removes,
	};

	plan_session_init(s, w);
	return manifests_read(a, w, e) && plan_session_compare(w, &options, e);
}

/* --- showing --------------------------------------------------------- */

struct plan_row {
	const char *action;
	const char *kind;
	const char *name;
	const char *attribute;
	const char *old;
	const char *new;
};

static const struct field plan_row_fields[] = {
	FIELD(struct plan_row, action, FIELD_TEXT),
	FIELD(struct plan_row, kind, FIELD_TEXT),
	FIELD(struct plan_row, name, FIELD_ADDRESS),
	FIELD(struct plan_row, attribute, FIELD_TEXT),
	FIELD(struct plan_row, old, FIELD_TEXT),
	FIELD(struct plan_row, new, FIELD_TEXT),
	{ 0 }
};

typedef bool (*each_row)(struct session *s, const struct plan_row *row,
    struct err *e);

/* Where a hash will come from, without showing it. */
static const char *
new_value(struct session *s, const struct plan_step *step,
    const struct attribute *attribute, bool people)
{
	const struct desired_user *user;

	if (attribute->type != ATTRIBUTE_HASH || !step->password)
		return plan_value(&s->scratch, attribute, step->new, people);
	user = desired_user(step->new);
	return user->generate ? "(generated)" : arena_printf(&s->scratch,
	    "(of %s)", desired_password_file(user));
}

/* Of a new user only denied rights are shown. */
static bool
is_shown(const struct plan_step *step, const struct attribute *attribute,
    unsigned n)
{
	if (attribute->type == ATTRIBUTE_FILE ||
	    attribute->type == ATTRIBUTE_GENERATE)
		return false;
	if (step->action == PLAN_CHANGE)
		return step->changes >> n & 1;
	if (attribute->type == ATTRIBUTE_RIGHT)
		return !*(const bool *)((const char *)step->new +
		    attribute->offset);
	return attribute->type == ATTRIBUTE_HASH ||
	    desired_has(step->new, UINT32_C(1) << n);
}

/* One row for each attribute; a row without one if nothing is to be shown. */
static bool
step_rows(struct session *s, const struct plan_step *step, each_row each,
    struct err *e)
{
	const struct attribute *a = manifest_attributes[step->kind];
	struct plan_row row = {
		.action = plan_action_names[step->action],
		.kind = manifest_kind_names[step->kind],
		.name = step->name,
	};
	bool any = false;

	for (unsigned n = 0; step->new != NULL && a[n].name != NULL; n++) {
		if (!is_shown(step, &a[n], n))
			continue;
		row.attribute = a[n].name;
		row.old = step->old ? plan_value(&s->scratch, &a[n],
		    step->old, false) : NULL;
		row.new = new_value(s, step, &a[n], false);
		if (step->action == PLAN_ADD && row.new == NULL)
			continue;
		any = true;
		if (!each(s, &row, e))
			return false;
	}
	row.attribute = row.old = row.new = NULL;
	return any || each(s, &row, e);
}

static bool
print_plan_row(struct session *s, const struct plan_row *row, struct err *e)
{
	return out_row(&s->out, row, e);
}

static bool
print_rows(struct session *s, const struct plan_session *w, struct err *e)
{
	bool ok = out_begin(&s->out, plan_row_fields, OUT_LIST, e);

	for (size_t i = 0; ok && i < w->plan.steps.count; i++)
		ok = step_rows(s, plan_at(&w->plan, i), print_plan_row, e);
	for (size_t i = 0; ok && i < w->routes; i++) {
		const struct plan_row row = { "route", "address",
		    w->route[i].address, "delivery", w->route[i].before,
		    w->route[i].after };

		ok = out_row(&s->out, &row, e);
	}
	return ok && out_end(&s->out, e);
}

static const char *const signs[] = { "+", "~", "-" };

static void
add_value(struct text *t, const char *value)
{
	value = value != NULL ? value : "none";
	shown_add(t, value, strlen(value));
}

/* "~ user anna@example.org", and a line for each attribute. */
static void
step_text(struct session *s, struct text *t, const struct plan_step *step)
{
	const struct attribute *a = manifest_attributes[step->kind];

	text_addf(t, "%s %s ", signs[step->action],
	    manifest_kind_names[step->kind]);
	add_value(t, out_name(&s->out, &s->scratch, step->name));
	for (unsigned n = 0; step->new != NULL && a[n].name != NULL; n++) {
		const char *new;

		if (!is_shown(step, &a[n], n))
			continue;
		new = new_value(s, step, &a[n], true);
		if (step->action == PLAN_ADD && new == NULL)
			continue;
		text_addf(t, "\n    %s: ", a[n].name);
		if (step->old != NULL) {
			add_value(t, plan_value(&s->scratch, &a[n],
			    step->old, true));
			text_add(t, " -> ");
		}
		add_value(t, new);
	}
	text_add_char(t, '\n');
}

static const char *
summary(struct session *s, const struct plan *plan)
{
	return arena_printf(&s->scratch, "Plan: %lld to add, %lld to change, "
	    "%lld to remove.", (long long)plan->number[PLAN_ADD],
	    (long long)plan->number[PLAN_CHANGE],
	    (long long)plan->number[PLAN_REMOVE]);
}

static void
route_text(struct text *t, const struct route_change *c)
{
	text_add(t, "= route ");
	add_value(t, c->address);
	text_add(t, "\n    delivery: ");
	add_value(t, c->before);
	if (strcmp(c->before, c->after) != 0) {
		text_add(t, " -> ");
		add_value(t, c->after);
	}
	text_add_char(t, '\n');
}

static bool
print_text(struct session *s, const struct plan_session *w, struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok;

	for (size_t i = 0; i < w->plan.steps.count; i++)
		step_text(s, &t, plan_at(&w->plan, i));
	for (size_t i = 0; i < w->routes; i++)
		route_text(&t, &w->route[i]);
	text_addf(&t, "%s\n", summary(s, &w->plan));
	ok = out_text(&s->out, t.buf, e);
	text_clear(&t);
	return ok;
}

static bool
print_plan(struct session *s, const struct plan_session *w, struct err *e)
{
	if (out_is_table(&s->out))
		return print_text(s, w, e);
	if (!print_rows(s, w, e))
		return false;
	out_done(&s->out, "%s", summary(s, &w->plan));
	return true;
}

/* --- plan ------------------------------------------------------------ */

bool
plan_session_save(struct plan_session *w, const char *path,
    struct err *e)
{
	struct session *s = w->session;
	bool ok;

	progress_begin(&w->progress, &s->out);
	ok = plan_hash_files(&w->plan, e);
	progress_end(&w->progress);
	if (!ok || !plan_save(&s->mail, &w->plan, path, e))
		return false;
	session_did(s, "the plan is saved in %s", path);
	out_done(&s->out, "saved; apply it with: mailadm apply %s", path);
	return true;
}

static bool
routes_follow(struct session *s, const struct plan_args *a,
    struct plan_session *w, struct err *e)
{
	w->routes = a->route.count;
	if (w->routes == 0)
		return true;
	if (db_in_transaction(s->db))
		return err_set(e, ERR_USAGE,
		    "--route is not possible inside a transaction");
	return plan_route(&s->mail, &w->manifest, &w->plan, &a->route,
	    &w->route, e);
}

static bool
run_plan(struct session *s, const void *args, struct err *e)
{
	const struct plan_args *a = args;
	struct plan_session w;
	bool ok;

	ok = plan_session_make(s, a, &w, e) && routes_follow(s, a, &w, e) &&
	    print_plan(s, &w, e) && out_flush(&s->out, e);
	if (ok) {
		plan_note(&s->mail, &w.plan);
		session_notes(s);
	}
	ok = ok && (a->out == NULL || plan_session_save(&w, a->out, e));
	if (ok && w.plan.steps.count > 0)
		ok = session_differs(s, "the database differs from the "
		    "manifest", e);
	plan_session_clear(&w);
	return ok;
}

/* --- apply ----------------------------------------------------------- */

void
plan_session_show(const struct plan_session *w)
{
	struct session *s = w->session;
	const struct plan *plan = &w->plan;

	for (size_t i = 0; i < plan->steps.count; i++) {
		struct text t = TEXT_INIT;

		step_text(s, &t, plan_at(plan, i));
		for (char *line = t.buf, *end; *line != '\0'; line = end + 1) {
			end = strchr(line, '\n');
			out_done(&s->out, "%.*s", (int)(end - line), line);
		}
		text_clear(&t);
	}
	out_done(&s->out, "%s", summary(s, plan));
}

/* The transaction, which may be repeated. */
struct doing {
	struct plan_session *session;
	const struct password_made *made;
	size_t count;
};

static bool
apply_unit(struct session *s, void *arg, struct err *e)
{
	const struct doing *d = arg;
	bool ok;

	ok = plan_apply(&s->mail, &d->session->manifest, &d->session->plan, e);
	if (!ok || d->count == 0)
		return ok;
	s->passwords_shown = true;
	ok = out_begin(&s->out, password_made_fields, OUT_LIST, e);
	for (size_t i = 0; ok && i < d->count; i++)
		ok = out_row(&s->out, &d->made[i], e);
	return ok && out_end(&s->out, e);
}

bool
plan_session_write(struct plan_session *w, struct err *e)
{
	struct session *s = w->session;
	struct doing d = { .session = w };
	bool ok;

	progress_begin(&w->progress, &s->out);
	ok = plan_hash(&w->plan, &d.made, &d.count, e);
	progress_end(&w->progress);
	return ok && session_write(s, apply_unit, &d, e);
}

static bool
plan_session_apply(struct plan_session *w, struct err *e)
{
	struct session *s = w->session;

	if (w->plan.steps.count == 0) {
		out_done(&s->out, "nothing to do");
		return true;
	}
	plan_session_show(w);
	if (!session_confirm(s, "apply this plan", e) ||
	    !plan_session_write(w, e))
		return false;
	out_done(&s->out, "applied");
	return true;
}

static bool
plan_session_load(struct session *s, const struct plan_args *a,
    struct plan_session *w, struct err *e)
{
	plan_session_init(s, w);
	if (a->files.count > 1 || a->prune || a->max_removes != VALUE_UNSET)
		return err_set(e, ERR_USAGE, "a saved plan cannot be combined "
		    "with other files, --prune or --max-removes");
	return plan_load(&s->mail, a->files.word[0], &w->manifest, &w->plan,
	    e);
}

static bool
run_apply(struct session *s, const void *args, struct err *e)
{
	const struct plan_args *a = args;
	struct plan_session w;
	bool ok;

	ok = (plan_file_is(a->files.word[0]) ? plan_session_load(s, a, &w, e) :
	    plan_session_make(s, a, &w, e)) && plan_session_apply(&w, e);
	plan_session_clear(&w);
	return ok;
}

const struct cmd plan_cmds[] = {
	{ .name = "plan", .brief = "show what applying a manifest would "
	    "change",
	    .detail =
	    "A manifest is YAML (or JSON) with maps \"domains\", \"users\", "
	    "\"aliases\", \"recipients\" (names of relay domains), "
	    "\"blocks\" and \"relays\" (ways out); the keys are names, the "
	    "values are named like the columns. What a manifest does not "
	    "mention is unchanged; \"absent: true\" removes an object. The "
	    "password of a way out is in no manifest: mailadm relay set NAME "
	    "--password-file FILE sets it. Status 0: nothing to do; 1: "
	    "there are changes. All errors in the files are reported "
	    "together.",
	    .example = "plan mail.yaml",
	    ARGS(plan_arg, plan_args), .columns = plan_row_fields,
	    .flags = CMD_DB, .run = run_plan },
	{ .name = "apply",
	    .brief = "change the database to match a manifest",
	    .detail =
	    "Shows the plan and asks; without a terminal it needs --yes. All "
	    "of it is one transaction and one change, which undo can revert. "
	    "Applying it again changes nothing. Passwords made by \"generate: "
	    "true\" are printed once.",
	    .example = "apply --yes mail.yaml",
	    ARGS(apply_arg, plan_args), .columns = password_made_fields,
	    .flags = CMD_DB, .run = run_apply },
	{ 0 }
};
