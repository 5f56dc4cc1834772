/* The default domain of the shell: what a local part alone means. */
#include "cmd/language/default_domain.h"

#include <string.h>

bool
is_bare_address(const struct arg *arg, const char *word)
{
	enum complete_kind kind = arg->type ? arg->type->complete :
	    COMPLETE_NOTHING;

	return word != NULL && *word != '\0' && (kind == COMPLETE_USER ||
	    kind == COMPLETE_ALIAS || kind == COMPLETE_ADDRESS ||
	    kind == COMPLETE_SEND_AS) &&
	    (strchr(word, '@') == NULL ||
	    (kind == COMPLETE_ALIAS && strcmp(word, "@") == 0));
}

const char *
bare_address(struct arena *a, const char *word, const char *domain)
{
	return arena_printf(a, "%s%s%s", word, *word == '@' ? "" : "@",
	    domain);
}
