/*
 * Published test vectors: tests/data/FILE.tsv, a row at a time.
 *
 * The first line is a header.  In a cell \\ \t \n \r and \xHH are escapes,
 * everything else is literal.  corpus_each() calls `row` with the decoded
 * cells, each NUL-terminated, and returns the number of rows; a file that
 * is not there or has another number of cells fails the test.
 */
#ifndef TESTS_UNIT_CORPUS_H
#define TESTS_UNIT_CORPUS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CORPUS_CELLS 8

struct cell {
	const char *s;
	size_t len;		/* a cell may hold NUL */
};

typedef void corpus_row(const struct cell *cells, void *arg);

static inline char
corpus_unescape(const char **from)
{
	const char *s = *from, *letter;
	unsigned byte;

	*from = s + 1;
	if (*s != '\\')
		return *s;
	*from = s + 2;
	assert_int_not_equal(s[1], '\0');
	letter = strchr("t\tn\nr\r\\\\", s[1]);
	if (letter != NULL)
		return letter[1];
	assert_int_equal(sscanf(s, "\\x%2x", &byte), 1);
	*from = s + 4;
	return (char)byte;
}

/* Splits and decodes in place. */
static inline size_t
corpus_split(char *line, struct cell *cells)
{
	const char *from;
	size_t n = 0;
	char *to;

	while ((to = strsep(&line, "\t")) != NULL) {
		assert_true(n < CORPUS_CELLS);
		cells[n].s = to;
		for (from = to; *from != '\0';)
			*to++ = corpus_unescape(&from);
		*to = '\0';
		cells[n].len = (size_t)(to - cells[n].s);
		n++;
	}
	return n;
}

static inline size_t
corpus_each(const char *file, size_t columns, corpus_row *row, void *arg)
{
	struct cell cells[CORPUS_CELLS];
	char *line = NULL, path[256];
	size_t size = 0, rows = 0;
	ssize_t len;
	FILE *f;

	snprintf(path, sizeof(path), "tests/data/%s", file);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_true(getline(&line, &size, f) > 0 && line[0] == '#');
	while ((len = getline(&line, &size, f)) > 0) {
		assert_int_equal(line[len - 1], '\n');
		line[len - 1] = '\0';
		assert_int_equal(corpus_split(line, cells), columns);
		row(cells, arg);
		rows++;
	}
	fclose(f);
	free(line);
	return rows;
}

/* The Big List of Naughty Strings: one a line, # is a comment. */
static inline size_t
corpus_naughty(void (*each)(const char *s))
{
	char *line = NULL;
	size_t size = 0, rows = 0;
	ssize_t len;
	FILE *f;

	f = fopen("tests/data/blns.txt", "r");
	assert_non_null(f);
	while ((len = getline(&line, &size, f)) > 0) {
		if (line[len - 1] == '\n')
			line[--len] = '\0';
		if (len == 0 || line[0] == '#')
			continue;
		each(line);
		rows++;
	}
	fclose(f);
	free(line);
	return rows;
}

#endif
