/* The data of DNS records, from the bytes of RFC 1035, 2782 and 6698. */
#include "model/dns/value.h"

#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "model/dns/name.h"
#include "model/dns/txt.h"

/* What host names are made of, and the names of records such as _dmarc. */
#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-_"

static const char *
address_value(struct arena *a, const unsigned char *bytes, size_t len,
    size_t size)
{
	struct dns_address address = { .size = (unsigned)size };

	if (len != size)
		return NULL;
	memcpy(address.bytes, bytes, size);
	return dns_address_text(a, &address);
}

/*
 * The strings of a TXT are one text.  A NUL would end it: another control
 * character stands for it, which no record of ours may hold either.
 */
static const char *
text_value(struct arena *a, const unsigned char *bytes, size_t len)
{
	char *copy = arena_alloc(a, len + 1), *to = copy;

	for (size_t i = 0, n; i < len; i += n + 1) {
		n = bytes[i];
		if (n > len - i - 1)
			n = len - i - 1;
		memcpy(to, bytes + i + 1, n);
		to += n;
	}
	for (char *c = copy; c < to; c++) {
		if (*c == '\0')
			*c = '\1';
	}
	return copy;
}

/* A name of the wire, never compressed. */
static const char *
name_value(struct arena *a, const unsigned char *bytes, size_t len)
{
	char name[DNS_NAME_MAX + 1];
	size_t n = 0, i = 0;

	while (i < len && bytes[i] != 0) {
		size_t label = bytes[i++];

		if (label > DNS_LABEL_MAX || label >= len - i ||
		    n + label + 2 > sizeof(name))
			return NULL;
		if (n > 0)
			name[n++] = '.';
		for (; label > 0; label--, i++) {
			char c = lower_char((char)bytes[i]);

			name[n++] = is_one_of(c, LETTERS) ? c : '?';
		}
	}
	if (i + 1 != len)
		return NULL;
	name[n] = '\0';
	return arena_strdup(a, n == 0 ? "." : name);
}

/* Numbers of two bytes each, and a name. */
static const char *
numbers_value(struct arena *a, const unsigned char *bytes, size_t len,
    size_t numbers)
{
	const char *name = len < 2 * numbers ? NULL :
	    name_value(a, bytes + 2 * numbers, len - 2 * numbers);
	const char *text = "";

	for (size_t i = 0; name != NULL && i < numbers; i++)
		text = arena_printf(a, "%s%d ", text,
		    bytes[2 * i] << 8 | bytes[2 * i + 1]);
	return name == NULL ? NULL : arena_printf(a, "%s%s", text, name);
}

/* Numbers of one byte each, the first of them of `wide` bytes; a digest. */
static const char *
digest_value(struct arena *a, const unsigned char *bytes, size_t len,
    size_t wide)
{
	struct text t = TEXT_INIT;
	const char *copy;
	size_t i = wide;

	if (len < wide + 3)
		return NULL;
	text_addf(&t, "%d", wide == 2 ? bytes[0] << 8 | bytes[1] : bytes[0]);
	for (; i < wide + 2; i++)
		text_addf(&t, " %d", bytes[i]);
	text_add_char(&t, ' ');
	for (; i < len; i++)
		text_addf(&t, "%02x", bytes[i]);
	copy = arena_strdup(a, t.buf);
	text_clear(&t);
	return copy;
}

const char *
dns_value_text(struct arena *a, enum dns_type type,
    const unsigned char *bytes, size_t len)
{
	switch (type) {
	case DNS_A:
		return address_value(a, bytes, len, 4);
	case DNS_AAAA:
		return address_value(a, bytes, len, 16);
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		return name_value(a, bytes, len);
	case DNS_MX:
		return numbers_value(a, bytes, len, 1);
	case DNS_TXT:
		return text_value(a, bytes, len);
	case DNS_SRV:
		return numbers_value(a, bytes, len, 3);
	case DNS_TLSA:
		return digest_value(a, bytes, len, 1);
	case DNS_DS:
		return digest_value(a, bytes, len, 2);
	case DNS_SOA:
	case DNS_DNSKEY:
		break;
	}
	return NULL;
}

const char *
dns_value_strings(struct arena *a, const unsigned char *bytes, size_t len)
{
	struct text t = TEXT_INIT;
	const char *copy;

	for (size_t i = 0, n; i < len; i += n + 1) {
		n = bytes[i];
		if (n > len - i - 1)
			n = len - i - 1;
		text_add(&t, i > 0 ? " " : "");
		dns_txt_quote(&t, bytes + i + 1, n);
	}
	copy = arena_strdup(a, t.buf);
	text_clear(&t);
	return copy;
}
