/* Reading CSV and TSV: rows, places, limits. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "file/csv.h"



/* The file, as a text: cells in [], rows by lines, errors as !line:column. */
static void
render(const char *bytes, size_t len, struct text *t)
{
	FILE *f = tmpfile();
	char name[64];
	struct csv_file c;
	struct err e = { 0 };
	enum csv_answer answer;

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	fflush(f);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fileno(f));
	assert_true(csv_file_open(&c, name, &e));
	while ((answer = csv_file_next(&c, &e)) != CSV_END) {
		if (answer == CSV_ROW) {
			text_addf(t, "%zu:", c.line);
			for (size_t i = 0; i < c.count; i++)
				text_addf(t, "[%s]", csv_file_cell(&c, i));
			text_add_char(t, '\n');
			continue;
		}
		text_addf(t, "!%zu:%zu %s\n", c.line, c.column, e.text);
		err_clear(&e);
	}
	csv_file_close(&c);
	fclose(f);
}

static const struct {
	const char *what;
	const char *bytes;
	const char *rows;
} cases[] = {
	{ "an empty file", "", "" },
	{ "a header alone", "a,b", "1:[a][b]\n" },
	{ "commas", "a,b\n1,2\n", "1:[a][b]\n2:[1][2]\n" },
	{ "tabs", "a\tb\n1,5\t2\n", "1:[a][b]\n2:[1,5][2]\n" },
	{ "semicolons", "a;b\n1,5;2\n", "1:[a][b]\n2:[1,5][2]\n" },
	{ "a delimiter in quotes does not count", "\"a,,\";b\n1;2\n",
	    "1:[a,,][b]\n2:[1][2]\n" },
	{ "the first line may be empty", "\n\r\na;b\n1;2\n",
	    "3:[a][b]\n4:[1][2]\n" },
	{ "one column", "a\n1\n", "1:[a]\n2:[1]\n" },
	{ "a byte order mark and CRLF", "\xef\xbb\xbf" "a,b\r\n1,2\r\n",
	    "1:[a][b]\n2:[1][2]\n" },
	{ "no end of the last line", "a,b\n1,2", "1:[a][b]\n2:[1][2]\n" },
	{ "empty lines count as lines", "a\n\n\r\n1\n", "1:[a]\n4:[1]\n" },
	{ "blanks stay", "a,b\n 1 , 2 \n", "1:[a][b]\n2:[ 1 ][ 2 ]\n" },
	{ "empty cells", "a,b\n,\n\"\",\n", "1:[a][b]\n2:[][]\n3:[][]\n" },
	{ "quotes", "a,b\n\"x \"\"y\"\"\",\"1,2\"\n",
	    "1:[a][b]\n2:[x \"y\"][1,2]\n" },
	{ "a line break in quotes", "a,b\n\"1\n2\",3\n4,5\n",
	    "1:[a][b]\n2:[1\n2][3]\n4:[4][5]\n" },
	{ "a quote inside a cell", "a,b\n1,2\"3\n",
	    "1:[a][b]\n!2:2 a quote inside a cell, or text behind a closing "
	    "quote\n" },
	{ "something behind a quote", "a,b\n\"1\"2,3\n",
	    "1:[a][b]\n!2:1 a quote inside a cell, or text behind a closing "
	    "quote\n" },
	{ "a quote that is not closed", "a,b\n1,2\n3,\"4\n5,6\n",
	    "1:[a][b]\n2:[1][2]\n"
	    "!3:2 this quote is not closed\n" },
	{ "what is not UTF-8 spoils its row", "a,b\n1,\xff\n3,4\n",
	    "1:[a][b]\n!2:2 not valid UTF-8\n3:[3][4]\n" },
	{ "in a cell of many lines, the cell's line",
	    "a,b\n\"1\n\n2\",\xff\n3,4\n",
	    "1:[a][b]\n!4:2 not valid UTF-8\n5:[3][4]\n" },
	{ "a carriage return alone", "a,b\n1,2\r3,4\n5,6\n",
	    "1:[a][b]\n!2:3 a carriage return ends no line\n3:[5][6]\n" },
	{ "one in the last line, which has no end", "a\rb",
	    "!1:2 a carriage return ends no line\n" },
	{ "one at the end of the file", "a\n1\r",
	    "1:[a]\n!2:2 a carriage return ends no line\n" },
	{ "one at the beginning of a line", "a\n\r1\n2\n",
	    "1:[a]\n!2:1 a carriage return ends no line\n3:[2]\n" },
	{ "one and nothing else", "\r",
	    "!1:1 a carriage return ends no line\n" },
	{ "in quotes it is a character", "a\n\"1\r2\"\r\n3\n",
	    "1:[a]\n2:[1\r2]\n3:[3]\n" },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text t = TEXT_INIT;

		render(cases[i].bytes, strlen(cases[i].bytes), &t);
		if (strcmp(t.buf, cases[i].rows) != 0)
			fail_msg("%s: %s", cases[i].what, t.buf);
		text_clear(&t);
	}
}

static void
test_nul(void **state)
{
	struct text t = TEXT_INIT;

	(void)state;
	render("a,b\n1\0,2\n3,4\n", 13, &t);
	assert_string_equal(t.buf,
	    "1:[a][b]\n!2:1 holds a NUL byte\n3:[3][4]\n");
	text_clear(&t);
}

/* A header, and a row with a cell of so many bytes. */
static void
long_cell(size_t len, bool quoted, struct text *t)
{
	struct text file = TEXT_INIT;

	text_add(&file, quoted ? "a,b\n\"" : "a,b\n");
	text_reserve(&file, len);
	memset(file.buf + file.len, 'x', len);
	file.len += len;
	text_add(&file, quoted ? "\",2\n3,4\n" : ",2\n3,4\n");
	render(file.buf, file.len, t);
	text_clear(&file);
}

static void
test_limits(void **state)
{
	struct text t = TEXT_INIT;

	(void)state;
	long_cell(CSV_CELL_MAX, false, &t);
	assert_true(t.len > CSV_CELL_MAX);
	assert_string_equal(t.buf + t.len - strlen("x][2]\n3:[3][4]\n"),
	    "x][2]\n3:[3][4]\n");
	text_cut(&t, 0);
	long_cell(CSV_CELL_MAX + 1, true, &t);
	assert_string_equal(t.buf,
	    "1:[a][b]\n!2:1 longer than 64 KiB\n3:[3][4]\n");
	text_cut(&t, 0);
	long_cell((size_t)2 * CSV_ROW_MAX, true, &t);
	assert_string_equal(t.buf, "1:[a][b]\n!2:1 a row longer than 1 MiB; "
	    "is a quote not closed?\n");
	text_clear(&t);
}

static void
test_columns(void **state)
{
	struct text file = TEXT_INIT, t = TEXT_INIT;

	(void)state;
	for (size_t i = 0; i < CSV_COLUMNS_MAX; i++)
		text_add(&file, i > 0 ? ",a" : "a");
	text_add(&file, "\n");
	render(file.buf, file.len, &t);
	assert_string_equal(t.buf + t.len - 4, "[a]\n");
	text_cut(&file, file.len - 1);
	text_add(&file, ",a\n1\n");
	text_cut(&t, 0);
	render(file.buf, file.len, &t);
	assert_string_equal(t.buf, "!1:65 more than 64 columns\n2:[1]\n");
	text_clear(&file);
	text_clear(&t);
}

/* Wherever the pieces that are read end. */
static void
test_pieces(void **state)
{
	(void)state;
	for (size_t shift = 0; shift < 24; shift++) {
		struct text file = TEXT_INIT, t = TEXT_INIT;
		size_t rows = 0;

		text_add(&file, "a,b\r\n");
		for (size_t i = 0; i < shift; i++)
			text_add_char(&file, i > 0 ? 'x' : 'y');
		text_add(&file, shift > 0 ? ",0\r\n" : "");
		for (size_t i = 0; i < 9000; i++)
			text_add(&file, "\"1\r\n2\",\"\"\"3\"\r\n\r\n");
		render(file.buf, file.len, &t);
		for (const char *p = t.buf;
		    (p = strstr(p, "[1\r\n2][\"3]\n")) != NULL; p++)
			rows++;
		assert_int_equal(rows, 9000);
		assert_null(strchr(t.buf, '!'));
		text_clear(&file);
		text_clear(&t);
	}
}

/* A line that fills more than one piece, and a CR in any of them. */
static void
test_carriage_returns(void **state)
{
	(void)state;
	for (size_t at = 100; at < 200000; at += 33333) {
		struct text file = TEXT_INIT, t = TEXT_INIT;

		text_add(&file, "a\n");
		for (size_t i = 0; i < 200000; i++)
			text_add_char(&file, i == at ? '\r' : i % 100 == 0 ?
			    ',' : 'x');
		text_add(&file, "\n1\n");
		render(file.buf, file.len, &t);
		assert_string_equal(t.buf + t.len - strlen("\n3:[1]\n"),
		    "\n3:[1]\n");
		assert_string_equal(strstr(t.buf, "2:[") == NULL ? "none" :
		    "a row", "none");
		text_clear(&file);
		text_clear(&t);
	}
}

static void
test_twice(void **state)
{
	struct csv_file c;
	struct err e = { 0 };
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "a,b\n1,2\n", 8), 8);
	close(ends[1]);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
	assert_true(csv_file_open(&c, "-", &e));
	for (int i = 0; i < 2; i++) {
		assert_int_equal(csv_file_next(&c, &e), CSV_ROW);
		assert_int_equal(csv_file_next(&c, &e), CSV_ROW);
		assert_string_equal(csv_file_cell(&c, 1), "2");
		assert_int_equal(csv_file_next(&c, &e), CSV_END);
		assert_true(csv_file_rewind(&c, &e));
	}
	csv_file_close(&c);
	assert_false(csv_file_open(&c, "/nowhere/there", &e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	csv_file_close(&c);
	err_clear(&e);
	assert_false(csv_file_open(&c, "/", &e));
	csv_file_close(&c);
	err_clear(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_carriage_returns),
		cmocka_unit_test(test_twice),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
