#!/bin/sh
# What the mail servers do while the database is away: mail is deferred and
# not refused, nobody waits for good, and all is well soon afterwards.
# shellcheck disable=SC2016,SC2154,SC2317 # t evaluates the code of a test
. tests/lib.sh
. tests/e2e/lib-stack.sh
stack_up

mailadm -q domain add example.com
echo secret | mailadm -q user add anna@example.com --password-stdin

accepted() {
	rcpt anna@example.com && matches "$out" '^250 '
}

# smtp.pl gives up after 20 s.
deferred() {
	rcpt anna@example.com nobody@example.com &&
	[ "$(printf '%s\n' "$out" | grep -c '^451 4\.3\.[05] ')" = 2 ]
}

# As the comments of the fragments promise.
reload_and_accept() {
	postfix reload 2>/dev/null && eventually accepted
}

# Nobody may be told that the password is wrong.
no_wrong_password() {
	run curl -sv --max-time 3 -u anna@example.com:secret -k --ssl-reqd \
		"imap://127.0.0.1:$imap/INBOX"
	[ "$status" != 0 ] && unlike "$err" AUTHENTICATIONFAILED
}

t 'before, mail is accepted and the user logs in' '
	accepted && logs_in anna@example.com secret'

t 'a restart of the database between two lookups costs no mail' '
	server_stop && database_again && accepted'

# Dovecot connects ahead of the lookup, perhaps during the restart.
t 'and at most one login' 'logs_in anna@example.com secret ||
	logs_in anna@example.com secret'

t 'while the database is down, mail for anybody is deferred' '
	server_stop && deferred'

t 'and a login fails without blaming the password' no_wrong_password

t 'when it is back, mail is accepted after postfix reload' '
	database_again && reload_and_accept'

t 'and the user logs in' 'eventually logs_in anna@example.com secret'

t 'while the database takes connections and never answers too' '
	postfix reload 2>/dev/null && kill -STOP "$server_pid" && deferred'

t 'and it can go on from there' '
	kill -CONT "$server_pid" && reload_and_accept'

# A client that holds the lock until its connection is killed.
mariadb --no-defaults -S "$server_socket" -u root mail \
	>"$T/locker" 2>&1 <<'END' &
LOCK TABLES users WRITE;
DO GET_LOCK('a test', 0), SLEEP(60);
END

locker() {
	sql "SELECT IS_USED_LOCK('a test')"
}

table_is_locked() {
	[ "$(locker)" != NULL ]
}

t 'while a table is locked, mail is deferred as well' '
	eventually table_is_locked && deferred'

t 'and accepted when it no longer is' '
	sql "KILL $(locker)" && reload_and_accept'

finish
