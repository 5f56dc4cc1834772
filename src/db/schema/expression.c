/*
 * SQL expressions in one spelling, so that two can be compared.
 *
 * A server does not keep the text of a CHECK or a default: it prints the
 * expression anew, with other blanks, backticks, parentheses, capital letters,
 * quotes, and sometimes another name of a function.  All of that is removed
 * from both sides.  Two expressions that differ only in parentheses are the
 * same then, which is no problem for what stands in sql/.
 */
#include "db/schema/expression.h"

#include <ctype.h>
#include <string.h>

#include "base/ascii.h"

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '@';
}

const char *
expression_quoted_end(const char *p)
{
	for (p++; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '\'' && p[1] == '\'')
			p++;
		else if (*p == '\'')
			return p + 1;
	}
	return p;
}

/* A quote in a literal is '' for us and \' for the server. */
static void
literal_add(struct text *t, const char *p, const char *end)
{
	for (; p < end; p++) {
		if ((*p == '\'' || *p == '\\') && p[1] == '\'' &&
		    p + 1 < end - 1)
			p++;
		text_add_char(t, *p);
	}
}

static const char *const synonyms[][2] = {
	{ "substring", "substr" },
	{ "mid", "substr" },
	{ "upper", "ucase" },
	{ "lower", "lcase" },
	{ "boolean", "tinyint" },
	{ NULL, NULL }
};

void
expression_word_add(struct text *t, const char *word, size_t len)
{
	size_t begin = t->len;

	for (size_t i = 0; i < len; i++)
		text_add_char(t, lower_char(word[i]));
	for (size_t i = 0; synonyms[i][0] != NULL; i++) {
		if (strcmp(t->buf + begin, synonyms[i][0]) == 0) {
			text_cut(t, begin);
			text_add(t, synonyms[i][1]);
		}
	}
}

const char *
expression(struct arena *a, const char *p)
{
	struct text t = TEXT_INIT;
	const char *end, *result;

	for (; *p != '\0'; p = end) {
		end = p + 1;
		if (strncmp(p, "--", 2) == 0) {
			end = p + strcspn(p, "\n");
		} else if (*p == '\'') {
			end = expression_quoted_end(p);
			literal_add(&t, p, end);
		} else if (is_word(*p)) {
			while (is_word(*end))
				end++;
			expression_word_add(&t, p, (size_t)(end - p));
		} else if (strchr(" \t\r\n`()", *p) == NULL) {
			text_add_char(&t, *p);
		}
	}
	result = arena_strdup(a, t.buf);
	text_clear(&t);
	return result;
}

const char *
expression_body(struct arena *a, const char *p)
{
	struct text t = TEXT_INIT;
	const char *result;

	for (; *p != '\0'; p++) {
		if (!isspace((unsigned char)*p))
			text_add_char(&t, *p);
		else if (t.len > 0 && t.buf[t.len - 1] != ' ')
			text_add_char(&t, ' ');
	}
	while (t.len > 0 && t.buf[t.len - 1] == ' ')
		text_cut(&t, t.len - 1);
	result = arena_strdup(a, t.buf);
	text_clear(&t);
	return result;
}
