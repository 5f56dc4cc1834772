/*
 * Any bytes as the files of Postfix, Dovecot and docker-mailserver: each row
 * becomes an object, or a loss with its reason.  A NUL ends a file, and the
 * next one begins.
 */
#include "file.h"

#include "db/db.h"
#include "model/foreignfile/private.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

/* One of each kind of line. */
static const char *const names[] = {
	"virtual_domains", "vmailbox", "passwd-file", "postfix-accounts.cf",
	"dovecot-quotas.cf", "virtual", "postfix-virtual.cf",
	"postfix-regexp.cf"
};

#define FILES (sizeof(names) / sizeof(names[0]))

static void
files_write(const char *bytes, size_t len)
{
	for (size_t i = 0; i < FILES && len > 0; i++) {
		const char *end = memchr(bytes, '\0', len);
		size_t n = end != NULL ? (size_t)(end - bytes) : len;
		char path[2 * FUZZ_PATH];

		fuzz_name(path, names[i]);
		fuzz_write(path, bytes, n);
		n += end != NULL;
		bytes += n;
		len -= n;
	}
}

static void
files_remove(void)
{
	for (size_t i = 0; i < FILES; i++) {
		char path[2 * FUZZ_PATH];

		fuzz_name(path, names[i]);
		unlink(path);
	}
}

/* It is never asked: Ctrl-C was typed, which ends the import. */
static struct db *
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

static void
losses_have_reasons(const struct foreign_import *from)
{
	const struct foreign_loss *loss = from->losses.item;

	for (size_t i = 0; i < from->losses.count; i++)
		BUG_ON(loss[i].kind == NULL || loss[i].name == NULL ||
		    *loss[i].problem == '\0' || *loss[i].done == '\0');
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct manifest manifest = { .arena = &a };
	struct mail mail = { .db = no_database(), .arena = &a };
	struct foreign_import from = { .manifest = &manifest };
	struct foreign_options options = { .system = FOREIGN_FILES,
	    .quota_unit = FIELD_NULL };
	struct importing i = { .m = &mail, .arena = &a, .from = &from,
	    .options = &options, .manifest = &manifest };

	files_write((const char *)bytes, len);
	options.path = fuzz_directory;
	if (*fuzz_directory != '\0' && !postfix_files_read(&i, &e))
		BUG_ON(e.code == ERR_NONE || *e.text == '\0');
	losses_have_reasons(&from);
	files_remove();
	foreign_import_clear(&from);
	manifest_clear(&manifest);
	nameset_clear(&i.backups);
	nameset_clear(&i.homes);
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
