/* Making and verifying password hashes. */
#include "corpus.h"

#include "model/password/hash.h"
#include "model/password/password.h"
#include "model/password/scheme.h"

#include <crypt.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * The linker takes these before the libraries' own, so that faults can be
 * injected and calls be seen.
 */
static enum {
	CRYPT_REAL,
	CRYPT_FAKE,		/* plausible and at once */
	CRYPT_NULL,
	CRYPT_STAR,
	CRYPT_SHORT,
	CRYPT_OTHER_SALT,
	CRYPT_DOES_NOT_VERIFY
} crypt_mode;

static size_t crypt_calls;
static const struct crypt_data *crypt_used, *cleansed;
static bool random_fails;

static char *
crypt_fake(const char *setting, struct crypt_data *data)
{
	bool whole = strlen(setting) > 60;
	char *out = data->output;

	switch (crypt_mode) {
	case CRYPT_NULL:
		return NULL;
	case CRYPT_STAR:
		return strcpy(out, "*0");
	default:
		snprintf(out, CRYPT_OUTPUT_SIZE, "%s%s%s", setting,
		    whole ? "" : "$",
		    whole ? "" : "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddee1");
	}
	if (crypt_mode == CRYPT_SHORT)
		out[strlen(out) - 1] = '\0';
	if (crypt_mode == CRYPT_OTHER_SALT)
		out[16] ^= 1;
	if (crypt_mode == CRYPT_DOES_NOT_VERIFY && whole)
		out[strlen(out) - 1] = '2';
	return out;
}

char *
crypt_r(const char *phrase, const char *setting, struct crypt_data *data)
{
	crypt_calls++;
	crypt_used = data;
	cleansed = NULL;
	if (crypt_mode != CRYPT_REAL)
		return crypt_fake(setting, data);
	crypt_rn(phrase, setting, data, sizeof(*data));
	return data->output;
}

void
OPENSSL_cleanse(void *ptr, size_t len)
{
	explicit_bzero(ptr, len);
	if (len == sizeof(struct crypt_data))
		cleansed = ptr;
}

int
RAND_priv_bytes(unsigned char *buf, int num)
{
	return random_fails ? 0 : RAND_bytes(buf, num);
}

static int
reset(void **state)
{
	(void)state;
	crypt_mode = CRYPT_REAL;
	random_fails = false;
	crypt_calls = 0;
	return 0;
}

static bool
is_valid(const char *password, size_t len)
{
	struct err e = { 0 };
	bool ok = password_valid(password, len, &e);

	if (!ok) {
		assert_int_equal(e.code, ERR_INVALID);
		assert_ptr_equal(strstr(e.text, "invalid password: "), e.text);
	}
	err_clear(&e);
	return ok;
}

/* Accepted without an error, or refused with one of the right kind. */
static bool
hash_is_valid(const char *hash)
{
	struct err e = { 0 };
	bool ok = password_hash_valid(hash, &e);

	if (ok)
		assert_null(e.text);
	else
		assert_int_equal(e.code, ERR_INVALID);
	err_clear(&e);
	return ok;
}

static void
passwords_are_bytes_within_limits(void **state)
{
	static const char bad[] = { '\0', '\r', '\n' };
	char text[4096];
	size_t i, at;
	int c;

	(void)state;
	memset(text, 'p', sizeof(text));
	assert_false(is_valid(text, 0));
	assert_true(is_valid(text, 1));
	assert_true(is_valid(text, 511));
	assert_false(is_valid(text, 512));
	assert_false(is_valid(text, 4096));
	for (i = 0; i < COUNT(bad); i++)
		for (at = 0; at < 8; at++) {
			memset(text, 'p', 8);
			text[at] = bad[i];
			assert_false(is_valid(text, 8));
		}
	for (c = 1; c < 256; c++) {
		text[0] = (char)c;
		assert_int_equal(is_valid(text, 1), c != '\r' && c != '\n');
	}
}

static void
hashes_have_the_promised_form_and_verify(void **state)
{
	static const char *const passwords[] = {
		"x", "correct horse", " both ends ", "trailing\t", "'; --",
		"caf\xc3\xa9", "cafe\xcc\x81", "\x01\x7f\x80\xff", "$5$!*",
	};
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *hash;
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(passwords); i++) {
		assert_true(password_hash(&a, passwords[i], 5000, &hash, &e));
		assert_ptr_equal(strstr(hash, "$5$rounds=5000$"), hash);
		assert_int_equal(strlen(hash), 15 + 16 + 1 + 43);
		assert_true(hash_is_valid(hash));
		for (j = 0; j < COUNT(passwords); j += i == 0 ? 1 : 3)
			assert_int_equal(password_verify(hash, passwords[j]),
			    i == j ? PASSWORD_MATCHES : PASSWORD_DIFFERS);
	}
	arena_clear(&a);
}

static void
the_longest_password_is_hashed_whole(void **state)
{
	char password[PASSWORD_MAX + 2];
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *hash;

	(void)state;
	memset(password, 'p', sizeof(password));
	password[PASSWORD_MAX] = '\0';
	assert_true(password_hash(&a, password, 5000, &hash, &e));
	assert_int_equal(password_verify(hash, password), PASSWORD_MATCHES);
	password[PASSWORD_MAX - 1] = '\0';
	assert_int_equal(password_verify(hash, password), PASSWORD_DIFFERS);
	password[PASSWORD_MAX - 1] = password[PASSWORD_MAX] = 'p';
	password[PASSWORD_MAX + 1] = '\0';
	assert_int_equal(password_verify(hash, password), PASSWORD_DIFFERS);
	hash = NULL;
	assert_false(password_hash(&a, password, 5000, &hash, &e));
	assert_null(hash);
	err_clear(&e);
	assert_false(password_hash(&a, "", 5000, &hash, &e));
	assert_null(hash);
	err_clear(&e);
	arena_clear(&a);
}

static void
rounds_stay_within_their_limits(void **state)
{
	static const long bad[] = {
		LONG_MIN, -1, 0, 999, 4999, 5000001, 999999999, LONG_MAX
	};
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *hash = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		assert_false(password_hash(&a, "x", bad[i], &hash, &e));
		assert_int_equal(e.code, ERR_INVALID);
		assert_null(hash);
	}
	assert_int_equal(crypt_calls, 0);
	crypt_mode = CRYPT_FAKE;
	assert_true(password_hash(&a, "x", 5000000, &hash, &e));
	assert_ptr_equal(strstr(hash, "$5$rounds=5000000$"), hash);
	err_clear(&e);
	arena_clear(&a);
}

static int
compare_text(const void *x, const void *y)
{
	return strcmp(x, y);
}

static bool
has_duplicate(char *rows, size_t n, size_t size)
{
	size_t i;

	qsort(rows, n, size, compare_text);
	for (i = 1; i < n; i++)
		if (strcmp(rows + (i - 1) * size, rows + i * size) == 0)
			return true;
	return false;
}

/*
 * Chi-square of n characters of each row.  With 55 or 63 degrees of freedom
 * a fair source passes 150 once in 100 million times.
 */
static void
assert_uniform(const char *rows, size_t n, size_t size, size_t at,
    size_t symbols)
{
	size_t counts[128] = { 0 }, seen = 0, i;
	double expected = (double)n / (double)symbols, chi = 0, d;

	for (i = 0; i < n; i++)
		counts[rows[i * size + at] & 127]++;
	for (i = 0; i < COUNT(counts); i++) {
		if (counts[i] == 0)
			continue;
		d = (double)counts[i] - expected;
		chi += d * d / expected;
		seen++;
	}
	assert_int_equal(seen, symbols);
	assert_true(chi < 150);
}

static void
salts_are_uniform_and_never_repeat(void **state)
{
	enum { SALTS = 100000 };
	static char salts[SALTS][17];
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *hash;
	size_t i, at;

	(void)state;
	crypt_mode = CRYPT_FAKE;
	for (i = 0; i < SALTS; i++) {
		if (!password_hash(&a, "x", 5000, &hash, &e))
			fail_msg("%s", e.text);
		memcpy(salts[i], hash + 15, 16);
		if (i % 1000 == 999)
			arena_clear(&a);
	}
	arena_clear(&a);
	for (at = 0; at < 16; at++)
		assert_uniform(salts[0], SALTS, sizeof(salts[0]), at, 64);
	assert_false(has_duplicate(salts[0], SALTS, sizeof(salts[0])));
}

static void
generated_passwords_are_uniform_and_never_repeat(void **state)
{
	enum { MADE = 20000 };
	static char made[MADE][PASSWORD_GENERATED + 1];
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *password;
	size_t i, at;

	(void)state;
	for (i = 0; i < MADE; i++) {
		assert_true(password_generate(&a, PASSWORD_GENERATED,
		    &password, &e));
		assert_int_equal(strlen(password), PASSWORD_GENERATED);
		assert_null(strpbrk(password, "0Oo1lI"));
		memcpy(made[i], password, PASSWORD_GENERATED);
	}
	arena_clear(&a);
	for (at = 0; at < PASSWORD_GENERATED; at++)
		assert_uniform(made[0], MADE, sizeof(made[0]), at, 56);
	assert_false(has_duplicate(made[0], MADE, sizeof(made[0])));
}

static void
generated_passwords_have_the_wanted_length(void **state)
{
	static const struct {
		size_t length;
		bool ok;
	} cases[] = {
		{ 0, false }, { 1, false }, { 11, false }, { 12, true },
		{ 64, true }, { 128, true }, { 129, false },
		{ SIZE_MAX, false },
	};
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *password;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		assert_int_equal(password_generate(&a, cases[i].length,
		    &password, &e), cases[i].ok);
		if (cases[i].ok)
			assert_int_equal(strlen(password), cases[i].length);
		else
			assert_int_equal(e.code, ERR_INVALID);
	}
	err_clear(&e);
	arena_clear(&a);
}

/* The salt of a hash made in a child; every process has its own. */
static void
child_salt(char salt[17])
{
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *hash;
	int fds[2], status;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(!password_hash(&a, "x", 5000, &hash, &e) ||
		    write(fds[1], hash + 15, 16) != 16);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(read(fds[0], salt, 16), 16);
	close(fds[0]);
	close(fds[1]);
}

static void
forked_processes_make_other_salts(void **state)
{
	char salts[3][17] = { 0 };
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *hash;

	(void)state;
	child_salt(salts[0]);
	child_salt(salts[1]);
	assert_true(password_hash(&a, "x", 5000, &hash, &e));
	memcpy(salts[2], hash + 15, 16);
	arena_clear(&a);
	assert_false(has_duplicate(salts[0], 3, sizeof(salts[0])));
}

static void
without_random_numbers_nothing_is_made(void **state)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *out = NULL;

	(void)state;
	random_fails = true;
	assert_false(password_hash(&a, "x", 5000, &out, &e));
	assert_int_equal(e.code, ERR_IO);
	assert_null(out);
	assert_int_equal(crypt_calls, 0);
	assert_false(password_generate(&a, 20, &out, &e));
	assert_int_equal(e.code, ERR_IO);
	assert_null(out);
	err_clear(&e);
	arena_clear(&a);
}

static void
a_bad_answer_of_crypt_is_never_returned(void **state)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *hash = NULL;

	(void)state;
	for (crypt_mode = CRYPT_NULL; crypt_mode <= CRYPT_DOES_NOT_VERIFY;
	    crypt_mode++) {
		assert_false(password_hash(&a, "x", 5000, &hash, &e));
		assert_int_equal(e.code, ERR_IO);
		assert_null(hash);
		err_clear(&e);
	}
	arena_clear(&a);
}

static void
what_crypt_worked_on_is_wiped(void **state)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *hash;

	(void)state;
	assert_true(password_hash(&a, "x", 5000, &hash, &e));
	assert_non_null(cleansed);
	assert_ptr_equal(cleansed, crypt_used);
	assert_int_equal(password_verify(hash, "x"), PASSWORD_MATCHES);
	assert_ptr_equal(cleansed, crypt_used);
	assert_int_equal(password_verify(hash, "y"), PASSWORD_DIFFERS);
	assert_ptr_equal(cleansed, crypt_used);
	crypt_mode = CRYPT_STAR;
	assert_false(password_hash(&a, "x", 5000, &hash, &e));
	assert_ptr_equal(cleansed, crypt_used);
	err_clear(&e);
	arena_clear(&a);
}

static void
known_answer(const struct cell *cells, void *arg)
{
	char password[PASSWORD_MAX + 1] = "";
	const char *hash = cells[2].s;
	size_t *row = arg, i;
	unsigned byte;

	for (i = 0; sscanf(cells[0].s + 2 * i, "%2x", &byte) == 1; i++)
		password[i] = (char)byte;
	if (!hash_is_valid(hash))
		fail_msg("%s is refused", hash);
	if (password_verify(hash, password) != PASSWORD_MATCHES)
		fail_msg("%s does not match", hash);
	if ((*row)++ % 64 == 0) {
		strcat(password, "x");
		assert_int_equal(password_verify(hash, password),
		    PASSWORD_DIFFERS);
	}
}

static void
known_answers_verify(void **state)
{
	size_t row = 0;

	(void)state;
	assert_int_equal(corpus_each("sha256crypt-known-answers.tsv", 6,
	    known_answer, &row), 375);
}

static void
every_scheme_of_crypt_is_verified(void **state)
{
	static const char *const settings[] = {
		"$5$rounds=1000$ab", "$5$rounds=1000$", "$6$rounds=1000$ab",
		"$2y$04$abcdefghijklmnopqrstuu",
		"$2b$04$abcdefghijklmnopqrstuu",
		"$2a$04$abcdefghijklmnopqrstuu",
		"$2x$04$abcdefghijklmnopqrstuu",
		"$y$j75$F5Jx5fExrKuPp53xLKQ..1", "$gy$j75$F5Jx5fEx",
		"$7$86..../....abcdefgh", "$sha1$40$abcdefgh",
		"$md5,rounds=1$abcdefgh$", "$1$abcdefgh", "$1$", "$3$",
		"ab", "_J9..rasm",
	};
	static const char *const labels[] = {
		"", "{CRYPT}", "{crypt}", "{SHA256-CRYPT}", "{SHA512-CRYPT}",
		"{BLF-CRYPT}", "{MD5-CRYPT}", "{MD5}", "{DES-CRYPT}",
	};
	struct crypt_data data;
	char hash[CRYPT_OUTPUT_SIZE + 32];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(settings); i++) {
		assert_non_null(crypt_rn("pass word", settings[i], &data,
		    sizeof(data)));
		snprintf(hash, sizeof(hash), "%s%s",
		    labels[i % COUNT(labels)], data.output);
		if (password_verify(hash, "pass word") != PASSWORD_MATCHES)
			fail_msg("%s", hash);
		if (password_verify(hash, "Pass word") != PASSWORD_DIFFERS)
			fail_msg("%s", hash);
		if (password_verify(hash, "") != PASSWORD_DIFFERS)
			fail_msg("%s", hash);
	}
}

static void
what_cannot_be_verified_is_never_a_mismatch(void **state)
{
	static const char argon[] = "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1"
	    "$O5iIy6Qh6E+JhZdsUXBkSg$wnE5iJkRCIVhtFNX+cieRx+6M1iOLLvPw58TkN7"
	    "2ks4";
	const char *const hashes[] = {
		"", "*", "*0", "*1", "x", "$", "$5$", "$5$*0", "cleartext",
		"{SHA256-CRYPT}", "{SHA256-CRYPT}!", "{CRYPT.B64}x",
		"{PLAIN}x", "{}", "{", "}", "{CRYPT", "{FOO}x",
		"$5$saltstring$5B8vYYiY", argon, argon + strlen("{ARGON2ID}"),
		"{SSHA}O+zfPNiffU9uAB1m2KThHt+TKVnQ7SmI", "!x", "!$5$x",
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(hashes); i++) {
		if (password_verify(hashes[i], "x") != PASSWORD_UNVERIFIABLE)
			fail_msg("%s", hashes[i]);
		assert_int_equal(password_verify(hashes[i], ""),
		    PASSWORD_UNVERIFIABLE);
	}
	assert_int_equal(crypt_calls, 0);
	assert_int_equal(password_verify("!", "!"), PASSWORD_DIFFERS);
	assert_int_equal(password_verify("!", ""), PASSWORD_DIFFERS);
	assert_int_equal(password_verify(PASSWORD_NONE, "x"),
	    PASSWORD_DIFFERS);
}

static void
naughty(const char *s)
{
	size_t len = strlen(s);

	assert_int_equal(password_verify(s, "x"), PASSWORD_UNVERIFIABLE);
	assert_int_equal(is_valid(s, len),
	    len <= PASSWORD_MAX && strpbrk(s, "\r\n") == NULL);
}

static void
naughty_strings_are_passwords(void **state)
{
	(void)state;
	assert_int_equal(corpus_naughty(naughty), 516);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(passwords_are_bytes_within_limits),
		TEST(hashes_have_the_promised_form_and_verify),
		TEST(the_longest_password_is_hashed_whole),
		TEST(rounds_stay_within_their_limits),
		TEST(salts_are_uniform_and_never_repeat),
		TEST(forked_processes_make_other_salts),
		TEST(without_random_numbers_nothing_is_made),
		TEST(a_bad_answer_of_crypt_is_never_returned),
		TEST(what_crypt_worked_on_is_wiped),
		TEST(generated_passwords_are_uniform_and_never_repeat),
		TEST(generated_passwords_have_the_wanted_length),
		TEST(known_answers_verify),
		TEST(every_scheme_of_crypt_is_verified),
		TEST(what_cannot_be_verified_is_never_a_mismatch),
		TEST(naughty_strings_are_passwords),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
