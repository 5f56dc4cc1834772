/*
 * Sends a signal to the program at its Nth system call.
 *
 *	signal_at SIGNAL N COMMAND...
 *
 * They are counted from prctl(PR_SET_DUMPABLE) on, with which mailadm
 * begins.  Where $SIGNAL_COUNT names a file, their number is written to it.
 * The status is the program's own, 128 and the signal that has ended it.
 */
#include <errno.h>
#include <linux/prctl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct counting {
	pid_t pid;
	int signal;
	long at;
	long calls;
	bool begun;
};

static void
call_count(struct counting *c)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, c->pid, sizeof(info), &info) <= 0 ||
	    info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	if (!c->begun)
		c->begun = info.entry.nr == SYS_prctl &&
		    info.entry.args[0] == PR_SET_DUMPABLE;
	else if (++c->calls == c->at)
		kill(c->pid, c->signal);
}

/* Until it ends; returns its status. */
static int
follow(struct counting *c)
{
	int status, deliver = 0;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, c->pid, NULL, deliver) != 0 ||
		    waitpid(c->pid, &status, __WALL) < 0)
			return 99;
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		deliver = 0;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			call_count(c);
		else if (WSTOPSIG(status) != SIGTRAP)
			deliver = WSTOPSIG(status);
	}
}

static void
count_write(const char *name, long calls)
{
	FILE *f = name == NULL ? NULL : fopen(name, "w");

	if (f == NULL)
		return;
	fprintf(f, "%ld\n", calls);
	fclose(f);
}

int
main(int argc, char **argv)
{
	struct counting c = { 0 };
	int status;

	if (argc < 4)
		return 99;
	c.signal = atoi(argv[1]);
	c.at = atol(argv[2]);
	c.pid = fork();
	if (c.pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execvp(argv[3], argv + 3);
		_exit(99);
	}
	if (c.pid < 0 || waitpid(c.pid, &status, 0) < 0 || ptrace(
	    PTRACE_SETOPTIONS, c.pid, NULL, PTRACE_O_TRACESYSGOOD |
	    PTRACE_O_EXITKILL) != 0)
		return 99;
	status = follow(&c);
	count_write(getenv("SIGNAL_COUNT"), c.calls);
	return status;
}
