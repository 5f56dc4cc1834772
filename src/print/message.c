/* Messages: what mailadm reports to a person, on standard error. */
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/shown.h"
#include "base/utf8.h"
#include "print/private.h"

/* Of the second and further lines of a hint. */
#define HINT_INDENT 6

static bool
is_colored(const struct out *o)
{
	return terminal_wants_color(o->color, STDERR_FILENO);
}

/* A word that is coloured, in front of a text that is not. */
static void
word_add(struct out *o, enum terminal_style style, const char *word)
{
	bool colored = is_colored(o);

	text_addf(&o->messages, "%s%s%s ", terminal_begin(style, colored),
	    word, terminal_end(style, colored));
}

static void __attribute__((format(printf, 3, 0)))
say(struct out *o, enum terminal_style style, const char *fmt, va_list ap)
{
	struct text t = TEXT_INIT;
	bool colored = is_colored(o);

	text_addv(&t, fmt, ap);
	text_add(&o->messages, terminal_begin(style, colored));
	shown_add(&o->messages, t.buf, t.len);
	text_addf(&o->messages, "%s\n", terminal_end(style, colored));
	text_clear(&t);
	if (!o->hold)
		out_messages_flush(o);
}

void
out_done(struct out *o, const char *fmt, ...)
{
	va_list ap;

	if (o->style.quiet)
		return;
	va_start(ap, fmt);
	say(o, STYLE_DONE, fmt, ap);
	va_end(ap);
}

void
out_verbose(struct out *o, const char *fmt, ...)
{
	va_list ap;

	if (!o->style.verbose)
		return;
	va_start(ap, fmt);
	say(o, STYLE_PLAIN, fmt, ap);
	va_end(ap);
}

void
out_note(struct out *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	word_add(o, STYLE_WARNING, "note:");
	say(o, STYLE_PLAIN, fmt, ap);
	va_end(ap);
}

/*
 * Each once, and behind all else that the command says: it is what to do
 * next.
 */
void
out_hint(struct out *o, const char *fmt, ...)
{
	struct text t = TEXT_INIT;
	va_list ap;

	if (o->style.quiet)
		return;
	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	if (!words_have(&o->hints, t.buf))
		words_add(&o->hinted, &o->hints, arena_strdup(&o->hinted,
		    t.buf));
	text_clear(&t);
}

/* Broken between words where a terminal would break anywhere. */
static void
words_wrap(struct text *to, char *words, int width)
{
	int used = HINT_INDENT;
	const char *word;

	while ((word = strsep(&words, " ")) != NULL) {
		int wide = utf8_width(word);

		if (used > HINT_INDENT && used + 1 + wide > width) {
			text_addf(to, "\n%*s", HINT_INDENT, "");
			used = HINT_INDENT;
		} else if (used > HINT_INDENT) {
			text_add_char(to, ' ');
			used++;
		}
		text_add(to, word);
		used += wide;
	}
}

static void
hint_add(struct out *o, const char *hint)
{
	struct text t = TEXT_INIT;
	bool colored = is_colored(o);

	shown_add(&t, hint, strlen(hint));
	text_addf(&o->messages, "%shint: ", terminal_begin(STYLE_LESS,
	    colored));
	if (o->error_terminal)
		words_wrap(&o->messages, t.buf, (int)terminal_width());
	else
		text_add(&o->messages, t.buf);
	text_addf(&o->messages, "%s\n", terminal_end(STYLE_LESS, colored));
	text_clear(&t);
}

void
out_command_end(struct out *o)
{
	for (size_t i = 0; i < o->hints.count; i++)
		hint_add(o, o->hints.word[i]);
	out_forget_hints(o);
	if (!o->hold)
		out_messages_flush(o);
}

/* JSON text that is valid whatever bytes the message holds. */
static void
json_add_shown(json_t *object, const char *key, const char *text)
{
	struct text t = TEXT_INIT;

	shown_add(&t, text, strlen(text));
	json_object_set_new(object, key, json_string(t.buf));
	text_clear(&t);
}

static void
error_as_json(struct out *o, const struct err *failure)
{
	json_t *object = json_object();
	char *line;

	json_object_set_new(object, "error",
	    json_string(err_kinds[failure->code].name));
	json_add_shown(object, "message", failure->text);
	if (failure->hint != NULL)
		json_add_shown(object, "hint", failure->hint);
	if (o->file != NULL)
		json_object_set_new(object, "line",
		    json_integer((json_int_t)o->line));
	line = json_dumps(object, JSON_COMPACT);
	if (line != NULL)
		text_addf(&o->messages, "%s\n", line);
	free(line);
	json_decref(object);
}

void
out_error(struct out *o, const struct err *failure)
{
	BUG_ON(failure->code == ERR_NONE || failure->text == NULL);
	if (out_is_json(o)) {
		error_as_json(o, failure);
	} else {
		word_add(o, STYLE_ERROR, "mailadm:");
		if (o->file != NULL) {
			shown_add(&o->messages, o->file, strlen(o->file));
			text_addf(&o->messages, ":%zu: ", o->line);
		}
		shown_add(&o->messages, failure->text, strlen(failure->text));
		text_add_char(&o->messages, '\n');
		if (failure->hint != NULL &&
		    !words_have(&o->hints, failure->hint))
			hint_add(o, failure->hint);
	}
	out_command_end(o);
	out_messages_flush(o);
}
