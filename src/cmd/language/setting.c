/* The settings of the shell. */
#include "cmd/language/setting.h"

#include <string.h>

static const char *const on_off[] = { "on", "off", NULL };
static const char *const outputs[] = {
	"auto", "table", "tsv", "csv", "json", "jsonl", NULL
};

const struct shell_setting_row shell_settings[SHELL_SETTINGS] = {
	[SHELL_OUTPUT] = { "output", outputs,
	    "format of results; auto: a table, blocks if too wide" },
	[SHELL_PAGER] = { "pager", on_off,
	    "$PAGER (less) shows what is longer than the screen" },
	[SHELL_HINTS] = { "hints", on_off,
	    "what is still missing, behind the cursor" },
	[SHELL_TIMING] = { "timing", on_off, "how long each command took" },
	[SHELL_VERBOSE] = { "verbose", on_off,
	    "also what was left unchanged" },
};

enum shell_setting
shell_setting_find(const char *name)
{
	enum shell_setting i = 0;

	while (i < SHELL_SETTINGS && strcmp(shell_settings[i].name, name) != 0)
		i++;
	return i;
}
