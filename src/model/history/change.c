/* What the open transaction has changed so far. */
#include "model/history/change.h"

#include <string.h>

#include "base/sentence.h"

static const struct {
	const char *kind, *one, *many;
} nouns[] = {
	{ "domain", "domain", "domains" },
	{ "user", "user", "users" },
	{ "alias", "alias", "aliases" },
	{ "grant", "grant", "grants" },
	{ 0 }
};

/* Kinds that come later count as themselves. */
static const char *
deed_text(struct arena *a, const struct sql_deed *deed)
{
	const char *number;
	size_t i = 0;

	while (nouns[i].kind != NULL && strcmp(nouns[i].kind,
	    deed->kind) != 0)
		i++;
	number = nouns[i].kind == NULL ?
	    sentence_number(a, deed->number, deed->kind, deed->kind) :
	    sentence_number(a, deed->number, nouns[i].one, nouns[i].many);
	return arena_printf(a, "%s %s", number, deed->deed);
}

bool
change_summary(struct mail *m, const char **summary, struct err *e)
{
	const struct sql_deed *deed;
	struct words texts = { 0 };
	struct db_rows rows = { 0 };

	*summary = NULL;
	if (!db_transaction_writes(m->db))
		return true;
	if (!db_query(m->db, m->arena, SQL_CHANGE_SUMMARY, NO_PARAMS,
	    sizeof(*deed), &rows, e))
		return false;
	deed = rows.row;
	for (size_t i = 0; i < rows.count; i++)
		words_add(m->arena, &texts, deed_text(m->arena, &deed[i]));
	if (texts.count > 0)
		*summary = sentence_list(m->arena, &texts);
	return true;
}
