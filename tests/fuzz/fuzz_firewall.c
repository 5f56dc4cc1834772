/* The rules of packet filters: what nft prints as JSON, or iptables as text. */
#include <stdint.h>
#include <string.h>

#include "model/firewall/firewall.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const unsigned ports[] = { 1, 25, 587, 65535 };
	struct arena a = { 0 };
	const char *text = arena_strndup(&a, (const char *)bytes, len);
	struct firewall f = { .arena = &a };
	struct firewall_answer answer;
	struct err e = { 0 };

	if (*text != '{')
		firewall_read_iptables(&f, text);
	else if (!firewall_read_nft(&f, text, &e))
		BUG_ON(e.code != ERR_INVALID);
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		firewall_judge(&f, ports[i], &answer);
		BUG_ON((answer.state == FIREWALL_OPEN) !=
		    (answer.rule == NULL));
	}
	err_clear(&e);
	firewall_clear(&f);
	arena_clear(&a);
	return 0;
}
