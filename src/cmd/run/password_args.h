/* The password options of user add and user passwd, and their result. */
#ifndef CMD_RUN_PASSWORD_ARGS_H
#define CMD_RUN_PASSWORD_ARGS_H

#include "cmd/run/session.h"

struct password_args {
	bool from_stdin;
	const char *file;
	int64_t generate;	/* length; 0: given without a value */
	const char *hash;
	bool hash_stdin;
	const char *hash_file;
	bool no_password;
	bool force;		/* also against the policy */
	/* Filled by password_args_resolve(): */
	const char *crypt;	/* the hash; NULL: no option was given */
	const char *plain;	/* what was read or asked for, or NULL */
	const char *generated;	/* to be shown, or NULL */
};

/* Rows for an argument table; `member` is the struct password_args. */
#define PASSWORD_ARGS(st, member)					\
	FLAG("--password-stdin", st, member.from_stdin,			\
	    "read the password from one line of standard input",	\
	    .flags = ARG_STDIN),					\
	OPTION("--password-file", arg_file, st, member.file,		\
	    "read the password from the first line of FILE, which "	\
	    "only its owner may read", .flags = ARG_SECRET_FILE),	\
	OPTION("--generate", arg_length, st, member.generate,		\
	    "generate a password and print it once",			\
	    .flags = ARG_MAY_LACK_VALUE),				\
	OPTION("--hash", arg_hash, st, member.hash,			\
	    "store this hash unchanged", .flags = ARG_SECRET),		\
	FLAG("--hash-stdin", st, member.hash_stdin,			\
	    "read the hash from one line of standard input",		\
	    .flags = ARG_STDIN),					\
	OPTION("--hash-file", arg_file, st, member.hash_file,		\
	    "read the hash from the first line of FILE",		\
	    .flags = ARG_SECRET_FILE),					\
	FLAG("--no-password", st, member.no_password,			\
	    "nobody can log in until a password is set"),		\
	FLAG("--force", st, member.force,				\
	    "take a password that is short or common")

/*
 * Asks, reads, generates and hashes: before the transaction, and into
 * `arena`.  With `optional` no option at all leaves crypt NULL.
 */
bool password_args_resolve(struct session *s, struct arena *arena,
    struct password_args *a, bool optional, struct err *e);

/* True when no option is given, so that somebody is asked. */
bool password_args_asks(struct session *s, const struct password_args *a);

/* True when an option names a file. */
bool password_args_open(const struct password_args *a);

/* Shows a generated password: the columns email and password. */
bool password_args_show(struct session *s, const char *email,
    const struct password_args *a, struct err *e);

/* Reads a password to compare: from standard input, or asks for it. */
bool password_read(struct session *s, bool from_stdin, const char **password,
    struct err *e);

/* A password that was made here, and its fields. */
struct password_row {
	const char *email;
	const char *password;
};

extern const struct field password_fields[];

#endif
