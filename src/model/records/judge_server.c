/* Judging the records of the server itself. */
#include <string.h>

#include "model/dns/name.h"
#include "model/records/judge.h"

void
judge_address(struct judging *j)
{
	const struct record *r = j->record;
	const struct dns_answer *answer = judge_ask(j, r->name,
	    strcmp(r->type, "A") == 0 ? DNS_A : DNS_AAAA);

	if (answer == NULL || words_have(&answer->values, r->value)) {
		if (answer != NULL)
			judge_fine(j);
		return;
	}
	for (size_t i = 0; i < answer->values.count; i++) {
		const char *value = answer->values.word[i];

		if (!judge_is_own(j, value))
			judge_found(j, value, value);
	}
	if (j->change->found.count > 0)
		judge_change(j, r->value, "leads elsewhere");
	else
		judge_add(j, NULL);
}

void
judge_pointer(struct judging *j)
{
	const struct dns_answer *answer = judge_ask(j, j->record->name,
	    DNS_PTR);

	if (answer == NULL)
		return;
	if (words_have(&answer->values, j->server->settings->hostname)) {
		judge_fine(j);
	} else if (answer->values.count == 0) {
		judge_add(j, j->record->why);
	} else {
		judge_found_names(j, answer);
		judge_change(j, j->record->value, j->record->why);
	}
}

/* Is the zone signed?  The longest name with name servers is the zone. */
static bool
is_signed(struct judging *j)
{
	const char *name = j->server->settings->hostname;
	const struct dns_answer *answer;

	for (; name != NULL; name = dns_name_parent(name)) {
		answer = judge_ask(j, name, DNS_NS);
		if (answer == NULL)
			return false;
		if (answer->state != DNS_FOUND || answer->is_alias)
			continue;
		answer = judge_ask(j, name, DNS_DS);
		if (answer != NULL && answer->state == DNS_NOTHING)
			judge_fine(j);
		return answer != NULL && answer->state == DNS_FOUND;
	}
	judge_fine(j);
	return false;
}

/* Digests of keys that the server has not: only "3 1 1" can be known so. */
static void
stale_keys(struct judging *j, const struct dns_answer *answer)
{
	for (size_t i = 0; i < answer->values.count; i++) {
		const char *value = answer->values.word[i];

		if (strncmp(value, "3 1 1 ", 6) == 0 &&
		    !words_have(&j->server->tlsa, value))
			judge_found(j, value, value);
	}
}

void
judge_tlsa(struct judging *j)
{
	const struct dns_answer *answer;
	const char *first = j->server->tlsa.word[0];
	bool has;

	if (!is_signed(j))
		return;
	answer = judge_ask(j, j->record->name, DNS_TLSA);
	if (answer == NULL)
		return;
	has = words_have(&answer->values, j->record->value);
	if (strcmp(j->record->value, first) == 0)
		stale_keys(j, answer);
	if (j->change->found.count == 0 && has)
		judge_fine(j);
	else if (j->change->found.count == 0)
		judge_add(j, NULL);
	else if (has)
		judge_drop(j, "is the digest of another key");
	else
		judge_change(j, j->record->value,
		    "is the digest of another key");
}
