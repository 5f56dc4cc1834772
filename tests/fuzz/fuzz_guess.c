/*
 * Any bytes as queries of Postfix and Dovecot: what is guessed from them is a
 * map, or comments alone.  The first letter of a line says what it is asked
 * for.
 */
#include <string.h>

#include "model/foreign/map.h"
#include "model/guess/guess.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

static enum guess_use
use_of(char letter)
{
	static const char letters[] = "drpuma";
	const char *at = letter != '\0' ? strchr(letters, letter) : NULL;

	return at != NULL ? (enum guess_use)(at - letters) : GUESS_ALIASES;
}

static void
queries_add(struct guess *g, char *text)
{
	for (char *line = text, *end; line != NULL; line = end) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end++ = '\0';
		if (*line != '\0')
			guess_query_add(g, use_of(*line), "fuzz.cf", line + 1);
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct arena a = { 0 };
	struct guess g = { .arena = &a, .home = "/var/vmail/%d/%n",
	    .base = "/var/vmail", .scheme = "" };
	struct text text = TEXT_INIT;
	struct map map = { 0 };
	struct err e = { 0 };
	bool some;

	queries_add(&g, arena_strndup(&a, (const char *)bytes, len));
	some = guess_map(&g, &text);
	BUG_ON(map_read(&a, "fuzz", text.buf, text.len, &map, &e) != some);
	map_clear(&map);
	err_clear(&e);
	text_clear(&text);
	arena_clear(&a);
	return 0;
}
