/* Each map by itself: what it answers for a key, and what lost. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "model/address.h"
#include "model/route/live.h"
#include "model/route/lost.h"
#include "model/route/trace.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A database of a few rows, in the order of the keys. */
static const struct domain domains[] = {
	{ .domain = "aka.test", .active = true, .alias_of = "ex.test" },
	{ .domain = "aoff.test", .active = true, .alias_of = "off.test" },
	{ .domain = "ex.test", .active = true },
	{ .domain = "off.test", .active = false },
	{ .domain = "own.test", .active = true, .alias_of = "ex.test" },
};

static const struct sql_route_alias aliases[] = {
	{ .mail = "@ex.test", .destination = "rest@out.test",
	    .active = true, .takes = true },
	{ .mail = "@own.test", .destination = "own@out.test",
	    .active = false },
	{ .mail = "anna@aka.test", .destination = "x@out.test",
	    .active = false },
	{ .mail = "carl@ex.test", .destination = "carl@ex.test",
	    .active = true },
	{ .mail = "dora@ex.test", .destination = "anna@ex.test",
	    .active = true, .takes = true },
	{ .mail = "dora@ex.test", .destination = "dora@ex.test",
	    .active = true },
	{ .mail = "fay@ex.test", .destination = "anna@ex.test",
	    .active = true, .takes = true },
	{ .mail = "fay@ex.test", .destination = "fay@ex.test",
	    .active = true },
	{ .mail = "info+eu@ex.test", .destination = "bo@ex.test",
	    .active = true, .takes = true },
	{ .mail = "info@ex.test", .destination = "anna@ex.test",
	    .active = true, .takes = true },
	{ .mail = "info@ex.test", .destination = "bo@ex.test",
	    .active = false },
	{ .mail = "list@ex.test", .destination = "bo@ex.test",
	    .active = true, .takes = true },
	{ .mail = "list@ex.test", .destination = "hal@ex.test",
	    .active = true, .off = true },
	{ .mail = "old@ex.test", .destination = "anna@ex.test",
	    .active = false },
	{ .mail = "over@ex.test", .destination = "anna@ex.test",
	    .expired = true },
	{ .mail = "gone@ex.test", .destination = "hal@ex.test",
	    .active = true, .off = true },
	{ .mail = "all@ex.test", .destination = "gone@ex.test",
	    .active = true },
};

static const struct sql_mailbox users[] = {
	{ "anna@ex.test", .active = true, .may_receive = true },
	{ "bo@ex.test", .active = true, .may_receive = true },
	{ "carl@ex.test", .active = false, .may_receive = true },
	{ "dora@ex.test", .active = false, .may_receive = true },
	{ "fay@ex.test", .active = true, .may_receive = false },
	{ "gina@off.test", .active = true, .may_receive = true },
	{ "hal@ex.test", .active = true, .may_receive = false },
	{ "ida@ex.test", .expired = true, .may_receive = true },
};

static const struct domain *
domain_named(const char *name)
{
	for (size_t i = 0; i < COUNT(domains); i++) {
		if (strcmp(domains[i].domain, name) == 0)
			return &domains[i];
	}
	return NULL;
}

/* What maps_facts_read() would find, and more than that. */
static void
facts_of(struct arena *a, const char *address, struct maps_facts *f)
{
	const struct domain *d;

	maps_facts_split(a, address, f);
	d = domain_named(address_domain(f->key[MAPS_FULL]));
	f->found = d != NULL;
	if (d == NULL)
		return;
	f->domain = *d;
	if (d->alias_of != NULL)
		f->target = *domain_named(d->alias_of);
	maps_facts_targets(a, f);
	f->alias = aliases;
	f->aliases = COUNT(aliases);
	f->user = users;
	f->users = COUNT(users);
}

static const char *
joined(struct arena *a, const struct words *w)
{
	const char *text = "";

	for (size_t i = 0; i < w->count; i++)
		text = arena_printf(a, "%s%s%s", text, i > 0 ? "," : "",
		    w->word[i]);
	return text;
}

#define REFUSED "550 5.1.1 User unknown"
#define ASK_ON "mailadm_destinations"

static const struct row {
	enum maps_kind map;
	enum maps_form form;
	const char *address;
	const char *answer;
} rows[] = {
	{ MAPS_DOMAINS, MAPS_FULL, "x@EX.test", "ex.test" },
	{ MAPS_DOMAINS, MAPS_FULL, "x@aka.test", "aka.test" },
	{ MAPS_DOMAINS, MAPS_FULL, "x@off.test", "" },
	{ MAPS_DOMAINS, MAPS_FULL, "x@aoff.test", "" },
	{ MAPS_DOMAINS, MAPS_FULL, "x@out.test", "" },

	{ MAPS_ALIASES, MAPS_FULL, "Info@Ex.Test", "anna@ex.test" },
	{ MAPS_ALIASES, MAPS_FULL, "info+x@ex.test", "" },
	{ MAPS_ALIASES, MAPS_UNTAGGED, "info+x@ex.test", "anna@ex.test" },
	{ MAPS_ALIASES, MAPS_FULL, "info+EU@ex.test", "bo@ex.test" },
	{ MAPS_ALIASES, MAPS_CATCHALL, "no@ex.test", "rest@out.test" },
	{ MAPS_ALIASES, MAPS_CATCHALL, "no@aka.test", "" },
	{ MAPS_ALIASES, MAPS_FULL, "old@ex.test", "" },
	{ MAPS_ALIASES, MAPS_FULL, "dora@ex.test", "anna@ex.test" },
	{ MAPS_ALIASES, MAPS_FULL, "carl@ex.test", "" },
	{ MAPS_ALIASES, MAPS_FULL, "fay@ex.test", "anna@ex.test" },
	{ MAPS_ALIASES, MAPS_FULL, "list@ex.test", "bo@ex.test" },
	{ MAPS_ALIASES, MAPS_FULL, "gone@ex.test", "" },
	{ MAPS_ALIASES, MAPS_FULL, "all@ex.test", "gone@ex.test" },

	{ MAPS_ALIAS_DOMAINS, MAPS_FULL, "bo@aka.test", "bo@ex.test" },
	{ MAPS_ALIAS_DOMAINS, MAPS_FULL, "bo+x@aka.test", "" },
	{ MAPS_ALIAS_DOMAINS, MAPS_UNTAGGED, "bo+x@aka.test",
	    "bo@ex.test" },
	{ MAPS_ALIAS_DOMAINS, MAPS_FULL, "anna@aka.test", "" },
	{ MAPS_ALIAS_DOMAINS, MAPS_FULL, "carl@aka.test", "carl@ex.test" },
	{ MAPS_ALIAS_DOMAINS, MAPS_FULL, "no@aka.test", "no@ex.test" },
	{ MAPS_ALIAS_DOMAINS, MAPS_FULL, "+no@aka.test", "+no@ex.test" },
	{ MAPS_ALIAS_DOMAINS, MAPS_FULL, "no@own.test", "" },
	{ MAPS_ALIAS_DOMAINS, MAPS_CATCHALL, "no@aka.test", "" },
	{ MAPS_ALIAS_DOMAINS, MAPS_FULL, "gina@aoff.test", "" },
	{ MAPS_ALIAS_DOMAINS, MAPS_FULL, "bo@ex.test", "" },

	{ MAPS_IDENTITY, MAPS_FULL, "Anna@ex.test", "anna@ex.test" },
	{ MAPS_IDENTITY, MAPS_FULL, "carl@ex.test", "carl@ex.test" },
	{ MAPS_IDENTITY, MAPS_FULL, "hal@ex.test", "hal@ex.test" },
	{ MAPS_IDENTITY, MAPS_FULL, "old@ex.test", "old@ex.test" },
	{ MAPS_IDENTITY, MAPS_FULL, "ida@ex.test", "ida@ex.test" },
	{ MAPS_IDENTITY, MAPS_FULL, "over@ex.test", "over@ex.test" },
	{ MAPS_IDENTITY, MAPS_FULL, "gina@off.test", "gina@off.test" },
	{ MAPS_IDENTITY, MAPS_FULL, "bo@aka.test", "" },
	{ MAPS_IDENTITY, MAPS_CATCHALL, "no@ex.test", "" },

	{ MAPS_DISABLED, MAPS_FULL, "anna@ex.test", "DUNNO" },
	{ MAPS_DISABLED, MAPS_FULL, "carl@ex.test", REFUSED },
	{ MAPS_DISABLED, MAPS_FULL, "carl@aka.test", REFUSED },
	{ MAPS_DISABLED, MAPS_FULL, "dora@ex.test", "DUNNO" },
	{ MAPS_DISABLED, MAPS_FULL, "hal@ex.test", REFUSED },
	{ MAPS_DISABLED, MAPS_UNTAGGED, "hal+x@aka.test", REFUSED },
	{ MAPS_DISABLED, MAPS_FULL, "fay@ex.test", "DUNNO" },
	{ MAPS_DISABLED, MAPS_FULL, "old@ex.test", REFUSED },
	{ MAPS_DISABLED, MAPS_UNTAGGED, "old+x@ex.test", REFUSED },
	{ MAPS_DISABLED, MAPS_FULL, "anna@aka.test", REFUSED },
	{ MAPS_DISABLED, MAPS_FULL, "bo@aka.test", "DUNNO" },
	{ MAPS_DISABLED, MAPS_FULL, "gina@off.test", REFUSED },
	{ MAPS_DISABLED, MAPS_FULL, "list@ex.test", "DUNNO" },
	{ MAPS_DISABLED, MAPS_FULL, "ida@ex.test", REFUSED },
	{ MAPS_DISABLED, MAPS_FULL, "over@ex.test", REFUSED },
	{ MAPS_DISABLED, MAPS_UNTAGGED, "over+x@aka.test", REFUSED },
	{ MAPS_DISABLED, MAPS_FULL, "gone@ex.test", ASK_ON },
	{ MAPS_DISABLED, MAPS_FULL, "gone@aka.test", ASK_ON },
	{ MAPS_DISABLED, MAPS_FULL, "all@ex.test", ASK_ON },
	{ MAPS_DISABLED, MAPS_FULL, "no@ex.test", ASK_ON },
	{ MAPS_DISABLED, MAPS_FULL, "no+x@ex.test", "" },
	{ MAPS_DISABLED, MAPS_UNTAGGED, "no+x@ex.test", ASK_ON },
	{ MAPS_DISABLED, MAPS_FULL, "no@off.test", REFUSED },
	{ MAPS_DISABLED, MAPS_FULL, "no@out.test", "" },
	{ MAPS_DISABLED, MAPS_CATCHALL, "no@ex.test", "" },

	{ MAPS_USERS, MAPS_FULL, "anna@ex.test", "anna@ex.test" },
	{ MAPS_USERS, MAPS_FULL, "carl@ex.test", "" },
	{ MAPS_USERS, MAPS_FULL, "hal@ex.test", "" },
	{ MAPS_USERS, MAPS_FULL, "ida@ex.test", "" },
	{ MAPS_USERS, MAPS_FULL, "gina@off.test", "" },
	{ MAPS_USERS, MAPS_FULL, "info@ex.test", "" },
};

static void
each_map_answers_as_its_query_does(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct words answer = { 0 };
		struct maps_facts f;

		facts_of(&a, rows[i].address, &f);
		maps_ask(&a, rows[i].map, &f, rows[i].form, &answer);
		if (strcmp(joined(&a, &answer), rows[i].answer) != 0)
			fail_msg("%s of %s: \"%s\", not \"%s\"",
			    maps_settings[rows[i].map].name, rows[i].address,
			    joined(&a, &answer), rows[i].answer);
	}
	arena_clear(&a);
}

/* The answer of a map, and what lost against it: "what (why); ..." */
static const struct loss_row {
	enum maps_kind map;
	enum maps_form form;
	const char *address;
	const char *lost;
} losses[] = {
	{ MAPS_ALIASES, MAPS_FULL, "info@ex.test",
	    "info@ex.test -> bo@ex.test (disabled); "
	    "@ex.test -> rest@out.test (catch-all skipped: alias "
	    "info@ex.test exists); " },
	{ MAPS_ALIASES, MAPS_FULL, "info+eu@ex.test",
	    "info@ex.test -> anna@ex.test, bo@ex.test (info+eu@ex.test is "
	    "more specific); @ex.test -> rest@out.test (catch-all skipped: "
	    "alias info+eu@ex.test exists); " },
	{ MAPS_ALIASES, MAPS_FULL, "dora@ex.test",
	    "dora@ex.test -> dora@ex.test (the user is disabled, so no copy "
	    "is kept); @ex.test -> rest@out.test (catch-all skipped: user "
	    "dora@ex.test exists); " },
	{ MAPS_ALIASES, MAPS_FULL, "fay@ex.test",
	    "fay@ex.test -> fay@ex.test (the user may not receive mail, so "
	    "no copy is kept); @ex.test -> rest@out.test (catch-all "
	    "skipped: user fay@ex.test exists); " },
	{ MAPS_ALIAS_DOMAINS, MAPS_FULL, "bo@aka.test",
	    "@ex.test -> rest@out.test (catch-all skipped: user bo@ex.test "
	    "exists); " },
	{ MAPS_IDENTITY, MAPS_FULL, "anna@aka.test",
	    "anna@aka.test -> x@out.test (disabled); user anna@ex.test (the "
	    "alias domain's own alias wins); @ex.test -> rest@out.test "
	    "(catch-all skipped: alias anna@aka.test exists); " },
	{ MAPS_COUNT, MAPS_FULL, "no@own.test",
	    "@own.test -> own@out.test (disabled); @ex.test -> rest@out.test "
	    "(the alias domain has a catch-all of its own, though "
	    "disabled); " },
	{ MAPS_IDENTITY, MAPS_FULL, "over@ex.test",
	    "over@ex.test -> anna@ex.test (expired); @ex.test -> "
	    "rest@out.test (catch-all skipped: alias over@ex.test exists); " },
	{ MAPS_ALIASES, MAPS_CATCHALL, "no@ex.test", "" },
	{ MAPS_COUNT, MAPS_FULL, "no@off.test", "" },
};

static void
what_lost_is_told_with_its_reason(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(losses); i++) {
		const struct loss_row *row = &losses[i];
		struct maps_lookup l = { .map = row->map, .form = row->form };
		struct route_losses lost = { 0 };
		struct maps_facts f;
		const char *text = "";

		facts_of(&a, row->address, &f);
		l.key = f.key[row->form];
		if (row->map != MAPS_COUNT)
			maps_ask(&a, row->map, &f, row->form, &l.answer);
		route_lost(&a, &f, row->map != MAPS_COUNT ? &l : NULL, &lost);
		for (size_t j = 0; j < lost.count; j++)
			text = arena_printf(&a, "%s%s (%s); ", text,
			    lost.loss[j].what, lost.loss[j].why);
		assert_string_equal(text, row->lost);
	}
	arena_clear(&a);
}

static void
a_tag_keeps_its_capitals_and_nothing_else_does(void **state)
{
	static const char *const cases[][2] = {
		{ "Anna@Ex.Test", "anna@ex.test" },
		{ "Anna+News@EX.test", "anna+News@ex.test" },
		{ "ANNA+A+B@EX.TEST", "anna+A+B@ex.test" },
		{ "+Anna@ex.test", "+anna@ex.test" },
		{ "+Anna+X@ex.test", "+anna+x@ex.test" },
		{ "Anna+X@b\u00fccher.test", "anna+X@xn--bcher-kva.test" },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err e = { 0 };
		const char *address;

		assert_true(route_address(&a, cases[i][0], &address, &e));
		assert_string_equal(address, cases[i][1]);
	}
	arena_clear(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_map_answers_as_its_query_does),
		cmocka_unit_test(what_lost_is_told_with_its_reason),
		cmocka_unit_test(
		    a_tag_keeps_its_capitals_and_nothing_else_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
