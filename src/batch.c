/* Batches: reading lines, all or nothing, or each on its own. */
#include "batch.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "file/lines.h"

/* A line whose files were read before the transaction. */
struct ready {
	struct ready *next;
	size_t line;
	struct parsed parsed;
};

struct batch {
	struct session *s;
	const char *name;	/* for messages */
	int fd;
	struct lines lines;
	struct text line;	/* joined where a backslash continued it */
	bool too_long;		/* line has only the end of it */
	struct ready *ready;
	struct ready **ready_end;
	struct arena memory;
};

/* --- reading --------------------------------------------------------- */

static bool
copy(int from, int to, const char *name, struct err *e)
{
	char buf[16 * 1024];
	ssize_t n;
	bool ok = true;

	while (ok && (n = io_read(from, buf, sizeof(buf))) != 0) {
		if (n < 0)
			ok = err_errno(e, "cannot read %s", name);
		else if (!io_write_all(to, buf, (size_t)n))
			ok = err_errno(e, "cannot copy %s", name);
	}
	explicit_bzero(buf, sizeof(buf));
	return ok;
}

/*
 * A transaction may have to be repeated, so input that cannot be read twice is
 * copied to a memory file that no other process can open.
 */
static bool
spool(int *fd, const char *name, struct err *e)
{
	int kept = memfd_create("batch", MFD_CLOEXEC);

	if (kept < 0)
		return err_errno(e, "cannot copy %s", name);
	if (!copy(*fd, kept, name, e)) {
		close(kept);
		return false;
	}
	close(*fd);
	*fd = kept;
	return true;
}

/* A file that can be read twice, or its copy. */
static bool
rereadable(int *fd, const char *name, struct err *e)
{
	struct stat st;

	if (fstat(*fd, &st) != 0)
		return err_errno(e, "cannot read %s", name);
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_IO, "%s is a directory", name);
	if (S_ISREG(st.st_mode) && lseek(*fd, 0, SEEK_CUR) == 0)
		return true;
	return spool(fd, name, e);
}

static bool
input_open(const char *path, const char *name, int *fd, struct err *e)
{
	*fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) :
	    open(path, O_RDONLY | O_CLOEXEC);
	return *fd < 0 ? err_errno(e, "cannot open %s", name) :
	    rereadable(fd, name, e);
}

/* An odd number of backslashes at the end: the last one continues. */
static bool
is_continued(const struct text *line)
{
	size_t n = 0;

	while (n < line->len && line->buf[line->len - 1 - n] == '\\')
		n++;
	return n % 2 == 1;
}

/* Of a line that is too long only the end is kept: it may be continued. */
static void
line_append(struct batch *b)
{
	const struct text *more = &b->lines.line;
	size_t from = 0;

	/* A byte order mark is no part of the first word. */
	if (b->lines.number == 1 && more->len >= 3 &&
	    memcmp(more->buf, "\xef\xbb\xbf", 3) == 0)
		from = 3;
	if (b->lines.too_long || b->line.len + more->len > BATCH_LINE_MAX) {
		b->too_long = true;
		text_cut(&b->line, 0);
	}
	text_add_bytes(&b->line, more->buf + from, more->len - from);
}

/*
 * The next whole line into b->line; its number into s->out.line.  A
 * backslash before the end of the file stays: the file may have been cut.
 */
static bool
line_next(struct batch *b, struct err *e)
{
	text_cut(&b->line, 0);
	b->too_long = false;
	b->s->out.line = b->lines.number + 1;
	if (!lines_read(&b->lines, e))
		return false;
	line_append(b);
	while (is_continued(&b->line)) {
		text_cut(&b->line, b->line.len - 1);
		if (!lines_read(&b->lines, e)) {
			text_add_char(&b->line, '\\');
			break;
		}
		line_append(b);
	}
	return e->code == ERR_NONE;
}

static bool
line_split(struct batch *b, struct arena *a, struct words *words,
    struct err *e)
{
	*words = (struct words){ 0 };
	if (b->too_long)
		return err_set(e, ERR_INVALID, "the line is longer than %zu "
		    "bytes", BATCH_LINE_MAX);
	return words_split(a, b->line.buf, b->line.len, words, e);
}

/* --- before the transaction ------------------------------------------ */

static bool
line_parse(struct batch *b, struct arena *a, struct parsed *parsed,
    struct err *e)
{
	struct words words;

	*parsed = (struct parsed){ 0 };
	if (!line_split(b, a, &words, e))
		return false;
	return words.count == 0 || session_parse(b->s, a, &words, parsed, e);
}

static bool
refuse_in_batch(const struct cmd *cmd, struct err *e)
{
	if (cmd == NULL || !(cmd->flags & (CMD_NOT_IN_BATCH | CMD_SHELL)))
		return true;
	return err_set(e, ERR_USAGE, "%s is not possible in a batch, which is "
	    "one transaction", cmd->name);
}

/* Keeps what was read from files: the second pass opens none. */
static bool
files_read(struct batch *b, struct err *e)
{
	struct ready *r = arena_alloc(&b->memory, sizeof(*r));

	if (!line_parse(b, &b->memory, &r->parsed, e))
		return false;
	r->line = b->s->out.line;
	*b->ready_end = r;
	b->ready_end = &r->next;
	return r->parsed.cmd->prepare(b->s, &b->memory, r->parsed.args, e);
}

static bool
line_prepare(struct batch *b, struct err *e)
{
	struct parsed parsed;
	bool ok;

	ok = line_parse(b, &b->s->scratch, &parsed, e) &&
	    refuse_in_batch(parsed.cmd, e);
	if (ok && parsed.cmd != NULL && parsed.cmd->opens_files != NULL &&
	    parsed.cmd->opens_files(parsed.args))
		ok = files_read(b, e);
	arena_clear(&b->s->scratch);
	return ok;
}

static bool
prepare_all(struct batch *b, struct err *e)
{
	if (!lines_rewind(&b->lines, e))
		return false;
	while (line_next(b, e)) {
		if (!line_prepare(b, e))
			return false;
	}
	return e->code == ERR_NONE;
}

/* --- the transaction ------------------------------------------------- */

static bool
line_run(struct batch *b, struct ready **ready, struct err *e)
{
	struct session *s = b->s;
	struct parsed parsed;
	bool ok;

	if (*ready != NULL && (*ready)->line == s->out.line) {
		parsed = (*ready)->parsed;
		*ready = (*ready)->next;
	} else if (!line_parse(b, &s->scratch, &parsed, e)) {
		return false;
	}
	ok = parsed.cmd == NULL || session_run_parsed(s, &parsed, e);
	s->mail.notes = (struct words){ 0 };
	arena_clear(&s->scratch);
	return ok;
}

static bool
run_all(struct session *s, void *arg, struct err *e)
{
	struct batch *b = arg;
	struct ready *ready = b->ready;

	if (!lines_rewind(&b->lines, e))
		return false;
	s->out.file = b->name;
	while (line_next(b, e)) {
		if (!line_run(b, &ready, e))
			return false;
	}
	/* An error of the commit has no line. */
	s->out.file = NULL;
	return e->code == ERR_NONE;
}

static int
report(struct session *s, struct err *e)
{
	int status = err_kinds[e->code].status;

	if (e->code != ERR_NONE)
		out_error(&s->out, e);
	out_command_end(&s->out);
	err_clear(e);
	return status;
}

static int
run_as_one(struct batch *b)
{
	struct session *s = b->s;
	struct err e = { 0 };

	if (prepare_all(b, &e)) {
		static const struct cmd any = { .flags = CMD_DB };

		s->out.file = NULL;
		if (session_connect(s, &any, &e)) {
			if (session_transaction(s, run_all, b, &e))
				session_signing_sync(s, &e);
			else
				session_verdict(s, &e);
		}
	}
	return report(s, &e);
}

/* --- one by one ------------------------------------------------------ */

/* It came when the line before was done. */
static int
interrupted(struct session *s)
{
	struct err e = { 0 };

	err_set(&e, ERR_INTERRUPTED, "interrupted before this line");
	if (s->unsynced != SIGNING_SAME)
		err_hint(&e, "run: mailadm dkim sync");
	report(s, &e);
	return 128 + s->ended_by;
}

/* What the lines have committed, whatever became of the others. */
static int
synced(struct session *s, int first)
{
	struct err e = { 0 };
	int status;

	s->out.file = NULL;
	session_signing_sync(s, &e);
	status = report(s, &e);
	return first != 0 ? first : status;
}

static int
run_each(struct batch *b)
{
	struct session *s = b->s;
	struct err e = { 0 };
	int first = 0;

	while (line_next(b, &e)) {
		struct words words;
		int status;

		if (s->ended_by != 0)
			return interrupted(s);
		if (line_split(b, &b->memory, &words, &e) && words.count > 0)
			session_run(s, &words, &e);
		arena_clear(&b->memory);
		status = report(s, &e);
		first = first != 0 ? first : status;
		/*
		 * If standard output cannot be written, the other lines would
		 * fail, too.
		 */
		if (status == err_kinds[ERR_IO].status &&
		    s->out.failed.code != ERR_NONE)
			break;
	}
	if (e.code != ERR_NONE)
		first = report(s, &e);
	return synced(s, first);
}

static int
check_each(struct batch *b)
{
	struct err e = { 0 };
	int first = 0;

	while (line_next(b, &e)) {
		struct parsed parsed;
		int status;

		if (line_parse(b, &b->memory, &parsed, &e) &&
		    !b->s->run.keep_going)
			refuse_in_batch(parsed.cmd, &e);
		arena_clear(&b->memory);
		status = report(b->s, &e);
		first = first != 0 ? first : status;
	}
	return e.code == ERR_NONE ? first : report(b->s, &e);
}

static bool
batch_open(struct batch *b, struct session *s, const char *path,
    struct err *e)
{
	*b = (struct batch){ .s = s, .line = TEXT_INIT };
	b->name = strcmp(path, "-") == 0 ? "stdin" : path;
	b->ready_end = &b->ready;
	if (!input_open(path, b->name, &b->fd, e))
		return false;
	lines_init(&b->lines, b->fd, b->name, BATCH_LINE_MAX);
	return true;
}

static void
batch_close(struct batch *b)
{
	if (b->fd >= 0)
		close(b->fd);
	lines_clear(&b->lines);
	text_clear(&b->line);
	arena_clear(&b->memory);
}

static bool
source_run(struct batch *b, struct err *e)
{
	struct session *s = b->s;
	bool ok;

	s->out.file = b->name;
	ok = prepare_all(b, e) && session_write(s, run_all, b, e);
	if (!ok && s->out.file != NULL)
		err_wrap(e, "%s:%zu", b->name, s->out.line);
	s->out.file = NULL;
	return ok;
}

/* Runs a file as a batch, then restores the state of the shell. */
bool
batch_source(struct session *s, const char *path, struct err *e)
{
	const bool page = s->out.page;
	struct arena name = { 0 };
	struct batch b;
	bool ok;

	/* The path is in memory that the first line releases. */
	if (!batch_open(&b, s, arena_strdup(&name, path), e)) {
		batch_close(&b);
		arena_clear(&name);
		return false;
	}
	s->mode = SESSION_SOURCE;
	s->out.page = false;
	s->out.array_as_lines = true;
	ok = source_run(&b, e);
	s->mode = SESSION_SHELL;
	s->out.page = page;
	s->out.array_as_lines = false;
	batch_close(&b);
	arena_clear(&name);
	return ok;
}

int
batch_run(struct session *s, const char *path)
{
	struct batch b;
	struct err e = { 0 };
	int status;

	if (!batch_open(&b, s, path, &e)) {
		batch_close(&b);
		return report(s, &e);
	}
	s->mode = s->run.keep_going || s->run.check ? SESSION_LINES :
	    SESSION_BATCH;
	s->out.file = b.name;
	s->out.array_as_lines = true;
	if (s->run.check)
		status = check_each(&b);
	else if (s->run.keep_going)
		status = run_each(&b);
	else
		status = run_as_one(&b);
	s->out.file = NULL;
	batch_close(&b);
	return status;
}
