/* Any bytes as CSV: rows within the limits, or an error with a place. */
#include "file.h"

#include "base/utf8.h"
#include "file/csv.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

static void
row_is_sound(const struct csv_file *c, size_t *last)
{
	BUG_ON(c->count == 0 || c->count > CSV_COLUMNS_MAX);
	for (size_t i = 0; i < c->count; i++) {
		const char *cell = csv_file_cell(c, i);

		BUG_ON(strlen(cell) != c->cell[i].len);
		BUG_ON(c->cell[i].len > CSV_CELL_MAX);
		BUG_ON(!utf8_valid(cell, c->cell[i].len));
		BUG_ON(c->cell[i].line < c->line);
	}
	BUG_ON(c->line <= *last);
	*last = c->line;
}

/* The number of rows, faulty ones too. */
static size_t
rows_read(struct csv_file *c)
{
	struct err e = { 0 };
	size_t n = 0, last = 0;
	enum csv_answer answer;

	while ((answer = csv_file_next(c, &e)) != CSV_END) {
		n++;
		if (answer == CSV_ROW) {
			BUG_ON(e.code != ERR_NONE);
			row_is_sound(c, &last);
			continue;
		}
		BUG_ON(e.code != ERR_INVALID || c->line == 0);
		err_clear(&e);
		if (answer == CSV_BROKEN)
			break;
	}
	BUG_ON(csv_file_next(c, &e) == CSV_ROW && answer != CSV_FAULTY);
	return n;
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct csv_file c;
	struct err e = { 0 };
	char path[FUZZ_PATH];
	int fd = fuzz_file(bytes, len, path);
	size_t rows;

	BUG_ON(!csv_file_open(&c, path, &e));
	rows = rows_read(&c);
	BUG_ON(!csv_file_rewind(&c, &e));
	BUG_ON(rows_read(&c) != rows);
	csv_file_close(&c);
	close(fd);
	return 0;
}
