/* The result for a client: check_host() of RFC 7208, 4. */
#include <string.h>

#include "model/spf/private.h"

static enum spf_state host_check(struct spf_run *run, const char *domain);

const char *
spf_state_name(enum spf_state state)
{
	static const char *const names[] = {
		[SPF_PENDING] = "unknown", [SPF_NONE] = "none",
		[SPF_NEUTRAL] = "neutral", [SPF_PASS] = "pass",
		[SPF_FAIL] = "fail", [SPF_SOFTFAIL] = "softfail",
		[SPF_TEMPERROR] = "temperror", [SPF_PERMERROR] = "permerror",
	};

	return names[state];
}

static enum spf_state
ended(struct spf_run *run, enum spf_state state, const char *why)
{
	spf_end(run, state, why);
	return run->result.state;
}

/* --- the record ------------------------------------------------------ */

/* SPF_NEUTRAL where the domain has one that can be evaluated. */
static enum spf_state
record_find(struct spf_run *run, struct spf_record *record)
{
	const struct dns_answer *answer;
	const char *text = NULL;

	if (!dns_name_is_valid(run->domain) ||
	    strchr(run->domain, '.') == NULL)
		return SPF_NONE;
	answer = spf_ask(run, run->domain, DNS_TXT);
	if (answer == NULL)
		return SPF_PENDING;
	if (answer->state == DNS_UNKNOWN)
		return ended(run, SPF_TEMPERROR,
		    "has a record that cannot be looked up");
	for (size_t i = 0; i < answer->values.count; i++) {
		if (!spf_is_record(answer->values.word[i]))
			continue;
		if (text != NULL)
			return ended(run, SPF_PERMERROR,
			    "has two SPF records");
		text = answer->values.word[i];
	}
	if (text == NULL)
		return SPF_NONE;
	if (spf_record_parse(run->arena, text, record))
		return SPF_NEUTRAL;
	run->term = record->wrong;
	return ended(run, SPF_PERMERROR, record->why);
}

/* --- terms ----------------------------------------------------------- */

static enum spf_state
state_of(char qualifier)
{
	switch (qualifier) {
	case '-':
		return SPF_FAIL;
	case '~':
		return SPF_SOFTFAIL;
	case '?':
		return SPF_NEUTRAL;
	default:
		return SPF_PASS;
	}
}

/* Another domain's record, from a term of this one. */
static enum spf_state
other_check(struct spf_run *run, const char *spec)
{
	const char *domain = run->domain, *term = run->term, *name;
	enum spf_state state;

	if (!spf_count_asking(run))
		return run->result.state;
	name = spf_domain_expand(run, spec);
	if (name == NULL)
		return run->result.state;
	state = host_check(run, name);
	run->domain = domain;
	run->term = term;
	if (state == SPF_NONE)
		return ended(run, SPF_PERMERROR, "leads to a domain without "
		    "an SPF record");
	return state;
}

static enum spf_match
include_match(struct spf_run *run, const struct spf_term *term)
{
	switch (other_check(run, term->domain)) {
	case SPF_PASS:
		return SPF_MATCH;
	case SPF_NEUTRAL:
	case SPF_SOFTFAIL:
	case SPF_FAIL:
		return SPF_NO_MATCH;
	default:
		return SPF_ENDED;
	}
}

static enum spf_match
term_match(struct spf_run *run, const struct spf_term *term)
{
	enum spf_match match;

	run->term = term->text;
	match = term->kind == SPF_INCLUDE ? include_match(run, term) :
	    spf_term_match(run, term);
	return match == SPF_MATCH && run->query->whole &&
	    term->kind != SPF_ALL ? SPF_NO_MATCH : match;
}

static enum spf_state
matched(struct spf_run *run, const struct spf_term *term)
{
	run->result.domain = run->domain;
	run->result.term = term->text;
	return state_of(term->qualifier);
}

static enum spf_state
host_check(struct spf_run *run, const char *domain)
{
	struct spf_record record;
	enum spf_state state;

	run->domain = domain;
	run->term = NULL;
	state = record_find(run, &record);
	if (state != SPF_NEUTRAL)
		return state;
	for (size_t i = 0; i < record.count; i++) {
		switch (term_match(run, &record.term[i])) {
		case SPF_MATCH:
			return matched(run, &record.term[i]);
		case SPF_ENDED:
			return run->result.state;
		case SPF_NO_MATCH:
			break;
		}
	}
	if (record.redirect == NULL) {
		run->result.domain = domain;
		run->result.term = NULL;
		return SPF_NEUTRAL;
	}
	run->term = record.redirect_text;
	return other_check(run, record.redirect);
}

/* --- the whole ------------------------------------------------------- */

static const char *
without_dot(struct arena *a, const char *name)
{
	size_t len = strlen(name);

	return arena_strndup(a, name, len - (len > 0 && name[len - 1] == '.'));
}

/* The parts of MAIL FROM, or what stands for them: RFC 7208, 2.4. */
static void
sender_split(struct spf_run *run)
{
	const char *sender = run->query->sender, *at;
	const char *helo = run->query->helo == NULL ? "" : run->query->helo;

	run->local = "postmaster";
	if (sender == NULL || *sender == '\0') {
		run->sender = without_dot(run->arena, helo);
		return;
	}
	at = strrchr(sender, '@');
	if (at == NULL) {
		run->sender = without_dot(run->arena, sender);
		return;
	}
	if (at > sender)
		run->local = arena_strndup(run->arena, sender,
		    (size_t)(at - sender));
	run->sender = without_dot(run->arena, at + 1);
}

struct spf_result
spf_check(struct arena *a, const struct dns_asker *asker,
    const struct spf_query *query)
{
	struct spf_run run = { .arena = a, .asker = asker, .query = query };

	sender_split(&run);
	run.domain = run.sender;
	if (!dns_address_parse(query->address, &run.address)) {
		spf_end(&run, SPF_PERMERROR, "cannot be judged for a client "
		    "without an address");
		return run.result;
	}
	run.result.state = host_check(&run, run.sender);
	if (run.result.state == SPF_NONE) {
		run.result.domain = run.sender;
		run.result.why = "has no SPF record";
	}
	return run.result;
}
