/*
 * The settings of the shell: what "set" takes, and TAB offers.
 */
#ifndef CMD_LANGUAGE_SETTING_H
#define CMD_LANGUAGE_SETTING_H

/* Their rows stand in this order. */
enum shell_setting {
	SHELL_OUTPUT,
	SHELL_PAGER,
	SHELL_HINTS,
	SHELL_TIMING,
	SHELL_VERBOSE,
	SHELL_SETTINGS
};

struct shell_setting_row {
	const char *name;
	const char *const *values;	/* "on" and "off", mostly */
	const char *help;
};

extern const struct shell_setting_row shell_settings[SHELL_SETTINGS];

/* SHELL_SETTINGS for a name that none has. */
enum shell_setting shell_setting_find(const char *name);

#endif
