/* A manifest as text: YAML, JSON, CSV from the table of attributes. */
#include "model/manifest/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/size.h"
#include "base/time.h"
#include "model/mail/mail.h"

const char *const manifest_format_names[] = {
	[MANIFEST_YAML] = "yaml",
	[MANIFEST_JSONL] = "jsonl",
	[MANIFEST_CSV] = "csv",
	[MANIFEST_CSV + 1] = NULL
};

/* --- words ----------------------------------------------------------- */

/* As JSON writes it, which is YAML, too. */
static void
add_quoted(struct text *t, const char *word)
{
	json_t *string;
	char *quoted;

	for (const char *p = word;; p++) {
		if (*p == '\0') {
			text_add_char(t, '"');
			text_add_bytes(t, word, (size_t)(p - word));
			text_add_char(t, '"');
			return;
		}
		if (*p < ' ' || *p == '"' || *p == '\\' || *p == 0x7f)
			break;
	}
	string = json_string(word);
	/* jansson refuses only text that is not UTF-8; no column holds any. */
	quoted = string ? json_dumps(string, JSON_ENCODE_ANY) : NULL;
	text_add(t, quoted ? quoted : "\"\"");
	free(quoted);
	json_decref(string);
}

/* A word that needs no quotes in YAML. */
static bool
is_plain(const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz0123456789"
	    "._@+-";

	return *word >= 'a' && *word <= 'z' && strchr(word, '.') != NULL &&
	    word[strspn(word, safe)] == '\0';
}

static void
add_word(struct text *t, enum manifest_format format, const char *word)
{
	if (format == MANIFEST_YAML && is_plain(word))
		text_add(t, word);
	else
		add_quoted(t, word);
}

static void
add_list(struct text *t, enum manifest_format format,
    const struct words *list)
{
	const char *comma = format == MANIFEST_YAML ? ", " : ",";

	text_add_char(t, '[');
	for (size_t i = 0; i < list->count; i++) {
		text_add(t, i > 0 ? comma : "");
		add_word(t, format, list->word[i]);
	}
	text_add_char(t, ']');
}

/* --- values ---------------------------------------------------------- */

/* Instead of a number: a word that apply reads, an empty cell in CSV. */
static const char *
no_number(enum attribute_type type, int64_t number)
{
	if ((type == ATTRIBUTE_QUOTA || type == ATTRIBUTE_USER_RATE) &&
	    number == FIELD_NULL)
		return "default";
	return number == FIELD_NULL || number == QUOTA_NONE ? "none" : NULL;
}

static bool
is_rate(enum attribute_type type)
{
	return type == ATTRIBUTE_RATE || type == ATTRIBUTE_USER_RATE;
}

/* Quoted: with its colons it is no plain word of YAML. */
static void
add_time(struct text *t, enum manifest_format format, int64_t seconds)
{
	const char *quote = format == MANIFEST_CSV ? "" : "\"";
	char time[TIME_TEXT];

	time_format(time, seconds);
	text_addf(t, "%s%s%s", quote, time, quote);
}

static void
add_number(struct text *t, enum manifest_format format,
    enum attribute_type type, int64_t number)
{
	const char *word = no_number(type, number);
	char size[SIZE_TEXT], rate[RATE_TEXT];

	if (word != NULL && format == MANIFEST_JSONL)
		text_addf(t, "\"%s\"", word);
	else if (word != NULL)
		text_add(t, word);
	else if (type == ATTRIBUTE_TIME)
		add_time(t, format, number);
	else if (type == ATTRIBUTE_LIMIT || format != MANIFEST_YAML)
		text_addf(t, "%lld", (long long)number);
	else if (is_rate(type)) {
		rate_format(rate, number);
		text_add(t, rate);
	}
	else {
		size_format(size, number);
		text_add(t, size);
	}
}

static void
add_text(struct text *t, enum manifest_format format, const char *text)
{
	if (text == NULL)
		text_add(t, "null");
	else
		add_word(t, format, text);
}

static void
add_value(struct text *t, enum manifest_format format,
    const struct attribute *a, const struct desired *w)
{
	const void *slot = desired_slot(w, a);

	switch (a->type) {
	case ATTRIBUTE_FLAG:
	case ATTRIBUTE_RIGHT:
	case ATTRIBUTE_GENERATE:
		text_add(t, *(const bool *)slot ? "true" : "false");
		break;
	case ATTRIBUTE_SIZE:
	case ATTRIBUTE_QUOTA:
	case ATTRIBUTE_LIMIT:
	case ATTRIBUTE_TIME:
	case ATTRIBUTE_RATE:
	case ATTRIBUTE_USER_RATE:
		add_number(t, format, a->type, *(const int64_t *)slot);
		break;
	case ATTRIBUTE_LIST:
	case ATTRIBUTE_SEND_AS:
	case ATTRIBUTE_EXPIRES:
		add_list(t, format, slot);
		break;
	default:
		add_text(t, format, *(const char *const *)slot);
		break;
	}
}

/* --- lines ----------------------------------------------------------- */

/* An empty list of disabled destinations is left out. */
static bool
is_csv_column(const struct attribute *a, const struct desired *w, bool hashes)
{
	if (a->type == ATTRIBUTE_FILE || a->type == ATTRIBUTE_GENERATE ||
	    a->type == ATTRIBUTE_SEND_AS || a->type == ATTRIBUTE_EXPIRES)
		return false;
	if (a->type == ATTRIBUTE_LIST && strcmp(a->name, "inactive") == 0)
		return desired_alias(w)->inactive.count > 0;
	return a->type != ATTRIBUTE_HASH || hashes;
}

/* Everything but CSV also has the list of grants, and the times of lists. */
static bool
is_exported(const struct attribute *a, const struct desired *w, bool hashes)
{
	const struct words *list = desired_slot(w, a);

	if (a->type == ATTRIBUTE_EXPIRES)
		return list->count > 0;
	return a->type == ATTRIBUTE_SEND_AS || is_csv_column(a, w, hashes);
}

static void
add_yaml(struct text *t, const struct desired *w, bool hashes)
{
	const struct attribute *a = manifest_attributes[w->kind];
	bool first = true;

	text_add(t, "  ");
	add_word(t, MANIFEST_YAML, w->name);
	text_add(t, ": {");
	for (; a->name != NULL; a++) {
		if (!is_exported(a, w, hashes))
			continue;
		text_add(t, first ? "" : ", ");
		text_add(t, a->name);
		text_add(t, ": ");
		add_value(t, MANIFEST_YAML, a, w);
		first = false;
	}
	text_add(t, "}\n");
}

static void
add_jsonl(struct text *t, const struct desired *w, bool hashes)
{
	const struct attribute *a = manifest_attributes[w->kind];

	text_addf(t, "{\"%s\":", manifest_kind_names[w->kind]);
	add_quoted(t, w->name);
	for (; a->name != NULL; a++) {
		if (!is_exported(a, w, hashes))
			continue;
		text_add(t, ",\"");
		text_add(t, a->name);
		text_add(t, "\":");
		add_value(t, MANIFEST_JSONL, a, w);
	}
	text_add(t, "}\n");
}

/* --- CSV ------------------------------------------------------------- */

static void
add_cell(struct text *t, const char *cell)
{
	bool guarded = *cell != '\0' && strchr("=+-@'\t\r\n", *cell) != NULL;
	bool quoted = strpbrk(cell, ",\"\r\n") != NULL || *cell == ' ';

	if (quoted)
		text_add_char(t, '"');
	if (guarded)
		text_add_char(t, '\'');
	for (; *cell != '\0'; cell++) {
		if (*cell == '"')
			text_add_char(t, '"');
		text_add_char(t, *cell);
	}
	if (quoted)
		text_add_char(t, '"');
}

static const char *
name_column(enum manifest_kind kind)
{
	static const char *const columns[MANIFEST_KINDS] = { "domain",
	    "email", "mail", "address", "address", "name" };

	return columns[kind];
}

static void
add_csv_value(struct text *t, const struct attribute *a,
    const struct desired *w)
{
	const void *slot = (const char *)w + a->offset;
	const char *const *text = slot;

	text_add_char(t, ',');
	switch (a->type) {
	case ATTRIBUTE_TEXT:
	case ATTRIBUTE_DOMAIN:
	case ATTRIBUTE_ADDRESS:
	case ATTRIBUTE_WORD:
	case ATTRIBUTE_HOME:
	case ATTRIBUTE_HASH:
		if (*text != NULL)
			add_cell(t, *text);
		break;
	case ATTRIBUTE_FLAG:
	case ATTRIBUTE_RIGHT:
		text_add_char(t, *(const bool *)slot ? '1' : '0');
		break;
	default:
		add_value(t, MANIFEST_CSV, a, w);
		break;
	}
}

/* One row a destination, as the table has them. */
static void
add_csv_alias(struct text *t, const struct desired *w,
    const struct words *list, bool active)
{
	const struct attribute *attributes =
	    manifest_attributes[MANIFEST_ALIAS];

	for (size_t i = 0; i < list->count; i++) {
		add_cell(t, w->name);
		text_add_char(t, ',');
		add_cell(t, list->word[i]);
		text_add(t, active ? ",1" : ",0");
		for (const struct attribute *a = attributes; a->name; a++) {
			if (!attribute_is_list(a))
				add_csv_value(t, a, w);
		}
		text_add_char(t, ',');
		add_number(t, MANIFEST_CSV, ATTRIBUTE_TIME, expiry_of(
		    &desired_alias(w)->expires, list->word[i]));
		text_add_char(t, '\n');
	}
}

static void
add_csv(struct text *t, const struct desired *w, bool hashes)
{
	const struct attribute *a = manifest_attributes[w->kind];

	if (w->kind == MANIFEST_ALIAS) {
		add_csv_alias(t, w, &desired_alias(w)->destination, true);
		add_csv_alias(t, w, &desired_alias(w)->inactive, false);
		return;
	}
	add_cell(t, w->name);
	for (; a->name != NULL; a++) {
		if (is_csv_column(a, w, hashes))
			add_csv_value(t, a, w);
	}
	text_add_char(t, '\n');
}

static void
csv_header(struct text *t, enum manifest_kind kind, bool hashes)
{
	const struct attribute *a = manifest_attributes[kind];

	text_add(t, name_column(kind));
	if (kind == MANIFEST_ALIAS)
		text_add(t, ",destination,active");
	for (; a->name != NULL; a++) {
		if (!attribute_is_list(a) && a->type != ATTRIBUTE_FILE &&
		    a->type != ATTRIBUTE_GENERATE &&
		    (a->type != ATTRIBUTE_HASH || hashes))
			text_addf(t, ",%s", a->name);
	}
	if (kind == MANIFEST_ALIAS)
		text_add(t, ",expires");
	text_add_char(t, '\n');
}

/* --- all ------------------------------------------------------------- */

void
manifest_text_begin(struct text *t, enum manifest_format format,
    enum manifest_kind kind, bool hashes)
{
	if (format == MANIFEST_YAML)
		text_addf(t, "%s:\n", manifest_section_names[kind]);
	else if (format == MANIFEST_CSV)
		csv_header(t, kind, hashes);
}

void
manifest_text_add(struct text *t, enum manifest_format format,
    const struct desired *w, bool hashes)
{
	static void (*const adds[])(struct text *t, const struct desired *w,
	    bool hashes) = {
		[MANIFEST_YAML] = add_yaml,
		[MANIFEST_JSONL] = add_jsonl,
		[MANIFEST_CSV] = add_csv,
	};

	adds[format](t, w, hashes);
}

void
manifest_text_none(struct text *t, enum manifest_format format)
{
	if (format == MANIFEST_YAML)
		text_add(t, "  {}\n");
}
