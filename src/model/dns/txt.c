/* Texts of TXT records as a zone file has them. */
#include "model/dns/txt.h"

#include <string.h>

void
dns_txt_quote(struct text *t, const void *bytes, size_t len)
{
	const unsigned char *byte = bytes;

	text_add_char(t, '"');
	for (size_t i = 0; i < len; i++) {
		if (byte[i] < ' ' || byte[i] > '~') {
			text_addf(t, "\\%03d", byte[i]);
			continue;
		}
		if (byte[i] == '"' || byte[i] == '\\')
			text_add_char(t, '\\');
		text_add_char(t, (char)byte[i]);
	}
	text_add_char(t, '"');
}

void
dns_txt_split(struct text *t, const char *value)
{
	size_t n;

	do {
		n = strnlen(value, DNS_STRING_MAX);
		dns_txt_quote(t, value, n);
		value += n;
		if (*value != '\0')
			text_add_char(t, ' ');
	} while (*value != '\0');
}
