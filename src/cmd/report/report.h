/*
 * The report: the same facts as text, as an object of JSON, and as a page.
 *
 * The page is one file without scripts, which loads nothing.
 */
#ifndef CMD_REPORT_REPORT_H
#define CMD_REPORT_REPORT_H

#include "base/text.h"
#include "model/report/facts.h"

/* --- words that the text and the page share: words.c ----------------- */

/* How numbers are written, and what becomes of text from data. */
struct style {
	struct arena *arena;
	const char *thousands;	/* between groups of digits */
	const char *unit;	/* between a size and its unit */
};

const char *style_number(const struct style *s, int64_t n);
const char *style_size(const struct style *s, int64_t bytes);

/* "1 user", "2 000 users". */
const char *style_count(const struct style *s, int64_t n, const char *one,
    const char *many);

/* A hundredth of the whole, rounded; 0 of nothing. */
int64_t percent_of(int64_t part, int64_t whole);

/* "Nov 2026" of a month, "28 Nov" of a day since 1970. */
const char *style_month(const struct style *s, int64_t month);
const char *style_day(const struct style *s, int64_t day);

/* "28 November 2026, 06:00 UTC", and "27 Nov 16:02". */
const char *style_time(const struct style *s, int64_t seconds);
const char *style_short_time(const struct style *s, int64_t seconds);

/* A number of the head of the report. */
struct tile {
	const char *title;
	const char *value;	/* NULL: not known */
	const char *detail;	/* what it means, or why it is not known */
	int64_t percent;	/* of a meter; -1: none */
	bool warns;		/* it is more than 0, and should not be */
};

#define TILES 6
void tiles_make(const struct style *s, const struct facts *f,
    struct tile tiles[static TILES]);

/* "2 errors, 4 warnings, 1 note", or that there are none. */
const char *verdict_text(const struct style *s, const struct facts *f);
enum severity verdict_worst(const struct facts *f);
bool verdict_is_fine(const struct facts *f);

/* Why a checker leaves something open; NULL: it does not. */
const char *unchecked_text(const struct style *s,
    const struct facts_checker *c);

/* Those that are not among the first ones; NULL: none. */
const char *finding_more(const struct style *s,
    const struct facts_finding *f);
const char *findings_left(const struct style *s, const struct facts *f,
    enum severity severity);

/* One sentence for each card, or why there is none. */
const char *growth_text(const struct style *s, const struct facts *f);
const char *changes_text(const struct style *s, const struct facts *f);
const char *without_quota_text(const struct style *s, const struct facts *f);

extern const char *const quota_labels[FACTS_BARS];
extern const char *const login_labels[FACTS_AGES];
extern const char *const severity_marks[SEVERITIES];

/* "user anna@example.com changed: quota 1G -> 2G", "and 141 more". */
const char *change_text(const struct style *s, const struct facts_change *c);
const char *change_more(const struct style *s, const struct facts_change *c);

/* Missing mail for a role that RFC 2142 wants. */
bool role_is_missing(const struct facts_roles_row *row, enum facts_role role);

/* --- the forms ------------------------------------------------------- */

void report_text(struct arena *a, const struct facts *f, struct text *t);
void report_json(const struct facts *f, bool lines, struct text *t);
bool report_page(struct arena *a, const struct facts *f, struct text *t,
    struct err *e);

#endif
