/* The passwords of the database accounts, and changing an option file. */
#include "file/accounts.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "file/permission.h"
#include "file/read.h"

#define PASSWORD_CHARS "abcdefghijklmnopqrstuvwxyz"			\
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+/=-"

const char *const account_names[ACCOUNTS] = {
	[ACCOUNT_MAILADM] = "mailadm",
	[ACCOUNT_CHECK] = "mailadm_check",
	[ACCOUNT_POSTFIX] = "postfix",
	[ACCOUNT_DOVECOT] = "dovecot",
	[ACCOUNT_POLICY] = "mailadm_policy",
	[ACCOUNT_RELAY] = "postfix_relay",
	[ACCOUNT_WEBMAIL] = "mailadm_webmail",
};

/* A line of an option file, without blanks around its parts. */
struct line {
	const char *begin, *next;	/* the whole of it */
	const char *name, *value;	/* not terminated */
	size_t name_len, value_len;
	bool group;			/* name is that of a [group] */
};

/* Without blanks at the end. */
static size_t
length_to(const char *begin, const char *end)
{
	return end <= begin ? 0 : trimmed_length(begin,
	    (size_t)(end - begin), LINE_BLANKS);
}

static bool
is_quote(char c)
{
	return c == '"' || c == '\'';
}

static void
line_split(const char *begin, struct line *l)
{
	const char *end = begin + strcspn(begin, "\n"), *at, *close;

	*l = (struct line){ .begin = begin, .next = end + (*end == '\n') };
	l->name = at = begin + strspn(begin, LINE_BLANKS);
	if (at >= end || strchr("#;!", *at) != NULL)
		return;
	if (*at == '[') {
		close = memchr(at, ']', (size_t)(end - at));
		l->group = true;
		l->name++;
		l->name_len = length_to(l->name, close ? close : end);
		return;
	}
	l->value = memchr(at, '=', (size_t)(end - at));
	l->name_len = length_to(at, l->value ? l->value : end);
	if (l->value == NULL)
		return;
	l->value++;
	l->value += strspn(l->value, LINE_BLANKS);
	l->value_len = l->value < end ? length_to(l->value, end) : 0;
	if (l->value_len > 1 && is_quote(*l->value) &&
	    is_quote(l->value[l->value_len - 1])) {
		l->value++;
		l->value_len -= 2;
	}
}

static bool
is_called(const struct line *l, const char *name)
{
	return strlen(name) == l->name_len &&
	    memcmp(l->name, name, l->name_len) == 0;
}

static enum account
account_find(const struct line *l)
{
	enum account i = 0;

	while (i < ACCOUNTS && !is_called(l, account_names[i]))
		i++;
	return i;
}

/* Text behind a NUL would be ignored when reading and lost when writing. */
static bool
bytes_check(const char *path, const struct text *content, struct err *e)
{
	return memchr(content->buf, '\0', content->len) == NULL ||
	    err_set(e, ERR_INVALID, "%s holds a NUL byte", path);
}

static bool
password_take(struct arena *a, const struct line *l, enum account account,
    struct accounts *accounts)
{
	const char *password = arena_strndup(a, l->value, l->value_len);

	accounts->password[account] = *password != '\0' ? password : NULL;
	return strspn(password, PASSWORD_CHARS) == l->value_len;
}

static bool
passwords_take(struct arena *a, const char *path, const char *text,
    struct accounts *accounts, struct err *e)
{
	enum account account = ACCOUNTS;
	unsigned number = 0;
	struct line l;

	for (; *text != '\0'; text = l.next) {
		line_split(text, &l);
		number++;
		if (l.group)
			account = account_find(&l);
		if (l.group || account == ACCOUNTS || l.value == NULL ||
		    !is_called(&l, "password") ||
		    password_take(a, &l, account, accounts))
			continue;
		err_set(e, ERR_INVALID, "%s:%u: the password of %s has "
		    "characters that Postfix or Dovecot cannot read", path,
		    number, account_names[account]);
		return err_hint(e, "allowed are letters, digits and ._+/=-; "
		    "remove the line, and \"config init\" makes a new "
		    "password");
	}
	return true;
}

bool
accounts_read(struct arena *a, const char *path, struct accounts *accounts,
    struct err *e)
{
	struct text content = TEXT_INIT;
	struct stat st;
	bool ok;

	*accounts = (struct accounts){ 0 };
	ok = file_read(path, &content, &st, e) &&
	    permission_check(FILE_ACCOUNTS, path, &st, e) &&
	    bytes_check(path, &content, e) &&
	    passwords_take(a, path, content.buf, accounts, e);
	text_clear(&content);
	return ok;
}

/* --- changing the text ----------------------------------------------- */

bool
option_text_has(const struct text *file, const char *group,
    const char *name)
{
	bool inside = false;
	struct line l;

	for (const char *p = file->buf; *p != '\0'; p = l.next) {
		line_split(p, &l);
		if (l.group)
			inside = is_called(&l, group);
		else if (inside && is_called(&l, name))
			return true;
	}
	return false;
}

/* Where the option begins, or where the group ends; false: no such group. */
static bool
place_find(const struct text *file, const char *group, const char *name,
    const char **place)
{
	bool inside = false, there = false;
	struct line l;

	for (const char *p = file->buf; *p != '\0'; p = l.next) {
		line_split(p, &l);
		if (l.group)
			inside = is_called(&l, group);
		if (!inside || l.name_len == 0)
			continue;
		there = true;
		*place = l.next;
		if (!l.group && is_called(&l, name)) {
			*place = l.begin;
			break;
		}
	}
	return there;
}

/*
 * Where an option is set twice the last one counts.  So all of its lines are
 * removed, and one is written in place of the first.
 */
void
option_text_set(struct text *file, const char *group, const char *name,
    const char *value)
{
	struct text changed = TEXT_INIT, line = TEXT_INIT;
	const char *place = NULL;
	bool inside = false;
	struct line l;

	if (value != NULL)
		text_addf(&line, "%s = %s\n", name, value);
	if (file->len > 0 && file->buf[file->len - 1] != '\n')
		text_add_char(file, '\n');
	if (!place_find(file, group, name, &place) && value != NULL)
		text_addf(file, "%s[%s]\n%s", file->len > 0 ? "\n" : "",
		    group, line.buf);
	for (const char *p = file->buf; place != NULL && *p != '\0';
	    p = l.next) {
		line_split(p, &l);
		if (p == place)
			text_add(&changed, line.buf);
		if (l.group)
			inside = is_called(&l, group);
		if (!inside || l.group || !is_called(&l, name))
			text_add_bytes(&changed, p, (size_t)(l.next - p));
	}
	if (place != NULL && *place == '\0')
		text_add(&changed, line.buf);
	if (place != NULL) {
		text_clear(file);
		*file = changed;
	}
	text_clear(&line);
}
