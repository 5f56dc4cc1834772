/* Which releases of the servers there are. */
#include "model/server/render.h"

#include <string.h>

#include "file/program.h"

/* Of Dovecot there are templates for these. */
static const struct {
	const char *name;
	unsigned release;
} dovecots[] = {
	{ "2.3", RELEASE(2, 3) },
	{ "2.4", RELEASE(2, 4) },
	{ 0 }
};

/* What a program says of its release. */
static bool
ask(struct arena *a, const char *name, const char *owner,
    const char *const *words, const char *option, unsigned *release,
    struct err *e)
{
	struct program_answer answer = { 0 };
	const struct text nothing = TEXT_INIT;
	struct words argv = { 0 };
	const char *path;

	if (!program_find(a, name, owner, &path, e))
		return err_hint(e, "%s says for which release", option);
	words_add(a, &argv, path);
	for (; *words != NULL; words++)
		words_add(a, &argv, *words);
	if (!program_run(a, &argv, &nothing, &answer, e))
		return false;
	if (answer.status == 0 && release_parse(answer.out, release))
		return true;
	err_set(e, ERR_IO, "%s does not tell its release", name);
	return err_hint(e, "%s says it", option);
}

static bool
postfix_release(struct arena *a, const char *said, unsigned *release,
    struct err *e)
{
	static const char *const words[] = { "-dh", "mail_version", NULL };

	if (said == NULL)
		return ask(a, "postconf", "Postfix", words,
		    "--postfix-version", release, e);
	BUG_ON(!release_parse(said, release));
	return true;
}

static bool
dovecot_release(struct arena *a, const char *said, unsigned *release,
    struct err *e)
{
	static const char *const words[] = { "--version", NULL };

	if (said == NULL && !ask(a, "dovecot", "Dovecot", words,
	    "--dovecot-version", release, e))
		return false;
	BUG_ON(said != NULL && !release_parse(said, release));
	for (size_t i = 0; dovecots[i].name != NULL; i++) {
		if (dovecots[i].release == *release)
			return true;
	}
	err_set(e, ERR_INVALID, "no configuration for Dovecot %u.%u",
	    *release / 100, *release % 100);
	return err_hint(e, "there is one for 2.3 and one for 2.4");
}

bool
render_releases(struct arena *a, enum server_set set, const char *postfix,
    const char *dovecot, struct server *server, struct err *e)
{
	bool all = set == SERVER_SETS;

	if ((all || set == SERVER_POSTFIX) &&
	    !postfix_release(a, postfix, &server->postfix, e))
		return false;
	return !(all || set == SERVER_DOVECOT) ||
	    dovecot_release(a, dovecot, &server->dovecot, e);
}
