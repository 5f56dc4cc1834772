/*
 * Rows of aliases and of patterns, which have a table of their own.
 *
 * A name with a star is a pattern, unless an alias of just this name exists:
 * such ones are older than patterns, or were meant literally.
 */
#include "model/mail/alias_row.h"

#include <string.h>

#include "model/address.h"

/* The two columns of a pattern's name. */
#define DOMAIN_LOCAL(m, mail) TEXT(address_domain(mail)),		\
    TEXT(address_local((m)->arena, mail))

bool
alias_is_pattern(struct mail *m, const char *mail, bool *pattern,
    struct err *e)
{
	int64_t active;

	*pattern = false;
	if (!address_is_pattern(mail))
		return true;
	if (!db_number(m->db, SQL_ALIAS_EXISTS, PARAMS(TEXT(mail)), &active,
	    e))
		return false;
	*pattern = active == FIELD_NULL;
	return true;
}

/* --- what a pattern may be ------------------------------------------- */

/* In Postfix's maps * and ? are ordinary characters. */
bool
alias_refuse_wild(const char *mail, struct err *e)
{
	const char *local = mail;

	while (*local == '*')
		local++;
	if (local > mail && *local == '@') {
		err_set(e, ERR_INVALID, "%s would be every name", mail);
		return err_hint(e, "the catch-all of the domain is %s",
		    address_domain(mail) - 1);
	}
	if (strstr(mail, "**") != NULL)
		return err_set(e, ERR_INVALID, "%s has two stars where one "
		    "means the same", mail);
	if (address_is_pattern(mail) && strchr(mail, '+') != NULL) {
		err_set(e, ERR_INVALID, "a pattern has no +tag: %s", mail);
		return err_hint(e, "name+anything@ reaches name@; a pattern "
		    "is compared with names without their +tag, which its "
		    "destination gets");
	}
	if (strcspn(mail, "?") >= strcspn(mail, "@"))
		return true;
	err_set(e, ERR_INVALID, "%s would be a name with a literal ?", mail);
	return err_hint(e, "a pattern is written with *, which stands for "
	    "any characters; --literal adds it as it is");
}

/* More would make each lookup of an unknown name slow. */
static bool
pattern_fits(struct mail *m, const char *mail, struct err *e)
{
	const char *name = address_domain(mail);
	struct domain d;
	int64_t count;
	bool found;

	if (!db_row(m->db, m->arena, SQL_DOMAIN_GET, PARAMS(TEXT(name)), &d,
	    &found, e))
		return false;
	if (found && d.alias_of != NULL)
		return err_set(e, ERR_REFUSED, "%s is an alias domain: it has "
		    "the patterns of %s", name, d.alias_of);
	if (!db_number(m->db, SQL_PATTERN_COUNT, PARAMS(TEXT(name)), &count,
	    e))
		return false;
	if (count < PATTERNS_MAX)
		return true;
	err_set(e, ERR_REFUSED, "%s would be one pattern too many: %s has "
	    "%lld", mail, name, (long long)count);
	return err_hint(e, "a domain has at most %d, since all of them are "
	    "compared with each unknown name", PATTERNS_MAX);
}

bool
alias_pattern_matches(const char *pattern, const char *address)
{
	const char *star = NULL, *from = NULL;

	while (*address != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			from = address;
		} else if (*pattern == *address) {
			pattern++;
			address++;
		} else if (star != NULL && *from != '@') {
			pattern = star;
			address = ++from;
		} else {
			return false;
		}
	}
	return *pattern == '\0';
}

/* --- reading --------------------------------------------------------- */

static bool
rows_read(struct mail *m, struct arena *a, const char *mail, bool lock,
    struct db_rows *rows, struct err *e)
{
	bool pattern;

	if (!alias_is_pattern(m, mail, &pattern, e))
		return false;
	if (pattern)
		return db_query(m->db, a, lock ? SQL_PATTERN_LOCK :
		    SQL_PATTERN_ROWS, PARAMS(DOMAIN_LOCAL(m, mail)), rows,
		    e);
	return db_query(m->db, a, lock ? SQL_ALIAS_LOCK : SQL_ALIAS_ROWS,
	    PARAMS(TEXT(mail)), rows, e);
}

bool
alias_rows(struct mail *m, struct arena *a, const char *mail,
    struct db_rows *rows, struct err *e)
{
	return rows_read(m, a, mail, false, rows, e);
}

bool
alias_rows_locked(struct mail *m, struct arena *a, const char *mail,
    struct db_rows *rows, struct err *e)
{
	return rows_read(m, a, mail, true, rows, e);
}

/* --- writing --------------------------------------------------------- */

/* The first row of a pattern makes it. */
static bool
pattern_insert(struct mail *m, const struct alias *row, struct err *e)
{
	struct db_rows rows;

	if (!db_query(m->db, m->arena, SQL_PATTERN_ROWS,
	    PARAMS(DOMAIN_LOCAL(m, row->mail)), &rows, e))
		return false;
	if (rows.count == 0 && !(alias_refuse_wild(row->mail, e) &&
	    pattern_fits(m, row->mail, e)))
		return false;
	return db_exec(m->db, SQL_PATTERN_ADD, PARAMS(
	    DOMAIN_LOCAL(m, row->mail), TEXT(row->destination),
	    NUMBER(row->active), TEXT(row->note)), e);
}

bool
alias_row_insert(struct mail *m, const struct alias *row, bool literal,
    struct err *e)
{
	bool pattern = false;

	if (!literal && !alias_is_pattern(m, row->mail, &pattern, e))
		return false;
	if (pattern)
		return pattern_insert(m, row, e);
	return db_exec(m->db, SQL_ALIAS_ADD, PARAMS(TEXT(row->mail),
	    TEXT(row->destination), NUMBER(row->active),
	    ALIAS_ALL_VALUES(COLUMN_PARAM, row)), e);
}

bool
alias_row_update(struct mail *m, const struct alias *row, struct err *e)
{
	bool pattern;

	if (!alias_is_pattern(m, row->mail, &pattern, e))
		return false;
	if (pattern)
		return db_exec(m->db, SQL_PATTERN_SET, PARAMS(
		    NUMBER(row->active), TEXT(row->note),
		    DOMAIN_LOCAL(m, row->mail), TEXT(row->destination)), e);
	return db_exec(m->db, SQL_ALIAS_SET, PARAMS(NUMBER(row->active),
	    ALIAS_ALL_VALUES(COLUMN_PARAM, row) TEXT(row->mail),
	    TEXT(row->destination)), e);
}

bool
alias_row_enable(struct mail *m, const struct alias *row, bool active,
    struct err *e)
{
	bool pattern;

	if (!alias_is_pattern(m, row->mail, &pattern, e))
		return false;
	if (pattern)
		return db_exec(m->db, SQL_PATTERN_SET, PARAMS(NUMBER(active),
		    TEXT(row->note), DOMAIN_LOCAL(m, row->mail),
		    TEXT(row->destination)), e);
	return db_exec(m->db, SQL_ALIAS_SET_ACTIVE, PARAMS(NUMBER(active),
	    TEXT(row->mail), TEXT(row->destination)), e);
}

bool
alias_row_remove(struct mail *m, const char *mail, const char *to,
    struct err *e)
{
	bool pattern;

	if (!alias_is_pattern(m, mail, &pattern, e))
		return false;
	if (pattern)
		return db_exec(m->db, SQL_PATTERN_REMOVE, PARAMS(
		    DOMAIN_LOCAL(m, mail), TEXT(to)), e);
	return db_exec(m->db, SQL_ALIAS_REMOVE, PARAMS(TEXT(mail), TEXT(to)),
	    e);
}
