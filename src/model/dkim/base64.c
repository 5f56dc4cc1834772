/*
 * base64 of keys and records, decoded strictly: the decoder of OpenSSL accepts
 * faulty text, and counts the padding as bytes.
 */
#include <string.h>

#include "base/ascii.h"
#include "model/dkim/private.h"

static int
digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

long
dkim_base64_decode(const char *text, size_t len, unsigned char *bytes,
    size_t size)
{
	unsigned value = 0, bits = 0, padding = 0;
	size_t n = 0, digits = 0;

	for (size_t i = 0; i < len; i++) {
		int d = digit(text[i]);

		if (is_one_of(text[i], SPACES))
			continue;
		if (text[i] == '=' && padding < 2) {
			padding++;
			continue;
		}
		if (d < 0 || padding > 0)
			return -1;
		digits++;
		value = (value << 6 | (unsigned)d) & 0xfff;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		if (n == size)
			return -1;
		bytes[n++] = (unsigned char)(value >> bits);
	}
	return (digits + padding) % 4 == 0 &&
	    (value & ((1U << bits) - 1)) == 0 ? (long)n : -1;
}
