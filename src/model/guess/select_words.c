/* Splitting a query into words. */
#include "model/guess/select_words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/text.h"

static bool
is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' ||
	    (c & 0x80) != 0;
}

/* Between quotes; they are doubled, or behind a backslash, inside. */
static const char *
quoted_read(struct select_reader *r)
{
	char quote = *r->p++;
	struct text t = TEXT_INIT;
	const char *text;

	for (; *r->p != '\0' && (*r->p != quote || r->p[1] == quote); r->p++) {
		if (*r->p == quote || (*r->p == '\\' && r->p[1] != '\0'))
			r->p++;
		text_add_char(&t, *r->p);
	}
	r->p += *r->p != '\0';
	text = arena_strndup(r->arena, t.buf, t.len);
	text_clear(&t);
	return text;
}

/* "%s", "%Lu" and "%{user | domain}" without quotes around them. */
static size_t
variable_length(const char *p)
{
	size_t len = 1;

	if (p[1] == '{')
		return strcspn(p, "}") + (strchr(p, '}') != NULL);
	while (isupper((unsigned char)p[len]) && isalpha((unsigned char)
	    p[len + 1]))
		len++;
	return isalnum((unsigned char)p[len]) ? len + 1 : 1;
}

static size_t
sign_length(const char *p)
{
	static const char *const signs[] = { "<=>", "<>", "!=", "<=", ">=",
	    "&&", "||" };

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (strncmp(p, signs[i], strlen(signs[i])) == 0)
			return strlen(signs[i]);
	}
	return 1;
}

static void
word_cut(struct select_reader *r, enum select_word_kind kind, size_t len)
{
	r->word.kind = kind;
	r->word.text = arena_strndup(r->arena, r->p, len);
	r->p += len;
}

void
select_word_next(struct select_reader *r)
{
	size_t len = 0;

	r->p += strspn(r->p, SPACES);
	r->begin = r->p;
	r->word = (struct select_word){ .kind = SELECT_WORD_END, .text = "" };
	if (*r->p == '\0')
		return;
	if (strchr("'\"`", *r->p) != NULL) {
		r->word.kind = *r->p == '`' ? SELECT_WORD_NAME :
		    SELECT_WORD_TEXT;
		r->word.quoted = true;
		r->word.text = quoted_read(r);
		return;
	}
	while (is_name(r->p[len]))
		len++;
	r->word.number = len > 0 && strspn(r->p, "0123456789") == len;
	if (*r->p == '%')
		word_cut(r, SELECT_WORD_TEXT, variable_length(r->p));
	else if (len > 0)
		word_cut(r, r->word.number ? SELECT_WORD_TEXT :
		    SELECT_WORD_NAME, len);
	else
		word_cut(r, SELECT_WORD_SIGN, sign_length(r->p));
}

bool
select_word_is(const struct select_reader *r, const char *text)
{
	return !r->word.quoted && (r->word.kind == SELECT_WORD_NAME ||
	    r->word.kind == SELECT_WORD_SIGN) && strcasecmp(r->word.text,
	    text) == 0;
}

bool
select_word_take(struct select_reader *r, const char *text)
{
	bool is = select_word_is(r, text);

	if (is)
		select_word_next(r);
	return is;
}
