/* What the verifier reads: files of Postfix and Dovecot, and queries. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "file/read.h"
#include "model/verify/private.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- name = value ---------------------------------------------------- */

static const struct {
	const char *text;
	enum cf_syntax syntax;
	const char *name;
	const char *value;	/* NULL: it is not set */
} files[] = {
	{ "a = b\n", CF_POSTFIX, "a", "b" },
	{ "a=b", CF_POSTFIX, "a", "b" },
	{ "  a =  b c \t\n", CF_POSTFIX, "a", "b c" },
	{ "a =\n", CF_POSTFIX, "a", "" },
	{ "a = b = c\n", CF_POSTFIX, "a", "b = c" },
	{ "a = b\r\nc = d\r\n", CF_POSTFIX, "a", "b" },
	{ "# a = b\n", CF_POSTFIX, "a", NULL },
	{ "  # a = b\n", CF_POSTFIX, "a", NULL },
	{ "a = b # c\n", CF_POSTFIX, "a", "b # c" },
	/* The last one wins, as in both servers. */
	{ "a = b\na = c\n", CF_POSTFIX, "a", "c" },
	{ "a = b\n  c\n\td\n", CF_POSTFIX, "a", "b c d" },
	/* Neither a comment nor an empty line ends a value. */
	{ "a = b\n# no\n\n  c\n", CF_POSTFIX, "a", "b c" },
	{ "a = b \\\n c\n", CF_POSTFIX, "a", "b \\ c" },
	{ "a = b \\\nc\nd = e\n", CF_DOVECOT, "a", "b  c" },
	{ "a = b \\\n# no\n  c\n", CF_DOVECOT, "a", "b  c" },
	{ "a = b\n  c = d\n", CF_DOVECOT, "c", "d" },
	{ "a = b \\", CF_DOVECOT, "a", "b \\" },
	/* What is no line of the form is passed over. */
	{ "nothing\na = b\n", CF_POSTFIX, "a", "b" },
	{ "= b\n", CF_POSTFIX, "", NULL },
	{ "", CF_POSTFIX, "a", NULL },
	{ "\n\n  \n", CF_DOVECOT, "a", NULL },
	{ "\xff\xfe = \x01\n", CF_POSTFIX, "\xff\xfe", "\x01" },
};

static void
files_are_read_as_the_servers_read_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		struct arena a = { 0 };
		const char *value;
		struct cf cf;

		cf_parse(&a, files[i].text, files[i].syntax, &cf);
		value = cf_value(&cf, files[i].name);
		if (files[i].value == NULL)
			assert_null(value);
		else if (value == NULL)
			fail_msg("%s: no %s", files[i].text, files[i].name);
		else
			assert_string_equal(value, files[i].value);
		arena_clear(&a);
	}
}

/* --- blocks ---------------------------------------------------------- */

static const struct {
	const char *text;
	const char *type;	/* NULL: of the whole */
	const char *block;	/* NULL: any */
	const char *name;
	const char *value;
} blocks[] = {
	{ "a = b\n", NULL, NULL, "a", "b" },
	{ "a = \" b c\"\n", NULL, NULL, "a", " b c" },
	{ "a = \"\\\\Drafts \\\"x\\\"\"\n", NULL, NULL, "a",
	    "\\Drafts \"x\"" },
	{ "a = \"\n", NULL, NULL, "a", "\"" },
	{ "a = \"\"\n", NULL, NULL, "a", "" },
	{ "s x {\n  a = b\n}\n", "s", "x", "a", "b" },
	{ "s {\n  a = b\n}\n", "s", NULL, "a", "b" },
	{ "s \"User quota\" {\n  a = b\n}\n", "s", "User quota", "a", "b" },
	{ "s /run/x=y {\n  a = b\n}\n", "s", "/run/x=y", "a", "b" },
	{ "s x {\n t y {\n a = b\n }\n}\n", "s", "x", "a", NULL },
	{ "s x {\n}\ns y {\na = b\n}\n", "s", "y", "a", "b" },
	/* A value may look like the beginning of a block. */
	{ "a = b {\n", NULL, NULL, "a", "b {" },
	{ "q = SELECT '}' \\\n  FROM t\n", NULL, NULL, "q",
	    "SELECT '}'  FROM t" },
	{ "# s x {\na = b\n", NULL, NULL, "a", "b" },
	{ "@if X@\na = b\n@end@\n", NULL, NULL, "a", "b" },
};

static void
blocks_are_found_by_type_and_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(blocks); i++) {
		struct arena a = { 0 };
		struct err e = { 0 };
		struct dovecot_block *root;
		const struct dovecot_block *b;
		const char *value;

		assert_true(dovecot_parse(&a, blocks[i].text, &root, &e));
		b = blocks[i].type == NULL ? root : dovecot_block(root,
		    blocks[i].type, blocks[i].block);
		if (b == NULL)
			fail_msg("no block: %s", blocks[i].text);
		value = dovecot_value(b, blocks[i].name);
		if (blocks[i].value == NULL)
			assert_null(value);
		else if (value == NULL)
			fail_msg("no value: %s", blocks[i].text);
		else
			assert_string_equal(value, blocks[i].value);
		arena_clear(&a);
	}
}

static const struct {
	const char *text;
	const char *message;
} broken[] = {
	{ "}\n", "line 1: } without a block" },
	{ "s {\n}\n}\n", "line 3: } without a block" },
	{ "s x {\n", "the block s does not end" },
	{ "s x {\na = b\n", "the block s does not end" },
};

static void
blocks_that_do_not_end_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++) {
		struct dovecot_block *root;
		struct arena a = { 0 };
		struct err e = { 0 };

		assert_false(dovecot_parse(&a, broken[i].text, &root, &e));
		assert_int_equal(e.code, ERR_INVALID);
		assert_string_equal(e.text, broken[i].message);
		err_clear(&e);
		arena_clear(&a);
	}
}

/* A million levels must neither take the stack nor for ever. */
static void
blocks_are_not_without_bottom(void **state)
{
	struct text t = TEXT_INIT;
	struct dovecot_block *root;
	struct arena a = { 0 };
	struct err e = { 0 };

	(void)state;
	for (int i = 0; i < 1000000; i++)
		text_add(&t, "s {\n");
	assert_false(dovecot_parse(&a, t.buf, &root, &e));
	assert_non_null(strstr(e.text, "nested more than 32 deep"));
	err_clear(&e);
	arena_clear(&a);
	text_clear(&t);
}

/* --- what doveconf prints -------------------------------------------- */

static void
sample_read(struct arena *a, const char *file, struct dovecot_block **root)
{
	struct text content = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;

	assert_true(file_read(file, &content, &st, &e));
	assert_true(dovecot_parse(a, content.buf, root, &e));
	text_clear(&content);
}

static const struct dovecot_block *
below(const struct dovecot_block *b, const char *type, const char *name)
{
	b = dovecot_block(b, type, name);
	assert_non_null(b);
	return b;
}

static void
what_doveconf_23_prints_is_understood(void **state)
{
	struct dovecot_block *root;
	struct arena a = { 0 };

	(void)state;
	sample_read(&a, "tests/data/doveconf/2.3.txt", &root);
	assert_string_equal(dovecot_value(root, "ssl"), "required");
	assert_string_equal(dovecot_value(root, "auth_cache_size"), "0");
	assert_string_equal(dovecot_value(root, "disable_plaintext_auth"),
	    "yes");
	assert_string_equal(dovecot_value(below(root, "passdb", NULL),
	    "args"), "/etc/dovecot/dovecot-sql.conf.ext");
	assert_string_equal(dovecot_value(below(below(root, "service",
	    "auth"), "unix_listener", "/var/spool/postfix/private/auth"),
	    "mode"), "0660");
	assert_string_equal(dovecot_value(below(root, "service",
	    "auth-worker"), "service_count"), "1");
	arena_clear(&a);
}

static void
what_doveconf_24_prints_is_understood(void **state)
{
	struct dovecot_block *root;
	struct arena a = { 0 };

	(void)state;
	sample_read(&a, "tests/data/doveconf/2.4.txt", &root);
	assert_string_equal(dovecot_value(root, "ssl"), "required");
	assert_string_equal(dovecot_value(root, "auth_cache_size"), "0");
	assert_string_equal(dovecot_value(root, "auth_allow_cleartext"),
	    "no");
	assert_string_equal(dovecot_value(below(root, "ssl_server", NULL),
	    "cert_file"), "/etc/letsencrypt/live/mx.example.org/"
	    "fullchain.pem");
	assert_string_equal(dovecot_value(below(root, "mail_plugins", NULL),
	    "quota"), "yes");
	assert_string_equal(dovecot_value(below(root, "mysql",
	    "db2.example.org"), "user"), "dovecot");
	assert_string_equal(dovecot_value(below(below(root, "namespace",
	    "inbox"), "mailbox", "Drafts"), "special_use"), "\\Drafts");
	assert_non_null(strstr(dovecot_value(below(root, "passdb", "sql"),
	    "query"), "u.email = '%{user}'"));
	assert_string_equal(dovecot_value(below(below(root, "service",
	    "auth"), "unix_listener", "/var/spool/postfix/private/auth"),
	    "mode"), "0660");
	arena_clear(&a);
}

/* --- queries --------------------------------------------------------- */

static const struct {
	const char *text;
	const char *plain;
} plains[] = {
	{ "SELECT  a\n FROM t", "select a from t" },
	{ "select a,b from t where c='%s'",
	    "select a,b from t where c='%s'" },
	{ "SELECT a , b FROM t WHERE ( c = '%s' )",
	    "select a,b from t where(c='%s')" },
	{ "SELECT 'A  b' FROM `T`;", "select 'A  b' from t" },
	{ "SELECT '@%d', '@HOME@/'", "select '@%d','@HOME@/'" },
	{ "SELECT @HOME@ x", "select @HOME@ x" },
	{ "SELECT 'open", "select 'open" },
	{ "", "" }, { " \n ", "" },
};

static void
blanks_and_capitals_mean_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(plains); i++) {
		struct arena a = { 0 };

		assert_string_equal(verify_query_plain(&a, plains[i].text),
		    plains[i].plain);
		arena_clear(&a);
	}
}

static const struct {
	const char *text;
	const char *shipped;
	bool same;
} pairs[] = {
	{ "SELECT a FROM t", "select a\n  from t", true },
	{ "SELECT a FROM t", "SELECT a FROM u", false },
	{ "SELECT a FROM t", "SELECT a FROM t WHERE b", false },
	{ "SELECT a FROM t WHERE b", "SELECT a FROM t", false },
	{ "CONCAT('/srv/mail/', u.home)", "CONCAT('@DIR@/', u.home)", true },
	{ "CONCAT('/srv//', u.home)", "CONCAT('@DIR@/', u.home)", true },
	{ "CONCAT('', u.home)", "CONCAT('@DIR@/', u.home)", false },
	/* What stands for a folder holds no quote, hence no SQL. */
	{ "CONCAT('/', u.x, '/', u.home)", "CONCAT('@DIR@/', u.home)",
	    false },
	{ "@A@", "@A@", true }, { "", "@A@", true }, { "", "", true },
};

static void
a_query_is_the_shipped_one_but_for_folders(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct arena a = { 0 };

		if (verify_query_same(&a, pairs[i].text, pairs[i].shipped) !=
		    pairs[i].same)
			fail_msg("%s: %s", pairs[i].text, pairs[i].shipped);
		arena_clear(&a);
	}
}

/* --- default schemes ------------------------------------------------- */

static const struct {
	int minor;
	const char *scheme;
	const char *more;	/* a line of the configuration */
	const char *rule;	/* NULL: neither V047 nor V057 */
} schemes[] = {
	{ 4, "CRYPT", "", NULL },
	{ 4, "SHA512-CRYPT", "", "V047" },
	{ 4, "MD5-CRYPT", "", "V057" },
	{ 4, "plain-md5.hex", "", "V057" },
	{ 4, "MD5-CRYPT", "auth_allow_weak_schemes = yes\n", "V047" },
	{ 4, "SHA", "", "V047" },
};

static const char *
rule_of_scheme(struct arena *a, size_t i)
{
	const char *text = arena_printf(a, "%spassdb sql {\n"
	    "  default_password_scheme = %s\n}\nuserdb sql {\n}\n",
	    schemes[i].more, schemes[i].scheme);
	const struct finding_filter filter = { SEVERITY_NOTE };
	struct verifying v = { .arena = a };
	const char *rule = NULL;
	struct report report;
	struct err e = { 0 };

	memset(v.runs, true, sizeof(v.runs));
	findings_begin(&v.findings, verify_rules, a, &filter, &report);
	findings_choose(&v.findings);
	v.dovecot.minor = schemes[i].minor;
	assert_true(dovecot_parse(a, text, &v.dovecot.root, &e));
	verify_dovecot_queries(&v);
	findings_end(&v.findings);
	for (size_t n = 0; n < report.count; n++) {
		const char *id = report.finding[n].rule;

		if (strcmp(id, "V047") == 0 || strcmp(id, "V057") == 0)
			rule = id;
	}
	findings_clear(&v.findings);
	VECTOR_CLEAR(&v.queries);
	VECTOR_CLEAR(&v.accounts);
	return rule;
}

static void
a_default_scheme_that_dovecot_refuses_is_an_error(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(schemes); i++) {
		struct arena a = { 0 };
		const char *rule = rule_of_scheme(&a, i);

		if (rule == NULL ? schemes[i].rule != NULL :
		    schemes[i].rule == NULL ||
		    strcmp(rule, schemes[i].rule) != 0)
			fail_msg("%s: %s", schemes[i].scheme, rule);
		arena_clear(&a);
	}
}

/* --- forms of one release, and files of another machine ----------------- */

static const struct {
	int minor;
	const char *root;
	const char *text;
	const char *rule;
	bool found;
} forms[] = {
	{ 4, NULL, "quota user {\n}\nmail_plugins {\n  quota = no\n}\n",
	    "V113", true },
	{ 4, NULL, "quota user {\n}\nmail_plugins {\n  quota = yes\n}\n",
	    "V113", false },
	{ 4, NULL, "quota user {\n}\nprotocol imap {\n  mail_plugins {\n"
	    "    quota = yes\n  }\n}\n", "V113", false },
	{ 4, NULL, "mail_plugins {\n  quota = no\n}\n", "V113", false },
	{ 3, NULL, "plugin {\n  quota = maildir:User quota\n}\n", "V113",
	    true },
	{ 3, NULL, "mail_plugins = quota\nplugin {\n  quota = maildir:x\n}\n",
	    "V113", false },
	{ 4, NULL, "listen = *\nservice lmtp {\n  inet_listener a {\n"
	    "    listen = 127.0.0.1\n    port = 24\n  }\n}\n", "V111",
	    false },
	{ 4, NULL, "listen = *\nservice lmtp {\n  inet_listener a {\n"
	    "    port = 24\n  }\n}\n", "V111", true },
	{ 3, NULL, "listen = *\nservice lmtp {\n  inet_listener a {\n"
	    "    address = 127.0.0.1\n    port = 24\n  }\n}\n", "V111",
	    false },
	{ 3, NULL, "service lmtp {\n  user = no-such-one\n}\n", "V109", true },
	{ 3, "/a", "service lmtp {\n  user = no-such-one\n}\n", "V109",
	    false },
};

static bool
form_finds(struct arena *a, size_t i)
{
	const struct finding_filter filter = { SEVERITY_NOTE };
	const struct verify_options options = { .root = forms[i].root };
	struct verifying v = { .arena = a, .options = &options };
	struct report report;
	struct err e = { 0 };
	bool found = false;

	memset(v.runs, true, sizeof(v.runs));
	findings_begin(&v.findings, verify_rules, a, &filter, &report);
	findings_choose(&v.findings);
	v.dovecot.minor = forms[i].minor;
	assert_true(dovecot_parse(a, forms[i].text, &v.dovecot.root, &e));
	verify_listeners(&v);
	verify_plugins(&v);
	findings_end(&v.findings);
	for (size_t n = 0; n < report.count; n++)
		found |= strcmp(report.finding[n].rule, forms[i].rule) == 0;
	findings_clear(&v.findings);
	return found;
}

static void
each_release_is_read_in_its_own_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		struct arena a = { 0 };

		if (form_finds(&a, i) != forms[i].found)
			fail_msg("%s of 2.%d: %s", forms[i].rule,
			    forms[i].minor, forms[i].text);
		arena_clear(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read_as_the_servers_read_them),
		cmocka_unit_test(blocks_are_found_by_type_and_name),
		cmocka_unit_test(blocks_that_do_not_end_are_refused),
		cmocka_unit_test(blocks_are_not_without_bottom),
		cmocka_unit_test(what_doveconf_23_prints_is_understood),
		cmocka_unit_test(what_doveconf_24_prints_is_understood),
		cmocka_unit_test(blanks_and_capitals_mean_nothing),
		cmocka_unit_test(a_query_is_the_shipped_one_but_for_folders),
		cmocka_unit_test(
		    a_default_scheme_that_dovecot_refuses_is_an_error),
		cmocka_unit_test(each_release_is_read_in_its_own_form),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
