/* The steps of setup that write to the database. */
#include "db/schema/schema.h"

#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "cmd/setup/setup.h"
#include "file/read.h"
#include "model/address.h"
#include "model/dkim/dkim.h"
#include "model/dkim/rotate.h"
#include "model/dkim/secret.h"
#include "model/mail/alias.h"
#include "model/mail/domain.h"
#include "model/mail/user.h"
#include "model/server/hosts.h"
#include "model/setup/service.h"

#define GRANTS "/etc/mailadm/grants.sql"
#define START_SECONDS 30
#define LOOK_MS 200

/* --- the server ----------------------------------------------------------- */

static bool
is_reachable(struct setup *setup)
{
	struct err e = { 0 };
	bool is = setup_connect(setup, "schema init", &e) ||
	    e.code != ERR_DATABASE;

	err_clear(&e);
	return is;
}

bool
look_database(struct setup *setup, const char **todo, struct err *e)
{
	struct server_database database;

	*todo = NULL;
	if (!setup_open(setup, e))
		return false;
	server_database(setup->arena, &setup->settings, &database);
	if (database.remote)
		return setup_connect(setup, "schema init", e);
	if (!is_reachable(setup))
		*todo = "start MariaDB";
	return true;
}

bool
act_database(struct setup *setup, struct err *e)
{
	double until;

	if (!service_run(setup->arena, "start", "mariadb", e))
		return false;
	until = clock_seconds() + START_SECONDS;
	while (!is_reachable(setup) && clock_seconds() < until)
		poll(NULL, 0, LOOK_MS);
	return setup_connect(setup, "schema init", e);
}

/* --- schema and grants ---------------------------------------------------- */

/* A schema of ours that an earlier release made. */
static bool
schema_is_older(struct setup *setup, bool *older, struct err *e)
{
	struct schema_status status = { 0 };
	bool applied = false, pending = false;

	*older = false;
	if (!setup_connect(setup, "schema init", e))
		return false;
	if (!schema_status(setup->inner.db, setup->arena, &status, e)) {
		/* There is no database yet. */
		err_clear(e);
		return true;
	}
	for (size_t i = 0; i < status.count; i++) {
		applied |= strcmp(status.migration[i].state, "applied") == 0;
		pending |= strcmp(status.migration[i].state, "applied") != 0;
	}
	*older = applied && pending;
	return true;
}

/* Nothing is adopted: what another system made is for `schema upgrade`. */
static bool
schema_steps(struct setup *setup, bool dry, struct schema_report *report,
    struct err *e)
{
	const struct schema_options options = { .dry_run = dry };
	struct db *db;
	bool older;

	if (!schema_is_older(setup, &older, e))
		return false;
	db = setup->inner.db;
	return older ? schema_upgrade(db, setup->arena, &options, report, e) :
	    schema_init(db, setup->arena, dry, report, e);
}

bool
look_schema(struct setup *setup, const char **todo, struct err *e)
{
	struct schema_report report = { 0 };

	*todo = arena_printf(setup->arena, "create the database %s, where "
	    "it is missing", setup->settings.database_name);
	if (!is_reachable(setup))
		return true;
	/* While MariaDB is to be started, nothing is known. */
	*todo = NULL;
	if (!schema_steps(setup, true, &report, e))
		return false;
	if (report.steps.count > 0)
		*todo = words_joined(setup->arena, &report.steps, ", ");
	return true;
}

bool
act_schema(struct setup *setup, struct err *e)
{
	struct schema_report report = { 0 };

	return schema_steps(setup, false, &report, e);
}

/* Somebody may have dropped the account since. */
static bool
may_log_in(struct setup *setup)
{
	struct err e = { 0 };
	bool may = setup_connect(setup, "user add", &e);

	err_clear(&e);
	return may;
}

bool
look_grants(struct setup *setup, const char **todo, struct err *e)
{
	(void)e;
	*todo = setup_is_applied(setup, GRANTS) && may_log_in(setup) ? NULL :
	    "give the accounts of the servers their rights in the database";
	return true;
}

bool
act_grants(struct setup *setup, struct err *e)
{
	struct text text = TEXT_INIT;
	struct stat st;
	bool ok = setup_connect(setup, "schema init", e) && file_read(GRANTS,
	    &text, &st, e) && schema_grants(setup->inner.db,
	    &setup->inner.scratch, text.buf, e);

	text_clear(&text);
	arena_clear(&setup->inner.scratch);
	return ok && setup_applied(setup, GRANTS, e);
}

/* --- the first domain and user -------------------------------------------- */

static const char *
postmaster(struct setup *setup)
{
	return address_join(setup->arena, "postmaster", setup->domain);
}

struct present {
	bool domain;
	bool user;
	bool postmaster;
};

/* A postmaster of that name needs no alias to themselves. */
static struct present
nothing_present(struct setup *setup)
{
	return (struct present){ .postmaster = strcmp(setup->args.address,
	    postmaster(setup)) == 0 };
}

static bool
present_find(struct setup *setup, struct present *is, struct err *e)
{
	struct mail *m = &setup->inner.mail;
	struct domain domain;
	struct db_rows rows;

	*is = nothing_present(setup);
	if (!domain_find(m, setup->domain, &domain, &is->domain, e))
		return false;
	if (!is->domain)
		return true;
	if (!domain.active) {
		err_set(e, ERR_REFUSED, "the domain %s is disabled",
		    setup->domain);
		return err_hint(e, "mailadm domain enable %s",
		    setup->domain);
	}
	if (!user_exists(m, setup->args.address, &is->user, e) ||
	    (!is->postmaster && !user_exists(m, postmaster(setup),
	    &is->postmaster, e)))
		return false;
	if (is->postmaster || alias_show(m, postmaster(setup), &rows, e)) {
		is->postmaster = true;
		return true;
	}
	if (e->code != ERR_NOT_FOUND)
		return false;
	err_clear(e);
	return true;
}

static const char *
people_missing(struct setup *setup, const struct present *is)
{
	struct words todo = { 0 };
	struct arena *a = setup->arena;

	if (!is->domain)
		words_add(a, &todo, arena_printf(a, "add the domain %s",
		    setup->domain));
	if (!is->user)
		words_add(a, &todo, arena_printf(a, "add the user %s",
		    setup->args.address));
	if (!is->postmaster)
		words_add(a, &todo, arena_printf(a, "let %s get the mail for "
		    "postmaster", setup->args.address));
	return todo.count > 0 ? words_joined(a, &todo, ", ") : NULL;
}

/* The alias would get the mail, the proof as well. */
static bool
name_free(struct setup *setup, struct err *e)
{
	struct mail *m = &setup->inner.mail;
	const char *address = setup->args.address;
	struct db_rows rows;

	if (!user_name_check(m, address, e))
		return false;
	if (alias_show(m, address, &rows, e)) {
		err_set(e, ERR_REFUSED, "%s is an alias", address);
		return err_hint(e, "mailadm alias show %s", address);
	}
	if (e->code != ERR_NOT_FOUND)
		return false;
	err_clear(e);
	return true;
}

bool
look_people(struct setup *setup, const char **todo, struct err *e)
{
	struct present is;
	bool known, older;

	*todo = NULL;
	if (setup->domain == NULL)
		return true;
	if (!is_reachable(setup)) {
		older = false;
	} else if (!schema_is_older(setup, &older, e)) {
		return false;
	}
	if (older) {
		err_set(e, ERR_REFUSED, "the schema is of an earlier release: "
		    "whether %s exists is not known", setup->args.address);
		return err_hint(e, "run mailadm setup without an address "
		    "first");
	}
	is = nothing_present(setup);
	known = may_log_in(setup);
	if (known && (!present_find(setup, &is, e) || (is.domain &&
	    !is.user && !name_free(setup, e))))
		return false;
	setup->adds_user = !is.user;
	setup->adds_postmaster |= !is.postmaster;
	*todo = people_missing(setup, &is);
	return true;
}

struct people {
	struct setup *setup;
	struct dkim_new key[DKIM_ALGORITHMS];
	size_t keys;
};

/* A second host of the same database has the keys already. */
static bool
keys_add(struct session *s, const struct people *p, struct err *e)
{
	for (size_t i = 0; i < p->keys; i++) {
		const struct dkim_add add = { .domain = p->setup->domain,
		    .key = &p->key[i], .if_not_exists = true };
		enum outcome outcome;
		struct dkim_row row;

		if (!dkim_add(&s->mail, &add, &row, &outcome, e))
			return false;
	}
	return true;
}

/* The one transaction of this step. */
static bool
people_write(struct session *s, void *arg, struct err *e)
{
	const struct people *p = arg;
	struct setup *setup = p->setup;
	const struct domain_values values = {
		DOMAIN_VALUES(VALUE_NOT_GIVEN,)
	};
	const struct user_new user = { .email = setup->args.address,
	    .crypt = setup->args.password.crypt,
	    .plain = setup->args.password.plain, .values = {
		USER_VALUES(VALUE_NOT_GIVEN,) } };
	struct alias_write alias = { ALIAS_ALL_VALUES(VALUE_NOT_GIVEN,)
	    .mail = postmaster(setup) };
	struct present is;
	enum outcome outcome;

	words_add(setup->arena, &alias.to, setup->args.address);
	return present_find(setup, &is, e) &&
	    (is.domain || domain_add(&s->mail, setup->domain, &values, false,
		&outcome, e)) &&
	    (is.user || user_add(&s->mail, &user, &outcome, e)) &&
	    (is.postmaster || alias_set(&s->mail, &alias, &outcome, e)) &&
	    (is.domain || keys_add(s, p, e)) &&
	    (is.user || password_args_show(s, setup->args.address,
		&setup->args.password, e));
}

static bool
keys_make(struct people *p, struct err *e)
{
	struct session *s = &p->setup->inner;
	struct dkim_secret secret;
	struct dkim_policy policy;

	if (strcmp(s->settings.filter, "none") == 0)
		return true;
	if (!dkim_policy_read(&s->settings, &policy, e) ||
	    !dkim_secret_read(&s->scratch, session_dkim_secret(s), &secret,
	    e))
		return false;
	for (int i = 0; i < DKIM_ALGORITHMS; i++) {
		if (policy.makes[i] && !dkim_new_make(&s->scratch,
		    (enum dkim_algorithm)i, policy.bits, &secret,
		    &p->key[p->keys++], e))
			return false;
	}
	return true;
}

bool
act_people(struct setup *setup, struct err *e)
{
	struct people p = { .setup = setup };
	bool ok = setup_connect(setup, "user add", e) && keys_make(&p, e) &&
	    session_transaction(&setup->inner, people_write, &p, e);

	if (!ok)
		session_verdict(&setup->inner, e);
	arena_clear(&setup->inner.scratch);
	return ok;
}
