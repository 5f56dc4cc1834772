/* The words of a command that a server runs: to the log of the mail system. */
#include "print/journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "base/text.h"

static bool
is_one_socket(int a, int b)
{
	struct stat of_a, of_b;

	return fstat(a, &of_a) == 0 && fstat(b, &of_b) == 0 &&
	    S_ISSOCK(of_a.st_mode) && of_a.st_dev == of_b.st_dev &&
	    of_a.st_ino == of_b.st_ino;
}

bool
journal_open(const char *name)
{
	int null;

	if (!is_one_socket(STDIN_FILENO, STDERR_FILENO))
		return false;
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null < 0 || dup2(null, STDERR_FILENO) < 0)
		close(STDERR_FILENO);
	if (null > STDERR_FILENO)
		close(null);
	openlog(name, LOG_PID, LOG_MAIL);
	return true;
}

void
journal_error(const struct err *e)
{
	struct text t = TEXT_INIT;

	text_addf(&t, "%s%s%s", e->text, e->hint != NULL ? "; " : "",
	    e->hint != NULL ? e->hint : "");
	for (char *p = t.buf; *p != '\0'; p++) {
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = '?';
	}
	syslog(LOG_ERR, "%s", t.buf);
	text_clear(&t);
}
