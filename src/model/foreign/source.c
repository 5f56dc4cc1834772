/* Another system's database: finds the map that it fits, and reads it. */
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "db/adopted.h"
#include "file/read.h"
#include "model/connect/account.h"
#include "model/foreign/private.h"

/* --- which maps there are --------------------------------------------- */

static bool
is_map(const char *name)
{
	return strncmp(name, "maps/", 5) == 0;
}

/* Those with more columns first: few of them are in every database. */
static int
map_compare(const void *a, const void *b)
{
	size_t x = map_wants(a), y = map_wants(b);

	return x != y ? (x < y ? 1 : -1) : strcmp(
	    ((const struct map *)a)->file, ((const struct map *)b)->file);
}

static bool
embedded_read(struct arena *a, const char *family, struct maps *maps,
    struct err *e)
{
	for (const struct embedded *f = embedded_files; f->name != NULL;
	    f++) {
		struct map *map;

		if (!is_map(f->name))
			continue;
		map = VECTOR_ADD(maps);
		if (!map_read(a, f->name, f->text, f->len, map, e))
			return false;
		if (!map_is_of(map, family)) {
			map_clear(map);
			maps->count--;
		}
	}
	if (maps->count > 1)
		qsort(maps->item, maps->count, sizeof(*maps->item),
		    map_compare);
	return true;
}

static bool
file_map(struct arena *a, const char *path, struct maps *maps, struct err *e)
{
	struct text t = TEXT_INIT;
	struct stat st;
	bool ok = file_read(path, &t, &st, e) && map_read(a, path, t.buf,
	    t.len, VECTOR_ADD(maps), e);

	text_clear(&t);
	return ok;
}

/* Of the options, of a file, or those of the program. */
static bool
maps_choose(struct importing *i, struct maps *maps, struct err *e)
{
	const struct foreign_options *o = i->options;
	bool any = strcmp(o->system, FOREIGN_TABLES) == 0;

	if (o->map != NULL)
		return file_map(i->arena, o->map, maps, e);
	if (o->domains != NULL || o->users != NULL || o->aliases != NULL)
		return map_of_options(i->arena, o, VECTOR_ADD(maps), e);
	return embedded_read(i->arena, any ? NULL : o->system, maps, e);
}

/* --- which one fits --------------------------------------------------- */

static bool
is_ours(const struct foreign_catalogue *catalogue)
{
	static const char *const tables[] = { "schema_version", "changes",
	    "history", "domains", "users", "aliases" };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (foreign_table_find(catalogue, tables[i]) == NULL)
			return false;
	}
	return true;
}

static struct map *
map_fitting(struct importing *i, const struct maps *maps,
    const struct foreign_catalogue *catalogue, struct text *lacking)
{
	for (size_t n = 0; n < maps->count; n++) {
		struct map *map = &maps->item[n];
		const char *missing;

		if (map_fit(i->arena, map, catalogue, i->options->prefix,
		    &missing))
			return map;
		text_addf(lacking, "%s%s", n > 0 ? "; " : "", missing);
		if (maps->count > 1)
			text_addf(lacking, " (%s)", map->names.count > 0 ?
			    map->names.item[0].text : map->file);
	}
	return NULL;
}

static struct map *
map_choose(struct importing *i, const struct maps *maps,
    const struct foreign_catalogue *catalogue, struct err *e)
{
	const char *system = i->options->system;
	struct text lacking = TEXT_INIT;
	struct map *map = NULL;

	if (is_ours(catalogue)) {
		err_set(e, ERR_REFUSED, "the source is a database of mailadm");
		err_hint(e, "mailadm export on that server, and apply here");
		return NULL;
	}
	map = map_fitting(i, maps, catalogue, &lacking);
	if (map == NULL && strcmp(system, FOREIGN_TABLES) == 0) {
		err_set(e, ERR_NOT_FOUND, "no map fits the source; what is "
		    "missing, or what the account may not read: %s",
		    lacking.buf);
		err_hint(e, "--domains, --users and --aliases name tables "
		    "and columns, --map a file with them, which --guess "
		    "makes of the queries of Postfix and Dovecot");
	} else if (map == NULL) {
		err_set(e, ERR_NOT_FOUND, "not a database of %s: %s does not "
		    "exist, or the account may not read it", system,
		    lacking.buf);
		err_hint(e, "--source-database names another database, "
		    "--table-prefix the prefix of its tables");
	}
	text_clear(&lacking);
	return map;
}

/* A choice by a column that no table has would be none. */
static bool
where_found(const struct importing *i, const struct map *map, struct err *e)
{
	for (size_t w = 0; w < i->options->where.count; w++) {
		bool found = false;

		for (size_t n = 0; n < map->sections.count; n++) {
			const struct map_section *s = &map->sections.item[n];

			for (size_t k = 0; k < s->rules.count; k++)
				found |= s->rules.item[k].kind == MAP_WHERE &&
				    s->rules.item[k].where == w &&
				    s->rules.item[k].column.cell >= 0;
		}
		if (!found)
			return err_set(e, ERR_NOT_FOUND, "--where %s: no table "
			    "that is read has the column",
			    i->options->where.word[w]);
	}
	return true;
}

/* --- a database of ours that is none ------------------------------------ */

/*
 * Ours, be it half-way; or adopted where they are, as those of these tables
 * that exist have these columns.
 */
static bool
is_adoptable(const struct foreign_catalogue *catalogue)
{
	static const char *const columns[][2] = { { "domains", "domain" },
	    { "users", "email" }, { "users", "crypt" }, { "aliases", "mail" },
	    { "aliases", "destination" } };

	bool adoptable = false;

	if (foreign_table_find(catalogue, "schema_version") != NULL)
		return true;
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		const struct foreign_table *t = foreign_table_find(catalogue,
		    columns[i][0]);

		if (t != NULL && foreign_column_find(t, columns[i][1]) < 0)
			return false;
		adoptable |= t != NULL;
	}
	return adoptable;
}

static bool
has_one_of(const struct foreign_table *t, const char *names)
{
	for (size_t i = 0; i < t->columns.count; i++) {
		if (adopted_place(names, t->columns.item[i].name) > 0)
			return true;
	}
	return false;
}

/* All that schema upgrade wants, by other names. */
static bool
is_adoptable_too(const struct foreign_catalogue *catalogue)
{
	for (size_t i = 0; i < ADOPTED_COLUMNS; i++) {
		const struct adopted_column *c = &adopted_columns[i];
		const struct foreign_table *t = foreign_table_find(catalogue,
		    c->table);

		if (c->kind == ADOPTED_NAME && (t == NULL ||
		    !has_one_of(t, c->names)))
			return false;
	}
	return true;
}

/* The map of them, or NULL. */
static const struct map *
map_of_catalogue(struct arena *a, struct maps *maps,
    const struct foreign_catalogue *catalogue)
{
	const struct foreign_options options = { .system = FOREIGN_TABLES };
	struct importing i = { .arena = a, .options = &options };
	struct text lacking = TEXT_INIT;
	struct err ignored = { 0 };
	const struct map *map = NULL;

	if (embedded_read(a, NULL, maps, &ignored))
		map = map_fitting(&i, maps, catalogue, &lacking);
	text_clear(&lacking);
	err_clear(&ignored);
	return map;
}

static void
maps_clear(struct maps *maps)
{
	for (size_t n = 0; n < maps->count; n++)
		map_clear(&maps->item[n]);
	VECTOR_CLEAR(maps);
}

bool
foreign_explain(struct mail *m, struct err *e)
{
	struct foreign_catalogue catalogue;
	struct maps maps = { 0 };
	struct err ignored = { 0 };
	const struct map *map = NULL;

	if (foreign_catalogue_read(m->db, m->arena, &catalogue, &ignored) &&
	    !is_adoptable(&catalogue))
		map = map_of_catalogue(m->arena, &maps, &catalogue);
	if (map != NULL) {
		err_clear(e);
		err_set(e, ERR_DATABASE, "the tables are not mailadm's, but "
		    "those of another system: %s", map->name);
		err_hint(e, "mailadm foreign show --source-defaults-file FILE "
		    "says what it holds, and what would be lost%s",
		    is_adoptable_too(&catalogue) ? "; mailadm schema upgrade "
		    "--dry-run, whether the tables can be adopted where they "
		    "are" : "");
	}
	err_clear(&ignored);
	maps_clear(&maps);
	foreign_catalogue_clear(&catalogue);
	return map != NULL;
}

/* --- reading ---------------------------------------------------------- */

static bool
map_use(struct importing *i, struct db *db, struct map *map,
    const struct foreign_catalogue *catalogue, struct err *e)
{
	if (!where_found(i, map, e))
		return false;
	i->from->found = *map->prefix == '\0' ? map->name :
	    arena_printf(i->arena, "%s (tables %s*)", map->name,
	    map->prefix);
	i->quota_in_units = map->megabytes_guessed;
	if (i->options->look && !map_parts_add(i, db, map, e))
		return false;
	return map_sections_read(i, db, map, e) &&
	    map_tables_lost(i, db, map, catalogue, e);
}

static bool
source_read(struct importing *i, struct db *db, const struct maps *maps,
    struct err *e)
{
	struct foreign_catalogue catalogue;
	struct map *map;
	bool ok;

	if (!foreign_begin(db, i->arena, &catalogue, e))
		return false;
	map = map_choose(i, maps, &catalogue, e);
	if (map == NULL && i->options->look && e->code != ERR_DATABASE) {
		err_clear(e);
		i->from->whose = is_ours(&catalogue) ? FOREIGN_OURS :
		    FOREIGN_UNKNOWN;
		ok = map_tables_show(i, db, maps, &catalogue, e);
	} else {
		ok = map != NULL && map_use(i, db, map, &catalogue, e);
	}
	foreign_end(db);
	foreign_catalogue_clear(&catalogue);
	return ok || err_wrap(e, "the source");
}

static bool
maps_where(struct importing *i, struct maps *maps, struct err *e)
{
	for (size_t n = 0; n < maps->count; n++) {
		if (!map_where(i->arena, &i->options->where, &maps->item[n],
		    e))
			return false;
	}
	return true;
}

/* Those of our own database would send people to the wrong account. */
static void
hint_account(const struct importing *i, struct err *e)
{
	const char *file = i->options->defaults_file;

	if (e->hint == NULL)
		return;
	if (e->code == ERR_DENIED)
		err_hint(e, "the account in %s must be right, and may read "
		    "all tables of that database", file);
	else if (strstr(e->hint, "schema init") != NULL)
		err_hint(e, "name it in %s, or by --source-database", file);
	else if (strstr(e->hint, "mailadm status") != NULL)
		err_hint(e, "is its server running, and are host, port and "
		    "socket in %s right?", file);
}

bool
foreign_database(struct importing *i, const struct db_settings *like,
    struct err *e)
{
	struct db_settings settings = *like;
	struct maps maps = { 0 };
	struct db *db;
	bool ok;

	settings.defaults_file = i->options->defaults_file;
	if (!account_of_source(i->arena, i->options->defaults_file,
	    i->options->database, &settings.daily, e))
		return false;
	settings.admin = settings.daily;
	db = db_open(&settings);
	ok = maps_choose(i, &maps, e) && maps_where(i, &maps, e) &&
	    source_read(i, db, &maps, e);
	if (!ok)
		hint_account(i, e);
	db_close(db);
	maps_clear(&maps);
	return ok;
}
