/* The prose of mailadm(8). */
#include <stddef.h>

#include "cmd/help/manual.h"

#define SECTION(title, topics) { BLOCK_SECTION, title, topics }
#define TEXT(text) { BLOCK_TEXT, NULL, text }
#define ITEM(term, text) { BLOCK_ITEM, term, text }
#define CODE(lines) { BLOCK_CODE, NULL, lines }
#define TABLE(kind) { kind, NULL, NULL }

#define OPTION_FILES "option, files"

const struct place manual_places[] = {
	{ "host", "option file", "--host", OPTION_FILES },
	{ "port", "option file", "--port", OPTION_FILES },
	{ "socket", "option file", "--socket", OPTION_FILES },
	{ "user", "option file", "--user", OPTION_FILES },
	{ "database", "option file", "--database", OPTION_FILES },
	{ "password", "option file", "-", "files, terminal" },
	{ "ssl-ca, ...", "option file", "-", "files" },
	{ "option file", "mailadm.conf", "--defaults-file", "option" },
	{ "mailadm.conf", "-", "--config", "option, variable" },
	{ "colour", "-", "--color", "option, variable" },
	{ 0 }
};

const char manual_synopsis[] =
    "mailadm [OPTION]... COMMAND [ARGUMENT]...\n"
    "mailadm [OPTION]... --file FILE\n"
    "mailadm [OPTION]... < FILE\n"
    "mailadm [OPTION]...\n";

const struct block manual_blocks[] = {
	SECTION("SYNOPSIS", "synopsis usage"),
	TABLE(BLOCK_SYNOPSIS),

	SECTION("DESCRIPTION", "description"),
	TEXT("`mailadm` manages the domains, users and aliases of a mail "
	    "server in a MariaDB database. Postfix asks the database which "
	    "addresses exist and where mail goes, Dovecot who may log in and "
	    "where the mail is stored. Both ask for each message and each "
	    "login, so a change needs no reload."),
	TEXT("There are three ways to give commands. The commands are the "
	    "same in all of them:"),
	ITEM("`mailadm domain add example.com`",
	    "One command. It is one transaction: all of it is done, or "
	    "nothing."),
	ITEM("`mailadm --file changes`",
	    "A batch: one command a line, and one transaction for all of "
	    "them. Commands on standard input are also a batch."),
	ITEM("`mailadm`",
	    "On a terminal: the shell, with history and completion."),
	TEXT("A command is a noun (domain, user, alias, dkim, dns) and a "
	    "verb. A verb means the same for every noun. A command that "
	    "changes nothing is no error: setting a value that is already set "
	    "reports `unchanged` and status 0. `add` has --if-not-exists and "
	    "`remove` has --if-exists. A name that does not exist is status "
	    "4."),
	TEXT("Standard output has the results and nothing else. Everything "
	    "for people goes to standard error: confirmations, warnings, "
	    "questions and errors. A line that begins with `hint:` names the "
	    "next step."),

	SECTION("OPTIONS", "options option"),
	TEXT("Options can be before or after the command. A value is given as "
	    "`--option=value` or `--option value`. Single letters can be "
	    "combined, as in `-qy`. `--` ends the options."),
	TABLE(BLOCK_RUN_OPTIONS),

	SECTION("COMMANDS", "commands command"),
	TEXT("`mailadm help COMMAND` and `mailadm COMMAND --help` print the "
	    "text below for one command. `mailadm help TOPIC` prints a "
	    "section of this page, such as `passwords` or `exit-status`; any "
	    "other word is searched for. The words in capitals are explained "
	    "in ADDRESSES. Each example works as it is if the names in it "
	    "exist."),
	TABLE(BLOCK_COMMANDS),

	SECTION("BATCH FILES", "batch-files batch batches"),
	TEXT("One command a line, without the word mailadm. Words are "
	    "separated by spaces and quoted as in a shell: '...' keeps "
	    "everything, \"...\" everything except \\\" and \\\\, and a "
	    "backslash keeps the next character. Nothing is expanded. A word "
	    "that begins with # starts a comment, a backslash at the end of a "
	    "line continues it, and empty lines are skipped. The text is "
	    "UTF-8; lines may end with CR LF. A line has at most 64 KiB."),
	CODE("# a new customer\n"
	    "domain add example.com --quota 2G\n"
	    "user add anna@example.com --name 'Anna Ek' --generate\n"
	    "alias add info@example.com anna@example.com\n"),
	TEXT("All lines are one transaction. At the first error everything is "
	    "rolled back. The message names the file and the line, and the "
	    "exit status is that of the error. Fix the line and run the whole "
	    "batch again."),
	TEXT("With --keep-going each line is its own transaction, and the "
	    "status is that of the first error. --check reads every line "
	    "without a database and reports all that have errors. --dry-run "
	    "does everything and rolls it back."),
	TEXT("Files that lines name, such as that of --password-file, are "
	    "read before the transaction begins. --password-stdin and "
	    "--hash-stdin are refused, because standard input may hold the "
	    "commands. Commands of the shell are refused too, and those of "
	    "schema unless --keep-going makes each line a transaction."),

	SECTION("OUTPUT", "output formats format json csv tsv"),
	TEXT("Rows are printed as a table on a terminal, and otherwise as "
	    "tsv. --output selects another format:"),
	ITEM("`table`", "Aligned columns with their names; a single row is "
	    "printed one column a line. Sizes are short (2G). Characters that "
	    "could confuse a terminal are escaped."),
	TEXT("A list on a terminal has the columns that fit it, times are "
	    "short (5m ago, 26 Nov), and what is too long ends in an "
	    "ellipsis."),
	ITEM("`wide`", "A table with all columns and whole values; what is "
	    "wider than the terminal becomes several lines for each row."),
	ITEM("`tsv`", "Separated by tabs, without names (--header prints "
	    "them). Tab, newline, carriage return and backslash are \\t, \\n, "
	    "\\r and \\\\; an empty value (NULL) is \\N."),
	ITEM("`csv`", "With names, as in RFC 4180; NULL is an empty cell."),
	ITEM("`json`", "One object for one row, an array of objects for a "
	    "list. In a batch the same as jsonl."),
	ITEM("`jsonl`", "One object a line."),
	TEXT("Except in tables, sizes are bytes, times are RFC 3339 in UTC, "
	    "and flags are 0 and 1, in JSON true and false. JSON keys are the "
	    "column names; NULL is null. The quota is null for a user with "
	    "the quota of the domain, and 9223372036854775807 for a user "
	    "without a limit."),
	TEXT("With json and jsonl an error is one line on standard error: an "
	    "object with `error` (a name from EXIT STATUS), `message` and, if "
	    "there are any, `hint` and `line`:"),
	CODE("{\"error\":\"not-found\",\"message\":\"no such domain: "
	    "example.net\"}\n"),
	TEXT("A command that changes something prints its results, such as a "
	    "generated password, before the commit. If they cannot be "
	    "written, nothing is changed (status 10)."),

	SECTION("ADDRESSES", "addresses address patterns sizes"),
	TEXT("Capital letters become small ones, and international domain "
	    "names get their ASCII form (IDNA2008), because these name the "
	    "same mailbox; messages show both forms. Everything else that is "
	    "not canonical is refused with the reason."),
	ITEM("user", "a-z, 0-9, dot, underscore and hyphen before the @, at "
	    "most 64 characters: the names that can log in to Dovecot."),
	ITEM("alias", "The other characters of RFC 5321 are allowed as well, "
	    "except / % and |. `@example.com` is the catch-all: it gets mail "
	    "for every name of the domain that neither a user nor an alias "
	    "has."),
	ITEM("destination", "Like an alias, but not a catch-all. It can be in "
	    "any domain; in one of our own domains it must exist, unless "
	    "--force is given."),
	TEXT("Not possible: quoted local parts, non-ASCII letters before the "
	    "@, address literals, a dot at the beginning or end, a hyphen at "
	    "the beginning. Mail for `anna+tag@example.com` goes to anna; "
	    "such an address can be an alias but not a user."),
	TEXT("A PATTERN is a whole name in which * matches any characters and "
	    "? one character; `find` also takes a part of a name. A SIZE is a "
	    "number of bytes, or a number with K, M, G or T (powers of 1024): "
	    "500M, 500 MB and 500MiB are the same. `none` or `unlimited` is "
	    "no limit, and `default` for a user is the quota of the domain. "
	    "0 is refused: to some programs it means no limit, to others no "
	    "space."),
	TEXT("A user and an alias can have the same address. The alias is "
	    "used first: with the alias anna to bo, bo gets the mail of anna; "
	    "with anna to anna and bo, both get it. An alias domain accepts "
	    "the names that its target has, and no others; its own aliases "
	    "are used first."),

	SECTION("PASSWORDS", "passwords password hashes"),
	TEXT("A password is never in an argument, in the environment, in a "
	    "history, a message or an SQL statement. Without a password "
	    "option mailadm asks for it twice, on the terminal itself even if "
	    "standard input is redirected. Without a terminal one of the "
	    "password options of `user add` is needed. A password has 1 to "
	    "511 bytes, any except NUL, CR and LF, and is used as it is."),
	TEXT("It is stored as SHA256-CRYPT, `$5$rounds=N$...`, with a random "
	    "salt and the number of rounds from the setting `rounds`, and "
	    "verified once before it is written. --no-password stores `!`, "
	    "with which nobody can log in, not even with an empty password."),
	TEXT("--hash takes a hash from another system: SHA256-CRYPT, "
	    "SHA512-CRYPT, bcrypt, yescrypt, gost-yescrypt, scrypt and "
	    "MD5-CRYPT as crypt(5) writes them, and ARGON2ID, ARGON2I, "
	    "PBKDF2, SCRAM-SHA-256, SCRAM-SHA-1, SSHA512, SSHA256, SSHA and "
	    "SMD5 with {NAME} in front. Hashes that are plain text, unsalted, "
	    "malformed or extremely expensive are refused. `user verify` "
	    "checks whether a password matches; for a scheme that crypt(3) "
	    "does not know it fails with status 3."),
	TEXT("Dovecot 2.4 refuses MD5-CRYPT and SMD5, which older servers "
	    "used, and DES: their users cannot log in. With "
	    "allow_weak_schemes = yes in the settings `config render` "
	    "makes it accept them, until all have a new password; `check` "
	    "names them (U012, U024)."),
	TEXT("A new password is needed from the next login on. Open sessions "
	    "stay open; the hint names the `doveadm` command that ends them."),

#include "cmd/help/manual_maps.def"
#include "cmd/help/manual_moving.def"
	SECTION("QUOTAS AND LIMITS", "quotas quota limits"),
	TEXT("The mailbox size of a user is the quota of the user, or, where "
	    "that is `default`, the quota of the domain. `none` is no limit. "
	    "`user add`, `user set`, `domain add` and `domain set` take "
	    "--quota SIZE; a SIZE is explained in ADDRESSES."),
	CODE("mailadm domain set example.com --quota 2G\n"
	    "mailadm user set anna@example.com --quota 5G\n"
	    "mailadm user set bo@example.com --quota default\n"
	    "mailadm user show anna@example.com\n"),
	TEXT("Dovecot enforces it: mail for a mailbox that is full is refused "
	    "(552). `used` of `user show` is the size that Dovecot recorded "
	    "last. A smaller quota removes no mail."),
	TEXT("--max-users and --max-aliases of a domain limit how many it "
	    "can have. A limit below the current number removes nothing: it "
	    "refuses more."),

	SECTION("REMOVING", "removing"),
	TEXT("Nothing is removed by surprise. If something still refers to a "
	    "name, it is listed and the command is refused (status 6), unless "
	    "an option says what to do with it. Before it removes more than "
	    "was named, mailadm asks; without a terminal --yes is needed."),
	ITEM("`user remove`", "Refused while aliases lead to the user: "
	    "--replace-with gives them another destination, --cascade removes "
	    "the user from their destinations."),
	ITEM("`domain remove`", "Refused while it is not empty: --recursive "
	    "removes its users and aliases, --cascade also its alias domains, "
	    "and destinations in it from aliases of other domains."),
	ITEM("`alias remove`", "Refused while other aliases lead to it and "
	    "its mail would then be refused: --cascade also removes it from "
	    "their destinations, --force leaves them."),
	TEXT("postmaster@ of a domain is removed only with --force. If a "
	    "catch-all gets the mail from now on, a note says so. Mail on "
	    "disk is never touched: the `home` of a user stays the same when "
	    "the user or the domain is renamed. A name that existed before "
	    "gets a new home, so that a new user never sees the mail of a "
	    "former one. `user add --reuse-mail` uses the old home; if there "
	    "are several, it lists them, and --home chooses one."),
	TEXT("Disabling removes nothing: mail for a disabled user or alias is "
	    "refused (550) and does not go to the catch-all. Mail for a "
	    "disabled domain is refused, and its users cannot log in. `user "
	    "set` denies single permissions: with --may-login no the user "
	    "cannot use IMAP and POP3, with --may-send no they cannot submit "
	    "mail, and with --may-receive no mail for them is refused, with "
	    "the same reply as for a disabled user."),

	SECTION("HISTORY AND UNDO", "history-and-undo"),
	TEXT("The database records every change, whoever makes it, with the "
	    "actor and the time. A change is one transaction of mailadm (also "
	    "a whole batch), or one SQL statement written by hand. `mailadm "
	    "history` shows the changes. `mailadm undo` with the number of a "
	    "change reverts all of it: what was removed is restored with "
	    "password, home and aliases. An undo is itself a change and can "
	    "be undone."),
	TEXT("If a later change touched one of the rows, the row is named and "
	    "the undo is refused (status 6). Undo the later change first, or "
	    "use --force to restore the rows as they were. --force cannot "
	    "restore a user whose domain no longer exists or whose home "
	    "another user has now, remove a domain that has users or aliases "
	    "by now, or make a loop. An undo does not enforce limits; it "
	    "notes which ones are exceeded."),
	TEXT("The recorded rows contain hashes, because undo needs them; no "
	    "command shows them. `mailadm history prune` deletes what is "
	    "older than --older-than or the setting history_keep, and records "
	    "that it did. In a cron job of root:"),
	CODE("mailadm history prune --yes --quiet\n"),

	SECTION("THE CHECKER", "checker the-checker nagios prometheus"),
	TEXT("`mailadm check` reads all tables and finds problems in them. It "
	    "changes nothing and delays no mail. Each rule has a fixed name, "
	    "such as D004: CHECKER RULES lists them. To ignore a rule or a "
	    "name permanently, use the setting check_ignore."),
	TEXT("With --new only problems that are new since the last run are "
	    "reported, and those that are gone; the column `change` says "
	    "which. The status is 1 if something is new, 0 if problems are "
	    "only gone. The first run reports everything. The problems are "
	    "kept in ~/.local/state/mailadm/check.state or in the file of "
	    "--state, one file for each database; it is written after "
	    "everything was printed. What a run does not check (--rule, "
	    "--domain, --severity, --ignore, tables that the account cannot "
	    "read) is unchanged in it. A damaged file is reported and counts "
	    "as empty; a file that cannot be used ends the run with status 9 "
	    "or 10, after everything was reported. If another run has the "
	    "same file, this one waits as long as lock_timeout, then ends "
	    "with status 8."),
	TEXT("With --nagios the first line is MAILADM and OK, WARNING, "
	    "CRITICAL or UNKNOWN, with the numbers after a bar; up to twenty "
	    "problems follow. The exit status is then one of these:"),
	ITEM("`0`", "OK: no errors and no warnings."),
	ITEM("`1`", "WARNING: there are warnings."),
	ITEM("`2`", "CRITICAL: there are errors."),
	ITEM("`3`", "UNKNOWN: the check could not be finished; the line names "
	    "the reason."),
	TEXT("With --prometheus FILE the numbers are also written for the "
	    "textfile collector of the node exporter. The name of FILE ends "
	    "in .prom; it is replaced as a whole. A check that fails writes "
	    "mailadm_check_success 0 and keeps "
	    "mailadm_check_last_success_timestamp_seconds of the last one "
	    "that succeeded: alerts should use both. A usage error writes "
	    "nothing."),
	TEXT("For a check every night, `mailadm config init` creates the "
	    "account mailadm_check; then run"),
	CODE("systemd-sysusers\n"
	    "mailadm config render cron --out /\n"
	    "systemctl enable --now mailadm-check.timer\n"),
	TEXT("The last command is for systemd; without systemd, cron runs the "
	    "check."),

	SECTION("CHECKER RULES", "checker-rules"),
	TEXT("The severity is in brackets; notes are reported only with "
	    "--severity note. Words in capitals stand for names; the advice "
	    "that `mailadm check` prints has the names."),
	TABLE(BLOCK_RULES),

#include "cmd/help/manual_server.def"
#include "cmd/help/manual_filter.def"
#include "cmd/help/manual_dns.def"

	SECTION("RULES OF DNS", "dns-rules"),
	TEXT("The problems that `mailadm dns check` looks for in DNS. A rule "
	    "may have several rows: the same matter, more or less bad. What "
	    "it prints has the names instead of DOMAIN."),
	TABLE(BLOCK_DNS_RULES),

	SECTION("VERIFIER RULES", "verifier-rules"),
	TEXT("The problems that `mailadm config verify` looks for in the "
	    "configuration of Postfix and Dovecot. The severity is in "
	    "brackets: with an error mail stops, strangers get in, or mail "
	    "or a secret is lost; a warning will break or weakens; notes are "
	    "reported only with --severity note. FILE and HOSTNAME stand for "
	    "names; what it prints has the names and complete commands."),
	TEXT("A server that mailadm did not set up can be looked at, too: "
	    "rules about mailadm's own tables, maps and defaults are left "
	    "out, and the advice is for the files of that server, behind "
	    "\"Elsewhere\" where it differs. Then come the reason, and how to "
	    "look by hand."),
	TABLE(BLOCK_VERIFY_RULES),

	SECTION("CONFIGURATION", "configuration settings"),
	TEXT("How to reach the database is in the option files of MariaDB, "
	    "which libmariadb reads; the settings of mailadm are in "
	    "mailadm.conf. The documentation has an example of both. In the "
	    "last column, the first one wins."),
	TABLE(BLOCK_PLACES),
	TEXT("Option files are /etc/my.cnf, /etc/mysql/my.cnf, "
	    "$MARIADB_HOME/my.cnf and ~/.my.cnf with all that they include, "
	    "or the one file that --defaults-file or the setting "
	    "defaults_file names. Users who cannot read that file set "
	    "`defaults_file =` in a mailadm.conf of their own. The groups are "
	    "`[client]`, `[client-server]`, `[client-mariadb]` and "
	    "`[mailadm]`; the value read last is used. `schema` commands use "
	    "`[mailadm-admin]` instead of `[mailadm]` if it exists: they "
	    "create tables, which the daily account need not be able to do. "
	    "If the server needs a password and no file has it, mailadm asks "
	    "on the terminal."),
	CODE("[mailadm]\n"
	    "database = mail\n"
	    "user = mailadm\n"
	    "password = \"...\"\n"
	    "\n"
	    "[mailadm-admin]\n"
	    "database = mail\n"
	    "user = root\n"),
	TEXT("`host` is a name or an address, with its own port as "
	    "`db.example.com:3307` or `[::1]:3307`, or a list of those "
	    "separated by commas, tried in order. A host that takes no "
	    "writes, like a read-only replica, is left for the next one as "
	    "soon as a command writes. Except over a socket or loopback, TLS "
	    "with a verified certificate is required, whatever an option "
	    "file says; `ssl-ca` names the certificate authority if the "
	    "system does not know it."),
	TEXT("The server is MariaDB 10.6 or newer; 10.11 and 11.8, those of "
	    "Debian 12 and 13, are tested. Accounts log in by "
	    "mysql_native_password, ed25519 or parsec, over verified TLS also "
	    "by caching_sha2_password: a server that asks for the password "
	    "in clear does not get it, and LOAD DATA LOCAL never reads a "
	    "file."),
	TEXT("An option file that sets a password is refused (status 9) if "
	    "others than its owner can read or write it, or if the owner is "
	    "neither root nor the user who runs mailadm; the hint is the "
	    "`chmod` command. A file that everybody can write is always "
	    "refused, and so is a mailadm.conf that others than its owner can "
	    "write."),
	TEXT("mailadm.conf is read from /etc/mailadm, then from "
	    "$XDG_CONFIG_HOME/mailadm (~/.config/mailadm), then from the file "
	    "that $MAILADM_CONFIG names; each overrides the one before. "
	    "--config FILE reads only that file. A line is `name = value`; # "
	    "starts a comment. An unknown or repeated name is an error with "
	    "its line. The settings and their defaults:"),
	TABLE(BLOCK_SETTINGS),

	SECTION("THE SHELL", "shell the-shell"),
	TEXT("The commands are the same as on the command line. Each is its "
	    "own transaction, unless `begin` opened one: then everything "
	    "until `commit` is one change, and `rollback` discards it. The "
	    "prompt shows the state:"),
	ITEM("`mailadm>`", "No transaction is open."),
	ITEM("`mailadm*>`", "A transaction is open."),
	ITEM("`mailadm!>`", "A command in the open transaction failed; only "
	    "`rollback` is possible."),
	TEXT("Words of a command can be shortened as long as they are unique "
	    "(`u li` is `user list`); only in the shell, so that no script "
	    "depends on it. Lines are edited with readline(3), which reads "
	    "~/.inputrc; `$if mailadm` begins settings for mailadm only."),
	ITEM("Tab", "Completes commands, options, values, names from the "
	    "database, and file names."),
	ITEM("Ctrl-C", "Clears the line. While a command runs: ends it and "
	    "rolls it back."),
	ITEM("Ctrl-D", "Leaves, like `quit`. If a transaction is open, it "
	    "asks first, and rolls it back."),
	TEXT("The history is in ~/.local/state/mailadm/history, or below "
	    "$XDG_STATE_HOME; nobody else can read it. A line with a hash, or "
	    "one that may contain a password by mistake, is not kept."),

	SECTION("EXIT STATUS", "exit-status exit statuses"),
	TEXT("The name of the error in JSON is in brackets."),
	TABLE(BLOCK_STATUSES),
	TEXT("After a deadlock, or a lock that does not become free, mailadm "
	    "runs the whole transaction again, up to six times, before it "
	    "ends with status 8. `check --nagios` has its own statuses: see "
	    "THE CHECKER."),
	TEXT("SIGINT, SIGTERM and SIGHUP end mailadm with 128 and their "
	    "number, and what was not committed is rolled back. One that "
	    "comes at the commit waits for its outcome, and the status is "
	    "that of the command. A second one does not wait for what is "
	    "still to be printed: status 10 where the change is committed."),

	SECTION("ENVIRONMENT", "environment variables"),
	ITEM("`MAILADM_CONFIG`", "One more mailadm.conf, which overrides the "
	    "others."),
	ITEM("`XDG_CONFIG_HOME`, `XDG_STATE_HOME`, `HOME`",
	    "Where mailadm.conf, the history, the state of --new and "
	    "~/.my.cnf are."),
	ITEM("`MARIADB_HOME`", "The directory of one more my.cnf."),
	ITEM("`SSL_CERT_FILE`", "The certificates of the authorities that "
	    "`dns check` and `doctor` believe, instead of the system's."),
	ITEM("`NO_COLOR`", "No colour, if it is set and not empty."),

	SECTION("FILES", "files"),
	ITEM("/etc/mailadm/mailadm.conf", "Settings of mailadm."),
	ITEM("/etc/my.cnf, /etc/mysql/my.cnf, ~/.my.cnf",
	    "How to reach the database."),
	ITEM("~/.local/state/mailadm/history", "The history of the shell."),
	ITEM("~/.local/state/mailadm/check.state",
	    "The problems that `check --new` has reported."),
	ITEM("~/.local/state/mailadm/dns-check.state",
	    "Those that `dns check --new` has reported."),
	ITEM("/etc/mailadm/accounts.cnf", "The database accounts, with their "
	    "passwords: a MariaDB option file."),
	ITEM("/etc/mailadm/grants.sql", "The SQL statements that create these "
	    "accounts, each with only the permissions that it needs."),
	ITEM("/etc/mailadm/dkim.secret", "The secret that encrypts the private "
	    "DKIM keys in the database."),
	ITEM("/var/lib/mailadm/dkim", "What `dkim sync` writes for the mail "
	    "filter: its tables, and in keys the private keys, readable for "
	    "root and the filter only."),
	ITEM("/etc/mailadm/check.cnf, /etc/cron.d/mailadm", "The option file "
	    "of the nightly check, and the cron job that runs it without "
	    "systemd."),
	ITEM("/var/lib/mailadm/rendered",
	    "Checksums of what `config render` wrote."),
	ITEM("/etc/rspamd/local.d, /etc/rspamd/override.d", "The "
	    "configuration of rspamd that `config render` adds to that of "
	    "the package."),
	ITEM("/etc/tmpfiles.d/mailadm.conf", "The directories of the sockets "
	    "of the mail filter."),
	ITEM("/etc/letsencrypt/renewal-hooks/deploy/mailadm",
	    "Reloads both servers after a certificate was renewed."),
	ITEM("lib/systemd/system/mailadm-check.service, .timer",
	    "Below the prefix: the nightly check, if it is enabled."),
	ITEM("lib/systemd/system/mailadm-dns.service, .timer",
	    "Likewise: `dns check` every night."),
	ITEM("lib/systemd/system/mailadm-dkim.service, .timer",
	    "Likewise: `dkim sync` every ten minutes."),
	ITEM("share/doc/mailadm/examples", "A mailadm.conf and an option file "
	    "with all settings, and a manifest."),

	SECTION("EXAMPLES", "examples"),
	TEXT("A first mailbox; the password is printed once:"),
	CODE("mailadm schema init\n"
	    "mailadm domain add example.com --quota 2G\n"
	    "mailadm user add anna@example.com --generate\n"
	    "mailadm alias add postmaster@example.com anna@example.com\n"),
	TEXT("A password from a program:"),
	CODE("pwgen 20 1 | mailadm user passwd anna@example.com "
	    "--password-stdin\n"),
	TEXT("Anna leaves, and Bo gets the mail from now on:"),
	CODE("mailadm user remove anna@example.com "
	    "--replace-with bo@example.com\n"
	    "mailadm alias add anna@example.com bo@example.com\n"),
	TEXT("Users without a password, and with an old hash:"),
	CODE("mailadm user list --no-password --columns email\n"
	    "mailadm user list --scheme MD5-CRYPT --columns email\n"),
	TEXT("The ten domains with the most users, for a script:"),
	CODE("mailadm domain list --sort -users --limit 10 -o json\n"),
	TEXT("Test a file of commands, then run it:"),
	CODE("mailadm -f changes --check && mailadm -f changes -n &&\n"
	    "    mailadm -f changes\n"),

	SECTION("SECURITY", "security"),
	TEXT("Give each server its own account, as grants.sql does: the "
	    "account of Postfix cannot read hashes, the daily account of "
	    "mailadm cannot change tables, nor write, change or delete "
	    "history: triggers write it, with the time and the database "
	    "account as the server knows them. The name of the person is "
	    "what mailadm reports, with sudo(8) both user names: who can read "
	    "the password of the daily account can claim another. grants.sql "
	    "says what else the server cannot prevent; `mailadm check` finds "
	    "rows without an entry (S014). On a server that runs with "
	    "--sysdate-is-now a session can choose the times of its entries: "
	    "do not start it so."),
	TEXT("Passwords are hashed in mailadm, so no log of the database "
	    "contains one. Memory that contained a password is overwritten, "
	    "and mailadm writes no core dump. --show-sql prints no secrets. A "
	    "hash in the option --hash can be seen by everyone who can list "
	    "processes: --hash-stdin and --hash-file are safer."),

	SECTION("SEE ALSO", "see-also"),
	TEXT("`mariadb`(1), `postfix`(1), `mysql_table`(5), `virtual`(5), "
	    "`dovecot`(1), `doveadm`(1), `crypt`(5), `readline`(3)"),
	{ BLOCK_END, NULL, NULL }
};
