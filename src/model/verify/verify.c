/* What every file of the verifier asks: settings, paths, words, maps. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "model/verify/private.h"

void
verify_found(struct verifying *v, enum verify_rule rule, const char *name,
    const char *advice, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	findings_addv(&v->findings, rule, name, advice, fmt, ap);
	va_end(ap);
}

void
verify_unchecked(struct verifying *v, enum verify_rule rule, const char *why)
{
	findings_unchecked(&v->findings, rule, why);
}

void
verify_unchecked_all(struct verifying *v, unsigned needs, const char *why)
{
	findings_unchecked_all(&v->findings, needs, why);
}

const char *
verify_path(const struct verifying *v, const char *path)
{
	const char *root = v->options->root, *below;

	if (root == NULL || *path != '/')
		return path;
	below = arena_printf(v->arena, "%s%s", root, path);
	return access(below, F_OK) == 0 ? below : path;
}

const char *
verify_postfix(const struct verifying *v, const char *name)
{
	return postfix_value(&v->postfix, NULL, name);
}

const char *
verify_dovecot(const struct verifying *v, const char *name)
{
	const char *value = dovecot_value(v->dovecot.root, name);

	return value != NULL ? value : "";
}

bool
verify_is_yes(const char *value)
{
	return strcasecmp(value, "yes") == 0;
}

bool
verify_has_word(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++) {
		if (strcasecmp(words->word[i], word) == 0)
			return true;
	}
	return false;
}

struct verify_map *
verify_map_find(const struct verifying *v, const char *word)
{
	struct verify_map *map = v->maps.item;

	for (size_t i = 0; i < v->maps.count; i++) {
		if (strcmp(map[i].word, word) == 0)
			return &map[i];
	}
	return NULL;
}
