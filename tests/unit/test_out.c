/* What leaves the program, format by format, without a terminal or a file. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "print/out.h"

struct row {
	const char *name;
	bool active;
	int64_t number;
	int64_t size;
	int64_t quota;
	int64_t at;
};

static const struct field fields[] = {
	FIELD(struct row, name, FIELD_TEXT),
	FIELD(struct row, active, FIELD_FLAG),
	FIELD(struct row, number, FIELD_NUMBER),
	FIELD(struct row, size, FIELD_SIZE),
	FIELD(struct row, quota, FIELD_QUOTA),
	FIELD(struct row, at, FIELD_TIME),
	{ 0 }
};

static const struct row plain = { "x", true, -7, 1 << 20, 2 << 20, 0 };
static const struct row none = { NULL, false, FIELD_NULL, FIELD_NULL,
	FIELD_NULL, FIELD_NULL };
static const struct row wild = { "a\tb\n\r\\\",\033[1m\xe2\x80\xae", true,
	INT64_MAX - 1, 1, QUOTA_NONE, 1 };

struct test {
	struct out out;
	struct err err;
};

static int
setup(void **state)
{
	struct test *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return 1;
	out_init(&t->out);
	t->out.terminal = t->out.error_terminal = false;
	/* Held, nothing reaches a file descriptor. */
	out_hold(&t->out);
	*state = t;
	return 0;
}

static int
teardown(void **state)
{
	struct test *t = *state;

	out_discard(&t->out);
	out_clear(&t->out);
	err_clear(&t->err);
	free(t);
	return 0;
}

/* These rows in a format; the text is good until the next call. */
static const char *
printed(struct test *t, enum out_format format, enum out_shape shape,
    const struct row *const *rows)
{
	text_cut(&t->out.results, 0);
	t->out.style.format = format;
	assert_true(out_begin(&t->out, fields, shape, &t->err));
	for (; *rows != NULL; rows++)
		assert_true(out_row(&t->out, *rows, &t->err));
	assert_true(out_end(&t->out, &t->err));
	return t->out.results.buf;
}

#define ROWS(...) (const struct row *const[]){ __VA_ARGS__, NULL }

static void
tsv_is_one_escaped_line_a_row(void **state)
{
	struct test *t = *state;

	assert_string_equal(printed(t, OUT_TSV, OUT_LIST, ROWS(&plain, &none,
	    &wild)),
	    "x\t1\t-7\t1048576\t2097152\t1970-01-01T00:00:00Z\n"
	    "\\N\t0\t\\N\t\\N\t\\N\t\\N\n"
	    "a\\tb\\n\\r\\\\\",\033[1m\xe2\x80\xae\t1\t9223372036854775806\t1"
	    "\t9223372036854775807\t1970-01-01T00:00:01Z\n");
	t->out.style.header = true;
	assert_string_equal(printed(t, OUT_DEFAULT, OUT_SHOW, ROWS(&none)),
	    "name\tactive\tnumber\tsize\tquota\tat\n"
	    "\\N\t0\t\\N\t\\N\t\\N\t\\N\n");
}

static void
a_list_shows_more_only_where_it_is_named(void **state)
{
	static const struct field some[] = {
		FIELD(struct row, name, FIELD_TEXT),
		FIELD_MORE(struct row, active, FIELD_FLAG),
		FIELD(struct row, number, FIELD_NUMBER),
		{ 0 }
	};
	static const struct {
		const char *columns;
		enum out_shape shape;
		bool more;
		const char *text;
	} cases[] = {
		{ NULL, OUT_LIST, false, "x\t-7\n" },
		{ NULL, OUT_SHOW, true, "x\t1\t-7\n" },
		{ "number,name", OUT_LIST, false, "-7\tx\n" },
		{ "name,active", OUT_LIST, true, "x\t1\n" },
		{ "active", OUT_SHOW, true, "1\n" },
	};
	struct test *t = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		text_cut(&t->out.results, 0);
		t->out.style.format = OUT_TSV;
		t->out.style.columns = cases[i].columns;
		assert_true(out_begin(&t->out, some, cases[i].shape,
		    &t->err));
		assert_int_equal(out_shows_more(&t->out), cases[i].more);
		assert_true(out_row(&t->out, &plain, &t->err));
		assert_true(out_end(&t->out, &t->err));
		assert_string_equal(t->out.results.buf, cases[i].text);
	}
}

static void
csv_is_rfc_4180(void **state)
{
	struct test *t = *state;
	struct row quoted = none;

	quoted.name = "say \"hi\", you\r\n";
	assert_string_equal(printed(t, OUT_CSV, OUT_LIST, ROWS(&plain, &none,
	    &quoted)),
	    "name,active,number,size,quota,at\r\n"
	    "x,1,-7,1048576,2097152,1970-01-01T00:00:00Z\r\n"
	    ",0,,,,\r\n\"say \"\"hi\"\", you\r\n\",0,,,,\r\n");
}

/* Each alone, or one of them could hide that another is forgotten. */
static void
csv_quotes_what_ends_a_cell_or_a_line(void **state)
{
	static const struct {
		const char *name, *cell;
	} cases[] = {
		{ "a\rb", "\"a\rb\"" },
		{ "a\nb", "\"a\nb\"" },
		{ "a,b", "\"a,b\"" },
		{ "a\"b", "\"a\"\"b\"" },
		{ "a;b", "a;b" },
		{ " a ", " a " },
	};
	struct test *t = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct row row = none;
		struct text want = TEXT_INIT;

		row.name = cases[i].name;
		text_addf(&want, "name,active,number,size,quota,at\r\n"
		    "%s,0,,,,\r\n", cases[i].cell);
		assert_string_equal(printed(t, OUT_CSV, OUT_LIST,
		    ROWS(&row)), want.buf);
		text_clear(&want);
	}
}

static void
json_is_an_array_or_an_object(void **state)
{
	struct test *t = *state;
	const char *object = "{\"name\":null,\"active\":false,\"number\":null,"
	    "\"size\":null,\"quota\":null,\"at\":null}";
	struct text want = TEXT_INIT;

	text_addf(&want, "[%s,\n %s]\n", object, object);
	assert_string_equal(printed(t, OUT_JSON, OUT_LIST, ROWS(&none,
	    &none)), want.buf);
	text_cut(&want, 0);
	text_addf(&want, "%s\n", object);
	assert_string_equal(printed(t, OUT_JSON, OUT_SHOW, ROWS(&none)),
	    want.buf);
	assert_string_equal(printed(t, OUT_JSONL, OUT_LIST, ROWS(&none)),
	    want.buf);
	t->out.array_as_lines = true;
	assert_string_equal(printed(t, OUT_JSON, OUT_LIST, ROWS(&none)),
	    want.buf);
	text_clear(&want);
}

static void
json_reads_back_to_the_same(void **state)
{
	struct test *t = *state;
	const char *line = printed(t, OUT_JSON, OUT_SHOW, ROWS(&wild));
	json_t *object = json_loads(line, 0, NULL);

	assert_non_null(object);
	assert_string_equal(json_string_value(json_object_get(object,
	    "name")), wild.name);
	assert_true(json_is_true(json_object_get(object, "active")));
	assert_int_equal(json_integer_value(json_object_get(object,
	    "number")), wild.number);
	json_decref(object);
}

static void
bytes_that_are_no_utf8_are_shown_in_json(void **state)
{
	struct test *t = *state;
	struct row row = none;
	json_t *object;

	row.name = "caf\xe9";
	object = json_loads(printed(t, OUT_JSON, OUT_SHOW, ROWS(&row)), 0,
	    NULL);
	assert_non_null(object);
	assert_string_equal(json_string_value(json_object_get(object,
	    "name")), "caf\\xe9");
	json_decref(object);
	assert_int_equal(strncmp(printed(t, OUT_TSV, OUT_SHOW, ROWS(&row)),
	    "caf\xe9\t", 5), 0);
}

static void
tables_are_for_people(void **state)
{
	struct test *t = *state;

	assert_string_equal(printed(t, OUT_TABLE, OUT_LIST, ROWS(&plain,
	    &none)),
	    "NAME  ACTIVE  NUMBER  SIZE    QUOTA  AT\n"
	    "x     yes         -7    1M       2M  1970-01-01T00:00:00Z\n"
	    "-     no           -  none  default  -\n");
	assert_string_equal(printed(t, OUT_TABLE, OUT_SHOW, ROWS(&plain)),
	    "name    x\n"
	    "active  yes\n"
	    "number  -7\n"
	    "size    1M\n"
	    "quota   2M\n"
	    "at      1970-01-01T00:00:00Z\n");
	t->out.style.columns = "quota,name";
	assert_string_equal(printed(t, OUT_TABLE, OUT_LIST, ROWS(&wild)),
	    "QUOTA  NAME\n"
	    " none  a\\tb\\n\\r\\\",\\x1b[1m\\u{202e}\n");
}

static void
wide_characters_keep_columns_in_line(void **state)
{
	struct test *t = *state;
	struct row wide = plain, narrow = plain;

	wide.name = "\xe4\xbe\x8b\xe3\x81\x88";
	narrow.name = "u\xcc\x88";
	t->out.style.columns = "name,active";
	assert_string_equal(printed(t, OUT_TABLE, OUT_LIST, ROWS(&wide,
	    &narrow)),
	    "NAME  ACTIVE\n"
	    "\xe4\xbe\x8b\xe3\x81\x88  yes\n"
	    "u\xcc\x88     yes\n");
}

static void
a_table_goes_on_behind_what_it_measured(void **state)
{
	struct test *t = *state;
	struct row late = plain;
	size_t lines = 0;

	t->out.style.format = OUT_TABLE;
	t->out.style.columns = "name,active";
	late.name = "a name that is longer";
	assert_true(out_begin(&t->out, fields, OUT_LIST, &t->err));
	for (int i = 0; i < 1200; i++)
		assert_true(out_row(&t->out, i < 600 ? &plain : &late,
		    &t->err));
	assert_true(out_end(&t->out, &t->err));
	for (const char *s = t->out.results.buf; *s != '\0'; s++)
		lines += *s == '\n';
	assert_int_equal(lines, 1201);
	assert_non_null(strstr(t->out.results.buf,
	    "\na name that is longer  yes\n"));
}

/* No byte of data reaches a terminal that it could act on. */
static void
terminals_get_no_control_characters(void **state)
{
	static const enum out_format formats[] = { OUT_DEFAULT, OUT_TABLE,
	    OUT_TSV, OUT_CSV, OUT_JSON, OUT_JSONL };
	struct test *t = *state;

	t->out.terminal = true;
	for (size_t i = 0; i < 6; i++) {
		const char *text = printed(t, formats[i], OUT_LIST,
		    ROWS(&wild));

		assert_null(strchr(text, '\033'));
		assert_null(strstr(text, "\xe2\x80\xae"));
	}
}

static void
columns_are_chosen_by_name(void **state)
{
	struct test *t = *state;

	t->out.style.columns = "size,name,size";
	assert_string_equal(printed(t, OUT_TSV, OUT_LIST, ROWS(&plain)),
	    "1048576\tx\t1048576\n");
	assert_true(out_columns_check(fields, NULL, &t->err));
	assert_true(out_columns_check(fields, "at", &t->err));
	assert_false(out_columns_check(fields, "at,", &t->err));
	assert_false(out_columns_check(fields, "", &t->err));
	assert_false(out_columns_check(fields, "At", &t->err));
	assert_int_equal(t->err.code, ERR_USAGE);
	assert_string_equal(t->err.hint,
	    "columns: name,active,number,size,quota,at");
}

static void
what_is_discarded_was_never_there(void **state)
{
	struct test *t = *state;

	printed(t, OUT_TSV, OUT_LIST, ROWS(&plain));
	out_done(&t->out, "done");
	out_discard(&t->out);
	assert_int_equal(t->out.results.len, 0);
	assert_int_equal(t->out.messages.len, 0);
}

static void
messages_are_escaped(void **state)
{
	struct test *t = *state;

	out_done(&t->out, "user %s added", "a\033\n");
	out_note(&t->out, "%s", "n");
	out_hint(&t->out, "%s", "h");
	out_verbose(&t->out, "%s", "v");
	out_command_end(&t->out);
	assert_string_equal(t->out.messages.buf, "user a\\x1b\\n added\n"
	    "note: n\nhint: h\n");
	text_cut(&t->out.messages, 0);
	t->out.style.quiet = t->out.style.verbose = true;
	out_done(&t->out, "d");
	out_hint(&t->out, "h");
	out_note(&t->out, "n");
	out_verbose(&t->out, "v");
	assert_string_equal(t->out.messages.buf, "note: n\nv\n");
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(tsv_is_one_escaped_line_a_row),
		T(a_list_shows_more_only_where_it_is_named),
		T(csv_is_rfc_4180),
		T(csv_quotes_what_ends_a_cell_or_a_line),
		T(json_is_an_array_or_an_object),
		T(json_reads_back_to_the_same),
		T(bytes_that_are_no_utf8_are_shown_in_json),
		T(tables_are_for_people),
		T(wide_characters_keep_columns_in_line),
		T(a_table_goes_on_behind_what_it_measured),
		T(terminals_get_no_control_characters),
		T(columns_are_chosen_by_name),
		T(what_is_discarded_was_never_there),
		T(messages_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
