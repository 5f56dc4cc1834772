/*
 * Reading a private key that another program wrote.
 *
 * Nothing but the key may be in the file: text around it, or a second key,
 * is a file that somebody did not mean.  OpenSSL reads PEM and DER; what it
 * complains about is replaced by a sentence, because its own may quote bytes.
 */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>
#include <sys/stat.h>

#include "base/ascii.h"
#include "file/read.h"
#include "model/dkim/private.h"

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"

static bool
invalid(const char *name, const char *why, struct err *e)
{
	ERR_clear_error();
	return err_set(e, ERR_INVALID, "%s: %s", name, why);
}

/* --- PEM ------------------------------------------------------------- */

/* The kinds of PEM that people mistake for the private key. */
static const struct {
	const char *label;
	const char *why;	/* NULL: it is one */
} labels[] = {
	{ "PRIVATE KEY", NULL },
	{ "RSA PRIVATE KEY", NULL },
	{ "ENCRYPTED PRIVATE KEY", "is encrypted: decrypt it first, with: "
	    "openssl pkey" },
	{ "PUBLIC KEY", "holds the public key, not the private one" },
	{ "RSA PUBLIC KEY", "holds the public key, not the private one" },
	{ "CERTIFICATE", "holds a certificate, not a private key" },
	{ "EC PRIVATE KEY", "holds a key that is neither RSA nor Ed25519" },
	{ "DSA PRIVATE KEY", "holds a key that is neither RSA nor Ed25519" },
	{ "OPENSSH PRIVATE KEY", "holds a key of OpenSSH: DKIM needs one in "
	    "PEM" },
	{ NULL, "holds no private key" }
};

/* NULL: the block that begins here may be read. */
static const char *
label_judge(const char *begin)
{
	const char *label = begin + strlen(BEGIN);
	size_t i = 0;

	while (labels[i].label != NULL && (strncmp(label, labels[i].label,
	    strlen(labels[i].label)) != 0 || strncmp(label +
	    strlen(labels[i].label), DASHES, strlen(DASHES)) != 0))
		i++;
	return labels[i].why;
}

/* NULL, or why it is not one block and nothing else. */
static const char *
pem_judge(const char *text)
{
	const char *begin = strstr(text, BEGIN), *end = strstr(text, END);
	const char *why = label_judge(begin);

	if (why != NULL)
		return why;
	if (strstr(begin + 1, BEGIN) != NULL)
		return "holds more than one key";
	if (end == NULL || end < begin)
		return "ends before the key does";
	end = strstr(end + strlen(END), DASHES);
	if (end == NULL)
		return "ends before the key does";
	if (strspn(text, SPACES) != (size_t)(begin - text) ||
	    end[strlen(DASHES) + strspn(end + strlen(DASHES), SPACES)] !=
	    '\0')
		return "holds something besides the key";
	/* Of PKCS#1, encrypted the old way. */
	if (strstr(begin, "Proc-Type:") != NULL)
		return "is encrypted: decrypt it first, with: openssl pkey";
	return NULL;
}

/* Nobody is asked for a password. */
static int
no_password(char *buf, int size, int writing, void *arg)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

static const char *
pem_read(struct dkim_key *key, const char *text)
{
	const char *why = pem_judge(text);
	BIO *bio;

	if (why != NULL)
		return why;
	/* It begins a line for OpenSSL. */
	bio = BIO_new_mem_buf(strstr(text, BEGIN), -1);
	if (bio != NULL)
		key->pkey = PEM_read_bio_PrivateKey(bio, NULL, no_password,
		    NULL);
	BIO_free(bio);
	return key->pkey != NULL ? NULL : "holds a private key that is "
	    "damaged";
}

/* --- what rspamd writes ---------------------------------------------- */

static const char *
seed_read(struct dkim_key *key, const unsigned char *bytes, size_t len)
{
	unsigned char public[DKIM_SEED_BYTES];
	size_t size = sizeof(public);

	key->pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
	    bytes, DKIM_SEED_BYTES);
	if (key->pkey == NULL ||
	    EVP_PKEY_get_raw_public_key(key->pkey, public, &size) != 1)
		return "holds a private key that is damaged";
	if (len == 2 * DKIM_SEED_BYTES &&
	    memcmp(bytes + DKIM_SEED_BYTES, public, size) != 0)
		return "holds a seed and the public key of another";
	return NULL;
}

static const char *
der_read(struct dkim_key *key, const unsigned char *bytes, size_t len)
{
	const unsigned char *at = bytes;

	key->pkey = d2i_AutoPrivateKey(NULL, &at, (long)len);
	if (key->pkey == NULL)
		return "holds no private key";
	return at == bytes + len ? NULL : "holds something besides the key";
}

static const char *
base64_read(struct dkim_key *key, const char *text, size_t len)
{
	static const char none[] = "holds no private key";
	unsigned char bytes[DKIM_FILE_MAX];
	long n = dkim_base64_decode(text, len, bytes, sizeof(bytes));
	const char *why;

	if (n == DKIM_SEED_BYTES || n == 2 * DKIM_SEED_BYTES)
		why = seed_read(key, bytes, (size_t)n);
	else
		why = n > 0 ? der_read(key, bytes, (size_t)n) : none;
	explicit_bzero(bytes, sizeof(bytes));
	return why;
}

/* --- the whole ------------------------------------------------------- */

static bool
is_whole(const struct dkim_key *key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key->pkey, NULL);
	bool ok = ctx != NULL && EVP_PKEY_check(ctx) == 1;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

/* NULL, or why the key that was read is none for DKIM. */
static const char *
key_judge(struct dkim_key *key)
{
	if (!dkim_key_describe(key))
		return "holds a key that is neither RSA nor Ed25519";
	if (key->algorithm == DKIM_ED25519)
		return NULL;
	if (key->bits < DKIM_BITS_READ)
		return "holds an RSA key of less than 1024 bits, which "
		    "receivers do not accept";
	if (key->bits > DKIM_BITS_MAX)
		return "holds an RSA key of more than 4096 bits, which "
		    "receivers do not accept";
	return is_whole(key) ? NULL : "holds a private key that is damaged";
}

static const char *
read_any(struct dkim_key *key, const char *text, size_t len)
{
	const char *why;

	if (strlen(text) != len)
		return "holds a NUL byte";
	if (text[strspn(text, SPACES)] == '\0')
		return "is empty";
	why = strstr(text, BEGIN) != NULL ? pem_read(key, text) :
	    base64_read(key, text, len);
	return why != NULL ? why : key_judge(key);
}

bool
dkim_key_read(const char *name, const char *bytes, size_t len,
    struct dkim_key *key, struct err *e)
{
	struct text copy = TEXT_INIT;
	const char *why;

	dkim_key_guard(key);
	if (len > DKIM_FILE_MAX) {
		why = "is too large for a private key";
	} else {
		text_add_bytes(&copy, bytes, len);
		why = read_any(key, copy.buf, copy.len);
	}
	text_clear(&copy);
	ERR_clear_error();
	if (why == NULL)
		return true;
	dkim_key_clear(key);
	return invalid(name, why, e);
}

bool
dkim_key_read_file(const char *path, struct dkim_key *key, bool *exposed,
    struct err *e)
{
	struct text content = TEXT_INIT;
	struct stat st;
	bool ok;

	*key = (struct dkim_key){ 0 };
	*exposed = false;
	ok = file_read(path, &content, &st, e) &&
	    dkim_key_read(path, content.buf, content.len, key, e);
	if (ok)
		*exposed = (st.st_mode & S_IROTH) != 0;
	text_clear(&content);
	return ok;
}
