/* Reading CSV and TSV with libcsv. */
#include "file/csv.h"

#include <csv.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/utf8.h"
#include "file/read.h"

#define PIECE (64 * 1024)

/* libcsv gets one line at a time, so that the line of a cell is known. */
struct csv_lexer {
	struct csv_parser parser;
	char buf[PIECE];
	size_t at, have;
	bool end;		/* of the file */
	bool header;		/* is still to come */
	bool finished;
	bool row;		/* a whole one was read */
	bool partial;		/* a row has begun, and goes on */
	size_t line;		/* that is being read */
	size_t cell_line;	/* where the cell begins that comes next */
	size_t bytes;		/* of the row so far */
	const char *wrong;	/* with the row, or NULL */
	size_t wrong_line, wrong_column;
};

/* --- opening --------------------------------------------------------- */

/* Copies a pipe to a file without a name, which can be read twice. */
static bool
spool(struct csv_file *c, char *buf, struct err *e)
{
	FILE *f = tmpfile();
	int to = f ? dup(fileno(f)) : -1;
	ssize_t n = 0;

	if (f != NULL)
		fclose(f);
	if (to < 0)
		return err_errno(e, "cannot copy %s", c->name);
	while ((n = io_read(c->fd, buf, PIECE)) > 0) {
		if (!io_write_all(to, buf, (size_t)n)) {
			close(to);
			return err_errno(e, "cannot copy %s",
			    c->name);
		}
	}
	close(c->fd);
	c->fd = to;
	return n == 0 || err_errno(e, "cannot read %s", c->name);
}

static int
no_blank(unsigned char c)
{
	(void)c;
	return 0;
}

static void
lexer_start(struct csv_file *c)
{
	struct csv_lexer *x = c->lexer;

	csv_free(&x->parser);
	if (csv_init(&x->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		out_of_memory();
	/* libcsv would cut blanks off: so nothing is a blank. */
	csv_set_space_func(&x->parser, no_blank);
	x->at = x->have = 0;
	x->end = x->finished = x->row = x->partial = false;
	x->header = true;
	x->line = x->cell_line = 1;
	x->wrong = NULL;
	c->done = 0;
}

bool
csv_file_rewind(struct csv_file *c, struct err *e)
{
	if (lseek(c->fd, 0, SEEK_SET) != 0)
		return err_errno(e, "cannot read %s again", c->name);
	lexer_start(c);
	return true;
}

static bool
prepare(struct csv_file *c, struct err *e)
{
	struct stat st;

	if (fstat(c->fd, &st) != 0)
		return err_errno(e, "cannot access %s", c->name);
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_IO, "%s is a directory", c->name);
	if (!S_ISREG(st.st_mode) && (!spool(c, c->lexer->buf, e) ||
	    fstat(c->fd, &st) != 0))
		return e->code != ERR_NONE ? false :
		    err_errno(e, "cannot access %s", c->name);
	c->size = st.st_size;
	return csv_file_rewind(c, e);
}

bool
csv_file_open(struct csv_file *c, const char *path, struct err *e)
{
	bool standard = strcmp(path, "-") == 0;

	*c = (struct csv_file){ .text = TEXT_INIT,
	    .columns_max = CSV_COLUMNS_MAX,
	    .name = standard ? "standard input" : path };
	c->fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) :
	    open(path, O_RDONLY | O_CLOEXEC);
	if (c->fd < 0)
		return file_open_failed(c->name, e);
	c->lexer = arena_alloc(&c->memory, sizeof(*c->lexer));
	return prepare(c, e);
}

void
csv_file_close(struct csv_file *c)
{
	if (c->lexer != NULL)
		csv_free(&c->lexer->parser);
	arena_clear(&c->memory);
	if (c->fd >= 0)
		close(c->fd);
	text_clear(&c->text);
	c->lexer = NULL;
	c->fd = -1;
}

/* --- callbacks of libcsv --------------------------------------------- */

#define LONE_CR "a carriage return ends no line"

/* Notes the first error of the row. */
static void
wrong(struct csv_file *c, const char *what, size_t line, size_t column)
{
	struct csv_lexer *x = c->lexer;

	if (x->wrong != NULL)
		return;
	x->wrong = what;
	x->wrong_line = line;
	x->wrong_column = column;
}

static const char *
cell_fault(const struct csv_file *c, const char *cell, size_t len)
{
	if (c->lexer->row)
		return LONE_CR;
	if (c->count == c->columns_max)
		return c->columns_max == CSV_COLUMNS_MAX ?
		    "more than 64 columns" : "more than 1024 columns";
	if (len > CSV_CELL_MAX)
		return "longer than 64 KiB";
	if (memchr(cell, '\0', len) != NULL)
		return "holds a NUL byte";
	if (!utf8_valid(cell, len))
		return "not valid UTF-8";
	return NULL;
}

static void
cell_read(void *cell, size_t len, void *arg)
{
	struct csv_file *c = arg;
	struct csv_lexer *x = c->lexer;
	const char *fault = cell_fault(c, cell, len);

	if (c->count == 0)
		c->line = x->cell_line;
	if (fault != NULL) {
		wrong(c, fault, x->cell_line, c->count + 1);
		len = 0;
	}
	if (c->count < c->columns_max && !x->row) {
		c->cell[c->count++] = (struct csv_cell){ c->text.len, len,
		    x->cell_line };
		text_add_bytes(&c->text, cell, len);
		text_add_char(&c->text, '\0');
	}
	x->cell_line = x->line;
}

static void
row_read(int end, void *arg)
{
	struct csv_file *c = arg;

	(void)end;
	c->lexer->row = true;
}

/* --- reading --------------------------------------------------------- */

/* Reads more, behind the bytes that libcsv has not got yet. */
static bool
refill(struct csv_file *c, struct err *e)
{
	struct csv_lexer *x = c->lexer;
	size_t left = x->have - x->at;
	ssize_t n;

	memmove(x->buf, x->buf + x->at, left);
	x->at = 0;
	x->have = left;
	n = io_read(c->fd, x->buf + left, sizeof(x->buf) - left);
	if (n < 0)
		return err_errno(e, "cannot read %s", c->name);
	x->have += (size_t)n;
	x->end = n == 0;
	return true;
}

/* Empty lines before the header are no part of it. */
static size_t
header_start(const struct csv_lexer *x)
{
	size_t i = x->at;

	while (i < x->have && (x->buf[i] == '\n' || x->buf[i] == '\r'))
		i++;
	return i;
}

/* The delimiter that the header holds most often. */
static void
header_look(struct csv_lexer *x)
{
	static const char delimiters[] = ",\t;";
	size_t most = 0;

	if (x->have >= 3 && memcmp(x->buf, "\xef\xbb\xbf", 3) == 0)
		x->at = 3;
	for (const char *d = delimiters; *d != '\0'; d++) {
		size_t n = 0;
		bool quoted = false;

		for (size_t i = header_start(x); i < x->have; i++) {
			if (x->buf[i] == '"')
				quoted = !quoted;
			else if (x->buf[i] == *d && !quoted)
				n++;
			else if (x->buf[i] == '\n' && !quoted)
				break;
		}
		if (n > most) {
			most = n;
			csv_set_delim(&x->parser, (unsigned char)*d);
		}
	}
	x->header = false;
}

/*
 * Up to the end of the line, or of the bytes that were read; 0: more is
 * needed.
 */
static size_t
piece(const struct csv_lexer *x, bool *line)
{
	size_t n = x->have - x->at;
	const char *end = memchr(x->buf + x->at, '\n', n);

	*line = end != NULL;
	if (end != NULL)
		return (size_t)(end - (x->buf + x->at)) + 1;
	/* The next byte decides whether the CR ends a line. */
	if (n > 0 && x->buf[x->have - 1] == '\r' && !x->end)
		return n - 1;
	return n == sizeof(x->buf) || x->end ? n : 0;
}

/* True when the file may have more, and the buffer has room. */
static bool
is_more(const struct csv_lexer *x)
{
	return !x->end && x->have - x->at < sizeof(x->buf);
}

static bool
is_empty_line(const struct csv_lexer *x, size_t n)
{
	const char *p = x->buf + x->at;

	return !x->partial && (n == 1 ? *p == '\n' :
	    n == 2 && p[0] == '\r' && p[1] == '\n');
}

static enum csv_answer
broken(struct csv_file *c, const char *what, size_t line, size_t column,
    struct err *e)
{
	c->line = line;
	c->column = column;
	c->lexer->finished = true;
	err_set(e, ERR_INVALID, "%s", what);
	return CSV_BROKEN;
}

/*
 * libcsv also ends a row at a CR, and skips a CR that begins a row.  Here
 * only LF ends a row: the text behind a lone CR belongs to the same row, and
 * that row is faulty.
 */
static void
lone_cr_find(struct csv_file *c, char first, bool line)
{
	struct csv_lexer *x = c->lexer;

	if (!x->partial && first == '\r')
		wrong(c, LONE_CR, x->line, 1);
	if (x->row && !line) {
		wrong(c, LONE_CR, x->cell_line, c->count + 1);
		x->row = false;
	}
}

/* Gives a piece to libcsv; false when its quotes make no sense. */
static bool
hand_over(struct csv_file *c, size_t n, bool line)
{
	struct csv_lexer *x = c->lexer;
	size_t read = 0;

	if (!is_empty_line(x, n)) {
		x->bytes += n;
		read = csv_parse(&x->parser, x->buf + x->at, n, cell_read,
		    row_read, c);
		if (read != n && csv_error(&x->parser) != CSV_EPARSE)
			out_of_memory();
		if (read != n)
			return false;
		lone_cr_find(c, x->buf[x->at], line);
		x->partial = !x->row;
	}
	x->at += n;
	c->done += (off_t)n;
	x->line += line;
	if (!x->partial)
		x->cell_line = x->line;
	return true;
}

static enum csv_answer
row_end(struct csv_file *c, struct err *e)
{
	struct csv_lexer *x = c->lexer;

	c->column = 0;
	if (x->wrong == NULL)
		return CSV_ROW;
	c->line = x->wrong_line;
	c->column = x->wrong_column;
	err_set(e, ERR_INVALID, "%s", x->wrong);
	return CSV_FAULTY;
}

static enum csv_answer
file_end(struct csv_file *c, struct err *e)
{
	struct csv_lexer *x = c->lexer;

	x->finished = true;
	if (csv_fini(&x->parser, cell_read, row_read, c) != 0)
		return broken(c, "this quote is not closed",
		    x->cell_line, c->count + 1, e);
	return x->row || x->wrong != NULL ? row_end(c, e) : CSV_END;
}

static void
row_begin(struct csv_file *c)
{
	struct csv_lexer *x = c->lexer;

	text_cut(&c->text, 0);
	c->count = 0;
	c->column = 0;
	x->row = false;
	x->wrong = NULL;
	x->bytes = 0;
}

enum csv_answer
csv_file_next(struct csv_file *c, struct err *e)
{
	struct csv_lexer *x = c->lexer;
	bool line;
	size_t n;

	if (x->finished)
		return CSV_END;
	row_begin(c);
	while (!x->row) {
		n = piece(x, &line);
		if (n == 0 && x->end)
			return file_end(c, e);
		if ((n == 0 || x->header) && is_more(x)) {
			if (!refill(c, e))
				return CSV_BROKEN;
			continue;
		}
		if (x->header) {
			header_look(x);
			continue;
		}
		if (!hand_over(c, n, line))
			return broken(c, "a quote inside a cell, or text "
			    "behind a closing quote", x->cell_line,
			    c->count + 1, e);
		if (x->bytes > CSV_ROW_MAX && x->row)
			wrong(c, "longer than 1 MiB", c->line, 0);
		else if (x->bytes > CSV_ROW_MAX)
			return broken(c, "a row longer than 1 MiB; is a "
			    "quote not closed?", x->cell_line, c->count + 1,
			    e);
	}
	return row_end(c, e);
}

const char *
csv_file_cell(const struct csv_file *c, size_t i)
{
	return c->text.buf + c->cell[i].at;
}
