/*
 * Mailu: what "flask mailu config-export" prints, in YAML or JSON; also the
 * form that its config-update reads.
 *
 * Only values that differ from its defaults are in the file, unless it was
 * made with --full.
 */
#include <string.h>

#include "base/sentence.h"
#include "model/foreignfile/private.h"

/* What a user has without quota_bytes. */
#define QUOTA_STANDARD 1000000000

/* What stands there for a secret, unless it was made with --secrets. */
#define HIDDEN "<hidden>"

static const char *const needless[] = {
	"created_at", "updated_at", "domain", "localpart", "quota_bytes_used",
	"dkim_publickey", "dns_mx", "dns_spf", "dns_dkim", "dns_dmarc",
	"hash_scheme", "hash_password", NULL
};

/* --- names and lists ----------------------------------------------------- */

/* An address, or its two parts. */
static const char *
email_of(const struct entry *t)
{
	const char *email = values_text(t->r, "email");
	const char *local = values_text(t->r, "localpart");
	const char *domain = values_text(t->r, "domain");

	if (email != NULL)
		return email;
	if (local == NULL || domain == NULL)
		return "";
	return arena_printf(t->r->arena, "%s@%s", local, domain);
}

/* As a list, or as one text with commas. */
static const char *
list_of(const struct entry *t, const char *key)
{
	return words_joined(t->c->i->arena, values_words(t->r, key), ",");
}

/* --- domains ------------------------------------------------------------- */

static const struct entry_loss domain_losses[] = {
	{ "signup_enabled", "false", "lets people sign up by themselves" },
	{ "anonmail_enabled", "false", "makes anonymous addresses" },
	{ "dkim_key", "", "has a DKIM key: see import dkim" },
	{ "max_quota_bytes", "0", "has a limit for the quotas of its users" },
	{ 0 }
};

/* Below 0 there is no limit. */
static int64_t
limit_of(struct entry *t, const char *key)
{
	const char *text = values_text(t->r, key);

	if (text != NULL && *text == '-' && strcmp(text, "-1") == 0)
		return FIELD_NULL;
	return entry_number(t, key, FIELD_NULL);
}

static void
domain_take(struct collecting *c, struct values *r)
{
	struct entry t = { c, r, "domain", values_text(r, "name"), false };
	const struct words *others = values_words(r, "alternatives");
	struct foreign_domain d = {
		.active = true,
		.quota = FIELD_NULL,
		.max_users = limit_of(&t, "max_users"),
		.max_aliases = limit_of(&t, "max_aliases"),
		.description = entry_kept(&t, values_text(r, "comment")),
	};

	if (t.name == NULL)
		t.name = "";
	d.domain = entry_kept(&t, t.name);
	if (t.refused)
		return;
	*collect_domain_row(c, d.domain) = d;
	for (size_t k = 0; k < others->count; k++)
		collect_link_row(c, entry_kept(&t, others->word[k]),
		    d.domain);
	entry_losses(&t, domain_losses);
	values_ignore(r, needless);
	entry_rest(&t);
}

/* --- users --------------------------------------------------------------- */

static const struct entry_loss user_losses[] = {
	{ "allow_spoofing", "false", "may send as anybody: see grant" },
	{ "global_admin", "false", "administers Mailu" },
	{ "manager_of", "", "administers domains of Mailu" },
	{ "spam_enabled", "true", "has no spam filter" },
	{ "spam_mark_as_read", "true", "finds spam unread" },
	{ "spam_threshold", "80", "has a spam threshold" },
	{ "change_pw_next_login", "false", "must change the password at the "
	    "next login" },
	{ 0 }
};

/* With hash_password the text is a password, whatever it looks like. */
static const char *
crypt_of(struct entry *t)
{
	const char *text = values_text(t->r, "password");
	const char *scheme = values_text(t->r, "hash_scheme");
	bool plain = entry_flag(t, "hash_password", false);

	if (text == NULL)
		text = values_text(t->r, "password_hash");
	if (text == NULL || strcmp(text, HIDDEN) == 0)
		return NULL;
	if (plain)
		return "{PLAIN}" HIDDEN;
	if (scheme != NULL && *text != '$' && *text != '{')
		text = arena_printf(t->r->arena, "{%s}%s", scheme, text);
	return entry_kept(t, text);
}

/* IMAP and POP3 are one right here. */
static bool
may_login(struct entry *t)
{
	bool imap = entry_flag(t, "enable_imap", true);
	bool pop3 = entry_flag(t, "enable_pop", true);

	if (imap != pop3 && !t->refused)
		entry_lost(t, imap ? "may use IMAP only" :
		    "may use POP3 only");
	return imap || pop3;
}

static void
forward_take(struct entry *t)
{
	bool enabled = entry_flag(t, "forward_enabled", false);
	bool copy = entry_flag(t, "forward_keep", true);
	const char *to = list_of(t, "forward_destination");

	if (*to == '\0' || t->refused)
		return;
	if (!enabled)
		entry_lost(t, arena_printf(t->r->arena, "forwards to %s, "
		    "which is off", to));
	else
		collect_alias_row(t->c, entry_kept(t, t->name), to)->copy =
		    copy;
}

static void
reply_lost(struct entry *t)
{
	bool on = entry_flag(t, "reply_enabled", false);
	bool text = values_text(t->r, "reply_body") != NULL;

	values_ignore(t->r, (const char *const []){ "reply_subject",
	    "reply_startdate", "reply_enddate", NULL });
	if (on)
		foreign_lost(t->c->i, "user", t->name, "left out; write a new "
		    "message with Sieve", "answers by a vacation message");
	else if (text)
		entry_lost(t, "has a vacation message, which is off");
}

/* Each is a row of Mailu's own tables. */
static void
parts_lost(struct entry *t)
{
	size_t tokens = values_nested(t->r, "tokens");
	size_t fetches = values_nested(t->r, "fetches");

	while (tokens-- > 0)
		collect_lost(t->c, "user", t->name, "has a password for a "
		    "program (token): such a program gets the user's own");
	while (fetches-- > 0)
		collect_lost(t->c, "user", t->name, "fetches mail from an "
		    "account elsewhere");
}

static void
user_take(struct collecting *c, struct values *r)
{
	struct entry t = { c, r, "user", NULL, false };
	struct foreign_user u = { .may_send = true, .may_receive = true };
	bool standard = values_text(r, "quota_bytes") == NULL;

	t.name = email_of(&t);
	u.email = entry_kept(&t, t.name);
	u.crypt = crypt_of(&t);
	u.active = entry_flag(&t, "enabled", true);
	u.quota = entry_number(&t, "quota_bytes", QUOTA_STANDARD);
	u.name = entry_kept(&t, values_text(r, "displayed_name"));
	u.note = entry_kept(&t, values_text(r, "comment"));
	u.may_login = may_login(&t);
	forward_take(&t);
	if (t.refused)
		return;
	if (u.quota == 0)
		u.quota = FIELD_NULL;
	*collect_user_row(c, u.email) = u;
	c->standard_quotas += standard;
	reply_lost(&t);
	parts_lost(&t);
	entry_losses(&t, user_losses);
	values_ignore(r, needless);
	entry_rest(&t);
}

/* --- aliases ------------------------------------------------------------- */

static const struct entry_loss alias_losses[] = {
	{ "owner_email", "", "belongs to a user, who made it" },
	{ "hostname", "", "was made for a web site" },
	{ 0 }
};

/* A pattern of SQL: % stands for any name. */
static const char *
alias_name(struct entry *t)
{
	bool wildcard = entry_flag(t, "wildcard", false);

	if (!wildcard || strncmp(t->name, "%@", 2) != 0)
		return t->name;
	return t->name + 1;
}

static bool
is_pattern(struct entry *t)
{
	return entry_flag(t, "wildcard", false) && *alias_name(t) != '@' &&
	    strpbrk(t->name, "%_") != NULL;
}

static void
alias_take(struct collecting *c, struct values *r)
{
	struct entry t = { c, r, "alias", NULL, false };
	const char *name, *note;
	struct foreign_alias *a;
	bool disabled;

	t.name = email_of(&t);
	name = alias_name(&t);
	disabled = entry_flag(&t, "disabled", false);
	if (t.refused)
		return;
	if (is_pattern(&t)) {
		collect_lost(c, "alias", t.name,
		    "is a pattern; aliases here are names");
		return;
	}
	note = values_text(r, "comment");
	if (note == NULL)
		note = values_text(r, "note");
	a = collect_alias_row(c, entry_kept(&t, name),
	    list_of(&t, "destination"));
	a->active = !disabled;
	a->note = entry_kept(&t, note);
	entry_losses(&t, alias_losses);
	values_ignore(r, needless);
	entry_rest(&t);
}

/* --- relayed domains ----------------------------------------------------- */

static void
relay_take(struct collecting *c, struct values *r)
{
	struct entry t = { c, r, "domain", values_text(r, "name"), false };
	const char *host = values_text(r, "smtp");

	if (t.name == NULL)
		t.name = "";
	collect_domain_row(c, entry_kept(&t, t.name))->backup = true;
	if (host != NULL)
		entry_lost(&t, arena_printf(r->arena, "is relayed to %s: put "
		    "it into transport_maps", host));
	if (values_text(r, "comment") != NULL)
		entry_lost(&t, "has a comment");
	values_ignore(r, needless);
	entry_rest(&t);
}

/* --- all of it --------------------------------------------------------- */

static const struct yaml_section sections[] = {
	{ "domain", "domains", domain_take, true },
	{ "user", "users", user_take, false },
	{ "alias", "aliases", alias_take, false },
	{ "relay", "relays", relay_take, false },
	{ 0 }
};

bool
mailu_read(struct importing *i, struct err *e)
{
	struct collecting c = { .i = i };
	bool ok = yaml_sections_read(&c, sections, e) && collect_end(&c, e);

	if (ok && c.standard_quotas > 0)
		foreign_fixed(i, "quota", "*", "counted as 1000000000 bytes, "
		    "which Mailu gives", "is not given for %s",
		    sentence_number(i->arena, (int64_t)c.standard_quotas,
			"user", "users"));
	if (!ok && e->code == ERR_INVALID && e->hint == NULL)
		err_hint(e, "the file is what \"flask mailu config-export "
		    "--secrets\" prints");
	i->from->found = "Mailu";
	collect_clear(&c);
	return ok;
}
