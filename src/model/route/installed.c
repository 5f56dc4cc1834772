/* The maps of the installed Postfix, and the keys that it asks them. */
#include "model/route/installed.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "model/route/live.h"

const char *
installed_value(const struct following *f, const char *setting)
{
	return postfix_value(f->config, NULL, setting);
}

struct words
installed_list(const struct following *f, const char *setting)
{
	return postfix_list(f->arena, installed_value(f, setting));
}

struct asked
installed_parts(const struct following *f, const char *address)
{
	const char *at = strrchr(address, '@');
	const char *marks = installed_value(f, "recipient_delimiter");
	struct asked x = { .full = address, .plain = address,
	    .extension = "", .local = address, .domain = "" };
	size_t len;

	if (at == NULL)
		return x;
	x.domain = lowered(f->arena, at + 1);
	x.local = arena_strndup(f->arena, address, (size_t)(at - address));
	len = *marks != '\0' ? strcspn(x.local, marks) : strlen(x.local);
	if (len == 0 || x.local[len] == '\0')
		return x;
	x.extension = x.local + len;
	x.plain = arena_printf(f->arena, "%.*s@%s", (int)len, x.local,
	    at + 1);
	return x;
}

/* --- asking ----------------------------------------------------------- */

/*
 * Each map is asked for all keys at once, as a program is started for each;
 * of the answers the first key counts, and for it the first map.
 */
bool
installed_map_ask(struct following *f, const char *setting,
    const struct words *maps, const struct words *keys,
    struct answer *answer, struct err *e)
{
	size_t best = keys->count;

	*answer = (struct answer){ 0 };
	for (size_t i = 0; i < maps->count && best > 0; i++) {
		const char **found;

		if (!route_map_ask(f->arena, f->config->dir, maps->word[i],
		    keys, &found, e))
			return err_wrap(e, "%s", setting);
		for (size_t k = 0; k < best; k++) {
			if (found[k] == NULL)
				continue;
			*answer = (struct answer){ .text = found[k],
			    .key = keys->word[k], .map = maps->word[i] };
			best = k;
		}
	}
	return true;
}

bool
installed_ask(struct following *f, const char *setting,
    const struct words *keys, struct answer *answer, struct err *e)
{
	struct words maps = installed_list(f, setting);

	return installed_map_ask(f, setting, &maps, keys, answer, e);
}

bool
installed_address_ask(struct following *f, const char *setting,
    const struct asked *x, bool local, struct answer *answer, struct err *e)
{
	struct words keys = { 0 };

	words_add(f->arena, &keys, x->full);
	if (*x->extension != '\0')
		words_add(f->arena, &keys, x->plain);
	if (local) {
		words_add(f->arena, &keys, x->local);
		if (*x->extension != '\0')
			words_add(f->arena, &keys, arena_strndup(f->arena,
			    x->local, strlen(x->local) -
			    strlen(x->extension)));
	}
	words_add(f->arena, &keys, arena_printf(f->arena, "@%s", x->domain));
	if (!installed_ask(f, setting, &keys, answer, e))
		return false;
	answer->plain = answer->text != NULL && *x->extension != '\0' &&
	    strcmp(answer->key, x->full) != 0;
	return true;
}

/* --- classes of domains ------------------------------------------------ */

const char *const installed_classes[] = {
	[LOCAL] = "mydestination", [ALIAS_DOMAIN] = "virtual_alias_domains",
	[MAILBOX] = "virtual_mailbox_domains", [RELAY] = "relay_domains",
};

/* relay_domains and mydestination are asked for parents, too, by default. */
static bool
class_ask(struct following *f, enum class class, const char *domain,
    bool *is, struct err *e)
{
	const char *setting = installed_classes[class];
	bool parents = class == RELAY && strstr(installed_value(f,
	    "parent_domain_matches_subdomains"), setting) != NULL;
	struct words keys = { 0 };
	struct answer answer;

	for (const char *d = domain; d != NULL && *d != '\0';) {
		words_add(f->arena, &keys, d);
		d = parents ? strchr(d, '.') : NULL;
		d = d != NULL ? d + 1 : NULL;
	}
	if (!installed_ask(f, setting, &keys, &answer, e))
		return false;
	*is = answer.text != NULL;
	return true;
}

bool
installed_class_of(struct following *f, const char *domain,
    enum class *class, struct err *e)
{
	for (int c = LOCAL; c < ELSEWHERE; c++) {
		bool is;

		if (!class_ask(f, (enum class)c, domain, &is, e))
			return false;
		if (is) {
			*class = (enum class)c;
			return true;
		}
	}
	*class = ELSEWHERE;
	return true;
}
