/* Hashing many passwords by threads. */
#include "model/password/bulk.h"

#include <stdatomic.h>
#include <string.h>

#include "model/password/bulk_sha256crypt.h"
#include "model/password/hash.h"
#include "model/password/password.h"
#include "model/threads.h"

static const char *const end_texts[] = {
	[THREADS_NONE] = "no thread could be started",
	[THREADS_FAILED] = "crypt(3) does not verify a hash made with OpenSSL",
	[THREADS_STOPPED] = "interrupted",
};

/*
 * The hashes are one array, each prepared with its setting and a "$".  A
 * thread takes the next ones, as many as are computed together, and adds the
 * digests.
 */
struct bulk {
	const struct password_job *job;
	const struct password_hashing *how;
	size_t count;
	char *hashes;
	size_t setting_len;	/* with the last "$" */
	size_t hash_size;
	bool *verified;		/* by each thread, its first */
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

/* Fewer at the end. */
static void
make(struct bulk *b, size_t first)
{
	struct sha256crypt_job job[SHA256CRYPT_TOGETHER];
	size_t n = 0;

	while (n < SHA256CRYPT_TOGETHER && first + n < b->count) {
		job[n] = job_of(b, first + n);
		n++;
	}
	sha256crypt(job, n, b->how->rounds);
}

static bool
verified(const struct bulk *b, size_t i)
{
	return password_verify(b->hashes + i * b->hash_size,
	    b->job[i].password) == PASSWORD_MATCHES;
}

static bool
work(void *arg, size_t thread, size_t i)
{
	struct bulk *b = arg;

	make(b, i * SHA256CRYPT_TOGETHER);
	if (!b->verified[thread] && !verified(b, i * SHA256CRYPT_TOGETHER))
		return false;
	b->verified[thread] = true;
	return true;
}

static bool
progress(void *arg, size_t done)
{
	const struct bulk *b = arg;

	done *= SHA256CRYPT_TOGETHER;
	return b->how->progress == NULL || b->how->progress(b->how->arg,
	    done < b->count ? done : b->count);
}

static bool
all_made(struct arena *a, struct bulk *b, struct err *e)
{
	const struct threads_work all = {
		.count = (b->count + SHA256CRYPT_TOGETHER - 1) /
		    SHA256CRYPT_TOGETHER,
		.each = work, .arg = b,
		.progress = progress, .progress_arg = b,
	};
	enum threads_end end;

	b->verified = arena_array(a, threads_most(all.count),
	    sizeof(*b->verified));
	end = threads_run(&all);
	return end == THREADS_DONE || err_set(e, end == THREADS_STOPPED ?
	    ERR_INTERRUPTED : ERR_IO, "%s", end_texts[end]);
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

/* Makes the settings here, not in the threads: the first error ends it. */
static bool
hashes_begin(struct arena *a, struct bulk *b, struct err *e)
{
	const char *start = arena_printf(a, "$5$rounds=%ld$",
	    b->how->rounds);
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
	struct bulk b = { .job = job, .count = count, .how = how };
	size_t i;

	if (!password_rounds_valid(how->rounds, e) ||
	    !jobs_valid(job, count, e))
		return false;
	if (count == 0)
		return true;
	if (!hashes_begin(a, &b, e) || !all_made(a, &b, e))
		return false;
	for (i = 0; i < count; i++)
		job[i].hash = b.hashes + i * b.hash_size;
	return true;
}
