/* Hashing many passwords by threads. */
#include "model/password/bulk.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "model/password/sha256crypt.h"

#define PROGRESS_NS 20000000

/* Why a thread ended; the first one that is not GOOD is reported. */
enum outcome { GOOD, NO_THREAD, NOT_VERIFIED, STOPPED };

static const char *const outcome_texts[] = {
	[NO_THREAD] = "no thread could be started",
	[NOT_VERIFIED] = "crypt(3) does not verify a hash made with OpenSSL",
	[STOPPED] = "interrupted",
};

/*
 * The hashes stand one behind the other, each begun with its setting and a
 * "$"; a thread takes the next numbers and adds the digests.
 */
struct bulk {
	const struct password_job *job;
	size_t count;
	long rounds;
	char *hashes;
	size_t setting_len;	/* with the last "$" */
	size_t hash_size;
	atomic_size_t next;
	atomic_size_t done;
	atomic_bool stop;
	pthread_mutex_t lock;	/* of what follows */
	pthread_cond_t ended;
	size_t running;
	enum outcome outcome;
};

static struct sha256crypt_job
job_of(const struct bulk *b, size_t i)
{
	char *hash = b->hashes + i * b->hash_size;
	const char *password = b->job[i].password;

	return (struct sha256crypt_job){
		.password = password,
		.password_len = strlen(password),
		.salt = hash + b->setting_len - 1 - PASSWORD_SALT,
		.salt_len = PASSWORD_SALT,
		.digest = hash + b->setting_len,
	};
}

/* As many as go together, but for those at the end. */
static size_t
make(struct bulk *b, size_t first)
{
	struct sha256crypt_job job[SHA256CRYPT_TOGETHER];
	size_t n = 0;

	while (n < SHA256CRYPT_TOGETHER && first + n < b->count) {
		job[n] = job_of(b, first + n);
		n++;
	}
	sha256crypt(job, n, b->rounds);
	return n;
}

static bool
verified(const struct bulk *b, size_t i)
{
	return password_verify(b->hashes + i * b->hash_size,
	    b->job[i].password) == PASSWORD_MATCHES;
}

static enum outcome
work(struct bulk *b)
{
	bool first = true;
	size_t i, n;

	while (!atomic_load(&b->stop)) {
		i = atomic_fetch_add(&b->next, SHA256CRYPT_TOGETHER);
		if (i >= b->count)
			break;
		n = make(b, i);
		if (first && !verified(b, i))
			return NOT_VERIFIED;
		first = false;
		atomic_fetch_add(&b->done, n);
	}
	return GOOD;
}

/* Where one fails, the others need not go on. */
static void
end(struct bulk *b, enum outcome outcome)
{
	if (outcome != GOOD)
		atomic_store(&b->stop, true);
	pthread_mutex_lock(&b->lock);
	if (b->outcome == GOOD)
		b->outcome = outcome;
	b->running--;
	pthread_cond_signal(&b->ended);
	pthread_mutex_unlock(&b->lock);
}

static void *
thread_run(void *arg)
{
	struct bulk *b = arg;

	end(b, work(b));
	return NULL;
}

/* True when all threads have ended; false after a while. */
static bool
wait_a_while(struct bulk *b)
{
	struct timespec until;
	bool ended;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += PROGRESS_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&b->lock);
	while (b->running > 0 && pthread_cond_timedwait(&b->ended, &b->lock,
	    &until) == 0)
		;
	ended = b->running == 0;
	pthread_mutex_unlock(&b->lock);
	return ended;
}

static size_t
processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	return (size_t)CPU_COUNT(&set);
}

/* As many as can be had; signals are none of their business. */
static size_t
threads_start(struct bulk *b, pthread_t *thread, size_t wanted)
{
	sigset_t all, old;
	size_t n = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	b->running = wanted;
	while (n < wanted &&
	    pthread_create(&thread[n], NULL, thread_run, b) == 0)
		n++;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_mutex_lock(&b->lock);
	b->running -= wanted - n;
	pthread_mutex_unlock(&b->lock);
	return n;
}

static enum outcome
threads(struct arena *a, struct bulk *b, const struct password_hashing *how)
{
	size_t wanted = processors(), n, i;
	pthread_t *thread;
	bool stopped = false, ended = false;

	wanted = wanted < b->count ? wanted : b->count;
	thread = arena_array(a, wanted, sizeof(*thread));
	n = threads_start(b, thread, wanted);
	while (n > 0 && !ended) {
		ended = wait_a_while(b);
		if (how->progress != NULL && !stopped &&
		    !how->progress(how->arg, atomic_load(&b->done))) {
			stopped = true;
			atomic_store(&b->stop, true);
		}
	}
	for (i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	if (n == 0)
		return NO_THREAD;
	return b->outcome == GOOD && stopped ? STOPPED : b->outcome;
}

static bool
threads_run(struct arena *a, struct bulk *b,
    const struct password_hashing *how, struct err *e)
{
	pthread_condattr_t clock;
	enum outcome outcome;

	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&b->ended, &clock);
	pthread_condattr_destroy(&clock);
	pthread_mutex_init(&b->lock, NULL);
	outcome = threads(a, b, how);
	pthread_mutex_destroy(&b->lock);
	pthread_cond_destroy(&b->ended);
	if (outcome == GOOD)
		return true;
	return err_set(e, outcome == STOPPED ? ERR_INTERRUPTED : ERR_IO, "%s",
	    outcome_texts[outcome]);
}

static bool
jobs_valid(const struct password_job *job, size_t count, struct err *e)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!password_valid(job[i].password, strlen(job[i].password),
		    e))
			return err_wrap(e, "password %zu", i + 1);
	return true;
}

/* The settings, here and not in the threads: the first error ends it. */
static bool
hashes_begin(struct arena *a, struct bulk *b, struct err *e)
{
	const char *start = arena_printf(a, "$5$rounds=%ld$", b->rounds);
	size_t len = strlen(start), i;
	char *hash;

	b->setting_len = len + PASSWORD_SALT + 1;
	b->hash_size = b->setting_len + SHA256CRYPT_DIGEST + 1;
	b->hashes = arena_array(a, b->count, b->hash_size);
	for (i = 0; i < b->count; i++) {
		hash = b->hashes + i * b->hash_size;
		mempcpy(hash, start, len);
		if (!password_salt(hash + len, e))
			return false;
		hash[b->setting_len - 1] = '$';
	}
	return true;
}

bool
password_hash_bulk(struct arena *a, struct password_job *job, size_t count,
    const struct password_hashing *how, struct err *e)
{
	struct bulk b = { .job = job, .count = count, .rounds = how->rounds };
	size_t i;

	if (!password_rounds_valid(how->rounds, e) ||
	    !jobs_valid(job, count, e))
		return false;
	if (count == 0)
		return true;
	if (!hashes_begin(a, &b, e) ||
	    !threads_run(a, &b, how, e))
		return false;
	for (i = 0; i < count; i++)
		job[i].hash = b.hashes + i * b.hash_size;
	return true;
}
