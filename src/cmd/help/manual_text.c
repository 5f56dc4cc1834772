/* The prose of mailadm(8). */
#include <stddef.h>

#include "cmd/help/manual.h"

#define SECTION(title) { BLOCK_SECTION, title, NULL }
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

const struct block manual_blocks[] = {
	SECTION("SYNOPSIS"),
	TABLE(BLOCK_SYNOPSIS),

	SECTION("DESCRIPTION"),
	TEXT("`mailadm` keeps the domains, users and aliases of a mail "
	    "server in a MariaDB database. Postfix asks that database who "
	    "may get mail and where it goes, Dovecot who may log in and "
	    "where the mail lies. Both look at each message and each login, "
	    "so a change needs no reload."),
	TEXT("There are three ways to give commands, and the commands are "
	    "the same word for word:"),
	ITEM("`mailadm domain add example.com`",
	    "One command, which is one transaction: all of it is done, or "
	    "nothing."),
	ITEM("`mailadm --file changes`",
	    "A batch: one command a line, and one transaction for all of "
	    "them. Commands on standard input are a batch, too."),
	ITEM("`mailadm`",
	    "On a terminal: the shell, with history and completion."),
	TEXT("A command is a noun and a verb: domain, user or alias, and "
	    "what is done to it. Verbs mean the same under every noun. What "
	    "is done already is no error: setting what is set answers "
	    "`unchanged` and status 0, `add` takes --if-not-exists and "
	    "`remove` takes --if-exists. A name that is not there is always "
	    "status 4."),
	TEXT("Standard output carries results and nothing else. All that is "
	    "for a person goes to standard error: what was done, warnings, "
	    "questions, and errors. Where there is a next step, a line that "
	    "begins with `hint:` names it."),

	SECTION("OPTIONS"),
	TEXT("Options stand before or after the command. A value follows as "
	    "`--option=value` or as `--option value`, single letters are put "
	    "together as in `-qy`, and `--` ends the options."),
	TABLE(BLOCK_RUN_OPTIONS),

	SECTION("COMMANDS"),
	TEXT("`mailadm help COMMAND` and `mailadm COMMAND --help` print "
	    "what stands here about one command. The words in capitals are "
	    "explained in ADDRESSES. Each example works as it stands where "
	    "the names in it are there."),
	TABLE(BLOCK_COMMANDS),

	SECTION("BATCH FILES"),
	TEXT("One command a line, without the word mailadm. Words are "
	    "separated by blanks and quoted as in a shell: '...' keeps "
	    "everything, \"...\" everything but \\\" and \\\\, and a "
	    "backslash keeps the character behind it. Nothing is ever "
	    "expanded. A word that begins with # begins a comment, a "
	    "backslash at the end of a line continues it, empty lines are "
	    "skipped. The text is UTF-8; lines may end in CR LF. A line has "
	    "at most 64 KiB."),
	CODE("# a new customer\n"
	    "domain add example.com --quota 2G\n"
	    "user add anna@example.com --name 'Anna Ek' --generate\n"
	    "alias add info@example.com anna@example.com\n"),
	TEXT("All lines are one transaction. At the first error everything "
	    "is rolled back, the message names the file and the line, and "
	    "the exit status is that error's. So a batch that failed is "
	    "mended and run again as a whole."),
	TEXT("With --keep-going each line is a transaction of its own and "
	    "the status is that of the first error. --check looks at every "
	    "line without any database and reports all that are faulty. "
	    "--dry-run does everything and rolls it back."),
	TEXT("Files that lines name, such as that of --password-file, are "
	    "read before the transaction begins. --password-stdin and "
	    "--hash-stdin are refused, since standard input may hold the "
	    "commands. So are the commands of the shell, and those of "
	    "schema unless --keep-going makes each line a transaction."),

	SECTION("OUTPUT"),
	TEXT("Rows are printed as a table on a terminal and as tsv "
	    "elsewhere; --output chooses:"),
	ITEM("`table`", "Aligned columns with their names; one row alone "
	    "stands line by line. Sizes are short (2G), and characters that "
	    "could deceive a terminal are shown escaped."),
	ITEM("`tsv`", "Separated by tabs, no names (--header prints them). "
	    "Tab, newline, carriage return and backslash are \\t, \\n, \\r "
	    "and \\\\; what is absent is \\N."),
	ITEM("`csv`", "With names, as in RFC 4180; what is absent is "
	    "empty."),
	ITEM("`json`", "One object for one row, an array of objects for a "
	    "list. In a batch as jsonl."),
	ITEM("`jsonl`", "One object a line."),
	TEXT("Except in tables, sizes are bytes, times are RFC 3339 in UTC, "
	    "and flags are 0 and 1, in JSON true and false. Keys are the "
	    "names of the columns; absent is null. A user without a quota "
	    "of his own has none there; 9223372036854775807 is a user "
	    "without any limit."),
	TEXT("With json and jsonl an error is one line on standard error, "
	    "an object of `error` (a name of EXIT STATUS), `message` and, "
	    "where there are any, `hint` and `line`:"),
	CODE("{\"error\":\"not-found\",\"message\":\"no such domain: "
	    "example.net\"}\n"),
	TEXT("What a command that writes prints, such as a generated "
	    "password, is written before the commit: when it cannot be "
	    "written, nothing is changed (status 10)."),

	SECTION("ADDRESSES"),
	TEXT("Capitals become small letters and international domain names "
	    "their ASCII form (IDNA2008), because these name the same "
	    "mailbox; messages show both forms. Anything else that is not "
	    "canonical is refused with the reason and never mended."),
	ITEM("user", "a-z, 0-9, dot, underscore and hyphen before the @, at "
	    "most 64 characters: what Dovecot lets log in."),
	ITEM("alias", "The other characters of RFC 5321 are allowed, too, "
	    "except / % and |. `@example.com` is the catch-all: it gets "
	    "what no user and no alias of the domain answers for."),
	ITEM("destination", "As an alias, but no catch-all. It may be "
	    "anywhere; in a domain of ours something must accept it, unless "
	    "--force says otherwise."),
	TEXT("Not possible: quoted local parts, letters other than ASCII "
	    "before the @, address literals, a dot at an end, a hyphen at "
	    "the beginning. Mail for `anna+tag@example.com` is anna's; such "
	    "an address can be an alias but no user."),
	TEXT("A PATTERN is a whole name in which * stands for any "
	    "characters and ? for one; `find` also takes a part of a name. "
	    "A SIZE is a number of bytes, or one with K, M, G or T (powers "
	    "of 1024); `none` is no limit, and a user's `default` is the "
	    "quota of the domain."),
	TEXT("A user and an alias may have the same address. The alias is "
	    "asked first: with anna to bo, bo gets anna's mail; with anna to "
	    "anna and bo, she keeps a copy. An alias domain answers for the "
	    "names that its target has, no others, and its own aliases "
	    "win."),

	SECTION("PASSWORDS"),
	TEXT("A password never stands in an argument, in the environment, "
	    "in a history, a message or a statement to the database. "
	    "Without an option it is asked for twice, on the terminal "
	    "itself even where standard input is redirected; where there is "
	    "no terminal, one of the password options of `user add` is "
	    "needed. A password has 1 to 511 bytes, any but NUL, CR and "
	    "LF, and is taken as it is."),
	TEXT("It is stored as SHA256-CRYPT, `$5$rounds=N$...`, with random "
	    "salt and the rounds of the setting `rounds`, and compared once "
	    "before it is written. --no-password stores `!`, which lets "
	    "nobody in, not even with an empty password."),
	TEXT("--hash takes what another system made: SHA256-CRYPT, "
	    "SHA512-CRYPT, bcrypt, yescrypt, gost-yescrypt, scrypt and "
	    "MD5-CRYPT as crypt(5) writes them, and ARGON2ID, ARGON2I, "
	    "PBKDF2, SCRAM-SHA-256, SCRAM-SHA-1, SSHA512, SSHA256, SSHA and "
	    "SMD5 behind their {NAME}. Cleartext, unsalted, malformed and "
	    "absurdly costly ones are refused. `user verify` tells whether "
	    "a password fits; for a scheme that crypt(3) does not know it "
	    "says so (status 3)."),
	TEXT("A new password counts from the next login on. What is open "
	    "stays open; the hint names the `doveadm` commands that end "
	    "it."),

	SECTION("REMOVING"),
	TEXT("Nothing goes by surprise. What still refers to a name is "
	    "listed and the command is refused (status 6), unless an option "
	    "says what becomes of it. Where more goes than was named, "
	    "mailadm asks; where there is nobody to ask, --yes is needed."),
	ITEM("`user remove`", "Refused while aliases lead to the user: "
	    "--replace-with points them elsewhere, --cascade removes those "
	    "rows."),
	ITEM("`domain remove`", "Refused while there is anything in it: "
	    "--recursive takes its users and aliases, --cascade also its "
	    "alias domains and the aliases elsewhere that lead into it."),
	ITEM("`alias remove`", "Refused while other aliases lead to it and "
	    "nothing else accepts that mail: --cascade takes those rows, "
	    "--force leaves them."),
	TEXT("postmaster@ of a domain goes only with --force. When a "
	    "catch-all gets the mail from now on, a note says so. Mail on "
	    "disk is never touched: a user's `home` stays the same when the "
	    "user or the domain is renamed, and a name that existed before "
	    "gets a new one, so that old mail never appears to a new "
	    "person. `user add --reuse-mail` takes the old one; where there "
	    "are several, it lists them, and --home names the one."),
	TEXT("Disabling is milder: mail for a disabled user or alias is "
	    "refused (550) and not given to the catch-all; a disabled "
	    "domain is not ours, and nobody in it can log in. Of somebody "
	    "enabled, `user set` takes single rights: --may-login no refuses "
	    "IMAP and POP3, --may-send no submission, --may-receive no mail, "
	    "in the same words as for somebody disabled."),

	SECTION("HISTORY AND UNDO"),
	TEXT("The database itself records every change, whoever makes it: "
	    "what one transaction of mailadm did, a whole batch too, or one "
	    "statement of SQL written by hand, with the actor and the time. "
	    "`mailadm history` shows it, `mailadm undo` with the number of a "
	    "change takes that back, whole: what was removed comes back with "
	    "password, home and aliases. An undo is a change, and can be "
	    "undone."),
	TEXT("A row that is not any more as the change left it, `modified` "
	    "apart, is named, and the undo refused (status 6). Undo the "
	    "later change first, or let --force make the rows as they were "
	    "before. No force brings back a user whose domain is gone or "
	    "whose mail is another user's now, takes a domain away that has "
	    "got users or aliases since, or makes a loop. Limits are not "
	    "enforced by an undo; it notes which are passed."),
	TEXT("The recorded rows hold hashes, because undo needs them; no "
	    "command shows them. `mailadm history prune` deletes what is "
	    "older than --older-than or the setting history_keep says, and "
	    "leaves a record of that. In a cron job of root:"),
	CODE("mailadm history prune --yes --quiet\n"),

	SECTION("THE CHECKER"),
	TEXT("`mailadm check` reads all three tables and finds what is "
	    "wrong in them. It changes nothing and makes no mail wait. What "
	    "it looks for has a name that stays, such as D004: CHECKER RULES "
	    "lists them. A name to ignore for good goes into the setting "
	    "check_ignore."),
	TEXT("With --new only what is new since the last run is reported, "
	    "and what is gone; the column `change` tells which. The status "
	    "is 1 where something is new, 0 where things are gone only. The "
	    "first run reports everything. What was found is kept in "
	    "~/.local/state/mailadm/check.state or where --state says, one "
	    "file for each database; it is written when all is printed, so "
	    "that nothing is lost. What a run does not ask (--rule, "
	    "--domain, --severity, --ignore, what the account may not see) "
	    "stays there as it was. A damaged file is said to be, and counts "
	    "as none; one that cannot be used ends the run with status 9 or "
	    "10, after everything was reported. A run waits for another one "
	    "with the same file as long as lock_timeout says, then ends with "
	    "status 8."),
	TEXT("With --nagios one line says MAILADM and OK, WARNING, CRITICAL "
	    "or UNKNOWN, with the numbers behind a bar; up to twenty "
	    "findings follow. The statuses are then those of a plugin, and "
	    "no others:"),
	ITEM("`0`", "OK: no errors and no warnings."),
	ITEM("`1`", "WARNING: there are warnings."),
	ITEM("`2`", "CRITICAL: there are errors."),
	ITEM("`3`", "UNKNOWN: the check could not be finished, whatever the "
	    "reason; the line names it."),
	TEXT("With --prometheus FILE the numbers are also written for the "
	    "textfile collector of the node exporter; FILE ends in .prom and "
	    "is replaced as a whole. A check that fails writes "
	    "mailadm_check_success 0 and leaves "
	    "mailadm_check_last_success_timestamp_seconds at the time of the "
	    "last that did not: alerts want to look at both. A usage error "
	    "writes nothing."),
	TEXT("To be told every night, let `mailadm config init` make the "
	    "account mailadm_check, and"),
	CODE("systemd-sysusers\n"
	    "mailadm config render cron --out /\n"
	    "systemctl enable --now mailadm-check.timer\n"),
	TEXT("where the last is for systemd; without it cron does the same."),

	SECTION("CHECKER RULES"),
	TEXT("In brackets how bad it is; notes are reported with --severity "
	    "note only. In capitals what stands for a name; the advice of "
	    "`mailadm check` has the name itself."),
	TABLE(BLOCK_RULES),

	SECTION("THE MAIL SERVER"),
	TEXT("mailadm makes the configuration of Postfix, Dovecot and their "
	    "accounts in the database from a few settings:"),
	CODE("mailadm config init\n"
	    "mailadm schema init\n"
	    "mariadb </etc/mailadm/grants.sql\n"
	    "mailadm config render --out /\n"
	    "mailadm config verify\n"),
	TEXT("`config init` asks for what only you know and writes "
	    "/etc/mailadm/mailadm.conf, to be edited by hand as well; "
	    "whatever changes there, `config render` brings to the servers, "
	    "which then want a reload. It replaces no file that is not as it "
	    "wrote it: such a file is shown as a diff and nothing at all is "
	    "written, until --force, which keeps the old one as FILE.bak. So "
	    "it is with the main.cf of the distribution the first time. What "
	    "it wrote it remembers in /var/lib/mailadm/rendered. What only "
	    "this machine has goes into local.conf beside dovecot.conf; a "
	    "main.cf of your own is kept by --postconf, which prints the "
	    "commands that bring ours into it."),
	TEXT("Before anything is installed, look at it, or let another "
	    "machine have it:"),
	CODE("mailadm config render --out /tmp/servers\n"
	    "mailadm config render --out / --dry-run\n"),
	TEXT("Passwords are made once, 32 hexadecimal digits in "
	    "/etc/mailadm/accounts.cnf, which only root can read. To change "
	    "one, take its line away, run `config init`, then the last "
	    "commands above. No command shows a password, and grants.sql "
	    "holds hashes, so that no log of the database server gets one."),

	SECTION("WHEN THE DATABASE IS AWAY"),
	TEXT("No mail is refused or bounced meanwhile and no password called "
	    "wrong, and it ends by itself. Mail is answered with 451, so "
	    "that it comes again, and what is queued waits. Submission puts "
	    "a client off before it may log in, since Postfix could answer "
	    "the login only with 535, which mail programs take for a wrong "
	    "password (a session that was beyond its EHLO may still see "
	    "it); IMAP answers UNAVAILABLE. Measured with the "
	    "configuration as it is rendered, on Debian 12 and 13:"),
	CODE("down      mail on 25             451 at once\n"
	    "          submission             451 at once\n"
	    "          login by IMAP          UNAVAILABLE in 1 to 10 s;\n"
	    "                                 one that was under way in 63 s\n"
	    "frozen    mail on 25             451 in 4 s;\n"
	    "                                 one that was under way in 24 s\n"
	    "          submission             451 in 2 to 8 s\n"
	    "          login by IMAP          UNAVAILABLE in 62 s\n"
	    "locked    mail on 25             451 in 4 to 8 s\n"
	    "back      mail, Debian 12        0.1 to 3 s; up to 60 s where\n"
	    "                                 port 25 always has a client\n"
	    "          mail, Debian 13        1 to 7 s\n"
	    "          submission, logins     4 s\n"),
	TEXT("With the text files of `export --postfix-maps` and "
	    "`export --dovecot-passwd-file` mail for what exists is taken "
	    "and people log in without the database; the comments in main.cf "
	    "and dovecot.conf say how."),

	SECTION("VERIFIER RULES"),
	TEXT("What `mailadm config verify` looks for in the configuration "
	    "of Postfix and Dovecot. Its findings name the files and the "
	    "commands in full; FILE and HOSTNAME stand for names here."),
	TABLE(BLOCK_VERIFY_RULES),

	SECTION("CONFIGURATION"),
	TEXT("How to reach the database stands in the option files of "
	    "MariaDB, which libmariadb reads; what mailadm itself does, in "
	    "mailadm.conf. Both have an example in the documentation. In "
	    "the last column the first wins."),
	TABLE(BLOCK_PLACES),
	TEXT("Option files are /etc/my.cnf, /etc/mysql/my.cnf, "
	    "$MARIADB_HOME/my.cnf and ~/.my.cnf with all that they include, "
	    "or the one that --defaults-file or the setting defaults_file "
	    "names; whoever may not read that one sets `defaults_file =` in "
	    "a mailadm.conf of their own. The groups are "
	    "`[client]`, `[client-server]`, `[client-mariadb]` and "
	    "`[mailadm]`; the value read last counts. `schema` commands use "
	    "`[mailadm-admin]` instead of the last one where it is there: "
	    "they make tables, which the daily account need not be able "
	    "to. A password that the server wants and no file holds is "
	    "asked for on the terminal."),
	CODE("[mailadm]\n"
	    "database = mail\n"
	    "user = mailadm\n"
	    "password = \"...\"\n"
	    "\n"
	    "[mailadm-admin]\n"
	    "database = mail\n"
	    "user = root\n"),
	TEXT("`host` may be a list with commas, tried in order. Except over "
	    "a socket or loopback, TLS with a verified certificate is "
	    "demanded, whatever an option file says; `ssl-ca` names the "
	    "authority where the system's do not know it."),
	TEXT("The server is MariaDB 10.6 or newer; 10.11 and 11.8, those of "
	    "Debian 12 and 13, are tested. Accounts log in by "
	    "mysql_native_password, ed25519 or parsec, over verified TLS also "
	    "by caching_sha2_password: a server that asks for the password "
	    "in clear does not get it, and LOAD DATA LOCAL never reads a "
	    "file."),
	TEXT("An option file that sets a password here is refused (status "
	    "9) when others than its owner can read or write it, or when "
	    "the owner is neither root nor who runs mailadm; the hint is "
	    "the `chmod` to type. One that everybody can write is refused "
	    "in any case, and so is a mailadm.conf that others than its "
	    "owner can write."),
	TEXT("mailadm.conf is read from /etc/mailadm, then from "
	    "$XDG_CONFIG_HOME/mailadm (~/.config/mailadm), then from where "
	    "$MAILADM_CONFIG says, each over the one before; --config FILE "
	    "reads that one alone. A line reads `name = value`; # begins a "
	    "comment. A name that is unknown or stands there twice is an "
	    "error with its line. The settings and their presets:"),
	TABLE(BLOCK_SETTINGS),

	SECTION("THE SHELL"),
	TEXT("Commands as everywhere, each a transaction of its own, unless "
	    "`begin` opened one: then all until `commit` is one change, and "
	    "`rollback` undoes it. The prompt tells:"),
	ITEM("`mailadm>`", "No transaction is open."),
	ITEM("`mailadm*>`", "One is open."),
	ITEM("`mailadm!>`", "One is open in which a command failed, so that "
	    "it can only be rolled back."),
	TEXT("Words of a command may be shortened as long as they are "
	    "unique (`u li` is `user list`); only here, so that no script "
	    "depends on it. Lines are edited as in any program with "
	    "readline(3); ~/.inputrc counts, with `$if mailadm` for what is "
	    "meant for here."),
	ITEM("Tab", "Completes commands, options, their values where there "
	    "are few, and names of files."),
	ITEM("Ctrl-C", "Clears the line; while a command runs, ends it and "
	    "rolls it back."),
	ITEM("Ctrl-D", "Leaves, like `quit`; asks when a transaction is "
	    "open, which would be rolled back."),
	TEXT("The history is ~/.local/state/mailadm/history, or below "
	    "$XDG_STATE_HOME, and nobody else can read it. A line with a "
	    "hash, or one that may hold a password by mistake, is not "
	    "kept."),

	SECTION("EXIT STATUS"),
	TEXT("In brackets the name that an error has in JSON."),
	TABLE(BLOCK_STATUSES),
	TEXT("A deadlock or a lock that does not come free makes mailadm "
	    "repeat the whole transaction, six times in all, before it ends "
	    "with status 8. `check --nagios` has statuses of its own: see "
	    "THE CHECKER."),
	TEXT("SIGINT, SIGTERM and SIGHUP end mailadm with 128 and their "
	    "number, and what was not committed is rolled back. One that "
	    "comes at the commit waits for its outcome, and the status is "
	    "that of the command. A second one does not wait for what is "
	    "still to be printed: status 10 where the change is committed."),

	SECTION("ENVIRONMENT"),
	ITEM("`MAILADM_CONFIG`", "One more mailadm.conf, over the others."),
	ITEM("`XDG_CONFIG_HOME`, `XDG_STATE_HOME`, `HOME`",
	    "Where mailadm.conf, the history, the state of `check --new` "
	    "and ~/.my.cnf are looked for."),
	ITEM("`MARIADB_HOME`", "Where one more my.cnf is looked for."),
	ITEM("`NO_COLOR`", "No colour, unless it is empty."),

	SECTION("FILES"),
	ITEM("/etc/mailadm/mailadm.conf", "Settings of mailadm."),
	ITEM("/etc/my.cnf, /etc/mysql/my.cnf, ~/.my.cnf",
	    "How to reach the database."),
	ITEM("~/.local/state/mailadm/history", "What was typed in the "
	    "shell."),
	ITEM("~/.local/state/mailadm/check.state", "What `check --new` has "
	    "reported."),
	ITEM("/etc/mailadm/accounts.cnf", "The accounts of the database, with "
	    "their passwords: an option file of MariaDB."),
	ITEM("/etc/mailadm/grants.sql", "The statements that make them, each "
	    "with what it needs and no more."),
	ITEM("/etc/mailadm/check.cnf, /etc/cron.d/mailadm", "The option file "
	    "of the nightly check, and the check where cron does it."),
	ITEM("/var/lib/mailadm/rendered", "What `config render` wrote."),
	ITEM("/etc/letsencrypt/renewal-hooks/deploy/mailadm",
	    "Lets both servers read a renewed certificate."),
	ITEM("lib/systemd/system/mailadm-check.service, .timer",
	    "Below the prefix: the nightly check, once it is enabled."),
	ITEM("share/doc/mailadm/examples", "A mailadm.conf and an option "
	    "file with all that can be set, and a manifest."),

	SECTION("EXAMPLES"),
	TEXT("From nothing to a mailbox; the password is printed once:"),
	CODE("mailadm schema init\n"
	    "mailadm domain add example.com --quota 2G\n"
	    "mailadm user add anna@example.com --generate\n"
	    "mailadm alias add postmaster@example.com anna@example.com\n"),
	TEXT("A password from a program:"),
	CODE("pwgen 20 1 | mailadm user passwd anna@example.com "
	    "--password-stdin\n"),
	TEXT("Anna leaves, Bo gets her mail from now on:"),
	CODE("mailadm user remove anna@example.com "
	    "--replace-with bo@example.com\n"
	    "mailadm alias add anna@example.com bo@example.com\n"),
	TEXT("Who has no password yet, and who an old one:"),
	CODE("mailadm user list --no-password --columns email\n"
	    "mailadm user list --scheme MD5-CRYPT --columns email\n"),
	TEXT("The ten domains with the most users, for a script:"),
	CODE("mailadm domain list --sort -users --limit 10 -o json\n"),
	TEXT("Try a file of changes, then do them:"),
	CODE("mailadm -f changes --check && mailadm -f changes -n &&\n"
	    "    mailadm -f changes\n"),

	SECTION("SECURITY"),
	TEXT("Give each server its own account, as grants.sql does: that of "
	    "Postfix can read no hash, that of the daily mailadm can change "
	    "no table and delete no history. Every change is recorded with "
	    "who made it and when; for sudo(8) that is both names."),
	TEXT("Hashes are made in mailadm, so no log of the database ever "
	    "holds a password. Memory that held one is overwritten, and "
	    "mailadm leaves no core dump. --show-sql prints no secret. The "
	    "option --hash shows a hash to whoever can list processes: "
	    "prefer --hash-stdin or --hash-file."),

	SECTION("SEE ALSO"),
	TEXT("`mariadb`(1), `postfix`(1), `mysql_table`(5), `virtual`(5), "
	    "`dovecot`(1), `doveadm`(1), `crypt`(5), `readline`(3)"),
	{ BLOCK_END, NULL, NULL }
};
