/* Rotation: which step of a domain's keys is due, and doing it. */
#include "model/dkim/rotate.h"

#include <string.h>

#include "base/ascii.h"
#include "model/dkim/private.h"
#include "model/dkim/publish.h"

/* --- policy ---------------------------------------------------------- */

static bool
algorithm_set(struct dkim_policy *policy, const char *name, struct err *e)
{
	for (int i = 0; i < DKIM_ALGORITHMS; i++) {
		if (strcmp(dkim_algorithm_names[i], name) == 0) {
			policy->makes[i] = true;
			return true;
		}
	}
	err_set(e, ERR_INVALID, "dkim_algorithms in the settings: unknown "
	    "algorithm \"%.200s\"", name);
	return err_hint(e, "rsa, ed25519, or both, separated by spaces");
}

bool
dkim_policy_read(const struct settings *s, struct dkim_policy *policy,
    struct err *e)
{
	const char *p = s->dkim_algorithms != NULL ? s->dkim_algorithms : "";
	struct arena a = { 0 };
	bool ok = true, any = false;

	*policy = (struct dkim_policy){ .bits = s->dkim_bits,
	    .wait = s->dkim_wait, .retire = s->dkim_retire,
	    .max_age = s->dkim_max_age };
	for (p += strspn(p, BLANKS); ok && *p != '\0';
	    p += strspn(p, BLANKS)) {
		size_t len = strcspn(p, BLANKS);

		ok = algorithm_set(policy, arena_strndup(&a, p, len), e);
		any = true;
		p += len;
	}
	arena_clear(&a);
	return ok && (any || algorithm_set(policy, "", e));
}

/* --- what is due ----------------------------------------------------- */

/* The keys of a domain and an algorithm. */
struct keys {
	const struct dkim_row *pending;
	const struct dkim_row *active;
	const struct dkim_row *retiring;	/* the oldest */
};

struct judging {
	struct mail *m;
	struct dkim_rotation *rotation;
	const char *domain;
	bool named;
	int64_t now;
	struct dkim_tasks *tasks;
};

static void
task_add(struct judging *j, const struct dkim_task *task)
{
	struct dkim_tasks *t = j->tasks;

	t->task = arena_grown(j->m->arena, t->task, t->count,
	    sizeof(*t->task));
	t->task[t->count++] = *task;
}

static struct keys
keys_of(const struct db_rows *rows, enum dkim_algorithm algorithm)
{
	const struct dkim_row *row = rows->row;
	struct keys keys = { 0 };

	for (size_t i = 0; i < rows->count; i++, row++) {
		if (strcmp(row->algorithm,
		    dkim_algorithm_names[algorithm]) != 0)
			continue;
		if (dkim_is(row, "pending") && (keys.pending == NULL ||
		    row->created < keys.pending->created))
			keys.pending = row;
		else if (dkim_is(row, "active"))
			keys.active = row;
		else if (dkim_is(row, "retiring") && (keys.retiring == NULL ||
		    row->since < keys.retiring->since))
			keys.retiring = row;
	}
	return keys;
}

static bool
is_old(const struct judging *j, const struct dkim_row *active)
{
	int64_t most = j->rotation->policy->max_age;

	return active != NULL && most > 0 && j->now - active->since >= most;
}

static void
algorithm_judge(struct judging *j, const struct db_rows *rows,
    enum dkim_algorithm algorithm)
{
	const struct dkim_policy *policy = j->rotation->policy;
	struct keys keys = keys_of(rows, algorithm);
	struct dkim_task task = { .algorithm = algorithm,
	    .domain = j->domain };

	if (keys.retiring != NULL &&
	    j->now - keys.retiring->since >= policy->retire) {
		task.due = DKIM_DUE_RETIRE;
		task.row = *keys.retiring;
		task_add(j, &task);
	} else if (keys.pending != NULL) {
		task.due = DKIM_DUE_PUBLISH;
		task.row = *keys.pending;
		task_add(j, &task);
	} else if (keys.retiring == NULL && policy->makes[algorithm] &&
	    (j->named || is_old(j, keys.active))) {
		task.due = DKIM_DUE_ADD;
		task_add(j, &task);
	}
}

bool
dkim_domains(struct mail *m, struct words *domains, struct err *e)
{
	return db_texts(m->db, m->arena, SQL_DKIM_DOMAINS, NO_PARAMS, domains,
	    e);
}

bool
dkim_tasks_add(struct mail *m, struct dkim_rotation *rotation,
    const char *domain, bool named, struct dkim_tasks *tasks, struct err *e)
{
	struct judging j = { .m = m, .rotation = rotation, .domain = domain,
	    .named = named, .tasks = tasks };
	struct db_rows rows;

	if (!dkim_of(m, domain, &rows, e) ||
	    !db_number(m->db, SQL_NOW, NO_PARAMS, &j.now, e))
		return false;
	rotation->now = j.now;
	for (int i = 0; i < DKIM_ALGORITHMS; i++)
		algorithm_judge(&j, &rows, (enum dkim_algorithm)i);
	return true;
}

/* --- DNS ------------------------------------------------------------- */

/* False: nothing is due but to wait. */
static bool
pending_judge(const struct dkim_rotation *r, const struct dkim_look *look,
    struct dkim_task *task)
{
	int64_t seen = task->row.seen;

	task->why = look->why;
	if (look->state != DKIM_PUBLISHED)
		task->due = DKIM_DUE_PUBLISH;
	else if (r->policy->wait == 0 || (seen != FIELD_NULL &&
	    r->now - seen >= r->policy->wait))
		task->due = DKIM_DUE_ACTIVATE;
	else if (seen == FIELD_NULL)
		task->due = DKIM_DUE_SEE;
	else
		return false;
	return true;
}

/* The keys of the tasks that depend on DNS. */
static size_t
pending_rows(struct arena *a, const struct dkim_tasks *tasks,
    struct dkim_row **rows)
{
	size_t count = 0;

	*rows = arena_array(a, tasks->count, sizeof(**rows));
	for (size_t i = 0; i < tasks->count; i++) {
		if (tasks->task[i].due == DKIM_DUE_PUBLISH)
			(*rows)[count++] = tasks->task[i].row;
	}
	return count;
}

bool
dkim_tasks_look(struct mail *m, const struct dkim_rotation *rotation,
    struct dkim_tasks *tasks, struct err *e)
{
	struct dkim_row *rows;
	size_t count = pending_rows(m->arena, tasks, &rows), kept = 0;
	struct dkim_look *look = arena_array(m->arena, count, sizeof(*look));

	if (!dkim_look_up(rotation->dns, &(struct dkim_looks){ .key = rows,
	    .look = look, .count = count }, e))
		return false;
	for (size_t i = 0; i < tasks->count; i++) {
		struct dkim_task task = tasks->task[i];

		if (task.due != DKIM_DUE_PUBLISH ||
		    pending_judge(rotation, look++, &task))
			tasks->task[kept++] = task;
	}
	tasks->count = kept;
	return true;
}

/* --- doing it -------------------------------------------------------- */

static bool
add_new(struct mail *m, const struct dkim_task *task,
    const struct dkim_new *new, struct dkim_row *row, bool *done,
    struct err *e)
{
	const struct dkim_add add = { .domain = task->domain, .key = new };
	enum outcome outcome;

	if (dkim_add(m, &add, row, &outcome, e))
		return true;
	*done = e->code != ERR_EXISTS;
	if (*done)
		return false;
	err_clear(e);
	return true;
}

static bool
key_step(struct mail *m, const struct dkim_task *task, struct err *e)
{
	if (task->due == DKIM_DUE_RETIRE)
		return dkim_expire(m, &task->row, e);
	return dkim_see(m, &task->row, e) && (task->due == DKIM_DUE_SEE ||
	    dkim_activate(m, &task->row, e));
}

bool
dkim_task_do(struct mail *m, const struct dkim_task *task,
    const struct dkim_new *new, struct dkim_row *row, bool *done,
    struct err *e)
{
	*done = true;
	*row = task->row;
	if (task->due == DKIM_DUE_PUBLISH)
		return true;
	if (task->due == DKIM_DUE_ADD)
		return add_new(m, task, new, row, done, e);
	return dkim_lock_same(m, &task->row, done, e) && (!*done ||
	    (key_step(m, task, e) &&
	    dkim_find(m, task->domain, task->row.selector, row, e)));
}
