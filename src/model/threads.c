/* The same work on many things, by threads. */
#include "model/threads.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "base/vector.h"

#define PROGRESS_NS 20000000

struct pool {
	const struct threads_work *work;
	atomic_size_t next;
	atomic_size_t done;
	atomic_bool stop;
	atomic_size_t number;		/* of the next thread */
	pthread_mutex_t lock;		/* of what follows */
	pthread_cond_t ended;
	size_t running;
	bool failed;
};

/* Each takes the next thing, until there is none. */
static bool
things_do(struct pool *p)
{
	size_t thread = atomic_fetch_add(&p->number, 1), i;

	while (!atomic_load(&p->stop) &&
	    (i = atomic_fetch_add(&p->next, 1)) < p->work->count) {
		if (!p->work->each(p->work->arg, thread, i))
			return false;
		atomic_fetch_add(&p->done, 1);
	}
	return true;
}

/* After one failed, the other threads stop. */
static void *
thread_run(void *arg)
{
	struct pool *p = arg;
	bool ok = things_do(p);

	if (!ok)
		atomic_store(&p->stop, true);
	pthread_mutex_lock(&p->lock);
	p->failed |= !ok;
	p->running--;
	pthread_cond_signal(&p->ended);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* True when all threads have ended; false after a while. */
static bool
wait_a_while(struct pool *p)
{
	struct timespec until;
	bool ended;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += PROGRESS_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&p->lock);
	while (p->running > 0 && pthread_cond_timedwait(&p->ended, &p->lock,
	    &until) == 0)
		;
	ended = p->running == 0;
	pthread_mutex_unlock(&p->lock);
	return ended;
}

size_t
threads_most(size_t count)
{
	size_t processors = 1;
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		processors = (size_t)CPU_COUNT(&set);
	return processors < count ? processors : count;
}

VECTOR_NAMED(thread_list, pthread_t);

/* As many threads as the system allows; they block all signals. */
static void
threads_start(struct pool *p, struct thread_list *threads)
{
	size_t wanted = threads_most(p->work->count);
	sigset_t all, old;
	pthread_t thread;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	p->running = wanted;
	while (threads->count < wanted &&
	    pthread_create(&thread, NULL, thread_run, p) == 0)
		*VECTOR_ADD(threads) = thread;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_mutex_lock(&p->lock);
	p->running -= wanted - threads->count;
	pthread_mutex_unlock(&p->lock);
}

static enum threads_end
pool_run(struct pool *p)
{
	const struct threads_work *work = p->work;
	struct thread_list threads = { 0 };
	bool stopped = false, ended = false;
	size_t i, n;

	threads_start(p, &threads);
	n = threads.count;
	while (n > 0 && !ended) {
		ended = wait_a_while(p);
		if (work->progress != NULL && !stopped &&
		    !work->progress(work->progress_arg,
			atomic_load(&p->done))) {
			stopped = true;
			atomic_store(&p->stop, true);
		}
	}
	for (i = 0; i < n; i++)
		pthread_join(threads.item[i], NULL);
	VECTOR_CLEAR(&threads);
	if (n == 0)
		return THREADS_NONE;
	return p->failed ? THREADS_FAILED : stopped ? THREADS_STOPPED :
	    THREADS_DONE;
}

enum threads_end
threads_run(const struct threads_work *work)
{
	struct pool p = { .work = work };
	pthread_condattr_t clock;
	enum threads_end end;

	if (work->count == 0)
		return THREADS_DONE;
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&p.ended, &clock);
	pthread_condattr_destroy(&clock);
	pthread_mutex_init(&p.lock, NULL);
	end = pool_run(&p);
	pthread_mutex_destroy(&p.lock);
	pthread_cond_destroy(&p.ended);
	return end;
}
