/* What the variables in a query stand for. */
#include "model/guess/key.h"

#include <string.h>

/* As they are written; with the letters of the other server left out. */
static const struct {
	const char *text;
	enum key_part of_postfix;
	enum key_part of_dovecot;
} variables[] = {
	{ "%s", KEY_WHOLE, KEY_NONE },
	{ "%S", KEY_WHOLE, KEY_NONE },
	{ "%u@%d", KEY_WHOLE, KEY_NONE },
	{ "%u", KEY_LOCAL, KEY_WHOLE },
	{ "%U", KEY_LOCAL, KEY_NONE },
	{ "%Lu", KEY_NONE, KEY_WHOLE },
	{ "%d", KEY_DOMAIN, KEY_DOMAIN },
	{ "%D", KEY_DOMAIN, KEY_NONE },
	{ "%Ld", KEY_NONE, KEY_DOMAIN },
	{ "@%d", KEY_CATCH_ALL, KEY_NONE },
	{ "%n", KEY_NONE, KEY_LOCAL },
	{ "%Ln", KEY_NONE, KEY_LOCAL },
	{ "%n@%d", KEY_NONE, KEY_WHOLE },
	{ "%Ln@%Ld", KEY_NONE, KEY_WHOLE },
	{ "%{user}", KEY_NONE, KEY_WHOLE },
	{ "%{user|lower}", KEY_NONE, KEY_WHOLE },
	{ "%{original_user}", KEY_NONE, KEY_WHOLE },
	{ "%{username}", KEY_NONE, KEY_LOCAL },
	{ "%{user|username}", KEY_NONE, KEY_LOCAL },
	{ "%{user|username|lower}", KEY_NONE, KEY_LOCAL },
	{ "%{domain}", KEY_NONE, KEY_DOMAIN },
	{ "%{user|domain}", KEY_NONE, KEY_DOMAIN },
	{ "%{user|domain|lower}", KEY_NONE, KEY_DOMAIN },
	{ "%{user|username}@%{user|domain}", KEY_NONE, KEY_WHOLE },
	{ "%{username}@%{domain}", KEY_NONE, KEY_WHOLE },
};

/* The texts joined, without blanks; false: too long for a key. */
static bool
joined(const struct select_value *v, char *text, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < v->count; i++) {
		for (const char *p = v->part[i].text; *p != '\0'; p++) {
			if (*p == ' ')
				continue;
			if (len + 1 >= size)
				return false;
			text[len++] = *p;
		}
	}
	text[len] = '\0';
	return true;
}

static bool
has_columns(const struct select_value *v)
{
	for (size_t i = 0; i < v->count; i++) {
		if (v->part[i].column != NULL)
			return true;
	}
	return false;
}

/* "%%" is a percent sign; "%" alone is LIKE's. */
static bool
has_variable(const char *text)
{
	while ((text = strchr(text, '%')) != NULL) {
		if (text[1] != '\0' && text[1] != '%')
			return true;
		text += 1 + (text[1] == '%');
	}
	return false;
}

static bool
has_variables(const struct select_value *v)
{
	for (size_t i = 0; i < v->count; i++) {
		if (v->part[i].column == NULL &&
		    has_variable(v->part[i].text))
			return true;
	}
	return false;
}

enum key_part
key_part_of(const struct select_value *v, bool postfix)
{
	char text[64];

	if (v->count == 0 || has_columns(v) ||
	    !joined(v, text, sizeof(text)))
		return KEY_NONE;
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]);
	    i++) {
		if (strcmp(variables[i].text, text) == 0)
			return postfix ? variables[i].of_postfix :
			    variables[i].of_dovecot;
	}
	return KEY_NONE;
}

bool
key_is_mixed(const struct select_value *v)
{
	return has_columns(v) && has_variables(v);
}

bool
key_is_columns(const struct select_value *v)
{
	return has_columns(v) && !has_variables(v);
}

bool
key_is_constant(const struct select_value *v, const char **text)
{
	if (v->count != 1 || has_columns(v) || has_variables(v))
		return false;
	*text = v->part[0].text;
	return true;
}
