/* Printing what checkers found, for people and scripts. */
#include "base/sentence.h"
#include "cmd/check/check.h"

static bool
print_findings(struct session *s, const struct report *r,
    struct err *e)
{
	if (!out_begin(&s->out, finding_fields, OUT_LIST, e))
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

	for (int i = SEVERITIES - 1; i >= 0; i--) {
		const char *one = arena_printf(&s->scratch, "%s%s", kind,
		    severity_names[i]);

		if (r->found[i] > 0)
			text_addf(&t, "%s%s", t.len > 0 ? ", " : "",
			    sentence_number(&s->scratch, r->found[i], one,
				arena_printf(&s->scratch, "%ss", one)));
	}
	if (t.len > 0)
		err_set(e, ERR_DIFFERS, "found %s", t.buf);
	text_clear(&t);
	return e->code == ERR_NONE;
}

bool
check_print(struct session *s, const struct report *r, struct err *e)
{
	if (r->count + r->fine_count > 0)
		return print_findings(s, r, e) && out_flush(&s->out, e);
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
