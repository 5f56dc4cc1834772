/* Users of a directory, their other names, forwards and groups. */
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "model/foreignfile/ldap.h"

/* --- services ---------------------------------------------------------- */

static bool
has_service(struct values *v, const char *service)
{
	const struct words *all = values_words(v, "enabledservice");
	size_t len = strlen(service);

	for (size_t k = 0; k < all->count; k++) {
		const char *end = all->word[k] + len;

		if (strncasecmp(all->word[k], service, len) == 0 &&
		    (*end == '\0' || strcasecmp(end, "secured") == 0 ||
		    strcasecmp(end, "tls") == 0))
			return true;
	}
	return all->count == 0;
}

static void
services_take(struct entry *t, struct foreign_user *u)
{
	bool imap = has_service(t->r, "imap"), pop3 = has_service(t->r,
	    "pop3");

	u->may_login = imap || pop3;
	u->may_send = has_service(t->r, "smtp");
	u->may_receive = has_service(t->r, "mail") && (has_service(t->r,
	    "deliver") || has_service(t->r, "lda") || has_service(t->r,
	    "lmtp"));
	if (imap != pop3)
		entry_lost(t, imap ? "may use IMAP only" :
		    "may use POP3 only");
}

/* --- other names and forwards ------------------------------------------ */

static const char *const other_names[] = {
	"mail", "shadowaddress", "mailalternateaddress", "zimbramailalias",
	"mailalias", "maillocaladdress", "mailaddress", "mailequivalentaddress",
	"zimbramailcatchalladdress", NULL
};

static const char *const forwards[] = {
	"mailforwardingaddress", "zimbramailforwardingaddress",
	"zimbraprefmailforwardingaddress", "mailroutingaddress", "maildrop",
	"maildestination", NULL
};

/* Each address once, and not the one that the entry is about. */
void
ldap_names_take(struct entry *t, bool active)
{
	bool off = !has_service(t->r, "shadowaddress");
	const char *to = entry_kept(t, t->name);
	struct nameset seen = { 0 };

	nameset_add(&seen, t->name, strlen(t->name));
	for (const char *const *name = other_names; *name != NULL; name++) {
		const struct words *values = values_words(t->r, *name);

		for (size_t k = 0; k < values->count; k++) {
			const char *other = lowered(t->c->i->arena,
			    values->word[k]);
			uint32_t before = seen.count;

			nameset_add(&seen, other, strlen(other));
			if (seen.count == before || strcasecmp(other, to) ==
			    0)
				continue;
			collect_alias_row(t->c, other, to)->active = active &&
			    !(off && strcmp(*name, "shadowaddress") == 0);
		}
	}
	nameset_clear(&seen);
}

/* All forwards but the address itself, which is *copy. */
const char *
ldap_forwards(struct entry *t, bool *copy)
{
	struct words to = { 0 };

	*copy = false;
	for (const char *const *name = forwards; *name != NULL; name++) {
		const struct words *values = values_words(t->r, *name);

		for (size_t k = 0; k < values->count; k++) {
			if (strcasecmp(values->word[k], t->name) == 0)
				*copy = true;
			else
				words_add(t->r->arena, &to,
				    values->word[k]);
		}
	}
	return words_joined(t->c->i->arena, &to, ",");
}

/* Where nothing says otherwise, the mailbox gets a copy; not in iRedMail. */
static bool
keeps_copy(struct entry *t, bool itself)
{
	if (ldap_has(t->r, "objectclass", "mailUser") &&
	    !ldap_has(t->r, "objectclass", "qmailUser"))
		return itself;
	return itself || (!ldap_has(t->r, "deliverymode", "nolocal") &&
	    !ldap_has(t->r, "deliverymode", "forwardonly") &&
	    (values_text(t->r, "maildeliveryoption") == NULL ||
	    ldap_has(t->r, "maildeliveryoption", "mailbox")) &&
	    !ldap_has(t->r, "zimbraprefmaillocaldeliverydisabled", "TRUE"));
}

static void
forward_take(struct entry *t, bool active)
{
	bool itself, copy;
	const char *to = ldap_forwards(t, &itself);
	bool off = !has_service(t->r, "forward") ||
	    ldap_has(t->r, "deliverymode", "noforward");

	copy = keeps_copy(t, itself);
	if (*to == '\0')
		return;
	if (off) {
		entry_lost(t, arena_printf(t->r->arena, "forwards to %s, "
		    "which is off", to));
		return;
	}
	collect_alias_row(t->c, entry_kept(t, t->name), to)->copy = copy;
	t->c->aliases.item[t->c->aliases.count - 1].active = active;
}

/* A member says in which groups it is. */
size_t
ldap_groups_take(struct entry *t)
{
	static const char *const groups[] = { "memberofgroup",
	    "mailgroupmember", NULL };
	size_t count = 0;

	for (const char *const *name = groups; *name != NULL; name++) {
		const struct words *values = values_words(t->r, *name);

		for (size_t k = 0; k < values->count; k++)
			collect_alias_row(t->c, lowered(t->c->i->arena,
			    values->word[k]), entry_kept(t, t->name));
		count += values->count;
	}
	return count;
}

/* --- users ------------------------------------------------------------- */

static const struct entry_loss user_losses[] = {
	{ "domainglobaladmin", "no", "administers the directory" },
	{ "zimbraisadminaccount", "FALSE", "administers Zimbra" },
	{ "zimbraisdelegatedadminaccount", "FALSE", "administers Zimbra" },
	{ "mailreplytext", "", "has a vacation message" },
	{ "vacationactive", "FALSE", "has a vacation message" },
	{ "zimbraprefoutofofficereplyenabled", "FALSE", "has a vacation "
	    "message" },
	{ "deliveryprogrampath", "", "gives its mail to a program" },
	{ "mailhost", "", "is on a machine of its own" },
	{ "allownets", "", "may log in from some networks only" },
	{ "mtatransport", "dovecot", "has a transport of its own" },
	{ "userrecipientbccaddress", "", "sends a copy of its mail" },
	{ "usersenderbccaddress", "", "sends a copy of what it sends" },
	{ "senderrelayhost", "", "sends by another server" },
	{ "expireddate", "", "expires on a day" },
	{ "shadowexpire", "-1", "expires on a day" },
	{ "mailquotacount", "0", "has a limit for its messages" },
	{ "zimbramailsieve", "", "has a filter" },
	{ "zimbramailsievescript", "", "has a filter" },
	{ 0 }
};

static void
passwords_check(struct entry *t)
{
	const struct words *all = values_words(t->r, "userpassword");

	if (values_nested(t->r, "userpassword") > 0)
		entry_lost(t, "has a password that is no text, or is in "
		    "another file");
	if (all->count > 1)
		entry_lost(t, arena_printf(t->r->arena, "has %zu passwords: "
		    "all but one", all->count));
}

void
ldap_user_take(struct entry *t)
{
	enum ldap_state state = ldap_state(t);
	struct foreign_user u = {
		.email = entry_kept(t, t->name),
		.quota = ldap_quota(t),
		.active = state != LDAP_OFF,
		.crypt = entry_kept(t, values_text(t->r, "userpassword")),
		.name = entry_kept(t, LDAP_FIRST(t->r, "displayname", "cn")),
		.note = entry_kept(t, values_text(t->r, "description")),
		.home = ldap_home(t),
	};

	if (t->refused)
		return;
	services_take(t, &u);
	if (state == LDAP_NO_LOGIN)
		u.may_login = false;
	*collect_user_row(t->c, u.email) = u;
	ldap_names_take(t, u.active);
	forward_take(t, u.active);
	ldap_groups_take(t);
	passwords_check(t);
	entry_losses(t, user_losses);
}
