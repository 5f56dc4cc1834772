/* Guessing a map: the queries of the installed servers. */
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/sentence.h"
#include "file/dovecot.h"
#include "file/postfix.h"
#include "file/read.h"
#include "model/guess/guess.h"

/* --- Postfix ----------------------------------------------------------- */

static const struct {
	const char *setting;
	enum guess_use use;
} settings[] = {
	{ "virtual_mailbox_domains", GUESS_DOMAINS },
	{ "virtual_alias_domains", GUESS_DOMAINS },
	{ "mydestination", GUESS_DOMAINS },
	{ "relay_domains", GUESS_RELAYED },
	{ "virtual_mailbox_maps", GUESS_MAILBOXES },
	{ "local_recipient_maps", GUESS_MAILBOXES },
	{ "virtual_alias_maps", GUESS_ALIASES },
};

static void
say(struct guess *g, const char *what)
{
	if (!words_have(&g->said, what))
		words_add(g->arena, &g->said, what);
}

/* Where the database is: its name and hosts are no secret. */
static void
database_say(struct guess *g, const char *name, const char *hosts)
{
	const char *start = "The database is ";

	if (name == NULL || strpbrk(name, "\r\n") != NULL)
		return;
	for (size_t i = 0; hosts == NULL && i < g->said.count; i++) {
		if (strncmp(g->said.word[i], start, strlen(start)) == 0)
			return;
	}
	say(g, arena_printf(g->arena, "%s%s%s%s.", start, name,
	    hosts != NULL ? ", on " : "", hosts != NULL ? hosts : ""));
}

/* The lines of a file; one that does not exist is said, and has none. */
static bool
file_lines(struct guess *g, const char *path, enum cf_syntax syntax,
    struct cf *cf, struct err *e)
{
	struct text content = TEXT_INIT;
	struct stat st;
	bool ok = file_read(path, &content, &st, e);

	if (ok)
		cf_parse(g->arena, content.buf, syntax, cf);
	text_clear(&content);
	if (ok || e->code != ERR_NOT_FOUND)
		return ok;
	*cf = (struct cf){ 0 };
	say(g, arena_printf(g->arena, "%s does not exist.", path));
	err_clear(e);
	return true;
}

/* The old form of mysql_table(5), as one query. */
static const char *
query_of(struct arena *a, const struct cf *cf)
{
	const char *query = cf_value(cf, "query");
	const char *table = cf_value(cf, "table");
	const char *answer = cf_value(cf, "select_field");
	const char *key = cf_value(cf, "where_field");
	const char *more = cf_value(cf, "additional_conditions");

	if (query != NULL && *query != '\0')
		return query;
	if (table == NULL || answer == NULL || key == NULL)
		return NULL;
	return arena_printf(a, "select %s from %s where %s = '%%s' %s",
	    answer, table, key, more != NULL ? more : "");
}

static bool
map_read_file(struct guess *g, enum guess_use use, const char *setting,
    const char *path, struct err *e)
{
	const char *query;
	struct cf cf;

	if (!file_lines(g, path, CF_POSTFIX, &cf, e))
		return false;
	query = query_of(g->arena, &cf);
	if (query != NULL)
		guess_query_add(g, use, arena_printf(g->arena, "%s: %s",
		    setting, path), query);
	else if (cf.count > 0)
		say(g, arena_printf(g->arena, "%s: %s has no query.", setting,
		    path));
	database_say(g, cf_value(&cf, "dbname"), cf_value(&cf, "hosts"));
	return true;
}

/* "proxy:mysql:/etc/postfix/domains.cf" */
static bool
word_read(struct guess *g, enum guess_use use, const char *setting,
    const char *word, struct err *e)
{
	if (strncmp(word, "proxy:", 6) == 0)
		word += 6;
	if (strncmp(word, "mysql:", 6) == 0)
		return map_read_file(g, use, setting, word + 6, e);
	if (use == GUESS_DOMAINS && strchr(word, '.') != NULL &&
	    strpbrk(word, ":/$") == NULL && strcmp(setting,
	    "mydestination") != 0)
		say(g, arena_printf(g->arena, "%s names %s itself.", setting,
		    word));
	return true;
}

/* virtual_alias_domains are by default what has aliases: no domains. */
static bool
is_default(const struct postfix_config *config, const char *setting)
{
	return strcmp(setting, "virtual_alias_domains") == 0 &&
	    strcmp(postfix_value(config, NULL, setting), postfix_value(config,
	    NULL, "virtual_alias_maps")) == 0;
}

static bool
postfix_read(struct guess *g, const char *dir, struct err *e)
{
	struct postfix_config config;

	if (!postfix_config_read(g->arena, dir, &config, e))
		return false;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		struct words maps = postfix_list(g->arena, postfix_value(
		    &config, NULL, settings[i].setting));

		for (size_t n = 0; n < maps.count && !is_default(&config,
		    settings[i].setting); n++) {
			if (!word_read(g, settings[i].use,
			    settings[i].setting, maps.word[n], e))
				return err_wrap(e, "%s", settings[i].setting);
		}
	}
	g->base = postfix_value(&config, NULL, "virtual_mailbox_base");
	return true;
}

/* --- Dovecot ------------------------------------------------------------- */

static bool
is_sql(const struct dovecot_block *b)
{
	const char *driver = dovecot_value(b, "driver");

	return (driver != NULL && strcasecmp(driver, "sql") == 0) ||
	    strcasecmp(b->name, "sql") == 0;
}

/* "host=127.0.0.1 dbname=mail user=…": the value of one. */
static const char *
connect_value(struct arena *a, const char *connect, const char *name)
{
	struct words words = postfix_list(a, connect);
	size_t len = strlen(name);

	for (size_t i = 0; i < words.count; i++) {
		if (strncmp(words.word[i], name, len) == 0)
			return words.word[i] + len;
	}
	return NULL;
}

/* 2.3: a file of its own. */
static bool
sql_file_read(struct guess *g, const char *file, struct err *e)
{
	const char *value;
	struct cf cf;

	if (!file_lines(g, file, CF_DOVECOT, &cf, e))
		return false;
	value = cf_value(&cf, "password_query");
	if (value != NULL)
		guess_query_add(g, GUESS_PASSWORDS, arena_printf(g->arena,
		    "password_query: %s", file), value);
	value = cf_value(&cf, "user_query");
	if (value != NULL)
		guess_query_add(g, GUESS_USERDB, arena_printf(g->arena,
		    "user_query: %s", file), value);
	value = cf_value(&cf, "default_pass_scheme");
	if (value != NULL)
		g->scheme = value;
	value = cf_value(&cf, "connect");
	if (value != NULL)
		database_say(g, connect_value(g->arena, value, "dbname="),
		    connect_value(g->arena, value, "host="));
	return true;
}

static bool
sql_block_read(struct guess *g, const struct dovecot_block *b,
    struct words *seen, struct err *e)
{
	bool passdb = strcmp(b->type, "passdb") == 0;
	const char *file = dovecot_value(b, "args");
	const char *query = dovecot_value(b, "query");
	const char *scheme = dovecot_value(b, "default_password_scheme");

	if (scheme == NULL)
		scheme = dovecot_value(b, "passdb_default_password_scheme");
	if (passdb && scheme != NULL && *scheme != '\0')
		g->scheme = scheme;
	if (query != NULL && *query != '\0') {
		guess_query_add(g, passdb ? GUESS_PASSWORDS : GUESS_USERDB,
		    arena_printf(g->arena, "the query of %s %s", b->type,
		    b->name), query);
		return true;
	}
	if (file == NULL || *file != '/' || words_have(seen, file))
		return true;
	words_add(g->arena, seen, file);
	return sql_file_read(g, file, e);
}

/* "uid=5000 home=/var/vmail/%d/%n" */
static void
static_read(struct guess *g, const struct dovecot_block *b)
{
	const char *args = dovecot_value(b, "args");
	const struct dovecot_block *fields = dovecot_block(b, "fields", NULL);
	const char *home = args != NULL ? connect_value(g->arena, args,
	    "home=") : NULL;

	if (home == NULL && fields != NULL)
		home = dovecot_value(fields, "home");
	if (home != NULL)
		g->home = home;
}

/* mail_home, or mail_location where that does not go out from a home. */
static void
homes_read(struct guess *g, const struct dovecot_block *root)
{
	static const char *const names[] = { "mail_location", "mail_path",
	    "mail_home" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = dovecot_value(root, names[i]);

		if (value != NULL && strchr(value, '/') != NULL &&
		    strchr(value, '%') != NULL && strpbrk(value, "~ ") ==
		    NULL && strstr(value, "%h") == NULL && strstr(value,
		    "{home}") == NULL)
			g->home = value;
	}
}

static bool
dovecot_read(struct guess *g, const char *file, struct err *e)
{
	struct dovecot_config config;
	struct words seen = { 0 };

	if (!dovecot_config_read(g->arena, file, &config, e))
		return false;
	homes_read(g, config.root);
	for (const struct dovecot_block *b = config.root->child; b != NULL;
	    b = b->next) {
		bool userdb = strcmp(b->type, "userdb") == 0;

		if (!userdb && strcmp(b->type, "passdb") != 0)
			continue;
		if (is_sql(b) && !sql_block_read(g, b, &seen, e))
			return false;
		if (userdb && !is_sql(b))
			static_read(g, b);
	}
	return true;
}

/* --- both ---------------------------------------------------------------- */

/* One of them may not be installed, or not be set up. */
static bool
is_missing(struct guess *g, const char *server, const char *path)
{
	if (access(path, F_OK) == 0 || errno != ENOENT)
		return false;
	say(g, arena_printf(g->arena, "%s is not read: %s does not exist.",
	    server, path));
	return true;
}

bool
guess_installed(struct guess *g, const char *postfix_dir,
    const char *dovecot_file, struct err *e)
{
	const char *main_cf = arena_printf(g->arena, "%s/main.cf",
	    postfix_dir);

	g->home = g->base = g->scheme = "";
	if (!is_missing(g, "Postfix", main_cf) && !postfix_read(g,
	    postfix_dir, e))
		return false;
	if (!is_missing(g, "Dovecot", dovecot_file) && !dovecot_read(g,
	    dovecot_file, e))
		return false;
	if (g->queries > 0)
		return true;
	err_set(e, ERR_NOT_FOUND, "neither Postfix nor Dovecot asks a "
	    "MariaDB or MySQL database here");
	if (g->said.count > 0)
		err_hint(e, "%s", words_joined(g->arena, &g->said, " "));
	return false;
}
