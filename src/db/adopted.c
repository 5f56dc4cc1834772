/* Adopting: which foreign columns are taken for which. */
#include "db/adopted.h"

#include <string.h>
#include <strings.h>

#define ON "active enabled is_active"
/* A table may have several: each that is on switches the row off. */
#define OFF(table)							\
	{ table, "active", "disabled is_disabled", ADOPTED_OFF },	\
	{ table, "active", "inactive", ADOPTED_OFF },			\
	{ table, "active", "blocked", ADOPTED_OFF },			\
	{ table, "active", "suspended", ADOPTED_OFF },			\
	{ table, "active", "locked", ADOPTED_OFF }
#define EXPIRY "expires expire expires_at expiry expiredate valid_until"

/* The names are those that published guides and people's own tables have. */
const struct adopted_column adopted_columns[ADOPTED_COLUMNS] = {
	{ "domains", "domain", "domain name domain_name domainname fqdn",
	    ADOPTED_NAME },
	{ "domains", "active", ON, ADOPTED_FLAG },
	OFF("domains"),
	{ "domains", "active", EXPIRY, ADOPTED_EXPIRY },
	{ "domains", "description", "description comment note",
	    ADOPTED_TEXT },
	{ "users", "email", "email mail address email_address username "
	    "user_name user userid login id", ADOPTED_NAME },
	{ "users", "crypt", "crypt password passwd pass hash pw pwhash "
	    "password_hash encrypted_password", ADOPTED_NAME },
	{ "users", "active", ON, ADOPTED_FLAG },
	OFF("users"),
	{ "users", "active", EXPIRY, ADOPTED_EXPIRY },
	{ "users", "name", "name full_name fullname realname real_name "
	    "display_name", ADOPTED_TEXT },
	{ "users", "home", "home homedir mailbox_path mail_path maildir",
	    ADOPTED_HOME },
	{ "aliases", "mail", "mail source alias address email src from",
	    ADOPTED_NAME },
	{ "aliases", "destination", "destination goto dest dst target "
	    "forward forward_to recipient recipients", ADOPTED_NAME },
	{ "aliases", "active", ON, ADOPTED_FLAG },
	OFF("aliases"),
	{ "aliases", "active", EXPIRY, ADOPTED_EXPIRY },
};

size_t
adopted_place(const char *names, const char *name)
{
	size_t len, place = 1;

	for (; *names != '\0'; names += len + (names[len] == ' '), place++) {
		len = strcspn(names, " ");
		if (strlen(name) == len && strncasecmp(names, name, len) == 0)
			return place;
	}
	return 0;
}
