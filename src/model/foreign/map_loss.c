/* Maps: what no part of them reads is lost, and is said. */
#include <string.h>
#include <strings.h>

#include "model/address.h"
#include "model/foreign/private.h"

/* --- columns ---------------------------------------------------------- */

static const struct foreign_column *
column_of(const struct map_row *r, const struct map_column *c)
{
	return &map_table_at(r->section, c->of)->columns.item[c->column];
}

/* As a number: "0", "0.00" and "" are no value where no other is usual. */
static bool
is_zero(const char *text)
{
	return text[strspn(text, "0.")] == '\0';
}

/* A date of zeros is none. */
static bool
is_empty(const struct foreign_column *c, const char *value)
{
	if (*value == '\0' || value[strspn(value, " \t\r\n")] == '\0')
		return true;
	if (c->standard == NULL && c->number)
		return is_zero(value);
	return strncmp(value, "0000-00-00", 10) == 0;
}

static bool
is_standard(const struct foreign_column *c, const char *value)
{
	return c->standard != NULL && (strcmp(c->standard, value) == 0 ||
	    (c->number && is_zero(c->standard) && is_zero(value)));
}

/* The address again, or a part of it, says nothing new. */
static bool
is_of_name(const char *name, const char *value)
{
	const char *at = strchr(name, '@');
	size_t len = at != NULL ? (size_t)(at - name) : 0;

	return strcasecmp(name, value) == 0 || (at != NULL &&
	    (strcasecmp(at + 1, value) == 0 || (strlen(value) == len &&
	    strncasecmp(name, value, len) == 0)));
}

/* Names of columns whose values nobody should read. */
static bool
is_secret(const char *name)
{
	static const char *const parts[] = { "pass", "pwd", "secret", "token",
	    "totp", "otp", "key", "crypt", "clear", "hash", "salt", "pin" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcasestr(name, parts[i]) != NULL)
			return true;
	}
	return false;
}

/* A "more" section of the same table takes this row, and reads it. */
static bool
is_read_elsewhere(const struct map_row *r, const struct map_column *c)
{
	for (size_t i = 0; i < r->map->sections.count; i++) {
		const struct map_section *s = &r->map->sections.item[i];

		if (s != r->section && c->of == 0 &&
		    s->select.table == r->section->select.table &&
		    map_when(r, s) && map_reads(s, 0, c->column))
			return true;
	}
	return false;
}

/* The words of a map for the column, or NULL; *ignored: it says so. */
static const char *
words_of(const struct map_row *r, const struct map_column *c, bool *ignored)
{
	const char *words = NULL;

	*ignored = false;
	for (size_t i = 0; i < r->section->rules.count; i++) {
		const struct map_rule *rule = &r->section->rules.item[i];

		if (rule->column.cell != c->cell)
			continue;
		if (rule->kind == MAP_SAY)
			words = rule->values.word[0];
		else if (rule->kind == MAP_IGNORE && map_rule_holds(r, rule))
			*ignored = true;
	}
	return words;
}

/* $ is the value. */
static void
column_report(struct map_row *r, const char *kind, const char *column,
    const char *value, const char *words)
{
	const char *dollar = words != NULL ? strchr(words, '$') : NULL;

	if (is_secret(column))
		value = "(not shown)";
	if (words == NULL)
		foreign_lost(r->importing, kind, r->name, LEFT_OUT,
		    "%s is %.200s", column, value);
	else if (dollar == NULL)
		foreign_lost(r->importing, kind, r->name, LEFT_OUT, "%s",
		    words);
	else
		foreign_lost(r->importing, kind, r->name, LEFT_OUT,
		    "%.*s%.200s%s", (int)(dollar - words), words, value,
		    dollar + 1);
	r->importing->from->losses.item[r->importing->from->losses.count -
	    1].sort = column;
}

void
map_columns_lost(struct map_row *r, const char *kind)
{
	for (size_t i = 0; i < r->section->unread.count; i++) {
		const struct map_column *c = &r->section->unread.item[i];
		const struct foreign_column *column = column_of(r, c);
		const char *value = map_cell(r, c), *words;
		bool ignored;

		if (value == NULL || is_empty(column, value) ||
		    is_standard(column, value) ||
		    is_of_name(r->name, value) || is_read_elsewhere(r, c))
			continue;
		words = words_of(r, c, &ignored);
		if (!ignored)
			column_report(r, kind, column->name, value, words);
	}
}

/* --- tables ----------------------------------------------------------- */

static bool
is_ignored(const struct map *map, const struct foreign_table *table)
{
	size_t len = strlen(map->prefix);
	const char *name = strncasecmp(table->name, map->prefix, len) == 0 ?
	    table->name + len : table->name;

	for (size_t i = 0; i < map->ignored.count; i++) {
		if (map_pattern_fits(name, map->ignored.word[i]))
			return true;
	}
	return false;
}

/* Of the section's joins with the table, the rows that had one of it. */
static int64_t
matched_in(const struct map_section *s, const struct foreign_table *table)
{
	int64_t most = 0;

	for (size_t i = 0; s->select.table != NULL && i < s->joins.count;
	    i++) {
		const struct map_join *j = &s->joins.item[i];

		if (j->of > 0 && s->select.joins.item[j->of - 1].table ==
		    table && (int64_t)j->matched > most)
			most = (int64_t)j->matched;
	}
	return most;
}

/* How many of its rows were read; INT64_MAX for all. */
static int64_t
rows_read(const struct map *map, const struct foreign_table *table)
{
	int64_t most = 0;

	for (size_t i = 0; i < map->sections.count; i++) {
		const struct map_section *s = &map->sections.item[i];
		int64_t matched = matched_in(s, table);

		if (s->select.table == table)
			return INT64_MAX;
		most = matched > most ? matched : most;
	}
	return most;
}

static const char *
column_names(struct arena *a, const struct foreign_table *table)
{
	const char *names = "";

	for (size_t i = 0; i < table->columns.count && i < 6; i++)
		names = arena_printf(a, "%s%s%s", names, i > 0 ? ", " : "",
		    table->columns.item[i].name);
	return arena_printf(a, "%s%s", names, table->columns.count > 6 ?
	    ", ..." : "");
}

bool
map_tables_lost(struct importing *i, struct db *db, const struct map *map,
    const struct foreign_catalogue *catalogue, struct err *e)
{
	for (size_t n = 0; n < catalogue->tables.count; n++) {
		const struct foreign_table *t = &catalogue->tables.item[n];
		int64_t rows, read = rows_read(map, t);

		if (t->view || read == INT64_MAX || is_ignored(map, t))
			continue;
		if (!foreign_count(db, t, &rows, e))
			return false;
		rows -= read;
		if (rows > 0)
			foreign_lost(i, "table", t->name, LEFT_OUT,
			    "%lld %s not read (%s)", (long long)rows,
			    rows == 1 ? "row is" : "rows are",
			    column_names(i->arena, t));
	}
	return true;
}
