/* The words of the report: numbers, times, sentences of its cards. */
#include <inttypes.h>
#include <string.h>

#include "base/sentence.h"
#include "base/size.h"
#include "base/time.h"
#include "cmd/report/report.h"

static const char *const months[] = {
	"January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December"
};

const char *const quota_labels[FACTS_BARS] = {
	"0 to 9 %", "10 to 19 %", "20 to 29 %", "30 to 39 %", "40 to 49 %",
	"50 to 59 %", "60 to 69 %", "70 to 79 %", "80 to 89 %",
	"90 to 99 %", "full"
};

const char *const login_labels[FACTS_AGES] = {
	"last 24 hours", "last 7 days", "last 30 days", "1 to 3 months",
	"3 to 12 months", "over a year", "never"
};

const char *const severity_marks[SEVERITIES] = {
	[SEVERITY_NOTE] = "i",
	[SEVERITY_WARNING] = "!",
	[SEVERITY_ERROR] = "\u2715",
};

/* --- numbers and times ----------------------------------------------- */

const char *
style_number(const struct style *s, int64_t n)
{
	char *digits = arena_printf(s->arena, "%" PRId64, n);
	const char *text = "";
	size_t len;

	for (len = strlen(digits); len > 3 && n >= 1000; len -= 3) {
		text = arena_printf(s->arena, "%s%s%s", s->thousands,
		    digits + len - 3, text);
		digits[len - 3] = '\0';
	}
	return arena_printf(s->arena, "%s%s", digits, text);
}

const char *
style_size(const struct style *s, int64_t bytes)
{
	char text[SIZE_SHORT];
	size_t digits;

	size_short(text, bytes);
	digits = strspn(text, "0123456789.");
	return arena_printf(s->arena, "%.*s%s%s", (int)digits, text, s->unit,
	    text[digits] != '\0' ? text + digits : "B");
}

const char *
style_count(const struct style *s, int64_t n, const char *one,
    const char *many)
{
	return arena_printf(s->arena, "%s %s", style_number(s, n),
	    n == 1 ? one : many);
}

int64_t
percent_of(int64_t part, int64_t whole)
{
	return whole <= 0 ? 0 : (int64_t)((double)part * 100 /
	    (double)whole + 0.5);
}

const char *
style_month(const struct style *s, int64_t month)
{
	return arena_printf(s->arena, "%.3s %" PRId64, months[month % 12],
	    month / 12);
}

/* The parts of a time: those of time_format(), by their place. */
static int
two(const char *at)
{
	return (at[0] - '0') * 10 + at[1] - '0';
}

const char *
style_day(const struct style *s, int64_t day)
{
	char at[TIME_TEXT];

	time_format(at, day * 86400);
	return arena_printf(s->arena, "%d %.3s", two(at + 8),
	    months[two(at + 5) - 1]);
}

const char *
style_time(const struct style *s, int64_t seconds)
{
	char at[TIME_TEXT];

	time_format(at, seconds);
	return arena_printf(s->arena, "%d %s %.4s, %.5s UTC", two(at + 8),
	    months[two(at + 5) - 1], at, at + 11);
}

const char *
style_short_time(const struct style *s, int64_t seconds)
{
	char at[TIME_TEXT];

	time_format(at, seconds);
	return arena_printf(s->arena, "%s %.5s", style_day(s,
	    seconds / 86400), at + 11);
}

/* --- the head -------------------------------------------------------- */

static struct tile
tile_of(const struct style *s, const struct facts_count *count,
    const char *title, const char *detail)
{
	return (struct tile){ .title = title, .percent = -1,
	    .value = count->why != NULL ? NULL : style_number(s,
		count->of.number),
	    .detail = count->why != NULL ? count->why : arena_printf(s->arena,
		"%s %s", style_number(s, count->of.part), detail) };
}

static struct tile
tile_stored(const struct style *s, const struct facts_mail *m)
{
	struct tile tile = { .title = "Mail stored", .percent = -1,
	    .detail = m->why };

	if (m->why != NULL)
		return tile;
	tile.value = style_size(s, m->stored);
	tile.detail = "no user has a quota";
	if (m->granted > 0) {
		tile.percent = percent_of(m->limited, m->granted);
		tile.detail = arena_printf(s->arena, "%" PRId64 " %% of %s "
		    "granted", tile.percent, style_size(s, m->granted));
	}
	return tile;
}

static struct tile
tile_active(const struct style *s, const struct facts *f)
{
	const struct facts_bars *b = &f->logins;
	int64_t active = b->bar[0] + b->bar[1] + b->bar[2], all = 0;
	struct tile tile = { .title = "Active in 30 days", .percent = -1,
	    .detail = b->why };

	if (b->why != NULL)
		return tile;
	for (int i = 0; i < FACTS_AGES; i++)
		all += b->bar[i];
	tile.value = style_number(s, active);
	tile.percent = percent_of(active, all);
	tile.detail = arena_printf(s->arena, "%" PRId64 " %% of all users",
	    tile.percent);
	return tile;
}

static struct tile
tile_full(const struct style *s, const struct facts_bars *b)
{
	int64_t full = b->bar[FACTS_BARS - 1] + b->bar[FACTS_BARS - 2];

	return (struct tile){ .title = "Nearly full", .percent = -1,
	    .value = b->why != NULL ? NULL : style_number(s, full),
	    .detail = b->why != NULL ? b->why : "use 90 % of their quota or "
		"more", .warns = full > 0 };
}

void
tiles_make(const struct style *s, const struct facts *f,
    struct tile tiles[static TILES])
{
	tiles[0] = tile_of(s, &f->users, "Users", "new this month");
	tiles[1] = tile_of(s, &f->domains, "Domains", "new in seven days");
	tiles[2] = tile_of(s, &f->aliases, "Aliases", "lead to other servers");
	tiles[3] = tile_stored(s, &f->mail);
	tiles[4] = tile_active(s, f);
	tiles[5] = tile_full(s, &f->quota);
}

/* --- findings -------------------------------------------------------- */

bool
verdict_is_fine(const struct facts *f)
{
	for (int i = 0; i < FACTS_CHECKERS; i++) {
		const struct facts_checker *c = &f->findings.checker[i];

		if (c->why != NULL || c->report.unchecked.count > 0)
			return false;
	}
	return f->findings.found[SEVERITY_ERROR] == 0 &&
	    f->findings.found[SEVERITY_WARNING] == 0;
}

enum severity
verdict_worst(const struct facts *f)
{
	return f->findings.found[SEVERITY_ERROR] > 0 ? SEVERITY_ERROR :
	    verdict_is_fine(f) ? SEVERITY_NOTE : SEVERITY_WARNING;
}

const char *
unchecked_text(const struct style *s, const struct facts_checker *c)
{
	const struct report *r = &c->report;

	if (c->why != NULL)
		return arena_printf(s->arena, "mailadm %s did not run: %s",
		    c->command, c->why);
	if (r->unchecked.count == 0)
		return NULL;
	return arena_printf(s->arena, "mailadm %s could not check %s: %s",
	    c->command, sentence_list(s->arena, &r->unchecked),
	    r->unchecked_why);
}

static int64_t
unchecked_count(const struct facts *f)
{
	int64_t count = 0;

	for (int i = 0; i < FACTS_CHECKERS; i++)
		count += (int64_t)
		    f->findings.checker[i].report.unchecked.count;
	return count;
}

const char *
verdict_text(const struct style *s, const struct facts *f)
{
	struct words parts = { 0 };
	int64_t unchecked = unchecked_count(f);

	for (int i = SEVERITIES - 1; i >= 0; i--) {
		int64_t n = f->findings.found[i];

		if (n > 0)
			words_add(s->arena, &parts, style_count(s, n,
			    severity_names[i], arena_printf(s->arena, "%ss",
			    severity_names[i])));
	}
	if (parts.count == 0)
		words_add(s->arena, &parts, "no problems found");
	if (unchecked > 0)
		words_add(s->arena, &parts, arena_printf(s->arena,
		    "%s not checked", style_count(s, unchecked, "rule",
		    "rules")));
	for (int i = 0; i < FACTS_CHECKERS; i++) {
		const struct facts_checker *c = &f->findings.checker[i];

		if (c->why != NULL)
			words_add(s->arena, &parts, arena_printf(s->arena,
			    "mailadm %s did not run", c->command));
	}
	return words_joined(s->arena, &parts, ", ");
}

const char *
finding_more(const struct style *s, const struct facts_finding *f)
{
	return f->more == 0 ? NULL : arena_printf(s->arena,
	    "%s more of %s: %s", style_number(s, f->more), f->of->rule,
	    f->command);
}

const char *
findings_left(const struct style *s, const struct facts *f,
    enum severity severity)
{
	int64_t left = f->findings.left[severity];

	return left == 0 ? NULL : arena_printf(s->arena, "%s of other rules: "
	    "mailadm check, mailadm config verify", style_count(s, left,
	    severity_names[severity], arena_printf(s->arena, "%ss",
	    severity_names[severity])));
}

/* --- sentences of the cards ------------------------------------------ */

const char *
growth_text(const struct style *s, const struct facts *f)
{
	const struct facts_growth *g = &f->growth;
	int64_t users = g->count > 0 ? g->point[g->count - 1].users : 0;

	return arena_printf(s->arena, "%s now, %s new in twelve months%s%s",
	    style_number(s, users), style_number(s, g->year),
	    g->gone_why != NULL ? ", without those who were removed: " : "",
	    g->gone_why != NULL ? g->gone_why : "");
}

const char *
changes_text(const struct style *s, const struct facts *f)
{
	const struct facts_changes *c = &f->changes;

	if (c->peak == FIELD_NULL)
		return "nothing was changed in 90 days";
	return arena_printf(s->arena, "%s in 90 days; most on %s: %s %s",
	    style_number(s, c->total), style_day(s, c->peak),
	    style_count(s, c->most.number, c->most.kind,
	    strcmp(c->most.kind, "alias") == 0 ? "aliases" :
	    arena_printf(s->arena, "%ss", c->most.kind)),
	    c->most.action);
}

const char *
without_quota_text(const struct style *s, const struct facts *f)
{
	return f->quota.without == 0 ? NULL : arena_printf(s->arena,
	    "%s without a quota", style_count(s, f->quota.without, "user",
	    "users"));
}

const char *
change_text(const struct style *s, const struct facts_change *c)
{
	return arena_printf(s->arena, "%s %s %s%s%s", c->row.kind,
	    c->row.name, c->row.action, c->row.summary != NULL ? ": " : "",
	    c->row.summary != NULL ? c->row.summary : "");
}

const char *
change_more(const struct style *s, const struct facts_change *c)
{
	return c->number == 1 ? NULL : arena_printf(s->arena, "and %s more",
	    style_count(s, c->number - 1, "row", "rows"));
}

bool
role_is_missing(const struct facts_roles_row *row, enum facts_role role)
{
	return row->ends[role] == NULL && (role == ROLE_POSTMASTER ||
	    role == ROLE_ABUSE);
}
