/* UTF-8 for people: what is valid, how wide it is, what must be escaped. */
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>
#include <uniwidth.h>

bool
utf8_valid(const char *s, size_t len)
{
	return u8_check((const uint8_t *)s, len) == NULL;
}

/*
 * Cc and Cf hold the C0 and C1 controls, the bidi controls and the zero
 * width characters; Zl and Zp break lines; Co and Cn have no known looks.
 */
static bool
is_hidden(ucs4_t c)
{
	if (c < 0x7f)
		return c < 0x20;
	return uc_is_general_category_withtable(c,
	    UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Cs |
	    UC_CATEGORY_MASK_Co | UC_CATEGORY_MASK_Cn | UC_CATEGORY_MASK_Zl |
	    UC_CATEGORY_MASK_Zp);
}

bool
utf8_has_control(const char *s, size_t len)
{
	while (len > 0) {
		ucs4_t c;
		int n = u8_mbtoucr(&c, (const uint8_t *)s, len);

		if (n <= 0 || is_hidden(c))
			return true;
		s += n;
		len -= (size_t)n;
	}
	return false;
}

int
utf8_width(const char *s)
{
	return u8_width((const uint8_t *)s, strlen(s), "UTF-8");
}

static void
add_escape(struct text *t, ucs4_t c)
{
	switch (c) {
	case '\n':
		text_add(t, "\\n");
		break;
	case '\r':
		text_add(t, "\\r");
		break;
	case '\t':
		text_add(t, "\\t");
		break;
	default:
		if (c < 0x80)
			text_addf(t, "\\x%02x", (unsigned)c);
		else
			text_addf(t, "\\u{%04x}", (unsigned)c);
	}
}

void
text_add_shown(struct text *t, const char *s, size_t len)
{
	while (len > 0) {
		ucs4_t c;
		int n = u8_mbtoucr(&c, (const uint8_t *)s, len);

		if (n <= 0) {
			text_addf(t, "\\x%02x", (unsigned char)*s);
			n = 1;
		} else if (is_hidden(c)) {
			add_escape(t, c);
		} else {
			text_add_bytes(t, s, (size_t)n);
		}
		s += n;
		len -= (size_t)n;
	}
}
