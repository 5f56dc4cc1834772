/* The settings of the shell, for "set" and for Tab. */
#ifndef CMD_LANGUAGE_SETTING_H
#define CMD_LANGUAGE_SETTING_H

/* The order of the rows. */
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

/* SHELL_SETTINGS for an unknown name. */
enum shell_setting shell_setting_find(const char *name);

#endif
