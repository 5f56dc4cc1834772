/* What the files of the verifier share: rules, findings, settings, blocks. */
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "model/verify/private.h"

/* --- rules ----------------------------------------------------------- */

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

/* --- findings -------------------------------------------------------- */

/*
 * On a server that is not mailadm's, rendering or loading its grants would
 * stop mail that flows.
 */
static bool
is_for_ours(const char *advice)
{
	return strstr(advice, "config render") != NULL ||
	    strstr(advice, "mailadm check") != NULL ||
	    strstr(advice, "grants.sql") != NULL;
}

static const char *
advice_for(const struct verifying *v, enum verify_rule rule,
    const char *advice)
{
	if (advice == NULL)
		advice = verify_rules[rule].advice;
	if (v->server == VERIFY_SERVER_OURS ||
	    v->server == VERIFY_SERVER_NONE || !is_for_ours(advice))
		return advice;
	return verify_pages[rule].elsewhere != NULL ?
	    verify_pages[rule].elsewhere :
	    "correct it in the file that is named";
}

void
verify_found(struct verifying *v, enum verify_rule rule, const char *name,
    const char *advice, const char *fmt, ...)
{
	struct verify_at at = v->at;
	struct finding *f;
	va_list ap;

	v->at = (struct verify_at){ 0 };
	if (!v->runs[rule])
		return;
	va_start(ap, fmt);
	f = findings_addv(&v->findings, rule, name, advice_for(v, rule,
	    advice), fmt, ap);
	va_end(ap);
	if (f != NULL)
		verify_place(v, f, &at);
}

void
verify_at(struct verifying *v, struct verify_at at)
{
	v->at = at;
}

void
verify_unchecked(struct verifying *v, enum verify_rule rule, const char *why)
{
	findings_unchecked(&v->findings, rule, why);
}

void
verify_unchecked_all(struct verifying *v, unsigned needs, const char *why)
{
	findings_unchecked_all(&v->findings, needs, why);
}

/* --- settings -------------------------------------------------------- */

const char *
verify_path(const struct verifying *v, const char *path)
{
	const char *root = v->options->root, *below;

	if (root == NULL || *path != '/')
		return path;
	below = arena_printf(v->arena, "%s%s", root, path);
	return access(below, F_OK) == 0 ? below : path;
}

const char *
verify_argument_lost(const struct verifying *v,
    const struct postfix_service *s)
{
	struct words words = postfix_list(v->arena, s->arguments);

	for (size_t i = 0; i + 1 < words.count; i++) {
		const char *word = words.word[i + 1];

		if (strcmp(words.word[i], "-o") == 0 && *word != '{' &&
		    strchr(word, '=') == NULL)
			return word;
	}
	return NULL;
}

const char *
verify_postfix(const struct verifying *v, const char *name)
{
	return postfix_value(&v->postfix, NULL, name);
}

const char *
verify_dovecot(const struct verifying *v, const char *name)
{
	const char *value = dovecot_value(v->dovecot.root, name);

	return value != NULL ? value : "";
}

bool
verify_is_yes(const char *value)
{
	return strcasecmp(value, "yes") == 0;
}

bool
verify_has_word(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++) {
		if (strcasecmp(words->word[i], word) == 0)
			return true;
	}
	return false;
}

struct verify_map *
verify_map_find(const struct verifying *v, const char *word)
{
	struct verify_map *map = v->maps.item;

	for (size_t i = 0; i < v->maps.count; i++) {
		if (strcmp(map[i].word, word) == 0)
			return &map[i];
	}
	return NULL;
}

/* --- blocks of Dovecot ----------------------------------------------- */

const struct dovecot_block *
verify_block_next(const struct dovecot_block *b, const char *type)
{
	while (b != NULL && strcmp(b->type, type) != 0)
		b = b->next;
	return b;
}

/*
 * In 2.3 a block has a driver; in 2.4 its name is the driver, unless it has
 * one.
 */
static bool
is_sql(const struct dovecot_block *b)
{
	const char *driver = dovecot_value(b, "driver");

	return strcmp(driver != NULL ? driver : b->name, "sql") == 0;
}

const struct dovecot_block *
verify_sql_block(const struct verifying *v, const char *type)
{
	const struct dovecot_block *b = v->dovecot.root->child;

	while ((b = verify_block_next(b, type)) != NULL && !is_sql(b))
		b = b->next;
	return b;
}

bool
verify_dovecot_asks_sql(const struct verifying *v)
{
	return verify_sql_block(v, "passdb") != NULL ||
	    verify_sql_block(v, "userdb") != NULL;
}
