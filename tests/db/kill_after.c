/*
 * Kills the program after its Nth statement that changes something.
 *
 * Preloaded in front of libmariadb by adopt_killed.sh: KILL_AFTER is N, and
 * the file that KILL_COUNT names gets how many there were.  Questions are
 * not counted: being killed after one is being killed before the next.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int query(void *mysql, const char *statement, unsigned long len);

int mysql_real_query(void *mysql, const char *statement, unsigned long len);

static long statements;

static void
count_write(void)
{
	const char *name = getenv("KILL_COUNT");
	FILE *f = name == NULL ? NULL : fopen(name, "w");

	if (f == NULL)
		return;
	fprintf(f, "%ld\n", statements);
	fclose(f);
}

int
mysql_real_query(void *mysql, const char *statement, unsigned long len)
{
	const char *after = getenv("KILL_AFTER");
	query *real;
	int result;

	*(void **)&real = dlsym(RTLD_NEXT, "mysql_real_query");
	result = real(mysql, statement, len);
	if (strncmp(statement, "SELECT ", 7) == 0 ||
	    (strncmp(statement, "SET ", 4) == 0 &&
	    strncmp(statement, "SET STATEMENT ", 14) != 0))
		return result;
	statements++;
	count_write();
	if (after != NULL && statements == atol(after))
		kill(getpid(), SIGKILL);
	return result;
}
