/* Values of an entry, while it becomes a row. */
#include <strings.h>

#include "base/size.h"
#include "model/foreignfile/private.h"

const char *
entry_kept(const struct entry *t, const char *text)
{
	return text == NULL ? NULL : arena_strdup(t->c->i->arena, text);
}

void
entry_refuse(struct entry *t, const char *problem)
{
	if (!t->refused)
		collect_refused(t->c, t->kind, t->name, problem);
	t->refused = true;
}

void
entry_lost(struct entry *t, const char *problem)
{
	foreign_lost(t->c->i, t->kind, t->name, LEFT_OUT, "%s", problem);
}

bool
entry_flag(struct entry *t, const char *key, bool standard)
{
	const char *text = values_text(t->r, key);
	enum map_flag flag = text == NULL ? MAP_NO_COLUMN :
	    map_flag_parse(text);

	if (flag == MAP_NO_COLUMN)
		return standard;
	if (flag == MAP_NO_FLAG)
		entry_refuse(t, arena_printf(t->r->arena, "%s is \"%.60s\", "
		    "which is neither yes nor no", key, text));
	return flag == MAP_ON;
}

int64_t
entry_number(struct entry *t, const char *key, int64_t standard)
{
	const char *text = values_text(t->r, key);
	int64_t number;

	if (text == NULL)
		return standard;
	if (!number_parse(text, &number)) {
		entry_refuse(t, arena_printf(t->r->arena, "%s is \"%.60s\", "
		    "which is no number", key, text));
		return standard;
	}
	return number;
}

void
entry_losses(struct entry *t, const struct entry_loss *losses)
{
	for (const struct entry_loss *l = losses; l->key != NULL; l++) {
		const char *text = values_text(t->r, l->key);
		bool nested = values_nested(t->r, l->key) > 0;

		if ((text != NULL || nested) && (l->standard == NULL ||
		    text == NULL || strcasecmp(text, l->standard) != 0))
			entry_lost(t, l->words);
	}
}

/* Only the name: the value may be a secret. */
void
entry_rest(struct entry *t)
{
	for (size_t k = 0; k < t->r->fields.count; k++) {
		const struct named_values *f = &t->r->fields.item[k];

		if (!f->read && named_values_say(f))
			entry_lost(t, arena_printf(t->r->arena,
			    "%.60s has no place here", f->name));
	}
}
