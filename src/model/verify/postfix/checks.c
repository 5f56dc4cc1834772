/* Verifying what the restrictions of smtpd ask, and who answers. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/text.h"
#include "file/read.h"
#include "model/conf/conf.h"
#include "model/verify/private.h"

/* --- words of the sender ----------------------------------------------- */

static const char *const closing[] = { "reject_unauth_destination",
    "defer_unauth_destination", "reject", "defer", NULL };

/* These believe what a stranger writes. */
static const char *const believing[] = { "check_sender_access",
    "check_helo_access", NULL };

/* The types of tables whose text is the file, or beside it. */
static const char *const text_types[] = { "hash", "btree", "lmdb", "cdb",
    "dbm", "sdbm", "texthash", "regexp", "pcre", "cidr", NULL };

/*
 * A list of the refused lets nobody pass.  What a database answers is not
 * known, and most are such lists: no claim is made of them.
 */
static bool
may_permit(struct verifying *v, const char *map)
{
	const char *colon = strchr(map, ':');
	struct text content = TEXT_INIT;
	struct err e = { 0 };
	bool permits = false;
	const char *type;
	struct stat st;

	if (colon == NULL || colon[1] != '/')
		return false;
	type = arena_strndup(v->arena, map, (size_t)(colon - map));
	if (word_is_one_of(type, text_types) && file_read(verify_path(v,
	    colon + 1), &content, &st, &e))
		permits = conf_access_permits(content.buf, strcmp(type,
		    "regexp") == 0 || strcmp(type, "pcre") == 0);
	err_clear(&e);
	text_clear(&content);
	return permits;
}

/*
 * Where the list lets a stranger pass: at its end, or by a table that it asks
 * about what they write; `asked` is that table.
 */
static bool
is_passable(struct verifying *v, const struct words *list,
    const char **asked)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *word = list->word[i];

		if (word_is_one_of(word, closing))
			return *asked != NULL;
		if (word_is_one_of(word, believing) && i + 1 < list->count &&
		    *asked == NULL && may_permit(v, list->word[i + 1]))
			*asked = list->word[i + 1];
	}
	return true;
}

/* Only if both lists let them pass, mail is relayed. */
static void
believing_verify(struct verifying *v)
{
	struct words relay = postfix_list(v->arena, verify_postfix(v,
	    "smtpd_relay_restrictions"));
	struct words recipient = postfix_list(v->arena, verify_postfix(v,
	    "smtpd_recipient_restrictions"));
	const char *first = NULL, *second = NULL;
	bool first_passes = is_passable(v, &relay, &first);
	bool second_passes = is_passable(v, &recipient, &second);
	const char *setting = first != NULL ? "smtpd_relay_restrictions" :
	    "smtpd_recipient_restrictions";

	if (!first_passes || !second_passes ||
	    (first == NULL && second == NULL))
		return;
	verify_at(v, (struct verify_at){ .setting = setting });
	verify_found(v, VERIFY_OPEN_RELAY, setting, arena_printf(v->arena,
	    "put reject_unauth_destination in front of that table in %s",
		setting), "%s asks %s before reject_unauth_destination: "
	    "whoever writes a name that it answers with OK may relay",
	    setting, first != NULL ? first : second);
}

/* --- lists of DNS ------------------------------------------------------- */

/* Their owners closed them; some then listed everybody. */
static const char *const closed[] = { "relays.ordb.org", "list.dsbl.org",
    "dnsbl.njabl.org", "combined.njabl.org", "dynablock.njabl.org",
    "bl.spamcannibal.org", "dnsbl.sorbs.net", "safe.dnsbl.sorbs.net",
    "dul.dnsbl.sorbs.net", "spam.dnsbl.sorbs.net", "http.dnsbl.sorbs.net",
    "blackholes.easynet.nl", "opm.blitzed.org", "cbl.abuseat.org",
    "dsn.rfc-ignorant.org", "multihop.dsbl.org", "dnsbl.ahbl.org",
    "rhsbl.ahbl.org", "ix.dnsbl.manitu.net", "dnsbl.inps.de",
    "bl.emailbasura.org", "rhsbl.sorbs.net", NULL };

static void
list_verify(struct verifying *v, const char *setting, const char *word)
{
	const char *name = arena_strndup(v->arena, word, strcspn(word, "=*"));

	if (!word_is_one_of(name, closed) || words_have(&v->missing, name))
		return;
	words_add(v->arena, &v->missing, name);
	verify_at(v, (struct verify_at){ .setting = setting });
	verify_found(v, VERIFY_LIST_CLOSED, name, arena_printf(v->arena,
	    "take it out of %s", setting), "%s asks %s, which is closed: it "
	    "answers nothing, or that everybody sends spam", setting, name);
}

/* --- who is asked ------------------------------------------------------- */

static void
policy_verify(struct verifying *v, const char *setting, const char *word)
{
	static const char *const types[] = { "inet:", "unix:", "local:" };

	word += strspn(word, "{ ");
	for (size_t i = 0; i < 3; i++) {
		if (strncmp(word, types[i], strlen(types[i])) == 0)
			return;
	}
	verify_at(v, (struct verify_at){ .setting = setting });
	verify_found(v, VERIFY_VALUE_REFUSED, word, arena_printf(v->arena,
	    "write inet: or unix: in front of %s in %s", word, setting),
	    "%s: check_policy_service %s has no inet: or unix: in front: "
	    "smtpd ends at once", setting, word);
}

static void
words_verify(struct verifying *v, const char *setting)
{
	struct words words = postfix_list(v->arena, verify_postfix(v,
	    setting));

	for (size_t i = 1; i < words.count; i++) {
		const char *before = words.word[i - 1];

		if (strncasecmp(before, "reject_rbl_", 11) == 0 ||
		    strncasecmp(before, "reject_rhsbl_", 13) == 0)
			list_verify(v, setting, words.word[i]);
		else if (strcasecmp(before, "check_policy_service") == 0)
			policy_verify(v, setting, words.word[i]);
	}
}

static void
sites_verify(struct verifying *v)
{
	struct words sites = postfix_list(v->arena, verify_postfix(v,
	    "postscreen_dnsbl_sites"));

	for (size_t i = 0; i < sites.count; i++)
		list_verify(v, "postscreen_dnsbl_sites", sites.word[i]);
}

/* "inet:8891" is a port of this machine, and "inet:host" is none. */
static void
milters_verify(struct verifying *v)
{
	static const char *const settings[] = { "smtpd_milters",
	    "non_smtpd_milters" };

	for (size_t i = 0; i < 2; i++) {
		struct words words = postfix_list(v->arena, verify_postfix(v,
		    settings[i]));

		for (size_t n = 0; n < words.count; n++) {
			const char *word = words.word[n];

			word += strspn(word, "{ ");
			if (strncmp(word, "inet:", 5) != 0 ||
			    strchr(word + 5, ':') != NULL ||
			    isdigit((unsigned char)word[5]))
				continue;
			verify_at(v, (struct verify_at){
			    .setting = settings[i] });
			verify_found(v, VERIFY_VALUE_REFUSED, word,
			    arena_printf(v->arena, "write a port behind %s "
				"in %s", word, settings[i]), "%s: %s has no "
			    "port, so no milter is asked", settings[i], word);
		}
	}
}

/* --- mechanisms --------------------------------------------------------- */

/* PLAIN and LOGIN are all that hashes can serve. */
static void
mechanisms_verify(struct verifying *v)
{
	static const char name[] = "smtpd_sasl_tls_security_options";
	struct words options = postfix_list(v->arena, verify_postfix(v,
	    name));
	struct words offered;

	if (!v->has_dovecot || !verify_has_word(&options, "noplaintext"))
		return;
	offered = postfix_list(v->arena, verify_dovecot(v,
	    "auth_mechanisms"));
	for (size_t i = 0; i < offered.count; i++) {
		if (strcasecmp(offered.word[i], "plain") != 0 &&
		    strcasecmp(offered.word[i], "login") != 0)
			return;
	}
	verify_at(v, (struct verify_at){ .setting = name,
	    .instead = VERIFY_SEND });
	verify_found(v, VERIFY_VALUE_REFUSED, name, arena_printf(v->arena,
	    "postconf -e '%s = noanonymous'", name), "%s has noplaintext, and "
	    "Dovecot offers plain and login alone: smtpd ends where somebody "
	    "could log in", name);
}

/* --- networks ----------------------------------------------------------- */

static void
networks_verify(struct verifying *v)
{
	struct words words = postfix_list(v->arena, verify_postfix(v,
	    "mynetworks"));

	for (size_t i = 0; i < words.count; i++) {
		const char *word = words.word[i];

		if (strspn(word, "0123456789abcdefABCDEF:/.") != strlen(word)
		    || strchr(word, ':') == NULL)
			continue;
		verify_at(v, (struct verify_at){ .setting = "mynetworks" });
		verify_found(v, VERIFY_VALUE_REFUSED, word, arena_printf(
		    v->arena, "write [ADDRESS]/BITS for %s in mynetworks",
			word), "mynetworks has %s: an address of IPv6 needs "
		    "brackets, and smtpd takes it for a map", word);
	}
}

static bool
has_before(const struct words *words, size_t end, const char *word)
{
	for (size_t i = 0; i < end; i++) {
		if (strcasecmp(words->word[i], word) == 0)
			return true;
	}
	return false;
}

/* The words in front of a list, until one of them refuses. */
static void
late_verify(struct verifying *v, const char *setting)
{
	struct words words = postfix_list(v->arena, verify_postfix(v,
	    setting));
	bool refused = false;

	for (size_t i = 0; i < words.count; i++) {
		const char *word = words.word[i];

		refused |= strcasecmp(word, closing[0]) == 0 ||
		    strcasecmp(word, closing[1]) == 0;
		if (!refused || (strcasecmp(word, "permit_mynetworks") != 0 &&
		    strcasecmp(word, "permit_sasl_authenticated") != 0) ||
		    has_before(&words, i, word))
			continue;
		verify_at(v, (struct verify_at){ .setting = setting });
		verify_found(v, VERIFY_PERMIT_LATE, setting, arena_printf(
		    v->arena, "put %s in front of reject_unauth_destination "
			"in %s", word, setting), "%s has %s behind "
		    "reject_unauth_destination: those users cannot send to "
		    "others", setting, word);
		return;
	}
}

void
verify_checks(struct verifying *v)
{
	late_verify(v, "smtpd_relay_restrictions");
	late_verify(v, "smtpd_recipient_restrictions");
	for (size_t i = 0; verify_restrictions[i] != NULL; i++)
		words_verify(v, verify_restrictions[i]);
	believing_verify(v);
	sites_verify(v);
	milters_verify(v);
	mechanisms_verify(v);
	networks_verify(v);
}
