/* What a terminal is: its size, its colours, whether a person uses it. */
#include "print/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool
terminal_here(void)
{
	return isatty(STDIN_FILENO);
}

bool
terminal_reachable(void)
{
	return isatty(STDIN_FILENO) || isatty(STDERR_FILENO);
}

void
terminal_size(int *lines, int *columns)
{
	struct winsize size = { 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		size = (struct winsize){ 0 };
	*lines = size.ws_row;
	*columns = size.ws_col;
}

size_t
terminal_width(void)
{
	int lines, columns;

	terminal_size(&lines, &columns);
	if (columns <= 0)
		return 80;
	return columns < 40 ? 40 : (size_t)columns;
}

bool
terminal_is_plain(int fd)
{
	const char *term = getenv("TERM");

	return !isatty(fd) || term == NULL || *term == '\0' ||
	    strcmp(term, "dumb") == 0;
}

/* NO_COLOR counts unless it is empty: https://no-color.org */
bool
terminal_wants_color(enum terminal_color asked_for, int fd)
{
	const char *no_color = getenv("NO_COLOR");

	if (asked_for != COLOR_AUTO)
		return asked_for == COLOR_ALWAYS;
	return !terminal_is_plain(fd) &&
	    (no_color == NULL || *no_color == '\0');
}

void
terminal_color_parse(const char *name, enum terminal_color *color)
{
	static const char *const names[] = {
		[COLOR_AUTO] = "auto",
		[COLOR_ALWAYS] = "always",
		[COLOR_NEVER] = "never",
	};

	for (int i = COLOR_AUTO; i <= COLOR_NEVER; i++) {
		if (strcmp(name, names[i]) == 0)
			*color = (enum terminal_color)i;
	}
}

const char *
terminal_begin(enum terminal_style style, bool colored)
{
	static const char *const sequences[] = {
		[STYLE_PLAIN] = "",
		[STYLE_HEADING] = "\033[1m",
		[STYLE_ERROR] = "\033[1;31m",
		[STYLE_WARNING] = "\033[33m",
		[STYLE_DONE] = "\033[32m",
		[STYLE_LESS] = "\033[2m",
	};

	return colored ? sequences[style] : "";
}

const char *
terminal_end(enum terminal_style style, bool colored)
{
	return colored && style != STYLE_PLAIN ? "\033[0m" : "";
}
