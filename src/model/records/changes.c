/* Judging each record by its kind, in as many rounds as that takes. */
#include "model/records/judge.h"

static void (*const judges[])(struct judging *j) = {
	[RECORD_ADDRESS] = judge_address,
	[RECORD_POINTER] = judge_pointer,
	[RECORD_HELO] = judge_spf,
	[RECORD_TLSA] = judge_tlsa,
	[RECORD_TLS_REPORTS] = judge_tls_reports,
	[RECORD_MX] = judge_mx,
	[RECORD_SPF] = judge_spf,
	[RECORD_DKIM] = judge_key,
	[RECORD_DKIM_OLD] = judge_old_key,
	[RECORD_DMARC] = judge_dmarc,
	[RECORD_CONSENT] = judge_consent,
	[RECORD_STS] = judge_sts,
	[RECORD_STS_HOST] = judge_alias,
	[RECORD_SRV] = judge_service,
	[RECORD_AUTOCONFIG] = judge_alias,
	[RECORD_CAA] = judge_fine,
};

struct record_change
record_judge(struct answers *answers, const struct records_server *server,
    const struct record *record)
{
	struct record_change change = { .record = *record };
	struct judging j = { answers->arena, answers, server, record,
	    &change };

	judges[record->kind](&j);
	return change;
}

bool
records_judge(struct answers *answers, const struct dns *dns,
    const struct records_server *server, const struct records *list,
    struct record_change *changes, struct err *e)
{
	for (size_t i = 0; i < list->count; i++)
		changes[i].action = RECORD_OPEN;
	for (;;) {
		for (size_t i = 0; i < list->count; i++) {
			if (changes[i].action == RECORD_OPEN)
				changes[i] = record_judge(answers, server,
				    &list->record[i]);
		}
		if (!answers_are_open(answers))
			return true;
		if (!answers_fetch(answers, dns, e))
			return false;
	}
}
