/*
 * All printing: results on standard output, messages on standard error.
 *
 * A command prints rows through out_begin(), out_row(), out_end() and never
 * knows the format.  Results are collected and written in large pieces;
 * while held (out_hold), nothing leaves before out_release(), so that what
 * is rolled back was never shown.  What cannot be written is ERR_IO.
 *
 * On a terminal everything from data is shown escaped; data formats into a
 * pipe are lossless.
 */
#ifndef PRINT_OUT_H
#define PRINT_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/field.h"
#include "base/text.h"
#include "base/words.h"
#include "print/terminal.h"

enum out_format {
	OUT_DEFAULT,		/* table on a terminal, tsv otherwise */
	OUT_TABLE,
	OUT_WIDE,		/* a table with all columns */
	OUT_TSV,
	OUT_CSV,
	OUT_JSON,
	OUT_JSONL
};

enum out_shape {
	OUT_LIST,		/* JSON: one array */
	OUT_SHOW		/* one object; a table shows it line by line */
};

struct out_style {
	enum out_format format;
	const char *columns;	/* "a,b", NULL: all */
	const char *narrow;	/* of a list on a terminal; NULL: all */
	bool header;		/* tsv */
	bool quiet;
	bool verbose;
};

/* The form of a stored address that people read, or NULL. */
typedef const char *(*out_unicode)(struct arena *a, const char *stored);

struct out {
	struct out_style style;	/* of the run, or of the command that runs */
	enum terminal_color color;
	out_unicode unicode;
	bool terminal;		/* standard output is one */
	bool error_terminal;
	bool vertical;		/* a line a cell, whatever the format */
	bool page;		/* $PAGER shows what is long */
	struct pager *pager;	/* that does, until out_page_end() */
	bool page_left;		/* by the person: not an error of mailadm */
	bool array_as_lines;	/* batch: json is printed as jsonl */
	const char *file;	/* of messages, NULL outside of batches */
	size_t line;

	struct text results;	/* not written yet */
	struct text messages;	/* that are held */
	struct words hints;	/* for the end of the command */
	struct arena hinted;	/* they live in it */
	bool hold;
	bool written;		/* results left while held: no retry */

	/* The rows that are being printed. */
	const struct renderer *renderer;	/* see private.h */
	const struct field **field;	/* chosen, NULL-terminated */
	enum out_shape shape;
	bool fitted;		/* cut and shortened for the terminal */
	int64_t now;		/* for times that are shortened */
	size_t rows;
	struct arena scratch;	/* released after each out_end() */
	struct arena cells;	/* of out_cell(), released row by row */
	void *state;		/* the renderer's */
	struct err failed;	/* the first failure to write */
};

void out_init(struct out *o);
void out_clear(struct out *o);

/* The format names, for option parsing and help; NULL-terminated. */
extern const char *const out_format_names[];
bool out_format_parse(const char *name, enum out_format *format);

/* ERR_USAGE with the known ones, when `columns` has an unknown one. */
bool out_columns_check(const struct field *fields, const char *columns,
    struct err *e);

bool out_begin(struct out *o, const struct field *fields,
    enum out_shape shape, struct err *e);
bool out_row(struct out *o, const void *row, struct err *e);
bool out_end(struct out *o, struct err *e);

/* After out_begin(): true when a chosen column is one of FIELD_MORE(). */
bool out_shows_more(const struct out *o);

/*
 * Rows that share their first column: a list, but as JSON one object with
 * that column and the rest of the rows as an array called `name`.
 */
bool out_group(struct out *o, const struct field *fields, const char *name,
    const void *rows, size_t count, size_t row_size, struct err *e);

/* Text for standard output that is not a row: help. */
bool out_text(struct out *o, const char *text, struct err *e);

/* The same in many pieces: written when enough has gathered. */
bool out_piece(struct out *o, const char *text, size_t len, struct err *e);

/* A count: a bare number, or {"count":N}. */
bool out_count(struct out *o, int64_t count, struct err *e);

/* True where a list is that of style.narrow. */
bool out_is_narrow(const struct out *o);

bool out_is_json(const struct out *o);
bool out_is_table(const struct out *o);

/* For a person, on standard error; out_done() is silent with --quiet. */
void out_done(struct out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void out_verbose(struct out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void out_note(struct out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void out_hint(struct out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* When a command has ended: prints the hints that it gave. */
void out_command_end(struct out *o);
void out_forget_hints(struct out *o);
void out_error(struct out *o, const struct err *failure);

/* A name as its done line shows it: "xn--e (é)" for an IDN. */
const char *out_name(struct out *o, struct arena *a, const char *stored);

/*
 * Between out_hold() and out_release() nothing is written; out_discard()
 * forgets what was held.  out_flush() writes what is not held.
 * out_results_flush() writes even held results: those that must be out
 * before the commit.
 */
void out_hold(struct out *o);
bool out_release(struct out *o, struct err *e);
void out_discard(struct out *o);
bool out_flush(struct out *o, struct err *e);
bool out_results_flush(struct out *o, struct err *e);

/* Waits until the person has seen what a pager shows, if one does. */
void out_page_end(struct out *o);

#endif
