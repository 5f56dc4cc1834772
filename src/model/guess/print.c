/* Sections of the map: as its text. */
#include <string.h>
#include <strings.h>

#include "model/guess/section.h"

/* Prose breaks at words; what names a file is one line, to be copied. */
static void
comment_add(struct text *map, const char *comment)
{
	size_t column = 0;

	for (const char *p = comment; *p != '\0';) {
		size_t len = strcspn(p, " ");

		if (column > 0 && column + 1 + len > 78) {
			text_add(map, "\n");
			column = 0;
		}
		text_add(map, column == 0 ? "# " : " ");
		text_add_bytes(map, p, len);
		column += (column == 0 ? 2 : 1) + len;
		p += len;
		p += strspn(p, " ");
	}
	text_add(map, "\n");
}

static void
lines_add(struct text *map, const struct words *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		text_addf(map, "\t%s\n", lines->word[i]);
}

/* The alias domains stand among the domains, too. */
static bool
are_links(const struct sections *all, const struct section *s)
{
	const struct section *links = section_find(all, MAP_LINKS, s->table);

	return s->kind == MAP_DOMAINS && links != NULL &&
	    links->lines.count > 0 && s->lines.count > 0 &&
	    strcmp(links->lines.word[0], s->lines.word[0]) == 0;
}

/* What a section lacks without which it says nothing. */
static bool
is_whole(const struct section *s)
{
	return (s->kind != MAP_LINKS || words_have(&s->set, "target")) &&
	    (words_have(&s->set, "domain") || words_have(&s->set, "email") ||
	    words_have(&s->set, "mail"));
}

static void
section_print(const struct guess *guess, const struct section *s,
    struct text *map)
{
	text_add(map, "\n");
	for (size_t i = 0; i < s->from.count; i++)
		text_addf(map, "# %s\n", s->from.word[i]);
	text_addf(map, "%s %s\n", map_kind_words[s->kind], s->table);
	lines_add(map, &s->joins);
	lines_add(map, &s->lines);
	if (s->kind == MAP_USERS && !words_have(&s->set, "home") &&
	    *guess->home != '\0' && strpbrk(guess->home, "'\r\n") == NULL)
		text_addf(map, "\thome = '%s'\n", guess->home);
}

static void
ends_print(const struct guess *guess, const struct words *unread,
    struct text *map)
{
	if (unread->count > 0)
		text_add(map, "\n# Not understood, so look at them:\n");
	for (size_t i = 0; i < unread->count; i++)
		text_addf(map, "# %s\n", unread->word[i]);
	if (guess->said.count > 0)
		text_add(map, "\n");
	for (size_t i = 0; i < guess->said.count; i++)
		text_addf(map, "# %s\n", guess->said.word[i]);
	if (*guess->scheme != '\0' && strcasecmp(guess->scheme, "CRYPT") != 0)
		comment_add(map, arena_printf(guess->arena, "Hashes without "
		    "a {SCHEME} are of %s: import from tables "
		    "--default-scheme %s", guess->scheme, guess->scheme));
}

bool
sections_print(const struct guess *guess, const struct sections *all,
    const struct words *unread, struct text *map)
{
	size_t whole = 0;

	comment_add(map, "What Postfix and Dovecot ask their database for, as "
	    "a map for \"import from tables --map FILE\". Look at it first: "
	    "what no server asks for, such as the name of a person, is to be "
	    "added as name = COLUMN.");
	text_add(map, "name \"the tables of this server\"\n");
	for (int kind = 0; kind < MAP_KINDS; kind++) {
		for (size_t i = 0; i < all->count; i++) {
			const struct section *s = &all->item[i];

			if ((int)s->kind != kind || !is_whole(s) ||
			    are_links(all, s))
				continue;
			section_print(guess, s, map);
			whole++;
		}
	}
	ends_print(guess, unread, map);
	return whole > 0;
}
