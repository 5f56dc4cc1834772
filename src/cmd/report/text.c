/* The report as text of 80 columns. */
#include <inttypes.h>
#include <string.h>

#include "base/shown.h"
#include "base/utf8.h"
#include "cmd/report/report.h"

#define WIDTH 80
#define BAR 40			/* columns of the longest bar */
#define DOMAINS 10
#define NAME 36			/* columns of a name in a table */

struct writing {
	struct style style;
	const struct facts *f;
	struct text *t;
};

/* Text from data in exactly so many columns; what is longer is cut. */
static const char *
cell(struct writing *w, const char *s, int columns)
{
	struct text shown = TEXT_INIT;
	const char *result;
	int width;

	shown_add(&shown, s, strlen(s));
	width = utf8_width(shown.buf);
	if (width > columns) {
		text_cut(&shown, utf8_fitting(shown.buf, columns - 3));
		text_add(&shown, "...");
		width = utf8_width(shown.buf);
	}
	result = arena_printf(w->style.arena, "%s%*s", shown.buf,
	    columns - width, "");
	text_clear(&shown);
	return result;
}

static void
line_break(struct writing *w, int indent, int *column)
{
	text_addf(w->t, "\n%*s", indent, "");
	*column = indent;
}

static void
word_add(struct writing *w, int indent, int *column, const char *word)
{
	bool first = w->t->len == 0 || strchr(" \n",
	    w->t->buf[w->t->len - 1]) != NULL;

	if (!first && *column + 1 + utf8_width(word) > WIDTH) {
		line_break(w, indent, column);
	} else if (!first) {
		text_add_char(w->t, ' ');
		++*column;
	}
	while (*column + utf8_width(word) > WIDTH) {
		size_t n = utf8_fitting(word, WIDTH - *column);

		text_add_bytes(w->t, word, n);
		line_break(w, indent, column);
		word += n;
	}
	text_add(w->t, word);
	*column += utf8_width(word);
}

/*
 * Words from column `indent` on, behind what begins the first line.  A word
 * that is longer than a line is broken: a name may have 255 wide characters.
 */
static void
wrapped(struct writing *w, int indent, const char *begin, const char *words)
{
	struct text shown = TEXT_INIT;
	int column = utf8_width(begin);
	const char *at;

	shown_add(&shown, words, strlen(words));
	text_add(w->t, begin);
	for (at = shown.buf; *at != '\0'; at += *at == ' ') {
		size_t len = strcspn(at, " ");
		const char *word = arena_strndup(w->style.arena, at, len);

		at += len;
		word_add(w, indent, &column, word);
	}
	text_add_char(w->t, '\n');
	text_clear(&shown);
}

static void
heading(struct writing *w, const char *title, const char *why)
{
	text_addf(w->t, "\n%s\n", title);
	if (why != NULL)
		wrapped(w, 2, "  ", why);
}

/* A line of a chart. */
static void
bar(struct writing *w, const char *label, int64_t n, int64_t most)
{
	int columns = most <= 0 ? 0 : (int)((double)n * BAR / (double)most +
	    0.5);

	text_addf(w->t, "  %-15s%8s  ", label, style_number(&w->style, n));
	for (int i = 0; i < columns || (i == 0 && n > 0); i++)
		text_add_char(w->t, '#');
	while (w->t->buf[w->t->len - 1] == ' ')
		text_cut(w->t, w->t->len - 1);
	text_add_char(w->t, '\n');
}

static int64_t
most_of(const int64_t *number, int count)
{
	int64_t most = 0;

	for (int i = 0; i < count; i++)
		most = number[i] > most ? number[i] : most;
	return most;
}

static void
bars(struct writing *w, const struct facts_bars *b,
    const char *const *labels, int count)
{
	if (b->why != NULL)
		return;
	for (int i = 0; i < count; i++)
		bar(w, labels[i], b->bar[i], most_of(b->bar, count));
}

static void
head(struct writing *w)
{
	const struct facts *f = w->f;
	struct tile tiles[TILES];

	wrapped(w, 0, "", arena_printf(w->style.arena,
	    "Mail server report: %s, %s", f->host,
	    style_time(&w->style, f->now)));
	text_add_char(w->t, '\n');
	wrapped(w, 2, "  ", verdict_text(&w->style, f));
	text_add_char(w->t, '\n');
	tiles_make(&w->style, f, tiles);
	for (int i = 0; i < TILES; i++)
		wrapped(w, 30, arena_printf(w->style.arena,
		    "  %-18s%8s  ", tiles[i].title, tiles[i].value != NULL ?
		    tiles[i].value : "?"), tiles[i].detail);
}

static void
growth(struct writing *w)
{
	const struct facts_growth *g = &w->f->growth;
	int64_t most = 0;
	size_t first;

	heading(w, "Users", g->why != NULL ? g->why : growth_text(&w->style,
	    w->f));
	first = g->count > FACTS_SPARK ? g->count - FACTS_SPARK : 0;
	for (size_t i = first; i < g->count; i++)
		most = g->point[i].users > most ? g->point[i].users : most;
	for (size_t i = first; i < g->count; i++)
		bar(w, style_month(&w->style, g->point[i].month),
		    g->point[i].users, most);
}

static void
finding(struct writing *w, const struct facts_finding *shown)
{
	const struct finding *f = shown->of;
	struct arena *a = w->style.arena;
	const char *more = finding_more(&w->style, shown);

	wrapped(w, 15, arena_printf(a, "  %-8s %s ", f->severity,
	    f->rule), f->name == NULL ? f->text : arena_printf(a, "%s: %s",
	    f->name, f->text));
	if (f->advice != NULL)
		wrapped(w, 18, "               -> ", f->advice);
	if (more != NULL)
		wrapped(w, 15, "               ", more);
}

static void
findings(struct writing *w)
{
	const struct facts_findings *f = &w->f->findings;

	heading(w, "Findings", f->count > 0 ? NULL : "none");
	for (size_t i = 0; i < f->count; i++)
		finding(w, &f->shown[i]);
	for (int s = SEVERITIES - 1; s >= 0; s--) {
		const char *left = findings_left(&w->style, w->f,
		    (enum severity)s);

		if (left != NULL)
			wrapped(w, 2, "  ", left);
	}
	for (int i = 0; i < FACTS_CHECKERS; i++) {
		const char *open = unchecked_text(&w->style, &f->checker[i]);

		if (open != NULL)
			wrapped(w, 2, "  ", open);
	}
}

static void
quota(struct writing *w)
{
	heading(w, "Quota in use, by number of users", w->f->quota.why);
	bars(w, &w->f->quota, quota_labels, FACTS_BARS);
	if (w->f->quota.without > 0)
		text_addf(w->t, "  %s\n", without_quota_text(&w->style,
		    w->f));
	heading(w, "Last login, by number of users", w->f->logins.why);
	bars(w, &w->f->logins, login_labels, FACTS_AGES);
}

static void
fullest(struct writing *w)
{
	const struct facts_fullest *f = &w->f->fullest;

	heading(w, "Fullest mailboxes", f->why != NULL ? f->why :
	    f->count == 0 ? "no user with a quota has mail" : NULL);
	for (size_t i = 0; i < f->count; i++)
		text_addf(w->t, "  %s %4" PRId64 " %% of %s\n",
		    cell(w, f->row[i].email, 50), percent_of(f->row[i].used,
		    f->row[i].quota), style_size(&w->style,
		    f->row[i].quota));
}

/* A line a week: the last one ends today. */
static void
changes(struct writing *w)
{
	const struct facts_changes *c = &w->f->changes;

	heading(w, "Changes", c->why != NULL ? c->why :
	    changes_text(&w->style, w->f));
	if (c->why != NULL || c->peak == FIELD_NULL)
		return;
	text_addf(w->t, "  %-15s%8s%10s%10s\n", "week from", "added",
	    "changed", "removed");
	for (int i = FACTS_DAYS % 7; i + 7 <= FACTS_DAYS; i += 7) {
		struct facts_day sum = { 0 };

		for (int d = i; d < i + 7; d++) {
			sum.added += c->day[d].added;
			sum.changed += c->day[d].changed;
			sum.removed += c->day[d].removed;
		}
		text_addf(w->t, "  %-15s%8s%10s%10s\n", style_day(&w->style,
		    c->first + i), style_number(&w->style, sum.added),
		    style_number(&w->style, sum.changed),
		    style_number(&w->style, sum.removed));
	}
}

static void
recent(struct writing *w)
{
	const struct facts_recent *r = &w->f->recent;

	heading(w, "Recent changes", r->why != NULL ? r->why :
	    r->count == 0 ? "none" : NULL);
	for (size_t i = 0; i < r->count; i++) {
		const struct facts_change *c = &r->change[i];
		const char *more = change_more(&w->style, c);

		wrapped(w, 16, arena_printf(w->style.arena, "  %-13s ",
		    style_short_time(&w->style, c->row.at)),
		    arena_printf(w->style.arena, "%s: %s%s%s", c->row.actor,
		    change_text(&w->style, c), more ? ", " : "",
		    more ? more : ""));
	}
}

static void
domain(struct writing *w, const struct facts_domain *d)
{
	const struct facts *f = w->f;
	const struct style *s = &w->style;

	text_addf(w->t, "  %s%8s%9s%8s%6s%9s\n", cell(w, d->of.domain, NAME),
	    style_number(s, d->of.users), style_number(s, d->of.aliases),
	    f->mail.why != NULL ? "?" : style_size(s, d->mail.stored),
	    f->mail.why != NULL ? "?" : d->mail.granted == 0 ? "-" :
	    arena_printf(s->arena, "%" PRId64 " %%", percent_of(
	    d->mail.limited, d->mail.granted)), f->logins.why != NULL ? "?" :
	    style_number(s, d->active));
}

static void
domains(struct writing *w)
{
	const struct facts_domains *d = &w->f->by_domain;

	heading(w, "Domains", d->why != NULL ? d->why : d->count == 0 ?
	    "none" : NULL);
	if (d->count == 0)
		return;
	text_addf(w->t, "  %-*s%8s%9s%8s%6s%9s\n", NAME, "domain", "users",
	    "aliases", "stored", "full", "active");
	for (size_t i = 0; i < d->count && i < DOMAINS; i++)
		domain(w, &d->row[i]);
	if (d->count > DOMAINS)
		text_addf(w->t, "  and %s more: mailadm domain list\n",
		    style_number(&w->style, w->f->domains.of.number -
		    DOMAINS));
	if (w->f->mail.why != NULL)
		wrapped(w, 2, "  stored, full: ", w->f->mail.why);
	if (w->f->logins.why != NULL)
		wrapped(w, 2, "  active: ", w->f->logins.why);
}

static void
role_domain(struct writing *w, const struct facts_roles_row *row)
{
	text_addf(w->t, "  %s\n", cell(w, row->domain, WIDTH - 4));
	while (w->t->buf[w->t->len - 2] == ' ') {
		text_cut(w->t, w->t->len - 2);
		text_add_char(w->t, '\n');
	}
	for (int role = 0; role < FACTS_ROLES; role++) {
		const char *end = row->ends[role];

		if (end != NULL || role_is_missing(row,
		    (enum facts_role)role))
			wrapped(w, 17, arena_printf(w->style.arena,
			    "    %-11s ", facts_role_names[role]),
			    end != NULL ? end : "MISSING");
	}
}

static void
roles(struct writing *w)
{
	const struct facts_roles *r = &w->f->roles;

	heading(w, "Role addresses, and who gets their mail",
	    r->why != NULL ? r->why : r->count == 0 ? "no domain" : NULL);
	for (size_t i = 0; i < r->count && i < DOMAINS; i++)
		role_domain(w, &r->row[i]);
	if (r->count > DOMAINS)
		text_addf(w->t, "  of the other domains: mailadm route "
		    "postmaster@DOMAIN\n");
}

void
report_text(struct arena *a, const struct facts *f, struct text *t)
{
	struct writing w = { { a, "", "" }, f, t };

	head(&w);
	findings(&w);
	growth(&w);
	quota(&w);
	fullest(&w);
	changes(&w);
	recent(&w);
	domains(&w);
	roles(&w);
}
