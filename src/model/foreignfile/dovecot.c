/* Lines of Dovecot's files, and of those that docker-mailserver makes. */
#include <string.h>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/size.h"
#include "model/foreignfile/private.h"

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
		foreign_lost(c->i, "user", u->email, LEFT_OUT,
		    "the extra field %.*s", (int)(len > 60 ? 60 : len),
		    field);
	else
		foreign_lost(c->i, "user", u->email, LEFT_OUT,
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

/* It may be a password, so it is not shown. */
static bool
is_entry(struct collecting *c, const char *line, char between)
{
	if (strchr(line, between) != NULL)
		return true;
	collect_refused(c, "user", "a line (" QUOTE_HIDDEN ")",
	    arena_printf(c->i->arena, "has no %c", between));
	return false;
}

/* user:password:uid:gid:(gecos):home:(shell):extra fields */
void
passwd_line(struct collecting *c, const char *line)
{
	struct arena *a = c->i->arena;
	struct foreign_user *u;
	const char *field[8];
	size_t n = 0;

	if (!is_entry(c, line, ':'))
		return;
	for (const char *p = line; n < 8; n++) {
		size_t len = n < 7 ? strcspn(p, ":") : strlen(p);

		field[n] = arena_strndup(a, p, len);
		p += len + (p[len] == ':');
	}
	u = collect_user(c, field[0]);
	if (u->crypt != NULL) {
		collect_lost(c, "user", field[0], "occurs more than once");
		return;
	}
	u->crypt = field[1];
	if (*field[4] != '\0')
		u->name = field[4];
	home_take(c, u, field[5]);
	extra_fields(c, u, field[7]);
}

/* docker-mailserver: user@domain|{SCHEME}hash|extra fields */
void
account_line(struct collecting *c, const char *line)
{
	struct arena *a = c->i->arena;
	size_t name = strcspn(line, "|");
	const char *hash = line + name + (line[name] == '|');
	size_t len = strcspn(hash, "|");
	struct foreign_user *u;

	if (!is_entry(c, line, '|'))
		return;
	u = collect_user(c, foreign_trimmed(a, arena_strndup(a, line, name)));
	if (u->crypt != NULL) {
		collect_lost(c, "user", u->email, "occurs more than once");
		return;
	}
	u->crypt = arena_strndup(a, hash, len);
	if (hash[len] == '|')
		extra_fields(c, u, hash + len + 1);
}

/* docker-mailserver: user@domain:5G; 0 is no limit */
void
quota_line(struct collecting *c, const char *line)
{
	struct arena *a = c->i->arena;
	const char *colon = strrchr(line, ':');
	const char *name = lowered(a, foreign_trimmed(a, colon == NULL ?
	    line : arena_strndup(a, line, (size_t)(colon - line))));
	struct foreign_user *u = collect_user_find(c, name);
	int64_t quota;

	if (colon == NULL || !dovecot_quota_parse(a,
	    foreign_trimmed(a, colon + 1), "", &quota))
		foreign_lost(c->i, "user", name, LEFT_OUT,
		    "the quota cannot be read");
	else if (u == NULL)
		foreign_lost(c->i, "user", name, LEFT_OUT,
		    "has a quota, but no such account exists");
	else
		u->quota = quota;
}

/* "name:hash" of Dovecot, "name|hash" of docker-mailserver. */
void
master_line(struct collecting *c, const char *line)
{
	collect_lost(c, "master user", arena_strndup(c->i->arena, line,
	    strcspn(line, ":| \t")), "may log in as every user: keep its "
	    "passdb in Dovecot's local.conf");
}
