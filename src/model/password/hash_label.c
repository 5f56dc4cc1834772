/*
 * Labels of hashes: {NAME} says which scheme follows, {NAME.ENCODING} also how
 * the text is encoded.
 */
#include "model/password/hash_label.h"

#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"

bool
hash_label_read(const char *hash, struct hash_label *p)
{
	const char *end = *hash == '{' ? strchr(hash, '}') : NULL;

	if (end == NULL)
		return false;
	p->name_len = strcspn(hash + 1, ".}");
	p->encoded = hash[1 + p->name_len] == '.';
	p->encoding = hash + 1 + p->name_len + p->encoded;
	p->encoding_len = (size_t)(end - p->encoding);
	p->rest = end + 1;
	return p->name_len > 0;
}

/* Both decode into `to`; false unless all of the text is of that encoding. */
static bool
hex_decode(const char *from, char to[static SCHEME_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	size_t len = strlen(from) / 2;

	if (strlen(from) != 2 * len || len >= SCHEME_TEXT)
		return false;
	for (size_t i = 0; i < 2 * len; i++) {
		const char *digit = strchr(digits, lower_char(from[i]));

		if (digit == NULL)
			return false;
		to[i / 2] = (char)((i % 2 ? to[i / 2] << 4 : 0) |
		    (digit - digits));
	}
	to[len] = '\0';
	return strlen(to) == len;
}

static bool
base64_decode(const char *from, char to[static SCHEME_TEXT])
{
	size_t len = strlen(from), pad = len - strcspn(from, "=");
	int made;

	if (len % 4 != 0 || pad > 2 || len >= SCHEME_TEXT ||
	    from[len - pad + strspn(from + len - pad, "=")] != '\0')
		return false;
	made = EVP_DecodeBlock((unsigned char *)to,
	    (const unsigned char *)from, (int)len);
	if (made < (int)pad)
		return false;
	to[made - (int)pad] = '\0';
	return strlen(to) == (size_t)made - pad;
}

bool
hash_label_is(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && strncasecmp(s, word, len) == 0;
}

const char *
hash_label_text(const struct hash_label *p, char to[static SCHEME_TEXT])
{
	bool ok = false;

	if (!p->encoded)
		return p->rest;
	if (hash_label_is(p->encoding, p->encoding_len, "HEX"))
		ok = hex_decode(p->rest, to);
	else if (hash_label_is(p->encoding, p->encoding_len, "B64") ||
	    hash_label_is(p->encoding, p->encoding_len, "BASE64"))
		ok = base64_decode(p->rest, to);
	return ok ? to : NULL;
}
