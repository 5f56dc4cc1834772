/* Prose and examples in man macros. */
#include "cmd/help/roff.h"

#include <ctype.h>
#include <string.h>

#include "base/bug.h"

/* Lines of the source are broken after this column. */
#define LINE 70

static bool
at_line_start(const struct text *t)
{
	return t->len == 0 || t->buf[t->len - 1] == '\n';
}

static void
line_end(struct text *t)
{
	if (!at_line_start(t))
		text_add_char(t, '\n');
}

/* A heading begins a paragraph by itself. */
void
roff_paragraph(struct text *t)
{
	size_t line = t->len > 0 ? t->len - 1 : 0;

	while (line > 0 && t->buf[line - 1] != '\n')
		line--;
	if (strncmp(t->buf + line, ".S", 2) != 0)
		text_add(t, ".PP\n");
}

/* Adds a character, escaped if roff would take it for something else. */
void
roff_char(struct text *t, char c)
{
	static const struct { char c; const char *roff; } special[] = {
		{ '\\', "\\e" }, { '-', "\\-" }, { '"', "\\(dq" },
		{ '\'', "\\(aq" }, { '`', "\\(ga" }, { '^', "\\(ha" },
		{ '~', "\\(ti" },
	};

	if (c == '.' && at_line_start(t))
		text_add(t, "\\&");
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		if (special[i].c == c) {
			text_add(t, special[i].roff);
			return;
		}
	}
	text_add_char(t, c);
}

void
roff_literal(struct text *t, const char *s)
{
	for (; *s != '\0'; s++)
		roff_char(t, *s);
}

static void
add_bytes(struct text *t, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		roff_char(t, s[i]);
}

/* The length of an option that begins here, 0 where none does. */
size_t
roff_option_length(const char *s, char before)
{
	size_t n = 2;

	if (strncmp(s, "--", 2) != 0 || !isalpha((unsigned char)s[2]) ||
	    isalnum((unsigned char)before) || before == '-')
		return 0;
	while (isalpha((unsigned char)s[n]) ||
	    (s[n] == '-' && isalpha((unsigned char)s[n + 1])))
		n++;
	return n;
}

/* Stops roff from hyphenating a word that may be copied: an option, a path. */
void
roff_keep_whole(struct text *t, const char *word)
{
	size_t len = strcspn(word, " ");

	if (strcspn(word, "$/_@[]") < len ||
	    memmem(word, len, "--", 2) != NULL)
		text_add(t, "\\%");
}

void
roff_font(struct text *t, char font, const char *s, size_t len)
{
	text_addf(t, "\\f%c", font);
	add_bytes(t, s, len);
	text_add(t, "\\fR");
}

/* A space, or a line end if the source line is long: roff fills the page. */
static void
add_blank(struct text *t, size_t *begun, char before)
{
	if (t->len - *begun < LINE && before != '.' && before != ':') {
		text_add_char(t, ' ');
		return;
	}
	text_add_char(t, '\n');
	*begun = t->len;
}

/* Text with `bold` and --options, filled by roff. */
void
roff_prose(struct text *t, const char *s)
{
	size_t begun = t->len, n;
	bool bold = false;
	char before = ' ';

	for (; *s != '\0'; before = *s++) {
		if (before == ' ')
			roff_keep_whole(t, s);
		if (*s == '`') {
			bold = !bold;
			text_add(t, bold ? "\\fB" : "\\fR");
		} else if (!bold && (n = roff_option_length(s, before)) > 0) {
			roff_font(t, 'B', s, n);
			s += n - 1;
		} else if (*s == ' ' && !bold) {
			add_blank(t, &begun, before);
		} else {
			roff_char(t, *s);
		}
	}
	BUG_ON(bold);
	text_add_char(t, '\n');
}

void
roff_section(struct text *t, const char *title)
{
	text_addf(t, ".SH %s\n", title);
}

void
roff_item(struct text *t, const char *term, const char *prose)
{
	text_add(t, ".TP\n");
	roff_prose(t, term);
	roff_prose(t, prose);
}

/* Capital letter and full stop. */
void
roff_sentence(struct text *t, const char *s)
{
	size_t len = strlen(s);

	text_add_char(t, (char)toupper((unsigned char)s[0]));
	roff_prose(t, s + 1);
	if (strchr(".:?!", s[len - 1]) != NULL)
		return;
	text_cut(t, t->len - 1);
	text_add(t, ".\n");
}

/* Adds lines unchanged, after `prompt` unless that is NULL. */
void
roff_code(struct text *t, const char *prompt, const char *lines)
{
	roff_paragraph(t);
	text_add(t, ".RS 4\n.EX\n");
	if (prompt != NULL)
		roff_literal(t, prompt);
	roff_literal(t, lines);
	line_end(t);
	text_add(t, ".EE\n.RE\n");
}
