/* Importing from other systems: hashes, and texts in a wrong charset. */
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "model/foreign/private.h"
#include "model/password/hash.h"
#include "model/password/hash_label.h"
#include "model/password/scheme.h"

/* --- hashes ---------------------------------------------------------- */

static bool
storable(const char *hash)
{
	struct err why = { 0 };
	bool ok = password_hash_valid(hash, &why);

	err_clear(&why);
	return ok;
}

static const char *
behind_label(const char *hash)
{
	const char *end = *hash == '{' ? strchr(hash, '}') : NULL;

	return end != NULL ? end + 1 : NULL;
}

/*
 * "{SHA256}$5$..." has a wrong prefix: what follows names its scheme
 * itself.  A bare hash is what the other system's Dovecot takes for it.
 */
static const char *
relabelled(struct importing *i, const char *email, const char *crypt)
{
	const char *rest = behind_label(crypt), *scheme = i->options->scheme;
	const char *hash = NULL, *done = NULL;

	if (rest != NULL && *rest == '$' && storable(rest)) {
		hash = rest;
		done = "the label is left out";
	} else if (rest == NULL && scheme != NULL) {
		hash = arena_printf(i->arena, "{%s}%s", scheme, crypt);
		done = "labelled as --default-scheme says";
	} else if (rest == NULL && *crypt == '$') {
		hash = arena_printf(i->arena, "{%s}%s", password_scheme(
		    i->arena, crypt), crypt);
		done = "labelled as Dovecot wants it";
	}
	if (hash == NULL || !storable(hash))
		return NULL;
	foreign_fixed(i, "user", email, done, rest != NULL ?
	    "the label names another scheme than the hash has" :
	    "the hash has no label");
	return hash;
}

/* The text never has the hash itself, or what may be a password. */
static const char *
trouble(const char *crypt)
{
	static const char *const troubles[] = {
		[HASH_EMPTY] = "has an empty password",
		[HASH_PLACEHOLDER] = "has a placeholder for a hash",
		[HASH_CLEARTEXT] = "has a password in cleartext",
		[HASH_UNKNOWN] = "has a hash of an unknown scheme",
		[HASH_MISLABELLED] = "has a hash with a wrong label",
		[HASH_MALFORMED] = "has a malformed or truncated hash",
		[HASH_WEAK] = "has a hash that is too weak",
		[HASH_COSTLY] = "has a hash that is too costly",
	};
	const char *text = troubles[hash_state(crypt)];

	return text != NULL ? text : "has a hash that is not accepted";
}

/* What it is where the scheme alone says why it is refused. */
static const char *
weakness(const char *crypt)
{
	const char *rest = behind_label(crypt);
	size_t len;

	if (rest == NULL)
		rest = crypt;
	len = strlen(rest);
	if (strncmp(rest, "$bcrypt-sha256$", 15) == 0 ||
	    strncmp(rest, "$pbkdf2-", 8) == 0)
		return "has a hash of passlib's own, which Dovecot cannot "
		    "verify";
	if (strncasecmp(crypt, "{DES-CRYPT", 10) == 0 || (*rest != '$' &&
	    len == 13 && hash_state(rest) == HASH_WEAK))
		return "has a DES hash: it reads 8 letters only, and Dovecot "
		    "2.4 refuses it";
	if (len == 32 && strspn(rest, "0123456789abcdefABCDEF") == len)
		return "has an unsalted MD5 hash, which is too weak";
	if (len == 40 && strspn(rest, "0123456789abcdefABCDEF") == len)
		return "has an unsalted SHA1 hash, which is too weak";
	return trouble(crypt);
}

/* "!hash" and "*" are what passwd -l and the like leave. */
static bool
is_locked(const char *hash)
{
	const char *rest = behind_label(hash);

	if (rest == NULL)
		rest = hash;
	return (*rest == '!' || *rest == '*') && strcmp(hash,
	    PASSWORD_NONE) != 0;
}

/* {SHA256-CRYPT.B64} and the like: as {SHA256-CRYPT}, where it is a text. */
static const char *
decoded(struct arena *a, const char *hash)
{
	char to[SCHEME_TEXT];
	struct hash_label label;
	const char *text;

	if (!hash_label_read(hash, &label) || !label.encoded ||
	    (text = hash_label_text(&label, to)) == NULL || *text != '$')
		return hash;
	return arena_printf(a, "{%.*s}%s", (int)label.name_len, hash + 1,
	    text);
}

const char *
foreign_hash(struct importing *i, const char *email, const char *crypt)
{
	const char *hash = decoded(i->arena, foreign_trimmed(i->arena,
	    crypt));
	const char *other;

	if (strcmp(hash, PASSWORD_NONE) == 0)
		return hash;
	if (is_locked(hash)) {
		foreign_lost(i, "user", email, "comes without a password",
		    "is locked: the password begins with %c",
		    behind_label(hash) != NULL ? *behind_label(hash) : *hash);
		return PASSWORD_NONE;
	}
	if (storable(hash)) {
		if (hash_state(hash) != HASH_WEAK)
			return hash;
		i->from->weak += hash_is_old(hash);
		foreign_fixed(i, "user", email, "kept; set a new "
		    "password", hash_is_old(hash) ? "the hash is "
		    "weak (%s), and cannot log in on Dovecot 2.4" :
		    "the hash is weak (%s)", password_scheme(i->arena, hash));
		return hash;
	}
	other = relabelled(i, email, hash);
	if (other != NULL)
		return other;
	foreign_lost(i, "user", email, "comes without a password; set one",
	    "%s", crypt != NULL ? weakness(hash) : "has no password");
	return PASSWORD_NONE;
}

/* --- texts ----------------------------------------------------------- */

/*
 * The characters of MariaDB's latin1 at 0x80 to 0x9f; 0: the control
 * character.
 */
static const unsigned latin1_high[] = {
	0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6,
	0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019,
	0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161,
	0x203a, 0x0153, 0, 0x017e, 0x0178
};

/* The next character of valid UTF-8; the text moves on. */
static unsigned
next_character(const unsigned char **p)
{
	unsigned c = *(*p)++;
	int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;

	if (more > 0)
		c &= 0x3fu >> more;
	for (; more > 0 && (**p & 0xc0) == 0x80; more--)
		c = c << 6 | (*(*p)++ & 0x3f);
	return c;
}

/* The byte of a character in latin1; -1 where it has none. */
static int
latin1_byte(unsigned c)
{
	if (c < 0x80 || (c >= 0xa0 && c <= 0xff))
		return (int)c;
	for (int i = 0; i < 32; i++) {
		if (latin1_high[i] == c || (latin1_high[i] == 0 &&
		    c == 0x80u + (unsigned)i))
			return 0x80 + i;
	}
	return -1;
}

/*
 * A client that spoke UTF-8 to a latin1 connection left "J\u00c3\u00bcrgen";
 * as bytes of latin1 that is UTF-8.  Ordinary text with an umlaut is not: in
 * latin1 its bytes are no valid UTF-8.
 */
const char *
foreign_unlatin(struct arena *a, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	char *bytes = arena_alloc(a, strlen(text) + 1);
	size_t n = 0;
	bool high = false;

	while (*p != '\0') {
		int byte = latin1_byte(next_character(&p));

		if (byte < 0)
			return NULL;
		high |= byte >= 0x80;
		bytes[n++] = (char)byte;
	}
	return high && utf8_valid(bytes, n) ? bytes : NULL;
}
