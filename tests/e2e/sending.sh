#!/bin/sh
# Sending limits and aliases for members, through the real submission port:
# Postfix asks "mailadm policy", which counts in the database.
# shellcheck disable=SC2015,SC2016,SC2034,SC2154,SC2317 # t evaluates the code
. tests/lib.sh
. tests/e2e/lib-stack.sh
stack_up

for name in anna bob carl dora@example.org; do
	case $name in *@*) ;; *) name=$name@example.com ;; esac
	[ "$name" != anna@example.com ] || mailadm -q domain add example.com
	[ "$name" != dora@example.org ] || mailadm -q domain add example.org
	echo secret-of-them | mailadm -q user add "$name" --password-stdin
done
A=anna@example.com B=bob@example.com C=carl@example.com D=dora@example.org
printf 'Subject: x\r\n\r\nHello\r\n' >"$T/message"

# By 587 with STARTTLS, or by 465: $by.
by=587
post() { # FROM TO...
	p_from=$1 p_rcpt=
	shift
	for p_to; do p_rcpt="$p_rcpt --mail-rcpt $p_to"; done
	case $by in
	587) p_url=smtp://127.0.0.1:$submission ;;
	465) p_url=smtps://127.0.0.1:$submissions ;;
	esac
	# shellcheck disable=SC2086 # addresses
	curl -sv --max-time 60 --ssl-reqd \
		--cacert "$E/dovecot/private/dovecot.pem" \
		-u "$p_from:secret-of-them" "$p_url/laptop.example.com" \
		--mail-from "$p_from" $p_rcpt -T "$T/message"
}

submit() {
	run post "$@"
}

passes() { # FROM TO...
	submit "$@" && status 0
}

# The reply that ended it.
gets() { # REPLY FROM TO...
	g_reply=$1
	shift
	submit "$@"
	[ "$status" != 0 ] && matches "$err" "^< $g_reply"
}

sent() { # EMAIL
	sql "SELECT COALESCE(SUM(n), 0) FROM send_usage WHERE email = '$1'
	    AND slot > 0"
}

t 'without a limit mail passes, and its recipients are counted' '
	passes $A $B $C && passes $A $B && is "$(sent $A)" 3'

t 'at the limit of an hour the next message is refused for now: 450 4.7.1' '
	sql "DELETE FROM send_usage" &&
	mailadm -q user set $A --send-limit 3/h &&
	passes $A $B $C && gets "450 4.7.1 .*Sending limit of 3" $A $B $C &&
	passes $A $B && gets "450 4.7.1 " $A $B && is "$(sent $A)" 3'

t 'on port 465 it is the same limit' '
	by=465 && gets "450 4.7.1 " $A $B && by=587'

t 'more recipients than the limit can never pass: 550 5.7.1' '
	gets "550 5.7.1 " $A $A $B $C $D'

t 'who was refused is seen in check and in user show' '
	run mailadm check --rule U025 && status 1 && like "$out" "$A" &&
	run mailadm user show $A --columns sent,send_limit && like "$out" 3'

t 'the limit of the domain counts for who has none of their own' '
	mailadm -q domain set example.com --send-limit 2/h &&
	passes $B $A $C && gets "450 4.7.1 " $B $A &&
	mailadm -q user set $B --send-limit none && passes $B $A &&
	mailadm -q user set $B --send-limit default && gets "450 " $B $A &&
	passes $D $A $B $C && mailadm -q domain set example.com \
		--send-limit none && passes $B $A'

t 'twelve sessions at once and a limit of five: exactly five pass' '
	sql "DELETE FROM send_usage" &&
	mailadm -q user set $C --send-limit 5/h &&
	pids= && for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		post $C $B 2>"$T/session.$i" &
		pids="$pids $!"
	done && for pid in $pids; do wait "$pid"; done
	is "$(cat "$T"/session.* | grep -c "^< 250 2.0.0 Ok: queued")" 5 &&
	is "$(cat "$T"/session.* | grep -c "^< 450 4.7.1")" 7 &&
	is "$(sent $C)" 5'

# --- aliases that not everybody may write to ---------------------------------

sql "DELETE FROM send_usage; UPDATE users SET send_limit = NULL"
mailadm -q domain add aka.example --alias-of example.com
mailadm -q alias add team@example.com $A $B
mailadm -q alias add sub@example.com team@example.com
mailadm -q alias add staff@example.com $D

t 'only the users that an alias reaches write to one for its members' '
	mailadm -q alias set team@example.com --from members &&
	mailadm -q alias set sub@example.com --from members &&
	for to in team@example.com sub@example.com team+x@example.com \
	    team@aka.example Team@Example.COM; do
		passes $A $to && passes $B $to &&
		gets "550 5.7.1 .*members" $C $to &&
		gets "550 5.7.1 .*members" $D $to || return 1
	done'

t 'and users of its domain to one for the domain, on both ports' '
	mailadm -q alias set staff@example.com --from domain &&
	for by in 465 587; do
		passes $A staff@example.com && passes $B staff@aka.example &&
		gets "550 5.7.1 .*users of its domain" $D \
			staff@example.com || return 1
	done'

t 'a message to such an alias and to another goes to the other alone' '
	run post $C team@example.com $B && status 55 &&
	passes $C $B'

t 'for users of the server everybody who has logged in may write' '
	mailadm -q alias set staff@example.com --from users &&
	passes $D staff@example.com &&
	mailadm -q alias set staff@example.com --from anyone &&
	passes $D staff@example.com'

t 'an address that is written in another way does not get round it' '
	gets "[45]5[01] " $C "team@example.com." &&
	gets "[45]5[01] " $C "\"team\"@example.com"'

# --- what does not work -------------------------------------------------------

service() { # PROGRAM ARG...
	sed -i "s|argv=.*|argv=$*|; /--defaults-file=/d" "$E/etc/master.cf" &&
	touch -d "10 seconds ago" "$E/etc/master.cf" && postfix_again
}

t 'while the service cannot start mail goes on, but for such an alias: 451' '
	cp -p "$E/etc/master.cf" "$T/master.cf" && service /nowhere/mailadm &&
	passes $C $B && gets "451 4.3.0 .*Try later" $A team@example.com &&
	eventually logged "problem talking to server private/mailadm-policy"'

t 'nor while it hangs, 5 seconds later' '
	service /usr/bin/wc -c && passes $C $B &&
	gets "451 4.3.0 .*Try later" $A team@example.com'

t 'nor while it says nonsense' '
	service /bin/echo nonsense && passes $C $B &&
	gets "451 4.3.0 .*Try later" $A team@example.com'

t 'with the service back all is as before' '
	cp -p "$T/master.cf" "$E/etc/master.cf" && postfix_again &&
	passes $A team@example.com && gets "550 5.7.1 " $C team@example.com'

# The database is away for this account alone: for the others it works.
t 'while its account is refused mail goes on, and such an alias waits' '
	sql "RENAME USER mailadm_policy@localhost TO gone@localhost" &&
	passes $B $C && gets "451 4.3.0 .*" $A team@example.com &&
	eventually logged "mailadm/policy" &&
	sql "RENAME USER gone@localhost TO mailadm_policy@localhost" &&
	passes $A team@example.com'

lock_table() {
	mkfifo "$T/lock" || return 1
	mariadb --no-defaults -n -S "$server_socket" -u root mail <"$T/lock" \
		>"$T/locked" &
	lock_pid=$!
	exec 7>"$T/lock"
	echo 'LOCK TABLES send_usage WRITE; SELECT 1;' >&7
	eventually grep -q 1 "$T/locked"
}

unlock_table() {
	exec 7>&-
	wait "$lock_pid"
}

t 'while others lock its table mail goes on in time, and is counted again' '
	sql "DELETE FROM send_usage" && lock_table && passes $B $C &&
	unlock_table && is "$(sent $B)" 0 && passes $B $C &&
	is "$(sent $B)" 1'

finish
