/* Reading a hash: no crash, and nothing unfit is accepted. */
#include "model/password/scheme.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_accepted(const char *hash)
{
	size_t i, len = strlen(hash);

	BUG_ON(len < 20 || len > 255);
	BUG_ON(hash[0] != '$' && hash[0] != '{');
	for (i = 0; i < len; i++)
		BUG_ON(hash[i] <= ' ' || hash[i] > '~' || hash[i] == ':');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *hash = arena_strndup(&a, (const char *)data, size);
	const char *scheme = password_scheme(&a, hash);
	char decoded[SCHEME_TEXT];
	const char *part = scheme_crypt_part(hash, decoded);

	BUG_ON(scheme == NULL || strlen(scheme) > 64);
	BUG_ON(part != NULL && part != decoded && (part < hash ||
	    part > hash + size));
	(void)hash_is_old(hash);
	(void)hash_state(hash);
	(void)hash_rounds(hash);
	if (password_hash_valid(hash, &e)) {
		BUG_ON(e.text != NULL);
		check_accepted(hash);
	} else {
		BUG_ON(e.code != ERR_INVALID || e.text == NULL);
	}
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
