/*
 * Programs that run after a commit: which, with what, and what they said.
 *
 * A hook runs with the rights of who runs mailadm.  So the directory, each
 * hook and the directory that it is in by links belong to root or to that
 * user, and nobody else can write them; what is otherwise is not run, and a
 * note says so each time.  A hook gets its words and the change on standard
 * input, and nothing of mailadm's own: no environment, no connection.
 */
#include "cmd/run/hooks.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/permission.h"
#include "file/program.h"
#include "model/history/history.h"

/* Rows of a change that a hook gets; "complete" says whether it is all. */
#define ROWS_MAX 10000

/* Of what a hook prints so much is read, and so many lines are shown. */
#define OUTPUT_MAX 4096
#define LINES_SHOWN 3

struct hooks {
	struct session *s;
	struct arena arena;
	const char *directory;
	const char *change;	/* its number, in words */
	struct text json;	/* empty: not made yet */
};

/* As run-parts(8) has it: what a package or an editor leaves is none. */
static bool
is_hook_name(const char *name)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

	return name[strspn(name, good)] == '\0';
}

static int
may_be_hook(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool
holder_check(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return err_errno(e, "cannot read %s", path);
	if (!S_ISDIR(st.st_mode))
		return err_set(e, ERR_INVALID, "%s is not a directory", path);
	return permission_check(FILE_HOOK_HOLDER, path, &st, e);
}

/* The file that links lead to, and the directory that this one is in. */
static bool
file_check(struct hooks *h, const char *path, const struct stat *st,
    struct err *e)
{
	char *real = realpath(path, NULL);
	const char *holder;
	bool ok;

	if (real == NULL)
		return err_errno(e, "cannot read %s", path);
	holder = arena_strndup(&h->arena, real,
	    (size_t)(strrchr(real, '/') - real));
	free(real);
	ok = permission_check(FILE_HOOK, path, st, e);
	return ok && holder_check(*holder != '\0' ? holder : "/", e);
}

/* --- what it said ------------------------------------------------------ */

static void
lines_say(struct hooks *h, const char *name, const char *said)
{
	char *rest = arena_strdup(&h->arena, said), *line;
	int shown = 0;

	while (shown < LINES_SHOWN && (line = strsep(&rest, "\n")) != NULL) {
		if (*line == '\0')
			continue;
		out_note(&h->s->out, "hook %s: %.200s", name, line);
		shown++;
	}
}

static void
answer_say(struct hooks *h, const char *name,
    const struct program_answer *answer)
{
	struct out *o = &h->s->out;

	if (answer->status == 0 && !o->style.verbose)
		return;
	if (answer->signal != 0)
		out_note(o, "hook %s was ended by signal %d", name,
		    answer->signal);
	else if (answer->status != 0)
		out_note(o, "hook %s failed with status %d", name,
		    answer->status);
	lines_say(h, name, answer->err);
	lines_say(h, name, answer->out);
}

static void
refusal_say(struct hooks *h, const char *what, struct err *e)
{
	out_note(&h->s->out, "%s: %s%s%s", what, e->text,
	    e->hint != NULL ? "; " : "", e->hint != NULL ? e->hint : "");
	err_clear(e);
}

/* --- running ----------------------------------------------------------- */

/* The change is read when a first hook needs it. */
static bool
change_read(struct hooks *h, struct err *e)
{
	return h->json.len > 0 || history_json(&h->s->mail,
	    db_change_committed(h->s->db), ROWS_MAX, &h->json, e);
}

static void
hook_run(struct hooks *h, const char *name, const char *path)
{
	const struct program_stranger how = {
		.seconds = (unsigned)h->s->settings.hook_timeout,
		.most = OUTPUT_MAX,
		.input = &h->json,
	};
	struct program_answer answer;
	struct words argv = { 0 };
	struct err e = { 0 };

	words_add(&h->arena, &argv, path);
	words_add(&h->arena, &argv, h->change);
	words_add(&h->arena, &argv, session_is_one_transaction(h->s) ||
	    h->s->cmd == NULL ? "batch" : h->s->cmd->name);
	if (program_run_stranger(&h->arena, &argv, &how, &answer, &e))
		answer_say(h, name, &answer);
	else
		refusal_say(h, arena_printf(&h->arena, "hook %s", name), &e);
}

/* False: the change cannot be read, for this one and for all. */
static bool
hook_take(struct hooks *h, const char *name)
{
	const char *path = arena_printf(&h->arena, "%s/%s", h->directory,
	    name);
	struct err e = { 0 };
	struct stat st;

	/* What is no program is none, as a README. */
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) ||
	    (st.st_mode & 0111) == 0)
		return true;
	if (!is_hook_name(name)) {
		out_note(&h->s->out, "hook %s is not run: its name has other "
		    "characters than letters, digits, - and _", name);
		return true;
	}
	if (!file_check(h, path, &st, &e)) {
		refusal_say(h, arena_printf(&h->arena, "hook %s is not run",
		    name), &e);
		return true;
	}
	if (!change_read(h, &e)) {
		refusal_say(h, "no hook is run", &e);
		return false;
	}
	/* A change without a row, as one that was written back. */
	if (h->json.len == 0)
		return false;
	hook_run(h, name, path);
	return true;
}

static void
directory_run(struct hooks *h)
{
	struct dirent **entry;
	struct err e = { 0 };
	bool goes_on = true;
	int n = scandir(h->directory, &entry, may_be_hook, alphasort);

	if (n < 0) {
		err_errno(&e, "cannot read %s", h->directory);
		refusal_say(h, "no hook is run", &e);
		return;
	}
	for (int i = 0; i < n; i++) {
		goes_on = goes_on && hook_take(h, entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
}

static void
hooks_begin(struct hooks *h)
{
	struct err e = { 0 };
	struct stat st;

	/* Without hooks nothing is allocated that could fail. */
	if (stat(h->directory, &st) != 0 && errno == ENOENT)
		return;
	h->change = arena_printf(&h->arena, "%lld",
	    (long long)db_change_committed(h->s->db));
	if (holder_check(h->directory, &e))
		directory_run(h);
	else
		refusal_say(h, "no hook is run", &e);
}

void
session_hooks(struct session *s)
{
	struct hooks h = { .s = s, .directory = s->settings.hooks,
	    .json = TEXT_INIT };

	/* What a hook itself changes starts no further ones, without end. */
	if (h.directory == NULL || strcmp(h.directory, "none") == 0 ||
	    db_change_committed(s->db) == 0 || getenv("MAILADM_HOOK") != NULL)
		return;
	hooks_begin(&h);
	text_clear(&h.json);
	arena_clear(&h.arena);
}
