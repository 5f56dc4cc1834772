/* Stored hashes: which scheme each is of, and which may be stored. */
#include "model/password/scheme.h"

#include <stdlib.h>
#include <string.h>

#include "model/password/hash.h"
#include "model/password/hash_format.h"
#include "model/password/hash_label.h"

#define HASH_MAX 255			/* the column's width */
#define SCHEME_NAME_MAX 64			/* as in the generated column */

#define DES "it reads 8 characters only"
#define BARE_ARGON "crypt(3) does not know it, Dovecot does behind its name"

/* What a hash begins with that has no name before it. */
static const struct form {
	const char *prefix;
	const char *scheme;	/* NULL: unknown */
	hash_format *format;	/* NULL: crypt(3) does not know it */
	const char *refusal;	/* NULL: may be stored */
	enum hash_state state;	/* of one that is well-formed */
	bool old;		/* Dovecot 2.4 refuses it */
} forms[] = {
	{ "$5$", "SHA256-CRYPT", format_sha256, NULL },
	{ "$6$", "SHA512-CRYPT", format_sha512, NULL },
	{ "$2y$", "BLF-CRYPT", format_bcrypt, NULL },
	{ "$2b$", "BLF-CRYPT", format_bcrypt, NULL },
	{ "$2a$", "BLF-CRYPT", format_bcrypt, NULL },
	{ "$2x$", "BLF-CRYPT", format_bcrypt, "made by a faulty bcrypt",
	    HASH_WEAK },
	{ "$y$", "YESCRYPT", format_yescrypt, NULL },
	{ "$gy$", "GOST-YESCRYPT", format_yescrypt, NULL },
	{ "$7$", "SCRYPT", format_scrypt, NULL },
	{ "$sha1$", NULL, format_sha1, NULL, HASH_WEAK },
	{ "$md5$", NULL, format_sunmd5, NULL, HASH_WEAK },
	{ "$md5,", NULL, format_sunmd5, NULL, HASH_WEAK },
	{ "$1$", "MD5-CRYPT", format_md5, NULL, HASH_WEAK, true },
	{ "$argon2id$", "ARGON2ID", NULL, BARE_ARGON, HASH_UNKNOWN },
	{ "$argon2i$", "ARGON2I", NULL, BARE_ARGON, HASH_UNKNOWN },
	{ "$3$", NULL, format_nt, "unsalted", HASH_WEAK },
	{ "$", NULL, NULL, "not a scheme that is accepted", HASH_UNKNOWN },
	{ "_", NULL, format_bsdi, "not a hash that is accepted", HASH_WEAK,
	    true },
	{ "", NULL, format_des, "not a hash: neither $...$ nor {SCHEME}",
	    HASH_WEAK, true },
	{ 0 }
};

#define CLEAR "cleartext"
#define EQUIVALENT "as good as the password itself"
#define UNSALTED "unsalted"

/* The names that Dovecot knows. */
static const struct label {
	const char *name;
	bool crypt;		/* followed by one of the forms above */
	hash_format *format;
	size_t digest;
	const char *refusal;	/* NULL: may be stored */
	enum hash_state state;	/* of one that is well-formed */
	bool old;		/* Dovecot 2.4 refuses it */
} labels[] = {
	{ "CRYPT", true, NULL, 0, NULL },
	{ "SHA256-CRYPT", true, NULL, 0, NULL },
	{ "SHA512-CRYPT", true, NULL, 0, NULL },
	{ "BLF-CRYPT", true, NULL, 0, NULL },
	{ "MD5-CRYPT", true, NULL, 0, NULL, HASH_WEAK, true },
	{ "ARGON2ID", false, format_argon2id, 0, NULL },
	{ "ARGON2I", false, format_argon2i, 0, NULL },
	{ "PBKDF2", false, format_pbkdf2, 0, NULL },
	{ "SCRAM-SHA-256", false, format_scram, 32, NULL },
	{ "SCRAM-SHA-1", false, format_scram, 20, NULL },
	{ "SSHA512", false, format_salted, 64, NULL },
	{ "SSHA256", false, format_salted, 32, NULL },
	{ "SSHA", false, format_salted, 20, NULL },
	{ "SMD5", false, format_salted, 16, NULL, HASH_WEAK, true },
	{ "DES-CRYPT", true, NULL, 0, DES, HASH_WEAK, true },
	{ "PLAIN", false, NULL, 0, CLEAR, HASH_CLEARTEXT },
	{ "CLEAR", false, NULL, 0, CLEAR, HASH_CLEARTEXT },
	{ "CLEARTEXT", false, NULL, 0, CLEAR, HASH_CLEARTEXT },
	{ "PLAIN-TRUNC", false, NULL, 0, CLEAR, HASH_CLEARTEXT },
	{ "CRAM-MD5", false, NULL, 0, EQUIVALENT, HASH_WEAK },
	{ "HMAC-MD5", false, NULL, 0, EQUIVALENT, HASH_WEAK, true },
	{ "DIGEST-MD5", false, NULL, 0, EQUIVALENT, HASH_WEAK },
	{ "RPA", false, NULL, 0, EQUIVALENT, HASH_WEAK, true },
	{ "NTLM", false, NULL, 0, EQUIVALENT, HASH_WEAK, true },
	{ "LANMAN", false, NULL, 0, EQUIVALENT, HASH_WEAK, true },
	{ "SHA", false, NULL, 0, UNSALTED, HASH_WEAK },
	{ "SHA1", false, NULL, 0, UNSALTED, HASH_WEAK },
	{ "SHA256", false, NULL, 0, UNSALTED, HASH_WEAK },
	{ "SHA512", false, NULL, 0, UNSALTED, HASH_WEAK },
	{ "MD5", true, NULL, 0, "either unsalted or MD5-CRYPT", HASH_WEAK,
	    true },
	{ "PLAIN-MD4", false, NULL, 0, UNSALTED, HASH_WEAK, true },
	{ "PLAIN-MD5", false, NULL, 0, UNSALTED, HASH_WEAK, true },
	{ "LDAP-MD5", false, NULL, 0, UNSALTED, HASH_WEAK, true },
	{ "OTP", false, NULL, 0, "one-time passwords", HASH_UNKNOWN },
	{ "SKEY", false, NULL, 0, "one-time passwords", HASH_UNKNOWN },
	{ 0 }
};

/* Dovecot compares the names without regard to case. */
static const struct label *
label_find(const char *hash, const struct hash_label *p)
{
	const struct label *l;

	for (l = labels; l->name != NULL; l++)
		if (hash_label_is(hash + 1, p->name_len, l->name))
			return l;
	return NULL;
}

static const struct form *
form_find(const char *hash)
{
	const struct form *f = forms;

	while (strncmp(hash, f->prefix, strlen(f->prefix)) != 0)
		f++;
	return f;
}

static bool
format_fits(hash_format *format, struct hash_text *r)
{
	return format != NULL && format(r) && *r->p == '\0';
}

const char *
scheme_crypt_part(const char *hash, char decoded[static SCHEME_TEXT])
{
	const struct label *l;
	const struct form *f;
	struct hash_text r = { 0 };
	struct hash_label p;

	if (*hash == '{') {
		l = hash_label_read(hash, &p) ? label_find(hash, &p) : NULL;
		if (l == NULL || !l->crypt)
			return NULL;
		hash = hash_label_text(&p, decoded);
		if (hash == NULL)
			return NULL;
	}
	f = form_find(hash);
	r.p = hash + strlen(f->prefix);
	return format_fits(f->format, &r) ? hash : NULL;
}

const char *
password_scheme(struct arena *a, const char *hash)
{
	const char *scheme;
	struct hash_label p;
	char *name, *s;

	if (strcmp(hash, PASSWORD_NONE) == 0)
		return "none";
	if (!hash_label_read(hash, &p)) {
		scheme = form_find(hash)->scheme;
		return scheme != NULL ? scheme : "unknown";
	}
	name = arena_strndup(a, hash + 1,
	    p.name_len < SCHEME_NAME_MAX ? p.name_len : SCHEME_NAME_MAX);
	for (s = name; *s != '\0'; s++)
		if (*s >= 'a' && *s <= 'z')
			*s = (char)(*s - 'a' + 'A');
	return name;
}

/* `scheme` is from the tables; the typed text may be a password. */
static bool
refuse(struct err *e, const char *scheme, const char *reason)
{
	if (scheme == NULL)
		return err_set(e, ERR_INVALID, "invalid password hash: %s",
		    reason);
	return err_set(e, ERR_INVALID, "invalid password hash: %s: %s",
	    scheme, reason);
}

static bool
format_valid(hash_format *format, struct hash_text *r, const char *scheme,
    struct err *e)
{
	if (!format_fits(format, r))
		return refuse(e, scheme, r->costly != NULL ? r->costly :
		    "malformed or truncated");
	return r->unsalted ? refuse(e, scheme, "without a salt") : true;
}

/* Two characters of salt and eleven of a hash, without any prefix. */
static bool
is_des(const char *hash)
{
	struct hash_text r = { .p = hash };

	return form_find(hash)->format == format_des &&
	    format_fits(format_des, &r);
}

static bool
form_valid(const struct form *f, const char *hash, struct err *e)
{
	struct hash_text r = { .p = hash + strlen(f->prefix) };

	if (f->refusal == NULL)
		return format_valid(f->format, &r, f->scheme, e);
	if (is_des(hash))
		return refuse(e, "DES-CRYPT", DES);
	refuse(e, f->scheme, f->refusal);
	if (f->format == NULL && f->scheme != NULL)
		err_hint(e, "write {%s}$...", f->scheme);
	return false;
}

/* The label makes Dovecot verify it with the wrong scheme. */
static bool
is_mislabelled(const struct label *l, const struct form *f)
{
	/* {MD5} is either of two schemes: Dovecot looks. */
	if (f->prefix[0] != '$' || strcmp(l->name, "CRYPT") == 0 ||
	    strcmp(l->name, "MD5") == 0 || l->format == format_pbkdf2)
		return false;
	return f->scheme == NULL || strcmp(l->name, f->scheme) != 0;
}

static bool
refuse_label(const struct label *l, const struct form *f, struct err *e)
{
	err_set(e, ERR_INVALID, "invalid password hash: labelled {%s}, but "
	    "it begins with %s", l->name, f->prefix);
	if (f->refusal == NULL)
		err_hint(e, "leave the label out");
	return false;
}

/*
 * Where the format of a label is read, and which: digest and salt are bytes,
 * and have a format for each encoding; all else is text, and is decoded.
 */
static hash_format *
label_format(const struct label *l, const struct hash_label *p,
    struct hash_text *r, char decoded[static SCHEME_TEXT])
{
	r->digest = l->digest;
	r->p = p->rest;
	if (l->format == format_salted && p->encoded) {
		if (hash_label_is(p->encoding, p->encoding_len, "HEX"))
			return format_salted_hex;
		return hash_label_is(p->encoding, p->encoding_len, "B64") ||
		    hash_label_is(p->encoding, p->encoding_len, "BASE64") ?
		    format_salted : NULL;
	}
	r->p = hash_label_text(p, decoded);
	return r->p != NULL ? l->format : NULL;
}

static bool
labelled_valid(const char *hash, struct err *e)
{
	char decoded[SCHEME_TEXT];
	struct hash_text r = { 0 };
	const struct label *l;
	const struct form *f;
	struct hash_label p;
	const char *text;

	l = hash_label_read(hash, &p) ? label_find(hash, &p) : NULL;
	if (l == NULL)
		return refuse(e, NULL, "not a {SCHEME} that is accepted");
	text = hash_label_text(&p, decoded);
	f = form_find(text != NULL ? text : "");
	if (is_mislabelled(l, f))
		return refuse_label(l, f, e);
	if (l->refusal != NULL)
		return refuse(e, l->name, l->refusal);
	if (l->crypt && text != NULL && (f->prefix[0] == '$' || is_des(text)))
		return form_valid(f, text, e);
	return format_valid(label_format(l, &p, &r, decoded), &r, l->name, e);
}

static bool
chars_valid(const char *hash, struct err *e)
{
	for (; *hash != '\0'; hash++) {
		if (*hash == ':')
			return refuse(e, NULL, "a colon");
		if (*hash < 0x21 || *hash > 0x7e)
			return refuse(e, NULL, "white space, control or "
			    "non-ASCII characters");
	}
	return true;
}

bool
password_hash_valid(const char *hash, struct err *e)
{
	size_t len = strlen(hash);

	if (len == 0)
		return refuse(e, NULL, "empty");
	if (len > HASH_MAX)
		return err_set(e, ERR_INVALID, "invalid password hash: %zu "
		    "characters, %d at most", len, HASH_MAX);
	if (strcmp(hash, PASSWORD_NONE) == 0) {
		refuse(e, NULL, "\"!\" is not a hash");
		return err_hint(e, "--no-password creates a user who "
		    "cannot log in");
	}
	if (!chars_valid(hash, e))
		return false;
	return *hash == '{' ? labelled_valid(hash, e) :
	    form_valid(form_find(hash), hash, e);
}

/* --- what a stored text is ------------------------------------------- */

/* "*" and 40 digits: how MariaDB keeps the passwords of its own accounts. */
static bool
is_database_password(const char *hash)
{
	return *hash == '*' && strlen(hash) == 41 &&
	    strspn(hash + 1, "0123456789ABCDEFabcdef") == 40;
}

/* Placeholders that shadow(5) and failed programs leave. */
static bool
is_placeholder(const char *hash)
{
	return *hash == '*' || *hash == '!' || strcmp(hash, "x") == 0;
}

/* Texts that are not a hash of any scheme that crypt(3) knows. */
static bool
is_no_hash(const char *hash, enum hash_state *state)
{
	if (*hash == '\0')
		*state = HASH_EMPTY;
	else if (is_database_password(hash))
		*state = HASH_UNKNOWN;
	else if (is_placeholder(hash))
		*state = HASH_PLACEHOLDER;
	else
		return false;
	return true;
}

static enum hash_state
format_state(hash_format *format, struct hash_text *r,
    enum hash_state well_formed)
{
	if (!format_fits(format, r))
		return r->costly != NULL ? HASH_COSTLY : HASH_MALFORMED;
	return r->unsalted ? HASH_WEAK : well_formed;
}

static enum hash_state
form_state(const char *hash)
{
	const struct form *f = form_find(hash);
	struct hash_text r = { .p = hash + strlen(f->prefix) };
	enum hash_state state;

	if (f->format == NULL)
		return f->state;
	state = format_state(f->format, &r, f->state);
	/* A text that looks like no hash is a password in clear. */
	if (state == HASH_MALFORMED && f->prefix[0] != '$')
		return HASH_CLEARTEXT;
	return state;
}

static enum hash_state
labelled_state(const char *hash)
{
	char decoded[SCHEME_TEXT];
	struct hash_text r = { 0 };
	enum hash_state state;
	const struct label *l;
	struct hash_label p;
	const char *text;

	l = hash_label_read(hash, &p) ? label_find(hash, &p) : NULL;
	if (l == NULL)
		return HASH_UNKNOWN;
	text = hash_label_text(&p, decoded);
	if (text != NULL && is_mislabelled(l, form_find(text)))
		return HASH_MISLABELLED;
	if (l->state != HASH_FINE && !l->crypt)
		return l->state;
	if (l->crypt && text != NULL) {
		if (!is_no_hash(text, &state))
			state = form_state(text);
		return state == HASH_FINE ? l->state : state;
	}
	return format_state(label_format(l, &p, &r, decoded), &r, l->state);
}

/* Hexadecimal digits, as many as a digest has. */
static bool
is_bare_digest(const char *hash)
{
	size_t len = strspn(hash, "0123456789abcdefABCDEF");

	return hash[len] == '\0' && (len == 32 || len == 40 || len == 64 ||
	    len == 128);
}

enum hash_state
hash_state(const char *hash)
{
	enum hash_state state;

	if (strcmp(hash, PASSWORD_NONE) == 0)
		return HASH_NONE;
	if (is_no_hash(hash, &state))
		return state;
	if (is_bare_digest(hash))
		return HASH_WEAK;
	return *hash == '{' ? labelled_state(hash) : form_state(hash);
}

enum hash_state
scheme_state(const char *scheme)
{
	if (strcmp(scheme, "none") == 0)
		return HASH_NONE;
	for (const struct label *l = labels; l->name != NULL; l++)
		if (strcmp(scheme, l->name) == 0)
			return l->state;
	for (const struct form *f = forms; f->prefix != NULL; f++)
		if (f->scheme != NULL && strcmp(scheme, f->scheme) == 0)
			return HASH_FINE;
	return HASH_UNKNOWN;
}

bool
hash_is_old(const char *hash)
{
	char decoded[SCHEME_TEXT];
	const struct label *l;
	struct hash_label p;

	if (hash_state(hash) != HASH_WEAK)
		return false;
	if (*hash != '{')
		return form_find(hash)->old;
	l = hash_label_read(hash, &p) ? label_find(hash, &p) : NULL;
	if (l == NULL || l->old || !l->crypt)
		return l != NULL && l->old;
	hash = hash_label_text(&p, decoded);
	return hash != NULL && form_find(hash)->old;
}

bool
scheme_is_old(const char *scheme)
{
	for (const struct label *l = labels; l->name != NULL; l++)
		if (strcmp(scheme, l->name) == 0)
			return l->old;
	return false;
}

/* A number that is followed by $; -1 for anything else. */
static int64_t
number_before_dollar(const char *digits)
{
	char *end;
	long long n = strtoll(digits, &end, 10);

	return *digits >= '0' && *digits <= '9' && *end == '$' ? n : -1;
}

int64_t
hash_rounds(const char *hash)
{
	char decoded[SCHEME_TEXT];
	struct hash_label p;

	if (*hash == '{')
		hash = hash_label_read(hash, &p) ?
		    hash_label_text(&p, decoded) : NULL;
	if (hash == NULL)
		return -1;
	if (hash[0] == '$' && hash[1] == '2' && hash[2] != '\0' &&
	    strchr("abxy", hash[2]) != NULL && hash[3] == '$')
		return number_before_dollar(hash + 4);
	if (strncmp(hash, "$5$", 3) != 0 && strncmp(hash, "$6$", 3) != 0)
		return -1;
	return strncmp(hash + 3, "rounds=", 7) != 0 ? 5000 :
	    number_before_dollar(hash + 10);
}
