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
