/*
 * mailadm's own settings: files of lines "name = value".
 *
 * A "#" at the start of a line or after a blank begins a comment, blank
 * lines are skipped, CRLF is accepted.  Values are taken as they stand,
 * without quotes; a value that is missing means none where none is allowed.
 * A name that is not in the table, a value out of its range and a name that
 * one file sets twice are errors with their line: a setting with a typing
 * error would otherwise be off in silence.
 */
#ifndef FILE_SETTINGS_H
#define FILE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#define SETTINGS_FILE "/etc/mailadm/mailadm.conf"

struct settings {
	int64_t rounds;
	int64_t rounds_min;		/* less is a finding of the checker */
	int64_t connect_timeout;	/* seconds, as the other three */
	int64_t read_timeout;
	int64_t write_timeout;
	int64_t lock_timeout;
	int64_t history_size;
	int64_t history_keep;		/* days, 0: for ever */
	int64_t password_length;
	int64_t password_min;		/* characters */
	bool password_policy;
	const char *postmaster;		/* not validated; NULL: none */
	const char *hooks;		/* directory, or "none" */
	int64_t hook_timeout;		/* seconds */
	const char *check_ignore;	/* ID or ID:NAME, with blanks */
	int64_t expiry_warning;		/* days */
	const char *defaults_file;	/* NULL: the standard option files */

	/* Of the configuration of the servers; validated by its model. */
	const char *hostname;		/* of the mail server; NULL: not set */
	const char *certificate;	/* NULL: Let's Encrypt's, by hostname */
	const char *certificate_key;
	const char *database_hosts;	/* for the servers, with blanks */
	const char *database_name;
	const char *database_clients;	/* of the accounts, with blanks */
	const char *mail_directory;
	int64_t vmail_uid;
	const char *postfix_directory;
	const char *dovecot_directory;
	bool pop3;
	bool webmail;
	bool allow_weak_schemes;

	bool srs;			/* postsrsd rewrites foreign senders */
	const char *srs_domain;		/* NULL: srs. and the hostname */

	/* Of the mail filter and the DKIM keys; likewise. */
	const char *filter;		/* "rspamd", "opendkim" or "none" */
	const char *filter_down;	/* "tempfail" or "accept" */
	bool filter_outside;
	bool dmarc_reject;
	const char *dkim_algorithms;	/* "rsa" or "rsa ed25519" */
	int64_t dkim_bits;
	int64_t dkim_wait;		/* seconds, as the other two */
	int64_t dkim_retire;
	int64_t dkim_max_age;		/* 0: for ever */
	const char *dkim_secret;	/* the file */
	const char *resolver;		/* NULL: that of the system */
	const char *probe;		/* not validated; NULL: not set */

	/* Of the records in DNS that are wanted; likewise. */
	const char *addresses;		/* with blanks; NULL: not set */
	const char *spf_all;		/* "softfail" or "fail" */
	const char *dmarc;		/* "none", "quarantine" or "reject" */
	const char *dmarc_reports;	/* address; NULL: no reports */
	const char *tls_reports;	/* likewise */
	const char *mta_sts;		/* "no", "testing" or "enforce" */
	bool autoconfig;
};

enum setting_kind {
	SETTING_NUMBER,		/* int64_t */
	SETTING_TEXT,		/* const char *, empty is NULL */
	SETTING_FLAG		/* bool, "yes" or "no" */
};

/* One row for each setting: reading, the defaults and the manual use it. */
struct setting {
	const char *name;
	enum setting_kind kind;
	size_t offset;		/* in struct settings */
	int64_t min, max;
	const char *standard;	/* the default, as in a file */
	const char *unit;	/* of a text: its kind; NULL: none */
	const char *const *choices;	/* of a text: one of these; or NULL */
	const char *help;
};

extern const struct setting settings_table[];	/* ends with name NULL */

/* The choices of the setting filter; NULL ends them. */
extern const char *const setting_filters[];

/* By its name, or NULL. */
const struct setting *setting_find(const char *name);

void settings_default(struct settings *s);

/*
 * Begins with the defaults and reads these files, each of which overrides
 * the one before: SETTINGS_FILE, $XDG_CONFIG_HOME/mailadm/mailadm.conf
 * (~/.config), and the file that $MAILADM_CONFIG names.  `config`, unless it
 * is NULL, is read instead of all of them.  ERR_NOT_FOUND when a named file
 * does not exist; ERR_DENIED by permission_check().
 */
bool settings_load(struct arena *a, const char *config, struct settings *s,
    struct err *e);

/* ERR_INVALID when the setting cannot have this value. */
bool setting_valid(const struct setting *row, const char *value,
    struct err *e);

/* Its value as in a file; in the arena, or a literal. */
const char *setting_text(struct arena *a, const struct setting *row,
    const struct settings *s);

/*
 * Sets it in the text of a file: in the line that sets it, which keeps its
 * comment, or at the end, with its help.  The rest does not change.
 */
void setting_write(struct text *file, const struct setting *row,
    const char *value);

/* One file's content; `name` is for errors.  *s is unchanged on failure. */
bool settings_parse(struct arena *a, const char *name, const char *bytes,
    size_t len, struct settings *s, struct err *e);

#endif
