/* Rows of a file, until all of it is read. */
#include <string.h>

#include "base/ascii.h"
#include "model/foreignfile/private.h"

/* --- adding ------------------------------------------------------------ */

struct foreign_domain *
collect_domain_row(struct collecting *c, const char *name)
{
	struct foreign_domain *d = VECTOR_ADD(&c->domains);

	*d = (struct foreign_domain){ .domain = name, .active = true,
	    .quota = FIELD_NULL, .max_users = FIELD_NULL,
	    .max_aliases = FIELD_NULL };
	return d;
}

struct foreign_link *
collect_link_row(struct collecting *c, const char *name, const char *target)
{
	struct foreign_link *l = VECTOR_ADD(&c->links);

	*l = (struct foreign_link){ .domain = name,
	    .target = target, .active = true };
	return l;
}

struct foreign_user *
collect_user_row(struct collecting *c, const char *email)
{
	struct foreign_user *u = VECTOR_ADD(&c->users);

	*u = (struct foreign_user){ .email = email, .active = true,
	    .may_login = true, .may_send = true, .may_receive = true,
	    .quota = FIELD_NULL };
	return u;
}

struct foreign_alias *
collect_alias_row(struct collecting *c, const char *mail,
    const char *destination)
{
	struct foreign_alias *a = VECTOR_ADD(&c->aliases);

	*a = (struct foreign_alias){ .mail = mail,
	    .destination = destination, .active = true };
	return a;
}

void
collect_domain(struct collecting *c, const char *name)
{
	const char *key = lowered(c->i->arena, name);

	if (nameset_find(&c->domain_names, key, strlen(key)) != NAME_NONE)
		return;
	nameset_add(&c->domain_names, key, strlen(key));
	collect_domain_row(c, key);
}

void
collect_domain_of(struct collecting *c, const char *address)
{
	const char *at = strrchr(address, '@');

	size_t before = c->domains.count;

	if (c->domains_listed || at == NULL || at[1] == '\0')
		return;
	collect_domain(c, at + 1);
	if (c->domains.count > before)
		c->domains.item[before].as_is = true;
}

struct foreign_user *
collect_user_find(struct collecting *c, const char *email)
{
	const char *key = lowered(c->i->arena, email);
	uint32_t n = nameset_find(&c->user_names, key, strlen(key));

	return n == NAME_NONE ? NULL : &c->users.item[n];
}

struct foreign_user *
collect_user(struct collecting *c, const char *email)
{
	struct foreign_user *u = collect_user_find(c, email);
	const char *key;

	if (u != NULL)
		return u;
	key = lowered(c->i->arena, email);
	nameset_add(&c->user_names, key, strlen(key));
	return collect_user_row(c, key);
}

void
collect_lost(struct collecting *c, const char *kind, const char *name,
    const char *problem)
{
	foreign_row_dropped(c->i, FATE_LOST);
	foreign_lost(c->i, kind, name, NOT_IMPORTED, "%s", problem);
}

void
collect_refused(struct collecting *c, const char *kind, const char *name,
    const char *problem)
{
	foreign_row_dropped(c->i, FATE_REFUSED);
	foreign_lost(c->i, kind, name, NOT_IMPORTED, "%s", problem);
}

/* --- the end ------------------------------------------------------------- */

static void
domains_of_names(struct collecting *c)
{
	for (size_t k = 0; k < c->users.count; k++)
		collect_domain_of(c, c->users.item[k].email);
	for (size_t k = 0; k < c->aliases.count; k++)
		collect_domain_of(c, c->aliases.item[k].mail);
}

bool
collect_end(struct collecting *c, struct err *e)
{
	bool ok = true;

	domains_of_names(c);
	for (size_t k = 0; ok && k < c->domains.count; k++)
		ok = foreign_domain(c->i, &c->domains.item[k], e);
	for (size_t k = 0; ok && k < c->links.count; k++)
		ok = foreign_link(c->i, &c->links.item[k], e);
	for (size_t k = 0; ok && k < c->users.count; k++)
		ok = foreign_user(c->i, &c->users.item[k], e);
	for (size_t k = 0; ok && k < c->aliases.count; k++)
		ok = foreign_alias(c->i, &c->aliases.item[k], e);
	return ok;
}

void
collect_clear(struct collecting *c)
{
	VECTOR_CLEAR(&c->domains);
	VECTOR_CLEAR(&c->links);
	VECTOR_CLEAR(&c->users);
	VECTOR_CLEAR(&c->aliases);
	nameset_clear(&c->user_names);
	nameset_clear(&c->domain_names);
}
