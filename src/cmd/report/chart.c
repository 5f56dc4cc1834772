/* Charts: areas, columns and bars. */
#include "cmd/report/chart.h"

#include <inttypes.h>

#include "cmd/report/html.h"

#define WIDE 1000.0		/* of the shapes */
#define HIGH 100.0
#define LABELS 5

/* --- shapes ---------------------------------------------------------- */

/* An even number that is easily read, for the top of an axis. */
static int64_t
top_of(int64_t most)
{
	static const int64_t tops[] = { 2, 4, 6, 8, 10, 12, 16, 20, 24, 30,
	    40, 50, 60, 80, 100 };
	int64_t power = 1;
	size_t i = 0;

	while (most > 100 * power)
		power *= 10;
	while (most > tops[i] * power)
		i++;
	return tops[i] * power;
}

static double
y_of(int64_t n, int64_t top)
{
	return HIGH - (double)n * HIGH / (double)top;
}

static void
point_add(struct text *t, char command, double x, double y)
{
	text_add_char(t, command);
	html_number(t, x);
	text_add_char(t, ' ');
	html_number(t, y);
}

static void
rect_add(struct text *t, const char *colour, double x, double y,
    double width, double height)
{
	text_addf(t, "<rect class=\"%s\" x=\"", colour);
	html_number(t, x);
	text_add(t, "\" y=\"");
	html_number(t, y);
	text_add(t, "\" width=\"");
	html_number(t, width);
	text_add(t, "\" height=\"");
	html_number(t, height);
	text_add(t, "\"");
}

/* The whole height of a place: shows its numbers. */
static void
hit_add(struct text *t, double x, double width, const char *title)
{
	double left = x < 0 ? 0 : x;

	rect_add(t, "hit", left, 0, (x + width > WIDE ? WIDE : x + width) -
	    left, HIGH);
	text_add(t, "><title>");
	html_add(t, title);
	text_add(t, "</title></rect>");
}

/* A column from `base` up; what is small is still to be seen. */
static double
column_add(struct text *t, const char *colour, const double place[2],
    double base, double height)
{
	if (height <= 0)
		return base;
	height = height < 0.7 ? 0.7 : height;
	rect_add(t, colour, place[0], base - height < 0 ? 0 : base - height,
	    place[1], height);
	text_add(t, "/>");
	return base - height;
}

static void
chart_begin(const struct style *s, struct text *t, const char *label,
    int64_t top)
{
	text_addf(t, "<div class=\"axis up\" aria-hidden=\"true\">"
	    "<span>%s</span><span>%s</span><span>0</span></div>\n",
	    style_number(s, top), style_number(s, top / 2));
	text_add(t, "<svg viewBox=\"0 0 1000 100\" "
	    "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"");
	html_add(t, label);
	text_add(t, "\"><path class=\"lines\" d=\"M0 .5H1000M0 50H1000"
	    "M0 99.5H1000\"/>");
}

/* A word below the chart, at a part of its width. */
static void
label_add(struct text *t, const char *class, double part, const char *word)
{
	text_addf(t, "<span class=\"%s\" style=\"left:", class);
	html_number(t, part * 100);
	text_add(t, "%\">");
	html_add(t, word);
	text_add(t, "</span>");
}

static void
labels_begin(struct text *t)
{
	text_add(t, "</svg>\n<div class=\"axis along\" "
	    "aria-hidden=\"true\">");
}

/* --- tables ---------------------------------------------------------- */

void
table_begin(struct text *t, const char *label, const char *summary,
    const char *const *headings)
{
	if (summary != NULL) {
		text_add(t, "<details><summary>");
		html_add(t, summary);
		text_add(t, "</summary>");
	}
	text_add(t, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
	    "aria-label=\"");
	html_add(t, label);
	text_add(t, "\"><table><thead><tr>");
	for (size_t i = 0; headings[i] != NULL; i++) {
		text_addf(t, "<th scope=\"col\"%s>", i > 0 ?
		    " class=\"n\"" : "");
		html_add(t, headings[i]);
		text_add(t, "</th>");
	}
	text_add(t, "</tr></thead><tbody>\n");
}

void
table_end(struct text *t, bool folded)
{
	text_addf(t, "</tbody></table></div>%s\n", folded ? "</details>" :
	    "");
}

static void
row_begin(struct text *t, const char *name)
{
	text_add(t, "<tr><th scope=\"row\">");
	html_add(t, name);
	text_add(t, "</th>");
}

static void
cell_add(const struct style *s, struct text *t, int64_t n)
{
	text_addf(t, "<td class=\"n\">%s</td>", style_number(s, n));
}

/* --- users by month -------------------------------------------------- */

static double
x_of(size_t i, size_t count)
{
	return count < 2 ? 0 : WIDE * (double)i / (double)(count - 1);
}

static void
curve_add(struct text *t, const struct facts_growth *g, int64_t top)
{
	text_add(t, "<path class=\"under\" d=\"M0 100");
	for (size_t i = 0; i < g->count; i++)
		point_add(t, 'L', x_of(i, g->count), y_of(g->point[i].users,
		    top));
	if (g->count == 1)
		point_add(t, 'L', WIDE, y_of(g->point[0].users, top));
	text_add(t, "L1000 100Z\"/><path class=\"curve\" d=\"");
	for (size_t i = 0; i < g->count; i++)
		point_add(t, i == 0 ? 'M' : 'L', x_of(i, g->count),
		    y_of(g->point[i].users, top));
	if (g->count == 1)
		text_add(t, "H1000");
	text_add(t, "\"/>");
}

static const char *
point_title(const struct style *s, const struct facts_point *p)
{
	return arena_printf(s->arena, "%s: %s, %s new, %s removed",
	    style_month(s, p->month), style_count(s, p->users, "user",
	    "users"), style_number(s, p->added), style_number(s,
	    p->removed));
}

static void
growth_labels(const struct style *s, const struct facts_growth *g,
    struct text *t)
{
	size_t labels = g->count < LABELS ? g->count : LABELS;

	labels_begin(t);
	for (size_t i = 0; i < labels; i++) {
		size_t at = labels < 2 ? 0 : i * (g->count - 1) /
		    (labels - 1);

		label_add(t, i == 0 ? "" : i == labels - 1 ? "end" :
		    i % 2 == 1 ? "mid odd" : "mid", x_of(at, g->count) / WIDE,
		    style_month(s, g->point[at].month));
	}
	text_add(t, "</div></div>\n");
}

static void
growth_table(const struct style *s, const struct facts_growth *g,
    struct text *t)
{
	const char *const headings[] = { g->step == 1 ? "Month" :
	    "Quarter to", "Users", "New", "Removed", NULL };

	table_begin(t, "Users, numbers", "The numbers", headings);
	for (size_t i = g->count; i-- > 0; ) {
		row_begin(t, style_month(s, g->point[i].month));
		cell_add(s, t, g->point[i].users);
		cell_add(s, t, g->point[i].added);
		cell_add(s, t, g->point[i].removed);
		text_add(t, "</tr>\n");
	}
	table_end(t, true);
}

void
chart_growth(const struct style *s, const struct facts_growth *g,
    struct text *t)
{
	double width = g->count < 2 ? 2 * WIDE : WIDE / (double)(g->count - 1);
	const struct facts_point *first = g->point;
	const struct facts_point *last = g->point + g->count - 1;
	int64_t most = 1, top;

	if (g->count == 0)
		return;
	for (size_t i = 0; i < g->count; i++)
		most = g->point[i].users > most ? g->point[i].users : most;
	top = top_of(most);
	text_add(t, "<div class=\"chart\">");
	chart_begin(s, t, arena_printf(s->arena, "Users by %s: %s in %s, %s "
	    "in %s", g->step == 1 ? "month" : "quarter", style_number(s,
	    first->users), style_month(s, first->month), style_number(s,
	    last->users), style_month(s, last->month)), top);
	curve_add(t, g, top);
	for (size_t i = 0; i < g->count; i++)
		hit_add(t, x_of(i, g->count) - width / 2, width,
		    point_title(s, &g->point[i]));
	growth_labels(s, g, t);
	growth_table(s, g, t);
}

void
chart_spark(const struct style *s, const struct facts_growth *g,
    struct text *t)
{
	int64_t most = 1;

	for (int i = 0; i < FACTS_SPARK; i++)
		most = g->spark[i] > most ? g->spark[i] : most;
	text_addf(t, "<svg class=\"spark\" viewBox=\"0 0 1000 100\" "
	    "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%s twelve "
	    "months ago, %s now\"><path class=\"curve\" d=\"",
	    style_number(s, g->spark[0]),
	    style_number(s, g->spark[FACTS_SPARK - 1]));
	for (size_t i = 0; i < FACTS_SPARK; i++)
		point_add(t, i == 0 ? 'M' : 'L', x_of(i, FACTS_SPARK),
		    y_of(g->spark[i], most));
	text_add(t, "\"/></svg>");
}

/* --- quota ----------------------------------------------------------- */

static void
bars_table(const struct style *s, const char *const headings[4],
    const char *const *labels, const struct facts_bars *b, struct text *t)
{
	int count = labels == login_labels ? FACTS_AGES : FACTS_BARS;
	int64_t all = 0;

	for (int i = 0; i < count; i++)
		all += b->bar[i];
	table_begin(t, headings[0], "The numbers", headings);
	for (int i = 0; i < count; i++) {
		row_begin(t, labels[i]);
		cell_add(s, t, b->bar[i]);
		text_addf(t, "<td class=\"n\">%" PRId64 " %%</td></tr>\n",
		    percent_of(b->bar[i], all));
	}
	table_end(t, true);
}

static void
quota_columns(const struct style *s, const struct facts_bars *b,
    int64_t top, struct text *t)
{
	const double width = WIDE / FACTS_BARS;

	for (int i = 0; i < FACTS_BARS; i++) {
		const double place[2] = { i * width + 4, width - 8 };

		column_add(t, i == FACTS_BARS - 1 ? "red" :
		    i == FACTS_BARS - 2 ? "amber" : "blue", place, HIGH,
		    (double)b->bar[i] * HIGH / (double)top);
		hit_add(t, i * width, width, arena_printf(s->arena,
		    "%s: %s", quota_labels[i], style_count(s, b->bar[i],
		    "user", "users")));
	}
	labels_begin(t);
	for (int i = 0; i < FACTS_BARS; i++)
		label_add(t, i % 2 == 1 ? "mid odd" : "mid", (i + 0.5) /
		    FACTS_BARS, i == FACTS_BARS - 1 ? "full" :
		    arena_printf(s->arena, "%d", i * 10));
	text_add(t, "</div></div>\n");
}

void
chart_quota(const struct style *s, const struct facts *f, struct text *t)
{
	static const char *const headings[] = { "Quota in use", "Users",
	    "Share", NULL };
	const struct facts_bars *b = &f->quota;
	int64_t most = 1, all = 0;

	for (int i = 0; i < FACTS_BARS; i++) {
		most = b->bar[i] > most ? b->bar[i] : most;
		all += b->bar[i];
	}
	text_add(t, "<div class=\"chart low\">");
	chart_begin(s, t, arena_printf(s->arena, "%s with a quota: %s use "
	    "less than a tenth of it, %s 90 %% or more, %s all of it",
	    style_count(s, all, "user", "users"), style_number(s, b->bar[0]),
	    style_number(s, b->bar[FACTS_BARS - 2]), style_number(s,
	    b->bar[FACTS_BARS - 1])), top_of(most));
	quota_columns(s, b, top_of(most), t);
	if (b->without > 0) {
		text_add(t, "<p class=\"more\">");
		html_add(t, without_quota_text(s, f));
		text_add(t, "</p>\n");
	}
	bars_table(s, headings, quota_labels, b, t);
}

/* --- bars ------------------------------------------------------------ */

void
chart_meter(struct text *t, const char *colour, double percent)
{
	text_add(t, "<span class=\"meter\" aria-hidden=\"true\">");
	if (percent > 0) {
		text_addf(t, "<i class=\"%s\" style=\"width:", colour);
		html_number(t, percent > 100 ? 100 : percent);
		text_add(t, "%\"></i>");
	}
	text_add(t, "</span>");
}

void
chart_logins(const struct style *s, const struct facts_bars *b,
    struct text *t)
{
	static const char *const headings[] = { "Last login", "Users",
	    "Share", NULL };
	int64_t most = 1;

	for (int i = 0; i < FACTS_AGES; i++)
		most = b->bar[i] > most ? b->bar[i] : most;
	text_add(t, "<ul class=\"bars\">\n");
	for (int i = 0; i < FACTS_AGES; i++) {
		text_addf(t, "<li><span>%s</span>", login_labels[i]);
		chart_meter(t, i < 3 ? "blue" : i < 5 ? "grey" : "amber",
		    (double)b->bar[i] * 100 / (double)most);
		text_addf(t, "<span class=\"number\">%s</span></li>\n",
		    style_number(s, b->bar[i]));
	}
	text_add(t, "</ul>\n");
	bars_table(s, headings, login_labels, b, t);
}

/* --- changes by day -------------------------------------------------- */

static int64_t
day_total(const struct facts_day *d)
{
	return d->added + d->changed + d->removed;
}

static const char *
day_title(const struct style *s, const struct facts_changes *c, int i)
{
	const struct facts_day *d = &c->day[i];

	return arena_printf(s->arena, "%s: %s added, %s changed, %s removed",
	    style_day(s, c->first + i), style_number(s, d->added),
	    style_number(s, d->changed), style_number(s, d->removed));
}

static void
day_columns(const struct style *s, const struct facts_changes *c,
    int64_t top, struct text *t)
{
	const double width = WIDE / FACTS_DAYS, unit = HIGH / (double)top;

	for (int i = 0; i < FACTS_DAYS; i++) {
		const struct facts_day *d = &c->day[i];
		const double place[2] = { i * width + 1, width - 2 };
		double base = HIGH;

		base = column_add(t, "blue", place, base,
		    (double)d->added * unit);
		base = column_add(t, "pale", place, base,
		    (double)d->changed * unit);
		column_add(t, "rust", place, base,
		    (double)d->removed * unit);
		if (day_total(d) > 0)
			hit_add(t, i * width, width, day_title(s, c, i));
	}
	labels_begin(t);
	for (int i = 0; i < LABELS; i++) {
		int at = i * (FACTS_DAYS - 1) / (LABELS - 1);

		label_add(t, i == 0 ? "" : i == LABELS - 1 ? "end" :
		    i % 2 == 1 ? "mid odd" : "mid", (at + 0.5) / FACTS_DAYS,
		    style_day(s, c->first + at));
	}
	text_add(t, "</div></div>\n");
}

static void
changes_table(const struct style *s, const struct facts_changes *c,
    struct text *t)
{
	static const char *const headings[] = { "Day", "Added", "Changed",
	    "Removed", NULL };

	table_begin(t, "Changes per day, numbers", "The numbers", headings);
	for (int i = FACTS_DAYS; i-- > 0; ) {
		if (day_total(&c->day[i]) == 0)
			continue;
		row_begin(t, style_day(s, c->first + i));
		cell_add(s, t, c->day[i].added);
		cell_add(s, t, c->day[i].changed);
		cell_add(s, t, c->day[i].removed);
		text_add(t, "</tr>\n");
	}
	table_end(t, true);
}

void
chart_changes(const struct style *s, const struct facts_changes *c,
    struct text *t)
{
	int64_t most = 1;

	if (c->peak == FIELD_NULL)
		return;
	for (int i = 0; i < FACTS_DAYS; i++)
		most = day_total(&c->day[i]) > most ?
		    day_total(&c->day[i]) : most;
	text_add(t, "<p class=\"key\"><span><i class=\"blue\"></i>added"
	    "</span><span><i class=\"pale\"></i>changed</span><span>"
	    "<i class=\"rust\"></i>removed</span></p>\n"
	    "<div class=\"chart low\">");
	chart_begin(s, t, arena_printf(s->arena, "%s in 90 days, at most %s "
	    "a day", style_count(s, c->total, "change", "changes"),
	    style_number(s, most)), top_of(most));
	day_columns(s, c, top_of(most), t);
	changes_table(s, c, t);
}
