/* Changing a setting in the text of a file, or adding it at the end. */
#include <inttypes.h>
#include <string.h>

#include "base/ascii.h"
#include "file/settings.h"


/* The longest line of a comment. */
#define WIDTH 76

const char *
setting_text(struct arena *a, const struct setting *row,
    const struct settings *s)
{
	const char *slot = (const char *)s + row->offset, *text;
	int64_t number;
	bool flag;

	switch (row->kind) {
	case SETTING_NUMBER:
		memcpy(&number, slot, sizeof(number));
		return arena_printf(a, "%" PRId64, number);
	case SETTING_FLAG:
		memcpy(&flag, slot, sizeof(flag));
		return flag ? "yes" : "no";
	default:
		memcpy(&text, slot, sizeof(text));
		return text != NULL ? text : "";
	}
}

/* True when the line sets this one; where its value begins and ends. */
static bool
line_sets(const char *line, const char *name, const char **begin,
    const char **end)
{
	size_t len = strlen(name);

	line += strspn(line, LINE_BLANKS);
	if (strncmp(line, name, len) != 0)
		return false;
	line += len;
	line += strspn(line, LINE_BLANKS);
	if (*line++ != '=')
		return false;
	*begin = line;
	for (*end = line; **end != '\0' && **end != '\n'; (*end)++) {
		if (**end == '#' && strchr(LINE_BLANKS, (*end)[-1]) != NULL)
			break;
	}
	while (*end > line && strchr(LINE_BLANKS, (*end)[-1]) != NULL)
		(*end)--;
	return true;
}

/* Puts " value" in place of what stands between the two. */
static void
value_replace(struct text *file, const char *begin, const char *end,
    const char *value)
{
	struct text changed = TEXT_INIT;
	const char *there = begin + strspn(begin, LINE_BLANKS);

	if (there <= end && (size_t)(end - there) == strlen(value) &&
	    memcmp(there, value, strlen(value)) == 0)
		return;
	text_add_bytes(&changed, file->buf, (size_t)(begin - file->buf));
	text_addf(&changed, "%s%s", *value != '\0' ? " " : "", value);
	text_add(&changed, end);
	text_clear(file);
	*file = changed;
}

/* The help of the table as a comment, with a capital letter. */
static void
comment_add(struct text *file, const char *help)
{
	size_t column = 0, first = file->len + strlen("# ");

	while (*help != '\0') {
		size_t len = strcspn(help, " ");

		if (column == 0 || column + 1 + len > WIDTH) {
			text_add(file, column == 0 ? "#" : "\n#");
			column = 1;
		}
		text_add_char(file, ' ');
		text_add_bytes(file, help, len);
		column += 1 + len;
		help += len + (help[len] == ' ');
	}
	if (file->buf[first] >= 'a' && file->buf[first] <= 'z')
		file->buf[first] = (char)(file->buf[first] & ~0x20);
	text_add_char(file, '\n');
}

void
setting_write(struct text *file, const struct setting *row,
    const char *value)
{
	const char *line, *begin, *end;

	for (line = file->buf; *line != '\0'; ) {
		if (line_sets(line, row->name, &begin, &end)) {
			value_replace(file, begin, end, value);
			return;
		}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	if (file->len > 0 && file->buf[file->len - 1] != '\n')
		text_add_char(file, '\n');
	if (file->len > 0)
		text_add_char(file, '\n');
	comment_add(file, row->help);
	text_addf(file, "%s =%s%s\n", row->name, *value != '\0' ? " " : "",
	    value);
}
