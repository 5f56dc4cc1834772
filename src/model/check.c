/* The checker: what is asked, what is found, in which order. */
#include "model/check.h"

#include <fnmatch.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/address.h"
#include "model/check_private.h"

const struct field finding_fields[] = {
	FIELD(struct finding, rule, FIELD_TEXT),
	FIELD(struct finding, severity, FIELD_TEXT),
	FIELD(struct finding, kind, FIELD_TEXT),
	FIELD(struct finding, name, FIELD_ADDRESS),
	FIELD(struct finding, text, FIELD_TEXT),
	FIELD(struct finding, advice, FIELD_TEXT),
	FIELD(struct finding, change, FIELD_TEXT),
	{ 0 }
};

const struct field check_rule_fields[] = {
	FIELD(struct check_rule_row, rule, FIELD_TEXT),
	FIELD(struct check_rule_row, severity, FIELD_TEXT),
	FIELD(struct check_rule_row, kind, FIELD_TEXT),
	FIELD(struct check_rule_row, finds, FIELD_TEXT),
	FIELD(struct check_rule_row, advice, FIELD_TEXT),
	FIELD(struct check_rule_row, mend, FIELD_TEXT),
	{ 0 }
};

/* --- what is wanted -------------------------------------------------- */

const struct check_rule *
check_rule_find(const char *id, size_t len)
{
	for (const struct check_rule *r = check_rules; r->id != NULL; r++) {
		if (strlen(r->id) == len && strncasecmp(r->id, id, len) == 0)
			return r;
	}
	return NULL;
}

bool
check_rule_known(const char *word, struct err *e)
{
	size_t len = strcspn(word, ":");

	if (check_rule_find(word, len) != NULL)
		return true;
	err_set(e, ERR_USAGE, "no such rule: %.*s",
	    (int)(len < 100 ? len : 100), word);
	return err_hint(e, "\"check rules\" lists them");
}

/* On our schema a catch-all takes nothing that has a name. */
static enum check_severity
severity_of(const struct checking *c, enum rule_id rule)
{
	if (rule == RULE_ALIAS_CATCHALL && c->survey.ours)
		return CHECK_NOTE;
	return check_rules[rule].severity;
}

static bool
is_named(const struct words *ids, const struct check_rule *rule)
{
	for (size_t i = 0; i < ids->count; i++) {
		if (strcasecmp(ids->word[i], rule->id) == 0)
			return true;
	}
	return false;
}

/* A rule that is asked for by its id is shown whatever its severity. */
static bool
is_wanted(const struct checking *c, enum rule_id rule)
{
	const struct check_options *o = c->options;
	const struct check_rule *r = &check_rules[rule];

	if (is_named(&o->ignore, r))
		return false;
	if (o->rules.count > 0)
		return is_named(&o->rules, r);
	return severity_of(c, rule) >= o->severity;
}

static bool
is_ignored(const struct words *ignore, const struct check_rule *rule,
    const char *name)
{
	size_t len = strlen(rule->id);

	for (size_t i = 0; i < ignore->count; i++) {
		const char *word = ignore->word[i];

		if (strncasecmp(word, rule->id, len) == 0 &&
		    word[len] == ':' && fnmatch(word + len + 1, name,
			FNM_CASEFOLD) == 0)
			return true;
	}
	return false;
}

static bool
in_domains(const struct words *domains, const char *name)
{
	const char *at = strrchr(name, '@');
	const char *domain = at != NULL ? at + 1 : name;

	for (size_t i = 0; i < domains->count; i++) {
		if (strcasecmp(domains->word[i], domain) == 0)
			return true;
	}
	return domains->count == 0;
}

bool
check_speaks_of(const struct check_options *options,
    const struct check_rule *rule, const char *name)
{
	const char *subject = name != NULL ? name : "";

	return in_domains(&options->domains, subject) &&
	    !is_named(&options->ignore, rule) &&
	    !is_ignored(&options->ignore, rule, subject);
}

static const char *
unseen(const struct checking *c, unsigned needs)
{
	if (needs & NEEDS_HASHES && !c->survey.hashes)
		return "this account may not read users.crypt";
	return NULL;
}

static void
wishes_read(struct checking *c)
{
	for (enum rule_id rule = 0; rule < RULES; rule++) {
		const char *why = unseen(c, check_rules[rule].needs);

		c->wanted[rule] = is_wanted(c, rule);
		if (why != NULL)
			check_unasked(c, rule, why);
	}
}

/* --- what is found --------------------------------------------------- */

/* With the row's own name where the rule says DOMAIN, EMAIL or ADDRESS. */
static const char *
advice_for(struct checking *c, const struct check_rule *r, const char *name)
{
	const char *word = strcmp(r->kind, "domain") == 0 ? "DOMAIN" :
	    strcmp(r->kind, "user") == 0 ? "EMAIL" : "ADDRESS";
	const char *at = strstr(r->advice, word), *from = r->advice;
	struct text t = TEXT_INIT;
	const char *advice;

	if (at == NULL || name == NULL || *name == '\0')
		return r->advice;
	for (; at != NULL; at = strstr(from, word)) {
		text_add_bytes(&t, from, (size_t)(at - from));
		text_add(&t, name);
		from = at + strlen(word);
	}
	text_add(&t, from);
	advice = arena_strndup(c->m->arena, t.buf, t.len);
	text_clear(&t);
	return advice;
}

void
check_found(struct checking *c, enum rule_id rule, const char *name,
    const char *fmt, ...)
{
	const struct check_rule *r = &check_rules[rule];
	struct text t = TEXT_INIT;
	struct finding *f;
	va_list ap;

	if (!c->wanted[rule] || !check_speaks_of(c->options, r, name))
		return;
	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	f = vector_add(&c->findings, sizeof(*f));
	*f = (struct finding){
		.rule = r->id,
		.severity = check_severities[severity_of(c, rule)],
		.kind = r->kind,
		.name = name ? arena_strdup(c->m->arena, name) : NULL,
		.text = arena_strndup(c->m->arena, t.buf, t.len),
		.advice = advice_for(c, r, name),
		.of = r,
	};
	c->report->found[severity_of(c, rule)]++;
	text_clear(&t);
}

void
check_unasked(struct checking *c, enum rule_id rule, const char *why)
{
	struct check_report *r = c->report;

	if (!c->wanted[rule] || c->unasked[rule])
		return;
	c->unasked[rule] = true;
	if (r->unchecked_why == NULL)
		r->unchecked_why = why;
	else if (strstr(r->unchecked_why, why) == NULL)
		r->unchecked_why = arena_printf(c->m->arena, "%s; %s",
		    r->unchecked_why, why);
}

static int
text_compare(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int
finding_compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int by;

	if (x->of != y->of)
		return x->of < y->of ? -1 : 1;
	by = text_compare(x->name, y->name);
	return by != 0 ? by : strcmp(x->text, y->text);
}

/* What was found of a rule that could not be seen whole is no number. */
static void
asked_fill(struct checking *c)
{
	struct check_asked *asked = arena_array(c->m->arena, RULES,
	    sizeof(*asked));
	struct check_report *r = c->report;
	size_t at = 0;

	for (enum rule_id rule = 0; rule < RULES; rule++) {
		struct check_asked *a = &asked[r->asked_count];
		size_t begun = at;

		while (at < r->count && r->finding[at].of == &check_rules[rule])
			at++;
		if (!c->wanted[rule] || c->unasked[rule])
			continue;
		*a = (struct check_asked){ &check_rules[rule],
		    severity_of(c, rule), (int64_t)(at - begun) };
		r->asked_count++;
	}
	r->asked = asked;
}

static void
report_fill(struct checking *c)
{
	struct check_report *r = c->report;
	size_t size = c->findings.count * sizeof(struct finding);
	struct finding *kept = arena_alloc(c->m->arena, size);

	if (size > 0)
		memcpy(kept, c->findings.item, size);
	qsort(kept, c->findings.count, sizeof(*kept), finding_compare);
	r->finding = kept;
	r->count = c->findings.count;
	r->ours = c->survey.ours;
	asked_fill(c);
	for (enum rule_id rule = 0; rule < RULES; rule++) {
		if (c->unasked[rule])
			words_add(c->m->arena, &r->unchecked,
			    check_rules[rule].id);
	}
}

/* --- names ----------------------------------------------------------- */

uint32_t
check_name(struct checking *c, const char *folded)
{
	uint32_t name = nameset_add(&c->names, folded, strlen(folded));
	const char *at = strrchr(folded, '@');
	struct known_name *known;
	uint32_t domain;

	if (name < c->known.count)
		return name;
	vector_reach(&c->known, name + 1, sizeof(*known));
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
	return (struct known_name *)c->known.item + name;
}

struct known_domain *
check_domain_of(const struct checking *c, uint32_t name)
{
	uint32_t domain = check_known(c, name)->domain;

	return domain == 0 ? NULL :
	    (struct known_domain *)c->domains.item + domain - 1;
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
	static const char blanks[] = " \t\n\v\f\r";
	struct err ignored = { 0 };
	const char *stored;
	size_t len;
	char *text;

	if (is_folded(raw))
		return raw;
	raw += strspn(raw, blanks);
	len = strlen(raw);
	while (len > 0 && strchr(blanks, raw[len - 1]) != NULL)
		len--;
	text = arena_strndup(&c->row, raw, len);
	for (char *p = text; *p != '\0'; p++) {
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p | 0x20);
	}
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
		check_found(c, rule, folded, "%s %s is there twice, once as "
		    "\"%s\"", kind, folded, raw);
	else
		check_found(c, rule, folded, "%s %s is there twice%s", kind,
		    folded, known->canonical ? "" :
		    ", once in another spelling");
}

/* --- the run --------------------------------------------------------- */

/* A name with a typing error must not look clean. */
static bool
domains_known(struct checking *c, struct err *e)
{
	const struct words *domains = &c->options->domains;

	for (size_t i = 0; i < domains->count; i++) {
		const char *word = domains->word[i];
		uint32_t name = nameset_find(&c->names, word, strlen(word));

		if (name == NAME_NONE || !check_known(c, name)->is_domain)
			return err_set(e, ERR_NOT_FOUND, "no such domain: %s",
			    word);
	}
	return true;
}

static bool
check_all(struct checking *c, struct err *e)
{
	if (!check_database(c, e) || !check_domains_read(c, e) ||
	    !domains_known(c, e) || !check_users_read(c, e) ||
	    !check_aliases_read(c, e))
		return false;
	check_domains(c);
	check_users(c);
	check_aliases(c);
	return check_history(c, e);
}

static void
checking_close(struct checking *c)
{
	survey_end(&c->survey);
	nameset_clear(&c->names);
	nameset_clear(&c->homes);
	vector_clear(&c->shared_homes);
	vector_clear(&c->known);
	vector_clear(&c->domains);
	vector_clear(&c->aliases);
	vector_clear(&c->hashes);
	vector_clear(&c->findings);
	for (int table = 0; table < SURVEY_TABLES; table++)
		vector_clear(&c->written[table]);
	arena_clear(&c->row);
	EVP_MD_CTX_free(c->digest);
	EVP_MD_free(c->digest_kind);
}

bool
check_run(struct mail *m, const struct check_options *options,
    struct check_report *report, struct err *e)
{
	struct checking c = { .m = m, .options = options, .report = report };
	bool ok;

	*report = (struct check_report){ 0 };
	ok = survey_begin(&c.survey, m->db, m->arena, e);
	if (ok) {
		wishes_read(&c);
		ok = check_all(&c, e);
		report_fill(&c);
	}
	checking_close(&c);
	return ok;
}
