/* Lines of Postfix's tables. */
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "model/foreignfile/private.h"

/* "key value" of a table of Postfix's: the key, and the rest. */
static void
table_split(struct arena *a, const char *line, const char **key,
    const char **value)
{
	size_t len = strcspn(line, BLANKS);

	*key = arena_strndup(a, line, len);
	*value = foreign_trimmed(a, line + len);
}

void
domain_line(struct collecting *c, const char *line)
{
	const char *key, *value;

	table_split(c->i->arena, line, &key, &value);
	collect_domain(c, key);
}

/* virtual(5): a domain alone as a key says that the domain is ours. */
void
virtual_line(struct collecting *c, const char *line)
{
	const char *key, *value;

	table_split(c->i->arena, line, &key, &value);
	if (strchr(key, '@') == NULL && strchr(key, '.') != NULL)
		collect_domain(c, key);
	else
		collect_alias_row(c, key, value);
}

/* "anna@x.org x.org/anna/": Maildir or mbox below virtual_mailbox_base. */
void
mailbox_line(struct collecting *c, const char *line)
{
	struct arena *a = c->i->arena;
	const char *key, *value;
	struct foreign_user *u;
	size_t len;

	table_split(a, line, &key, &value);
	if (*key == '@') {
		collect_domain_of(c, key);
		collect_lost(c, "user", key, "is a mailbox for all names; "
		    "make a user and a catch-all");
		return;
	}
	u = collect_user(c, key);
	/* If another program delivers, the value has no meaning. */
	if (strchr(value, '/') == NULL)
		return;
	len = strlen(value);
	while (len > 0 && value[len - 1] == '/')
		len--;
	u->home = arena_strndup(a, value, len);
}

void
pattern_line(struct collecting *c, const char *line)
{
	collect_lost(c, "alias", line,
	    "is a pattern; aliases here are names");
}

/* aliases(5): "name: destination, destination" */
void
machine_alias_line(struct collecting *c, const char *line)
{
	collect_lost(c, "alias", foreign_trimmed(c->i->arena,
	    arena_strndup(c->i->arena, line, strcspn(line, ":"))),
	    "is a name on the machine, without a domain: keep it in "
	    "/etc/aliases");
}

/* --- mail that goes elsewhere ------------------------------------------- */

void
relay_line(struct collecting *c, const char *line)
{
	const char *key, *value;

	table_split(c->i->arena, line, &key, &value);
	collect_lost(c, "relay", key, arena_printf(c->i->arena, "its mail is "
	    "sent by %s: keep it in sender_dependent_relayhost_maps, in "
	    "Postfix's local.cf", *value == '\0' ? "this machine itself" :
	    value));
}

/* The rest of the line is a password. */
void
relay_password_line(struct collecting *c, const char *line)
{
	const char *key, *value;

	table_split(c->i->arena, line, &key, &value);
	collect_lost(c, "relay", key, "has a name and a password for sending: "
	    "keep them in smtp_sasl_password_maps, in Postfix's local.cf");
}

/* --- access ----------------------------------------------------------- */

/* What docker-mailserver's "restrict" writes, or a code of refusal. */
static bool
is_refusal(const char *action)
{
	return strncasecmp(action, "REJECT", 6) == 0 || *action == '5';
}

static struct foreign_user *
restricted(struct collecting *c, const char *line, const char *what)
{
	const char *key, *value;
	struct foreign_user *u;

	table_split(c->i->arena, line, &key, &value);
	u = collect_user_find(c, key);
	if (u != NULL && is_refusal(value))
		return u;
	collect_lost(c, "access", key, arena_printf(c->i->arena, u == NULL ?
	    "has a rule for %s, and is no account" : "has a rule for %s that "
	    "is no refusal", what));
	return NULL;
}

void
send_access_line(struct collecting *c, const char *line)
{
	struct foreign_user *u = restricted(c, line, "sending");

	if (u != NULL)
		u->may_send = false;
}

void
receive_access_line(struct collecting *c, const char *line)
{
	struct foreign_user *u = restricted(c, line, "receiving");

	if (u != NULL)
		u->may_receive = false;
}

