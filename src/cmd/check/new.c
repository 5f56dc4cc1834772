/*
 * --new: compares the problems of this run with those of the last one.
 */
#include "cmd/check/check.h"

#include <stdlib.h>
#include <string.h>

#include "file/home.h"
#include "model/findings.h"

/*
 * The state file has the problems of all rules.  A run may check only some:
 * by --rule, --domain or --ignore, or because the account cannot see the
 * hashes.  It leaves the others in the file unchanged, so it does not report
 * them as gone, and the next run does not report them as new.
 */

/* The same problem has the same rule, name and text. */
struct key {
	size_t place;		/* of the rule in its table */
	const struct rule *rule;	/* NULL: of another command, or newer */
	const struct check_seen *seen;
};

static bool
is_same_id(const struct rule *a, const struct rule *b)
{
	return strcmp(a->id, b->id) == 0;
}

/*
 * An id may have rows of several severities, one after the other.  Then the
 * name of a rule in the file is "N025 note": what one row has found is not
 * gone because another is checked.
 */
static const char *
row_name(struct arena *a, const struct rule *rules, const struct rule *row)
{
	bool several = (row > rules && is_same_id(row, row - 1)) ||
	    (row[1].id != NULL && is_same_id(row, row + 1));

	return several ? arena_printf(a, "%s %s", row->id,
	    severity_names[row->severity]) : row->id;
}

static const struct rule *
row_find(const struct rule *rules, const char *name)
{
	size_t len = strcspn(name, " ");
	const struct rule *first = rule_find(rules, name, len), *row = first;

	if (row == NULL || name[len] == '\0')
		return row;
	for (; row->id != NULL && is_same_id(row, first); row++) {
		if (strcmp(severity_names[row->severity], name + len + 1) == 0)
			return row;
	}
	return NULL;
}

static struct key
key_of(const struct rule *rules, const struct check_seen *seen)
{
	const struct rule *rule = row_find(rules, seen->rule);

	return (struct key){ rule != NULL ? (size_t)(rule - rules) :
	    SIZE_MAX, rule, seen };
}

static int
text_compare(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* The order of struct report. */
static int
key_compare(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int by;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	by = text_compare(x->seen->name, y->seen->name);
	return by != 0 ? by : text_compare(x->seen->text, y->seen->text);
}

static struct key *
keys_sorted(struct arena *a, const struct rule *rules,
    const struct check_seen *seen, size_t count)
{
	struct key *keys = arena_array(a, count, sizeof(*keys));

	for (size_t i = 0; i < count; i++)
		keys[i] = key_of(rules, &seen[i]);
	if (count > 0)
		qsort(keys, count, sizeof(*keys), key_compare);
	return keys;
}

static struct check_seen *
seen_of(struct arena *a, const struct rule *rules, const struct report *r)
{
	struct check_seen *seen = arena_array(a, r->count, sizeof(*seen));

	for (size_t i = 0; i < r->count; i++)
		seen[i] = (struct check_seen){ row_name(a, rules,
		    r->finding[i].of), r->finding[i].name,
		    r->finding[i].text };
	return seen;
}

/* NULL if this run did not check for it. */
static const struct rule_checked *
checked_about(const struct finding_filter *filter,
    const struct report *found, const struct key *key)
{
	for (size_t i = 0; key->rule != NULL && i < found->checked_count; i++) {
		if (found->checked[i].rule == key->rule &&
		    filter_passes(filter, key->rule, key->seen->name))
			return &found->checked[i];
	}
	return NULL;
}

static struct finding
gone(const struct rule_checked *checked, const struct check_seen *seen)
{
	return (struct finding){
		.rule = checked->rule->id,
		.severity = severity_names[checked->severity],
		.kind = checked->rule->kind,
		.name = seen->name,
		.text = seen->text,
		.change = "gone",
		.of = checked->rule,
	};
}

static int64_t *
found_of(struct report *r, const struct finding *f)
{
	int severity = 0;

	while (strcmp(severity_names[severity], f->severity) != 0)
		severity++;
	return &r->found[severity];
}

void
check_new_compare(struct check_new *n, struct arena *a,
    const struct finding_filter *filter, const struct report *found,
    struct report *changed)
{
	size_t room = found->count + n->state.count, i = 0, j = 0;
	struct finding *rows = arena_array(a, room, sizeof(*rows));
	struct check_seen *keep = arena_array(a, room, sizeof(*keep));
	const struct rule *rules = n->checker->rules;
	struct key *now = keys_sorted(a, rules, seen_of(a, rules,
	    found), found->count);
	struct key *before = keys_sorted(a, rules, n->state.seen,
	    n->state.count);

	*changed = (struct report){ .finding = rows };
	while (i < found->count || j < n->state.count) {
		int by = i == found->count ? 1 : j == n->state.count ? -1 :
		    key_compare(&now[i], &before[j]);
		const struct rule_checked *checked = by <= 0 ? NULL :
		    checked_about(filter, found, &before[j]);

		if (by < 0) {
			struct finding *f = &rows[changed->count++];

			*f = found->finding[i];
			f->change = "new";
			++*found_of(changed, f);
		} else if (checked != NULL) {
			rows[changed->count++] = gone(checked, before[j].seen);
		}
		if (checked == NULL)
			keep[n->keep_count++] = by <= 0 ? *now[i].seen :
			    *before[j].seen;
		i += by <= 0;
		j += by >= 0;
	}
	n->keep = keep;
}

bool
check_new_begin(struct check_new *n, struct session *s,
    const struct check_front *front, struct err *e)
{
	const struct checker *checker = front->outcome->checker;
	const char *path = front->state;

	*n = (struct check_new){ .checker = checker, .state = { .fd = -1 } };
	n->database = s->db_settings.daily.database ?
	    s->db_settings.daily.database : "";
	if (path == NULL && (path = home_state(&s->scratch,
	    checker->state)) != NULL)
		home_state_make(path);
	if (path == NULL) {
		err_set(e, ERR_USAGE, "no default file for --new: neither "
		    "XDG_STATE_HOME nor HOME is set");
		return err_hint(e, "name a file with --state FILE");
	}
	if (check_state_open(&n->state, &s->scratch, path, n->database,
	    s->settings.lock_timeout, e)) {
		if (n->state.damage != NULL)
			out_note(&s->out, "%s is damaged (%s): every problem "
			    "counts as new", path, n->state.damage);
		return true;
	}
	if (e->code == ERR_RETRY || e->code == ERR_REFUSED)
		return false;
	n->failed = *e;
	*e = (struct err){ 0 };
	return true;
}

bool
check_new_end(struct check_new *n, bool dry, struct err *e)
{
	if (n->failed.code != ERR_NONE) {
		*e = n->failed;
		n->failed = (struct err){ 0 };
		return false;
	}
	return dry || check_state_write(&n->state, n->database, n->keep,
	    n->keep_count, e);
}

void
check_new_close(struct check_new *n)
{
	err_clear(&n->failed);
	check_state_close(&n->state);
}
