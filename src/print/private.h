/*
 * Shared by the files of print/: the renderers of the formats, and cells.
 */
#ifndef PRINT_PRIVATE_H
#define PRINT_PRIVATE_H

#include "print/out.h"

/* Called for each row and at both ends. */
struct renderer {
	void (*begin)(struct out *o);
	void (*row)(struct out *o, const void *row);
	void (*end)(struct out *o);
};

/* table.c */
extern const struct renderer render_table, render_block;

/* formats.c */
extern const struct renderer render_tsv, render_csv, render_json,
    render_jsonl;

/* The rendered object of out_group(); formats.c. */
void out_group_json(struct out *o, const struct field *fields,
    const char *name, const void *rows, size_t count, size_t row_size);

/* A cell for people; the text lives in o->cells. */
const char *out_cell(struct out *o, const struct field *f, const void *row);

/* A cell as data: NULL for SQL NULL; buf is used for numbers and times. */
#define CELL_TEXT 32
const char *field_data(const struct field *f, const void *row,
    char buf[static CELL_TEXT]);

/* Writes the messages that were held; out.c. */
void out_messages_flush(struct out *o);

#endif
