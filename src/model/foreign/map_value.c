/* Maps: the values of a row. */
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/ascii.h"
#include "base/size.h"
#include "base/time.h"
#include "model/address.h"
#include "model/foreign/private.h"

/* --- texts ------------------------------------------------------------ */

static struct arena *
memory(const struct map_row *r)
{
	return &r->importing->of_row;
}

const char *
map_cell(const struct map_row *r, const struct map_column *c)
{
	return c->text != NULL ? c->text : c->cell < 0 ? NULL :
	    r->cell[c->cell].text;
}

/* "a:1;b:2": the number behind the name. */
static const char *
field_text(struct arena *a, const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = text; (p = strstr(p, name)) != NULL; p += len) {
		size_t digits = p[len] == ':' || p[len] == '=' ?
		    strspn(p + len + 1, "0123456789") : 0;

		if (digits > 0 && (p == text || strchr(";,: \t\n", p[-1]) !=
		    NULL))
			return arena_strndup(a, p + len + 1, digits);
	}
	return NULL;
}

static const char *
expression_text(const struct map_row *r, const struct map_expression *x)
{
	struct text t = TEXT_INIT;
	const char *text = NULL;
	bool whole = true;

	if (x->parts.count == 1) {
		text = map_cell(r, &x->parts.item[0]);
	} else {
		for (size_t i = 0; i < x->parts.count; i++) {
			const struct map_column *c = &x->parts.item[i];
			const char *cell = map_cell(r, c);

			whole &= cell != NULL || c->optional;
			text_add(&t, cell != NULL ? cell : "");
		}
		text = whole ? arena_strdup(memory(r), t.buf) : NULL;
		text_clear(&t);
	}
	return text != NULL && x->field != NULL ?
	    field_text(memory(r), text, x->field) : text;
}

const char *
map_text(const struct map_row *r, enum map_attribute attribute)
{
	const struct map_expression *x = map_expression_of(r->section,
	    attribute, 0);

	return x != NULL ? expression_text(r, x) : NULL;
}

const char *
map_column_name(const struct map_row *r, const struct map_column *c)
{
	return c->cell < 0 ? "a value" : map_table_at(r->section,
	    c->of)->columns.item[c->column].name;
}

/* --- flags ------------------------------------------------------------ */

enum map_flag
map_flag_parse(const char *text)
{
	static const char *const words[][2] = {
		{ "0", "1" }, { "n", "y" }, { "no", "yes" }, { "f", "t" },
		{ "false", "true" }, { "off", "on" },
		{ "disabled", "enabled" }, { "inactive", "active" },
		{ "disable", "enable" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(text, words[i][1]) == 0)
			return MAP_ON;
		if (strcasecmp(text, words[i][0]) == 0)
			return MAP_OFF;
	}
	return MAP_NO_FLAG;
}

/* The value is one of the words, or a list that has one of them. */
static bool
has_word(const char *text, const struct words *words)
{
	while (*(text += strspn(text, " ,;|\t")) != '\0') {
		size_t len = strcspn(text, " ,;|\t");

		for (size_t i = 0; i < words->count; i++) {
			if (strlen(words->word[i]) == len && strncasecmp(
			    words->word[i], text, len) == 0)
				return true;
		}
		text += len;
	}
	return false;
}

static bool
has_column(const struct map_expression *x)
{
	return x->parts.item[0].text != NULL || x->parts.item[0].cell >= 0;
}

static enum map_flag
flag_of(const struct map_row *r, const struct map_expression *x,
    const char **text)
{
	const char *value = expression_text(r, x);
	enum map_flag flag;

	/* No column, or no row of a join. */
	if (!has_column(x) || (value == NULL && x->parts.item[0].of > 0))
		return MAP_NO_COLUMN;
	value = value != NULL ? foreign_trimmed(memory(r), value) : "";
	if (x->has.count > 0)
		flag = has_word(value, &x->has) ? MAP_ON : MAP_OFF;
	else
		flag = *value == '\0' ? MAP_OFF : map_flag_parse(value);
	if (*value == '\0' && !x->negated && x->has.count == 0)
		*text = arena_printf(memory(r), "%s is empty",
		    map_column_name(r, &x->parts.item[0]));
	if (flag == MAP_NO_FLAG) {
		*text = arena_printf(memory(r), "%s is \"%.60s\", which is "
		    "neither yes nor no", map_column_name(r, &x->parts.item[0]),
		    value);
		return flag;
	}
	return x->negated ? (flag == MAP_ON ? MAP_OFF : MAP_ON) : flag;
}

enum map_flag
map_flag(const struct map_row *r, enum map_attribute attribute,
    const char **text)
{
	enum map_flag flag = MAP_NO_COLUMN;
	const struct map_expression *x;

	*text = NULL;
	for (size_t n = 0; (x = map_expression_of(r->section, attribute,
	    n)) != NULL; n++) {
		enum map_flag one = flag_of(r, x, text);

		if (one == MAP_NO_FLAG)
			return one;
		if (one != MAP_NO_COLUMN && flag != MAP_OFF)
			flag = one;
	}
	return flag;
}

/* --- sizes ------------------------------------------------------------ */

/* Of a column that says in its name what it counts; 0: it does not. */
static int64_t
unit_of_name(const char *name)
{
	static const struct {
		const char *end;
		int64_t unit;
	} units[] = {
		{ "bytes", 1 }, { "kb", 1024 }, { "kib", 1024 },
		{ "kbytes", 1024 }, { "kilobytes", 1024 },
		{ "mb", 1048576 }, { "mib", 1048576 },
		{ "mbytes", 1048576 }, { "megabytes", 1048576 },
		{ "gb", 1073741824 }, { "gib", 1073741824 },
		{ "gbytes", 1073741824 }, { "gigabytes", 1073741824 },
	};
	size_t len = strlen(name);
	int64_t unit = 0;

	/* The longest ending comes last. */
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t n = strlen(units[i].end);

		if (n <= len && strcasecmp(name + len - n, units[i].end) == 0)
			unit = units[i].unit;
	}
	return unit;
}

/* Without what Maildir++ and Dovecot put around a size. */
static const char *
size_bare(struct arena *a, const char *text)
{
	static const char *const starts[] = {
		"*:storage=", "*:bytes=", "storage=", "maildir:storage=",
		"dirsize:storage="
	};
	size_t len;

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		len = strlen(starts[i]);
		if (strncasecmp(text, starts[i], len) != 0)
			continue;
		text += len;
		/* Dovecot's storage is in kilobytes where no unit follows. */
		if (strstr(starts[i], "storage") != NULL &&
		    strspn(text, "0123456789") == strlen(text))
			return arena_printf(a, "%sK", text);
		break;
	}
	len = strcspn(text, ",");
	if (len > 1 && (text[len - 1] == 'S' || text[len - 1] == 's'))
		len--;
	return arena_strndup(a, text, len);
}

/* "1024.00" of a DECIMAL, and "-1" for none. */
static bool
number_of(const char *text, int64_t *number)
{
	const char *p = text;

	if (*p == '-') {
		p++;
		if (!digits_parse(&p, number))
			return false;
		*number = -*number;
	} else if (!digits_parse(&p, number)) {
		return false;
	}
	if (*p == '.')
		p += 1 + strspn(p + 1, "0");
	return *p == '\0';
}

bool
map_size(struct map_row *r, enum map_attribute attribute, int64_t *size,
    const char **text)
{
	const struct map_expression *x = map_expression_of(r->section,
	    attribute, 0);
	const char *value = x != NULL ? expression_text(r, x) : NULL;
	const struct map_column *c = x != NULL ? &x->parts.item[0] : NULL;
	int64_t unit;

	*size = FIELD_NULL;
	value = value != NULL ? foreign_trimmed(memory(r), value) : "";
	if (*value == '\0' || is_no_limit(value))
		return true;
	unit = x->unit != 0 ? x->unit : c->cell < 0 ||
	    attribute != MAP_QUOTA ? 0 : unit_of_name(map_column_name(r, c));
	if (number_of(value, size)) {
		if (unit != 0 && *size > INT64_MAX / 2 / unit)
			*size = INT64_MAX / 2 / unit;
		if (unit == 0 && attribute == MAP_QUOTA && *size > 0)
			r->importing->quota_plain = true;
		*size *= unit != 0 ? unit : 1;
		return true;
	}
	if (attribute == MAP_QUOTA && size_parse(size_bare(memory(r), value),
	    size))
		return true;
	*text = arena_printf(memory(r), "%s is \"%.60s\", which is no size",
	    map_column_name(r, c), value);
	return false;
}

/* --- times ------------------------------------------------------------ */

/* Dates before all mail (0000, 1000, 1970), and 9999, are "never". */
bool
map_expired(const struct map_row *r, const char **date, bool *future)
{
	const char *text = map_text(r, MAP_EXPIRES);
	char now[TIME_TEXT];

	if (text == NULL || strspn(text, "0123456789") != 4 ||
	    text[4] != '-' || strncmp(text, "1980", 4) < 0 ||
	    strncmp(text, "9999", 4) == 0)
		return false;
	time_format(now, (int64_t)time(NULL));
	*date = arena_strdup(memory(r), text);
	/* A day, which is over when the next one begins. */
	*future = strncmp(text, now, 10) >= 0;
	return true;
}

/* --- rules ------------------------------------------------------------ */

bool
map_rule_holds(const struct map_row *r, const struct map_rule *rule)
{
	const char *value = map_cell(r, &rule->column);
	bool negated = rule->kind == MAP_WHEN_NOT || rule->negated;

	if (rule->kind == MAP_DROP)
		return value != NULL && map_flag_parse(value) == MAP_ON;
	if (rule->column.cell < 0)
		return rule->kind != MAP_IGNORE;
	if (rule->values.count == 0)
		return true;
	for (size_t i = 0; i < rule->values.count; i++) {
		if (map_pattern_fits(value != NULL ? value : "",
		    rule->values.word[i]))
			return !negated;
	}
	return negated;
}

bool
map_when(const struct map_row *r, const struct map_section *s)
{
	for (size_t i = 0; i < s->rules.count; i++) {
		const struct map_rule *rule = &s->rules.item[i];

		if ((rule->kind == MAP_WHEN || rule->kind == MAP_WHEN_NOT) &&
		    (rule->column.of == 0 || s == r->section) &&
		    !map_rule_holds(r, rule))
			return false;
	}
	return true;
}

/* --- joins ------------------------------------------------------------ */

/* The join that the first column of the attribute is of. */
static const struct map_join *
join_of(const struct map_section *s, const struct map_expression *x)
{
	size_t of = 0;

	for (size_t i = 0; i < x->parts.count && of == 0; i++)
		of = x->parts.item[i].cell >= 0 ? x->parts.item[i].of : 0;
	for (size_t i = 0; of > 0 && i < s->joins.count; i++) {
		if (s->joins.item[i].of == of)
			return &s->joins.item[i];
	}
	return NULL;
}

const char *
map_missing(const struct map_row *r, enum map_attribute attribute)
{
	const struct map_expression *x = map_expression_of(r->section,
	    attribute, 0);
	const struct map_join *j = x != NULL ? join_of(r->section, x) : NULL;
	const char *key;

	if (j == NULL)
		return NULL;
	key = map_cell(r, &j->column);
	return key == NULL ? arena_printf(memory(r), "%s names none",
	    map_column_name(r, &j->column)) :
	    arena_printf(memory(r), "%s is %.60s, which is in no row of %s",
	    map_column_name(r, &j->column), key,
	    r->section->select.joins.item[j->of - 1].table->name);
}

/* --- paths ------------------------------------------------------------ */

/* %d, %n, %u, %{user}, %{domain} and their like in a path. */
static void
expanded_add(struct text *t, const char **p, const char *email)
{
	static const struct {
		const char *name;
		char letter;
	} names[] = {
		{ "%{user|username}", 'n' }, { "%{user|domain}", 'd' },
		{ "%{username}", 'n' }, { "%{domain}", 'd' },
		{ "%{user}", 'u' }, { "%Lu", 'u' }, { "%Ln", 'n' },
		{ "%Ld", 'd' }, { "%u", 'u' }, { "%n", 'n' }, { "%d", 'd' },
	};
	const char *at = strchr(email, '@');

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i].name);

		if (strncmp(*p, names[i].name, len) != 0 || at == NULL)
			continue;
		if (names[i].letter == 'd')
			text_add(t, at + 1);
		else
			text_add_bytes(t, email, names[i].letter == 'n' ?
			    (size_t)(at - email) : strlen(email));
		*p += len;
		return;
	}
	text_add_char(t, *(*p)++);
}

/* "maildir:PATH:LAYOUT=fs" is PATH; //, /./ and / at the end are nothing. */
static const char *
path_of(struct arena *a, const char *location, const char *email)
{
	static const char *const formats[] = { "maildir:", "mdbox:", "sdbox:",
	    "mbox:" };
	struct text t = TEXT_INIT;
	const char *end = location + strlen(location), *path;

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		size_t len = strlen(formats[i]);

		if (strncmp(location, formats[i], len) != 0)
			continue;
		location += len;
		end = location + strcspn(location, ":");
		break;
	}
	while (location < end) {
		if (*location == '/' && (location[1] == '/' ||
		    location + 1 == end))
			location++;
		else if (strncmp(location, "/./", 3) == 0)
			location += 2;
		else
			expanded_add(&t, &location, email);
	}
	path = arena_strdup(a, t.buf);
	text_clear(&t);
	return path;
}

const char *
map_home(struct arena *a, const char *location, const char *email,
    const char *mail_directory)
{
	const char *path = path_of(a, foreign_trimmed(a, location), email);
	const char *base = mail_directory != NULL ? mail_directory :
	    MAIL_DIRECTORY;
	size_t len = trimmed_length(base, strlen(base), "/");

	if (strncmp(path, base, len) == 0 && path[len] == '/')
		path += len + 1;
	/* The mail of a home is in Maildir below it. */
	len = strlen(path);
	if (len > 8 && strcmp(path + len - 8, "/Maildir") == 0)
		path = arena_strndup(a, path, len - 8);
	return path;
}
