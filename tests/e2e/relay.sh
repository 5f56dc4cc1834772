#!/bin/sh
# Relay domains and ways out, with a second Postfix that receives: what is
# taken, where it goes, and that no login leaves in clear.
# shellcheck disable=SC2016,SC2034,SC2154,SC2317 # t evaluates the code
. tests/lib.sh
. tests/e2e/lib-stack.sh
[ -e /usr/lib/x86_64-linux-gnu/sasl2/libplain.so ] ||
	ls /usr/lib/*/sasl2/libplain.so* >/dev/null 2>&1 ||
	skip_all 'libsasl2-modules is not installed'
stack_up

keep_ports 5
# shellcheck disable=SC2086 # numbers
set -- $ports
# Takes branch.example; with logins and TLS; with logins, without TLS; nothing
# listens; takes connections and says nothing.
there=$1 safe=$2 clear=$3 closed=$4 mute=$5
other_pid='' mute_pid=''
trap relay_exit EXIT

relay_exit() {
	relay_status=$?
	bring_down "$other_pid"
	bring_down "$mute_pid"
	(exit "$relay_status")
	stack_exit
}

# A second Postfix: in $E/other, its log is $E/log/other.  What it takes for
# others is gone, with a line in the log.
other_up() {
	mkdir -p "$E/other" "$E/other-spool" "$E/other-data" &&
	chown postfix "$E/other-data" &&
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost -keyout "$E/other/key" \
		-out "$E/other/certificate" 2>"$E/log/openssl" &&
	cat >"$E/other/main.cf" <<-END &&
	compatibility_level = 3.6
	queue_directory = $E/other-spool
	data_directory = $E/other-data
	maillog_file = $E/log/other
	maillog_file_prefixes = $E
	myhostname = other.mailadm.test
	mydestination =
	mynetworks =
	inet_interfaces = 127.0.0.1
	inet_protocols = ipv4
	alias_maps =
	virtual_mailbox_domains = branch.example, list.example, back.example
	virtual_mailbox_maps = inline:{anna@branch.example=x,
	    bo@branch.example=x, lists@list.example=x, carl@back.example=x}
	recipient_delimiter = +
	virtual_transport = discard:
	default_transport = discard:
	smtpd_relay_restrictions = permit_sasl_authenticated,
	    reject_unauth_destination
	smtpd_sasl_type = dovecot
	smtpd_sasl_path = $E/spool/private/auth
	smtpd_tls_chain_files = $E/other/key, $E/other/certificate
	smtpd_tls_loglevel = 1
	smtpd_client_event_limit_exceptions = 127.0.0.0/8
	in_flow_delay = 0
	END
	{
		echo "127.0.0.1:$there inet n - n - - smtpd"
		echo "127.0.0.1:$safe inet n - n - - smtpd"
		echo "  -o syslog_name=safe -o smtpd_tls_security_level=encrypt"
		echo "  -o smtpd_sasl_auth_enable=yes"
		echo "127.0.0.1:$clear inet n - n - - smtpd"
		echo "  -o syslog_name=clear -o smtpd_tls_security_level=none"
		echo "  -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=no"
		cat <<-END
		pickup unix n - n 60 1 pickup
		cleanup unix n - n - 0 cleanup
		qmgr unix n - n 300 1 qmgr
		tlsmgr unix - - n 1000? 1 tlsmgr
		rewrite unix - - n - - trivial-rewrite
		bounce unix - - n - 0 bounce
		defer unix - - n - 0 bounce
		discard unix - - n - - discard
		error unix - - n - - error
		retry unix - - n - - error
		proxymap unix - - n - - proxymap
		anvil unix - - n - 1 anvil
		postlog unix-dgram n - n - 1 postlogd
		END
	} >"$E/other/master.cf"
	postfix -c "$E/other" check >"$E/log/other-check" 2>&1
	setpriv --pdeathsig TERM setsid "$master" -d -c "$E/other" \
		>"$E/log/other-master" 2>&1 &
	other_pid=$!
	eventually greets "$there" "^220 " && eventually greets "$safe" "^220 "
}

mute_up() {
	setpriv --pdeathsig TERM perl -MIO::Socket::INET -e '
		my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1",
		    LocalPort => $ARGV[0], Listen => 5, ReuseAddr => 1) or die;
		my @kept;
		while (1) { push @kept, scalar $s->accept }' "$mute" &
	mute_pid=$!
}

there_logged() {
	grep -Eq -e "$1" "$E/log/other"
}

# postconf and postfix see only the server under test.
unset MAIL_CONFIG
other_up || stack_failed 'the second Postfix'
MAIL_CONFIG=$E/etc
export MAIL_CONFIG
mute_up
postconf -e "way_out_CAfile = $E/other/certificate" \
	'address_verify_poll_count = 30' 'address_verify_poll_delay = 1s'
postfix_again || bail_out 'no reload'

add_user() {
	echo "pw-$1" | mailadm -q user add "$1" --password-stdin
}

# from SENDER RECIPIENT SUBJECT: as from a user of submission.  Each has a
# recipient of its own: qmgr remembers the answer to its last question, so
# that a way that was changed counts for the next other mail.
from() {
	printf 'Subject: %s\nMessage-Id: <%s@test>\n\nx\n' "$3" "$3" |
		sendmail -C "$E/etc" -f "$1" "$2"
}

# got SUBJECT: the second Postfix has the message.
got() {
	eventually there_logged "message-id=<$1@test>"
}

# way SUBJECT LOGIN: and by whose login.
got_as() {
	got "$1" && got_id=$(sed -n "s/.*cleanup\[[0-9]*\]: \([^:]*\): \
message-id=<$1@test>.*/\1/p" "$E/log/other" | head -n 1) &&
	there_logged "safe/smtpd.*: $got_id: .*sasl_username=$2\$"
}

# waits SUBJECT REASON: deferred, with the reason in the log.
waits() {
	eventually logged "message-id=<$1@test>" &&
	waits_id=$(sed -n "s/.*cleanup\[[0-9]*\]: \([^:]*\): \
message-id=<$1@test>.*/\1/p" "$E/log/postfix" | head -n 1) &&
	eventually logged ": $waits_id: to=.*status=deferred.*$2"
}

secret() {
	printf "%s\n" "$1" >"$T/secret" && chmod 600 "$T/secret"
}

### A relay domain

t 'a relay domain is passed on to its server' '
	mailadm -q domain add branch.example \
		--relay-to "127.0.0.1:$there" &&
	mailadm -q recipient add anna@branch.example bo@branch.example &&
	send known anna@branch.example &&
	eventually there_logged "to=<anna@branch.example>.*status=sent"'
t 'with a tag and in capitals, too' '
	send tagged Bo+List@Branch.example &&
	eventually there_logged \
		"to=<bo\+List@branch.example>.*status=sent"'
t 'an unknown name is refused at once, with a tag, too' '
	rcpt ghost@branch.example ghost+x@branch.example &&
	[ "$(printf "%s\n" "$out" | grep -c "^550 5.1.1 .*relay recipient")" \
		= 2 ]'
t 'a domain below a relay domain is none' '
	rcpt anna@sub.branch.example && matches "$out" "^554 5.7.1 "'
t 'its alias leads here, and its catch-all takes the rest' '
	mailadm -q domain add example.com && add_user hans@example.com &&
	mailadm -q alias add office@branch.example hans@example.com &&
	send office office@branch.example &&
	arrives hans@example.com pw-hans@example.com office &&
	mailadm -q alias add @branch.example hans@example.com &&
	send rest ghost@branch.example &&
	arrives hans@example.com pw-hans@example.com rest &&
	send mine bo@branch.example && eventually queue_empty &&
	absent hans@example.com pw-hans@example.com mine &&
	mailadm -q alias remove @branch.example'
t 'an alias of ours leads to a name there' '
	mailadm -q alias add branch@example.com anna+us@branch.example &&
	send over branch@example.com && eventually there_logged \
		"to=<anna\+us@branch.example>.*status=sent"'
t 'route says the same of each, and the maps answer as computed' '
	run mailadm route --live --postfix-dir "$E/etc" anna@branch.example \
		Bo+List@branch.example ghost@branch.example \
		office@branch.example branch@example.com \
		anna@sub.branch.example && status 0 && is "$err" ""'
t 'disabled, it takes nothing' '
	mailadm -q domain disable branch.example &&
	rcpt anna@branch.example && matches "$out" "^554 5.7.1 " &&
	mailadm -q domain enable branch.example'
t 'all names: also those that nobody has' '
	mailadm -q domain set branch.example --accept all 2>/dev/null &&
	send all ghost@branch.example && eventually logged \
		"to=<ghost@branch.example>.*status=bounced" &&
	send alltag ghost+x@branch.example'
t 'or its server is asked: what it refuses is refused' '
	mailadm -q domain set branch.example --accept verify &&
	rcpt spook@branch.example && matches "$out" "^550 .*User unknown" &&
	send verified anna@branch.example'
t 'and while it is away, the sender has to wait' '
	mailadm -q domain set branch.example --relay-to "127.0.0.1:$closed" &&
	rcpt new@branch.example && matches "$out" "^450 " &&
	mailadm -q domain set branch.example --relay-to "127.0.0.1:$there" \
		--accept known'

### A backup MX, and transports

t 'for a domain whose server is away mail waits here' '
	mailadm -q domain add back.example --relay-to "127.0.0.1:$closed" &&
	mailadm -q recipient add carl@back.example &&
	rcpt nobody@back.example && matches "$out" "^550 " &&
	printf "Message-Id: <back@test>\n\nx\n" | sendmail -C "$E/etc" \
		-f a@sender.test carl@back.example &&
	waits back "Connection refused"'
t 'and goes there once it is back' '
	mailadm -q domain set back.example --relay-to "127.0.0.1:$there" &&
	from a@sender.test hans@example.com between &&
	arrives hans@example.com pw-hans@example.com between && postqueue -f &&
	got back'
t 'a domain goes by the transport that it names' '
	mailadm -q domain add list.example \
		--transport "smtp:[127.0.0.1]:$there" &&
	mailadm -q user add lists@list.example --no-password &&
	send lists lists@list.example &&
	eventually there_logged "to=<lists@list.example>.*status=sent" &&
	refused nobody@list.example'

### Ways out

add_user anna@example.com
secret pw-anna@example.com
mailadm -q relay add safe --server localhost:"$safe" \
	--login anna@example.com --password-file "$T/secret"
secret pw-hans@example.com
mailadm -q relay add second --server localhost:"$safe" \
	--login hans@example.com --password-file "$T/secret"

t 'mail to others leaves by the way of the user, with its login' '
	mailadm -q user set anna@example.com --send-through safe &&
	from anna@example.com one@elsewhere.test one &&
	got_as one anna@example.com'
t 'the same for a tag, capitals, and the name in an alias domain' '
	mailadm -q domain add aka.example --alias-of example.com &&
	from anna+x@example.com tag@elsewhere.test tag &&
	from Anna@Example.COM caps@elsewhere.test caps &&
	from anna@aka.example aka@elsewhere.test aka &&
	got_as tag anna@example.com && got_as caps anna@example.com &&
	got_as aka anna@example.com'
t 'another user of the domain takes the way of that, with its login' '
	mailadm -q domain set example.com --send-through second &&
	from hans@example.com two@elsewhere.test two &&
	got_as two hans@example.com'
t 'route names the same ways' '
	mailadm -q alias add out@example.com friend@elsewhere.test &&
	for from in anna@example.com anna+x@example.com Anna@aka.example; do
		run mailadm route out@example.com --from "$from" &&
		like "$out" "[localhost]:$safe	safe, of the user" || return 1
	done
	run mailadm route out@example.com --from hans@example.com &&
	like "$out" "[localhost]:0$safe	second, of the domain"'
t 'who names none leaves as before' '
	mailadm -q domain add plain.example && add_user bo@plain.example &&
	from bo@plain.example plain@elsewhere.test plain &&
	eventually queue_empty && ! there_logged "message-id=<plain@test>" &&
	grep -lq "^Subject: plain" "$E"/sink/*'
t 'but for the way named default, which takes the rest' '
	secret pw-hans@example.com &&
	mailadm -q relay add default --server localhost:"$safe" \
		--login hans@example.com --password-file "$T/secret" &&
	from bo@plain.example smart@elsewhere.test smart &&
	from outside@sender.test out@example.com forwarded &&
	got_as smart hans@example.com && got_as forwarded hans@example.com &&
	from "" bounce@elsewhere.test bounce &&
	got_as bounce hans@example.com &&
	mailadm -q relay remove default'
t 'mail to a relay domain takes none, nor does mail to users' '
	from anna@example.com bo@branch.example direct && got direct &&
	from anna@example.com hans@example.com local &&
	arrives hans@example.com pw-hans@example.com local &&
	! there_logged "message-id=<local@test>" &&
	! there_logged "safe/smtpd.*to=<bo@branch.example>"'

### Faults of a way out: mail waits, and no login leaves in clear

t 'down: mail waits' '
	mailadm -q relay add fault --server localhost:"$closed" \
		--login anna@example.com --password-file "$T/secret" &&
	mailadm -q user set anna@example.com --send-through fault &&
	from anna@example.com down@elsewhere.test down &&
	waits down "Connection refused"'
t 'no TLS is offered: mail waits' '
	mailadm -q relay set fault --server localhost:"$clear" &&
	from anna@example.com notls@elsewhere.test notls &&
	waits notls "TLS is required, but was not offered"'
t 'even where TLS need not be, no login is sent without' '
	sql "UPDATE relays SET tls = \"may\" WHERE name = \"fault\"" &&
	from anna@example.com maytls@elsewhere.test maytls &&
	waits maytls "no mechanism available|SASL" &&
	mailadm -q relay set fault --tls secure'
t 'the certificate is of another name: mail waits' '
	mailadm -q relay set fault --server 127.0.0.1:"$safe" &&
	from anna@example.com name@elsewhere.test name &&
	waits name "[Cc]ertificate"'
t 'unless any will do' '
	secret pw-anna@example.com &&
	mailadm -q relay set fault --tls encrypt --password-file \
		"$T/secret" 2>/dev/null &&
	from anna@example.com any@elsewhere.test any &&
	got_as any anna@example.com'
t 'the login is refused: mail waits, with the words of the server' '
	secret wrong && mailadm -q relay set fault --tls secure \
		--server "localhost:$safe" --password-file "$T/secret" &&
	from anna@example.com login@elsewhere.test login &&
	waits login "SASL authentication failed"'
t 'it says nothing: other mail goes on' '
	mailadm -q relay set fault --server localhost:"$mute" &&
	from anna@example.com mute@elsewhere.test mute &&
	from hans@example.com beside@elsewhere.test beside &&
	got_as beside hans@example.com && ! there_logged "message-id=<mute@"'
t 'a new password is used at once, and what waited goes' '
	secret pw-anna@example.com &&
	mailadm -q relay set fault --server localhost:"$safe" \
		--password-file "$T/secret" &&
	from anna@example.com again@elsewhere.test again &&
	got_as again anna@example.com'
t 'no login was ever sent in clear' '
	there_logged "clear/smtpd.*connect from" &&
	! there_logged "clear/smtpd.*sasl|clear/smtpd.*auth=[01]"'
t 'no password is in a log, nor on a command line of Postfix' '
	! grep -q -e "pw-anna@example.com" -e "pw-hans@example.com" \
		"$E/log/postfix" "$E/log/other"'

### Who can read the logins

t 'only root opens the file, and only its account reads the table' '
	is "$(stat -c "%a %U:%G" "$E/etc/mailadm/way_secrets.cf")" \
		"600 root:root" &&
	! setpriv --reuid postfix --regid postfix --clear-groups \
		cat "$E/etc/mailadm/way_secrets.cf" 2>/dev/null &&
	run postmap -q "[localhost]:$safe" \
		"proxy:mysql:$E/etc/mailadm/way_secrets.cf" &&
	unlike "$out" pw-'

finish
