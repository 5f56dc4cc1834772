/* A key that was named becomes an item: read and sealed, or left out. */
#include <string.h>

#include "base/ascii.h"
#include "model/address.h"
#include "model/keys/private.h"
#include "model/mail/domain.h"

const char keys_added[] = "added", keys_activated[] = "activated",
    keys_unchanged[] = "unchanged", keys_left_out[] = "left out";

const struct field keys_fields[] = {
	FIELD(struct keys_item, domain, FIELD_ADDRESS),
	FIELD(struct keys_item, selector, FIELD_TEXT),
	FIELD(struct keys_item, algorithm, FIELD_TEXT),
	FIELD(struct keys_item, bits, FIELD_NUMBER),
	FIELD(struct keys_item, state, FIELD_TEXT),
	FIELD(struct keys_item, file, FIELD_TEXT),
	FIELD(struct keys_item, what, FIELD_TEXT),
	FIELD(struct keys_item, why, FIELD_TEXT),
	{ 0 }
};

/* --- names ------------------------------------------------------------- */

/* NULL, or why the key has no name here; sets those of the item. */
static const char *
names_judge(struct keys_reading *r, const struct keys_found *found,
    struct keys_item *item, struct err *why)
{
	const char *selector = found->selector;
	const char *domain;

	item->domain = found->domain;
	item->selector = selector;
	if (found->why != NULL)
		return found->why;
	if (found->domain == NULL)
		return "nothing says its domain: mailadm dkim add DOMAIN "
		    "--import FILE";
	if (!domain_parse(r->arena, found->domain, &domain, why))
		return why->text;
	item->domain = domain;
	if (selector == NULL)
		selector = r->options->selector != NULL ?
		    r->options->selector : r->selector;
	if (selector == NULL)
		return "nothing says its selector: --selector";
	item->selector = lowered(r->arena, selector);
	return dkim_selector_check(item->selector, why) ? NULL : why->text;
}

/* The first key of a domain and selector counts; NULL: this is the first. */
static const char *
twice(struct keys_reading *r, const struct keys_item *item, bool *same)
{
	const char *name = arena_printf(r->arena, "%s %s", item->domain,
	    item->selector);
	uint32_t n = nameset_find(&r->items, name, strlen(name));
	const struct keys_item *first;

	*same = false;
	if (n == NAME_NONE)
		return NULL;
	first = &r->keys->items.item[r->item_of.item[n]];
	*same = strcmp(first->file, item->file) == 0;
	return arena_printf(r->arena, "the same selector has the key in %s",
	    first->file);
}

static void
name_keep(struct keys_reading *r, const struct keys_item *item)
{
	const char *name = arena_printf(r->arena, "%s %s", item->domain,
	    item->selector);

	if (nameset_add(&r->items, name, strlen(name)) == r->item_of.count)
		*VECTOR_ADD(&r->item_of) = r->keys->items.count - 1;
}

/* --- keys --------------------------------------------------------------- */

/* The reason of an error that begins with the name of the file. */
static const char *
reason(struct arena *a, const char *file, const struct err *e)
{
	size_t len = strlen(file);
	const char *text = e->text;

	if (strncmp(text, file, len) == 0 && strncmp(text + len, ": ", 2) ==
	    0)
		text += len + 2;
	return arena_strdup(a, text);
}

static bool
key_read(struct keys_reading *r, const struct keys_found *found,
    struct text *bytes, bool *exposed, struct err *e)
{
	struct stat st;

	*exposed = false;
	if (found->place.name == NULL) {
		text_add(bytes, found->text);
		return true;
	}
	if (!keys_tree_read(&found->place, DKIM_FILE_MAX, bytes, &st, e))
		return false;
	(void)r;
	*exposed = (st.st_mode & S_IROTH) != 0;
	return true;
}

/* NULL and *why where it is none for DKIM. */
static const struct dkim_new *
key_seal(struct keys_reading *r, const struct keys_found *found,
    const char **why, struct err *e)
{
	struct dkim_new *key = arena_alloc(r->arena, sizeof(*key));
	struct text bytes = TEXT_INIT;
	struct err none = { 0 };
	bool exposed, ok;

	ok = key_read(r, found, &bytes, &exposed, &none) &&
	    dkim_new_take(r->arena, found->file, &bytes, r->secret, key,
	    &none);
	text_clear(&bytes);
	key->exposed = exposed;
	if (!ok && (none.code == ERR_INTERRUPTED || none.code ==
	    ERR_DATABASE))
		err_set(e, none.code, "%s", none.text);
	else if (!ok)
		*why = reason(r->arena, found->file, &none);
	err_clear(&none);
	return ok ? key : NULL;
}

/* A file that several domains share is read once. */
static const struct dkim_new *
key_get(struct keys_reading *r, const struct keys_found *found,
    const char **why, struct err *e)
{
	const char *file = found->file;
	uint32_t n = found->place.name == NULL ? NAME_NONE :
	    nameset_find(&r->sealed, file, strlen(file));
	const struct dkim_new *key;

	if (n != NAME_NONE) {
		*why = r->seal.item[n].why;
		return r->seal.item[n].key;
	}
	key = key_seal(r, found, why, e);
	if (found->place.name != NULL) {
		nameset_add(&r->sealed, file, strlen(file));
		*VECTOR_ADD(&r->seal) = (struct keys_seal){ key, *why };
	}
	return key;
}

/* What is to be said of a key that is imported all the same. */
static const char *
remark(struct keys_reading *r, const struct dkim_new *key)
{
	bool weak = key->algorithm == DKIM_RSA && key->bits < DKIM_BITS_MIN;

	if (!weak && !key->exposed)
		return NULL;
	return arena_printf(r->arena, "%s%s%s: replace it soon", weak ?
	    "is weak" : "", weak && key->exposed ? ", and " : "",
	    key->exposed ? "everybody can read the file" : "");
}

static void
item_fill(struct keys_reading *r, struct keys_item *item,
    const struct dkim_new *key)
{
	item->key = key;
	item->algorithm = dkim_algorithm_names[key->algorithm];
	item->bits = key->bits;
	item->why = remark(r, key);
}

bool
keys_take(struct keys_reading *r, const struct keys_found *found,
    struct err *e)
{
	struct keys_item item = { .file = found->file, .bits = FIELD_NULL };
	const struct dkim_new *key = NULL;
	struct err none = { 0 };
	const char *why = names_judge(r, found, &item, &none);
	bool same = false;

	if (why != NULL)
		why = arena_strdup(r->arena, why);
	err_clear(&none);
	if (why == NULL && nameset_find(&r->ours, item.domain,
	    strlen(item.domain)) == NAME_NONE)
		why = "the domain does not exist";
	if (why == NULL)
		why = twice(r, &item, &same);
	if (same)
		return true;
	if (why == NULL)
		key = key_get(r, found, &why, e);
	if (e->code != ERR_NONE)
		return false;
	*VECTOR_ADD(&r->keys->items) = item;
	if (key == NULL) {
		r->keys->items.item[r->keys->items.count - 1].why = why;
		return true;
	}
	item_fill(r, &r->keys->items.item[r->keys->items.count - 1], key);
	name_keep(r, &item);
	if (r->options->progress != NULL)
		r->options->progress(r->options->progress_arg, ++r->read);
	return true;
}
