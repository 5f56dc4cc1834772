/*
 * Reading CSV and TSV row by row, in constant memory.
 *
 * RFC 4180: a header, cells in quotes where they hold the delimiter, a quote
 * (doubled) or a line break; LF or CRLF.  Comma, tab or semicolon is found
 * out from the header.  A UTF-8 byte order mark is skipped, and so are empty
 * lines; blanks are part of a cell.  Limits: see below.
 */
#ifndef FILE_CSV_H
#define FILE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#define CSV_CELL_MAX (64 * 1024)
#define CSV_ROW_MAX (1024 * 1024)
#define CSV_COLUMNS_MAX 64

struct csv_cell {
	size_t at;		/* in the row's text */
	size_t len;
	size_t line;		/* where it begins */
};

struct csv_lexer;

struct csv_file {
	int fd;
	const char *name;	/* for errors */
	off_t size;		/* in bytes; 0: not known */
	off_t done;		/* bytes read so far */
	struct arena memory;	/* wiped: passwords pass through it */
	struct csv_lexer *lexer;
	struct text text;	/* of the row: each cell and a NUL */
	struct csv_cell cell[CSV_COLUMNS_MAX];
	size_t count;		/* of cells */
	size_t line;		/* where the row begins; or of the error */
	size_t column;		/* of the error: the cell, from 1; 0: none */
};

enum csv_answer {
	CSV_ROW,
	CSV_END,
	CSV_FAULTY,		/* this row is; those behind it can be read */
	CSV_BROKEN		/* nothing behind it can be told apart */
};

/*
 * "-" is standard input.  What is no regular file is copied to one first
 * that nobody else sees, so that all can be read twice.  ERR_NOT_FOUND,
 * ERR_DENIED, ERR_IO.
 */
bool csv_file_open(struct csv_file *c, const char *path, struct err *e);

/* From the beginning again. */
bool csv_file_rewind(struct csv_file *c, struct err *e);

/*
 * The next row, the header first.  What is wrong is in e, without a place;
 * c->line and c->column tell that.  ERR_INVALID, or ERR_IO.
 */
enum csv_answer csv_file_next(struct csv_file *c, struct err *e);

/* The text of a cell, with a NUL behind it; until the next row. */
const char *csv_file_cell(const struct csv_file *c, size_t i);

void csv_file_close(struct csv_file *c);

#endif
