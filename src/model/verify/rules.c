/* The table of the verifier's rules, from rules.def. */
#include <stdint.h>

#include "model/verify/private.h"

#define E SEVERITY_ERROR
#define W SEVERITY_WARNING
#define N SEVERITY_NOTE

/* What rules need to see. */
#define P VERIFY_POSTFIX
#define D VERIFY_DOVECOT
#define MAP (P | VERIFY_MAP_FILE)
#define QUERY (P | VERIFY_MAP_FILE | VERIFY_SQL_FILE)
#define ANSWER (QUERY | VERIFY_ANSWER)

/* Advice that several rules give. */
#define RENDER_POSTFIX VERIFY_RENDER("postfix")
#define RENDER_DOVECOT VERIFY_RENDER("dovecot")
#define RENDER_FILTER VERIFY_RENDER("filter")
#define GRANTS "mailadm config render grants --out /; mariadb "		\
    "</etc/mailadm/grants.sql"

#define RULE(name, id, severity, result, ...)				\
	[name] = { id, severity, __VA_ARGS__,				\
	    .consequence = VERIFY_##result },

const struct rule verify_rules[] = {
#include "model/verify/rules.def"
	[VERIFY_RULES] = { NULL }
};

#define PAGE(name, ...) [name] = { __VA_ARGS__ },

const struct verify_page verify_pages[] = {
#include "model/verify/pages.def"
	[VERIFY_RULES] = { NULL, NULL, NULL }
};

static const char *const consequences[] = {
#define CONSEQUENCE(name, text) [VERIFY_##name] = text,
	VERIFY_CONSEQUENCES(CONSEQUENCE)
#undef CONSEQUENCE
};

/* More of them are not read. */
#define CONSEQUENCES_SAID 3

/* Of what is this bad; a bit for each. */
static uint32_t
consequences_of(const struct report *r, enum severity level)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < r->count; i++) {
		if (r->finding[i].level == level)
			bits |= UINT32_C(1) << r->finding[i].consequence;
	}
	return bits;
}

const char *
verify_means(const struct verifying *v)
{
	const struct report *r = v->findings.report;
	enum severity level = r->found[SEVERITY_ERROR] > 0 ? SEVERITY_ERROR :
	    r->found[SEVERITY_WARNING] > 0 ? SEVERITY_WARNING : SEVERITY_NOTE;
	const uint32_t stops = UINT32_C(1) << VERIFY_STOPS |
	    UINT32_C(1) << VERIFY_NOT_YET;
	uint32_t bits = consequences_of(r, level);
	const char *means = v->has_postfix && !(bits & stops) ?
	    "mail flows" : "";
	int said = 0;

	for (int i = 0; i < VERIFY_CONSEQUENCE_COUNT; i++) {
		if (level == SEVERITY_NOTE || !(bits & UINT32_C(1) << i) ||
		    said++ == CONSEQUENCES_SAID)
			continue;
		means = arena_printf(v->arena, "%s%s%s", means,
		    *means != '\0' ? ", " : "", consequences[i]);
	}
	return r->count > 0 && *means != '\0' ? means : NULL;
}
