/* Verifying that mail is put where Dovecot looks for it. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/verify/private.h"

/* --- virtual(8) --------------------------------------------------------- */

/* "static:5000"; -1: not one number. */
static long
static_number(const struct verifying *v, const char *setting)
{
	const char *value = verify_postfix(v, setting);
	char *end;
	long number;

	if (strncmp(value, "static:", 7) != 0)
		return -1;
	number = strtol(value + 7, &end, 10);
	return *end == '\0' && end > value + 7 ? number : -1;
}

static void
minimum_verify(struct verifying *v)
{
	long uid = static_number(v, "virtual_uid_maps");
	long least = strtol(verify_postfix(v, "virtual_minimum_uid"), NULL,
	    10);

	if (uid < 0 || uid >= least)
		return;
	verify_at(v, (struct verify_at){ .setting = "virtual_minimum_uid" });
	verify_found(v, VERIFY_STORED_ELSEWHERE, "virtual_minimum_uid",
	    uid >= 100 ? "postconf -X virtual_minimum_uid" : arena_printf(
		v->arena, "postconf -e 'virtual_minimum_uid = %ld'", uid),
	    "virtual_uid_maps is static:%ld, less than "
	    "virtual_minimum_uid: nothing is delivered", uid);
}

/* "maildir:/var/vmail/%d/%n" begins with "/var/vmail/". */
static const char *
fixed_part(struct verifying *v, const char *location)
{
	const char *path = strchr(location, '/');

	if (path == NULL || strchr(location, '~') != NULL ||
	    strchr(location, '%') == NULL)
		return NULL;
	return arena_strndup(v->arena, path, strcspn(path, "%:"));
}

static void
base_verify(struct verifying *v)
{
	const char *base = verify_postfix(v, "virtual_mailbox_base");
	const char *there = fixed_part(v, verify_dovecot(v, v->dovecot.minor >=
	    4 ? "mail_path" : "mail_location"));
	size_t len = strlen(base);

	while (len > 1 && base[len - 1] == '/')
		len--;
	if (len == 0 || there == NULL || strncmp(base, there, len) == 0)
		return;
	verify_at(v, (struct verify_at){ .setting = "virtual_mailbox_base" });
	verify_found(v, VERIFY_STORED_ELSEWHERE, "virtual_mailbox_base",
	    NULL, "Postfix puts mail below %s, and Dovecot looks for it below "
	    "%s", base, there);
}

/* Of a static userdb, or of all users. */
static long
dovecot_uid(const struct verifying *v)
{
	const struct dovecot_block *b = dovecot_block(v->dovecot.root,
	    "userdb", NULL);
	const char *args = b != NULL ? dovecot_value(b, "args") : NULL;
	const char *at = args != NULL ? strstr(args, "uid=") : NULL;
	const char *name = at != NULL ? arena_strndup(v->arena, at + 4,
	    strcspn(at + 4, " \t")) : verify_dovecot(v, "mail_uid");

	return verify_uid_of(name);
}

static void
owner_verify(struct verifying *v)
{
	long uid = static_number(v, "virtual_uid_maps");
	long there = dovecot_uid(v);

	if (uid < 0 || there < 0 || uid == there)
		return;
	verify_at(v, (struct verify_at){ .setting = "virtual_uid_maps" });
	verify_found(v, VERIFY_STORED_ELSEWHERE, "virtual_uid_maps",
	    arena_printf(v->arena, "postconf -e 'virtual_uid_maps = "
		"static:%ld'", there),
	    "Postfix delivers as the uid %ld, and Dovecot reads as %ld: it "
	    "may not open that mail", uid, there);
}

static void
virtual_verify(struct verifying *v)
{
	if (strcmp(verify_postfix(v, "virtual_transport"), "virtual") != 0 ||
	    *verify_postfix(v, "virtual_mailbox_maps") == '\0' ||
	    *verify_postfix(v, "virtual_mailbox_domains") == '\0')
		return;
	minimum_verify(v);
	if (!v->has_dovecot)
		return;
	base_verify(v);
	owner_verify(v);
}

/* --- local(8) ----------------------------------------------------------- */

/* The inbox below the home: "Mail/Inbox" of "maildir:~/Mail:INBOX=~/...". */
static const char *
inbox_below_home(struct verifying *v, const char *location)
{
	const char *inbox = strstr(location, ":INBOX=");
	const char *path = inbox != NULL ? inbox + 7 : strchr(location, ':');
	size_t len;

	if (path == NULL)
		return NULL;
	path += *path == ':';
	if (strncmp(path, "~/", 2) == 0)
		path += 2;
	else if (strncmp(path, "%h/", 3) == 0)
		path += 3;
	else
		return NULL;
	len = strcspn(path, ":");
	while (len > 0 && path[len - 1] == '/')
		len--;
	return arena_strndup(v->arena, path, len);
}

static bool
has_accounts(const struct verifying *v)
{
	const struct dovecot_block *b = v->dovecot.root->child;
	const char *driver;

	for (; (b = verify_block_next(b, "userdb")) != NULL; b = b->next) {
		driver = dovecot_value(b, "driver");
		if (strcmp(driver != NULL ? driver : b->name, "passwd") == 0)
			return true;
	}
	return false;
}

static void
home_verify(struct verifying *v)
{
	const char *location = verify_dovecot(v, "mail_location");
	const char *home = verify_postfix(v, "home_mailbox");
	const char *inbox = inbox_below_home(v, location);
	bool maildir = strncmp(location, "maildir:", 8) == 0;
	size_t len = strlen(home);

	if (inbox == NULL || *verify_postfix(v, "mailbox_command") != '\0' ||
	    *verify_postfix(v, "mailbox_transport") != '\0' ||
	    strncmp(verify_postfix(v, "local_transport"), "local", 5) != 0 ||
	    *verify_postfix(v, "mydestination") == '\0' || !has_accounts(v))
		return;
	while (len > 0 && home[len - 1] == '/')
		len--;
	if (strlen(inbox) == len && strncmp(home, inbox, len) == 0 &&
	    maildir == (home[len] == '/'))
		return;
	verify_at(v, (struct verify_at){ .setting = "home_mailbox" });
	verify_found(v, VERIFY_STORED_ELSEWHERE, "home_mailbox",
	    arena_printf(v->arena, "postconf -e 'home_mailbox = %s%s'", inbox,
		maildir ? "/" : ""), "Postfix puts mail into %s%s, and "
	    "Dovecot looks for it in ~/%s%s", *home != '\0' ? "~/" :
	    verify_postfix(v, "mail_spool_directory"), home, inbox,
	    maildir ? "/" : "");
}

/* --- a pipe --------------------------------------------------------------- */

/* "-d ${user}" alone: Dovecot's users have a domain. */
static void
pipe_verify(struct verifying *v)
{
	const char *value = verify_postfix(v, "virtual_transport");
	const struct postfix_service *s = verify_service(v, arena_strndup(
	    v->arena, value, strcspn(value, ":")));
	const char *at;

	if (s == NULL || strcmp(s->command, "pipe") != 0 ||
	    strstr(s->arguments, "dovecot") == NULL ||
	    !verify_dovecot_domains(v))
		return;
	at = strstr(s->arguments, "-d ${user}");
	if (at == NULL || (at[10] != '\0' && at[10] != ' '))
		return;
	verify_found(v, VERIFY_STORED_ELSEWHERE, arena_printf(v->arena,
	    "%s/%s", s->name, s->type), arena_printf(v->arena, "write -d "
		"${user}@${nexthop} in the service %s of master.cf", s->name),
	    "the service %s delivers to ${user}, without the domain: Dovecot "
	    "does not find that user", s->name);
}

void
verify_storage(struct verifying *v)
{
	virtual_verify(v);
	if (!v->has_dovecot)
		return;
	home_verify(v);
	if (*verify_postfix(v, "virtual_mailbox_domains") != '\0')
		pipe_verify(v);
}
