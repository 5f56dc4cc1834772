/* The data of a DNS record: the first byte is its type. */
#include <stdint.h>
#include <string.h>

#include "model/dns/name.h"
#include "model/dns/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct dns_address address;
	const char *text;
	enum dns_type type;

	if (size == 0)
		return 0;
	type = (enum dns_type)data[0];
	text = dns_value_text(&a, type, data + 1, size - 1);
	BUG_ON(text != NULL && type != DNS_TXT && strchr(text, '\n') != NULL);
	BUG_ON((type == DNS_A || type == DNS_AAAA) && text != NULL &&
	    !dns_address_parse(text, &address));
	BUG_ON((type == DNS_NS || type == DNS_PTR) && text != NULL &&
	    strcmp(text, ".") != 0 && !dns_name_is_valid(text));
	text = dns_value_strings(&a, data + 1, size - 1);
	for (; *text != '\0'; text++)
		BUG_ON(*text < ' ' || *text > '~');
	arena_clear(&a);
	return 0;
}
