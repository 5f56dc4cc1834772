/* Reading YAML with libyaml, within limits. */
#include "file/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

#include "base/arena.h"
#include "base/io.h"
#include "file/read.h"

#define READ_AHEAD 4096

/* Enough to know which key is the first one. */
#define KEY_MAX 32

/* Between two lines of JSON that YAML takes for documents. */
#define MARK "---\n"

struct yaml {
	yaml_parser_t parser;
	yaml_event_t event;
	const char *path;	/* "-": standard input */
	bool held;		/* `event` is to be deleted */
	int fd;
	size_t line_bytes;	/* since the last end of line, or event */
	bool line_too_long;
	int failed;		/* errno of reading, 0: none */
	unsigned char ahead[READ_AHEAD];	/* read, and not yet taken */
	size_t ahead_at;
	size_t ahead_end;
	bool lines;		/* each is a document */
	const char *mark;	/* what is still to be put between two */
	size_t depth;
	size_t documents;
	size_t line;
	size_t column;
};

/* --- reading --------------------------------------------------------- */

/*
 * False when a line is too long: libyaml would keep all of it.  JSON of any
 * size may be one line, but each of its values is an event.
 */
static bool
lines_end(struct yaml *y, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		y->line_bytes = bytes[i] == '\n' ? 0 : y->line_bytes + 1;
		if (y->line_bytes > YAML_LINE_MAX)
			return false;
	}
	return true;
}

/* More bytes behind those that were read ahead; false at the end. */
static bool
read_ahead(struct yaml *y)
{
	ssize_t n;

	if (y->ahead_at == y->ahead_end)
		y->ahead_at = y->ahead_end = 0;
	n = io_read(y->fd, y->ahead + y->ahead_end,
	    sizeof(y->ahead) - y->ahead_end);
	if (n < 0)
		y->failed = errno;
	if (n > 0)
		y->ahead_end += (size_t)n;
	return n > 0;
}

/* Of lines, with a mark behind each. */
static size_t
take_ahead(struct yaml *y, unsigned char *buffer, size_t size)
{
	size_t n = 0;

	while (n < size) {
		if (y->mark != NULL && *y->mark != '\0') {
			buffer[n++] = (unsigned char)*y->mark++;
			continue;
		}
		if (y->ahead_at == y->ahead_end)
			break;
		buffer[n] = y->ahead[y->ahead_at++];
		if (buffer[n++] == '\n' && y->lines)
			y->mark = MARK;
	}
	return n;
}

static int
take_bytes(void *arg, unsigned char *buffer, size_t size, size_t *taken)
{
	struct yaml *y = arg;

	*taken = take_ahead(y, buffer, size);
	if (*taken == 0 && read_ahead(y))
		*taken = take_ahead(y, buffer, size);
	if (y->failed != 0)
		return 0;
	y->line_too_long = !lines_end(y, buffer, *taken);
	return !y->line_too_long;
}

/* What comes first, but blanks; NULL: too few to know. */
static const char *
first_bytes(struct yaml *y, char text[static READ_AHEAD + 1])
{
	size_t blanks;

	memcpy(text, y->ahead, y->ahead_end);
	text[y->ahead_end] = '\0';
	blanks = strspn(text, " \t\r\n");
	return y->ahead_end - blanks >= KEY_MAX ? text + blanks : NULL;
}

bool
yaml_is_lines(struct yaml *y, const char *const *keys)
{
	char text[READ_AHEAD + 1] = "";		/* where nothing is read */
	const char *p = NULL;
	size_t n;

	while (p == NULL && y->ahead_end < sizeof(y->ahead) && read_ahead(y))
		p = first_bytes(y, text);
	if (p == NULL)
		p = text + strspn(text, " \t\r\n");
	if (*p++ != '{')
		return false;
	p += strspn(p, " \t");
	if (*p++ != '"')
		return false;
	for (; *keys != NULL && !y->lines; keys++) {
		n = strlen(*keys);
		y->lines = strncmp(p, *keys, n) == 0 && p[n] == '"';
	}
	return y->lines;
}

static bool
file_open(const char *path, int *fd, struct err *e)
{
	struct stat st;

	*fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) :
	    open(path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		return file_open_failed(path, e);
	if (fstat(*fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(*fd);
		return err_set(e, ERR_INVALID, "%s is a directory", path);
	}
	return true;
}

static void
begin(struct arena *a, int fd, const char *path, struct yaml **yaml)
{
	struct yaml *y = arena_alloc(a, sizeof(*y));

	if (!yaml_parser_initialize(&y->parser))
		out_of_memory();
	y->path = arena_strdup(a, path);
	y->fd = fd;
	y->line = y->column = 1;
	yaml_parser_set_input(&y->parser, take_bytes, y);
	*yaml = y;
}

bool
yaml_open(struct arena *a, const char *path, struct yaml **yaml,
    struct err *e)
{
	int fd;

	if (!file_open(path, &fd, e))
		return false;
	begin(a, fd, path, yaml);
	return true;
}

bool
yaml_open_fd(struct arena *a, int fd, const char *name, struct yaml **yaml,
    struct err *e)
{
	int own = dup(fd);

	if (own < 0)
		return err_errno(e, "cannot read %s", name);
	begin(a, own, name, yaml);
	return true;
}

bool
yaml_permission(const struct yaml *y, enum file_kind kind, struct err *e)
{
	struct stat st;

	/* The shell of the user has opened it. */
	if (strcmp(y->path, "-") == 0)
		return true;
	if (fstat(y->fd, &st) != 0)
		return err_errno(e, "cannot access %s", y->path);
	return permission_check(kind, y->path, &st, e);
}

void
yaml_close(struct yaml *y)
{
	if (y == NULL)
		return;
	if (y->held)
		yaml_event_delete(&y->event);
	yaml_parser_delete(&y->parser);
	close(y->fd);
}

void
yaml_position(const struct yaml *y, size_t *line, size_t *column)
{
	*line = y->line;
	*column = y->column;
}

/* From 1, without the marks. */
static size_t
line_of(const struct yaml *y, size_t line)
{
	return y->lines ? line / 2 + 1 : line + 1;
}

/* --- events ---------------------------------------------------------- */

static bool
refuse(struct err *e, const char *reason)
{
	return err_set(e, ERR_INVALID, "%s", reason);
}

static bool
parse_failed(struct yaml *y, struct err *e)
{
	const yaml_parser_t *p = &y->parser;

	if (y->failed != 0) {
		errno = y->failed;
		return err_errno(e, "cannot read");
	}
	if (p->error == YAML_MEMORY_ERROR)
		out_of_memory();
	y->line = line_of(y, p->problem_mark.line);
	y->column = p->problem_mark.column + 1;
	if (y->line_too_long)
		return err_set(e, ERR_INVALID, "a line longer than %d bytes",
		    YAML_LINE_MAX);
	if (p->error == YAML_READER_ERROR)
		return err_set(e, ERR_INVALID, "not valid UTF-8 text: %s",
		    p->problem);
	return err_set(e, ERR_INVALID, "not valid YAML: %s",
	    p->problem ? p->problem : "unknown");
}

static bool
is_anchored(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return event->data.scalar.anchor != NULL;
	case YAML_SEQUENCE_START_EVENT:
		return event->data.sequence_start.anchor != NULL;
	case YAML_MAPPING_START_EVENT:
		return event->data.mapping_start.anchor != NULL;
	default:
		return event->type == YAML_ALIAS_EVENT;
	}
}

static bool
is_tagged(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return event->data.scalar.tag != NULL;
	case YAML_SEQUENCE_START_EVENT:
		return event->data.sequence_start.tag != NULL;
	case YAML_MAPPING_START_EVENT:
		return event->data.mapping_start.tag != NULL;
	default:
		return false;
	}
}

static bool
scalar_take(const struct yaml *y, struct yaml_event *event, struct err *e)
{
	event->kind = YAML_SCALAR;
	event->text = (const char *)y->event.data.scalar.value;
	event->len = y->event.data.scalar.length;
	event->plain = y->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	if (event->len > YAML_SCALAR_MAX)
		return err_set(e, ERR_INVALID, "a value of %zu bytes, %d at "
		    "most", event->len, YAML_SCALAR_MAX);
	if (memchr(event->text, '\0', event->len) != NULL)
		return refuse(e, "a value with a NUL");
	return true;
}

/* Translates the event; *skip: the caller does not need it. */
static bool
event_take(struct yaml *y, struct yaml_event *event, bool *skip,
    struct err *e)
{
	*skip = false;
	switch (y->event.type) {
	case YAML_SCALAR_EVENT:
		return scalar_take(y, event, e);
	case YAML_MAPPING_START_EVENT:
	case YAML_SEQUENCE_START_EVENT:
		event->kind = y->event.type == YAML_MAPPING_START_EVENT ?
		    YAML_MAP : YAML_LIST;
		return ++y->depth <= YAML_DEPTH_MAX ||
		    refuse(e, "nested too deep");
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		event->kind = y->event.type == YAML_MAPPING_END_EVENT ?
		    YAML_MAP_END : YAML_LIST_END;
		y->depth--;
		return true;
	case YAML_STREAM_END_EVENT:
		event->kind = YAML_END;
		return true;
	case YAML_DOCUMENT_START_EVENT:
		*skip = true;
		return ++y->documents == 1 || y->lines ||
		    refuse(e, "a second document: use a file for each");
	default:
		*skip = true;
		return true;
	}
}

bool
yaml_next(struct yaml *y, struct yaml_event *event, struct err *e)
{
	bool skip;

	do {
		if (y->held)
			yaml_event_delete(&y->event);
		y->held = false;
		*event = (struct yaml_event){ 0 };
		if (!yaml_parser_parse(&y->parser, &y->event))
			return parse_failed(y, e);
		y->held = true;
		y->line_bytes = 0;
		y->line = event->line = line_of(y,
		    y->event.start_mark.line);
		y->column = event->column = y->event.start_mark.column + 1;
		if (is_anchored(&y->event))
			return refuse(e, "anchors and aliases are not "
			    "supported: write the value out");
		if (is_tagged(&y->event))
			return refuse(e, "tags are not supported");
		if (!event_take(y, event, &skip, e))
			return false;
	} while (skip);
	return true;
}
