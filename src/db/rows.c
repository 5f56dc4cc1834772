/* The columns of each row, in the order in which they are shown. */
#include "db/rows.h"

const struct field domain_fields[] = {
	FIELD(struct domain, domain, FIELD_ADDRESS),
	FIELD(struct domain, active, FIELD_FLAG),
	FIELD(struct domain, users, FIELD_NUMBER),
	FIELD(struct domain, aliases, FIELD_NUMBER),
	DOMAIN_VALUES_LISTED(COLUMN_FIELD, struct domain)
	FIELD(struct domain, created, FIELD_TIME),
	FIELD(struct domain, modified, FIELD_TIME),
	DOMAIN_WAYS(COLUMN_FIELD_MORE, struct domain)
	{ 0 }
};

const struct field domain_own_fields[] = {
	FIELD(struct domain, domain, FIELD_ADDRESS),
	FIELD(struct domain, active, FIELD_FLAG),
	DOMAIN_VALUES(COLUMN_FIELD, struct domain)
	{ 0 }
};

/* The rows of user_shown begin with the same struct. */
#define USER_LISTED_FIELDS						\
	FIELD(struct user, email, FIELD_ADDRESS),			\
	FIELD(struct user, active, FIELD_FLAG),				\
	USER_VALUES(COLUMN_FIELD_LISTED, struct user)			\
	FIELD(struct user, scheme, FIELD_TEXT),				\
	FIELD(struct user, rounds, FIELD_NUMBER),			\
	FIELD(struct user, home, FIELD_TEXT),				\
	FIELD(struct user, created, FIELD_TIME),			\
	FIELD(struct user, modified, FIELD_TIME),

#define USER_FIELDS							\
	USER_LISTED_FIELDS						\
	USER_VALUES(COLUMN_FIELD_MORE, struct user)

const struct field user_fields[] = {
	USER_FIELDS
	{ 0 }
};

const struct field user_list_fields[] = {
	USER_LISTED_FIELDS
	{ 0 }
};

const struct field user_used_fields[] = {
	USER_FIELDS
	FIELD_MORE(struct user_shown, used, FIELD_SIZE),
	FIELD_MORE(struct user_shown, last_login, FIELD_TIME),
	{ 0 }
};

const struct field user_shown_fields[] = {
	USER_FIELDS
	FIELD(struct user_shown, send_as, FIELD_LIST),
	FIELD(struct user_shown, send_as_expires, FIELD_LIST),
	FIELD(struct user_shown, used, FIELD_SIZE),
	FIELD(struct user_shown, last_login, FIELD_TIME),
	FIELD(struct user_shown, sent, FIELD_NUMBER),
	{ 0 }
};

const struct field user_state_fields[] = {
	FIELD(struct user_state, email, FIELD_ADDRESS),
	FIELD(struct user_state, crypt, FIELD_TEXT),
	FIELD(struct user_state, active, FIELD_FLAG),
	USER_VALUES(COLUMN_FIELD, struct user_state)
	FIELD(struct user_state, home, FIELD_TEXT),
	FIELD(struct user_state, send_as, FIELD_ADDRESS),
	FIELD(struct user_state, send_as_expires, FIELD_TIME),
	{ 0 }
};

const struct field alias_fields[] = {
	FIELD(struct alias, mail, FIELD_ADDRESS),
	FIELD(struct alias, destination, FIELD_ADDRESS),
	FIELD(struct alias, active, FIELD_FLAG),
	ALIAS_ALL_VALUES(COLUMN_FIELD_LISTED, struct alias)
	FIELD(struct alias, created, FIELD_TIME),
	FIELD(struct alias, modified, FIELD_TIME),
	ALIAS_ALL_VALUES(COLUMN_FIELD_MORE, struct alias)
	{ 0 }
};

const struct field grant_fields[] = {
	FIELD(struct grant, email, FIELD_ADDRESS),
	FIELD(struct grant, address, FIELD_ADDRESS),
	GRANT_VALUES(COLUMN_FIELD, struct grant)
	{ 0 }
};

const struct field block_fields[] = {
	FIELD(struct blocked, address, FIELD_ADDRESS),
	FIELD(struct blocked, note, FIELD_TEXT),
	FIELD(struct blocked, created, FIELD_TIME),
	FIELD(struct blocked, modified, FIELD_TIME),
	{ 0 }
};

const struct field dkim_fields[] = {
	FIELD(struct dkim_row, domain, FIELD_ADDRESS),
	FIELD(struct dkim_row, selector, FIELD_TEXT),
	DKIM_VALUES(COLUMN_FIELD_LISTED, struct dkim_row)
	FIELD(struct dkim_row, since, FIELD_TIME),
	FIELD(struct dkim_row, seen, FIELD_TIME),
	FIELD_MORE(struct dkim_row, created, FIELD_TIME),
	DKIM_DATA(COLUMN_FIELD_MORE, struct dkim_row)
	{ 0 }
};

const struct field recipient_fields[] = {
	FIELD(struct recipient, address, FIELD_ADDRESS),
	RECIPIENT_VALUES(COLUMN_FIELD, struct recipient)
	FIELD(struct recipient, created, FIELD_TIME),
	FIELD(struct recipient, modified, FIELD_TIME),
	{ 0 }
};

const struct field relay_fields[] = {
	FIELD(struct relay, name, FIELD_TEXT),
	RELAY_VALUES(COLUMN_FIELD, struct relay)
	FIELD_MORE(struct relay, pad, FIELD_NUMBER),
	FIELD(struct relay, has_password, FIELD_FLAG),
	FIELD(struct relay, domains, FIELD_NUMBER),
	FIELD(struct relay, users, FIELD_NUMBER),
	FIELD(struct relay, created, FIELD_TIME),
	FIELD(struct relay, modified, FIELD_TIME),
	{ 0 }
};

const struct field occurrence_fields[] = {
	FIELD(struct occurrence, kind, FIELD_TEXT),
	FIELD(struct occurrence, name, FIELD_ADDRESS),
	FIELD(struct occurrence, detail, FIELD_ADDRESS),
	{ 0 }
};

const struct field history_fields[] = {
	FIELD(struct history, change, FIELD_NUMBER),
	FIELD(struct history, at, FIELD_TIME),
	FIELD(struct history, actor, FIELD_TEXT),
	FIELD(struct history, kind, FIELD_TEXT),
	FIELD(struct history, name, FIELD_ADDRESS),
	FIELD(struct history, action, FIELD_TEXT),
	FIELD(struct history, summary, FIELD_TEXT),
	FIELD(struct history, program, FIELD_TEXT),
	FIELD(struct history, undoes, FIELD_NUMBER),
	{ 0 }
};

const struct field server_status_fields[] = {
	FIELD(struct server_status, server, FIELD_TEXT),
	FIELD(struct server_status, database, FIELD_TEXT),
	FIELD(struct server_status, account, FIELD_TEXT),
	FIELD(struct server_status, connection, FIELD_TEXT),
	FIELD(struct server_status, schema, FIELD_NUMBER),
	FIELD(struct server_status, database_id, FIELD_TEXT),
	FIELD(struct server_status, domains, FIELD_NUMBER),
	FIELD(struct server_status, users, FIELD_NUMBER),
	FIELD(struct server_status, aliases, FIELD_NUMBER),
	{ 0 }
};
