/* Importing from other systems: removes what does not fit together. */
#include <stdlib.h>
#include <string.h>

#include "model/address.h"
#include "model/foreign/private.h"
#include "model/mail/domain.h"
#include "model/mail/user.h"
#include "model/plan/private.h"

/* --- lists ----------------------------------------------------------- */

static struct desired_domain *
domain_at(struct importing *i, size_t n)
{
	return desired_domain(manifest_at(i->manifest, MANIFEST_DOMAIN, n));
}

static struct desired_alias *
alias_at(const struct importing *i, size_t n)
{
	return desired_alias(manifest_at(i->manifest, MANIFEST_ALIAS, n));
}

static size_t
alias_count(const struct importing *i)
{
	return manifest_count(i->manifest, MANIFEST_ALIAS);
}

static void
word_remove(struct words *list, size_t n)
{
	memmove(&list->word[n], &list->word[n + 1],
	    (list->count - n) * sizeof(*list->word));
	list->count--;
}

static bool
word_drop(struct words *list, const char *word)
{
	for (size_t k = 0; k < list->count; k++) {
		if (strcmp(list->word[k], word) == 0) {
			word_remove(list, k);
			return true;
		}
	}
	return false;
}

/* Removes what was found faulty. */
static void
compact(struct manifest *m, enum manifest_kind kind)
{
	size_t n = manifest_count(m, kind), kept = 0;

	for (size_t k = 0; k < n; k++) {
		struct desired *w = manifest_at(m, kind, k);

		if (w->faulty)
			continue;
		if (k != kept)
			memmove(manifest_at(m, kind, kept), w,
			    manifest_sizes[kind]);
		kept++;
	}
	m->objects[kind].count = kept;
}

static bool
is_empty(const struct desired_alias *alias)
{
	return alias->destination.count + alias->inactive.count == 0;
}

/* --- alias domains --------------------------------------------------- */

/* The domains that have users. */
static void
populated_add(const struct importing *i, struct nameset *populated)
{
	size_t n = manifest_count(i->manifest, MANIFEST_USER);

	for (size_t k = 0; k < n; k++) {
		const char *domain = address_domain(manifest_at(i->manifest,
		    MANIFEST_USER, k)->name);

		nameset_add(populated, domain, strlen(domain));
	}
}

/* The reason why a domain cannot be an alias of another, or NULL. */
static const char *
link_trouble(const struct importing *i, const struct desired_domain *d,
    const struct nameset *populated)
{
	const struct desired_domain *target =
	    desired_domain(manifest_find(i->manifest, MANIFEST_DOMAIN,
	    d->alias_of));

	if (target == NULL)
		return "which does not exist";
	if (target->alias_of != NULL)
		return "which is an alias domain itself";
	if (nameset_find(populated, d->is.name, strlen(d->is.name)) !=
	    NAME_NONE)
		return "and has users of its own";
	return NULL;
}

static void
links_settle(struct importing *i)
{
	size_t n = manifest_count(i->manifest, MANIFEST_DOMAIN);
	struct nameset populated = { 0 };

	populated_add(i, &populated);
	for (size_t k = 0; k < n; k++) {
		struct desired_domain *d = domain_at(i, k);
		const char *trouble = d->alias_of != NULL ?
		    link_trouble(i, d, &populated) : NULL;

		if (trouble == NULL)
			continue;
		foreign_lost(i, "domain", d->is.name, "is a domain of its own",
		    "is an alias of %s, %s", d->alias_of, trouble);
		d->alias_of = NULL;
		d->is.given &= ~attribute_bit(MANIFEST_DOMAIN, "alias_of");
	}
	nameset_clear(&populated);
}

/* --- aliases to themselves ------------------------------------------- */

/*
 * In mailadm a user needs no alias to itself.  Together with other
 * destinations such a row keeps a copy.
 */
static void
self_settle(struct importing *i, struct desired_alias *alias)
{
	const char *name = alias->is.name;
	bool user = manifest_find(i->manifest, MANIFEST_USER, name) != NULL;
	struct words *on = &alias->destination, *off = &alias->inactive;
	bool dropped, only = on->count + off->count == 1 &&
	    strcmp(on->count > 0 ? on->word[0] : off->word[0], name) == 0;

	if (user && only) {
		alias->is.faulty = true;
		nameset_add(&i->from->needless, name, strlen(name));
	}
	if (user)
		return;
	dropped = word_drop(on, name);
	dropped |= word_drop(off, name);
	if (dropped) {
		foreign_lost(i, "alias", name, only ? NOT_IMPORTED : LEFT_OUT,
		    "leads to itself, and no user has that address");
		alias->is.faulty = is_empty(alias);
	}
}

static void
selves_settle(struct importing *i)
{
	for (size_t k = 0; k < alias_count(i); k++)
		self_settle(i, alias_at(i, k));
	compact(i->manifest, MANIFEST_ALIAS);
}

/* --- loops ----------------------------------------------------------- */

enum { TO_NOBODY = -1, TO_SOMEBODY = -2 };

static ptrdiff_t
alias_number(const struct importing *i, const char *name)
{
	const struct desired *w = manifest_find(i->manifest, MANIFEST_ALIAS,
	    name);

	return w != NULL ? (ptrdiff_t)manifest_index(i->manifest, w) :
	    TO_NOBODY;
}

static ptrdiff_t leads_to(struct importing *i, const char *address);

/* The address as it is, or without its tag. */
static ptrdiff_t
form_leads_to(struct importing *i, const struct desired_domain *d,
    const char *form)
{
	ptrdiff_t n = alias_number(i, form);

	if (n != TO_NOBODY)
		return n;
	if (manifest_find(i->manifest, MANIFEST_USER, form) != NULL)
		return TO_SOMEBODY;
	if (d->alias_of == NULL)
		return TO_NOBODY;
	return leads_to(i, address_join(i->arena, address_local(i->arena,
	    form), d->alias_of));
}

/* As Postfix would look it up, enabled or not. */
static ptrdiff_t
leads_to(struct importing *i, const char *address)
{
	const struct desired_domain *d =
	    desired_domain(manifest_find(i->manifest, MANIFEST_DOMAIN,
	    address_domain(address)));
	const char *untagged = address_untagged(i->arena, address);
	ptrdiff_t n;

	if (d == NULL)
		return TO_NOBODY;
	n = form_leads_to(i, d, address);
	if (n == TO_NOBODY && untagged != NULL)
		n = form_leads_to(i, d, untagged);
	return n != TO_NOBODY ? n : alias_number(i, address_domain(address) -
	    1);
}

struct frame {
	size_t alias;
	size_t next;		/* of its destinations, both lists */
};

enum color { UNSEEN, OPEN, CLOSED };

/* The next destination that is an alias to be looked at; or TO_NOBODY. */
static ptrdiff_t
step(struct importing *i, struct frame *f, const unsigned char *color,
    bool *cut)
{
	struct desired_alias *alias = alias_at(i, f->alias);
	struct words *on = &alias->destination, *off = &alias->inactive;

	while (f->next < on->count + off->count) {
		bool active = f->next < on->count;
		struct words *list = active ? on : off;
		size_t k = active ? f->next : f->next - on->count;
		ptrdiff_t n = leads_to(i, list->word[k]);

		f->next++;
		if (n < 0 || color[n] == CLOSED ||
		    strcmp(list->word[k], alias->is.name) == 0)
			continue;
		if (color[n] == UNSEEN)
			return n;
		foreign_lost(i, "alias", alias->is.name, LEFT_OUT,
		    "the destination %s leads back to it", list->word[k]);
		word_remove(list, k);
		f->next--;
		*cut = true;
	}
	return TO_NOBODY;
}

/* Depth first, without recursion: chains may be as long as they like. */
static void
loops_cut_from(struct importing *i, size_t first, unsigned char *color,
    bool *cut)
{
	VECTOR(struct frame) stack = { 0 };
	struct frame *f = VECTOR_ADD(&stack);

	*f = (struct frame){ first, 0 };
	color[first] = OPEN;
	while (stack.count > 0) {
		ptrdiff_t n;

		f = &stack.item[stack.count - 1];
		n = step(i, f, color, cut);
		if (n < 0) {
			color[f->alias] = CLOSED;
			stack.count--;
			continue;
		}
		color[n] = OPEN;
		f = VECTOR_ADD(&stack);
		*f = (struct frame){ (size_t)n, 0 };
	}
	VECTOR_CLEAR(&stack);
}

static void
loops_cut(struct importing *i, bool *cut)
{
	size_t n = alias_count(i);
	unsigned char *color = arena_alloc(i->arena, n + 1);

	for (size_t k = 0; k < n; k++) {
		if (color[k] == UNSEEN)
			loops_cut_from(i, k, color, cut);
	}
}

/* --- destinations that do not exist ---------------------------------- */

static bool
dangling_cut(struct importing *i, struct desired_alias *alias, bool *cut,
    struct err *e)
{
	struct plan plan = { .arena = i->arena };
	struct planning p = { i->m, i->manifest, &plan };
	struct words *list = &alias->destination;

	for (size_t k = 0; k < list->count;) {
		bool accepted;

		if (!plan_accepts(&p, list->word[k], &accepted, e))
			return false;
		if (accepted) {
			k++;
			continue;
		}
		foreign_lost(i, "alias", alias->is.name, LEFT_OUT,
		    "%s does not exist (no user, alias or "
		        "catch-all)", list->word[k]);
		word_remove(list, k);
		*cut = true;
	}
	return true;
}

/* It is no name of its own: what comes there goes to the catch-all. */
static bool
caught_note(struct importing *i, struct desired_alias *alias, const char *to,
    struct err *e)
{
	const struct desired_domain *d =
	    desired_domain(manifest_find(i->manifest, MANIFEST_DOMAIN,
	    address_domain(to)));
	const char *untagged = address_untagged(i->arena, to);
	bool exists;

	if (d == NULL || form_leads_to(i, d, to) != TO_NOBODY ||
	    (untagged != NULL && form_leads_to(i, d, untagged) !=
	    TO_NOBODY) || address_is_catchall(to))
		return true;
	if (i->m->db == NULL)
		exists = false;
	else if (!user_exists(i->m, to, &exists, e))
		return false;
	if (!exists)
		foreign_fixed(i, "alias", alias->is.name, "kept; the "
		    "catch-all gets the mail", "the destination %s is no "
		    "user and no alias", to);
	return true;
}

static bool
caught_notes(struct importing *i, struct err *e)
{
	for (size_t k = 0; k < alias_count(i); k++) {
		struct desired_alias *alias = alias_at(i, k);

		for (size_t n = 0; n < alias->destination.count; n++) {
			if (!caught_note(i, alias,
			    alias->destination.word[n], e))
				return false;
		}
	}
	return true;
}

static void
empty_drop(struct importing *i)
{
	for (size_t k = 0; k < alias_count(i); k++) {
		struct desired_alias *alias = alias_at(i, k);

		if (!is_empty(alias))
			continue;
		alias->is.faulty = true;
		foreign_lost(i, "alias", alias->is.name, NOT_IMPORTED,
		    "no destination is left");
	}
	compact(i->manifest, MANIFEST_ALIAS);
}

/* Without an alias, others may dangle, or a catch-all may take the mail. */
static bool
aliases_settle(struct importing *i, struct err *e)
{
	bool cut = true;

	while (cut) {
		cut = false;
		loops_cut(i, &cut);
		empty_drop(i);
		for (size_t k = 0; k < alias_count(i); k++) {
			if (!dangling_cut(i, alias_at(i, k), &cut, e))
				return false;
		}
		empty_drop(i);
	}
	return true;
}

/* --- limits ---------------------------------------------------------- */

struct counts {
	int64_t number[MANIFEST_KINDS];
};

static void
count_names(struct importing *i, enum manifest_kind kind,
    struct counts *counts)
{
	for (size_t k = 0; k < manifest_count(i->manifest, kind); k++) {
		const char *name = manifest_at(i->manifest, kind, k)->name;
		const struct desired *d = manifest_find(i->manifest,
		    MANIFEST_DOMAIN, address_domain(name));

		if (d != NULL)
			counts[manifest_index(i->manifest, d)].number[kind] +=
			    kind == MANIFEST_ALIAS ?
			    domain_alias_counts(name) : 1;
	}
}

static void
limit_settle(struct importing *i, struct desired_domain *d,
    const char *attribute, int64_t limit, int64_t number)
{
	uint32_t bit = attribute_bit(MANIFEST_DOMAIN, attribute);

	if (!desired_has(&d->is, bit) || number <= limit)
		return;
	foreign_lost(i, "domain", d->is.name, "the limit is left out",
	    "has %lld of what %s limits to %lld", (long long)number,
	    attribute, (long long)limit);
	d->is.given &= ~bit;
}

static void
limits_settle(struct importing *i)
{
	size_t n = manifest_count(i->manifest, MANIFEST_DOMAIN);
	struct counts *counts = arena_array(i->arena, n + 1,
	    sizeof(*counts));

	count_names(i, MANIFEST_USER, counts);
	count_names(i, MANIFEST_ALIAS, counts);
	for (size_t k = 0; k < n; k++) {
		struct desired_domain *d = domain_at(i, k);

		limit_settle(i, d, "max_users", d->max_users,
		    counts[k].number[MANIFEST_USER]);
		limit_settle(i, d, "max_aliases", d->max_aliases,
		    counts[k].number[MANIFEST_ALIAS]);
	}
}

/* --- all of it ------------------------------------------------------- */

static int
word_compare(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static void
list_sort(struct words *list)
{
	if (list->count > 1)
		qsort(list->word, list->count, sizeof(*list->word),
		    word_compare);
}

bool
foreign_settle(struct importing *i, struct err *e)
{
	bool own = i->m->db != NULL && !db_in_transaction(i->m->db), ok;

	manifest_sort(i->manifest);
	links_settle(i);
	selves_settle(i);
	if (own && !db_snapshot(i->m->db, e))
		return false;
	ok = aliases_settle(i, e) && caught_notes(i, e);
	if (own)
		db_rollback(i->m->db);
	for (size_t k = 0; k < alias_count(i); k++) {
		list_sort(&alias_at(i, k)->destination);
		list_sort(&alias_at(i, k)->inactive);
	}
	if (ok)
		limits_settle(i);
	return ok;
}
