/*
 * Reading any database of the three tables: the columns it has, in one
 * snapshot.
 */
#include "db/schema/survey.h"

#include <mysqld_error.h>
#include <string.h>

#include "base/text.h"
#include "db/private.h"
#include "db/schema/private.h"

static const struct field domain_columns[] = {
	FIELD(struct survey_domain, domain, FIELD_TEXT),
	FIELD(struct survey_domain, active, FIELD_FLAG),
	FIELD(struct survey_domain, alias_of, FIELD_TEXT),
	FIELD(struct survey_domain, quota, FIELD_NUMBER),
	FIELD(struct survey_domain, max_users, FIELD_NUMBER),
	FIELD(struct survey_domain, max_aliases, FIELD_NUMBER),
	FIELD(struct survey_domain, relay_to, FIELD_TEXT),
	FIELD(struct survey_domain, accepts, FIELD_TEXT),
	FIELD(struct survey_domain, transport, FIELD_TEXT),
	FIELD(struct survey_domain, bcc_in, FIELD_TEXT),
	FIELD(struct survey_domain, bcc_out, FIELD_TEXT),
	FIELD(struct survey_domain, modified, FIELD_TIME),
	{ 0 }
};

static const struct field user_columns[] = {
	FIELD(struct survey_user, email, FIELD_TEXT),
	FIELD(struct survey_user, crypt, FIELD_TEXT),
	FIELD(struct survey_user, active, FIELD_FLAG),
	FIELD(struct survey_user, may_login, FIELD_FLAG),
	FIELD(struct survey_user, may_send, FIELD_FLAG),
	FIELD(struct survey_user, may_receive, FIELD_FLAG),
	FIELD(struct survey_user, expires, FIELD_TIME),
	FIELD(struct survey_user, quota, FIELD_NUMBER),
	FIELD(struct survey_user, home, FIELD_TEXT),
	FIELD(struct survey_user, scheme, FIELD_TEXT),
	FIELD(struct survey_user, rounds, FIELD_NUMBER),
	FIELD(struct survey_user, bcc_in, FIELD_TEXT),
	FIELD(struct survey_user, bcc_out, FIELD_TEXT),
	FIELD(struct survey_user, modified, FIELD_TIME),
	{ 0 }
};

static const struct field alias_columns[] = {
	FIELD(struct survey_alias, mail, FIELD_TEXT),
	FIELD(struct survey_alias, destination, FIELD_TEXT),
	FIELD(struct survey_alias, active, FIELD_FLAG),
	FIELD(struct survey_alias, expires, FIELD_TIME),
	FIELD(struct survey_alias, modified, FIELD_TIME),
	{ 0 }
};

static const struct field grant_columns[] = {
	FIELD(struct survey_grant, email, FIELD_TEXT),
	FIELD(struct survey_grant, address, FIELD_TEXT),
	FIELD(struct survey_grant, expires, FIELD_TIME),
	{ 0 }
};

static const struct field pair_columns[] = {
	FIELD(struct survey_pair, name, FIELD_TEXT),
	FIELD(struct survey_pair, other, FIELD_TEXT),
	{ 0 }
};

static const struct field refusal_columns[] = {
	FIELD(struct survey_refusal, email, FIELD_TEXT),
	{ 0 }
};

static const struct field key_columns[] = {
	FIELD(struct survey_key, domain, FIELD_TEXT),
	FIELD(struct survey_key, selector, FIELD_TEXT),
	FIELD(struct survey_key, algorithm, FIELD_TEXT),
	FIELD(struct survey_key, state, FIELD_TEXT),
	FIELD(struct survey_key, secret_id, FIELD_TEXT),
	FIELD(struct survey_key, has_private, FIELD_FLAG),
	FIELD(struct survey_key, since, FIELD_TIME),
	FIELD(struct survey_key, seen, FIELD_TIME),
	{ 0 }
};

static const struct field *const table_columns[SURVEY_TABLES] = {
	[SURVEY_DOMAINS] = domain_columns,
	[SURVEY_USERS] = user_columns,
	[SURVEY_ALIASES] = alias_columns,
};

const char *
survey_name(enum survey_table table)
{
	return foreign_tables[table];
}

/* --- tables and columns ---------------------------------------------- */

static bool
is_denial(unsigned number)
{
	return number == ER_TABLEACCESS_DENIED_ERROR ||
	    number == ER_COLUMNACCESS_DENIED_ERROR ||
	    number == ER_DBACCESS_DENIED_ERROR;
}

/*
 * The catalogue shows an account only what it may read.  A column that it does
 * not show is missing, or hidden from this account: selecting it fails with a
 * different error.
 */
bool
survey_denied(struct survey *s, const char *statement, bool *denied,
    struct err *e)
{
	unsigned number;

	*denied = false;
	if (!db_script_try(s->db, statement, &number, e))
		return false;
	*denied = is_denial(number);
	return true;
}

static const char *const table_probes[SURVEY_TABLES] = {
	[SURVEY_DOMAINS] = "SELECT 1 FROM domains LIMIT 0",
	[SURVEY_USERS] = "SELECT 1 FROM users LIMIT 0",
	[SURVEY_ALIASES] = "SELECT 1 FROM aliases LIMIT 0",
};

static bool
tables_look(struct survey *s, struct err *e)
{
	struct catalogue c;
	bool any = false, denied;

	if (!catalogue_read(s->db, s->arena, &c, e))
		return false;
	s->ours = true;
	for (int t = 0; t < SURVEY_TABLES; t++) {
		enum table_owner owner = catalogue_owner(&c,
		    foreign_tables[t]);

		s->there[t] = owner != TABLE_ABSENT;
		s->ours &= owner == TABLE_OURS;
		any |= s->there[t];
		if (s->there[t])
			continue;
		if (!survey_denied(s, table_probes[t], &denied, e))
			return false;
		if (denied)
			return err_set(e, ERR_DENIED, "this account may not "
			    "read the table %s", foreign_tables[t]);
	}
	return any || stage_err(STAGE_NONE, e);
}

/* A column of that name in tables of others may mean anything. */
static bool
is_ours_alone(const char *column)
{
	static const char *const names[] = { "expires", "relay_to", "accepts",
	    "transport", "bcc_in", "bcc_out" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(column, names[i]) == 0)
			return true;
	}
	return false;
}

static bool
columns_look(struct survey *s, struct err *e)
{
	struct db_cells cells;

	if (!db_script_texts(s->db, s->arena, "SELECT table_name, "
	    "column_name FROM information_schema.columns "
	    "WHERE table_schema = DATABASE()", &cells, e))
		return false;
	for (size_t i = 0; i < cells.rows; i++) {
		const char *const *cell = cells.cell + 2 * i;

		for (int t = 0; t < SURVEY_TABLES; t++) {
			const struct field *f = table_columns[t];

			if (strcmp(cell[0], foreign_tables[t]) != 0)
				continue;
			for (unsigned n = 0; f[n].name != NULL; n++)
				if (strcasecmp(f[n].name, cell[1]) == 0 &&
				    (s->ours || !is_ours_alone(f[n].name)))
					s->columns[t] |= UINT32_C(1) << n;
		}
	}
	return true;
}

/* A column that does not exist hides nothing. */
static bool
hashes_look(struct survey *s, struct err *e)
{
	bool denied = false;

	if (s->there[SURVEY_USERS] && !(s->columns[SURVEY_USERS] & 2) &&
	    !survey_denied(s, "SELECT crypt FROM users LIMIT 0", &denied, e))
		return false;
	s->hashes = !denied;
	return true;
}

/* The same for accounts whose grants are older than the column. */
static bool
rights_look(struct survey *s, struct err *e)
{
	bool denied = false;

	if (s->there[SURVEY_USERS] && s->ours &&
	    !survey_denied(s, "SELECT may_receive FROM users LIMIT 0",
	    &denied, e))
		return false;
	s->rights = !denied;
	return true;
}

static bool
expiry_look(struct survey *s, struct err *e)
{
	bool denied = false;

	if (s->there[SURVEY_USERS] && s->ours &&
	    !survey_denied(s, "SELECT expires FROM users LIMIT 0", &denied,
	    e))
		return false;
	s->expiry = !denied;
	return true;
}

static bool
grants_look(struct survey *s, struct err *e)
{
	bool denied = false;

	if (s->ours && !survey_denied(s, "SELECT 1 FROM send_as LIMIT 0",
	    &denied, e))
		return false;
	s->grants = !denied;
	return true;
}

static bool
keys_look(struct survey *s, struct err *e)
{
	bool all = false, private = false;

	if (s->ours && (!survey_denied(s, "SELECT secret_id FROM dkim_keys "
	    "LIMIT 0", &all, e) || !survey_denied(s, "SELECT private_key "
	    "FROM dkim_keys LIMIT 0", &private, e)))
		return false;
	s->keys = !all;
	s->private_keys = !private;
	return true;
}

#define WAYS "SELECT d.relay_to, u.send_through, u.bcc_in, r.address, "	\
    "w.host, s.name FROM domains AS d, users AS u, recipients AS r, "	\
    "relays AS w, relay_secrets AS s LIMIT 0"

/* An older schema has no such tables. */
static bool
ways_look(struct survey *s, struct err *e)
{
	bool denied = false;
	unsigned number = 0;

	if (s->ours && (!survey_denied(s, WAYS, &denied, e) ||
	    !db_script_try(s->db, WAYS, &number, e)))
		return false;
	s->ways = !denied;
	s->has_ways = s->ours && number == 0;
	return true;
}

bool
survey_has_hashes(const struct survey *s)
{
	return s->columns[SURVEY_USERS] & 2;
}

static bool
homes_look(struct survey *s, struct err *e)
{
	struct db_cells cells;

	if (!db_script_texts(s->db, s->arena, "SELECT index_name "
	    "FROM information_schema.statistics "
	    "WHERE table_schema = DATABASE() AND table_name = 'users' "
	    "GROUP BY index_name HAVING COUNT(*) = 1 "
	    "AND MAX(column_name = 'home' AND non_unique = 0 "
	    "AND sub_part IS NULL)", &cells, e))
		return false;
	s->homes_unique = cells.rows > 0;
	return true;
}

/* --- rows ------------------------------------------------------------ */

/*
 * A NUL would end the text in C, and bytes of another character set are no
 * UTF-8.  Our own tables hold neither, and a million rows take their time.
 */
static void
column_add(struct text *t, const struct survey *s, const struct field *f,
    bool there)
{
	if (!there)
		text_addf(t, "%s AS %s",
		    f->type == FIELD_FLAG ? "1" : "NULL", f->name);
	else if (f->type == FIELD_TEXT && !s->ours)
		text_addf(t, "REPLACE(CONVERT(`%s` USING utf8mb4), CHAR(0), "
		    "'\\\\0') AS %s", f->name, f->name);
	else
		text_addf(t, "`%s`", f->name);
}

bool
survey_each(struct survey *s, enum survey_table table, db_row_each each,
    void *arg, struct err *e)
{
	const struct field *f = table_columns[table];
	struct text t = TEXT_INIT;
	bool ok;

	if (!s->there[table])
		return true;
	text_add(&t, "SELECT ");
	for (unsigned n = 0; f[n].name != NULL; n++) {
		if (n > 0)
			text_add(&t, ", ");
		column_add(&t, s, &f[n], s->columns[table] >> n & 1);
	}
	text_addf(&t, " FROM %s", foreign_tables[table]);
	ok = db_text_each(s->db, t.buf, f, each, arg, e);
	text_clear(&t);
	return ok;
}

#define GRANTS(expires) "SELECT email, address, " expires		\
    " FROM send_as ORDER BY email, address"

bool
survey_grants_each(struct survey *s, db_row_each each, void *arg,
    struct err *e)
{
	unsigned number = 0;

	if (!s->ours)
		return true;
	/* An older schema has no such table, or no such column. */
	if (!db_script_try(s->db, "SELECT 1 FROM send_as LIMIT 0", &number,
	    e))
		return false;
	if (number != 0)
		return true;
	if (!db_script_try(s->db, "SELECT expires FROM send_as LIMIT 0",
	    &number, e))
		return false;
	return db_text_each(s->db, number == 0 ? GRANTS("expires") :
	    GRANTS("NULL AS expires"), grant_columns, each, arg, e);
}

#define PATTERN "CONCAT(p.local, '@', p.domain)"

/*
 * All that leads, as name and other, with who may write to the name.  A column
 * may have got another collation: the union must be read all the same.
 */
#define OURS(column) "CONVERT(" column " USING utf8mb4) COLLATE "	\
    "utf8mb4_nopad_bin"
#define LEADING "(SELECT " OURS("mail") " AS name, "			\
    OURS("destination") " AS other, writers FROM aliases WHERE "	\
    "active = 1 UNION ALL SELECT " PATTERN ", p.destination, NULL FROM "\
    "patterns AS p WHERE p.active = 1) AS l"

/*
 * Hidden: q comes before p, and has its stars where p may have them.  It
 * matches the very name of p only if it matches all that p does.
 */
static const char *const looks[] = {
	[SURVEY_PATTERNS] = ("SELECT " PATTERN " AS name, MAX(p.active) AS "
	    "other FROM patterns AS p GROUP BY p.domain, p.local ORDER BY "
	    "p.domain, p.local"),
	[SURVEY_PATTERN_ROWS] = ("SELECT " PATTERN " AS name, p.destination "
	    "AS other FROM patterns AS p WHERE p.active = 1 ORDER BY "
	    "p.domain, p.local, p.destination"),
	[SURVEY_BLOCKED] = ("SELECT l.name, l.other FROM blocks AS b JOIN "
	    LEADING " ON l.other = b.address ORDER BY l.name, l.other"),
	[SURVEY_OPENED] = ("SELECT DISTINCT l.name, l.other FROM aliases AS w "
	    "JOIN " LEADING " ON l.other = w.mail WHERE w.writers IS NOT "
	    "NULL AND w.active = 1 AND l.writers IS NULL ORDER BY l.name, "
	    "l.other"),
	[SURVEY_HIDDEN] = ("SELECT DISTINCT " PATTERN " AS name, (SELECT "
	    "q.local FROM patterns AS q WHERE q.domain = p.domain AND q.active "
	    "= 1 AND (q.weight > p.weight OR (q.weight = p.weight AND q.local "
	    "< p.local)) AND p.local LIKE q.local_like ESCAPE '|' ORDER BY "
	    "q.weight DESC, q.local LIMIT 1) AS other FROM patterns AS p "
	    "WHERE p.active = 1 HAVING other IS NOT NULL ORDER BY name"),
	[SURVEY_LITERAL] = ("SELECT DISTINCT mail AS name, NULL AS other FROM "
	    "aliases WHERE mail LIKE '%*%@%' ORDER BY mail"),
};

bool
survey_look_each(struct survey *s, enum survey_look look, db_row_each each,
    void *arg, struct err *e)
{
	unsigned number = 0;

	if (!s->ours)
		return true;
	/* An older schema has no such tables. */
	if (!db_script_try(s->db, "SELECT 1 FROM patterns, blocks LIMIT 0",
	    &number, e))
		return false;
	return number != 0 || db_text_each(s->db, looks[look], pair_columns,
	    each, arg, e);
}

bool
survey_refusals_each(struct survey *s, db_row_each each, void *arg,
    bool *denied, struct err *e)
{
	unsigned number = 0;

	*denied = false;
	if (!s->ours)
		return true;
	/* An older schema has no such table. */
	if (!db_script_try(s->db, "SELECT 1 FROM send_usage LIMIT 0", &number,
	    e))
		return false;
	*denied = is_denial(number);
	return number != 0 || db_text_each(s->db, "SELECT email FROM "
	    "send_usage WHERE slot = 0 AND n > UNIX_TIMESTAMP() DIV 300 - "
	    "288 ORDER BY email", refusal_columns, each, arg, e);
}

#define KEYS(has_private) "SELECT domain, selector, algorithm, state, "	\
    "secret_id, " has_private " AS has_private, state_since AS since, "	\
    "seen FROM dkim_keys ORDER BY domain, algorithm, selector"

bool
survey_keys_each(struct survey *s, db_row_each each, void *arg, bool *exist,
    struct err *e)
{
	unsigned number = 0;

	*exist = false;
	if (!s->ours || !s->keys)
		return true;
	/* An older schema has no such table. */
	if (!db_script_try(s->db, "SELECT secret_id FROM dkim_keys LIMIT 0",
	    &number, e))
		return false;
	*exist = number == 0;
	return !*exist || db_text_each(s->db, s->private_keys ?
	    KEYS("private_key IS NOT NULL") : KEYS("0"), key_columns, each,
	    arg, e);
}

bool
survey_begin(struct survey *s, struct db *db, struct arena *a, struct err *e)
{
	*s = (struct survey){ .db = db, .arena = a };
	if (!tables_look(s, e) || !columns_look(s, e) || !hashes_look(s, e) ||
	    !rights_look(s, e) || !expiry_look(s, e) || !grants_look(s, e) ||
	    !keys_look(s, e) || !ways_look(s, e) || !homes_look(s, e))
		return false;
	if (db_in_transaction(db))
		return true;
	s->own_snapshot = db_snapshot(db, e);
	return s->own_snapshot;
}

void
survey_end(struct survey *s)
{
	if (s->own_snapshot)
		db_rollback(s->db);
	s->own_snapshot = false;
}
