/* Pieces of HTML: escaping, and numbers for attributes. */
#include "cmd/report/html.h"

#include <string.h>

#include "base/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"

static const struct {
	char c;
	const char *entity;
} entities[] = {
	{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" },
	{ '"', "&quot;" }, { '\'', "&#39;" }, { 0 }
};

/* How many bytes at s act on text; 0: none. */
static size_t
acting_bytes(const char *s, bool valid)
{
	unsigned char c = (unsigned char)s[0];

	if (c < 0x20 || c == 0x7f || (c >= 0x80 && !valid))
		return 1;
	if (c == 0xc2 && (unsigned char)s[1] < 0xa0)
		return 2;
	if (strncmp(s, "\xe2\x80", 2) == 0 &&
	    (unsigned char)s[2] >= 0xaa && (unsigned char)s[2] <= 0xae)
		return 3;
	if (strncmp(s, "\xe2\x81", 2) == 0 &&
	    (unsigned char)s[2] >= 0xa6 && (unsigned char)s[2] <= 0xa9)
		return 3;
	return 0;
}

static const char *
entity_of(char c)
{
	size_t i = 0;

	while (entities[i].entity != NULL && entities[i].c != c)
		i++;
	return entities[i].entity;
}

void
html_add(struct text *t, const char *s)
{
	bool valid = utf8_valid(s, strlen(s));

	while (*s != '\0') {
		size_t acting = acting_bytes(s, valid);
		const char *entity = entity_of(*s);

		if (acting > 0)
			text_add(t, REPLACEMENT);
		else if (entity != NULL)
			text_add(t, entity);
		else
			text_add_char(t, *s);
		s += acting > 0 ? acting : 1;
	}
}

const char *
html_text(struct arena *a, const char *s)
{
	struct text t = TEXT_INIT;
	const char *result;

	html_add(&t, s);
	result = arena_strdup(a, t.buf);
	text_clear(&t);
	return result;
}

void
html_bdi(struct text *t, const char *s)
{
	text_add(t, "<bdi>");
	html_add(t, s);
	text_add(t, "</bdi>");
}

void
html_number(struct text *t, double n)
{
	long tenths = (long)(n * 10 + 0.5);

	text_addf(t, "%ld", tenths / 10);
	if (tenths % 10 != 0)
		text_addf(t, ".%ld", tenths % 10);
}
