/*
 * Modoboa: the rows that "modo export" writes, and its import reads, for
 * domains and for identities.
 *
 * The first cell of a row says what it is; there is no header.  Quotas are
 * megabytes.
 */
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/size.h"
#include "file/csv.h"
#include "model/foreignfile/private.h"

#define MEGABYTE 1048576

/* A user with the quota of the domain, until all domains are read. */
#define OF_DOMAIN (-1)

/* A row: its cells are without blanks, and live as long as the import. */
struct row {
	struct collecting *c;
	const struct csv_file *file;
	const char *kind;	/* by which losses are listed */
	const char *name;
	bool refused;
};

/* --- cells ------------------------------------------------------------- */

/* Its export puts a ' before what a spreadsheet takes for a formula. */
static const char *
cell(const struct row *r, size_t n)
{
	struct arena *a = r->c->i->arena;
	const char *text;

	if (n >= r->file->count)
		return "";
	text = foreign_trimmed(a, csv_file_cell(r->file, n));
	return *text == '\'' && is_one_of(text[1], "=+-@") ? text + 1 : text;
}

static const char *
cell_or_null(const struct row *r, size_t n)
{
	const char *text = cell(r, n);

	return *text == '\0' ? NULL : text;
}

static void
refuse(struct row *r, const char *problem)
{
	if (!r->refused)
		collect_refused(r->c, r->kind, r->name, problem);
	r->refused = true;
}

static bool
flag(struct row *r, size_t n)
{
	enum map_flag f = map_flag_parse(cell(r, n));

	if (f == MAP_NO_FLAG)
		refuse(r, arena_printf(r->c->i->arena, "enabled is \"%.60s\", "
		    "which is neither yes nor no", cell(r, n)));
	return f == MAP_ON;
}

/* Megabytes; FIELD_NULL for 0, and `empty` where it says nothing. */
static int64_t
quota(struct row *r, size_t n, int64_t empty)
{
	const char *text = cell(r, n);
	int64_t number;

	if (*text == '\0')
		return empty;
	if (!number_parse(text, &number) || number > INT64_MAX / MEGABYTE) {
		refuse(r, arena_printf(r->c->i->arena, "the quota is "
		    "\"%.60s\", which is no number", text));
		return FIELD_NULL;
	}
	return number == 0 ? FIELD_NULL : number * MEGABYTE;
}

static void
lost(const struct row *r, const char *problem)
{
	foreign_lost(r->c->i, r->kind, r->name, LEFT_OUT, "%s", problem);
}

/* --- domains ----------------------------------------------------------- */

/* Before 2016 a row had no limit for the whole domain. */
static void
domain_row(struct row *r)
{
	size_t standard = r->file->count > 4 ? 3 : 2;
	int64_t each = quota(r, standard, FIELD_NULL);
	int64_t all = standard == 3 ? quota(r, 2, FIELD_NULL) : FIELD_NULL;
	bool active = flag(r, standard + 1);
	struct foreign_domain *d;

	if (r->refused)
		return;
	d = collect_domain_row(r->c, r->name);
	d->quota = each;
	d->active = active;
	if (all != FIELD_NULL)
		lost(r, arena_printf(r->c->i->arena, "a limit of %lld MB for "
		    "the whole domain", (long long)(all / MEGABYTE)));
}

static void
domainalias_row(struct row *r)
{
	bool active = flag(r, 3);

	if (!r->refused)
		collect_link_row(r->c, r->name, cell(r, 2))->active = active;
}

static void
relaydomain_row(struct row *r)
{
	collect_domain_row(r->c, r->name)->backup = true;
	if (*cell(r, 2) != '\0')
		lost(r, arena_printf(r->c->i->arena, "is relayed to %.255s, "
		    "port %.60s: put it into transport_maps", cell(r, 2),
		    cell(r, 3)));
}

static void
relaydomainalias_row(struct row *r)
{
	collect_lost(r->c, r->kind, r->name, arena_printf(r->c->i->arena,
	    "is another name of %.255s, which is relayed only", cell(r, 2)));
}

/* --- accounts ---------------------------------------------------------- */

static bool
is_simple(const char *role)
{
	return strcmp(role, "SimpleUsers") == 0 || *role == '\0';
}

static void
account_lost(struct row *r)
{
	collect_lost(r->c, "user", r->name, is_simple(cell(r, 6)) ?
	    "has no address" : "administers Modoboa, and has no mailbox");
}

static const char *
full_name(const struct row *r)
{
	struct arena *a = r->c->i->arena;

	return foreign_trimmed(a, arena_printf(a, "%s %s", cell(r, 3),
	    cell(r, 4)));
}

/* The login, a password, names, enabled, role, address, quota, domains. */
static void
account_user(struct row *r)
{
	const char *login = r->name;
	struct foreign_user *u;
	bool active;
	int64_t limit;

	r->name = cell(r, 7);
	active = flag(r, 5);
	limit = quota(r, 8, OF_DOMAIN);
	if (r->refused)
		return;
	u = collect_user_row(r->c, r->name);
	u->active = active;
	u->quota = limit;
	u->crypt = cell_or_null(r, 2);
	u->name = full_name(r);
	if (!is_simple(cell(r, 6)))
		lost(r, "administers domains of Modoboa, or all of it");
	if (strcasecmp(login, r->name) != 0)
		lost(r, arena_printf(r->c->i->arena, "logs in as \"%.255s\", "
		    "and by the address from now on", login));
}

static void
account_row(struct row *r)
{
	if (*cell(r, 7) == '\0')
		account_lost(r);
	else
		account_user(r);
}

/* --- aliases ----------------------------------------------------------- */

static void
alias_row(struct row *r)
{
	struct words to = { 0 };
	bool active = flag(r, 2);

	if (r->refused)
		return;
	for (size_t n = 3; n < r->file->count; n++) {
		if (*cell(r, n) != '\0')
			words_add(r->c->i->arena, &to, cell(r, n));
	}
	collect_alias_row(r->c, r->name, words_joined(r->c->i->arena, &to,
	    ","))->active = active;
}

/* --- rows -------------------------------------------------------------- */

static const struct row_kind {
	const char *word;
	const char *kind;
	size_t cells;		/* at least */
	void (*take)(struct row *r);
	bool lists_domains;
} row_kinds[] = {
	{ "domain", "domain", 4, domain_row, true },
	{ "domainalias", "domain", 4, domainalias_row },
	{ "relaydomain", "domain", 2, relaydomain_row, true },
	{ "relaydomainalias", "domain", 2, relaydomainalias_row },
	{ "account", "user", 7, account_row },
	{ "alias", "alias", 3, alias_row },
	{ "forward", "alias", 3, alias_row },
	{ "dlist", "alias", 3, alias_row },
	{ 0 }
};

static const struct row_kind *
row_kind_find(const char *word)
{
	const struct row_kind *k = row_kinds;

	while (k->word != NULL && strcasecmp(k->word, word) != 0)
		k++;
	return k->word == NULL ? NULL : k;
}

static const char *
line_name(const struct row *r)
{
	return arena_printf(r->c->i->arena, "line %zu", r->file->line);
}

/* What is in it is not shown: it may be a password. */
static void
row_take(struct collecting *c, const struct csv_file *file, bool *any)
{
	struct row r = { .c = c, .file = file, .kind = "row" };
	const struct row_kind *k = row_kind_find(cell(&r, 0));

	c->i->row = file->line;
	r.name = line_name(&r);
	if (k == NULL) {
		refuse(&r, "begins with none of domain, domainalias, "
		    "relaydomain, account, alias, forward and dlist");
		return;
	}
	*any = true;
	r.kind = k->kind;
	if (file->count < k->cells) {
		refuse(&r, "has too few cells");
		return;
	}
	c->domains_listed |= k->lists_domains;
	r.name = cell(&r, 1);
	k->take(&r);
}

/* A row that cannot be read is one that is refused. */
static bool
rows_read(struct collecting *c, struct csv_file *file, bool *any,
    struct err *e)
{
	enum csv_answer answer;

	while ((answer = csv_file_next(file, e)) != CSV_END) {
		struct row r = { .c = c, .file = file, .kind = "row" };

		if (answer == CSV_BROKEN)
			return e->code == ERR_IO ? false : err_wrap(e,
			    "%s:%zu:%zu", file->name, file->line,
			    file->column);
		if (answer == CSV_ROW) {
			row_take(c, file, any);
			continue;
		}
		r.name = line_name(&r);
		refuse(&r, e->text);
		err_clear(e);
	}
	return true;
}

/* --- all of it --------------------------------------------------------- */

static void
quotas_of_domains(struct collecting *c)
{
	struct nameset names = { 0 };
	VECTOR(int64_t) quotas = { 0 };

	for (size_t k = 0; k < c->domains.count; k++) {
		const char *name = lowered(c->i->arena,
		    c->domains.item[k].domain);
		uint32_t n = nameset_add(&names, name, strlen(name));

		VECTOR_REACH(&quotas, n + 1);
		quotas.item[n] = c->domains.item[k].quota;
	}
	for (size_t k = 0; k < c->users.count; k++) {
		struct foreign_user *u = &c->users.item[k];
		const char *at = strrchr(u->email, '@');
		const char *name = lowered(c->i->arena, at != NULL ? at + 1 :
		    "");
		uint32_t n = nameset_find(&names, name, strlen(name));

		if (u->quota == OF_DOMAIN)
			u->quota = n == NAME_NONE ? FIELD_NULL :
			    quotas.item[n];
	}
	VECTOR_CLEAR(&quotas);
	nameset_clear(&names);
}

bool
modoboa_read(struct importing *i, struct err *e)
{
	struct collecting c = { .i = i };
	struct csv_file file;
	bool any = false, ok;

	ok = csv_file_open(&file, i->options->path, e);
	file.columns_max = CSV_CELLS_MAX;
	ok = ok && rows_read(&c, &file, &any, e);
	if (ok && !any) {
		err_set(e, ERR_INVALID, "%s has no row of Modoboa",
		    file.name);
		ok = err_hint(e, "the file is what \"manage.py modo export "
		    "domains\", or identities, prints");
	}
	csv_file_close(&file);
	if (ok) {
		quotas_of_domains(&c);
		ok = collect_end(&c, e);
	}
	i->from->found = "Modoboa";
	collect_clear(&c);
	return ok;
}
