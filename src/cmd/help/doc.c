/* Lines of help: entries with what they are, wrapped. */
#include "cmd/help/doc.h"

#include <string.h>

#include "base/shown.h"
#include "base/text.h"
#include "cmd/language/options.h"
#include "cmd/language/suggest.h"
#include "cmd/language/usage.h"
#include "print/terminal.h"

#define LINE 78
#define HELP_COLUMN 26

void
doc_wrap(struct text *t, size_t column, size_t indent, const char *s)
{
	doc_wrap_at(t, &(struct doc_lines){ LINE, column, indent }, s);
}

void
doc_wrap_at(struct text *t, const struct doc_lines *lines, const char *s)
{
	size_t column = lines->column;
	bool first = true;

	while (*s != '\0') {
		size_t n = strcspn(s, " \n");

		if (*s == '\n') {
			text_add_char(t, *s++);
			column = 0;
			first = true;
			continue;
		}
		if (!first && column + 1 + n > lines->width) {
			text_addf(t, "\n%*s", (int)lines->indent, "");
			column = lines->indent;
		} else if (!first) {
			text_add_char(t, ' ');
			column++;
		}
		text_add_bytes(t, s, n);
		column += n;
		s += n;
		s += *s == ' ';
		first = false;
	}
	text_add_char(t, '\n');
}

void
doc_shown(struct text *t, size_t indent, const char *begin, const char *words)
{
	struct text shown = TEXT_INIT;

	shown_add(&shown, words, strlen(words));
	text_add(t, begin);
	doc_wrap_at(t, &(struct doc_lines){ terminal_width(), strlen(begin),
	    indent }, shown.buf);
	text_clear(&shown);
}

void
doc_entry(struct text *t, const char *name, const char *help)
{
	size_t len = strlen(name);

	text_addf(t, "  %s", name);
	if (len + 2 + 2 > HELP_COLUMN)
		text_addf(t, "\n%*s", HELP_COLUMN, "");
	else
		text_addf(t, "%*s", (int)(HELP_COLUMN - len - 2), "");
	doc_wrap(t, HELP_COLUMN, HELP_COLUMN, help);
}

void
doc_arg(struct text *t, const struct arg *arg)
{
	struct text name = TEXT_INIT;

	if (arg->name[0] != '-')
		text_add(&name, arg->name);
	else if (arg->letter != 0)
		text_addf(&name, "-%c, %s", arg->letter, arg->name);
	else
		text_add(&name, arg->name);
	if (arg->name[0] == '-' && arg->type != NULL)
		text_addf(&name, arg->flags & ARG_MAY_LACK_VALUE ? "[=%s]" :
		    " %s", arg->type->metavar);
	doc_entry(t, name.buf, arg->help);
	text_clear(&name);
}

void
doc_commands(struct text *t, const char *noun)
{
	size_t len = noun ? strlen(noun) : 0;

	for (size_t g = 0; cmd_groups[g] != NULL; g++) {
		for (const struct cmd *c = cmd_groups[g]; c->name; c++) {
			if (c->flags & CMD_HIDDEN || (noun != NULL &&
			    (strncmp(c->name, noun, len) != 0 ||
			    c->name[len] != ' ')))
				continue;
			doc_entry(t, c->name, c->brief);
		}
	}
}
