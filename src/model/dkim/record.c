/* The record of a DKIM key: RFC 6376, 3.6.1, and RFC 8463. */
#include "model/dkim/record.h"

#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "model/dkim/private.h"
#include "model/dns/txt.h"

const char *
dkim_record_name(struct arena *a, const struct dkim_row *key)
{
	return arena_printf(a, "%s._domainkey.%s", key->selector,
	    key->domain);
}

const char *
dkim_record_text(struct arena *a, const struct dkim_row *key)
{
	return arena_printf(a, "v=DKIM1; k=%s; p=%s", key->algorithm,
	    strcmp(key->state, "retired") == 0 ? "" : key->public_key);
}

const char *
dkim_record_zone(struct arena *a, const struct dkim_row *key)
{
	struct text t = TEXT_INIT;
	const char *copy;

	text_addf(&t, "%s. IN TXT ( ", dkim_record_name(a, key));
	dns_txt_split(&t, dkim_record_text(a, key));
	text_add(&t, " )");
	copy = arena_strdup(a, t.buf);
	text_clear(&t);
	return copy;
}

/* In the order of dkim_state_names. */
static const struct reason {
	const char *need;
	const char *why;
} reasons[] = {
	{ "required", "publish it before the key signs" },
	{ "required", "the key signs" },
	{ "required", "mail that the key has signed may be under way" },
	{ "remove", "the key is retired; an empty p= revokes it" },
};

static const struct reason *
reason_of(const struct dkim_row *key)
{
	size_t i = 0;

	while (dkim_state_names[i + 1] != NULL &&
	    strcmp(dkim_state_names[i], key->state) != 0)
		i++;
	return &reasons[i];
}

const char *
dkim_record_need(const struct dkim_row *key)
{
	return reason_of(key)->need;
}

const char *
dkim_record_why(const struct dkim_row *key)
{
	return reason_of(key)->why;
}

/* --- reading --------------------------------------------------------- */

static const char **
slot_of(struct dkim_record *r, const char *tag)
{
	const struct {
		const char *tag;
		const char **slot;
	} slots[] = {
		{ "v", &r->version }, { "k", &r->algorithm },
		{ "p", &r->public_key }, { "s", &r->services },
		{ "h", &r->hashes }, { "t", &r->flags },
	};

	for (size_t i = 0; i < sizeof(slots) / sizeof(*slots); i++) {
		if (strcmp(slots[i].tag, tag) == 0)
			return slots[i].slot;
	}
	return NULL;
}

static const char *
without_blanks(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text), *to = copy;

	for (; *text != '\0'; text++) {
		if (!is_one_of(*text, SPACES))
			*to++ = *text;
	}
	*to = '\0';
	return copy;
}

/* Unknown tags are skipped, as the RFC wants it. */
static const char *
tag_read(struct arena *a, const char *begin, size_t len, bool first,
    struct dkim_record *r)
{
	const char *equals = memchr(begin, '=', len), *tag, **slot;

	if (equals == NULL)
		return "is no list of tags";
	tag = trimmed(a, begin, (size_t)(equals - begin), SPACES);
	if (strcmp(tag, "v") == 0 && !first)
		return "has its v= not at the beginning";
	slot = slot_of(r, tag);
	if (slot == NULL)
		return *tag == '\0' ? "is no list of tags" : NULL;
	if (*slot != NULL)
		return "has a tag twice";
	*slot = trimmed(a, equals + 1, len - (size_t)(equals + 1 - begin),
	    SPACES);
	return NULL;
}

const char *
dkim_record_parse(struct arena *a, const char *text,
    struct dkim_record *record)
{
	const char *why = NULL;
	bool first = true;

	*record = (struct dkim_record){ 0 };
	while (*text != '\0' && why == NULL) {
		size_t len = strcspn(text, ";");
		bool blank = strspn(text, SPACES) >= len;

		if (!blank)
			why = tag_read(a, text, len, first, record);
		else if (text[len] == ';')
			why = "is no list of tags";
		first = false;
		text += len + (text[len] == ';');
	}
	if (why != NULL)
		return why;
	if (record->public_key == NULL)
		return "has no p=";
	record->public_key = without_blanks(a, record->public_key);
	if (record->version != NULL && strcmp(record->version, "DKIM1") != 0)
		return "has another v= than DKIM1";
	return NULL;
}

/* --- comparing ------------------------------------------------------- */

/* One of the words of a list with colons; a list that is missing has all. */
static bool
list_has(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (list != NULL) {
		const char *end;

		list += strspn(list, SPACES ":");
		end = list + strcspn(list, SPACES ":");
		if ((size_t)(end - list) == len &&
		    strncmp(list, word, len) == 0)
			return true;
		list = *end == '\0' ? NULL : end;
	}
	return false;
}

static const char *
key_judge(const struct dkim_record *r, const struct dkim_row *key)
{
	size_t len = strlen(r->public_key);
	unsigned char der[DKIM_PUBLIC_MAX];

	if (*r->public_key == '\0')
		return "has an empty p=, which revokes the key";
	if (strcmp(r->public_key, key->public_key) == 0)
		return NULL;
	if (strncmp(r->public_key, key->public_key, len) == 0)
		return "has a p= that is cut off";
	return dkim_base64_decode(r->public_key, len, der, sizeof(der)) < 0 ?
	    "has a p= that is no base64" : DKIM_WHY_OTHER;
}

static const char *
record_judge(struct arena *a, const char *text, const struct dkim_row *key)
{
	struct dkim_record r;
	const char *why = dkim_record_parse(a, text, &r);

	if (why != NULL)
		return why;
	if (strcmp(r.algorithm != NULL ? r.algorithm : "rsa",
	    key->algorithm) != 0)
		return "has a k= that is another algorithm";
	if (r.services != NULL && !list_has(r.services, "*") &&
	    !list_has(r.services, "email"))
		return "has an s= without email";
	if (r.hashes != NULL && !list_has(r.hashes, "sha256"))
		return "has an h= without sha256";
	if (list_has(r.flags, "y"))
		return DKIM_WHY_TESTING;
	return key_judge(&r, key);
}

const char *
dkim_record_judge(struct arena *a, const struct words *values,
    const struct dkim_row *key)
{
	if (values->count == 0)
		return "has no record";
	if (values->count > 1)
		return "has two records";
	return record_judge(a, values->word[0], key);
}
