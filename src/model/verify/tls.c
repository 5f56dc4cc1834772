/* Verifying certificates: they exist, are valid, for this name, with a key. */
#include <errno.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/pem.h"
#include "base/text.h"
#include "file/read.h"
#include "model/verify/private.h"

#define SOON_DAYS 14

/* A pair that a server presents. */
struct pair {
	const char *server;
	const char *cert;
	const char *key;
	const char *name;	/* that it should be for; "": unknown */
};

/* Beside other files it is likely a typing error. */
static const char *
missing_advice(struct verifying *v, const struct pair *p, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *folder = slash == NULL ? "." : arena_strndup(v->arena,
	    path, (size_t)(slash - path));

	if (v->server != VERIFY_SERVER_OURS && access(folder, F_OK) == 0)
		return arena_printf(v->arena, "correct the name: ls %s shows "
		    "the files that exist", folder);
	return arena_printf(v->arena, "certbot certonly -d %s",
	    *p->name != '\0' ? p->name : "HOSTNAME");
}

static BIO *
file_open(struct verifying *v, const struct pair *p, const char *path,
    struct text *content)
{
	struct err e = { 0 };
	struct stat st;
	BIO *bio = NULL;

	if (file_read(verify_path(v, path), content, &st, &e)) {
		bio = pem_open(content->buf, content->len);
	} else if (e.code == ERR_DENIED) {
		verify_unchecked_all(v, VERIFY_CERTIFICATE,
		    arena_strdup(v->arena, e.text));
	} else {
		verify_found(v, VERIFY_CERT_MISSING, path,
		    missing_advice(v, p, path), "%s names %s, which does not "
		    "exist", p->server, path);
	}
	err_clear(&e);
	return bio;
}

static void
not_pem(struct verifying *v, const struct pair *p, const char *path,
    const char *what)
{
	verify_found(v, VERIFY_CERT_MISSING, path, arena_printf(v->arena,
	    "certbot certonly -d %s", *p->name ? p->name : "HOSTNAME"),
	    "%s names %s, which holds no %s", p->server, path, what);
}

static X509 *
cert_read(struct verifying *v, const struct pair *p)
{
	struct text content = TEXT_INIT;
	BIO *bio = file_open(v, p, p->cert, &content);
	X509 *cert = NULL;

	if (bio != NULL) {
		cert = pem_certificate(bio);
		if (cert == NULL)
			not_pem(v, p, p->cert, "certificate");
	}
	BIO_free(bio);
	text_clear(&content);
	return cert;
}

static EVP_PKEY *
key_read(struct verifying *v, const struct pair *p)
{
	struct text content = TEXT_INIT;
	BIO *bio = file_open(v, p, p->key, &content);
	EVP_PKEY *key = NULL;

	if (bio != NULL) {
		key = pem_private_key(bio);
		if (key == NULL && strcmp(p->server, "main.cf") == 0 &&
		    strstr(content.buf, "ENCRYPTED") != NULL)
			not_pem(v, p, p->key, "key that Postfix can read: it "
			    "has a passphrase");
		else if (key == NULL && strstr(content.buf, "ENCRYPTED") !=
		    NULL)
			verify_unchecked(v, VERIFY_CERT_KEY, "the key has a "
			    "passphrase");
		else if (key == NULL)
			not_pem(v, p, p->key, "private key");
	}
	BIO_free(bio);
	text_clear(&content);
	return key;
}

/* --- what is wrong with it ------------------------------------------- */

static const char *
day_of(struct arena *a, const ASN1_TIME *when)
{
	struct tm tm = { 0 };

	if (!ASN1_TIME_to_tm(when, &tm))
		return "an unknown day";
	return arena_printf(a, "%04d-%02d-%02d", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday);
}

static void
time_verify(struct verifying *v, const struct pair *p, const X509 *cert)
{
	const ASN1_TIME *end = X509_get0_notAfter(cert);
	const ASN1_TIME *begin = X509_get0_notBefore(cert);
	time_t soon = time(NULL) + SOON_DAYS * 24 * 60 * 60;

	if (X509_cmp_time(begin, NULL) > 0)
		verify_found(v, VERIFY_CERT_EXPIRED, p->cert, "date, and "
		    "certbot renew", "the certificate %s is not valid "
		    "before %s", p->cert, day_of(v->arena, begin));
	else if (X509_cmp_time(end, NULL) < 0)
		verify_found(v, VERIFY_CERT_EXPIRED, p->cert, NULL,
		    "the certificate %s expired on %s", p->cert,
		    day_of(v->arena, end));
	else if (X509_cmp_time(end, &soon) < 0)
		verify_found(v, VERIFY_CERT_EXPIRES, p->cert, NULL,
		    "the certificate %s expires on %s", p->cert,
		    day_of(v->arena, end));
}

/* A self-signed certificate may have the name in its subject only. */
static void
name_verify(struct verifying *v, const struct pair *p, X509 *cert)
{
	/* No certificate is for a name of one word, which is said elsewhere. */
	if (strchr(p->name, '.') == NULL || X509_check_host(cert, p->name, 0, 0,
	    NULL) == 1)
		return;
	verify_found(v, VERIFY_CERT_NAME, p->cert, arena_printf(v->arena,
	    "certbot certonly -d %s", p->name), "the certificate %s is not "
	    "for %s: clients will not trust it", p->cert, p->name);
}

static void
pair_verify(struct verifying *v, const struct pair *p)
{
	X509 *cert = cert_read(v, p);
	EVP_PKEY *key = key_read(v, p);

	if (cert != NULL) {
		time_verify(v, p, cert);
		name_verify(v, p, cert);
	}
	if (cert != NULL && key != NULL &&
	    X509_check_private_key(cert, key) != 1)
		verify_found(v, VERIFY_CERT_KEY, p->key, NULL, "the key %s "
		    "does not belong to the certificate %s: TLS fails",
		    p->key, p->cert);
	X509_free(cert);
	EVP_PKEY_free(key);
}

/* --- whose they are -------------------------------------------------- */

static const char *
set(const char *value)
{
	return *value == '\0' || strcasecmp(value, "none") == 0 ? NULL :
	    value;
}

/* Does anybody but this machine connect to Postfix? */
static bool
is_served(const struct verifying *v)
{
	for (size_t i = 0; i < v->postfix.services; i++) {
		if (verify_is_public(v, &v->postfix.service[i]))
			return true;
	}
	return false;
}

/* smtpd_tls_chain_files wins; the first of them holds the key. */
static bool
postfix_pair(struct verifying *v, struct pair *p)
{
	struct words chain = postfix_list(v->arena, verify_postfix(v,
	    "smtpd_tls_chain_files"));

	*p = (struct pair){ .server = "main.cf",
	    .name = verify_postfix(v, "myhostname") };
	if (chain.count > 0) {
		p->key = chain.word[0];
		p->cert = chain.word[chain.count > 1];
		return true;
	}
	p->cert = set(verify_postfix(v, "smtpd_tls_cert_file"));
	p->key = set(verify_postfix(v, "smtpd_tls_key_file"));
	if (p->key == NULL)
		p->key = p->cert;
	if (p->cert != NULL || !is_served(v))
		return p->cert != NULL;
	verify_found(v, VERIFY_TLS_OFF, "smtpd_tls_chain_files",
	    VERIFY_RENDER("postfix"), "main.cf names no "
	    "certificate: no port offers TLS");
	return false;
}

/* "<file", or in 2.4 the file. */
static const char *
dovecot_file(struct verifying *v, const char *old, const char *name)
{
	const struct dovecot_block *b = dovecot_block(v->dovecot.root,
	    "ssl_server", NULL);
	const char *value;

	if (v->dovecot.minor < 4) {
		value = verify_dovecot(v, old);
		return *value == '<' ? value + 1 : set(value);
	}
	value = b != NULL ? dovecot_value(b, name) : NULL;
	return value != NULL ? set(value) : set(verify_dovecot(v,
	    arena_printf(v->arena, "ssl_server_%s", name)));
}

static bool
dovecot_pair(struct verifying *v, struct pair *p)
{
	*p = (struct pair){ .server = "dovecot.conf",
	    .cert = dovecot_file(v, "ssl_cert", "cert_file"),
	    .key = dovecot_file(v, "ssl_key", "key_file"),
	    .name = v->has_postfix ? verify_postfix(v, "myhostname") : "" };
	if (p->cert != NULL && p->key != NULL)
		return *p->cert == '/' && *p->key == '/';
	verify_found(v, VERIFY_TLS_OFF, "ssl_cert",
	    VERIFY_RENDER("dovecot"), "dovecot.conf names no "
	    "certificate and key: no port offers TLS");
	return false;
}

void
verify_tls(struct verifying *v)
{
	struct pair one = { 0 }, two = { 0 };
	bool first = v->has_postfix && postfix_pair(v, &one);

	if (first)
		pair_verify(v, &one);
	if (!v->has_dovecot || !dovecot_pair(v, &two))
		return;
	if (!first || strcmp(one.cert, two.cert) != 0 ||
	    strcmp(one.key, two.key) != 0)
		pair_verify(v, &two);
}
