/* Sections of the manual as plain text. */
#include "cmd/help/topic.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "cmd/help/doc.h"
#include "cmd/language/options.h"
#include "file/settings.h"
#include "model/check/check.h"
#include "model/dnscheck/dnscheck.h"
#include "model/verify/verify.h"

/* --- finding --------------------------------------------------------- */

static bool
has_topic(const struct block *section, const char *name)
{
	size_t len = strlen(name);

	for (const char *s = section->text; len > 0 && *s != '\0';) {
		size_t n = strcspn(s, " ");

		if (n == len && strncasecmp(s, name, len) == 0)
			return true;
		s += n + (s[n] == ' ');
	}
	return false;
}

/*
 * "change-a-password": one word is a topic of the section, and the others are
 * too, or are in its title.  The shortest do not count.
 */
static bool
has_topics(struct arena *a, const struct block *section, const char *words)
{
	bool any = false;

	for (const char *s = words; *s != '\0';) {
		size_t n = strcspn(s, "-");
		const char *word = arena_strndup(a, s, n);
		bool topic = has_topic(section, word);

		if (n > 2 && !topic && strcasestr(section->term, word) == NULL)
			return false;
		any = any || topic;
		s += n + (s[n] == '-');
	}
	return any;
}

const struct block *
topic_find(struct arena *a, const char *name)
{
	const struct block *b = manual_blocks;

	for (; b->kind != BLOCK_END; b++) {
		if (b->kind == BLOCK_SECTION && has_topic(b, name))
			return b;
	}
	for (b = manual_blocks; b->kind != BLOCK_END; b++) {
		if (b->kind == BLOCK_SECTION && has_topics(a, b, name))
			return b;
	}
	return NULL;
}

const char *
topic_name(struct arena *a, const struct block *section)
{
	return arena_strndup(a, section->text, strcspn(section->text, " "));
}

struct words
topic_names(struct arena *a, const struct block *page)
{
	const struct block *b = page != NULL ? page + 1 : manual_blocks;
	struct words names = { 0 };

	for (; b->kind != BLOCK_END; b++) {
		if (b->kind == BLOCK_PAGE && page != NULL)
			break;
		if (b->kind == BLOCK_SECTION)
			words_add(a, &names, topic_name(a, b));
	}
	return names;
}

struct words
topic_words(struct arena *a)
{
	struct words all = { 0 };

	for (const struct block *b = manual_blocks; b->kind != BLOCK_END;
	    b++) {
		const char *s = b->kind == BLOCK_SECTION ? b->text : "";

		while (*s != '\0') {
			size_t n = strcspn(s, " ");

			words_add(a, &all, arena_strndup(a, s, n));
			s += n + (s[n] == ' ');
		}
	}
	return all;
}

/* --- prose ----------------------------------------------------------- */

/* What the manual prints bold is between backquotes: here in quotes. */
static void
add_quoted(struct text *t, const char *s)
{
	for (; *s != '\0'; s++)
		text_add_char(t, *s == '`' ? '"' : *s);
}

/* The same without quotes. */
static void
add_plain(struct text *t, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s != '`')
			text_add_char(t, *s);
	}
}

static void
add_paragraph(struct text *t, const char *s)
{
	struct text plain = TEXT_INIT;

	add_quoted(&plain, s);
	text_add_char(t, '\n');
	doc_wrap(t, 0, 0, plain.buf);
	text_clear(&plain);
}

static void
add_item(struct text *t, const char *term, const char *s)
{
	struct text name = TEXT_INIT, help = TEXT_INIT;

	add_plain(&name, term);
	add_quoted(&help, s);
	doc_entry(t, name.buf, help.buf);
	text_clear(&name);
	text_clear(&help);
}

static void
add_code(struct text *t, const char *lines)
{
	text_add_char(t, '\n');
	while (*lines != '\0') {
		size_t n = strcspn(lines, "\n");

		text_addf(t, "    %.*s\n", (int)n, lines);
		lines += n + (lines[n] == '\n');
	}
}

/* --- tables ---------------------------------------------------------- */

static void
add_run_options(struct text *t)
{
	text_add_char(t, '\n');
	for (const struct arg *arg = run_args; arg->name != NULL; arg++)
		doc_arg(t, arg);
}

static void
add_place(struct text *t, const struct place *p)
{
	struct text help = TEXT_INIT;

	text_addf(&help, "in %s", p->file);
	if (strcmp(p->option, "-") != 0)
		text_addf(&help, ", or %s", p->option);
	text_addf(&help, "; precedence: %s", p->order);
	doc_entry(t, p->setting, help.buf);
	text_clear(&help);
}

static void
add_places(struct text *t)
{
	text_add_char(t, '\n');
	for (const struct place *p = manual_places; p->setting; p++)
		add_place(t, p);
}

static void
add_setting(struct text *t, const struct setting *s)
{
	struct text help = TEXT_INIT;

	add_quoted(&help, s->help);
	if (s->kind == SETTING_NUMBER)
		text_addf(&help, " (%" PRId64 " to %" PRId64 "%s%s; default: "
		    "%s)", s->min, s->max, s->unit ? " " : "",
		    s->unit ? s->unit : "", s->standard);
	else if (*s->standard != '\0')
		text_addf(&help, " (default: %s)", s->standard);
	doc_entry(t, s->name, help.buf);
	text_clear(&help);
}

static void
add_settings(struct text *t)
{
	text_add_char(t, '\n');
	for (const struct setting *s = settings_table; s->name; s++)
		add_setting(t, s);
}

static void
add_rules_of(struct text *t, const struct rule *rules)
{
	struct text help = TEXT_INIT;

	text_add_char(t, '\n');
	for (const struct rule *r = rules; r->id != NULL; r++) {
		text_cut(&help, 0);
		text_addf(&help, "%s: ", severity_names[r->severity]);
		add_quoted(&help, r->title);
		text_add(&help, ". Advice: ");
		add_quoted(&help, r->advice);
		doc_entry(t, r->id, help.buf);
	}
	text_clear(&help);
}

static void
add_rules(struct text *t)
{
	add_rules_of(t, check_rules);
}

static void
add_verify_rules(struct text *t)
{
	add_rules_of(t, verify_rules);
}

static void
add_dns_rules(struct text *t)
{
	add_rules_of(t, dnscheck_rules);
}

static void
add_statuses(struct text *t)
{
	struct text name = TEXT_INIT;

	text_add_char(t, '\n');
	for (int i = 0; i < ERR_CODES; i++) {
		text_cut(&name, 0);
		text_addf(&name, "%d", err_kinds[i].status);
		if (err_kinds[i].name != NULL)
			text_addf(&name, " (%s)", err_kinds[i].name);
		add_item(t, name.buf, err_kinds[i].meaning);
	}
	text_clear(&name);
}

static void
add_synopsis(struct text *t)
{
	add_code(t, manual_synopsis);
}

static void
add_commands(struct text *t)
{
	text_add_char(t, '\n');
	doc_commands(t, NULL);
}

/* The sections of the page that are behind `b`. */
static void
add_entries(struct text *t, const struct block *b)
{
	struct arena a = { 0 };

	text_add_char(t, '\n');
	for (b++; b->kind != BLOCK_PAGE && b->kind != BLOCK_END; b++) {
		if (b->kind == BLOCK_SECTION)
			doc_entry(t, topic_name(&a, b), b->term);
	}
	arena_clear(&a);
}

/* --- a section ------------------------------------------------------- */

static void
add_block(struct text *t, const struct block *b)
{
	static void (*const generated[])(struct text *) = {
		[BLOCK_SYNOPSIS] = add_synopsis,
		[BLOCK_RUN_OPTIONS] = add_run_options,
		[BLOCK_COMMANDS] = add_commands,
		[BLOCK_PLACES] = add_places,
		[BLOCK_SETTINGS] = add_settings,
		[BLOCK_RULES] = add_rules,
		[BLOCK_VERIFY_RULES] = add_verify_rules,
		[BLOCK_DNS_RULES] = add_dns_rules,
		[BLOCK_STATUSES] = add_statuses,
	};

	switch (b->kind) {
	case BLOCK_TEXT:
		add_paragraph(t, b->text);
		break;
	case BLOCK_ITEM:
		if (b[-1].kind != BLOCK_ITEM)
			text_add_char(t, '\n');
		add_item(t, b->term, b->text);
		break;
	case BLOCK_CODE:
		add_code(t, b->text);
		break;
	case BLOCK_ENTRIES:
		add_entries(t, b);
		break;
	default:
		generated[b->kind](t);
	}
}

void
topic_add(struct text *t, const struct block *section)
{
	text_addf(t, "%s\n", section->term);
	for (const struct block *b = section + 1; !block_ends_section(b); b++)
		add_block(t, b);
}
