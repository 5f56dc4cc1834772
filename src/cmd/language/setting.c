/* The settings of the shell. */
#include "cmd/language/setting.h"

#include <string.h>

static const char *const on_off[] = { "on", "off", NULL };
static const char *const outputs[] = {
	"auto", "table", "wide", "tsv", "csv", "json", "jsonl", NULL
};

const struct shell_setting_row shell_settings[SHELL_SETTINGS] = {
	[SHELL_OUTPUT] = { "output", outputs,
	    "format of results; auto: a table, vertical if too wide" },
	[SHELL_PAGER] = { "pager", on_off,
	    "show what is longer than the screen in $PAGER (less)" },
	[SHELL_HINTS] = { "hints", on_off,
	    "show missing arguments after the cursor" },
	[SHELL_TIMING] = { "timing", on_off,
	    "show how long each command took" },
	[SHELL_VERBOSE] = { "verbose", on_off,
	    "also report what did not change" },
};

enum shell_setting
shell_setting_find(const char *name)
{
	enum shell_setting i = 0;

	while (i < SHELL_SETTINGS && strcmp(shell_settings[i].name, name) != 0)
		i++;
	return i;
}
