/* Judging what DNS has: what all kinds of records share. */
#include "model/records/judge.h"

#include <string.h>

#include "model/dns/name.h"

/* --- what all of them do --------------------------------------------- */

const struct dns_answer *
judge_ask(struct judging *j, const char *name, enum dns_type type)
{
	const struct dns_answer *answer = answers_ask(j->answers, name, type);

	if (answer == NULL) {
		j->change->action = RECORD_OPEN;
	} else if (answer->state == DNS_UNKNOWN) {
		j->change->action = RECORD_UNKNOWN;
		j->change->why = answer->bogus ? "the answer is false by "
		    "DNSSEC" : "nobody answers";
		answer = NULL;
	}
	return answer;
}

void
judge_fine(struct judging *j)
{
	j->change->action = RECORD_FINE;
}

void
judge_add(struct judging *j, const char *why)
{
	j->change->action = RECORD_ADD;
	j->change->why = why;
}

void
judge_change(struct judging *j, const char *value, const char *why)
{
	j->change->action = RECORD_CHANGE;
	j->change->record.value = value;
	j->change->why = why;
}

void
judge_drop(struct judging *j, const char *why)
{
	j->change->action = RECORD_DROP;
	j->change->why = why;
}

/* In order: DNS gives the values in any. */
void
judge_found(struct judging *j, const char *value, const char *data)
{
	struct words *found = &j->change->found, *all = &j->change->data;
	size_t i = found->count;

	words_add(j->arena, found, value);
	words_add(j->arena, all, data);
	for (; i > 0 && strcmp(all->word[i - 1], data) > 0; i--) {
		found->word[i] = found->word[i - 1];
		all->word[i] = all->word[i - 1];
	}
	found->word[i] = value;
	all->word[i] = data;
}

void
judge_found_texts(struct judging *j, const struct dns_answer *answer,
    bool (*is_ours)(const char *text))
{
	struct words texts = answers_texts(j->answers, j->record->name);

	for (size_t i = 0; i < answer->values.count && i < texts.count; i++) {
		if (is_ours == NULL || is_ours(answer->values.word[i]))
			judge_found(j, answer->values.word[i],
			    texts.word[i]);
	}
}

/*
 * DNS says no final dot: a value as in a zone file, where the last field is a
 * name.
 */
static const char *
dotted(struct arena *a, const char *value)
{
	size_t len = strlen(value);

	return len > 0 && value[len - 1] == '.' ? value :
	    arena_printf(a, "%s.", value);
}

void
judge_found_names(struct judging *j, const struct dns_answer *answer)
{
	for (size_t i = 0; i < answer->values.count; i++)
		judge_found(j, answer->values.word[i], dotted(j->arena,
		    answer->values.word[i]));
}

bool
judge_wildcard(struct judging *j, const struct dns_answer *answer, bool *open)
{
	const char *above = dns_name_parent(j->record->name);

	*open = false;
	for (; above != NULL && dns_name_is_in(above, j->record->domain);
	    above = dns_name_parent(above)) {
		const struct dns_answer *wild = answers_ask(j->answers,
		    arena_printf(j->arena, "*.%s", above), DNS_TXT);

		if (wild == NULL)
			*open = true;
		else if (wild->state == DNS_FOUND && wild->values.count ==
		    answer->values.count && words_have(&wild->values,
			answer->values.word[0]))
			return true;
	}
	return false;
}

void
judge_text(struct judging *j, const struct dns_answer *answer,
    const char *value, const char *why)
{
	bool open;

	if (answer->values.count == 0) {
		judge_add(j, NULL);
	} else if (judge_wildcard(j, answer, &open)) {
		judge_add(j, "a wildcard answers in its place");
	} else if (open) {
		j->change->action = RECORD_OPEN;
	} else {
		judge_found_texts(j, answer, NULL);
		judge_change(j, value, why);
	}
}

bool
judge_is_own(const struct judging *j, const char *address)
{
	return words_have(&j->server->addresses.list, address);
}

bool
judge_leads_here(struct judging *j, const char *name, bool *known)
{
	const enum dns_type types[] = { DNS_A, DNS_AAAA };

	*known = true;
	if (dns_name_same(name, j->server->settings->hostname))
		return true;
	for (size_t t = 0; t < 2; t++) {
		const struct dns_answer *answer = judge_ask(j, name,
		    types[t]);

		*known = *known && answer != NULL;
		for (size_t i = 0; answer != NULL && i <
		    answer->values.count; i++) {
			if (judge_is_own(j, answer->values.word[i]))
				return true;
		}
	}
	return false;
}
