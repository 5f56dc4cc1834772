/*
 * Reading CSV and TSV row by row, in constant memory.
 *
 * RFC 4180: a header, cells in quotes where they hold the delimiter, a quote
 * (doubled) or a line break; LF or CRLF.  The header decides whether comma,
 * tab or semicolon separates the cells.  A UTF-8 byte order mark and empty
 * lines are skipped; blanks are part of a cell.
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
/* Of a file whose rows end in lists: see csv_file.columns_max. */
#define CSV_CELLS_MAX 1024

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
	struct csv_cell cell[CSV_CELLS_MAX];
	size_t columns_max;	/* CSV_COLUMNS_MAX, or what the caller sets */
	size_t count;		/* of cells */
	size_t line;		/* where the row begins, or the error is */
	size_t column;		/* of the error: a cell from 1; 0: the row */
};

enum csv_answer {
	CSV_ROW,
	CSV_END,
	CSV_FAULTY,		/* an error in this row; the next can be read */
	CSV_BROKEN		/* nothing more can be read */
};

/*
 * "-" is standard input.  A pipe is copied to a file without a name first,
 * so that it can be read twice.  ERR_NOT_FOUND, ERR_DENIED, ERR_IO.
 */
bool csv_file_open(struct csv_file *c, const char *path, struct err *e);

/* Begins at the header again. */
bool csv_file_rewind(struct csv_file *c, struct err *e);

/*
 * The next row; the first is the header.  An error is ERR_INVALID or ERR_IO,
 * without a position: that is in c->line and c->column.
 */
enum csv_answer csv_file_next(struct csv_file *c, struct err *e);

/* The text of a cell, with a NUL behind it; until the next row. */
const char *csv_file_cell(const struct csv_file *c, size_t i);

void csv_file_close(struct csv_file *c);

#endif
