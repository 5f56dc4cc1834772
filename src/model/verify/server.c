/*
 * Whose server this is, and which rules run there.
 *
 * mailadm's own configuration is known by the names of its maps.  On any
 * other one the rules about mailadm's columns, maps and defaults would report
 * what is no mistake there.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "model/server/checksums.h"
#include "model/verify/private.h"

/* Also where nothing is set up. */
static const enum verify_rule always[] = {
	VERIFY_POSTFIX_UNKNOWN, VERIFY_SECRET_READABLE,
	VERIFY_FILE_WRITABLE, VERIFY_NOT_SET_UP, VERIFY_VALUE_REFUSED,
	VERIFY_SERVER_WARNS,
};

/* --- whose it is ----------------------------------------------------- */

/* ".../mailadm/sql_users.cf", whether that file exists or not. */
static bool
has_our_map(const struct verifying *v)
{
	for (size_t i = 0; i < v->maps.count; i++) {
		const char *path = v->maps.item[i].path;

		if (path != NULL && strstr(path, "/mailadm/sql_") != NULL)
			return true;
	}
	return false;
}

static bool
has_mysql_map(const struct verifying *v)
{
	for (size_t i = 0; i < v->maps.count; i++) {
		if (v->maps.item[i].path != NULL)
			return true;
	}
	return false;
}

/* Of a configuration without a map, or of Dovecot alone. */
static bool
was_rendered(struct verifying *v)
{
	struct checksums rendered;
	struct err e = { 0 };

	if (!checksums_read(&rendered, v->arena, verify_path(v,
	    CHECKSUMS_PATH), &e)) {
		err_clear(&e);
		return false;
	}
	return rendered.first != NULL;
}

static bool
has_logins(const struct verifying *v)
{
	for (size_t i = 0; i < v->postfix.services; i++) {
		if (verify_is_yes(postfix_value(&v->postfix,
		    &v->postfix.service[i], "smtpd_sasl_auth_enable")))
			return true;
	}
	return false;
}

/* Settings that say what a server is for: packages leave them alone. */
static bool
has_a_purpose(const struct verifying *v)
{
	static const char *const settings[] = { "virtual_mailbox_domains",
	    "virtual_alias_maps", "relayhost", "relay_domains",
	    "transport_maps", "mailbox_transport", "content_filter",
	    "smtpd_milters" };

	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		const char *name = settings[i];

		if (cf_find(&v->places.main, name) != NULL &&
		    *verify_postfix(v, name) != '\0')
			return true;
	}
	return false;
}

/* Debian's package writes no main.cf unless it is asked to. */
static bool
postfix_is_untouched(const struct verifying *v)
{
	if (!v->has_postfix)
		return access(arena_printf(v->arena, "%s/main.cf",
		    v->options->postfix_dir), F_OK) != 0 && errno == ENOENT;
	return !has_mysql_map(v) && !has_logins(v) && !has_a_purpose(v);
}

/* As the packages install them. */
static bool
is_untouched(const struct verifying *v)
{
	return postfix_is_untouched(v) &&
	    !(v->has_dovecot && verify_dovecot_asks_sql(v));
}

/* The database knows: has it a column that only mailadm's tables have? */
static bool
has_our_tables(struct verifying *v)
{
	for (size_t i = 0; i < v->maps.count; i++) {
		const struct verify_map *map = &v->maps.item[i];
		struct lookup *lookup;
		size_t account;
		bool ours;

		if (!map->read || *verify_map_value(map, "dbname") == '\0')
			continue;
		account = verify_map_account(v, map);
		lookup = lookup_open(&v->accounts.item[account - 1].as,
		    v->options->timeout);
		ours = lookup_has_our_tables(lookup, v->arena);
		lookup_close(lookup);
		return ours;
	}
	return false;
}

static enum verify_server
whose(struct verifying *v)
{
	if (has_our_map(v) || (!has_mysql_map(v) && was_rendered(v)))
		return VERIFY_SERVER_OURS;
	if (is_untouched(v))
		return VERIFY_SERVER_NONE;
	if (!v->has_postfix && !v->has_dovecot)
		return VERIFY_SERVER_OURS;
	return has_our_tables(v) ? VERIFY_SERVER_TABLES :
	    VERIFY_SERVER_FOREIGN;
}

/* --- which rules run ------------------------------------------------- */

static bool
runs(const struct verifying *v, size_t rule)
{
	unsigned needs = verify_rules[rule].needs;

	switch (v->server) {
	case VERIFY_SERVER_OURS:
		return true;
	case VERIFY_SERVER_TABLES:
		return !(needs & VERIFY_OURS);
	case VERIFY_SERVER_FOREIGN:
		return !(needs & (VERIFY_OURS | VERIFY_TABLES));
	case VERIFY_SERVER_NONE:
		break;
	}
	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++) {
		if (always[i] == rule)
			return true;
	}
	return false;
}

/* What is a promise of mailadm's configuration is a hint on another. */
static void
severities_choose(struct verifying *v)
{
	enum severity *severity = v->findings.severity;

	if (v->server == VERIFY_SERVER_OURS)
		return;
	severity[VERIFY_DATABASE_GRANTS] = SEVERITY_WARNING;
	severity[VERIFY_CERT_NAME] = SEVERITY_WARNING;
	severity[VERIFY_TRANSPORT] = SEVERITY_WARNING;
	severity[VERIFY_LOOKUP_SCAN] = SEVERITY_NOTE;
	severity[VERIFY_AUTH_CACHE] = SEVERITY_NOTE;
	severity[VERIFY_QUOTA_RCPT] = SEVERITY_NOTE;
	severity[VERIFY_UTF8_BOUNCES] = SEVERITY_NOTE;
}

void
verify_server(struct verifying *v)
{
	static const char *const about[] = {
		[VERIFY_SERVER_OURS] = "the configuration is mailadm's",
		[VERIFY_SERVER_TABLES] = "the tables are mailadm's, the "
		    "configuration is not: rules about its maps are left out",
		[VERIFY_SERVER_FOREIGN] = "the configuration is not mailadm's: "
		    "rules about its tables and maps are left out",
		[VERIFY_SERVER_NONE] = "nothing is set up yet",
	};

	v->server = whose(v);
	if (v->has_postfix || v->has_dovecot)
		v->findings.report->about = about[v->server];
	severities_choose(v);
	findings_choose(&v->findings);
	for (size_t i = 0; i < VERIFY_RULES; i++)
		v->findings.chosen[i] &= v->runs[i] = runs(v, i);
	if (v->server == VERIFY_SERVER_NONE)
		verify_found(v, VERIFY_NOT_SET_UP, v->options->postfix_dir,
		    NULL, "Postfix and Dovecot are as installed, and no "
		    "domain has mailboxes yet");
}
