/* Reading a private key: no crash, and what is accepted is a key for DKIM. */
#include <stdint.h>
#include <string.h>

#include "base/field.h"
#include "model/dkim/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Written and read again it is the same key. */
static void
check_accepted(const struct dkim_key *key, struct err *e)
{
	struct arena a = { 0 };
	const char *public = dkim_key_public(&a, key);
	struct text clear = TEXT_INIT;
	struct dkim_key again;

	BUG_ON(key->algorithm == DKIM_RSA && (key->bits < DKIM_BITS_READ ||
	    key->bits > DKIM_BITS_MAX));
	BUG_ON(key->algorithm == DKIM_ED25519 && key->bits != FIELD_NULL);
	BUG_ON(!dkim_key_works(key, public, e));
	BUG_ON(!dkim_key_write(key, DKIM_PEM, &clear, e));
	BUG_ON(!dkim_key_read("again", clear.buf, clear.len, &again, e));
	BUG_ON(strcmp(dkim_key_public(&a, &again), public) != 0);
	dkim_key_clear(&again);
	text_clear(&clear);
	arena_clear(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dkim_key key;
	struct err e = { 0 };

	if (dkim_key_read("file", (const char *)data, size, &key, &e)) {
		BUG_ON(e.text != NULL);
		check_accepted(&key, &e);
	} else {
		BUG_ON(e.code != ERR_INVALID || e.text == NULL);
		BUG_ON(key.pkey != NULL);
	}
	dkim_key_clear(&key);
	err_clear(&e);
	return 0;
}
