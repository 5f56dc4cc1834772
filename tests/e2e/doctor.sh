# shellcheck shell=sh disable=SC2154 # variables of the stack
# The doctor on a mail server of one's own: each planted fault is the first
# row of its report.
. tests/lib.sh
. tests/e2e/lib-stack.sh

# Clients trust an authority, which here is one of a day.
# shellcheck disable=SC2120 # also without arguments
certificate() {
	mkdir -p "$E/dovecot/private"
	[ -e "$E/ca.pem" ] || openssl req -x509 -newkey ec -nodes -days 90 \
		-pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=authority \
		-keyout "$E/ca.key" -out "$E/ca.pem" 2>"$E/log/openssl" ||
		return 1
	echo "subjectAltName=DNS:${1:-mx.mailadm.test},IP:127.0.0.1" \
		>"$E/san"
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-subj "/CN=${1:-mx.mailadm.test}" \
		-keyout "$E/dovecot/private/dovecot.key" \
		-out "$E/csr" 2>"$E/log/openssl" &&
	openssl x509 -req -in "$E/csr" -CA "$E/ca.pem" \
		-CAkey "$E/ca.key" -set_serial "$(date +%s%N)" \
		-days 90 -extfile "$E/san" \
		-out "$E/dovecot/private/dovecot.pem" 2>"$E/log/openssl"
}

doctor() {
	run env SSL_CERT_FILE="$E/ca.pem" MAILADM_CONFIG="$E/mailadm.conf" \
		"$MAILADM" --defaults-file "$T/client.cnf" \
		doctor --timeout "${patience:-60}" "$@"
	[ "$status" -le 1 ] || { status 1; return 1; }
	wrong=$(printf '%s\n' "$out" | awk -F '\t' '$2 == "wrong"')
}

first() { # STEP WHAT [ADVICE]
	matches "$(printf '%s\n' "$wrong" | head -n 1)" \
	    "^$1	wrong	.*$2.*	.*${3-}"
}

row() { # STEP STATE WHAT
	matches "$out" "^$1	$2	.*$3"
}


# Settings of main.cf and master.cf, until without() takes them back.
with() {
	cp "$E/etc/main.cf" "$E/etc/master.cf" "$E/kept/" || return 1
	for w_setting; do
		case $w_setting in
		*/*) postconf -P "$w_setting" ;;
		*) postconf -e "$w_setting" ;;
		esac || return 1
	done
	postfix_again && doctor
}

without() {
	cp "$E/kept/main.cf" "$E/kept/master.cf" "$E/etc/" && postfix_again
}

master_again() {
	setpriv --pdeathsig TERM setsid "$master" -d -c "$E/etc" \
		>"$E/log/postfix-master" 2>&1 &
	postfix_pid=$!
	eventually greets "$smtp" '^220 '
}

# An address that no test running beside this one has.
resolver=127.31.$(($$ / 254 % 254 + 1)).$(($$ % 254 + 1))
: >"$T/zone"
setpriv --pdeathsig TERM perl tests/db/dns.pl "$resolver" "$T/zone" \
	"$T/resolver.ready" &
eventually test -e "$T/resolver.ready" || bail_out 'no resolver'
# The library of the resolver knows that nothing of .test is in DNS.
# shellcheck disable=SC2034 # of the stack
stack_settings="resolver = $resolver
check_ignore = N001:mailadm.test N004 N009:mailadm.test N024 N025:mailadm.test"
stack_up
mkdir "$E/kept"
keep_ports 1
spare=$ports
mailadm -q domain add mailadm.test

t 'a server without faults has no wrong row' '
	doctor && status 0 && empty "$wrong" &&
	like "$err" "nothing is wrong" &&
	row database ok "answers" && row dovecot ok "runs" &&
	row postfix ok "runs" && row relay ok "refuses to relay" &&
	for port in $smtp $submissions $submission $imap $imaps; do
		row ports ok "127.0.0.1:$port greets" &&
		row tls ok "TLS on 127.0.0.1:$port: valid" || return 1
	done &&
	row config ok "no errors" && row check ok "no errors" &&
	row dns ok "\"dns check\" finds no errors" &&
	row replica skipped "may not see" &&
	row filter skipped "no mail filter"'

t 'nothing of it stays in the queue' '
	queue_empty && ! grep -q "example.invalid.*status=" \
	    "$E/log/postfix"'

### Postfix and Dovecot

t 'Dovecot that is down' '
	bring_down "$dovecot_pid"; doctor &&
	first dovecot "Dovecot is not running" "systemctl restart dovecot" &&
	row ports skipped "Dovecot does not work" &&
	dovecot_run'

t 'Dovecot that hangs' '
	env kill -STOP -- "-$dovecot_pid" &&
	patience=2 && doctor; env kill -CONT -- "-$dovecot_pid"
	patience=
	first dovecot "it hangs" "systemctl restart dovecot"'

t 'Postfix that is down' '
	bring_down "$postfix_pid"; doctor &&
	first postfix "Postfix is not running" "systemctl restart postfix" &&
	row relay skipped "" && master_again'

t 'Postfix that hangs' '
	env kill -STOP -- "-$postfix_pid" &&
	patience=2 && doctor; env kill -CONT -- "-$postfix_pid"
	patience=
	first postfix "it hangs" "systemctl restart postfix"'

t 'a port on which nothing listens, while the server runs' '
	cp "$E/etc/master.cf" "$E/kept/" &&
	sed -i "s/^127.0.0.1:$submission /127.0.0.1:$spare /" \
	    "$E/etc/master.cf" && doctor &&
	first ports "Postfix runs, but does not listen on 127.0.0.1:$spare" \
	    "inet_interfaces" &&
	cp "$E/kept/master.cf" "$E/etc/"'

### TLS

t 'a certificate that was not reloaded' '
	cp -r -p "$E/dovecot/private" "$E/private" && certificate &&
	doctor && first tls "another certificate than the file" \
	    "systemctl reload" &&
	cp -p "$E/private/"* "$E/dovecot/private/"'

t 'a port without TLS' '
	with "127.0.0.1:$submission/inet/smtpd_tls_security_level=none" &&
	first tls "127.0.0.1:$submission does not offer TLS" && without'

# As servers of 2015 had it, and OpenSSL lets only those who ask for it.
t 'a port that takes TLS 1.1' '
	with "smtpd_tls_protocols = >=TLSv1" \
	    "tls_medium_cipherlist = ALL:@SECLEVEL=0" &&
	first tls "127.0.0.1:$smtp takes TLS 1.1" "smtpd_tls_protocols" &&
	row tls ok "TLS on 127.0.0.1:$submissions: valid" && without'

t 'an authority that nobody knows' '
	run env MAILADM_CONFIG="$E/mailadm.conf" "$MAILADM" \
	    --defaults-file "$T/client.cnf" doctor --timeout 60 &&
	wrong=$(printf "%s\n" "$out" | grep "	wrong	") &&
	first tls "nobody trusts the certificate on .*issuer" "fullchain"'

### What Postfix does

# Without the last word Postfix would not start.
open=check_client_access,static:OK,reject_unauth_destination

t 'an open relay' '
	with "127.0.0.1:$smtp/inet/smtpd_relay_restrictions=$open" \
	    "127.0.0.1:$smtp/inet/smtpd_recipient_restrictions=$open" &&
	first relay "relays for strangers: 250" && without'

t 'a mail filter that is not running' '
	postconf -e "smtpd_milters = unix:$E/none" && doctor &&
	first filter "unix:$E/none is not running" "systemctl restart"'

# Listens, and never answers.
deaf() {
	rm -f "$E/deaf"
	setpriv --pdeathsig TERM perl -MIO::Socket::UNIX -e '
		my $s = IO::Socket::UNIX->new(Local => $ARGV[0],
		    Listen => 8) or die; sleep;' "$E/deaf" &
	deaf_pid=$!
	eventually test -S "$E/deaf"
}

t 'a mail filter that hangs' '
	deaf && postconf -e milter_connect_timeout=1s \
	    milter_command_timeout=1s "smtpd_milters = unix:$E/deaf" &&
	patience=2 && doctor; bring_down "$deaf_pid"
	patience=
	first filter "unix:$E/deaf does not answer: it hangs" &&
	postconf -e "smtpd_milters =" && postfix_again'

# NAME ARG...: the doctor on a machine whose program of this name never answers,
# and has a child.
hanging() {
	mkdir -p "$T/sbin" && cat >"$T/sbin/$1" <<-END || return 1
	#!/bin/sh
	echo \$\$ >>$T/hang.pids
	sleep 1000 &
	echo \$! >>$T/hang.pids
	wait
	END
	chmod 755 "$T/sbin/$1" && : >"$T/hang.pids" &&
	h_place=$(command -v "$1") || return 1
	h_program=$T/sbin/$1
	shift
	exec unshare -m sh -c '
		mount --bind "$1" "$2" && shift 2 && exec "$@"' sh \
	    "$h_program" "$h_place" env SSL_CERT_FILE="$E/ca.pem" \
	    MAILADM_CONFIG="$E/mailadm.conf" "$MAILADM" \
	    --defaults-file "$T/client.cnf" doctor "$@"
}

hangs() { # NAME PATIENCE
	run sub hanging "$1" --timeout "$2" &&
	wrong=$(printf "%s\n" "$out" | grep "	wrong	") &&
	[ -s "$T/hang.pids" ] && eventually none_left
}

sub() {
	( "$@" )
}

# Who is dead and not waited for yet has nothing open.
none_left() {
	while read -r h_pid; do
		case $(cat "/proc/$h_pid/stat" 2>/dev/null) in
		''|*") Z "*) ;;
		*) return 1 ;;
		esac
	done <"$T/hang.pids"
}

t 'a program that hangs is ended with its children, and named' '
	hangs postqueue 3 && first queue "postqueue gave no answer" &&
	row queue wrong "and was ended" && row check ok "no errors" &&
	hangs doveconf 3 && first dovecot "doveconf gave no answer" &&
	row postfix ok "runs" && hangs postconf 2 &&
	matches "$wrong" "^postfix	wrong	.*postconf gave no answer" &&
	row dovecot ok "runs"'

deferred() {
	postqueue -j | grep -q "\"deferred\""
}

t 'what waits in the queue, and why' '
	with "relayhost=[127.0.0.1]:1" &&
	printf "Subject: late\n\n" | sendmail -C "$E/etc" \
	    -f outside@sender.test late@elsewhere.test &&
	eventually deferred && doctor &&
	row queue ok "1 message in the queue, 1 deferred; 1x connect to"'

deferred_file() {
	find "$(postconf -h queue_directory)/deferred" -type f | head -n 1
}

# 101 files beside that of the message; qmgr will not look at them today.
t 'more that waits than a hundred messages' '
	late=$(deferred_file) && for n in $(seq 101); do
		cp -p "$late" "$late$n" || return 1
	done && doctor &&
	first queue "102 messages in the queue, 102 deferred" "postqueue" &&
	rm "$late"[0-9]*'

# The time of its arrival is the first number in the file.
t 'what waits for days' '
	perl -pi -e "s/(\d{10})(?= \d+)/\$1 - 3 * 86400/e if !\$n++" "$late" &&
	doctor && first queue "1 message in the queue, 1 deferred; .*; the \
oldest waits for 3 days" "postqueue" &&
	postsuper -d ALL deferred 2>"$E/log/super" && without'

t 'what a firewall has to open is listed, and printed as commands' '
	run mailadm -c "$E/mailadm.conf" doctor ports && status 0 &&
	matches "$out" "^$smtp	tcp	everybody	mail from other" &&
	matches "$out" "^$submissions	tcp	users	sending mail" &&
	matches "$out" "^$imaps	tcp	users	reading mail" &&
	run mailadm -c "$E/mailadm.conf" doctor ports --ufw && status 0 &&
	like "$out" "ufw allow $smtp/tcp comment" &&
	run mailadm -c "$E/mailadm.conf" doctor ports --nft && status 0 &&
	like "$out" "tcp dport $imaps accept comment" &&
	run mailadm doctor ports --ufw --nft && status 2 &&
	run mailadm doctor ports --ufw -o json && status 2'

### --deliver

probe=mailadm-doctor@mailadm.test

# Without the minute between two runs.
deliver() {
	rm -f "$XDG_STATE_HOME/mailadm/doctor"
	doctor --deliver "$@"
}

mails() {
	find "$E/vmail" -path "*mailadm-doctor*" -type f \
	    \( -path "*/new/*" -o -path "*/cur/*" \)
}

t 'an account is not made unasked' '
	run env SSL_CERT_FILE="$E/ca.pem" MAILADM_CONFIG="$E/mailadm.conf" \
	    "$MAILADM" --defaults-file "$T/client.cnf" doctor --deliver &&
	status 6 && like "$err" "add the user $probe for probes without --yes"'

t '--deliver sends by each port, and reads and deletes what arrives' '
	deliver --yes && status 0 && empty "$wrong" &&
	row deliver ok "$probe logs in by IMAP" &&
	for port in $submissions $submission; do
		row deliver ok "port $port: taken .* with a login, in INBOX" ||
			return 1
	done &&
	row deliver ok "port $smtp: taken .* from outside, in INBOX" &&
	row deliver ok "by port $smtp: unsigned; TLSv1" &&
	row deliver ok "port $imap: $probe logs in by IMAP" &&
	row deliver ok "port $imaps: $probe logs in by IMAP" &&
	empty "$(mails)" && queue_empty'

t 'its password is that of one run' '
	run mailadm user show $probe && status 0 &&
	like "$out" "mailadm doctor" && like "$out" "	none	" &&
	no_login $probe ""'

t 'Ctrl-C ends it at once, and nothing of it stays' '
	rm -f "$XDG_STATE_HOME/mailadm/doctor" "$T/hang.pids" &&
	{
		hanging postqueue --timeout 600 --deliver >"$T/out" \
		    2>"$T/err" &
	} && d_pid=$! && eventually test -s "$T/hang.pids" &&
	run mailadm user show $probe && unlike "$out" "	none	" &&
	kill -INT $d_pid; wait $d_pid; is $? 130 &&
	like "$(cat "$T/err")" "mailadm: interrupted" &&
	run mailadm user show $probe && like "$out" "	none	" &&
	eventually none_left && empty "$(mails)"'

t 'it does not send again at once' '
	run mailadm -c "$E/mailadm.conf" doctor --deliver && status 6 &&
	like "$err" "the last probe was sent"'

left() { # HEADER
	printf "Subject: left\n%s\n\n" "$1" | sendmail -C "$E/etc" \
	    -f outside@sender.test "$probe"
}

mails_are() {
	[ "$(mails | wc -l)" -eq "$1" ]
}

t 'it deletes what a run that was killed left, and nothing else' '
	left "X-Mailadm-Doctor: 0123" && left "X-Other: 1" &&
	eventually mails_are 2 && deliver && status 0 && mails_are 1 &&
	! grep -q X-Mailadm-Doctor "$(mails)"'

t 'a port that refuses what users send' '
	place=127.0.0.1:$submissions/inet &&
	with "$place/smtpd_recipient_restrictions=reject" &&
	deliver && first deliver "port $submissions: mail is not taken" &&
	is "$err" "mailadm: 1 thing is wrong" &&
	without'

t 'a mail filter that signs nothing' '
	sed "s/^filter .*//" "$E/mailadm.conf" >"$E/kept/conf" &&
	echo "filter = opendkim" >>"$E/mailadm.conf" && deliver &&
	row deliver wrong "no Authentication-Results on mail from outside" &&
	cp "$E/kept/conf" "$E/mailadm.conf"'

t 'the account of a person is not taken' '
	printf "pw-anna\n" | mailadm -q user add anna@mailadm.test \
	    --password-stdin && cp "$E/mailadm.conf" "$E/kept/" &&
	echo "probe = anna@mailadm.test" >>"$E/mailadm.conf" &&
	rm -f "$XDG_STATE_HOME/mailadm/doctor" &&
	run mailadm -c "$E/mailadm.conf" doctor --deliver --yes && status 6 &&
	like "$err" "anna@mailadm.test is not the doctor" &&
	logs_in anna@mailadm.test pw-anna &&
	cp "$E/kept/mailadm.conf" "$E/mailadm.conf"'

t 'what goes elsewhere is followed through the queue' '
	with "default_transport=discard" && deliver --to you@elsewhere.test &&
	empty "$wrong" && row deliver ok \
	    "port $submissions: mail to you@elsewhere.test was taken as" &&
	row deliver ok "has left the queue" && without &&
	with "relayhost=[127.0.0.1]:1" && deliver --to you@elsewhere.test &&
	row deliver wrong "waits in the queue as .*: connect to 127.0.0.1" &&
	postsuper -d ALL deferred 2>"$E/log/super" && without &&
	with "relayhost=[127.0.0.1]:$submission" &&
	deliver --to you@elsewhere.test &&
	row deliver wrong "mail to you@elsewhere.test came back: ." &&
	empty "$(mails | xargs -r grep -l "^From: MAILER-DAEMON")" &&
	without'

t 'and where it is from and goes to has to be another server' '
	deliver --from you@elsewhere.test && empty "$wrong" &&
	row deliver ok "port $smtp: taken .* from outside, in INBOX" &&
	run mailadm doctor --to you@elsewhere.test && status 2 &&
	rm -f "$XDG_STATE_HOME/mailadm/doctor" &&
	run mailadm -c "$E/mailadm.conf" doctor --deliver --yes \
	    --to anna@mailadm.test && status 6 &&
	like "$err" "is an address of this server" &&
	like "$err" "hint: without --to"'

### What they stand on

t 'a record that is missing in DNS' '
	mailadm -q domain add missing.example && doctor &&
	first dns "finds [0-9]* errors; N001: no MX" "dns check" &&
	mailadm -q domain remove missing.example --yes'

t 'a resolver that does not answer' '
	cp "$E/mailadm.conf" "$E/kept/" &&
	sed -i "s/^resolver.*/resolver = 127.0.0.1@1/" "$E/mailadm.conf" &&
	doctor && first resolver "does not answer" "resolv.conf" &&
	row dns skipped "the resolver does not work" &&
	cp "$E/kept/mailadm.conf" "$E/mailadm.conf"'

t 'a configuration with an error' '
	with "virtual_transport=virtual" &&
	first config "config verify. finds .*V" && without'

t 'the database that is down' '
	server_stop && doctor &&
	first database "cannot reach the database" &&
	row check skipped "" && database_again'

t 'and at the end nothing is wrong again' '
	doctor && status 0 && empty "$wrong"'

finish
