/* What attributes of a directory say, in the schemas that are known. */
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/size.h"
#include "model/foreignfile/ldap.h"

/* --- words ------------------------------------------------------------- */

bool
ldap_has(struct values *v, const char *name, const char *word)
{
	const struct words *values = values_words(v, name);

	for (size_t k = 0; k < values->count; k++) {
		if (strcasecmp(values->word[k], word) == 0)
			return true;
	}
	return false;
}

bool
ldap_is_a(struct values *v, const char *const *classes)
{
	for (; *classes != NULL; classes++) {
		if (ldap_has(v, "objectclass", *classes))
			return true;
	}
	return false;
}

/* The first of these attributes that has a value, or NULL. */
const char *
ldap_first(struct values *v, const char *const *names)
{
	const char *found = NULL;

	for (; *names != NULL; names++) {
		const char *text = values_text(v, *names);

		if (found == NULL)
			found = text;
	}
	return found;
}

/* --- values ------------------------------------------------------------ */

static const struct {
	const char *word;
	enum ldap_state state;
} states[] = {
	{ "locked", LDAP_OFF }, { "lockout", LDAP_OFF },
	{ "closed", LDAP_OFF }, { "maintenance", LDAP_OFF },
	{ "pending", LDAP_OFF }, { "deleted", LDAP_OFF },
	{ "suspended", LDAP_OFF }, { "noaccess", LDAP_NO_LOGIN },
	{ "nopop", LDAP_NO_LOGIN },
};

enum ldap_state
ldap_state(struct entry *t)
{
	const char *text = LDAP_FIRST(t->r, "accountstatus",
	    "zimbraaccountstatus", "domainstatus", "zimbradomainstatus",
	    "zimbramailstatus", "accountactive", "mailenabled",
	    "mailuserstatus", "inetuserstatus", "inetmailgroupstatus");
	enum map_flag f = text == NULL ? MAP_ON : map_flag_parse(text);

	for (size_t k = 0; k < sizeof(states) / sizeof(states[0]); k++) {
		if (text != NULL && strcasecmp(states[k].word, text) == 0)
			return states[k].state;
	}
	if (f == MAP_NO_FLAG)
		entry_refuse(t, arena_printf(t->r->arena, "its status is "
		    "\"%.60s\", which is not known", text));
	return f == MAP_OFF ? LDAP_OFF : LDAP_ON;
}

/* Bytes; "1000S,100C" of qmail has a count of messages, too. */
int64_t
ldap_quota(struct entry *t)
{
	const char *text = LDAP_FIRST(t->r, "mailquota", "mailquotasize",
	    "zimbramailquota", "quota"), *p = text;
	int64_t bytes;

	if (text == NULL)
		return FIELD_NULL;
	if (!digits_parse(&p, &bytes)) {
		entry_refuse(t, arena_printf(t->r->arena, "the quota is "
		    "\"%.60s\", which is no number", text));
		return FIELD_NULL;
	}
	p += *p == 'S' || *p == 's';
	if (*p != '\0')
		entry_lost(t, arena_printf(t->r->arena, "the part %.60s of "
		    "its quota", p));
	return bytes == 0 ? FIELD_NULL : bytes;
}

/* Only what is a mailbox: the home of a Unix account has other files. */
const char *
ldap_home(struct entry *t)
{
	static const char *const mailboxes[] = { "mailUser", "qmailUser",
	    "PostfixBookMailAccount", "VirtualMailAccount", NULL };
	struct importing *i = t->c->i;
	const char *base = values_text(t->r, "storagebasedirectory");
	const char *store = LDAP_FIRST(t->r, "mailmessagestore",
	    "mailhomedirectory", "mailbox", "mailstoragedirectory");
	const char *home = values_text(t->r, "homedirectory");

	if (base != NULL && store != NULL)
		home = arena_printf(t->r->arena, "%s/%s", base, store);
	else if (!ldap_is_a(t->r, mailboxes))
		home = store;
	else if (home == NULL || (*home != '/' && store != NULL))
		home = store;
	return home == NULL ? NULL : map_home(i->arena, home,
	    lowered(t->r->arena, t->name), i->m->mail_directory);
}
