/*
 * Judging DMARC: a stricter policy than the settings ask for stays, and so
 * do the other tags and receivers of reports.
 */
#include <string.h>

#include "base/text.h"
#include "model/dns/dmarc.h"
#include "model/dns/tags.h"
#include "model/records/judge.h"

static enum dmarc_policy
policy_wanted(const struct judging *j)
{
	const char *name = j->server->settings->dmarc;

	return strcmp(name, "reject") == 0 ? DMARC_REJECT :
	    strcmp(name, "quarantine") == 0 ? DMARC_QUARANTINE : DMARC_NONE;
}

/* NULL, or what is wrong. */
static const char *
fault(const struct judging *j, const struct dmarc_record *record)
{
	if (record->policy < policy_wanted(j))
		return "has a weaker policy";
	return j->server->dmarc_reports == NULL || words_have(
	    &record->reports, j->server->dmarc_reports) ? NULL :
	    "sends the reports elsewhere";
}

/* The rua= of our own record, or NULL. */
static const char *
own_reports(const struct judging *j)
{
	const char *reports = strstr(j->record->value, "rua=");

	return reports != NULL ? reports + strlen("rua=") : NULL;
}

/* The record as it is, with what was wrong put right. */
static const char *
repaired(struct judging *j, const char *text,
    const struct dmarc_record *record)
{
	enum dmarc_policy policy = policy_wanted(j);
	const char *ours = own_reports(j), *rua, *value;
	struct text t = TEXT_INIT;
	struct dns_tags tags;

	if (record->policy > policy)
		policy = record->policy;
	if (dns_tags_parse(j->arena, text, true, &tags) != NULL)
		return j->record->value;
	rua = dns_tags_find(&tags, "rua");
	if (j->server->dmarc_reports == NULL || words_have(&record->reports,
	    j->server->dmarc_reports))
		ours = NULL;
	text_addf(&t, "v=DMARC1; p=%s", dmarc_policy_name(policy));
	for (size_t i = 0; i < tags.count; i++) {
		const struct dns_tag *tag = &tags.tag[i];

		if (strcmp(tag->name, "v") != 0 && strcmp(tag->name, "p") !=
		    0 && strcmp(tag->name, "rua") != 0)
			text_addf(&t, "; %s=%s", tag->name, tag->value);
	}
	if (rua != NULL || ours != NULL)
		text_addf(&t, "; rua=%s%s%s", rua != NULL ? rua : "",
		    rua != NULL && ours != NULL ? "," : "",
		    ours != NULL ? ours : "");
	value = arena_strdup(j->arena, t.buf);
	text_clear(&t);
	return value;
}

/* None at the name itself: one of the names above may stand for it. */
static void
judge_missing(struct judging *j)
{
	const struct dns_asker asker = { answers_ask, j->answers };
	struct dmarc_found found = dmarc_find(j->arena, &asker,
	    j->record->domain);

	switch (found.state) {
	case DMARC_PENDING:
		j->change->action = RECORD_OPEN;
		break;
	case DMARC_UNKNOWN:
		j->change->action = RECORD_UNKNOWN;
		j->change->why = "nobody answers";
		break;
	case DMARC_FOUND:
		if (found.policy >= policy_wanted(j)) {
			judge_fine(j);
			break;
		}
		judge_add(j, arena_printf(j->arena, "the policy of %s is "
		    "weaker", found.domain));
		break;
	case DMARC_MISSING:
		judge_add(j, NULL);
		break;
	}
}

static bool
is_dmarc(const char *text)
{
	const struct words one = { (const char *[]){ text, NULL }, 1 };
	size_t count;

	dns_tags_select(&one, DMARC_VERSION, true, &count);
	return count > 0;
}

void
judge_dmarc(struct judging *j)
{
	const struct dns_answer *answer = judge_ask(j, j->record->name,
	    DNS_TXT);
	struct dmarc_record record = { 0 };
	const char *text, *why;
	size_t count;

	if (answer == NULL)
		return;
	text = dns_tags_select(&answer->values, DMARC_VERSION, true, &count);
	if (count == 0) {
		judge_missing(j);
		return;
	}
	if (count > 1) {
		judge_found_texts(j, answer, is_dmarc);
		judge_change(j, j->record->value, "has two records");
		return;
	}
	why = dmarc_record_parse(j->arena, text, &record);
	if (record.usable)
		why = fault(j, &record);
	if (why == NULL) {
		judge_fine(j);
		return;
	}
	judge_found_texts(j, answer, is_dmarc);
	judge_change(j, record.usable ? repaired(j, text, &record) :
	    j->record->value, why);
}
