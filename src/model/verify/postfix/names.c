/* Verifying names and sizes: the server's own, its domains, its limits. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/verify/private.h"

static struct words
words_of(const struct verifying *v, const char *setting)
{
	return postfix_list(v->arena, verify_postfix(v, setting));
}

/* --- the server's name ------------------------------------------------ */

static void
hostname_verify(struct verifying *v)
{
	const char *name = verify_postfix(v, "myhostname");

	if (strchr(name, '.') != NULL && strncasecmp(name, "localhost.", 10) !=
	    0 && strstr(name, ".localdomain") == NULL)
		return;
	verify_at(v, (struct verify_at){ .setting = "myhostname" });
	verify_found(v, VERIFY_HOSTNAME, "myhostname", NULL, "myhostname is "
	    "%s, which nobody else knows: other servers refuse such a "
	    "greeting", name);
}

/* A list that names files or maps may hold any name. */
static bool
may_hold(const struct words *words, const char *name)
{
	for (size_t i = 0; i < words->count; i++) {
		if (strcasecmp(words->word[i], name) == 0 ||
		    strpbrk(words->word[i], ":/") != NULL)
			return true;
	}
	return false;
}

/* Mail to root@myhostname is for nobody then, and DNS leads it back. */
static void
origin_verify(struct verifying *v)
{
	static const char *const classes[] = { "mydestination",
	    "virtual_mailbox_domains", "virtual_alias_domains",
	    "relay_domains" };
	const char *origin = verify_postfix(v, "myorigin");

	if (strcasecmp(origin, verify_postfix(v, "myhostname")) != 0 ||
	    *verify_postfix(v, "relayhost") != '\0' ||
	    strchr(origin, '.') == NULL ||
	    *verify_postfix(v, "transport_maps") != '\0')
		return;
	for (size_t i = 0; i < 4; i++) {
		struct words words = words_of(v, classes[i]);

		if (may_hold(&words, origin))
			return;
	}
	verify_at(v, (struct verify_at){ .setting = "mydestination" });
	verify_found(v, VERIFY_LOOPS, "myorigin", NULL, "myorigin is %s, "
	    "and no setting says that its mail is for this server: mail to "
	    "root comes back to it", origin);
}

/* --- who can connect ----------------------------------------------- */

static void
reach_verify(struct verifying *v)
{
	if (verify_is_closed(v) && *verify_postfix(v,
	    "virtual_mailbox_domains") != '\0')
		verify_found(v, VERIFY_UNREACHED, "inet_interfaces",
		    "postconf -e 'inet_interfaces = all'; systemctl restart "
		    "postfix", "inet_interfaces is %s: no other server can "
		    "deliver the mail of the domains here", verify_postfix(v,
			"inet_interfaces"));
	if (strcasecmp(verify_postfix(v, "inet_protocols"), "ipv6") == 0)
		verify_found(v, VERIFY_UNREACHED, "inet_protocols",
		    "postconf -e 'inet_protocols = all'; systemctl restart "
		    "postfix", "inet_protocols is ipv6: servers that have "
		    "IPv4 alone neither send here nor get mail");
}

/* --- domains ------------------------------------------------------- */

/* Names of one word that no registry gives away. */
static bool
is_private(const char *name)
{
	static const char *const names[] = { "localhost", "localdomain",
	    "local", "lan", "home", "corp", "internal", "intranet", "private",
	    "test", "invalid", "example" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcasecmp(names[i], name) == 0)
			return true;
	}
	return false;
}

/*
 * "com" stands for all that ends so, where relay_domains means parents.  Old
 * servers have $mydestination there, with the short name of the server.
 */
static void
top_verify(struct verifying *v)
{
	struct words domains = words_of(v, "relay_domains");
	struct words ours = words_of(v, "mydestination");
	struct words parents = words_of(v,
	    "parent_domain_matches_subdomains");

	if (!verify_has_word(&parents, "relay_domains"))
		return;
	for (size_t i = 0; i < domains.count; i++) {
		const char *name = domains.word[i];

		if (strpbrk(name, ".:/!") != NULL || is_private(name) ||
		    verify_has_word(&ours, name) || strcasecmp(name,
		    verify_postfix(v, "myhostname")) == 0)
			continue;
		verify_at(v, (struct verify_at){ .setting = "relay_domains" });
		verify_found(v, VERIFY_OPEN_RELAY, name, arena_printf(
		    v->arena, "take %s out of relay_domains", name),
		    "relay_domains has %s: mail to every domain that ends so "
		    "is relayed for strangers", name);
	}
}

/* The same map or file in two settings. */
static void
twice_verify(struct verifying *v, const char *setting)
{
	struct words domains = words_of(v, "virtual_mailbox_domains");
	struct words others = words_of(v, setting);

	for (size_t i = 0; i < others.count; i++) {
		if (strpbrk(others.word[i], ":/") == NULL ||
		    !verify_has_word(&domains, others.word[i]))
			continue;
		verify_at(v, (struct verify_at){ .setting = setting });
		verify_found(v, VERIFY_DOMAIN_CLASSES, others.word[i],
		    arena_printf(v->arena, "take it out of %s", setting),
		    "%s is in virtual_mailbox_domains and in %s: the users of "
		    "its domains get no mail", others.word[i], setting);
	}
}

/* In whichever list it stands. */
static bool
asks_others(const struct verifying *v)
{
	for (size_t i = 0; verify_restrictions[i] != NULL; i++) {
		struct words words = words_of(v, verify_restrictions[i]);

		if (verify_has_word(&words, "reject_unverified_recipient"))
			return true;
	}
	return false;
}

/* Whoever takes every name has to bounce mail to forged senders. */
static void
unlisted_verify(struct verifying *v)
{
	struct words relayed = words_of(v, "relay_domains");
	struct words ours = words_of(v, "mydestination");
	const char *first = NULL;

	for (size_t i = 0; i < relayed.count; i++) {
		if (!verify_has_word(&ours, relayed.word[i]) &&
		    *relayed.word[i] != '!' && strncmp(relayed.word[i],
		    "proxy:", 6) != 0 && strchr(relayed.word[i], ':') == NULL)
			first = relayed.word[i];
	}
	if (first == NULL || asks_others(v) ||
	    *verify_postfix(v, "relay_recipient_maps") != '\0')
		return;
	verify_at(v, (struct verify_at){ .setting = "relay_recipient_maps" });
	verify_found(v, VERIFY_ALL_ACCEPTED, "relay_recipient_maps",
	    "set relay_recipient_maps to a map that answers each address, or "
	    "put reject_unverified_recipient into "
	    "smtpd_recipient_restrictions",
	    "relay_domains has %s, and relay_recipient_maps is not set: mail "
	    "for names that do not exist is accepted, and then bounces",
	    first);
}

static void
locals_verify(struct verifying *v)
{
	const struct cf_entry *set = cf_find(&v->places.main,
	    "local_recipient_maps");

	if (set == NULL || *set->value != '\0' ||
	    *verify_postfix(v, "mydestination") == '\0' ||
	    *verify_postfix(v, "fallback_transport") != '\0' ||
	    *verify_postfix(v, "luser_relay") != '\0' ||
	    strncmp(verify_postfix(v, "local_transport"), "local", 5) != 0)
		return;
	verify_at(v, (struct verify_at){ .setting = "local_recipient_maps" });
	verify_found(v, VERIFY_ALL_ACCEPTED, "local_recipient_maps",
	    "postconf -X local_recipient_maps", "local_recipient_maps is "
	    "empty: mail for accounts that do not exist is accepted, and then "
	    "bounces");
}

/* --- limits --------------------------------------------------------- */

static void
limit_verify(struct verifying *v, const char *limit, const char *by)
{
	long long most = strtoll(verify_postfix(v, limit), NULL, 10);
	long long message = strtoll(verify_postfix(v, "message_size_limit"),
	    NULL, 10);

	if (most <= 0 || (message > 0 && message <= most))
		return;
	verify_at(v, (struct verify_at){ .setting = limit });
	verify_found(v, VERIFY_SIZES, limit, arena_printf(v->arena,
	    "postconf -e '%s = 0'", limit), "%s is less than "
	    "message_size_limit: %s ends with an error, and delivers nothing",
	    limit, by);
}

static void
limits_verify(struct verifying *v)
{
	if (*verify_postfix(v, "mydestination") != '\0' && strncmp(
	    verify_postfix(v, "local_transport"), "local", 5) == 0)
		limit_verify(v, "mailbox_size_limit", "local(8)");
	if (*verify_postfix(v, "virtual_mailbox_domains") != '\0' && strcmp(
	    verify_postfix(v, "virtual_transport"), "virtual") == 0)
		limit_verify(v, "virtual_mailbox_limit", "virtual(8)");
}

/* --- aliases -------------------------------------------------------- */

/* newaliases writes the one, and Postfix reads the other. */
static void
aliases_verify(struct verifying *v)
{
	struct words made = words_of(v, "alias_database");
	struct words read = words_of(v, "alias_maps");
	bool text = false;

	for (size_t i = 0; i < read.count; i++)
		text |= strncmp(read.word[i], "hash:", 5) == 0 ||
		    strncmp(read.word[i], "lmdb:", 5) == 0;
	for (size_t i = 0; i < made.count; i++) {
		if (verify_has_word(&read, made.word[i]))
			return;
	}
	if (made.count == 0 || !text)
		return;
	verify_at(v, (struct verify_at){ .setting = "alias_database" });
	verify_found(v, VERIFY_ALIASES, "alias_database",
	    "name the same file in alias_maps and alias_database; newaliases",
	    "alias_database is %s, which alias_maps does not have: newaliases "
	    "writes a file that Postfix does not read", made.word[0]);
}

void
verify_names(struct verifying *v)
{
	hostname_verify(v);
	origin_verify(v);
	reach_verify(v);
	top_verify(v);
	twice_verify(v, "mydestination");
	twice_verify(v, "relay_domains");
	twice_verify(v, "virtual_alias_domains");
	unlisted_verify(v);
	locals_verify(v);
	limits_verify(v);
	aliases_verify(v);
}
