/* Adding keys that were read, and letting them sign. */
#include <string.h>

#include "model/keys/keys.h"

static bool
is_active(const struct dkim_row *row)
{
	return strcmp(row->state, "active") == 0;
}

/* Which of several published keys the other server signed with is unknown. */
void
keys_choose(struct arena *a, struct keys *keys)
{
	struct keys_item *item = keys->items.item;

	for (size_t i = 0, next; i < keys->items.count; i = next) {
		size_t ready[DKIM_ALGORITHMS] = { 0 };

		for (next = i; next < keys->items.count && item[next].domain
		    != NULL && item[i].domain != NULL && strcmp(item[i].domain,
		    item[next].domain) == 0; next++) {
			if (item[next].published)
				ready[item[next].key->algorithm]++;
		}
		next += next == i;
		for (size_t j = i; j < next; j++) {
			if (!item[j].published ||
			    ready[item[j].key->algorithm] < 2)
				continue;
			item[j].published = false;
			item[j].why = arena_printf(a, "DNS has the records "
			    "of %zu keys: mailadm dkim activate %s %s",
			    ready[item[j].key->algorithm], item[j].domain,
			    item[j].selector);
		}
	}
}

static bool
let_sign(struct mail *m, struct dkim_row *row, struct err *e)
{
	return dkim_see(m, row, e) && dkim_activate(m, row, e) &&
	    dkim_find(m, row->domain, row->selector, row, e);
}

/* A key of the database may exclude it, which is no error of the import. */
static bool
left_out(struct mail *m, struct keys_item *row, struct err *e)
{
	if (e->code != ERR_EXISTS || db_transaction_failed(m->db))
		return false;
	row->why = arena_strdup(m->arena, e->text);
	err_clear(e);
	return true;
}

bool
keys_write(struct mail *m, const struct keys_item *item, bool activate,
    struct keys_item *row, struct err *e)
{
	const struct dkim_add add = { .domain = item->domain,
	    .selector = item->selector, .key = item->key,
	    .if_not_exists = true };
	enum outcome outcome;
	struct dkim_row key;

	*row = *item;
	row->what = keys_left_out;
	if (item->key == NULL)
		return true;
	if (!dkim_add(m, &add, &key, &outcome, e))
		return left_out(m, row, e);
	row->what = outcome == OUTCOME_CHANGED ? keys_added : keys_unchanged;
	if (activate && item->published && !is_active(&key)) {
		if (!let_sign(m, &key, e))
			return false;
		row->what = keys_activated;
	}
	row->state = key.state;
	return true;
}
