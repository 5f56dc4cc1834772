/*
 * Importing from another system: reads everything, then removes what does not
 * fit.
 */
#include <string.h>

#include "base/bug.h"
#include "model/address.h"
#include "model/foreign/private.h"

/* PostfixAdmin's default of quota_multiplier, and the usual other value. */
#define UNIT_DECIMAL 1024000
#define UNIT_BINARY 1048576

/*
 * A family has a map at least: tests/db/foreign_cases.sh has one of each; the
 * others have a reader in model/foreignfile.
 */
const char *const foreign_system_words[] = {
	FOREIGN_TABLES, "postfixadmin", "vimbadmin", "ispmail", "linode",
	"iredmail", "modoboa", "vexim", "froxlor", "extmail", "flurdy",
	"forwardings", FOREIGN_FILES, "docker-mailserver", "mailu",
	"modoboa-csv", "ldif", NULL
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

/* Nobody has a mailbox of less than a megabyte: these are megabytes. */
static bool
are_megabytes(const struct importing *i)
{
	size_t n = manifest_count(i->manifest, MANIFEST_USER);
	bool any = false;

	for (size_t k = 0; k < n; k++) {
		int64_t quota = desired_user(manifest_at(i->manifest,
		    MANIFEST_USER, k))->quota;

		if (quota == FIELD_NULL)
			continue;
		if (quota >= UNIT_BINARY)
			return false;
		any = true;
	}
	return any;
}

static void
megabytes_scale(struct importing *i)
{
	size_t n = manifest_count(i->manifest, MANIFEST_USER);

	for (size_t k = 0; k < n; k++) {
		struct desired_user *u = desired_user(manifest_at(i->manifest,
		    MANIFEST_USER, k));

		if (u->quota != FIELD_NULL)
			u->quota *= UNIT_BINARY;
	}
	foreign_fixed(i, "quota", "*", "counted as megabytes of 1048576; "
	    "--users ...,quota=COLUMN*1 keeps the bytes",
	    "all are numbers below 1048576");
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
	else if (i->quota_plain && are_megabytes(i))
		megabytes_scale(i);
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

/* --- all of it ---------------------------------------------------------- */

bool
foreign_import(struct mail *m, const struct db_settings *like,
    const struct foreign_options *options, struct foreign_import *from,
    struct err *e)
{
	struct importing i = { .m = m, .arena = m->arena,
	    .options = options, .from = from, .manifest = from->manifest };
	bool ok;

	ok = options->read != NULL ? options->read(&i, e) :
	    foreign_database(&i, like, e);
	foreign_rows_end(&i);
	if (ok) {
		quotas_settle(&i);
		ok = foreign_settle(&i, e);
	}
	arena_clear(&i.of_row);
	nameset_clear(&i.backups);
	nameset_clear(&i.homes);
	return ok;
}

bool
foreign_look(struct mail *m, const struct db_settings *like,
    struct foreign_options *options, struct foreign_import *from,
    struct err *e)
{
	BUG_ON(m->db != NULL);
	options->look = true;
	return foreign_import(m, like, options, from, e);
}

void
foreign_import_clear(struct foreign_import *from)
{
	VECTOR_CLEAR(&from->losses);
	VECTOR_CLEAR(&from->parts);
	for (int kind = 0; kind < MANIFEST_KINDS; kind++) {
		nameset_clear(&from->names[kind]);
		VECTOR_CLEAR(&from->rows[kind]);
	}
	nameset_clear(&from->needless);
}
