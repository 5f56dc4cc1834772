/*
 * SPF: the first line is who sends, the others are records.
 *
 * Every question is answered from the lines, by chance but always the same;
 * whatever they hold, the evaluation ends and asks no more than it may.
 */
#include <stdint.h>
#include <string.h>

#include "base/ascii.h"
#include "model/spf/spf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* 11 terms, with 10 names each; the record that each may lead to. */
#define ASKED_MAX 200

struct world {
	struct arena *arena;
	struct words lines;
	unsigned asked;
};

static void
line_add(struct world *w, struct dns_answer *answer, enum dns_type type,
    const char *line)
{
	static const char *const values[] = { [DNS_A] = "192.0.2.1",
		[DNS_AAAA] = "2001:db8::1", [DNS_MX] = "10 mx.example.org",
		[DNS_PTR] = "a.example.org", [DNS_TXT] = NULL };

	words_add(w->arena, &answer->values, type == DNS_TXT ? line :
	    values[type]);
	answer->state = DNS_FOUND;
}

static const struct dns_answer *
answer_find(void *arg, const char *name, enum dns_type type)
{
	struct world *w = arg;
	struct dns_answer *answer = arena_alloc(w->arena, sizeof(*answer));
	unsigned hash = (unsigned)type;

	BUG_ON(!dns_name_is_valid(name));
	BUG_ON(++w->asked > ASKED_MAX);
	for (; *name != '\0'; name++)
		hash = hash * 31 + (unsigned char)lower_char(*name);
	answer->state = hash % 17 == 0 ? DNS_UNKNOWN : DNS_NOTHING;
	if (hash % 3 != 0 && w->lines.count > 0)
		line_add(w, answer, type, w->lines.word[hash / 3 %
		    w->lines.count]);
	return answer;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct world w = { .arena = &a };
	struct dns_asker asker = { answer_find, &w };
	struct spf_query query = { .address = size % 2 == 0 ? "192.0.2.1" :
		"2001:db8::1", .helo = "mail.example.org" };
	const char *text = arena_strndup(&a, (const char *)data, size);
	struct spf_record record;
	struct spf_result r;

	for (; *text != '\0'; text += strspn(text, "\n")) {
		size_t len = strcspn(text, "\n");
		const char *line = arena_strndup(&a, text, len);

		if (query.sender == NULL)
			query.sender = line;
		else
			words_add(&a, &w.lines, line);
		if (!spf_record_parse(&a, line, &record))
			BUG_ON(record.wrong == NULL || record.why == NULL);
		text += len;
	}
	for (int whole = 0; whole < 2; whole++) {
		query.whole = whole == 1;
		w.asked = 0;
		r = spf_check(&a, &asker, &query);
		BUG_ON(r.state == SPF_PENDING);
		BUG_ON(r.asking > SPF_TERMS_MAX + 1);
		BUG_ON(r.empty > SPF_VOID_MAX + 1);
		BUG_ON((r.state == SPF_PERMERROR || r.state ==
		    SPF_TEMPERROR) && (r.why == NULL || r.domain == NULL));
	}
	arena_clear(&a);
	return 0;
}
