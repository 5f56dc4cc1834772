/*
 * Verifying where mail goes: ways out with their logins, domains that are
 * passed on, and forwards by postsrsd.
 */
#include <glob.h>
#include <string.h>
#include <strings.h>

#include "file/program.h"
#include "model/verify/private.h"

#define WAY_OUT "/mailadm/sql_way_out.cf"
#define SECRETS "/mailadm/way_secrets.cf"
#define FORWARD "tcp:127.0.0.1:10001"

static bool
names(const struct verifying *v, const struct postfix_service *s,
    const char *setting, const char *part)
{
	return strstr(postfix_value(&v->postfix, s, setting), part) != NULL;
}

/* --- the ways out ------------------------------------------------------- */

static bool
demands_tls(const char *level)
{
	return strcasecmp(level, "secure") == 0 ||
	    strcasecmp(level, "verify") == 0 ||
	    strcasecmp(level, "encrypt") == 0 ||
	    strcasecmp(level, "dane-only") == 0;
}

/* Without the map of passwords no login is tried. */
static void
login_verify(struct verifying *v, const struct postfix_service *s,
    const char *name)
{
	verify_at(v, (struct verify_at){ .service = name,
	    .setting = "smtp_sasl_auth_enable" });
	if (!verify_is_yes(postfix_value(&v->postfix, s,
	    "smtp_sasl_auth_enable")) || !names(v, s,
	    "smtp_sasl_password_maps", SECRETS))
		verify_found(v, VERIFY_WAYS, name, NULL, "the service %s does "
		    "not log in with the passwords of the ways out: mail by "
		    "them is refused", name);
	verify_at(v, (struct verify_at){ .service = name,
	    .setting = "smtp_tls_security_level", .instead = VERIFY_LEAK });
	if (!demands_tls(postfix_value(&v->postfix, s,
	    "smtp_tls_security_level")))
		verify_found(v, VERIFY_WAYS, name, NULL, "the service %s may "
		    "do without TLS, and has passwords of other servers",
		    name);
	verify_at(v, (struct verify_at){ 0 });
}

static void
services_verify(struct verifying *v)
{
	static const char *const services[] = { "wayout", "wayouts" };

	for (size_t i = 0; i < 2; i++) {
		const char *name = arena_printf(v->arena, "%s/unix",
		    services[i]);
		const struct postfix_service *s = verify_service(v,
		    services[i]);

		if (s != NULL)
			login_verify(v, s, name);
		else
			verify_found(v, VERIFY_WAYS, name, NULL, "master.cf "
			    "has no service %s, by which mail with a way out "
			    "leaves: it waits in the queue", services[i]);
	}
}

static void
ways_verify(struct verifying *v, const struct verify_facts *facts)
{
	static const char setting[] =
	    "sender_dependent_default_transport_maps";

	if (names(v, NULL, setting, WAY_OUT)) {
		services_verify(v);
	} else if (facts->way != NULL) {
		verify_at(v, (struct verify_at){ .setting = setting });
		verify_found(v, VERIFY_WAYS, setting, NULL, "%s does not ask "
		    "which way out mail takes: that of %s leaves as all other "
		    "mail", setting, facts->way);
	}
}

/* --- how to log in -------------------------------------------------------- */

static bool
exists(const char *pattern)
{
	glob_t found;
	bool any = glob(pattern, 0, NULL, &found) == 0;

	globfree(&found);
	return any;
}

/* Where nothing of Cyrus is found, it is elsewhere. */
static bool
lacks_mechanism(void)
{
	return exists("/usr/lib/*/sasl2") &&
	    !exists("/usr/lib/*/sasl2/libplain.so*") &&
	    !exists("/usr/lib/*/sasl2/liblogin.so*") &&
	    !exists("/usr/lib/sasl2/libplain.so*") &&
	    !exists("/usr/lib64/sasl2/libplain.so*");
}

/* On any server: "no mechanism available" is the same everywhere. */
static bool
logs_in(const struct verifying *v)
{
	return verify_is_yes(verify_postfix(v, "smtp_sasl_auth_enable")) &&
	    *verify_postfix(v, "smtp_sasl_password_maps") != '\0';
}

static void
mechanisms_verify(struct verifying *v, const struct verify_facts *facts)
{
	if (v->options->root != NULL ||
	    strcasecmp(verify_postfix(v, "smtp_sasl_type"), "cyrus") != 0 ||
	    (facts->login == NULL && !logs_in(v)) || !lacks_mechanism())
		return;
	verify_found(v, VERIFY_SASL, "libsasl2-modules", NULL, "Postfix has "
	    "to log in%s%s, and PLAIN and LOGIN are not installed: mail waits",
	    facts->login != NULL ? " at the way out " : " at other servers",
	    facts->login != NULL ? facts->login : "");
}

/* --- domains that are passed on ------------------------------------------- */

static bool
asks_database(const struct verifying *v, const char *setting)
{
	struct words words = postfix_list(v->arena, verify_postfix(v,
	    setting));

	for (size_t i = 0; i < words.count; i++) {
		const struct verify_map *map = verify_map_find(v,
		    words.word[i]);

		if (map != NULL && map->path != NULL)
			return true;
	}
	return false;
}

static const struct {
	const char *setting;
	const char *means;
} relay_settings[] = {
	{ "relay_domains", "is refused" },
	{ "relay_recipient_maps", "is taken or refused, whatever name it is "
	    "for" },
	{ "transport_maps", "goes where DNS says, which may be this server" },
};

static void
relay_verify(struct verifying *v, const struct verify_facts *facts)
{
	for (size_t i = 0; facts->relay_domain != NULL && i < 3; i++) {
		const char *setting = relay_settings[i].setting;

		if (asks_database(v, setting))
			continue;
		verify_at(v, (struct verify_at){ .setting = setting });
		verify_found(v, VERIFY_RELAY_DOMAINS, setting, NULL, "%s does "
		    "not ask the database: mail for %s, which is passed on, "
		    "%s", setting, facts->relay_domain,
		    relay_settings[i].means);
	}
}

/* The value without relay_domains. */
static const char *
parents_advice(struct verifying *v, const struct words *parents)
{
	const char *kept = "";

	for (size_t i = 0; i < parents->count; i++) {
		if (strcasecmp(parents->word[i], "relay_domains") != 0)
			kept = arena_printf(v->arena, "%s%s%s", kept,
			    *kept != '\0' ? ", " : "", parents->word[i]);
	}
	return arena_printf(v->arena, "postconf -e "
	    "'parent_domain_matches_subdomains = %s'", kept);
}

static void
parents_verify(struct verifying *v)
{
	static const char setting[] = "parent_domain_matches_subdomains";
	struct words parents = postfix_list(v->arena, verify_postfix(v,
	    setting));

	if (!verify_has_word(&parents, "relay_domains") ||
	    !asks_database(v, "relay_domains"))
		return;
	verify_at(v, (struct verify_at){ .setting = setting });
	verify_found(v, VERIFY_RELAY_PARENTS, setting, parents_advice(v,
	    &parents), "%s has relay_domains: each domain below one that is "
	    "passed on is taken for one, too", setting);
}

/* --- SRS ------------------------------------------------------------------ */

static void
srs_services_verify(struct verifying *v)
{
	static const char *const services[] = { "srs", "cleanup-srs",
	    "srsback", "cleanup-srsback" };

	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++) {
		if (verify_service(v, services[i]) != NULL)
			continue;
		verify_found(v, VERIFY_SRS, "master.cf", VERIFY_RENDER(
		    "postfix"), "srs is yes, and master.cf has no service %s: "
		    "forwarded mail does not pass SPF, or waits",
		    services[i]);
		return;
	}
}

/* A bounce can come back to the domain that it writes, and no other. */
static void
answer_verify(struct verifying *v, const char *answer, const char *domain)
{
	const char *at = strrchr(answer, '@');

	if (at == NULL || strcasecmp(at + 1, domain) == 0)
		return;
	verify_found(v, VERIFY_SRS, "postsrsd", VERIFY_RENDER("postfix")
	    "; systemctl restart postsrsd", "postsrsd writes senders of %s, "
	    "and the domain of SRS is %s: bounces do not come back", at + 1,
	    domain);
}

static void
postsrsd_verify(struct verifying *v, const char *domain)
{
	struct words keys = { 0 };
	const char **answers, *path;
	struct err e = { 0 };

	words_add(v->arena, &keys, "a@other.invalid");
	if (!program_find(v->arena, "postsrsd", "postsrsd", &path, &e))
		verify_found(v, VERIFY_SRS, "postsrsd", NULL, "srs is yes, "
		    "and postsrsd is not installed: forwarded mail waits");
	else if (!postfix_lookup(v->arena, v->postfix.dir, FORWARD, &keys,
	    &answers, &e))
		verify_found(v, VERIFY_SRS, "postsrsd",
		    "systemctl restart postsrsd", "srs is yes, and postsrsd "
		    "does not answer on port 10001: forwarded mail waits");
	else if (answers[0] != NULL)
		answer_verify(v, answers[0], domain);
	err_clear(&e);
}

static bool
is_of_srs(const char *maps)
{
	return (strstr(maps, "tcp:") != NULL && (strstr(maps, ":10001") !=
	    NULL || strstr(maps, ":10002") != NULL)) ||
	    (strstr(maps, "socketmap:") != NULL && strstr(maps, "srs") !=
	    NULL);
}

/* Of both recipes of postsrsd, what main.cf has. */
static const char *
recipe_advice(struct verifying *v)
{
	static const char *const settings[] = { "sender_canonical_maps",
	    "sender_canonical_classes", "recipient_canonical_maps",
	    "recipient_canonical_classes" };
	const char *names = "";

	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		if (cf_find(&v->places.main, settings[i]) != NULL)
			names = arena_printf(v->arena, "%s %s", names,
			    settings[i]);
	}
	return arena_printf(v->arena, "postconf -X%s; mailadm help srs asks "
	    "it about forwarded mail alone", names);
}

/* In main.cf: that of a cleanup of its own is for some mail only. */
static void
recipe_verify(struct verifying *v)
{
	static const char *const settings[] = { "recipient_canonical_maps",
	    "sender_canonical_maps" };

	for (size_t i = 0; i < 2; i++) {
		if (!is_of_srs(verify_postfix(v, settings[i])))
			continue;
		verify_at(v, (struct verify_at){ .setting = settings[i] });
		verify_found(v, VERIFY_SRS_ALL, settings[i],
		    recipe_advice(v), "%s asks "
		    "postsrsd about all mail: while it is away none is taken, "
		    "and senders of users are rewritten, too", settings[i]);
		return;
	}
}

void
verify_ways(struct verifying *v, const struct verify_facts *facts)
{
	ways_verify(v, facts);
	mechanisms_verify(v, facts);
	relay_verify(v, facts);
	parents_verify(v);
	recipe_verify(v);
	if (facts->srs_domain == NULL || v->server != VERIFY_SERVER_OURS)
		return;
	srs_services_verify(v);
	if (v->options->root == NULL)
		postsrsd_verify(v, facts->srs_domain);
}
