/*
 * Mail users in a directory (LDAP), in the schemas that are common for it:
 * those of iRedMail, qmail-ldap, Zimbra, phamm and PostfixBook, and people
 * (inetOrgPerson) with an address and a password.
 */
#include <string.h>

#include "base/ascii.h"
#include "base/sentence.h"
#include "base/size.h"
#include "model/foreignfile/ldap.h"

/* What is known of the whole file. */
struct directory {
	struct nameset rest;		/* attributes that nobody reads */
	VECTOR(size_t) rest_counts;	/* entries that have each */
	struct nameset lists;		/* groups, whose members are users */
	struct nameset lists_off;
	size_t others;			/* entries without an address */
};

/* --- attributes that are no mail --------------------------------------- */

/* Of people, of Unix accounts, and of the directory itself. */
static const char *const needless[] = {
	"dn", "objectclass", "structuralobjectclass", "entryuuid", "entrycsn",
	"entrydn", "creatorsname", "createtimestamp", "modifiersname",
	"modifytimestamp", "hassubordinates", "subschemasubentry",
	"contextcsn", "memberof", "pwdchangedtime", "uid", "userid", "cn",
	"sn", "surname", "givenname", "displayname", "initials", "title", "o",
	"ou", "dc", "l", "st", "street", "c", "uidnumber", "gidnumber",
	"gecos", "loginshell", "shadowlastchange", "shadowmin", "shadowmax",
	"shadowwarning", "mailuid", "mailgid", "mailuidnumber",
	"mailgidnumber", "virtualmailuid", "preferredlanguage",
	"employeenumber", "telephonenumber", "mobile", "jpegphoto",
	"domaincurrentquotasize", "domaincurrentusernumber",
	"domaincurrentaliasnumber", "domaincurrentlistnumber",
	"lastchange", "editaccounts", "editav", "editalias", "zimbraid",
	"zimbracreatetimestamp", "zimbramailtransport", "zimbramailhost",
	"amavislocal", "mailboxformat", "mailboxfolder", "vd",
	"enabledservice", "accountsetting", NULL
};

static void
rest_count(struct directory *d, struct values *v)
{
	values_ignore(v, needless);
	for (size_t k = 0; k < v->fields.count; k++) {
		const struct named_values *f = &v->fields.item[k];
		uint32_t n;

		if (f->read || !named_values_say(f))
			continue;
		n = nameset_add(&d->rest, f->name, strlen(f->name));
		VECTOR_REACH(&d->rest_counts, n + 1);
		d->rest_counts.item[n]++;
	}
}

/* --- aliases and groups ------------------------------------------------ */

static void
alias_take(struct entry *t)
{
	bool active = ldap_state(t) != LDAP_OFF, itself;
	const char *to = ldap_forwards(t, &itself);

	if (t->refused)
		return;
	collect_alias_row(t->c, entry_kept(t, t->name), to)->active = active;
	ldap_names_take(t, active);
	ldap_groups_take(t);
}

/* Members of Zimbra's lists are forwards; in iRedMail they name the list. */
static void
list_take(struct entry *t, struct directory *d)
{
	bool off = ldap_state(t) == LDAP_OFF, itself;
	const char *name = lowered(t->r->arena, t->name);

	if (t->refused)
		return;
	if (ldap_has(t->r, "enabledservice", "mlmmj")) {
		collect_lost(t->c, "alias", t->name, "is a mailing list of "
		    "mlmmj");
		return;
	}
	if (*ldap_forwards(t, &itself) != '\0') {
		alias_take(t);
		return;
	}
	nameset_add(&d->lists, name, strlen(name));
	if (off)
		nameset_add(&d->lists_off, name, strlen(name));
	ldap_names_take(t, !off);
}

/* --- domains ----------------------------------------------------------- */

static const struct entry_loss domain_losses[] = {
	{ "domainmaxquotasize", "0", "has a limit for the whole domain" },
	{ "domainmaxlistnumber", "0", "has a limit for its lists" },
	{ "domainadmin", "", "has administrators" },
	{ "disclaimer", "", "has a disclaimer below each message" },
	{ "domainrecipientbccaddress", "", "sends a copy of its mail" },
	{ "domainsenderbccaddress", "", "sends a copy of what it sends" },
	{ "mtatransport", "dovecot", "has a transport of its own" },
	{ "senderrelayhost", "", "sends by another server" },
	{ "maxquota", "0", "has a limit for the whole domain" },
	{ 0 }
};

/* Below or at 0 there is no limit. */
static int64_t
limit_of(struct entry *t, const char *const *names)
{
	const char *text = ldap_first(t->r, names);
	int64_t number;

	if (text == NULL || strcmp(text, "-1") == 0)
		return FIELD_NULL;
	if (!number_parse(text, &number)) {
		entry_refuse(t, arena_printf(t->r->arena, "a limit is "
		    "\"%.60s\", which is no number", text));
		return FIELD_NULL;
	}
	return number == 0 ? FIELD_NULL : number;
}

/* iRedMail: "accountSetting: defaultQuota:1024", in megabytes. */
static int64_t
setting_quota(struct entry *t)
{
	const struct words *all = values_words(t->r, "accountsetting");
	int64_t number;

	for (size_t k = 0; k < all->count; k++) {
		if (strncasecmp(all->word[k], "defaultQuota:", 13) == 0 &&
		    number_parse(all->word[k] + 13, &number) && number > 0 &&
		    number < INT64_MAX >> 20)
			return number << 20;
	}
	return FIELD_NULL;
}

static void
domain_take(struct entry *t)
{
	static const char *const users[] = { "domainmaxusernumber", "maxmail",
	    NULL };
	static const char *const aliases[] = { "domainmaxaliasnumber",
	    "maxalias", NULL };
	static const char *const quotas[] = { "domaindefaultuserquota", NULL };
	const struct words *others = values_words(t->r, "domainaliasname");
	struct foreign_domain d = {
		.domain = entry_kept(t, t->name),
		.active = ldap_state(t) != LDAP_OFF,
		.quota = limit_of(t, quotas),
		.max_users = limit_of(t, users),
		.max_aliases = limit_of(t, aliases),
		.description = entry_kept(t, LDAP_FIRST(t->r, "description",
		    "cn")),
		.backup = ldap_has(t->r, "domainbackupmx", "yes"),
	};

	if (t->refused)
		return;
	if (d.quota == FIELD_NULL)
		d.quota = setting_quota(t);
	*collect_domain_row(t->c, d.domain) = d;
	for (size_t k = 0; k < others->count; k++)
		collect_link_row(t->c, entry_kept(t, others->word[k]),
		    d.domain);
	entry_losses(t, domain_losses);
	t->c->domains_listed = true;
}

/* --- entries ----------------------------------------------------------- */

static const char *const alias_classes[] = { "mailAlias", "mailGroup",
    "VirtualMailAlias", "mailExternalUser", NULL };
static const char *const list_classes[] = { "mailList",
    "zimbraDistributionList", "zimbraGroup", "groupOfNames",
    "groupOfUniqueNames", "qmailGroup", NULL };
static const char *const user_classes[] = { "mailUser", "qmailUser",
    "zimbraAccount", "VirtualMailAccount", "PostfixBookMailAccount",
    "inetLocalMailRecipient", "mailAccount", "mailRecipient",
    "inetMailUser", NULL };

/* A person with an address alone may be anybody in an address book. */
static void
person_take(struct entry *t)
{
	if (values_words(t->r, "userpassword")->count > 0 ||
	    values_nested(t->r, "userpassword") > 0)
		ldap_user_take(t);
	else
		collect_lost(t->c, "user", t->name, "has an address and no "
		    "password: it may be a contact");
}

static void
address_take(struct entry *t, struct directory *d)
{
	struct values *v = t->r;

	/* It gets mail for its groups elsewhere. */
	if (ldap_has(v, "objectclass", "mailExternalUser")) {
		if (ldap_groups_take(t) == 0)
			collect_lost(t->c, "alias", t->name,
			    "is elsewhere, and in no group");
	} else if (ldap_is_a(v, list_classes))
		list_take(t, d);
	else if (ldap_is_a(v, alias_classes) || *t->name == '@')
		alias_take(t);
	else if (ldap_has(v, "objectclass", "mailAdmin"))
		collect_lost(t->c, "user", t->name, "administers the "
		    "directory, and has no mailbox");
	else if (ldap_is_a(v, user_classes))
		ldap_user_take(t);
	else
		person_take(t);
}

static void
entry_take(struct collecting *c, struct values *v, void *arg)
{
	static const char *const domain_classes[] = { "mailDomain",
	    "zimbraDomain", "VirtualDomain", NULL };
	struct directory *d = arg;
	struct entry t = { c, v, "user", NULL, false };

	if (ldap_is_a(v, domain_classes)) {
		t.kind = "domain";
		t.name = LDAP_FIRST(v, "domainname", "zimbradomainname", "vd");
	} else {
		values_ignore(v, (const char *const []){ "domainname", NULL });
		t.name = LDAP_FIRST(v, "zimbramaildeliveryaddress", "mail",
		    "maillocaladdress");
	}
	if (t.name == NULL) {
		d->others++;
		return;
	}
	t.name = foreign_trimmed(c->i->arena, t.name);
	if (strcmp(t.kind, "domain") == 0)
		domain_take(&t);
	else
		address_take(&t, d);
	rest_count(d, v);
}

/* --- all of it --------------------------------------------------------- */

/* A group that is off is so for all its members. */
static void
groups_switch(struct collecting *c, const struct directory *d)
{
	for (size_t k = 0; k < c->aliases.count; k++) {
		struct foreign_alias *a = &c->aliases.item[k];

		if (nameset_find(&d->lists_off, a->mail, strlen(a->mail)) !=
		    NAME_NONE)
			a->active = false;
	}
}

/* Each list is an entry of its own: its row is that of the alias. */
static void
lists_end(struct collecting *c, const struct directory *d)
{
	for (uint32_t k = 0; k < d->lists.count; k++) {
		const char *name = nameset_text(&d->lists, k);

		if (foreign_find(c->i, MANIFEST_ALIAS, name) == NULL) {
			collect_lost(c, "alias", name, "has no members");
			continue;
		}
		foreign_row_begin(c->i);
		foreign_row_kept(c->i, MANIFEST_ALIAS, name);
	}
}

static const char *
entries(struct importing *i, size_t n)
{
	return sentence_number(i->arena, (int64_t)n, "entry", "entries");
}

static void
rest_lost(struct importing *i, const struct directory *d)
{
	for (uint32_t k = 0; k < d->rest.count; k++)
		foreign_lost(i, "attribute", nameset_text(&d->rest, k),
		    LEFT_OUT, "has no place here: %s", entries(i,
		    d->rest_counts.item[k]));
	if (d->others > 0)
		foreign_lost(i, "entry", "*", LEFT_OUT, "without an address: "
		    "%s", entries(i, d->others));
}

bool
ldap_read(struct importing *i, struct err *e)
{
	struct collecting c = { .i = i };
	struct directory d = { 0 };
	bool ok = ldif_read(&c, entry_take, &d, e);

	groups_switch(&c, &d);
	ok = ok && collect_end(&c, e);
	if (ok) {
		lists_end(&c, &d);
		rest_lost(i, &d);
	}
	i->from->found = "a directory";
	collect_clear(&c);
	nameset_clear(&d.rest);
	nameset_clear(&d.lists);
	nameset_clear(&d.lists_off);
	VECTOR_CLEAR(&d.rest_counts);
	return ok;
}
