/* What the queries of Dovecot and Postfix ask for, and answer. */
#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "model/conf/conf.h"

#define COLUMNS_MAX 64

/* The fields that a typing error is likely meant for. */
static const char *const fields[] = {
	"user", "password", "home", "mail", "uid", "gid", "quota_rule",
	"userdb_uid", "userdb_gid", "userdb_home", "userdb_mail",
	"userdb_quota_rule", "nopassword", "allow_nets", "proxy", "host",
	NULL
};

/* --- columns --------------------------------------------------------- */

/* Where the part ends: at a comma or FROM outside of brackets and quotes. */
static size_t
part_length(const char *s, bool *last)
{
	int depth = 0;
	size_t n = 0;

	*last = true;
	for (; s[n] != '\0'; n++) {
		if (s[n] == '\'' || s[n] == '"') {
			const char *end = strchr(s + n + 1, s[n]);

			if (end == NULL)
				return strlen(s);
			n = (size_t)(end - s);
		} else if (s[n] == ',' && depth == 0) {
			*last = false;
			return n;
		} else if (depth == 0 && n > 0 &&
		    strchr(LINE_BLANKS, s[n - 1]) != NULL &&
		    strncasecmp(s + n, "from", 4) == 0 &&
		    !isalnum((unsigned char)s[n + 4]) && s[n + 4] != '_') {
			return n;
		}
		depth += (s[n] == '(') - (s[n] == ')');
	}
	return n;
}

/* "CONCAT(…) AS home" has a name, and so have "t.home" and "home". */
static struct conf_column
column_of(struct arena *a, const char *s, size_t len)
{
	struct conf_column c = { .name = "" };
	size_t first = strspn(s, " \t\r\n"), end = len, begin, text;

	first = first < len ? first : len;
	while (end > first && strchr(" \t\r\n`'\"", s[end - 1]) != NULL)
		end--;
	begin = end;
	while (begin > first && (isalnum((unsigned char)s[begin - 1]) ||
	    s[begin - 1] == '_'))
		begin--;
	if (begin < end && (begin == first ||
	    strchr(" \t\r\n.`'\"", s[begin - 1]) != NULL))
		c.name = arena_strndup(a, s + begin, end - begin);
	text = *c.name != '\0' ? begin : len;
	while (begin > first && strchr(" \t\r\n`'\"", s[begin - 1]) != NULL)
		begin--;
	c.given = begin > first + 3 &&
	    strncasecmp(s + begin - 2, "as", 2) == 0 &&
	    strchr(" \t\r\n)", s[begin - 3]) != NULL;
	if (c.given)
		text = begin - 2;
	while (text > first && strchr(" \t\r\n", s[text - 1]) != NULL)
		text--;
	c.text = arena_strndup(a, s + first, text - first);
	return c;
}

const struct conf_column *
conf_columns(struct arena *a, const char *query)
{
	struct conf_column *columns = arena_array(a, COLUMNS_MAX + 1,
	    sizeof(*columns));
	size_t count = 0;
	bool last = false;

	query += strspn(query, " \t\r\n");
	if (strncasecmp(query, "select", 6) != 0)
		return columns;
	query += 6;
	while (!last && count < COLUMNS_MAX) {
		size_t len = part_length(query, &last);

		columns[count++] = column_of(a, query, len);
		query += len + !last;
	}
	return columns;
}

/* --- names ----------------------------------------------------------- */

/* One letter too many, too few, wrong, or two in the wrong order. */
static bool
is_typing_error(const char *typed, const char *meant)
{
	size_t same = 0, typed_len = strlen(typed), len = strlen(meant);

	while (typed[same] != '\0' && typed[same] == meant[same])
		same++;
	typed += same;
	meant += same;
	if (typed_len == len + 1)
		return strcmp(typed + 1, meant) == 0;
	if (typed_len + 1 == len)
		return strcmp(typed, meant + 1) == 0;
	if (typed_len != len || len == same)
		return false;
	return strcmp(typed + 1, meant + 1) == 0 ||
	    (typed[1] == meant[0] && typed[0] == meant[1] &&
	    strcmp(typed + 2, meant + 2) == 0);
}

const char *
conf_field_meant(const char *name)
{
	for (size_t i = 0; fields[i] != NULL; i++) {
		if (strcasecmp(fields[i], name) == 0)
			return NULL;
	}
	for (size_t i = 0; fields[i] != NULL; i++) {
		if (strlen(name) > 2 && is_typing_error(name, fields[i]))
			return fields[i];
	}
	return NULL;
}

/* --- keys ------------------------------------------------------------ */

/* A variable by its letter, with modifiers in front: %d, %Ld, %-0.8d. */
static bool
asks(const char *text, char letter)
{
	for (const char *at = text; (at = strchr(at, '%')) != NULL; at++) {
		at++;
		while ((*at >= 'A' && *at <= 'Z' && *at != letter) ||
		    (*at != '\0' && strchr("0123456789.-", *at) != NULL))
			at++;
		if (*at == letter)
			return true;
		if (*at == '\0')
			return false;
	}
	return false;
}

/* What the variables of a text stand for. */
struct asked {
	bool whole, person, domain;
};

static bool
ends_with(const char *word, size_t len, const char *end)
{
	size_t end_len = strlen(end);

	return len >= end_len && strncmp(word + len - end_len, end,
	    end_len) == 0;
}

/*
 * One expression, from behind its brace: "user", "user | domain | upper",
 * "domain_last".  A filter takes a part, so the last word that says one
 * counts; false: its brace is not closed.
 */
static bool
expression_take(const char *text, struct asked *asked)
{
	bool *part = NULL;

	while (*text != '}') {
		size_t len = strcspn(text, " |:(),}");

		if (ends_with(text, len, "domain") ||
		    strncmp(text, "domain_", 7) == 0)
			part = &asked->domain;
		else if (ends_with(text, len, "username"))
			part = &asked->person;
		else if (ends_with(text, len, "user"))
			part = &asked->whole;
		text += len;
		if (*text == '\0')
			return false;
		text += *text != '}';
	}
	if (part != NULL)
		*part = true;
	return true;
}

/* Of Dovecot: "%u" until 2.3, "%{user}" in all. */
static struct asked
asked(const char *text)
{
	struct asked asked = { asks(text, 'u'), asks(text, 'n'),
		asks(text, 'd') };

	for (const char *at = text; (at = strstr(at, "%{")) != NULL;) {
		at += 2;
		if (!expression_take(at, &asked))
			break;
	}
	return asked;
}

bool
conf_lacks_domain(const char *text)
{
	struct asked it = asked(text);

	return it.person && !it.whole && !it.domain;
}

bool
conf_lacks_key_domain(const char *query)
{
	return asks(query, 'u') && strcasestr(query, "domain") == NULL &&
	    !asks(query, 's') && !asks(query, 'd') && !asks(query, 'S') &&
	    !asks(query, 'D') && strpbrk(query, "@{") == NULL;
}

/* Of Postfix: a capital letter is a part of the key, no modifier. */
bool
conf_lacks_person(const char *query)
{
	return asks(query, 'd') && strpbrk(query, "@{") == NULL &&
	    !asks(query, 's') && !asks(query, 'u') &&
	    !asks(query, 'S') && !asks(query, 'U') && !asks(query, 'n');
}
