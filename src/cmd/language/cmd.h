/*
 * The table of commands: one row has everything about a command.
 *
 * Parsing, usage, help, completion, the manual page and self-check read the
 * same rows, so a command is described in one place.  To add one: an argument
 * struct, its arguments, a handler, a row, a test.
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

/* What Tab offers for a type, besides its choices. */
enum complete_kind {
	COMPLETE_NOTHING,
	COMPLETE_FILE,
	COMPLETE_DOMAIN,
	COMPLETE_USER,
	COMPLETE_ALIAS,
	COMPLETE_ADDRESS,		/* users and aliases */
	COMPLETE_SEND_AS,		/* these and @DOMAIN */
	COMPLETE_SELECTOR,		/* of the domain before it */
	COMPLETE_SELECTOR_USED,		/* of its keys that are not retired */
	COMPLETE_RELAY,			/* ways out */
	COMPLETE_RECIPIENT,		/* names of relay domains */
	COMPLETE_PATTERN,		/* names of the noun of the command */
	COMPLETE_COMMAND,
	COMPLETE_COLUMN,
	COMPLETE_COLUMNS,		/* several, with commas */
	COMPLETE_RULE,			/* of the checker */
	COMPLETE_VERIFY_RULE,		/* of the verifier */
	COMPLETE_DNS_RULE,		/* of dns check */
	COMPLETE_SETTING,		/* of the shell */
	COMPLETE_VALUE			/* of the setting before it */
};

/*
 * The type of an argument: how a word is parsed and completed.  No handler
 * checks a word again.
 *
 * With choices, the word must be one of them; its number is their index.
 * With a max, it must be a number.  Otherwise parse() makes the value, or the
 * word itself is the value.
 */
struct arg_type {
	const char *metavar;		/* "ADDRESS" */
	const char *const *choices;	/* ended by NULL, or NULL */
	const char *choice;		/* what each of them is: "format" */
	int64_t min;
	int64_t max;			/* 0: no number */
	bool (*parse)(struct arena *a, const char *word, struct value *v,
	    struct err *e);
	bool may_be_empty;		/* of a type without parse() */
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
	ARG_STDIN = 1 << 5,		/* reads standard input */
	ARG_NEW = 1 << 6,		/* a name that need not exist yet */
	ARG_SECRET_FILE = 1 << 7	/* may be the secret instead */
};

struct arg {
	const char *name;		/* "DOMAIN", or "--quota" */
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
	CMD_SHELL = 1 << 4,		/* works in the shell only */
	CMD_HIDDEN = 1 << 5,		/* for our scripts: not in help */
	CMD_PASSWORD = 1 << 6,		/* a stray word may be a password */
	CMD_ANY_SCHEMA = 1 << 7,	/* any schema: it checks itself */
	CMD_CONNECTS = 1 << 8		/* has an account; connects itself */
};

struct cmd {
	const char *name;		/* "domain add" */
	const char *brief;		/* one line */
	const char *detail;		/* paragraphs, or NULL */
	const char *example;		/* without "mailadm" */
	const struct arg *args;		/* ended by { 0 }, or NULL */
	size_t args_size;		/* of the struct that they fill */
	const struct field *columns;	/* of its result, or NULL */
	const char *narrow;		/* "a,b": those that fit 80 columns */
	unsigned flags;
	/*
	 * What happens besides what was named, to be confirmed: "remove x.org
	 * with 2 users"; *action stays NULL if nothing does.  Runs before the
	 * transaction, so that no lock waits for a person.  Or NULL.
	 */
	bool (*confirm)(struct session *s, void *args, const char **action,
	    struct err *e);
	/*
	 * Next, still before the transaction: reads passwords and files,
	 * hashes.  Memory for the arguments comes from `a`.  Or NULL.
	 */
	bool (*prepare)(struct session *s, struct arena *a, void *args,
	    struct err *e);
	/* True if prepare() opens a file: a batch calls it first. */
	bool (*opens_files)(const void *args);
	bool (*run)(struct session *s, const void *args, struct err *e);
	const struct enable *enable;	/* of run_enable(), run_disable() */
	/*
	 * Called last, with the outcome, even if the command never started;
	 * may report it elsewhere and clear the error.  Or NULL.
	 */
	void (*conclude)(struct session *s, const void *args,
	    struct err *e);
};

/*
 * All commands, in the order of the manual: one array for each file, ended by
 * { 0 }; the list is ended by NULL.  It is in commands.c: the only thing that
 * this directory needs from the files that use it.
 */
extern const struct cmd *const cmd_groups[];

/* Finding commands; table.c. */
size_t cmd_count(void);
const struct cmd *cmd_at(size_t i);

/* By its whole name, or NULL. */
const struct cmd *cmd_find(const char *name);

/* True when commands "NOUN verb" exist. */
bool is_noun(const char *word);

/* Parses a word by the type of the argument. */
bool arg_parse(struct arena *a, const struct arg *arg, const char *word,
    struct value *v, struct err *e);

/* The value types of arguments; types.c. */
extern const struct arg_type arg_domain, arg_domain_or_none, arg_user,
    arg_alias, arg_address, arg_address_or_none, arg_send_as, arg_pattern,
    arg_text, arg_size_domain,
    arg_size_user, arg_rate_domain, arg_rate_user, arg_expiry,
    arg_limit, arg_count, arg_file, arg_written_file,
    arg_directory, arg_hash, arg_length,
    arg_column, arg_columns, arg_format, arg_color, arg_scheme, arg_name,
    arg_port, arg_word, arg_shell, arg_time, arg_change, arg_kind,
    arg_severity, arg_rule, arg_ignore, arg_dns_rule, arg_dns_ignore,
    arg_verify_rule,
    arg_verify_ignore, arg_objects, arg_export,
    arg_route, arg_relay, arg_relay_or_none, arg_yes_no, arg_writers,
    arg_table_prefix, arg_ahead;

/* What --expires says; behind it, what happens then. */
#define EXPIRES_HELP "in UTC: 2026-12-31, \"2026-12-31 18:00\", or from "\
	"now on: 30d, 2w; none: never. From then on "

#endif
