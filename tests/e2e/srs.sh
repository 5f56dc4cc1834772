#!/bin/sh
# Mail from elsewhere that an alias sends elsewhere passes SPF there, by
# postsrsd; all other mail stays as it is, also while postsrsd is away.
# shellcheck disable=SC2015,SC2016,SC2034,SC2154,SC2317 # t evaluates the code
. tests/lib.sh
. tests/e2e/lib-stack.sh
need_command postsrsd
stack_settings='srs = yes'
SRS=srs.mx.mailadm.test
JUDGE=$BUILT/tests/spf
srs_pid=

# Who may send what, as the world sees it: this server is 127.0.0.1.
names() {
	cat <<-END
	mx.mailadm.test A 127.0.0.1
	example.com TXT v=spf1 a:mx.mailadm.test -all
	$(mailadm -c "$E/mailadm.conf" dns show --columns name,type,value |
	    sed -n "/^$SRS/s/	TXT	\"*\(v=spf1[^\"]*\).*/ TXT \1/p")
	foreign.test TXT v=spf1 ip4:192.0.2.9 -all
	END
}

# Postfix has the ports of its own machine; here they are others.
own_ports() {
	keep_ports 4
	# shellcheck disable=SC2086 # numbers
	set -- $ports
	forward=$1 reverse=$2 second=$3 back=$4
	sed -i -e "s/127.0.0.1:10001/127.0.0.1:$forward/" \
	    -e "s/127.0.0.1:10002/127.0.0.1:$reverse/" \
	    -e "s/\(127.0.0.1\]*:\)10026/\1$second/" \
	    -e "s/\(127.0.0.1\]*:\)10027/\1$back/" \
	    "$E/etc/main.cf" "$E/etc/master.cf" \
	    "$E/etc/mailadm/sql_way_out.cf"
	touch -d '10 seconds ago' "$E"/etc/*.cf "$E"/etc/mailadm/*
}

srs_answers() {
	[ "$(postmap -q none@foreign.test "tcp:127.0.0.1:$forward" 2>&1 |
	    grep -c "@$SRS\$")" -eq 1 ]
}

# It forks a child for each connection, and those go on when it ends: a group
# of its own, which is ended as a whole.
srs_up() {
	setpriv --pdeathsig TERM setsid postsrsd -f "$forward" \
	    -r "$reverse" -d $SRS -s "$E/srs.secret" -u nobody \
	    -l 127.0.0.1 -n 4 -N 4 -a = -X >"$E/log/srs" 2>&1 &
	srs_pid=$!
	eventually srs_answers
}

group() { # SIGNAL
	perl -e 'exit !kill($ARGV[0], -$ARGV[1])' "$1" "$srs_pid"
}

no_group() {
	! group 0
}

srs_down() {
	group TERM && { wait "$srs_pid" || :; } && eventually no_group
}

# The file of a message that left, by its subject.
sunk_file() {
	grep -lsx "Subject: $1" "$E"/sink/* | head -n 1
}
has_left() {
	[ -n "$(sunk_file "$1")" ]
}

# left SUBJECT: it did, and $from is the sender, $file the message.
left() {
	eventually has_left "$1" || return 1
	file=$(sunk_file "$1")
	from=$(sed -n 's/^X-Mail-Args: <\(.*\)>.*/\1/p' "$file" | head -n 1)
}

# judged SENDER: what a receiver says that checks SPF.
judged() {
	"$JUDGE" 127.0.0.1 "$1" <"$T/names"
}

# return_path USER PASSWORD SUBJECT: of the message in the mailbox.
return_path() {
	arrives "$1" "$2" "$3" || return 1
	number=$(imap "$1" "$2" INBOX "SEARCH SUBJECT \"$3\"" |
	    tr -d '\r' | sed -n 's/.*SEARCH \([0-9]*\).*/\1/p')
	imap "$1" "$2" "INBOX;MAILINDEX=$number" | tr -d '\r' |
	    sed -n 's/^Return-Path: <\(.*\)>/\1/p'
}

stack_needs
eval "$(sed -n '/^stack_up() {/,/^}/p' tests/e2e/lib-stack.sh |
    sed 's/^stack_up/srs_stack/; s/^	maps_up$/	maps_up; own_ports/')"
srs_stack
echo first-secret >"$E/srs.secret"
srs_up || bail_out 'postsrsd does not start'

mailadm -q -f - <<-'END' || bail_out 'no world'
	domain add example.com
	user add anna@example.com --no-password
	alias add away@example.com x@far.test
	alias add both@example.com anna@example.com x@far.test
END
echo secret | mailadm -q user passwd anna@example.com --password-stdin --force
names >"$T/names"
S=someone@foreign.test

t 'the world knows the domain of the new senders by dns show' '
	matches "$(cat "$T/names")" "^$SRS TXT v=spf1 .*-all" &&
	is "$(judged none@foreign.test)" fail &&
	is "$(judged none@$SRS)" pass'

t 'a forward leaves with a sender that passes SPF' '
	send forwarded -f $S away@example.com && left forwarded &&
	matches "$from" "^SRS0=[^@]*=foreign.test=someone@$SRS$" &&
	is "$(judged "$from")" pass && is "$(judged $S)" fail'

t 'with From and text as they were' '
	like "$(cat "$file")" "From: <$S>" &&
	like "$(cat "$file")" "The body of forwarded." &&
	unlike "$(sed "/^X-Mail-Args/d; /^Received:/,/^[^ \t]/d" "$file")" SRS0'

t 'its copy in a mailbox here has the sender that wrote it' '
	send both -f $S both@example.com && left both &&
	matches "$from" "^SRS0=" &&
	is "$(return_path anna@example.com secret both)" $S'

t 'and so has all local mail' '
	send local -f $S anna@example.com &&
	is "$(return_path anna@example.com secret local)" $S'

t 'what our users send keeps its sender, with its tag' '
	send own -f anna+tag@example.com away@example.com && left own &&
	is "$from" anna+tag@example.com && is "$(judged "$from")" pass'

t 'a bounce that is forwarded stays one' '
	send null -f "" away@example.com && left null && is "$from" ""'

t 'the SRS sender of somebody else becomes ours' '
	send again -f "SRS0=abcd=AB=other.test=x@relay.test" \
	    away@example.com && left again &&
	matches "$from" "^SRS1=[^@]*=relay.test==abcd=AB=other.test=x@$SRS$"'

t 'a bounce finds back to who wrote the forward' '
	left forwarded && srs=$from &&
	send bounce -f "" "$srs" && eventually has_left bounce &&
	matches "$(grep -i "^X-Rcpt-Args" "$(sunk_file bounce)")" \
	    "<someone@foreign.test>"'

t 'also in small letters' '
	lower=$(echo "$srs" | tr "[:upper:]" "[:lower:]") &&
	send lower -f "" "$lower" && eventually has_left lower &&
	matches "$(grep -i "^X-Rcpt-Args" "$(sunk_file lower)")" \
	    "<someone@foreign.test>"'

t 'a forged one is refused, and so is any other name' '
	rcpt -f "" "SRS0=AAAA=AA=foreign.test=victim@$SRS" &&
	matches "$out" "^550 " && rcpt -f "" "info@$SRS" &&
	matches "$out" "^550 "'

t 'with a new secret in front old senders are still good' '
	srs_down && { echo second-secret; cat "$E/srs.secret"; } \
	    >"$E/srs.new" && mv "$E/srs.new" "$E/srs.secret" && srs_up &&
	send rotated -f $S away@example.com && left rotated &&
	[ "$from" != "$srs" ] && rcpt -f "" "$srs" &&
	matches "$out" "^250 " && rcpt -f "" "$from" && matches "$out" "^250 "'

t 'and without its line they are refused' '
	srs_down && sed -i 1q "$E/srs.secret" && srs_up &&
	rcpt -f "" "$srs" && matches "$out" "^550 " &&
	rcpt -f "" "$from" && matches "$out" "^250 "'

t 'while postsrsd is away local mail arrives, and forwards are taken' '
	srs_down && postfix_again &&
	send "away local" -f $S anna@example.com &&
	is "$(return_path anna@example.com secret "away local")" $S &&
	send "away own" -f anna@example.com away@example.com &&
	left "away own" && is "$from" anna@example.com &&
	send "away forward" -f $S both@example.com &&
	is "$(return_path anna@example.com secret "away forward")" $S &&
	eventually logged "postfix/srs/smtp.*status=deferred" &&
	! has_left "away forward"'

t 'an unknown name here is still refused then, and not deferred' '
	refused nobody@example.com'

t 'and the forward leaves, rewritten, when it is back' '
	srs_up && postqueue -f && left "away forward" &&
	matches "$from" "^SRS0=" && is "$(judged "$from")" pass'

srs_down
finish
