/*
 * Ctrl-C while a statement runs: the server itself must end it.
 *
 * A signal handler may not connect, so it wakes a thread that does.  The
 * thread has a connection of its own, made when it is needed, and gives it
 * a moment: a server that does not answer is one whose connection is shut,
 * and which then rolls back.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "db/private.h"

struct interrupter {
	pthread_t thread;
	sem_t asked;
	sem_t answered;
	volatile sig_atomic_t end;
	volatile sig_atomic_t waiting;	/* asked, not answered yet */
	struct db_settings settings;
};

/* By a second connection with the same account, which may do that. */
static bool
kill_query(struct db *db, const struct db_settings *settings)
{
	struct db *killer = db_open_beside(db, settings);
	struct err ignored = { 0 };
	char text[64];
	unsigned long session;
	bool ok;

	pthread_mutex_lock(&db->live.lock);
	session = db->live.session;
	/* Of another host the number is another session's. */
	killer->hosts.only = db->live.host;
	pthread_mutex_unlock(&db->live.lock);
	snprintf(text, sizeof(text), "KILL QUERY %lu", session);
	ok = session == 0 || (db_connect(killer, &ignored) &&
	    mysql_real_query(killer->mysql, text, strlen(text)) == 0);
	err_clear(&ignored);
	db_close(killer);
	return ok;
}

static void
connection_shut(struct db *db)
{
	pthread_mutex_lock(&db->live.lock);
	if (db->live.fd >= 0)
		shutdown(db->live.fd, SHUT_RDWR);
	pthread_mutex_unlock(&db->live.lock);
}

static void
semaphore_wait(sem_t *semaphore)
{
	while (sem_wait(semaphore) != 0)
		BUG_ON(errno != EINTR);
}

static void *
interrupter_run(void *arg)
{
	struct db *db = arg;
	struct interrupter *i = db->interrupter;

	mysql_thread_init();
	for (;;) {
		semaphore_wait(&i->asked);
		if (i->end)
			break;
		/* Whoever presses twice does not want to wait. */
		if (db->interrupted > 1 || !kill_query(db, &i->settings))
			connection_shut(db);
		sem_post(&i->answered);
	}
	mysql_thread_end();
	return NULL;
}

/* Signals are the main thread's: this one starts with all blocked. */
static int
thread_start(struct db *db, struct interrupter *i)
{
	sigset_t all, old;
	int failure;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	failure = pthread_create(&i->thread, NULL, interrupter_run, db);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return failure;
}

bool
db_interrupt_watch(struct db *db, struct err *e)
{
	struct interrupter *i = calloc(1, sizeof(*i));

	BUG_ON(db->interrupter != NULL);
	if (i == NULL)
		out_of_memory();
	/* Two threads must not find it uninitialised at once. */
	mysql_server_init(0, NULL, NULL);
	i->settings = *db->settings;
	i->settings.connect_timeout = db_patience(db->settings);
	i->settings.read_timeout = i->settings.connect_timeout;
	i->settings.write_timeout = i->settings.connect_timeout;
	i->settings.lock_timeout = 0;
	i->settings.ask_password = NULL;
	i->settings.trace = NULL;
	sem_init(&i->asked, 0, 0);
	sem_init(&i->answered, 0, 0);
	db->interrupter = i;
	errno = thread_start(db, i);
	if (errno == 0)
		return true;
	db->interrupter = NULL;
	free(i);
	return err_errno(e, "cannot watch for Ctrl-C");
}

bool
db_interrupt_is_watched(const struct db *db)
{
	return db->interrupter != NULL;
}

void
db_interrupt_unwatch(struct db *db)
{
	struct interrupter *i = db->interrupter;

	if (i == NULL)
		return;
	db_interrupt_forget(db);
	i->end = 1;
	sem_post(&i->asked);
	pthread_join(i->thread, NULL);
	sem_destroy(&i->asked);
	sem_destroy(&i->answered);
	db->interrupter = NULL;
	free(i);
}

void
db_interrupt(struct db *db)
{
	int saved = errno;

	if (db->interrupted < 2)
		db->interrupted++;
	if (db->interrupter != NULL && sem_post(&db->interrupter->asked) == 0)
		db->interrupter->waiting++;
	errno = saved;
}

bool
db_interrupted(const struct db *db)
{
	return db->interrupted != 0;
}

/* A KILL that comes late would hit the next statement: it is waited for. */
void
db_interrupt_forget(struct db *db)
{
	struct interrupter *i = db->interrupter;
	sigset_t interrupt, old;

	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	pthread_sigmask(SIG_BLOCK, &interrupt, &old);
	for (; i != NULL && i->waiting > 0; i->waiting--)
		semaphore_wait(&i->answered);
	db->interrupted = 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}
