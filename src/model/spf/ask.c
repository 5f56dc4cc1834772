/* Asking DNS for SPF. */
#include "model/spf/private.h"

void
spf_end(struct spf_run *run, enum spf_state state, const char *why)
{
	struct spf_result *r = &run->result;

	if (r->why != NULL)
		return;
	r->state = state;
	r->why = why;
	r->domain = run->domain;
	r->term = run->term;
}

const struct dns_answer *
spf_ask(struct spf_run *run, const char *name, enum dns_type type)
{
	const struct dns_answer *answer = run->asker->ask(run->asker->arg,
	    name, type);

	if (answer == NULL)
		spf_end(run, SPF_PENDING, "is not known yet");
	return answer;
}

bool
spf_is_found(const struct dns_answer *answer)
{
	return answer != NULL && answer->state == DNS_FOUND;
}

enum dns_type
spf_address_type(const struct spf_run *run)
{
	return run->address.size == 4 ? DNS_A : DNS_AAAA;
}

bool
spf_has_address(const struct spf_run *run, const struct dns_answer *answer,
    unsigned bits)
{
	for (size_t i = 0; i < answer->values.count; i++) {
		struct dns_address address;

		if (dns_address_parse(answer->values.word[i], &address) &&
		    dns_address_is_in(&run->address, &address, bits))
			return true;
	}
	return false;
}

bool
spf_validated_names(struct spf_run *run, struct words *names)
{
	const struct dns_answer *answer = spf_ask(run,
	    dns_address_reverse(run->arena, &run->address), DNS_PTR);
	unsigned bits = run->address.size * 8;

	if (answer == NULL)
		return false;
	for (size_t i = 0; spf_is_found(answer) && i < answer->values.count &&
	    i < SPF_NAMES_MAX; i++) {
		const char *name = answer->values.word[i];
		const struct dns_answer *back;

		if (!dns_name_is_valid(name))
			continue;
		back = spf_ask(run, name, spf_address_type(run));
		if (back == NULL)
			return false;
		if (spf_is_found(back) && spf_has_address(run, back, bits))
			words_add(run->arena, names, name);
	}
	return true;
}
