/* Maps that are guessed from queries. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "model/guess/guess.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A query, and the section that it makes. */
static const struct {
	enum guess_use use;
	const char *query;
	const char *section;
} queries[] = {
	{ GUESS_DOMAINS, "SELECT 1 FROM `mail`.`doms` WHERE `doms`.`n`='%s'",
	    "domains doms\n\tdomain = n\n" },
	{ GUESS_DOMAINS, "select name from d where %d = name and not off",
	    "domains d\n\tdomain = name\n\tactive = !off\n" },
	{ GUESS_DOMAINS, "SELECT d FROM t WHERE d='%s' AND kind IN ('a', 'b')"
	    " AND state <> 'gone'",
	    "domains t\n\tdomain = d\n\twhen kind = 'a' 'b'\n"
	    "\twhen state != 'gone'\n" },
	{ GUESS_DOMAINS, "SELECT d FROM t WHERE d='%s' AND via LIKE 'lmtp:%%'",
	    "domains t\n\tdomain = d\n\twhen via = 'lmtp:*'\n" },
	{ GUESS_RELAYED, "SELECT d FROM t WHERE d='%s' AND kind='relay'",
	    "domains t\n\tdomain = d\n\tbackup = kind has 'relay'\n" },
	{ GUESS_PASSWORDS, "SELECT CONCAT('{SHA512-CRYPT}', pw) AS password "
	    "FROM people WHERE LOWER(mail) = LOWER('%u')",
	    "users people\n\temail = mail\n"
	    "\tpassword = '{SHA512-CRYPT}' + pw\n" },
	{ GUESS_PASSWORDS, "SELECT u.pw password FROM people u LEFT OUTER "
	    "JOIN doms USING (dom) WHERE u.name='%n' AND doms.label='%d'",
	    "users people\n\tjoin doms doms.dom = dom\n\temail = name\n"
	    "\tat = doms.label\n\tpassword = pw\n" },
	{ GUESS_PASSWORDS, "SELECT password FROM u WHERE mail='%{user}' AND "
	    "(ends IS NULL OR ends >= NOW()) AND imap = 1",
	    "users u\n\temail = mail\n\tpassword = password\n"
	    "\texpires = ends\n\timap = imap\n" },
	{ GUESS_PASSWORDS, "SELECT password FROM u WHERE mail = "
	    "'%{user | username}@%{user | domain}'",
	    "users u\n\temail = mail\n\tpassword = password\n" },
	{ GUESS_USERDB, "SELECT CONCAT('*:storage=', q, 'M:messages=', n) AS "
	    "quota_rule, CONCAT('maildir:/srv/', dir) AS mail FROM u WHERE "
	    "CONCAT(name, '@', dom) = '%u'",
	    "users u\n\temail = name + '@' + dom\n\tquota = q * 1M\n"
	    "\thome = 'maildir:/srv/' + dir\n" },
	{ GUESS_USERDB, "SELECT quota_kb * 1024 AS quota, '~/Maildir' AS mail "
	    "FROM u WHERE mail='%u'",
	    "users u\n\temail = mail\n\tquota = quota_kb * 1K\n" },
	{ GUESS_MAILBOXES, "SELECT maildir FROM u WHERE mail='%s'",
	    "users u\n\temail = mail\n\thome = '/var/vmail/' + maildir\n" },
	{ GUESS_ALIASES, "SELECT GROUP_CONCAT(goto) FROM a WHERE addr='%s' "
	    "GROUP BY addr",
	    "aliases a\n\tmail = addr\n\tdestination = goto\n" },
	{ GUESS_ALIASES, "SELECT dst FROM a WHERE src='%s' OR src='@%d' "
	    "ORDER BY src DESC LIMIT 1",
	    "aliases a\n\tmail = src\n\tdestination = dst\n" },
	{ GUESS_ALIASES, "SELECT CONCAT('%u', '@', new) FROM moved WHERE "
	    "old = '%d'", "links moved\n\tdomain = old\n\ttarget = new\n" },
	{ GUESS_ALIASES, "SELECT a.goto FROM a, ad WHERE ad.alias='%d' AND "
	    "a.addr=CONCAT('%u', '@', ad.target) AND ad.active='1'",
	    "links ad\n\tdomain = alias\n\ttarget = target\n"
	    "\tactive = active\n" },
	{ GUESS_ALIASES, "SELECT mail FROM users WHERE mail='%s'", NULL },
	{ GUESS_ALIASES, "INSERT INTO a VALUES ('%s')", NULL },
	{ GUESS_PASSWORDS, "SELECT AES_DECRYPT(pw, 'the key') AS password "
	    "FROM u WHERE mail='%u'", "users u\n\temail = mail\n" },
	{ GUESS_PASSWORDS, "SELECT password FROM (SELECT * FROM u) x WHERE "
	    "mail='%u'", NULL },
	{ GUESS_PASSWORDS, "SELECT password FROM `bad name` WHERE mail='%u'",
	    NULL },
	{ GUESS_PASSWORDS, "SELECT password FROM u WHERE mail='%u' AND "
	    "MD5(CONCAT(x, 'it''s')) = 'a\\'b'",
	    "users u\n\temail = mail\n\tpassword = password\n" },
	{ GUESS_PASSWORDS, "SELECT password FROM u WHERE mail='%u' AND "
	    "on_duty IS TRUE AND gone IS NOT TRUE AND uid IS NOT NULL",
	    "users u\n\temail = mail\n\tpassword = password\n"
	    "\tactive = on_duty\n\tactive = !gone\n" },
	{ GUESS_PASSWORDS, "SELECT 'the key' AS password, 'Y' AS nopassword "
	    "FROM u WHERE mail='%u'", "users u\n\temail = mail\n" },
};

/* The first section, to the next comment or blank line. */
static const char *
section_of(struct arena *a, const char *map)
{
	const char *begin = strstr(map, "\n# FILE\n");
	const char *end;

	if (begin == NULL)
		return NULL;
	begin += strlen("\n# FILE\n");
	end = strstr(begin, "\n\n");
	return arena_strndup(a, begin, end != NULL ? (size_t)(end - begin) +
	    1 : strlen(begin));
}

static void
a_query_says_what_its_tables_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(queries); i++) {
		struct arena a = { 0 };
		struct guess g = { .arena = &a, .home = "", .scheme = "",
		    .base = "/var/vmail" };
		struct text map = TEXT_INIT;
		const char *section;
		bool some;

		guess_query_add(&g, queries[i].use, "FILE", queries[i].query);
		some = guess_map(&g, &map);
		section = section_of(&a, map.buf);
		if (some != (queries[i].section != NULL) || (some &&
		    strcmp(section, queries[i].section) != 0))
			fail_msg("%s:\n%s", queries[i].query, map.buf);
		if (strstr(map.buf, "the key") != NULL)
			fail_msg("a secret in:\n%s", map.buf);
		text_clear(&map);
		arena_clear(&a);
	}
}

/* A comparison that a map cannot say must not pass for one that it says. */
static void
what_a_map_cannot_say_is_named(void **state)
{
	static const char *const conditions[] = { "state > 0", "state >= 1",
	    "state IS UNKNOWN", "state < 2", "state IS NULL",
	    "NOT ends > NOW()" };

	(void)state;
	for (size_t i = 0; i < COUNT(conditions); i++) {
		struct arena a = { 0 };
		struct guess g = { .arena = &a, .home = "", .scheme = "",
		    .base = "" };
		struct text map = TEXT_INIT;

		guess_query_add(&g, GUESS_PASSWORDS, "FILE", arena_printf(&a,
		    "SELECT password FROM u WHERE mail='%%u' AND %s",
		    conditions[i]));
		assert_true(guess_map(&g, &map));
		if (strstr(map.buf, "FILE: a condition that is not "
		    "understood") == NULL || strstr(map.buf, "state") != NULL)
			fail_msg("%s:\n%s", conditions[i], map.buf);
		text_clear(&map);
		arena_clear(&a);
	}
}

/* Both read the same table, and agree on who may log in and receive. */
static void
queries_of_a_table_are_one_section(void **state)
{
	struct arena a = { 0 };
	struct guess g = { .arena = &a, .home = "", .base = "",
	    .scheme = "SSHA" };
	struct text map = TEXT_INIT;

	(void)state;
	guess_query_add(&g, GUESS_MAILBOXES, "FILE", "SELECT 1 FROM u WHERE "
	    "mail='%s' AND enabled='Y' AND deliver=1");
	guess_query_add(&g, GUESS_PASSWORDS, "FILE", "SELECT password FROM u "
	    "WHERE mail='%u' AND enabled='Y' AND x REGEXP '^a'");
	assert_true(guess_map(&g, &map));
	assert_string_equal(section_of(&a, map.buf), "users u\n"
	    "\temail = mail\n\tpassword = password\n\tactive = enabled\n"
	    "\tmay_receive = deliver\n");
	assert_non_null(strstr(map.buf, "FILE: a condition that is not "
	    "understood"));
	assert_non_null(strstr(map.buf, "are of SSHA: "));
	text_clear(&map);
	arena_clear(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_query_says_what_its_tables_hold),
		cmocka_unit_test(what_a_map_cannot_say_is_named),
		cmocka_unit_test(queries_of_a_table_are_one_section),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
