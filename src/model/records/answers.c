/* Answers of DNS, asked for in rounds. */
#include "model/records/answers.h"

#include <string.h>

#include "model/dns/name.h"

static uint32_t
key_of(struct answers *answers, const char *name, enum dns_type type,
    bool add)
{
	struct arena a = { 0 };
	const char *key = arena_printf(&a, "%d %s", (int)type, name);
	uint32_t number = add ? nameset_add(&answers->names, key,
	    strlen(key)) : nameset_find(&answers->names, key, strlen(key));

	arena_clear(&a);
	return number;
}

static void
grow(struct answers *answers)
{
	size_t room = answers->room > 0 ? 2 * answers->room : 64;
	struct dns_question **question = arena_array(answers->arena, room,
	    sizeof(struct dns_question *));
	struct dns_answer **answer = arena_array(answers->arena, room,
	    sizeof(struct dns_answer *));

	for (size_t i = 0; i < answers->room; i++) {
		question[i] = answers->question[i];
		answer[i] = answers->answer[i];
	}
	answers->question = question;
	answers->answer = answer;
	answers->room = room;
}

const struct dns_answer *
answers_ask(void *arg, const char *name, enum dns_type type)
{
	struct answers *answers = arg;
	uint32_t before = answers->names.count;
	uint32_t i = key_of(answers, name, type, true);
	struct dns_question *q;

	if (i < before)
		return answers->answer[i];
	if (i >= answers->room)
		grow(answers);
	q = arena_alloc(answers->arena, sizeof(*q));
	*q = (struct dns_question){ .type = type,
	    .name = arena_strdup(answers->arena, name) };
	answers->question[i] = q;
	return NULL;
}

struct words
answers_texts(struct answers *answers, const char *name)
{
	uint32_t i = key_of(answers, name, DNS_TXT, false);

	return i == NAME_NONE ? (struct words){ 0 } :
	    answers->question[i]->texts;
}

bool
answers_are_open(const struct answers *answers)
{
	return answers->known < answers->names.count;
}

static void
answer_take(struct answers *answers, size_t i, const struct dns_question *q)
{
	struct dns_answer *answer = arena_alloc(answers->arena,
	    sizeof(*answer));

	*answer = (struct dns_answer){ .state = q->state,
	    .values = q->values, .is_alias = q->is_alias,
	    .secure = q->secure, .bogus = q->bogus };
	*answers->question[i] = *q;
	answers->answer[i] = answer;
	answers->unknown += q->state == DNS_UNKNOWN;
}

/* A name that is too long for DNS is unknown, and nobody is asked. */
bool
answers_fetch(struct answers *answers, const struct dns *dns, struct err *e)
{
	size_t from = answers->known, n = 0;
	size_t count = answers->names.count - from;
	struct dns_question *q = arena_array(answers->arena, count,
	    sizeof(*q));

	for (size_t i = 0; i < count; i++) {
		if (dns_name_is_valid(answers->question[from + i]->name))
			q[n++] = *answers->question[from + i];
	}
	if (n > 0 && !dns_ask(dns, q, n, e))
		return false;
	n = 0;
	for (size_t i = from; i < from + count; i++) {
		const struct dns_question *old = answers->question[i];

		answer_take(answers, i, dns_name_is_valid(old->name) ?
		    &q[n++] : old);
	}
	answers->known = from + count;
	return true;
}

void
answers_clear(struct answers *answers)
{
	nameset_clear(&answers->names);
	*answers = (struct answers){ .arena = answers->arena };
}
