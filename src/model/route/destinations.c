/*
 * Do the destinations of a name take mail?
 *
 * The way is gone as delivery goes it, breadth first, each address once.
 * Other than in delivery, no row is left out: a user who is disabled is
 * followed, too, and found to take nothing.  The first who takes the mail
 * decides: an address elsewhere, or a user who gets mail, unless an alias of
 * the user's address leads on.  Where there is none, the way must have an
 * end: a loop is left to Postfix, which defers it.
 *
 * One address is asked for at a time.  The query of the map is one
 * statement, since each of Postfix's questions is; here what is asked of one
 * address is what a trace asks of it, and rarely more than two are asked.
 */
#include "model/route/destinations.h"

#include <search.h>
#include <string.h>

#include "model/address.h"
#include "model/mail/postfix_maps.h"

/* So many tags may come to those that the address has. */
#define TAGS_MORE 4

struct way {
	struct mail *m;
	struct words queue;
	void *seen;
	size_t tags_max;
	bool taken;
	struct words ends;	/* where nobody is, and why */
};

static int
seen_compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
keep(void *node)
{
	(void)node;		/* it lives in the arena */
}

static size_t
tags_of(const char *address)
{
	size_t n = 0;

	for (; *address != '\0'; address++)
		n += *address == '+';
	return n;
}

/*
 * The map has no room for a longer one, and gives up where more and more
 * tags come together, as in a loop: it leaves that to Postfix.
 */
static void
go_to(struct way *w, const char *address)
{
	if (strlen(address) > ADDRESS_MAX || tags_of(address) > w->tags_max)
		w->taken = true;
	else if (tfind(address, &w->seen, seen_compare) == NULL) {
		if (tsearch(address, &w->seen, seen_compare) == NULL)
			out_of_memory();
		words_add(w->m->arena, &w->queue, address);
	}
}

/* The active rows of an alias, each with the tag that its key lacked. */
static void
go_by_alias(struct way *w, const struct maps_facts *f, const char *mail,
    const char *tag)
{
	const struct sql_route_alias *row;
	size_t n = maps_alias_rows(f, mail, &row);

	for (size_t i = 0; i < n; i++) {
		if (row[i].active)
			go_to(w, maps_tagged(w->m->arena,
			    row[i].destination, tag));
	}
}

static bool
leads_on(const struct maps_facts *f, const char *mail)
{
	const struct sql_route_alias *row;
	size_t n = maps_alias_rows(f, mail, &row);

	for (size_t i = 0; i < n; i++) {
		if (row[i].active && strcmp(row[i].destination, mail) != 0)
			return true;
	}
	return false;
}

/* A user's own row keeps the mail that the others lead on. */
static bool
keeps_mail(const struct maps_facts *f, const char *email)
{
	const struct sql_route_alias *row;
	size_t n = maps_alias_rows(f, email, &row);

	for (size_t i = 0; i < n; i++) {
		if (row[i].active && strcmp(row[i].destination, email) == 0)
			return true;
	}
	return !leads_on(f, email);
}

static void
end(struct way *w, const char *why)
{
	words_add(w->m->arena, &w->ends, why);
}

/* Rows that lead on are off; one that keeps a copy may not be. */
static const char *
alias_off(const struct maps_facts *f, const char *name)
{
	const char *off = maps_alias_off(f, name);

	return off != NULL ? off : "is disabled";
}

static void
end_of_name(struct way *w, const struct maps_facts *f, const char *name)
{
	end(w, maps_has_user(f, name) ? arena_printf(w->m->arena,
	    "user %s %s", name, maps_user_off(f, name)) :
	    arena_printf(w->m->arena, "alias %s %s", name,
		alias_off(f, name)));
}

/* Each active row of the pattern, with the tag that its key lacked. */
static void
go_by_pattern(struct way *w, const struct maps_facts *f, const char *tag)
{
	for (size_t i = 0; i < f->patterns; i++) {
		if (f->pattern[i].active)
			go_to(w, maps_tagged(w->m->arena,
			    f->pattern[i].destination, tag));
	}
}

/*
 * Nobody has the name: the target of an alias domain, a pattern, or a
 * catch-all.
 */
static void
go_unknown(struct way *w, const struct maps_facts *f, const char *target,
    const char *tag)
{
	const char *rest = f->key[MAPS_CATCHALL];
	const char *target_rest = f->target_key[MAPS_CATCHALL];

	if (maps_is_known(f, target)) {
		go_to(w, f->target_key[MAPS_FULL]);
		return;
	}
	if (maps_has_alias(f, rest) && f->patterns == 0)
		go_by_alias(w, f, rest, "");
	else if (!maps_has_alias(f, rest) &&
	    maps_alias_active(f, target_rest))
		go_to(w, f->target_key[MAPS_FULL]);
	go_by_pattern(w, f, tag);
	if (f->patterns == 0 && !maps_alias_active(f, rest) &&
	    !maps_alias_active(f, target_rest))
		end(w, arena_printf(w->m->arena, "no user %s",
		    f->key[MAPS_FULL]));
}

/* A name that no alias has with its tag: without it. */
static void
go_untagged(struct way *w, const struct maps_facts *f)
{
	enum maps_form form = f->key[MAPS_UNTAGGED] != NULL ?
	    MAPS_UNTAGGED : MAPS_FULL;
	const char *name = f->key[form];
	const char *tag = form == MAPS_UNTAGGED ? f->tag : "";

	w->taken |= f->domain.active && maps_user_receives(f, name) &&
	    keeps_mail(f, name);
	w->taken |= f->domain.active && !maps_has_alias(f, name) &&
	    maps_is_relay(f) && (f->domain.accepts != NULL ||
		maps_is_recipient(f, name));
	if (!maps_is_ours(f) || w->taken)
		return;
	if (!maps_is_known(f, name)) {
		go_unknown(w, f, f->target_key[form], tag);
		return;
	}
	go_by_alias(w, f, name, tag);
	if (!leads_on(f, name))
		end_of_name(w, f, name);
}

static bool
step(struct way *w, const char *address, struct err *e)
{
	struct maps_facts f;
	const char *full, *target;

	if (!maps_facts_read(w->m, address, &f, e))
		return false;
	full = f.key[MAPS_FULL];
	target = f.target_key[MAPS_FULL];
	w->taken |= !f.found;
	if (f.found && !maps_is_ours(&f))
		end(w, maps_domain_why(w->m->arena, &f));
	if (f.key[MAPS_UNTAGGED] == NULL || (!maps_has_alias(&f, full) &&
	    !maps_has_alias(&f, target))) {
		go_untagged(w, &f);
	} else if (maps_is_ours(&f) && maps_has_alias(&f, full)) {
		go_by_alias(w, &f, full, "");
		if (!leads_on(&f, full))
			end_of_name(w, &f, full);
	} else if (maps_is_ours(&f)) {
		go_to(w, target);
	}
	return true;
}

bool
route_destinations(struct mail *m, const char *address,
    struct destinations *d, struct err *e)
{
	struct way w = { .m = m, .tags_max = tags_of(address) + TAGS_MORE };
	bool ok = true;

	go_to(&w, address);
	for (size_t i = 0; ok && !w.taken && i < w.queue.count; i++)
		ok = step(&w, w.queue.word[i], e);
	tdestroy(w.seen, keep);
	*d = (struct destinations){ w.taken || w.ends.count == 0, w.ends };
	return ok;
}
