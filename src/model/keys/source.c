/*
 * Keys in the database of another program.
 *
 * Each row is sealed as soon as it is read, so that one key at a time is in
 * clear here.
 */
#include <string.h>

#include "db/foreign_dkim.h"
#include "model/connect/account.h"
#include "model/keys/private.h"

struct rows {
	struct keys_reading *r;
	const char *key;	/* "mail_domain.dkim_private" */
	int64_t count;
};

/* A database names files only in the directory that the user has named. */
static void
file_place(struct keys_reading *r, const char *path,
    struct keys_found *found)
{
	static const struct keys_trust none = { KEYS_NONE, 0 };
	struct err why = { 0 };

	found->file = arena_strdup(r->arena, path);
	found->path = found->file;
	if (r->tree.path == NULL)
		found->why = "the key is in a file: name the directory of the "
		    "keys as well";
	else if (keys_tree_place(&r->tree, "", path, &none, &found->place,
	    &why))
		found->file = found->place.shown;
	else
		found->why = arena_strdup(r->arena, why.text);
	err_clear(&why);
}

static const char *
kept(struct arena *a, const char *text)
{
	return text == NULL || *text == '\0' ? NULL : arena_strdup(a, text);
}

static bool
row_take(void *arg, const void *row, struct err *e)
{
	const struct foreign_key *key = row;
	struct rows *rows = arg;
	struct keys_reading *r = rows->r;
	struct keys_found found = {
		.domain = kept(r->arena, key->domain),
		.selector = kept(r->arena, key->selector),
		.file = rows->key,
		.text = key->private_key != NULL ? key->private_key : "",
		.why = kept(r->arena, key->why),
	};

	if (++rows->count > KEYS_MAX)
		return err_set(e, ERR_INVALID, "it holds more than %d keys",
		    KEYS_MAX);
	if (db_interrupted(r->m->db))
		return db_interrupted_err(r->m->db, e);
	if (key->path != NULL && found.why == NULL)
		file_place(r, key->path, &found);
	return keys_take(r, &found, e);
}

static bool
rows_read(struct keys_reading *r, struct db *db, struct err *e)
{
	const char *prefix = r->options->prefix;
	struct foreign_keys source;
	struct rows rows = { .r = r };
	bool ok;

	if (!foreign_keys_begin(&source, db, r->arena, prefix != NULL ?
	    prefix : "", e))
		return false;
	rows.key = source.system->key;
	r->keys->found = arena_printf(r->arena, "%s, by its columns %s",
	    source.system->name, source.system->columns);
	ok = foreign_keys_each(&source, row_take, &rows, e);
	foreign_keys_end(&source);
	return ok;
}

bool
keys_source(struct keys_reading *r, const struct db_settings *like,
    struct err *e)
{
	struct db_settings settings = *like;
	struct db *db;
	bool ok;

	settings.defaults_file = r->options->defaults_file;
	if (!account_of_source(r->arena, settings.defaults_file,
	    r->options->database, &settings.daily, e))
		return false;
	settings.admin = settings.daily;
	db = db_open(&settings);
	ok = rows_read(r, db, e);
	db_close(db);
	return ok;
}
