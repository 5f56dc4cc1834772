/* Any bytes as the list of checksums: what is read is written again. */
#include "file.h"

#include "model/server/checksums.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

#define PATH "/etc/postfix/main.cf"

static const char hash[] =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	char path[2 * FUZZ_PATH];
	struct arena a = { 0 };
	struct err e = { 0 };
	struct checksums c, again;

	fuzz_name(path, "checksums");
	fuzz_write(path, bytes, len);
	if (checksums_read(&c, &a, path, &e)) {
		BUG_ON(c.changed);
		checksums_set(&c, PATH, hash);
		BUG_ON(!checksums_write(&c, path, &e));
		BUG_ON(!checksums_read(&again, &a, path, &e));
		BUG_ON(checksums_find(&again, PATH) == NULL);
		for (struct checksum *one = c.first; one != NULL;
		    one = one->next)
			BUG_ON(strcmp(checksums_find(&again, one->path),
			    one->hash) != 0);
	} else {
		BUG_ON(e.code != ERR_INVALID);
	}
	unlink(path);
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
