/* Text files in a directory, line by line. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "file/lines.h"
#include "model/foreignfile/private.h"

#define LINE_MAX_BYTES ((size_t)1024 * 1024)

/* A whole one, with those that continue it. */
static void
logical_line(struct collecting *c, const struct text_file *f,
    struct text *line)
{
	const char *text = foreign_trimmed(c->i->arena, line->buf);

	c->i->row++;
	if (*text != '\0' && *text != '#')
		f->take(c, text);
	text_cut(line, 0);
}

static bool
file_lines(struct collecting *c, const struct text_file *f, struct lines *l,
    struct err *e)
{
	struct text whole = TEXT_INIT;

	while (lines_next(l, e)) {
		const char *line = l->line.buf;
		bool more = f->continues && strchr(BLANKS, *line) != NULL
		    && *line != '\0' && whole.len > 0;

		if (line[strspn(line, BLANKS)] == '#' ||
		    line[strspn(line, BLANKS)] == '\0')
			continue;
		if (!more)
			logical_line(c, f, &whole);
		text_add_bytes(&whole, line, l->line.len);
	}
	logical_line(c, f, &whole);
	text_clear(&whole);
	return e->code == ERR_NONE;
}

static bool
text_file_read(struct collecting *c, const struct text_file *f, bool *any,
    struct err *e)
{
	const char *path = arena_printf(c->i->arena, "%s/%s",
	    c->i->options->path, f->name);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct lines l;
	bool ok;

	if (fd < 0 && errno == ENOENT)
		return true;
	if (fd < 0)
		return err_errno(e, "cannot read %s", path);
	*any = true;
	c->domains_listed |= f->lists_domains;
	lines_init(&l, fd, path, LINE_MAX_BYTES);
	ok = file_lines(c, f, &l, e);
	lines_clear(&l);
	close(fd);
	return ok;
}

bool
text_files_read(struct collecting *c, const struct text_file *files,
    bool *any, struct err *e)
{
	for (const struct text_file *f = files; f->name != NULL; f++) {
		if (f->take != NULL && !text_file_read(c, f, any, e))
			return false;
	}
	return true;
}

/* --- Postfix and Dovecot ----------------------------------------------- */

/*
 * In the order of reading: files with domains first, and accounts before the
 * files that refer to them.
 */
static const struct text_file postfix_files[] = {
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
	{ "aliases", machine_alias_line, true },
	{ "postfix-aliases.cf", machine_alias_line, true },
	{ "relaymap", relay_line, true },
	{ "relayhost_map", relay_line, true },
	{ "postfix-relaymap.cf", relay_line, true },
	{ "sasl_passwd", relay_password_line, true },
	{ "postfix-sasl-password.cf", relay_password_line, true },
	{ "master-users", master_line, false },
	{ "dovecot-masters.cf", master_line, false },
	{ 0 }
};

static bool
none_read(const struct importing *i, const char *may_hold, struct err *e)
{
	err_set(e, ERR_NOT_FOUND, "no file to import in %s",
	    i->options->path);
	return err_hint(e, "it may hold %s", may_hold);
}

bool
postfix_files_read(struct importing *i, struct err *e)
{
	struct collecting c = { .i = i };
	bool any = false, ok;

	ok = text_files_read(&c, postfix_files, &any, e);
	if (ok && !any)
		ok = none_read(i, "virtual, vmailbox, virtual_domains, "
		    "passwd-file, aliases, relaymap, sasl_passwd and "
		    "master-users", e);
	ok = ok && collect_end(&c, e);
	i->from->found = i->options->path;
	collect_clear(&c);
	return ok;
}

/* --- docker-mailserver --------------------------------------------------- */

static const struct text_file docker_files[] = {
	{ "postfix-accounts.cf", account_line, false },
	{ "dovecot-quotas.cf", quota_line, false },
	{ "postfix-send-access.cf", send_access_line, true },
	{ "postfix-receive-access.cf", receive_access_line, true },
	{ "postfix-virtual.cf", virtual_line, true },
	{ "postfix-regexp.cf", pattern_line, true },
	{ "postfix-aliases.cf", machine_alias_line, true },
	{ "postfix-relaymap.cf", relay_line, true },
	{ "postfix-sasl-password.cf", relay_password_line, true },
	{ "dovecot-masters.cf", master_line, false },
	{ 0 }
};

/* What else its documentation puts into the directory. */
static const struct {
	const char *name;
	const char *advice;
} docker_others[] = {
	{ "opendkim", "holds DKIM keys: see import dkim" },
	{ "rspamd", "holds settings of rspamd, and DKIM keys: see import "
	    "dkim" },
	{ "ssl", "holds certificates: name one to config init" },
	{ "postfix-main.cf", "holds settings: put them into Postfix's "
	    "local.cf" },
	{ "postfix-master.cf", "holds settings: put them into Postfix's "
	    "local.cf" },
	{ "dovecot.cf", "holds settings: put them into Dovecot's "
	    "local.conf" },
	{ "fetchmail.cf", "fetches mail from elsewhere: keep fetchmail" },
	{ "user-patches.sh", "changes the container" },
	{ 0 }
};

/* A filter of one user, fetching by getmail, or anything else. */
static const char *
advice_on(const char *name)
{
	size_t len = strlen(name);

	for (size_t k = 0; docker_others[k].name != NULL; k++) {
		if (strcmp(docker_others[k].name, name) == 0)
			return docker_others[k].advice;
	}
	return len > 6 && strcmp(name + len - 6, ".sieve") == 0 ?
	    "is a Sieve script: copy it" : "is not read";
}

static bool
is_read(const char *name)
{
	for (const struct text_file *f = docker_files; f->name != NULL; f++) {
		if (strcmp(f->name, name) == 0)
			return true;
	}
	return false;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Each other file, since there may be data in it. */
static bool
others_lost(struct collecting *c, struct err *e)
{
	struct dirent **entry;
	int n = scandir(c->i->options->path, &entry, NULL, by_name);

	if (n < 0)
		return err_errno(e, "cannot read %s", c->i->options->path);
	for (int k = 0; k < n; k++) {
		const char *name = entry[k]->d_name;

		if (*name != '.' && !is_read(name))
			foreign_lost(c->i, "file", name, LEFT_OUT, "%s",
			    advice_on(name));
		free(entry[k]);
	}
	free(entry);
	return true;
}

bool
docker_read(struct importing *i, struct err *e)
{
	struct collecting c = { .i = i };
	bool any = false, ok;

	ok = text_files_read(&c, docker_files, &any, e);
	if (ok && !any)
		ok = none_read(i, "postfix-accounts.cf and "
		    "postfix-virtual.cf", e);
	ok = ok && others_lost(&c, e) && collect_end(&c, e);
	i->from->found = "docker-mailserver";
	collect_clear(&c);
	return ok;
}
