/* Which releases of the servers there are. */
#include "model/server/release.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "file/cf.h"
#include "file/program.h"
#include "file/read.h"

bool
release_parse(const char *text, unsigned *release)
{
	unsigned long major, minor;
	char *end;

	major = strtoul(text, &end, 10);
	if (end == text || *end != '.' || *text < '0' || *text > '9')
		return false;
	text = end + 1;
	minor = strtoul(text, &end, 10);
	if (end == text || *text < '0' || *text > '9' || major > 1000 ||
	    minor > 99 || (*end != '\0' && strchr(".- \n(", *end) == NULL))
		return false;
	*release = RELEASE((unsigned)major, (unsigned)minor);
	return true;
}

/* The releases of Dovecot that have templates. */
static const struct {
	const char *name;
	unsigned release;
} dovecots[] = {
	{ "2.3", RELEASE(2, 3) },
	{ "2.4", RELEASE(2, 4) },
	{ 0 }
};

/* A program that reports its release. */
struct asked {
	const char *name;
	const char *owner;	/* the server that it belongs to */
	const char *words[3];	/* its arguments; NULL ends them */
	const char *option;	/* option that names the release */
};

static const struct asked postconf = { "postconf", "Postfix",
    { "-dh", "mail_version" }, "--postfix-version" };
static const struct asked dovecot = { "dovecot", "Dovecot",
    { "--version" }, "--dovecot-version" };

static bool
ask(struct arena *a, const struct asked *asked, unsigned *release,
    struct err *e)
{
	struct program_answer answer = { 0 };
	const struct text nothing = TEXT_INIT;
	struct words argv = { 0 };
	const char *path;

	if (!program_find(a, asked->name, asked->owner, &path, e))
		return err_hint(e, "%s gives the release", asked->option);
	words_add(a, &argv, path);
	for (size_t i = 0; asked->words[i] != NULL; i++)
		words_add(a, &argv, asked->words[i]);
	if (!program_run(a, &argv, &nothing, &answer, e))
		return false;
	if (answer.status == 0 && release_parse(answer.out, release))
		return true;
	err_set(e, ERR_IO, "%s does not report its release", asked->name);
	return err_hint(e, "%s gives it", asked->option);
}

static bool
postfix_release(struct arena *a, const char *given, unsigned *release,
    struct err *e)
{
	if (given == NULL)
		return ask(a, &postconf, release, e);
	BUG_ON(!release_parse(given, release));
	return true;
}

static bool
dovecot_release(struct arena *a, const char *given, unsigned *release,
    struct err *e)
{
	if (given == NULL && !ask(a, &dovecot, release, e))
		return false;
	BUG_ON(given != NULL && !release_parse(given, release));
	for (size_t i = 0; dovecots[i].name != NULL; i++) {
		if (dovecots[i].release == *release)
			return true;
	}
	err_set(e, ERR_INVALID, "no configuration for Dovecot %u.%u",
	    *release / 100, *release % 100);
	return err_hint(e, "supported are 2.3 and 2.4");
}

bool
server_releases(struct arena *a, enum server_set set,
    const char *postfix_given, const char *dovecot_given,
    struct server *server, struct err *e)
{
	bool all = set == SERVER_SETS;

	if ((all || set == SERVER_POSTFIX) &&
	    !postfix_release(a, postfix_given, &server->postfix, e))
		return false;
	return !(all || set == SERVER_DOVECOT) ||
	    dovecot_release(a, dovecot_given, &server->dovecot, e);
}

/* --- what is configured ---------------------------------------------- */

/* A setting in the file itself, not in included files; NULL: not set. */
static const char *
configured(struct arena *a, const struct settings *s, const char *file,
    const char *name)
{
	const char *path = arena_printf(a, "%s/%s", s->dovecot_directory,
	    file);
	struct text content = TEXT_INIT;
	const char *value = NULL;
	struct err e = { 0 };
	struct stat st;
	struct cf cf;

	if (file_read(path, &content, &st, &e)) {
		cf_parse(a, content.buf, CF_DOVECOT, &cf);
		value = cf_value(&cf, name);
	}
	err_clear(&e);
	text_clear(&content);
	return value;
}

bool
server_refuses_old(struct arena *a, const struct settings *s)
{
	static const char weak[] = "auth_allow_weak_schemes";
	const char *version = configured(a, s, "dovecot.conf",
	    "dovecot_config_version");
	const char *allowed = configured(a, s, "local.conf", weak);
	unsigned release;

	if (version == NULL || !release_parse(version, &release) ||
	    release < RELEASE(2, 4))
		return false;
	if (allowed == NULL)
		allowed = configured(a, s, "dovecot.conf", weak);
	return allowed == NULL || strcasecmp(allowed, "yes") != 0;
}
