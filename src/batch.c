/* Batches: reading lines, all or nothing, or each on its own. */
#include "batch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/language/parse.h"

/* A line whose files were read before the transaction. */
struct ready {
	struct ready *next;
	size_t line;
	struct parsed parsed;
};

struct batch {
	struct session *s;
	const char *name;	/* for messages */
	FILE *file;
	size_t next_line;
	struct text line;	/* joined where a backslash continued it */
	bool too_long;		/* line is not what was in the file */
	struct ready *ready;
	struct ready **ready_end;
	struct arena memory;
};

/* --- reading --------------------------------------------------------- */

/*
 * A transaction may have to be repeated, so what cannot be read twice is
 * kept in memory of the kernel's, where no other process can look.
 */
static FILE *
spool(int in, const char *name, struct err *e)
{
	char buf[16 * 1024];
	int fd = memfd_create("batch", MFD_CLOEXEC);
	ssize_t n = 0;

	if (fd < 0) {
		err_errno(e, "cannot keep %s", name);
		return NULL;
	}
	while ((n = read(in, buf, sizeof(buf))) > 0) {
		if (write(fd, buf, (size_t)n) != n)
			break;
	}
	explicit_bzero(buf, sizeof(buf));
	if (n != 0) {
		err_errno(e, "cannot read %s", name);
		close(fd);
		return NULL;
	}
	return fdopen(fd, "r");
}

static FILE *
input_open(const char *path, const char *name, struct err *e)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? dup(STDIN_FILENO) :
	    open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	FILE *file;

	if (fd < 0) {
		err_errno(e, "cannot open %s", name);
		return NULL;
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		err_set(e, ERR_IO, "%s is a directory", name);
		close(fd);
		return NULL;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    lseek(fd, 0, SEEK_CUR) == 0)
		return fdopen(fd, "r");
	file = spool(fd, name, e);
	close(fd);
	return file;
}

/*
 * One line as it stands in the file; false at the end or with e filled.  Of
 * one that is too long the end is kept, to know whether it goes on.
 */
static bool
line_read(struct batch *b, struct err *e)
{
	int c, last = EOF;

	b->next_line++;
	while ((c = getc_unlocked(b->file)) != EOF && c != '\n') {
		if (b->line.len >= BATCH_LINE_MAX) {
			b->too_long = true;
			text_cut(&b->line, 0);
		}
		text_add_char(&b->line, (char)c);
		last = c;
	}
	if (c == EOF && ferror(b->file))
		return err_errno(e, "cannot read on");
	if (last == '\r')
		text_cut(&b->line, b->line.len - 1);
	return c != EOF || last != EOF;
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

/*
 * The next whole line into b->line; its number into s->out.line.  A
 * backslash before the end of the file stays: the file may have been cut.
 */
static bool
line_next(struct batch *b, struct err *e)
{
	bool more;

	text_cut(&b->line, 0);
	b->too_long = false;
	b->s->out.line = b->next_line + 1;
	more = line_read(b, e);
	while (more && is_continued(&b->line)) {
		text_cut(&b->line, b->line.len - 1);
		if (!line_read(b, e)) {
			text_add_char(&b->line, '\\');
			break;
		}
	}
	return more && e->code == ERR_NONE;
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

static void
batch_rewind(struct batch *b)
{
	rewind(b->file);
	b->next_line = 0;
	/* A byte order mark is no part of the first word. */
	if (getc(b->file) != 0xef || getc(b->file) != 0xbb ||
	    getc(b->file) != 0xbf)
		rewind(b->file);
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
	return err_set(e, ERR_USAGE, "%s cannot stand in a batch, which is "
	    "one transaction", cmd->name);
}

/* Keeps what was read from files, so that pass two opens none. */
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
	batch_rewind(b);
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

	s->out.file = b->name;
	batch_rewind(b);
	while (line_next(b, e)) {
		if (!line_run(b, &ready, e))
			return false;
	}
	/* What fails from here on, the commit, is no line's fault. */
	s->out.file = NULL;
	return e->code == ERR_NONE;
}

static int
report(struct session *s, struct err *e)
{
	int status = err_kinds[e->code].status;

	if (e->code != ERR_NONE)
		out_error(&s->out, e);
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
		if (session_connect(s, &any, &e))
			session_transaction(s, run_all, b, &e);
	}
	return report(s, &e);
}

/* --- one by one ------------------------------------------------------ */

static int
run_each(struct batch *b)
{
	struct session *s = b->s;
	struct err e = { 0 };
	int first = 0;

	batch_rewind(b);
	while (line_next(b, &e)) {
		struct words words;
		int status;

		if (line_split(b, &b->memory, &words, &e) && words.count > 0)
			session_run(s, &words, &e);
		arena_clear(&b->memory);
		status = report(s, &e);
		first = first != 0 ? first : status;
		/* Output that is gone stays gone. */
		if (status == err_kinds[ERR_IO].status &&
		    s->out.failed.code != ERR_NONE)
			break;
	}
	return e.code == ERR_NONE ? first : report(s, &e);
}

static int
check_each(struct batch *b)
{
	struct err e = { 0 };
	int first = 0;

	batch_rewind(b);
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
	b->file = input_open(path, b->name, e);
	return b->file != NULL;
}

static void
batch_close(struct batch *b)
{
	if (b->file != NULL)
		fclose(b->file);
	text_clear(&b->line);
	arena_clear(&b->memory);
}

static bool
source_run(struct batch *b, struct err *e)
{
	struct session *s = b->s;
	bool ok;

	s->out.file = b->name;
	ok = prepare_all(b, e) && (db_in_transaction(s->db) ?
	    run_all(s, b, e) && out_flush(&s->out, e) :
	    session_transaction(s, run_all, b, e));
	if (!ok && s->out.file != NULL)
		err_wrap(e, "%s:%zu", b->name, s->out.line);
	s->out.file = NULL;
	return ok;
}

/* As a batch is run, and then everything is as it was in the shell. */
bool
batch_source(struct session *s, const char *path, struct err *e)
{
	const bool page = s->out.page;
	struct arena name = { 0 };
	struct batch b;
	bool ok;

	/* The word is in memory that goes with the first line. */
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
