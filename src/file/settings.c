/* mailadm's own settings. */
#include "file/settings.h"

#include <inttypes.h>
#include <string.h>

#include "base/ascii.h"
#include "base/nearest.h"
#include "base/size.h"
#include "base/text.h"
#include "base/utf8.h"
#include "file/home.h"
#include "file/permission.h"
#include "file/read.h"

#define LINE_LENGTH_MAX (64 * 1024)

/* More edits than this are another word. */

/* Do not compile when the member is of another type. */
#define SETTING(member, ctype) offsetof(struct settings, member) +	\
    0 * sizeof(_Generic(((struct settings *)0)->member, ctype: 0))
#define NUMBER_AT(member) SETTING_NUMBER, SETTING(member, int64_t)
#define TEXT_AT(member) SETTING_TEXT, SETTING(member, const char *)
#define FLAG_AT(member) SETTING_FLAG, SETTING(member, bool)

const struct setting settings_table[] = {
	{ "rounds", NUMBER_AT(rounds), 5000, 5000000, "50000", NULL,
	    "rounds of SHA256-CRYPT for passwords that are set from now on; "
	    "more take longer to guess, and to log in" },
	{ "rounds_min", NUMBER_AT(rounds_min), 1000, 5000000, "5000", NULL,
	    "\"check\" finds passwords that have fewer rounds of "
	    "SHA256-CRYPT or SHA512-CRYPT" },
	{ "password_length", NUMBER_AT(password_length), 12, 128, "20",
	    "characters", "length of passwords that --generate makes" },
	{ "postmaster", TEXT_AT(postmaster), 0, 0, "", "ADDRESS",
	    "address that \"domain add\" sends postmaster@ of the new domain "
	    "to, unless --postmaster says another; empty: none" },
	{ "connect_timeout", NUMBER_AT(connect_timeout), 1, 3600, "5",
	    "seconds", "how long to wait for the database server to "
	    "answer; TAB and Ctrl-C wait a fifth of it" },
	{ "read_timeout", NUMBER_AT(read_timeout), 1, 86400, "60", "seconds",
	    "how long one answer of the database server may take" },
	{ "write_timeout", NUMBER_AT(write_timeout), 1, 86400, "60",
	    "seconds", "how long sending to the database server may take" },
	{ "lock_timeout", NUMBER_AT(lock_timeout), 1, 3600, "5", "seconds",
	    "how long to wait for rows that another program changes" },
	{ "history_size", NUMBER_AT(history_size), 0, 1000000, "1000",
	    "lines", "how many lines the shell remembers; 0: none" },
	{ "history_keep", NUMBER_AT(history_keep), 0, 36500, "0", "days",
	    "how long changes stay in the history: \"history prune\" "
	    "deletes what is older; 0: for ever" },
	{ "check_ignore", TEXT_AT(check_ignore), 0, 0, "", "RULES",
	    "what \"check\" is not to report, separated by blanks: ID of a "
	    "rule, or ID:NAME; * and ? in NAME as in file names" },
	{ "defaults_file", TEXT_AT(defaults_file), 0, 0, "", "FILE",
	    "option file of MariaDB that is read instead of the standard "
	    "ones, unless --defaults-file names another; empty: none" },
	{ "hostname", TEXT_AT(hostname), 0, 0, "", "NAME",
	    "full name of the mail server, as mx.example.org; this and what "
	    "follows is what \"config render\" writes into the "
	    "configuration of Postfix and Dovecot" },
	{ "certificate", TEXT_AT(certificate), 0, 0, "", "FILE",
	    "certificate of that name with its chain; empty: "
	    "/etc/letsencrypt/live/HOSTNAME/fullchain.pem" },
	{ "certificate_key", TEXT_AT(certificate_key), 0, 0, "", "FILE",
	    "its private key; empty: "
	    "/etc/letsencrypt/live/HOSTNAME/privkey.pem" },
	{ "database_hosts", TEXT_AT(database_hosts), 0, 0,
	    "/run/mysqld/mysqld.sock", "HOSTS",
	    "where the servers find the database: a socket, a host, or "
	    "host:port; several, separated by blanks, are tried in turn" },
	{ "database_name", TEXT_AT(database_name), 0, 0, "mail", "NAME",
	    "name of the database that holds the tables" },
	{ "database_clients", TEXT_AT(database_clients), 0, 0, "localhost",
	    "HOSTS", "where the accounts connect from, as the database "
	    "sees it, separated by blanks; % and _ as in its grants" },
	{ "mail_directory", TEXT_AT(mail_directory), 0, 0, "/var/vmail",
	    "FOLDER", "where the mail is kept" },
	{ "vmail_uid", NUMBER_AT(vmail_uid), 500, 2147483647, "5000", NULL,
	    "uid and gid of the account that owns the mail; user and group "
	    "are called vmail" },
	{ "pop3", FLAG_AT(pop3), 0, 0, "no", NULL,
	    "POP3 besides IMAP, yes or no" },
	{ "postfix_directory", TEXT_AT(postfix_directory), 0, 0,
	    "/etc/postfix", "FOLDER", "configuration of Postfix" },
	{ "dovecot_directory", TEXT_AT(dovecot_directory), 0, 0,
	    "/etc/dovecot", "FOLDER", "configuration of Dovecot" },
	{ 0 }
};

#define SETTINGS (sizeof(settings_table) / sizeof(settings_table[0]) - 1)

/* What people look for here and MariaDB's option files hold. */
static const char *const option_names[] = {
	"host", "port", "socket", "user", "password", "database", NULL
};

struct reader {
	struct arena *arena;
	const char *name;		/* of the file */
	unsigned line;
	unsigned set_in[SETTINGS];	/* line, 0: not yet */
	struct settings *settings;
};

const struct setting *
setting_find(const char *name)
{
	const struct setting *row = settings_table;

	while (row->name != NULL && strcmp(row->name, name) != 0)
		row++;
	return row->name != NULL ? row : NULL;
}

/* The preset itself where it is that: presets live for ever. */
static void
text_set(struct arena *a, const struct setting *row, const char *value,
    char *slot)
{
	const char *text = NULL;

	if (*value != '\0')
		text = strcmp(value, row->preset) == 0 ? row->preset :
		    arena_strdup(a, value);
	memcpy(slot, &text, sizeof(text));
}

static bool
value_set(struct arena *a, const struct setting *row, const char *value,
    struct settings *s)
{
	char *slot = (char *)s + row->offset;
	bool flag = strcmp(value, "yes") == 0;
	int64_t number;

	if (row->kind == SETTING_TEXT) {
		text_set(a, row, value, slot);
		return true;
	}
	if (row->kind == SETTING_FLAG) {
		memcpy(slot, &flag, sizeof(flag));
		return flag || strcmp(value, "no") == 0;
	}
	if (!number_parse(value, &number) || number < row->min ||
	    number > row->max)
		return false;
	memcpy(slot, &number, sizeof(number));
	return true;
}

void
settings_default(struct settings *s)
{
	struct arena a = { 0 };

	*s = (struct settings){ 0 };
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *row = &settings_table[i];

		BUG_ON(!value_set(&a, row, row->preset, s));
	}
	arena_clear(&a);
}

static bool
is_option_name(const char *name)
{
	for (size_t i = 0; option_names[i] != NULL; i++) {
		if (strcmp(option_names[i], name) == 0)
			return true;
	}
	return false;
}

static bool
unknown_name(const struct reader *r, const char *name, struct err *e)
{
	struct words all = { 0 }, near;
	struct text list = TEXT_INIT;

	for (size_t i = 0; i < SETTINGS; i++)
		words_add(r->arena, &all, settings_table[i].name);
	near = nearest(r->arena, &all, name);
	err_set(e, ERR_INVALID, "%s:%u: unknown setting: %s", r->name,
	    r->line, name);
	if (is_option_name(name))
		return err_hint(e, "connection settings stand in MariaDB's "
		    "option files, group [mailadm]");
	if (near.count > 0)
		return err_hint(e, "did you mean %s?", near.word[0]);
	for (size_t i = 0; i < SETTINGS; i++)
		text_addf(&list, "%s%s", i > 0 ? ", " : "", all.word[i]);
	err_hint(e, "the settings are: %s", list.buf);
	text_clear(&list);
	return false;
}

static bool
value_fault(const struct setting *row, const char *value, struct err *e)
{
	if (row->kind == SETTING_FLAG)
		return err_set(e, ERR_INVALID, "%s is yes or no, not "
		    "\"%.200s\"", row->name, value);
	return err_set(e, ERR_INVALID, "%s is a number from %" PRId64 " to %"
	    PRId64 ", not \"%.200s\"", row->name, row->min, row->max,
	    value);
}

bool
setting_valid(const struct setting *row, const char *value, struct err *e)
{
	struct arena a = { 0 };
	struct settings s;
	bool ok = value_set(&a, row, value, &s) || value_fault(row, value, e);

	arena_clear(&a);
	return ok;
}

/* "FILE:LINE: " in front. */
static bool
err_place(const struct reader *r, struct err *e)
{
	return err_wrap(e, "%s:%u", r->name, r->line);
}

static bool
setting_take(struct reader *r, const char *name, const char *value,
    struct err *e)
{
	const struct setting *row = setting_find(name);
	unsigned *set_in;

	if (row == NULL)
		return unknown_name(r, name, e);
	set_in = &r->set_in[row - settings_table];
	if (*set_in != 0)
		return err_set(e, ERR_INVALID,
		    "%s:%u: %s is set in line %u already", r->name, r->line,
		    name, *set_in);
	*set_in = r->line;
	if (value_set(r->arena, row, value, r->settings))
		return true;
	value_fault(row, value, e);
	return err_place(r, e);
}

static void
comment_cut(char *line)
{
	for (char *p = line; *p != '\0'; p++) {
		if (*p == '#' && (p == line || is_one_of(p[-1], LINE_BLANKS))) {
			*p = '\0';
			return;
		}
	}
}

/* What is wrong with the bytes of a line, or NULL. */
static const char *
bytes_fault(const char *line, size_t len)
{
	if (len > LINE_LENGTH_MAX)
		return "the line is longer than 64 KiB";
	if (memchr(line, '\0', len) != NULL)
		return "the line holds a NUL byte";
	if (!utf8_valid(line, len))
		return "the line is not valid UTF-8";
	return NULL;
}

/* Never shows the line itself: it may be a password in the wrong file. */
static bool
line_take(struct reader *r, const char *bytes, size_t len, struct err *e)
{
	const char *fault = bytes_fault(bytes, len);
	char *line, *value;

	r->line++;
	if (fault != NULL)
		return err_set(e, ERR_INVALID, "%s:%u: %s", r->name, r->line,
		    fault);
	line = arena_strndup(r->arena, bytes, len);
	comment_cut(line);
	line = trim(line, LINE_BLANKS);
	if (*line == '\0')
		return true;
	value = strchr(line, '=');
	if (value == NULL || value == line) {
		err_set(e, ERR_INVALID, "%s:%u: not a setting", r->name,
		    r->line);
		return err_hint(e, "a line reads: name = value");
	}
	*value++ = '\0';
	return setting_take(r, trim(line, LINE_BLANKS),
	    trim(value, LINE_BLANKS), e);
}

bool
settings_parse(struct arena *a, const char *name, const char *bytes,
    size_t len, struct settings *s, struct err *e)
{
	struct settings read = *s;
	struct reader r = { .arena = a, .name = name, .settings = &read };

	while (len > 0) {
		const char *end = memchr(bytes, '\n', len);
		size_t n = end != NULL ? (size_t)(end - bytes) : len;

		if (!line_take(&r, bytes, n, e))
			return false;
		n += end != NULL;
		bytes += n;
		len -= n;
	}
	*s = read;
	return true;
}

static bool
load_named(struct arena *a, const char *path, struct settings *s,
    struct err *e)
{
	struct text content = TEXT_INIT;
	struct stat st;
	bool ok;

	ok = file_read(path, &content, &st, e) &&
	    permission_check(FILE_SETTINGS, path, &st, e) &&
	    settings_parse(a, path, content.buf, content.len, s, e);
	text_clear(&content);
	return ok;
}

/* One of the places to look at: NULL and absent files are fine. */
static bool
load_if_there(struct arena *a, const char *path, struct settings *s,
    struct err *e)
{
	if (path == NULL || load_named(a, path, s, e))
		return true;
	if (e->code != ERR_NOT_FOUND)
		return false;
	err_clear(e);
	return true;
}

bool
settings_load(struct arena *a, const char *config, struct settings *s,
    struct err *e)
{
	const char *named = getenv("MAILADM_CONFIG");

	settings_default(s);
	if (config != NULL)
		return load_named(a, config, s, e);
	if (!load_if_there(a, SETTINGS_FILE, s, e) ||
	    !load_if_there(a, home_config(a, "mailadm.conf"), s, e))
		return false;
	return named == NULL || *named == '\0' || load_named(a, named, s, e);
}
