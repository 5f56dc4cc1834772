/*
 * Databases of other mail systems: one row of a table for each, with its
 * queries.
 */
#include "db/foreign.h"

#include <string.h>

#include "base/words.h"
#include "db/private.h"

static const struct field domain_fields[] = {
	FIELD(struct foreign_domain, domain, FIELD_TEXT),
	FIELD(struct foreign_domain, active, FIELD_FLAG),
	FIELD(struct foreign_domain, description, FIELD_TEXT),
	FIELD(struct foreign_domain, quota, FIELD_NUMBER),
	FIELD(struct foreign_domain, max_users, FIELD_NUMBER),
	FIELD(struct foreign_domain, max_aliases, FIELD_NUMBER),
	FIELD(struct foreign_domain, backup, FIELD_FLAG),
	FIELD(struct foreign_domain, lost, FIELD_TEXT),
	{ 0 }
};

static const struct field link_fields[] = {
	FIELD(struct foreign_link, domain, FIELD_TEXT),
	FIELD(struct foreign_link, target, FIELD_TEXT),
	FIELD(struct foreign_link, active, FIELD_FLAG),
	{ 0 }
};

static const struct field user_fields[] = {
	FIELD(struct foreign_user, email, FIELD_TEXT),
	FIELD(struct foreign_user, crypt, FIELD_TEXT),
	FIELD(struct foreign_user, active, FIELD_FLAG),
	FIELD(struct foreign_user, may_login, FIELD_FLAG),
	FIELD(struct foreign_user, may_send, FIELD_FLAG),
	FIELD(struct foreign_user, may_receive, FIELD_FLAG),
	FIELD(struct foreign_user, name, FIELD_TEXT),
	FIELD(struct foreign_user, quota, FIELD_NUMBER),
	FIELD(struct foreign_user, home, FIELD_TEXT),
	FIELD(struct foreign_user, lost, FIELD_TEXT),
	{ 0 }
};

static const struct field foreign_alias_fields[] = {
	FIELD(struct foreign_alias, mail, FIELD_TEXT),
	FIELD(struct foreign_alias, destination, FIELD_TEXT),
	FIELD(struct foreign_alias, active, FIELD_FLAG),
	FIELD(struct foreign_alias, note, FIELD_TEXT),
	FIELD(struct foreign_alias, lost, FIELD_TEXT),
	{ 0 }
};

static const struct field *const row_fields[FOREIGN_ROWS] = {
	[FOREIGN_DOMAINS] = domain_fields,
	[FOREIGN_LINKS] = link_fields,
	[FOREIGN_USERS] = user_fields,
	[FOREIGN_ALIASES] = foreign_alias_fields,
};

/* --- the systems ----------------------------------------------------- */

/* 0 is no limit in all of them, and below 0 nothing is allowed. */
#define LIMIT(column)							\
    "IF(" column " = 0, NULL, GREATEST(" column ", 0))"
#define MEGABYTES(column) "NULLIF(GREATEST(" column ", 0), 0) * 1048576"

/* Joins several of these in one `lost`. */
#define LOST(list) "NULLIF(CONCAT_WS(', ', " list "), '') AS lost"
#define MAY(login, send, receive) login " AS may_login, " send		\
    " AS may_send, " receive " AS may_receive, "
#define LOST_IF(condition, words) "IF(" condition ", " words ", NULL)"

/*
 * PostfixAdmin: maxquota is the most that a mailbox may have, in MB.  The
 * pseudo domain ALL of old ones marks super administrators.
 */
#define POSTFIXADMIN_DOMAINS						\
    "SELECT domain, active, description, " MEGABYTES("maxquota")	\
    " AS quota, " LIMIT("mailboxes") " AS max_users, "			\
    LIMIT("aliases") " AS max_aliases, backupmx AS backup, "		\
    LOST(								\
	LOST_IF("quota > 0", "CONCAT('a limit of ', quota, "		\
	    "' MB for the whole domain')") ","				\
	LOST_IF("transport NOT IN ('', 'virtual', 'virtual:', "		\
	    "'dovecot', 'dovecot:') AND transport NOT LIKE 'lmtp:%' "	\
	    "AND NOT backupmx", "CONCAT('transport ', transport)"))	\
    " FROM $domain WHERE domain <> 'ALL' ORDER BY domain"
#define POSTFIXADMIN_LINKS						\
    "SELECT alias_domain AS domain, target_domain AS target, active "	\
    "FROM $alias_domain ORDER BY alias_domain"
#define POSTFIXADMIN_USERS(may_send, lost)				\
    "SELECT username AS email, password AS crypt, active, "		\
    MAY("1", may_send, "1") "name, "					\
    "NULLIF(GREATEST(quota, 0), 0) AS quota, "				\
    "TRIM(TRAILING '/' FROM maildir) AS home, " lost			\
    " FROM $mailbox ORDER BY username"
#define POSTFIXADMIN_ALIASES						\
    "SELECT address AS mail, goto AS destination, active, "		\
    "NULL AS note, NULL AS lost FROM $alias ORDER BY address"

#define ISPMAIL_DOMAINS							\
    "SELECT name AS domain, 1 AS active, NULL AS description, "		\
    "NULL AS quota, NULL AS max_users, NULL AS max_aliases, "		\
    "0 AS backup, NULL AS lost FROM $virtual_domains ORDER BY name"
#define ISPMAIL_USERS(quota)						\
    "SELECT email, password AS crypt, 1 AS active, "			\
    MAY("1", "1", "1") "NULL AS name, "					\
    quota " AS quota, NULL AS home, NULL AS lost FROM $virtual_users "	\
    "ORDER BY email"
#define ISPMAIL_ALIASES							\
    "SELECT source AS mail, destination, 1 AS active, NULL AS note, "	\
    "NULL AS lost FROM $virtual_aliases ORDER BY source, destination"

/* The oldest version: local parts, which a view joins with the domain. */
#define ISPMAIL_OLD_USERS						\
    "SELECT CONCAT(u.user, '@', COALESCE(d.name, '')) AS email, "	\
    "u.password AS crypt, 1 AS active, " MAY("1", "1", "1")		\
    "NULL AS name, NULL AS quota, "					\
    "NULL AS home, NULL AS lost FROM $virtual_users AS u "		\
    "LEFT JOIN $virtual_domains AS d ON d.id = u.domain_id "		\
    "ORDER BY email"
#define ISPMAIL_OLD_ALIASES						\
    "SELECT CONCAT(a.source, '@', COALESCE(d.name, '')) AS mail, "	\
    "a.destination, 1 AS active, NULL AS note, NULL AS lost "		\
    "FROM $virtual_aliases AS a LEFT JOIN $virtual_domains AS d "	\
    "ON d.id = a.domain_id ORDER BY mail, a.destination"

/*
 * iRedMail: what a new user gets stands in the settings.  A home is a base,
 * a node and a maildir; the base is where mailadm's homes are relative to.
 */
#define IREDMAIL_DOMAINS						\
    "SELECT domain, active, description, " MEGABYTES("CAST("		\
    "REGEXP_SUBSTR(settings, '(?<=default_user_quota:)[0-9]+') "	\
    "AS SIGNED)") " AS quota, "						\
    LIMIT("mailboxes") " AS max_users, "				\
    LIMIT("aliases") " AS max_aliases, backupmx AS backup, "		\
    LOST(								\
	LOST_IF("maxquota > 0", "CONCAT('a limit of ', maxquota, "	\
	    "' MB for the whole domain')") ","				\
	LOST_IF("transport NOT IN ('', 'dovecot', 'dovecot:') AND "	\
	    "NOT backupmx", "CONCAT('transport ', transport)"))		\
    " FROM $domain ORDER BY domain"
#define IREDMAIL_USERS							\
    "SELECT username AS email, password AS crypt, active, "		\
    MAY("enableimap OR enablepop3", "enablesmtp", "enabledeliver")	\
    "name, "								\
    MEGABYTES("quota") " AS quota, TRIM(BOTH '/' FROM CONCAT("		\
    "storagenode, '/', maildir)) AS home, "				\
    LOST(								\
	LOST_IF("enablepop3 AND NOT enableimap",			\
	    "'may use POP3 only'") ","					\
	LOST_IF("enableimap AND NOT enablepop3",			\
	    "'may use IMAP only'") ","					\
	LOST_IF("COALESCE(allow_nets, '') <> ''",			\
	    "'may log in from some networks only'") ","			\
	LOST_IF("transport <> ''", "CONCAT('transport ', transport)") "," \
	LOST_IF("storagebasedirectory <> '/var/vmail'",			\
	    "CONCAT('its mail lies below ', storagebasedirectory)"))	\
    " FROM $mailbox ORDER BY username"
#define IREDMAIL_ALIASES						\
    "SELECT IF(LOCATE('@', f.address) = 0, CONCAT('@', f.address), "	\
    "f.address) AS mail, f.forwarding AS destination, "			\
    "f.active AND COALESCE(a.active, 1) AS active, a.name AS note, "	\
    LOST_IF("f.is_maillist", "'a mailing list of mlmmj'") " AS lost "	\
    "FROM $forwardings AS f "						\
    "LEFT JOIN $alias AS a ON a.address = f.address "			\
    "UNION ALL SELECT a.address, NULL, a.active, NULL, "		\
    "'has no members' "							\
    "FROM $alias AS a LEFT JOIN $forwardings AS f "			\
    "ON f.address = a.address WHERE f.address IS NULL "			\
    "ORDER BY mail, destination"

/* Newer versions first: the first whose columns all exist is taken. */
static const struct foreign_system systems[] = {
	{ "postfixadmin", "PostfixAdmin 4",
	    "mailbox.smtp_active mailbox.totp_secret mailbox.maildir "
	    "alias.goto alias_domain.target_domain domain.backupmx", true,
	    { POSTFIXADMIN_DOMAINS, POSTFIXADMIN_LINKS,
	    POSTFIXADMIN_USERS("smtp_active",
		LOST(LOST_IF("COALESCE(totp_secret, '') <> ''",
		    "'a second factor (TOTP)'"))),
	    POSTFIXADMIN_ALIASES } },
	{ "postfixadmin", "PostfixAdmin 3",
	    "mailbox.maildir mailbox.local_part alias.goto "
	    "alias_domain.target_domain domain.backupmx", true,
	    { POSTFIXADMIN_DOMAINS, POSTFIXADMIN_LINKS,
	    POSTFIXADMIN_USERS("1", "NULL AS lost"), POSTFIXADMIN_ALIASES } },
	{ "ispmail", "ISPmail with quotas",
	    "virtual_domains.name virtual_users.email virtual_users.quota "
	    "virtual_aliases.source", false,
	    { ISPMAIL_DOMAINS, NULL,
	    ISPMAIL_USERS("NULLIF(GREATEST(quota, 0), 0)"),
	    ISPMAIL_ALIASES } },
	{ "ispmail", "ISPmail",
	    "virtual_domains.name virtual_users.email "
	    "virtual_aliases.source", false,
	    { ISPMAIL_DOMAINS, NULL, ISPMAIL_USERS("NULL"),
	    ISPMAIL_ALIASES } },
	{ "ispmail", "ISPmail with local parts",
	    "virtual_domains.name virtual_users.user "
	    "virtual_users.domain_id virtual_aliases.domain_id", false,
	    { ISPMAIL_DOMAINS, NULL, ISPMAIL_OLD_USERS,
	    ISPMAIL_OLD_ALIASES } },
	{ "iredmail", "iRedMail",
	    "mailbox.storagenode mailbox.enablepop3 mailbox.allow_nets "
	    "forwardings.is_maillist alias.address domain.settings "
	    "alias_domain.target_domain", false,
	    { IREDMAIL_DOMAINS, POSTFIXADMIN_LINKS, IREDMAIL_USERS,
	    IREDMAIL_ALIASES } },
	{ 0 }
};

/* --- which system ---------------------------------------------------- */

bool
foreign_columns(struct db *db, struct arena *a, struct db_cells *columns,
    struct err *e)
{
	return db_script_texts(db, a, "SELECT CONCAT(table_name, '.', "
	    "column_name) FROM information_schema.columns "
	    "WHERE table_schema = DATABASE()", columns, e);
}

static bool
holds(const struct db_cells *columns, const char *column)
{
	for (size_t i = 0; i < columns->rows; i++) {
		if (columns->cell[i] != NULL &&
		    strcasecmp(columns->cell[i], column) == 0)
			return true;
	}
	return false;
}

const char *
foreign_lacks(struct arena *a, const struct db_cells *columns,
    const char *prefix, const char *wanted)
{
	while (*wanted != '\0') {
		size_t len = strcspn(wanted, " ");
		const char *column = arena_printf(a, "%s%.*s", prefix,
		    (int)len, wanted);

		if (!holds(columns, column))
			return column;
		wanted += len + (wanted[len] == ' ');
	}
	return NULL;
}

void
foreign_prefixed(struct text *t, const char *query, const char *prefix)
{
	for (; *query != '\0'; query++) {
		if (*query == '$')
			text_add(t, prefix);
		else
			text_add_char(t, *query);
	}
}

static bool
recognise(struct foreign *s, struct arena *a, const char *system,
    struct err *e)
{
	const char *lacking = NULL;
	struct db_cells cells;

	if (!foreign_columns(s->db, a, &cells, e))
		return false;
	for (s->system = systems; s->system->system != NULL; s->system++) {
		if (strcmp(s->system->system, system) != 0)
			continue;
		lacking = foreign_lacks(a, &cells, s->prefix,
		    s->system->tables);
		if (lacking == NULL)
			return true;
	}
	err_set(e, ERR_NOT_FOUND, "not a database of %s: %s does not exist, "
	    "or the account may not read it", system,
	    lacking != NULL ? lacking : "every table");
	return err_hint(e, "--source-database names another database, "
	    "--table-prefix the prefix of its tables");
}

bool
foreign_begin(struct foreign *s, struct db *db, struct arena *a,
    const char *system, const char *prefix, struct err *e)
{
	*s = (struct foreign){ .db = db, .prefix = prefix };
	if (db_connect(db, e) && recognise(s, a, system, e) &&
	    db_snapshot(db, e))
		return true;
	return err_wrap(e, "the source");
}

bool
foreign_each(struct foreign *s, enum foreign_rows rows, db_row_each each,
    void *arg, struct err *e)
{
	const char *query = s->system->query[rows];
	struct text t = TEXT_INIT;
	bool ok;

	if (query == NULL)
		return true;
	foreign_prefixed(&t, query, s->prefix);
	ok = db_text_each(s->db, t.buf, row_fields[rows], each, arg, e);
	text_clear(&t);
	return ok;
}

void
foreign_end(struct foreign *s)
{
	db_rollback(s->db);
}
