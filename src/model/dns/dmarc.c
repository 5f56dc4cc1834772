/* The text of a DMARC record: RFC 9989, 4.7 and 4.8. */
#include "model/dns/dmarc.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "model/dns/tags.h"

static const char *const policy_names[] = {
	[DMARC_UNSET] = "", [DMARC_NONE] = "none",
	[DMARC_QUARANTINE] = "quarantine", [DMARC_REJECT] = "reject",
};

const char *
dmarc_policy_name(enum dmarc_policy policy)
{
	return policy_names[policy];
}

/* --- values ---------------------------------------------------------- */

static bool
policy_read(const char *value, enum dmarc_policy *policy)
{
	for (int i = DMARC_NONE; i <= DMARC_REJECT; i++) {
		if (strcasecmp(value, policy_names[i]) == 0)
			*policy = (enum dmarc_policy)i;
	}
	return *policy != DMARC_UNSET;
}

/* One letter of a set; the first one is what counts where it is wrong. */
static const char *
letter_read(const char *value, const char *set, char *letter,
    const char *why)
{
	*letter = *set;
	if (value == NULL)
		return NULL;
	if (*value == '\0' || value[1] != '\0' ||
	    !is_one_of(lower_char(*value), set))
		return why;
	*letter = lower_char(*value);
	return NULL;
}

/* "0" or "1", "d" and "s", each once, with colons. */
static const char *
options_judge(const char *value)
{
	static const char why[] = "has an fo= that is no list of 0, 1, d, s";
	char seen[5] = "";
	size_t n = 0;

	for (; value != NULL; value += 2) {
		char c = lower_char(*value);

		if (!is_one_of(c, "01ds") || strchr(seen, c) != NULL ||
		    (is_one_of(c, "01") && strpbrk(seen, "01") != NULL))
			return why;
		seen[n++] = c;
		if (value[1] == '\0')
			return NULL;
		if (value[1] != ':')
			return why;
	}
	return NULL;
}

/* --- tags ------------------------------------------------------------ */

static const char *
policies_read(const struct dns_tags *tags, struct dmarc_record *r)
{
	const char *p = dns_tags_find(tags, "p");
	const char *sp = dns_tags_find(tags, "sp");
	const char *np = dns_tags_find(tags, "np");
	const char *why = NULL;

	r->usable = r->reports.count > 0;
	if (np != NULL && !policy_read(np, &r->missing))
		why = "has an np= that is not none, quarantine or reject";
	if (sp != NULL && !policy_read(sp, &r->subdomains))
		why = "has an sp= that is not none, quarantine or reject";
	if (p != NULL && !policy_read(p, &r->policy))
		why = "has a p= that is not none, quarantine or reject";
	if (p == NULL && !r->usable)
		why = "has no p= and no rua=";
	if (p != NULL && why == NULL) {
		r->usable = true;
		return NULL;
	}
	/* With a place for reports it counts as p=none: 4.10.1. */
	r->policy = DMARC_NONE;
	r->subdomains = r->missing = DMARC_UNSET;
	return why;
}

static const char *
modes_read(const struct dns_tags *tags, struct dmarc_record *r)
{
	char dkim, spf, testing;
	const char *first, *why[4];

	why[0] = letter_read(dns_tags_find(tags, "adkim"), "rs", &dkim,
	    "has an adkim= that is not r or s");
	why[1] = letter_read(dns_tags_find(tags, "aspf"), "rs", &spf,
	    "has an aspf= that is not r or s");
	why[2] = letter_read(dns_tags_find(tags, "t"), "ny", &testing,
	    "has a t= that is not y or n");
	why[3] = letter_read(dns_tags_find(tags, "psd"), "uyn", &r->suffix,
	    "has a psd= that is not y, n or u");
	r->strict_dkim = dkim == 's';
	r->strict_spf = spf == 's';
	r->testing = testing == 'y';
	first = options_judge(dns_tags_find(tags, "fo"));
	for (size_t i = 0; first == NULL && i < 4; i++)
		first = why[i];
	return first;
}

static const char *
reports_read(struct arena *a, const struct dns_tags *tags,
    struct dmarc_record *r)
{
	const char *rua = dns_tags_find(tags, "rua");
	const char *ruf = dns_tags_find(tags, "ruf");
	const char *why = rua == NULL ? NULL :
	    dns_uris_parse(a, rua, &r->reports);
	const char *other = ruf == NULL ? NULL :
	    dns_uris_parse(a, ruf, &r->failures);

	r->has_size = (rua != NULL && strchr(rua, '!') != NULL) ||
	    (ruf != NULL && strchr(ruf, '!') != NULL);
	if (why != NULL)
		return arena_printf(a, "has an rua= that %s", why);
	return other == NULL ? NULL :
	    arena_printf(a, "has an ruf= that %s", other);
}

/* Tags that are not judged here: removed ones, and unknown ones. */
static void
names_read(const struct dns_tags *tags, struct dmarc_record *r)
{
	static const char *const known[] = { "v", "p", "sp", "np", "adkim",
		"aspf", "t", "psd", "fo", "rua", "ruf", NULL };
	static const char *const removed[] = { "pct", "rf", "ri", NULL };

	for (size_t i = 0; i < tags->count; i++) {
		const char *name = tags->tag[i].name;
		size_t k = 0, o = 0;

		while (known[k] != NULL && strcmp(known[k], name) != 0)
			k++;
		while (removed[o] != NULL && strcmp(removed[o], name) != 0)
			o++;
		if (removed[o] != NULL && r->removed == NULL)
			r->removed = name;
		else if (known[k] == NULL && removed[o] == NULL &&
		    r->unknown == NULL)
			r->unknown = name;
		if (strcmp(name, "p") == 0 && i != 1)
			r->late_policy = true;
	}
}

const char *
dmarc_record_parse(struct arena *a, const char *text,
    struct dmarc_record *record)
{
	struct dns_tags tags;
	const char *why = dns_tags_parse(a, text, true, &tags);
	const char *reports, *policies, *modes;

	*record = (struct dmarc_record){ .suffix = 'u' };
	if (!dns_tags_have_version(&tags, text, DMARC_VERSION, true))
		return "does not begin with v=" DMARC_VERSION;
	if (tags.twice)
		return why;
	names_read(&tags, record);
	modes = modes_read(&tags, record);
	reports = reports_read(a, &tags, record);
	policies = policies_read(&tags, record);
	if (policies == NULL)
		policies = reports != NULL ? reports : modes;
	return why != NULL ? why : policies;
}
