/* mailadm config render: the configuration of the servers. */
#include "cmd/config/config.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/shown.h"
#include "file/read.h"
#include "model/server/release.h"

/* The columns for a person; the diffs follow below the table. */
static const struct field person_fields[] = {
	FIELD(struct render_row, path, FIELD_TEXT),
	FIELD(struct render_row, action, FIELD_TEXT),
	{ 0 }
};

struct render_args {
	int64_t set;
	const char *out;
	const char *postfix_version;
	const char *dovecot_version;
	bool force;
	bool postconf;
};

static const struct arg_type arg_set = {
	.metavar = "SET", .choices = server_set_names, .choice = "set"
};

static bool
release_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	unsigned release;

	v->text = arena_strdup(a, word);
	return release_parse(word, &release) || err_set(e, ERR_INVALID,
	    "expected a release like 3.7, got \"%.200s\"", word);
}

static const struct arg_type arg_release = {
	.metavar = "RELEASE", .parse = release_value
};

static const struct arg render_arg[] = {
	ARGUMENT("SET", arg_set, render_args, set,
	    "postfix, dovecot, filter, grants, cron or all (the default)"),
	OPTION("--out", arg_directory, render_args, out,
	    "write below this directory; / installs"),
	FLAG("--force", render_args, force,
	    "also replace files that were edited by hand, and keep them as "
	    "FILE.bak"),
	FLAG("--postconf", render_args, postconf,
	    "print postconf commands instead of writing main.cf and "
	    "master.cf"),
	OPTION("--postfix-version", arg_release, render_args, postfix_version,
	    "for this release, like 3.7; default: the installed one"),
	OPTION("--dovecot-version", arg_release, render_args, dovecot_version,
	    "for 2.3 or 2.4; default: the installed one"),
	{ 0 }
};

const char *
config_directory(struct arena *a, const char *name)
{
	size_t len = strlen(name);

	while (len > 1 && name[len - 1] == '/')
		len--;
	return arena_strndup(a, name, len);
}

const char *
config_program(struct arena *a)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));

	if (n <= 0 || n == sizeof(path))
		return "mailadm";
	return arena_strndup(a, path, (size_t)n);
}

/* A file that was edited can contain anything: it is escaped. */
static const char *
diff_shown(struct arena *a, const char *diff)
{
	struct text t = TEXT_INIT;
	const char *shown;

	while (*diff != '\0') {
		size_t len = strcspn(diff, "\n\t");

		shown_add(&t, diff, len);
		diff += len;
		if (*diff != '\0')
			text_add_char(&t, *diff++);
	}
	shown = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return shown;
}

static bool
print_diffs(struct session *s, const struct render_row *rows, size_t count,
    struct err *e)
{
	for (size_t i = 0; i < count; i++) {
		if (rows[i].diff != NULL &&
		    !out_text(&s->out, diff_shown(&s->scratch,
			rows[i].diff), e))
			return false;
	}
	return true;
}

bool
config_rows_print(struct session *s, const struct render_row *rows,
    size_t count, struct err *e)
{
	bool table = out_is_table(&s->out);

	if (!out_begin(&s->out, table ? person_fields : render_fields,
	    OUT_LIST, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!out_row(&s->out, &rows[i], e))
			return false;
	}
	return out_end(&s->out, e) &&
	    (!table || print_diffs(s, rows, count, e));
}

/* The commands alone, so that a shell can read them. */
static bool
print_commands(struct session *s, const struct render_result *result,
    struct err *e)
{
	for (size_t i = 0; i < result->commands.count; i++) {
		if (!out_text(&s->out, arena_printf(&s->scratch, "%s\n",
		    result->commands.word[i]), e))
			return false;
	}
	for (size_t i = 0; i < result->count; i++)
		out_done(&s->out, "%s %s", result->row[i].path,
		    result->row[i].action);
	return true;
}

static const char *
user_name(void)
{
	const struct passwd *p = getpwuid(geteuid());

	return p != NULL ? p->pw_name : "the current user";
}

/* A filter that is not chosen any more would still read its files. */
static void
say_obsolete(struct session *s, const struct render_result *result)
{
	for (size_t i = 0; i < result->obsolete.count; i++)
		out_hint(&s->out, "rm %s", file_shell_name(&s->scratch,
		    result->obsolete.word[i]));
}

static void
say_result(struct session *s, const struct render_result *result, bool dry)
{
	for (size_t i = 0; i < result->backups.count; i++)
		out_done(&s->out, "old file kept: %s",
		    result->backups.word[i]);
	if (result->owners_kept)
		out_note(&s->out, "not running as root: the files are owned "
		    "by %s", user_name());
	if (dry)
		out_note(&s->out, "dry run: nothing was changed");
	else if (result->changed == 0 && result->refused == 0)
		out_done(&s->out, "unchanged");
	say_obsolete(s, result);
}

static bool
refused(const struct render_result *result, struct err *e)
{
	if (result->refused == 0)
		return true;
	err_set(e, ERR_REFUSED, "%zu %s edited, or not written by mailadm: "
	    "nothing was changed", result->refused,
	    result->refused == 1 ? "file was" : "files were");
	return err_hint(e, "--force replaces them and keeps the old files as "
	    "FILE.bak");
}

static bool
print_result(struct session *s, const struct render_args *a,
    const struct render_result *result, struct err *e)
{
	bool dry = session_is_dry(s);

	if (!dry && !a->postconf && result->changed > 0)
		session_did(s, "the files below %s are written", a->out);
	if (!(a->postconf ? print_commands(s, result, e) :
	    config_rows_print(s, result->row, result->count, e)))
		return false;
	say_result(s, result, dry);
	return refused(result, e);
}

/* The settings as they are now: a shell may have read others before. */
static bool
server_load(struct session *s, struct settings *settings,
    struct accounts *accounts, struct err *e)
{
	const char *path;

	if (!session_settings(s, settings, e) ||
	    !server_check(settings, e))
		return false;
	path = s->options.defaults_file != NULL ? s->options.defaults_file :
	    settings->defaults_file != NULL ? settings->defaults_file :
	    ACCOUNTS_FILE;
	if (accounts_read(&s->scratch, path, accounts, e))
		return true;
	if (e->code == ERR_NOT_FOUND)
		err_hint(e, "create it with: mailadm config init");
	return false;
}

static bool
run_render(struct session *s, const void *args, struct err *e)
{
	const struct render_args *a = args;
	struct accounts accounts = { 0 };
	struct settings settings;
	struct server server = { .settings = &settings,
	    .accounts = &accounts, .program = config_program(&s->scratch) };
	struct render_result result;
	struct render_options o = { .set = a->set == VALUE_UNSET ?
	    SERVER_SETS : (enum server_set)a->set,
	    .force = a->force, .postconf = a->postconf,
	    .dry_run = session_is_dry(s) };

	if (a->out == NULL) {
		err_set(e, ERR_USAGE, "missing option: --out DIR");
		return err_hint(e, "--out / installs; any other directory is "
		    "for a look");
	}
	o.out = config_directory(&s->scratch, a->out);
	return server_load(s, &settings, &accounts, e) &&
	    server_releases(&s->scratch, o.set, a->postfix_version,
		a->dovecot_version, &server, e) &&
	    render(&s->scratch, &server, &o, &result, e) &&
	    print_result(s, a, &result, e);
}

const struct cmd config_cmds[] = {
	{ .name = "config render",
	    .brief = "write the configuration of the servers",
	    .detail =
	    "Makes the files from the settings and accounts that config init "
	    "wrote, and writes them below --out with owner and mode. It keeps "
	    "checksums there: if a file was edited, or not written by "
	    "mailadm, the difference is shown and nothing at all is written "
	    "(status 6), unless --force is given. --dry-run shows what would "
	    "change. Passwords are never shown.\n\nThe files are for the "
	    "installed releases of Postfix and Dovecot. As root, --out / "
	    "installs them; then reload both servers. What cron and certbot "
	    "read is installed where they are.",
	    .example = "config render all --out /tmp/servers",
	    ARGS(render_arg, render_args), .columns = render_fields,
	    .flags = CMD_NOT_IN_BATCH, .run = run_render },
	{ 0 }
};
