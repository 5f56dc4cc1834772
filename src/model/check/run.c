/* The run of the checker: which rules, and what is read in which order. */
#include <openssl/evp.h>
#include <string.h>

#include "model/check/private.h"

/* --- which rules ----------------------------------------------------- */

bool
check_rule_known(const char *word, struct err *e)
{
	return rule_known(check_rules, "check rules", word, e);
}

/* What the account may not read leaves the rules about it unchecked. */
static void
hidden_report(struct checking *c)
{
	const struct {
		bool seen;
		unsigned needs;
		const char *why;
	} data[] = {
		{ c->survey.rights, NEEDS_RIGHTS,
		    "this account may not read users.may_receive" },
		{ c->survey.hashes, NEEDS_HASHES,
		    "this account may not read users.crypt" },
		{ c->survey.grants, NEEDS_GRANTS,
		    "this account may not read send_as" },
		{ c->survey.keys, NEEDS_DKIM,
		    "this account may not read dkim_keys" },
		{ c->survey.expiry, NEEDS_EXPIRY,
		    "this account may not read users.expires" },
		{ c->survey.ways, NEEDS_WAYS,
		    "this account may not read where mail goes (relays, "
		    "relay_secrets, recipients)" },
	};

	for (size_t i = 0; i < sizeof(data) / sizeof(*data); i++) {
		if (!data[i].seen)
			check_unchecked_all(c, data[i].needs, data[i].why);
	}
}

/* On our schema a catch-all takes nothing that has a name. */
static void
rules_choose(struct checking *c)
{
	struct findings *f = &c->findings;

	findings_begin(f, check_rules, c->m->arena, &c->options->filter,
	    &c->result->report);
	if (c->survey.ours)
		f->severity[RULE_ALIAS_CATCHALL] = SEVERITY_NOTE;
	findings_choose(f);
	c->chosen = f->chosen;
	hidden_report(c);
}

/* --- the run --------------------------------------------------------- */

/* A name with a typing error must not look clean. */
static bool
domains_known(struct checking *c, struct err *e)
{
	const struct words *domains = &c->options->filter.domains;

	for (size_t i = 0; i < domains->count; i++) {
		const char *word = domains->word[i];
		uint32_t name = nameset_find(&c->names, word, strlen(word));

		if (name == NAME_NONE || !check_known(c, name)->is_domain)
			return err_set(e, ERR_NOT_FOUND, "no such domain: %s",
			    word);
	}
	return true;
}

static bool
check_all(struct checking *c, struct err *e)
{
	if (!check_expiry_begin(c, e) ||
	    !check_database(c, e) || !check_domains_read(c, e) ||
	    !domains_known(c, e) || !check_recipients_read(c, e) ||
	    !check_users_read(c, e) ||
	    !check_aliases_read(c, e) || !check_patterns_read(c, e) ||
	    !check_grants(c, e) || !check_sending(c, e) ||
	    !check_keys(c, e) || !check_ways(c, e))
		return false;
	check_domains(c);
	check_users(c);
	return check_aliases(c, e) && check_history(c, e);
}

static void
checking_close(struct checking *c)
{
	survey_end(&c->survey);
	nameset_clear(&c->names);
	nameset_clear(&c->homes);
	VECTOR_CLEAR(&c->shared_homes);
	VECTOR_CLEAR(&c->known);
	VECTOR_CLEAR(&c->domains);
	VECTOR_CLEAR(&c->aliases);
	VECTOR_CLEAR(&c->hashes);
	VECTOR_CLEAR(&c->archives);
	findings_clear(&c->findings);
	for (int table = 0; table < SURVEY_TABLES; table++)
		VECTOR_CLEAR(&c->written[table]);
	arena_clear(&c->row);
	EVP_MD_CTX_free(c->digest);
	EVP_MD_free(c->digest_kind);
}

bool
check_run(struct mail *m, const struct check_options *options,
    struct check_result *result, struct err *e)
{
	struct checking c = { .m = m, .options = options, .result = result };
	bool ok;

	*result = (struct check_result){ 0 };
	ok = survey_begin(&c.survey, m->db, m->arena, e);
	if (ok) {
		rules_choose(&c);
		ok = check_all(&c, e);
		findings_end(&c.findings);
		result->ours = c.survey.ours;
	}
	checking_close(&c);
	return ok;
}
