/* Which files are tables: by their names, or by what they hold. */
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "model/keys/private.h"

static const struct {
	const char *name;	/* of the file, in any case */
	keys_reader reader;
} names[] = {
	{ "opendkim.conf", keys_opendkim },
	{ "KeyTable", keys_key_table },
	{ "key.table", keys_key_table },
	{ "key_table", keys_key_table },
	{ "SigningTable", keys_signing_table },
	{ "signing.table", keys_signing_table },
	{ "signing_table", keys_signing_table },
	{ "amavisd.conf", keys_amavis },
	{ "50-user", keys_amavis },
	{ "22-dkim_signing", keys_amavis },
	{ "dkim_signing.conf", keys_rspamd },
	{ NULL, NULL }
};

keys_reader
keys_reader_of(const char *name)
{
	const char *slash = strrchr(name, '/');
	size_t i = 0;

	if (slash != NULL)
		name = slash + 1;
	while (names[i].name != NULL && strcasecmp(names[i].name, name) != 0)
		i++;
	return names[i].reader;
}

/* How a line begins that only one kind of table has. */
static const struct {
	const char *begin;
	keys_reader reader;
} marks[] = {
	{ "dkim_key", keys_amavis },
	{ "KeyTable", keys_opendkim },
	{ "KeyFile", keys_opendkim },
	{ "domain {", keys_rspamd },
	{ "selector_map", keys_rspamd },
	{ "path_map", keys_rspamd },
	{ NULL, NULL }
};

static keys_reader
mark_of(const char *line)
{
	size_t i = 0;

	while (marks[i].begin != NULL && strncasecmp(marks[i].begin, line,
	    strlen(marks[i].begin)) != 0)
		i++;
	return marks[i].reader;
}

bool
keys_reader_guess(const char *file, const char *text, keys_reader *reader,
    struct err *e)
{
	struct arena a = { 0 };
	const char *at = text, *line;
	bool keys = false;
	size_t number = 0;

	*reader = keys_reader_of(file);
	if (*reader == NULL && strstr(text, "-----BEGIN ") != NULL) {
		err_set(e, ERR_INVALID, "%s is no table of keys", file);
		return err_hint(e, "for one key: mailadm dkim add DOMAIN "
		    "--import FILE --selector SELECTOR");
	}
	while (*reader == NULL &&
	    (line = keys_next_line(&a, &at, &number)) != NULL) {
		if (*line == '#')
			continue;
		*reader = mark_of(line);
		keys |= keys_is_key_line(&a, line);
	}
	arena_clear(&a);
	if (*reader == NULL && keys)
		*reader = keys_key_table;
	return *reader != NULL || keys_no_table(file, 0, NULL, e);
}
