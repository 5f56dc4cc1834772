/* Verifying what smtpd accepts: relaying, logins, senders, TLS. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/text.h"
#include "file/read.h"
#include "model/conf/conf.h"
#include "model/verify/private.h"

/* A listener of smtpd and its settings. */
struct listener {
	struct verifying *v;
	const struct postfix_service *service;
	bool logins;		/* it offers AUTH */
	bool wrapped;		/* TLS from the start */
	bool encrypted;		/* it requires TLS */
	struct words *said;	/* causes, of all listeners */
};

const char *const verify_restrictions[] = {
	"smtpd_client_restrictions", "smtpd_helo_restrictions",
	"smtpd_sender_restrictions", "smtpd_relay_restrictions",
	"smtpd_recipient_restrictions", "smtpd_data_restrictions",
	"smtpd_end_of_data_restrictions", NULL
};

/*
 * The setting of main.cf that counts for this one: the same, or the one that
 * "-o name=$other" in master.cf names; NULL: the service has its own value.
 */
static const char *
shared_name(const struct listener *l, const char *setting)
{
	const char *raw;

	if (cf_value(&l->service->overrides, setting) == NULL)
		return setting;
	raw = cf_value(&l->v->places.master, arena_printf(l->v->arena,
	    "%s/%s/%s", l->service->name, l->service->type, setting));
	return raw != NULL && *raw == '$' && cf_find(&l->v->places.main,
	    raw + 1) != NULL ? raw + 1 : NULL;
}

/* What is wrong in main.cf is said of the first service only. */
static bool
is_said(const struct listener *l, const char *setting)
{
	const char *cause = shared_name(l, setting);

	if (cause == NULL)
		cause = arena_printf(l->v->arena, "%s/%s/%s",
		    l->service->name, l->service->type, setting);
	if (words_have(l->said, cause))
		return true;
	words_add(l->v->arena, l->said, cause);
	return false;
}

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

	if (strcmp(name, "smtp") == 0 || strcmp(l->service->type,
	    "pass") == 0)
		return "25";
	if (strcmp(name, "submission") == 0)
		return "587";
	if (strcmp(name, "submissions") == 0 || strcmp(name, "smtps") == 0)
		return "465";
	return name;
}

/* --- going through a list --------------------------------------------- */

/* How deep classes may name each other. */
#define DEPTH 8

/* What counts in a walk: where it stops, and with which answer. */
enum step { STEP_ON, STEP_STOP, STEP_FOUND };

/* One restriction; arguments of others are words that nobody asks about. */
typedef enum step step_fn(const char *word, const void *arg);

/* Classes are gone through in their place; a warning is no restriction. */
static enum step
walk(const struct listener *l, const char *text, step_fn *take,
    const void *arg, int depth)
{
	struct words words = postfix_list(l->v->arena, text);
	struct words classes = list(l, "smtpd_restriction_classes");

	for (size_t i = 0; i < words.count && depth < DEPTH; i++) {
		const char *word = words.word[i];
		enum step step;

		if (strcasecmp(word, "warn_if_reject") == 0) {
			i++;
			continue;
		}
		step = verify_has_word(&classes, word) ? walk(l,
		    value(l, word), take, arg, depth + 1) : take(word, arg);
		if (step != STEP_ON)
			return step;
	}
	return STEP_ON;
}

/* --- relaying -------------------------------------------------------- */

/* A network that holds strangers, and the file that names it, or NULL. */
struct wide {
	const char *network;
	const char *file;
};

/* A file of networks, or of patterns and answers. */
static bool
wide_in_file(const struct listener *l, const char *file, struct wide *wide)
{
	struct text content = TEXT_INIT;
	struct err e = { 0 };
	const char *line;
	struct stat st;

	if (!file_read(verify_path(l->v, file), &content, &st, &e)) {
		err_clear(&e);
		text_clear(&content);
		return false;
	}
	for (line = content.buf; *line != '\0' && wide->network == NULL;
	    line += strcspn(line, "\n"), line += *line == '\n') {
		size_t indent = strspn(line, " \t");
		const char *word = arena_strndup(l->v->arena, line + indent,
		    strcspn(line + indent, " \t\r\n,"));

		if (conf_network_is_wide(word))
			*wide = (struct wide){ word, file };
	}
	text_clear(&content);
	return wide->network != NULL;
}

static struct wide
wide_find(const struct listener *l)
{
	struct words networks = list(l, "mynetworks");
	struct wide wide = { 0 };

	for (size_t i = 0; i < networks.count && wide.network == NULL; i++) {
		const char *word = networks.word[i];

		if (strncmp(word, "cidr:", 5) == 0)
			word += 5;
		if (*word == '/')
			wide_in_file(l, word, &wide);
		else if (conf_network_is_wide(word))
			wide.network = word;
	}
	return wide;
}

/* The command that keeps the others. */
static const char *
wide_advice(const struct listener *l, const struct wide *wide)
{
	struct arena *a = l->v->arena;
	struct words networks = list(l, "mynetworks");
	const char *kept = "";

	if (wide->file != NULL)
		return arena_printf(a, "remove %s from %s; postfix reload",
		    wide->network, wide->file);
	for (size_t i = 0; i < networks.count; i++) {
		if (!conf_network_is_wide(networks.word[i]))
			kept = arena_printf(a, "%s%s%s", kept,
			    *kept != '\0' ? " " : "", networks.word[i]);
	}
	return arena_printf(a, "postconf -e 'mynetworks = %s'", *kept != '\0' ?
	    kept : "127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128");
}

static const char *const closing[] = { "reject_unauth_destination",
    "defer_unauth_destination", "reject", "defer", "defer_if_permit",
    "check_relay_domains", NULL };

/* arg: are all clients ours?  Found: a stranger is refused. */
static enum step
closing_step(const char *word, const void *arg)
{
	const bool *all_are_ours = arg;

	if (strcasecmp(word, "permit") == 0 || (*all_are_ours &&
	    strcasecmp(word, "permit_mynetworks") == 0))
		return STEP_STOP;
	return word_is_one_of(word, closing) ? STEP_FOUND : STEP_ON;
}

static bool
relays(const struct listener *l, bool all_are_ours)
{
	for (size_t i = 0; verify_restrictions[i] != NULL; i++) {
		if (walk(l, value(l, verify_restrictions[i]), closing_step,
		    &all_are_ours, 0) == STEP_FOUND)
			return false;
	}
	return true;
}

/* What is wrong in both lists of main.cf is wrong on each port. */
static bool
is_said_of_both(const struct listener *l)
{
	return shared_name(l, "smtpd_relay_restrictions") != NULL &&
	    shared_name(l, "smtpd_recipient_restrictions") != NULL &&
	    is_said(l, "smtpd_relay_restrictions");
}

/* smtpd ends at once unless one of these two lists refuses strangers. */
static bool
starts(const struct listener *l)
{
	const bool ours = false;

	return walk(l, value(l, "smtpd_relay_restrictions"), closing_step,
	    &ours, 0) == STEP_FOUND || walk(l, value(l,
	    "smtpd_recipient_restrictions"), closing_step, &ours, 0) ==
	    STEP_FOUND;
}

static void
relay_verify(const struct listener *l)
{
	struct wide wide = wide_find(l);

	if (!starts(l)) {
		if (is_said_of_both(l))
			return;
		verify_at(l->v, (struct verify_at){
		    .instead = VERIFY_STOPS });
		verify_found(l->v, VERIFY_OPEN_RELAY, service_name(l), NULL,
		    "smtpd on port %s ends at once: neither "
		    "smtpd_relay_restrictions nor "
		    "smtpd_recipient_restrictions has "
		    "reject_unauth_destination", port(l));
	} else if (relays(l, false)) {
		verify_found(l->v, VERIFY_OPEN_RELAY, service_name(l), NULL,
		    "port %s relays for everybody: no list of restrictions "
		    "has reject_unauth_destination", port(l));
	} else if (wide.network != NULL && relays(l, true) &&
	    !is_said(l, "mynetworks")) {
		verify_at(l->v, (struct verify_at){ .file = wide.file,
		    .line = wide.file == NULL ? 0 : place_of_text(
			l->v->arena, wide.file, wide.network),
		    .setting = "mynetworks" });
		verify_found(l->v, VERIFY_OPEN_RELAY, service_name(l),
		    wide_advice(l, &wide), "port %s relays for everybody in "
		    "%s, which mynetworks holds%s%s", port(l), wide.network,
		    wide.file != NULL ? " by " : "",
		    wide.file != NULL ? wide.file : "");
	}
}

/* --- logins ---------------------------------------------------------- */

/* Where 25 is the only one, another is needed first. */
static const char *
mx_advice(const struct listener *l)
{
	const struct postfix_config *config = &l->v->postfix;

	for (size_t i = 0; i < config->services; i++) {
		const struct postfix_service *s = &config->service[i];

		if (s != l->service && strcmp(s->command, "smtpd") == 0 &&
		    verify_is_yes(postfix_value(config, s,
			"smtpd_sasl_auth_enable")))
			return arena_printf(l->v->arena, "postconf -P %s/"
			    "smtpd_sasl_auth_enable=no", service_name(l));
	}
	return "postconf -M 'submission/inet=submission inet n - y - - "
	    "smtpd'; postconf -P submission/inet/smtpd_tls_security_level="
	    "encrypt submission/inet/smtpd_sasl_auth_enable=yes "
	    "submission/inet/smtpd_sender_restrictions="
	    "reject_sender_login_mismatch; then verify again";
}

static void
logins_verify(const struct listener *l)
{
	struct verifying *v = l->v;
	/* 465 without TLS is a finding of its own. */
	bool guarded = l->encrypted || strcmp(port(l), "465") == 0 ||
	    verify_is_yes(value(l, "smtpd_tls_auth_only"));

	if (strcmp(port(l), "587") == 0) {
		/* It ends before it works at all, which is said elsewhere. */
		if (!l->encrypted && verify_argument_lost(v, l->service) ==
		    NULL)
			verify_found(v, VERIFY_SUBMISSION_CLEAR,
			    service_name(l),
			    arena_printf(v->arena, "postconf -P %s/"
				"smtpd_tls_security_level=encrypt",
				service_name(l)), "submission on port %s works "
			    "without TLS", port(l));
	} else if (l->logins && !guarded &&
	    !is_said(l, "smtpd_tls_auth_only")) {
		verify_found(v, VERIFY_AUTH_CLEAR, service_name(l), NULL,
		    "port %s accepts passwords without TLS: "
		    "smtpd_tls_auth_only is not yes", port(l));
	}
	if (l->logins && strcmp(port(l), "25") == 0)
		verify_found(v, VERIFY_AUTH_MX, service_name(l), mx_advice(l),
		    "port 25 accepts logins, which belong on 465 and 587");
}

static const char *const mismatch[] = { "reject_sender_login_mismatch",
    "reject_authenticated_sender_login_mismatch", NULL };

/* Of a user who has logged in.  Found: the address is looked at. */
static enum step
mismatch_step(const char *word, const void *arg)
{
	(void)arg;
	if (strcasecmp(word, "permit") == 0 ||
	    strcasecmp(word, "permit_sasl_authenticated") == 0)
		return STEP_STOP;
	return word_is_one_of(word, mismatch) ? STEP_FOUND : STEP_ON;
}

static bool
is_checked(const struct listener *l)
{
	for (size_t i = 0; verify_restrictions[i] != NULL; i++) {
		if (walk(l, value(l, verify_restrictions[i]), mismatch_step,
		    NULL, 0) == STEP_FOUND)
			return true;
	}
	return false;
}

/* The list that names one of them behind a permit; NULL: none does. */
static const char *
late_in(const struct listener *l)
{
	for (size_t i = 0; verify_restrictions[i] != NULL; i++) {
		struct words words = list(l, verify_restrictions[i]);

		if (verify_has_word(&words, mismatch[0]) ||
		    verify_has_word(&words, mismatch[1]))
			return verify_restrictions[i];
	}
	return NULL;
}

/* The same list of this service with that restriction in front. */
static const char *
in_front(const struct listener *l, const char *name, const char *front)
{
	struct words words = list(l, name);
	const char *all = front;

	for (size_t i = 0; i < words.count; i++) {
		if (strcasecmp(words.word[i], front) != 0)
			all = arena_printf(l->v->arena, "%s,%s", all,
			    words.word[i]);
	}
	return all;
}

static const char *
front_advice(const struct listener *l, const char *name, const char *front)
{
	return arena_printf(l->v->arena, "postconf -P '%s/%s=%s'",
	    service_name(l), name, in_front(l, name, front));
}

/* Where it stands behind a permit; in main.cf where several share it. */
static const char *
late_advice(const struct listener *l, const char *name)
{
	struct words words = list(l, name);
	const char *front = mismatch[!verify_has_word(&words, mismatch[0])];

	if (shared_name(l, name) == NULL)
		return front_advice(l, name, front);
	return arena_printf(l->v->arena, "postconf -e '%s = %s'",
	    shared_name(l, name), in_front(l, name, front));
}

static void
senders_verify(const struct listener *l)
{
	struct verifying *v = l->v;
	const char *late = late_in(l);
	bool maps = *value(l, "smtpd_sender_login_maps") != '\0';

	if (!l->logins)
		return;
	/* One cause, and one finding: main.cf says it for all ports. */
	if (!is_checked(l) && late == NULL && is_said(l,
	    "smtpd_sender_restrictions"))
		return;
	if (!is_checked(l) && late != NULL && !is_said(l, late))
		verify_found(v, VERIFY_SENDER_UNCHECKED, service_name(l),
		    late_advice(l, late), "users who log in on port %s may "
		    "send as anybody: %s permits them before it looks at the "
		    "sender", port(l), late);
	else if (!is_checked(l) && late == NULL)
		verify_found(v, VERIFY_SENDER_UNCHECKED, service_name(l),
		    maps ? front_advice(l, "smtpd_sender_restrictions",
			mismatch[0]) : NULL, "users who log in on port %s may "
		    "send as anybody: no reject_sender_login_mismatch",
		    port(l));
	else if (!maps && !is_said(l, "smtpd_sender_login_maps")) {
		verify_at(v, (struct verify_at){
		    .setting = "smtpd_sender_login_maps" });
		verify_found(v, VERIFY_SENDER_UNCHECKED, service_name(l), NULL,
		    "on port %s nothing limits what users may send as: "
		    "smtpd_sender_login_maps is not set", port(l));
	}
}

/* --- TLS ------------------------------------------------------------- */

/* Other servers may use old TLS, which is better than none; users may not. */
static void
protocols_verify(const struct listener *l)
{
	static const char name[] = "smtpd_tls_mandatory_protocols";
	struct words words = list(l, name);

	/* OpenSSL 3 refuses what the default of Postfix still allows. */
	if (l->v->server != VERIFY_SERVER_OURS && text_same(value(l, name),
	    cf_value(&l->v->postfix.standard, name)))
		return;
	if (l->encrypted && conf_tls(&words) == CONF_TLS_OLD &&
	    !is_said(l, "smtpd_tls_mandatory_protocols"))
		verify_found(l->v, VERIFY_TLS_PROTOCOLS, service_name(l),
		    cf_value(&l->service->overrides, name) != NULL ?
		    arena_printf(l->v->arena, "postconf -P '%s/%s=>=TLSv1.2'",
			service_name(l), name) : "postconf -e "
		    "'smtpd_tls_mandatory_protocols = >=TLSv1.2'",
		    "port %s accepts outdated TLS: "
		    "smtpd_tls_mandatory_protocols is \"%s\"", port(l),
		    value(l, "smtpd_tls_mandatory_protocols"));
}

static void
tls_verify(const struct listener *l)
{
	const char *level = value(l, "smtpd_tls_security_level");

	protocols_verify(l);
	if (strcmp(port(l), "465") == 0 && !l->wrapped)
		verify_found(l->v, VERIFY_SUBMISSIONS_CLEAR, service_name(l),
		    arena_printf(l->v->arena, "postconf -P "
			"%s/smtpd_tls_wrappermode=yes", service_name(l)),
		    "port 465 does not begin with TLS (smtpd_tls_wrappermode "
		    "is no): no mail program can send");
	if (strcmp(port(l), "587") == 0 && l->wrapped)
		verify_found(l->v, VERIFY_SUBMISSIONS_CLEAR, service_name(l),
		    arena_printf(l->v->arena, "postconf -P %s/"
			"smtpd_tls_wrappermode=no %s/"
			"smtpd_tls_security_level=encrypt", service_name(l),
			service_name(l)), "port 587 begins with TLS at once "
		    "(smtpd_tls_wrappermode is yes), which is for 465: mail "
		    "programs begin it by STARTTLS");
	if (strcmp(port(l), "25") == 0 && l->encrypted)
		verify_found(l->v, VERIFY_MX_ENCRYPTED, service_name(l),
		    arena_printf(l->v->arena, "postconf -P "
			"%s/smtpd_tls_security_level=may%s", service_name(l),
			strcmp(l->service->type, "pass") != 0 ? "" :
			"; postconf -e postscreen_tls_security_level=may"),
		    "port 25 demands TLS (%s): servers without it cannot "
		    "deliver", *level != '\0' ? level : "wrapper mode");
	if ((*level == '\0' && !verify_is_yes(value(l, "smtpd_use_tls")) &&
	    !verify_is_yes(value(l, "smtpd_enforce_tls"))) ||
	    strcasecmp(level, "none") == 0) {
		if (!l->wrapped && strcmp(port(l), "587") != 0 &&
		    !is_said(l, "smtpd_tls_security_level"))
			verify_found(l->v, VERIFY_TLS_OFF, service_name(l),
			    "postconf -e 'smtpd_tls_security_level = may'",
			    "port %s offers no TLS: "
			    "smtpd_tls_security_level is \"%s\"", port(l),
			    level);
	}
}

/* --- each of them ---------------------------------------------------- */

/* Behind postscreen, which has the port itself and passes sessions on. */
static bool
is_passed_to(const struct verifying *v, const struct postfix_service *s)
{
	bool screens = false;

	for (size_t i = 0; i < v->postfix.services; i++)
		screens |= strcmp(v->postfix.service[i].command,
		    "postscreen") == 0;
	return screens && strcmp(s->type, "pass") == 0;
}

/* Where a filter or a web mailer on this machine hands mail in. */
static bool
is_inside(const struct postfix_service *s)
{
	return strncmp(s->name, "127.", 4) == 0 ||
	    strncmp(s->name, "localhost:", 10) == 0 ||
	    strncmp(s->name, "[::1]:", 6) == 0;
}

bool
verify_is_closed(const struct verifying *v)
{
	static const char *const inside[] = { "loopback-only", "localhost",
	    "127.0.0.1", "[::1]", "::1", NULL };
	struct words all = postfix_list(v->arena, verify_postfix(v,
	    "inet_interfaces"));
	size_t count = 0;

	for (size_t i = 0; i < all.count; i++)
		count += word_is_one_of(all.word[i], inside);
	return count > 0 && count == all.count;
}

bool
verify_is_public(const struct verifying *v, const struct postfix_service *s)
{
	return strcmp(s->command, "smtpd") == 0 && !is_inside(s) &&
	    !verify_is_closed(v) &&
	    (strcmp(s->type, "inet") == 0 || is_passed_to(v, s));
}

static void
listener_verify(struct listener *l)
{
	l->logins = verify_is_yes(value(l, "smtpd_sasl_auth_enable"));
	l->wrapped = verify_is_yes(value(l, "smtpd_tls_wrappermode"));
	l->encrypted = l->wrapped || verify_is_yes(value(l,
	    "smtpd_enforce_tls")) || strcasecmp(value(l,
	    "smtpd_tls_security_level"), "encrypt") == 0;
	relay_verify(l);
	logins_verify(l);
	senders_verify(l);
	tls_verify(l);
}

void
verify_smtpd(struct verifying *v)
{
	struct words said = { 0 };
	bool logins = false;

	for (size_t i = 0; i < v->postfix.services; i++) {
		struct listener l = { .v = v, .said = &said,
		    .service = &v->postfix.service[i] };

		if (!verify_is_public(v, l.service))
			continue;
		listener_verify(&l);
		logins |= l.logins;
	}
	if (!logins && *verify_postfix(v, "virtual_mailbox_domains") != '\0')
		verify_found(v, VERIFY_NO_LOGINS, "submission/inet", NULL,
		    "no service of master.cf takes logins, on port 587 or "
		    "465: nobody can send from a mail program");
}
