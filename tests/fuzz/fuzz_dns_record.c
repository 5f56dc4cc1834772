/*
 * The readers of records about mail: the first byte chooses one.
 *
 * What is accepted holds what it promises, and nothing crashes.
 */
#include <stdint.h>
#include <string.h>

#include "model/dns/dmarc.h"
#include "model/dns/name.h"
#include "model/dns/reports.h"
#include "model/dns/srv.h"
#include "model/dns/sts.h"
#include "model/dns/tlsa.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
dmarc(struct arena *a, const char *text)
{
	struct words values = { 0 };
	struct dmarc_record r;

	if (dmarc_record_parse(a, text, &r) == NULL) {
		BUG_ON(!r.usable || r.policy == DMARC_UNSET);
		words_add(a, &values, text);
		BUG_ON(!dmarc_is_consent(a, &values));
	}
	for (size_t i = 0; i < r.reports.count; i++)
		BUG_ON(*r.reports.word[i] == '\0');
}

static void
sts(struct arena *a, const char *text)
{
	const char *id;

	if (sts_record_parse(a, text, &id) == NULL)
		BUG_ON(id == NULL || strlen(id) > 32);
}

static void
reports(struct arena *a, const char *text)
{
	struct words addresses;

	if (reports_record_parse(a, text, &addresses) == NULL)
		BUG_ON(addresses.count == 0);
}

static void
srv(struct arena *a, const char *text)
{
	struct words values = { 0 };
	struct srv_record r;

	words_add(a, &values, text);
	if (srv_record_parse(a, text, &r))
		BUG_ON(r.port > 65535 || r.target == NULL);
	else
		BUG_ON(srv_judge(a, &values, "a.org", 1) == NULL);
}

static void
tlsa(struct arena *a, const char *text)
{
	struct tlsa_record r;

	if (tlsa_record_parse(a, text, &r) == NULL) {
		BUG_ON(r.len == 0);
		BUG_ON(tlsa_match(&r, text, strlen(text)) == TLSA_MATCHES);
	}
}

static void
policy(struct arena *a, const uint8_t *data, size_t size)
{
	struct sts_policy p;

	if (sts_policy_parse(a, (const char *)data, size, &p) != NULL)
		return;
	BUG_ON(p.max_age > STS_AGE_MAX);
	BUG_ON(p.mode != STS_NONE && p.hosts.count == 0);
	for (size_t i = 0; i < p.hosts.count; i++)
		BUG_ON(!sts_policy_has(&p, p.hosts.word[i]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(struct arena *a, const char *text) = {
		dmarc, sts, reports, srv, tlsa
	};
	size_t count = sizeof(readers) / sizeof(*readers);
	struct arena a = { 0 };

	if (size == 0)
		return 0;
	if (data[0] % (count + 1) < count)
		readers[data[0] % (count + 1)](&a, arena_strndup(&a,
		    (const char *)data + 1, size - 1));
	else
		policy(&a, data + 1, size - 1);
	arena_clear(&a);
	return 0;
}
