/* Whether rules of nft or iptables keep strangers from a port. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "file/read.h"
#include "model/firewall/firewall.h"

static struct arena arena;

static int
clear(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

struct port_case {
	unsigned port;
	enum firewall_state state;
	const char *rule;	/* a part of it */
};

static void
judges(struct firewall *f, const struct port_case *cases, size_t count)
{
	struct firewall_answer answer;

	for (size_t i = 0; i < count; i++) {
		const struct port_case *c = &cases[i];

		firewall_judge(f, c->port, &answer);
		if (answer.state != c->state || (c->rule != NULL &&
		    (answer.rule == NULL || strstr(answer.rule, c->rule) ==
		    NULL)))
			fail_msg("port %u: %d, %s", c->port, answer.state,
			    answer.rule != NULL ? answer.rule : "no rule");
	}
	firewall_clear(f);
}

#define JUDGES(f, cases) judges(f, cases, sizeof(cases) / sizeof((cases)[0]))

static const char *
corpus(const char *name)
{
	struct text t = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;
	const char *text;

	if (!file_read(arena_printf(&arena, "tests/fuzz/corpus/firewall/%s",
	    name), &t, &st, &e))
		fail_msg("%s", e.text);
	text = arena_strndup(&arena, t.buf, t.len);
	text_clear(&t);
	return text;
}

static struct firewall
nft(enum firewall_family family, const char *json)
{
	struct firewall f = { .arena = &arena, .family = family };
	struct err e = { 0 };

	if (!firewall_read_nft(&f, json, &e))
		fail_msg("%s", e.text);
	return f;
}

static struct firewall
iptables(const char *text)
{
	struct firewall f = { .arena = &arena };

	firewall_read_iptables(&f, text);
	return f;
}

static void
rules_of_nft_are_followed(void **state)
{
	static const struct port_case cases[] = {
		{ 22, FIREWALL_OPEN, NULL }, { 443, FIREWALL_OPEN, NULL },
		{ 25, FIREWALL_BLOCKED, "handle 15 of chain input" },
		{ 993, FIREWALL_OPEN, NULL },
		{ 110, FIREWALL_BLOCKED, "handle 18" },
		{ 995, FIREWALL_BLOCKED, "handle 19" },
		/* By rate, and by one interface. */
		{ 465, FIREWALL_UNCLEAR, NULL },
		{ 587, FIREWALL_UNCLEAR, NULL },
	};
	struct firewall v4 = nft(FIREWALL_V4, corpus("nft"));
	struct firewall v6 = nft(FIREWALL_V6, corpus("nft"));

	(void)state;
	JUDGES(&v4, cases);
	JUDGES(&v6, cases);
}

#define TOP(family, policy)						\
	"{\"nftables\": [{\"chain\": {\"family\": \"" family "\", "	\
	"\"table\": \"t\", \"name\": \"in\", \"type\": \"filter\", "	\
	"\"hook\": \"input\", \"prio\": 0, "				\
	"\"policy\": \"" policy "\"}}"
#define RULE(family, expr)						\
	", {\"rule\": {\"family\": \"" family "\", \"table\": \"t\", "	\
	"\"chain\": \"in\", \"handle\": 7, \"expr\": [" expr "]}}"
#define END "]}"

static void
each_chain_has_to_let_it_pass(void **state)
{
	static const struct port_case open[] = { { 25, FIREWALL_OPEN, NULL } };
	static const struct port_case closed[] = {
		{ 25, FIREWALL_BLOCKED, "the policy of chain in in table "
		    "inet t" } };
	static const struct port_case by_two[] = {
		{ 25, FIREWALL_BLOCKED, "table ip t" } };
	struct firewall f;

	(void)state;
	f = nft(FIREWALL_V4, TOP("inet", "accept") END);
	JUDGES(&f, open);
	f = nft(FIREWALL_V4, TOP("inet", "drop") END);
	JUDGES(&f, closed);
	/* Rules for the other family. */
	f = nft(FIREWALL_V4, TOP("ip6", "drop") END);
	JUDGES(&f, open);
	f = nft(FIREWALL_V4, "{\"nftables\": []}");
	JUDGES(&f, open);
	/* iptables has its own table beside that of nft. */
	f = nft(FIREWALL_V4, TOP("ip", "drop") END);
	firewall_chain(&f, "filter", "INPUT")->input = true;
	JUDGES(&f, by_two);
}

static void
what_only_some_packets_have_blocks_nobody(void **state)
{
	static const struct {
		const char *json;
		enum firewall_state state;
	} cases[] = {
		{ TOP("inet", "accept") RULE("inet", "{\"match\": {\"op\": "
		    "\"==\", \"left\": {\"payload\": {\"protocol\": \"ip\", "
		    "\"field\": \"saddr\"}}, \"right\": \"192.0.2.7\"}}, "
		    "{\"drop\": null}") END, FIREWALL_OPEN },
		{ TOP("inet", "accept") RULE("inet", "{\"match\": {\"op\": "
		    "\"==\", \"left\": {\"payload\": {\"protocol\": \"tcp\", "
		    "\"field\": \"dport\"}}, \"right\": \"@closed\"}}, "
		    "{\"drop\": null}") END, FIREWALL_OPEN },
		{ TOP("inet", "drop") RULE("inet", "{\"match\": {\"op\": "
		    "\"==\", \"left\": {\"payload\": {\"protocol\": \"tcp\", "
		    "\"field\": \"dport\"}}, \"right\": \"@opened\"}}, "
		    "{\"accept\": null}") END, FIREWALL_UNCLEAR },
		{ TOP("inet", "accept") RULE("inet", "{\"match\": {\"op\": "
		    "\"!=\", \"left\": {\"meta\": {\"key\": \"iifname\"}}, "
		    "\"right\": \"lo\"}}, {\"reject\": null}") END,
		    FIREWALL_BLOCKED },
		{ TOP("inet", "drop") RULE("inet", "{\"vmap\": {\"key\": "
		    "{\"payload\": {\"protocol\": \"tcp\", \"field\": "
		    "\"dport\"}}, \"data\": \"@ports\"}}") END,
		    FIREWALL_UNCLEAR },
		{ TOP("inet", "accept") RULE("inet", "{\"match\": {\"op\": "
		    "\"==\", \"left\": {\"payload\": {\"protocol\": \"udp\", "
		    "\"field\": \"dport\"}}, \"right\": 25}}, "
		    "{\"drop\": null}") END, FIREWALL_OPEN },
		{ TOP("ip", "drop") RULE("ip", "{\"xt\": {\"type\": "
		    "\"match\", \"name\": \"geoip\"}}, {\"accept\": null}") END,
		    FIREWALL_UNCLEAR },
		{ TOP("ip", "accept") RULE("ip", "{\"xt\": {\"type\": "
		    "\"target\", \"name\": \"REJECT\"}}") END,
		    FIREWALL_BLOCKED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct firewall f = nft(FIREWALL_V4, cases[i].json);
		struct port_case one = { 25, cases[i].state, NULL };

		judges(&f, &one, 1);
	}
}

static void
what_is_no_json_is_an_error(void **state)
{
	struct firewall f = { .arena = &arena };
	struct err e = { 0 };

	(void)state;
	assert_false(firewall_read_nft(&f, "table inet filter {", &e));
	assert_int_equal(e.code, ERR_INVALID);
	err_clear(&e);
	firewall_clear(&f);
}

static void
rules_of_ufw_are_followed(void **state)
{
	static const struct port_case cases[] = {
		{ 22, FIREWALL_OPEN, NULL },
		{ 465, FIREWALL_OPEN, NULL }, { 587, FIREWALL_OPEN, NULL },
		{ 25, FIREWALL_BLOCKED, "the rule of iptables: -A "
		    "ufw-user-input -p tcp -m tcp --dport 25 -j REJECT" },
		/* One address alone may come. */
		{ 993, FIREWALL_UNCLEAR, NULL },
		{ 995, FIREWALL_BLOCKED, "the policy of chain INPUT" },
		{ 139, FIREWALL_BLOCKED, "ufw-skip-to-policy-input" },
	};
	struct firewall f = iptables(corpus("ufw"));

	(void)state;
	JUDGES(&f, cases);
}

static void
options_of_iptables_are_understood(void **state)
{
	static const struct {
		const char *text;
		enum firewall_state state;
	} cases[] = {
		{ "-P INPUT ACCEPT\n", FIREWALL_OPEN },
		{ "-P INPUT DROP\n", FIREWALL_BLOCKED },
		{ "-P FORWARD DROP\n", FIREWALL_OPEN },
		{ "-P INPUT DROP\n-A INPUT -p tcp -j ACCEPT\n",
		    FIREWALL_OPEN },
		{ "-P INPUT DROP\n-A INPUT ! -i lo -j ACCEPT\n",
		    FIREWALL_OPEN },
		{ "-P INPUT DROP\n-A INPUT -i lo -j ACCEPT\n",
		    FIREWALL_BLOCKED },
		{ "-P INPUT DROP\n-A INPUT -i eth0 -j ACCEPT\n",
		    FIREWALL_UNCLEAR },
		{ "-P INPUT ACCEPT\n-A INPUT -i eth0 -j DROP\n",
		    FIREWALL_OPEN },
		{ "-P INPUT ACCEPT\n-A INPUT ! -p tcp -j DROP\n",
		    FIREWALL_OPEN },
		{ "-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp --dport 20:30 -j "
		    "DROP\n", FIREWALL_BLOCKED },
		{ "-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp ! --dport 20:30 "
		    "-j DROP\n", FIREWALL_OPEN },
		{ "-P INPUT ACCEPT\n-A INPUT -m comment --comment \"-j "
		    "ACCEPT \\\" !\" -j DROP\n", FIREWALL_BLOCKED },
		{ "-P INPUT ACCEPT\n-A INPUT -p tcp -m connlimit "
		    "--connlimit-above 9 -j REJECT\n", FIREWALL_OPEN },
		/* What nobody has told us of. */
		{ "-P INPUT DROP\n-A INPUT -j gone\n", FIREWALL_UNCLEAR },
		{ "-P INPUT DROP\n-A INPUT -g a\n-A INPUT -j ACCEPT\n"
		    "-A a -j RETURN\n", FIREWALL_BLOCKED },
		/* A circle, which iptables would refuse. */
		{ "-P INPUT DROP\n-A INPUT -j a\n-A a -j INPUT\n",
		    FIREWALL_UNCLEAR },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct firewall f = iptables(cases[i].text);
		struct port_case one = { 25, cases[i].state, NULL };

		judges(&f, &one, 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(rules_of_nft_are_followed, clear),
		cmocka_unit_test_teardown(each_chain_has_to_let_it_pass,
		    clear),
		cmocka_unit_test_teardown(
		    what_only_some_packets_have_blocks_nobody, clear),
		cmocka_unit_test_teardown(what_is_no_json_is_an_error, clear),
		cmocka_unit_test_teardown(rules_of_ufw_are_followed, clear),
		cmocka_unit_test_teardown(options_of_iptables_are_understood,
		    clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
