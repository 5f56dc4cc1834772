/* Verifying what smtpd accepts: relaying, logins, senders, TLS. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/verify/private.h"

/* A listener of smtpd, with what holds for it. */
struct listener {
	struct verifying *v;
	const struct postfix_service *service;
	bool logins;		/* AUTH is offered */
	bool wrapped;		/* TLS from the start */
	bool encrypted;		/* nothing without TLS */
};

const char *const verify_restrictions[] = {
	"smtpd_client_restrictions", "smtpd_helo_restrictions",
	"smtpd_sender_restrictions", "smtpd_relay_restrictions",
	"smtpd_recipient_restrictions", "smtpd_data_restrictions",
	"smtpd_end_of_data_restrictions", NULL
};

static const char *
value(const struct listener *l, const char *name)
{
	return postfix_value(&l->v->postfix, l->service, name);
}

static struct words
list(const struct listener *l, const char *name)
{
	return postfix_list(l->v->arena, value(l, name));
}

/* "submission/inet", as postconf -P names it. */
static const char *
service_name(const struct listener *l)
{
	return arena_printf(l->v->arena, "%s/%s", l->service->name,
	    l->service->type);
}

/* The last part of "127.0.0.1:587", as a number where it is a known one. */
static const char *
port(const struct listener *l)
{
	const char *colon = strrchr(l->service->name, ':');
	const char *name = colon != NULL ? colon + 1 : l->service->name;

	if (strcmp(name, "smtp") == 0)
		return "25";
	if (strcmp(name, "submission") == 0)
		return "587";
	if (strcmp(name, "submissions") == 0 || strcmp(name, "smtps") == 0)
		return "465";
	return name;
}

/* --- relaying -------------------------------------------------------- */

static bool
is_everybody(const char *network)
{
	const char *slash = strrchr(network, '/');

	return slash != NULL && slash[1] != '\0' &&
	    strtoul(slash + 1, NULL, 10) < 8 && *network != '!';
}

static const char *
everybody_in(const struct listener *l)
{
	struct words networks = list(l, "mynetworks");

	for (size_t i = 0; i < networks.count; i++) {
		if (is_everybody(networks.word[i]))
			return networks.word[i];
	}
	return NULL;
}

/* True where a list lets mail from strangers to other domains pass. */
static bool
lets_pass(const struct words *restrictions, bool all_are_ours)
{
	static const char *const closing[] = { "reject_unauth_destination",
	    "defer_unauth_destination", "reject", "defer", NULL };

	for (size_t i = 0; i < restrictions->count; i++) {
		const char *word = restrictions->word[i];

		if (strcasecmp(word, "permit") == 0 || (all_are_ours &&
		    strcasecmp(word, "permit_mynetworks") == 0))
			return true;
		for (size_t n = 0; closing[n] != NULL; n++) {
			if (strcasecmp(word, closing[n]) == 0)
				return false;
		}
	}
	return true;
}

static bool
relays(const struct listener *l, bool all_are_ours)
{
	for (size_t i = 0; verify_restrictions[i] != NULL; i++) {
		struct words words = list(l, verify_restrictions[i]);

		if (!lets_pass(&words, all_are_ours))
			return false;
	}
	return true;
}

static void
relay_verify(const struct listener *l)
{
	const char *all = everybody_in(l);

	if (relays(l, false))
		verify_found(l->v, VERIFY_OPEN_RELAY, service_name(l), NULL,
		    "port %s relays for everybody: neither "
		    "smtpd_relay_restrictions nor another list has "
		    "reject_unauth_destination", port(l));
	else if (all != NULL && relays(l, true))
		verify_found(l->v, VERIFY_OPEN_RELAY, service_name(l),
		    "postconf -e 'mynetworks = 127.0.0.0/8 "
		    "[::ffff:127.0.0.0]/104 [::1]/128'",
		    "port %s relays for everybody: mynetworks holds %s",
		    port(l), all);
}

/* --- logins ---------------------------------------------------------- */

static void
logins_verify(const struct listener *l)
{
	struct verifying *v = l->v;
	bool guarded = l->encrypted ||
	    verify_is_yes(value(l, "smtpd_tls_auth_only"));

	if (strcmp(port(l), "587") == 0) {
		if (!l->encrypted)
			verify_found(v, VERIFY_SUBMISSION_CLEAR,
			    service_name(l),
			    arena_printf(v->arena, "postconf -P %s/"
				"smtpd_tls_security_level=encrypt",
				service_name(l)), "submission on port %s works "
			    "without TLS", port(l));
	} else if (l->logins && !guarded) {
		verify_found(v, VERIFY_AUTH_CLEAR, service_name(l), NULL,
		    "port %s accepts passwords without TLS: "
		    "smtpd_tls_auth_only is not yes", port(l));
	}
	if (l->logins && strcmp(port(l), "25") == 0)
		verify_found(v, VERIFY_AUTH_MX, service_name(l), arena_printf(
		    v->arena, "postconf -P %s/smtpd_sasl_auth_enable=no",
			service_name(l)),
		    "port 25 accepts logins, which belong on 465 and 587");
}

static bool
has_restriction(const struct listener *l, const char *word)
{
	for (size_t i = 0; verify_restrictions[i] != NULL; i++) {
		struct words words = list(l, verify_restrictions[i]);

		if (verify_has_word(&words, word))
			return true;
	}
	return false;
}

static void
senders_verify(const struct listener *l)
{
	struct verifying *v = l->v;

	if (!l->logins)
		return;
	if (!has_restriction(l, "reject_sender_login_mismatch") &&
	    !has_restriction(l, "reject_authenticated_sender_login_mismatch"))
		verify_found(v, VERIFY_SENDER_UNCHECKED, service_name(l),
		    arena_printf(v->arena, "postconf -P %s/"
			"smtpd_sender_restrictions="
			"reject_sender_login_mismatch", service_name(l)),
		    "users who log in on port %s may send as anybody: "
		    "no reject_sender_login_mismatch", port(l));
	else if (*value(l, "smtpd_sender_login_maps") == '\0')
		verify_found(v, VERIFY_SENDER_UNCHECKED, service_name(l), NULL,
		    "on port %s nothing limits what users may send as: "
		    "smtpd_sender_login_maps is not set", port(l));
}

/* --- TLS ------------------------------------------------------------- */

/* ">=TLSv1.2", or both old versions named with "!". */
static bool
is_strong(const struct words *protocols)
{
	for (size_t i = 0; i < protocols->count; i++) {
		if (strcasecmp(protocols->word[i], ">=TLSv1.2") == 0 ||
		    strcasecmp(protocols->word[i], ">=TLSv1.3") == 0)
			return true;
	}
	if (verify_has_word(protocols, "TLSv1") ||
	    verify_has_word(protocols, "TLSv1.1") ||
	    verify_has_word(protocols, "SSLv3"))
		return false;
	return (verify_has_word(protocols, "!TLSv1") &&
	    verify_has_word(protocols, "!TLSv1.1")) ||
	    verify_has_word(protocols, "TLSv1.2") ||
	    verify_has_word(protocols, "TLSv1.3");
}

/* Other servers may use old TLS, which is better than none; users may not. */
static void
protocols_verify(const struct listener *l)
{
	struct words words = list(l, "smtpd_tls_mandatory_protocols");

	if (l->encrypted && !is_strong(&words))
		verify_found(l->v, VERIFY_TLS_PROTOCOLS, service_name(l),
		    "postconf -e 'smtpd_tls_mandatory_protocols = "
		    ">=TLSv1.2'", "port %s accepts outdated TLS: "
		    "smtpd_tls_mandatory_protocols is \"%s\"", port(l),
		    value(l, "smtpd_tls_mandatory_protocols"));
}

static void
tls_verify(const struct listener *l)
{
	const char *level = value(l, "smtpd_tls_security_level");

	protocols_verify(l);
	if ((*level == '\0' && !verify_is_yes(value(l, "smtpd_use_tls")) &&
	    !verify_is_yes(value(l, "smtpd_enforce_tls"))) ||
	    strcasecmp(level, "none") == 0) {
		if (!l->wrapped && strcmp(port(l), "587") != 0)
			verify_found(l->v, VERIFY_TLS_OFF, service_name(l),
			    "postconf -e 'smtpd_tls_security_level = may'",
			    "port %s offers no TLS: "
			    "smtpd_tls_security_level is \"%s\"", port(l),
			    level);
	}
}

/* --- SMTPUTF8 -------------------------------------------------------- */

static bool
marks_utf8(struct verifying *v)
{
	return verify_is_yes(verify_postfix(v, "smtputf8_enable")) &&
	    strncmp(verify_postfix(v, "virtual_transport"), "lmtp:", 5) == 0;
}

/* One that has no list of its own has that of main.cf. */
static void
offer_verify(const struct listener *l)
{
	static const char setting[] = "smtpd_discard_ehlo_keywords";
	struct words discarded = list(l, setting);
	bool own = cf_value(&l->service->overrides, setting) != NULL;
	const char *now = value(l, setting);

	if (!marks_utf8(l->v) || verify_has_word(&discarded, "smtputf8"))
		return;
	verify_found(l->v, VERIFY_UTF8_BOUNCES, service_name(l),
	    own ? arena_printf(l->v->arena, "postconf -P %s/%s="
		"smtputf8,silent-discard", service_name(l), setting) :
	    arena_printf(l->v->arena, "postconf -e '%s = %s%ssmtputf8, "
		"silent-discard'", setting, now, *now != '\0' ? ", " : ""),
	    "port %s offers SMTPUTF8, and Dovecot's LMTP does not: such mail "
	    "is accepted and then bounces", port(l));
}

/* What programs on this machine send; "verify" is for probes. */
static void
detection_verify(struct verifying *v)
{
	static const char setting[] = "smtputf8_autodetect_classes";
	struct words classes = postfix_list(v->arena, verify_postfix(v,
	    setting));

	if (marks_utf8(v) && (verify_has_word(&classes, "sendmail") ||
	    verify_has_word(&classes, "all")))
		verify_found(v, VERIFY_UTF8_BOUNCES, setting,
		    "postconf -e 'smtputf8_autodetect_classes = verify'",
		    "%s holds %s: local mail with an umlaut in its header "
		    "bounces", setting, verify_has_word(&classes, "all") ?
		    "all" : "sendmail");
}

/* --- each of them ---------------------------------------------------- */

void
verify_smtpd(struct verifying *v)
{
	for (size_t i = 0; i < v->postfix.services; i++) {
		struct listener l = { .v = v,
		    .service = &v->postfix.service[i] };

		if (strcmp(l.service->type, "inet") != 0 ||
		    strcmp(l.service->command, "smtpd") != 0)
			continue;
		l.logins = verify_is_yes(value(&l, "smtpd_sasl_auth_enable"));
		l.wrapped = verify_is_yes(value(&l,
		    "smtpd_tls_wrappermode"));
		l.encrypted = l.wrapped || verify_is_yes(value(&l,
		    "smtpd_enforce_tls")) || strcasecmp(value(&l,
		    "smtpd_tls_security_level"), "encrypt") == 0;
		relay_verify(&l);
		logins_verify(&l);
		senders_verify(&l);
		tls_verify(&l);
		offer_verify(&l);
	}
	detection_verify(v);
}
