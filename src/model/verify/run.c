/*
 * The run of the verifier: what is looked at, in which order.
 *
 * The servers' own programs (postconf, doveconf) read the configuration, so
 * that includes, defaults and spellings are theirs and not guessed here.
 * From it the files collect what the servers look up: maps, then queries,
 * then the accounts that ask them.  The database comes last, when all of
 * that is known: each account connects once and each query is tried once,
 * with a key that no table has.
 *
 * What cannot be read leaves exactly the rules unchecked that need it (their
 * `needs`), so silence always means that something was looked at.
 */
#include <string.h>

#include "model/verify/private.h"

bool
verify_rule_known(const char *word, struct err *e)
{
	return rule_known(verify_rules, "config rules", word, e);
}

/* --- reading --------------------------------------------------------- */

/* A configuration that the server itself refuses is a finding. */
static void
unreadable(struct verifying *v, enum verify_rule rule, unsigned needs,
    const char *file, struct err *e)
{
	const char *why = arena_strdup(v->arena, e->text);

	if (e->code == ERR_NOT_FOUND || e->code == ERR_DENIED) {
		verify_unchecked(v, rule, why);
	} else {
		verify_at(v, verify_at_of(v, why));
		verify_found(v, rule, file, NULL, "%s", why);
		why = arena_printf(v->arena, "%s cannot be read", file);
	}
	verify_unchecked_all(v, needs, why);
	err_clear(e);
}

static const char *
main_cf(const struct verifying *v)
{
	return arena_printf(v->arena, "%s/main.cf", v->options->postfix_dir);
}

static const char *
dovecot_conf(const struct verifying *v)
{
	return arena_printf(v->arena, "%s/dovecot.conf",
	    v->options->dovecot_dir);
}

static void
servers_read(struct verifying *v)
{
	v->has_postfix = postfix_config_read(v->arena,
	    v->options->postfix_dir, &v->postfix, &v->postfix_failed);
	v->has_dovecot = dovecot_config_read(v->arena, dovecot_conf(v),
	    &v->dovecot, &v->dovecot_failed);
}

/* A relay or a satellite of others needs no Dovecot. */
static bool
wants_dovecot(const struct verifying *v)
{
	if (v->server != VERIFY_SERVER_FOREIGN || !v->has_postfix ||
	    v->dovecot_failed.code != ERR_NOT_FOUND ||
	    *verify_postfix(v, "virtual_mailbox_domains") != '\0')
		return true;
	for (size_t i = 0; i < v->postfix.services; i++) {
		if (verify_is_yes(postfix_value(&v->postfix,
		    &v->postfix.service[i], "smtpd_sasl_auth_enable")))
			return true;
	}
	return false;
}

/* Without a main.cf nothing is broken where nothing is set up. */
static void
failures_report(struct verifying *v)
{
	if (!v->has_postfix && v->server != VERIFY_SERVER_NONE)
		unreadable(v, VERIFY_POSTFIX_UNREADABLE, VERIFY_POSTFIX,
		    main_cf(v), &v->postfix_failed);
	if (!v->has_dovecot && v->server != VERIFY_SERVER_NONE &&
	    wants_dovecot(v))
		unreadable(v, VERIFY_DOVECOT_UNREADABLE, VERIFY_DOVECOT,
		    dovecot_conf(v), &v->dovecot_failed);
	err_clear(&v->postfix_failed);
	err_clear(&v->dovecot_failed);
}

/* --- the run --------------------------------------------------------- */

static void
postfix_unknown(struct verifying *v)
{
	for (size_t i = 0; i < v->postfix.unused.count; i++) {
		const struct cf_entry *u = &v->postfix.unused.entry[i];

		if (verify_is_missing(v, u->value))
			continue;
		verify_at(v, (struct verify_at){ u->name, place_of_text(
		    v->arena, u->name, u->value), u->value, NULL, 0 });
		verify_found(v, VERIFY_POSTFIX_UNKNOWN, u->value,
		    strchr(u->name, ':') != NULL ? arena_printf(v->arena,
			"correct the name in %s", strchr(u->name, ':') + 1) :
		    arena_printf(v->arena, "postconf -X %s, or correct its "
			"name", u->value), "%s sets %s, which is not a "
		    "setting of Postfix and not used by any", u->name,
		    u->value);
	}
}

static void
look(struct verifying *v)
{
	if (v->has_postfix)
		verify_maps_read(v);
	verify_server(v);
	failures_report(v);
	verify_warnings(v);
	if (v->has_postfix) {
		verify_transports(v);
		verify_services(v);
		verify_names(v);
		verify_checks(v);
		verify_tables(v);
		verify_outgoing(v);
		verify_storage(v);
		postfix_unknown(v);
		verify_values(v);
		verify_refused(v);
		verify_maps(v);
		verify_smtpd(v);
		verify_milters(v);
		verify_sending(v);
	}
	if (v->has_dovecot) {
		verify_dovecot_queries(v);
		verify_users(v);
		verify_imap(v);
		verify_databases(v);
		verify_listeners(v);
		verify_plugins(v);
		verify_mail(v);
	}
	verify_map_connections(v);
	verify_delivery(v);
	verify_tls(v);
	verify_files(v);
	verify_filter(v);
}

static void
verifying_close(struct verifying *v)
{
	for (size_t i = 0; i < v->accounts.count; i++)
		lookup_close(v->accounts.item[i].lookup);
	VECTOR_CLEAR(&v->maps);
	VECTOR_CLEAR(&v->queries);
	VECTOR_CLEAR(&v->accounts);
	findings_clear(&v->findings);
}

bool
verify_run(struct arena *a, const struct verify_options *options,
    struct report *report, struct err *e)
{
	struct verifying v = { .arena = a, .options = options };
	struct verify_facts facts;
	bool ok;

	findings_begin(&v.findings, verify_rules, a, &options->filter, report);
	v.findings.urgent_first = true;
	findings_choose(&v.findings);
	memset(v.runs, true, sizeof(v.runs));
	servers_read(&v);
	places_read(a, options->postfix_dir, dovecot_conf(&v), &v.places);
	look(&v);
	ok = verify_keys(&v, e) && verify_database(&v, e) &&
	    verify_facts(&v, &facts, e);
	if (ok && v.has_postfix) {
		verify_domains(&v);
		verify_ways(&v, &facts);
	}
	findings_end(&v.findings);
	report->means = verify_means(&v);
	verifying_close(&v);
	return ok;
}
