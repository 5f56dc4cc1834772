/* Reading where mail goes: recipients of relay domains, and ways out. */
#include "db/schema/survey.h"

#include "db/private.h"

/* One of them may have got another collation, and is compared all the same. */
#define OURS(column) "CONVERT(" column " USING utf8mb4) COLLATE "	\
    "utf8mb4_nopad_bin"

/* Those of users are as many as there are users; their key has each once. */
#define USED "(SELECT " OURS("d.send_through") " AS name FROM domains "	\
    "AS d WHERE d.send_through IS NOT NULL UNION SELECT "		\
    OURS("u.send_through") " FROM (SELECT DISTINCT send_through FROM "	\
    "users WHERE send_through IS NOT NULL) AS u)"

#define LOST(table, key) "SELECT " OURS("o." key) " AS name, "		\
    OURS("o.send_through") " AS other FROM " table " AS o LEFT JOIN "	\
    "relays AS w ON " OURS("w.name") " = " OURS("o.send_through")	\
    " WHERE o.send_through IS NOT NULL AND w.name IS NULL"

static const struct field pair_columns[] = {
	FIELD(struct survey_pair, name, FIELD_TEXT),
	FIELD(struct survey_pair, other, FIELD_TEXT),
	{ 0 }
};

static const struct field way_columns[] = {
	FIELD(struct survey_way, name, FIELD_TEXT),
	FIELD(struct survey_way, host, FIELD_TEXT),
	FIELD(struct survey_way, port, FIELD_NUMBER),
	FIELD(struct survey_way, login, FIELD_TEXT),
	FIELD(struct survey_way, tls, FIELD_TEXT),
	FIELD(struct survey_way, has_password, FIELD_FLAG),
	FIELD(struct survey_way, used, FIELD_FLAG),
	{ 0 }
};

bool
survey_recipients_each(struct survey *s, db_row_each each, void *arg,
    struct err *e)
{
	return !s->has_ways || db_text_each(s->db, "SELECT address AS name, "
	    "NULL AS other FROM recipients", pair_columns, each, arg, e);
}

bool
survey_ways_each(struct survey *s, db_row_each each, void *arg,
    struct err *e)
{
	return !s->has_ways || db_text_each(s->db, "SELECT w.name, w.host, "
	    "w.port, w.login, w.tls, s.name IS NOT NULL AS has_password, "
	    "u.name IS NOT NULL AS used FROM relays AS w LEFT JOIN "
	    "relay_secrets AS s ON " OURS("s.name") " = " OURS("w.name")
	    " LEFT JOIN " USED " AS u ON u.name = " OURS("w.name")
	    " ORDER BY w.name", way_columns, each, arg, e);
}

bool
survey_lost_ways_each(struct survey *s, db_row_each each, void *arg,
    struct err *e)
{
	return !s->has_ways || db_text_each(s->db, LOST("domains", "domain")
	    " UNION ALL " LOST("users", "email") " ORDER BY name",
	    pair_columns, each, arg, e);
}
