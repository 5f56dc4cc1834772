/* What the rules of DNS share: they look, and report. */
#include <string.h>

#include "model/dnscheck/private.h"

void
dnscheck_found(struct dnscheck *c, enum dns_rule rule, const char *name,
    const char *fmt, ...)
{
	va_list ap;

	if (c->findings == NULL)
		return;
	va_start(ap, fmt);
	findings_addv(c->findings, rule, name, NULL, fmt, ap);
	va_end(ap);
}

void
dnscheck_fine(struct dnscheck *c, enum dns_rule rule, const char *name,
    const char *fmt, ...)
{
	va_list ap;

	if (c->findings == NULL)
		return;
	va_start(ap, fmt);
	findings_finev(c->findings, rule, name, fmt, ap);
	va_end(ap);
}

void
dnscheck_silent(struct dnscheck *c, enum dns_rule rule, const char *name)
{
	if (c->findings == NULL)
		return;
	if (c->silent_name == NULL)
		c->silent_name = arena_strdup(c->findings->arena, name);
	c->silent++;
	findings_unchecked_all(c->findings, dnscheck_rules[rule].needs,
	    "DNS gave no answer");
}

void
dnscheck_unchecked(struct dnscheck *c, unsigned needs, const char *why)
{
	if (c->findings != NULL)
		findings_unchecked_all(c->findings, needs, why);
}

const struct dns_answer *
dnscheck_look(struct dnscheck *c, enum dns_rule rule, const char *name,
    enum dns_type type)
{
	const struct dns_answer *answer = c->asker->ask(c->asker->arg, name,
	    type);

	if (answer == NULL) {
		c->pending = true;
		return NULL;
	}
	if (answer->bogus && !c->bogus) {
		c->bogus = true;
		dnscheck_found(c, DNS_BOGUS, c->domain == NULL ?
		    c->server->host : c->domain->name, "what DNS has of %s "
		    "is not proved by its signatures", name);
	}
	if (answer->state == DNS_UNKNOWN) {
		dnscheck_silent(c, rule, name);
		return NULL;
	}
	return answer;
}

bool
dnscheck_addresses(struct dnscheck *c, enum dns_rule rule, const char *name,
    struct words *addresses, bool *alias)
{
	const struct dns_answer *v4 = dnscheck_look(c, rule, name, DNS_A);
	const struct dns_answer *v6 = dnscheck_look(c, rule, name, DNS_AAAA);

	*addresses = (struct words){ 0 };
	if (v4 == NULL || v6 == NULL)
		return false;
	for (size_t i = 0; i < v4->values.count; i++)
		words_add(c->arena, addresses, v4->values.word[i]);
	for (size_t i = 0; i < v6->values.count; i++)
		words_add(c->arena, addresses, v6->values.word[i]);
	if (alias != NULL)
		*alias = v4->is_alias || v6->is_alias;
	return true;
}

bool
dnscheck_is_ours(const struct dnscheck *c, const struct words *addresses)
{
	for (size_t i = 0; i < addresses->count; i++) {
		if (words_have(&c->addresses, addresses->word[i]))
			return true;
	}
	return false;
}

bool
dnscheck_signs(const struct dnscheck *c)
{
	for (size_t i = 0; i < c->domain->keys; i++) {
		if (strcmp(c->domain->key[i].state, "active") == 0)
			return true;
	}
	return false;
}

/* The root is signed: who validates sees that. */
bool
dnscheck_is_validated(struct dnscheck *c)
{
	const struct dns_answer *root = dnscheck_look(c, DNS_NOT_VALIDATED,
	    ".", DNS_NS);

	return root != NULL && root->secure;
}
