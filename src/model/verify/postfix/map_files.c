/* Verifying what Postfix looks up: the files of the maps. */
#include <string.h>

#include "base/text.h"
#include "file/read.h"
#include "model/verify/private.h"

void
verify_map_read(struct verifying *v, struct verify_map *map)
{
	struct text content = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;

	map->read = file_read(map->path, &content, &st, &e);
	map->missing = !map->read && e.code != ERR_DENIED;
	map->why = !map->missing || e.code == ERR_NOT_FOUND ? NULL :
	    arena_strdup(v->arena, e.text);
	if (map->read)
		cf_parse(v->arena, content.buf, CF_POSTFIX, &map->settings);
	else if (!map->missing)
		verify_unchecked_all(v, VERIFY_MAP_FILE, arena_strdup(
		    v->arena, e.text));
	err_clear(&e);
	text_clear(&content);
}

void
verify_maps_missing(struct verifying *v)
{
	const struct verify_map *map = v->maps.item;

	for (size_t i = 0; i < v->maps.count; i++, map++) {
		verify_at(v, (struct verify_at){ .setting = map->setting });
		if (map->missing && map->why == NULL)
			verify_found(v, VERIFY_LOOKUP_FILE, map->path, NULL,
			    "%s names the map %s, which does not exist",
			    map->setting, map->path);
		else if (map->missing)
			verify_found(v, VERIFY_LOOKUP_FILE, map->path, NULL,
			    "%s names the map %s, which cannot be used: %s",
			    map->setting, map->path, map->why);
	}
	v->at = (struct verify_at){ 0 };
}

/*
 * The query, or the one that Postfix makes of the three settings of old
 * releases; "": neither is set.
 */
const char *
verify_map_query(struct verifying *v, const struct verify_map *map)
{
	const char *query = verify_map_value(map, "query");
	const char *table = verify_map_value(map, "table");
	const char *select = verify_map_value(map, "select_field");
	const char *where = verify_map_value(map, "where_field");

	if (*query != '\0' || *table == '\0' || *select == '\0' ||
	    *where == '\0')
		return query;
	return lookup_query(v->arena, table, select, where,
	    verify_map_value(map, "additional_conditions"));
}

/* Settings that Postfix needs in the file itself, not in an option file. */
bool
verify_map_complete(struct verifying *v, const struct verify_map *map)
{
	static const char *const needed[] = { "user", "password", "dbname",
	    "query", NULL };
	bool complete = !verify_map_comment(v, map);

	for (size_t i = 0; needed[i] != NULL; i++) {
		const char *value = strcmp(needed[i], "query") == 0 ?
		    verify_map_query(v, map) : verify_map_value(map, needed[i]);

		if (*value != '\0')
			continue;
		verify_found(v, VERIFY_LOOKUP_FILE, map->path, NULL,
		    "%s sets no %s", map->path, needed[i]);
		complete = false;
	}
	return complete;
}
