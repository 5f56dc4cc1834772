/* Do Postfix and Dovecot run, and answer on their ports? */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/size.h"
#include "file/read.h"
#include "model/doctor/port.h"

static void
hangs_note(struct doctor *d, enum port_server server, struct err *e)
{
	if (doctor_program_hangs(d, e))
		d->hangs[server] = arena_strdup(d->arena, e->text);
	err_clear(e);
}

static void
configs_read(struct doctor *d)
{
	const struct settings *s = d->options->settings;
	struct postfix_config *postfix = arena_alloc(d->arena,
	    sizeof(*postfix));
	struct dovecot_config *dovecot = arena_alloc(d->arena,
	    sizeof(*dovecot));
	struct err e = { 0 };

	if (postfix_config_read(d->arena, s->postfix_directory, postfix, &e))
		d->postfix = postfix;
	hangs_note(d, PORT_POSTFIX, &e);
	if (dovecot_config_read(d->arena, arena_printf(d->arena,
	    "%s/dovecot.conf", s->dovecot_directory), dovecot, &e))
		d->dovecot = dovecot;
	hangs_note(d, PORT_DOVECOT, &e);
}

void
doctor_ports_find(struct doctor *d, struct ports *ports)
{
	configs_read(d);
	if (d->postfix != NULL)
		ports_of_postfix(d, d->postfix, ports);
	if (d->dovecot != NULL || geteuid() != 0)
		ports_of_dovecot(d, d->dovecot, ports);
}

/* All ports at once, when the first step wants one. */
static const struct ports *
ports_get(struct doctor *d)
{
	if (d->ports == NULL) {
		d->ports = arena_alloc(d->arena, sizeof(*d->ports));
		doctor_ports_find(d, d->ports);
		ports_ask(d->ports);
	}
	return d->ports;
}

void
doctor_servers_clear(struct doctor *d)
{
	if (d->ports != NULL)
		VECTOR_CLEAR(d->ports);
}

/* --- which of them runs ---------------------------------------------- */

/* Postfix's master holds a lock on the file while it lives. */
static enum running
postfix_runs(struct doctor *d)
{
	enum running running;
	const char *path;
	int fd;

	if (d->postfix == NULL)
		return RUNS_UNKNOWN;
	path = arena_printf(d->arena, "%s/pid/master.pid", postfix_value(
	    d->postfix, NULL, "queue_directory"));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? RUNS_NOT : RUNS_UNKNOWN;
	running = flock(fd, LOCK_SH | LOCK_NB) == 0 ? RUNS_NOT :
	    errno == EWOULDBLOCK ? RUNS : RUNS_UNKNOWN;
	close(fd);
	return running;
}

/* A process of that number may be another program's. */
static bool
is_dovecot(struct doctor *d, int64_t pid)
{
	struct text name = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;
	bool is;

	is = file_read(arena_printf(d->arena, "/proc/%lld/comm",
	    (long long)pid), &name, &st, &e) &&
	    strncmp(name.buf, "dovecot", 7) == 0;
	err_clear(&e);
	text_clear(&name);
	return is;
}

static enum running
dovecot_runs(struct doctor *d)
{
	struct text pid = TEXT_INIT;
	enum running running = RUNS_UNKNOWN;
	struct err e = { 0 };
	struct stat st;
	const char *base;
	int64_t number;

	if (d->dovecot == NULL)
		return RUNS_UNKNOWN;
	/* 2.4 does not list the default. */
	base = dovecot_value(d->dovecot->root, "base_dir");
	if (base == NULL)
		base = "/run/dovecot";
	if (!file_read(arena_printf(d->arena, "%s/master.pid", base), &pid,
	    &st, &e)) {
		running = e.code == ERR_NOT_FOUND ? RUNS_NOT : RUNS_UNKNOWN;
	} else if (pid.len > 1) {
		pid.buf[strcspn(pid.buf, "\n")] = '\0';
		running = number_parse(pid.buf, &number) &&
		    is_dovecot(d, number) ? RUNS : RUNS_NOT;
	}
	err_clear(&e);
	text_clear(&pid);
	return running;
}

static void
server_look(struct doctor *d, enum port_server server, enum running running)
{
	const struct ports *ports = ports_get(d);
	struct verdict v = server_judge(d->arena, server, running, ports);

	d->down[server] = v.state == DOCTOR_WRONG;
	if (d->hangs[server] != NULL && !d->down[server])
		v = (struct verdict){ DOCTOR_WRONG, d->hangs[server], NULL };
	doctor_add(d, v);
}

void
doctor_dovecot(struct doctor *d)
{
	ports_get(d);
	server_look(d, PORT_DOVECOT, dovecot_runs(d));
}

void
doctor_postfix(struct doctor *d)
{
	ports_get(d);
	server_look(d, PORT_POSTFIX, postfix_runs(d));
}

/* --- ports ------------------------------------------------------------ */

static void
down_say(struct doctor *d, enum port_server server)
{
	if (d->down[server])
		doctor_say(d, DOCTOR_SKIPPED, NULL, "%s does not work",
		    port_servers[server]);
}

void
doctor_ports(struct doctor *d)
{
	const struct ports *ports = ports_get(d);

	for (int i = 0; i < PORT_SERVERS; i++)
		down_say(d, (enum port_server)i);
	for (size_t i = 0; i < ports->count; i++) {
		if (!d->down[ports->item[i].server])
			doctor_add(d, port_judge(d->arena, &ports->item[i]));
	}
	if (ports->count == 0)
		doctor_say(d, DOCTOR_UNKNOWN, NULL, "the configuration "
		    "cannot be read, or names no port");
}

void
doctor_tls(struct doctor *d)
{
	const struct ports *ports = ports_get(d);

	for (size_t i = 0; i < ports->count; i++) {
		if (ports->item[i].greets)
			doctor_add(d, tls_judge(d->arena, &ports->item[i],
			    d->digest, d->now));
	}
}
