/* mailadm import dkim: the keys that another program signs with. */
#include <string.h>

#include "base/sentence.h"
#include "cmd/dkim/dkim.h"
#include "file/read.h"
#include "model/dkim/publish.h"
#include "model/keys/keys.h"
#include "print/progress.h"

struct import_args {
	const char *path;
	const char *defaults_file;
	const char *database;
	const char *prefix;
	const char *selector;
	bool activate;
	bool strict;
	bool no_sync;
};

static const struct arg import_arg[] = {
	ARGUMENT("PATH", arg_file, import_args, path,
	    "a directory of keys, or a table that names them"),
	OPTION("--source-defaults-file", arg_file, import_args,
	    defaults_file, "MariaDB's option file for the database of the "
	    "other program: groups [client] and [mailadm-source]"),
	OPTION("--source-database", arg_name, import_args, database,
	    "the name of that database"),
	OPTION("--table-prefix", arg_table_prefix, import_args, prefix,
	    "the prefix of its table names"),
	OPTION("--selector", arg_selector, import_args, selector,
	    "of the keys whose selector nothing names"),
	FLAG("--activate", import_args, activate,
	    "let each key sign whose record is in DNS"),
	FLAG("--strict", import_args, strict,
	    "change nothing if a key would be left out"),
	NO_SYNC(import_args),
	{ 0 }
};

struct importing {
	const struct import_args *args;
	struct keys keys;
	struct progress progress;
	size_t added, activated, unchanged, left_out;
	size_t waiting;		/* that do not sign in spite of --activate */
};

/* --- before the transaction ---------------------------------------------- */

static void
show_read(void *arg, int64_t keys)
{
	progress_show(arg, "keys", keys, 0);
}

static bool
options_check(const struct import_args *a, struct err *e)
{
	if (a->path == NULL && a->defaults_file == NULL) {
		err_set(e, ERR_USAGE, "missing argument: PATH, or "
		    "--source-defaults-file FILE");
		return err_hint(e, "a directory or a table of keys, or an "
		    "option file for the database that holds them");
	}
	return a->defaults_file != NULL || (a->database == NULL &&
	    a->prefix == NULL) || err_set(e, ERR_USAGE, "missing option: "
	    "--source-defaults-file FILE");
}

static bool
keys_get(struct session *s, struct importing *i, struct err *e)
{
	const struct keys_options options = {
		.path = i->args->path,
		.defaults_file = i->args->defaults_file,
		.database = i->args->database,
		.prefix = i->args->prefix,
		.selector = i->args->selector,
		.progress = show_read,
		.progress_arg = &i->progress,
	};
	struct dkim_secret secret;

	if (!dkim_secret_get(s, &s->scratch, &secret, e) ||
	    !keys_find(&s->mail, &secret, &s->db_settings, &options,
		&i->keys, e))
		return false;
	out_verbose(&s->out, "read: %s", i->keys.found);
	return true;
}

static void
show_looked(void *arg, size_t done)
{
	struct importing *i = arg;

	progress_show(&i->progress, "records", (int64_t)done,
	    (double)done / (double)i->keys.items.count);
}

/* Those that are not left out already. */
static size_t
keys_to_look(struct session *s, const struct importing *i,
    struct dkim_row **key)
{
	size_t count = 0;

	*key = arena_array(&s->scratch, i->keys.items.count, sizeof(**key));
	for (size_t n = 0; n < i->keys.items.count; n++) {
		const struct keys_item *item = &i->keys.items.item[n];

		if (item->key != NULL)
			(*key)[count++] = (struct dkim_row){
			    .domain = item->domain,
			    .selector = item->selector, .state = "pending",
			    .algorithm = item->algorithm,
			    .public_key = item->key->public_key };
	}
	return count;
}

static bool
ask_dns(struct session *s, struct importing *i, struct err *e)
{
	struct dns dns = dkim_dns(s);
	struct dkim_row *key;
	size_t count = keys_to_look(s, i, &key);
	struct dkim_look *look = arena_array(&s->scratch, count,
	    sizeof(*look));

	if (!dkim_look_up(&dns, &(struct dkim_looks){ .key = key,
	    .look = look, .count = count, .progress = show_looked,
	    .arg = i }, e))
		return false;
	for (size_t n = 0; n < i->keys.items.count; n++) {
		struct keys_item *item = &i->keys.items.item[n];

		if (item->key == NULL)
			continue;
		item->published = look->state == DKIM_PUBLISHED;
		if (!item->published)
			item->why = look->why;
		look++;
	}
	keys_choose(&s->scratch, &i->keys);
	return true;
}

/* --- in the transaction -------------------------------------------------- */

static void
count(struct importing *i, const struct keys_item *row)
{
	i->added += row->what == keys_added;
	i->activated += row->what == keys_activated;
	i->unchanged += row->what == keys_unchanged;
	i->left_out += row->what == keys_left_out;
	i->waiting += i->args->activate && row->state != NULL &&
	    strcmp(row->state, "active") != 0;
}

static bool
write_unit(struct session *s, void *arg, struct err *e)
{
	struct importing *i = arg;

	i->added = i->activated = i->unchanged = i->left_out = i->waiting = 0;
	if (!out_begin(&s->out, keys_fields, OUT_LIST, e))
		return false;
	for (size_t n = 0; n < i->keys.items.count; n++) {
		struct keys_item row;

		if (!keys_write(&s->mail, &i->keys.items.item[n],
		    i->args->activate, &row, e) ||
		    !out_row(&s->out, &row, e))
			return false;
		count(i, &row);
	}
	if (!out_end(&s->out, e))
		return false;
	if (!i->args->strict || i->left_out == 0)
		return true;
	return out_results_flush(&s->out, e) && err_set(e, ERR_INVALID,
	    "--strict: %s be left out; nothing was changed",
	    sentence_number(&s->scratch, (int64_t)i->left_out, "key would",
		"keys would"));
}

/* --- the whole ------------------------------------------------------------ */

static bool
report(struct session *s, const struct importing *i, struct err *e)
{
	out_done(&s->out, "%s added, %zu activated, %zu unchanged, %zu left "
	    "out", sentence_number(&s->scratch, (int64_t)(i->added),
	    "DKIM key", "DKIM keys"), i->activated, i->unchanged,
	    i->left_out);
	if (!i->args->activate && i->added > 0)
		out_hint(&s->out, "they sign when their records are in DNS: "
		    "mailadm import dkim %s --activate", i->args->path == NULL
		    || i->args->defaults_file != NULL ? "..." :
		    file_shell_name(&s->scratch, i->args->path));
	return i->waiting == 0 || session_differs(s, "the record of a key is "
	    "not in DNS", e);
}

static bool
run_import(struct session *s, const void *args, struct err *e)
{
	struct importing i = { .args = args };
	bool ok;

	progress_begin(&i.progress, &s->out);
	ok = options_check(args, e) && keys_get(s, &i, e) &&
	    (!i.args->activate || ask_dns(s, &i, e));
	progress_end(&i.progress);
	ok = ok && session_write(s, write_unit, &i, e) && report(s, &i, e);
	keys_clear(&i.keys);
	return ok;
}

const struct cmd import_dkim_cmds[] = {
	{ .name = "import dkim",
	    .brief = "add the DKIM keys that another program signs with",
	    .detail =
	    "PATH is a directory of keys, or a table that names them: "
	    "opendkim.conf, a KeyTable, amavisd.conf, or "
	    "dkim_signing.conf of rspamd. In a directory, tables with "
	    "these names are read first; of other files the name says "
	    "the domain and the selector: DOMAIN/SELECTOR.private, "
	    "DOMAIN.SELECTOR.key, DOMAIN.pem and others, as "
	    "opendkim-genkey, docker-mailserver, rspamd, Mailu, "
	    "Mail-in-a-Box, iRedMail, Modoboa, ISPConfig, maddy and mox "
	    "name them. With --source-defaults-file the keys are in a "
	    "database: of PostfixAdmin 4, ISPConfig, Froxlor, "
	    "Group-Office, of tables for OpenDKIM, or of Modoboa, whose "
	    "files are in the directory PATH.\n\n"
	    "The result has one row for each key: what was done with "
	    "it, and why it is left out. A key of a domain that does "
	    "not exist is left out. All others are added in one "
	    "transaction, as pending, and those that exist are "
	    "unchanged, so the command can be run again. With "
	    "--activate a key signs at once if DNS has its record, and "
	    "the one that signed before is retiring.\n\n"
	    "A file that a table names is looked for below PATH first, "
	    "also by the end of its name, since a directory may be a "
	    "copy. Outside of a directory PATH it is read only if nobody "
	    "but root and you can write the table, or if table and file "
	    "have the same owner. No symbolic link is followed.\n\n"
	    "Status 0: done; 1: with --activate, a key does not sign, "
	    "since DNS does not have its record; 3: with --strict, a "
	    "key would be left out, and nothing was changed.",
	    .example = "import dkim /etc/opendkim.conf --activate --dry-run",
	    ARGS(import_arg, import_args), .columns = keys_fields,
	    .flags = CMD_DB, .run = run_import },
	{ 0 }
};
