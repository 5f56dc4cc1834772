/* Verifying that what Postfix hands mail to exists, and can take it. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "model/verify/private.h"

/* --- transports -------------------------------------------------------- */

static const struct postfix_service *
service_find(const struct verifying *v, const char *name)
{
	for (size_t i = 0; i < v->postfix.services; i++) {
		const struct postfix_service *s = &v->postfix.service[i];

		if (strcmp(s->name, name) == 0 &&
		    strcmp(s->type, "inet") != 0)
			return s;
	}
	return NULL;
}

/* "smtp-amavis:[127.0.0.1]:10024" */
static const char *
transport_of(struct verifying *v, const char *value)
{
	return arena_strndup(v->arena, value, strcspn(value, ": "));
}

static void
absent_verify(struct verifying *v, const char *setting, const char *value)
{
	const char *name = transport_of(v, value);
	bool filter = strcmp(setting, "content_filter") == 0;

	if (*name == '\0' || service_find(v, name) != NULL ||
	    words_have(&v->missing, name))
		return;
	words_add(v->arena, &v->missing, name);
	verify_found(v, VERIFY_TRANSPORT_MISSING, setting, arena_printf(
	    v->arena, "add the service %s to master.cf, or %s%s%s", name,
		filter ? "where no filter is any more: postconf -e '" :
		"correct the name in ", setting, filter ? " ='" : ""),
	    "%s hands mail to %s, and master.cf has no such service: that "
	    "mail stays in the queue", setting, name);
}

/* Each person is an argument of its own, and the program takes one alone. */
static bool
takes_one(const struct postfix_service *s)
{
	return strcmp(s->command, "pipe") == 0 &&
	    (strstr(s->arguments, "dovecot-lda") != NULL ||
	    strstr(s->arguments, "dovecot/deliver") != NULL) &&
	    (strstr(s->arguments, "${recipient}") != NULL ||
	    strstr(s->arguments, "${user}") != NULL);
}

static void
limit_verify(struct verifying *v, const char *value)
{
	const char *name = transport_of(v, value);
	const struct postfix_service *s = service_find(v, name);
	const char *setting = arena_printf(v->arena,
	    "%s_destination_recipient_limit", name);
	const char *limit = cf_value(&v->postfix.settings, setting);

	if (s == NULL || !takes_one(s) || (limit != NULL &&
	    strcmp(limit, "1") == 0))
		return;
	verify_at(v, (struct verify_at){ .setting = setting });
	verify_found(v, VERIFY_RECIPIENT_LIMIT, arena_printf(v->arena,
	    "%s/%s", name, s->type), arena_printf(v->arena, "postconf -e "
		"%s=1", setting), "%s is not 1: mail to two users at once "
	    "bounces, since Dovecot's delivery takes one", setting);
}

static void
transports_verify(struct verifying *v)
{
	static const char *const settings[] = { "content_filter",
	    "virtual_transport", "local_transport", "relay_transport",
	    "default_transport", "mailbox_transport",
	    "fallback_transport" };

	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		absent_verify(v, settings[i], verify_postfix(v, settings[i]));
	for (size_t i = 0; i < v->postfix.services; i++) {
		const char *filter = cf_value(
		    &v->postfix.service[i].overrides, "content_filter");

		if (filter != NULL)
			absent_verify(v, "content_filter", filter);
	}
	limit_verify(v, verify_postfix(v, "virtual_transport"));
	limit_verify(v, verify_postfix(v, "mailbox_transport"));
}

/* --- policies ---------------------------------------------------------- */

/* "private/policyd-spf" is a service of master.cf, or Dovecot's. */
static bool
is_answered(struct verifying *v, const char *path)
{
	const char *full = *path == '/' ? path : arena_printf(v->arena,
	    "%s/%s", verify_postfix(v, "queue_directory"), path);
	const char *slash = strrchr(path, '/');

	return (slash != NULL && service_find(v, slash + 1) != NULL) ||
	    access(full, F_OK) == 0 || (v->has_dovecot &&
	    verify_dovecot_listens(v, full));
}

static void
policy_verify(struct verifying *v, const char *list, const char *word)
{
	const char *path;

	/* { unix:private/policy, timeout=5s } */
	word += strspn(word, "{ ");
	if (strncmp(word, "unix:", 5) != 0)
		return;
	path = arena_strndup(v->arena, word + 5, strcspn(word + 5, ",} "));
	/* That of Dovecot's quotas has a rule of its own. */
	if (strstr(path, "quota") != NULL || words_have(&v->missing, path) ||
	    is_answered(v, path))
		return;
	words_add(v->arena, &v->missing, path);
	if (strrchr(path, '/') != NULL)
		words_add(v->arena, &v->missing, strrchr(path, '/') + 1);
	verify_at(v, (struct verify_at){ .setting = list });
	verify_found(v, VERIFY_POLICY_MISSING, path, arena_printf(v->arena,
	    "add the service to master.cf, or start the program that "
		"creates the socket, or take it out of %s", list),
	    "%s asks the policy service %s, and nobody listens there: all "
	    "mail is refused for now", list, path);
}

static void
policies_verify(struct verifying *v)
{
	for (size_t i = 0; verify_restrictions[i] != NULL; i++) {
		const char *list = verify_restrictions[i];
		struct words words = postfix_list(v->arena,
		    verify_postfix(v, list));

		for (size_t n = 1; n < words.count; n++) {
			if (strcasecmp(words.word[n - 1],
			    "check_policy_service") == 0)
				policy_verify(v, list, words.word[n]);
		}
	}
}

/* --- mail to others ---------------------------------------------------- */

/* Without signed answers of DNS there is no DANE. */
static void
dane_verify(struct verifying *v)
{
	const char *level = verify_postfix(v, "smtp_tls_security_level");
	const char *dns = verify_postfix(v, "smtp_dns_support_level");

	if (strncmp(level, "dane", 4) != 0 || strcmp(dns, "dnssec") == 0)
		return;
	verify_found(v, VERIFY_DANE, "smtp_tls_security_level",
	    "postconf -e 'smtp_dns_support_level = dnssec'",
	    "smtp_tls_security_level is %s and smtp_dns_support_level is not "
	    "dnssec: Postfix demands TLS of each server instead, and mail to "
	    "one without it stays here", level);
}

/* --- SMTPUTF8 -------------------------------------------------------- */

static const char keywords[] = "smtpd_discard_ehlo_keywords";

static bool
marks_utf8(struct verifying *v)
{
	return verify_is_yes(verify_postfix(v, "smtputf8_enable")) &&
	    strncmp(verify_postfix(v, "virtual_transport"), "lmtp:", 5) == 0;
}

static bool
offers_utf8(struct verifying *v, const struct postfix_service *s)
{
	struct words discarded = postfix_list(v->arena, postfix_value(
	    &v->postfix, s, keywords));

	return !verify_has_word(&discarded, "smtputf8");
}

static void
offer_verify(struct verifying *v, const struct postfix_service *s)
{
	const char *name = arena_printf(v->arena, "%s/%s", s->name, s->type);
	const char *now = postfix_value(&v->postfix, s, keywords);

	verify_found(v, VERIFY_UTF8_BOUNCES, name,
	    cf_value(&s->overrides, keywords) != NULL ? arena_printf(
		v->arena, "postconf -P %s/%s=smtputf8,silent-discard", name,
		keywords) : arena_printf(v->arena, "postconf -e '%s = "
		"%s%ssmtputf8, silent-discard'", keywords, now,
		*now != '\0' ? ", " : ""),
	    "%s offers SMTPUTF8, and Dovecot's LMTP does not: such mail is "
	    "accepted and then bounces", name);
}

/* What is wrong in main.cf is said of the first service only. */
static void
offers_verify(struct verifying *v)
{
	bool said = false;

	for (size_t i = 0; i < v->postfix.services; i++) {
		const struct postfix_service *s = &v->postfix.service[i];
		bool own = cf_value(&s->overrides, keywords) != NULL;

		if (!verify_is_public(v, s) || !offers_utf8(v, s) ||
		    (!own && said))
			continue;
		offer_verify(v, s);
		said |= !own;
	}
}

/* What programs on this machine send; "verify" is for probes. */
static void
detection_verify(struct verifying *v)
{
	static const char setting[] = "smtputf8_autodetect_classes";
	struct words classes = postfix_list(v->arena, verify_postfix(v,
	    setting));
	bool all = verify_has_word(&classes, "all");

	if (all || verify_has_word(&classes, "sendmail"))
		verify_found(v, VERIFY_UTF8_BOUNCES, setting,
		    "postconf -e 'smtputf8_autodetect_classes = verify'",
		    "%s holds %s: local mail with an umlaut in its header "
		    "bounces", setting, all ? "all" : "sendmail");
}

/* Elsewhere one setting is simpler than one for each port. */
static void
utf8_verify(struct verifying *v)
{
	if (!marks_utf8(v))
		return;
	if (v->server == VERIFY_SERVER_OURS) {
		offers_verify(v);
		detection_verify(v);
	} else if (offers_utf8(v, NULL)) {
		verify_found(v, VERIFY_UTF8_BOUNCES, "smtputf8_enable",
		    "postconf -e 'smtputf8_enable = no'", "Postfix offers "
		    "SMTPUTF8, and Dovecot's LMTP does not: such mail is "
		    "accepted and then bounces");
	}
}

/* --- the run ----------------------------------------------------------- */

bool
verify_is_missing(const struct verifying *v, const char *setting)
{
	for (size_t i = 0; i < v->missing.count; i++) {
		const char *name = v->missing.word[i];
		size_t len = strlen(name);

		if (strncmp(setting, name, len) == 0 && setting[len] == '_')
			return true;
	}
	return false;
}

void
verify_transports(struct verifying *v)
{
	transports_verify(v);
	policies_verify(v);
	dane_verify(v);
	utf8_verify(v);
}
