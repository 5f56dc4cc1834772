/*
 * The statements.  One a name, values only by ?, keywords in capitals.
 *
 * Lists are read in pages by key; a filter that is not given is a NULL (or
 * the pattern %) that the optimiser folds away at execution.  Patterns are
 * LIKE with | as the escape, which no sql_mode changes.
 */
#include "db/sql.h"

#include "db/columns.h"
#include "db/report.h"
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

const struct field sql_way_out_fields[] = {
	FIELD(struct sql_way_out, name, FIELD_TEXT),
	FIELD(struct sql_way_out, hop, FIELD_TEXT),
	FIELD(struct sql_way_out, of, FIELD_TEXT),
	{ 0 }
};

const struct field sql_outcome_fields[] = {
	FIELD(struct sql_outcome, number, FIELD_NUMBER),
	FIELD(struct sql_outcome, server, FIELD_TEXT),
	{ 0 }
};

const struct field bulk_home_fields[] = {
	FIELD(struct bulk_home, home, FIELD_TEXT),
	FIELD(struct bulk_home, holder, FIELD_TEXT),
	{ 0 }
};

const struct field sql_mailbox_fields[] = {
	FIELD(struct sql_mailbox, name, FIELD_TEXT),
	FIELD(struct sql_mailbox, active, FIELD_FLAG),
	FIELD(struct sql_mailbox, expired, FIELD_FLAG),
	FIELD(struct sql_mailbox, may_receive, FIELD_FLAG),
	FIELD(struct sql_mailbox, archive, FIELD_TEXT),
	{ 0 }
};

const struct field sql_route_alias_fields[] = {
	FIELD(struct sql_route_alias, mail, FIELD_TEXT),
	FIELD(struct sql_route_alias, destination, FIELD_TEXT),
	FIELD(struct sql_route_alias, active, FIELD_FLAG),
	FIELD(struct sql_route_alias, expired, FIELD_FLAG),
	FIELD(struct sql_route_alias, off, FIELD_FLAG),
	FIELD(struct sql_route_alias, takes, FIELD_FLAG),
	FIELD(struct sql_route_alias, may_send, FIELD_FLAG),
	FIELD(struct sql_route_alias, writers, FIELD_TEXT),
	{ 0 }
};

const struct field sql_action_fields[] = {
	FIELD(struct sql_action, kind, FIELD_TEXT),
	FIELD(struct sql_action, action, FIELD_TEXT),
	FIELD(struct sql_action, number, FIELD_NUMBER),
	{ 0 }
};

const struct field user_probe_fields[] = {
	FIELD(struct user_probe, email, FIELD_TEXT),
	FIELD(struct user_probe, holder, FIELD_TEXT),
	FIELD(struct user_probe, given, FIELD_TEXT),
	FIELD(struct user_probe, grantee, FIELD_TEXT),
	{ 0 }
};

const struct field former_home_fields[] = {
	FIELD(struct former_home, home, FIELD_TEXT),
	FIELD(struct former_home, removed, FIELD_TIME),
	FIELD(struct former_home, holder, FIELD_TEXT),
	{ 0 }
};

const struct field history_raw_fields[] = {
	FIELD(struct history_raw, id, FIELD_NUMBER),
	FIELD(struct history_raw, change, FIELD_NUMBER),
	FIELD(struct history_raw, at, FIELD_TIME),
	FIELD(struct history_raw, actor, FIELD_TEXT),
	FIELD(struct history_raw, program, FIELD_TEXT),
	FIELD(struct history_raw, undoes, FIELD_NUMBER),
	FIELD(struct history_raw, kind, FIELD_TEXT),
	FIELD(struct history_raw, name, FIELD_TEXT),
	FIELD(struct history_raw, old_row, FIELD_TEXT),
	FIELD(struct history_raw, new_row, FIELD_TEXT),
	{ 0 }
};

const struct field dkim_signer_fields[] = {
	FIELD(struct dkim_signer, domain, FIELD_TEXT),
	FIELD(struct dkim_signer, selector, FIELD_TEXT),
	FIELD(struct dkim_signer, algorithm, FIELD_TEXT),
	FIELD(struct dkim_signer, public_key, FIELD_TEXT),
	FIELD(struct dkim_signer, secret_id, FIELD_TEXT),
	FIELD(struct dkim_signer, private_key, FIELD_TEXT),
	{ 0 }
};

const struct field sql_change_fields[] = {
	FIELD(struct sql_change, id, FIELD_NUMBER),
	FIELD(struct sql_change, at, FIELD_TIME),
	FIELD(struct sql_change, actor, FIELD_TEXT),
	FIELD(struct sql_change, number, FIELD_NUMBER),
	FIELD(struct sql_change, others, FIELD_NUMBER),
	{ 0 }
};

const struct field undo_row_fields[] = {
	FIELD(struct undo_row, id, FIELD_NUMBER),
	FIELD(struct undo_row, kind, FIELD_TEXT),
	FIELD(struct undo_row, name, FIELD_TEXT),
	FIELD(struct undo_row, old_key, FIELD_TEXT),
	FIELD(struct undo_row, new_key, FIELD_TEXT),
	FIELD(struct undo_row, old_row, FIELD_TEXT),
	FIELD(struct undo_row, new_row, FIELD_TEXT),
	{ 0 }
};

const struct field undo_dangling_fields[] = {
	FIELD(struct undo_dangling, mail, FIELD_TEXT),
	FIELD(struct undo_dangling, destination, FIELD_TEXT),
	FIELD(struct undo_dangling, later, FIELD_FLAG),
	{ 0 }
};

const struct field report_count_fields[] = {
	FIELD(struct report_count, number, FIELD_NUMBER),
	FIELD(struct report_count, part, FIELD_NUMBER),
	{ 0 }
};

const struct field report_stay_fields[] = {
	FIELD(struct report_stay, came, FIELD_NUMBER),
	FIELD(struct report_stay, went, FIELD_NUMBER),
	FIELD(struct report_stay, number, FIELD_NUMBER),
	{ 0 }
};

const struct field report_mail_fields[] = {
	FIELD(struct report_mail, domain, FIELD_TEXT),
	FIELD(struct report_mail, bar, FIELD_NUMBER),
	FIELD(struct report_mail, number, FIELD_NUMBER),
	FIELD(struct report_mail, stored, FIELD_NUMBER),
	FIELD(struct report_mail, limited, FIELD_NUMBER),
	FIELD(struct report_mail, granted, FIELD_NUMBER),
	{ 0 }
};

const struct field report_full_fields[] = {
	FIELD(struct report_full, email, FIELD_TEXT),
	FIELD(struct report_full, used, FIELD_NUMBER),
	FIELD(struct report_full, quota, FIELD_NUMBER),
	{ 0 }
};

const struct field report_domain_fields[] = {
	FIELD(struct report_domain, domain, FIELD_TEXT),
	FIELD(struct report_domain, active, FIELD_FLAG),
	FIELD(struct report_domain, users, FIELD_NUMBER),
	FIELD(struct report_domain, aliases, FIELD_NUMBER),
	{ 0 }
};

const struct field report_login_fields[] = {
	FIELD(struct report_login, domain, FIELD_TEXT),
	FIELD(struct report_login, bar, FIELD_NUMBER),
	FIELD(struct report_login, number, FIELD_NUMBER),
	{ 0 }
};

const struct field report_day_fields[] = {
	FIELD(struct report_day, day, FIELD_NUMBER),
	FIELD(struct report_day, kind, FIELD_TEXT),
	FIELD(struct report_day, action, FIELD_TEXT),
	FIELD(struct report_day, number, FIELD_NUMBER),
	{ 0 }
};

const struct field report_change_fields[] = {
	FIELD(struct report_change, id, FIELD_NUMBER),
	FIELD(struct report_change, number, FIELD_NUMBER),
	{ 0 }
};

/*
 * Shared pieces: constants joined by the compiler, never at run time.
 * Those of a column, each for a list of db/columns.h, begin with a comma.
 */
#define SQL_NAME(column, TYPE, SHOWN, label, of) ", " of #column
#define SQL_NAME_LISTED(column, TYPE, SHOWN, label, of)			\
    COLUMN_LISTED_##SHOWN(", " of #column)
#define SQL_NAME_MORE(column, TYPE, SHOWN, label, of)			\
    SQL_MORE_##SHOWN(", " of #column)
#define SQL_MORE_LISTED(name)
#define SQL_MORE_MORE(name) name
#define SQL_MARK(column, TYPE, ...) ", " SQL_PARAM_##TYPE
#define SQL_SET(column, TYPE, ...) ", " #column " = " SQL_PARAM_##TYPE
#define SQL_PARAM_FLAG "?"
#define SQL_PARAM_RIGHT "?"
#define SQL_PARAM_TEXT "?"
#define SQL_PARAM_DOMAIN "?"
#define SQL_PARAM_ADDRESS "?"
#define SQL_PARAM_WORD "?"
#define SQL_PARAM_SIZE "?"
#define SQL_PARAM_QUOTA "?"
#define SQL_PARAM_LIMIT "?"
#define SQL_PARAM_RATE "?"
#define SQL_PARAM_USER_RATE "?"
#define SQL_PARAM_TIME SECONDS
#define SQL_MEMBER(column, TYPE, SHOWN, label, of)			\
    ", '" #column "', " of #column

enum {
	DOMAIN_VALUE_COUNT = 0 DOMAIN_VALUES(COLUMN_ONE,),
	USER_VALUE_COUNT = 0 USER_VALUES(COLUMN_ONE,),
	ALIAS_VALUE_COUNT = 0 ALIAS_ALL_VALUES(COLUMN_ONE,),
	GRANT_VALUE_COUNT = 0 GRANT_VALUES(COLUMN_ONE,),
	DKIM_VALUE_COUNT = 0 DKIM_VALUES(COLUMN_ONE,) DKIM_DATA(COLUMN_ONE,),
	RECIPIENT_VALUE_COUNT = 0 RECIPIENT_VALUES(COLUMN_ONE,),
	RELAY_VALUE_COUNT = 0 RELAY_VALUES(COLUMN_ONE,)
};

#define DKIM_SHOWN "domain, selector" DKIM_VALUES(SQL_NAME, "")	\
    ", state_since AS since, seen, created" DKIM_DATA(SQL_NAME, "")
/* Pattern, domain twice, state twice. */
#define DKIM_FILTER "domain LIKE ? ESCAPE '|' AND (? IS NULL OR "	\
    "domain = ?) AND (? IS NULL OR state = ?)"

#define DOMAIN_OWN "domain, active" DOMAIN_VALUES(SQL_NAME, "")
#define DOMAIN_SHOWN "d.domain, d.active, "				\
    "(SELECT COUNT(*) FROM users AS u WHERE u.domain = d.domain) "	\
    "AS users, "							\
    "(SELECT COUNT(DISTINCT a.mail) FROM aliases AS a "			\
    "WHERE a.domain = d.domain) AS aliases"				\
    DOMAIN_VALUES_LISTED(SQL_NAME, "d.") ", d.created, d.modified"	\
    DOMAIN_WAYS(SQL_NAME, "d.")
#define USER_LISTED "email, active" USER_VALUES(SQL_NAME_LISTED, "")	\
    ", scheme, rounds, home, created, modified"
#define USER_SHOWN USER_LISTED USER_VALUES(SQL_NAME_MORE, "")
#define USER_OWN(of) of "email, " of "crypt, " of "active"		\
    USER_VALUES(SQL_NAME, of) ", " of "home"
/* A row for each grant, or one; by the key, or all would be read. */
#define USER_STATE "SELECT " USER_OWN("u.") ", s.address AS send_as, "	\
    "s.expires AS send_as_expires FROM users AS u LEFT JOIN send_as "	\
    "AS s FORCE INDEX (PRIMARY) ON "					\
    "s.email = u.email WHERE "
#define USER_ADD "INSERT INTO users (email, crypt, home"		\
    USER_VALUES(SQL_NAME, "") ") VALUES (?, ?, ?"			\
    USER_VALUES(SQL_MARK,) ")"
#define ALIAS_SHOWN_OF(of) of "mail, " of "destination, " of "active"	\
    ALIAS_ALL_VALUES(SQL_NAME_LISTED, of) ", " of "created, "		\
    of "modified" ALIAS_ALL_VALUES(SQL_NAME_MORE, of)
#define ALIAS_SHOWN ALIAS_SHOWN_OF("")

/* A pattern as an alias: what it has no column for is the default. */
#define PATTERN_MAIL "CONCAT(p.local, '@', p.domain)"
#define PATTERN_NAME(column) ", " PATTERN_##column " AS " #column
#define PATTERN_NAME_LISTED(column, TYPE, SHOWN, label, of)		\
    COLUMN_LISTED_##SHOWN(PATTERN_NAME(column))
#define PATTERN_NAME_MORE(column, TYPE, SHOWN, label, of)		\
    SQL_MORE_##SHOWN(PATTERN_NAME(column))
#define PATTERN_expires "NULL"
#define PATTERN_note "p.note"
#define PATTERN_writers "NULL"
#define PATTERN_may_send "1"
#define PATTERN_OF PATTERN_MAIL " AS mail, p.destination, p.active"	\
    ALIAS_ALL_VALUES(PATTERN_NAME_LISTED,) ", p.created, p.modified"	\
    ALIAS_ALL_VALUES(PATTERN_NAME_MORE,)
#define PATTERN_SHOWN PATTERN_OF " FROM patterns AS p"
#define RECIPIENT_SHOWN "address" RECIPIENT_VALUES(SQL_NAME, "")	\
    ", created, modified"
/* Pattern, domain twice. */
#define RECIPIENT_FILTER "address LIKE ? ESCAPE '|' AND "		\
    "(? IS NULL OR domain = ?)"
#define RELAY_SHOWN "r.name" RELAY_VALUES(SQL_NAME, "r.") ", r.pad, "	\
    "EXISTS (SELECT 1 FROM relay_secrets AS s WHERE s.name = r.name) "	\
    "AS has_password, (SELECT COUNT(*) FROM domains AS d WHERE "	\
    "d.send_through = r.name) AS domains, (SELECT COUNT(*) FROM users "	\
    "AS u WHERE u.send_through = r.name) AS users, r.created, r.modified"

/* Different for each server, also for two on one machine. */
#define THIS_SERVER "CONCAT_WS(' ', @@hostname, @@port, @@server_id, "	\
    "@@datadir)"

/* A domain's name holds no comma. */
#define IN_DOMAINS "(? IS NULL OR FIND_IN_SET(domain, ?) > 0)"

/* Parameters: pattern, highest value of active. */
#define DOMAIN_FILTER "d.domain LIKE ? ESCAPE '|' AND d.active <= ?"

#define FROM_SECONDS(seconds)						\
    "TIMESTAMP '1970-01-01 00:00:00' + INTERVAL " seconds " SECOND"

/* A DATETIME as text, as base/time.h has it. */
#define RFC_3339(time) "DATE_FORMAT(" time ", '%Y-%m-%dT%H:%i:%sZ')"

/* Has the row expired?  Is it one that counts: enabled, and not expired? */
#define EXPIRED(of) "COALESCE(" of "expires <= UTC_TIMESTAMP(), 0)"
#define COUNTS(of) "(" of "active = 1 AND NOT " EXPIRED(of) ")"

/* Of incoming mail, where u is a user and d their domain. */
#define ARCHIVE "COALESCE(u.bcc_in, d.bcc_in)"

/* In another domain, where the old one is that of the pattern. */
#define MOVED(column) "IF(" column " LIKE ? ESCAPE '|', CONCAT("	\
    "SUBSTRING_INDEX(" column ", '@', 1), '@', ?), " column ")"

/*
 * 0: all; 1: what expires until a time, in seconds, which follows; 2: what
 * has expired; that number again.
 */
#define EXPIRING "(? <> 1 OR (expires > UTC_TIMESTAMP() AND expires <= "\
    FROM_SECONDS("?") ")) AND (? <> 2 OR expires <= UTC_TIMESTAMP())"

/* What Dovecot wrote about the user u. */
#define USER_USED "(SELECT q.bytes FROM quota_usage AS q WHERE q.email = "\
    "u.email)"
#define USER_LOGIN "(SELECT " FROM_SECONDS("l.last_login")		\
    " FROM logins AS l WHERE l.email = u.email)"

/* The quota of the user, or of the domain; NULL: none. */
#define USER_QUOTA "NULLIF(COALESCE(u.quota, (SELECT d.quota FROM "	\
    "domains AS d WHERE d.domain = u.domain)), 9223372036854775807)"

/*
 * Pattern, highest active, domain twice, scheme twice, only without, since
 * when it is not used three times, percent of the quota twice, EXPIRING.
 */
#define USER_FILTER "email LIKE ? ESCAPE '|' AND active <= ? "		\
    "AND (? IS NULL OR domain = ?) AND (? IS NULL OR scheme = ?) "	\
    "AND (? = 0 OR scheme = 'none') AND (? IS NULL OR (u.created < "	\
    FROM_SECONDS("?") " AND NOT EXISTS (SELECT 1 FROM logins AS l "	\
    "WHERE l.email = u.email AND l.last_login >= ?))) AND "		\
    "(? IS NULL OR " USER_USED " / " USER_QUOTA " * 100 >= ?) AND "	\
    EXPIRING

/* Pattern, highest active, domain twice, destination twice, EXPIRING. */
#define ALIAS_FILTER "mail LIKE ? ESCAPE '|' AND active <= ? "		\
    "AND (? IS NULL OR domain = ?) AND (? IS NULL OR destination = ?) "\
    "AND " EXPIRING

/* The same; none of them expires. */
#define PATTERN_FILTER PATTERN_MAIL " LIKE ? ESCAPE '|' AND p.active "	\
    "<= ? AND (? IS NULL OR p.domain = ?) AND (? IS NULL OR "		\
    "p.destination = ?) AND ? = 0 AND (? IS NULL OR ? = 0)"

#define BLOCK_SHOWN "address, note, created, modified FROM blocks"
/* Pattern, domain twice. */
#define BLOCK_FILTER "address LIKE ? ESCAPE '|' AND (? IS NULL OR "	\
    "domain = ?)"

/* People write notes in any case. */
#define NOTED "note COLLATE utf8mb4_general_ci LIKE ? ESCAPE '|' "

/* --- sending --------------------------------------------------------- */

#define SLOT_NOW "UNIX_TIMESTAMP() DIV 300"
#define SLOTS "12"

#define LOCAL_OF(address) "SUBSTRING_INDEX(" address ", '@', 1)"
#define DOMAIN_OF(address) "SUBSTRING_INDEX(" address ", '@', -1)"

#define UNTAGGED(address) "IF(LOCATE('+', " address ") > 1, CONCAT("	\
    "SUBSTRING_INDEX(" address ", '+', 1), '@', " DOMAIN_OF(address)	\
    "), " address ")"

/* The pattern q is active, and has the address in the domain d. */
#define PATTERN_HAS(address)						\
    "q.domain = COALESCE(d.alias_of, d.domain) AND q.active = 1 AND "	\
    LOCAL_OF(address) " LIKE q.local_like ESCAPE '|'"

/* Neither the domain d nor the target of its aliases has the address. */
#define NOBODY(address)							\
    "NOT EXISTS (SELECT 1 FROM users AS u WHERE u.email = " address	\
    ") AND NOT EXISTS (SELECT 1 FROM aliases AS a WHERE a.mail = "	\
    address ") AND NOT EXISTS (SELECT 1 FROM users AS u WHERE u.email "	\
    "= CONCAT(" LOCAL_OF(address) ", '@', d.alias_of)) AND NOT EXISTS "	\
    "(SELECT 1 FROM aliases AS a WHERE a.mail = CONCAT("		\
    LOCAL_OF(address) ", '@', d.alias_of)) "

/* Recipients of the user u in the last hour. */
#define USER_SENT "(SELECT COALESCE(SUM(s.n), 0) FROM send_usage AS s "	\
    "WHERE s.email = u.email AND s.slot > " SLOT_NOW " - " SLOTS ")"

/* --- report ---------------------------------------------------------- */

/* The quota of the user u of the domain d; NULL: none. */
#define JOINED_QUOTA "NULLIF(COALESCE(u.quota, d.quota), "		\
    "9223372036854775807)"
#define USERS_WITH_MAIL "FROM users AS u LEFT JOIN quota_usage AS q ON "\
    "q.email = u.email LEFT JOIN domains AS d ON d.domain = u.domain"
#define BYTES_USED "GREATEST(COALESCE(q.bytes, 0), 0)"

/* In doubles, which cost less than decimals at each of a million rows. */
#define QUOTA_TENTHS "FLOOR(" BYTES_USED " * 1e1 / " JOINED_QUOTA ")"

/* A sum of 64 bits: more than the disks of the world hold. */
#define SUM_OF(bytes) "CAST(LEAST(COALESCE(SUM(" bytes "), 0), "	\
    "9223372036854775806) AS SIGNED)"

/* Months since the year 0. */
#define MONTH_OF(time) "YEAR(" time ") * 12 + MONTH(" time ") - 1"

/* --- history: rows h, changes c -------------------------------------- */

#define OLD(key) "JSON_VALUE(h.old_row, '$." key "')"
#define NEW(key) "JSON_VALUE(h.new_row, '$." key "')"

/* By kind, so that a row is not searched for what it cannot have. */
#define OLD_NAME "CASE h.kind WHEN 'user' THEN " OLD("email")		\
    " WHEN 'alias' THEN " OLD("mail")					\
    " WHEN 'grant' THEN " OLD("email")					\
    " WHEN 'key' THEN " OLD("domain")					\
    " WHEN 'pattern' THEN CONCAT(" OLD("local") ", '@', "		\
    OLD("domain") ") WHEN 'block' THEN " OLD("address")			\
    " WHEN 'recipient' THEN " OLD("address")				\
    " WHEN 'relay' THEN " OLD("name")					\
    " WHEN 'domain' THEN " OLD("domain") " END"

/* How many aliases of d count; see SQL_DOMAIN_ALIASES_LIMITED. */
#define ALIASES_LIMITED "(SELECT COUNT(DISTINCT a.mail) FROM aliases "	\
    "AS a WHERE a.domain = d.domain AND a.mail <> "			\
    "CONCAT('postmaster@', a.domain))"

/* A name that h had and has no more. */
#define WAS_RENAMED "(h.old_row IS NOT NULL AND h.new_row IS NOT NULL "	\
    "AND " OLD_NAME " <> h.name)"

/*
 * Rows as they are: to take them apart here costs ten times as much.  And
 * changes by their key: where there are few, the server would join without
 * it, and then sort all the rows that are left for each page.
 */
#define HISTORY_SHOWN "h.id, h.`change`, c.at, h.actor, c.program, "	\
    "c.undoes, h.kind, h.name, h.old_row, h.new_row "			\
    "FROM history AS h STRAIGHT_JOIN changes AS c FORCE INDEX "		\
    "(PRIMARY) ON c.id = h.`change`"

/* A time as seconds since 1970. */
#define SECONDS "TIMESTAMP '1970-01-01 00:00:00' + INTERVAL ? SECOND"

/* The rows that the open transaction has written since one of them. */
#define OWN_ROWS "h.`change` = @mailadm_change AND h.id > ?"

/* Names of mail that its rows took away. */
#define GONE "h.kind IN ('user', 'alias') AND (h.new_row IS NULL OR "	\
    WAS_RENAMED ")"

/* --- undo: rows of a table, of JSON ---------------------------------- */

/*
 * No statement that writes reads history: its triggers could not write it
 * (1442).  So old rows come back as a parameter, an array of JSON objects,
 * or of pairs: o the row before the change, n the one after it.  A key that
 * an older row lacks has the column's default.  STRAIGHT_JOIN: the server
 * takes any JSON_TABLE for 40 rows and might read the table beside it.
 */
#define JSON_TEXT(size, path) " VARCHAR(" size ") CHARACTER SET "	\
    "utf8mb4 COLLATE utf8mb4_nopad_bin PATH '" path "' ERROR ON ERROR"
#define JSON_NUMBER(path) " BIGINT UNSIGNED PATH '" path "' ERROR ON ERROR"
#define JSON_FLAG(path) " BOOLEAN PATH '" path "' DEFAULT '1' "		\
    "ON EMPTY ERROR ON ERROR"
#define JSON_TIME(path) " DATETIME PATH '" path "' ERROR ON ERROR"
#define JSON_ROWS(columns) "JSON_TABLE(?, '$[*]' COLUMNS (" columns ")) AS j"

/* A column of a JSON_TABLE by its type. */
#define JSON_COLUMN(column, TYPE, SHOWN, label, p, at)			\
    ", " p #column JSON_OF_##TYPE(at #column)
#define JSON_OF_RIGHT(path) JSON_FLAG(path)
#define JSON_OF_TEXT(path) JSON_TEXT("255", path)
#define JSON_OF_DOMAIN(path) JSON_TEXT("253", path)
#define JSON_OF_ADDRESS(path) JSON_TEXT("254", path)
#define JSON_OF_TIME(path) JSON_TIME(path)
#define JSON_OF_WORD(path) JSON_TEXT("1024", path)
#define JSON_OF_SIZE(path) JSON_NUMBER(path)
#define JSON_OF_QUOTA(path) JSON_NUMBER(path)
#define JSON_OF_LIMIT(path) JSON_NUMBER(path)
#define JSON_OF_RATE(path) JSON_NUMBER(path)
#define JSON_OF_USER_RATE(path) JSON_NUMBER(path)

#define DOMAIN_JSON(p, at) p "domain" JSON_TEXT("253", at "domain")	\
    ", " p "active" JSON_FLAG(at "active")				\
    DOMAIN_VALUES(JSON_COLUMN, p, at)					\
    ", " p "created" JSON_TIME(at "created")
#define USER_JSON(p, at) p "email" JSON_TEXT("254", at "email")		\
    ", " p "crypt" JSON_TEXT("255", at "crypt")				\
    ", " p "active" JSON_FLAG(at "active")				\
    USER_VALUES(JSON_COLUMN, p, at)					\
    ", " p "home" JSON_TEXT("400", at "home")				\
    ", " p "created" JSON_TIME(at "created")
#define ALIAS_JSON(p, at) p "mail" JSON_TEXT("254", at "mail")		\
    ", " p "destination" JSON_TEXT("254", at "destination")		\
    ", " p "active" JSON_FLAG(at "active")				\
    ALIAS_ALL_VALUES(JSON_COLUMN, p, at)				\
    ", " p "created" JSON_TIME(at "created")
#define GRANT_JSON(p, at) p "email" JSON_TEXT("254", at "email") ", "	\
    p "address" JSON_TEXT("254", at "address")				\
    GRANT_VALUES(JSON_COLUMN, p, at)					\
    ", " p "created" JSON_TIME(at "created")

#define PATTERN_JSON(p, at) p "domain" JSON_TEXT("253", at "domain")	\
    ", " p "local" JSON_TEXT("64", at "local") ", "			\
    p "destination" JSON_TEXT("254", at "destination") ", "		\
    p "active" JSON_FLAG(at "active") ", "				\
    p "note" JSON_TEXT("255", at "note") ", "				\
    p "created" JSON_TIME(at "created")
#define BLOCK_JSON(p, at) p "address" JSON_TEXT("254", at "address")	\
    ", " p "note" JSON_TEXT("255", at "note") ", "			\
    p "created" JSON_TIME(at "created")

#define KEY_JSON(p, at) p "domain" JSON_TEXT("253", at "domain") ", "	\
    p "selector" JSON_TEXT("63", at "selector")				\
    DKIM_VALUES(JSON_COLUMN, p, at) DKIM_DATA(JSON_COLUMN, p, at) ", "	\
    p "created" JSON_TIME(at "created") ", "				\
    p "state_since" JSON_TIME(at "state_since") ", "			\
    p "seen" JSON_TIME(at "seen")

#define RECIPIENT_JSON(p, at)						\
    p "address" JSON_TEXT("254", at "address")				\
    RECIPIENT_VALUES(JSON_COLUMN, p, at) ", "				\
    p "created" JSON_TIME(at "created")
#define RELAY_JSON(p, at) p "name" JSON_TEXT("64", at "name")		\
    RELAY_VALUES(JSON_COLUMN, p, at) ", "				\
    p "pad" JSON_NUMBER(at "pad") ", "					\
    p "created" JSON_TIME(at "created")

#define DOMAIN_ROWS JSON_ROWS(DOMAIN_JSON("", "$."))
#define USER_ROWS JSON_ROWS(USER_JSON("", "$."))
#define ALIAS_ROWS JSON_ROWS(ALIAS_JSON("", "$."))
#define GRANT_ROWS JSON_ROWS(GRANT_JSON("", "$."))
#define KEY_ROWS JSON_ROWS(KEY_JSON("", "$."))
#define PATTERN_ROWS JSON_ROWS(PATTERN_JSON("", "$."))
#define BLOCK_ROWS JSON_ROWS(BLOCK_JSON("", "$."))
#define RECIPIENT_ROWS JSON_ROWS(RECIPIENT_JSON("", "$."))
#define RELAY_ROWS JSON_ROWS(RELAY_JSON("", "$."))
#define RECIPIENT_PAIRS JSON_ROWS(RECIPIENT_JSON("o_", "$.o.") ", "	\
    RECIPIENT_JSON("n_", "$.n."))
#define RELAY_PAIRS JSON_ROWS(RELAY_JSON("o_", "$.o.") ", "		\
    RELAY_JSON("n_", "$.n."))
#define DOMAIN_PAIRS JSON_ROWS(DOMAIN_JSON("o_", "$.o.") ", "		\
    DOMAIN_JSON("n_", "$.n."))
#define USER_PAIRS JSON_ROWS(USER_JSON("o_", "$.o.") ", "		\
    USER_JSON("n_", "$.n."))
#define ALIAS_PAIRS JSON_ROWS(ALIAS_JSON("o_", "$.o.") ", "		\
    ALIAS_JSON("n_", "$.n."))
#define GRANT_PAIRS JSON_ROWS(GRANT_JSON("o_", "$.o.") ", "		\
    GRANT_JSON("n_", "$.n."))
#define PATTERN_PAIRS JSON_ROWS(PATTERN_JSON("o_", "$.o.") ", "		\
    PATTERN_JSON("n_", "$.n."))
#define BLOCK_PAIRS JSON_ROWS(BLOCK_JSON("o_", "$.o.") ", "		\
    BLOCK_JSON("n_", "$.n."))
#define KEY_PAIRS JSON_ROWS(KEY_JSON("o_", "$.o.") ", "			\
    KEY_JSON("n_", "$.n."))

/* An array of domains, each once. */
#define WANTED_DOMAINS "(SELECT DISTINCT j.domain FROM "		\
    JSON_ROWS("domain" JSON_TEXT("253", "$")) ") AS w"

/* An array of names, in its order. */
#define BULK_NAMES "JSON_TABLE(?, '$[*]' COLUMNS (place FOR ORDINALITY, "\
    "email" JSON_TEXT("254", "$") ")) AS j"

#define BULK_PAIRS "JSON_TABLE(?, '$[*]' COLUMNS (place FOR ORDINALITY, "\
    "mail" JSON_TEXT("254", "$[0]") ", destination"			\
    JSON_TEXT("254", "$[1]") ")) AS j"

/*
 * The row that a foreign key names is locked or written by this transaction:
 * to look for it again, for each of a million rows, finds nothing new.
 */
#define KEYS_KNOWN "SET STATEMENT foreign_key_checks = 0 FOR "

/* A row is as a change left it; `modified` follows by itself. */
#define SQL_SAME(column, TYPE, SHOWN, label, p)				\
    " AND t." #column " <=> " p #column
#define SQL_RESTORE(column, ...) ", t." #column " = j.o_" #column
#define CREATED_SAME(p) " AND t.created <=> COALESCE(" p "created, "	\
    "t.created)"
#define DOMAIN_SAME(p) "(t.active = " p "active"			\
    DOMAIN_VALUES(SQL_SAME, p) CREATED_SAME(p) ")"
#define USER_SAME(p) "(t.crypt = " p "crypt AND t.active = " p "active"	\
    USER_VALUES(SQL_SAME, p) " AND t.home = COALESCE(" p "home, "	\
    "t.home)" CREATED_SAME(p) ")"
#define ALIAS_SAME(p) "(t.active = " p "active"				\
    ALIAS_ALL_VALUES(SQL_SAME, p) CREATED_SAME(p) ")"
#define GRANT_SAME(p) "(1" GRANT_VALUES(SQL_SAME, p) CREATED_SAME(p) ")"

/* When DNS had the record is no change of anybody. */
#define KEY_SAME(p) "(t.state = " p "state"				\
    DKIM_VALUES(SQL_SAME, p) DKIM_DATA(SQL_SAME, p)			\
    " AND t.state_since <=> " p "state_since" CREATED_SAME(p) ")"

#define PATTERN_SAME(p) "(t.active = " p "active AND t.note <=> "	\
    p "note" CREATED_SAME(p) ")"
#define BLOCK_SAME(p) "(t.note <=> " p "note" CREATED_SAME(p) ")"

#define RECIPIENT_SAME(p) "(t.address = " p "address"			\
    RECIPIENT_VALUES(SQL_SAME, p) CREATED_SAME(p) ")"
#define RELAY_SAME(p) "(t.pad = " p "pad" RELAY_VALUES(SQL_SAME, p)	\
    CREATED_SAME(p) ")"
#define RECIPIENT_KEY(p) "t.address = " p "address"
#define RELAY_KEY(p) "t.name = " p "name"
#define DOMAIN_KEY(p) "t.domain = " p "domain"
#define USER_KEY(p) "t.email = " p "email"
#define ALIAS_KEY(p) "t.mail = " p "mail AND t.destination = "		\
    p "destination"
#define GRANT_KEY(p) "t.email = " p "email AND t.address = " p "address"

#define PATTERN_KEY(p) "t.domain = " p "domain AND t.local = "		\
    p "local AND t.destination = " p "destination"
#define PATTERN_TEXT(of) "CONCAT(" of "local, '@', " of "domain, "	\
    "' -> ', " of "destination)"
#define BLOCK_KEY(p) "t.address = " p "address"

#define KEY_KEY(p) "t.domain = " p "domain AND t.selector = " p "selector"

/*
 * A row may have been against a rule that the database has now, or has had
 * all the time and somebody went round it: it can only come back unchecked.
 */
#define UNCHECKED "SET STATEMENT check_constraint_checks = 0 FOR "

#define UNDO_DOMAIN_INSERT						\
    "INSERT INTO domains (domain, active" DOMAIN_VALUES(SQL_NAME, "")	\
    ", created) SELECT j.domain, j.active"				\
    DOMAIN_VALUES(SQL_NAME, "j.")					\
    ", COALESCE(j.created, UTC_TIMESTAMP()) FROM "			\
    DOMAIN_ROWS
#define UNDO_DOMAIN_UPDATE						\
    "UPDATE "								\
    DOMAIN_PAIRS							\
    " STRAIGHT_JOIN domains AS t ON "					\
    DOMAIN_KEY("j.n_")							\
    " SET t.domain = j.o_domain, t.active = j.o_active"			\
    DOMAIN_VALUES(SQL_RESTORE,)						\
    ", t.created = COALESCE(j.o_created, t.created) WHERE ? = 1 OR "	\
    DOMAIN_SAME("j.n_")

#define UNDO_USER_INSERT						\
    "INSERT INTO users (email, crypt, active" USER_VALUES(SQL_NAME, "")	\
    ", home, created) SELECT j.email, j.crypt, j.active"		\
    USER_VALUES(SQL_NAME, "j.")						\
    ", COALESCE(j.home, ''), COALESCE(j.created, UTC_TIMESTAMP()) "	\
    "FROM "								\
    USER_ROWS
#define UNDO_USER_UPDATE						\
    "UPDATE "								\
    USER_PAIRS								\
    " STRAIGHT_JOIN users AS t ON "					\
    USER_KEY("j.n_")							\
    " SET t.email = j.o_email, t.crypt = j.o_crypt, t.active = "	\
    "j.o_active" USER_VALUES(SQL_RESTORE,)				\
    ", t.home = COALESCE(j.o_home, t.home), t.created = "		\
    "COALESCE(j.o_created, t.created) WHERE ? = 1 OR "			\
    USER_SAME("j.n_")

#define UNDO_ALIAS_INSERT						\
    "INSERT INTO aliases (mail, destination, active, expires"		\
    ALIAS_VALUES(SQL_NAME, "")						\
    ", created) SELECT j.mail, j.destination, j.active, j.expires"	\
    ALIAS_VALUES(SQL_NAME, "j.")					\
    ", COALESCE(j.created, UTC_TIMESTAMP()) FROM "			\
    ALIAS_ROWS
#define UNDO_ALIAS_UPDATE						\
    "UPDATE "								\
    ALIAS_PAIRS								\
    " STRAIGHT_JOIN aliases AS t ON "					\
    ALIAS_KEY("j.n_")							\
    " SET t.mail = j.o_mail, t.destination = j.o_destination, "		\
    "t.active = j.o_active, t.expires = j.o_expires"			\
    ALIAS_VALUES(SQL_RESTORE,)						\
    ", t.created = COALESCE(j.o_created, t.created) WHERE ? = 1 OR "	\
    ALIAS_SAME("j.n_")

#define UNDO_GRANT_INSERT						\
    "INSERT INTO send_as (email, address, expires, created) SELECT "	\
    "j.email, j.address, j.expires, COALESCE(j.created, "		\
    "UTC_TIMESTAMP()) FROM " GRANT_ROWS
/* The grants get the old name first, then the user. */
#define UNDO_GRANT_UPDATE						\
    "UPDATE "								\
    GRANT_PAIRS								\
    " STRAIGHT_JOIN send_as AS t ON "					\
    GRANT_KEY("j.n_")							\
    " SET t.email = j.o_email, t.address = j.o_address, t.expires = "	\
    "j.o_expires, t.created = COALESCE(j.o_created, t.created) "	\
    "WHERE ? = 1 OR " GRANT_SAME("j.n_")

#define UNDO_PATTERN_INSERT						\
    "INSERT INTO patterns (domain, local, destination, active, note, "	\
    "created) SELECT j.domain, j.local, j.destination, j.active, "	\
    "j.note, COALESCE(j.created, UTC_TIMESTAMP()) FROM " PATTERN_ROWS
#define UNDO_PATTERN_UPDATE						\
    "UPDATE " PATTERN_PAIRS " STRAIGHT_JOIN patterns AS t ON "		\
    PATTERN_KEY("j.n_")							\
    " SET t.domain = j.o_domain, t.local = j.o_local, "			\
    "t.destination = j.o_destination, t.active = j.o_active, "		\
    "t.note = j.o_note, t.created = COALESCE(j.o_created, t.created) "	\
    "WHERE ? = 1 OR " PATTERN_SAME("j.n_")

#define UNDO_BLOCK_INSERT						\
    "INSERT INTO blocks (address, note, created) SELECT j.address, "	\
    "j.note, COALESCE(j.created, UTC_TIMESTAMP()) FROM " BLOCK_ROWS
#define UNDO_BLOCK_UPDATE						\
    "UPDATE " BLOCK_PAIRS " STRAIGHT_JOIN blocks AS t ON "		\
    BLOCK_KEY("j.n_")							\
    " SET t.address = j.o_address, t.note = j.o_note, t.created = "	\
    "COALESCE(j.o_created, t.created) WHERE ? = 1 OR "			\
    BLOCK_SAME("j.n_")

/* The private half of a key that was removed is gone: it is retired. */
#define UNDO_KEY_INSERT							\
    "INSERT INTO dkim_keys (domain, selector"				\
    DKIM_VALUES(SQL_NAME, "") DKIM_DATA(SQL_NAME, "")			\
    ", created, state_since, seen) SELECT j.domain, j.selector, "	\
    "j.algorithm, j.bits, 'retired'" DKIM_DATA(SQL_NAME, "j.")		\
    ", COALESCE(j.created, UTC_TIMESTAMP()), UTC_TIMESTAMP(), j.seen "	\
    "FROM " KEY_ROWS
#define UNDO_KEY_UPDATE							\
    "UPDATE " KEY_PAIRS " STRAIGHT_JOIN dkim_keys AS t ON "		\
    KEY_KEY("j.n_")							\
    " SET t.domain = j.o_domain, t.selector = j.o_selector"		\
    DKIM_VALUES(SQL_RESTORE,) DKIM_DATA(SQL_RESTORE,)			\
    ", t.private_key = IF(j.o_state = 'retired', NULL, t.private_key)"	\
    ", t.created = COALESCE(j.o_created, t.created), t.state_since = "	\
    "j.o_state_since, t.seen = COALESCE(j.o_seen, t.seen) "		\
    "WHERE ? = 1 OR " KEY_SAME("j.n_")

#define UNDO_RECIPIENT_INSERT						\
    "INSERT INTO recipients (address" RECIPIENT_VALUES(SQL_NAME, "")	\
    ", created) SELECT j.address" RECIPIENT_VALUES(SQL_NAME, "j.")	\
    ", COALESCE(j.created, UTC_TIMESTAMP()) FROM " RECIPIENT_ROWS
#define UNDO_RECIPIENT_UPDATE						\
    "UPDATE " RECIPIENT_PAIRS " STRAIGHT_JOIN recipients AS t ON "	\
    RECIPIENT_KEY("j.n_")						\
    " SET t.address = j.o_address" RECIPIENT_VALUES(SQL_RESTORE,)	\
    ", t.created = COALESCE(j.o_created, t.created) WHERE ? = 1 OR "	\
    RECIPIENT_SAME("j.n_")

/* Its password is in no history. */
#define UNDO_RELAY_INSERT						\
    "INSERT INTO relays (name, pad" RELAY_VALUES(SQL_NAME, "")		\
    ", created) SELECT j.name, j.pad" RELAY_VALUES(SQL_NAME, "j.")	\
    ", COALESCE(j.created, UTC_TIMESTAMP()) FROM " RELAY_ROWS
#define UNDO_RELAY_UPDATE						\
    "UPDATE " RELAY_PAIRS " STRAIGHT_JOIN relays AS t ON "		\
    RELAY_KEY("j.n_")							\
    " SET t.pad = j.o_pad" RELAY_VALUES(SQL_RESTORE,)			\
    ", t.created = COALESCE(j.o_created, t.created) WHERE ? = 1 OR "	\
    RELAY_SAME("j.n_")

const struct sql_statement sql_statements[SQL_STATEMENTS] = {
	[SQL_SCHEMA_VERSION] = {
	    "SELECT COALESCE(MAX(version), 0) AS number FROM "
	    "schema_version",
	    0, sql_number_fields
	},
	[SQL_CHANGE_ADD] = {
	    "INSERT INTO changes (token, actor, program, undoes) VALUES "
	    "(?, ?, ?, ?)",
	    4, NULL
	},
	[SQL_CHANGE_USE] = {
	    "SELECT @mailadm_change := LAST_INSERT_ID() AS number, "
	    THIS_SERVER " AS server",
	    0, sql_outcome_fields
	},
	[SQL_CHANGE_FIND] = {
	    "SELECT COUNT(*) AS number, " THIS_SERVER " AS server "
	    "FROM changes WHERE token = ? LOCK IN SHARE MODE",
	    1, sql_outcome_fields
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

	[SQL_SERVER_CLOCK] = {
	    "SELECT UNIX_TIMESTAMP() AS number",
	    0, sql_number_fields
	},
	[SQL_SERVER_READ_ONLY] = {
	    "SELECT @@read_only AS number",
	    0, sql_number_fields
	},
	[SQL_SERVER_DATADIR] = {
	    "SELECT @@datadir AS text",
	    0, sql_text_fields
	},
	[SQL_PROBE_DOMAIN] = {
	    "SELECT MIN(domain) AS text FROM domains WHERE active = 1 AND "
	    "alias_of IS NULL",
	    0, sql_text_fields
	},
	[SQL_PROBE_KEYS] = {
	    "SELECT COUNT(*) AS number FROM dkim_keys WHERE domain = ? AND "
	    "state = 'active'",
	    1, sql_number_fields
	},
	[SQL_DATABASE_ID] = {
	    "SELECT MAX(database_id) AS text FROM schema_version",
	    0, sql_text_fields
	},
	/* The domains as a list with commas, twice; NULL: all. */
	[SQL_STATE_DOMAINS] = {
	    "SELECT " DOMAIN_OWN " FROM domains WHERE " IN_DOMAINS
	    " ORDER BY domain",
	    2, domain_own_fields
	},
	[SQL_STATE_USERS] = {
	    USER_STATE IN_DOMAINS " ORDER BY u.email",
	    2, user_state_fields
	},
	[SQL_STATE_USER] = {
	    USER_STATE "u.email = ?",
	    1, user_state_fields
	},
	[SQL_STATE_USER_LOCK] = {
	    USER_STATE "u.email = ? FOR UPDATE",
	    1, user_state_fields
	},
	[SQL_STATE_ALIASES] = {
	    "SELECT " ALIAS_SHOWN " FROM aliases WHERE " IN_DOMAINS
	    " ORDER BY mail, destination",
	    2, alias_fields
	},
	[SQL_DOMAIN_ADD] = {
	    "INSERT INTO domains (domain, active" DOMAIN_VALUES(SQL_NAME, "")
	    ") VALUES (?, ?" DOMAIN_VALUES(SQL_MARK,) ")",
	    2 + DOMAIN_VALUE_COUNT, NULL, .writes = true
	},
	[SQL_DOMAIN_SET] = {
	    "UPDATE domains SET active = ?" DOMAIN_VALUES(SQL_SET,)
	    " WHERE domain = ?",
	    2 + DOMAIN_VALUE_COUNT, NULL, .writes = true
	},
	[SQL_STATE_PATTERNS] = {
	    "SELECT " PATTERN_SHOWN " WHERE " IN_DOMAINS
	    " ORDER BY mail, destination",
	    2, alias_fields
	},
	[SQL_STATE_BLOCKS] = {
	    "SELECT " BLOCK_SHOWN " WHERE " IN_DOMAINS " ORDER BY address",
	    2, block_fields
	},
	/* Those that these domains or users in them take. */
	[SQL_STATE_RELAYS] = {
	    "SELECT " RELAY_SHOWN " FROM relays AS r WHERE ? IS NULL OR "
	    "EXISTS (SELECT 1 FROM domains WHERE send_through = r.name AND "
	    "FIND_IN_SET(domain, ?) > 0) OR EXISTS (SELECT 1 FROM users "
	    "WHERE send_through = r.name AND FIND_IN_SET(domain, ?) > 0) "
	    "ORDER BY r.name",
	    3, relay_fields
	},
	/* The database gives a home where none is named. */
	[SQL_STATE_USER_ADD] = {
	    "INSERT INTO users (crypt, active" USER_VALUES(SQL_NAME, "")
	    ", home, email) VALUES (?, ?" USER_VALUES(SQL_MARK,)
	    ", COALESCE(?, ''), ?)",
	    4 + USER_VALUE_COUNT, NULL, .writes = true
	},
	[SQL_STATE_USER_SET] = {
	    "UPDATE users SET crypt = ?, active = ?" USER_VALUES(SQL_SET,)
	    ", home = COALESCE(?, home) WHERE email = ?",
	    4 + USER_VALUE_COUNT, NULL, .writes = true
	},

	/* Some hundred rows at a time: names and pairs are JSON arrays. */
	[SQL_BULK_USERS_FIND] = {
	    "SELECT " USER_OWN("t.") ", NULL AS send_as, NULL AS "
	    "send_as_expires FROM " BULK_NAMES
	    " STRAIGHT_JOIN users AS t ON t.email = j.email FOR UPDATE",
	    1, user_state_fields
	},
	[SQL_BULK_USERS_HOMES] = {
	    "SELECT h.home, u.email AS holder FROM JSON_TABLE(?, '$[*]' "
	    "COLUMNS (home" JSON_TEXT("400", "$") ")) AS j STRAIGHT_JOIN "
	    "homes AS h ON h.home = j.home LEFT JOIN users AS u ON u.home = "
	    "h.home",
	    1, bulk_home_fields
	},
	/* Added by the trigger changes_update, sql/008-where-mail-goes.sql. */
	[SQL_BULK_USERS_ADD] = {
	    "UPDATE changes SET users_to_add = ? WHERE id = "
	    "@mailadm_change",
	    1, NULL, .writes = true
	},
	[SQL_BULK_ADDED] = {
	    "SELECT @mailadm_added AS number",
	    0, sql_number_fields
	},
	[SQL_BULK_ALIASES_ADD] = {
	    "UPDATE changes SET aliases_to_add = ? WHERE id = "
	    "@mailadm_change",
	    1, NULL, .writes = true
	},
	[SQL_BULK_USERS_HOMELESS] = {
	    "INSERT INTO users (email, crypt, active"
	    USER_VALUES(SQL_NAME, "") ") VALUES (?, ?, ?"
	    USER_VALUES(SQL_MARK,) ")",
	    3 + USER_VALUE_COUNT, NULL, .writes = true, .rows = true
	},
	[SQL_BULK_USERS_SET] = {
	    "UPDATE users SET crypt = ?, active = ?" USER_VALUES(SQL_SET,)
	    " WHERE email = ?",
	    3 + USER_VALUE_COUNT, NULL, .writes = true, .rows = true
	},
	[SQL_BULK_RECIPIENTS_ADD] = {
	    "INSERT INTO recipients (address" RECIPIENT_VALUES(SQL_NAME, "")
	    ") VALUES (?" RECIPIENT_VALUES(SQL_MARK,) ")",
	    1 + RECIPIENT_VALUE_COUNT, NULL, .writes = true, .rows = true
	},
	[SQL_BULK_BLOCKS_ADD] = {
	    "INSERT INTO blocks (address, note) VALUES (?, ?)",
	    2, NULL, .writes = true, .rows = true
	},
	[SQL_BULK_SAVEPOINT] = {
	    "SAVEPOINT mailadm_rows",
	    0, NULL, .writes = true
	},
	[SQL_BULK_ROLLBACK] = {
	    "ROLLBACK TO SAVEPOINT mailadm_rows",
	    0, NULL
	},
	[SQL_BULK_ALIASES_FIND] = {
	    "SELECT " ALIAS_SHOWN_OF("t.") " FROM " BULK_PAIRS
	    " STRAIGHT_JOIN aliases AS t ON t.mail = j.mail AND "
	    "t.destination = j.destination FOR UPDATE",
	    1, alias_fields
	},
	/*
	 * Of the aliases that the open transaction has written, those that
	 * may dangle, be part of a loop or expand too far: all but such as
	 * lead only outside or to users, and to which nothing leads.  EXISTS
	 * as IN would make a temporary table of all aliases first, twice.
	 */
	[SQL_BULK_ALIASES_DOUBTED] = {
	    "SET STATEMENT optimizer_switch = 'exists_to_in=off' FOR "
	    "SELECT m.name AS text FROM (SELECT DISTINCT h.name FROM history "
	    "AS h WHERE h.`change` = @mailadm_change AND h.kind = 'alias' "
	    "AND h.new_row IS NOT NULL) AS m WHERE m.name LIKE '@%' OR "
	    "EXISTS (SELECT 1 FROM aliases AS a WHERE a.destination = "
	    "m.name) OR EXISTS (SELECT 1 FROM domains AS d WHERE d.alias_of "
	    "= SUBSTRING_INDEX(m.name, '@', -1)) OR EXISTS (SELECT 1 FROM "
	    "aliases AS a JOIN domains AS d ON d.domain = "
	    "SUBSTRING_INDEX(a.destination, '@', -1) LEFT JOIN users AS u "
	    "ON u.email = a.destination WHERE a.mail = m.name AND (u.email "
	    "IS NULL OR EXISTS (SELECT 1 FROM aliases AS b WHERE b.mail = "
	    "a.destination))) OR m.name IN (SELECT a.mail FROM aliases AS a "
	    "GROUP BY a.mail HAVING COUNT(*) > 1000) OR m.name IN (SELECT "
	    "CONCAT(SUBSTRING_INDEX(t.destination, '+', 1), '@', "
	    "SUBSTRING_INDEX(t.destination, '@', -1)) FROM aliases AS t "
	    "WHERE t.destination LIKE '%+%@%')",
	    0, sql_text_fields
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
	[SQL_DOMAIN_NAMES] = {
	    "SELECT domain AS text FROM domains ORDER BY domain",
	    0, sql_text_fields
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
	[SQL_DOMAIN_SET_ACTIVE] = {
	    "UPDATE domains SET active = ? WHERE domain = ?",
	    2, NULL, .writes = true
	},
	[SQL_DOMAIN_COPY] = {
	    "INSERT INTO domains (domain, active" DOMAIN_VALUES(SQL_NAME, "")
	    ", created) SELECT ?, active" DOMAIN_VALUES(SQL_NAME, "")
	    ", created FROM domains WHERE domain = ?",
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
	/* Without postmaster@, which each domain needs. */
	[SQL_DOMAIN_ALIASES_LIMITED] = {
	    "SELECT COUNT(DISTINCT mail) AS number FROM aliases WHERE "
	    "domain = ? AND mail <> CONCAT('postmaster@', domain)",
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
	/* GROUP_CONCAT() ends at a mebibyte: 4,000 grants and more. */
	[SQL_USER_SHOW] = {
	    "SELECT " USER_SHOWN ", (SELECT GROUP_CONCAT(s.address ORDER BY "
	    "s.address) FROM send_as AS s WHERE s.email = u.email) AS "
	    "send_as, (SELECT GROUP_CONCAT(s.address, ' ', "
	    RFC_3339("s.expires") " ORDER BY s.address) FROM send_as AS s "
	    "WHERE s.email = u.email AND s.expires IS NOT NULL) AS "
	    "send_as_expires, " USER_USED " AS used, " USER_LOGIN
	    " AS last_login, " USER_SENT " AS sent FROM users AS u WHERE "
	    "u.email = ?",
	    1, user_shown_fields
	},
	[SQL_USER_EXISTS] = {
	    "SELECT active AS number FROM users WHERE email = ?",
	    1, sql_number_fields
	},
	[SQL_USER_CRYPT] = {
	    "SELECT crypt AS text FROM users WHERE email = ?",
	    1, sql_text_fields
	},
	[SQL_USER_CRYPT_LOCK] = {
	    "SELECT crypt AS text FROM users WHERE email = ? FOR UPDATE",
	    1, sql_text_fields
	},
	[SQL_USER_LIST] = {
	    "SELECT " USER_LISTED
	    " FROM users AS u WHERE "
	    USER_FILTER
	    " AND email > ? ORDER BY email LIMIT ?",
	    17, user_list_fields
	},
	[SQL_USER_LIST_MORE] = {
	    "SELECT " USER_SHOWN ", " USER_USED " AS used, " USER_LOGIN
	    " AS last_login FROM users AS u WHERE "
	    USER_FILTER
	    " AND email > ? ORDER BY email LIMIT ?",
	    17, user_used_fields
	},
	[SQL_USER_LIST_SORTED] = {
	    "SELECT " USER_SHOWN ", " USER_USED " AS used, " USER_LOGIN
	    " AS last_login FROM users AS u WHERE "
	    USER_FILTER
	    " ORDER BY %s, email LIMIT ?",
	    16, user_used_fields, .sorted = true
	},
	[SQL_USER_COUNT] = {
	    "SELECT COUNT(*) AS number FROM users AS u WHERE "
	    USER_FILTER,
	    15, sql_number_fields
	},
	[SQL_USER_PROBE] = {
	    "SELECT (SELECT email FROM users WHERE email = ?) AS "
	    "email, (SELECT email FROM users WHERE home = ?) AS "
	    "holder, (SELECT home FROM homes WHERE home = ?) AS given, "
	    "(SELECT MIN(email) FROM send_as WHERE address = ?) AS grantee",
	    4, user_probe_fields
	},
	/*
	 * The homes of removed users of a name, and, since history may have
	 * been pruned, those that were given to it by its name: home, or
	 * home~2 and so on.  "~" is 0x7e, and nothing stands behind 0x7f.
	 */
	[SQL_USER_FORMER_HOMES] = {
	    "SELECT f.home, MAX(f.removed) AS removed, (SELECT u.email FROM "
	    "users AS u WHERE u.home = f.home) AS holder FROM (SELECT "
	    OLD("home") " COLLATE utf8mb4_nopad_bin AS home, c.at AS removed, "
	    "h.id FROM history AS h STRAIGHT_JOIN changes AS c ON c.id = "
	    "h.`change` WHERE h.kind = 'user' AND h.name = ? AND h.new_row "
	    "IS NULL UNION ALL SELECT home, NULL, 0 FROM homes WHERE email = ? "
	    "AND (home = ? OR (home > CONCAT(?, '~') AND home < CONCAT(?, "
	    "CHAR(127))))) AS f WHERE f.home IS NOT NULL GROUP BY f.home "
	    "ORDER BY MAX(f.id) DESC, f.home DESC",
	    5, former_home_fields
	},
	[SQL_USER_ADD] = {
	    USER_ADD,
	    3 + USER_VALUE_COUNT, NULL, .writes = true
	},
	[SQL_USER_SET] = {
	    "UPDATE users SET active = ?" USER_VALUES(SQL_SET,)
	    " WHERE email = ?",
	    2 + USER_VALUE_COUNT, NULL, .writes = true
	},
	[SQL_USER_SET_ACTIVE] = {
	    "UPDATE users SET active = ? WHERE email = ?",
	    2, NULL, .writes = true
	},
	[SQL_USER_SET_CRYPT] = {
	    "UPDATE users SET crypt = ? WHERE email = ?",
	    2, NULL, .writes = true
	},
	/* Its grants have the old name until the next statement. */
	[SQL_USER_RENAME] = {
	    KEYS_KNOWN "UPDATE users SET email = ? WHERE email = ?",
	    2, NULL, .writes = true
	},
	[SQL_USER_FIX] = {
	    KEYS_KNOWN "UPDATE users SET email = ?, crypt = COALESCE(?, crypt) "
	    "WHERE email = ?",
	    3, NULL, .writes = true
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
	    KEYS_KNOWN "UPDATE users SET email = "
	    "CONCAT(SUBSTRING_INDEX(email, '@', 1), '@', ?) "
	    "WHERE domain = ?",
	    2, NULL, .writes = true
	},

	[SQL_GRANTS_OF] = {
	    "SELECT address AS text FROM send_as WHERE email = ? AND NOT "
	    EXPIRED("") " ORDER BY address",
	    1, sql_text_fields
	},
	/* Of a user, of an address, or both. */
	[SQL_GRANTS_ABOUT] = {
	    "SELECT email AS name, address AS other FROM send_as WHERE "
	    "email = ? OR address = ? ORDER BY email, address FOR UPDATE",
	    2, sql_pair_fields
	},
	[SQL_GRANTS_LOCK] = {
	    "SELECT email, address" GRANT_VALUES(SQL_NAME, "")
	    " FROM send_as WHERE email = ? AND address = ? FOR UPDATE",
	    2, grant_fields
	},
	[SQL_GRANTS_ADD] = {
	    "INSERT INTO send_as (email, address" GRANT_VALUES(SQL_NAME, "")
	    ") VALUES (?, ?" GRANT_VALUES(SQL_MARK,) ")",
	    2 + GRANT_VALUE_COUNT, NULL, .writes = true
	},
	/* The key first, so that every value has a comma. */
	[SQL_GRANTS_SET] = {
	    "UPDATE send_as SET email = ?" GRANT_VALUES(SQL_SET,)
	    " WHERE email = ? AND address = ?",
	    3 + GRANT_VALUE_COUNT, NULL, .writes = true
	},
	[SQL_GRANTS_REMOVE] = {
	    "DELETE FROM send_as WHERE email = ? AND address = ?",
	    2, NULL, .writes = true
	},
	[SQL_GRANTS_REMOVE_ABOUT] = {
	    "DELETE FROM send_as WHERE email = ? OR address = ?",
	    2, NULL, .writes = true
	},
	[SQL_GRANTS_REMOVE_DOMAIN] = {
	    "DELETE FROM send_as WHERE email LIKE ? ESCAPE '|' OR address "
	    "LIKE ? ESCAPE '|'",
	    2, NULL, .writes = true
	},
	[SQL_GRANTS_RENAME] = {
	    "UPDATE send_as SET email = ? WHERE email = ?",
	    2, NULL, .writes = true
	},
	[SQL_GRANTS_REPOINT_MERGE] = {
	    "DELETE a FROM send_as AS a JOIN send_as AS b ON b.email = "
	    "a.email AND b.address = ? WHERE a.address = ?",
	    2, NULL, .writes = true
	},
	[SQL_GRANTS_REPOINT] = {
	    "UPDATE send_as SET address = ? WHERE address = ?",
	    2, NULL, .writes = true
	},
	[SQL_GRANTS_MOVE_USERS] = {
	    "UPDATE send_as SET email = CONCAT(SUBSTRING_INDEX(email, "
	    "'@', 1), '@', ?) WHERE email LIKE ? ESCAPE '|'",
	    2, NULL, .writes = true
	},
	[SQL_GRANTS_MOVE_MERGE] = {
	    "DELETE a FROM send_as AS a JOIN send_as AS b ON b.email = "
	    "a.email AND b.address = CONCAT(SUBSTRING_INDEX(a.address, "
	    "'@', 1), '@', ?) WHERE a.address LIKE ? ESCAPE '|'",
	    2, NULL, .writes = true
	},
	[SQL_GRANTS_MOVE] = {
	    "UPDATE send_as SET address = CONCAT(SUBSTRING_INDEX(address, "
	    "'@', 1), '@', ?) WHERE address LIKE ? ESCAPE '|'",
	    2, NULL, .writes = true
	},
	/* The usage of users who exist: logins and sizes, by the servers. */
	[SQL_USAGE_REMOVE] = {
	    "DELETE l, q, s FROM users AS u LEFT JOIN logins AS l ON "
	    "l.email = u.email LEFT JOIN quota_usage AS q ON q.email = "
	    "u.email LEFT JOIN send_usage AS s ON s.email = u.email WHERE "
	    "u.email = ?",
	    1, NULL, .writes = true
	},
	[SQL_USAGE_REMOVE_DOMAIN] = {
	    "DELETE l, q, s FROM users AS u LEFT JOIN logins AS l ON "
	    "l.email = u.email LEFT JOIN quota_usage AS q ON q.email = "
	    "u.email LEFT JOIN send_usage AS s ON s.email = u.email WHERE "
	    "u.domain = ?",
	    1, NULL, .writes = true
	},
	[SQL_LOGINS_RENAME] = {
	    "UPDATE logins SET email = ? WHERE email = ?",
	    2, NULL, .writes = true
	},
	/* The old domain, and the new one, which the users have already. */
	[SQL_LOGINS_MOVE_DOMAIN] = {
	    "UPDATE users AS u STRAIGHT_JOIN logins AS l ON l.email = "
	    "CONCAT(SUBSTRING_INDEX(u.email, '@', 1), '@', ?) SET l.email = "
	    "u.email WHERE u.domain = ?",
	    2, NULL, .writes = true
	},
	[SQL_QUOTA_USAGE_RENAME] = {
	    "UPDATE quota_usage SET email = ? WHERE email = ?",
	    2, NULL, .writes = true
	},
	[SQL_SEND_USAGE_RENAME] = {
	    "UPDATE send_usage SET email = ? WHERE email = ?",
	    2, NULL, .writes = true
	},
	[SQL_SEND_USAGE_MOVE_DOMAIN] = {
	    "UPDATE users AS u STRAIGHT_JOIN send_usage AS s ON s.email = "
	    "CONCAT(SUBSTRING_INDEX(u.email, '@', 1), '@', ?) SET s.email = "
	    "u.email WHERE u.domain = ?",
	    2, NULL, .writes = true
	},
	[SQL_QUOTA_USAGE_MOVE_DOMAIN] = {
	    "UPDATE users AS u STRAIGHT_JOIN quota_usage AS q ON q.email = "
	    "CONCAT(SUBSTRING_INDEX(u.email, '@', 1), '@', ?) SET q.email = "
	    "u.email WHERE u.domain = ?",
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
	/* Of aliases and patterns, as is the next: the destination twice. */
	[SQL_ALIAS_SOURCES] = {
	    "SELECT mail AS text FROM aliases WHERE destination = ? UNION "
	    "SELECT " PATTERN_MAIL " FROM patterns AS p WHERE p.destination "
	    "= ? ORDER BY text",
	    2, sql_text_fields
	},
	[SQL_ALIAS_TAGGED_SOURCES] = {
	    "SELECT mail AS text FROM aliases WHERE destination LIKE ? "
	    "ESCAPE '|' UNION SELECT " PATTERN_MAIL " FROM patterns AS p "
	    "WHERE p.destination LIKE ? ESCAPE '|' ORDER BY text",
	    2, sql_text_fields
	},
	[SQL_ALIAS_LIST] = {
	    "SELECT " ALIAS_SHOWN
	    " FROM aliases WHERE "
	    ALIAS_FILTER
	    " AND mail >= ? AND (mail > ? OR destination > ?) ORDER BY "
	    "mail, destination LIMIT ?",
	    13, alias_fields
	},
	[SQL_ALIAS_LIST_SORTED] = {
	    "SELECT " ALIAS_SHOWN
	    " FROM (SELECT " ALIAS_SHOWN ", domain FROM aliases UNION ALL "
	    "SELECT " PATTERN_OF ", p.domain FROM patterns AS p) AS t WHERE "
	    ALIAS_FILTER
	    " ORDER BY %s, mail, destination LIMIT ?",
	    10, alias_fields, .sorted = true
	},
	[SQL_ALIAS_COUNT] = {
	    "SELECT COUNT(*) AS number FROM aliases WHERE "
	    ALIAS_FILTER,
	    9, sql_number_fields
	},
	[SQL_ALIAS_ADD] = {
	    "INSERT INTO aliases (mail, destination, active"
	    ALIAS_ALL_VALUES(SQL_NAME, "") ") VALUES (?, ?, ?"
	    ALIAS_ALL_VALUES(SQL_MARK,) ")",
	    3 + ALIAS_VALUE_COUNT, NULL, .writes = true
	},
	[SQL_ALIAS_SET] = {
	    "UPDATE aliases SET active = ?" ALIAS_ALL_VALUES(SQL_SET,)
	    " WHERE mail = ? AND destination = ?",
	    3 + ALIAS_VALUE_COUNT, NULL, .writes = true
	},
	[SQL_ALIAS_SET_ACTIVE] = {
	    "UPDATE aliases SET active = ? WHERE mail = ? AND "
	    "destination = ?",
	    3, NULL, .writes = true
	},
	[SQL_ALIAS_FIX] = {
	    "UPDATE aliases SET mail = ?, destination = ?, active = ? "
	    "WHERE mail = ? AND destination = ?",
	    5, NULL, .writes = true
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
	/* The destinations and the other domain, twice. */
	[SQL_ALIAS_OUTSIDE] = {
	    "SELECT mail AS name, destination AS other FROM aliases "
	    "WHERE destination LIKE ? ESCAPE '|' AND domain <> ? UNION "
	    "SELECT " PATTERN_MAIL ", p.destination FROM patterns AS p WHERE "
	    "p.destination LIKE ? ESCAPE '|' AND p.domain <> ? ORDER BY "
	    "name, other",
	    4, sql_pair_fields
	},

	[SQL_PATTERN_LOCK] = {
	    "SELECT " PATTERN_SHOWN " WHERE p.domain = ? AND p.local = ? "
	    "ORDER BY p.destination FOR UPDATE",
	    2, alias_fields
	},
	[SQL_PATTERN_ROWS] = {
	    "SELECT " PATTERN_SHOWN " WHERE p.domain = ? AND p.local = ? "
	    "ORDER BY p.destination",
	    2, alias_fields
	},
	[SQL_PATTERN_COUNT] = {
	    "SELECT COUNT(DISTINCT local) AS number FROM patterns WHERE "
	    "domain = ?",
	    1, sql_number_fields
	},
	[SQL_PATTERN_NAMES] = {
	    "SELECT DISTINCT " PATTERN_MAIL " AS text FROM patterns AS p "
	    "WHERE p.domain = ? ORDER BY text",
	    1, sql_text_fields
	},
	[SQL_PATTERN_LIST] = {
	    "SELECT " PATTERN_SHOWN " WHERE " PATTERN_FILTER " AND "
	    PATTERN_MAIL " >= ? AND (" PATTERN_MAIL " > ? OR p.destination "
	    "> ?) ORDER BY mail, p.destination LIMIT ?",
	    13, alias_fields
	},
	[SQL_PATTERN_COUNT_LISTED] = {
	    "SELECT COUNT(*) AS number FROM patterns AS p WHERE "
	    PATTERN_FILTER,
	    9, sql_number_fields
	},
	[SQL_PATTERN_ADD] = {
	    "INSERT INTO patterns (domain, local, destination, active, note) "
	    "VALUES (?, ?, ?, ?, ?)",
	    5, NULL, .writes = true
	},
	[SQL_PATTERN_SET] = {
	    "UPDATE patterns SET active = ?, note = ? WHERE domain = ? AND "
	    "local = ? AND destination = ?",
	    5, NULL, .writes = true
	},
	[SQL_PATTERN_REMOVE] = {
	    "DELETE FROM patterns WHERE domain = ? AND local = ? AND "
	    "destination = ?",
	    3, NULL, .writes = true
	},
	[SQL_PATTERN_REMOVE_DOMAIN] = {
	    "DELETE FROM patterns WHERE domain = ?",
	    1, NULL, .writes = true
	},
	[SQL_PATTERN_REMOVE_INTO] = {
	    "DELETE FROM patterns WHERE destination LIKE ? ESCAPE '|'",
	    1, NULL, .writes = true
	},
	[SQL_PATTERN_MOVE_DOMAIN] = {
	    "UPDATE patterns SET domain = ? WHERE domain = ?",
	    2, NULL, .writes = true
	},
	[SQL_PATTERN_REPOINT_MERGE] = {
	    "DELETE a FROM patterns AS a JOIN patterns AS b ON b.domain = "
	    "a.domain AND b.local = a.local AND b.destination = ? WHERE "
	    "a.destination = ?",
	    2, NULL, .writes = true
	},
	[SQL_PATTERN_REPOINT] = {
	    "UPDATE patterns SET destination = ? WHERE destination = ?",
	    2, NULL, .writes = true
	},
	[SQL_PATTERN_MOVE_MERGE] = {
	    "DELETE a FROM patterns AS a JOIN patterns AS b ON b.domain = "
	    "a.domain AND b.local = a.local AND b.destination = "
	    "CONCAT(SUBSTRING_INDEX(a.destination, '@', 1), '@', ?) WHERE "
	    "a.destination LIKE ? ESCAPE '|'",
	    2, NULL, .writes = true
	},
	[SQL_PATTERN_MOVE_DESTINATIONS] = {
	    "UPDATE patterns SET destination = "
	    "CONCAT(SUBSTRING_INDEX(destination, '@', 1), '@', ?) WHERE "
	    "destination LIKE ? ESCAPE '|'",
	    2, NULL, .writes = true
	},

	[SQL_BLOCK_GET] = {
	    "SELECT " BLOCK_SHOWN " WHERE address = ?",
	    1, block_fields
	},
	[SQL_BLOCK_LOCK] = {
	    "SELECT " BLOCK_SHOWN " WHERE address = ? FOR UPDATE",
	    1, block_fields
	},
	[SQL_BLOCK_LIST] = {
	    "SELECT " BLOCK_SHOWN " WHERE " BLOCK_FILTER
	    " AND address > ? ORDER BY address LIMIT ?",
	    5, block_fields
	},
	[SQL_BLOCK_LIST_SORTED] = {
	    "SELECT " BLOCK_SHOWN " WHERE " BLOCK_FILTER
	    " ORDER BY %s, address LIMIT ?",
	    4, block_fields, .sorted = true
	},
	[SQL_BLOCK_COUNT] = {
	    "SELECT COUNT(*) AS number FROM blocks WHERE " BLOCK_FILTER,
	    3, sql_number_fields
	},
	[SQL_BLOCK_ADD] = {
	    "INSERT INTO blocks (address, note) VALUES (?, ?)",
	    2, NULL, .writes = true
	},
	[SQL_BLOCK_SET] = {
	    "UPDATE blocks SET note = ? WHERE address = ?",
	    2, NULL, .writes = true
	},
	[SQL_BLOCK_REMOVE] = {
	    "DELETE FROM blocks WHERE address = ?",
	    1, NULL, .writes = true
	},
	[SQL_BLOCK_REMOVE_DOMAIN] = {
	    "DELETE FROM blocks WHERE domain = ?",
	    1, NULL, .writes = true
	},
	[SQL_BLOCK_MOVE_DOMAIN] = {
	    "UPDATE blocks SET address = CONCAT(SUBSTRING_INDEX(address, "
	    "'@', 1), '@', ?) WHERE domain = ?",
	    2, NULL, .writes = true
	},

	/* By the clock of the database, which writes the times. */
	[SQL_NOW] = {
	    "SELECT UNIX_TIMESTAMP() AS number",
	    0, sql_number_fields
	},
	[SQL_DKIM_OF] = {
	    "SELECT " DKIM_SHOWN " FROM dkim_keys WHERE domain = ? ORDER BY "
	    "selector",
	    1, dkim_fields
	},
	[SQL_DKIM_GET] = {
	    "SELECT " DKIM_SHOWN " FROM dkim_keys WHERE domain = ? AND "
	    "selector = ?",
	    2, dkim_fields
	},
	[SQL_DKIM_LOCK] = {
	    "SELECT " DKIM_SHOWN " FROM dkim_keys WHERE domain = ? AND "
	    "selector = ? FOR UPDATE",
	    2, dkim_fields
	},
	/* Encrypted. */
	[SQL_DKIM_PRIVATE] = {
	    "SELECT private_key AS text FROM dkim_keys WHERE domain = ? AND "
	    "selector = ?",
	    2, sql_text_fields
	},
	[SQL_DKIM_KEPT] = {
	    "SELECT COUNT(*) AS number FROM dkim_keys WHERE domain = ? AND "
	    "selector = ? AND private_key IS NOT NULL",
	    2, sql_number_fields
	},
	/* How often a selector was given before; domain twice. */
	[SQL_DKIM_USED] = {
	    "SELECT (SELECT COUNT(*) FROM dkim_keys WHERE domain = ? AND "
	    "selector = ?) + (SELECT COUNT(*) FROM history AS h WHERE h.name "
	    "= ? AND h.kind = 'key' AND JSON_VALUE(h.old_row, '$.selector') "
	    "= ? AND h.new_row IS NULL) AS number",
	    4, sql_number_fields
	},
	[SQL_DKIM_SECRETS] = {
	    "SELECT DISTINCT secret_id AS text FROM dkim_keys WHERE state <> "
	    "'retired' ORDER BY secret_id",
	    0, sql_text_fields
	},
	[SQL_DKIM_LIST] = {
	    "SELECT " DKIM_SHOWN " FROM dkim_keys WHERE " DKIM_FILTER
	    " AND (domain > ? OR (domain = ? AND selector > ?)) ORDER BY "
	    "domain, selector LIMIT ?",
	    9, dkim_fields
	},
	[SQL_DKIM_LIST_SORTED] = {
	    "SELECT " DKIM_SHOWN " FROM dkim_keys WHERE " DKIM_FILTER
	    " ORDER BY %s, domain, selector LIMIT ?",
	    6, dkim_fields, .sorted = true
	},
	[SQL_DKIM_COUNT] = {
	    "SELECT COUNT(*) AS number FROM dkim_keys WHERE " DKIM_FILTER,
	    5, sql_number_fields
	},
	[SQL_DKIM_COUNT_OF] = {
	    "SELECT COUNT(*) AS number FROM dkim_keys WHERE domain = ?",
	    1, sql_number_fields
	},
	[SQL_DKIM_COUNT_ACTIVE] = {
	    "SELECT COUNT(*) AS number FROM dkim_keys WHERE domain = ? AND "
	    "state = 'active'",
	    1, sql_number_fields
	},
	/* 1: only RSA.  A disabled domain sends no mail. */
	[SQL_DKIM_ACTIVE] = {
	    "SELECT k.domain, k.selector, k.algorithm, k.public_key, "
	    "k.secret_id, k.private_key FROM dkim_keys AS k JOIN domains AS "
	    "d ON d.domain = k.domain WHERE k.state = 'active' AND d.active "
	    "= 1 AND (? = 0 OR k.algorithm = 'rsa') ORDER BY k.domain, "
	    "k.selector",
	    1, dkim_signer_fields
	},
	/* Those that may have something to do. */
	[SQL_DKIM_DOMAINS] = {
	    "SELECT DISTINCT domain AS text FROM dkim_keys WHERE state <> "
	    "'retired' ORDER BY domain",
	    0, sql_text_fields
	},
	[SQL_DKIM_ADD] = {
	    "INSERT INTO dkim_keys (domain, selector"
	    DKIM_VALUES(SQL_NAME, "") DKIM_DATA(SQL_NAME, "")
	    ", private_key) VALUES (?, ?" DKIM_VALUES(SQL_MARK,)
	    DKIM_DATA(SQL_MARK,) ", ?)",
	    3 + DKIM_VALUE_COUNT, NULL, .writes = true
	},
	[SQL_DKIM_SET_STATE] = {
	    "UPDATE dkim_keys SET state = ?, state_since = UTC_TIMESTAMP() "
	    "WHERE domain = ? AND selector = ?",
	    3, NULL, .writes = true
	},
	[SQL_DKIM_RETIRE] = {
	    "UPDATE dkim_keys SET state = 'retired', private_key = NULL, "
	    "state_since = UTC_TIMESTAMP() WHERE domain = ? AND selector = ?",
	    2, NULL, .writes = true
	},
	/* No change of anybody: see the table's triggers. */
	[SQL_DKIM_SEEN] = {
	    "UPDATE dkim_keys SET seen = COALESCE(seen, UTC_TIMESTAMP()) "
	    "WHERE domain = ? AND selector = ?",
	    2, NULL
	},
	[SQL_DKIM_REMOVE] = {
	    "DELETE FROM dkim_keys WHERE domain = ? AND selector = ?",
	    2, NULL, .writes = true
	},
	[SQL_DKIM_REMOVE_DOMAIN] = {
	    "DELETE FROM dkim_keys WHERE domain = ?",
	    1, NULL, .writes = true
	},
	/* A key of the new name is in no DNS yet. */
	[SQL_DKIM_MOVE_DOMAIN] = {
	    "UPDATE dkim_keys SET domain = ?, state_since = "
	    "IF(state = 'retired', state_since, UTC_TIMESTAMP()), seen = "
	    "IF(state = 'retired', seen, NULL), state = "
	    "IF(state = 'retired', state, 'pending') WHERE domain = ?",
	    2, NULL, .writes = true
	},

	[SQL_RECIPIENT_GET] = {
	    "SELECT " RECIPIENT_SHOWN " FROM recipients WHERE address = ?",
	    1, recipient_fields
	},
	[SQL_RECIPIENT_LOCK] = {
	    "SELECT " RECIPIENT_SHOWN " FROM recipients WHERE address = ? "
	    "FOR UPDATE",
	    1, recipient_fields
	},
	[SQL_RECIPIENT_ADD] = {
	    "INSERT INTO recipients (address" RECIPIENT_VALUES(SQL_NAME, "")
	    ") VALUES (?" RECIPIENT_VALUES(SQL_MARK,) ")",
	    1 + RECIPIENT_VALUE_COUNT, NULL, .writes = true
	},
	[SQL_RECIPIENT_SET] = {
	    "UPDATE recipients SET address = address"
	    RECIPIENT_VALUES(SQL_SET,) " WHERE address = ?",
	    1 + RECIPIENT_VALUE_COUNT, NULL, .writes = true
	},
	[SQL_RECIPIENT_REMOVE] = {
	    "DELETE FROM recipients WHERE address = ?",
	    1, NULL, .writes = true
	},
	[SQL_RECIPIENT_LIST] = {
	    "SELECT " RECIPIENT_SHOWN " FROM recipients WHERE "
	    RECIPIENT_FILTER " AND address > ? ORDER BY address LIMIT ?",
	    5, recipient_fields
	},
	[SQL_RECIPIENT_LIST_SORTED] = {
	    "SELECT " RECIPIENT_SHOWN " FROM recipients WHERE "
	    RECIPIENT_FILTER " ORDER BY %s, address LIMIT ?",
	    4, recipient_fields, .sorted = true
	},
	[SQL_RECIPIENT_COUNT] = {
	    "SELECT COUNT(*) AS number FROM recipients WHERE "
	    RECIPIENT_FILTER,
	    3, sql_number_fields
	},
	[SQL_RECIPIENT_COUNT_OF] = {
	    "SELECT COUNT(*) AS number FROM recipients WHERE domain = ?",
	    1, sql_number_fields
	},
	/* By the domains as a list with commas, twice; NULL: all. */
	[SQL_RECIPIENT_ALL] = {
	    "SELECT " RECIPIENT_SHOWN " FROM recipients WHERE " IN_DOMAINS
	    " ORDER BY address",
	    2, recipient_fields
	},
	[SQL_RECIPIENT_REMOVE_DOMAIN] = {
	    "DELETE FROM recipients WHERE domain = ?",
	    1, NULL, .writes = true
	},
	[SQL_RECIPIENT_MOVE_DOMAIN] = {
	    "UPDATE recipients SET address = CONCAT(SUBSTRING_INDEX(address, "
	    "'@', 1), '@', ?) WHERE domain = ?",
	    2, NULL, .writes = true
	},
	[SQL_RELAY_GET] = {
	    "SELECT " RELAY_SHOWN " FROM relays AS r WHERE r.name = ?",
	    1, relay_fields
	},
	[SQL_RELAY_LOCK] = {
	    /* Not more: it would lock the passwords, too. */
	    "SELECT name AS text FROM relays WHERE name = ? FOR UPDATE",
	    1, sql_text_fields
	},
	[SQL_RELAY_FIRST] = {
	    "SELECT MIN(name) AS text FROM relays HAVING text IS NOT NULL",
	    0, sql_text_fields
	},
	[SQL_RELAY_FIRST_LOGIN] = {
	    "SELECT MIN(name) AS text FROM relays WHERE login IS NOT NULL "
	    "HAVING text IS NOT NULL",
	    0, sql_text_fields
	},
	[SQL_RELAY_FIRST_DOMAIN] = {
	    "SELECT MIN(domain) AS text FROM domains WHERE relay_to IS NOT "
	    "NULL AND active = 1 HAVING text IS NOT NULL",
	    0, sql_text_fields
	},
	[SQL_RELAY_ADD] = {
	    "INSERT INTO relays (name" RELAY_VALUES(SQL_NAME, "")
	    ", pad) VALUES (?" RELAY_VALUES(SQL_MARK,) ", ?)",
	    2 + RELAY_VALUE_COUNT, NULL, .writes = true
	},
	[SQL_RELAY_SET] = {
	    "UPDATE relays SET pad = ?" RELAY_VALUES(SQL_SET,)
	    " WHERE name = ?",
	    2 + RELAY_VALUE_COUNT, NULL, .writes = true
	},
	[SQL_RELAY_REMOVE] = {
	    "DELETE FROM relays WHERE name = ?",
	    1, NULL, .writes = true
	},
	[SQL_RELAY_LIST] = {
	    "SELECT " RELAY_SHOWN " FROM relays AS r WHERE r.name LIKE ? "
	    "ESCAPE '|' AND r.name > ? ORDER BY r.name LIMIT ?",
	    3, relay_fields
	},
	[SQL_RELAY_LIST_SORTED] = {
	    "SELECT " RELAY_SHOWN " FROM relays AS r WHERE r.name LIKE ? "
	    "ESCAPE '|' ORDER BY %s, r.name LIMIT ?",
	    2, relay_fields, .sorted = true
	},
	[SQL_RELAY_COUNT] = {
	    "SELECT COUNT(*) AS number FROM relays WHERE name LIKE ? ESCAPE "
	    "'|'",
	    1, sql_number_fields
	},
	/* The first one that no other way out at that server and port has. */
	[SQL_RELAY_PAD_FREE] = {
	    "SELECT MIN(p.pad) AS number FROM (SELECT 0 AS pad UNION SELECT "
	    "pad + 1 FROM relays WHERE host = ? AND port = ?) AS p WHERE NOT "
	    "EXISTS (SELECT 1 FROM relays AS r WHERE r.host = ? AND r.port = "
	    "? AND r.pad = p.pad AND r.name <> ?)",
	    5, sql_number_fields
	},
	/* Who takes a way out. */
	[SQL_RELAY_USES] = {
	    "SELECT domain AS text FROM domains WHERE send_through = ? UNION "
	    "ALL SELECT email FROM users WHERE send_through = ? ORDER BY text",
	    2, sql_text_fields
	},
	/* The domains and users whose mail an address gets copies of. */
	[SQL_ARCHIVE_USES] = {
	    "SELECT domain AS text FROM domains WHERE bcc_in = ? OR bcc_out = "
	    "? UNION ALL SELECT email FROM users WHERE bcc_in = ? OR bcc_out "
	    "= ? ORDER BY text",
	    4, sql_text_fields
	},
	/* Those whose incoming mail it gets copies of. */
	[SQL_ARCHIVE_SOURCES] = {
	    "SELECT domain AS text FROM domains WHERE bcc_in = ? UNION ALL "
	    "SELECT email FROM users WHERE bcc_in = ? ORDER BY text",
	    2, sql_text_fields
	},
	[SQL_ARCHIVE_DOMAINS_REPOINT] = {
	    "UPDATE domains SET bcc_in = IF(bcc_in = ?, ?, bcc_in), bcc_out = "
	    "IF(bcc_out = ?, ?, bcc_out) WHERE bcc_in = ? OR bcc_out = ?",
	    6, NULL, .writes = true
	},
	[SQL_ARCHIVE_USERS_REPOINT] = {
	    "UPDATE users SET bcc_in = IF(bcc_in = ?, ?, bcc_in), bcc_out = "
	    "IF(bcc_out = ?, ?, bcc_out) WHERE bcc_in = ? OR bcc_out = ?",
	    6, NULL, .writes = true
	},
	[SQL_ARCHIVE_DOMAINS_MOVE] = {
	    "UPDATE domains SET bcc_in = " MOVED("bcc_in") ", bcc_out = "
	    MOVED("bcc_out") " WHERE bcc_in LIKE ? ESCAPE '|' OR bcc_out LIKE "
	    "? ESCAPE '|'",
	    6, NULL, .writes = true
	},
	[SQL_ARCHIVE_USERS_MOVE] = {
	    "UPDATE users SET bcc_in = " MOVED("bcc_in") ", bcc_out = "
	    MOVED("bcc_out") " WHERE bcc_in LIKE ? ESCAPE '|' OR bcc_out LIKE "
	    "? ESCAPE '|'",
	    6, NULL, .writes = true
	},
	[SQL_RELAY_DOMAINS_FREE] = {
	    "UPDATE domains SET send_through = NULL WHERE send_through = ?",
	    1, NULL, .writes = true
	},
	[SQL_RELAY_USERS_FREE] = {
	    "UPDATE users SET send_through = NULL WHERE send_through = ?",
	    1, NULL, .writes = true
	},
	[SQL_RELAY_SECRET_ADD] = {
	    "INSERT INTO relay_secrets (name, secret) VALUES (?, ?)",
	    2, NULL, .writes = true
	},
	[SQL_RELAY_SECRET_REMOVE] = {
	    "DELETE FROM relay_secrets WHERE name = ?",
	    1, NULL, .writes = true
	},

	/* Of one address: its keys, and those of an alias domain's target. */
	[SQL_ROUTE_ALIASES] = {
	    "SELECT a.mail, a.destination, " COUNTS("a.") " AS active, "
	    "a.active = 1 AND " EXPIRED("a.") " AS expired, "
	    "u.email IS NOT NULL AND (NOT " COUNTS("u.") " OR u.may_receive "
	    "= 0 OR theirs.active = 0) AND NOT EXISTS (SELECT 1 FROM aliases "
	    "AS o WHERE o.mail IN (u.email, a.destination) AND " COUNTS("o.")
	    " AND o.destination <> o.mail) AS off, d.domain IS NULL OR "
	    "(d.active = 1 AND " COUNTS("own.") " AND own.may_receive = 1 AND "
	    "NOT EXISTS (SELECT 1 FROM aliases AS more WHERE more.mail = "
	    "a.destination)) AS takes, a.may_send, a.writers "
	    "FROM aliases AS a LEFT JOIN users AS u ON u.email = "
	    "IF(LOCATE('+', a.destination) > 1, CONCAT(SUBSTRING_INDEX("
	    "a.destination, '+', 1), '@', SUBSTRING_INDEX(a.destination, "
	    "'@', -1)), a.destination) LEFT JOIN domains AS theirs ON "
	    "theirs.domain = u.domain LEFT JOIN domains AS d ON d.domain = "
	    "SUBSTRING_INDEX(a.destination, '@', -1) LEFT JOIN users AS own "
	    "ON own.email = a.destination WHERE a.mail IN (?, ?, ?, ?, ?, ?) "
	    "ORDER BY a.mail, a.destination",
	    6, sql_route_alias_fields
	},
	/* Where all counts as enabled, nobody is off. */
	[SQL_ROUTE_ALIASES_ALL] = {
	    "SELECT mail, destination, " COUNTS("") " AS active, active = 1 "
	    "AND " EXPIRED("") " AS expired, 0 AS off, 1 AS takes, "
	    "may_send, writers FROM aliases WHERE mail IN (?, ?, ?, ?, ?, ?) "
	    "ORDER BY mail, "
	    "destination",
	    6, sql_route_alias_fields
	},
	[SQL_ROUTE_USERS] = {
	    "SELECT u.email AS name, " COUNTS("u.") " AS active, u.active = 1 "
	    "AND " EXPIRED("u.") " AS expired, u.may_receive, IF("
	    ARCHIVE " <> u.email AND (theirs.domain IS NULL OR "
	    "(theirs.active = 1 AND NOT EXISTS (SELECT 1 FROM aliases AS o "
	    "WHERE o.mail = " ARCHIVE ") AND IF(k.email IS NULL, "
	    "theirs.relay_to IS NOT NULL AND EXISTS (SELECT 1 FROM recipients "
	    "AS r WHERE r.address = " ARCHIVE "), " COUNTS("k.") " AND "
	    "k.may_receive = 1))), " ARCHIVE ", NULL) AS archive "
	    "FROM users AS u LEFT JOIN domains AS d ON d.domain = u.domain "
	    "LEFT JOIN domains AS theirs ON theirs.domain = SUBSTRING_INDEX("
	    ARCHIVE ", '@', -1) LEFT JOIN users AS k ON k.email = " ARCHIVE
	    " WHERE u.email IN (?, ?, ?, ?)",
	    4, sql_mailbox_fields
	},
	[SQL_ROUTE_RECIPIENTS] = {
	    "SELECT address AS text FROM recipients WHERE address IN (?, ?)",
	    2, sql_text_fields
	},
	/* Who logs in to send as this: name without tag, and domain. */
	[SQL_ROUTE_LOGIN] = {
	    "SELECT u.email AS text FROM domains AS d JOIN users AS u ON "
	    "u.email = CONCAT(?, '@', COALESCE(d.alias_of, d.domain)) JOIN "
	    "domains AS own ON own.domain = u.domain WHERE d.domain = ? AND "
	    "d.active = 1 AND own.active = 1 AND " COUNTS("u.") " AND "
	    "u.may_send = 1",
	    2, sql_text_fields
	},
	/* As sql_way_out.cf: domain of the sender, and name without tag. */
	[SQL_ROUTE_WAY_OUT] = {
	    "SELECT r.name, CONCAT(IF(r.port = 465, 'wayouts', 'wayout'), "
	    "':[', r.host, ']:', REPEAT('0', r.pad), r.port) AS hop, "
	    "IF(u.send_through IS NOT NULL, 'user', IF(COALESCE("
	    "d.send_through, target.send_through) IS NOT NULL, 'domain', "
	    "'default')) AS of FROM (SELECT ? AS domain) AS k LEFT JOIN "
	    "domains AS d ON d.domain = k.domain AND d.active = 1 LEFT JOIN "
	    "domains AS target ON target.domain = d.alias_of LEFT JOIN users "
	    "AS u ON u.email = CONCAT(?, '@', COALESCE(d.alias_of, "
	    "d.domain)) LEFT JOIN relays AS r ON r.name = "
	    "COALESCE(u.send_through, d.send_through, target.send_through, "
	    "'default')",
	    2, sql_way_out_fields
	},
	/*
	 * What leads to names of these domains that nobody has without a tag;
	 * the domains are an array, twice.  Those rows are read before it: see
	 * JSON_ROWS.
	 */
	[SQL_ROUTE_STRAYS] = {
	    "SELECT a.mail AS name, a.destination AS other FROM (SELECT "
	    "x.mail, x.destination FROM aliases AS x STRAIGHT_JOIN "
	    WANTED_DOMAINS " ON w.domain = " DOMAIN_OF("x.destination")
	    " UNION ALL SELECT " PATTERN_MAIL ", p.destination FROM patterns "
	    "AS p STRAIGHT_JOIN " WANTED_DOMAINS " ON w.domain = "
	    DOMAIN_OF("p.destination") ") AS a WHERE NOT EXISTS (SELECT 1 "
	    "FROM users AS u WHERE u.email = " UNTAGGED("a.destination")
	    ") AND NOT EXISTS (SELECT 1 FROM aliases AS b WHERE b.mail = "
	    UNTAGGED("a.destination") ") ORDER BY name, other",
	    2, sql_pair_fields
	},

	/*
	 * The rows of the pattern that has a name, as sql_patterns.cf: domain,
	 * domain, only active ones, the name without its tag.
	 */
	[SQL_ROUTE_PATTERN] = {
	    "SELECT CONCAT(p.local, '@', p.domain) AS mail, p.destination, "
	    "p.active, 0 AS expired, u.email IS NOT NULL AND (NOT "
	    COUNTS("u.") " OR u.may_receive = 0 OR theirs.active = 0) AND "
	    "NOT EXISTS (SELECT 1 FROM aliases "
	    "AS o WHERE o.mail IN (u.email, p.destination) "
	    "AND " COUNTS("o.") " AND o.destination <> o.mail) AS off, 0 AS "
	    "takes, 1 AS may_send, NULL AS writers FROM patterns AS p LEFT "
	    "JOIN users AS u ON u.email = IF(LOCATE('+', p.destination) > 1, "
	    "CONCAT(SUBSTRING_INDEX(p.destination, '+', 1), '@', "
	    "SUBSTRING_INDEX(p.destination, '@', -1)), p.destination) LEFT "
	    "JOIN domains AS theirs ON theirs.domain = u.domain WHERE "
	    "p.domain = ? AND p.local = (SELECT q.local FROM patterns AS q "
	    "WHERE q.domain = ? AND q.active >= ? AND ? LIKE q.local_like "
	    "ESCAPE '|' ORDER BY q.weight DESC, q.local LIMIT 1) ORDER BY "
	    "p.destination",
	    4, sql_route_alias_fields
	},
	[SQL_ROUTE_BLOCKS] = {
	    "SELECT address AS text FROM blocks WHERE address IN "
	    "(?, ?, ?, ?)",
	    4, sql_text_fields
	},

	/*
	 * What a user has sent: n recipients in a slot of five minutes; row 0
	 * is locked by who counts, and its n is the slot of the last refusal.
	 * No statement here writes a change: these are no rows of a person.
	 */
	[SQL_SENDING_LIMIT] = {
	    "SELECT NULLIF(COALESCE(u.send_limit, d.send_limit), "
	    "9223372036854775807) AS number FROM users AS u JOIN domains AS "
	    "d ON d.domain = u.domain WHERE u.email = ?",
	    1, sql_number_fields
	},
	[SQL_SENDING_LOCK] = {
	    "INSERT INTO send_usage (email, slot, n) VALUES (?, 0, 0) "
	    "ON DUPLICATE KEY UPDATE n = n",
	    1, NULL
	},
	/* User, recipients, limit, recipients, user, limit. */
	[SQL_SENDING_COUNT] = {
	    "INSERT INTO send_usage (email, slot, n) SELECT ?, now.slot, ? "
	    "FROM (SELECT " SLOT_NOW " AS slot) AS now WHERE ? IS NULL OR "
	    "? + (SELECT COALESCE(SUM(s.n), 0) FROM send_usage AS s WHERE "
	    "s.email = ? AND s.slot > now.slot - " SLOTS ") <= ? "
	    "ON DUPLICATE KEY UPDATE n = n + VALUES(n)",
	    6, NULL
	},
	[SQL_SENDING_NOTE] = {
	    "UPDATE send_usage SET n = " SLOT_NOW " WHERE email = ? AND "
	    "slot = 0",
	    1, NULL
	},
	[SQL_SENDING_PRUNE] = {
	    "DELETE FROM send_usage WHERE email = ? AND slot BETWEEN 1 AND "
	    SLOT_NOW " - " SLOTS,
	    1, NULL
	},
	[SQL_SENDING_TARGET] = {
	    "SELECT alias_of AS text FROM domains WHERE domain = ?",
	    1, sql_text_fields
	},
	[SQL_SENDING_WRITERS] = {
	    "SELECT DISTINCT mail AS name, writers AS other FROM aliases "
	    "WHERE mail IN (?, ?, ?, ?) AND writers IS NOT NULL",
	    4, sql_pair_fields
	},
	/* The alias, and a user; the way is that of postfix/sql_senders.cf. */
	[SQL_SENDING_REACHES] = {
	    "WITH RECURSIVE path (address) AS (SELECT CAST(? AS CHAR(254) "
	    "CHARACTER SET utf8mb4) COLLATE utf8mb4_nopad_bin UNION SELECT "
	    "a.destination FROM path AS p JOIN aliases AS a ON a.mail = "
	    "p.address JOIN domains AS d ON d.domain = a.domain LEFT JOIN "
	    "domains AS target ON target.domain = d.alias_of WHERE "
	    COUNTS("a.") " AND d.active = 1 AND COALESCE(target.active, 1) = "
	    "1 UNION "
	    "SELECT CONCAT(" LOCAL_OF("p.address") ", '@', target.domain) "
	    "FROM path AS p JOIN domains AS d ON d.domain = "
	    DOMAIN_OF("p.address") " JOIN domains AS target ON "
	    "target.domain = d.alias_of WHERE d.active = 1 AND "
	    "target.active = 1 AND NOT EXISTS (SELECT 1 FROM aliases AS own "
	    "WHERE own.mail = p.address) AND (LEFT(p.address, 1) = '@' OR "
	    "EXISTS (SELECT 1 FROM users AS u WHERE u.email = CONCAT("
	    LOCAL_OF("p.address") ", '@', target.domain)) OR EXISTS (SELECT "
	    "1 FROM aliases AS a WHERE a.mail = CONCAT("
	    LOCAL_OF("p.address") ", '@', target.domain))) "
	    "UNION SELECT pattern.destination FROM path AS p JOIN domains AS "
	    "d ON d.domain = " DOMAIN_OF("p.address") " LEFT JOIN domains AS "
	    "target ON target.domain = d.alias_of JOIN patterns AS pattern ON "
	    "pattern.domain = COALESCE(d.alias_of, d.domain) AND "
	    "pattern.local = (SELECT q.local FROM patterns AS q WHERE "
	    PATTERN_HAS("p.address") " ORDER BY q.weight DESC, q.local LIMIT "
	    "1) WHERE pattern.active = 1 AND d.active = 1 AND "
	    "COALESCE(target.active, 1) = 1 AND LEFT(p.address, 1) <> '@' AND "
	    "LOCATE('+', p.address) <= 1 AND " NOBODY("p.address")
	    "UNION SELECT CONCAT(IF(LOCATE('+', "
	    LOCAL_OF("p.address") ") > 1, SUBSTRING_INDEX(p.address, '+', "
	    "1), ''), '@', d.domain) FROM path AS p JOIN domains AS d ON "
	    "d.domain = " DOMAIN_OF("p.address") " LEFT JOIN domains AS "
	    "target ON target.domain = d.alias_of WHERE d.active = 1 AND "
	    "COALESCE(target.active, 1) = 1 AND (LOCATE('+', p.address) > 1 "
	    "OR NOT EXISTS (SELECT 1 FROM patterns AS q WHERE "
	    PATTERN_HAS("p.address") ")) AND " NOBODY("p.address") "AND NOT "
	    "EXISTS (SELECT 1 FROM recipients AS r WHERE r.address = "
	    "p.address)) "
	    "SELECT COUNT(*) AS number FROM path WHERE address = ?",
	    2, sql_number_fields
	},

	[SQL_FIND] = {
	    "SELECT 'domain' AS kind, domain AS name, alias_of AS "
	    "detail FROM domains WHERE domain LIKE ? ESCAPE '|' OR "
	    "alias_of LIKE ? ESCAPE '|' UNION ALL SELECT 'user', "
	    "email, name FROM users WHERE email LIKE ? ESCAPE '|' "
	    "UNION ALL SELECT 'user', email, note FROM users WHERE " NOTED
	    "UNION ALL SELECT DISTINCT 'alias', mail, note FROM aliases "
	    "WHERE " NOTED
	    "UNION ALL SELECT 'alias', mail, destination FROM aliases "
	    "WHERE mail LIKE ? ESCAPE '|' OR destination LIKE ? ESCAPE "
	    "'|' UNION ALL SELECT 'pattern', " PATTERN_MAIL ", p.destination "
	    "FROM patterns AS p WHERE " PATTERN_MAIL " LIKE ? ESCAPE '|' OR "
	    "p.destination LIKE ? ESCAPE '|' UNION ALL SELECT DISTINCT "
	    "'pattern', " PATTERN_MAIL ", p.note FROM patterns AS p WHERE "
	    NOTED "UNION ALL SELECT 'block', address, note FROM blocks WHERE "
	    "address LIKE ? ESCAPE '|' OR " NOTED
	    "UNION ALL SELECT 'grant', email, address FROM send_as "
	    "WHERE email LIKE ? ESCAPE '|' OR address LIKE ? ESCAPE '|' "
	    "UNION ALL SELECT 'recipient', address, note FROM recipients "
	    "WHERE address LIKE ? ESCAPE '|' OR " NOTED "UNION ALL SELECT "
	    "'relay', name, host FROM relays WHERE name LIKE ? ESCAPE '|' "
	    "OR host LIKE ? ESCAPE '|' ORDER BY kind, name, detail",
	    18, occurrence_fields
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
	/* Of one domain, or of all: the domain twice. */
	[SQL_PATTERN_BEGINS] = {
	    "SELECT DISTINCT " PATTERN_MAIL " AS text FROM patterns AS p "
	    "WHERE (? IS NULL OR p.domain = ?) AND " PATTERN_MAIL " LIKE ? "
	    "ESCAPE '|' ORDER BY text LIMIT ?",
	    4, sql_text_fields
	},
	[SQL_RELAY_BEGINS] = {
	    "SELECT name AS text FROM relays WHERE "
	    "name LIKE ? ESCAPE '|' ORDER BY name LIMIT ?",
	    2, sql_text_fields
	},
	[SQL_RELAY_BEGINS_LAST] = {
	    "SELECT name AS text FROM relays WHERE "
	    "name LIKE ? ESCAPE '|' ORDER BY name DESC LIMIT ?",
	    2, sql_text_fields
	},
	[SQL_RECIPIENT_BEGINS] = {
	    "SELECT address AS text FROM recipients WHERE "
	    "address LIKE ? ESCAPE '|' ORDER BY address LIMIT ?",
	    2, sql_text_fields
	},
	[SQL_RECIPIENT_BEGINS_LAST] = {
	    "SELECT address AS text FROM recipients WHERE "
	    "address LIKE ? ESCAPE '|' ORDER BY address DESC LIMIT ?",
	    2, sql_text_fields
	},
	[SQL_RECIPIENT_BEGINS_IN] = {
	    "SELECT address AS text FROM recipients FORCE INDEX (domain) "
	    "WHERE domain = ? AND address LIKE ? ESCAPE '|' ORDER BY "
	    "address LIMIT ?",
	    3, sql_text_fields
	},
	[SQL_RECIPIENT_BEGINS_IN_LAST] = {
	    "SELECT address AS text FROM recipients FORCE INDEX (domain) "
	    "WHERE domain = ? AND address LIKE ? ESCAPE '|' ORDER BY "
	    "address DESC LIMIT ?",
	    3, sql_text_fields
	},
	[SQL_SELECTOR_BEGINS] = {
	    "SELECT selector AS text FROM dkim_keys WHERE domain = ? AND "
	    "selector LIKE ? ESCAPE '|' ORDER BY selector LIMIT ?",
	    3, sql_text_fields
	},
	[SQL_SELECTOR_BEGINS_LAST] = {
	    "SELECT selector AS text FROM dkim_keys WHERE domain = ? AND "
	    "selector LIKE ? ESCAPE '|' ORDER BY selector DESC LIMIT ?",
	    3, sql_text_fields
	},
	[SQL_SELECTOR_USED_BEGINS] = {
	    "SELECT selector AS text FROM dkim_keys WHERE domain = ? AND "
	    "state <> 'retired' AND selector LIKE ? ESCAPE '|' ORDER BY "
	    "selector LIMIT ?",
	    3, sql_text_fields
	},
	[SQL_SELECTOR_USED_BEGINS_LAST] = {
	    "SELECT selector AS text FROM dkim_keys WHERE domain = ? AND "
	    "state <> 'retired' AND selector LIKE ? ESCAPE '|' ORDER BY "
	    "selector DESC LIMIT ?",
	    3, sql_text_fields
	},

	/* The first row of a name says what was, the last what is. */
	[SQL_CHANGE_SUMMARY] = {
	    "SELECT t.kind, IF(f.old_row IS NULL, 'added', "
	    "IF(l.new_row IS NULL, 'removed', 'changed')) AS action, "
	    "COUNT(*) AS number FROM (SELECT kind, name, MIN(id) AS "
	    "first, MAX(id) AS last FROM history WHERE `change` = "
	    "@mailadm_change GROUP BY kind, name, IF(kind = 'key', "
	    "JSON_VALUE(COALESCE(new_row, old_row), '$.selector'), '')) "
	    "AS t JOIN history AS "
	    "f ON f.id = t.first JOIN history AS l ON l.id = t.last "
	    "WHERE f.old_row IS NOT NULL OR l.new_row IS NOT NULL "
	    "GROUP BY t.kind, action ORDER BY MIN(t.first)",
	    0, sql_action_fields
	},
	[SQL_HISTORY_LIST] = {
	    "SELECT " HISTORY_SHOWN
	    " WHERE h.id < ? AND h.id >= ? AND (? IS NULL OR h.name "
	    "LIKE ? ESCAPE '|' OR (" WAS_RENAMED " AND " OLD_NAME
	    " LIKE ? ESCAPE '|')) AND c.at >= " SECONDS
	    " AND c.at <= " SECONDS
	    " AND (LOWER(h.actor) LIKE ? ESCAPE '|' OR "
	    "SUBSTRING_INDEX(SUBSTRING_INDEX(LOWER(h.actor), '@', 1), "
	    "'(', 1) LIKE ? ESCAPE '|') AND h.kind LIKE ? AND (? IS "
	    "NULL OR h.`change` = ?) ORDER BY h.id DESC LIMIT ?",
	    13, history_raw_fields
	},
	[SQL_HISTORY_FIRST] = {
	    "SELECT MIN(id) AS number FROM history WHERE `change` >= "
	    "(SELECT MIN(id) FROM changes WHERE at >= " SECONDS ")",
	    1, sql_number_fields
	},
	[SQL_HISTORY_LAST] = {
	    "SELECT COALESCE(MAX(id), 0) AS number FROM history WHERE "
	    "`change` = @mailadm_change",
	    0, sql_number_fields
	},
	[SQL_HISTORY_OWN] = {
	    "SELECT " HISTORY_SHOWN
	    " WHERE " OWN_ROWS " ORDER BY h.id LIMIT ?",
	    2, history_raw_fields
	},
	/* A change's newest rows. */
	[SQL_HISTORY_OF] = {
	    "SELECT " HISTORY_SHOWN
	    " WHERE h.`change` = ? ORDER BY h.id DESC LIMIT ?",
	    2, history_raw_fields
	},
	/* And its oldest ones. */
	[SQL_HISTORY_FIRST_OF] = {
	    "SELECT " HISTORY_SHOWN
	    " WHERE h.`change` = ? ORDER BY h.id LIMIT ?",
	    2, history_raw_fields
	},
	[SQL_HISTORY_OLD] = {
	    "SELECT COUNT(*) AS number FROM changes WHERE at < " SECONDS,
	    1, sql_number_fields
	},
	[SQL_HISTORY_PRUNE] = {
	    "DELETE h FROM changes AS c JOIN history AS h ON h.`change` "
	    "= c.id WHERE c.at < " SECONDS " AND c.id <> "
	    "@mailadm_change",
	    1, NULL, .writes = true
	},
	[SQL_HISTORY_PRUNE_CHANGES] = {
	    "DELETE FROM changes WHERE at < " SECONDS " AND id <> "
	    "@mailadm_change",
	    1, NULL, .writes = true
	},
	[SQL_HISTORY_PRUNE_ADD] = {
	    "INSERT INTO history (`change`, actor, kind, name, new_row) "
	    "SELECT id, actor, 'history', 'prune', JSON_OBJECT('before', "
	    "?, 'changes', ?, 'rows', ?) FROM changes WHERE id = "
	    "@mailadm_change",
	    3, NULL, .writes = true
	},

	/* Since when they count as new, of both. */
	[SQL_REPORT_USERS] = {
	    "SELECT COUNT(*) AS number, COUNT(IF(created >= " SECONDS
	    ", 1, NULL)) AS part FROM users",
	    1, report_count_fields
	},
	[SQL_REPORT_DOMAIN_COUNT] = {
	    "SELECT COUNT(*) AS number, COUNT(IF(created >= " SECONDS
	    ", 1, NULL)) AS part FROM domains",
	    1, report_count_fields
	},
	/* Those that lead outside. */
	[SQL_REPORT_ALIASES] = {
	    "SELECT COUNT(DISTINCT a.mail) AS number, COUNT(DISTINCT "
	    "IF(d.domain IS NULL, a.mail, NULL)) AS part FROM aliases AS a "
	    "LEFT JOIN domains AS d ON d.domain = "
	    "SUBSTRING_INDEX(a.destination, '@', -1)",
	    0, report_count_fields
	},
	[SQL_REPORT_MONTHS] = {
	    "SELECT " MONTH_OF("created") " AS came, NULL AS went, COUNT(*) AS "
	    "number FROM users GROUP BY came",
	    0, report_stay_fields
	},
	/*
	 * Who was removed existed before.  Who came back by an undo is a user
	 * now: that takes away what the removal has added, from then on.
	 */
	[SQL_REPORT_MONTHS_GONE] = {
	    "SELECT t.came, t.went, CAST(SUM(t.number) AS SIGNED) AS number "
	    "FROM (SELECT " MONTH_OF(OLD("created")) " AS came, "
	    MONTH_OF("h.at") " AS went, 1 AS number FROM history AS h WHERE "
	    "h.kind = 'user' AND h.new_row IS NULL UNION ALL SELECT "
	    MONTH_OF(NEW("created")) ", " MONTH_OF("h.at") ", -1 FROM changes "
	    "AS c JOIN history AS h ON h.`change` = c.id WHERE c.undoes IS "
	    "NOT NULL AND h.kind = 'user' AND h.old_row IS NULL) AS t WHERE "
	    "t.came IS NOT NULL GROUP BY t.came, t.went",
	    0, report_stay_fields
	},
	/*
	 * One look at each user: at a million it takes seconds.  The bar is
	 * tenths of the quota; 10 is full, -1 is no quota.
	 */
	[SQL_REPORT_MAIL] = {
	    "SELECT u.domain, CAST(COALESCE(LEAST(" QUOTA_TENTHS ", 10), -1) "
	    "AS SIGNED) AS bar, COUNT(*) AS "
	    "number, " SUM_OF(BYTES_USED) " AS stored, "
	    SUM_OF("IF(" JOINED_QUOTA " IS NULL, 0, " BYTES_USED ")")
	    " AS limited, " SUM_OF(JOINED_QUOTA) " AS granted "
	    USERS_WITH_MAIL " GROUP BY u.domain, bar ORDER BY u.domain",
	    0, report_mail_fields
	},
	[SQL_REPORT_FULLEST] = {
	    "SELECT u.email, q.bytes AS used, " JOINED_QUOTA " AS quota FROM "
	    "quota_usage AS q JOIN users AS u ON u.email = q.email LEFT JOIN "
	    "domains AS d ON d.domain = u.domain WHERE q.bytes > 0 AND "
	    JOINED_QUOTA " IS NOT NULL ORDER BY q.bytes * 1e0 / " JOINED_QUOTA
	    " DESC, u.email LIMIT ?",
	    1, report_full_fields
	},
	/* By the seconds since: a day, a week, 30, 91 and 365 days; never. */
	[SQL_REPORT_LOGINS] = {
	    "SELECT t.domain, CASE WHEN t.ago IS NULL THEN 6 WHEN t.ago < "
	    "86400 THEN 0 WHEN t.ago < 604800 THEN 1 WHEN t.ago < 2592000 "
	    "THEN 2 WHEN t.ago < 7862400 THEN 3 WHEN t.ago < 31536000 THEN 4 "
	    "ELSE 5 END AS bar, COUNT(*) AS number FROM (SELECT u.domain, "
	    "CAST(? AS SIGNED) - CAST(l.last_login AS SIGNED) AS ago FROM "
	    "users AS u LEFT JOIN logins AS l ON l.email = u.email) AS t "
	    "GROUP BY t.domain, bar ORDER BY t.domain",
	    1, report_login_fields
	},
	[SQL_REPORT_DOMAINS] = {
	    "SELECT d.domain, d.active, COALESCE(u.number, 0) AS users, "
	    "COALESCE(a.number, 0) AS aliases FROM domains AS d LEFT JOIN "
	    "(SELECT domain, COUNT(*) AS number FROM users GROUP BY domain) "
	    "AS u ON u.domain = d.domain LEFT JOIN (SELECT domain, "
	    "COUNT(DISTINCT mail) AS number FROM aliases GROUP BY domain) AS "
	    "a ON a.domain = d.domain ORDER BY users DESC, d.domain LIMIT ?",
	    1, report_domain_fields
	},
	[SQL_REPORT_DAYS] = {
	    "SELECT TO_DAYS(c.at) - 719528 AS day, h.kind, IF(h.old_row IS "
	    "NULL, 'added', IF(h.new_row IS NULL, 'removed', 'changed')) AS "
	    "action, COUNT(*) AS number FROM changes AS c STRAIGHT_JOIN "
	    "history AS h ON h.`change` = c.id WHERE c.at >= " SECONDS
	    " AND h.kind <> 'history' GROUP BY day, h.kind, action ORDER BY "
	    "day, number",
	    1, report_day_fields
	},
	/* Some changes have no row: what they wrote was so already. */
	[SQL_REPORT_RECENT] = {
	    "SELECT c.id, COUNT(*) AS number FROM (SELECT id FROM changes "
	    "ORDER BY id DESC LIMIT 50) AS c JOIN history AS h ON h.`change` "
	    "= c.id GROUP BY c.id ORDER BY c.id DESC LIMIT ?",
	    1, report_change_fields
	},

	[SQL_CHANGE_ID] = {
	    "SELECT @mailadm_change AS number",
	    0, sql_number_fields
	},
	[SQL_CHANGE_GET] = {
	    "SELECT c.id, c.at, c.actor, (SELECT COUNT(*) FROM history "
	    "AS h WHERE h.`change` = c.id) AS number, (SELECT COUNT(*) "
	    "FROM history AS h WHERE h.`change` = c.id AND h.kind NOT IN "
	    "('domain', 'user', 'alias', 'grant', 'key', 'pattern', 'block', "
	    "'recipient', 'relay')) AS others FROM "
	    "changes AS c "
	    "WHERE c.id = ?",
	    1, sql_change_fields
	},
	[SQL_CHANGE_ROWS] = {
	    "SELECT h.id, h.kind, h.name, CASE h.kind WHEN 'alias' THEN "
	    "CONCAT(" OLD("mail") ", ' -> ', " OLD("destination") ") WHEN "
	    "'grant' THEN CONCAT(" OLD("email") ", ' -> ', " OLD("address")
	    ") WHEN 'key' THEN CONCAT(" OLD("domain") ", ' ', "
	    OLD("selector") ") WHEN 'pattern' THEN CONCAT(" OLD_NAME
	    ", ' -> ', " OLD("destination") ") ELSE " OLD_NAME " END AS "
	    "old_key, CASE h.kind WHEN 'alias' "
	    "THEN CONCAT(" NEW("mail") ", ' -> ', " NEW("destination") ") "
	    "WHEN 'grant' THEN CONCAT(" NEW("email") ", ' -> ', "
	    NEW("address") ") WHEN 'key' THEN CONCAT(" NEW("domain")
	    ", ' ', " NEW("selector") ") WHEN 'pattern' THEN CONCAT(h.name, "
	    "' -> ', " NEW("destination") ") ELSE IF(h.new_row IS NULL, "
	    "NULL, h.name) END AS new_key, h.old_row, h.new_row FROM "
	    "history AS h WHERE h.`change` = ? AND h.id < ? ORDER BY h.id "
	    "DESC LIMIT ?",
	    3, undo_row_fields
	},
	/* Kind, name, change, only a removal? */
	[SQL_CHANGE_LAST] = {
	    "SELECT c.id, c.at, c.actor, 0 AS number, 0 AS others FROM "
	    "history AS h JOIN changes AS c ON c.id = h.`change` WHERE "
	    "h.kind = ? AND h.name = ? AND h.`change` > ? AND (? = 0 OR "
	    "h.new_row IS NULL) ORDER BY h.id DESC LIMIT 1",
	    4, sql_change_fields
	},
	[SQL_CHANGE_UNDONE] = {
	    "SELECT MAX(id) AS number FROM changes WHERE undoes = ? AND "
	    "id <> ?",
	    2, sql_number_fields
	},

	/* What a change left and is not so any more. */
	[SQL_UNDO_DOMAIN_CHANGED] = {
	    "SELECT j.domain AS text FROM "
	    DOMAIN_ROWS
	    " LEFT JOIN domains AS t ON "
	    DOMAIN_KEY("j.")
	    " WHERE t.domain IS NULL OR NOT "
	    DOMAIN_SAME("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_DOMAIN_THERE] = {
	    "SELECT t.domain AS text FROM "
	    DOMAIN_ROWS
	    " STRAIGHT_JOIN domains AS t ON "
	    DOMAIN_KEY("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_DOMAIN_DELETE] = {
	    "DELETE t FROM "
	    DOMAIN_ROWS
	    " STRAIGHT_JOIN domains AS t ON "
	    DOMAIN_KEY("j.")
	    " WHERE ? = 1 OR "
	    DOMAIN_SAME("j."),
	    2, NULL, .writes = true
	},
	[SQL_UNDO_DOMAIN_INSERT] = {
	    UNDO_DOMAIN_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_DOMAIN_INSERT_UNCHECKED] = {
	    UNCHECKED UNDO_DOMAIN_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_DOMAIN_UPDATE] = {
	    UNDO_DOMAIN_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_DOMAIN_UPDATE_UNCHECKED] = {
	    UNCHECKED UNDO_DOMAIN_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_USER_CHANGED] = {
	    "SELECT j.email AS text FROM "
	    USER_ROWS
	    " LEFT JOIN users AS t ON "
	    USER_KEY("j.")
	    " WHERE t.email IS NULL OR NOT "
	    USER_SAME("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_USER_THERE] = {
	    "SELECT t.email AS text FROM "
	    USER_ROWS
	    " STRAIGHT_JOIN users AS t ON "
	    USER_KEY("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_USER_DELETE] = {
	    "DELETE t FROM "
	    USER_ROWS
	    " STRAIGHT_JOIN users AS t ON "
	    USER_KEY("j.")
	    " WHERE ? = 1 OR "
	    USER_SAME("j."),
	    2, NULL, .writes = true
	},
	[SQL_UNDO_USER_INSERT] = {
	    UNDO_USER_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_USER_INSERT_UNCHECKED] = {
	    UNCHECKED UNDO_USER_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_USER_UPDATE] = {
	    UNDO_USER_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_USER_UPDATE_UNCHECKED] = {
	    UNCHECKED UNDO_USER_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_ALIAS_CHANGED] = {
	    "SELECT CONCAT(j.mail, ' -> ', j.destination) AS text "
	    "FROM "
	    ALIAS_ROWS
	    " LEFT JOIN aliases AS t ON "
	    ALIAS_KEY("j.")
	    " WHERE t.mail IS NULL OR NOT "
	    ALIAS_SAME("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_ALIAS_THERE] = {
	    "SELECT CONCAT(t.mail, ' -> ', t.destination) AS text "
	    "FROM "
	    ALIAS_ROWS
	    " STRAIGHT_JOIN aliases AS t ON "
	    ALIAS_KEY("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_ALIAS_DELETE] = {
	    "DELETE t FROM "
	    ALIAS_ROWS
	    " STRAIGHT_JOIN aliases AS t ON "
	    ALIAS_KEY("j.")
	    " WHERE ? = 1 OR "
	    ALIAS_SAME("j."),
	    2, NULL, .writes = true
	},
	[SQL_UNDO_ALIAS_INSERT] = {
	    UNDO_ALIAS_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_ALIAS_INSERT_UNCHECKED] = {
	    UNCHECKED UNDO_ALIAS_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_ALIAS_UPDATE] = {
	    UNDO_ALIAS_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_ALIAS_UPDATE_UNCHECKED] = {
	    UNCHECKED UNDO_ALIAS_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_GRANT_CHANGED] = {
	    "SELECT CONCAT(j.email, ' -> ', j.address) AS text FROM "
	    GRANT_ROWS
	    " LEFT JOIN send_as AS t ON "
	    GRANT_KEY("j.")
	    " WHERE t.email IS NULL OR NOT "
	    GRANT_SAME("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_GRANT_THERE] = {
	    "SELECT CONCAT(t.email, ' -> ', t.address) AS text FROM "
	    GRANT_ROWS
	    " STRAIGHT_JOIN send_as AS t ON "
	    GRANT_KEY("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_GRANT_DELETE] = {
	    "DELETE t FROM "
	    GRANT_ROWS
	    " STRAIGHT_JOIN send_as AS t ON "
	    GRANT_KEY("j.")
	    " WHERE ? = 1 OR "
	    GRANT_SAME("j."),
	    2, NULL, .writes = true
	},
	[SQL_UNDO_GRANT_INSERT] = {
	    UNDO_GRANT_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_GRANT_INSERT_UNCHECKED] = {
	    UNCHECKED UNDO_GRANT_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_GRANT_UPDATE] = {
	    KEYS_KNOWN UNDO_GRANT_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_GRANT_UPDATE_UNCHECKED] = {
	    "SET STATEMENT foreign_key_checks = 0, "
	    "check_constraint_checks = 0 FOR " UNDO_GRANT_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_GRANT_USERLESS] = {
	    "SELECT CONCAT(j.email, ' -> ', j.address) AS text FROM "
	    GRANT_ROWS
	    " WHERE NOT EXISTS (SELECT 1 FROM users AS u WHERE u.email = "
	    "j.email)",
	    1, sql_text_fields
	},
	/* What users have been granted who are to go. */
	[SQL_UNDO_USER_GRANTS] = {
	    "SELECT CONCAT(t.email, ' -> ', t.address) AS text FROM "
	    USER_ROWS
	    " STRAIGHT_JOIN send_as AS t ON "
	    USER_KEY("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_KEY_CHANGED] = {
	    "SELECT CONCAT(j.domain, ' ', j.selector) AS text FROM "
	    KEY_ROWS
	    " LEFT JOIN dkim_keys AS t ON "
	    KEY_KEY("j.")
	    " WHERE t.domain IS NULL OR NOT "
	    KEY_SAME("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_KEY_THERE] = {
	    "SELECT CONCAT(t.domain, ' ', t.selector) AS text FROM "
	    KEY_ROWS
	    " STRAIGHT_JOIN dkim_keys AS t ON "
	    KEY_KEY("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_KEY_DELETE] = {
	    "DELETE t FROM "
	    KEY_ROWS
	    " STRAIGHT_JOIN dkim_keys AS t ON "
	    KEY_KEY("j.")
	    " WHERE ? = 1 OR "
	    KEY_SAME("j."),
	    2, NULL, .writes = true
	},
	[SQL_UNDO_KEY_INSERT] = {
	    UNDO_KEY_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_KEY_INSERT_UNCHECKED] = {
	    UNCHECKED UNDO_KEY_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_KEY_UPDATE] = {
	    UNDO_KEY_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_KEY_UPDATE_UNCHECKED] = {
	    UNCHECKED UNDO_KEY_UPDATE,
	    2, NULL, .writes = true
	},
	/* Keys that cannot be used again: their private half is gone. */
	[SQL_UNDO_KEY_LOST] = {
	    "SELECT CONCAT(t.domain, ' ', t.selector) AS text FROM "
	    KEY_PAIRS
	    " STRAIGHT_JOIN dkim_keys AS t ON "
	    KEY_KEY("j.n_")
	    " WHERE t.private_key IS NULL AND j.o_state <> 'retired'",
	    1, sql_text_fields
	},
	/* Keys that came back without their private half. */
	[SQL_UNDO_KEYS_RETIRED] = {
	    "SELECT CONCAT(h.name, ' ', " NEW("selector") ") AS text FROM "
	    "history AS h WHERE " OWN_ROWS " AND h.kind = 'key' AND "
	    "h.old_row IS NULL AND h.new_row IS NOT NULL ORDER BY text",
	    1, sql_text_fields
	},
	/* Whether keys sign that did not, or no longer do. */
	[SQL_UNDO_RECIPIENT_CHANGED] = {
	    "SELECT j.address AS text FROM " RECIPIENT_ROWS
	    " LEFT JOIN recipients AS t ON " RECIPIENT_KEY("j.")
	    " WHERE t.address IS NULL OR NOT " RECIPIENT_SAME("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_RECIPIENT_THERE] = {
	    "SELECT t.address AS text FROM " RECIPIENT_ROWS
	    " STRAIGHT_JOIN recipients AS t ON " RECIPIENT_KEY("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_RECIPIENT_DELETE] = {
	    "DELETE t FROM " RECIPIENT_ROWS
	    " STRAIGHT_JOIN recipients AS t ON " RECIPIENT_KEY("j.")
	    " WHERE ? = 1 OR " RECIPIENT_SAME("j."),
	    2, NULL, .writes = true
	},
	[SQL_UNDO_RECIPIENT_INSERT] = {
	    UNDO_RECIPIENT_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_RECIPIENT_INSERT_UNCHECKED] = {
	    UNCHECKED UNDO_RECIPIENT_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_RECIPIENT_UPDATE] = {
	    UNDO_RECIPIENT_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_RECIPIENT_UPDATE_UNCHECKED] = {
	    UNCHECKED UNDO_RECIPIENT_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_RELAY_CHANGED] = {
	    "SELECT j.name AS text FROM " RELAY_ROWS
	    " LEFT JOIN relays AS t ON " RELAY_KEY("j.")
	    " WHERE t.name IS NULL OR NOT " RELAY_SAME("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_RELAY_THERE] = {
	    "SELECT t.name AS text FROM " RELAY_ROWS
	    " STRAIGHT_JOIN relays AS t ON " RELAY_KEY("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_RELAY_DELETE] = {
	    "DELETE t FROM " RELAY_ROWS
	    " STRAIGHT_JOIN relays AS t ON " RELAY_KEY("j.")
	    " WHERE ? = 1 OR " RELAY_SAME("j."),
	    2, NULL, .writes = true
	},
	[SQL_UNDO_RELAY_INSERT] = {
	    UNDO_RELAY_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_RELAY_INSERT_UNCHECKED] = {
	    UNCHECKED UNDO_RELAY_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_RELAY_UPDATE] = {
	    UNDO_RELAY_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_RELAY_UPDATE_UNCHECKED] = {
	    UNCHECKED UNDO_RELAY_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_SIGNING] = {
	    "SELECT COUNT(*) AS number FROM history AS h WHERE " OWN_ROWS
	    " AND (h.kind = 'key' AND 'active' IN (" OLD("state") ", "
	    NEW("state") ") OR h.kind = 'domain' AND " OLD("active") " <> "
	    NEW("active") " AND EXISTS (SELECT 1 FROM dkim_keys AS k WHERE "
	    "k.domain = h.name AND k.state = 'active'))",
	    1, sql_number_fields
	},
	[SQL_UNDO_PATTERN_CHANGED] = {
	    "SELECT " PATTERN_TEXT("j.") " AS text FROM " PATTERN_ROWS
	    " LEFT JOIN patterns AS t ON " PATTERN_KEY("j.")
	    " WHERE t.created IS NULL OR NOT " PATTERN_SAME("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_PATTERN_THERE] = {
	    "SELECT " PATTERN_TEXT("t.") " AS text FROM " PATTERN_ROWS
	    " STRAIGHT_JOIN patterns AS t ON " PATTERN_KEY("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_PATTERN_DELETE] = {
	    "DELETE t FROM " PATTERN_ROWS " STRAIGHT_JOIN patterns AS t ON "
	    PATTERN_KEY("j.") " WHERE ? = 1 OR " PATTERN_SAME("j."),
	    2, NULL, .writes = true
	},
	[SQL_UNDO_PATTERN_INSERT] = {
	    UNDO_PATTERN_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_PATTERN_INSERT_UNCHECKED] = {
	    UNCHECKED UNDO_PATTERN_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_PATTERN_UPDATE] = {
	    UNDO_PATTERN_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_PATTERN_UPDATE_UNCHECKED] = {
	    UNCHECKED UNDO_PATTERN_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_BLOCK_CHANGED] = {
	    "SELECT " "j.address" " AS text FROM " BLOCK_ROWS
	    " LEFT JOIN blocks AS t ON " BLOCK_KEY("j.")
	    " WHERE t.created IS NULL OR NOT " BLOCK_SAME("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_BLOCK_THERE] = {
	    "SELECT " "t.address" " AS text FROM " BLOCK_ROWS
	    " STRAIGHT_JOIN blocks AS t ON " BLOCK_KEY("j."),
	    1, sql_text_fields
	},
	[SQL_UNDO_BLOCK_DELETE] = {
	    "DELETE t FROM " BLOCK_ROWS " STRAIGHT_JOIN blocks AS t ON "
	    BLOCK_KEY("j.") " WHERE ? = 1 OR " BLOCK_SAME("j."),
	    2, NULL, .writes = true
	},
	[SQL_UNDO_BLOCK_INSERT] = {
	    UNDO_BLOCK_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_BLOCK_INSERT_UNCHECKED] = {
	    UNCHECKED UNDO_BLOCK_INSERT,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_BLOCK_UPDATE] = {
	    UNDO_BLOCK_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_BLOCK_UPDATE_UNCHECKED] = {
	    UNCHECKED UNDO_BLOCK_UPDATE,
	    2, NULL, .writes = true
	},
	[SQL_UNDO_HOMES] = {
	    "SELECT CONCAT(j.email, ': ', t.email) AS text FROM "
	    USER_ROWS
	    " STRAIGHT_JOIN users AS t ON t.home = j.home WHERE t.email "
	    "<> j.email",
	    1, sql_text_fields
	},
	/* Users, aliases or keys whose domain does not exist. */
	[SQL_UNDO_HOMELESS] = {
	    "SELECT COALESCE(j.email, j.mail, j.address, j.domain) AS text "
	    "FROM "
	    JSON_ROWS("email" JSON_TEXT("254", "$.email") ", mail"
		JSON_TEXT("254", "$.mail") ", address"
		JSON_TEXT("254", "$.address") ", domain"
		JSON_TEXT("253", "$.domain"))
	    " WHERE NOT EXISTS (SELECT 1 FROM domains AS d WHERE "
	    "d.domain = SUBSTRING_INDEX(COALESCE(j.email, j.mail, "
	    "j.address, j.domain), '@', -1))",
	    1, sql_text_fields
	},
	[SQL_UNDO_ALIASES] = {
	    "SELECT DISTINCT a.mail AS text FROM history AS h JOIN "
	    "aliases AS a ON a.mail = h.name WHERE " OWN_ROWS
	    " AND h.kind = 'alias' AND h.new_row IS NOT NULL UNION SELECT "
	    "h.name FROM history AS h JOIN patterns AS p ON p.domain = "
	    "SUBSTRING_INDEX(h.name, '@', -1) AND p.local = "
	    "SUBSTRING_INDEX(h.name, '@', 1) WHERE " OWN_ROWS
	    " AND h.kind = 'pattern' AND h.new_row IS NOT NULL ORDER BY text",
	    2, sql_text_fields
	},
	[SQL_UNDO_DOMAINS] = {
	    "SELECT DISTINCT h.name AS text FROM history AS h WHERE "
	    OWN_ROWS
	    " AND h.kind = 'domain' AND h.new_row IS NOT NULL AND "
	    "(h.old_row IS NULL OR NOT (" OLD("alias_of") " <=> "
	    NEW("alias_of") "))",
	    1, sql_text_fields
	},
	[SQL_UNDO_GONE] = {
	    "SELECT DISTINCT " OLD_NAME
	    " AS text FROM history AS h WHERE " OWN_ROWS " AND " GONE
	    " AND EXISTS (SELECT 1 FROM domains AS d WHERE d.domain = "
	    "SUBSTRING_INDEX(" OLD_NAME ", '@', -1)) ORDER BY text LIKE "
	    "'postmaster@%' DESC, text LIMIT ?",
	    2, sql_text_fields
	},
	[SQL_UNDO_DANGLING] = {
	    "SELECT DISTINCT a.mail, a.destination, a.created > (SELECT "
	    "at FROM changes WHERE id = ?) AS later FROM history AS h "
	    "JOIN aliases AS a ON a.destination = " OLD_NAME
	    " WHERE " OWN_ROWS " AND " GONE
	    " ORDER BY a.mail, a.destination",
	    2, undo_dangling_fields
	},
	[SQL_UNDO_OVER_LIMIT] = {
	    "SELECT d.domain AS name, CONCAT((SELECT COUNT(*) FROM users "
	    "AS u WHERE u.domain = d.domain), ' users, more than ', "
	    "d.max_users) AS other FROM domains AS d WHERE d.max_users < "
	    "(SELECT COUNT(*) FROM users AS u WHERE u.domain = d.domain) "
	    "AND d.domain IN (SELECT SUBSTRING_INDEX(h.name, '@', -1) "
	    "FROM history AS h WHERE " OWN_ROWS ") UNION ALL SELECT "
	    "d.domain, CONCAT(" ALIASES_LIMITED ", ' aliases, more than ', "
	    "d.max_aliases) FROM domains AS d WHERE d.max_aliases < "
	    ALIASES_LIMITED " AND d.domain IN (SELECT "
	    "SUBSTRING_INDEX(h.name, '@', -1) FROM history AS h WHERE "
	    OWN_ROWS ") ORDER BY name, other",
	    2, sql_pair_fields
	},
	/* Grants that came after the change, of names that went. */
	[SQL_UNDO_GRANTS_LOST] = {
	    "SELECT DISTINCT s.email AS name, s.address AS other FROM "
	    "history AS h JOIN send_as AS s ON s.address = IF(h.kind = "
	    "'domain', CONCAT('@', " OLD_NAME "), " OLD_NAME ") WHERE "
	    OWN_ROWS " AND h.kind IN ('domain', 'user', 'alias') AND "
	    "(h.new_row IS NULL OR " WAS_RENAMED ") AND EXISTS (SELECT 1 "
	    "FROM history AS g WHERE g.name = s.email AND g.kind = 'grant' "
	    "AND g.`change` > ? AND g.`change` <> @mailadm_change AND "
	    "JSON_VALUE(g.new_row, '$.address') = s.address) ORDER BY "
	    "s.address, s.email",
	    2, sql_pair_fields
	},
	/* A user's usage goes with the user, or follows the new name. */
	[SQL_UNDO_USAGE_REMOVED] = {
	    "DELETE l, q, s FROM history AS h LEFT JOIN logins AS l ON "
	    "l.email = " OLD_NAME " LEFT JOIN quota_usage AS q ON q.email = "
	    OLD_NAME " LEFT JOIN send_usage AS s ON s.email = " OLD_NAME
	    " WHERE " OWN_ROWS " AND h.kind = 'user' AND h.new_row IS NULL",
	    1, NULL, .writes = true
	},
	[SQL_UNDO_USAGE_FREE] = {
	    "DELETE l, q, s FROM history AS h LEFT JOIN logins AS l ON "
	    "l.email = h.name LEFT JOIN quota_usage AS q ON q.email = h.name "
	    "LEFT JOIN send_usage AS s ON s.email = h.name WHERE "
	    OWN_ROWS " AND h.kind = 'user' AND " WAS_RENAMED,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_LOGINS_RENAMED] = {
	    "UPDATE history AS h STRAIGHT_JOIN logins AS l ON l.email = "
	    OLD_NAME " SET l.email = h.name WHERE " OWN_ROWS " AND h.kind = "
	    "'user' AND " WAS_RENAMED,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_QUOTA_USAGE_RENAMED] = {
	    "UPDATE history AS h STRAIGHT_JOIN quota_usage AS q ON q.email "
	    "= " OLD_NAME " SET q.email = h.name WHERE " OWN_ROWS " AND "
	    "h.kind = 'user' AND " WAS_RENAMED,
	    1, NULL, .writes = true
	},
	[SQL_UNDO_SEND_USAGE_RENAMED] = {
	    "UPDATE history AS h STRAIGHT_JOIN send_usage AS s ON s.email = "
	    OLD_NAME " SET s.email = h.name WHERE " OWN_ROWS " AND h.kind = "
	    "'user' AND " WAS_RENAMED,
	    1, NULL, .writes = true
	},
};
