/* Judging the records of a domain that other servers read. */
#include <string.h>

#include "base/text.h"
#include "model/dkim/record.h"
#include "model/dns/dmarc.h"
#include "model/dns/reports.h"
#include "model/dns/sts.h"
#include "model/dns/tags.h"
#include "model/records/judge.h"

/* The last word of a value: the name that it leads to, without its dot. */
static const char *
target(struct arena *a, const char *value)
{
	const char *last = strrchr(value, ' ');
	size_t len;

	last = last != NULL ? last + 1 : value;
	len = strlen(last);
	return len > 1 && last[len - 1] == '.' ?
	    arena_strndup(a, last, len - 1) : last;
}

/* Another MX may be a backup, or where the mail still is: it stays. */
void
judge_mx(struct judging *j)
{
	const struct dns_answer *answer = judge_ask(j, j->record->name,
	    DNS_MX);
	const char *others = NULL;

	if (answer == NULL)
		return;
	for (size_t i = 0; i < answer->values.count; i++) {
		const char *value = answer->values.word[i];
		const char *host = target(j->arena, value);
		bool known = true;

		if (strcmp(host, ".") == 0) {
			judge_found(j, value, value);
		} else if (judge_leads_here(j, host, &known)) {
			judge_fine(j);
			return;
		} else if (!known) {
			return;
		} else if (others == NULL || strcmp(others, host) > 0) {
			others = host;
		}
	}
	if (j->change->found.count > 0)
		judge_change(j, j->record->value, "takes no mail");
	else
		judge_add(j, others == NULL ? NULL : arena_printf(j->arena,
		    "%s is an MX, and stays one", others));
}

void
judge_key(struct judging *j)
{
	const struct dns_answer *answer = judge_ask(j, j->record->name,
	    DNS_TXT);
	const char *why;

	if (answer == NULL)
		return;
	why = dkim_record_judge(j->arena, &answer->values, j->record->key);
	if (why == NULL)
		judge_fine(j);
	else
		judge_text(j, answer, j->record->value, why);
}

static bool
has_key(struct arena *a, const struct words *values)
{
	for (size_t i = 0; i < values->count; i++) {
		struct dkim_record record;

		if (dkim_record_parse(a, values->word[i], &record) == NULL &&
		    *record.public_key != '\0')
			return true;
	}
	return false;
}

/* One that revokes the key may stay. */
void
judge_old_key(struct judging *j)
{
	const struct dns_answer *answer = judge_ask(j, j->record->name,
	    DNS_TXT);
	bool open = false;

	if (answer == NULL)
		return;
	if (!has_key(j->arena, &answer->values) ||
	    judge_wildcard(j, answer, &open)) {
		judge_fine(j);
	} else if (open) {
		j->change->action = RECORD_OPEN;
	} else {
		judge_found_texts(j, answer, NULL);
		judge_drop(j, "the key is retired");
	}
}

void
judge_consent(struct judging *j)
{
	const struct dns_answer *answer = judge_ask(j, j->record->name,
	    DNS_TXT);

	if (answer == NULL)
		return;
	if (dmarc_is_consent(j->arena, &answer->values))
		judge_fine(j);
	else
		judge_add(j, j->record->why);
}

void
judge_tls_reports(struct judging *j)
{
	const struct dns_answer *answer = judge_ask(j, j->record->name,
	    DNS_TXT);
	struct words addresses = { 0 };
	const char *text, *why;
	size_t count;

	if (answer == NULL)
		return;
	text = dns_tags_select(&answer->values, REPORTS_VERSION, false,
	    &count);
	why = count > 1 ? "has two records" : text == NULL ?
	    "is no record of TLS reports" :
	    reports_record_parse(j->arena, text, &addresses);
	if (why == NULL && !words_have(&addresses, j->server->tls_reports))
		why = "sends the reports elsewhere";
	if (why == NULL)
		judge_fine(j);
	else
		judge_text(j, answer, j->record->value, why);
}

void
judge_sts(struct judging *j)
{
	const struct dns_answer *answer = judge_ask(j, j->record->name,
	    DNS_TXT);
	const char *text, *why, *id = NULL;
	size_t count;

	if (answer == NULL)
		return;
	text = dns_tags_select(&answer->values, STS_VERSION, false, &count);
	why = count > 1 ? "has two records" : text == NULL ?
	    "is no record of MTA-STS" :
	    sts_record_parse(j->arena, text, &id);
	if (why == NULL && strcmp(id, j->server->policy_id) != 0)
		why = "announces another policy";
	if (why == NULL)
		judge_fine(j);
	else
		judge_text(j, answer, j->record->value, why);
}
