/* What an error may quote of what came in. */
#include "base/quote.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"
#include "base/text.h"

/*
 * So many bytes of a word in a row are a piece of it, and no accident; in a
 * hint, which says what to write, only more of them.
 */
#define PIECE 4
#define PIECE_HINT 8

bool
quote_name(const struct words *names, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->word[i];

		if (strncmp(name, word, len) == 0 || is_near(name, word))
			return true;
	}
	return false;
}

bool
quote_unknown(struct err *e, enum err_code code, const char *what,
    const struct words *names, const char *word)
{
	if (quote_name(names, word))
		return err_set(e, code, "%s: %s", what, word);
	return err_set(e, code, "%s (" QUOTE_HIDDEN ")", what);
}

/*
 * True when so many bytes of the word, or all of it, stand in the text, in
 * capitals or not.
 */
static bool
has_piece(const char *text, const char *word, size_t piece)
{
	size_t len = strlen(word);

	if (piece > len)
		piece = len;
	for (; piece >= PIECE && len >= piece; word++, len--) {
		for (const char *at = text; *at != '\0'; at++) {
			if (strncasecmp(at, word, piece) == 0)
				return true;
		}
	}
	return false;
}

/* The length of the word with its quotes, which may be cut; 0: another. */
static size_t
quoted_length(const char *at, const char *word)
{
	size_t n = 0;

	if (*at != '"')
		return 0;
	while (word[n] != '\0' && at[1 + n] == word[n])
		n++;
	at += 1 + n;
	if (n == 0 || (*at != '"' && strncmp(at, "...\"", 4) != 0))
		return 0;
	return n + (*at == '"' ? 2 : 5);
}

/* The text without the word where that stands between quotes. */
static char *
unquoted(const char *text, const char *word)
{
	struct text t = TEXT_INIT;

	while (*text != '\0') {
		size_t len = quoted_length(text, word);

		if (len > 0)
			text_add(&t, "(" QUOTE_HIDDEN ")");
		else
			text_add_char(&t, *text);
		text += len > 0 ? len : 1;
	}
	return text_steal(&t);
}

static void
replace(char **text, char *by)
{
	explicit_bzero(*text, strlen(*text));
	free(*text);
	*text = by;
}

static char *
hidden(void)
{
	struct text t = TEXT_INIT;

	text_add(&t, "not valid (" QUOTE_HIDDEN ")");
	return text_steal(&t);
}

bool
quote_hide(struct err *e, const char *word)
{
	if (e->text != NULL)
		replace(&e->text, unquoted(e->text, word));
	if (e->text != NULL && has_piece(e->text, word, PIECE))
		replace(&e->text, hidden());
	if (e->hint != NULL && has_piece(e->hint, word, PIECE_HINT))
		replace(&e->hint, NULL);
	return false;
}
