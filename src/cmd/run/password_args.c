/* Where a password comes from, and the hash that is stored. */
#include "cmd/run/password_args.h"

#include <string.h>
#include <unistd.h>

#include "file/password_file.h"
#include "model/mail/domain.h"
#include "model/password/hash.h"
#include "model/password/password.h"
#include "model/password/policy.h"
#include "model/password/scheme.h"
#include "print/ask.h"
#include "print/terminal.h"

/* How often somebody is asked for a new password. */
#define ASKED_MAX 3

const struct field password_fields[] = {
	FIELD(struct password_row, email, FIELD_TEXT),
	FIELD(struct password_row, password, FIELD_TEXT),
	{ 0 }
};

bool
password_args_open(const struct password_args *a)
{
	return a->file != NULL || a->hash_file != NULL;
}

/* Moves the text into the arena, which is wiped. */
static const char *
keep(struct arena *a, struct text *t)
{
	const char *copy = arena_strndup(a, t->buf, t->len);

	text_clear(t);
	return copy;
}

static bool
line_of_stdin(struct arena *a, const char **line, struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok;

	ok = password_line_read(STDIN_FILENO, "standard input", &t, e);
	*line = keep(a, &t);
	return ok;
}

static bool
line_of_file(struct arena *a, const char *path, const char **line,
    struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok = password_file_read(path, path, &t, e);

	*line = keep(a, &t);
	return ok;
}

bool
password_read(struct session *s, bool from_stdin, const char **password,
    struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok;

	if (from_stdin)
		return line_of_stdin(&s->scratch, password, e);
	if (session_is_batch(s) || !terminal_reachable()) {
		err_set(e, ERR_USAGE, "no password");
		return err_hint(e, "give it on standard input with "
		    "--password-stdin");
	}
	ok = ask_secret("Password: ", &t, e);
	*password = keep(&s->scratch, &t);
	return ok;
}

/* Where the options are resolved. */
struct resolving {
	struct session *s;
	struct arena *arena;
	struct password_args *args;
};

/* Before anybody has to type it again. */
static bool
is_taken(struct resolving *r, const char *password, size_t len, struct err *e)
{
	const struct settings *settings = &r->s->settings;

	if (!password_valid(password, len, e))
		return false;
	if (!settings->password_policy || r->args->force ||
	    password_strong(password, settings->password_min, e))
		return true;
	return err_hint(e, "--generate makes a good one; --force takes this "
	    "one");
}

static bool
ask_twice(struct resolving *r, const char **password, struct err *e)
{
	struct text first = TEXT_INIT, again = TEXT_INIT;
	bool ok;

	ok = ask_secret("New password: ", &first, e) &&
	    is_taken(r, first.buf, first.len, e) &&
	    ask_secret("Repeat the password: ", &again, e);
	if (ok && strcmp(first.buf, again.buf) != 0)
		ok = err_set(e, ERR_INVALID, "the passwords are not the same");
	text_clear(&again);
	*password = keep(r->arena, &first);
	return ok;
}

/* Again after a typing error or a weak one; an empty answer gives up. */
static bool
ask_until_taken(struct resolving *r, const char **password, struct err *e)
{
	for (int try = 1; !ask_twice(r, password, e); try++) {
		if (try == ASKED_MAX || **password == '\0' ||
		    (e->code != ERR_INVALID && e->code != ERR_REFUSED))
			return false;
		out_note(&r->s->out, "%s; try again", e->text);
		err_clear(e);
	}
	return true;
}

static bool
hash_take(struct resolving *r, const char *password, struct err *e)
{
	struct password_args *a = r->args;

	a->plain = a->generated == NULL ? password : NULL;
	return (a->generated != NULL ||
	    is_taken(r, password, strlen(password), e)) &&
	    password_hash(r->arena, password, (long)r->s->settings.rounds,
		&a->crypt, e);
}

static bool
hash_given(struct password_args *a, const char *hash, struct err *e)
{
	a->crypt = hash;
	return password_hash_valid(hash, e);
}

static bool
hash_generated(struct resolving *r, struct err *e)
{
	struct password_args *a = r->args;
	int64_t length = a->generate > 0 ? a->generate :
	    r->s->settings.password_length;

	return password_generate(r->arena, (size_t)length, &a->generated,
	    e) && hash_take(r, a->generated, e);
}

static int
options_given(const struct password_args *a)
{
	return a->from_stdin + (a->file != NULL) +
	    (a->generate != VALUE_UNSET) + (a->hash != NULL) +
	    a->hash_stdin + (a->hash_file != NULL) + a->no_password;
}

bool
password_args_asks(struct session *s, const struct password_args *a)
{
	return a->crypt == NULL && options_given(a) == 0 &&
	    !session_is_batch(s) && terminal_reachable();
}

/* Without any option: asks on a terminal; elsewhere it is an error. */
static bool
hash_asked(struct resolving *r, struct err *e)
{
	const char *password;

	if (password_args_asks(r->s, r->args))
		return ask_until_taken(r, &password, e) &&
		    hash_take(r, password, e);
	err_set(e, ERR_USAGE, "no password");
	return err_hint(e, "use one of --generate, --password-stdin, "
	    "--password-file FILE, --hash HASH or --no-password");
}

/* A line of standard input, or of a file. */
static bool
line_read(struct resolving *r, const char *path, const char **line,
    struct err *e)
{
	return path == NULL ? line_of_stdin(r->arena, line, e) :
	    line_of_file(r->arena, path, line, e);
}

bool
password_args_resolve(struct session *s, struct arena *arena,
    struct password_args *a, bool optional, struct err *e)
{
	struct resolving r = { s, arena, a };
	int given = options_given(a);
	const char *line;

	if (a->crypt != NULL || (given == 0 && optional))
		return true;
	if (given > 1)
		return err_set(e, ERR_USAGE,
		    "give only one of --generate, --password-stdin, "
		    "--password-file, --hash, --hash-stdin, --hash-file, "
		    "--no-password");
	if (given == 0)
		return hash_asked(&r, e);
	if (a->from_stdin || a->file != NULL)
		return line_read(&r, a->file, &line, e) &&
		    hash_take(&r, line, e);
	if (a->hash_stdin || a->hash_file != NULL)
		return line_read(&r, a->hash_file, &line, e) &&
		    hash_given(a, line, e);
	if (a->generate != VALUE_UNSET)
		return hash_generated(&r, e);
	a->crypt = a->hash != NULL ? a->hash : PASSWORD_NONE;
	return true;
}

bool
password_args_show(struct session *s, const char *email,
    const struct password_args *a, struct err *e)
{
	struct password_row row = { email, a->generated };

	if (a->generated == NULL)
		return true;
	s->passwords_shown = true;
	return out_begin(&s->out, password_fields, OUT_SHOW, e) &&
	    out_row(&s->out, &row, e) && out_end(&s->out, e);
}
