/*
 * SPF: check_host() over zones that are written down.
 *
 * The cases are files of YAML in the form of the public test suites for RFC
 * 4408 and RFC 7208.  Those are not part of the tree; SPF_SUITES="FILE..."
 * runs them too.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/ascii.h"
#include "base/text.h"
#include "model/spf/spf.h"

/* --- YAML ------------------------------------------------------------ */

static const char *
scalar(struct arena *a, const yaml_node_t *node)
{
	char *copy;
	size_t len;

	if (node == NULL || node->type != YAML_SCALAR_NODE)
		return NULL;
	len = node->data.scalar.length;
	copy = arena_alloc(a, len + 1);
	memcpy(copy, node->data.scalar.value, len);
	/* As the resolver hands over what no text can hold. */
	for (size_t i = 0; i < len; i++) {
		if (copy[i] == '\0')
			copy[i] = '\1';
	}
	return copy;
}

static yaml_node_t *
member(yaml_document_t *doc, yaml_node_t *map, const char *key)
{
	yaml_node_pair_t *pair;

	if (map == NULL || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (pair = map->data.mapping.pairs.start;
	    pair < map->data.mapping.pairs.top; pair++) {
		yaml_node_t *node = yaml_document_get_node(doc, pair->key);

		if (node->type == YAML_SCALAR_NODE &&
		    strcmp((char *)node->data.scalar.value, key) == 0)
			return yaml_document_get_node(doc, pair->value);
	}
	return NULL;
}

/* The scalars of a list, or the one scalar, with this between them. */
static const char *
joined(struct arena *a, yaml_document_t *doc, yaml_node_t *node,
    const char *between)
{
	struct text t = TEXT_INIT;
	yaml_node_item_t *item;
	const char *copy;

	if (node->type == YAML_SCALAR_NODE)
		return scalar(a, node);
	for (item = node->data.sequence.items.start;
	    item < node->data.sequence.items.top; item++) {
		if (item > node->data.sequence.items.start)
			text_add(&t, between);
		text_add(&t, scalar(a, yaml_document_get_node(doc, *item)));
	}
	copy = arena_strdup(a, t.buf);
	text_clear(&t);
	return copy;
}

/* --- a zone ---------------------------------------------------------- */

struct zone {
	struct arena *arena;
	yaml_document_t *doc;
	yaml_node_t *data;
	unsigned asked;
	unsigned hide;		/* the answers after so many are not known */
	const char *record;	/* of DOMAIN, where the case has one */
};

/* A case with a record of its own is about this domain. */
#define DOMAIN "example.org"

static const char *const type_names[] = {
	[DNS_A] = "A", [DNS_AAAA] = "AAAA", [DNS_MX] = "MX",
	[DNS_PTR] = "PTR", [DNS_TXT] = "TXT",
};

static yaml_node_t *
zone_find(struct zone *z, const char *name)
{
	yaml_node_pair_t *pair;

	if (z->data == NULL)
		return NULL;
	for (pair = z->data->data.mapping.pairs.start;
	    pair < z->data->data.mapping.pairs.top; pair++) {
		const char *key = scalar(z->arena,
		    yaml_document_get_node(z->doc, pair->key));
		size_t len = strlen(key);

		len -= len > 0 && key[len - 1] == '.';
		if (len == strlen(name) && strncasecmp(key, name, len) == 0)
			return yaml_document_get_node(z->doc, pair->value);
	}
	return NULL;
}

static const char *
value_of(struct zone *z, enum dns_type type, yaml_node_t *node)
{
	const char *value = joined(z->arena, z->doc, node,
	    type == DNS_MX ? " " : "");
	size_t len = strlen(value);

	if (type == DNS_TXT)
		return value;
	len -= len > 0 && value[len - 1] == '.';
	return lowered(z->arena, arena_strndup(z->arena, value, len));
}

/* A list of {TYPE: VALUE}, or TIMEOUT for what is not there. */
static void
zone_read(struct zone *z, yaml_node_t *list, enum dns_type type,
    const char *key, struct dns_answer *answer)
{
	yaml_node_item_t *item;

	for (item = list->data.sequence.items.start;
	    item < list->data.sequence.items.top; item++) {
		yaml_node_t *node = yaml_document_get_node(z->doc, *item);
		yaml_node_t *found = member(z->doc, node, key);
		const char *text = found == NULL ? scalar(z->arena, node) :
		    scalar(z->arena, found);

		if (text != NULL && strcmp(text, "TIMEOUT") == 0) {
			if (answer->state == DNS_NOTHING)
				answer->state = DNS_UNKNOWN;
		} else if (found != NULL && text != NULL &&
		    strcmp(text, "NONE") == 0) {
			continue;
		} else if (found != NULL) {
			answer->state = DNS_FOUND;
			words_add(z->arena, &answer->values,
			    value_of(z, type, found));
		}
	}
}

static bool
zone_has(struct zone *z, yaml_node_t *list, const char *key)
{
	yaml_node_item_t *item;

	for (item = list->data.sequence.items.start;
	    item < list->data.sequence.items.top; item++) {
		if (member(z->doc, yaml_document_get_node(z->doc, *item),
		    key) != NULL)
			return true;
	}
	return false;
}

static const struct dns_answer *
zone_ask(void *arg, const char *name, enum dns_type type)
{
	struct zone *z = arg;
	struct dns_answer *answer = arena_alloc(z->arena, sizeof(*answer));
	yaml_node_t *list = zone_find(z, name);
	const char *key = type_names[type];

	assert_true(dns_name_is_valid(name));
	if (z->asked++ >= z->hide)
		return NULL;
	if (z->record != NULL && type == DNS_TXT &&
	    strcasecmp(name, DOMAIN) == 0) {
		answer->state = DNS_FOUND;
		words_add(z->arena, &answer->values, z->record);
		return answer;
	}
	answer->state = DNS_NOTHING;
	for (int i = 0; i < 5 && list != NULL &&
	    zone_has(z, list, "CNAME"); i++) {
		struct dns_answer alias = { .state = DNS_NOTHING };

		zone_read(z, list, DNS_CNAME, "CNAME", &alias);
		answer->is_alias = true;
		list = zone_find(z, alias.values.word[0]);
		if (i == 4)
			answer->state = DNS_UNKNOWN;
	}
	if (list == NULL) {
		if (strncasecmp(name, "error.", 6) == 0)
			answer->state = DNS_UNKNOWN;
		return answer;
	}
	if (type == DNS_TXT && !zone_has(z, list, "TXT"))
		key = "SPF";
	zone_read(z, list, type, key, answer);
	return answer;
}

/* --- a case ---------------------------------------------------------- */

struct suite {
	const char *file;
	yaml_document_t *doc;
	yaml_node_t *data;
	unsigned cases;
	unsigned failed;
};

static bool
is_expected(yaml_document_t *doc, yaml_node_t *want, const char *got)
{
	struct arena a = { 0 };
	const char *list = arena_printf(&a, ",%s,", joined(&a, doc, want,
	    ","));
	bool is = strstr(list, arena_printf(&a, ",%s,", got)) != NULL;

	arena_clear(&a);
	return is;
}

/* As long as an answer is missing the result is pending, and no other. */
static void
expect_pending(struct zone z, const struct spf_query *query)
{
	struct dns_asker asker = { zone_ask, &z };
	unsigned answers = z.asked;

	for (z.hide = 0; z.hide < answers; z.hide++) {
		z.asked = 0;
		assert_int_equal(spf_check(z.arena, &asker, query).state,
		    SPF_PENDING);
	}
}

/* Whatever the record is, going through all of it ends. */
static void
expect_whole(struct zone z, struct spf_query query)
{
	struct dns_asker asker = { zone_ask, &z };

	query.whole = true;
	assert_int_not_equal(spf_check(z.arena, &asker, &query).state,
	    SPF_PENDING);
}

static bool
detail_is(struct suite *s, struct arena *a, yaml_node_t *test,
    const char *key, const char *got)
{
	const char *want = scalar(a, member(s->doc, test, key));

	if (want == NULL || strcmp(want, got == NULL ? "" : got) == 0)
		return true;
	print_error("%s: wanted \"%s\", is \"%s\"\n", key, want,
	    got == NULL ? "" : got);
	return false;
}

static const char *
cell(struct suite *s, struct arena *a, yaml_node_t *test, const char *key,
    const char *otherwise)
{
	const char *text = scalar(a, member(s->doc, test, key));

	return text == NULL ? otherwise : text;
}

static void
case_run(struct suite *s, const char *name, yaml_node_t *test)
{
	struct arena a = { 0 };
	struct zone z = { &a, s->doc, s->data, 0, UINT32_MAX,
		cell(s, &a, test, "record", NULL) };
	struct dns_asker asker = { zone_ask, &z };
	struct spf_query query = {
		.address = cell(s, &a, test, "host", "192.0.2.1"),
		.helo = cell(s, &a, test, "helo", "mail.example.org"),
		.sender = cell(s, &a, test, "mailfrom", "anna@" DOMAIN),
		.whole = member(s->doc, test, "whole") != NULL,
	};
	struct spf_result r = spf_check(&a, &asker, &query);
	yaml_node_t *want = member(s->doc, test, "result");
	bool ok = want != NULL && is_expected(s->doc, want,
	    spf_state_name(r.state));

	s->cases++;
	ok = detail_is(s, &a, test, "term", r.term) && ok;
	ok = detail_is(s, &a, test, "domain", r.domain) && ok;
	ok = detail_is(s, &a, test, "why", r.why) && ok;
	ok = detail_is(s, &a, test, "asking",
	    arena_printf(&a, "%u", r.asking)) && ok;
	ok = detail_is(s, &a, test, "empty",
	    arena_printf(&a, "%u", r.empty)) && ok;
	if (!ok) {
		s->failed++;
		print_error("%s: %s: is %s: %s: %s %s\n", s->file, name,
		    spf_state_name(r.state), r.domain, r.term, r.why);
	}
	expect_pending(z, &query);
	expect_whole(z, query);
	arena_clear(&a);
}

static void
document_run(struct suite *s)
{
	yaml_node_t *root = yaml_document_get_root_node(s->doc);
	yaml_node_t *tests = member(s->doc, root, "tests");
	yaml_node_pair_t *pair;

	s->data = member(s->doc, root, "zonedata");
	assert_non_null(tests);
	for (pair = tests->data.mapping.pairs.start;
	    pair < tests->data.mapping.pairs.top; pair++)
		case_run(s, (char *)yaml_document_get_node(s->doc,
		    pair->key)->data.scalar.value,
		    yaml_document_get_node(s->doc, pair->value));
}

static unsigned
file_run(const char *file, unsigned *failed)
{
	FILE *f = fopen(file, "r");
	yaml_parser_t parser;
	yaml_document_t doc;
	struct suite s = { .file = file, .doc = &doc };

	assert_non_null(f);
	assert_true(yaml_parser_initialize(&parser));
	yaml_parser_set_input_file(&parser, f);
	for (;;) {
		bool more;

		if (!yaml_parser_load(&parser, &doc))
			fail_msg("%s:%zu: %s", file,
			    parser.problem_mark.line + 1, parser.problem);
		more = yaml_document_get_root_node(&doc) != NULL;
		if (more)
			document_run(&s);
		yaml_document_delete(&doc);
		if (!more)
			break;
	}
	yaml_parser_delete(&parser);
	fclose(f);
	*failed += s.failed;
	return s.cases;
}

static void
test_cases(void **state)
{
	unsigned failed = 0;

	(void)state;
	assert_true(file_run("tests/data/spf.yml", &failed) >= 100);
	assert_int_equal(failed, 0);
}

static void
test_suites(void **state)
{
	const char *files = getenv("SPF_SUITES");
	unsigned failed = 0;

	(void)state;
	while (files != NULL && *(files += strspn(files, " ")) != '\0') {
		size_t len = strcspn(files, " ");
		char *file = strndup(files, len);

		print_message("# %s: %u cases\n", file,
		    file_run(file, &failed));
		free(file);
		files += len;
	}
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_suites),
	};

	return cmocka_run_group_tests_name("spf", tests, NULL, NULL);
}
