/*
 * Any bytes as the files of Postfix, Dovecot and docker-mailserver: each row
 * becomes an object, or a loss with its reason.  A NUL ends a file, and the
 * next one begins.
 */
#include "file.h"
#include "system.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

/* One of each kind of line. */
static const char *const names[] = {
	"virtual_domains", "vmailbox", "passwd-file", "postfix-accounts.cf",
	"dovecot-quotas.cf", "virtual", "postfix-virtual.cf",
	"postfix-regexp.cf", "aliases", "relaymap", "sasl_passwd",
	"master-users"
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

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	files_write((const char *)bytes, len);
	if (*fuzz_directory != '\0')
		fuzz_system(FOREIGN_FILES, fuzz_directory);
	files_remove();
	return 0;
}
