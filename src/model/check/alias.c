/* Checking aliases, row by row; aliases.c checks what they lead to. */
#include <string.h>

#include "base/ascii.h"
#include "model/address.h"
#include "model/check/private.h"
#include "model/mail/domain.h"

/* --- the address that receives --------------------------------------- */

static bool
is_active(const struct checking *c, const struct survey_alias *r)
{
	return r->active && !check_expired(c, r->expires);
}

/* The text that names a row by its destination. */
static const char *
destination_shown(const struct survey_alias *r)
{
	return r->destination != NULL ? r->destination : "NULL";
}

static bool
mail_check(struct checking *c, const struct survey_alias *r,
    const char *folded)
{
	struct err e = { 0 };
	bool ok = check_address(c, ADDRESS_ALIAS, folded, &e);

	if (!ok && !check_domain_is_invalid(c, folded))
		check_found(c, RULE_ALIAS_INVALID, r->mail,
		    "%s, an alias to %s", e.text, destination_shown(r));
	else if (ok && strcmp(r->mail, folded) != 0)
		check_found(c, RULE_ALIAS_NOT_CANONICAL, r->mail,
		    "alias \"%s\" to %s must be written as %s", r->mail,
		    destination_shown(r), folded);
	err_clear(&e);
	return ok;
}

static void
mail_spelled(struct checking *c, const struct survey_alias *r,
    const char *folded, uint32_t mail)
{
	struct spelling *s;

	if (strcmp(r->mail, folded) == 0) {
		check_known(c, mail)->alias_as_is = true;
		return;
	}
	s = VECTOR_ADD(&c->spellings);
	*s = (struct spelling){ mail, check_name(c, r->mail) };
}

/* Whatever the destination is, the address exists and is asked first. */
static uint32_t
mail_remember(struct checking *c, const struct survey_alias *r,
    const char *folded)
{
	uint32_t mail = check_name(c, folded);
	struct known_name *known = check_known(c, mail);
	struct known_domain *d = check_domain_of(c, mail);

	if (d == NULL && !known->alias)
		check_found(c, RULE_ALIAS_NO_DOMAIN, r->mail,
		    "alias %s is in a domain that does not exist", r->mail);
	if (d != NULL && !known->alias) {
		d->aliases++;
		d->postmaster |= domain_alias_counts(folded) == 0;
	}
	known->alias = true;
	known->alias_active |= is_active(c, r);
	known->expired |= r->active && !is_active(c, r);
	mail_spelled(c, r, folded, mail);
	check_written(c, SURVEY_ALIASES, mail, r->modified);
	return mail;
}

/* --- where it leads -------------------------------------------------- */

static bool
is_program(const char *folded)
{
	const char *first = folded + (*folded == '"');

	return *first == '|' || *first == '/' ||
	    strncmp(first, ":include:", strlen(":include:")) == 0;
}

/* Postfix appends its own domain ($myorigin), which is rarely meant. */
static bool
is_bare(struct checking *c, const char *folded)
{
	struct err ignored = { 0 };
	const char *stored;
	bool ok = strchr(folded, '@') == NULL &&
	    address_parse(&c->row, ADDRESS_DESTINATION,
		address_join(&c->row, folded, "example.invalid"), &stored,
		&ignored);

	err_clear(&ignored);
	return ok;
}

static bool
destination_check(struct checking *c, const struct survey_alias *r,
    const char *raw, const char *folded)
{
	struct err e = { 0 };
	bool ok = false;

	if (check_address(c, ADDRESS_DESTINATION, folded, &e))
		ok = true;
	else if (is_program(folded))
		check_found(c, RULE_ALIAS_TO_PROGRAM, r->mail,
		    "alias %s leads to a command, a file or an included "
		    "list: %s", r->mail, raw);
	else if (is_bare(c, folded))
		check_found(c, RULE_ALIAS_TO_BARE, r->mail,
		    "alias %s leads to %s, which has no domain", r->mail,
		    raw);
	else if (!check_domain_is_invalid(c, folded))
		check_found(c, RULE_ALIAS_TO_INVALID, r->mail,
		    "alias %s leads to an %s", r->mail, e.text);
	if (ok && strcmp(raw, folded) != 0)
		check_found(c, RULE_ALIAS_TO_NOT_CANONICAL, r->mail,
		    "the destination \"%s\" of alias %s must be written as "
		    "%s", raw, r->mail, folded);
	err_clear(&e);
	return ok;
}

/* What is no address has a number as well: it can occur twice. */
static void
destination_read(struct checking *c, const struct survey_alias *r,
    uint32_t mail, const char *raw)
{
	const char *folded = check_fold(c, raw);
	bool ok = destination_check(c, r, raw, folded);
	struct known_alias *alias;

	if (mail == NAME_NONE)
		return;
	alias = VECTOR_ADD(&c->aliases);
	alias->mail = mail;
	alias->destination = check_name(c, folded);
	alias->active = is_active(c, r);
	alias->nowhere = !ok;
}

/* --- lists in one destination ---------------------------------------- */

/* Up to a comma that is not quoted. */
static size_t
part_length(const char *s)
{
	bool quoted = false;
	size_t len;

	for (len = 0; s[len] != '\0'; len++) {
		if (s[len] == '\\' && s[len + 1] != '\0')
			len++;
		else if (s[len] == '"')
			quoted = !quoted;
		else if (s[len] == ',' && !quoted)
			break;
	}
	return len;
}

/* The next part of a list, without blanks around it; NULL at its end. */
static const char *
part_next(struct checking *c, const char **rest)
{
	while (**rest != '\0') {
		const char *part = *rest + strspn(*rest, SPACES);
		size_t len = part_length(part);

		*rest = part + len + (part[len] == ',');
		len = trimmed_length(part, len, SPACES);
		if (len > 0)
			return arena_strndup(&c->row, part, len);
	}
	return NULL;
}

/* Postfix takes such a list apart, so each part is a destination. */
static void
list_read(struct checking *c, const struct survey_alias *r, uint32_t mail)
{
	const char *rest = r->destination, *part;
	const char *first = part_next(c, &rest);
	size_t count = 0;

	rest = r->destination;
	while ((part = part_next(c, &rest)) != NULL) {
		destination_read(c, r, mail, part);
		count++;
	}
	if (count == 0)
		check_found(c, RULE_ALIAS_TO_INVALID, r->mail,
		    "alias %s leads to commas only", r->mail);
	else
		check_found(c, RULE_ALIAS_LIST, r->mail, "alias %s leads to "
		    "%zu destinations in one row; the first is %s", r->mail,
		    count, first);
}

/* --- rows ------------------------------------------------------------ */

static void
end_check(struct checking *c, const struct survey_alias *r)
{
	if (r->active && r->expires != FIELD_NULL)
		check_expires(c, RULE_ALIAS_EXPIRES, r->mail, arena_printf(
		    &c->row, "the destination %s of alias %s",
		    destination_shown(r), r->mail), r->expires);
}

static bool
alias_read(void *arg, const void *row, struct err *e)
{
	const struct survey_alias *r = row;
	struct checking *c = arg;
	uint32_t mail = NAME_NONE;
	const char *folded;

	(void)e;
	c->result->aliases++;
	if (r->mail == NULL) {
		check_found(c, RULE_ALIAS_INVALID, "",
		    "the address of an alias to %s is NULL",
		    destination_shown(r));
		return true;
	}
	folded = check_fold(c, r->mail);
	if (mail_check(c, r, folded))
		mail = mail_remember(c, r, folded);
	if (r->destination == NULL)
		check_found(c, RULE_ALIAS_TO_INVALID, r->mail,
		    "alias %s leads to NULL", r->mail);
	else if (r->destination[part_length(r->destination)] == ',')
		list_read(c, r, mail);
	else
		destination_read(c, r, mail, r->destination);
	end_check(c, r);
	arena_reset(&c->row);
	return true;
}

bool
check_aliases_read(struct checking *c, struct err *e)
{
	return survey_each(&c->survey, SURVEY_ALIASES, alias_read, c, e);
}
