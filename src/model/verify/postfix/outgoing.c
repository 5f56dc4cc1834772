/* Verifying how Postfix hands mail to other servers: logins, TLS, waiting. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "model/verify/private.h"

/* --- logins -------------------------------------------------------- */

/* "relay:[mx.example.org]" of default_transport is the service relay. */
static const struct postfix_service *
client_of(const struct verifying *v)
{
	const char *name = verify_postfix(v, "default_transport");

	return verify_service(v, arena_strndup(v->arena, name, strcspn(name,
	    ":")));
}

/* As the service has it that sends; -o in master.cf counts. */
static const char *
value(const struct verifying *v, const char *setting)
{
	const struct postfix_service *s = client_of(v);

	return s == NULL ? verify_postfix(v, setting) : postfix_value(
	    &v->postfix, s, setting);
}

static bool
logs_in(const struct verifying *v)
{
	return verify_is_yes(value(v, "smtp_sasl_auth_enable"));
}

/* "[mx.example.org]:587" and "mx.example.org" of the same server. */
static const char *
host_of(struct verifying *v, const char *relayhost)
{
	const char *name = relayhost + (*relayhost == '[');

	return arena_strndup(v->arena, name, strcspn(name, "]:"));
}

static bool
is_readable_map(const char *map)
{
	return strncmp(map, "hash:/", 6) == 0 ||
	    strncmp(map, "texthash:/", 10) == 0 ||
	    strncmp(map, "lmdb:/", 6) == 0 ||
	    strncmp(map, "btree:/", 7) == 0;
}

/* Postfix asks for the server and for relayhost, letter by letter. */
static void
password_verify(struct verifying *v, const char *map)
{
	const char *relayhost = verify_postfix(v, "relayhost"), **answers;
	struct words keys = { 0 };
	struct err e = { 0 };

	words_add(v->arena, &keys, relayhost);
	words_add(v->arena, &keys, host_of(v, relayhost));
	if (!postfix_lookup(v->arena, v->postfix.dir, map, &keys, &answers,
	    &e)) {
		err_clear(&e);
		return;
	}
	if (answers[0] == NULL && answers[1] == NULL)
		verify_found(v, VERIFY_RELAY_LOGIN, "smtp_sasl_password_maps",
		    arena_printf(v->arena, "begin its line in %s with %s, as "
			"relayhost has it; postmap %s", strchr(map, ':') + 1,
			relayhost, map), "%s has no password for %s: "
		    "brackets and port must be the same as in relayhost",
		    map, relayhost);
}

static void
passwords_verify(struct verifying *v)
{
	struct words maps = postfix_list(v->arena, verify_postfix(v,
	    "smtp_sasl_password_maps"));
	bool sender = verify_is_yes(verify_postfix(v,
	    "smtp_sender_dependent_authentication"));

	if (*verify_postfix(v, "relayhost") == '\0' || sender)
		return;
	if (maps.count > 0 && !logs_in(v)) {
		verify_at(v, (struct verify_at){
		    .setting = "smtp_sasl_auth_enable" });
		verify_found(v, VERIFY_RELAY_LOGIN, "smtp_sasl_auth_enable",
		    "postconf -e 'smtp_sasl_auth_enable = yes'",
		    "smtp_sasl_password_maps has passwords, and "
		    "smtp_sasl_auth_enable is no: Postfix does not log in");
	} else if (maps.count == 1 && is_readable_map(maps.word[0])) {
		password_verify(v, maps.word[0]);
	}
}

/* The default of Postfix refuses PLAIN and LOGIN, and others have no more. */
static void
mechanisms_verify(struct verifying *v)
{
	static const char name[] = "smtp_sasl_tls_security_options";
	struct words options = postfix_list(v->arena, value(v, name));

	if (!logs_in(v) || !verify_has_word(&options, "noplaintext") ||
	    *verify_postfix(v, "smtp_sasl_password_maps") == '\0')
		return;
	verify_at(v, (struct verify_at){ .setting = name });
	verify_found(v, VERIFY_RELAY_LOGIN, name, arena_printf(v->arena,
	    "postconf -e '%s = noanonymous'", name), "%s has noplaintext: "
	    "Postfix refuses PLAIN and LOGIN, and most servers offer nothing "
	    "else", name);
}

/* --- TLS ------------------------------------------------------------- */

static bool
has_no_tls(const struct verifying *v)
{
	const char *level = value(v, "smtp_tls_security_level");

	if (*level != '\0')
		return strcasecmp(level, "none") == 0;
	return !verify_is_yes(value(v, "smtp_use_tls")) &&
	    !verify_is_yes(value(v, "smtp_enforce_tls"));
}

static bool
is_local(const char *relayhost)
{
	return strstr(relayhost, "127.0.0.1") != NULL ||
	    strstr(relayhost, "localhost") != NULL ||
	    strstr(relayhost, "::1") != NULL;
}

static void
clear_verify(struct verifying *v)
{
	struct words options = postfix_list(v->arena, value(v,
	    "smtp_sasl_security_options"));

	if (!logs_in(v) || !has_no_tls(v) || verify_has_word(&options,
	    "noplaintext") || is_local(verify_postfix(v, "relayhost")) ||
	    *verify_postfix(v, "smtp_tls_policy_maps") != '\0' ||
	    *verify_postfix(v, "smtp_sasl_password_maps") == '\0')
		return;
	verify_at(v, (struct verify_at){
	    .setting = "smtp_tls_security_level" });
	verify_found(v, VERIFY_RELAY_CLEAR, "smtp_tls_security_level", NULL,
	    "Postfix logs in at other servers without TLS: "
	    "smtp_tls_security_level is \"%s\"", value(v,
		"smtp_tls_security_level"));
}

/* 465 begins with TLS, and no other port does. */
static void
wrapper_verify(struct verifying *v)
{
	const char *relayhost = verify_postfix(v, "relayhost");
	const char *port = strrchr(relayhost, ':');
	bool wraps = verify_is_yes(value(v, "smtp_tls_wrappermode"));

	if (*relayhost == '\0' || (port != NULL && strchr(port, ']') != NULL))
		port = NULL;
	if (port != NULL && !wraps && (strcmp(port, ":465") == 0 ||
	    strcmp(port, ":smtps") == 0 || strcmp(port, ":submissions") == 0))
		verify_found(v, VERIFY_RELAY_TLS, "relayhost",
		    "postconf -e 'smtp_tls_wrappermode = yes' "
		    "'smtp_tls_security_level = encrypt'",
		    "relayhost is %s, where TLS begins at once, and "
		    "smtp_tls_wrappermode is no: nothing is ever sent",
		    relayhost);
	else if (wraps && *relayhost != '\0' && (port == NULL || strcmp(port,
	    ":25") == 0 || strcmp(port, ":587") == 0 || strcmp(port,
	    ":submission") == 0))
		verify_found(v, VERIFY_RELAY_TLS, "smtp_tls_wrappermode",
		    "postconf -X smtp_tls_wrappermode", "smtp_tls_wrappermode "
		    "is yes, and relayhost is %s, where TLS begins by "
		    "STARTTLS: nothing is ever sent", relayhost);
}

/* Without one of these no server is trusted. */
static bool
trusts_some(const struct verifying *v)
{
	return *value(v, "smtp_tls_CAfile") != '\0' ||
	    *value(v, "smtp_tls_CApath") != '\0' ||
	    *value(v, "smtp_tls_trust_anchor_file") != '\0' ||
	    verify_is_yes(verify_postfix(v, "tls_append_default_CA"));
}

/* A file that does not exist is refused; a directory is only not used. */
static void
authorities_verify(struct verifying *v)
{
	static const char *const settings[] = { "smtp_tls_CAfile",
	    "smtpd_tls_CAfile" };
	const char *level = value(v, "smtp_tls_security_level");

	for (size_t i = 0; i < 2; i++) {
		const char *path = verify_postfix(v, settings[i]);

		if (*path != '/' || access(verify_path(v, path), F_OK) == 0)
			continue;
		verify_at(v, (struct verify_at){ .setting = settings[i] });
		verify_found(v, VERIFY_RELAY_TLS, settings[i], arena_printf(
		    v->arena, "postconf -e '%s = /etc/ssl/certs/"
			"ca-certificates.crt'", settings[i]), "%s names %s, "
		    "which does not exist: TLS cannot begin", settings[i],
		    path);
	}
	if (!trusts_some(v) && (strcasecmp(level, "verify") == 0 ||
	    strcasecmp(level, "secure") == 0))
		verify_found(v, VERIFY_RELAY_TLS, "smtp_tls_security_level",
		    "postconf -e 'smtp_tls_CAfile = /etc/ssl/certs/"
		    "ca-certificates.crt'", "smtp_tls_security_level is %s, "
		    "and no smtp_tls_CAfile says who is trusted: no server "
		    "is, and mail to others stays here", level);
}

/* --- waiting ---------------------------------------------------------- */

/* Of the many other servers some have none. */
static void
level_verify(struct verifying *v)
{
	static const char name[] = "smtp_tls_security_level";
	const char *level = value(v, name);

	if ((strcasecmp(level, "encrypt") != 0 && strcasecmp(level,
	    "verify") != 0 && strcasecmp(level, "secure") != 0 &&
	    strcasecmp(level, "dane-only") != 0) ||
	    *verify_postfix(v, "relayhost") != '\0' ||
	    *verify_postfix(v, "default_transport") == '\0' ||
	    *verify_postfix(v, "transport_maps") != '\0' ||
	    *verify_postfix(v, "sender_dependent_relayhost_maps") != '\0')
		return;
	verify_at(v, (struct verify_at){ .setting = name });
	verify_found(v, VERIFY_HELD, name, "postconf -e "
	    "'smtp_tls_security_level = may'", "%s is %s for all servers: "
	    "mail to one without such TLS stays here", name, level);
}

static void
held_verify(struct verifying *v)
{
	const char *deferred = verify_postfix(v, "defer_transports");

	if (verify_is_yes(verify_postfix(v, "soft_bounce")))
		verify_found(v, VERIFY_HELD, "soft_bounce",
		    "postconf -X soft_bounce", "soft_bounce is yes: what "
		    "should be refused is only delayed, and comes again for "
		    "days");
	if (*deferred != '\0')
		verify_found(v, VERIFY_HELD, "defer_transports",
		    "postconf -X defer_transports; postqueue -f",
		    "defer_transports is %s: that mail stays in the queue "
		    "until somebody flushes it", deferred);
}

void
verify_outgoing(struct verifying *v)
{
	passwords_verify(v);
	mechanisms_verify(v);
	clear_verify(v);
	wrapper_verify(v);
	authorities_verify(v);
	held_verify(v);
	level_verify(v);
}
