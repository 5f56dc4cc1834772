/* config init: writes settings, accounts and grants; what exists is kept. */
#include "model/server/init.h"

#include <openssl/rand.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/read.h"
#include "file/write.h"
#include "model/server/hosts.h"

#define PASSWORD_BYTES 16
#define FILES 2

static const char settings_head[] =
    "# mailadm's own settings; written by \"mailadm config init\", to be "
    "edited by\n# hand as well.  mailadm.conf(5) describes them all.\n";

static const char accounts_head[] =
    "# The accounts of the mail server in its database: written by \"mailadm "
    "config\n# init\", which keeps the passwords that stand here.  A group "
    "is an account; the\n# passwords of the servers are rendered from "
    "here.  MariaDB's programs read it\n# as an option file.\n";

/* A file that is being changed. */
struct edit {
	const char *path;	/* on the server */
	const char *full;	/* below the directory */
	struct text text;
	mode_t mode;
	bool changed;
};

struct initing {
	struct arena *arena;
	const struct init_options *options;
	struct init_result *result;
	struct edit edit[FILES];
	struct accounts accounts;
};

static const char *
below(struct arena *a, const char *out, const char *path)
{
	return strcmp(out, "/") == 0 ? path : arena_printf(a, "%s%s", out,
	    path);
}

bool
server_init_settings(struct arena *a, const char *out, struct settings *s,
    struct err *e)
{
	if (settings_load(a, below(a, out, SERVER_SETTINGS_PATH), s, e))
		return true;
	if (e->code != ERR_NOT_FOUND)
		return false;
	err_clear(e);
	settings_default(s);
	return true;
}

bool
server_init_check(const char *setting, const char *value, struct err *e)
{
	const struct setting *row = setting_find(setting);

	BUG_ON(row == NULL);
	return setting_valid(row, value, e) &&
	    server_setting_check(setting, value, e);
}

/* --- files that exist, or begin with their head ---------------------- */

static bool
edit_open(struct initing *i, struct edit *edit, const char *path,
    mode_t mode, const char *head, struct err *e)
{
	struct stat st;

	*edit = (struct edit){ .path = path, .mode = mode,
	    .full = below(i->arena, i->options->out, path),
	    .text = TEXT_INIT };
	if (file_read(edit->full, &edit->text, &st, e)) {
		edit->mode = st.st_mode & 07777;
		return true;
	}
	if (e->code != ERR_NOT_FOUND)
		return false;
	err_clear(e);
	text_add(&edit->text, head);
	edit->changed = true;
	return true;
}

static bool
edit_close(struct initing *i, struct edit *edit, struct err *e)
{
	uid_t uid = geteuid() == 0 ? 0 : (uid_t)-1;
	const struct file_place place = { edit->mode, uid,
	    uid == 0 ? 0 : (gid_t)-1 };

	i->result->changed += edit->changed;
	if (!edit->changed || i->options->dry_run)
		return true;
	file_directories_make(edit->full, 0, 0755);
	return file_install(edit->full, edit->text.buf, edit->text.len,
	    &place, e);
}

/* --- settings -------------------------------------------------------- */

static void
setting_put(struct edit *edit, const char *name, const char *value)
{
	struct text before = TEXT_INIT;

	text_add_bytes(&before, edit->text.buf, edit->text.len);
	setting_write(&edit->text, setting_find(name), value);
	if (strcmp(before.buf, edit->text.buf) != 0)
		edit->changed = true;
	text_clear(&before);
}

static bool
settings_edit(struct initing *i, const struct init_answer *answers,
    struct err *e)
{
	struct edit *edit = &i->edit[0];
	struct settings *s = &i->result->settings;

	for (; answers->setting != NULL; answers++) {
		if (!server_init_check(answers->setting, answers->value, e))
			return false;
		setting_put(edit, answers->setting, answers->value);
	}
	settings_default(s);
	if (!settings_parse(i->arena, edit->full, edit->text.buf,
	    edit->text.len, s, e))
		return false;
	if (s->defaults_file == NULL) {
		setting_put(edit, "defaults_file", ACCOUNTS_FILE);
		s->defaults_file = ACCOUNTS_FILE;
	}
	return server_check(s, e);
}

/* --- accounts -------------------------------------------------------- */

static bool
password_make(struct arena *a, const char **password, struct err *e)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[PASSWORD_BYTES];
	char *made = arena_alloc(a, 2 * PASSWORD_BYTES + 1);

	if (RAND_priv_bytes(bytes, sizeof(bytes)) != 1)
		return err_set(e, ERR_IO, "no random numbers from OpenSSL");
	for (size_t i = 0; i < sizeof(bytes); i++) {
		made[2 * i] = digits[bytes[i] >> 4];
		made[2 * i + 1] = digits[bytes[i] & 15];
	}
	explicit_bzero(bytes, sizeof(bytes));
	*password = made;
	return true;
}

/* The group with which mailadm itself connects. */
static void
group_connect(struct text *file, const char *group, const char *user,
    const struct settings *s, const struct server_database *d)
{
	if (!option_text_has(file, group, "user"))
		option_text_set(file, group, "user", user);
	option_text_set(file, group, "database", s->database_name);
	option_text_set(file, group, "socket", d->socket);
	option_text_set(file, group, "host", d->host);
	option_text_set(file, group, "port", d->port);
}

static bool
passwords_edit(struct initing *i, struct err *e)
{
	struct text *file = &i->edit[1].text;

	for (enum account n = 0; n < ACCOUNTS; n++) {
		const char **password = &i->accounts.password[n];

		if (*password != NULL || (n == ACCOUNT_WEBMAIL &&
		    !i->result->settings.webmail))
			continue;
		if (!password_make(i->arena, password, e))
			return false;
		option_text_set(file, account_names[n], "user",
		    account_names[n]);
		option_text_set(file, account_names[n], "password",
		    *password);
		i->result->passwords++;
	}
	return true;
}

static bool
accounts_edit(struct initing *i, struct err *e)
{
	struct edit *edit = &i->edit[1];
	struct text before = TEXT_INIT;
	struct server_database d;
	bool ok;

	server_database(i->arena, &i->result->settings, &d);
	text_add_bytes(&before, edit->text.buf, edit->text.len);
	group_connect(&edit->text, account_names[ACCOUNT_MAILADM],
	    account_names[ACCOUNT_MAILADM], &i->result->settings, &d);
	ok = passwords_edit(i, e);
	group_connect(&edit->text, "mailadm-admin", "root",
	    &i->result->settings, &d);
	if (strcmp(before.buf, edit->text.buf) != 0)
		edit->changed = true;
	text_clear(&before);
	return ok;
}

static bool
accounts_open(struct initing *i, struct err *e)
{
	struct edit *edit = &i->edit[1];

	if (!edit_open(i, edit, i->result->settings.defaults_file, 0600,
	    accounts_head, e))
		return false;
	if (accounts_read(i->arena, edit->full, &i->accounts, e))
		return true;
	if (e->code != ERR_NOT_FOUND)
		return false;
	err_clear(e);
	return true;
}

/* --- all of it ------------------------------------------------------- */

static bool
grants_write(struct initing *i, struct render_result *rendered,
    struct err *e)
{
	const struct server server = {
		.settings = &i->result->settings,
		.accounts = &i->accounts,
		.program = i->options->program,
	};
	const struct render_options options = { .set = SERVER_GRANTS,
	    .out = i->options->out, .dry_run = i->options->dry_run };

	return render(i->arena, &server, &options, rendered, e);
}

static void
rows_make(struct initing *i, const struct render_result *rendered)
{
	size_t count = FILES + rendered->count;
	struct render_row *row = arena_array(i->arena, count, sizeof(*row));

	for (size_t n = 0; n < FILES; n++)
		row[n] = (struct render_row){ i->edit[n].path,
		    i->edit[n].changed ? "written" : "unchanged", NULL };
	for (size_t n = 0; n < rendered->count; n++)
		row[FILES + n] = rendered->row[n];
	i->result->row = row;
	i->result->count = count;
	i->result->changed += rendered->changed;
	i->result->refused = rendered->refused;
}

bool
server_init(struct arena *a, const struct init_answer *answers,
    const struct init_options *options, struct init_result *result,
    struct err *e)
{
	struct initing i = { .arena = a, .options = options,
	    .result = result };
	struct render_result rendered = { 0 };
	bool ok;

	*result = (struct init_result){ 0 };
	ok = edit_open(&i, &i.edit[0], SERVER_SETTINGS_PATH, 0644,
	    settings_head, e) && settings_edit(&i, answers, e) &&
	    accounts_open(&i, e) && accounts_edit(&i, e) &&
	    edit_close(&i, &i.edit[1], e) && edit_close(&i, &i.edit[0], e) &&
	    grants_write(&i, &rendered, e);
	rows_make(&i, &rendered);
	text_clear(&i.edit[0].text);
	text_clear(&i.edit[1].text);
	return ok;
}
