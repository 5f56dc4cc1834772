/* Verifying that what Postfix hands mail to exists, and can take it. */
#include <pwd.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "model/conf/conf.h"
#include "model/verify/private.h"

/* --- transports -------------------------------------------------------- */

const struct postfix_service *
verify_service(const struct verifying *v, const char *name)
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

/* "user=vmail:vmail", and "argv=/usr/lib/dovecot/dovecot-lda -f ...". */
static const char *
argument(struct verifying *v, const struct postfix_service *s,
    const char *name, const char *end)
{
	const char *at = strstr(s->arguments, name);

	return at == NULL ? NULL : arena_strndup(v->arena, at + strlen(name),
	    strcspn(at + strlen(name), end));
}

const char *
verify_service_user(struct verifying *v, const struct postfix_service *s)
{
	return argument(v, s, "user=", ": \t");
}

static void
program_verify(struct verifying *v, const struct postfix_service *s)
{
	const char *user = verify_service_user(v, s);
	const char *program = argument(v, s, "argv=", " \t");
	const char *name = arena_printf(v->arena, "%s/%s", s->name, s->type);

	if ((strcmp(s->command, "pipe") != 0 &&
	    strcmp(s->command, "spawn") != 0) ||
	    words_have(&v->missing, name))
		return;
	words_add(v->arena, &v->missing, name);
	if (user == NULL || strcmp(user, "root") == 0)
		verify_found(v, VERIFY_PROGRAM_MISSING, name, arena_printf(
		    v->arena, "write user=vmail, or another account that is "
			"not root, in the service %s of master.cf", s->name),
		    "the service %s ends at once: %s", s->name, user == NULL ?
		    "it has no user=" : "it may not run as root");
	else if (getpwnam(user) == NULL)
		verify_found(v, VERIFY_PROGRAM_MISSING, name, arena_printf(
		    v->arena, "correct user=%s in the service %s of "
			"master.cf", user, s->name), "the service %s runs as "
		    "%s, and there is no such account", s->name, user);
	else if (program != NULL && *program == '/' &&
	    access(program, F_OK) != 0)
		verify_found(v, VERIFY_PROGRAM_MISSING, name, arena_printf(
		    v->arena, "correct argv=%s in the service %s of "
			"master.cf", program, s->name), "the service %s runs "
		    "%s, which does not exist", s->name, program);
}

static void
absent_verify(struct verifying *v, const char *setting, const char *value)
{
	const char *name = transport_of(v, value);
	bool filter = strcmp(setting, "content_filter") == 0;

	if (verify_service(v, name) != NULL)
		program_verify(v, verify_service(v, name));
	if (*name == '\0' || verify_service(v, name) != NULL ||
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
	const struct postfix_service *s = verify_service(v, name);
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

/* A filter gives mail back where no filter is asked again. */
static void
return_verify(struct verifying *v)
{
	const char *value = verify_postfix(v, "content_filter");
	const struct postfix_service *to = verify_service(v, transport_of(v,
	    value));

	if (to == NULL || (strcmp(to->command, "smtp") != 0 &&
	    strcmp(to->command, "lmtp") != 0) ||
	    (strstr(value, "127.0.0.1") == NULL &&
	    strstr(value, "localhost") == NULL))
		return;
	for (size_t i = 0; i < v->postfix.services; i++) {
		const struct postfix_service *s = &v->postfix.service[i];
		const char *own = cf_value(&s->overrides, "content_filter");

		if (strcmp(s->command, "smtpd") == 0 && own != NULL &&
		    *own == '\0')
			return;
	}
	verify_at(v, (struct verify_at){ .setting = "content_filter" });
	verify_found(v, VERIFY_TRANSPORT_MISSING, "content_filter",
	    "add a service smtpd with -o content_filter= to master.cf, on the "
	    "port where the filter gives mail back", "content_filter hands "
	    "mail to %s, and no service of master.cf takes it back with an "
	    "empty content_filter", value);
}

/* mailbox_command, which local(8) runs; a shell's words are not guessed. */
static void
command_verify(struct verifying *v)
{
	const char *command = verify_postfix(v, "mailbox_command");
	const char *program = arena_strndup(v->arena, command,
	    strcspn(command, " \t"));

	if (*program != '/' || strpbrk(program, "\"'$;|&`\\") != NULL ||
	    access(program, F_OK) == 0)
		return;
	verify_found(v, VERIFY_PROGRAM_MISSING, "mailbox_command",
	    "correct it in main.cf", "mailbox_command runs %s, which does not "
	    "exist: mail of local accounts bounces", program);
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
	return_verify(v);
	command_verify(v);
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

	return (slash != NULL && verify_service(v, slash + 1) != NULL) ||
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

/* --- values of several words ------------------------------------------- */

static void
refused(struct verifying *v, const char *setting, const char *service,
    const char *why)
{
	verify_at(v, (struct verify_at){ .setting = setting,
	    .service = service });
	verify_found(v, VERIFY_VALUE_REFUSED, service != NULL ?
	    arena_printf(v->arena, "%s/%s", service, setting) : setting,
	    "correct the word that is named", "%s%s%s: Postfix refuses this, "
	    "and answers with 451: %s", service != NULL ? service : "",
	    service != NULL ? ": " : "", setting, why);
}

static void
list_verify(struct verifying *v, const char *setting, const char *service,
    const char *value)
{
	struct words classes = postfix_list(v->arena, verify_postfix(v,
	    "smtpd_restriction_classes"));
	struct words words = postfix_list(v->arena, value);
	const char *why = conf_restriction_wrong(v->arena, &words, &classes);

	if (why != NULL)
		refused(v, setting, service, why);
}

static void
lists_verify(struct verifying *v)
{
	for (size_t i = 0; verify_restrictions[i] != NULL; i++) {
		const char *name = verify_restrictions[i];

		list_verify(v, name, NULL, verify_postfix(v, name));
		for (size_t n = 0; n < v->postfix.services; n++) {
			const struct postfix_service *s =
			    &v->postfix.service[n];
			const char *own = cf_value(&s->overrides, name);

			if (own != NULL && strcmp(own, verify_postfix(v,
			    name)) != 0)
				list_verify(v, name, arena_printf(v->arena,
				    "%s/%s", s->name, s->type), own);
		}
	}
}

/* Postfix wants the kind of each milter in front. */
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
			if (strncmp(word, "inet", 4) != 0 && strncmp(word,
			    "unix:", 5) != 0 && strncmp(word, "local:", 6) !=
			    0)
				refused(v, settings[i], NULL, arena_printf(
				    v->arena, "%s begins with no inet: or "
				    "unix:", word));
		}
	}
}

static void
networks_verify(struct verifying *v)
{
	struct words words = postfix_list(v->arena, verify_postfix(v,
	    "mynetworks"));

	for (size_t i = 0; i < words.count; i++) {
		const char *word = words.word[i];

		if (conf_network_has_host(word + (*word == '!')))
			refused(v, "mynetworks", NULL, arena_printf(v->arena,
			    "%s is an address and not a network", word));
	}
}

/* "/etc/postfix/vhost" in a list stands for what is in it. */
static void
files_verify(struct verifying *v)
{
	static const char *const settings[] = { "virtual_mailbox_domains",
	    "mydestination", "relay_domains", "virtual_alias_domains" };

	for (size_t i = 0; i < 4; i++) {
		struct words words = postfix_list(v->arena, verify_postfix(v,
		    settings[i]));

		for (size_t n = 0; n < words.count; n++) {
			const char *word = words.word[n];

			if (*word != '/' || access(verify_path(v, word),
			    F_OK) == 0)
				continue;
			verify_at(v, (struct verify_at){
			    .setting = settings[i] });
			verify_found(v, VERIFY_MAP_CLOSED, word,
			    arena_printf(v->arena, "write the file, or "
				"correct its name in %s", settings[i]),
			    "%s names %s, which does not exist", settings[i],
			    word);
		}
	}
}

/* --- names that do not exist ------------------------------------------- */

static void
accepted_verify(struct verifying *v)
{
	struct words checks = postfix_list(v->arena, verify_postfix(v,
	    "smtpd_recipient_restrictions"));

	if (v->server == VERIFY_SERVER_OURS ||
	    *verify_postfix(v, "virtual_mailbox_domains") == '\0' ||
	    *verify_postfix(v, "virtual_mailbox_maps") != '\0' ||
	    verify_has_word(&checks, "reject_unverified_recipient"))
		return;
	verify_found(v, VERIFY_ALL_ACCEPTED, "virtual_mailbox_maps", NULL,
	    "virtual_mailbox_maps is not set: mail for names that do not "
	    "exist is accepted, and then bounces");
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

static void
password_verify(struct verifying *v)
{
	static const char name[] = "smtp_sasl_password_maps";

	if (!verify_is_yes(verify_postfix(v, "smtp_sasl_auth_enable")) ||
	    *verify_postfix(v, name) != '\0')
		return;
	verify_at(v, (struct verify_at){ .setting = name,
	    .instead = VERIFY_OUT });
	verify_found(v, VERIFY_VALUE_REFUSED, name, "write a map of passwords "
	    "for relayhost, and name it there", "smtp_sasl_auth_enable is "
	    "yes without %s: smtp ends at once, and mail to others stays "
	    "here", name);
}

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
	lists_verify(v);
	milters_verify(v);
	networks_verify(v);
	files_verify(v);
	accepted_verify(v);
	password_verify(v);
	dane_verify(v);
	utf8_verify(v);
}
