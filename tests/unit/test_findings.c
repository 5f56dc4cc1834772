/* Which findings are reported: the filter, the rules that cannot be checked. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "model/check/check.h"
#include "model/findings.h"
#include "model/repair/repair.h"
#include "model/verify/verify.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { NEEDS_EYES = 1, NEEDS_EARS = 2 };

static const struct rule rules[] = {
	{ "U001", SEVERITY_ERROR, "user", "one", "look at EMAIL",
	    NEEDS_EYES },
	{ "U002", SEVERITY_WARNING, "user", "two", "hear", NEEDS_EARS },
	{ "D001", SEVERITY_NOTE, "domain", "three", "nothing",
	    NEEDS_EYES | NEEDS_EARS },
	{ 0 }
};

/* --- the filter ------------------------------------------------------ */

static const struct {
	const char *ignore;	/* NULL: nothing */
	const char *domain;	/* NULL: all */
	const char *name;	/* of a finding of U001 */
	bool passes;
} filters[] = {
	{ NULL, NULL, "anna@x.org", true },
	{ NULL, NULL, NULL, true },
	{ "U001", NULL, "anna@x.org", false },
	{ "u001", NULL, "anna@x.org", false },
	{ "U002", NULL, "anna@x.org", true },
	{ "U001:anna@x.org", NULL, "anna@x.org", false },
	{ "U001:anna@x.org", NULL, "bo@x.org", true },
	{ "U002:anna@x.org", NULL, "anna@x.org", true },
	/* Neither the id nor the name has upper and lower case. */
	{ "u001:anna@x.org", NULL, "anna@x.org", false },
	{ "U001:ANNA@x.org", NULL, "anna@x.org", false },
	{ "U001:anna@x.org", NULL, "Anna@X.org", false },
	{ "u001:*@X.ORG", NULL, "anna@x.org", false },
	{ "U001:*", NULL, "anna@x.org", false },
	{ "U001:ann?@x.org", NULL, "anna@x.org", false },
	{ "U001:*@y.org", NULL, "anna@x.org", true },
	{ "U0011:anna@x.org", NULL, "anna@x.org", true },
	/* What is about the whole database has no name. */
	{ "U001:anna@x.org", NULL, NULL, true },
	{ NULL, "x.org", "anna@x.org", true },
	{ NULL, "X.ORG", "anna@x.org", true },
	{ NULL, "x.org", "anna@X.org", true },
	{ NULL, "x.org", "x.org", true },
	{ NULL, "x.org", "anna@y.org", false },
	{ NULL, "x.org", "anna@a.x.org", false },
	{ NULL, "x.org", NULL, false },
};

static void
names_and_ids_are_filtered_in_any_case(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(filters); i++) {
		struct finding_filter filter = { 0 };
		struct arena a = { 0 };

		if (filters[i].ignore != NULL)
			words_add(&a, &filter.ignore, filters[i].ignore);
		if (filters[i].domain != NULL)
			words_add(&a, &filter.domains, filters[i].domain);
		if (filter_passes(&filter, &rules[0], filters[i].name) !=
		    filters[i].passes)
			fail_msg("--ignore %s --domain %s: %s",
			    filters[i].ignore, filters[i].domain,
			    filters[i].name);
		arena_clear(&a);
	}
}

/* --- the report ------------------------------------------------------ */

__attribute__((format(printf, 4, 5)))
static void
found(struct findings *f, size_t rule, const char *name, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	findings_addv(f, rule, name, NULL, fmt, ap);
	va_end(ap);
}

static void
a_report_is_sorted_and_counted(void **state)
{
	const struct finding_filter filter = { SEVERITY_WARNING };
	struct arena a = { 0 };
	struct findings f;
	struct report r;

	(void)state;
	findings_begin(&f, rules, &a, &filter, &r);
	findings_choose(&f);
	found(&f, 1, "bo@x.org", "second rule");
	found(&f, 0, "bo@x.org", "b");
	found(&f, 0, "anna@x.org", "a %d", 7);
	found(&f, 2, "x.org", "a note");
	findings_end(&f);
	assert_int_equal(r.count, 3);
	assert_string_equal(r.finding[0].text, "a 7");
	assert_string_equal(r.finding[0].advice, "look at anna@x.org");
	assert_string_equal(r.finding[1].name, "bo@x.org");
	assert_string_equal(r.finding[2].rule, "U002");
	assert_int_equal(r.found[SEVERITY_ERROR], 2);
	assert_int_equal(r.found[SEVERITY_WARNING], 1);
	assert_int_equal(r.found[SEVERITY_NOTE], 0);
	assert_int_equal(r.checked_count, 2);
	assert_int_equal(r.checked[0].found, 2);
	findings_clear(&f);
	arena_clear(&a);
}

static void
what_is_not_seen_leaves_its_rules_unchecked(void **state)
{
	const struct finding_filter filter = { SEVERITY_NOTE };
	struct arena a = { 0 };
	struct findings f;
	struct report r;

	(void)state;
	findings_begin(&f, rules, &a, &filter, &r);
	findings_choose(&f);
	findings_unchecked_all(&f, NEEDS_EARS, "deaf");
	findings_unchecked_all(&f, NEEDS_EARS, "deaf");
	findings_end(&f);
	assert_int_equal(r.unchecked.count, 2);
	assert_string_equal(r.unchecked.word[0], "U002");
	assert_string_equal(r.unchecked.word[1], "D001");
	assert_string_equal(r.unchecked_why, "deaf");
	assert_int_equal(r.checked_count, 1);
	findings_clear(&f);
	arena_clear(&a);
}

/* --- the tables ------------------------------------------------------ */

static void
ids_count_up_in_each_group(const struct rule *table)
{
	for (const struct rule *r = table; r->id != NULL; r++) {
		int number = 1;

		assert_int_equal(strlen(r->id), 4);
		for (const struct rule *before = table; before < r; before++)
			number += *before->id == *r->id;
		if ((r->id[1] - '0') * 100 + (r->id[2] - '0') * 10 +
		    r->id[3] - '0' != number)
			fail_msg("%s is number %d", r->id, number);
		assert_ptr_equal(rule_find(table, r->id, 4), r);
		assert_non_null(r->kind);
		assert_non_null(r->title);
		assert_non_null(r->advice);
	}
}

static void
ids_are_numbered_without_gaps(void **state)
{
	(void)state;
	ids_count_up_in_each_group(check_rules);
	ids_count_up_in_each_group(verify_rules);
}

static void
what_a_rule_promises_of_fix_is_done(void **state)
{
	(void)state;
	for (const struct rule *r = check_rules; r->id != NULL; r++) {
		if (repair_has(r) != (r->fix != NULL))
			fail_msg("%s", r->id);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_ids_are_filtered_in_any_case),
		cmocka_unit_test(a_report_is_sorted_and_counted),
		cmocka_unit_test(what_is_not_seen_leaves_its_rules_unchecked),
		cmocka_unit_test(ids_are_numbered_without_gaps),
		cmocka_unit_test(what_a_rule_promises_of_fix_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
