/* The schema as facts: read from the migrations, read from the server. */
#include "db/schema/facts.h"

#include <string.h>

#include "base/text.h"
#include "base/vector.h"
#include "db/schema/expression.h"
#include "db/schema/private.h"

/* --- lists of facts -------------------------------------------------- */

const struct fact *
facts_find(const struct facts *facts, enum fact_kind kind, const char *table,
    const char *name)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *f = &facts->fact[i];

		if (f->kind == kind && strcmp(f->table, table) == 0 &&
		    strcasecmp(f->name, name) == 0)
			return f;
	}
	return NULL;
}

VECTOR_NAMED(fact_vector, struct fact);

/* A later migration replaces an earlier fact. */
static void
fact_put(struct fact_vector *v, const struct fact *new)
{
	for (size_t i = 0; i < v->count; i++) {
		struct fact *f = &v->item[i];

		if (f->kind == new->kind && strcmp(f->name, new->name) == 0 &&
		    strcmp(f->table, new->table) == 0) {
			*f = *new;
			return;
		}
	}
	*VECTOR_ADD(v) = *new;
}

/* --- facts from sql/ ------------------------------------------------- */

/* Reading one statement. */
struct reader {
	struct arena *arena;
	struct fact_vector *facts;
	const char *table;
	const char *collation;		/* of its columns of text */
};

static const char *
blanks_skip(const char *p)
{
	for (;;) {
		p += strspn(p, " \t\n");
		if (strncmp(p, "--", 2) != 0)
			return p;
		p += strcspn(p, "\n");
	}
}

/*
 * The end of a word, with what it has in parentheses; a comma or a closing
 * parenthesis ends it, too.
 */
static const char *
word_end(const char *p)
{
	int depth = 0;

	while (*p != '\0') {
		if (depth == 0 && strchr(" \t\n,)", *p) != NULL)
			break;
		depth += (*p == '(') - (*p == ')');
		if (*p == '\'')
			p = expression_quoted_end(p);
		else if (strncmp(p, "--", 2) == 0)
			p = blanks_skip(p);
		else
			p++;
	}
	return p;
}

/* The next word of an item; NULL at its end. */
static const char *
word_next(struct reader *r, const char **at)
{
	const char *begin = blanks_skip(*at), *end = word_end(begin);

	*at = end;
	return end == begin ? NULL :
	    arena_strndup(r->arena, begin, (size_t)(end - begin));
}

static bool
is(const char *word, const char *wanted)
{
	return word != NULL && strcmp(word, wanted) == 0;
}

static const char *
join(struct reader *r, const char *text, const char *more)
{
	return arena_printf(r->arena, "%s %s", text, more);
}

static void
put(struct reader *r, enum fact_kind kind, const char *name,
    const char *value, const char *label)
{
	const struct fact f = { kind, r->table, name, value, label };

	fact_put(r->facts, &f);
}

/* KEY name (columns): the word with the columns follows. */
static void
key_read(struct reader *r, const char **at, const char *value)
{
	const char *label = strcmp(value, "primary") == 0 ? "PRIMARY" :
	    word_next(r, at);

	put(r, FACT_KEY, expression(r->arena, word_next(r, at)), value,
	    label);
}

static void
expect(struct reader *r, const char **at, const char *wanted)
{
	BUG_ON(!is(word_next(r, at), wanted));
}

/* FOREIGN: KEY [IF NOT EXISTS] (columns) REFERENCES table (columns) ... */
static void
foreign_key_read(struct reader *r, const char **at, const char *name)
{
	const char *columns, *table, *target, *rule = "restrict restrict";

	expect(r, at, "KEY");
	columns = word_next(r, at);
	if (is(columns, "IF")) {
		expect(r, at, "NOT");
		expect(r, at, "EXISTS");
		columns = word_next(r, at);
	}
	expect(r, at, "REFERENCES");
	table = word_next(r, at);
	target = word_next(r, at);
	/* One rule is in use: ON DELETE CASCADE ON UPDATE CASCADE. */
	while (word_next(r, at) != NULL)
		rule = "cascade cascade";
	put(r, FACT_FOREIGN_KEY, expression(r->arena, columns),
	    arena_printf(r->arena, "%s(%s) %s", expression(r->arena, table),
		expression(r->arena, target), rule), name);
}

static void
constraint_read(struct reader *r, const char **at)
{
	const char *name = word_next(r, at), *kind = word_next(r, at);

	if (is(kind, "CHECK")) {
		put(r, FACT_CHECK, name, expression(r->arena,
		    word_next(r, at)), NULL);
		return;
	}
	BUG_ON(!is(kind, "FOREIGN"));
	foreign_key_read(r, at, name);
}

/* "varchar(254)": lower case, and no width where it is no size. */
static const char *
type_of(struct reader *r, const char *word)
{
	struct text t = TEXT_INIT;
	const char *type;

	expression_word_add(&t, word, strlen(word));
	type = arena_strdup(r->arena, t.buf);
	text_clear(&t);
	return type;
}

static void
column_read(struct reader *r, const char *name, const char **at)
{
	const char *type = type_of(r, word_next(r, at)), *word;
	const char *null = "", *rest = "", *generated = NULL;

	while ((word = word_next(r, at)) != NULL) {
		if (is(word, "UNSIGNED"))
			type = join(r, type, "unsigned");
		else if (is(word, "NOT"))
			null = " not null";
		else if (is(word, "PRIMARY"))
			put(r, FACT_KEY, name, "primary", "PRIMARY");
		else if (is(word, "AUTO_INCREMENT"))
			rest = join(r, rest, "auto_increment");
		else if (is(word, "DEFAULT"))
			rest = arena_printf(r->arena, "%s default %s", rest,
			    expression(r->arena, word_next(r, at)));
		else if (is(word, "AS"))
			generated = expression(r->arena, word_next(r, at));
		else if (is(word, "AFTER"))
			word_next(r, at);
		else if (is(word, "CHECK"))
			put(r, FACT_CHECK, name, expression(r->arena,
			    word_next(r, at)), NULL);
		else
			BUG_ON(!is(word, "NULL") && !is(word, "KEY") &&
			    !is(word, "PERSISTENT") &&
			    !is(word, "INVISIBLE"));
	}
	put(r, FACT_COLUMN, name, arena_printf(r->arena, "%s%s%s", type, null,
	    rest), NULL);
	if (strstr(type, "char") != NULL || strstr(type, "text") != NULL)
		put(r, FACT_COLLATION, name, r->collation, NULL);
	if (generated != NULL)
		put(r, FACT_GENERATED, name, generated, NULL);
}

static void
item_read(struct reader *r, const char **at)
{
	const char *word = word_next(r, at);

	BUG_ON(word == NULL);
	if (is(word, "KEY")) {
		key_read(r, at, "");
	} else if (is(word, "UNIQUE") || is(word, "PRIMARY")) {
		BUG_ON(!is(word_next(r, at), "KEY"));
		key_read(r, at, is(word, "UNIQUE") ? "unique" : "primary");
	} else if (is(word, "CONSTRAINT")) {
		constraint_read(r, at);
	} else {
		column_read(r, expression(r->arena, word), at);
	}
}

static void
table_read(struct reader *r, const char *statement)
{
	const char *at = strchr(statement, '(') + 1;
	const char *collate = strstr(statement, "COLLATE ");

	BUG_ON(collate == NULL);
	collate += strlen("COLLATE ");
	r->collation = arena_strndup(r->arena, collate,
	    strcspn(collate, " \n;"));
	put(r, FACT_TABLE, "", SCHEMA_MARK, NULL);
	put(r, FACT_ENGINE, "", "innodb", NULL);
	for (;; at++) {
		item_read(r, &at);
		at = blanks_skip(at);
		if (*at != ',')
			break;
	}
	BUG_ON(*at != ')');
}

static void
trigger_read(struct reader *r, const char *name, const char *statement)
{
	const char *at = strstr(statement, name) + strlen(name);
	const char *timing = word_next(r, &at), *event = word_next(r, &at);

	BUG_ON(!is(word_next(r, &at), "ON"));
	r->table = expression(r->arena, word_next(r, &at));
	at = strstr(at, "FOR EACH ROW") + strlen("FOR EACH ROW");
	put(r, FACT_TRIGGER, name, arena_printf(r->arena, "%s %s %s",
	    timing, event, expression_body(r->arena, at)), NULL);
}

/* Of the same label: the key is no more. */
static void
key_drop(struct reader *r, const char *label)
{
	struct fact *f = r->facts->item;

	for (size_t i = 0; i < r->facts->count; i++) {
		if (f[i].kind == FACT_KEY && is(f[i].label, label) &&
		    strcmp(f[i].table, r->table) == 0) {
			f[i] = f[--r->facts->count];
			return;
		}
	}
	BUG_ON(true);
}

/* ADD KEY or COLUMN IF NOT EXISTS, ADD CONSTRAINT, DROP KEY IF EXISTS */
static void
change_read(struct reader *r, const char **at)
{
	bool add = is(word_next(r, at), "ADD");
	const char *what = word_next(r, at);

	if (is(what, "CONSTRAINT")) {
		constraint_read(r, at);
		return;
	}
	expect(r, at, "IF");
	if (add)
		expect(r, at, "NOT");
	expect(r, at, "EXISTS");
	if (is(what, "COLUMN"))
		column_read(r, word_next(r, at), at);
	else if (add)
		key_read(r, at, "");
	else
		key_drop(r, word_next(r, at));
}

#define ALTER "ALTER TABLE "

/* Before a statement: what is so while it runs. */
#define MEANWHILE "SET STATEMENT foreign_key_checks = 0 FOR\n"

static void
alter_read(struct reader *r, const char *statement)
{
	const char *at = statement + strlen(ALTER);

	r->table = expression(r->arena, word_next(r, &at));
	do {
		change_read(r, &at);
		at = blanks_skip(at);
	} while (*at++ == ',');
}

/* A statement of another kind writes rows, or is a bug of the file. */
static void
statement_read(struct reader *r, const char *statement)
{
	const char *table = migration_table(r->arena, statement);
	const char *trigger = migration_trigger(r->arena, statement);

	if (strncmp(statement, MEANWHILE, strlen(MEANWHILE)) == 0)
		statement += strlen(MEANWHILE);

	if (table != NULL) {
		r->table = table;
		table_read(r, statement);
	} else if (trigger != NULL) {
		trigger_read(r, trigger, statement);
	} else if (strncmp(statement, ALTER, strlen(ALTER)) == 0) {
		alter_read(r, statement);
	} else {
		BUG_ON(strncmp(statement, "INSERT ", 7) != 0);
	}
}

static struct facts
facts_keep(struct arena *a, struct fact_vector *v)
{
	struct fact *kept = arena_array(a, v->count + 1, sizeof(*kept));
	struct facts facts = { kept, v->count };

	if (v->count > 0)
		memcpy(kept, v->item, v->count * sizeof(*kept));
	VECTOR_CLEAR(v);
	return facts;
}

struct facts
facts_expected(struct arena *a)
{
	struct fact_vector v = { 0 };
	struct reader r = { .arena = a, .facts = &v };
	const struct migration *m;
	size_t count;

	m = migrations_read(a, &count);
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < m[i].statements.count; j++)
			statement_read(&r, m[i].statements.word[j]);
	}
	return facts_keep(a, &v);
}

/* --- facts from the server ------------------------------------------- */

#define HERE(column) " WHERE " column " = DATABASE()"

/* table, name, value, label */
static const struct question {
	enum fact_kind kind;
	bool body;		/* of a trigger, not an expression */
	bool plain;		/* compared as it is */
	const char *text;
} questions[] = {
	{ FACT_TABLE, false, true, "SELECT table_name, '', "
	    "table_comment, NULL FROM information_schema.tables"
	    HERE("table_schema") },
	{ FACT_ENGINE, false, true, "SELECT table_name, '', LOWER(engine), "
	    "NULL FROM information_schema.tables" HERE("table_schema")
	    " AND table_type = 'BASE TABLE'" },
	{ FACT_COLUMN, false, true, "SELECT table_name, column_name, "
	    "CONCAT(REGEXP_REPLACE(column_type, '^((tiny|small|medium|big)?"
	    "int)[(][0-9]+[)]', '\\\\1'), "
	    "IF(is_nullable = 'NO', ' not null', ''), "
	    "IF(extra LIKE '%auto_increment%', ' auto_increment', ''), "
	    "IF(COALESCE(column_default, 'NULL') = 'NULL', '', "
	    "CONCAT(' default ', LOWER(REGEXP_REPLACE(column_default, "
	    "'[()]', ''))))), NULL FROM information_schema.columns"
	    HERE("table_schema") },
	{ FACT_COLLATION, false, true, "SELECT table_name, column_name, "
	    "collation_name, NULL FROM information_schema.columns"
	    HERE("table_schema") " AND collation_name IS NOT NULL" },
	{ FACT_GENERATED, false, false, "SELECT table_name, column_name, "
	    "generation_expression, NULL FROM information_schema.columns"
	    HERE("table_schema") " AND extra LIKE '%STORED%'" },
	{ FACT_KEY, false, true, "SELECT table_name, GROUP_CONCAT(CONCAT("
	    "column_name, IF(sub_part IS NULL, '', CONCAT('[', sub_part, "
	    "']'))) ORDER BY seq_in_index), IF(index_name = 'PRIMARY', "
	    "'primary', IF(MIN(non_unique) = 0, 'unique', '')), index_name "
	    "FROM information_schema.statistics" HERE("table_schema")
	    " GROUP BY table_name, index_name" },
	{ FACT_CHECK, false, false, "SELECT table_name, constraint_name, "
	    "check_clause, NULL FROM information_schema.check_constraints"
	    HERE("constraint_schema") },
	{ FACT_FOREIGN_KEY, false, true, "SELECT k.table_name, "
	    "GROUP_CONCAT(k.column_name ORDER BY k.ordinal_position), "
	    "CONCAT(MIN(k.referenced_table_name), '(', GROUP_CONCAT("
	    "k.referenced_column_name ORDER BY k.ordinal_position), ') ', "
	    "LOWER(REPLACE(MIN(r.delete_rule), 'NO ACTION', 'RESTRICT')), "
	    "' ', LOWER(REPLACE(MIN(r.update_rule), 'NO ACTION', "
	    "'RESTRICT'))), k.constraint_name FROM "
	    "(SELECT * FROM information_schema.key_column_usage"
	    HERE("table_schema") " LIMIT 9999) AS k JOIN (SELECT * FROM "
	    "information_schema.referential_constraints"
	    HERE("constraint_schema") " LIMIT 9999) AS r ON r.table_name = "
	    "k.table_name AND r.constraint_name = k.constraint_name "
	    "GROUP BY k.table_name, k.constraint_name" },
	{ FACT_TRIGGER, true, false, "SELECT event_object_table, "
	    "trigger_name, CONCAT(action_timing, ' ', event_manipulation, "
	    "' ', action_statement), NULL FROM information_schema.triggers"
	    HERE("trigger_schema") },
	{ FACT_KINDS, false, false, NULL }
};

bool
facts_actual(struct survey *s, struct facts *facts, struct err *e)
{
	struct arena *a = s->arena;
	struct fact_vector v = { 0 };
	struct db_cells cells;

	for (const struct question *q = questions; q->text != NULL; q++) {
		if (!db_script_texts(s->db, a, q->text, &cells, e)) {
			VECTOR_CLEAR(&v);
			return false;
		}
		for (size_t i = 0; i < cells.rows; i++) {
			const char *const *cell = cells.cell + 4 * i;
			struct fact *f = VECTOR_ADD(&v);

			*f = (struct fact){ q->kind, cell[0], cell[1],
			    cell[2], cell[3] };
			if (cell[2] != NULL && !q->plain)
				f->value = q->body ?
				    expression_body(a, cell[2]) :
				    expression(a, cell[2]);
		}
	}
	*facts = facts_keep(a, &v);
	return true;
}
