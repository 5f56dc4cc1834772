/* What all checkers take, how they run, and how they end. */
#include <string.h>
#include <unistd.h>

#include "cmd/check/check.h"
#include "model/dkim/secret.h"
#include "model/dnscheck/dnscheck.h"
#include "model/verify/verify.h"

/* The textfile collector ignores files with any other name. */
static bool
prom_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	size_t len = strlen(word);

	if (len <= 5 || strcmp(word + len - 5, ".prom") != 0 ||
	    word[len - 6] == '/') {
		err_set(e, ERR_USAGE, "the name of FILE must end in .prom: %s",
		    word);
		return err_hint(e, "the textfile collector reads only such "
		    "files");
	}
	v->text = arena_strdup(a, word);
	return true;
}

const struct arg_type arg_prom = {
	.metavar = "FILE", .parse = prom_value, .complete = COMPLETE_FILE
};

bool
check_front_begin(struct session *s, struct arena *a,
    struct check_front *front, const struct checker *checker,
    struct err *e)
{
	if (front->nagios && front->changes)
		return err_set(e, ERR_USAGE, "--nagios cannot be combined "
		    "with --new");
	if (front->state != NULL && !front->changes)
		return err_set(e, ERR_USAGE, "--state needs --new");
	if (front->nagios && (s->options.output != NULL ||
	    s->options.columns != NULL))
		return err_set(e, ERR_USAGE, "--nagios cannot be combined "
		    "with --output or --columns");
	front->outcome = arena_alloc(a, sizeof(*front->outcome));
	*front->outcome = (struct check_outcome){ .checker = checker };
	return true;
}

/* --- the filter and the keys ----------------------------------------- */

/* The setting is shared by all checkers: a rule of any is known. */
static bool
ignore_known(const char *word, struct err *e)
{
	struct err other = { 0 };
	bool known = verify_rule_known(word, &other);

	err_clear(&other);
	known = known || dnscheck_rule_known(word, &other);
	err_clear(&other);
	return known || check_rule_known(word, e);
}

static bool
ignored(struct session *s, const char *text, const struct words *given,
    struct words *ignore, struct err *e)
{
	if (text != NULL && !words_split(&s->scratch, text, strlen(text),
	    ignore, e))
		return err_wrap(e, "check_ignore");
	for (size_t i = 0; i < ignore->count; i++) {
		if (!ignore_known(ignore->word[i], e))
			return err_wrap(e, "check_ignore");
	}
	for (size_t i = 0; i < given->count; i++)
		words_add(&s->scratch, ignore, given->word[i]);
	return true;
}

bool
check_front_filter(struct session *s, const struct check_front *front,
    const char *setting, struct finding_filter *filter, struct err *e)
{
	filter->severity = front->severity == VALUE_UNSET ? SEVERITY_WARNING :
	    (enum severity)front->severity;
	filter->rules = front->rules;
	return ignored(s, setting, &front->ignore, &filter->ignore, e);
}

struct check_keys
check_front_keys(struct session *s)
{
	const struct settings *set = &s->settings;
	const char *path = session_dkim_secret(s);
	struct check_keys keys = {
		.signs = strcmp(set->filter, "none") != 0,
		.wait = set->dkim_wait,
		.max_age = set->dkim_max_age,
	};
	struct dkim_secret secret;
	struct err e = { 0 };

	if (dkim_secret_read(&s->scratch, path, &secret, &e))
		keys.secret_id = arena_strdup(&s->scratch, secret.id);
	else if (keys.signs || access(path, F_OK) == 0)
		keys.secret_why = arena_strdup(&s->scratch, e.text);
	err_clear(&e);
	return keys;
}

/* --- the run and its end --------------------------------------------- */

void
check_front_finished(struct session *s, const struct check_front *front)
{
	front->outcome->finished = true;
	if (!front->nagios)
		check_print_unchecked(s, &front->outcome->result.report);
}

static bool
run_all(struct session *s, const struct check_front *front,
    bool (*find)(void *arg, struct err *e), void *arg, struct err *e)
{
	const struct report *report = &front->outcome->result.report;

	return find(arg, e) && (front->nagios || (check_print(s,
	    front->outcome->checker, report, e) &&
	    check_print_found(s, report, "", e)));
}

/*
 * The state is written last: what was not printed is new the next time, too.
 */
static bool
run_new(struct session *s, const struct check_front *front,
    const struct finding_filter *filter,
    bool (*find)(void *arg, struct err *e), void *arg, struct err *e)
{
	struct report changed;
	struct check_new n;
	bool ok = check_new_begin(&n, s, front, e) && find(arg, e);

	if (ok) {
		check_new_compare(&n, &s->scratch, filter,
		    &front->outcome->result.report, &changed);
		ok = check_print(s, n.checker, &changed, e) &&
		    check_new_end(&n, session_is_dry(s), e) &&
		    check_print_found(s, &changed, "new ", e);
	}
	check_new_close(&n);
	return ok;
}

bool
check_front_run(struct session *s, const struct check_front *front,
    const struct finding_filter *filter,
    bool (*find)(void *arg, struct err *e), void *arg, struct err *e)
{
	return front->changes ? run_new(s, front, filter, find, arg, e) :
	    run_all(s, front, find, arg, e);
}

/*
 * Also reports what was found, or why the check failed, when the file cannot
 * be written.
 */
static void
numbers_write(struct session *s, const struct check_front *front,
    const struct checker *checker, struct err *e)
{
	struct err failed = { 0 };

	if (front->prometheus == NULL || e->code == ERR_USAGE ||
	    session_is_dry(s) || check_prometheus(s, front->prometheus,
	    checker, front->outcome, &failed))
		return;
	if (e->code != ERR_NONE)
		out_error(&s->out, e);
	err_clear(e);
	*e = failed;
}

void
check_front_conclude(struct session *s, const struct check_front *front,
    const struct checker *checker, struct err *e)
{
	numbers_write(s, front, checker, e);
	if (front->nagios)
		check_nagios(s, front->outcome, e);
}
