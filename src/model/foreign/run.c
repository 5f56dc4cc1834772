/*
 * Importing from another system: reads everything, then removes what does not
 * fit.
 */
#include <string.h>

#include "model/address.h"
#include "model/foreign/private.h"
#include "model/mail/account.h"

/* PostfixAdmin's default of quota_multiplier, and the usual other value. */
#define UNIT_DECIMAL 1024000
#define UNIT_BINARY 1048576

const char *const foreign_system_words[] = {
	"postfixadmin", "ispmail", "iredmail", FOREIGN_FILES, NULL
};

/* --- quotas ---------------------------------------------------------- */

/* All of them are multiples of one unit, and not all of the other? */
static bool
is_decimal(const struct importing *i)
{
	size_t n = manifest_count(i->manifest, MANIFEST_USER);
	bool decimal = true, binary = true;

	for (size_t k = 0; k < n; k++) {
		const struct desired_user *u = desired_user(manifest_at(
		    i->manifest, MANIFEST_USER, k));

		if (u->quota == FIELD_NULL)
			continue;
		decimal &= u->quota % UNIT_DECIMAL == 0;
		binary &= u->quota % UNIT_BINARY == 0;
	}
	return decimal && !binary;
}

/* Exact for multiples of the unit; others are rounded up. */
static int64_t
in_binary(int64_t bytes)
{
	return bytes / 125 * 128 + (bytes % 125 * 128 + 124) / 125;
}

/* The person meant "500 MB": it becomes 500M, whatever the unit was. */
static void
quotas_scale(struct importing *i, bool guessed)
{
	size_t n = manifest_count(i->manifest, MANIFEST_USER);

	for (size_t k = 0; k < n; k++) {
		struct desired_user *u = desired_user(manifest_at(i->manifest,
		    MANIFEST_USER, k));

		if (u->quota != FIELD_NULL && u->quota < INT64_MAX / 2)
			u->quota = in_binary(u->quota);
	}
	if (guessed)
		foreign_fixed(i, "quota", "*", "counted as megabytes of "
		    "1048576; --quota-unit 1048576 keeps the bytes",
		    "all are in megabytes of 1024000 bytes");
}

/*
 * A user without a limit is that by the domain, which may have one for
 * those who have nothing of their own.
 */
static void
quotas_settle(struct importing *i)
{
	size_t n = manifest_count(i->manifest, MANIFEST_USER);
	int64_t unit = i->options->quota_unit;

	if (i->quota_in_units && (unit == UNIT_DECIMAL || (unit ==
	    FIELD_NULL && is_decimal(i))))
		quotas_scale(i, unit == FIELD_NULL);
	for (size_t k = 0; k < n; k++) {
		struct desired_user *u = desired_user(manifest_at(i->manifest,
		    MANIFEST_USER, k));
		const struct desired_domain *d = desired_domain(foreign_find(i,
		    MANIFEST_DOMAIN, address_domain(u->is.name)));

		if (u->quota == FIELD_NULL && d != NULL && desired_has(
		    &d->is, attribute_bit(MANIFEST_DOMAIN, "quota")))
			u->quota = QUOTA_NONE;
		if (u->quota != FIELD_NULL)
			u->is.given |= attribute_bit(MANIFEST_USER, "quota");
	}
}

/* --- the database ---------------------------------------------------- */

static bool
domain_row(void *arg, const void *row, struct err *e)
{
	return foreign_domain(arg, row, e);
}

static bool
link_row(void *arg, const void *row, struct err *e)
{
	return foreign_link(arg, row, e);
}

static bool
user_row(void *arg, const void *row, struct err *e)
{
	return foreign_user(arg, row, e);
}

static bool
alias_row(void *arg, const void *row, struct err *e)
{
	return foreign_alias(arg, row, e);
}

static const db_row_each row_of[FOREIGN_ROWS] = {
	[FOREIGN_DOMAINS] = domain_row,
	[FOREIGN_LINKS] = link_row,
	[FOREIGN_USERS] = user_row,
	[FOREIGN_ALIASES] = alias_row,
};

static bool
source_read(struct importing *i, struct db *db, struct err *e)
{
	struct foreign source;
	bool ok = true;

	if (!foreign_begin(&source, db, i->arena, i->options->system,
	    i->options->prefix != NULL ? i->options->prefix : "", e))
		return false;
	i->from->found = source.system->name;
	for (int rows = 0; ok && rows < FOREIGN_ROWS; rows++)
		ok = foreign_each(&source, (enum foreign_rows)rows,
		    row_of[rows], i, e);
	foreign_end(&source);
	i->quota_in_units = source.system->quota_in_units;
	return ok;
}

static bool
foreign_database(struct importing *i, const struct db_settings *like,
    struct err *e)
{
	struct db_settings settings = *like;
	struct db *db;
	bool ok;

	settings.defaults_file = i->options->defaults_file;
	if (!account_of_source(i->arena, i->options->defaults_file,
	    i->options->database, &settings.daily, e))
		return false;
	settings.admin = settings.daily;
	db = db_open(&settings);
	ok = source_read(i, db, e);
	db_close(db);
	return ok;
}

bool
foreign_import(struct mail *m, const struct db_settings *like,
    const struct foreign_options *options, struct foreign_import *from,
    struct err *e)
{
	struct importing i = { .m = m, .arena = m->arena,
	    .options = options, .from = from, .manifest = from->manifest };
	bool files = strcmp(options->system, FOREIGN_FILES) == 0;
	bool ok;

	ok = files ? foreign_files(&i, e) : foreign_database(&i, like, e);
	if (ok) {
		quotas_settle(&i);
		ok = foreign_settle(&i, e);
	}
	for (int kind = 0; kind < MANIFEST_KINDS; kind++)
		nameset_clear(&i.names[kind]);
	nameset_clear(&i.backups);
	nameset_clear(&i.homes);
	return ok;
}

void
foreign_import_clear(struct foreign_import *from)
{
	VECTOR_CLEAR(&from->losses);
}
