/* Rows of domains, alias domains and users become objects. */
#include "model/foreign/private.h"

#include <string.h>

/* --- values ---------------------------------------------------------- */

static void
value_set(struct importing *i, enum manifest_kind kind, struct desired *w,
    const char *attribute, const char *text)
{
	const struct attribute *a = manifest_attributes[kind];
	struct err why = { 0 };

	while (strcmp(a->name, attribute) != 0)
		a++;
	if (!manifest_set(i->manifest, w, a, text, false, &why))
		foreign_lost(i, manifest_kind_names[kind], w->name, LEFT_OUT,
		    "%s", why.text);
	err_clear(&why);
}

void
foreign_text(struct importing *i, enum manifest_kind kind, struct desired *w,
    const char *attribute, const char *text)
{
	const char *fixed;

	text = text != NULL ? foreign_trimmed(i->arena, text) : "";
	fixed = foreign_unlatin(i->arena, text);
	if (fixed != NULL) {
		foreign_fixed(i, manifest_kind_names[kind], w->name,
		    arena_printf(i->arena, "read as: %s", fixed),
		    "%s: UTF-8 that was taken for latin1: %s", attribute,
		    text);
		text = fixed;
	}
	if (*text != '\0')
		value_set(i, kind, w, attribute, text);
}

static void
number_set(enum manifest_kind kind, struct desired *w, const char *attribute,
    int64_t *slot, int64_t number)
{
	if (number == FIELD_NULL)
		return;
	*slot = number;
	w->given |= attribute_bit(kind, attribute);
}

static void
flag_set(enum manifest_kind kind, struct desired *w, const char *name,
    bool *slot, bool flag)
{
	*slot = flag;
	w->given |= attribute_bit(kind, name);
}

/* --- domains --------------------------------------------------------- */

bool
foreign_domain(struct importing *i, const struct foreign_domain *row,
    struct err *e)
{
	const char *name;
	struct desired_domain *d;

	(void)e;
	foreign_row_begin(i);
	name = foreign_name(i, MANIFEST_DOMAIN, row->domain);
	if (name == NULL)
		return true;
	if (row->backup) {
		nameset_add(&i->backups, name, strlen(name));
		foreign_lost(i, "domain", name, NOT_IMPORTED,
		    "is a backup MX: put it into relay_domains");
		return true;
	}
	if (foreign_find(i, MANIFEST_DOMAIN, name) != NULL) {
		foreign_lost(i, "domain", row->domain, NOT_IMPORTED,
		    "is the same as %s", name);
		return true;
	}
	d = desired_domain(foreign_add(i, MANIFEST_DOMAIN, name));
	foreign_row_kept(i, MANIFEST_DOMAIN, name);
	if (!row->as_is)
		flag_set(MANIFEST_DOMAIN, &d->is, "active", &d->active,
		    row->active);
	foreign_text(i, MANIFEST_DOMAIN, &d->is, "description",
	    row->description);
	number_set(MANIFEST_DOMAIN, &d->is, "quota", &d->quota, row->quota);
	number_set(MANIFEST_DOMAIN, &d->is, "max_users", &d->max_users,
	    row->max_users);
	number_set(MANIFEST_DOMAIN, &d->is, "max_aliases", &d->max_aliases,
	    row->max_aliases);
	return true;
}

/*
 * A domain with its own row that is also a disabled alias domain is imported
 * as a domain: as a disabled alias domain it would lose its own names.
 */
bool
foreign_link(struct importing *i, const struct foreign_link *row,
    struct err *e)
{
	const char *name, *target;
	struct desired_domain *d;

	(void)e;
	foreign_row_begin(i);
	name = foreign_name(i, MANIFEST_DOMAIN, row->domain);
	target = name != NULL ? foreign_name(i, MANIFEST_DOMAIN,
	    row->target) : NULL;
	if (target == NULL)
		return true;
	d = desired_domain(foreign_find(i, MANIFEST_DOMAIN, name));
	if (d != NULL && !row->active) {
		foreign_lost(i, "domain", name, LEFT_OUT,
		    "is a disabled alias of %s", target);
		return true;
	}
	if (d == NULL) {
		d = desired_domain(foreign_add(i, MANIFEST_DOMAIN, name));
		flag_set(MANIFEST_DOMAIN, &d->is, "active", &d->active,
		    row->active);
	}
	foreign_row_kept(i, MANIFEST_DOMAIN, name);
	d->alias_of = target;
	d->is.given |= attribute_bit(MANIFEST_DOMAIN, "alias_of");
	return true;
}

/* --- users ----------------------------------------------------------- */

static void
home_set(struct importing *i, struct desired_user *u, const char *home)
{
	static const char own[] = "gets a home of its own: move its mail there";
	struct err why = { 0 };
	const struct attribute *a = manifest_attributes[MANIFEST_USER];

	if (home == NULL || *home == '\0')
		return;
	while (a->type != ATTRIBUTE_HOME)
		a++;
	if (*home == '/')
		foreign_lost(i, "user", u->is.name, own, "its mail (home) is "
		    "in %s, outside of %s", home, i->m->mail_directory !=
		    NULL ? i->m->mail_directory : MAIL_DIRECTORY);
	else if (nameset_find(&i->homes, home, strlen(home)) != NAME_NONE)
		foreign_lost(i, "user", u->is.name, own,
		    "another user has the home %s, too", home);
	else if (!manifest_set(i->manifest, &u->is, a, home,
	    true, &why))
		foreign_lost(i, "user", u->is.name, own, "%s", why.text);
	else
		nameset_add(&i->homes, home, strlen(home));
	err_clear(&why);
}

static void
user_fill(struct importing *i, struct desired_user *u,
    const struct foreign_user *row)
{
	flag_set(MANIFEST_USER, &u->is, "active", &u->active, row->active);
	flag_set(MANIFEST_USER, &u->is, "may_login", &u->may_login,
	    row->may_login);
	flag_set(MANIFEST_USER, &u->is, "may_send", &u->may_send,
	    row->may_send);
	flag_set(MANIFEST_USER, &u->is, "may_receive", &u->may_receive,
	    row->may_receive);
	foreign_text(i, MANIFEST_USER, &u->is, "name", row->name);
	foreign_text(i, MANIFEST_USER, &u->is, "note", row->note);
	u->quota = row->quota;
	u->hash = foreign_hash(i, u->is.name, row->crypt);
	u->is.given |= attribute_bit(MANIFEST_USER, "hash");
	home_set(i, u, row->home);
}

bool
foreign_user(struct importing *i, const struct foreign_user *row,
    struct err *e)
{
	const char *name;
	bool known;

	foreign_row_begin(i);
	name = foreign_name(i, MANIFEST_USER, row->email);
	if (name == NULL)
		return true;
	if (!foreign_domain_known(i, "user", name, "", &known, e))
		return false;
	if (!known)
		return true;
	if (foreign_find(i, MANIFEST_USER, name) != NULL) {
		foreign_lost(i, "user", row->email, NOT_IMPORTED,
		    "is the same as %s", name);
		return true;
	}
	user_fill(i, desired_user(foreign_add(i, MANIFEST_USER, name)), row);
	foreign_row_kept(i, MANIFEST_USER, name);
	return true;
}
