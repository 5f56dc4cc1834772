/* What settings mean: networks, TLS versions, values, queries. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "file/postfix.h"
#include "model/conf/conf.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *network;
	bool wide;
} networks[] = {
	{ "0.0.0.0/0", true }, { "172.0.0.0/8", true }, { "8.0.0.0/8", true },
	{ "0.0.0.0/1", true }, { "8.8.0.0/15", true }, { "[::]/0", true },
	{ "::/0", true }, { "[2000::]/3", true },
	{ "[::ffff:0.0.0.0]/96", true },
	{ "10.0.0.0/8", false }, { "172.16.0.0/12", false },
	{ "192.168.0.0/16", false }, { "127.0.0.0/8", false },
	{ "100.64.0.0/10", false }, { "203.0.113.0/24", false },
	{ "141.1.0.0/16", false }, { "[::ffff:127.0.0.0]/104", false },
	{ "[fc00::]/7", false }, { "[fe80::]/10", false },
	{ "[2001:db8::]/32", false }, { "[::1]/128", false },
	{ "192.0.2.1", false }, { "/etc/postfix/nets", false },
	{ "10.0.0.0/", false }, { "[/8", false }, { "", false },
	{ "!8.0.0.0/8", false }, { "cidr:/etc/nets", false },
};

static void
networks_with_strangers_are_wide(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(networks); i++) {
		if (conf_network_is_wide(networks[i].network) !=
		    networks[i].wide)
			fail_msg("%s", networks[i].network);
	}
}

static const struct {
	const char *network;
	bool host;
} addresses[] = {
	{ "192.168.1.5/24", true }, { "[2001:db8::1]/64", true },
	{ "10.0.0.1/8", true }, { "192.168.1.0/24", false },
	{ "192.168.1.5/32", false }, { "[::1]/128", false },
	{ "[::ffff:127.0.0.0]/104", false }, { "127.0.0.1", false },
	{ "/etc/postfix/nets", false }, { "cidr:/etc/nets/24", false },
	{ "[::1/64", false }, { "1.2.3.4/99", false }, { "[]/8", false },
	{ "[/8", false }, { "/8", false },
};

static void
an_address_is_no_network(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(addresses); i++) {
		if (conf_network_has_host(addresses[i].network) !=
		    addresses[i].host)
			fail_msg("%s", addresses[i].network);
	}
}

static const struct {
	const char *list;
	const char *wrong;	/* NULL: nothing */
} restrictions[] = {
	{ "permit_mynetworks, reject_unauth_destination", NULL },
	{ "PERMIT_SASL_AUTHENTICATED reject", NULL },
	{ "check_client_access hash:/etc/x reject_rbl_client zen.example",
	    NULL },
	{ "warn_if_reject reject_unknown_client_hostname", NULL },
	{ "check_policy_service { unix:private/p, timeout=5s }", NULL },
	{ "reject_of_ours, permit", NULL },
	{ "", NULL },
	{ "reject_unauth_destinations", "it knows no "
	    "reject_unauth_destinations" },
	{ "permit_mynetworks reject_rbl_client", "reject_rbl_client has "
	    "nothing behind it" },
	{ "check_sender_access reject_unlisted_sender",
	    "check_sender_access has nothing behind it" },
	{ "warn_if_reject", "warn_if_reject has nothing behind it" },
};

static void
unknown_restrictions_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(restrictions); i++) {
		struct arena a = { 0 };
		struct words list = postfix_list(&a, restrictions[i].list);
		struct words classes = { 0 };
		const char *wrong;

		words_add(&a, &classes, "reject_of_ours");
		wrong = conf_restriction_wrong(&a, &list, &classes);
		if (!text_same_null_empty(wrong, restrictions[i].wrong))
			fail_msg("%s: %s", restrictions[i].list,
			    wrong != NULL ? wrong : "nothing");
		arena_clear(&a);
	}
}

static const struct {
	const char *list;
	enum conf_tls tls;
} protocols[] = {
	{ ">=TLSv1.2", CONF_TLS_STRONG }, { "TLSv1.3", CONF_TLS_STRONG },
	{ "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1", CONF_TLS_STRONG },
	{ "TLSv1.2 TLSv1.3", CONF_TLS_STRONG },
	{ "", CONF_TLS_OLD }, { "!SSLv2, !SSLv3", CONF_TLS_OLD },
	{ ">=TLSv1", CONF_TLS_OLD }, { "<=TLSv1.2", CONF_TLS_OLD },
	{ "TLSv1, TLSv1.2", CONF_TLS_OLD },
	{ "!SSLv2, !SSLv3, TLSv1", CONF_TLS_NONE },
	{ "<=TLSv1.1", CONF_TLS_NONE },
	{ "!TLSv1.2 !TLSv1.3", CONF_TLS_NONE },
	{ "TLS1.2", CONF_TLS_REFUSED }, { "no", CONF_TLS_REFUSED },
};

static void
names_without_a_mark_count_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(protocols); i++) {
		struct arena a = { 0 };
		struct words words = postfix_list(&a, protocols[i].list);

		if (conf_tls(&words) != protocols[i].tls)
			fail_msg("%s", protocols[i].list);
		arena_clear(&a);
	}
}

static const struct {
	const char *name;
	const char *value;
	const char *standard;
	bool refused;
} values[] = {
	{ "message_size_limit", "52428800", "10240000", false },
	{ "message_size_limit", "52428800    # 50 MiB", "10240000", true },
	{ "message_size_limit", "50M", "10240000", true },
	{ "message_size_limit", "", "10240000", true },
	{ "mailbox_size_limit", "-1", "51200000", false },
	{ "maximal_queue_lifetime", "2d", "5d", false },
	{ "maximal_queue_lifetime", "2", "5d", false },
	{ "maximal_queue_lifetime", "2 days", "5d", true },
	{ "biff", "on", "yes", true }, { "biff", "No", "yes", false },
	{ "biff", "${x?{yes}:{no}}", "yes", false },
	{ "compatibility_level", "3.6", "0", false },
	{ "smtpd_forbid_bare_newline", "normalize", "no", false },
	{ "smtp_destination_concurrency_positive_feedback", "1/5", "1",
	    false },
	{ "smtpd_sasl_tls_security_options", "noanonymous, noplainntext",
	    "$smtpd_sasl_security_options", true },
	{ "smtpd_sasl_security_options", "noanonymous noplaintext",
	    "noanonymous", false },
	{ "smtpd_tls_security_level", "encrypted", "", true },
	{ "smtpd_tls_security_level", "", "", false },
	{ "smtp_tls_security_level", "dane-only", "", false },
	{ "my_own", "anything", NULL, false },
};

static void
the_default_tells_what_a_value_may_be(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		struct arena a = { 0 };

		if ((conf_refused(&a, values[i].name, values[i].value,
		    values[i].standard) != NULL) != values[i].refused)
			fail_msg("%s = %s", values[i].name, values[i].value);
		arena_clear(&a);
	}
}

static const struct {
	const char *query;
	const char *names;	/* each with a blank behind */
	const char *meant;	/* of those that AS gives */
} queries[] = {
	{ "SELECT email AS user, password FROM t", "user password ", "" },
	{ "SELECT CONCAT('/v/', d, ',', n) AS home, 5 AS uidd FROM t",
	    "home uidd ", "uid " },
	{ "select t.home, `gid` from t", "home gid ", "" },
	{ "SELECT id, email, uuid, user FROM t", "id email uuid user ", "" },
	{ "SELECT 'a FROM b' AS home FROM t", "home ", "" },
	{ "SELECT x AS pasword, y AS hmoe FROM t", "pasword hmoe ",
	    "password home " },
	{ "SELECT (SELECT 1 FROM u) AS uid FROM t", "uid ", "" },
	{ "SELECT COUNT(*) FROM t", " ", "" },
	{ "SELECT", " ", "" }, { "CALL p('%u')", "", "" }, { "", "", "" },
};

static void
columns_have_the_names_of_fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(queries); i++) {
		struct arena a = { 0 };
		const struct conf_column *c = conf_columns(&a,
		    queries[i].query);
		const char *names = "", *meant = "";

		for (; c->text != NULL; c++) {
			const char *field = conf_field_meant(c->name);

			names = arena_printf(&a, "%s%s ", names, c->name);
			if (c->given && field != NULL)
				meant = arena_printf(&a, "%s%s ", meant,
				    field);
		}
		assert_string_equal(names, queries[i].names);
		assert_string_equal(meant, queries[i].meant);
		arena_clear(&a);
	}
}

static const struct {
	const char *text;
	bool lacks_domain;
	bool lacks_person;
} keys[] = {
	{ "/var/vmail/%n", true, false }, { "/var/vmail/%Ln", true, false },
	{ "/var/vmail/%d/%n", false, false }, { "%u", false, false },
	{ "/v/%{username}", true, false },
	{ "/v/%{user | username | lower}", true, false },
	{ "/v/%{user | domain}/%{user | username}", false, false },
	{ "/v/%{user}", false, false }, { "%%n", false, false },
	{ "%Lu", false, false }, { "100%", false, false },
	{ "email = '%s'", false, false }, { "domain = '%d'", false, true },
	{ "address = '@%d'", false, false },
	{ "u = '%u' AND d = '%d'", false, false },
	{ "/v/%{user | lower}/%{username}", false, false },
	{ "/v/%{user|username}", true, false },
	{ "/v/%{domain_last}/%{username}", false, false },
	{ "/v/%{original_user}/%{username}", false, false },
	{ "/v/%{username", false, false },
	{ "username} | domain |", false, false },
	{ "%{lower} username}", false, false },
	{ "", false, false },
};

static void
a_key_has_a_person_and_a_domain(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		if (conf_lacks_domain(keys[i].text) != keys[i].lacks_domain)
			fail_msg("domain: %s", keys[i].text);
		if (conf_lacks_person(keys[i].text) != keys[i].lacks_person)
			fail_msg("person: %s", keys[i].text);
	}
}

static void
a_map_of_postfix_asks_for_the_domain_too(void **state)
{
	(void)state;
	assert_true(conf_lacks_key_domain("SELECT a FROM t WHERE u = '%u'"));
	assert_false(conf_lacks_key_domain("SELECT a FROM t WHERE u = '%u' "
	    "AND d = '%d'"));
	assert_false(conf_lacks_key_domain("SELECT a FROM t WHERE m = '%s'"));
	assert_false(conf_lacks_key_domain("SELECT a FROM t WHERE u = '%u' "
	    "AND domain = 'example.org'"));
}

static const struct {
	const char *text;
	bool patterns;
	bool permits;
} tables[] = {
	{ "", false, false }, { "a@b.org OK\n", false, true },
	{ "a@b.org\tok", false, true }, { "a@b.org 1\n", false, true },
	{ "x REJECT\ny permit_auth_destination\n", false, true },
	{ "a@b.org REJECT call OK\n# c@d.org OK\n", false, false },
	{ "a@b.org OKAY\n", false, false }, { "a@b.org", false, false },
	{ "OK\n1\n", false, false }, { "a@b.org 550 no\n", false, false },
	{ "/^a b/i OK\n", true, true }, { "/a\\/ OK/ REJECT\n", true, false },
	{ "!/x/ DUNNO\n/y/ DISCARD\n", true, false },
	{ "if /x/\n/y/ permit\nendif\n", true, true },
	{ "/open\nb OK", true, true }, { "/", true, false },
};

static void
a_table_permits_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(tables); i++) {
		if (conf_access_permits(tables[i].text,
		    tables[i].patterns) != tables[i].permits)
			fail_msg("%s", tables[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(networks_with_strangers_are_wide),
		cmocka_unit_test(an_address_is_no_network),
		cmocka_unit_test(unknown_restrictions_are_named),
		cmocka_unit_test(names_without_a_mark_count_alone),
		cmocka_unit_test(the_default_tells_what_a_value_may_be),
		cmocka_unit_test(columns_have_the_names_of_fields),
		cmocka_unit_test(a_key_has_a_person_and_a_domain),
		cmocka_unit_test(a_map_of_postfix_asks_for_the_domain_too),
		cmocka_unit_test(a_table_permits_what_it_says),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
