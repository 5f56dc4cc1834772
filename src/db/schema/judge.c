/*
 * Adopting: which rows of the old tables break a rule.
 *
 * Values are judged by the rules that the commands have, a row at a time;
 * what stands between rows is asked of the server.
 */
#include <string.h>

#include "base/ascii.h"
#include "db/schema/private.h"

#define HASH_MAX 255

/* --- rules: row by row ----------------------------------------------- */

struct judge {
	struct schema_work *work;
	struct arena scratch;		/* of a row */
	size_t room;			/* for findings */
	size_t odd_hashes;
	const char *table;
	void (*row)(struct judge *j, const char *const *cell);
};

/* table, name, problem, fix */
static void
finding_add(struct judge *j, const char *const cell[4])
{
	struct schema_report *r = j->work->report;
	struct arena *a = j->work->arena;
	struct schema_finding *grown;
	const char *kept[4];

	if (r->findings == j->room) {
		j->room = j->room == 0 ? 64 : 2 * j->room;
		grown = arena_array(a, j->room, sizeof(*grown));
		for (size_t i = 0; i < r->findings; i++)
			grown[i] = r->finding[i];
		r->finding = grown;
	}
	for (size_t i = 0; i < 4; i++)
		kept[i] = cell[i] == NULL ? NULL : arena_strdup(a, cell[i]);
	r->finding[r->findings++] = (struct schema_finding){ .table = kept[0],
	    .name = kept[1], .problem = kept[2], .fix = kept[3] };
	r->unfixable += cell[3] == NULL;
}

static void
wrong(struct judge *j, const char *name, const char *problem)
{
	finding_add(j, (const char *[]){ j->table, name, problem, NULL });
}

/* As FOLD does it where FOLD is used. */
static const char *
folded(struct arena *a, const char *raw)
{
	char *text = trimmed(a, raw, strlen(raw), SPACES);

	lower_case(text);
	return text;
}

/*
 * A value that only capitals and blanks keep from being stored can be
 * fixed.  For a U-label the admin has to say so: no server looked it up.
 */
static void
judge_value(struct judge *j, const char *name, const char *raw,
    bool (*valid)(struct arena *, const char *, const char **, struct err *))
{
	struct err e = { 0 };
	const char *stored, *text;

	if (raw == NULL) {
		wrong(j, name, "a value is NULL");
		return;
	}
	text = folded(&j->scratch, raw);
	if (!valid(&j->scratch, text, &stored, &e))
		wrong(j, name, e.text);
	else if (strcmp(stored, text) != 0)
		wrong(j, name, arena_printf(&j->scratch, "%s: must be "
		    "written as %s", raw, stored));
	else if (strcmp(raw, text) != 0)
		finding_add(j, (const char *[]){ j->table, name,
		    arena_printf(&j->scratch, "capitals or blanks: \"%s\"",
			raw),
		    arena_printf(&j->scratch, "stored as %s", text) });
	err_clear(&e);
}

static void
judge_domain(struct judge *j, const char *const *cell)
{
	judge_value(j, cell[0], cell[0], j->work->options->rules->domain);
}

static void
judge_user(struct judge *j, const char *const *cell)
{
	const struct schema_rules *rules = j->work->options->rules;
	struct err e = { 0 };

	judge_value(j, cell[0], cell[0], rules->user);
	if (cell[1] == NULL || *cell[1] == '\0')
		wrong(j, cell[0], "has no password hash");
	else if (strlen(cell[1]) > HASH_MAX)
		wrong(j, cell[0], "password hash longer than 255 bytes");
	else if (!rules->hash(cell[1], &e))
		j->odd_hashes++;
	err_clear(&e);
}

/* Blanks around the commas belong to the list, not to an address. */
static void
judge_alias(struct judge *j, const char *const *cell)
{
	const char *list = cell[1] == NULL ? "" : cell[1];
	size_t len, parts = 0;
	const char *part;

	judge_value(j, cell[0], cell[0], j->work->options->rules->alias);
	for (;; list += len + 1) {
		len = strcspn(list, ",");
		part = trimmed(&j->scratch, list, len, SPACES);
		if (*part != '\0') {
			judge_value(j, cell[0], part,
			    j->work->options->rules->destination);
			parts++;
		}
		if (list[len] == '\0')
			break;
	}
	if (parts == 0)
		wrong(j, cell[0], "has no destination");
}

static bool
judge_row(void *arg, const char *const *cell, struct err *e)
{
	struct judge *j = arg;

	(void)e;
	j->row(j, cell);
	arena_clear(&j->scratch);
	return true;
}

static const struct {
	const char *table;
	const char *rows;
	void (*row)(struct judge *j, const char *const *cell);
} row_rules[FOREIGN_TABLES] = {
	{ "domains", "SELECT " SHOWN(OLD_DOMAIN) " FROM domains",
	    judge_domain },
	{ "users", "SELECT " SHOWN(OLD_EMAIL) ", "
	    SHOWN(OLD_CRYPT) " FROM users", judge_user },
	{ "aliases", "SELECT " SHOWN(OLD_MAIL) ", "
	    SHOWN(OLD_TO) " FROM aliases", judge_alias },
};

/* --- rules: between rows --------------------------------------------- */

#define LIST(column) "GROUP_CONCAT(DISTINCT " SHOWN(column)		\
    " COLLATE utf8mb4_nopad_bin ORDER BY 1 SEPARATOR ', ')"

/* Values that look like an address; the others are already findings. */
#define HAS_DOMAIN(column) FOLD(column) " REGEXP '@[a-z0-9.-]+$'"

/* Joined by digest: the server makes no key on whole names. */
#define UNKNOWN_DOMAIN(table, column)					\
    "SELECT '" table "', " SHOWN(column) ", CONCAT('no such domain: ', "\
    DOMAIN_OF(column) "), 'the domain is added' FROM " table		\
    " LEFT JOIN (SELECT DISTINCT MD5(" FOLD(OLD_DOMAIN) ") AS digest "	\
    "FROM domains) AS d ON d.digest = MD5(" DOMAIN_OF(column) ")"	\
    " WHERE d.digest IS NULL AND " HAS_DOMAIN(column)

/*
 * Each gives findings.  A name of ours is one that no table has: GROUP BY
 * takes a column of the table before it.  Two spellings of one alias are the
 * same only where both go everywhere that one of them goes.
 */
static const struct {
	const char *needs[FOREIGN_TABLES];
	const char *findings;
} set_rules[] = {
	{ { "domains" },
	    "SELECT 'domains', " FOLD(OLD_DOMAIN) " AS mailadm_name, "
	    "CONCAT('exists ', COUNT(*), ' times: ', "
	    LIST(OLD_DOMAIN) "), 'one is kept' FROM domains WHERE "
	    OLD_DOMAIN " IS NOT NULL "
	    "GROUP BY mailadm_name HAVING COUNT(*) > 1" },
	{ { "users" },
	    "SELECT 'users', " FOLD(OLD_EMAIL) " AS mailadm_name, "
	    "CONCAT('exists ', COUNT(*), ' times: ', " LIST(OLD_EMAIL)
	    "), IF(COUNT(DISTINCT " HASH(OLD_CRYPT) ") = 1, 'one is "
	    "kept', NULL) FROM users WHERE " OLD_EMAIL " IS NOT NULL "
	    "GROUP BY mailadm_name HAVING COUNT(*) > 1" },
	{ { "users", "domains" }, UNKNOWN_DOMAIN("users", OLD_EMAIL) },
	{ { "aliases" },
	    "SELECT 'aliases', " FOLD("a." OLD_MAIL) " AS mailadm_name, "
	    "CONCAT('has several spellings: ', " LIST("a." OLD_MAIL) "), "
	    "IF(COUNT(DISTINCT BINARY a." OLD_MAIL ", " FOLD("p.part") ") = "
	    "COUNT(DISTINCT BINARY a." OLD_MAIL ") * COUNT(DISTINCT "
	    FOLD("p.part") "), 'one is kept', NULL) FROM " ALIAS_PARTS
	    " WHERE a." OLD_MAIL " IS NOT NULL AND " PART_GIVEN
	    " GROUP BY mailadm_name HAVING "
	    "COUNT(DISTINCT BINARY a." OLD_MAIL ") > 1" },
	{ { "aliases" },
	    "SELECT 'aliases', " FOLD("a." OLD_MAIL) " AS mailadm_name, "
	    "CONCAT('goes ', COUNT(*), ' times to ', " FOLD("p.part")
	    "), 'one is kept' FROM " ALIAS_PARTS
	    " WHERE a." OLD_MAIL " IS NOT NULL AND " PART_GIVEN
	    " GROUP BY mailadm_name, " FOLD("p.part") " HAVING COUNT(*) > 1" },
	{ { "aliases", "domains" }, UNKNOWN_DOMAIN("aliases",
	    OLD_MAIL) },
};

static bool
finding_row(void *arg, const char *const *cell, struct err *e)
{
	(void)e;
	finding_add(arg, cell);
	return true;
}

static bool
needs_are_there(const struct judge *j, const char *const *needs)
{
	for (size_t i = 0; i < FOREIGN_TABLES && needs[i] != NULL; i++)
		if (!catalogue_has(&j->work->catalogue, needs[i]))
			return false;
	return true;
}

static bool
judge_sets(struct judge *j, struct err *e)
{
	for (size_t i = 0; i < sizeof(set_rules) / sizeof(*set_rules); i++) {
		if (needs_are_there(j, set_rules[i].needs) &&
		    !db_script_each(j->work->db, schema_carried_fill(j->work,
		    set_rules[i].findings), finding_row, j, e))
			return false;
	}
	return true;
}

static bool
judge_rows(struct judge *j, struct err *e)
{
	for (size_t i = 0; i < FOREIGN_TABLES; i++) {
		j->table = row_rules[i].table;
		j->row = row_rules[i].row;
		if (catalogue_has(&j->work->catalogue, j->table) &&
		    !db_script_each(j->work->db, schema_carried_fill(j->work,
		    row_rules[i].rows), judge_row, j, e))
			return false;
	}
	return true;
}

static bool
refuse(const struct schema_report *r, bool fix, struct err *e)
{
	size_t fixable = r->findings - r->unfixable;

	err_set(e, ERR_INVALID, "rows that break a rule: %zu; nothing was "
	    "changed",
	    fix ? r->unfixable : r->findings);
	if (r->unfixable == 0)
		return err_hint(e, "--fix fixes them as listed");
	if (fix || fixable == 0)
		return err_hint(e, "fix them in the tables, then run the "
		    "command again");
	return err_hint(e, "--fix fixes %zu of them as listed; fix the "
	    "others in the tables", fixable);
}

bool
schema_judge(struct schema_work *w, struct err *e)
{
	struct judge j = { .work = w };
	bool ok;

	w->report->findings = w->report->unfixable = 0;
	ok = judge_rows(&j, e) && judge_sets(&j, e) &&
	    schema_carried_judge(w, finding_row, &j, e);
	arena_clear(&j.scratch);
	w->odd_hashes = j.odd_hashes;
	if (!ok)
		return false;
	if (w->report->unfixable > 0 ||
	    (w->report->findings > 0 && !w->options->fix))
		return refuse(w->report, w->options->fix, e);
	return true;
}
