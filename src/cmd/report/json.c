/* The report as one object of JSON. */
#include <jansson.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/time.h"
#include "cmd/report/report.h"

/* Takes over the value. */
static void
put(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, value) != 0)
		out_of_memory();
}

static json_t *
text(const char *s)
{
	json_t *value = s == NULL ? json_null() : json_string(s);

	/* What is not UTF-8, as a path may be. */
	return value != NULL ? value : json_string("?");
}

static json_t *
number(int64_t n)
{
	return n == FIELD_NULL ? json_null() : json_integer(n);
}

static json_t *
time_of(int64_t seconds)
{
	char buf[TIME_TEXT];

	time_format(buf, seconds);
	return json_string(buf);
}

/* The first ten characters of a time. */
static json_t *
date_of(int64_t day)
{
	char buf[TIME_TEXT];

	time_format(buf, day * 86400);
	return json_stringn(buf, 10);
}

static json_t *
month_of(const struct style *s, int64_t month)
{
	return text(arena_printf(s->arena, "%04d-%02d", (int)(month / 12),
	    (int)(month % 12) + 1));
}

/* Every card has it: null, or why the card is empty. */
static json_t *
card(json_t *all, const char *name, const char *why)
{
	json_t *object = json_object();

	put(object, "unknown", text(why));
	put(all, name, object);
	return object;
}

static json_t *
list(json_t *object, const char *name)
{
	json_t *array = json_array();

	put(object, name, array);
	return array;
}

static json_t *
row(json_t *array)
{
	json_t *object = json_object();

	if (json_array_append_new(array, object) != 0)
		out_of_memory();
	return object;
}

static void
count_put(json_t *all, const char *name, const struct facts_count *c,
    const char *part)
{
	json_t *object = card(all, name, c->why);

	put(object, "number", c->why ? json_null() : number(c->of.number));
	put(object, part, c->why ? json_null() : number(c->of.part));
}

static void
growth_put(const struct style *s, json_t *all, const struct facts_growth *g)
{
	json_t *object = card(all, "growth", g->why), *points;

	put(object, "removed_unknown", text(g->gone_why));
	points = list(object, "points");
	for (size_t i = 0; i < g->count; i++) {
		const struct facts_point *p = &g->point[i];
		json_t *one = row(points);

		put(one, "month", month_of(s, p->month));
		put(one, "users", number(p->users));
		put(one, "added", number(p->added));
		put(one, "removed", number(p->removed));
	}
}

static void
finding_put(json_t *array, const struct facts_finding *shown)
{
	const struct finding *f = shown->of;
	json_t *one = row(array);

	put(one, "rule", text(f->rule));
	put(one, "severity", text(f->severity));
	put(one, "kind", text(f->kind));
	put(one, "name", text(f->name));
	put(one, "text", text(f->text));
	put(one, "advice", text(f->advice));
	put(one, "file", text(f->file));
	put(one, "line", f->file != NULL ? number(f->line) : json_null());
	put(one, "more_of_rule", number(shown->more));
}

static void
findings_put(const struct style *s, json_t *all, const struct facts *f)
{
	json_t *object = card(all, "findings", NULL), *array;

	for (int i = SEVERITIES - 1; i >= 0; i--)
		put(object, arena_printf(s->arena, "%ss", severity_names[i]),
		    number(f->findings.found[i]));
	array = list(object, "not_checked");
	for (int i = 0; i < FACTS_CHECKERS; i++) {
		const struct facts_checker *c = &f->findings.checker[i];
		const struct words *rules = &c->report.unchecked;
		json_t *one, *names;

		if (unchecked_text(s, c) == NULL)
			continue;
		one = row(array);
		put(one, "command", text(c->command));
		put(one, "why", text(c->why ? c->why :
		    c->report.unchecked_why));
		names = list(one, "rules");
		for (size_t r = 0; r < rules->count; r++)
			json_array_append_new(names, text(rules->word[r]));
	}
	array = list(object, "first");
	for (size_t i = 0; i < f->findings.count; i++)
		finding_put(array, &f->findings.shown[i]);
}

static void
quota_put(json_t *all, const struct facts *f)
{
	json_t *object = card(all, "quota", f->quota.why), *array;

	put(object, "users_without", number(f->quota.without));
	array = list(object, "tenths");
	for (int i = 0; i < FACTS_BARS; i++)
		json_array_append_new(array, number(f->quota.bar[i]));
}

static void
logins_put(json_t *all, const struct facts *f)
{
	static const char *const names[FACTS_AGES] = { "day", "week",
	    "month", "quarter", "year", "older", "never" };
	json_t *object = card(all, "last_login", f->logins.why);

	for (int i = 0; i < FACTS_AGES; i++)
		put(object, names[i], f->logins.why ? json_null() :
		    number(f->logins.bar[i]));
}

static void
mail_put(json_t *object, const struct facts_mail *m, bool known)
{
	put(object, "stored", known ? number(m->stored) : json_null());
	put(object, "stored_of_quota", known ? number(m->limited) :
	    json_null());
	put(object, "granted", known ? number(m->granted) : json_null());
}

static void
changes_put(json_t *all, const struct facts_changes *c)
{
	json_t *object = card(all, "changes", c->why), *array;

	array = list(object, "days");
	for (int i = 0; c->why == NULL && i < FACTS_DAYS; i++) {
		json_t *one = row(array);

		put(one, "day", date_of(c->first + i));
		put(one, "added", number(c->day[i].added));
		put(one, "changed", number(c->day[i].changed));
		put(one, "removed", number(c->day[i].removed));
	}
}

static void
fullest_put(json_t *all, const struct facts_fullest *f)
{
	json_t *array = list(card(all, "fullest", f->why), "users");

	for (size_t i = 0; i < f->count; i++) {
		json_t *one = row(array);

		put(one, "email", text(f->row[i].email));
		put(one, "used", number(f->row[i].used));
		put(one, "quota", number(f->row[i].quota));
	}
}

static void
recent_put(json_t *all, const struct facts_recent *r)
{
	json_t *array = list(card(all, "recent", r->why), "changes");

	for (size_t i = 0; i < r->count; i++) {
		const struct facts_change *c = &r->change[i];
		json_t *one = row(array);

		put(one, "change", number(c->row.change));
		put(one, "at", time_of(c->row.at));
		put(one, "actor", text(c->row.actor));
		put(one, "kind", text(c->row.kind));
		put(one, "name", text(c->row.name));
		put(one, "action", text(c->row.action));
		put(one, "summary", text(c->row.summary));
		put(one, "rows", number(c->number));
	}
}

static void
domains_put(json_t *all, const struct facts *f)
{
	const struct facts_domains *d = &f->by_domain;
	json_t *array = list(card(all, "by_domain", d->why), "domains");

	for (size_t i = 0; i < d->count; i++) {
		const struct facts_domain *r = &d->row[i];
		json_t *one = row(array);

		put(one, "domain", text(r->of.domain));
		put(one, "active", json_boolean(r->of.active));
		put(one, "users", number(r->of.users));
		put(one, "aliases", number(r->of.aliases));
		mail_put(one, &r->mail, f->mail.why == NULL);
		put(one, "active_users", f->logins.why ? json_null() :
		    number(r->active));
	}
}

static void
roles_put(json_t *all, const struct facts_roles *r)
{
	static const char *const names[FACTS_ROLES] = { "postmaster",
	    "abuse", "hostmaster", "catch_all" };
	json_t *array = list(card(all, "roles", r->why), "domains");

	for (size_t i = 0; i < r->count; i++) {
		json_t *one = row(array);

		put(one, "domain", text(r->row[i].domain));
		for (int role = 0; role < FACTS_ROLES; role++)
			put(one, names[role], text(r->row[i].ends[role]));
	}
}

void
report_json(const struct facts *f, bool lines, struct text *t)
{
	struct arena scratch = { 0 };
	const struct style s = { &scratch, "", "" };
	json_t *all = json_object(), *mail;
	char *written;

	put(all, "host", text(f->host));
	put(all, "database", text(f->database));
	put(all, "at", time_of(f->now));
	count_put(all, "users", &f->users, "new_this_month");
	count_put(all, "domains", &f->domains, "new_in_seven_days");
	count_put(all, "aliases", &f->aliases, "lead_outside");
	mail = card(all, "mail", f->mail.why);
	mail_put(mail, &f->mail, f->mail.why == NULL);
	findings_put(&s, all, f);
	growth_put(&s, all, &f->growth);
	quota_put(all, f);
	logins_put(all, f);
	changes_put(all, &f->changes);
	fullest_put(all, &f->fullest);
	recent_put(all, &f->recent);
	domains_put(all, f);
	roles_put(all, &f->roles);
	written = json_dumps(all, lines ? JSON_COMPACT : JSON_INDENT(2));
	if (written == NULL)
		out_of_memory();
	text_add(t, written);
	text_add_char(t, '\n');
	free(written);
	json_decref(all);
	arena_clear(&scratch);
}
