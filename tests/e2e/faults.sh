#!/bin/sh
# What the mail servers do while the database is away: mail is deferred and
# not refused, nobody gets a wrong password reported, nobody waits for
# good, and all is well by itself soon afterwards.
# shellcheck disable=SC2016,SC2154,SC2317 # t evaluates the code of a test
. tests/lib.sh
. tests/e2e/lib-stack.sh
stack_up

mailadm -q domain add example.com
echo secret | mailadm -q user add anna@example.com --password-stdin
printf 'Subject: from anna\r\n\r\nHello\r\n' >"$T/message"

# A stuck proxymap is ended sooner than as shipped; still later than a lookup
# takes that tries each entry of `hosts`.
sed -i 's/daemon_timeout=20s/daemon_timeout=8s/' "$E/etc/master.cf"
touch -d '10 seconds ago' "$E/etc/master.cf"
postfix_again

accepted() {
	rcpt "$@" anna@example.com && matches "$out" '^250 '
}

deferred() {
	rcpt anna@example.com nobody@example.com &&
	[ "$(printf '%s\n' "$out" | grep -c '^451 4\.3\.[05] ')" = 2 ]
}

submit() { # URL: anna sends herself a message
	run curl -sv --max-time 300 --ssl-reqd \
		--cacert "$E/dovecot/private/dovecot.pem" \
		-u anna@example.com:secret "$1/laptop.example.com" \
		--mail-from anna@example.com --mail-rcpt anna@example.com \
		-T "$T/message"
}

submits() {
	submit "smtps://127.0.0.1:$submissions" && status 0 &&
	submit "smtp://127.0.0.1:$submission" && status 0
}

# 535 is what mail programs take for a wrong password.
submission_waits() {
	for url in "smtps://127.0.0.1:$submissions" \
	    "smtp://127.0.0.1:$submission"; do
		submit "$url"
		[ "$status" != 0 ] && unlike "$err" '< 535' &&
		matches "$err" '^< 4[25][14] ' || return 1
	done
}

no_wrong_password() {
	run curl -sv --max-time 3 -u anna@example.com:secret -k --ssl-reqd \
		"imap://127.0.0.1:$imap/INBOX"
	[ "$status" != 0 ] && unlike "$err" AUTHENTICATIONFAILED
}

all_is_well() {
	eventually accepted && eventually submits &&
	eventually logs_in anna@example.com secret
}

t 'before, mail is accepted, sent and read' '
	accepted && submits && logs_in anna@example.com secret'

### Down

# Dovecot connects ahead of the lookup, perhaps during the restart; then what it
# is asked first, whether the mailbox is full, is put off: once for each of its
# processes that ask, of which a busy machine has several.
t 'a restart of the database between two lookups costs no mail' '
	eventually queue_empty && server_stop && database_again &&
	eventually accepted'

t 'and at most one login' 'logs_in anna@example.com secret ||
	logs_in anna@example.com secret'

t 'while the database is down, mail for anybody is deferred' '
	server_stop && deferred && ! holds accepted -f same@sender.test'

t 'a login to send fails without blaming the password' submission_waits
t 'and so does one to read' no_wrong_password

t 'when it is back, all is well by itself' '
	database_again && all_is_well'

t 'also for the same message tried again' '
	eventually accepted -f same@sender.test'

### In the queue

t 'a message in the queue waits while the database is down' '
	postconf -e defer_transports=lmtp && postfix_again &&
	eventually send queued anna@example.com &&
	eventually logged "to=<anna@example.com>.*deferred transport" &&
	server_stop && postconf -X defer_transports &&
	postfix_again && postqueue -f &&
	eventually logged "to=<anna@example.com>.*relay=.*status=deferred"'

t 'and is delivered afterwards' '
	database_again && all_is_well && postqueue -f &&
	arrives anna@example.com secret queued'

### Frozen

t 'while it takes connections and never answers, mail is deferred' '
	accepted && kill -STOP "$server_pid" && deferred'
t 'and no password is wrong' 'submission_waits && no_wrong_password'
t 'when it goes on, all is well by itself' '
	kill -CONT "$server_pid" && all_is_well'

### Slow

# A client that holds the lock until its connection is killed.
mariadb --no-defaults --skip-ssl -S "$server_socket" -u root mail \
	>"$T/locker" 2>&1 <<'END' &
LOCK TABLES users WRITE, domains WRITE;
DO GET_LOCK('a test', 0), SLEEP(3600);
END

locker() {
	sql "SELECT IS_USED_LOCK('a test')"
}

table_is_locked() {
	[ "$(locker)" != NULL ]
}

t 'while a table is locked, mail is deferred' '
	eventually table_is_locked && deferred'
t 'and no password is wrong' 'submission_waits && no_wrong_password'
t 'when it no longer is, all is well by itself' '
	sql "KILL $(locker)" && all_is_well'

t 'nothing was refused for good or returned meanwhile' '
	! logged "status=bounced" &&
	! logged "reject: RCPT .*: 5[0-9][0-9] "'

finish
