/* The names of all tables, as numbers, and what is known of each. */
#include <stdarg.h>
#include <string.h>

#include "base/ascii.h"
#include "model/address.h"
#include "model/check/private.h"

/* --- what is found --------------------------------------------------- */

void
check_found(struct checking *c, enum rule_id rule, const char *name,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	findings_addv(&c->findings, rule, name, NULL, fmt, ap);
	va_end(ap);
}

void
check_unchecked(struct checking *c, enum rule_id rule, const char *why)
{
	findings_unchecked(&c->findings, rule, why);
}

void
check_unchecked_all(struct checking *c, unsigned needs, const char *why)
{
	findings_unchecked_all(&c->findings, needs, why);
}

/* --- names ----------------------------------------------------------- */

uint32_t
check_name(struct checking *c, const char *folded)
{
	uint32_t name = nameset_add(&c->names, folded, strlen(folded));
	const char *at = strrchr(folded, '@');
	uint32_t domain;

	if (name < c->known.count)
		return name;
	VECTOR_REACH(&c->known, name + 1);
	if (at == NULL)
		return name;
	domain = nameset_find(&c->names, at + 1, strlen(at + 1));
	if (domain != NAME_NONE && check_known(c, domain)->is_domain)
		check_known(c, name)->domain = check_known(c, domain)->domain;
	return name;
}

struct known_name *
check_known(const struct checking *c, uint32_t name)
{
	return &c->known.item[name];
}

struct known_domain *
check_domain_of(const struct checking *c, uint32_t name)
{
	uint32_t domain = check_known(c, name)->domain;

	return domain == 0 ? NULL :
	    &c->domains.item[domain - 1];
}

static bool
is_folded(const char *s)
{
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s <= ' ' || (unsigned char)*s >= 0x7f ||
		    (*s >= 'A' && *s <= 'Z'))
			return false;
	}
	return true;
}

const char *
check_fold(struct checking *c, const char *raw)
{
	struct err ignored = { 0 };
	const char *stored;
	char *text;

	if (is_folded(raw))
		return raw;
	text = trimmed(&c->row, raw, strlen(raw), SPACES);
	lower_case(text);
	/* U-labels are A-labels to everybody who asks. */
	if (strchr(text, '@') != NULL ? address_parse(&c->row, ADDRESS_ALIAS,
	    text, &stored, &ignored) : domain_parse(&c->row, text, &stored,
	    &ignored))
		return stored;
	err_clear(&ignored);
	return text;
}

static bool
is_valid_domain(struct checking *c, const char *domain)
{
	uint32_t name = nameset_find(&c->names, domain, strlen(domain));
	struct err ignored = { 0 };
	const char *stored;
	bool ok;

	if (name != NAME_NONE && check_known(c, name)->valid_domain)
		return true;
	ok = domain_parse(&c->row, domain, &stored, &ignored) &&
	    strcmp(stored, domain) == 0;
	err_clear(&ignored);
	if (ok) {
		name = check_name(c, domain);
		check_known(c, name)->valid_domain = true;
	}
	return ok;
}

bool
check_address(struct checking *c, enum address_kind kind, const char *folded,
    struct err *e)
{
	const char *at = strchr(folded, '@'), *stored;

	return (at != NULL && strlen(folded) <= ADDRESS_MAX &&
	    address_local_is_canonical(kind, folded, (size_t)(at - folded)) &&
	    is_valid_domain(c, at + 1)) ||
	    address_parse(&c->row, kind, folded, &stored, e);
}

bool
check_domain_is_invalid(const struct checking *c, const char *folded)
{
	const char *at = strrchr(folded, '@');
	uint32_t name = at == NULL ? NAME_NONE :
	    nameset_find(&c->names, at + 1, strlen(at + 1));

	return name != NAME_NONE && check_known(c, name)->invalid_domain;
}

void
check_twice(struct checking *c, enum rule_id rule, struct known_name *known,
    const char *raw, const char *folded)
{
	const char *kind = check_rules[rule].kind;

	if (known->twice)
		return;
	known->twice = true;
	if (strcmp(raw, folded) != 0)
		check_found(c, rule, folded, "%s %s exists twice, once as "
		    "\"%s\"", kind, folded, raw);
	else
		check_found(c, rule, folded, "%s %s exists twice%s", kind,
		    folded, known->canonical ? "" :
		    ", once in another spelling");
}
