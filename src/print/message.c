/* Messages: what mailadm reports to a person, on standard error. */
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/shown.h"
#include "print/private.h"

static void __attribute__((format(printf, 3, 0)))
say(struct out *o, const char *prefix, const char *fmt, va_list ap)
{
	struct text t = TEXT_INIT;

	text_addv(&t, fmt, ap);
	text_add(&o->messages, prefix);
	shown_add(&o->messages, t.buf, t.len);
	text_add_char(&o->messages, '\n');
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
	say(o, "", fmt, ap);
	va_end(ap);
}

void
out_verbose(struct out *o, const char *fmt, ...)
{
	va_list ap;

	if (!o->style.verbose)
		return;
	va_start(ap, fmt);
	say(o, "", fmt, ap);
	va_end(ap);
}

void
out_note(struct out *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(o, "note: ", fmt, ap);
	va_end(ap);
}

void
out_hint(struct out *o, const char *fmt, ...)
{
	va_list ap;

	if (o->style.quiet)
		return;
	va_start(ap, fmt);
	say(o, "hint: ", fmt, ap);
	va_end(ap);
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
		bool color = terminal_wants_color(o->color,
		    STDERR_FILENO);

		text_add(&o->messages, color ? "\033[1;31mmailadm:\033[0m " :
		    "mailadm: ");
		if (o->file != NULL) {
			shown_add(&o->messages, o->file, strlen(o->file));
			text_addf(&o->messages, ":%zu: ", o->line);
		}
		shown_add(&o->messages, failure->text, strlen(failure->text));
		text_add_char(&o->messages, '\n');
		if (failure->hint != NULL) {
			text_add(&o->messages, "hint: ");
			shown_add(&o->messages, failure->hint,
			    strlen(failure->hint));
			text_add_char(&o->messages, '\n');
		}
	}
	out_messages_flush(o);
}
