/* Privileges: those that an account has, and those that it should have. */
#include "db/privileges.h"

#include <string.h>

#include "base/ascii.h"
#include "base/bug.h"
#include "base/vector.h"
#include "db/sql_file.h"

/* --- what an account has --------------------------------------------- */

/* 'user'@'host', as information_schema writes it. */
#define GRANTEE(account)						\
    "CONCAT('''', LEFT(" account ", CHAR_LENGTH(" account ") - "	\
    "CHAR_LENGTH(SUBSTRING_INDEX(" account ", '@', -1)) - 1), '''@''', " \
    "SUBSTRING_INDEX(" account ", '@', -1), '''')"

/* The server's own database holds every account's password. */
#define ON_US "(DATABASE() LIKE table_schema OR 'mysql' LIKE table_schema)"

/* grantee, schema, table, column, type, grantable */
#define PRIVILEGES							\
    "SELECT grantee, '*' AS s, '*' AS t, '*' AS c, privilege_type, " \
    "is_grantable FROM information_schema.user_privileges "		\
    "UNION ALL SELECT grantee, table_schema, '*', '*', privilege_type, " \
    "is_grantable FROM information_schema.schema_privileges WHERE "	\
    ON_US " UNION ALL SELECT grantee, table_schema, table_name, '*', "	\
    "privilege_type, is_grantable FROM "				\
    "information_schema.table_privileges WHERE " ON_US			\
    " UNION ALL SELECT grantee, table_schema, table_name, column_name, " \
    "privilege_type, is_grantable FROM "				\
    "information_schema.column_privileges WHERE " ON_US

#define OWN								\
    "SELECT * FROM (" PRIVILEGES ") AS p WHERE grantee IN ("		\
    GRANTEE("CURRENT_USER()") ", CONCAT('''', CURRENT_ROLE(), '''@'''''))"

static void
grantee_split(struct arena *a, const char *grantee, struct privilege *p)
{
	const char *at = strstr(grantee, "'@'"), *next;

	while (at != NULL && (next = strstr(at + 1, "'@'")) != NULL)
		at = next;
	BUG_ON(at == NULL);
	p->user = arena_strndup(a, grantee + 1, (size_t)(at - grantee - 1));
	p->host = arena_strndup(a, at + 3, strlen(at + 3) - 1);
}

bool
privileges_read(struct db *db, struct arena *a, bool everybody,
    struct privileges *privileges, struct err *e)
{
	struct privilege *p;
	struct db_cells cells;

	if (!db_script_texts(db, a, everybody ? PRIVILEGES : OWN, &cells, e))
		return false;
	p = arena_array(a, cells.rows + 1, sizeof(*p));
	*privileges = (struct privileges){ p, cells.rows };
	for (size_t i = 0; i < cells.rows; i++, p++) {
		const char *const *cell = cells.cell + 6 * i;

		grantee_split(a, cell[0], p);
		p->schema = cell[1];
		p->table = cell[2];
		p->column = cell[3];
		p->type = cell[4];
		p->grantable = strcmp(cell[5], "YES") == 0;
	}
	return true;
}

/* --- what sql/grants.sql gives --------------------------------------- */

VECTOR_NAMED(privilege_vector, struct privilege);

/* Reading one of its statements. */
struct giving {
	struct arena *arena;
	struct privilege_vector *given;
	struct privilege to;
};

/* Without the blanks and quotes around it. */
static const char *
name_between(struct arena *a, const char *begin, const char *end)
{
	return trimmed(a, begin, (size_t)(end - begin), " \t\n`");
}

static void
give(struct giving *g, const char *type, const char *column)
{
	struct privilege *p = VECTOR_ADD(g->given);

	*p = g->to;
	p->type = type;
	p->column = column;
}

/* SELECT, or SELECT (email, active); returns its end. */
static const char *
type_read(struct giving *g, const char *at, const char *end)
{
	const char *stop = at + strcspn(at, ",("), *type, *next;

	stop = stop < end ? stop : end;
	type = name_between(g->arena, at, stop);
	if (stop == end || *stop == ',') {
		give(g, type, "*");
		return stop;
	}
	for (at = stop + 1; ; at = next + 1) {
		next = at + strcspn(at, ",)");
		BUG_ON(*next == '\0');
		give(g, type, name_between(g->arena, at, next));
		if (*next == ')')
			return next + 1;
	}
}

#define GRANT "GRANT "
#define ON "ON `@DATABASE_NAME@`."
#define TO "TO '"

static void
grant_read(struct giving *g, const char *statement)
{
	const char *on = strstr(statement, ON), *table, *to;
	const char *at = statement + strlen(GRANT);

	BUG_ON(on == NULL);
	table = on + strlen(ON);
	to = strstr(table, TO) + strlen(TO);
	g->to = (struct privilege){
		.user = arena_strndup(g->arena, to, strcspn(to, "'")),
		.host = "",
		.schema = "",
		.table = arena_strndup(g->arena, table,
		    strcspn(table, " \n\t")),
	};
	while (at < on) {
		at = type_read(g, at, on);
		at += strspn(at, ", \t\n");
	}
}

struct privileges
privileges_given(struct arena *a)
{
	struct words statements = sql_file_statements(a, "sql/grants.sql");
	struct privilege_vector v = { 0 };
	struct giving g = { .arena = a, .given = &v };
	struct privileges given;
	struct privilege *kept;

	for (size_t i = 0; i < statements.count; i++) {
		if (strncmp(statements.word[i], GRANT, strlen(GRANT)) == 0)
			grant_read(&g, statements.word[i]);
	}
	kept = arena_array(a, v.count + 1, sizeof(*kept));
	memcpy(kept, v.item, v.count * sizeof(*kept));
	given = (struct privileges){ kept, v.count };
	VECTOR_CLEAR(&v);
	return given;
}
