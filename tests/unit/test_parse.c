/* From words to a command: one parser for argv, batch lines and the shell. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cmd/language/parse.h"
#include "cmd/language/usage.h"
#include "cmd/help/selfcheck.h"
#include "model/mail/domain.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct test {
	struct arena arena;
	struct parsed parsed;
	struct err err;
};

static int
setup(void **state)
{
	*state = calloc(1, sizeof(struct test));
	return *state == NULL;
}

static int
teardown(void **state)
{
	struct test *t = *state;

	err_clear(&t->err);
	arena_clear(&t->arena);
	free(t);
	return 0;
}

/* The line is split as in a batch. */
static bool
parse(struct test *t, const char *line, enum parse_mode mode)
{
	struct run_options options;
	struct words words;

	err_clear(&t->err);
	run_options_init(&options);
	assert_true(words_split(&t->arena, line, strlen(line), &words,
	    &t->err));
	return parse_words(&t->arena, &words, &options, mode, &t->parsed,
	    &t->err);
}

static const void *
slot(const struct test *t, const char *name)
{
	const struct arg *arg = arg_find(t->parsed.cmd->args, name,
	    strlen(name));

	assert_non_null(arg);
	return (const char *)t->parsed.args + arg->offset;
}

static const char *
text_of(const struct test *t, const char *name)
{
	return *(const char *const *)slot(t, name);
}

static int64_t
number_of(const struct test *t, const char *name)
{
	return *(const int64_t *)slot(t, name);
}

static bool
flag_of(const struct test *t, const char *name)
{
	return *(const bool *)slot(t, name);
}

static void
arguments_fill_their_slots(void **state)
{
	struct test *t = *state;

	assert_true(parse(t, "domain add Example.COM --quota 2G "
	    "--description='a b' --if-not-exists --max-users none",
	    PARSE_LINE));
	assert_string_equal(t->parsed.cmd->name, "domain add");
	assert_string_equal(text_of(t, "DOMAIN"), "example.com");
	assert_int_equal(number_of(t, "--quota"), (int64_t)2 << 30);
	assert_string_equal(text_of(t, "--description"), "a b");
	assert_true(flag_of(t, "--if-not-exists"));
	assert_int_equal(number_of(t, "--max-users"), FIELD_NULL);
	assert_int_equal(number_of(t, "--max-aliases"), VALUE_UNSET);
	assert_null(text_of(t, "--alias-of"));
}

static void
a_list_takes_all_the_words(void **state)
{
	struct test *t = *state;
	const struct words *to;

	assert_true(parse(t, "alias add info@a.org b@a.org --force c@a.org "
	    "d@a.org", PARSE_LINE));
	to = slot(t, "DESTINATION");
	assert_int_equal(to->count, 3);
	assert_string_equal(to->word[2], "d@a.org");
	assert_true(flag_of(t, "--force"));
}

static void
the_last_of_an_option_wins(void **state)
{
	struct test *t = *state;

	assert_true(parse(t, "domain list --limit 3 --limit=4", PARSE_LINE));
	assert_int_equal(number_of(t, "--limit"), 4);
}

static void
an_optional_value_needs_its_equals_sign(void **state)
{
	struct test *t = *state;

	assert_true(parse(t, "user add --generate a@a.org", PARSE_LINE));
	assert_string_equal(text_of(t, "EMAIL"), "a@a.org");
	assert_int_equal(number_of(t, "--generate"), 0);
	assert_true(parse(t, "user add a@a.org --generate=30", PARSE_LINE));
	assert_int_equal(number_of(t, "--generate"), 30);
	assert_false(parse(t, "user add a@a.org --generate 30", PARSE_LINE));
	assert_int_equal(t->err.code, ERR_USAGE);
}

static void
options_of_the_run_stand_anywhere(void **state)
{
	static const char *const lines[] = {
		"-o json -q --columns users domain list",
		"domain -ojson -q list --columns=users",
		"-qojson domain list --columns users",
		"domain list -qo json --columns users",
		"--output=json domain list --quiet --columns users",
	};
	struct test *t = *state;

	for (size_t i = 0; i < COUNT(lines); i++) {
		assert_true(parse(t, lines[i], PARSE_COMMAND_LINE));
		assert_string_equal(t->parsed.cmd->name, "domain list");
		assert_string_equal(t->parsed.options.output, "json");
		assert_string_equal(t->parsed.options.columns, "users");
		assert_true(t->parsed.options.quiet);
		assert_false(t->parsed.options.verbose);
	}
}

static void
some_options_are_for_the_start_alone(void **state)
{
	static const char *const lines[] = {
		"domain list --host h", "domain list --socket s", "-k", "-V",
		"domain list --show-sql", "-f x", "--check", "-c x",
		"domain list --color never", "domain list --database d",
		"user add a@a.org --password-stdin",
		"user passwd a@a.org --hash-stdin",
		"user verify a@a.org --password-stdin",
	};
	struct test *t = *state;

	for (size_t i = 0; i < COUNT(lines); i++) {
		assert_true(parse(t, lines[i], PARSE_COMMAND_LINE));
		assert_false(parse(t, lines[i], PARSE_LINE));
		assert_int_equal(t->err.code, ERR_USAGE);
	}
}

static void
words_behind_two_dashes_are_no_options(void **state)
{
	struct test *t = *state;

	assert_true(parse(t, "domain add --description -- a.org -- ",
	    PARSE_LINE));
	assert_string_equal(text_of(t, "--description"), "--");
	assert_true(parse(t, "domain list -- '*'", PARSE_LINE));
	assert_false(parse(t, "domain list -- --limit", PARSE_LINE) &&
	    number_of(t, "--limit") != VALUE_UNSET);
	assert_true(parse(t, "domain list -- -q", PARSE_LINE));
	assert_string_equal(text_of(t, "PATTERN"), "-q");
	assert_false(t->parsed.options.quiet);
}

static void
faults_are_named(void **state)
{
	static const struct {
		const char *line;
		enum err_code code;
		const char *says;	/* in text or hint */
	} cases[] = {
		{ "nonsense", ERR_USAGE, "unknown command (" },
		{ "domian list", ERR_USAGE, "unknown command: domian" },
		{ "domain", ERR_USAGE, "missing verb after domain" },
		{ "domain nonsense", ERR_USAGE, "command after domain" },
		{ "dom list", ERR_USAGE, "unknown command: dom" },
		{ "domain show", ERR_USAGE, "missing argument: DOMAIN" },
		{ "user add a@a.org secret", ERR_USAGE, "not accepted on" },
		{ "domain show a.org --nonsense", ERR_USAGE, "--nonsense" },
		{ "domain list --limti 3", ERR_USAGE, "mean --limit?" },
		{ "domain list --limit", ERR_USAGE, "--limit needs a value" },
		{ "domain list --inactive=yes", ERR_USAGE, "takes no value" },
		{ "domain list -x", ERR_USAGE, "unknown option: -x" },
		{ "domain list -qx", ERR_USAGE, "unknown option: -x" },
		{ "domain list -o", ERR_USAGE, "--output needs a value" },
		{ "domain list -o x", ERR_USAGE, "format \"x\" (table, wide" },
		{ "domain list --limit x", ERR_INVALID, "--limit: " },
		{ "domain list --limit ''", ERR_INVALID, "--limit: " },
		{ "domain add ''", ERR_INVALID, "domain" },
		{ "alias add a@a.org", ERR_USAGE, "argument: DESTINATION" },
		{ "domain list --columns a", ERR_USAGE, "columns: domain,ac" },
		{ "domain list --sort a", ERR_USAGE, "columns: domain,ac" },
		{ "user add a@a.org secret", ERR_USAGE, "not accepted" },
		{ "user add a@a.org --hash x", ERR_INVALID, "--hash: " },
	};
	struct test *t = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_false(parse(t, cases[i].line, PARSE_LINE));
		assert_int_equal(t->err.code, cases[i].code);
		assert_true(strstr(t->err.text, cases[i].says) != NULL ||
		    (t->err.hint != NULL &&
			strstr(t->err.hint, cases[i].says) != NULL));
	}
	assert_false(parse(t, "user add a@a.org secret", PARSE_LINE));
	assert_null(strstr(t->err.text, "secret"));
}

static void
unique_prefixes_are_for_the_shell(void **state)
{
	struct test *t = *state;

	assert_true(parse(t, "dom li", PARSE_SHELL));
	assert_string_equal(t->parsed.cmd->name, "domain list");
	assert_true(parse(t, "u v a@a.org", PARSE_SHELL));
	assert_string_equal(t->parsed.cmd->name, "user verify");
	assert_false(parse(t, "u r a@a.org", PARSE_SHELL));
	assert_int_equal(t->err.code, ERR_USAGE);
	assert_non_null(strstr(t->err.text, "rename, remove"));
	assert_false(parse(t, "dom li", PARSE_LINE));
	assert_false(parse(t, "domain list --lim 3", PARSE_SHELL));
}

static void
secrets_are_marked(void **state)
{
	struct test *t = *state;

	assert_true(parse(t, "user add a@a.org --no-password", PARSE_SHELL));
	assert_false(t->parsed.secret);
	assert_true(parse(t, "user passwd a@a.org --hash "
	    "'$5$saltsalt$gcV6kGXc9xVjBcnqbCyGBLJ6q0pu8tT8bHBcE7mm5R3'",
	    PARSE_SHELL) || t->err.code == ERR_INVALID);
	assert_true(t->parsed.secret);
}

static void
help_needs_no_arguments(void **state)
{
	struct test *t = *state;

	assert_true(parse(t, "user add --help", PARSE_LINE));
	assert_true(t->parsed.options.help);
	assert_string_equal(t->parsed.cmd->name, "user add");
	assert_true(parse(t, "-h", PARSE_COMMAND_LINE));
	assert_null(t->parsed.cmd);
}

/* Of every command: its example parses, its usage names its words. */
static void
every_command_is_whole(void **state)
{
	struct test *t = *state;

	assert_true(self_check_tables(&t->arena, &t->err));
	for (size_t i = 0; i < cmd_count(); i++) {
		const struct cmd *cmd = cmd_at(i);
		struct text usage = TEXT_INIT;

		assert_true(cmd_find(cmd->name) == cmd);
		assert_true(parse(t, cmd->example, PARSE_COMMAND_LINE));
		assert_true(t->parsed.cmd == cmd);
		usage_add(&usage, cmd);
		assert_non_null(strstr(usage.buf, cmd->name));
		for (const struct arg *arg = cmd->args; arg && arg->name;
		    arg++)
			assert_non_null(strstr(usage.buf, arg->name));
		text_clear(&usage);
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(arguments_fill_their_slots),
		T(a_list_takes_all_the_words),
		T(the_last_of_an_option_wins),
		T(an_optional_value_needs_its_equals_sign),
		T(options_of_the_run_stand_anywhere),
		T(some_options_are_for_the_start_alone),
		T(words_behind_two_dashes_are_no_options),
		T(faults_are_named),
		T(unique_prefixes_are_for_the_shell),
		T(secrets_are_marked),
		T(help_needs_no_arguments),
		T(every_command_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
