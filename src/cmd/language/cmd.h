/*
 * The table of commands: what mailadm can be told, and all that is known
 * about each command.
 *
 * One row a command.  Parsing, usage, help, completion, the manual page and
 * self-check read the same rows, so a command is described in one place.
 * To add one: an argument struct, its arguments, a handler, a row, a test.
 */
#ifndef CMD_LANGUAGE_CMD_H
#define CMD_LANGUAGE_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/field.h"
#include "base/words.h"
#include "model/mail/values.h"

struct session;
struct enable;

/* What an argument's word becomes. */
struct value {
	const char *text;
	int64_t number;
};

/* What TAB offers where a type is expected, besides its choices. */
enum complete_kind {
	COMPLETE_NOTHING,
	COMPLETE_FILE,
	COMPLETE_DOMAIN,
	COMPLETE_USER,
	COMPLETE_ALIAS,
	COMPLETE_ADDRESS,		/* users and aliases */
	COMPLETE_SEND_AS,		/* these and @DOMAIN */
	COMPLETE_PATTERN,		/* what the command's noun is */
	COMPLETE_COMMAND,
	COMPLETE_COLUMN,
	COMPLETE_COLUMNS,		/* several, with commas */
	COMPLETE_RULE,			/* of the checker */
	COMPLETE_VERIFY_RULE,		/* of the verifier */
	COMPLETE_SETTING,		/* of the shell */
	COMPLETE_VALUE			/* of the shell's setting before */
};

/*
 * A type owns parsing and completion: no handler checks a word again.
 *
 * A word is one of the choices, where there are any; a number, where there
 * is a greatest one; else what `parse` makes of it, or itself.  The number
 * of a choice is its place among them.
 */
struct arg_type {
	const char *metavar;		/* "ADDRESS" */
	const char *const *choices;	/* ended by NULL, or NULL */
	const char *choice;		/* what each of them is: "format" */
	int64_t min;
	int64_t max;			/* 0: no number */
	bool (*parse)(struct arena *a, const char *word, struct value *v,
	    struct err *e);
	bool may_be_empty;		/* a word as it is; others may not */
	enum complete_kind complete;
};

enum slot {
	SLOT_TEXT,		/* const char *, NULL: not given */
	SLOT_FLAG,		/* bool */
	SLOT_NUMBER,		/* int64_t, VALUE_UNSET: not given */
	SLOT_LIST		/* struct words */
};

enum arg_flags {
	ARG_REQUIRED = 1 << 0,		/* of an option: SLOT_TEXT */
	ARG_REPEAT = 1 << 1,		/* one or more; a SLOT_LIST */
	ARG_SECRET = 1 << 2,		/* never in a history file */
	ARG_MAY_LACK_VALUE = 1 << 3,	/* --generate[=LENGTH] */
	ARG_RUN = 1 << 4,		/* of the whole run: not in a batch */
	ARG_STDIN = 1 << 5,		/* reads it: only one-shot */
	ARG_NEW = 1 << 6		/* names what need not be there yet */
};

struct arg {
	const char *name;		/* "DOMAIN" by place, or "--quota" */
	const struct arg_type *type;	/* NULL: an option without a value */
	enum slot slot;
	size_t offset;
	unsigned flags;
	const char *help;
	char letter;			/* 'o' for -o, or 0 */
};

static inline bool
arg_is_option(const struct arg *arg)
{
	return arg->name[0] == '-';
}

/*
 * A row of a table of arguments.  `st` is the tag of the struct that the
 * table fills.  The slot follows from the member's type; a member of a type
 * that is none of theirs does not compile.  What else there is, .flags and
 * .letter, follows the help by name.
 *
 *	ARGUMENT("DOMAIN", arg_domain, add_args, domain, "the new domain",
 *	    .flags = ARG_REQUIRED),
 *	OPTION("--quota", arg_size, add_args, quota, "mailbox size"),
 *	FLAG("--force", add_args, force, "even if it is in use"),
 */
#define ARG_SLOT(st, member)						\
	.slot = _Generic(((struct st *)0)->member,			\
	    const char *: SLOT_TEXT, bool: SLOT_FLAG,			\
	    int64_t: SLOT_NUMBER, struct words: SLOT_LIST),		\
	.offset = offsetof(struct st, member)
#define ARGUMENT(word, arg_type, st, member, ...)			\
	{ .name = word, .type = &arg_type, ARG_SLOT(st, member),	\
	    .help = __VA_ARGS__ }
#define OPTION(word, arg_type, st, member, ...)				\
	ARGUMENT(word, arg_type, st, member, __VA_ARGS__)
#define FLAG(word, st, member, ...)					\
	{ .name = word, ARG_SLOT(st, member), .help = __VA_ARGS__ }

/* Of a row of commands: its arguments, and the struct that they fill. */
#define ARGS(table, st)	.args = table, .args_size = sizeof(struct st)

enum cmd_flags {
	CMD_DB = 1 << 0,		/* needs the database and its schema */
	CMD_WRITES = 1 << 1,		/* runs in a transaction */
	CMD_ADMIN = 1 << 2,		/* connects as an administrator */
	CMD_NOT_IN_BATCH = 1 << 3,	/* refused unless --keep-going */
	CMD_SHELL = 1 << 4,		/* means something in the shell only */
	CMD_HIDDEN = 1 << 5,		/* for scripts of ours: not in help */
	CMD_PASSWORD = 1 << 6,		/* extra words may be a password */
	CMD_ANY_SCHEMA = 1 << 7		/* ours or not: it looks itself */
};

struct cmd {
	const char *name;		/* "domain add" */
	const char *brief;		/* one line */
	const char *detail;		/* paragraphs, or NULL */
	const char *example;		/* without "mailadm" */
	const struct arg *args;		/* ended by { 0 }, or NULL */
	size_t args_size;		/* of the struct that they fill */
	const struct field *columns;	/* of what it prints, or NULL */
	unsigned flags;
	/*
	 * What happens besides what was named, to be confirmed: "remove
	 * x.org with 2 users"; NULL where nothing does.  It only looks, and
	 * before the transaction: no lock waits for a person.  Or NULL.
	 */
	bool (*confirm)(struct session *s, void *args, const char **action,
	    struct err *e);
	/*
	 * Then, and still before: passwords, files, hashing.  What the
	 * arguments point to afterwards is in `a`, which lives as long.
	 */
	bool (*prepare)(struct session *s, struct arena *a, void *args,
	    struct err *e);
	/* True when prepare opens a file: done before a batch begins. */
	bool (*opens_files)(const void *args);
	bool (*run)(struct session *s, const void *args, struct err *e);
	const struct enable *enable;	/* of run_enable(), run_disable() */
	/*
	 * Told how the command line ended, also where it could not begin:
	 * may say it elsewhere, and take the error.  Or NULL.
	 */
	void (*conclude)(struct session *s, const void *args,
	    struct err *e);
};

/*
 * All commands, in the order of the manual, one array a file; NULL ends
 * the list, { 0 } each array.  commands.c names them, and is the only file
 * of this room's users that it depends on.
 */
extern const struct cmd *const cmd_groups[];

/* Finding commands; table.c. */
size_t cmd_count(void);
const struct cmd *cmd_at(size_t i);

/* By its whole name, or NULL. */
const struct cmd *cmd_find(const char *name);

/* True when commands "NOUN verb" exist. */
bool is_noun(const char *word);

/* What the argument's type makes of a word. */
bool arg_parse(struct arena *a, const struct arg *arg, const char *word,
    struct value *v, struct err *e);

/* The value types of arguments; types.c. */
extern const struct arg_type arg_domain, arg_domain_or_none, arg_user,
    arg_alias, arg_address, arg_send_as, arg_pattern, arg_text, arg_size_domain,
    arg_size_user, arg_limit, arg_count, arg_file, arg_directory, arg_hash,
    arg_length,
    arg_column, arg_columns, arg_format, arg_color, arg_scheme, arg_name,
    arg_port, arg_word, arg_shell, arg_time, arg_change, arg_kind,
    arg_severity, arg_rule, arg_ignore, arg_verify_rule,
    arg_verify_ignore, arg_objects, arg_export,
    arg_route, arg_yes_no;

#endif
