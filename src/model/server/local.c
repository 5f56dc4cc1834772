/* Settings of one's own: what local.cf says, merged into the rendered text. */
#include <string.h>

#include "base/text.h"
#include "file/read.h"
#include "model/server/local.h"

#define BLANK " \t"

/* --- reading --------------------------------------------------------- */

static const char name_letters[] = "abcdefghijklmnopqrstuvwxyz"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:[]/";

/* "name" or "SERVICE/TYPE/name" */
static bool
is_name(const char *name)
{
	const char *slash = strchr(name, '/');

	if (*name == '\0' || name[strspn(name, name_letters)] != '\0')
		return false;
	if (slash == NULL)
		return true;
	slash = strchr(slash + 1, '/');
	return *name != '/' && slash != NULL && slash[-1] != '/' &&
	    slash[1] != '\0' && strchr(slash + 1, '/') == NULL;
}

/* A line that cf_parse() would pass over; 0: none. */
static size_t
wrong_line(const char *text)
{
	size_t number = 0;

	for (; *text != '\0'; text += *text == '\n') {
		size_t len = strcspn(text, "\n");

		number++;
		if (len > 0 && strchr("# \t\r", *text) == NULL &&
		    memchr(text, '=', len) == NULL)
			return number;
		text += len;
	}
	return 0;
}

bool
local_settings_parse(struct arena *a, const char *path, const char *text,
    struct cf *own, struct err *e)
{
	size_t wrong = wrong_line(text);

	*own = (struct cf){ 0 };
	cf_parse(a, text, CF_POSTFIX, own);
	for (size_t i = 0; wrong == 0 && i < own->count; i++) {
		if (!is_name(own->entry[i].name))
			wrong = own->entry[i].line;
	}
	if (wrong == 0)
		return true;
	err_set(e, ERR_INVALID, "%s, line %zu: not \"name = value\"", path,
	    wrong);
	return err_hint(e, "for one service: submission/inet/name = value");
}

bool
local_settings_read(struct arena *a, const char *path, struct cf *own,
    struct err *e)
{
	struct text content = TEXT_INIT;
	struct stat st;
	bool ok = file_read(path, &content, &st, e);

	*own = (struct cf){ 0 };
	if (ok) {
		ok = local_settings_parse(a, path, content.buf, own, e);
	} else if (e->code == ERR_NOT_FOUND) {
		err_clear(e);
		ok = true;
	}
	text_clear(&content);
	return ok;
}

/* --- lines ----------------------------------------------------------- */

static size_t
line_length(const char *line)
{
	size_t len = strcspn(line, "\n");

	return len + (line[len] == '\n');
}

static bool
is_comment(const char *line)
{
	size_t blank = strspn(line, BLANK);

	return line[blank] == '#' || line[blank] == '\n' ||
	    line[blank] == '\0';
}

/* The line and those that continue it. */
static size_t
entry_length(const char *line)
{
	size_t len = line_length(line);

	while (line[len] != '\0' && strchr(BLANK, line[len]) != NULL &&
	    !is_comment(line + len))
		len += line_length(line + len);
	return len;
}

/* --- main.cf --------------------------------------------------------- */

static bool
is_last(const struct cf *own, const struct cf_entry *entry)
{
	return cf_find(own, entry->name) == entry;
}

/* The setting of local.cf that this line sets, or NULL. */
static const struct cf_entry *
own_of(struct arena *a, const struct cf *own, const char *line)
{
	size_t len = strcspn(line, " \t=\n");

	if (len == 0 || *line == '#')
		return NULL;
	return cf_find(own, arena_strndup(a, line, len));
}

static void
entry_add(struct text *t, const struct cf_entry *entry)
{
	text_addf(t, "%s = %s\n", entry->name, entry->value);
}

const char *
local_main(struct arena *a, const struct cf *own, const char *heading,
    const char *text)
{
	bool *done = arena_array(a, own->count + 1, sizeof(*done));
	struct text t = TEXT_INIT;
	bool headed = false;
	const char *merged;

	for (const char *at = text; *at != '\0';) {
		const struct cf_entry *entry = own_of(a, own, at);
		size_t len = entry != NULL ? entry_length(at) :
		    line_length(at);

		if (entry == NULL)
			text_add_bytes(&t, at, len);
		else if (!done[entry - own->entry])
			entry_add(&t, entry);
		if (entry != NULL)
			done[entry - own->entry] = true;
		at += len;
	}
	for (size_t i = 0; i < own->count; i++) {
		const struct cf_entry *entry = &own->entry[i];

		if (done[i] || !is_last(own, entry) ||
		    strchr(entry->name, '/') != NULL)
			continue;
		if (!headed && heading != NULL)
			text_addf(&t, "\n### %s\n\n", heading);
		headed = true;
		entry_add(&t, entry);
	}
	merged = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return merged;
}

/* --- master.cf -------------------------------------------------------- */

/* "submission" and "inet" of "submission/inet/name". */
static bool
is_service(const char *line, const char *name)
{
	size_t len = strcspn(line, BLANK "\n"), of = strcspn(name, "/");
	const char *type = line + len + strspn(line + len, BLANK);
	size_t type_len = strcspn(type, BLANK "\n");

	return len == of && strncmp(line, name, len) == 0 &&
	    strcspn(name + of + 1, "/") == type_len &&
	    strncmp(type, name + of + 1, type_len) == 0;
}

/* "    -o name=value", and that name is in local.cf for the service. */
static bool
is_replaced(const struct cf *own, const char *service, const char *line)
{
	const char *at = line + strspn(line, BLANK);

	if (strncmp(at, "-o", 2) != 0)
		return false;
	at += 2;
	at += strspn(at, BLANK "{");
	for (size_t i = 0; i < own->count; i++) {
		const char *name = own->entry[i].name;
		size_t len;

		if (strchr(name, '/') == NULL || !is_service(service, name))
			continue;
		name = strrchr(name, '/') + 1;
		len = strlen(name);
		if (strncmp(at, name, len) == 0 &&
		    strchr(BLANK "=", at[len]) != NULL)
			return true;
	}
	return false;
}

static void
override_add(struct text *t, const struct cf_entry *entry)
{
	const char *name = strrchr(entry->name, '/') + 1;

	if (strpbrk(entry->value, BLANK) == NULL)
		text_addf(t, "    -o %s=%s\n", name, entry->value);
	else
		text_addf(t, "    -o { %s = %s }\n", name, entry->value);
}

static void
service_add(struct text *t, const struct cf *own, bool *done,
    const char *line)
{
	for (size_t i = 0; i < own->count; i++) {
		const struct cf_entry *entry = &own->entry[i];

		if (strchr(entry->name, '/') == NULL ||
		    !is_service(line, entry->name))
			continue;
		done[i] = true;
		if (is_last(own, entry))
			override_add(t, entry);
	}
}

static bool
all_have_services(const struct cf *own, const bool *done, struct err *e)
{
	for (size_t i = 0; i < own->count; i++) {
		if (!done[i] && strchr(own->entry[i].name, '/') != NULL)
			return err_set(e, ERR_INVALID, LOCAL_SETTINGS
			    ", line %zu: master.cf has no service %.*s",
			    own->entry[i].line, (int)(strrchr(
				own->entry[i].name, '/') -
				own->entry[i].name), own->entry[i].name);
	}
	return true;
}

const char *
local_master(struct arena *a, const struct cf *own, const char *text,
    struct err *e)
{
	bool *done = arena_array(a, own->count + 1, sizeof(*done));
	const char *service = "", *merged;
	struct text t = TEXT_INIT;

	for (const char *at = text; *at != '\0'; at += line_length(at)) {
		bool begins = strchr("# \t\n", *at) == NULL;

		if (begins)
			service = at;
		if (begins || !is_replaced(own, service, at))
			text_add_bytes(&t, at, line_length(at));
		if (begins)
			service_add(&t, own, done, at);
	}
	merged = all_have_services(own, done, e) ? arena_strndup(a, t.buf,
	    t.len) : NULL;
	text_clear(&t);
	return merged;
}
