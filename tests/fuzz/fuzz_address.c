/* What the address parsers let through is canonical, whatever went in. */
#include "model/address.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char ldh[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
static const char local_chars[] =
    "abcdefghijklmnopqrstuvwxyz0123456789._-!#$&'*+=?^`{}~";

static bool
has_alabel(const char *domain)
{
	return strncmp(domain, "xn--", 4) == 0 ||
	    strstr(domain, ".xn--") != NULL;
}

static void
check_domain(struct arena *a, const char *domain)
{
	const char *again, *shown;
	struct err e = { 0 };
	size_t len = strlen(domain);

	BUG_ON(len < 3 || len > DOMAIN_MAX || strspn(domain, ldh) != len);
	BUG_ON(domain[0] == '.' || domain[0] == '-' ||
	    domain[len - 1] == '.' || domain[len - 1] == '-');
	BUG_ON(strstr(domain, "..") != NULL || strchr(domain, '.') == NULL);
	BUG_ON(!domain_parse(a, domain, &again, &e) ||
	    strcmp(again, domain) != 0);

	/* The form that is shown may be typed. */
	shown = address_unicode(a, domain);
	BUG_ON((shown != NULL) != has_alabel(domain));
	BUG_ON(shown != NULL && (!domain_parse(a, shown, &again, &e) ||
	    strcmp(again, domain) != 0));
	err_clear(&e);
}

static void
check_address(struct arena *a, enum address_kind kind, const char *address)
{
	const char *local = address_local(a, address);
	const char *again;
	struct err e = { 0 };
	size_t len = strlen(local);

	BUG_ON(strlen(address) > ADDRESS_MAX || len > ADDRESS_LOCAL_MAX);
	BUG_ON((len == 0) != address_is_catchall(address));
	BUG_ON(len == 0 && kind != ADDRESS_ALIAS);
	BUG_ON(strspn(local, local_chars) != len || strstr(local, ".."));
	BUG_ON(local[0] == '-' || local[0] == '.');
	BUG_ON(len > 0 && local[len - 1] == '.');
	BUG_ON(kind == ADDRESS_USER && strpbrk(local, "!#$&'*+=?^`{}~"));
	BUG_ON(!address_parse(a, kind, address, &again, &e) ||
	    strcmp(again, address) != 0);
	BUG_ON(!address_local_is_canonical(kind, local, len));
	BUG_ON(strcmp(address_join(a, local, address_domain(address)),
	    address) != 0);
	check_domain(a, address_domain(address));
	address_untagged(a, address);
	err_clear(&e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *text = arena_strndup(&a, (const char *)data, size);
	const char *out;
	enum address_kind kind;

	if (domain_parse(&a, text, &out, &e))
		check_domain(&a, out);
	else
		BUG_ON(e.code != ERR_INVALID || e.text == NULL);
	for (kind = ADDRESS_USER; kind <= ADDRESS_DESTINATION; kind++) {
		err_clear(&e);
		if (address_parse(&a, kind, text, &out, &e))
			check_address(&a, kind, out);
		else
			BUG_ON(e.code != ERR_INVALID || e.text == NULL);
	}
	address_unicode(&a, text);
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
