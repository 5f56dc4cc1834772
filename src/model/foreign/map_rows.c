/* Maps: each row of the tables becomes a row in our form, or a loss. */
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "model/address.h"
#include "model/foreign/private.h"

/* A section while its rows are read. */
struct taking {
	struct importing *importing;
	const struct map *map;
	struct map_section *section;
	bool first;		/* of those that read its table */
};

static const char *const loss_kinds[] = {
	[MAP_DOMAINS] = "domain", [MAP_LINKS] = "domain", [MAP_USERS] = "user",
	[MAP_ALIASES] = "alias", [MAP_LOST] = "",
};

static const char *
kind_of(const struct map_row *r)
{
	return r->section->kind == MAP_LOST ? r->section->select.table->name :
	    loss_kinds[r->section->kind];
}

static bool
refused(struct map_row *r, const char *why)
{
	foreign_row_dropped(r->importing, FATE_REFUSED);
	foreign_lost(r->importing, kind_of(r), r->name, NOT_IMPORTED, "%s",
	    why);
	return false;
}

static bool
dropped(struct map_row *r, const char *why)
{
	foreign_row_dropped(r->importing, FATE_LOST);
	foreign_lost(r->importing, kind_of(r), r->name, NOT_IMPORTED, "%s",
	    why);
	return false;
}

/* --- names ------------------------------------------------------------ */

/*
 * A local part with the domain beside it is an address; so is "" or * of a
 * catch-all, and a bare domain, where no column has the domain.
 */
static const char *
joined(const struct map_row *r, enum map_attribute name,
    enum map_attribute at)
{
	struct importing *i = r->importing;
	const char *text = map_text(r, name), *domain = map_text(r, at);

	text = foreign_trimmed(&i->of_row, text);
	if (strchr(text, '@') != NULL)
		return text;
	if (domain != NULL)
		return arena_printf(&i->of_row, "%s@%s",
		    strcmp(text, "*") == 0 ? "" : text,
		    foreign_trimmed(&i->of_row, domain));
	if (name == MAP_NAME_OF && r->section->kind == MAP_ALIASES &&
	    foreign_find(i, MANIFEST_DOMAIN, lowered(&i->of_row,
	    text)) != NULL)
		return arena_printf(&i->of_row, "@%s", text);
	return text;
}

/* False: there is no name, and the row is lost. */
static bool
named(struct map_row *r)
{
	const char *missing;

	r->name = joined(r, MAP_NAME_OF, MAP_AT);
	if (strchr(r->name, '@') != NULL ||
	    map_text(r, MAP_AT) != NULL || (missing = map_missing(r,
	    MAP_AT)) == NULL)
		return true;
	return dropped(r, arena_printf(&r->importing->of_row, "has no domain: "
	    "%s", missing));
}

/* --- values ----------------------------------------------------------- */

/* As it is where no column says it. */
static bool
flag_take(struct map_row *r, enum map_attribute attribute, bool *flag)
{
	const char *why;
	enum map_flag f = map_flag(r, attribute, &why);

	if (f == MAP_NO_FLAG)
		return refused(r, why);
	if (f == MAP_OFF && why != NULL)
		foreign_fixed(r->importing, kind_of(r), r->name,
		    "taken for no", "%s", why);
	if (f != MAP_NO_COLUMN)
		*flag = f == MAP_ON;
	return true;
}

/* A quota of 0 is none; a limit of 0 too, and below it nothing is allowed. */
static bool
size_take(struct map_row *r, enum map_attribute attribute, int64_t *size)
{
	const char *why;

	if (!map_size(r, attribute, size, &why))
		return refused(r, why);
	if (*size == FIELD_NULL)
		return true;
	if (*size == 0 || (attribute == MAP_QUOTA && *size < 0))
		*size = FIELD_NULL;
	else if (*size < 0)
		*size = 0;
	return true;
}

/* What expired is off; what will expire must be remembered. */
static void
expiry_take(struct map_row *r, bool *active)
{
	const char *date;
	bool future;

	if (!map_expired(r, &date, &future))
		return;
	if (future)
		foreign_lost(r->importing, kind_of(r), r->name, LEFT_OUT,
		    "expires on %s", date);
	else
		*active = false;
}

static bool
active_take(struct map_row *r, bool *active)
{
	*active = true;
	if (!flag_take(r, MAP_ACTIVE, active))
		return false;
	expiry_take(r, active);
	return true;
}

/* --- rows ------------------------------------------------------------- */

static bool
domain_take(struct map_row *r, struct err *e)
{
	struct foreign_domain row = {
		.domain = r->name,
		.description = map_text(r, MAP_DESCRIPTION),
	};

	return !active_take(r, &row.active) ||
	    !flag_take(r, MAP_BACKUP, &row.backup) ||
	    !size_take(r, MAP_QUOTA, &row.quota) ||
	    !size_take(r, MAP_MAX_USERS, &row.max_users) ||
	    !size_take(r, MAP_MAX_ALIASES, &row.max_aliases) ||
	    foreign_domain(r->importing, &row, e);
}

static bool
link_take(struct map_row *r, struct err *e)
{
	struct foreign_link row = {
		.domain = r->name,
		.target = map_text(r, MAP_TARGET),
	};
	const char *missing = row.target == NULL ? map_missing(r,
	    MAP_TARGET) : NULL;

	if (missing != NULL) {
		dropped(r, arena_printf(&r->importing->of_row,
		    "is an alias of no domain: %s", missing));
		return true;
	}
	return !active_take(r, &row.active) ||
	    foreign_link(r->importing, &row, e);
}

/* IMAP and POP3 are one right here. */
static bool
login_take(struct map_row *r, bool *may_login)
{
	bool imap = true, pop3 = true, given;

	*may_login = true;
	given = map_expression_of(r->section, MAP_IMAP, 0) != NULL;
	if (!flag_take(r, MAP_MAY_LOGIN, may_login) ||
	    !flag_take(r, MAP_IMAP, &imap) || !flag_take(r, MAP_POP3, &pop3))
		return false;
	if (!given)
		return true;
	*may_login &= imap || pop3;
	if (*may_login && imap != pop3)
		foreign_lost(r->importing, "user", r->name, LEFT_OUT,
		    "may use %s only", imap ? "IMAP" : "POP3");
	return true;
}

static bool
user_take(struct map_row *r, struct err *e)
{
	struct importing *i = r->importing;
	struct foreign_user row = {
		.email = r->name,
		.crypt = map_text(r, MAP_PASSWORD),
		.may_send = true,
		.may_receive = true,
		.name = map_text(r, MAP_DESCRIPTION),
	};
	const char *home = map_text(r, MAP_HOME);

	if (!active_take(r, &row.active) || !login_take(r, &row.may_login) ||
	    !flag_take(r, MAP_MAY_SEND, &row.may_send) ||
	    !flag_take(r, MAP_MAY_RECEIVE, &row.may_receive) ||
	    !size_take(r, MAP_QUOTA, &row.quota))
		return true;
	if (home != NULL)
		row.home = map_home(&i->of_row, home, lowered(&i->of_row,
		    r->name), i->m->mail_directory);
	return foreign_user(i, &row, e);
}

/* The table of the lists, whose members are elsewhere. */
static bool
list_take(struct map_row *r)
{
	struct importing *i = r->importing;
	const char *name = lowered(&i->of_row, r->name);

	if (foreign_find(i, MANIFEST_ALIAS, name) == NULL)
		return dropped(r, "has no members");
	foreign_row_begin(i);
	foreign_row_kept(i, MANIFEST_ALIAS, name);
	return true;
}

static bool
alias_take(struct map_row *r, struct err *e)
{
	struct foreign_alias row = {
		.mail = r->name,
		.note = map_text(r, MAP_DESCRIPTION),
	};
	const char *missing = NULL;

	if (map_expression_of(r->section, MAP_DESTINATION, 0) == NULL) {
		list_take(r);
		return true;
	}
	row.destination = map_text(r, MAP_DESTINATION);
	if (row.destination == NULL)
		missing = map_missing(r, MAP_DESTINATION);
	else if (map_expression_of(r->section, MAP_DESTINATION_AT, 0) != NULL)
		row.destination = joined(r, MAP_DESTINATION,
		    MAP_DESTINATION_AT);
	if (missing != NULL) {
		dropped(r, arena_printf(&r->importing->of_row,
		    "a destination that does not exist: %s", missing));
		return true;
	}
	return !active_take(r, &row.active) ||
	    !flag_take(r, MAP_COPY, &row.copy) ||
	    foreign_alias(r->importing, &row, e);
}

/* It is named, and what it says. */
static bool
lost_take(struct map_row *r, struct err *e)
{
	const char *text = map_text(r, MAP_TEXT);

	(void)e;
	dropped(r, text == NULL || *text == '\0' ? "a row that is not read" :
	    text);
	return true;
}

static bool (*const takes[MAP_KINDS])(struct map_row *r, struct err *e) = {
	[MAP_DOMAINS] = domain_take, [MAP_LINKS] = link_take,
	[MAP_USERS] = user_take, [MAP_ALIASES] = alias_take,
	[MAP_LOST] = lost_take,
};

/* --- which rows ------------------------------------------------------- */

/* Cells that are no text: a NUL would cut them. */
static bool
readable(struct map_row *r)
{
	const struct map_section *s = r->section;

	for (size_t i = 0; i < s->expressions.count; i++) {
		const struct map_expression *x = &s->expressions.item[i];

		for (size_t k = 0; k < x->parts.count; k++) {
			const struct map_column *c = &x->parts.item[k];
			const struct foreign_cell *cell = c->cell < 0 ? NULL :
			    &r->cell[c->cell];

			if (cell == NULL || cell->text == NULL ||
			    (strlen(cell->text) == cell->len &&
			    utf8_valid(cell->text, cell->len)))
				continue;
			return refused(r, arena_printf(&r->importing->of_row,
			    "%s is no text: it has a NUL, or is not in "
			    "UTF-8", map_column_name(r, c)));
		}
	}
	return true;
}

/* One section of the table takes it, or it is lost. */
static bool
is_taken(struct map_row *r, const struct map *map)
{
	for (size_t i = 0; i < map->sections.count; i++) {
		const struct map_section *s = &map->sections.item[i];

		if (s->select.table == r->section->select.table &&
		    map_when(r, s))
			return true;
	}
	return false;
}

/* A value by which it is none of those that are read. */
static const char *
strange(const struct map_row *r)
{
	for (size_t i = 0; i < r->section->rules.count; i++) {
		const struct map_rule *rule = &r->section->rules.item[i];
		const char *cell = map_cell(r, &rule->column);

		if (rule->kind <= MAP_WHEN_NOT && !map_rule_holds(r, rule))
			return arena_printf(&r->importing->of_row,
			    "%s is %.60s", rule->column.names,
			    cell != NULL ? cell : "NULL");
	}
	return "a row of another kind";
}

static bool
is_chosen(const struct map_row *r)
{
	for (size_t i = 0; i < r->section->rules.count; i++) {
		const struct map_rule *rule = &r->section->rules.item[i];

		if (rule->kind == MAP_WHERE && !map_rule_holds(r, rule))
			return false;
	}
	return true;
}

static const char *
drop_words(const struct map_row *r)
{
	for (size_t i = 0; i < r->section->rules.count; i++) {
		const struct map_rule *rule = &r->section->rules.item[i];

		if (rule->kind == MAP_DROP && map_rule_holds(r, rule))
			return rule->values.word[0];
	}
	return NULL;
}

/* localhost and its kin are names of the machine, and of no mail here. */
static bool
is_machine(const struct map_row *r)
{
	const char *at = strrchr(r->name, '@');
	const char *domain = at != NULL ? at + 1 : r->name;

	return strcasecmp(domain, "localhost") == 0 ||
	    strcasecmp(domain, "localhost.localdomain") == 0;
}

/* Without a table of domains, they are those of the users. */
static void
domain_of_user(struct map_row *r)
{
	struct importing *i = r->importing;
	const char *at = strrchr(r->name, '@'), *name;
	struct err why = { 0 };

	for (size_t n = 0; n < r->map->sections.count; n++) {
		const struct map_section *s = &r->map->sections.item[n];

		if (s->kind == MAP_DOMAINS && s->select.table != NULL)
			return;
	}
	if (at != NULL && domain_parse(i->arena, at + 1, &name, &why) &&
	    foreign_find(i, MANIFEST_DOMAIN, name) == NULL)
		foreign_add(i, MANIFEST_DOMAIN, name);
	err_clear(&why);
}

static void
joins_count(struct taking *t, const struct foreign_cell *cell)
{
	for (size_t i = 0; i < t->section->joins.count; i++) {
		struct map_join *j = &t->section->joins.item[i];

		j->matched += j->of > 0 && cell[j->key_cell].text != NULL;
	}
}

static bool
row_take(void *arg, const struct foreign_cell *cell, struct err *e)
{
	struct taking *t = arg;
	struct importing *i = t->importing;
	struct map_row r = { i, t->map, t->section, cell, NULL };
	const char *words;

	arena_reset(&i->of_row);
	joins_count(t, cell);
	if (!is_chosen(&r)) {
		i->from->unchosen += t->first;
		return true;
	}
	r.name = joined(&r, MAP_NAME_OF, MAP_AT);
	if (!map_when(&r, t->section)) {
		if (t->first && !is_taken(&r, t->map))
			dropped(&r, strange(&r));
		return true;
	}
	words = drop_words(&r);
	if (words == NULL && is_machine(&r) && t->section->kind != MAP_LOST)
		words = "is a name of the machine alone";
	if (words != NULL)
		dropped(&r, words);
	if (words != NULL || !readable(&r) || !named(&r))
		return true;
	if (t->section->kind == MAP_USERS)
		domain_of_user(&r);
	if (!takes[t->section->kind](&r, e))
		return false;
	r.name = lowered(&i->of_row, r.name);
	if (i->fate == FATE_KEPT)
		map_columns_lost(&r, kind_of(&r));
	return true;
}

/* --- the sections ----------------------------------------------------- */

static bool
is_first(const struct map *map, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (map->sections.item[i].select.table ==
		    map->sections.item[n].select.table)
			return false;
	}
	return true;
}

bool
map_sections_read(struct importing *i, struct db *db, struct map *map,
    struct err *e)
{
	/* Domains come before the names in them, whatever the file says. */
	for (int kind = 0; kind < MAP_KINDS; kind++) {
		for (size_t n = 0; n < map->sections.count; n++) {
			struct taking t = { i, map, &map->sections.item[n],
			    is_first(map, n) };

			if ((int)t.section->kind == kind &&
			    t.section->select.table != NULL &&
			    !foreign_each(db, &t.section->select, row_take,
			    &t, e))
				return false;
		}
	}
	return true;
}
