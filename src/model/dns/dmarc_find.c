/* The record of DMARC for a domain: the tree walk of RFC 9989, 4.10. */
#include <string.h>

#include "model/dns/dmarc.h"
#include "model/dns/name.h"
#include "model/dns/tags.h"

/* The domain itself, and seven names above it. */
#define WALK_MAX 8

struct step {
	const char *domain;
	const char *text;	/* of its only record that is usable, or NULL */
	struct dmarc_record record;
};

struct walk {
	struct arena *arena;
	const struct dns_asker *asker;
	struct step step[WALK_MAX];
	size_t count;
	bool pending;
	bool unknown;
};

/* Without the labels that are more than 7. */
static const char *
above(const char *domain)
{
	size_t labels = 1;

	for (const char *c = domain; *c != '\0'; c++)
		labels += *c == '.';
	do {
		domain = dns_name_parent(domain);
		labels--;
	} while (labels >= WALK_MAX);
	return domain;
}

/*
 * False where the walk ends.  It goes on where an answer is not known yet, so
 * that all of them are asked for at once.
 */
static bool
step_walk(struct walk *w, const char *domain)
{
	struct step *step = &w->step[w->count++];
	const struct dns_answer *answer;
	size_t count;

	step->domain = domain;
	answer = w->asker->ask(w->asker->arg, arena_printf(w->arena,
	    "_dmarc.%s", domain), DNS_TXT);
	if (answer == NULL) {
		w->pending = true;
		return true;
	}
	if (answer->state == DNS_UNKNOWN)
		w->unknown = true;
	step->text = dns_tags_select(&answer->values, DMARC_VERSION, true,
	    &count);
	if (step->text == NULL)
		return true;
	dmarc_record_parse(w->arena, step->text, &step->record);
	if (!step->record.usable)
		step->text = NULL;
	return step->text == NULL || step->record.suffix == 'u';
}

/* The domain that aligned names have in common: 4.10.2. */
static const char *
organization(const struct walk *w)
{
	const char *last = NULL;

	for (size_t i = 0; i < w->count; i++) {
		const struct step *step = &w->step[i];

		if (step->text == NULL)
			continue;
		if (step->record.suffix == 'y' && i > 0)
			return w->step[i - 1].domain;
		last = step->domain;
	}
	return last != NULL ? last : w->step[0].domain;
}

/* Its own record, that of the organization, or that of the suffix. */
static const struct step *
step_choose(const struct walk *w, const char *organization_domain)
{
	const struct step *suffix = NULL;

	if (w->step[0].text != NULL)
		return &w->step[0];
	for (size_t i = 1; i < w->count; i++) {
		const struct step *step = &w->step[i];

		if (step->text != NULL && dns_name_same(step->domain,
		    organization_domain))
			return step;
		if (step->text != NULL && step->record.suffix == 'y')
			suffix = step;
	}
	return suffix;
}

static void
step_take(const struct step *step, bool own, struct dmarc_found *found)
{
	found->state = DMARC_FOUND;
	found->domain = step->domain;
	found->text = step->text;
	found->record = step->record;
	found->policy = own || step->record.subdomains == DMARC_UNSET ?
	    step->record.policy : step->record.subdomains;
}

struct dmarc_found
dmarc_find(struct arena *a, const struct dns_asker *asker,
    const char *domain)
{
	struct walk w = { .arena = a, .asker = asker };
	struct dmarc_found found = { .state = DMARC_MISSING,
		.domain = domain };
	const struct step *step;
	const char *name = domain;

	while (step_walk(&w, name) && w.count < WALK_MAX &&
	    dns_name_parent(name) != NULL)
		name = w.count == 1 ? above(name) : dns_name_parent(name);
	found.organization = organization(&w);
	step = step_choose(&w, found.organization);
	if (w.pending)
		found.state = DMARC_PENDING;
	else if (step != NULL && (step == &w.step[0] || !w.unknown))
		step_take(step, step == &w.step[0], &found);
	else if (w.unknown)
		found.state = DMARC_UNKNOWN;
	return found;
}

const char *
dmarc_consent_name(struct arena *a, const char *domain, const char *other)
{
	return arena_printf(a, "%s._report._dmarc.%s", domain, other);
}

bool
dmarc_is_consent(struct arena *a, const struct words *values)
{
	size_t count;
	const char *text = dns_tags_select(values, DMARC_VERSION, true,
	    &count);
	struct dns_tags tags;

	return text != NULL && dns_tags_parse(a, text, true, &tags) == NULL;
}
