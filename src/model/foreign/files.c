/* Importing from Postfix's and Dovecot's text files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/size.h"
#include "file/lines.h"
#include "model/foreign/private.h"

#define LINE_MAX_BYTES ((size_t)1024 * 1024)

/* Users and aliases are put together from several files. */
struct collecting {
	struct importing *i;
	VECTOR(struct foreign_user) users;
	struct nameset user_names;
	VECTOR(struct foreign_alias) aliases;
	VECTOR(struct foreign_domain) domains;
	struct nameset domain_names;
	bool domains_listed;		/* by a file of their own */
	bool any;			/* file at all */
};

/* --- objects of the lines -------------------------------------------- */

static void
domain_add(struct collecting *c, const char *name)
{
	const char *key = lowered(c->i->arena, name);
	struct foreign_domain *d;

	if (nameset_find(&c->domain_names, key, strlen(key)) != NAME_NONE)
		return;
	nameset_add(&c->domain_names, key, strlen(key));
	d = VECTOR_ADD(&c->domains);
	*d = (struct foreign_domain){ .domain = key, .active = true,
	    .quota = FIELD_NULL, .max_users = FIELD_NULL,
	    .max_aliases = FIELD_NULL };
}

/* Without a list of the domains, they are those of the names. */
static void
domain_of_name(struct collecting *c, const char *name)
{
	const char *at = strrchr(name, '@');

	if (!c->domains_listed && at != NULL && at[1] != '\0')
		domain_add(c, at + 1);
}

/* The user of this name in any spelling, who may be new. */
static struct foreign_user *
user_get(struct collecting *c, const char *email)
{
	const char *key = lowered(c->i->arena, email);
	uint32_t n = nameset_find(&c->user_names, key, strlen(key));
	struct foreign_user *u;

	if (n != NAME_NONE)
		return &c->users.item[n];
	nameset_add(&c->user_names, key, strlen(key));
	u = VECTOR_ADD(&c->users);
	*u = (struct foreign_user){ .email = key, .active = true,
	    .may_login = true, .may_send = true, .may_receive = true,
	    .quota = FIELD_NULL };
	domain_of_name(c, key);
	return u;
}

static void
alias_add(struct collecting *c, const char *mail, const char *destination)
{
	struct foreign_alias *alias = VECTOR_ADD(&c->aliases);

	*alias = (struct foreign_alias){ .mail = mail,
	    .destination = destination, .active = true };
	domain_of_name(c, mail);
}

/* --- lines of each kind of file -------------------------------------- */

/* "key value" of a table of Postfix's: the key, and the rest. */
static void
table_split(struct arena *a, const char *line, const char **key,
    const char **value)
{
	size_t len = strcspn(line, BLANKS);

	*key = arena_strndup(a, line, len);
	*value = foreign_trimmed(a, line + len);
}

static void
domain_line(struct collecting *c, const char *line)
{
	const char *key, *value;

	table_split(c->i->arena, line, &key, &value);
	domain_add(c, key);
}

/* virtual(5): a domain alone as a key says that the domain is ours. */
static void
virtual_line(struct collecting *c, const char *line)
{
	const char *key, *value;

	table_split(c->i->arena, line, &key, &value);
	if (strchr(key, '@') == NULL && strchr(key, '.') != NULL)
		domain_add(c, key);
	else
		alias_add(c, key, value);
}

/* "anna@x.org x.org/anna/": Maildir or mbox below virtual_mailbox_base. */
static void
mailbox_line(struct collecting *c, const char *line)
{
	struct arena *a = c->i->arena;
	const char *key, *value;
	struct foreign_user *u;
	size_t len;

	table_split(a, line, &key, &value);
	if (*key == '@') {
		domain_of_name(c, key);
		foreign_row_dropped(c->i, FATE_LOST);
		foreign_lost(c->i, "user", key, "not imported", "is a "
		    "mailbox for all names; make a user and a catch-all");
		return;
	}
	u = user_get(c, key);
	/* If another program delivers, the value has no meaning. */
	if (strchr(value, '/') == NULL)
		return;
	len = strlen(value);
	while (len > 0 && value[len - 1] == '/')
		len--;
	u->home = arena_strndup(a, value, len);
}

/* Dovecot's way to write sizes, KiB without a unit unless in bytes. */
static bool
dovecot_quota_parse(struct arena *a, const char *text, const char *unit,
    int64_t *quota)
{
	size_t len = strlen(text);
	char *number = arena_strdup(a, text);

	if (len > 1 && (number[len - 1] == 'B' || number[len - 1] == 'b'))
		number[--len] = '\0';
	if (len > 1 && number[len - 1] >= 'a' && number[len - 1] <= 'z')
		number[len - 1] = (char)(number[len - 1] & ~0x20);
	if (len > 0 && number[len - 1] >= '0' && number[len - 1] <= '9')
		number = arena_printf(a, "%s%s", number, unit);
	if (!size_parse(number, quota))
		return false;
	if (*quota == 0)
		*quota = FIELD_NULL;
	return true;
}

/*
 * Only its name is shown: pass=... is a password, and where a password has a
 * colon, its end is a field here.
 */
static void
field_lost(struct collecting *c, const struct foreign_user *u,
    const char *field)
{
	size_t len = strspn(field, "abcdefghijklmnopqrstuvwxyz0123456789_");

	if (len > 0 && field[len] == '=')
		foreign_lost(c->i, "user", u->email, "left out",
		    "the extra field %.*s", (int)(len > 60 ? 60 : len),
		    field);
	else
		foreign_lost(c->i, "user", u->email, "left out",
		    "an extra field (" QUOTE_HIDDEN ")");
}

/* userdb_quota_rule=*:storage=1G, or bytes=, or userdb_quota_... of 2.4 */
static void
extra_field(struct collecting *c, struct foreign_user *u, const char *field)
{
	static const struct {
		const char *start;
		const char *unit;
	} quotas[] = {
		{ "userdb_quota_rule=*:storage=", "K" },
		{ "userdb_quota_rule=*:bytes=", "" },
		{ "userdb_quota_storage_size=", "" },
		{ "quota_rule=*:storage=", "K" },
		{ "quota_rule=*:bytes=", "" },
	};

	for (size_t k = 0; k < sizeof(quotas) / sizeof(quotas[0]); k++) {
		size_t len = strlen(quotas[k].start);

		if (strncmp(field, quotas[k].start, len) == 0 &&
		    dovecot_quota_parse(c->i->arena, field + len,
			quotas[k].unit, &u->quota))
			return;
	}
	field_lost(c, u, field);
}

static void
extra_fields(struct collecting *c, struct foreign_user *u, const char *text)
{
	while (*(text += strspn(text, BLANKS)) != '\0') {
		size_t len = strcspn(text, BLANKS);

		extra_field(c, u, arena_strndup(c->i->arena, text, len));
		text += len;
	}
}

#define MAIL_BASE "/var/vmail/"

/* An absolute home is made relative to the base that the files name. */
static void
home_take(struct collecting *c, struct foreign_user *u, const char *home)
{
	size_t len = strlen(MAIL_BASE);

	if (*home == '\0')
		return;
	if (strncmp(home, MAIL_BASE, len) == 0)
		home += len;
	u->home = arena_strdup(c->i->arena, home);
}

/* user:password:uid:gid:(gecos):home:(shell):extra fields */
static void
passwd_line(struct collecting *c, const char *line)
{
	struct arena *a = c->i->arena;
	struct foreign_user *u;
	const char *field[8];
	size_t n = 0;

	for (const char *p = line; n < 8; n++) {
		size_t len = n < 7 ? strcspn(p, ":") : strlen(p);

		field[n] = arena_strndup(a, p, len);
		p += len + (p[len] == ':');
	}
	u = user_get(c, field[0]);
	if (u->crypt != NULL) {
		foreign_row_dropped(c->i, FATE_LOST);
		foreign_lost(c->i, "user", field[0], "not imported",
		    "occurs more than once");
		return;
	}
	u->crypt = field[1];
	if (*field[4] != '\0')
		u->name = field[4];
	home_take(c, u, field[5]);
	extra_fields(c, u, field[7]);
}

/* docker-mailserver: user@domain|{SCHEME}hash|extra fields */
static void
account_line(struct collecting *c, const char *line)
{
	struct arena *a = c->i->arena;
	size_t name = strcspn(line, "|");
	const char *hash = line + name + (line[name] == '|');
	size_t len = strcspn(hash, "|");
	struct foreign_user *u = user_get(c, foreign_trimmed(a,
	    arena_strndup(a, line, name)));

	if (u->crypt != NULL) {
		foreign_row_dropped(c->i, FATE_LOST);
		foreign_lost(c->i, "user", u->email, "not imported",
		    "occurs more than once");
		return;
	}
	u->crypt = arena_strndup(a, hash, len);
	if (hash[len] == '|')
		extra_fields(c, u, hash + len + 1);
}

/* docker-mailserver: user@domain:5G; 0 is no limit */
static void
quota_line(struct collecting *c, const char *line)
{
	struct arena *a = c->i->arena;
	const char *colon = strrchr(line, ':');
	const char *name = colon == NULL ? line : arena_strndup(a, line,
	    (size_t)(colon - line));
	const char *key = lowered(a, foreign_trimmed(a, name));
	uint32_t n = nameset_find(&c->user_names, key, strlen(key));
	int64_t quota;

	if (colon == NULL || !dovecot_quota_parse(a,
	    foreign_trimmed(a, colon + 1), "", &quota))
		foreign_lost(c->i, "user", key, "left out",
		    "the quota cannot be read");
	else if (n == NAME_NONE)
		foreign_lost(c->i, "user", key, "left out",
		    "has a quota, but no such account exists");
	else
		c->users.item[n].quota = quota;
}

static void
pattern_line(struct collecting *c, const char *line)
{
	foreign_row_dropped(c->i, FATE_LOST);
	foreign_lost(c->i, "alias", line, "not imported",
	    "is a pattern; aliases here are names");
}

/* --- files ----------------------------------------------------------- */

/*
 * In the order of reading: files with domains first, and accounts before the
 * files that refer to them.
 */
static const struct kind {
	const char *name;
	void (*line)(struct collecting *c, const char *line);
	bool continues;		/* a line that begins with a blank */
	bool lists_domains;
} kinds[] = {
	{ "virtual_domains", domain_line, true, true },
	{ "virtual_mailbox_domains", domain_line, true, true },
	{ "vmailbox", mailbox_line, true },
	{ "virtual_mailbox_maps", mailbox_line, true },
	{ "passwd-file", passwd_line, false },
	{ "passwd", passwd_line, false },
	{ "users", passwd_line, false },
	{ "postfix-accounts.cf", account_line, false },
	{ "dovecot-quotas.cf", quota_line, false },
	{ "virtual", virtual_line, true },
	{ "virtual_alias_maps", virtual_line, true },
	{ "postfix-virtual.cf", virtual_line, true },
	{ "postfix-regexp.cf", pattern_line, true },
	{ 0 }
};

/* A whole one, with those that continue it. */
static void
logical_line(struct collecting *c, const struct kind *kind,
    struct text *line)
{
	const char *text = foreign_trimmed(c->i->arena, line->buf);

	c->i->row++;
	if (*text != '\0' && *text != '#')
		kind->line(c, text);
	text_cut(line, 0);
}

static bool
file_lines(struct collecting *c, const struct kind *kind, struct lines *l,
    struct err *e)
{
	struct text whole = TEXT_INIT;

	while (lines_next(l, e)) {
		const char *line = l->line.buf;
		bool more = kind->continues && strchr(BLANKS, *line) != NULL
		    && *line != '\0' && whole.len > 0;

		if (line[strspn(line, BLANKS)] == '#' ||
		    line[strspn(line, BLANKS)] == '\0')
			continue;
		if (!more)
			logical_line(c, kind, &whole);
		text_add_bytes(&whole, line, l->line.len);
	}
	logical_line(c, kind, &whole);
	text_clear(&whole);
	return e->code == ERR_NONE;
}

static bool
file_read_kind(struct collecting *c, const struct kind *kind, struct err *e)
{
	const char *path = arena_printf(c->i->arena, "%s/%s",
	    c->i->options->directory, kind->name);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct lines l;
	bool ok;

	if (fd < 0 && errno == ENOENT)
		return true;
	if (fd < 0)
		return err_errno(e, "cannot read %s", path);
	c->any = true;
	c->domains_listed |= kind->lists_domains;
	lines_init(&l, fd, path, LINE_MAX_BYTES);
	ok = file_lines(c, kind, &l, e);
	lines_clear(&l);
	close(fd);
	return ok;
}

static bool
files_read(struct collecting *c, struct err *e)
{
	for (const struct kind *kind = kinds; kind->name != NULL; kind++) {
		if (!file_read_kind(c, kind, e))
			return false;
	}
	if (c->any)
		return true;
	err_set(e, ERR_NOT_FOUND, "no file to import in %s",
	    c->i->options->directory);
	return err_hint(e, "it may hold virtual, vmailbox, virtual_domains, "
	    "passwd-file, postfix-accounts.cf, postfix-virtual.cf and "
	    "dovecot-quotas.cf");
}

static bool
collected(struct collecting *c, struct err *e)
{
	bool ok = true;

	for (size_t k = 0; ok && k < c->domains.count; k++)
		ok = foreign_domain(c->i, &c->domains.item[k], e);
	for (size_t k = 0; ok && k < c->users.count; k++)
		ok = foreign_user(c->i, &c->users.item[k], e);
	for (size_t k = 0; ok && k < c->aliases.count; k++)
		ok = foreign_alias(c->i, &c->aliases.item[k], e);
	return ok;
}

bool
foreign_files(struct importing *i, struct err *e)
{
	struct collecting c = { .i = i };
	bool ok = files_read(&c, e) && collected(&c, e);

	i->from->found = i->options->directory;
	VECTOR_CLEAR(&c.users);
	VECTOR_CLEAR(&c.aliases);
	VECTOR_CLEAR(&c.domains);
	nameset_clear(&c.user_names);
	nameset_clear(&c.domain_names);
	return ok;
}
