#!/bin/sh
# What expires does so by itself, in the running servers, to the second.
# shellcheck disable=SC2016,SC2154,SC2317 # t evaluates the code of a test
. tests/lib.sh
. tests/e2e/lib-stack.sh
stack_up

mailadm -q domain add example.com
mailadm -q domain add aka.example --alias-of example.com
for name in anna bo rest; do
	echo "pw-$name" | mailadm -q user add "$name@example.com" \
		--password-stdin
done
mailadm -q alias add list@example.com anna@example.com bo@example.com
mailadm -q alias add lead@example.com anna@example.com
mailadm -q alias add role@example.com anna@example.com
mailadm -q alias add @example.com rest@example.com
mailadm -q user grant anna@example.com --send-as office@elsewhere.example

# submits LOGIN SENDER: the reply to a message by submission
submits() {
	run curl -sS -v --max-time 60 \
		--cacert "$E/dovecot/private/dovecot.pem" \
		-u "$1@example.com:pw-$1" --mail-from "$2" \
		--mail-rcpt anna@example.com -T "$E/message" \
		"smtps://127.0.0.1:$submissions"
}
printf 'Subject: out\r\n\r\nhello\r\n' >"$E/message"

forged() { # LOGIN SENDER
	submits "$1" "$2" && [ "$status" != 0 ] && matches "$err" "< 553 5.7.1 "
}

unknown_to_imap() {
	no_login bo@example.com pw-bo
}

t 'before it everything works' '
	send one list@example.com && arrives bo@example.com pw-bo one &&
	send two bo+tag@aka.example && arrives bo@example.com pw-bo two &&
	send three lead@example.com && submits bo bo@example.com && status 0 &&
	submits anna lead@example.com && status 0 &&
	submits anna office@elsewhere.example && status 0'

t 'the second comes without a reload, and then the user is refused' '
	sql "UPDATE users SET expires = UTC_TIMESTAMP() + INTERVAL 2 SECOND
	    WHERE email = \"bo@example.com\"" &&
	eventually refused bo@example.com && refused bo+tag@example.com &&
	refused bo@aka.example && refused bo+tag@aka.example &&
	is "$(sql "SELECT COUNT(*) FROM users WHERE email = \"bo@example.com\"
	    AND expires <= UTC_TIMESTAMP()")" 1'
t 'can no longer log in' 'eventually unknown_to_imap'
t 'nor send' '
	submits bo bo@example.com && [ "$status" != 0 ] &&
	matches "$err" "< 535 5.7.8 "'
t 'and a list goes on without them' '
	send four list@example.com &&
	arrives anna@example.com pw-anna four && eventually queue_empty &&
	! grep -rqs "^Subject: four" "$E/vmail/example.com/bo"'
t 'nothing of it goes to the catch-all' '
	eventually queue_empty && absent rest@example.com pw-rest four &&
	send five unknown@example.com && arrives rest@example.com pw-rest five'

t 'an alias that has expired is refused, and nobody sends as it' '
	sql "UPDATE aliases SET expires = UTC_TIMESTAMP() WHERE mail =
	    \"lead@example.com\"" && refused lead@example.com &&
	refused lead+x@aka.example && forged anna lead@example.com &&
	submits anna role@example.com && status 0'
t 'so it is with a grant' '
	sql "UPDATE send_as SET expires = UTC_TIMESTAMP()" &&
	forged anna office@elsewhere.example'

t 'another time brings the user back, with the mail' '
	mailadm -q user set bo@example.com --expires 30d &&
	logs_in bo@example.com pw-bo && arrives bo@example.com pw-bo one &&
	send six bo@example.com && arrives bo@example.com pw-bo six'

t 'no lookup was deferred, and neither server complained' '
	eventually queue_empty &&
	run grep -E "error:|fatal|panic|status=deferred" "$E/log/postfix"
	empty "$out" && run grep -E "Error|Fatal|Panic" "$E/log/dovecot"
	empty "$out"'

finish
