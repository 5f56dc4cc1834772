/*
 * Runs a command and says what it took: milliseconds, KiB, exit status.
 *
 *   meter COMMAND [ARGUMENT...]
 *
 * One line on standard output; the command's own output is dropped, what it
 * reads and says to standard error are ours.  The clock runs from the fork
 * to the end, so the start of the process and its linking count.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
become(char **argv)
{
	int null = open("/dev/null", O_WRONLY);

	if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0)
		execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

int
main(int argc, char **argv)
{
	struct rusage used;
	double begun = now_ms();
	pid_t child;
	int status;

	if (argc < 2)
		return 2;
	child = fork();
	if (child == 0)
		become(argv + 1);
	if (child < 0 || wait4(child, &status, 0, &used) < 0) {
		perror("meter");
		return 1;
	}
	printf("%.3f %ld %d\n", now_ms() - begun, used.ru_maxrss,
	    WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status));
	return 0;
}
