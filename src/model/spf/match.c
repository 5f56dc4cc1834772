/* Does a mechanism match the client?  RFC 7208, 5. */
#include <string.h>

#include "model/spf/private.h"

/* What an answer that is none ends or counts. */
static enum spf_match
empty_judge(struct spf_run *run, const struct dns_answer *answer)
{
	if (answer == NULL)
		return SPF_ENDED;
	if (answer->state == DNS_UNKNOWN) {
		spf_end(run, SPF_TEMPERROR, "cannot be looked up");
		return SPF_ENDED;
	}
	return spf_count_empty(run) ? SPF_NO_MATCH : SPF_ENDED;
}

/* --- mechanisms ------------------------------------------------------ */

static enum spf_match
addresses_match(struct spf_run *run, const char *name,
    const struct spf_term *term)
{
	const struct dns_answer *answer;

	/* What cannot be asked for does not exist. */
	if (!dns_name_is_valid(name))
		return SPF_NO_MATCH;
	answer = spf_ask(run, name, spf_address_type(run));
	if (!spf_is_found(answer))
		return empty_judge(run, answer);
	return spf_has_address(run, answer, run->address.size == 4 ?
	    term->bits4 : term->bits6) ? SPF_MATCH : SPF_NO_MATCH;
}

static enum spf_match
mx_match(struct spf_run *run, const char *name, const struct spf_term *term)
{
	enum spf_match match = SPF_NO_MATCH;
	const struct dns_answer *answer;

	if (!dns_name_is_valid(name))
		return SPF_NO_MATCH;
	answer = spf_ask(run, name, DNS_MX);
	if (!spf_is_found(answer))
		return empty_judge(run, answer);
	if (!spf_allows_servers(run, answer->values.count))
		return SPF_ENDED;
	for (size_t i = 0; match == SPF_NO_MATCH &&
	    i < answer->values.count; i++) {
		const char *host = strchr(answer->values.word[i], ' ');

		if (host != NULL)
			match = addresses_match(run, host + 1, term);
	}
	return match;
}

/* Always by A, also for a client of IPv6. */
static enum spf_match
exists_match(struct spf_run *run, const char *name)
{
	const struct dns_answer *answer;

	if (!dns_name_is_valid(name))
		return SPF_NO_MATCH;
	answer = spf_ask(run, name, DNS_A);
	if (spf_is_found(answer))
		return SPF_MATCH;
	/* Of no address in particular it says nothing that it is empty. */
	if (answer != NULL && answer->state == DNS_NOTHING &&
	    run->query->whole)
		return SPF_NO_MATCH;
	return empty_judge(run, answer);
}

static enum spf_match
ptr_match(struct spf_run *run, const char *name)
{
	struct words names = { 0 };

	if (!spf_validated_names(run, &names))
		return SPF_ENDED;
	for (size_t i = 0; i < names.count; i++) {
		if (dns_name_is_in(names.word[i], name))
			return SPF_MATCH;
	}
	return SPF_NO_MATCH;
}

static enum spf_match
named_match(struct spf_run *run, const struct spf_term *term)
{
	const char *name = term->domain == NULL ? run->domain :
	    spf_domain_expand(run, term->domain);

	if (name == NULL)
		return SPF_ENDED;
	switch (term->kind) {
	case SPF_A:
		return addresses_match(run, name, term);
	case SPF_MX:
		return mx_match(run, name, term);
	case SPF_PTR:
		return ptr_match(run, name);
	default:
		return exists_match(run, name);
	}
}

enum spf_match
spf_term_match(struct spf_run *run, const struct spf_term *term)
{
	switch (term->kind) {
	case SPF_ALL:
		return SPF_MATCH;
	case SPF_IP4:
	case SPF_IP6:
		return dns_address_is_in(&run->address, &term->network,
		    term->bits4) ? SPF_MATCH : SPF_NO_MATCH;
	default:
		return spf_count_asking(run) ? named_match(run, term) :
		    SPF_ENDED;
	}
}
