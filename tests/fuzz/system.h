/*
 * A reader of another system's files: each row becomes an object, or a loss
 * with its reason.
 */
#ifndef TESTS_FUZZ_SYSTEM_H
#define TESTS_FUZZ_SYSTEM_H

#include "db/db.h"
#include "model/foreignfile/private.h"

/* It is never asked: Ctrl-C was typed, which ends the import. */
static inline struct db *
no_database(void)
{
	static const struct db_settings settings = {
		.defaults_file = "/dev/null",
		.daily = { .socket = "/nonexistent/socket" },
		.admin = { .socket = "/nonexistent/socket" },
	};
	static struct db *db;

	if (db == NULL) {
		db = db_open(&settings);
		db_interrupt(db);
	}
	return db;
}

static inline void
losses_have_reasons(const struct foreign_import *from)
{
	const struct foreign_loss *loss = from->losses.item;

	for (size_t i = 0; i < from->losses.count; i++)
		BUG_ON(loss[i].kind == NULL || loss[i].name == NULL ||
		    *loss[i].problem == '\0' || *loss[i].done == '\0');
}

/* Reads the file or directory as one of that system. */
static inline void
fuzz_system(const char *system, const char *path)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct manifest manifest = { .arena = &a };
	struct mail mail = { .db = no_database(), .arena = &a };
	struct foreign_import from = { .manifest = &manifest };
	const struct foreign_options options = { .system = system,
	    .path = path, .quota_unit = FIELD_NULL };
	struct importing i = { .m = &mail, .arena = &a, .from = &from,
	    .options = &options, .manifest = &manifest };

	if (!foreignfile_reader(system)->read(&i, &e))
		BUG_ON(e.code == ERR_NONE || *e.text == '\0');
	losses_have_reasons(&from);
	foreign_import_clear(&from);
	manifest_clear(&manifest);
	nameset_clear(&i.backups);
	nameset_clear(&i.homes);
	err_clear(&e);
	arena_clear(&i.of_row);
	arena_clear(&a);
}

#endif
