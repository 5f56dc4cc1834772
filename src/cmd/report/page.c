/* The report as a page of HTML: pages/report.html, filled in. */
#include <inttypes.h>
#include <string.h>

#include "base/embed.h"
#include "cmd/help/version.h"
#include "cmd/report/chart.h"
#include "cmd/report/html.h"
#include "file/template.h"

#define ROWS 10			/* of a table; the others are folded */

/* What the page is made with. */
struct page {
	struct style style;
	const struct facts *f;
	struct words tiles;
	struct words open;
};

static const char *
file_text(const char *name)
{
	const struct embedded *file = embedded_files;

	while (strcmp(file->name, name) != 0)
		file++;
	return file->text;
}

/* The text becomes a value of the template, and is empty again. */
static const char *
taken(struct page *p, struct text *t)
{
	const char *value = arena_strdup(p->style.arena, t->buf);

	text_clear(t);
	return value;
}

/* A sentence of ours that may have data in it; NULL: none. */
static const char *
escaped(struct page *p, const char *s)
{
	return s == NULL ? NULL : html_text(p->style.arena, s);
}

/* --- the head -------------------------------------------------------- */

static const char *
tile_html(struct page *p, const struct tile *tile, bool spark)
{
	struct text t = TEXT_INIT;

	text_add(&t, "<li class=\"tile\"><span class=\"name\">");
	html_add(&t, tile->title);
	text_addf(&t, "</span> <span class=\"figure%s\">", tile->warns ?
	    " care" : "");
	html_add(&t, tile->value != NULL ? tile->value : "?");
	text_add(&t, "</span> <span class=\"means\">");
	html_add(&t, tile->detail);
	text_add(&t, "</span>");
	if (spark)
		chart_spark(&p->style, &p->f->growth, &t);
	if (tile->percent >= 0)
		chart_meter(&t, "blue", (double)tile->percent);
	text_add(&t, "</li>");
	return taken(p, &t);
}

static void
tiles_add(struct page *p)
{
	struct tile tiles[TILES];

	tiles_make(&p->style, p->f, tiles);
	for (int i = 0; i < TILES; i++)
		words_add(p->style.arena, &p->tiles, tile_html(p, &tiles[i],
		    i == 0 && p->f->growth.count > 1));
}

/* --- findings -------------------------------------------------------- */

static void
finding_html(struct page *p, struct text *t,
    const struct facts_finding *shown)
{
	const struct finding *f = shown->of;
	const char *more = finding_more(&p->style, shown);

	text_addf(t, "<li class=\"%s\"><span class=\"level\"><b "
	    "aria-hidden=\"true\">%s</b>%s</span><div><p>", f->severity,
	    severity_marks[f->level], f->severity);
	if (f->name != NULL) {
		text_add(t, "<strong>");
		html_bdi(t, f->name);
		text_add(t, "</strong> ");
	}
	text_addf(t, "<span class=\"rule\">%s</span></p><p>", f->rule);
	html_bdi(t, f->text);
	text_add(t, "</p>");
	if (f->advice != NULL) {
		text_add(t, "<p><code>");
		html_add(t, f->advice);
		text_add(t, "</code></p>");
	}
	if (more != NULL) {
		text_add(t, "<p class=\"more\">");
		html_add(t, more);
		text_add(t, "</p>");
	}
	text_add(t, "</div></li>\n");
}

static const char *
found_html(struct page *p)
{
	const struct facts_findings *f = &p->f->findings;
	struct text t = TEXT_INIT;

	for (size_t i = 0; i < f->count; i++)
		finding_html(p, &t, &f->shown[i]);
	return taken(p, &t);
}

static void
open_add(struct page *p)
{
	struct arena *a = p->style.arena;

	for (int s = SEVERITIES - 1; s >= 0; s--) {
		const char *left = findings_left(&p->style, p->f,
		    (enum severity)s);

		if (left != NULL)
			words_add(a, &p->open, html_text(a, left));
	}
	for (int i = 0; i < FACTS_CHECKERS; i++) {
		const char *open = unchecked_text(&p->style,
		    &p->f->findings.checker[i]);

		if (open != NULL)
			words_add(a, &p->open, html_text(a, open));
	}
}

/* --- users and changes ----------------------------------------------- */

static const char *
fullest_html(struct page *p)
{
	static const char *const headings[] = { "User", "Used", "", NULL };
	const struct facts_fullest *f = &p->f->fullest;
	struct text t = TEXT_INIT;

	if (f->count == 0)
		return "<p>No user with a quota has mail.</p>";
	table_begin(&t, "Fullest mailboxes", NULL, headings);
	for (size_t i = 0; i < f->count; i++) {
		int64_t percent = percent_of(f->row[i].used, f->row[i].quota);

		text_add(&t, "<tr><th scope=\"row\">");
		html_bdi(&t, f->row[i].email);
		text_addf(&t, "</th><td class=\"n\">%" PRId64 " %% of %s</td>"
		    "<td class=\"n wide\">", percent, style_size(&p->style,
		    f->row[i].quota));
		chart_meter(&t, percent >= 100 ? "red" : percent >= 90 ?
		    "amber" : "blue", (double)percent);
		text_add(&t, "</td></tr>\n");
	}
	table_end(&t, false);
	return taken(p, &t);
}

static const char *
recent_html(struct page *p)
{
	const struct facts_recent *r = &p->f->recent;
	struct text t = TEXT_INIT;

	if (r->count == 0)
		return "<p>None.</p>";
	text_add(&t, "<ul class=\"log\">\n");
	for (size_t i = 0; i < r->count; i++) {
		const struct facts_change *c = &r->change[i];
		const char *more = change_more(&p->style, c);

		text_addf(&t, "<li><time class=\"faint\">%s</time> "
		    "<span class=\"faint\">", style_short_time(&p->style,
		    c->row.at));
		html_bdi(&t, c->row.actor);
		text_add(&t, "</span><br>");
		html_bdi(&t, change_text(&p->style, c));
		if (more != NULL) {
			text_add(&t, " <span class=\"faint\">");
			html_add(&t, more);
			text_add(&t, "</span>");
		}
		text_add(&t, "</li>\n");
	}
	text_add(&t, "</ul>");
	return taken(p, &t);
}

/* --- domains --------------------------------------------------------- */

static void
domain_html(struct page *p, struct text *t, const struct facts_domain *d)
{
	const struct style *s = &p->style;
	const struct facts *f = p->f;
	bool limited = f->mail.why == NULL && d->mail.granted > 0;

	text_addf(t, "<tr><th scope=\"row\"%s>", d->of.active ? "" :
	    " class=\"off\"");
	html_bdi(t, d->of.domain);
	text_addf(t, "%s</th><td class=\"n\">%s</td><td class=\"n wide\">%s"
	    "</td><td class=\"n\">%s</td><td class=\"wide part\">",
	    d->of.active ? "" : " (disabled)", style_number(s, d->of.users),
	    style_number(s, d->of.aliases), f->mail.why != NULL ? "?" :
	    style_size(s, d->mail.stored));
	if (limited) {
		int64_t percent = percent_of(d->mail.limited,
		    d->mail.granted);

		chart_meter(t, percent >= 100 ? "red" : percent >= 90 ?
		    "amber" : "blue", (double)percent);
		text_addf(t, "<span>%" PRId64 " %%</span>", percent);
	} else {
		text_add(t, f->mail.why != NULL ? "?" :
		    "<span class=\"off\">no quota</span>");
	}
	text_addf(t, "</td><td class=\"n\">%s</td></tr>\n",
	    f->logins.why != NULL ? "?" : style_number(s, d->active));
}

/* Both tables have the same columns; on a narrow screen some of them go. */
static void
domains_begin(struct text *t, const char *summary)
{
	if (summary != NULL)
		text_addf(t, "<details><summary>%s</summary>", summary);
	text_addf(t, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
	    "aria-label=\"%s\"><table><thead><tr><th scope=\"col\">Domain"
	    "</th><th scope=\"col\" class=\"n\">Users</th><th scope=\"col\" "
	    "class=\"n wide\">Aliases</th><th scope=\"col\" class=\"n\">"
	    "Stored</th><th scope=\"col\" class=\"wide part\">Of the quota"
	    "</th><th scope=\"col\" class=\"n\">Active</th></tr></thead>"
	    "<tbody>\n",
	    summary != NULL ? summary : "Domains");
}

static const char *
domains_html(struct page *p)
{
	const struct facts_domains *d = &p->f->by_domain;
	struct text t = TEXT_INIT;
	int64_t left = p->f->domains.of.number - (int64_t)d->count;

	if (d->count == 0)
		return "<p>None yet.</p>";
	domains_begin(&t, NULL);
	for (size_t i = 0; i < d->count; i++) {
		if (i == ROWS) {
			table_end(&t, false);
			domains_begin(&t, style_count(&p->style,
			    (int64_t)(d->count - i), "more domain",
			    "more domains"));
		}
		domain_html(p, &t, &d->row[i]);
	}
	table_end(&t, d->count > ROWS);
	if (left > 0)
		text_addf(&t, "<p class=\"more\">%s more: mailadm domain list"
		    "</p>", style_number(&p->style, left));
	return taken(p, &t);
}

static const char *
domains_lead(struct page *p)
{
	const struct facts *f = p->f;
	const char *why = f->mail.why != NULL ? f->mail.why : f->logins.why;

	return why == NULL ? "Those with most users first; active: who "
	    "logged in within 30 days" : arena_printf(p->style.arena,
	    "Those with most users first; ?: %s", why);
}

/* --- role addresses -------------------------------------------------- */

static void
role_html(struct text *t, const struct facts_roles_row *row,
    enum facts_role role)
{
	text_addf(t, "<td role=\"cell\" data-name=\"%s\">",
	    facts_role_names[role]);
	if (row->ends[role] != NULL) {
		html_bdi(t, row->ends[role]);
	} else {
		bool missing = role_is_missing(row, role);

		text_addf(t, "<span class=\"%s\">%s</span>", missing ?
		    "missing" : "off", missing ? "missing" : "none");
	}
	text_add(t, "</td>");
}

/* The roles are written out: as blocks, a table is none to a reader. */
static void
roles_begin(struct text *t, const char *summary)
{
	if (summary != NULL)
		text_addf(t, "<details><summary>%s</summary>", summary);
	text_addf(t, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
	    "aria-label=\"%s\"><table class=\"blocks\" role=\"table\">"
	    "<thead role=\"rowgroup\"><tr role=\"row\"><th scope=\"col\" "
	    "role=\"columnheader\">Domain</th>", summary != NULL ? summary :
	    "Role addresses");
	for (int role = 0; role < FACTS_ROLES; role++)
		text_addf(t, "<th scope=\"col\" role=\"columnheader\">%s</th>",
		    facts_role_names[role]);
	text_add(t, "</tr></thead><tbody role=\"rowgroup\">\n");
}

static const char *
roles_html(struct page *p)
{
	const struct facts_roles *r = &p->f->roles;
	int64_t left = p->f->domains.of.number - (int64_t)r->count;
	struct text t = TEXT_INIT;

	if (r->count == 0)
		return "<p>No domain is enabled.</p>";
	roles_begin(&t, NULL);
	for (size_t i = 0; i < r->count; i++) {
		if (i == ROWS) {
			table_end(&t, false);
			roles_begin(&t, style_count(&p->style,
			    (int64_t)(r->count - i), "more domain",
			    "more domains"));
		}
		text_add(&t, "<tr role=\"row\"><th scope=\"row\" "
		    "role=\"rowheader\">");
		html_bdi(&t, r->row[i].domain);
		text_add(&t, "</th>");
		for (int role = 0; role < FACTS_ROLES; role++)
			role_html(&t, &r->row[i], (enum facts_role)role);
		text_add(&t, "</tr>\n");
	}
	table_end(&t, r->count > ROWS);
	if (left > 0 && r->count == FACTS_ROLE_DOMAINS)
		text_addf(&t, "<p class=\"more\">%s more were not followed: "
		    "mailadm route postmaster@DOMAIN</p>",
		    style_number(&p->style, left));
	return taken(p, &t);
}

/* --- the page -------------------------------------------------------- */

static const char *
chart(struct page *p, void (*add)(const struct style *s,
    const struct facts *f, struct text *t))
{
	struct text t = TEXT_INIT;

	add(&p->style, p->f, &t);
	return taken(p, &t);
}

static void
growth(const struct style *s, const struct facts *f, struct text *t)
{
	chart_growth(s, &f->growth, t);
}

static void
logins(const struct style *s, const struct facts *f, struct text *t)
{
	chart_logins(s, &f->logins, t);
}

static void
changes(const struct style *s, const struct facts *f, struct text *t)
{
	chart_changes(s, &f->changes, t);
}

static const char *
nothing(const struct facts *f)
{
	return f->findings.count == 0 && verdict_is_fine(f) ?
	    "Nothing: everything is as it should be." : NULL;
}

bool
report_page(struct arena *a, const struct facts *f, struct text *t,
    struct err *e)
{
	struct page p = { .style = { a, "\u202f", "\u202f" }, .f = f };
	enum severity worst = verdict_worst(f);
	const char *found = found_html(&p);

	tiles_add(&p);
	open_add(&p);
	return template_render("pages/report.html",
	    file_text("pages/report.html"), (struct template_value[]){
	    { "HOST", escaped(&p, f->host), NULL },
	    { "WHEN", style_time(&p.style, f->now), NULL },
	    { "STYLE", file_text("pages/report.css"), NULL },
	    { "WORST", severity_names[worst], NULL },
	    { "MARK", worst == SEVERITY_NOTE ? "\u2713" :
		severity_marks[worst], NULL },
	    { "VERDICT", escaped(&p, verdict_text(&p.style, f)), NULL },
	    { "FOUND", found, NULL },
	    { "OPEN", NULL, &p.open },
	    { "NOTHING", nothing(f), NULL },
	    { "TILES", NULL, &p.tiles },
	    { "GROWTH_WHY", escaped(&p, f->growth.why), NULL },
	    { "GROWTH_LEAD", escaped(&p, growth_text(&p.style, f)), NULL },
	    { "GROWTH", chart(&p, growth), NULL },
	    { "QUOTA_WHY", escaped(&p, f->quota.why), NULL },
	    { "QUOTA", chart(&p, chart_quota), NULL },
	    { "LOGINS_WHY", escaped(&p, f->logins.why), NULL },
	    { "LOGINS", chart(&p, logins), NULL },
	    { "CHANGES_WHY", escaped(&p, f->changes.why), NULL },
	    { "CHANGES_LEAD", escaped(&p, f->changes.why != NULL ? NULL :
		changes_text(&p.style, f)), NULL },
	    { "CHANGES", f->changes.why != NULL ? NULL : chart(&p, changes),
		NULL },
	    { "FULLEST_WHY", escaped(&p, f->fullest.why), NULL },
	    { "FULLEST", fullest_html(&p), NULL },
	    { "RECENT_WHY", escaped(&p, f->recent.why), NULL },
	    { "RECENT", recent_html(&p), NULL },
	    { "DOMAINS_WHY", escaped(&p, f->by_domain.why), NULL },
	    { "DOMAINS_LEAD", escaped(&p, domains_lead(&p)), NULL },
	    { "DOMAINS", domains_html(&p), NULL },
	    { "ROLES_WHY", escaped(&p, f->roles.why), NULL },
	    { "ROLES", roles_html(&p), NULL },
	    { "VERSION", MAILADM_VERSION, NULL },
	    { "DATABASE", escaped(&p, f->database), NULL },
	    { 0 }
	}, t, e);
}
