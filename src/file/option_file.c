/* Looking at MariaDB's option files before libmariadb reads them. */
#include "file/option_file.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/text.h"
#include "base/words.h"
#include "file/permission.h"
#include "file/read.h"

/* The buffer of libmariadb: the rest of a line is a new line to it. */
#define LINE_LENGTH_MAX 4093

/* More than any real configuration has; files may include in circles. */
#define FILES_MAX 512
#define DEPTH_MAX 16

/* One file that is being read. */
struct source {
	const struct source *up;	/* the one that includes it */
	const char *path;
	struct stat st;
	unsigned depth;
	unsigned line;
	bool grouped;			/* a [group] has begun */
	bool used;			/* its values count */
	bool guarded;			/* it is used, or of admin_group */
};

struct reader {
	struct arena *arena;
	const char *groups[5];		/* and a final NULL */
	const char *admin_group;
	struct option_facts *facts;
	unsigned files;
};

#define FACT(member) offsetof(struct option_facts, member) +		\
    0 * sizeof(_Generic(((struct option_facts *)0)->member, const char *: 0))

static const struct option {
	const char *name;
	size_t offset;
	const char *empty;		/* what the empty value means */
} options[] = {
	{ "host", FACT(host), "localhost" },
	{ "servername", FACT(host), "localhost" },
	{ "socket", FACT(socket), NULL },
	{ "user", FACT(user), NULL },
	{ "database", FACT(database), NULL },
	{ "db", FACT(database), NULL },
	{ "port", FACT(port), NULL },
	{ 0 }
};

static const char *const secrets[] = {
	"password", "passwd", "ssl-passphrase", "tls-passphrase", NULL
};

/* Whether the certificate of the server is checked, and TLS is used. */
static const char *const tls_checks[] = {
	"ssl-verify-server-cert", "tls-verify-peer", "ssl-enforce",
	"tls-enforce", NULL
};

/* None of these shows the password. */
static const char *const login_plugins[] = {
	"mysql_native_password", "client_ed25519", "parsec", NULL
};

static bool
source_read(struct reader *r, const char *path, bool named,
    const struct source *up, struct err *e);

static void
cut_end(char *s)
{
	s[trimmed_length(s, strlen(s), SPACES)] = '\0';
}

static bool
is_listed(const char *name, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (strcmp(name, *list) == 0)
			return true;
	}
	return false;
}

static char
unescaped(char c)
{
	static const char from[] = "ntrbs\"'\\", to[] = "\n\t\r\b \"'\\";
	const char *p = c != '\0' ? strchr(from, c) : NULL;

	return p != NULL ? to[p - from] : '\0';
}

/* Quotes and escapes as libmariadb reads them, in odd cases, too. */
static char *
unquote(char *value)
{
	size_t len = strlen(value);
	char *from, *to, *end;

	if (*value == '"' || *value == '\'') {
		value++;
		len--;
		if (len > 0 && (value[len - 1] == '"' ||
		    value[len - 1] == '\''))
			len--;
	}
	end = value + len;
	for (from = to = value; from < end; from++) {
		char c = '\0';

		if (*from == '\\' && from + 1 < end)
			c = unescaped(from[1]);
		if (c != '\0')
			from++;
		*to++ = c != '\0' ? c : *from;
	}
	*to = '\0';
	return value;
}

static void
fact_set(struct reader *r, const char *name, const char *value)
{
	for (const struct option *o = options; o->name != NULL; o++) {
		const char *fact = o->empty;

		if (strcmp(o->name, name) != 0)
			continue;
		if (*value != '\0')
			fact = arena_strdup(r->arena, value);
		memcpy((char *)r->facts + o->offset, &fact, sizeof(fact));
	}
}

/* An empty list allows all. */
static bool
logins_check(const struct source *src, const char *list, struct err *e)
{
	struct arena a = { 0 };
	char *left = arena_strdup(&a, list), *plugin;
	bool ok = *list != '\0';

	while (ok && (plugin = strsep(&left, ",")) != NULL)
		ok = is_listed(trim(plugin, SPACES), login_plugins);
	arena_clear(&a);
	if (ok)
		return true;
	err_set(e, ERR_DENIED, "%s:%u: restricted-auth may let a server ask "
	    "for the password in clear", src->path, src->line);
	return err_hint(e, "remove that line; mailadm itself allows "
	    "mysql_native_password, client_ed25519 and parsec");
}

/* With a value libmariadb 3.3 crashes at it. */
static bool
infile_refuse(const struct source *src, struct err *e)
{
	err_set(e, ERR_INVALID, "%s:%u: disable-local-infile with a value "
	    "cannot be read", src->path, src->line);
	return err_hint(e, "remove that line; mailadm itself lets no server "
	    "read a file");
}

/*
 * name = value, or a name alone, which libmariadb takes only at the end of a
 * file.
 */
static bool
option_take(struct reader *r, const struct source *src, char *line,
    struct err *e)
{
	static char none[] = "";
	char *value = strchr(line, '=');
	bool valued = value != NULL;

	if (valued)
		*value++ = '\0';
	else
		value = none;
	cut_end(line);
	for (char *p = line; (p = strchr(p, '_')) != NULL; )
		*p = '-';
	value = unquote(trim(value, SPACES));
	if (is_listed(line, tls_checks))
		r->facts->tls_loosened = true;
	if (strcmp(line, "restricted-auth") == 0)
		return logins_check(src, value, e);
	if (valued && strcmp(line, "disable-local-infile") == 0)
		return infile_refuse(src, e);
	if (is_listed(line, secrets))
		return *value == '\0' || permission_check(
		    FILE_OPTIONS_PASSWORD, src->path, &src->st, e);
	if (src->used && valued)
		fact_set(r, line, value);
	return true;
}

static bool
group_take(struct reader *r, struct source *src, char *name, struct err *e)
{
	char *end = strchr(name, ']');
	bool admin;

	if (end == NULL)
		return err_set(e, ERR_INVALID, "%s:%u: a group without \"]\"",
		    src->path, src->line);
	*end = '\0';
	cut_end(name);
	admin = r->admin_group != NULL && strcmp(name, r->admin_group) == 0;
	src->grouped = true;
	src->used = is_listed(name, r->groups);
	src->guarded = src->used || admin;
	if (admin)
		r->facts->has_admin_group = true;
	return true;
}

static int
name_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
is_option_file(const char *name)
{
	size_t len = strlen(name);

	return len >= 4 && strcmp(name + len - 4, ".cnf") == 0;
}

/* The *.cnf of a directory, sorted; none where it cannot be read. */
static struct words
directory_files(struct arena *a, const char *path)
{
	struct words files = { 0 };
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir != NULL && files.count <= FILES_MAX &&
	    (entry = readdir(dir)) != NULL) {
		if (is_option_file(entry->d_name))
			words_add(a, &files, arena_printf(a, "%s/%s", path,
			    entry->d_name));
	}
	if (dir != NULL)
		closedir(dir);
	if (files.count > 1)
		qsort(files.word, files.count, sizeof(*files.word),
		    name_compare);
	return files;
}

/* A directory that we cannot look at, libmariadb cannot read either. */
static bool
directory_check(enum file_kind kind, const char *path, struct err *e)
{
	struct stat st;

	return stat(path, &st) != 0 || permission_check(kind, path, &st, e);
}

/* As in libmariadb one blank ends the word; the next ones are in the name. */
static bool
include_take(struct reader *r, const struct source *src, char *line,
    struct err *e)
{
	char *path = strchr(line, ' ');
	struct words files = { 0 };

	if (path == NULL)
		return true;
	*path++ = '\0';
	cut_end(path);
	if (strcmp(line, "include") == 0)
		words_add(r->arena, &files, arena_strdup(r->arena, path));
	else if (strcmp(line, "includedir") == 0 &&
	    !directory_check(FILE_OPTIONS_INCLUDED, path, e))
		return false;
	else if (strcmp(line, "includedir") == 0)
		files = directory_files(r->arena, path);
	for (size_t i = 0; i < files.count; i++) {
		if (!source_read(r, files.word[i], false, src, e))
			return false;
	}
	return true;
}

static bool
line_take(struct reader *r, struct source *src, char *line, struct err *e)
{
	line += strspn(line, SPACES);
	switch (*line) {
	case '\0':
	case '#':
	case ';':
	case '"':
	case '\'':
		return true;
	case '!':
		return include_take(r, src, line + 1, e);
	case '[':
		return group_take(r, src, line + 1, e);
	}
	if (!src->grouped)
		return err_set(e, ERR_INVALID,
		    "%s:%u: an option before the first [group]", src->path,
		    src->line);
	return !src->guarded || option_take(r, src, line, e);
}

/* The buffer of the lines is overwritten, since they hold passwords. */
static bool
lines_take(struct reader *r, struct source *src, const struct text *content,
    struct err *e)
{
	char line[LINE_LENGTH_MAX + 1];
	const char *p = content->buf, *end = p + content->len;
	bool ok = true, whole = true;

	while (ok && p < end) {
		size_t left = (size_t)(end - p);
		size_t n = left < LINE_LENGTH_MAX ? left : LINE_LENGTH_MAX;
		const char *newline = memchr(p, '\n', n);

		if (newline != NULL)
			n = (size_t)(newline - p) + 1;
		src->line += whole;
		whole = newline != NULL;
		memcpy(line, p, n);
		line[n] = '\0';
		ok = line_take(r, src, line, e);
		p += n;
	}
	explicit_bzero(line, sizeof(line));
	return ok;
}

/* True when the file includes itself, perhaps through others. */
static bool
is_open(const struct source *src)
{
	for (const struct source *s = src->up; s != NULL; s = s->up) {
		if (s->st.st_dev == src->st.st_dev &&
		    s->st.st_ino == src->st.st_ino)
			return true;
	}
	return false;
}

static bool
limits_check(struct reader *r, const struct source *src, struct err *e)
{
	if (src->depth > DEPTH_MAX)
		return err_set(e, ERR_INVALID,
		    "%s: option files include each other %d deep", src->path,
		    DEPTH_MAX);
	if (++r->files > FILES_MAX)
		return err_set(e, ERR_INVALID,
		    "%s: more than %d option files", src->path, FILES_MAX);
	return true;
}

/* Users who can rename files there could replace the option file. */
static bool
holder_check(const struct reader *r, const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	const char *holder = slash == NULL ? "." : slash == path ? "/" :
	    arena_strndup(r->arena, path, (size_t)(slash - path));

	return directory_check(FILE_OPTIONS_HOLDER, holder, e);
}

/* For a link: the directory of the link, and that of its target. */
static bool
source_check(const struct reader *r, const struct source *src, struct err *e)
{
	char *target;
	bool ok;

	if (!S_ISREG(src->st.st_mode))
		return true;
	if (!permission_check(FILE_OPTIONS, src->path, &src->st, e) ||
	    !holder_check(r, src->path, e))
		return false;
	target = realpath(src->path, NULL);
	ok = target == NULL || holder_check(r, target, e);
	free(target);
	return ok;
}

/* libmariadb skips files that it cannot find or may not read. */
static bool
source_read(struct reader *r, const char *path, bool named,
    const struct source *up, struct err *e)
{
	struct source src = {
		.up = up, .path = path, .depth = up ? up->depth + 1 : 0
	};
	struct text content = TEXT_INIT;
	bool ok;

	if (!limits_check(r, &src, e))
		return false;
	ok = file_read(path, &content, &src.st, e);
	words_add(r->arena, ok ? &r->facts->read : &r->facts->missing, path);
	if (!ok && !named &&
	    (e->code == ERR_NOT_FOUND || e->code == ERR_DENIED)) {
		err_clear(e);
		ok = true;
	} else if (ok && !is_open(&src)) {
		ok = source_check(r, &src, e) &&
		    lines_take(r, &src, &content, e);
	}
	text_clear(&content);
	return ok;
}

/* The standard files, in the order of libmariadb. */
static struct words
standard_files(struct arena *a)
{
	const char *home = getenv("HOME");
	const char *server = getenv("MARIADB_HOME");
	struct words files = { 0 };

	if (server == NULL)
		server = getenv("MYSQL_HOME");
	words_add(a, &files, "/etc/my.cnf");
	words_add(a, &files, "/etc/mysql/my.cnf");
	if (server != NULL && strcmp(server, "/etc") != 0 &&
	    strcmp(server, "/etc/mysql") != 0)
		words_add(a, &files, arena_printf(a, "%s/my.cnf", server));
	if (home != NULL)
		words_add(a, &files, arena_printf(a, "%s/.my.cnf", home));
	return files;
}

bool
option_files_look(struct arena *a, const char *defaults_file,
    const char *group, const char *admin_group, struct option_facts *facts,
    struct err *e)
{
	struct reader r = {
		.arena = a,
		.groups = {
			"client", "client-server", "client-mariadb", group,
		},
		.admin_group = admin_group,
		.facts = facts,
	};
	struct words files;

	*facts = (struct option_facts){ 0 };
	if (defaults_file != NULL)
		return source_read(&r, defaults_file, true, NULL, e);
	files = standard_files(a);
	for (size_t i = 0; i < files.count; i++) {
		if (!source_read(&r, files.word[i], false, NULL, e))
			return false;
	}
	return true;
}

static bool
address_is_loopback(const char *host)
{
	struct in6_addr six;
	struct in_addr four;

	if (strcasecmp(host, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, host, &six) == 1 &&
	    IN6_IS_ADDR_LOOPBACK(&six);
}

static bool
is_port(const char *s)
{
	size_t len = strspn(s, "0123456789");

	return len > 0 && len <= 5 && s[len] == '\0';
}

/* True for a local HOST, HOST:PORT, [V6] or [V6]:PORT. */
static bool
entry_is_local(char *host)
{
	bool six = *host == '[';
	char *end;

	if (address_is_loopback(host))
		return true;
	end = strchr(host, six ? ']' : ':');
	if (end == NULL || (end[0] == ']' && end[1] != '\0' &&
	    end[1] != ':'))
		return false;
	if (end[six] != '\0' && !is_port(end + six + 1))
		return false;
	*end = '\0';
	return address_is_loopback(host + six);
}

bool
option_host_is_local(const char *host, const char *socket)
{
	struct arena a = { 0 };
	char *list, *entry;
	bool local = true;
	size_t n = 0;

	(void)socket;
	if (host == NULL || *host == '\0')
		return true;
	list = arena_strdup(&a, host);
	while (local && (entry = strsep(&list, ",")) != NULL) {
		entry = trim(entry, SPACES);
		if (*entry == '\0')
			continue;
		local = entry_is_local(entry);
		n++;
	}
	arena_clear(&a);
	return local && n > 0;
}
