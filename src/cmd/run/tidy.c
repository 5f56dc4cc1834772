/* Commands that take away what they made, also after a signal. */
#include "cmd/run/session.h"

bool
session_tidy_begin(struct session *s, struct err *e)
{
	s->watches = !db_interrupt_is_watched(s->db);
	if (s->watches && !db_interrupt_watch(s->db, e)) {
		s->watches = false;
		return false;
	}
	s->tidies = 1;
	return true;
}

void
session_tidy_end(struct session *s)
{
	s->tidies = 0;
	if (s->watches)
		db_interrupt_unwatch(s->db);
	s->watches = false;
}
