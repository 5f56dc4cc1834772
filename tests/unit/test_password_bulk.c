/* Hashing many passwords: the digests, and the threads. */
#include "corpus.h"

#include "model/password/bulk.h"
#include "model/password/bulk_sha256crypt.h"
#include "model/password/hash.h"
#include "model/password/scheme.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * The linker takes these before the libraries' own, so that faults can be
 * injected and calls be seen.
 */
static atomic_bool crypt_lies, signal_was_open;
static atomic_size_t crypt_calls, cleansed;
static bool random_fails;

static const struct password_hashing plain = { 5000, NULL, NULL };

char *
crypt_r(const char *phrase, const char *setting, struct crypt_data *data)
{
	sigset_t mask;

	crypt_calls++;
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	if (!sigismember(&mask, SIGINT) || !sigismember(&mask, SIGTERM))
		signal_was_open = true;
	crypt_rn(phrase, setting, data, sizeof(*data));
	if (crypt_lies)
		data->output[strlen(data->output) - 1] ^= 1;
	return data->output;
}

/* The work of one hash is larger than anything else. */
void
OPENSSL_cleanse(void *ptr, size_t len)
{
	explicit_bzero(ptr, len);
	if (len > 8000 && len < sizeof(struct crypt_data))
		cleansed++;
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
	crypt_lies = signal_was_open = random_fails = false;
	crypt_calls = cleansed = 0;
	return 0;
}

/* The processors that the process may use. */
static size_t
cores(void)
{
	cpu_set_t set;

	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	return (size_t)CPU_COUNT(&set);
}

static void
assert_digest(const char *password, const char *salt, size_t salt_len,
    long rounds, const char *expected)
{
	char digest[SHA256CRYPT_DIGEST + 1] = "";
	const struct sha256crypt_job job = {
		password, strlen(password), salt, salt_len, digest,
	};

	sha256crypt(&job, 1, rounds);
	if (strcmp(digest, expected) != 0)
		fail_msg("%zu bytes, salt of %zu, %ld rounds: %s, not %s",
		    strlen(password), salt_len, rounds, digest, expected);
}

/* The expected hash names the rounds and the salt that count. */
static void
known_answer(const struct cell *cells, void *arg)
{
	char password[SHA256CRYPT_PASSWORD_MAX + 1] = "";
	const char *salt = cells[2].s + strlen("$5$"), *end;
	long rounds = 5000;
	size_t i;
	unsigned byte;

	(void)arg;
	for (i = 0; sscanf(cells[0].s + 2 * i, "%2x", &byte) == 1; i++)
		password[i] = (char)byte;
	if (sscanf(salt, "rounds=%ld$", &rounds) == 1)
		salt = strchr(salt, '$') + 1;
	end = strchr(salt, '$');
	assert_non_null(end);
	assert_digest(password, salt, (size_t)(end - salt), rounds, end + 1);
}

static void
known_answers_are_made(void **state)
{

	(void)state;
	assert_int_equal(corpus_each("sha256crypt-known-answers.tsv", 6,
	    known_answer, NULL), 375);
}

/* Any bytes but NUL, CR and LF. */
static void
random_password(char *password, size_t len)
{
	size_t i;

	RAND_bytes((unsigned char *)password, (int)len);
	for (i = 0; i < len; i++)
		if (strchr("\r\n", password[i]) != NULL)
			password[i] = (char)(password[i] + 200);
	password[len] = '\0';
}

static void
random_salt(char *salt, size_t len)
{
	struct err e = { 0 };

	assert_true(password_salt(salt, &e));
	salt[len] = '\0';
}

/* A password and a salt, and what crypt(3) makes of them. */
struct sample {
	char password[SHA256CRYPT_PASSWORD_MAX + 1];
	char salt[SHA256CRYPT_SALT_MAX + 1];
	char expected[SHA256CRYPT_DIGEST + 1];
	char digest[SHA256CRYPT_DIGEST + 1];
};

static struct sha256crypt_job
sample_make(struct sample *s, size_t len, size_t salt_len, long rounds)
{
	static struct crypt_data data;
	char setting[64];

	*s = (struct sample){ .digest = "" };
	random_password(s->password, len);
	random_salt(s->salt, salt_len);
	snprintf(setting, sizeof(setting), "$5$rounds=%ld$%s", rounds,
	    s->salt);
	assert_non_null(crypt_rn(s->password, setting, &data, sizeof(data)));
	snprintf(s->expected, sizeof(s->expected), "%s",
	    data.output + strlen(setting) + 1);
	return (struct sha256crypt_job){ s->password, len, s->salt, salt_len,
		s->digest };
}

/* Short passwords more often, of every length one in four. */
static size_t
length(size_t i)
{
	return 1 + i / 4 % (i % 4 == 0 ? SHA256CRYPT_PASSWORD_MAX : 40);
}

/* Hashes of different lengths are made together. */
static void
compare_with_crypt(size_t i, size_t count, long rounds)
{
	struct sha256crypt_job job[SHA256CRYPT_TOGETHER] = { 0 };
	struct sample sample[SHA256CRYPT_TOGETHER];
	size_t k;

	for (k = 0; k < count; k++)
		job[k] = sample_make(&sample[k], length(i + k),
		    (i + k) % (SHA256CRYPT_SALT_MAX + 1), rounds);
	sha256crypt(job, count, rounds);
	for (k = 0; k < count; k++)
		if (strcmp(sample[k].digest, sample[k].expected) != 0)
			fail_msg("%zu bytes, salt of %zu, %ld rounds: %s",
			    job[k].password_len, job[k].salt_len, rounds,
			    sample[k].digest);
}

/* The long test has HASHES=1000000 in the environment, valgrind a few. */
static size_t
hashes_wanted(void)
{
	const char *wanted = getenv("HASHES");

	return wanted != NULL ? strtoul(wanted, NULL, 10) : 2044;
}

static void
random_passwords_and_salts_hash_as_by_crypt(void **state)
{
	size_t count = hashes_wanted(), i;

	(void)state;
	for (i = 0; i < count; i += SHA256CRYPT_TOGETHER)
		compare_with_crypt(i, SHA256CRYPT_TOGETHER, 1000);
}

static void
rounds_hash_as_by_crypt(void **state)
{
	static const long rounds[] = {
		1000, 1001, 1002, 1006, 1007, 1049, 4999, 5000, 50000, 99999,
		500001,
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rounds); i++)
		if (rounds[i] < 10000 || hashes_wanted() > 1000)
			compare_with_crypt(i, 1, rounds[i]);
}

/* Jobs with passwords of 1, 2, 3... bytes. */
static struct password_job *
jobs_new(struct arena *a, size_t count)
{
	struct password_job *job = arena_array(a, count, sizeof(*job));
	char password[SHA256CRYPT_PASSWORD_MAX + 1];
	size_t i;

	for (i = 0; i < count; i++) {
		random_password(password, 1 + i % SHA256CRYPT_PASSWORD_MAX);
		job[i].password = arena_strdup(a, password);
	}
	return job;
}

static void
every_job_gets_its_own_hash(void **state)
{
	enum { JOBS = 40 };
	struct password_job *job;
	struct arena a = { 0 };
	struct err e = { 0 };
	size_t i;

	(void)state;
	job = jobs_new(&a, JOBS);
	assert_true(password_hash_bulk(&a, job, JOBS, &plain, &e));
	for (i = 0; i < JOBS; i++) {
		assert_memory_equal(job[i].hash, "$5$rounds=5000$", 15);
		assert_int_equal(strlen(job[i].hash), 15 + 16 + 1 + 43);
		assert_true(password_hash_valid(job[i].hash, &e));
		assert_int_equal(password_verify(job[i].hash,
		    job[i].password), PASSWORD_MATCHES);
		assert_true(i == 0 || strncmp(job[i].hash + 15,
		    job[i - 1].hash + 15, 16) != 0);
	}
	arena_clear(&a);
}

static void
each_thread_verifies_and_blocks_signals_and_wipes(void **state)
{
	enum { JOBS = 64 };
	struct arena a = { 0 };
	struct err e = { 0 };
	size_t most = cores();

	(void)state;
	assert_true(password_hash_bulk(&a, jobs_new(&a, JOBS), JOBS, &plain,
	    &e));
	assert_in_range(crypt_calls, 1, most);
	assert_false(signal_was_open);
	assert_int_equal(cleansed, JOBS);
	arena_clear(&a);
}

static void
assert_no_hash(const struct password_job *job, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		assert_null(job[i].hash);
}

static void
nothing_is_returned_that_crypt_does_not_verify(void **state)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct password_job *job = jobs_new(&a, 50);

	(void)state;
	crypt_lies = true;
	assert_false(password_hash_bulk(&a, job, 50, &plain, &e));
	assert_int_equal(e.code, ERR_IO);
	assert_no_hash(job, 50);
	err_clear(&e);
	arena_clear(&a);
}

static void
without_random_numbers_nothing_is_hashed(void **state)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct password_job *job = jobs_new(&a, 5);

	(void)state;
	random_fails = true;
	assert_false(password_hash_bulk(&a, job, 5, &plain, &e));
	assert_int_equal(e.code, ERR_IO);
	assert_int_equal(cleansed, 0);
	assert_no_hash(job, 5);
	err_clear(&e);
	arena_clear(&a);
}

static void
a_bad_password_is_named_by_its_number_only(void **state)
{
	struct password_job job[] = { { "good", NULL }, { "bad\nX", NULL } };
	struct arena a = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_false(password_hash_bulk(&a, job, 2, &plain, &e));
	assert_int_equal(e.code, ERR_INVALID);
	assert_non_null(strstr(e.text, "password 2: "));
	assert_null(strstr(e.text, "X"));
	assert_no_hash(job, 2);
	err_clear(&e);
	arena_clear(&a);
}

static void
rounds_have_the_limits_of_a_single_password(void **state)
{
	static const long bad[] = { -1, 0, 4999, 5000001 };
	struct password_job job = { "x", NULL };
	struct arena a = { 0 };
	struct err e = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		const struct password_hashing how = { bad[i], NULL, NULL };

		assert_false(password_hash_bulk(&a, &job, 1, &how, &e));
		assert_int_equal(e.code, ERR_INVALID);
		err_clear(&e);
	}
	assert_null(job.hash);
	assert_true(password_hash_bulk(&a, &job, 0, &plain, &e));
	arena_clear(&a);
}

/* What progress was told; it says no from `limit` calls on. */
struct told {
	size_t calls;
	size_t limit;
	size_t done;
};

static bool
told(void *arg, size_t done)
{
	struct told *t = arg;

	assert_true(done >= t->done);
	t->done = done;
	return ++t->calls < t->limit;
}

static void
progress_goes_up_to_the_count(void **state)
{
	struct told t = { 0, SIZE_MAX, 0 };
	const struct password_hashing how = { 5000, told, &t };
	struct arena a = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_true(password_hash_bulk(&a, jobs_new(&a, 100), 100, &how,
	    &e));
	assert_int_equal(t.done, 100);
	assert_true(t.calls > 0);
	arena_clear(&a);
}

/* Far more work than is done until the first answer. */
static void
an_interrupt_ends_each_thread_with_its_hash(void **state)
{
	enum { JOBS = 6400 };
	struct told t = { 0, 1, 0 };
	const struct password_hashing how = { 50000, told, &t };
	struct arena a = { 0 };
	struct err e = { 0 };
	struct password_job *job = jobs_new(&a, JOBS);

	(void)state;
	assert_false(password_hash_bulk(&a, job, JOBS, &how, &e));
	assert_int_equal(e.code, ERR_INTERRUPTED);
	assert_int_equal(t.calls, 1);
	assert_true(cleansed <= t.done + 2 * cores());
	assert_no_hash(job, JOBS);
	err_clear(&e);
	arena_clear(&a);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(known_answers_are_made),
		TEST(random_passwords_and_salts_hash_as_by_crypt),
		TEST(rounds_hash_as_by_crypt),
		TEST(every_job_gets_its_own_hash),
		TEST(each_thread_verifies_and_blocks_signals_and_wipes),
		TEST(nothing_is_returned_that_crypt_does_not_verify),
		TEST(without_random_numbers_nothing_is_hashed),
		TEST(a_bad_password_is_named_by_its_number_only),
		TEST(rounds_have_the_limits_of_a_single_password),
		TEST(progress_goes_up_to_the_count),
		TEST(an_interrupt_ends_each_thread_with_its_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
