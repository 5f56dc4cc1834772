/* Names that only a catch-all, or one pattern, answers for. */
#include "model/route/probe.h"

#include <string.h>

#include "base/text.h"
#include "model/mail/postfix_maps.h"

/* --- of a catch-all -------------------------------------------------- */

/* The first is one to be shown; the others are of one character each. */
static const char *
strange_name(struct arena *a, size_t i, const char *domain)
{
	static const char characters[] =
	    "qzxjkvwyhf0123456789bcdglmnoprstuaei_-=?^~";
	char name[] = "00000000";

	if (i == 0)
		return arena_printf(a, "any-other-name@%s", domain);
	if (i >= sizeof(characters))
		return NULL;
	memset(name, characters[i - 1], sizeof(name) - 1);
	return arena_printf(a, "%s@%s", name, domain);
}

static bool
is_strange(const struct maps_facts *f)
{
	for (int form = MAPS_FULL; form <= MAPS_UNTAGGED; form++) {
		if (maps_is_known(f, f->key[form]) ||
		    maps_is_known(f, f->target_key[form]) ||
		    maps_is_recipient(f, f->key[form]))
			return false;
	}
	return f->patterns == 0;
}

bool
route_stranger(struct mail *m, const char *domain, const char **address,
    struct err *e)
{
	const char *name;

	*address = NULL;
	for (size_t i = 0; *address == NULL &&
	    (name = strange_name(m->arena, i, domain)) != NULL; i++) {
		struct maps_facts f;

		if (!maps_facts_read(m, name, &f, e))
			return false;
		if (is_strange(&f))
			*address = name;
	}
	return true;
}

/* --- of a pattern ---------------------------------------------------- */

/* Each star stands for a name that nobody has. */
static const char *
match_of(struct arena *a, const char *pattern, int i)
{
	struct text t = TEXT_INIT;
	const char *copy;

	for (; *pattern != '\0'; pattern++) {
		if (*pattern != '*')
			text_add_char(&t, *pattern);
		else if (i > 0)
			text_addf(&t, "any%d", i);
	}
	copy = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return copy;
}

bool
route_match(struct mail *m, const char *pattern, const char **address,
    struct err *e)
{
	/* The first has a character, unless the pattern is used up with it. */
	static const int tries[] = { 7, 42, 815, 0 };
	size_t local = strcspn(pattern, "@+");
	struct maps_facts f;

	/* An alias of just this name is no pattern. */
	*address = pattern;
	if (!maps_facts_read(m, pattern, &f, e))
		return false;
	if (maps_has_alias(&f, f.key[MAPS_FULL]))
		return true;
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		*address = match_of(m->arena, pattern, tries[i]);
		if (!maps_facts_read(m, *address, &f, e))
			return false;
		if (f.patterns > 0 && strcspn(f.pattern[0].mail, "@") ==
		    local && strncmp(f.pattern[0].mail, pattern, local) == 0)
			return true;
	}
	*address = NULL;
	return true;
}
