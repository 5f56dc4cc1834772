/* What of a text a person may see as it is, and escapes for the rest. */
#include "base/shown.h"

#include <stdint.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

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

/*
 * A joiner (U+200C, U+200D) behind a letter, a mark or a symbol that is not
 * ASCII is how Persian, the Indic scripts and emoji are written.  Anywhere
 * else it only makes two texts look the same.
 */
static bool
is_joiner(ucs4_t c, ucs4_t before)
{
	return (c == 0x200c || c == 0x200d) && before >= 0x80 &&
	    uc_is_general_category_withtable(before, UC_CATEGORY_MASK_L |
	    UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_S);
}

/* A text, character by character. */
struct reading {
	const char *s;
	size_t len;
	ucs4_t c;		/* the one that was read last; 0: none yet */
	int bytes;		/* of it; 0 or less: no UTF-8 */
	bool hidden;
};

static bool
next_char(struct reading *r)
{
	ucs4_t before = r->c;

	if (r->bytes > 0) {
		r->s += r->bytes;
		r->len -= (size_t)r->bytes;
	}
	if (r->len == 0)
		return false;
	r->bytes = u8_mbtoucr(&r->c, (const uint8_t *)r->s, r->len);
	r->hidden = r->bytes > 0 && is_hidden(r->c) &&
	    !is_joiner(r->c, before);
	return true;
}

bool
shown_has_control(const char *s, size_t len)
{
	struct reading r = { .s = s, .len = len };

	while (next_char(&r)) {
		if (r.bytes <= 0 || r.hidden)
			return true;
	}
	return false;
}

/* What a hidden character is. */
static const char *
hidden_kind(ucs4_t c)
{
	static const struct {
		uint32_t categories;
		const char *kind;
	} kinds[] = {
		{ UC_CATEGORY_MASK_Cc, "a control character" },
		{ UC_CATEGORY_MASK_Co, "a private-use character" },
		{ UC_CATEGORY_MASK_Cn, "an unassigned character" },
		{ UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp,
		    "a line separator" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (uc_is_general_category_withtable(c, kinds[i].categories))
			return kinds[i].kind;
	}
	return "an invisible character";
}

bool
shown_valid(const char *s, size_t max, struct err *e)
{
	struct reading r = { .s = s, .len = strlen(s) };
	size_t characters = 0;

	while (next_char(&r)) {
		if (r.bytes <= 0)
			return err_set(e, ERR_INVALID, "not valid UTF-8");
		if (r.hidden)
			return err_set(e, ERR_INVALID, "%s is not allowed: "
			    "U+%04X", hidden_kind(r.c), (unsigned)r.c);
		characters++;
	}
	return characters <= max || err_set(e, ERR_INVALID,
	    "%zu characters, %zu at most", characters, max);
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
shown_add(struct text *t, const char *s, size_t len)
{
	struct reading r = { .s = s, .len = len };

	while (next_char(&r)) {
		if (r.bytes <= 0) {
			text_addf(t, "\\x%02x", (unsigned char)*r.s);
			r.bytes = 1;
			r.c = 0;
		} else if (r.hidden) {
			add_escape(t, r.c);
		} else {
			text_add_bytes(t, r.s, (size_t)r.bytes);
		}
	}
}
