/*
 * Answers of DNS, asked for in rounds: what judges records asks for what it
 * needs, and gives up where that is not known yet; then all that was asked
 * for is asked at once, and it judges again.
 */
#ifndef MODEL_RECORDS_ANSWERS_H
#define MODEL_RECORDS_ANSWERS_H

#include "base/nameset.h"
#include "model/dns/ask.h"

/* A zeroed struct with an arena is empty; its texts live in the arena. */
struct answers {
	struct arena *arena;
	struct nameset names;	/* "16 example.org" */
	struct dns_question **question;
	struct dns_answer **answer;	/* NULL: not known yet */
	size_t room;
	size_t known;		/* the first so many of them */
	size_t unknown;		/* nobody answered so many */
};

/* Of a struct dns_asker; arg is a struct answers. */
const struct dns_answer *answers_ask(void *answers, const char *name,
    enum dns_type type);

/* The values of TXT as in a zone file; none where they are not known. */
struct words answers_texts(struct answers *answers, const char *name);

/* Something was asked for that is not known. */
bool answers_are_open(const struct answers *answers);

/* Asks for all of that; as dns_ask(), to which `dns` is given. */
bool answers_fetch(struct answers *answers, const struct dns *dns,
    struct err *e);

/* Forgets all; the arena may be reset then. */
void answers_clear(struct answers *answers);

#endif
