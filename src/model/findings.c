/* What checkers find, sorted and counted. */
#include "model/findings.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

const struct field finding_fields[] = {
	FIELD(struct finding, rule, FIELD_TEXT),
	FIELD(struct finding, severity, FIELD_TEXT),
	FIELD(struct finding, kind, FIELD_TEXT),
	FIELD(struct finding, name, FIELD_ADDRESS),
	FIELD(struct finding, text, FIELD_TEXT),
	FIELD(struct finding, advice, FIELD_TEXT),
	FIELD(struct finding, change, FIELD_TEXT),
	{ 0 }
};

const struct field finding_place_fields[] = {
	FIELD(struct finding, rule, FIELD_TEXT),
	FIELD(struct finding, severity, FIELD_TEXT),
	FIELD(struct finding, kind, FIELD_TEXT),
	FIELD(struct finding, name, FIELD_ADDRESS),
	FIELD(struct finding, text, FIELD_TEXT),
	FIELD(struct finding, advice, FIELD_TEXT),
	FIELD(struct finding, change, FIELD_TEXT),
	FIELD(struct finding, file, FIELD_TEXT),
	FIELD(struct finding, line, FIELD_NUMBER),
	FIELD(struct finding, setting, FIELD_TEXT),
	FIELD(struct finding, value, FIELD_TEXT),
	{ 0 }
};

/* --- the filter ------------------------------------------------------ */

static bool
is_named(const struct words *ids, const struct rule *rule)
{
	for (size_t i = 0; i < ids->count; i++) {
		if (strcasecmp(ids->word[i], rule->id) == 0)
			return true;
	}
	return false;
}

/* A rule that is asked for by its id is shown whatever its severity. */
static bool
is_chosen(const struct findings *f, size_t rule)
{
	const struct finding_filter *o = f->filter;
	const struct rule *r = &f->rules[rule];

	if (is_named(&o->ignore, r))
		return false;
	if (o->rules.count > 0)
		return is_named(&o->rules, r);
	return f->severity[rule] >= o->severity;
}

static bool
is_ignored(const struct words *ignore, const struct rule *rule,
    const char *name)
{
	size_t len = strlen(rule->id);

	for (size_t i = 0; i < ignore->count; i++) {
		const char *word = ignore->word[i];

		if (strncasecmp(word, rule->id, len) == 0 &&
		    word[len] == ':' && fnmatch(word + len + 1, name,
			FNM_CASEFOLD) == 0)
			return true;
	}
	return false;
}

static bool
in_domains(const struct words *domains, const char *name)
{
	const char *at = strrchr(name, '@');
	const char *domain = at != NULL ? at + 1 : name;

	for (size_t i = 0; i < domains->count; i++) {
		if (strcasecmp(domains->word[i], domain) == 0)
			return true;
	}
	return domains->count == 0;
}

bool
filter_passes(const struct finding_filter *filter, const struct rule *rule,
    const char *name)
{
	const char *subject = name != NULL ? name : "";

	return in_domains(&filter->domains, subject) &&
	    !is_named(&filter->ignore, rule) &&
	    !is_ignored(&filter->ignore, rule, subject);
}

void
findings_begin(struct findings *f, const struct rule *rules,
    struct arena *a, const struct finding_filter *filter,
    struct report *report)
{
	*report = (struct report){ 0 };
	*f = (struct findings){ .rules = rules, .filter = filter,
	    .report = report, .arena = a };
	while (rules[f->count].id != NULL)
		f->count++;
	f->severity = arena_array(a, f->count, sizeof(*f->severity));
	f->chosen = arena_array(a, f->count, sizeof(*f->chosen));
	f->unchecked = arena_array(a, f->count, sizeof(*f->unchecked));
	for (size_t i = 0; i < f->count; i++)
		f->severity[i] = rules[i].severity;
}

void
findings_choose(struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		f->chosen[i] = is_chosen(f, i);
}

/* --- what is found --------------------------------------------------- */

/* With the name of the row instead of DOMAIN, EMAIL, NAME or ADDRESS. */
static const char *
advice_for(struct arena *a, const struct rule *r, const char *name)
{
	const char *word = strcmp(r->kind, "domain") == 0 ? "DOMAIN" :
	    strcmp(r->kind, "user") == 0 ? "EMAIL" :
	    strcmp(r->kind, "relay") == 0 ? "NAME" : "ADDRESS";
	const char *at = strstr(r->advice, word), *from = r->advice;
	struct text t = TEXT_INIT;
	const char *advice;

	if (at == NULL || name == NULL || *name == '\0')
		return r->advice;
	for (; at != NULL; at = strstr(from, word)) {
		text_add_bytes(&t, from, (size_t)(at - from));
		text_add(&t, name);
		from = at + strlen(word);
	}
	text_add(&t, from);
	advice = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return advice;
}

struct finding *
findings_addv(struct findings *f, size_t rule, const char *name,
    const char *advice, const char *fmt, va_list ap)
{
	const struct rule *r = &f->rules[rule];
	struct text t = TEXT_INIT;
	struct finding *one;

	if (!filter_passes(f->filter, r, name))
		return NULL;
	if (!f->chosen[rule]) {
		f->report->hidden[f->severity[rule]] +=
		    f->filter->rules.count == 0 &&
		    f->severity[rule] < f->filter->severity;
		return NULL;
	}
	text_addv(&t, fmt, ap);
	one = VECTOR_ADD(&f->found);
	*one = (struct finding){
		.rule = r->id,
		.severity = severity_names[f->severity[rule]],
		.level = f->severity[rule],
		.kind = r->kind,
		.name = name ? arena_strdup(f->arena, name) : NULL,
		.text = arena_strndup(f->arena, t.buf, t.len),
		.advice = advice != NULL ? advice :
		    advice_for(f->arena, r, name),
		.of = r,
		.line = FIELD_NULL,
		.consequence = r->consequence,
	};
	f->report->found[f->severity[rule]]++;
	text_clear(&t);
	return one;
}

void
findings_finev(struct findings *f, size_t rule, const char *name,
    const char *fmt, va_list ap)
{
	const struct rule *r = &f->rules[rule];
	struct text t = TEXT_INIT;

	if (!f->shows || !f->chosen[rule] ||
	    !filter_passes(f->filter, r, name))
		return;
	text_addv(&t, fmt, ap);
	*VECTOR_ADD(&f->fine) = (struct finding){
		.rule = r->id,
		.severity = "ok",
		.kind = r->kind,
		.name = arena_strdup(f->arena, name),
		.text = arena_strndup(f->arena, t.buf, t.len),
		.of = r,
	};
	text_clear(&t);
}

void
findings_unchecked(struct findings *f, size_t rule, const char *why)
{
	struct report *r = f->report;

	if (!f->chosen[rule] || f->unchecked[rule])
		return;
	f->unchecked[rule] = true;
	if (r->unchecked_why == NULL)
		r->unchecked_why = why;
	else if (strstr(r->unchecked_why, why) == NULL)
		r->unchecked_why = arena_printf(f->arena, "%s; %s",
		    r->unchecked_why, why);
}

void
findings_unchecked_all(struct findings *f, unsigned needs, const char *why)
{
	for (size_t rule = 0; rule < f->count; rule++) {
		if (f->rules[rule].needs & needs)
			findings_unchecked(f, rule, why);
	}
}

/* --- the report ------------------------------------------------------ */

static int
text_compare(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int
finding_compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int by;

	if (x->of != y->of)
		return x->of < y->of ? -1 : 1;
	by = text_compare(x->name, y->name);
	return by != 0 ? by : strcmp(x->text, y->text);
}

/* Worse ones first; then what is in one file, by what comes of it. */
static int
file_compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int by;

	if (x->level != y->level)
		return x->level > y->level ? -1 : 1;
	by = text_compare(x->file, y->file);
	if (by != 0)
		return by;
	if (x->consequence != y->consequence)
		return x->consequence < y->consequence ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return finding_compare(a, b);
}

static int
urgency_compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->level == y->level && x->urgency != y->urgency)
		return x->urgency < y->urgency ? -1 : 1;
	return file_compare(a, b);
}

/* A file is as urgent as the first of what is wrong in it. */
static void
sort_urgent(struct finding *found, size_t count)
{
	if (count == 0)
		return;
	qsort(found, count, sizeof(*found), file_compare);
	for (size_t i = 0; i < count; i++) {
		bool same = i > 0 && found[i - 1].level == found[i].level &&
		    text_compare(found[i - 1].file, found[i].file) == 0;

		found[i].urgency = same ? found[i - 1].urgency :
		    found[i].consequence;
	}
	qsort(found, count, sizeof(*found), urgency_compare);
}

/* What was found of a rule that could not be seen whole is no number. */
static void
checked_fill(struct findings *f)
{
	struct rule_checked *checked = arena_array(f->arena, f->count,
	    sizeof(*checked));
	struct report *r = f->report;
	size_t at = 0;

	for (size_t rule = 0; rule < f->count; rule++) {
		struct rule_checked *a = &checked[r->checked_count];
		size_t begun = at;

		while (at < r->count && r->finding[at].of == &f->rules[rule])
			at++;
		if (!f->chosen[rule] || f->unchecked[rule])
			continue;
		*a = (struct rule_checked){ &f->rules[rule],
		    f->severity[rule], (int64_t)(at - begun) };
		r->checked_count++;
	}
	r->checked = checked;
}

static struct finding *
sorted(struct findings *f, const struct finding *found, size_t count)
{
	struct finding *kept = arena_array(f->arena, count, sizeof(*kept));

	if (count > 0) {
		memcpy(kept, found, count * sizeof(*kept));
		qsort(kept, count, sizeof(*kept), finding_compare);
	}
	return kept;
}

void
findings_end(struct findings *f)
{
	struct finding *kept = sorted(f, f->found.item, f->found.count);
	struct report *r = f->report;

	r->finding = kept;
	r->count = f->found.count;
	r->fine = sorted(f, f->fine.item, f->fine.count);
	r->fine_count = f->fine.count;
	checked_fill(f);
	if (f->urgent_first)
		sort_urgent(kept, r->count);
	for (size_t rule = 0; rule < f->count; rule++) {
		if (f->unchecked[rule] && !words_have(&r->unchecked,
		    f->rules[rule].id))
			words_add(f->arena, &r->unchecked,
			    f->rules[rule].id);
	}
}

void
findings_clear(struct findings *f)
{
	VECTOR_CLEAR(&f->found);
	VECTOR_CLEAR(&f->fine);
}
