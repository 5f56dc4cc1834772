/*
 * The statements.  One a name, values only by ?, keywords in capitals.
 *
 * Lists are read in pages by key; a filter that is not given is a NULL (or
 * the pattern %) that the optimiser folds away at execution.  Patterns are
 * LIKE with | as the escape, which no sql_mode changes.
 */
#include "db/sql.h"

#include "db/rows.h"

const struct field sql_number_fields[] = {
	FIELD(struct sql_number, number, FIELD_NUMBER),
	{ 0 }
};

const struct field sql_text_fields[] = {
	FIELD(struct sql_text, text, FIELD_TEXT),
	{ 0 }
};

const struct field sql_pair_fields[] = {
	FIELD(struct sql_pair, name, FIELD_TEXT),
	FIELD(struct sql_pair, other, FIELD_TEXT),
	{ 0 }
};

const struct field sql_deed_fields[] = {
	FIELD(struct sql_deed, kind, FIELD_TEXT),
	FIELD(struct sql_deed, deed, FIELD_TEXT),
	FIELD(struct sql_deed, number, FIELD_NUMBER),
	{ 0 }
};

const struct field user_probe_fields[] = {
	FIELD(struct user_probe, email, FIELD_TEXT),
	FIELD(struct user_probe, holder, FIELD_TEXT),
	FIELD(struct user_probe, given, FIELD_TEXT),
	{ 0 }
};

/* Shared pieces: constants joined by the compiler, never at run time. */
#define DOMAIN_OWN "domain, active, quota, max_users, max_aliases, "	\
    "alias_of, description"
#define DOMAIN_SHOWN "d.domain, d.active, "				\
    "(SELECT COUNT(*) FROM users AS u WHERE u.domain = d.domain) "	\
    "AS users, "							\
    "(SELECT COUNT(DISTINCT a.mail) FROM aliases AS a "			\
    "WHERE a.domain = d.domain) AS aliases, "				\
    "d.quota, d.max_users, d.max_aliases, d.alias_of, d.description, "	\
    "d.created, d.modified"
#define USER_SHOWN "email, active, name, quota, scheme, rounds, home, "	\
    "created, modified"
#define ALIAS_SHOWN "mail, destination, active, created, modified"

/* Parameters: pattern, highest value of active. */
#define DOMAIN_FILTER "d.domain LIKE ? ESCAPE '|' AND d.active <= ?"

/* Pattern, highest active, domain twice, scheme twice, only without. */
#define USER_FILTER "email LIKE ? ESCAPE '|' AND active <= ? "		\
    "AND (? IS NULL OR domain = ?) AND (? IS NULL OR scheme = ?) "	\
    "AND (? = 0 OR scheme = 'none')"

/* Pattern, highest active, domain twice, destination twice. */
#define ALIAS_FILTER "mail LIKE ? ESCAPE '|' AND active <= ? "		\
    "AND (? IS NULL OR domain = ?) AND (? IS NULL OR destination = ?)"

const struct sql_statement sql_statements[SQL_STATEMENTS] = {
	[SQL_SCHEMA_VERSION] = {
	    "SELECT COALESCE(MAX(version), 0) AS number FROM "
	    "schema_version",
	    0, sql_number_fields
	},
	[SQL_CHANGE_ADD] = {
	    "INSERT INTO changes (token, actor, program) VALUES (?, ?, "
	    "?)",
	    3, NULL
	},
	[SQL_CHANGE_USE] = {
	    "SET @mailadm_change = LAST_INSERT_ID()",
	    0, NULL
	},
	[SQL_CHANGE_FIND] = {
	    "SELECT COUNT(*) AS number FROM changes WHERE token = ? "
	    "LOCK IN SHARE MODE",
	    1, sql_number_fields
	},
	[SQL_LOCK_TAKE] = {
	    /* No write: a command that then changes nothing is no change. */
	    "UPDATE locks SET taken = taken + 1 WHERE name = ?",
	    1, NULL
	},
	[SQL_STATUS] = {
	    "SELECT VERSION() AS server, DATABASE() AS `database`, "
	    "CURRENT_USER() AS account, NULL AS connection, (SELECT "
	    "MAX(version) FROM schema_version) AS `schema`, (SELECT "
	    "MAX(database_id) FROM schema_version) AS database_id, "
	    "(SELECT COUNT(*) FROM domains) AS domains, (SELECT "
	    "COUNT(*) FROM users) AS users, (SELECT COUNT(DISTINCT "
	    "mail) FROM aliases) AS aliases",
	    0, server_status_fields
	},

	[SQL_DOMAIN_LOCK] = {
	    "SELECT " DOMAIN_OWN
	    " FROM domains WHERE domain = ? FOR UPDATE",
	    1, domain_own_fields
	},
	[SQL_DOMAIN_GET] = {
	    "SELECT " DOMAIN_OWN
	    " FROM domains WHERE domain = ?",
	    1, domain_own_fields
	},
	[SQL_DOMAIN_SHOW] = {
	    "SELECT " DOMAIN_SHOWN
	    " FROM domains AS d WHERE d.domain = ?",
	    1, domain_fields
	},
	[SQL_DOMAIN_LIST] = {
	    "SELECT " DOMAIN_SHOWN
	    " FROM domains AS d WHERE "
	    DOMAIN_FILTER
	    " AND d.domain > ? ORDER BY d.domain LIMIT ?",
	    4, domain_fields
	},
	[SQL_DOMAIN_LIST_SORTED] = {
	    "SELECT " DOMAIN_SHOWN
	    " FROM domains AS d WHERE "
	    DOMAIN_FILTER
	    " ORDER BY %s, d.domain LIMIT ?",
	    3, domain_fields, .sorted = true
	},
	[SQL_DOMAIN_COUNT] = {
	    "SELECT COUNT(*) AS number FROM domains AS d WHERE "
	    DOMAIN_FILTER,
	    2, sql_number_fields
	},
	[SQL_DOMAIN_ADD] = {
	    "INSERT INTO domains (domain, description, alias_of, "
	    "quota, max_users, max_aliases) VALUES (?, ?, ?, ?, ?, ?)",
	    6, NULL, .writes = true
	},
	[SQL_DOMAIN_SET] = {
	    "UPDATE domains SET description = ?, alias_of = ?, quota = "
	    "?, max_users = ?, max_aliases = ? WHERE domain = ?",
	    6, NULL, .writes = true
	},
	[SQL_DOMAIN_SET_ACTIVE] = {
	    "UPDATE domains SET active = ? WHERE domain = ?",
	    2, NULL, .writes = true
	},
	[SQL_DOMAIN_COPY] = {
	    "INSERT INTO domains (domain, active, description, "
	    "alias_of, quota, max_users, max_aliases, created) SELECT "
	    "?, active, description, alias_of, quota, max_users, "
	    "max_aliases, created FROM domains WHERE domain = ?",
	    2, NULL, .writes = true
	},
	[SQL_DOMAIN_REMOVE] = {
	    "DELETE FROM domains WHERE domain = ?",
	    1, NULL, .writes = true
	},
	[SQL_DOMAIN_ALIAS_DOMAINS] = {
	    "SELECT domain AS text FROM domains WHERE alias_of = ? "
	    "ORDER BY domain",
	    1, sql_text_fields
	},
	[SQL_DOMAIN_REPOINT] = {
	    "UPDATE domains SET alias_of = ? WHERE alias_of = ?",
	    2, NULL, .writes = true
	},
	[SQL_DOMAIN_USERS] = {
	    "SELECT COUNT(*) AS number FROM users WHERE domain = ?",
	    1, sql_number_fields
	},
	[SQL_DOMAIN_ALIASES] = {
	    "SELECT COUNT(DISTINCT mail) AS number FROM aliases WHERE "
	    "domain = ?",
	    1, sql_number_fields
	},

	[SQL_USER_LOCK] = {
	    "SELECT " USER_SHOWN
	    " FROM users WHERE email = ? FOR UPDATE",
	    1, user_fields
	},
	[SQL_USER_GET] = {
	    "SELECT " USER_SHOWN
	    " FROM users WHERE email = ?",
	    1, user_fields
	},
	[SQL_USER_EXISTS] = {
	    "SELECT active AS number FROM users WHERE email = ?",
	    1, sql_number_fields
	},
	[SQL_USER_CRYPT] = {
	    "SELECT crypt AS text FROM users WHERE email = ?",
	    1, sql_text_fields
	},
	[SQL_USER_LIST] = {
	    "SELECT " USER_SHOWN
	    " FROM users WHERE "
	    USER_FILTER
	    " AND email > ? ORDER BY email LIMIT ?",
	    9, user_fields
	},
	[SQL_USER_LIST_SORTED] = {
	    "SELECT " USER_SHOWN
	    " FROM users WHERE "
	    USER_FILTER
	    " ORDER BY %s, email LIMIT ?",
	    8, user_fields, .sorted = true
	},
	[SQL_USER_COUNT] = {
	    "SELECT COUNT(*) AS number FROM users WHERE "
	    USER_FILTER,
	    7, sql_number_fields
	},
	[SQL_USER_PROBE] = {
	    "SELECT (SELECT email FROM users WHERE email = ?) AS "
	    "email, (SELECT email FROM users WHERE home = ?) AS "
	    "holder, (SELECT home FROM homes WHERE home = ?) AS given",
	    3, user_probe_fields
	},
	[SQL_USER_ADD] = {
	    "INSERT INTO users (email, crypt, name, quota, home) "
	    "VALUES (?, ?, ?, ?, ?)",
	    5, NULL, .writes = true
	},
	[SQL_USER_SET] = {
	    "UPDATE users SET name = ?, quota = ? WHERE email = ?",
	    3, NULL, .writes = true
	},
	[SQL_USER_SET_ACTIVE] = {
	    "UPDATE users SET active = ? WHERE email = ?",
	    2, NULL, .writes = true
	},
	[SQL_USER_SET_CRYPT] = {
	    "UPDATE users SET crypt = ? WHERE email = ?",
	    2, NULL, .writes = true
	},
	[SQL_USER_RENAME] = {
	    "UPDATE users SET email = ? WHERE email = ?",
	    2, NULL, .writes = true
	},
	[SQL_USER_REMOVE] = {
	    "DELETE FROM users WHERE email = ?",
	    1, NULL, .writes = true
	},
	[SQL_USER_NAMES] = {
	    "SELECT email AS text FROM users WHERE domain = ? ORDER BY "
	    "email LIMIT ?",
	    2, sql_text_fields
	},
	[SQL_USER_REMOVE_DOMAIN] = {
	    "DELETE FROM users WHERE domain = ?",
	    1, NULL, .writes = true
	},
	[SQL_USER_MOVE_DOMAIN] = {
	    "UPDATE users SET email = CONCAT(SUBSTRING_INDEX(email, "
	    "'@', 1), '@', ?) WHERE domain = ?",
	    2, NULL, .writes = true
	},

	[SQL_ALIAS_LOCK] = {
	    "SELECT " ALIAS_SHOWN
	    " FROM aliases WHERE mail = ? ORDER BY destination FOR "
	    "UPDATE",
	    1, alias_fields
	},
	[SQL_ALIAS_ROWS] = {
	    "SELECT " ALIAS_SHOWN
	    " FROM aliases WHERE mail = ? ORDER BY destination",
	    1, alias_fields
	},
	[SQL_ALIAS_EXISTS] = {
	    "SELECT MAX(active) AS number FROM aliases WHERE mail = ? "
	    "HAVING number IS NOT NULL",
	    1, sql_number_fields
	},
	[SQL_ALIAS_TARGETS] = {
	    "SELECT destination AS text FROM aliases WHERE mail = ? "
	    "ORDER BY destination",
	    1, sql_text_fields
	},
	[SQL_ALIAS_SOURCES] = {
	    "SELECT mail AS text FROM aliases WHERE destination = ? "
	    "ORDER BY mail",
	    1, sql_text_fields
	},
	[SQL_ALIAS_TAGGED_SOURCES] = {
	    "SELECT mail AS text FROM aliases WHERE destination LIKE ? "
	    "ESCAPE '|' ORDER BY mail",
	    1, sql_text_fields
	},
	[SQL_ALIAS_LIST] = {
	    "SELECT " ALIAS_SHOWN
	    " FROM aliases WHERE "
	    ALIAS_FILTER
	    " AND mail >= ? AND (mail > ? OR destination > ?) ORDER BY "
	    "mail, destination LIMIT ?",
	    10, alias_fields
	},
	[SQL_ALIAS_LIST_SORTED] = {
	    "SELECT " ALIAS_SHOWN
	    " FROM aliases WHERE "
	    ALIAS_FILTER
	    " ORDER BY %s, mail, destination LIMIT ?",
	    7, alias_fields, .sorted = true
	},
	[SQL_ALIAS_COUNT] = {
	    "SELECT COUNT(*) AS number FROM aliases WHERE "
	    ALIAS_FILTER,
	    6, sql_number_fields
	},
	[SQL_ALIAS_ADD] = {
	    "INSERT INTO aliases (mail, destination) VALUES (?, ?)",
	    2, NULL, .writes = true
	},
	[SQL_ALIAS_SET_ACTIVE] = {
	    "UPDATE aliases SET active = ? WHERE mail = ? AND "
	    "destination = ?",
	    3, NULL, .writes = true
	},
	[SQL_ALIAS_REMOVE] = {
	    "DELETE FROM aliases WHERE mail = ? AND destination = ?",
	    2, NULL, .writes = true
	},
	[SQL_ALIAS_REMOVE_DOMAIN] = {
	    "DELETE FROM aliases WHERE domain = ?",
	    1, NULL, .writes = true
	},
	[SQL_ALIAS_MOVE_MAIL] = {
	    "UPDATE aliases SET mail = ? WHERE mail = ?",
	    2, NULL, .writes = true
	},
	[SQL_ALIAS_MOVE_DOMAIN] = {
	    "UPDATE aliases SET mail = CONCAT(SUBSTRING_INDEX(mail, "
	    "'@', 1), '@', ?) WHERE domain = ?",
	    2, NULL, .writes = true
	},
	[SQL_ALIAS_REPOINT_MERGE] = {
	    "DELETE a FROM aliases AS a JOIN aliases AS b ON b.mail = "
	    "a.mail AND b.destination = ? WHERE a.destination = ?",
	    2, NULL, .writes = true
	},
	[SQL_ALIAS_REPOINT] = {
	    "UPDATE aliases SET destination = ? WHERE destination = ?",
	    2, NULL, .writes = true
	},
	[SQL_ALIAS_MOVE_MERGE] = {
	    "DELETE a FROM aliases AS a JOIN aliases AS b ON b.mail = "
	    "a.mail AND b.destination = "
	    "CONCAT(SUBSTRING_INDEX(a.destination, '@', 1), '@', ?) "
	    "WHERE a.destination LIKE ? ESCAPE '|'",
	    2, NULL, .writes = true
	},
	[SQL_ALIAS_MOVE_DESTINATIONS] = {
	    "UPDATE aliases SET destination = "
	    "CONCAT(SUBSTRING_INDEX(destination, '@', 1), '@', ?) "
	    "WHERE destination LIKE ? ESCAPE '|'",
	    2, NULL, .writes = true
	},
	[SQL_ALIAS_REMOVE_INTO] = {
	    "DELETE FROM aliases WHERE destination LIKE ? ESCAPE '|'",
	    1, NULL, .writes = true
	},
	[SQL_ALIAS_OUTSIDE] = {
	    "SELECT mail AS name, destination AS other FROM aliases "
	    "WHERE destination LIKE ? ESCAPE '|' AND domain <> ? ORDER "
	    "BY mail, destination",
	    2, sql_pair_fields
	},

	[SQL_FIND] = {
	    "SELECT 'domain' AS kind, domain AS name, alias_of AS "
	    "detail FROM domains WHERE domain LIKE ? ESCAPE '|' OR "
	    "alias_of LIKE ? ESCAPE '|' UNION ALL SELECT 'user', "
	    "email, name FROM users WHERE email LIKE ? ESCAPE '|' "
	    "UNION ALL SELECT 'alias', mail, destination FROM aliases "
	    "WHERE mail LIKE ? ESCAPE '|' OR destination LIKE ? ESCAPE "
	    "'|' ORDER BY kind, name, detail",
	    5, occurrence_fields
	},

	/*
	 * Names for completion: ranges of a key, and the end of each.  Of a
	 * domain's names the optimiser would read all: that its key goes on
	 * with the primary key is worth nothing to it.
	 */
	[SQL_DOMAIN_BEGINS] = {
	    "SELECT domain AS text FROM domains "
	    "WHERE domain LIKE ? ESCAPE '|' ORDER BY domain "
	    "LIMIT ?",
	    2, sql_text_fields
	},
	[SQL_DOMAIN_BEGINS_LAST] = {
	    "SELECT domain AS text FROM domains "
	    "WHERE domain LIKE ? ESCAPE '|' ORDER BY domain DESC "
	    "LIMIT ?",
	    2, sql_text_fields
	},
	[SQL_USER_BEGINS] = {
	    "SELECT email AS text FROM users "
	    "WHERE email LIKE ? ESCAPE '|' ORDER BY email "
	    "LIMIT ?",
	    2, sql_text_fields
	},
	[SQL_USER_BEGINS_LAST] = {
	    "SELECT email AS text FROM users "
	    "WHERE email LIKE ? ESCAPE '|' ORDER BY email DESC "
	    "LIMIT ?",
	    2, sql_text_fields
	},
	[SQL_USER_BEGINS_IN] = {
	    "SELECT email AS text FROM users FORCE INDEX (domain) WHERE "
	    "domain = ? AND email LIKE ? ESCAPE '|' ORDER BY email "
	    "LIMIT ?",
	    3, sql_text_fields
	},
	[SQL_USER_BEGINS_IN_LAST] = {
	    "SELECT email AS text FROM users FORCE INDEX (domain) WHERE "
	    "domain = ? AND email LIKE ? ESCAPE '|' ORDER BY email DESC "
	    "LIMIT ?",
	    3, sql_text_fields
	},
	[SQL_ALIAS_BEGINS] = {
	    "SELECT DISTINCT mail AS text FROM aliases "
	    "WHERE mail LIKE ? ESCAPE '|' ORDER BY mail "
	    "LIMIT ?",
	    2, sql_text_fields
	},
	[SQL_ALIAS_BEGINS_LAST] = {
	    "SELECT mail AS text FROM aliases "
	    "WHERE mail LIKE ? ESCAPE '|' ORDER BY mail DESC "
	    "LIMIT ?",
	    2, sql_text_fields
	},
	[SQL_ALIAS_BEGINS_IN] = {
	    "SELECT DISTINCT mail AS text FROM aliases FORCE INDEX (domain) "
	    "WHERE domain = ? AND mail LIKE ? ESCAPE '|' ORDER BY mail "
	    "LIMIT ?",
	    3, sql_text_fields
	},
	[SQL_ALIAS_BEGINS_IN_LAST] = {
	    "SELECT mail AS text FROM aliases FORCE INDEX (domain) "
	    "WHERE domain = ? AND mail LIKE ? ESCAPE '|' ORDER BY mail DESC "
	    "LIMIT ?",
	    3, sql_text_fields
	},

	/* The first row of a name says what was, the last what is. */
	[SQL_CHANGE_SUMMARY] = {
	    "SELECT t.kind, IF(f.old_row IS NULL, 'added', "
	    "IF(l.new_row IS NULL, 'removed', 'changed')) AS deed, "
	    "COUNT(*) AS number FROM (SELECT kind, name, MIN(id) AS "
	    "first, MAX(id) AS last FROM history WHERE `change` = "
	    "@mailadm_change GROUP BY kind, name) AS t JOIN history AS "
	    "f ON f.id = t.first JOIN history AS l ON l.id = t.last "
	    "WHERE f.old_row IS NOT NULL OR l.new_row IS NOT NULL "
	    "GROUP BY t.kind, deed ORDER BY MIN(t.first)",
	    0, sql_deed_fields
	},
};
