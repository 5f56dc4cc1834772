/*
 * Databases that hold DKIM keys: one row of a table for each program, with
 * its query.
 */
#include "db/foreign_dkim.h"

#include <string.h>

#include "db/private.h"

static const struct field key_fields[] = {
	FIELD(struct foreign_key, domain, FIELD_TEXT),
	FIELD(struct foreign_key, selector, FIELD_TEXT),
	FIELD(struct foreign_key, private_key, FIELD_TEXT),
	FIELD(struct foreign_key, path, FIELD_TEXT),
	FIELD(struct foreign_key, why, FIELD_TEXT),
	{ 0 }
};

/* --- the programs ------------------------------------------------------ */

/* A cell may be any size; a key is small. */
#define KEY(column) "LEFT(" column ", 65537) AS private_key, NULL AS path, "
#define WHY_IF(condition, words) "IF(" condition ", '" words "', NULL) AS why "
#define BY_DOMAIN "ORDER BY domain, selector"

/* The tables of OpenDKIM's README.SQL, as guides call them. */
#define OPENDKIM(table, domain)						\
    { "tables for OpenDKIM",						\
	table "." domain " " table ".selector " table ".private_key",	\
	table ".private_key",						\
	"SELECT " domain " AS domain, selector, " KEY("private_key")	\
	"NULL AS why FROM $" table " " BY_DOMAIN }

static const struct foreign_key_system systems[] = {
	{ "PostfixAdmin 4",
	    "dkim.domain_name dkim.selector dkim.private_key "
	    "dkim_signing.author dkim_signing.dkim_id", "dkim.private_key",
	    "SELECT k.domain_name AS domain, k.selector, "
	    KEY("k.private_key")
	    WHY_IF("NOT EXISTS (SELECT 1 FROM $dkim_signing AS s "
		"WHERE s.dkim_id = k.id)", "nothing in dkim_signing uses it")
	    "FROM $dkim AS k " BY_DOMAIN },
	{ "ISPConfig",
	    "mail_domain.domain mail_domain.dkim mail_domain.dkim_selector "
	    "mail_domain.dkim_private", "mail_domain.dkim_private",
	    "SELECT domain, dkim_selector AS selector, " KEY("dkim_private")
	    WHY_IF("dkim <> 'y'", "DKIM is switched off for it")
	    "FROM $mail_domain WHERE COALESCE(dkim_private, '') <> '' "
	    BY_DOMAIN },
	/* The name of the selector changed with version 2.2. */
	{ "Froxlor",
	    "panel_domains.domain panel_domains.dkim panel_domains.dkim_id "
	    "panel_domains.dkim_privkey panel_settings.settinggroup",
	    "panel_domains.dkim_privkey",
	    "SELECT domain, CONCAT(IF(EXISTS (SELECT 1 FROM $panel_settings "
	    "WHERE settinggroup = 'antispam'), 'dkim', 'dkim_'), dkim_id) "
	    "AS selector, " KEY("dkim_privkey")
	    WHY_IF("NOT dkim", "DKIM is switched off for it")
	    "FROM $panel_domains WHERE COALESCE(dkim_privkey, '') <> '' "
	    BY_DOMAIN },
	{ "Modoboa",
	    "admin_domain.name admin_domain.enable_dkim "
	    "admin_domain.dkim_key_selector "
	    "admin_domain.dkim_private_key_path",
	    "admin_domain.dkim_private_key_path",
	    "SELECT name AS domain, dkim_key_selector AS selector, "
	    "NULL AS private_key, dkim_private_key_path AS path, "
	    WHY_IF("NOT enable_dkim", "DKIM is switched off for it")
	    "FROM $admin_domain WHERE dkim_private_key_path <> '' "
	    BY_DOMAIN },
	{ "jeboehm/docker-mailserver",
	    "mail_domains.name mail_domains.dkim_enabled "
	    "mail_domains.dkim_selector mail_domains.dkim_private_key",
	    "mail_domains.dkim_private_key",
	    "SELECT name AS domain, dkim_selector AS selector, "
	    KEY("dkim_private_key")
	    WHY_IF("NOT dkim_enabled", "DKIM is switched off for it")
	    "FROM $mail_domains WHERE dkim_private_key <> '' " BY_DOMAIN },
	{ "Group-Office",
	    "community_maildomains_domain.domain "
	    "community_maildomains_dkim_key.selector "
	    "community_maildomains_dkim_key.privateKey",
	    "community_maildomains_dkim_key.privateKey",
	    "SELECT d.domain, k.selector, " KEY("k.privateKey")
	    "NULL AS why FROM $community_maildomains_dkim_key AS k "
	    "JOIN $community_maildomains_domain AS d ON d.id = k.domainId "
	    BY_DOMAIN },
	OPENDKIM("dkim", "domain_name"),
	OPENDKIM("dkim", "domain"),
	OPENDKIM("dkim_keys", "domain_name"),
	OPENDKIM("dkim_keys", "domain"),
	OPENDKIM("dkimkeys", "domain_name"),
	OPENDKIM("dkimkeys", "domain"),
	{ 0 }
};

/* --- which program ------------------------------------------------------ */

#define OURS "dkim_keys.secret_id dkim_keys.private_key"

static bool
recognise(struct foreign_keys *s, struct arena *a, struct err *e)
{
	struct db_cells columns;

	if (!foreign_columns(s->db, a, &columns, e))
		return false;
	if (foreign_lacks(a, &columns, s->prefix, OURS) == NULL) {
		err_set(e, ERR_REFUSED, "a database of mailadm, whose keys "
		    "are encrypted");
		return err_hint(e, "on that server: mailadm dkim export "
		    "DOMAIN SELECTOR --out FILE");
	}
	for (s->system = systems; s->system->name != NULL; s->system++) {
		if (foreign_lacks(a, &columns, s->prefix,
		    s->system->columns) == NULL)
			return true;
	}
	err_set(e, ERR_NOT_FOUND, "no table of DKIM keys is known there, or "
	    "the account may not read it");
	return err_hint(e, "--source-database names another database, "
	    "--table-prefix the prefix of its tables");
}

bool
foreign_keys_begin(struct foreign_keys *s, struct db *db, struct arena *a,
    const char *prefix, struct err *e)
{
	*s = (struct foreign_keys){ .db = db, .prefix = prefix };
	if (db_connect(db, e) && recognise(s, a, e) && db_snapshot(db, e))
		return true;
	return err_wrap(e, "the source");
}

bool
foreign_keys_each(struct foreign_keys *s, db_row_each each, void *arg,
    struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok;

	foreign_prefixed(&t, s->system->query, s->prefix);
	ok = db_text_each(s->db, t.buf, key_fields, each, arg, e);
	text_clear(&t);
	return ok;
}

void
foreign_keys_end(struct foreign_keys *s)
{
	db_rollback(s->db);
	db_wipe(s->db);
}
