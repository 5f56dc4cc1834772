/* mailadm import from tables --guess: the map of the servers installed here. */
#include "cmd/foreign/guess.h"

#include "file/dovecot.h"
#include "file/postfix.h"
#include "file/read.h"
#include "file/write.h"
#include "model/guess/guess.h"

/* There is no secret in a map. */
#define MAP_MODE 0644

static bool
map_keep(struct session *s, const struct text *map, const char *out,
    struct err *e)
{
	if (out == NULL)
		return out_text(&s->out, map->buf, e) && out_flush(&s->out, e);
	if (!file_replace(out, map->buf, map->len, MAP_MODE, e))
		return false;
	out_done(&s->out, "the map is in %s; look at it, then try: mailadm "
	    "foreign show --source-defaults-file FILE --map %s", out,
	    file_shell_name(&s->scratch, out));
	return true;
}

bool
guess_print(struct session *s, const char *postfix_dir,
    const char *dovecot_dir, const char *out, struct err *e)
{
	struct guess guess = { .arena = &s->scratch };
	struct text map = TEXT_INIT;
	bool ok = guess_installed(&guess, postfix_dir != NULL ? postfix_dir :
	    POSTFIX_DIR, arena_printf(&s->scratch, "%s/dovecot.conf",
	    dovecot_dir != NULL ? dovecot_dir : DOVECOT_DIR), e);

	if (ok && !guess_map(&guess, &map)) {
		ok = err_set(e, ERR_NOT_FOUND, "the queries of Postfix and "
		    "Dovecot say nothing of tables: %s",
		    guess.query[0].name);
		err_hint(e, "name tables and columns by --domains, --users "
		    "and --aliases");
	}
	ok = ok && map_keep(s, &map, out, e);
	text_clear(&map);
	return ok;
}
