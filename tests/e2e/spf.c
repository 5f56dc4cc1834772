/*
 * Judges a sender as a receiver does that checks SPF: spf CLIENT SENDER
 *
 * Standard input has the names, "NAME TYPE VALUE" a line; the result, "pass"
 * or "fail", is printed.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "model/spf/spf.h"

#define LINES_MAX 64

struct line {
	char name[256];
	char type[8];
	char value[512];
};

struct zone {
	struct arena arena;
	struct line line[LINES_MAX];
	size_t count;
};

static const char *
type_name(enum dns_type type)
{
	return type == DNS_A ? "A" : type == DNS_MX ? "MX" :
	    type == DNS_TXT ? "TXT" : "";
}

static const struct dns_answer *
ask(void *arg, const char *name, enum dns_type type)
{
	struct zone *z = arg;
	struct dns_answer *answer = arena_alloc(&z->arena, sizeof(*answer));

	answer->state = DNS_NOTHING;
	for (size_t i = 0; i < z->count; i++) {
		if (strcasecmp(z->line[i].name, name) != 0 ||
		    strcmp(z->line[i].type, type_name(type)) != 0)
			continue;
		words_add(&z->arena, &answer->values, z->line[i].value);
		answer->state = DNS_FOUND;
	}
	return answer;
}

int
main(int argc, char **argv)
{
	static struct zone z;
	const struct dns_asker asker = { .ask = ask, .arg = &z };
	struct line *l = z.line;

	if (argc != 3)
		return 2;
	while (z.count < LINES_MAX && scanf("%255s %7s %511[^\n]", l->name,
	    l->type, l->value) == 3)
		l = &z.line[++z.count];
	puts(spf_state_name(spf_check(&z.arena, &asker, &(struct spf_query){
	    .address = argv[1], .helo = "mx.mailadm.test",
	    .sender = argv[2] }).state));
	arena_clear(&z.arena);
	return 0;
}
