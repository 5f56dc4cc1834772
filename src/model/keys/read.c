/* From a directory, a table or a database to the list of its keys. */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "model/address.h"
#include "model/keys/private.h"
#include "model/mail/domain.h"

/* --- what is known ------------------------------------------------------ */

static bool
name_add(void *arg, const void *row, struct err *e)
{
	const struct sql_text *text = row;
	struct keys_reading *r = arg;

	(void)e;
	nameset_add(&r->ours, text->text, strlen(text->text));
	return true;
}

static bool
ours_read(struct keys_reading *r, struct err *e)
{
	return db_each(r->m->db, SQL_DOMAIN_NAMES, NO_PARAMS, name_add, r, e);
}

/* For names that can be read in two ways. */
static bool
is_known(void *arg, const char *domain)
{
	struct keys_reading *r = arg;
	struct err none = { 0 };
	const char *name;
	bool known = domain_parse(r->arena, domain, &name, &none) &&
	    nameset_find(&r->ours, name, strlen(name)) != NAME_NONE;

	err_clear(&none);
	return known;
}

/* --- a directory ---------------------------------------------------------- */

static bool
tables_read(struct keys_reading *r, struct err *e)
{
	for (size_t i = 0; i < r->tree.entries.count; i++) {
		const struct keys_entry *entry = &r->tree.entries.item[i];
		keys_reader reader = keys_reader_of(entry->name);
		struct keys_place place;

		if (reader == NULL || entry->is_link)
			continue;
		if (!keys_tree_place(&r->tree, "", entry->name,
		    &keys_trust_all, &place, e) ||
		    !keys_table_take(r, &place, &keys_trust_all, reader, e))
			return false;
	}
	return true;
}

/* The directory itself may have the name of a domain. */
static const char *
whole_name(struct keys_reading *r, const char *name)
{
	const char *directory = strrchr(r->tree.real, '/');

	return arena_printf(r->arena, "%s/%s", directory + 1, name);
}

/* Where tables name the keys of a domain, the others do not sign. */
static const char *
file_judge(struct keys_reading *r, const struct keys_entry *entry,
    const struct keys_layout *l)
{
	if (entry->is_link)
		return "a symbolic link, which is not followed";
	if (l->domain != NULL && nameset_find(&r->domains, l->domain,
	    strlen(l->domain)) != NAME_NONE)
		return "the table names another key of the domain";
	return NULL;
}

static bool
files_find(struct keys_reading *r, struct err *e)
{
	for (size_t i = 0; i < r->tree.entries.count; i++) {
		const struct keys_entry *entry = &r->tree.entries.item[i];
		struct keys_layout l = { .known = is_known, .arg = r };
		struct keys_place place;
		struct keys_found *f;

		if (!keys_layout(r->arena, whole_name(r, entry->name), &l))
			continue;
		if (!keys_tree_place(&r->tree, "", entry->name,
		    &keys_trust_all, &place, e))
			return false;
		if (nameset_find(&r->files, place.shown, strlen(place.shown))
		    != NAME_NONE)
			continue;
		f = VECTOR_ADD(&r->found);
		*f = (struct keys_found){ .domain = l.domain,
		    .selector = l.selector, .file = place.shown,
		    .place = place, .why = file_judge(r, entry, &l) };
	}
	return true;
}

/* --- what the lines say together --------------------------------------- */

/*
 * Two names that a table has must not end in one file only because they end
 * with the same word: then one of the domains would get the key of another.
 */
static void
places_judge(struct keys_reading *r)
{
	struct nameset places = { 0 };
	VECTOR(struct keys_found *) first = { 0 };

	for (size_t i = 0; i < r->found.count; i++) {
		struct keys_found *f = &r->found.item[i];
		uint32_t n;

		if (!f->place.by_end)
			continue;
		n = nameset_add(&places, f->file, strlen(f->file));
		if (n == first.count)
			*VECTOR_ADD(&first) = f;
		else if (strcmp(first.item[n]->path, f->path) != 0)
			f->why = first.item[n]->why = "another name in the "
			    "tables ends like this one: it may be the key of "
			    "another domain";
	}
	VECTOR_CLEAR(&first);
	nameset_clear(&places);
}

static const char *
signer_why(struct keys_reading *r, const char *name, const char *domain)
{
	if (!is_known(r, name))
		return "the domain does not exist";
	return arena_printf(r->arena, "the key of %s signs for it, here it "
	    "needs one of its own: mailadm dkim add %s", domain, name);
}

/* Here each domain signs with keys of its own. */
static void
signers_judge(struct keys_reading *r)
{
	for (size_t i = 0; i < r->signers.count; i++) {
		const struct keys_signer *s = &r->signers.item[i];
		uint32_t n = nameset_find(&r->names, s->key, strlen(s->key));
		const char *domain;

		if (n == NAME_NONE)
			continue;
		domain = r->name_domain.item[n];
		if (strcasecmp(domain, s->domain) == 0 ||
		    nameset_find(&r->domains, s->domain, strlen(s->domain)) !=
		    NAME_NONE)
			continue;
		nameset_add(&r->domains, s->domain, strlen(s->domain));
		*VECTOR_ADD(&r->found) = (struct keys_found){
		    .domain = s->domain, .file = s->file,
		    .why = signer_why(r, s->domain, domain) };
	}
}

static bool
found_take(struct keys_reading *r, struct err *e)
{
	if (r->found.count > KEYS_MAX)
		return err_set(e, ERR_INVALID, "%s names more than %d keys",
		    r->options->path, KEYS_MAX);
	for (size_t i = 0; i < r->found.count; i++) {
		if (db_interrupted(r->m->db))
			return db_interrupted_err(r->m->db, e);
		if (!keys_take(r, &r->found.item[i], e))
			return false;
	}
	return true;
}

/* --- the whole ----------------------------------------------------------- */

/* The directory of a file, and its name in there. */
static const char *
directory_split(struct arena *a, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');

	*name = slash == NULL ? path : slash + 1;
	return slash == NULL ? "." : slash == path ? "/" :
	    arena_strndup(a, path, (size_t)(slash - path));
}

static bool
is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) != 0 || S_ISDIR(st.st_mode);
}

static bool
directory_read(struct keys_reading *r, struct err *e)
{
	return keys_tree_open(&r->tree, r->arena, r->options->path, e) &&
	    keys_tree_list(&r->tree, e) && tables_read(r, e) &&
	    files_find(r, e);
}

static void
any_table(struct keys_reading *r, const struct keys_table *t)
{
	keys_reader reader;

	if (keys_reader_guess(t->file, t->text, &reader, r->failed))
		reader(r, t);
}

static bool
table_read(struct keys_reading *r, struct err *e)
{
	const char *name, *directory = directory_split(r->arena,
	    r->options->path, &name);
	struct keys_place place;

	if (!keys_tree_open(&r->tree, r->arena, directory, e))
		return false;
	r->tree.named = false;
	r->failed = e;
	return keys_tree_place(&r->tree, "", name, &keys_trust_all, &place,
	    e) && keys_table_take(r, &place, &keys_trust_all, any_table, e) &&
	    e->code == ERR_NONE;
}

static bool
files_read(struct keys_reading *r, struct err *e)
{
	const char *path = r->options->path;

	if (!(is_directory(path) ? directory_read(r, e) : table_read(r, e)))
		return false;
	signers_judge(r);
	places_judge(r);
	if (!found_take(r, e))
		return false;
	if (r->keys->items.count == 0)
		return err_set(e, ERR_NOT_FOUND, "no DKIM key in %s", path);
	r->keys->found = path;
	return true;
}

static bool
source_read(struct keys_reading *r, const struct db_settings *like,
    struct err *e)
{
	return keys_tree_open(&r->tree, r->arena, r->options->path, e) &&
	    keys_source(r, like, e);
}

static int
item_compare(const void *a, const void *b)
{
	const struct keys_item *x = a, *y = b;
	int order = strcmp(x->domain != NULL ? x->domain : "",
	    y->domain != NULL ? y->domain : "");

	if (order == 0)
		order = strcmp(x->selector != NULL ? x->selector : "",
		    y->selector != NULL ? y->selector : "");
	/* "line 2" stands before "line 10". */
	return order != 0 ? order : strverscmp(x->file, y->file);
}

void
keys_reading_clear(struct keys_reading *r)
{
	keys_tree_close(&r->tree);
	VECTOR_CLEAR(&r->found);
	VECTOR_CLEAR(&r->signers);
	VECTOR_CLEAR(&r->name_domain);
	VECTOR_CLEAR(&r->map);
	VECTOR_CLEAR(&r->item_of);
	VECTOR_CLEAR(&r->seal);
	nameset_clear(&r->tables);
	nameset_clear(&r->files);
	nameset_clear(&r->domains);
	nameset_clear(&r->names);
	nameset_clear(&r->mapped);
	nameset_clear(&r->items);
	nameset_clear(&r->sealed);
	nameset_clear(&r->ours);
}

bool
keys_find(struct mail *m, const struct dkim_secret *secret,
    const struct db_settings *like, const struct keys_options *options,
    struct keys *keys, struct err *e)
{
	struct keys_reading r = { .m = m, .arena = m->arena,
	    .options = options, .secret = secret, .keys = keys,
	    .tree = { .fd = -1, .root = -1 } };
	bool ok;

	*keys = (struct keys){ 0 };
	ok = ours_read(&r, e) && (options->defaults_file != NULL ?
	    source_read(&r, like, e) : files_read(&r, e));
	keys_reading_clear(&r);
	if (ok && keys->items.count > 1)
		qsort(keys->items.item, keys->items.count,
		    sizeof(*keys->items.item), item_compare);
	return ok;
}

void
keys_clear(struct keys *keys)
{
	VECTOR_CLEAR(&keys->items);
}
