/* Printing what checkers found, for people and scripts. */
#include "base/sentence.h"
#include "cmd/check/check.h"

static bool
print_findings(struct session *s, const struct field *fields,
    const struct report *r, struct err *e)
{
	if (!out_begin(&s->out, fields, OUT_LIST, e))
		return false;
	for (size_t i = 0; i < r->count; i++) {
		if (!out_row(&s->out, &r->finding[i], e))
			return false;
	}
	for (size_t i = 0; i < r->fine_count; i++) {
		if (!out_row(&s->out, &r->fine[i], e))
			return false;
	}
	return out_end(&s->out, e);
}

void
check_print_unchecked(struct session *s, const struct report *r)
{
	if (r->unchecked.count > 0 && !s->out.style.quiet)
		out_note(&s->out, "not checked: %s (%s)",
		    sentence_list(&s->scratch, &r->unchecked),
		    r->unchecked_why);
}

bool
check_print_found(struct session *s, const struct report *r,
    const char *kind, struct err *e)
{
	struct text t = TEXT_INIT;
	int64_t found = 0;

	for (int i = SEVERITIES - 1; i >= 0; i--) {
		const char *one = arena_printf(&s->scratch, "%s%s", kind,
		    severity_names[i]);
		int64_t hidden = r->means != NULL ? r->hidden[i] : 0;

		found += r->found[i];
		if (r->found[i] + hidden > 0)
			text_addf(&t, "%s%s", t.len > 0 ? ", " : "",
			    sentence_number(&s->scratch, r->found[i] + hidden,
				one, arena_printf(&s->scratch, "%ss", one)));
	}
	if (found > 0 && r->means != NULL)
		err_set(e, ERR_DIFFERS, "%s: %s", t.buf, r->means);
	else if (found > 0)
		err_set(e, ERR_DIFFERS, "found %s", t.buf);
	text_clear(&t);
	return e->code == ERR_NONE;
}

bool
check_print(struct session *s, const struct checker *checker,
    const struct report *r, struct err *e)
{
	bool people = checker->print != NULL && out_is_table(&s->out) &&
	    s->out.style.columns == NULL;

	if (r->count + r->fine_count > 0)
		return (people ? checker->print(s, r, e) : print_findings(s,
		    checker->fields, r, e)) && out_flush(&s->out, e);
	/* Silent for cron; on a terminal people want to know. */
	if (checker->print == NULL && s->out.terminal)
		out_done(&s->out, "no problems found");
	else
		out_verbose(&s->out, "nothing found");
	return true;
}

bool
check_print_rules(struct session *s, const struct rule *rules,
    struct err *e)
{
	if (!out_begin(&s->out, rule_fields, OUT_LIST, e))
		return false;
	for (const struct rule *r = rules; r->id != NULL; r++) {
		const struct rule_row row = { r->id,
		    severity_names[r->severity], r->kind, r->title,
		    r->advice, r->fix };

		if (!out_row(&s->out, &row, e))
			return false;
	}
	return out_end(&s->out, e);
}
