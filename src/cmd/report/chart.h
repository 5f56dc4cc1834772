/*
 * The charts of the page: shapes in SVG, and words around them in HTML, so
 * that the words keep their size when the shapes are narrow.  Below each are
 * its numbers, as a table.
 */
#ifndef CMD_REPORT_CHART_H
#define CMD_REPORT_CHART_H

#include "cmd/report/report.h"

void chart_growth(const struct style *s, const struct facts_growth *g,
    struct text *t);
void chart_spark(const struct style *s, const struct facts_growth *g,
    struct text *t);
void chart_quota(const struct style *s, const struct facts *f,
    struct text *t);
void chart_logins(const struct style *s, const struct facts_bars *b,
    struct text *t);
void chart_changes(const struct style *s, const struct facts_changes *c,
    struct text *t);

/* A bar that is so full; colour: a class of the style sheet. */
void chart_meter(struct text *t, const char *colour, double percent);

/* What a table of numbers begins and ends with; headings end with NULL. */
void table_begin(struct text *t, const char *label, const char *summary,
    const char *const *headings);
void table_end(struct text *t, bool folded);

#endif
