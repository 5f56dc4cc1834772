/* DKIM keys: published vectors, files of other programs, and bad ones. */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/field.h"
#include "model/dkim/key.h"

struct test {
	struct arena arena;
	struct err err;
	struct dkim_key key;
	struct dkim_secret secret;
	char dir[64];
};

/* RFC 8463, A.2: a seed, and the p= of its record. */
#define ED_SEED "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
#define ED_PUBLIC "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
/* The seed and the public key in one, as rspamadm writes it. */
#define ED_BOTH "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL" \
    "/tPJZAc6DuFy89qmIyWvAhpo9wdRGg=="

/* RFC 6376, appendix C, which RFC 8463 uses, too. */
#define RSA_PUBLIC "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9" \
    "ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/" \
    "RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPD" \
    "dQPNUYckcQ2QIDAQAB"
#define RSA_DER \
"MIICXwIBAAKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFC\n" \
"jxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gb\n" \
"to/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB\n" \
"AoGBALmn+XwWk7akvkUlqb+dOxyLB9i5VBVfje89Teolwc9YJT36BGN/l4e0l6QX\n" \
"/1//6DWUTB3KI6wFcm7TWJcxbS0tcKZX7FsJvUz1SbQnkS54DJck1EZO/BLa5ckJ\n" \
"gAYIaqlA9C0ZwM6i58lLlPadX/rtHb7pWzeNcZHjKrjM461ZAkEA+itss2nRlmyO\n" \
"n1/5yDyCluST4dQfO8kAB3toSEVc7DeFeDhnC1mZdjASZNvdHS4gbLIA1hUGEF9m\n" \
"3hKsGUMMPwJBAPW5v/U+AWTADFCS22t72NUurgzeAbzb1HWMqO4y4+9Hpjk5wvL/\n" \
"eVYizyuce3/fGke7aRYw/ADKygMJdW8H/OcCQQDz5OQb4j2QDpPZc0Nc4QlbvMsj\n" \
"7p7otWRO5xRa6SzXqqV3+F0VpqvDmshEBkoCydaYwc2o6WQ5EBmExeV8124XAkEA\n" \
"qZzGsIxVP+sEVRWZmW6KNFSdVUpk3qzK0Tz/WjQMe5z0UunY9Ax9/4PVhp/j61bf\n" \
"eAYXunajbBSOLlx4D+TunwJBANkPI5S9iylsbLs6NkaMHV6k5ioHBBmgCak95JGX\n" \
"GMot/L2x0IYyMLAz6oLWh2hm7zwtb0CgOrPo1ke44hFYnfc=\n"
#define PEM(label, body) "-----BEGIN " label "-----\n" body \
    "-----END " label "-----\n"
#define RSA_PEM PEM("RSA PRIVATE KEY", RSA_DER)

static int
setup(void **state)
{
	struct test *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	strcpy(t->dir, "/tmp/mailadm-dkim-XXXXXX");
	assert_non_null(mkdtemp(t->dir));
	t->secret = (struct dkim_secret){ .path = "the secret", .text =
	    "0123456789abcdef0123456789abcdef0123456789a" };
	*state = t;
	return 0;
}

static int
teardown(void **state)
{
	struct test *t = *state;

	dkim_key_clear(&t->key);
	unlink(arena_printf(&t->arena, "%s/secret", t->dir));
	assert_int_equal(rmdir(t->dir), 0);
	err_clear(&t->err);
	arena_clear(&t->arena);
	free(t);
	return 0;
}

static void
read_key(struct test *t, const char *text)
{
	dkim_key_clear(&t->key);
	if (!dkim_key_read("file", text, strlen(text), &t->key, &t->err))
		fail_msg("%s", t->err.text);
}

static void
refused_bytes(struct test *t, const char *text, size_t len, const char *why)
{
	assert_false(dkim_key_read("file", text, len, &t->key, &t->err));
	assert_int_equal(t->err.code, ERR_INVALID);
	assert_non_null(strstr(t->err.text, why));
	assert_null(t->key.pkey);
	assert_int_equal(prctl(PR_GET_DUMPABLE), 1);
}

static void
refused(struct test *t, const char *text, const char *why)
{
	refused_bytes(t, text, strlen(text), why);
}

/* What OpenSSL writes of another kind of key. */
static const char *
pem_of(struct test *t, EVP_PKEY *pkey, const char *password)
{
	BIO *bio = BIO_new(BIO_s_mem());
	const char *copy;
	char *bytes;
	long len;

	assert_non_null(pkey);
	assert_int_equal(PEM_write_bio_PKCS8PrivateKey(bio, pkey, password ?
	    EVP_aes_128_cbc() : NULL, password, password ?
	    (int)strlen(password) : 0, NULL, NULL), 1);
	len = BIO_get_mem_data(bio, &bytes);
	copy = arena_strndup(&t->arena, bytes, (size_t)len);
	BIO_free(bio);
	EVP_PKEY_free(pkey);
	return copy;
}

static void
rsa_of_rfc_6376(void **state)
{
	struct test *t = *state;

	read_key(t, RSA_PEM);
	assert_int_equal(t->key.algorithm, DKIM_RSA);
	assert_int_equal(t->key.bits, 1024);
	assert_string_equal(dkim_key_public(&t->arena, &t->key), RSA_PUBLIC);
	assert_true(dkim_key_works(&t->key, RSA_PUBLIC, &t->err));
	/* As rspamadm writes it, and on Windows. */
	read_key(t, RSA_DER);
	assert_string_equal(dkim_key_public(&t->arena, &t->key), RSA_PUBLIC);
	read_key(t, "\r\n  " RSA_PEM "\t\r\n\n");
	assert_string_equal(dkim_key_public(&t->arena, &t->key), RSA_PUBLIC);
}

static void
ed25519_of_rfc_8463(void **state)
{
	static const char *const forms[] = { ED_SEED, ED_BOTH, ED_BOTH "\n" };
	struct test *t = *state;
	struct text clear = TEXT_INIT;

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		read_key(t, forms[i]);
		assert_int_equal(t->key.algorithm, DKIM_ED25519);
		assert_true(t->key.bits == FIELD_NULL);
		assert_string_equal(dkim_key_public(&t->arena, &t->key),
		    ED_PUBLIC);
		assert_true(dkim_key_works(&t->key, ED_PUBLIC, &t->err));
	}
	assert_true(dkim_key_write(&t->key, DKIM_SEED, &clear, &t->err));
	assert_string_equal(clear.buf, ED_BOTH "\n");
	text_clear(&clear);
	assert_true(dkim_key_write(&t->key, DKIM_PEM, &clear, &t->err));
	read_key(t, clear.buf);
	assert_string_equal(dkim_key_public(&t->arena, &t->key), ED_PUBLIC);
	text_clear(&clear);
}

static void
made_keys_work_and_belong_to_their_public_key_only(void **state)
{
	struct test *t = *state;
	const char *ed, *rsa;

	assert_true(dkim_key_make(DKIM_ED25519, 0, &t->key, &t->err));
	ed = dkim_key_public(&t->arena, &t->key);
	assert_int_equal(strlen(ed), 44);
	assert_true(dkim_key_works(&t->key, ed, &t->err));
	assert_false(dkim_key_works(&t->key, ED_PUBLIC, &t->err));
	assert_int_equal(t->err.code, ERR_INVALID);
	dkim_key_clear(&t->key);

	assert_true(dkim_key_make(DKIM_RSA, 2048, &t->key, &t->err));
	rsa = dkim_key_public(&t->arena, &t->key);
	assert_int_equal(strlen(rsa), 392);
	assert_int_equal(t->key.bits, 2048);
	assert_true(dkim_key_works(&t->key, rsa, &t->err));
	assert_false(dkim_key_works(&t->key, RSA_PUBLIC, &t->err));
	assert_false(dkim_key_works(&t->key, ed, &t->err));
	assert_false(dkim_key_works(&t->key, "", &t->err));
	assert_false(dkim_key_works(&t->key, "?", &t->err));
}

/* The key of RFC 6376; the number of that name is another. */
static void
rsa_but_for(struct test *t, const char *const *names, const char *other)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *pkey = NULL;
	BIGNUM *number[8] = { 0 };
	OSSL_PARAM *params;

	read_key(t, RSA_PEM);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(EVP_PKEY_get_bn_param(t->key.pkey, names[i],
		    &number[i]), 1);
		if (names[i] == other)
			BN_add_word(number[i], 2);
		OSSL_PARAM_BLD_push_BN(build, names[i], number[i]);
	}
	params = OSSL_PARAM_BLD_to_param(build);
	assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
	assert_int_equal(EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_KEYPAIR,
	    params), 1);
	EVP_PKEY_free(t->key.pkey);
	t->key.pkey = pkey;
	for (size_t i = 0; i < 8; i++)
		BN_free(number[i]);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(context);
}

static void
a_key_is_whole_only_with_all_of_its_numbers(void **state)
{
	static const char *const names[] = { OSSL_PKEY_PARAM_RSA_N,
	    OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D,
	    OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,
	    OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2,
	    OSSL_PKEY_PARAM_RSA_COEFFICIENT1 };
	struct test *t = *state;

	for (size_t i = 0; i < 8; i++) {
		rsa_but_for(t, names, names[i]);
		assert_false(dkim_key_is_whole(&t->key, RSA_PUBLIC, &t->err));
		assert_int_equal(t->err.code, ERR_INVALID);
	}
	rsa_but_for(t, names, NULL);
	assert_true(dkim_key_is_whole(&t->key, RSA_PUBLIC, &t->err));
	assert_false(dkim_key_is_whole(&t->key, ED_PUBLIC, &t->err));
	assert_false(dkim_key_is_whole(&t->key, "", &t->err));
	assert_false(dkim_key_is_whole(&t->key, "?", &t->err));
	read_key(t, ED_SEED);
	assert_true(dkim_key_is_whole(&t->key, " " ED_PUBLIC, &t->err));
	assert_false(dkim_key_is_whole(&t->key, RSA_PUBLIC, &t->err));
}

/* An opener forgets each key, and what could not be opened. */
static void
many_keys_are_opened_one_after_the_other(void **state)
{
	static const char *const keys[] = { RSA_PEM, ED_SEED, RSA_PEM };
	static const char *const public[] = { RSA_PUBLIC, ED_PUBLIC,
	    RSA_PUBLIC };
	struct test *t = *state;
	struct dkim_opener o = { 0 };
	const char *pem;

	for (int i = 0; i < 3; i++) {
		read_key(t, keys[i]);
		assert_true(dkim_key_seal(&t->arena, &t->key, &t->secret,
		    &pem, &t->err));
		dkim_key_clear(&t->key);
		assert_true(dkim_key_open_next(&o, pem, &t->secret, &t->key,
		    &t->err));
		assert_true(dkim_key_is_whole(&t->key, public[i], &t->err));
		dkim_key_clear(&t->key);
		assert_false(dkim_key_open_next(&o, "no key", &t->secret,
		    &t->key, &t->err));
		assert_null(t->key.pkey);
	}
	dkim_opener_clear(&o);
}

static void
encrypted_keys_open_with_their_secret_only(void **state)
{
	struct dkim_secret other = { .path = "another", .text =
	    "0123456789abcdef0123456789abcdef0123456789b" };
	struct test *t = *state;
	const char *pem;

	read_key(t, ED_SEED);
	assert_true(dkim_key_seal(&t->arena, &t->key, &t->secret, &pem,
	    &t->err));
	assert_int_equal(strncmp(pem, "-----BEGIN ENCRYPTED PRIVATE KEY-----",
	    37), 0);
	dkim_key_clear(&t->key);
	assert_true(dkim_key_open(pem, &t->secret, &t->key, &t->err));
	assert_true(dkim_key_works(&t->key, ED_PUBLIC, &t->err));
	dkim_key_clear(&t->key);
	assert_false(dkim_key_open(pem, &other, &t->key, &t->err));
	assert_int_equal(t->err.code, ERR_DENIED);
	assert_non_null(strstr(t->err.text, "another does not open"));
	assert_false(dkim_key_open("", &t->secret, &t->key, &t->err));
	assert_int_equal(t->err.code, ERR_DENIED);
}

static void
nothing_but_a_key_is_a_key(void **state)
{
	struct test *t = *state;

	refused(t, "", "is empty");
	refused(t, " \n\t\n", "is empty");
	refused(t, "x", "holds no private key");
	refused(t, "a sentence, and no key", "holds no private key");
	refused_bytes(t, "a\0b", 3, "holds a NUL byte");
	refused_bytes(t, RSA_PEM "\0", sizeof(RSA_PEM), "holds a NUL byte");
	refused(t, ED_PUBLIC ED_PUBLIC, "holds no private key");
	refused(t, ED_SEED "A", "holds no private key");
	refused(t, "A" ED_BOTH, "holds no private key");
	refused(t, "oWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL"
	    "/tPJZAc6DuFy89qmIyWvAhpo9wdRGg==", "public key of another");
	refused(t, RSA_PUBLIC, "holds no private key");
	refused(t, "Key: x\n" RSA_PEM, "something besides the key");
	refused(t, RSA_PEM "x", "something besides the key");
	refused(t, RSA_PEM RSA_PEM, "more than one key");
	refused(t, "-----BEGIN PRIVATE KEY-----", "ends before the key");
	refused(t, "-----BEGIN PRIVATE KEY-----\n-----END ",
	    "ends before the key");
	refused(t, "-----END PRIVATE KEY-----\n-----BEGIN PRIVATE KEY-----\n",
	    "ends before the key");
	refused(t, PEM("PRIVATE KEY", "AAAA\n"), "damaged");
	refused(t, PEM("PRIVATE KEY", ""), "damaged");
	refused(t, PEM("PRIVATE KEY", "?\n"), "damaged");
	refused(t, PEM("RSA PRIVATE KEY", "\n"), "damaged");
	refused(t, PEM("PUBLIC KEY", RSA_PUBLIC "\n"), "the public key");
	refused(t, PEM("CERTIFICATE", "AAAA\n"), "a certificate");
	refused(t, PEM("EC PRIVATE KEY", "AAAA\n"), "neither RSA nor");
	refused(t, PEM("ENCRYPTED PRIVATE KEY", "AAAA\n"), "is encrypted");
	refused(t, PEM("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\n\nAAAA\n"),
	    "is encrypted");
	refused(t, PEM("SOMETHING", "AAAA\n"), "holds no private key");
}

static void
keys_of_other_kinds_and_sizes_are_refused(void **state)
{
	struct test *t = *state;
	char *large = arena_alloc(&t->arena, DKIM_FILE_MAX + 2);

	refused(t, pem_of(t, EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"),
	    NULL), "neither RSA nor Ed25519");
	refused(t, pem_of(t, EVP_PKEY_Q_keygen(NULL, NULL, "X25519"), NULL),
	    "neither RSA nor Ed25519");
	refused(t, pem_of(t, EVP_PKEY_Q_keygen(NULL, NULL, "RSA",
	    (size_t)512), NULL), "less than 1024 bits");
	refused(t, pem_of(t, EVP_PKEY_Q_keygen(NULL, NULL, "RSA",
	    (size_t)1023), NULL), "less than 1024 bits");
	refused(t, pem_of(t, EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"),
	    "x"), "is encrypted");
	memset(large, 'A', DKIM_FILE_MAX + 1);
	refused(t, large, "is too large");
	large[DKIM_FILE_MAX] = '\0';
	refused(t, large, "holds no private key");
}

/* One of 16,384 bits takes minutes to make: its numbers need not be prime. */
static void
a_key_too_large_is_refused_at_once(void **state)
{
	struct test *t = *state;
	unsigned char der[2 * 2048 + 64] = { 0 };
	size_t n = 0, each = 2049;
	char *text;

	/* SEQUENCE { 0, n, 3, 1, 1, 1, 1, 1, 1 } */
	memcpy(der, (unsigned char[]){ 0x30, 0x82, 0, 0, 2, 1, 0, 2, 0x82,
	    (unsigned char)(each >> 8), (unsigned char)each }, 11);
	n = 11;
	memset(der + n, 0xff, each);
	der[n] = 0;
	n += each;
	for (size_t i = 0; i < 7; i++, n += 3)
		memcpy(der + n, (unsigned char[]){ 2, 1, 3 }, 3);
	der[2] = (unsigned char)((n - 4) >> 8);
	der[3] = (unsigned char)(n - 4);
	text = arena_alloc(&t->arena, 2 * n);
	EVP_EncodeBlock((unsigned char *)text, der, (int)n);
	refused(t, text, "more than 4096 bits");
}

static void
no_core_is_dumped_while_a_key_is_in_memory(void **state)
{
	struct test *t = *state;

	assert_int_equal(prctl(PR_GET_DUMPABLE), 1);
	read_key(t, ED_SEED);
	assert_int_equal(prctl(PR_GET_DUMPABLE), 0);
	dkim_key_clear(&t->key);
	assert_int_equal(prctl(PR_GET_DUMPABLE), 1);
	dkim_key_clear(&t->key);
	assert_int_equal(prctl(PR_GET_DUMPABLE), 1);
}

static void
secret_write(struct test *t, const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	(void)t;
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void
a_secret_is_made_once_and_read(void **state)
{
	struct test *t = *state;
	const char *path = arena_printf(&t->arena, "%s/secret", t->dir);
	struct dkim_secret one, two;
	struct stat st;
	bool made;

	assert_false(dkim_secret_read(&t->arena, path, &one, &t->err));
	assert_int_equal(t->err.code, ERR_DENIED);
	assert_non_null(strstr(t->err.text, path));
	assert_true(dkim_secret_make(path, &made, &t->err));
	assert_true(made);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, 44);
	assert_true(dkim_secret_read(&t->arena, path, &one, &t->err));
	assert_int_equal(strlen(one.text), 43);
	assert_int_equal(strlen(one.id), 16);
	assert_true(dkim_secret_make(path, &made, &t->err));
	assert_false(made);
	assert_true(dkim_secret_read(&t->arena, path, &two, &t->err));
	assert_string_equal(one.text, two.text);
	assert_true(dkim_secret_check(&one, two.id, &t->err));
	assert_false(dkim_secret_check(&one, "0123456789abcdef", &t->err));
	assert_int_equal(t->err.code, ERR_DENIED);
	assert_non_null(strstr(t->err.text, path));
}

static void
an_unfit_file_is_no_secret(void **state)
{
	static const struct {
		const char *text;
		mode_t mode;
		const char *why;
	} cases[] = {
		{ "", 0600, "does not hold a secret" },
		{ "short\n", 0600, "does not hold a secret" },
		{ "0123456789abcdef0123456789abcdef0123456789a", 0644,
		    "others can read" },
		{ "0123456789abcdef0123456789abcdef0123456789a", 0640,
		    "others can read" },
		{ "0123456789abcdef0123456789abcdef0123456789a\n\n", 0600,
		    "does not hold a secret" },
		{ "0123456789abcdef0123456789abcdef0123456789-", 0600,
		    "does not hold a secret" },
		{ "0123456789abcdef0123456789abcdef0123456789ab", 0600,
		    "does not hold a secret" },
	};
	struct test *t = *state;
	const char *path = arena_printf(&t->arena, "%s/secret", t->dir);
	struct dkim_secret secret;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		secret_write(t, path, cases[i].text, cases[i].mode);
		assert_false(dkim_secret_read(&t->arena, path, &secret,
		    &t->err));
		assert_int_equal(t->err.code, ERR_DENIED);
		assert_non_null(strstr(t->err.text, cases[i].why));
		assert_null(secret.text);
	}
	/* The id is known: others compute it, too. */
	secret_write(t, path, "0123456789abcdef0123456789abcdef0123456789a",
	    0600);
	assert_true(dkim_secret_read(&t->arena, path, &secret, &t->err));
	assert_string_equal(secret.id, "263b9741bfc84598");
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(rsa_of_rfc_6376),
		T(ed25519_of_rfc_8463),
		T(made_keys_work_and_belong_to_their_public_key_only),
		T(a_key_is_whole_only_with_all_of_its_numbers),
		T(many_keys_are_opened_one_after_the_other),
		T(encrypted_keys_open_with_their_secret_only),
		T(nothing_but_a_key_is_a_key),
		T(keys_of_other_kinds_and_sizes_are_refused),
		T(a_key_too_large_is_refused_at_once),
		T(no_core_is_dumped_while_a_key_is_in_memory),
		T(a_secret_is_made_once_and_read),
		T(an_unfit_file_is_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
