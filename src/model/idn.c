/* Labels of domain names by libidn2, and against its traps. */
#include "model/idn.h"

#include <idn2.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unistr.h>

#define LABEL_MAX 63

/* What libidn2 says about a label, in an admin's words. */
static const struct idn_reason {
	int code;
	const char *reason;
} idn_reasons[] = {
	{ IDN2_NOT_NFC, "is not in Unicode normal form C" },
	{ IDN2_2HYPHEN, "has \"--\" as its third and fourth character" },
	{ IDN2_HYPHEN_STARTEND, "begins or ends with \"-\"" },
	{ IDN2_LEADING_COMBINING, "begins with a combining character" },
	{ IDN2_DISALLOWED, "has a character that IDNA2008 does not allow" },
	{ IDN2_CONTEXTJ, "has a joiner where IDNA2008 does not allow it" },
	{ IDN2_CONTEXTJ_NO_RULE, "has a joiner that IDNA2008 does not allow" },
	{ IDN2_CONTEXTO, "has a character where IDNA2008 does not allow it" },
	{ IDN2_CONTEXTO_NO_RULE,
	    "has a character that IDNA2008 does not allow" },
	{ IDN2_UNASSIGNED, "has a character that Unicode does not know" },
	{ IDN2_BIDI, "mixes directions of writing" },
	{ IDN2_TOO_BIG_LABEL, "is longer than 63 characters in ASCII" },
	{ IDN2_PUNYCODE_BIG_OUTPUT, "is longer than 63 characters in ASCII" },
	{ 0, "is not valid in IDNA2008" }
};

static bool
refuse(struct err *e, const char *label, int code)
{
	const struct idn_reason *r = idn_reasons;

	if (code == IDN2_MALLOC)
		out_of_memory();
	while (r->code != 0 && r->code != code)
		r++;
	if (strlen(label) > LABEL_MAX)
		return err_set(e, ERR_INVALID, "a part %s", r->reason);
	return err_set(e, ERR_INVALID, "\"%s\" %s", label, r->reason);
}

static bool
is_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

static bool
is_ldh(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool
idn_label_is_ldh(const char *label)
{
	size_t len = strlen(label), i;

	if (len == 0 || len > LABEL_MAX || label[0] == '-' ||
	    label[len - 1] == '-')
		return false;
	for (i = 0; i < len; i++)
		if (!is_ldh(label[i]))
			return false;
	return true;
}

/* NULL unless libidn2 can decode it. */
static const char *
alabel_decode(struct arena *a, const char *ascii)
{
	const char *unicode;
	char *out = NULL;
	int code;

	code = idn2_to_unicode_8z8z(ascii, &out, IDN2_NONTRANSITIONAL);
	if (code == IDN2_MALLOC)
		out_of_memory();
	if (code != IDN2_OK)
		return NULL;
	unicode = arena_strdup(a, out);
	idn2_free(out);
	return unicode;
}

/* What a mapping would repair; it is named, so that it can be typed. */
static bool
is_unmapped(const char *unicode, struct err *e)
{
	const uint8_t *s = (const uint8_t *)unicode;
	ucs4_t c;

	while ((s = u8_next(&c, s)) != NULL) {
		if (c == 0x3002 || c == 0xff0e || c == 0xff61)
			return err_set(e, ERR_INVALID, "U+%04X is not a dot, "
			    "write \".\"", c);
		if (c >= 0x80 && uc_tolower(c) != c)
			return err_set(e, ERR_INVALID, "capital letter "
			    "U+%04X, write U+%04X", c, uc_tolower(c));
	}
	return true;
}

/*
 * idn2_register_u8() and not the lookup functions: those map first, and
 * what they map they also delete (with IDN2_USE_STD3_ASCII_RULES
 * "pay_pal" becomes "paypal").  This one is the strict half of IDNA2008,
 * non-transitional by nature.
 */
static bool
ulabel_encode(struct arena *a, const char *unicode, const char **ascii,
    struct err *e)
{
	uint8_t *out = NULL;
	const char *back;
	int code;

	if (!is_unmapped(unicode, e))
		return false;
	code = idn2_register_u8((const uint8_t *)unicode, NULL, &out, 0);
	if (code != IDN2_OK)
		return refuse(e, unicode, code);
	*ascii = arena_strdup(a, (const char *)out);
	idn2_free(out);
	back = alabel_decode(a, *ascii);
	if (!idn_label_is_ldh(*ascii) || strncmp(*ascii, "xn--", 4) != 0 ||
	    back == NULL || strcmp(back, unicode) != 0)
		return refuse(e, unicode, 0);
	return true;
}

/* A label that begins with xn-- must be what its Unicode encodes to. */
static bool
alabel_parse(struct arena *a, struct idn_label *label, struct err *e)
{
	const char *again;

	label->unicode = alabel_decode(a, label->ascii);
	if (label->unicode == NULL || is_ascii(label->unicode) ||
	    !ulabel_encode(a, label->unicode, &again, e) ||
	    strcmp(again, label->ascii) != 0)
		return refuse(e, label->ascii, 0);
	return true;
}

/* libidn2 lets a newline, a slash or a quote through, so this comes first. */
static bool
ascii_is_ldh(const char *text, struct err *e)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x80 && !is_ldh(*text))
			return err_set(e, ERR_INVALID, "character \"%c\" is "
			    "not allowed in a domain", *text);
	return true;
}

bool
idn_label_parse(struct arena *a, const char *text, struct idn_label *label,
    struct err *e)
{
	size_t len = strlen(text);

	*label = (struct idn_label){ text, text };
	if (!ascii_is_ldh(text, e))
		return false;
	if (text[0] == '-' || text[len - 1] == '-')
		return refuse(e, text, IDN2_HYPHEN_STARTEND);
	if (!is_ascii(text))
		return ulabel_encode(a, text, &label->ascii, e);
	if (len > LABEL_MAX)
		return err_set(e, ERR_INVALID, "a part of %zu characters "
		    "between dots, %d at most", len, LABEL_MAX);
	if (strncmp(text, "xn--", 4) == 0)
		return alabel_parse(a, label, e);
	/* Reserved by RFC 5890 for whatever comes after IDNA. */
	if (len >= 4 && text[2] == '-' && text[3] == '-')
		return refuse(e, text, IDN2_2HYPHEN);
	return true;
}

#define BIDI(category) (1u << UC_BIDI_##category)
#define BIDI_RTL (BIDI(R) | BIDI(AL))
#define BIDI_NUMBERS (BIDI(EN) | BIDI(AN))
#define BIDI_ANYWHERE (BIDI(EN) | BIDI(ES) | BIDI(CS) | BIDI(ET) | BIDI(ON) | \
    BIDI(BN) | BIDI(NSM))

/* The categories of a label: all, the first, the last but for marks. */
struct bidi {
	unsigned all, first, last;
};

static struct bidi
bidi_read(const char *unicode)
{
	const uint8_t *s = (const uint8_t *)unicode;
	struct bidi b = { 0 };
	unsigned category;
	ucs4_t c;

	while ((s = u8_next(&c, s)) != NULL) {
		category = 1u << uc_bidi_category(c);
		if (b.all == 0)
			b.first = category;
		if (category != BIDI(NSM))
			b.last = category;
		b.all |= category;
	}
	return b;
}

/* RFC 5893, section 2; libidn2 does not enforce all six conditions. */
static bool
bidi_valid(struct bidi b)
{
	if (b.first & BIDI_RTL)
		return (b.all & ~(BIDI_RTL | BIDI(AN) | BIDI_ANYWHERE)) == 0 &&
		    (b.last & (BIDI_RTL | BIDI_NUMBERS)) != 0 &&
		    (b.all & BIDI_NUMBERS) != BIDI_NUMBERS;
	return (b.first & BIDI(L)) != 0 &&
	    (b.all & ~(BIDI(L) | BIDI_ANYWHERE)) == 0 &&
	    (b.last & (BIDI(L) | BIDI(EN))) != 0;
}

bool
idn_direction_valid(const struct idn_label *labels, size_t count,
    struct err *e)
{
	unsigned all = 0;
	size_t i;

	for (i = 0; i < count; i++)
		all |= bidi_read(labels[i].unicode).all;
	if ((all & (BIDI_RTL | BIDI(AN))) == 0)
		return true;
	for (i = 0; i < count; i++)
		if (!bidi_valid(bidi_read(labels[i].unicode)))
			return refuse(e, labels[i].unicode, IDN2_BIDI);
	return true;
}
