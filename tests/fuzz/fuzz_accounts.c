/*
 * Any bytes as the accounts' option file: read, or refused.  What is set in
 * it is what is read from it afterwards.
 */
#include "file.h"

#include "file/accounts.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

static bool
read_back(struct arena *a, const struct text *file,
    struct accounts *accounts)
{
	char path[FUZZ_PATH];
	int fd = fuzz_file(file->buf, file->len, path);
	struct err e = { 0 };
	bool ok;

	ok = accounts_read(a, path, accounts, &e);
	BUG_ON(ok != (e.code == ERR_NONE));
	close(fd);
	err_clear(&e);
	return ok;
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct accounts before, after;
	struct text file = TEXT_INIT;
	struct arena a = { 0 };
	size_t set;

	text_add_bytes(&file, bytes, strnlen((const char *)bytes, len));
	if (read_back(&a, &file, &before)) {
		option_text_set(&file, "postfix", "password", "new");
		BUG_ON(!option_text_has(&file, "postfix", "password"));
		BUG_ON(!read_back(&a, &file, &after));
		BUG_ON(strcmp(after.password[ACCOUNT_POSTFIX], "new") != 0);
		for (enum account i = 0; i < ACCOUNTS; i++) {
			const char *was = before.password[i];

			if (i != ACCOUNT_POSTFIX)
				BUG_ON((was == NULL) !=
				    (after.password[i] == NULL) || (was &&
				    strcmp(was, after.password[i]) != 0));
		}
		set = file.len;
		option_text_set(&file, "postfix", "password", "new");
		BUG_ON(file.len != set);
		option_text_set(&file, "postfix", "password", NULL);
		BUG_ON(option_text_has(&file, "postfix", "password"));
	}
	text_clear(&file);
	arena_clear(&a);
	return 0;
}
