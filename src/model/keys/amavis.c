/*
 * amavisd.conf: dkim_key('DOMAIN', 'SELECTOR', 'FILE').
 *
 * It is Perl, so only what stands there as three plain words is read: no
 * variable, no expression.  A "#" before the call makes a comment of it.
 */
#include <ctype.h>
#include <string.h>

#include "base/ascii.h"
#include "model/keys/private.h"

static const char call[] = "dkim_key";

/* The word in quotes at *at, which moves behind it; NULL: it is not plain. */
static const char *
plain_word(struct arena *a, const char **at)
{
	const char *text = *at + strspn(*at, SPACES);
	const char quote[2] = { *text, '\0' };
	size_t len;

	if (*text != '\'' && *text != '"')
		return NULL;
	len = strcspn(text + 1, quote);
	if (text[len + 1] == '\0')
		return NULL;
	*at = text + len + 2;
	*at += strspn(*at, SPACES);
	if (memchr(text + 1, '\\', len) != NULL || (*quote == '"' &&
	    (memchr(text + 1, '$', len) != NULL ||
	    memchr(text + 1, '@', len) != NULL)))
		return NULL;
	return arena_strndup(a, text + 1, len);
}

/* The three words behind the "("; false where they are not plain. */
static bool
words_take(struct arena *a, const char *at, struct keys_line *line)
{
	const char **const words[] = { &line->domain, &line->selector,
	    &line->path };

	for (size_t i = 0; i < 3; i++) {
		*words[i] = plain_word(a, &at);
		if (*words[i] == NULL || **words[i] == '\0')
			return false;
		if (i < 2 && *at++ != ',')
			return false;
	}
	return *at == ',' || *at == ')';
}

static void
call_take(struct keys_reading *r, const struct keys_table *t, size_t number,
    const char *behind)
{
	struct keys_line line = { .line = number };

	behind += strspn(behind, SPACES);
	if (*behind != '(')
		return;
	if (words_take(r->arena, behind + 1, &line)) {
		keys_name(r, t, &line);
		return;
	}
	line = (struct keys_line){ .line = number };
	keys_refuse(r, t, &line, "is not plain: dkim_key('DOMAIN', "
	    "'SELECTOR', 'FILE')");
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' ||
	    c == '&' || c == '@';
}

void
keys_amavis(struct keys_reading *r, const struct keys_table *t)
{
	const char *begin = t->text;
	size_t number = 1;
	bool comment = false;

	for (const char *at = begin; *at != '\0'; at++) {
		if (*at == '\n') {
			number++;
			comment = false;
		}
		comment |= *at == '#';
		if (comment || strncmp(at, call, strlen(call)) != 0 ||
		    (at > begin && is_word(at[-1])) ||
		    is_word(at[strlen(call)]))
			continue;
		call_take(r, t, number, at + strlen(call));
	}
}
