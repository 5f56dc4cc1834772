/* Reading "name = value" of Postfix and Dovecot. */
#include "file/cf.h"

#include <stdint.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"


void
cf_add(struct arena *a, struct cf *cf, const char *name, const char *value)
{
	cf_add_at(a, cf, name, value, 0);
}

void
cf_add_at(struct arena *a, struct cf *cf, const char *name,
    const char *value, size_t line)
{
	struct cf_entry *entry;

	if (cf->count == cf->room) {
		size_t room = cf->room ? 2 * cf->room : 16;

		entry = arena_array(a, room, sizeof(*entry));
		if (cf->count > 0)
			memcpy(entry, cf->entry, cf->count * sizeof(*entry));
		cf->entry = entry;
		cf->room = room;
	}
	entry = (struct cf_entry *)(uintptr_t)&cf->entry[cf->count++];
	*entry = (struct cf_entry){ name, value, line };
}

const struct cf_entry *
cf_find(const struct cf *cf, const char *name)
{
	for (size_t i = cf->count; i > 0; i--) {
		if (strcmp(cf->entry[i - 1].name, name) == 0)
			return &cf->entry[i - 1];
	}
	return NULL;
}

const char *
cf_value(const struct cf *cf, const char *name)
{
	const struct cf_entry *entry = cf_find(cf, name);

	return entry != NULL ? entry->value : NULL;
}

/* One logical line, and the number of its first. */
static void
line_take(struct arena *a, const struct text *logical, size_t number,
    struct cf *cf)
{
	const char *line = logical->buf;
	size_t len = logical->len;
	const char *equals = memchr(line, '=', len), *value;
	size_t name;

	if (equals == NULL)
		return;
	name = trimmed_length(line, (size_t)(equals - line),
	    LINE_BLANKS);
	value = equals + 1;
	len -= (size_t)(value - line);
	while (len > 0 && strchr(LINE_BLANKS, *value) != NULL) {
		value++;
		len--;
	}
	if (name > 0)
		cf_add_at(a, cf, arena_strndup(a, line, name),
		    arena_strndup(a, value, trimmed_length(value, len,
		    LINE_BLANKS)), number);
}

static bool
goes_on(const struct text *line, bool blank, enum cf_syntax syntax)
{
	if (line->len == 0)
		return false;
	return syntax == CF_POSTFIX ? blank :
	    line->buf[line->len - 1] == '\\';
}

/* A value may go on behind a comment or an empty line. */
void
cf_parse(struct arena *a, const char *text, enum cf_syntax syntax,
    struct cf *cf)
{
	struct text line = TEXT_INIT;
	size_t number = 0, begun = 0;

	*cf = (struct cf){ 0 };
	for (; *text != '\0'; number++) {
		size_t end = strcspn(text, "\n");
		size_t indent = strspn(text, LINE_BLANKS);
		size_t len = trimmed_length(text, end, LINE_BLANKS);

		if (indent >= end || text[indent] == '#') {
			text += end + (text[end] == '\n');
			continue;
		}
		if (goes_on(&line, indent > 0, syntax)) {
			if (syntax == CF_DOVECOT)
				text_cut(&line, line.len - 1);
			text_add_char(&line, ' ');
		} else {
			line_take(a, &line, begun, cf);
			text_cut(&line, 0);
			begun = number + 1;
		}
		text_add_bytes(&line, text + indent, len - indent);
		text += end + (text[end] == '\n');
	}
	line_take(a, &line, begun, cf);
	text_clear(&line);
}
