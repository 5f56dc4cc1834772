/* config verify for people: what was found, and the page of a rule. */
#include <string.h>

#include "cmd/config/config.h"
#include "cmd/help/doc.h"
#include "model/verify/verify.h"

/* Of what does not fit a line. */
#define INDENT 6

/* --- what was found --------------------------------------------------- */

static const char *
heading(struct session *s, const struct finding *f)
{
	const char *many = f->level == SEVERITY_ERROR ? "errors" :
	    f->level == SEVERITY_WARNING ? "warnings" : "notes";

	return f->file == NULL ? arena_printf(&s->scratch, "%s:", many) :
	    arena_printf(&s->scratch, "%s in %s:", many, f->file);
}

static bool
is_same_group(const struct finding *a, const struct finding *b)
{
	return a->level == b->level && text_same(a->file, b->file);
}

static void
finding_add(struct session *s, struct text *t,
    const struct finding *f)
{
	const char *begin = f->line == FIELD_NULL ? arena_printf(&s->scratch,
	    "  %s ", f->rule) : arena_printf(&s->scratch,
	    "  %s line %lld: ", f->rule, (long long)f->line);

	doc_shown(t, INDENT, begin, f->change == NULL ? f->text :
	    arena_printf(&s->scratch, "%s: %s", f->change, f->text));
	if (f->advice != NULL)
		doc_shown(t, INDENT, "      -> ", f->advice);
}

bool
config_report_print(struct session *s, const struct report *r,
    struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < r->count; i++) {
		const struct finding *f = &r->finding[i];

		text_cut(&t, 0);
		if (i == 0 || !is_same_group(f, f - 1)) {
			if (i > 0)
				text_add_char(&t, '\n');
			doc_shown(&t, INDENT, "", heading(s, f));
		}
		finding_add(s, &t, f);
		ok = out_piece(&s->out, t.buf, t.len, e);
	}
	text_clear(&t);
	return ok;
}

/* --- the page of a rule ------------------------------------------------ */

struct page {
	const char *rule;
	const char *severity;
	const char *kind;
	const char *what;
	const char *why;
	const char *check;
	const char *fix;
	const char *elsewhere;
};

static const struct field page_fields[] = {
	FIELD(struct page, rule, FIELD_TEXT),
	FIELD(struct page, severity, FIELD_TEXT),
	FIELD(struct page, kind, FIELD_TEXT),
	FIELD(struct page, what, FIELD_TEXT),
	FIELD(struct page, why, FIELD_TEXT),
	FIELD(struct page, check, FIELD_TEXT),
	FIELD(struct page, fix, FIELD_TEXT),
	FIELD(struct page, elsewhere, FIELD_TEXT),
	{ 0 }
};

static void
paragraph(struct text *t, const char *name, const char *words)
{
	if (words == NULL)
		return;
	text_addf(t, "\n%s\n", name);
	doc_shown(t, INDENT, "      ", words);
}

static bool
page_print(struct session *s, const struct page *page, struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok;

	text_addf(&t, "%s (%s)\n", page->rule, page->severity);
	paragraph(&t, "WHAT", page->what);
	paragraph(&t, "WHY", page->why);
	paragraph(&t, "BY HAND", page->check);
	paragraph(&t, "FIX", page->fix);
	paragraph(&t, "FIX where mailadm did not set up the server",
	    page->elsewhere);
	ok = out_text(&s->out, t.buf, e);
	text_clear(&t);
	return ok;
}

bool
config_rule_explain(struct session *s, const char *id, struct err *e)
{
	const struct rule *r = rule_find(verify_rules, id, strlen(id));
	const struct verify_page *p;
	struct page page;

	if (r == NULL)
		return verify_rule_known(id, e);
	p = &verify_pages[r - verify_rules];
	page = (struct page){ r->id, severity_names[r->severity], r->kind,
	    r->title, p->why, p->hand, r->advice, p->elsewhere };
	if (s->options.output == NULL || out_is_table(&s->out))
		return page_print(s, &page, e);
	return out_begin(&s->out, page_fields, OUT_SHOW, e) &&
	    out_row(&s->out, &page, e) && out_end(&s->out, e);
}
