/* Values of attributes from text, or the reason why they are refused. */
#include <string.h>

#include "base/quote.h"
#include "base/shown.h"
#include "base/size.h"
#include "base/time.h"
#include "model/address.h"
#include "model/mail/mail.h"
#include "model/manifest/private.h"
#include "model/password/hash.h"
#include "model/password/scheme.h"
#include "model/way/recipient.h"
#include "model/way/relay.h"

/* The longest free text, in characters: what the columns hold. */
#define TEXT_CHARACTERS 255

static bool
is_null(const char *text, bool plain)
{
	return plain && (*text == '\0' || strcmp(text, "~") == 0 ||
	    strcmp(text, "null") == 0 || strcmp(text, "Null") == 0 ||
	    strcmp(text, "NULL") == 0);
}

static bool
flag_parse(const char *text, bool plain, bool *flag, struct err *e)
{
	*flag = strcmp(text, "true") == 0;
	if (plain && (*flag || strcmp(text, "false") == 0))
		return true;
	return err_set(e, ERR_INVALID, "expected true or false, got \"%.100s\"",
	    text);
}

static bool
text_parse(struct arena *a, const char *text, bool plain, const char **value,
    struct err *e)
{
	if (!shown_valid(text, TEXT_CHARACTERS, e))
		return false;
	*value = *text == '\0' || is_null(text, plain) ? NULL :
	    arena_strdup(a, text);
	return true;
}

static bool
limit_value(const char *text, bool plain, int64_t *value, struct err *e)
{
	*value = FIELD_NULL;
	return is_null(text, plain) || is_no_limit(text) ||
	    (number_parse(text, value) && *value <= UINT32_MAX) ||
	    err_set(e, ERR_INVALID, "expected a number, got \"%.100s\"",
	    text);
}

static bool
rate_value(const char *text, bool plain, bool of_user, int64_t *value,
    struct err *e)
{
	*value = FIELD_NULL;
	if (is_null(text, plain) || rate_parse(text, of_user, value))
		return true;
	err_set(e, ERR_INVALID, "expected a rate, got \"%.100s\"", text);
	return err_hint(e, "%s", rate_hint(of_user));
}

/* A moment: "30d" would mean another one at each apply. */
static bool
time_value(const char *text, bool plain, int64_t *value, struct err *e)
{
	*value = FIELD_NULL;
	if (is_null(text, plain) || is_no_limit(text) ||
	    time_date_parse(text, value))
		return true;
	err_set(e, ERR_INVALID, "expected a date, got \"%.100s\"", text);
	return err_hint(e, "in UTC, like 2027-01-31 or 2027-01-31T18:00:00Z; "
	    "none: never");
}

static bool
word_value(struct arena *a, const struct attribute *attribute,
    const char *text, bool plain, const char **value, struct err *e)
{
	*value = NULL;
	return is_null(text, plain) || strcmp(text, "none") == 0 ||
	    manifest_word(a, attribute, text, value, e);
}

/* null is no value: for a user, the quota of the domain. */
static bool
quota_value(const char *text, bool plain, bool of_user, int64_t *value,
    struct err *e)
{
	*value = FIELD_NULL;
	if (is_null(text, plain) || quota_parse(text, of_user, value))
		return true;
	err_set(e, ERR_INVALID, "expected a size, got \"%.100s\"", text);
	return err_hint(e, "%s", quota_hint(of_user));
}

static bool
hash_parse(struct arena *a, const char *text, const char **value,
    struct err *e)
{
	if (strcmp(text, PASSWORD_NONE) != 0 &&
	    !password_hash_valid(text, e))
		return false;
	*value = arena_strdup(a, text);
	return true;
}

static bool
home_parse(struct arena *a, const char *text, const char **value,
    struct err *e)
{
	const char *p = text;
	size_t len;

	if (*text == '/' || *text == '~' || strlen(text) > 400 ||
	    shown_has_control(text, strlen(text)))
		return err_set(e, ERR_INVALID, "expected a relative path, got "
		    "\"%.100s\"", text);
	for (;; p += len + 1) {
		len = strcspn(p, "/");
		if (len <= 2 && strspn(p, ".") >= len)
			return err_set(e, ERR_INVALID, "a path with an "
			    "empty part, . or ..: %.100s", text);
		if (p[len] == '\0')
			break;
	}
	*value = arena_strdup(a, text);
	return true;
}

static bool
domain_value(struct arena *a, const char *text, bool plain,
    const char **value, struct err *e)
{
	*value = NULL;
	return is_null(text, plain) || strcmp(text, "none") == 0 ||
	    domain_parse(a, text, value, e);
}

/* Parsing needs ten times the memory of the address, so it gets its own. */
static bool
address_keep(struct manifest *m, enum address_kind kind, const char *text,
    const char **address, struct err *e)
{
	const char *found;
	bool ok = address_parse(&m->scratch, kind, text, &found, e);

	if (ok)
		*address = arena_strdup(m->arena, found);
	arena_reset(&m->scratch);
	return ok;
}

static bool
recipient_keep(struct manifest *m, const char *text, const char **address,
    struct err *e)
{
	const char *found;
	bool ok = recipient_parse(&m->scratch, text, &found, e);

	if (ok)
		*address = arena_strdup(m->arena, found);
	arena_reset(&m->scratch);
	return ok;
}

static bool
address_value(struct manifest *m, const char *text, bool plain,
    const char **value, struct err *e)
{
	*value = NULL;
	return is_null(text, plain) || strcmp(text, "none") == 0 ||
	    address_keep(m, ADDRESS_DESTINATION, text, value, e);
}

static bool
list_add(struct manifest *m, enum address_kind kind, struct words *list,
    const char *text, struct err *e)
{
	const char *address;

	if (!address_keep(m, kind, text, &address, e))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->word[i], address) == 0)
			return err_set(e, ERR_EXISTS, "%s is listed "
			    "twice", address);
	}
	words_add(m->arena, list, address);
	return true;
}

/* "bo@example.org 2026-12-31": which of a list, and when. */
static bool
expires_add(struct manifest *m, struct words *list, const char *text,
    struct err *e)
{
	const char *blank = strchr(text, ' '), *address, *word;
	int64_t time;

	if (blank == NULL || !time_date_parse(blank + 1, &time)) {
		err_set(e, ERR_INVALID, "expected an address and a date, got "
		    "\"%.100s\"", text);
		return err_hint(e, "like \"bo@example.org 2026-12-31\"");
	}
	if (!address_keep(m, ADDRESS_ALIAS, arena_strndup(m->arena, text,
	    (size_t)(blank - text)), &address, e))
		return false;
	if (expiry_of(list, address) != FIELD_NULL)
		return err_set(e, ERR_EXISTS, "%s is listed twice", address);
	word = expiry_text(m->arena, address, time);
	words_add(m->arena, list, word);
	return true;
}

static bool
value_set(struct manifest *m, const struct attribute *attribute, void *slot,
    const char *text, bool plain, struct err *e)
{
	enum attribute_type type = attribute->type;

	switch (type) {
	case ATTRIBUTE_FLAG:
	case ATTRIBUTE_RIGHT:
	case ATTRIBUTE_GENERATE:
		return flag_parse(text, plain, slot, e);
	case ATTRIBUTE_TEXT:
		return text_parse(m->arena, text, plain, slot, e);
	case ATTRIBUTE_DOMAIN:
		return domain_value(m->arena, text, plain, slot, e);
	case ATTRIBUTE_SIZE:
	case ATTRIBUTE_QUOTA:
		return quota_value(text, plain, type == ATTRIBUTE_QUOTA, slot,
		    e);
	case ATTRIBUTE_LIMIT:
		return limit_value(text, plain, slot, e);
	case ATTRIBUTE_RATE:
	case ATTRIBUTE_USER_RATE:
		return rate_value(text, plain, type == ATTRIBUTE_USER_RATE,
		    slot, e);
	case ATTRIBUTE_TIME:
		return time_value(text, plain, slot, e);
	case ATTRIBUTE_WORD:
		return word_value(m->arena, attribute, text, plain, slot, e);
	case ATTRIBUTE_ADDRESS:
		return address_value(m, text, plain, slot, e);
	case ATTRIBUTE_HOME:
		return home_parse(m->arena, text, slot, e);
	case ATTRIBUTE_HASH:
		return hash_parse(m->arena, text, slot, e);
	case ATTRIBUTE_FILE:
		*(const char **)slot = arena_strdup(m->arena, text);
		return *text != '\0' || err_set(e, ERR_INVALID,
		    "the name of the file is empty");
	case ATTRIBUTE_LIST:
		return list_add(m, ADDRESS_DESTINATION, slot, text, e);
	case ATTRIBUTE_SEND_AS:
		return list_add(m, ADDRESS_ALIAS, slot, text, e);
	case ATTRIBUTE_EXPIRES:
		return expires_add(m, slot, text, e);
	}
	return true;
}

bool
manifest_set(struct manifest *m, struct desired *w,
    const struct attribute *attribute, const char *text, bool plain,
    struct err *e)
{
	if (!value_set(m, attribute, desired_slot_make(m->arena, w,
	    attribute), text, plain, e))
		return err_wrap(e, "%s", attribute->name);
	w->given |= desired_bit(w, attribute);
	return true;
}

bool
manifest_time(const char *text, int64_t *time, struct err *e)
{
	return time_value(text, true, time, e) || err_wrap(e, "expires");
}

bool
manifest_set_hidden(struct manifest *m, struct desired *w,
    const struct attribute *attribute, const char *text, bool plain,
    struct err *e)
{
	return manifest_set(m, w, attribute, text, plain, e) ||
	    (e->code == ERR_INVALID ? quote_hide(e, text) : false);
}

bool
manifest_name(struct manifest *m, enum manifest_kind kind, const char *text,
    const char **name, struct err *e)
{
	switch (kind) {
	case MANIFEST_DOMAIN:
		return domain_parse(m->arena, text, name, e);
	case MANIFEST_USER:
		return address_keep(m, ADDRESS_USER, text, name, e);
	case MANIFEST_RECIPIENT:
		return recipient_keep(m, text, name, e);
	case MANIFEST_BLOCK:
		return address_keep(m, ADDRESS_DESTINATION, text, name, e);
	case MANIFEST_RELAY:
		return relay_name_parse(m->arena, text, name, e);
	default:
		return address_keep(m, ADDRESS_ALIAS, text, name, e);
	}
}

bool
manifest_name_hidden(struct manifest *m, enum manifest_kind kind,
    const char *text, const char **name, struct err *e)
{
	return manifest_name(m, kind, text, name, e) || quote_hide(e, text);
}

/* --- whole objects --------------------------------------------------- */

/* Each of these times is that of an address in one of the lists. */
static bool
are_listed(const struct words *expires, const struct words *list,
    const struct words *other)
{
	size_t found = 0;

	for (size_t i = 0; i < list->count; i++)
		found += expiry_of(expires, list->word[i]) != FIELD_NULL;
	for (size_t i = 0; other != NULL && i < other->count; i++)
		found += expiry_of(expires, other->word[i]) != FIELD_NULL;
	return found == expires->count;
}

/* What is wrong with the values together; NULL: nothing. */
static const char *
user_contradiction(const struct desired_user *user)
{
	if (!are_listed(desired_send_as_expires(user), desired_send_as(user),
	    NULL))
		return "send_as_expires names an address that send_as does "
		    "not";
	return (user->hash != NULL) + (desired_password_file(user) != NULL) +
	    user->generate > 1 ?
	    "give only one of hash, password_file and generate" : NULL;
}

/* What the tables have no place for. */
static const char *
pattern_contradiction(const struct desired_alias *alias)
{
	bool pattern = address_is_pattern(alias->is.name);

	if (alias->writers != NULL && (pattern ||
	    address_is_catchall(alias->is.name)))
		return "only an alias of one address has writers";
	if (pattern && !alias->may_send && desired_has(&alias->is,
	    attribute_bit(MANIFEST_ALIAS, "may_send")))
		return "who gets the mail of a pattern may send as the names "
		    "that it matches";
	return pattern && alias->expires.count > 0 ?
	    "a pattern does not expire" : NULL;
}

static const char *
alias_contradiction(const struct desired_alias *alias)
{
	if (alias->destination.count + alias->inactive.count == 0)
		return "an alias without a destination; absent: true "
		    "removes it";
	for (size_t i = 0; i < alias->inactive.count; i++) {
		if (words_have(&alias->destination, alias->inactive.word[i]))
			return "a destination is inactive and active at once";
	}
	if (!are_listed(&alias->expires, &alias->destination,
	    &alias->inactive))
		return "expires names an address that is no destination";
	return pattern_contradiction(alias);
}

/* A port that is not given is the usual one. */
static const char *
relay_contradiction(const struct desired_relay *relay)
{
	if (!desired_has(&relay->is, attribute_bit(MANIFEST_RELAY, "port")) ||
	    relay->port == FIELD_NULL)
		return NULL;
	return relay->port < 1 || relay->port > UINT16_MAX ?
	    "port: expected 1 to 65535" : NULL;
}

static const char *
contradiction(const struct desired *w)
{
	if (w->absent)
		return w->given != 0 ? "absent cannot be combined with other "
		    "attributes" :
		    NULL;
	if (w->kind == MANIFEST_USER)
		return user_contradiction(desired_user(w));
	if (w->kind == MANIFEST_RELAY)
		return relay_contradiction(desired_relay(w));
	return w->kind == MANIFEST_ALIAS ?
	    alias_contradiction(desired_alias(w)) : NULL;
}

bool
manifest_object_end(struct desired *w, struct err *e)
{
	const char *wrong = contradiction(w);

	if (w->kind == MANIFEST_ALIAS) {
		words_sort(&desired_alias(w)->destination);
		words_sort(&desired_alias(w)->inactive);
		words_sort(&desired_alias(w)->expires);
	} else if (w->kind == MANIFEST_USER && desired_user(w)->more) {
		words_sort(&desired_user(w)->more->send_as);
		words_sort(&desired_user(w)->more->send_as_expires);
	}
	return wrong == NULL || err_set(e, ERR_INVALID, "%s", wrong);
}
