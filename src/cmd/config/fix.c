/* config verify --fix: show what would change, ask, and change it. */
#include <string.h>

#include "base/sentence.h"
#include "cmd/config/config.h"
#include "model/server/fix.h"

/* What is advised where nothing can be lost by it. */
static size_t
taken(struct session *s, const struct report *r, struct settings_fix *fix)
{
	size_t count = 0;

	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->finding[i];

		count += f->of->fix != NULL && f->advice != NULL &&
		    settings_fix_take(&s->scratch, fix, f->advice);
	}
	return count;
}

static void
diff_show(struct session *s, const char *diff)
{
	for (; *diff != '\0'; diff += *diff == '\n') {
		size_t len = strcspn(diff, "\n");

		out_done(&s->out, "%.*s", (int)len, diff);
		diff += len;
	}
}

/* A plan that is asked about is shown even with --quiet. */
static void
plan_show(struct session *s, const struct settings_fix *fix)
{
	bool quiet = s->out.style.quiet;

	s->out.style.quiet = quiet && (s->options.yes || session_is_dry(s));
	for (size_t i = 0; i < 2; i++) {
		if (fix->file[i].diff != NULL)
			diff_show(s, fix->file[i].diff);
	}
	s->out.style.quiet = quiet;
}

bool
config_fix(struct session *s, const struct report *r, const char *directory,
    bool *fixed, struct err *e)
{
	struct settings_fix fix = { 0 };
	size_t count = taken(s, r, &fix);

	*fixed = false;
	if (count == 0) {
		if (r->count > 0)
			out_note(&s->out, "nothing can be fixed safely");
		return true;
	}
	if (!settings_fix_plan(&s->scratch, directory, &fix, e))
		return false;
	plan_show(s, &fix);
	if (session_is_dry(s)) {
		out_note(&s->out, "dry run: nothing was changed");
		return true;
	}
	if (!session_confirm(s, arena_printf(&s->scratch, "fix %s",
	    sentence_number(&s->scratch, (int64_t)count, "problem",
		"problems")), e) || !settings_fix_write(&s->scratch, &fix, e))
		return false;
	out_done(&s->out, "%zu fixed; the old files are kept: %s; reload "
	    "Postfix with: postfix reload", count, sentence_list(&s->scratch,
		&fix.backups));
	*fixed = true;
	return true;
}
