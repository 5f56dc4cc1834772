/*
 * YAML as a stream of events.
 *
 * libyaml reads YAML 1.1, so JSON, too.  Dangerous and surprising parts are
 * refused: anchors and aliases, tags, several documents, keys that are not
 * scalars.  Memory stays small for any input: nesting, lines and scalars
 * have limits, and the file is never kept as a whole.
 *
 * A file of JSON objects, one a line, is read, too: yaml_is_lines().
 */
#ifndef FILE_YAML_H
#define FILE_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "file/permission.h"

#define YAML_DEPTH_MAX 8
#define YAML_SCALAR_MAX (64 * 1024)
#define YAML_LINE_MAX (1024 * 1024)

enum yaml_kind {
	YAML_SCALAR,
	YAML_MAP,
	YAML_MAP_END,
	YAML_LIST,
	YAML_LIST_END,
	YAML_END		/* of the file */
};

/* `text` lives until the next event; UTF-8 without NUL. */
struct yaml_event {
	enum yaml_kind kind;
	const char *text;	/* of a scalar */
	size_t len;
	bool plain;		/* not quoted: may mean true, null, 12 */
	size_t line;		/* from 1, as the column */
	size_t column;
};

struct yaml;

/*
 * The reader lives in the arena, until yaml_close().  "-" is standard input.
 * ERR_NOT_FOUND, ERR_DENIED, ERR_IO, with the name of the file.
 */
bool yaml_open(struct arena *a, const char *path, struct yaml **yaml,
    struct err *e);

/* The same of a file that is open, from where it stands; it stays open. */
bool yaml_open_fd(struct arena *a, int fd, const char *name,
    struct yaml **yaml, struct err *e);

/*
 * The next event.  ERR_INVALID when it is not such YAML: yaml_position() says
 * where, and nothing more can be read.
 */
bool yaml_next(struct yaml *yaml, struct yaml_event *event, struct err *e);

/*
 * True where each line is a value of its own, an empty one null: the file
 * begins with a JSON object whose first key is one of `keys`, a list that NULL
 * ends.  To be asked before the first event.
 */
bool yaml_is_lines(struct yaml *yaml, const char *const *keys);

/* Where the last event or error was, from 1. */
void yaml_position(const struct yaml *yaml, size_t *line, size_t *column);

/* permission_check() of the file that is open; standard input passes. */
bool yaml_permission(const struct yaml *yaml, enum file_kind kind,
    struct err *e);

void yaml_close(struct yaml *yaml);

#endif
