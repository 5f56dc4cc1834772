/* Importing from other systems: aliases, row by row. */
#include <string.h>

#include "base/ascii.h"
#include "model/address.h"
#include "model/foreign/private.h"

/* Characters between destinations. */
#define BETWEEN ",; \t\r\n"

/* Of one alias; Postfix takes 1,000. */
#define DESTINATIONS_MAX 10000

/* One row, while it is read. */
struct alias_row {
	const struct foreign_alias *row;
	const char *name;		/* canonical */
	struct desired_alias *alias;	/* NULL: not needed yet */
	bool answered;			/* one destination was imported */
};

/* *@DOMAIN is another way to write a catch-all. */
static const char *
alias_name(struct importing *i, const char *text)
{
	const char *trimmed = foreign_trimmed(i->arena, text), *name = NULL;
	struct err why = { 0 };
	bool ok;

	ok = address_parse(i->arena, ADDRESS_ALIAS, trimmed +
	    (strncmp(trimmed, "*@", 2) == 0), &name, &why);
	if (!ok) {
		i->fate = FATE_REFUSED;
		foreign_lost(i, "alias", trimmed, NOT_IMPORTED, "%s",
		    why.text);
	}
	err_clear(&why);
	return ok ? name : NULL;
}

/*
 * PostfixAdmin adds a second destination for the vacation program:
 * anna#x.org@autoreply.x.org for anna@x.org.
 */
static bool
is_vacation(const struct alias_row *r, const char *to)
{
	size_t len = strlen(r->name);
	const char *at = strchr(r->name, '@');

	if (strlen(to) <= len || to[len] != '@')
		return false;
	for (size_t k = 0; k < len; k++) {
		if (lower_char(to[k]) != (r->name + k == at ? '#' :
		    r->name[k]))
			return false;
	}
	return true;
}

/* `@a -> @b` answers for every name of a with the same in b. */
static bool
domain_alias(struct importing *i, struct alias_row *r, const char *to)
{
	struct desired_domain *d =
	    desired_domain(foreign_find(i, MANIFEST_DOMAIN,
	    address_domain(r->name)));
	const char *target;
	struct err why = { 0 };

	if (!address_is_catchall(r->name) || *to != '@' || d == NULL ||
	    d->alias_of != NULL || !r->row->active)
		return false;
	if (!domain_parse(i->arena, to + 1, &target, &why) ||
	    foreign_find(i, MANIFEST_DOMAIN, target) == NULL ||
	    strcmp(target, d->is.name) == 0) {
		err_clear(&why);
		return false;
	}
	d->alias_of = target;
	d->is.given |= attribute_bit(MANIFEST_DOMAIN, "alias_of");
	foreign_row_kept(i, MANIFEST_DOMAIN, d->is.name);
	foreign_fixed(i, "alias", r->name, arena_printf(i->arena,
	    "%s is an alias domain of %s", d->is.name, target),
	    "leads to the same names in %s", to);
	return true;
}

static struct desired_alias *
alias_of(struct importing *i, struct alias_row *r)
{
	if (r->alias == NULL)
		r->alias = desired_alias(foreign_find(i, MANIFEST_ALIAS,
		    r->name));
	if (r->alias == NULL) {
		r->alias = desired_alias(foreign_add(i, MANIFEST_ALIAS,
		    r->name));
		r->alias->is.given = attribute_bit(MANIFEST_ALIAS,
		    "destination") | attribute_bit(MANIFEST_ALIAS,
		    "inactive");
	}
	return r->alias;
}

static bool
has_word(const struct words *list, const char *word)
{
	for (size_t k = 0; k < list->count; k++) {
		if (strcmp(list->word[k], word) == 0)
			return true;
	}
	return false;
}

static void
destination_add(struct importing *i, struct alias_row *r, const char *to)
{
	struct desired_alias *alias = alias_of(i, r);
	struct words *list = r->row->active ? &alias->destination :
	    &alias->inactive;

	if (alias->destination.count + alias->inactive.count >=
	    DESTINATIONS_MAX)
		foreign_lost(i, "alias", r->name, LEFT_OUT, "the destination "
		    "%s, as it has more than %d", to, DESTINATIONS_MAX);
	else if (!has_word(&alias->destination, to) && !has_word(list, to))
		words_add(i->arena, list, to);
}

static void
destination_read(struct importing *i, struct alias_row *r, const char *text)
{
	const char *to;
	struct err why = { 0 };

	r->answered = true;
	if (is_vacation(r, text))
		foreign_lost(i, "alias", r->name, "left out; write a new "
		    "message with Sieve", "answers by a vacation message");
	else if (strpbrk(text, "|/:\"") == text)
		foreign_lost(i, "alias", r->name, "left out", "the "
		    "destination %s is a command, a file or a list", text);
	else if (strchr(text, '@') == NULL)
		foreign_lost(i, "alias", r->name, "left out", "the "
		    "destination %s is a name on the other machine", text);
	else if (domain_alias(i, r, text))
		return;
	else if (!address_parse(i->arena, ADDRESS_DESTINATION, text, &to,
	    &why))
		foreign_lost(i, "alias", r->name, "left out",
		    "the destination: %s", why.text);
	else
		destination_add(i, r, to);
	err_clear(&why);
}

/* Names that differ only in capital letters. */
static void
spelling_joined(struct importing *i, const struct alias_row *r)
{
	const char *written = foreign_trimmed(i->arena, r->row->mail);

	if (strcmp(written, r->name) != 0 && *written != '*' &&
	    foreign_find(i, MANIFEST_ALIAS, r->name) != NULL)
		foreign_fixed(i, "alias", written, "the destinations are "
		    "joined", "is the same as %s", r->name);
}

bool
foreign_alias(struct importing *i, const struct foreign_alias *row,
    struct err *e)
{
	struct alias_row r = { .row = row };
	const char *p = row->destination != NULL ? row->destination : "";
	const char *more;
	bool known;

	foreign_row_begin(i);
	r.name = alias_name(i, row->mail);
	if (r.name == NULL)
		return true;
	more = row->destination == NULL ? "" : arena_printf(i->arena,
	    " (the destination is %s)", row->destination);
	if (!foreign_domain_known(i, "alias", r.name, more, &known, e) ||
	    !known)
		return known || e->code == ERR_NONE;
	spelling_joined(i, &r);
	while (*(p += strspn(p, BETWEEN)) != '\0') {
		size_t len = strcspn(p, BETWEEN);

		destination_read(i, &r, arena_strndup(i->arena, p, len));
		p += len;
	}
	if (row->copy && r.answered)
		destination_add(i, &r, r.name);
	if (r.alias != NULL)
		foreign_row_kept(i, MANIFEST_ALIAS, r.name);
	if (r.alias != NULL)
		foreign_text(i, MANIFEST_ALIAS, &r.alias->is, "note",
		    row->note);
	if (!r.answered)
		foreign_lost(i, "alias", r.name, NOT_IMPORTED,
		    "has no destination");
	return true;
}
