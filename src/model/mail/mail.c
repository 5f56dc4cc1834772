/* What all nouns share: notes for the user, and locks. */
#include "model/mail/mail.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

void
mail_note(struct mail *m, const char *fmt, ...)
{
	struct text t = TEXT_INIT;
	va_list ap;

	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	words_add(m->arena, &m->notes, arena_strndup(m->arena, t.buf, t.len));
	text_clear(&t);
}

bool
mail_lock_aliases(struct mail *m, struct err *e)
{
	bool fresh;

	db_cache(m->db, "lock", "aliases", 1, &fresh);
	return !fresh || db_exec(m->db, SQL_LOCK_TAKE,
	    PARAMS(TEXT("aliases")), e);
}
