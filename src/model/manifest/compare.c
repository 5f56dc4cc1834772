/* Objects of a manifest: copied, compared, completed. */
#include <string.h>

#include "base/text.h"
#include "model/manifest/private.h"
#include "model/manifest/state.h"
#include "model/way/relay.h"

/* --- copying --------------------------------------------------------- */

static void
slot_copy(struct arena *a, enum attribute_type type, void *slot)
{
	const char **text = slot;
	struct words *list = slot, copy = { 0 };

	switch (type) {
	case ATTRIBUTE_TEXT:
	case ATTRIBUTE_DOMAIN:
	case ATTRIBUTE_ADDRESS:
	case ATTRIBUTE_WORD:
	case ATTRIBUTE_HOME:
	case ATTRIBUTE_HASH:
	case ATTRIBUTE_FILE:
		*text = text_copy(a, *text);
		break;
	case ATTRIBUTE_LIST:
	case ATTRIBUTE_SEND_AS:
	case ATTRIBUTE_EXPIRES:
		for (size_t i = 0; i < list->count; i++)
			words_add(a, &copy, arena_strdup(a, list->word[i]));
		*list = copy;
		break;
	default:
		break;
	}
}

/* Its words are copied like other values. */
static void
more_copy(struct arena *a, struct desired_user *copy)
{
	struct desired_more *more;

	if (copy->more == NULL)
		return;
	more = arena_alloc(a, sizeof(*more));
	*more = *copy->more;
	copy->more = more;
}

struct desired *
state_copy(struct arena *a, const struct desired *w)
{
	const struct attribute *attribute = manifest_attributes[w->kind];
	struct desired *copy = arena_alloc(a, manifest_sizes[w->kind]);

	memcpy(copy, w, manifest_sizes[w->kind]);
	copy->name = arena_strdup(a, w->name);
	if (w->kind == MANIFEST_USER)
		more_copy(a, desired_user(copy));
	for (; attribute->name != NULL; attribute++) {
		if (!attribute->more || desired_user(copy)->more != NULL)
			slot_copy(a, attribute->type, desired_slot_make(a,
			    copy, attribute));
	}
	return copy;
}

/* --- comparing ------------------------------------------------------- */

static bool
lists_differ(const struct words *a, const struct words *b)
{
	if (a->count != b->count)
		return true;
	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(a->word[i], b->word[i]) != 0)
			return true;
	}
	return false;
}

static bool
slots_differ(enum attribute_type type, const void *a, const void *b)
{
	switch (type) {
	case ATTRIBUTE_FLAG:
	case ATTRIBUTE_RIGHT:
		return *(const bool *)a != *(const bool *)b;
	case ATTRIBUTE_TEXT:
	case ATTRIBUTE_DOMAIN:
	case ATTRIBUTE_ADDRESS:
	case ATTRIBUTE_WORD:
	case ATTRIBUTE_HOME:
	case ATTRIBUTE_HASH:
		return !text_same(*(const char *const *)a,
		    *(const char *const *)b);
	case ATTRIBUTE_SIZE:
	case ATTRIBUTE_QUOTA:
	case ATTRIBUTE_LIMIT:
	case ATTRIBUTE_TIME:
	case ATTRIBUTE_RATE:
	case ATTRIBUTE_USER_RATE:
		return *(const int64_t *)a != *(const int64_t *)b;
	case ATTRIBUTE_LIST:
	case ATTRIBUTE_SEND_AS:
	case ATTRIBUTE_EXPIRES:
		return lists_differ(a, b);
	case ATTRIBUTE_FILE:
	case ATTRIBUTE_GENERATE:
		/* No columns of the table: they say where a hash comes from. */
		return false;
	}
	return false;
}

uint32_t
state_differs(const struct desired *w, const struct desired *old)
{
	const struct attribute *a = manifest_attributes[w->kind];
	uint32_t bits = 0;

	for (unsigned n = 0; a[n].name != NULL; n++) {
		uint32_t bit = UINT32_C(1) << n;

		if (desired_has(w, bit) && slots_differ(a[n].type,
		    desired_slot(w, &a[n]), desired_slot(old, &a[n])))
			bits |= bit;
	}
	return bits;
}

/* --- filling in ------------------------------------------------------ */

/* The defaults of a new object. */
static void
slot_default(enum attribute_type type, void *slot)
{
	switch (type) {
	case ATTRIBUTE_FLAG:
	case ATTRIBUTE_RIGHT:
		*(bool *)slot = true;
		break;
	case ATTRIBUTE_SIZE:
	case ATTRIBUTE_QUOTA:
	case ATTRIBUTE_LIMIT:
	case ATTRIBUTE_TIME:
	case ATTRIBUTE_RATE:
	case ATTRIBUTE_USER_RATE:
		*(int64_t *)slot = FIELD_NULL;
		break;
	default:
		break;		/* NULL, false and no words are all zero bits */
	}
}

static size_t
slot_size(enum attribute_type type)
{
	switch (type) {
	case ATTRIBUTE_FLAG:
	case ATTRIBUTE_RIGHT:
	case ATTRIBUTE_GENERATE:
		return sizeof(bool);
	case ATTRIBUTE_SIZE:
	case ATTRIBUTE_QUOTA:
	case ATTRIBUTE_LIMIT:
	case ATTRIBUTE_TIME:
	case ATTRIBUTE_RATE:
	case ATTRIBUTE_USER_RATE:
		return sizeof(int64_t);
	case ATTRIBUTE_LIST:
	case ATTRIBUTE_SEND_AS:
	case ATTRIBUTE_EXPIRES:
		return sizeof(struct words);
	default:
		return sizeof(const char *);
	}
}

/* Only the manifest has a password file; the grants are those of the user. */
static void
more_complete(struct desired_user *w, const struct desired_user *old)
{
	bool grants = desired_has(&w->is,
	    attribute_bit(MANIFEST_USER, "send_as"));
	bool times = desired_has(&w->is,
	    attribute_bit(MANIFEST_USER, "send_as_expires"));

	if (old == NULL || old->more == NULL)
		return;
	if (w->more == NULL && !grants && !times) {
		w->more = old->more;
		return;
	}
	/* Without a grant there is no place for a time either. */
	if (w->more == NULL)
		return;
	if (!grants)
		w->more->send_as = old->more->send_as;
	if (!times)
		w->more->send_as_expires = old->more->send_as_expires;
}

/* Those of the table, where a row cannot be without. */
static void
relay_complete(struct desired_relay *w, const struct desired_relay *old)
{
	if (w->port == FIELD_NULL)
		w->port = RELAY_PORT;
	if (w->tls == NULL)
		w->tls = relay_tls_names[0];
	w->has_password = old != NULL && old->has_password;
}

void
state_complete(struct desired *w, const struct desired *old)
{
	const struct attribute *a = manifest_attributes[w->kind];

	if (w->kind == MANIFEST_USER)
		more_complete(desired_user(w), desired_user(old));
	for (unsigned n = 0; a[n].name != NULL; n++) {
		char *slot = (char *)w + a[n].offset;

		if (a[n].more || desired_has(w, UINT32_C(1) << n))
			continue;
		if (old != NULL)
			memcpy(slot, (const char *)old + a[n].offset,
			    slot_size(a[n].type));
		else
			slot_default(a[n].type, slot);
	}
	if (w->kind == MANIFEST_RELAY)
		relay_complete(desired_relay(w), desired_relay(old));
}
