/* Making a certificate that signs itself, with OpenSSL: X509(3). */
#include "model/setup/certificate.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/pem.h"
#include "base/text.h"
#include "file/read.h"
#include "file/write.h"

#define YEARS 10
#define DAY (24L * 60 * 60)
#define SERIAL_BYTES 16		/* of at most 20: RFC 5280, 4.1.2.2 */
#define NAME_MAX_CN 64		/* ub-common-name of RFC 5280 */

static const char own_begins[] = "/etc/ssl/certs/mailadm-";

const char *
certificate_own_path(struct arena *a, const char *host)
{
	return arena_printf(a, "%s%s.pem", own_begins, host);
}

bool
certificate_is_own(const char *path)
{
	return strncmp(path, own_begins, sizeof(own_begins) - 1) == 0;
}

const char *
certificate_own_key_path(struct arena *a, const char *host)
{
	return arena_printf(a, "/etc/ssl/private/mailadm-%s.key", host);
}

static bool
failed(struct err *e)
{
	const char *why = ERR_reason_error_string(ERR_get_error());

	return err_set(e, ERR_IO, "OpenSSL cannot make a certificate: %s",
	    why != NULL ? why : "no reason is known");
}

bool
certificate_is_for(const char *path, const char *host)
{
	struct text pem = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;
	bool is = false;

	if (file_read(path, &pem, &st, &e)) {
		BIO *bio = pem_open(pem.buf, pem.len);
		X509 *x = bio != NULL ? pem_certificate(bio) : NULL;

		is = x != NULL && X509_check_host(x, host, 0, 0, NULL) == 1 &&
		    X509_cmp_current_time(X509_get0_notBefore(x)) < 0 &&
		    X509_cmp_current_time(X509_get0_notAfter(x)) > 0;
		X509_free(x);
		BIO_free(bio);
	}
	ERR_clear_error();
	err_clear(&e);
	text_clear(&pem);
	return is;
}

/* --- making ----------------------------------------------------------- */

static bool
serial_set(X509 *x)
{
	unsigned char bytes[SERIAL_BYTES];
	BIGNUM *number;
	bool ok;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	bytes[0] &= 0x7f;
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	ok = number != NULL && BN_to_ASN1_INTEGER(number,
	    X509_get_serialNumber(x)) != NULL;
	BN_free(number);
	return ok;
}

static bool
extension_add(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid,
	    value);
	bool ok = extension != NULL && X509_add_ext(x, extension, -1) == 1;

	X509_EXTENSION_free(extension);
	return ok;
}

/* The name that counts is in subjectAltName: RFC 6125. */
static bool
names_set(struct arena *a, X509 *x, const char *host)
{
	X509_NAME *name = X509_get_subject_name(x);

	return (strlen(host) > NAME_MAX_CN || X509_NAME_add_entry_by_NID(name,
	    NID_commonName, MBSTRING_ASC, (const unsigned char *)host, -1, -1,
	    0) == 1) && X509_set_issuer_name(x, name) == 1 &&
	    extension_add(x, NID_subject_alt_name, arena_printf(a, "DNS:%s",
	    host)) && extension_add(x, NID_basic_constraints,
	    "critical,CA:FALSE") && extension_add(x, NID_ext_key_usage,
	    "serverAuth");
}

static bool
sign(struct arena *a, X509 *x, EVP_PKEY *key, const char *host)
{
	return X509_set_version(x, X509_VERSION_3) == 1 && serial_set(x) &&
	    X509_gmtime_adj(X509_getm_notBefore(x), -DAY) != NULL &&
	    X509_time_adj_ex(X509_getm_notAfter(x), YEARS * 365, 0,
	    NULL) != NULL && X509_set_pubkey(x, key) == 1 &&
	    names_set(a, x, host) && X509_sign(x, key, EVP_sha256()) > 0;
}

static bool
bytes_install(BIO *bio, const char *path, mode_t mode, struct err *e)
{
	const struct file_place place = { mode, 0, 0 };
	char *bytes;
	long len = BIO_get_mem_data(bio, &bytes);

	return file_install(path, bytes, (size_t)len, &place, e);
}

static bool
files_install(struct arena *a, X509 *x, EVP_PKEY *key, const char *host,
    struct err *e)
{
	const char *path = certificate_own_path(a, host);
	const char *key_path = certificate_own_key_path(a, host);
	BIO *public = BIO_new(BIO_s_mem()), *private = BIO_new(BIO_s_mem());
	bool ok = public != NULL && private != NULL &&
	    PEM_write_bio_X509(public, x) == 1 && PEM_write_bio_PrivateKey(
	    private, key, NULL, NULL, 0, NULL, NULL) == 1;

	if (!ok)
		failed(e);
	else {
		file_directories_make(key_path, 0, 0700);
		file_directories_make(path, 0, 0755);
		ok = bytes_install(private, key_path, 0600, e) &&
		    bytes_install(public, path, 0644, e);
	}
	BIO_free(public);
	BIO_free(private);		/* which wipes it */
	return ok;
}

bool
certificate_make(struct arena *a, const char *host, struct err *e)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	bool ok;

	if (key == NULL || x == NULL || !sign(a, x, key, host))
		ok = failed(e);
	else
		ok = files_install(a, x, key, host, e);
	X509_free(x);
	EVP_PKEY_free(key);
	return ok;
}
