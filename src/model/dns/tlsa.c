/* TLSA records: RFC 6698, 2, and RFC 7672, 3.1. */
#include "model/dns/tlsa.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/pem.h"

#define DIGITS "0123456789"

/* More certificates than that are no chain. */
#define CHAIN_MAX 20

/* --- reading --------------------------------------------------------- */

static bool
number_read(const char **text, unsigned *number)
{
	size_t len = strspn(*text, DIGITS);

	if (len < 1 || len > 3 || !is_one_of((*text)[len], BLANKS))
		return false;
	*number = (unsigned)strtoul(*text, NULL, 10);
	*text += len + strspn(*text + len, BLANKS);
	return *number <= 255;
}

/* Pairs of digits; a zone file may have blanks in them. */
static bool
hex_read(struct arena *a, const char *text, struct tlsa_record *r)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char *bytes = arena_alloc(a, strlen(text) / 2 + 1);
	size_t n = 0;

	for (; *text != '\0'; text++) {
		const char *at;

		if (is_one_of(*text, BLANKS))
			continue;
		at = strchr(digits, lower_char(*text));
		if (at == NULL)
			return false;
		bytes[n / 2] = (unsigned char)(bytes[n / 2] << 4 |
		    (at - digits));
		n++;
	}
	r->data = bytes;
	r->len = n / 2;
	return n > 0 && n % 2 == 0;
}

static const char *
fields_judge(const struct tlsa_record *r)
{
	if (r->usage > 3)
		return "has a usage that nobody knows";
	if (r->usage < 2)
		return "has usage 0 or 1, which mail servers ignore";
	if (r->selector > 1)
		return "has a selector that nobody knows";
	if (r->matching > 2)
		return "has a matching type that nobody knows";
	if (r->matching == 1 && r->len != 32)
		return "has a digest that is no SHA-256";
	if (r->matching == 2 && r->len != 64)
		return "has a digest that is no SHA-512";
	return NULL;
}

const char *
tlsa_record_parse(struct arena *a, const char *value, struct tlsa_record *r)
{
	*r = (struct tlsa_record){ 0 };
	if (!number_read(&value, &r->usage) ||
	    !number_read(&value, &r->selector) ||
	    !number_read(&value, &r->matching) || !hex_read(a, value, r))
		return "is no TLSA record";
	return fields_judge(r);
}

/* --- matching -------------------------------------------------------- */

static bool
bytes_match(const struct tlsa_record *r, const unsigned char *der,
    size_t len)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	if (r->matching == 0)
		return r->len == len && memcmp(r->data, der, len) == 0;
	return EVP_Digest(der, len, digest, &size, r->matching == 1 ?
	    EVP_sha256() : EVP_sha512(), NULL) == 1 && r->len == size &&
	    memcmp(r->data, digest, size) == 0;
}

static bool
certificate_matches(const struct tlsa_record *r, X509 *certificate)
{
	unsigned char *der = NULL;
	int len = r->selector == 0 ? i2d_X509(certificate, &der) :
	    i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	bool matches = len > 0 && bytes_match(r, der, (size_t)len);

	OPENSSL_free(der);
	return matches;
}

enum tlsa_match
tlsa_match(const struct tlsa_record *r, const char *pem, size_t len)
{
	BIO *bio = pem_open(pem, len);
	enum tlsa_match match = TLSA_UNREADABLE;
	X509 *certificate;

	for (int i = 0; bio != NULL && i < CHAIN_MAX &&
	    (certificate = pem_certificate(bio)) != NULL; i++) {
		bool counts = r->usage == (i == 0 ? 3U : 2U);

		if (match == TLSA_UNREADABLE)
			match = TLSA_NO_MATCH;
		if (counts && certificate_matches(r, certificate))
			match = TLSA_MATCHES;
		X509_free(certificate);
	}
	BIO_free(bio);
	ERR_clear_error();
	return match;
}
