/* The completion engine: a line, what is known, and what is offered. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "cmd/language/complete.h"
#include "cmd/help/next.h"
#include "cmd/language/parse.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A database of a few names. */
static const char *const known[NAMES_KINDS][6] = {
	[NAMES_DOMAIN] = { "example.com", "example.org", "other.net" },
	[NAMES_USER] = { "anna@example.com", "anna@example.org",
	    "bo@example.com", "o'neil@example.com" },
	[NAMES_ALIAS] = { "@example.org", "info@example.com",
	    "sales@example.com", "x--y=z@example.net", "x=y@example.net" },
	/* with the domain whose keys they are of */
	[NAMES_SELECTOR] = { "2024r@example.com", "2026e@example.com",
	    "2026r@example.com", "mail@example.org" },
	[NAMES_SELECTOR_USED] = { "2026e@example.com", "2026r@example.com" },
};

static void
find(void *arg, struct arena *a, enum names_kind kind, const char *domain,
    const char *begun, struct names_found *found)
{
	size_t *asked = arg;

	++*asked;
	for (size_t i = 0; known[kind][i] != NULL; i++) {
		const char *name = known[kind][i], *at = strchr(name, '@');

		if (strncmp(name, begun, strlen(begun)) == 0 &&
		    (domain == NULL || strcmp(at + 1, domain) == 0))
			words_add(a, &found->names, kind >= NAMES_SELECTOR ?
			    arena_strndup(a, name, (size_t)(at - name)) :
			    name);
	}
}

static const char *
offered(struct arena *a, const char *line, const char *domain, bool shell,
    size_t *asked)
{
	static const char *topic[] = { "exit-status", "passwords", NULL };
	const struct words topics = { topic, 2 };
	const struct completion c = { .shell = shell, .domain = domain,
	    .names = find, .arg = asked, .topics = &topics };
	struct candidates found;
	struct words before;
	const char *begun, *text = "";
	size_t start;

	words_split_open(a, line, strlen(line), &before, &begun, &start);
	found = complete(&c, a, &before, begun);
	for (size_t i = 0; i < found.words.count; i++)
		text = arena_printf(a, "%s%s%s", text, i > 0 ? " " : "",
		    found.words.word[i]);
	return found.files ? "//file" : text;
}

struct row {
	const char *line;
	const char *domain;
	const char *offered;
};

static const struct row rows[] = {
	/* words of commands */
	{ "dom", NULL, "domain" },
	{ "user re", NULL, "rename remove revoke" },
	{ "us re", NULL, "rename remove revoke" },
	{ "nonsense ", NULL, "" },
	{ "help us", NULL, "user use" },
	{ "help user pa", NULL, "passwd" },
	{ "help pa", NULL, "passwords" },
	{ "help ex", NULL, "export exit-status" },
	{ "help user ex", NULL, "" },
	/* names that exist */
	{ "domain show ", NULL, "example.com example.org other.net" },
	{ "domain show ot", NULL, "other.net" },
	{ "user show an", NULL, "anna@example.com anna@example.org" },
	{ "us sh b", NULL, "bo@example.com" },
	{ "user show anna@example.o", NULL, "anna@example.org" },
	{ "user disable bo@example.com an", NULL,
	    "anna@example.com anna@example.org" },
	{ "alias show ", NULL,
	    "@example.org info@example.com sales@example.com "
	    "x--y=z@example.net x=y@example.net" },
	{ "alias show @", NULL, "@example.org" },
	{ "user show o", NULL, "o'neil@example.com" },
	{ "user show 'o", NULL, "o'neil@example.com" },
	{ "user show zz", NULL, "" },
	/* names that are not there yet: the local part, then the domains */
	{ "user add ", NULL, "" },
	{ "user add carl", NULL,
	    "carl@example.com carl@example.org carl@other.net" },
	{ "user add carl@ot", NULL, "carl@other.net" },
	{ "user add @", NULL, "" },
	{ "user rename an", NULL, "anna@example.com anna@example.org" },
	{ "user rename anna@example.com ek@ot", NULL, "ek@other.net" },
	{ "domain add ", NULL, "" },
	{ "alias add inf", NULL,
	    "info@example.com inf@example.com inf@example.org "
	    "inf@other.net" },
	{ "alias add @ex", NULL, "@example.org @example.com" },
	{ "alias add info@example.com s", NULL, "sales@example.com" },
	/* the domain in use */
	{ "user show ", "example.com", "anna bo o'neil" },
	{ "user show a", "example.com", "anna" },
	{ "user show anna@", "example.com",
	    "anna@example.com anna@example.org" },
	{ "user add carl", "example.com", "carl" },
	{ "user add carl@ot", "example.com", "carl@other.net" },
	{ "alias show ", "example.org", "@example.org" },
	{ "alias add info b", "example.com", "bo" },
	{ "domain show ot", "example.com", "other.net" },
	/* patterns are about the command's noun */
	{ "user list b", NULL, "bo@example.com" },
	{ "alias list s", NULL, "sales@example.com" },
	{ "domain list o", NULL, "other.net" },
	{ "find b", NULL, "bo@example.com" },
	{ "dkim list o", NULL, "other.net" },
	/* selectors are those of the domain before them */
	{ "dkim show example.com ", NULL, "2024r 2026e 2026r" },
	{ "dkim show Example.COM 2026", NULL, "2026e 2026r" },
	{ "dkim show example.org m", NULL, "mail" },
	{ "dkim show other.net ", NULL, "" },
	{ "dkim show 'no domain' ", NULL, "" },
	{ "dkim show example.com ", "example.org", "2024r 2026e 2026r" },
	{ "dkim activate example.com 20", NULL, "2026e 2026r" },
	{ "dkim activate --force example.com 20", NULL, "2026e 2026r" },
	{ "dkim retire example.com ", NULL, "2026e 2026r" },
	{ "dkim export example.com ", NULL, "2026e 2026r" },
	{ "dkim remove example.com ", NULL, "2024r 2026e 2026r" },
	{ "dkim remove example.com 2024r --f", NULL, "--force" },
	{ "dkim rotate example.com o", NULL, "other.net" },
	{ "dkim add example.com --selector ", NULL, "" },
	{ "dkim add example.com --algorithm ", NULL, "rsa ed25519" },
	{ "dkim add example.com --algorithm=e", NULL, "--algorithm=ed25519" },
	{ "dkim list --state ret", NULL, "retiring retired" },
	/* options, their values, and none twice */
	{ "user list --no", NULL, "--no-password" },
	{ "user list --no-password --no", NULL, "" },
	{ "user list --domain o", NULL, "other.net" },
	{ "user list --domain=o", NULL, "--domain=other.net" },
	{ "user list --output=j", NULL, "--output=json --output=jsonl" },
	/* "=" has a meaning behind --option only: -o=json is no format */
	{ "user list -o=j", NULL, "" },
	{ "user list -=j", NULL, "" },
	{ "alias show x=", NULL, "x=y@example.net" },
	{ "alias show x--y=", NULL, "x--y=z@example.net" },
	{ "user list -o c", NULL, "csv" },
	{ "user list --columns em", NULL, "email" },
	{ "user list --columns email,qu", NULL, "email,quota" },
	{ "user list --sort mod", NULL, "modified" },
	{ "user remove bo@example.com --replace-with an", NULL,
	    "anna@example.com anna@example.org" },
	{ "user add carl@example.com --password-file ", NULL, "//file" },
	{ "schema status ", NULL, "" },
	/* the shell's own */
	{ "set ", NULL, "output pager hints timing verbose" },
	{ "set timing ", NULL, "on off" },
	{ "set output j", NULL, "json jsonl" },
	{ "set output w", NULL, "wide" },
	{ "use o", NULL, "other.net" },
	{ "source ", NULL, "//file" },
};

static void
each_line_gets_its_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena a = { 0 };
		size_t asked = 0;
		const char *text = offered(&a, rows[i].line, rows[i].domain,
		    true, &asked);

		if (strcmp(text, rows[i].offered) != 0)
			fail_msg("\"%s\": \"%s\", not \"%s\"", rows[i].line,
			    text, rows[i].offered);
		arena_clear(&a);
	}
}

static void
only_names_ask_the_database(void **state)
{
	static const char *const lines[] = {
		"", "us", "user ", "user list --", "set ", "help ",
		"user list --output ", "user add "
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct arena a = { 0 };
		size_t asked = 0;

		offered(&a, lines[i], NULL, true, &asked);
		assert_int_equal(asked, 0);
		arena_clear(&a);
	}
}

/* Options of the run mean nothing behind a prompt, and the other way. */
static void
each_front_end_has_its_own(void **state)
{
	struct arena a = { 0 };
	size_t asked = 0;

	(void)state;
	assert_string_equal(offered(&a, "status --sock", NULL, false,
	    &asked), "--socket");
	assert_string_equal(offered(&a, "status --sock", NULL, true,
	    &asked), "");
	assert_string_equal(offered(&a, "comm", NULL, true, &asked),
	    "commit");
	assert_string_equal(offered(&a, "comm", NULL, false, &asked), "");
	assert_string_equal(offered(&a, "comp", NULL, true, &asked), "");
	arena_clear(&a);
}

static void
without_names_the_words_remain(void **state)
{
	const struct completion c = { .shell = true };
	struct words before = { 0 };
	struct arena a = { 0 };
	struct candidates found;

	(void)state;
	words_add(&a, &before, "user");
	words_add(&a, &before, "show");
	found = complete(&c, &a, &before, "an");
	assert_int_equal(found.words.count, 0);
	found = complete(&c, &a, &before, "--out");
	assert_int_equal(found.words.count, 1);
	arena_clear(&a);
}

/* The options of the run say where the names are. */
static void
a_line_says_where_to_look(void **state)
{
	struct run_options run;
	struct words before = { 0 };
	struct arena a = { 0 };

	(void)state;
	run_options_init(&run);
	words_add(&a, &before, "--socket=/tmp/s");
	words_add(&a, &before, "--database");
	words_add(&a, &before, "other");
	words_add(&a, &before, "user");
	words_add(&a, &before, "show");
	complete_options(&a, &before, &run);
	assert_string_equal(run.socket, "/tmp/s");
	assert_string_equal(run.database, "other");
	arena_clear(&a);
}

/* --- hints and help -------------------------------------------------- */

static const struct row hints[] = {
	{ "", NULL, "" },
	{ "user", NULL, " VERB" },
	{ "user add", NULL, " EMAIL" },
	{ "us ad ", NULL, "EMAIL" },
	{ "user add an", NULL, "" },
	{ "user list", NULL, " [PATTERN]" },
	{ "user list --domain ", NULL, "DOMAIN" },
	{ "user list --domain example.com", NULL, " [PATTERN]" },
	{ "user list --dom", NULL, "" },
	{ "alias add ", NULL, "ADDRESS DESTINATION..." },
	{ "alias add info@example.com ", NULL, "DESTINATION..." },
	{ "alias add info@example.com a@b.c ", NULL, "[DESTINATION...]" },
	{ "nonsense ", NULL, "" },
	{ "status ", NULL, "" },
};

static void
each_line_gets_its_hint(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hints); i++) {
		struct arena a = { 0 };
		struct words before;
		const char *begun, *hint;
		size_t start;

		words_split_open(&a, hints[i].line, strlen(hints[i].line),
		    &before, &begun, &start);
		hint = next_hint(&a, &before, begun);
		if (strcmp(hint, hints[i].offered) != 0)
			fail_msg("\"%s\": \"%s\", not \"%s\"", hints[i].line,
			    hint, hints[i].offered);
		arena_clear(&a);
	}
}

static const struct row helps[] = {
	{ "", NULL, "add, set, show" },
	{ "user ", NULL, "  passwd " },
	{ "user show ", NULL, "  EMAIL " },
	{ "domain list ", NULL, "  Return " },
	{ "domain list --output ", NULL, "  jsonl" },
	{ "nonsense ", NULL, "no such command" },
};

static void
each_line_gets_its_help(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(helps); i++) {
		struct text t = TEXT_INIT;
		struct arena a = { 0 };
		struct words before;
		const char *begun;
		size_t start;

		words_split_open(&a, helps[i].line, strlen(helps[i].line),
		    &before, &begun, &start);
		next_help(&t, &a, &before);
		if (strstr(t.buf, helps[i].offered) == NULL)
			fail_msg("\"%s\": %s", helps[i].line, t.buf);
		text_clear(&t);
		arena_clear(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_gets_its_words),
		cmocka_unit_test(only_names_ask_the_database),
		cmocka_unit_test(each_front_end_has_its_own),
		cmocka_unit_test(without_names_the_words_remain),
		cmocka_unit_test(a_line_says_where_to_look),
		cmocka_unit_test(each_line_gets_its_hint),
		cmocka_unit_test(each_line_gets_its_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
