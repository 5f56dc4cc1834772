/* Any bytes as files of Postfix and Dovecot, and as a query. */
#include <stdint.h>
#include <string.h>

#include "file/cf.h"
#include "file/dovecot.h"
#include "model/verify/private.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

static void
values_are_trimmed(const struct cf *cf)
{
	for (size_t i = 0; i < cf->count; i++) {
		const char *name = cf->entry[i].name;

		BUG_ON(*name == '\0' || strchr(name, '=') != NULL ||
		    strchr(name, '\n') != NULL);
		BUG_ON(cf_value(cf, name) == NULL);
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *text = arena_strndup(&a, (const char *)bytes, len);
	struct dovecot_block *root;
	const char *plain;
	struct cf cf;

	cf_parse(&a, text, CF_POSTFIX, &cf);
	values_are_trimmed(&cf);
	cf_parse(&a, text, CF_DOVECOT, &cf);
	values_are_trimmed(&cf);
	if (dovecot_parse(&a, text, &root, &e))
		BUG_ON(e.code != ERR_NONE);
	else
		BUG_ON(e.code != ERR_INVALID);
	plain = verify_query_plain(&a, text);
	BUG_ON(strlen(plain) > strlen(text));
	BUG_ON(!verify_query_same(&a, text, text));
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
