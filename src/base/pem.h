/*
 * PEM in memory, read by OpenSSL.
 *
 * Where a block is encrypted, OpenSSL asks for a passphrase on the terminal,
 * unless it is given one: pem_password_cb(3).  Nobody is to be asked here, in
 * a cron job least of all, so all PEM is read through these.
 */
#ifndef BASE_PEM_H
#define BASE_PEM_H

#include <limits.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/* Reads the bytes where they are; NULL without memory.  BIO_free() it. */
static inline BIO *
pem_open(const char *bytes, size_t len)
{
	return BIO_new_mem_buf(bytes, len < INT_MAX ? (int)len : INT_MAX);
}

/* The next of its kind, which is the caller's; NULL where none follows. */
static inline X509 *
pem_certificate(BIO *bio)
{
	char no_passphrase[] = "";

	return PEM_read_bio_X509(bio, NULL, NULL, no_passphrase);
}

static inline EVP_PKEY *
pem_private_key(BIO *bio)
{
	char no_passphrase[] = "";

	return PEM_read_bio_PrivateKey(bio, NULL, NULL, no_passphrase);
}

static inline EVP_PKEY *
pem_public_key(BIO *bio)
{
	char no_passphrase[] = "";

	return PEM_read_bio_PUBKEY(bio, NULL, NULL, no_passphrase);
}

#endif
