/* UTF-8: what is valid, and how wide it is on a terminal. */
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>
#include <unistr.h>
#include <uniwidth.h>

bool
utf8_valid(const char *s, size_t len)
{
	return u8_check((const uint8_t *)s, len) == NULL;
}

int
utf8_width(const char *s)
{
	return u8_width((const uint8_t *)s, strlen(s), "UTF-8");
}

size_t
utf8_fitting(const char *s, int columns)
{
	size_t len = 0;

	while (s[len] != '\0') {
		ucs4_t c;
		int n = u8_mbtouc(&c, (const uint8_t *)s + len,
		    strlen(s + len));
		int width = uc_width(c, "UTF-8");

		columns -= width > 0 ? width : 0;
		if (columns < 0)
			break;
		len += (size_t)n;
	}
	return len;
}
