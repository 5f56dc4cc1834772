/*
 * Types into a program on a terminal and reads what it shows.
 *
 *   drive [--job] SCRIPT COMMAND [ARGUMENT...]	  "-" is standard input
 *
 * The script is read line by line; "#" begins a comment:
 *
 *   expect "ERE"	wait until it is shown, after what matched before
 *   send "text"	type; \r is Return, \t TAB, \e Escape, \xHH any byte
 *   absent "ERE"	has never been shown, from the start
 *   shown "ERE"	has been shown, from the start
 *   hidden, visible	wait until what is typed is not echoed, or is
 *   resize ROWS COLUMNS
 *   signal INT		to the program in front; INT QUIT TERM HUP TSTP KILL
 *   eof		Ctrl-D
 *   await "command"	wait until sh succeeds with it; asked again and again
 *   running		with --job: wait until "fg" has let the job go on
 *   hangup		close the terminal
 *   timeout SECONDS	for each wait from here on; 120 at first
 *   status N		wait for the end; 128 + N when killed by signal N
 *
 * Every wait is bounded, so that a test which fails ends.  Escape sequences,
 * carriage returns and bells are taken out before matching.  Standard output
 * gets all that was shown; on a failure standard error says which line
 * failed, and the status is 1.  A program that still runs at the end of the
 * script is killed.
 *
 * With --job the program is the job of a small shell, so that Ctrl-Z stops
 * it: that shell says "job stopped" and waits for the line "fg".  Unlike
 * bash it repairs no mode of the terminal: the program must do that itself.
 */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <regex.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define SHOWN_MAX (4 << 20)

struct drive {
	int tty;		/* our end, -1 when closed */
	pid_t child;		/* 0 once it has been waited for */
	int status;		/* of the child, as a shell says it */
	double timeout;
	char *shown;		/* NUL-terminated */
	size_t len;
	size_t seen;		/* where the next expect looks */
	int escape;		/* inside an escape sequence: which kind */
};

struct word {
	const char *name;
	bool (*run)(struct drive *d, const char *argument);
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* 0 outside; '\033' after ESC; '[' in CSI; ']' in OSC; '(' one more byte. */
static bool
is_escape(struct drive *d, char c)
{
	switch (d->escape) {
	case 0:
		d->escape = c == '\033' ? c : 0;
		return c == '\033';
	case '\033':
		d->escape = strchr("[](", c) != NULL ? c : 0;
		return true;
	case '[':
		if (c >= '@' && c <= '~')
			d->escape = 0;
		return true;
	case ']':
		if (c == '\a' || c == '\\')
			d->escape = 0;
		return true;
	default:
		d->escape = 0;
		return true;
	}
}

static void
show(struct drive *d, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n && d->len < SHOWN_MAX; i++) {
		char c = bytes[i];

		if (is_escape(d, c) || c == '\r' || c == '\a' || c == '\0')
			continue;
		d->shown[d->len++] = c;
	}
	d->shown[d->len] = '\0';
}

/* Reads what there is within a moment; false at the end. */
static bool
read_some(struct drive *d)
{
	struct pollfd p = { .fd = d->tty, .events = POLLIN };
	char buf[4096];
	ssize_t n;

	if (d->tty < 0)
		return false;
	if (poll(&p, 1, 20) <= 0)
		return true;
	n = read(d->tty, buf, sizeof(buf));
	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		return false;
	show(d, buf, (size_t)n);
	return true;
}

/* Looks in text; *end is where the match ends. */
static bool
matches(const char *ere, const char *text, size_t *end)
{
	regmatch_t m;
	regex_t r;
	bool found;

	if (regcomp(&r, ere, REG_EXTENDED | REG_NEWLINE) != 0) {
		fprintf(stderr, "drive: not a regular expression: %s\n", ere);
		return false;
	}
	found = regexec(&r, text, 1, &m, 0) == 0;
	if (found && end != NULL)
		*end = (size_t)m.rm_eo;
	regfree(&r);
	return found;
}

static bool
run_expect(struct drive *d, const char *ere)
{
	double end = now() + d->timeout;
	size_t at;

	while (!matches(ere, d->shown + d->seen, &at)) {
		if (now() > end)
			return false;
		if (!read_some(d)) {
			if (!matches(ere, d->shown + d->seen, &at))
				return false;
			break;
		}
	}
	d->seen += at;
	return true;
}

static bool
run_absent(struct drive *d, const char *ere)
{
	return !matches(ere, d->shown, NULL);
}

static bool
run_shown(struct drive *d, const char *ere)
{
	return matches(ere, d->shown, NULL);
}

/* A terminal takes few bytes at once: what comes back must be read. */
static bool
run_send(struct drive *d, const char *text)
{
	double end = now() + d->timeout;
	size_t len = strlen(text);

	while (len > 0) {
		struct pollfd p = { .fd = d->tty, .events = POLLIN | POLLOUT };
		ssize_t n = 0;

		if (d->tty < 0 || now() > end || poll(&p, 1, 100) < 0)
			return false;
		if (p.revents & POLLIN && !read_some(d))
			return false;
		if (p.revents & POLLOUT)
			n = write(d->tty, text, len < 256 ? len : 256);
		if (n < 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

/* After the end of the program its last settings count. */
static bool
wait_echo(struct drive *d, bool echo)
{
	double end = now() + d->timeout;
	bool running = true;
	struct termios t;

	while (tcgetattr(d->tty, &t) == 0) {
		if (((t.c_lflag & ECHO) != 0) == echo)
			return true;
		if (now() > end || !running)
			return false;
		running = read_some(d);
	}
	return false;
}

static bool
run_hidden(struct drive *d, const char *argument)
{
	(void)argument;
	return wait_echo(d, false);
}

static bool
run_visible(struct drive *d, const char *argument)
{
	(void)argument;
	return wait_echo(d, true);
}

static bool
run_resize(struct drive *d, const char *argument)
{
	struct winsize size = { 0 };

	if (sscanf(argument, "%hu %hu", &size.ws_row, &size.ws_col) != 2)
		return false;
	return ioctl(d->tty, TIOCSWINSZ, &size) == 0;
}

static bool
run_signal(struct drive *d, const char *name)
{
	static const struct {
		const char *name;
		int number;
	} signals[] = {
		{ "INT", SIGINT }, { "QUIT", SIGQUIT }, { "TERM", SIGTERM },
		{ "HUP", SIGHUP }, { "TSTP", SIGTSTP }, { "KILL", SIGKILL },
		{ 0 }
	};
	pid_t front = tcgetpgrp(d->tty);

	for (size_t i = 0; signals[i].name != NULL; i++)
		if (strcmp(signals[i].name, name) == 0)
			return front > 0 &&
			    kill(-front, signals[i].number) == 0;
	return false;
}

/* The letter of a process in /proc, or 0. */
static char
process_state(pid_t pid)
{
	char path[64], state = '\0';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return '\0';
	/* The name in parentheses is the program's, with no blank. */
	if (fscanf(file, "%*d %*s %c", &state) != 1)
		state = '\0';
	fclose(file);
	return state;
}

/* What is typed before that would be for the shell of --job. */
static bool
run_running(struct drive *d, const char *argument)
{
	double end = now() + d->timeout;
	pid_t front;

	(void)argument;
	while ((front = tcgetpgrp(d->tty)) == d->child ||
	    process_state(front) == 'T') {
		if (now() > end || !read_some(d))
			return false;
	}
	return front > 0;
}

/* The script is ours: a command of it is no data. */
static bool
shell_succeeds(const char *command)
{
	pid_t child = fork();
	int status = 1;

	if (child == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 &&
	    errno == EINTR)
		continue;
	return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* What the program shows meanwhile is read, so that it never waits. */
static bool
run_await(struct drive *d, const char *command)
{
	double end = now() + d->timeout;

	while (!shell_succeeds(command)) {
		if (now() > end || !read_some(d))
			return false;
	}
	return true;
}

static bool
run_eof(struct drive *d, const char *argument)
{
	(void)argument;
	return run_send(d, "\004");
}

static bool
run_hangup(struct drive *d, const char *argument)
{
	(void)argument;
	close(d->tty);
	d->tty = -1;
	return true;
}

static bool
run_timeout(struct drive *d, const char *argument)
{
	d->timeout = atof(argument);
	return d->timeout > 0;
}

/* Waits for the end of the child, reading on: it may have more to show. */
static bool
reap(struct drive *d)
{
	double end = now() + d->timeout;
	int status;

	while (waitpid(d->child, &status, WNOHANG) == 0) {
		if (now() > end)
			return false;
		if (!read_some(d))
			poll(NULL, 0, 5);
	}
	d->child = 0;
	d->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
	    WEXITSTATUS(status);
	return true;
}

static bool
run_status(struct drive *d, const char *argument)
{
	struct pollfd p = { .fd = d->tty, .events = POLLIN };

	if (d->child != 0 && !reap(d)) {
		fprintf(stderr, "drive: it is still running\n");
		return false;
	}
	while (poll(&p, 1, 0) > 0 && read_some(d))
		;
	if (d->status == atoi(argument))
		return true;
	fprintf(stderr, "drive: the status is %d\n", d->status);
	return false;
}

static const struct word words[] = {
	{ "expect", run_expect },
	{ "send", run_send },
	{ "absent", run_absent },
	{ "shown", run_shown },
	{ "hidden", run_hidden },
	{ "visible", run_visible },
	{ "resize", run_resize },
	{ "signal", run_signal },
	{ "eof", run_eof },
	{ "await", run_await },
	{ "running", run_running },
	{ "hangup", run_hangup },
	{ "timeout", run_timeout },
	{ "status", run_status },
	{ 0 }
};

/* The byte of an escape; *s is after the backslash and moves over it. */
static char
unescape(const char **s)
{
	static const char names[] = "rntea", bytes[] = "\r\n\t\033\a";
	char hex[3] = { 0 };
	const char *at;
	char c;

	if (**s == 'x' && isxdigit((unsigned char)(*s)[1]) &&
	    isxdigit((unsigned char)(*s)[2])) {
		memcpy(hex, *s + 1, 2);
		*s += 3;
		return (char)strtol(hex, NULL, 16);
	}
	c = *(*s)++;
	at = strchr(names, c);
	return at != NULL ? bytes[at - names] : c;
}

/*
 * The argument of a line, without its quotes.  In what is sent escapes are
 * bytes; in a regular expression only \" is ours, the rest is its own.
 */
static char *
argument_of(const char *line, bool bytes)
{
	char *text = strdup(line), *to = text;
	const char *s = line;

	if (text == NULL || *s != '"')
		return text;
	for (s++; *s != '\0' && *s != '"';) {
		if (*s == '\\' && s[1] != '\0' && (bytes || s[1] == '"')) {
			s++;
			*to++ = unescape(&s);
		} else {
			if (*s == '\\' && s[1] != '\0')
				*to++ = *s++;
			*to++ = *s++;
		}
	}
	*to = '\0';
	return text;
}

/* One line of the script; false when it failed. */
static bool
run_line(struct drive *d, const char *line)
{
	size_t len;
	bool done;
	char *argument;

	line += strspn(line, " \t");
	len = strcspn(line, " \t");
	if (len == 0 || *line == '#')
		return true;
	for (const struct word *w = words; w->name != NULL; w++) {
		if (strlen(w->name) != len || strncmp(w->name, line, len) != 0)
			continue;
		argument = argument_of(line + len +
		    strspn(line + len, " \t"), w->run == run_send);
		done = argument != NULL && w->run(d, argument);
		free(argument);
		return done;
	}
	fprintf(stderr, "drive: unknown word\n");
	return false;
}

static bool
run_script(struct drive *d, FILE *script)
{
	char *line = NULL;
	size_t size = 0;
	bool done = true;

	for (int number = 1; done && getline(&line, &size, script) > 0;
	    number++) {
		line[strcspn(line, "\n")] = '\0';
		done = run_line(d, line);
		if (!done)
			fprintf(stderr, "drive: line %d failed: %s\n"
			    "drive: not matched yet: %s\n", number, line,
			    d->shown + d->seen);
	}
	free(line);
	return done;
}

static void
become(char **command)
{
	execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

/* --- the shell of --job ---------------------------------------------- */

/* In a group of its own, in front: both sides see to it, as shells do. */
static pid_t
job_start(char **command)
{
	pid_t job = fork();

	setpgid(job, job);
	if (job == 0) {
		tcsetpgrp(STDIN_FILENO, getpgrp());
		signal(SIGTTOU, SIG_DFL);
		become(command);
	}
	return job;
}

/*
 * A line that begins so.  There is none while the terminal is not in its
 * usual mode, where Return ends a line.
 */
static bool
job_wait_for(const char *word)
{
	char line[256];
	ssize_t n;

	while ((n = read(STDIN_FILENO, line, sizeof(line))) > 0)
		if ((size_t)n > strlen(word) && line[n - 1] == '\n' &&
		    strncmp(line, word, strlen(word)) == 0)
			return true;
	return false;
}

/* Does not return: ends as the job did. */
static void
job_control(char **command)
{
	int status = 0;
	pid_t job;

	signal(SIGTTOU, SIG_IGN);
	job = job_start(command);
	while (waitpid(job, &status, WUNTRACED) == job &&
	    WIFSTOPPED(status)) {
		tcsetpgrp(STDIN_FILENO, getpgrp());
		dprintf(STDOUT_FILENO, "job stopped\n");
		if (!job_wait_for("fg"))
			_exit(126);
		tcsetpgrp(STDIN_FILENO, job);
		kill(-job, SIGCONT);
	}
	_exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
	    WEXITSTATUS(status));
}

/* --------------------------------------------------------------------- */

/* The script's own file descriptor is not for the child. */
static bool
start(struct drive *d, bool job, char **command)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };

	d->child = forkpty(&d->tty, NULL, NULL, &size);
	if (d->child == 0 && job)
		job_control(command);
	if (d->child == 0)
		become(command);
	return d->child > 0;
}

int
main(int argc, char **argv)
{
	struct drive d = { .timeout = 120, .tty = -1 };
	bool job = argc > 1 && strcmp(argv[1], "--job") == 0;
	FILE *script;
	bool done;

	argc -= job;
	argv += job;
	if (argc < 3) {
		fprintf(stderr, "usage: drive [--job] SCRIPT COMMAND "
		    "[ARGUMENT...]\n");
		return 2;
	}
	script = strcmp(argv[1], "-") == 0 ? stdin : fopen(argv[1], "re");
	d.shown = calloc(1, SHOWN_MAX + 1);
	if (script == NULL || d.shown == NULL || !start(&d, job, argv + 2)) {
		perror("drive");
		return 2;
	}
	done = run_script(&d, script);
	if (d.child != 0) {
		kill(d.child, SIGKILL);
		reap(&d);
	}
	fputs(d.shown, stdout);
	free(d.shown);
	fclose(script);
	return done ? 0 : 1;
}
