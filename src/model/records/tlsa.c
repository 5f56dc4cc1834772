/*
 * The data of TLSA records: a digest of the key that the server has.
 *
 * "3 1 1": the key alone counts, not who signed its certificate, so that a
 * renewed certificate with the same key needs no change in DNS; RFC 7671,
 * 5.1.  A next key, whose record must be published before it is used, is a
 * file beside the one in use: privkey.next.pem or, as dehydrated names it,
 * privkey.roll.pem beside privkey.pem.
 */
#include <openssl/err.h>
#include <string.h>

#include "base/pem.h"
#include "base/text.h"
#include "file/read.h"
#include "model/digest.h"
#include "model/records/records.h"
#include "model/server/settings.h"

static EVP_PKEY *
certificate_key(BIO *bio)
{
	X509 *cert = pem_certificate(bio);
	EVP_PKEY *key = cert != NULL ? X509_get_pubkey(cert) : NULL;

	X509_free(cert);
	return key;
}

static const char *
digest(struct arena *a, EVP_PKEY *key)
{
	unsigned char *der = NULL;
	char hex[DIGEST_HEX];
	int len = i2d_PUBKEY(key, &der);

	if (len <= 0)
		return NULL;
	digest_hex(der, (size_t)len, hex);
	OPENSSL_free(der);
	return arena_printf(a, "3 1 1 %s", hex);
}

static const struct {
	EVP_PKEY *(*read)(BIO *bio);
} readers[] = { { certificate_key }, { pem_private_key },
    { pem_public_key } };

#define READERS (sizeof(readers) / sizeof(*readers))

const char *
records_tlsa(struct arena *a, const char *pem, size_t len)
{
	const char *tlsa = NULL;

	if (len > FILE_READ_MAX)
		return NULL;
	for (size_t i = 0; tlsa == NULL && i < READERS; i++) {
		BIO *bio = pem_open(pem, len);
		EVP_PKEY *key = bio != NULL ? readers[i].read(bio) : NULL;

		if (key != NULL)
			tlsa = digest(a, key);
		EVP_PKEY_free(key);
		BIO_free(bio);
	}
	ERR_clear_error();
	return tlsa;
}

static bool
file_tlsa(struct arena *a, const char *path, struct words *tlsa,
    struct err *e)
{
	struct text content = TEXT_INIT;
	const char *value = NULL;
	struct stat st;
	bool ok = file_read(path, &content, &st, e);

	if (ok)
		value = records_tlsa(a, content.buf, content.len);
	text_clear(&content);
	if (ok && value == NULL)
		return err_set(e, ERR_INVALID, "%s holds no certificate and "
		    "no key", path);
	if (ok && !words_have(tlsa, value))
		words_add(a, tlsa, value);
	return ok;
}

/* The file may be missing. */
static bool
next_tlsa(struct arena *a, const char *key, const char *kind,
    struct words *tlsa, struct err *e)
{
	const char *slash = strrchr(key, '/'), *dot = strrchr(key, '.');
	size_t len = dot != NULL && (slash == NULL || dot > slash) ?
	    (size_t)(dot - key) : strlen(key);

	if (file_tlsa(a, arena_printf(a, "%.*s.%s%s", (int)len, key, kind,
	    key + len), tlsa, e))
		return true;
	if (e->code != ERR_NOT_FOUND)
		return false;
	err_clear(e);
	return true;
}

bool
records_tlsa_read(struct arena *a, const struct settings *s,
    struct words *tlsa, struct err *e)
{
	const char *key = server_certificate_key(a, s);

	*tlsa = (struct words){ 0 };
	return file_tlsa(a, server_certificate(a, s), tlsa, e) &&
	    next_tlsa(a, key, "next", tlsa, e) &&
	    next_tlsa(a, key, "roll", tlsa, e);
}
