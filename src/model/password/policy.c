/* The policy on passwords: how long, and which are too common. */
#include "model/password/policy.h"

#include <string.h>

#include "base/ascii.h"
#include "base/embed.h"

#define LIST "model/password/common.list"

/* As "2024", "1!" or "123": people put them behind a word. */
#define BEHIND_MAX 4

/* Characters of UTF-8; other bytes count as one each. */
static int64_t
length(const char *password)
{
	int64_t n = 0;

	for (; *password != '\0'; password++)
		n += ((unsigned char)*password & 0xc0) != 0x80;
	return n;
}

static bool
is_one_character(const char *password)
{
	return strspn(password, (const char []){ *password, '\0' }) ==
	    strlen(password);
}

static const char *
list(void)
{
	const struct embedded *f = embedded_files;

	while (f->name != NULL && strcmp(f->name, LIST) != 0)
		f++;
	BUG_ON(f->name == NULL);
	return f->text;
}

/* The list is in small letters. */
static bool
is_same(const char *password, const char *common, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (lower_char(password[i]) != common[i])
			return false;
	}
	return true;
}

/* The common one, and at most digits and marks behind it. */
static bool
begins_with(const char *password, const char *common, size_t len)
{
	size_t all = strlen(password);

	if (len == 0 || len > all || all - len > BEHIND_MAX ||
	    !is_same(password, common, len))
		return false;
	for (const char *c = password + len; *c != '\0'; c++) {
		char small = lower_char(*c);

		if ((unsigned char)*c >= 0x80 ||
		    (small >= 'a' && small <= 'z'))
			return false;
	}
	return true;
}

static bool
is_common(const char *password)
{
	const char *line = list();

	while (*line != '\0') {
		size_t len = strcspn(line, "\n");

		if (*line != '#' && begins_with(password, line, len))
			return true;
		line += len + (line[len] == '\n');
	}
	return false;
}

bool
password_strong(const char *password, int64_t min, struct err *e)
{
	int64_t n = length(password);

	if (n < min)
		return err_set(e, ERR_REFUSED, "the password is too short: "
		    "%lld of at least %lld characters", (long long)n,
		    (long long)min);
	if (n > 0 && is_one_character(password))
		return err_set(e, ERR_REFUSED,
		    "the password is one character again and again");
	return !is_common(password) || err_set(e, ERR_REFUSED,
	    "the password is one of the commonest, which are tried first");
}
