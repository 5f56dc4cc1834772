#!/bin/sh
# Real mail through the shipped fragments: what an admin does with mailadm
# shows at RCPT, in the mailbox and at the login.
# shellcheck disable=SC2016,SC2154,SC2317 # t evaluates the code of a test
. tests/lib.sh
. tests/e2e/lib-stack.sh
stack_up

add_user() { # ADDRESS: its password is pw-ADDRESS
	echo "pw-$1" | mailadm -q user add "$1" --password-stdin
}

mailbox() { # arrives or absent, with that password
	"$1" "$2" "pw-$2" "$3"
}

### From nothing to a delivered mail

t 'three commands make a domain, a user and an alias' '
	run mailadm domain add example.com && status 0 &&
	run mailadm user add anna@example.com --generate && status 0 &&
	password=$(printf "%s\n" "$out" | cut -f 2) && [ -n "$password" ] &&
	run mailadm alias add info@example.com anna@example.com && status 0'

t 'a message from outside to the alias is accepted' '
	printf "Subject: first\r\n\r\nHello Anna\r\n" >"$E/message" &&
	run curl -s --max-time 15 "smtp://127.0.0.1:$smtp/client.sender.test" \
		--mail-from outside@sender.test \
		--mail-rcpt info@example.com -T "$E/message" && status 0'

t 'and lies in the mailbox of the user, who reads it over IMAP' '
	arrives anna@example.com "$password" first &&
	run imap anna@example.com "$password" "INBOX;MAILINDEX=1" &&
	matches "$out" "^Hello Anna" &&
	matches "$out" "^Delivered-To: anna@example.com"'

t 'the message is where the column home says' '
	[ "$(find "$E/vmail" -name Maildir)" = \
		"$E/vmail/example.com/anna/Maildir" ]'

### Logins

add_user bob@example.com
add_user carl@example.com

t 'a wrong password is refused' 'no_login bob@example.com wrong'
t 'so is an unknown user' 'no_login nobody@example.com pw-bob@example.com'
t 'the login name may be in capitals' '
	logs_in Bob@Example.COM pw-bob@example.com'
t 'nobody logs in without TLS' '
	run curl -sv --max-time 15 --interface 127.0.0.2 \
		-u "bob@example.com:pw-bob@example.com" \
		"imap://127.0.0.1:$imap/" && [ "$status" != 0 ] &&
	matches "$err" "LOGINDISABLED"'
t 'IMAP with TLS from the start works too' '
	run curl -s --max-time 15 -u "bob@example.com:pw-bob@example.com" \
		--cacert "$E/dovecot/private/dovecot.pem" \
		"imaps://127.0.0.1:$imaps/" && status 0'
t 'a user without a password cannot log in' '
	mailadm -q user add mute@example.com --no-password &&
	no_login mute@example.com "!" && no_login mute@example.com x'
t 'but gets mail' 'send mute1 mute@example.com && eventually queue_empty &&
	grep -rqs "^Subject: mute1" "$E/vmail/example.com/mute"'
t 'a new password works at once, the old one no longer' '
	logs_in carl@example.com pw-carl@example.com &&
	echo changed | mailadm -q user passwd carl@example.com \
		--password-stdin &&
	logs_in carl@example.com changed &&
	no_login carl@example.com pw-carl@example.com'

t 'a password of blanks, quotes and umlauts is kept to the byte' '
	printf "%s\n" " a\"b\\ {c}%d:é " >"$T/odd" && chmod 600 "$T/odd" &&
	mailadm -q user passwd carl@example.com --password-file "$T/odd" &&
	logs_in carl@example.com "$(cat "$T/odd")" &&
	no_login carl@example.com "$(sed "s/ $//" "$T/odd")" &&
	echo changed | mailadm -q user passwd carl@example.com \
		--password-stdin'
for scheme in SHA512-CRYPT BLF-CRYPT SSHA512 ARGON2ID; do
	t "a $scheme hash that was made elsewhere lets its user log in" '
		hash=$(doveadm pw -s "$scheme" -p secret) &&
		mailadm -q user passwd carl@example.com --hash "$hash" &&
		logs_in carl@example.com secret &&
		no_login carl@example.com changed'
done
t 'and so does a bare one of crypt(3)' '
	mailadm -q user passwd carl@example.com \
		--hash "$(openssl passwd -6 changed)" &&
	logs_in carl@example.com changed && no_login carl@example.com secret'

### Addresses

t 'an unknown user is refused at RCPT' 'refused nobody@example.com'
t 'so is relaying to a domain that is not ours' '
	rcpt x@elsewhere.test && matches "$out" "^554 5.7.1 "'
t 'a +tag is delivered to the user' '
	send tag1 bob+list@example.com && mailbox arrives bob@example.com tag1'
t 'a +tag of an alias too' '
	send tag2 info+x@example.com &&
	arrives anna@example.com "$password" tag2'
t 'an unknown user with a +tag is unknown' 'refused nobody+x@example.com'
t 'a recipient in capitals is the same user' '
	send caps BOB@EXAMPLE.COM && mailbox arrives bob@example.com caps'
t 'none of these has made a mailbox of its own' '
	eventually queue_empty && [ "$(find "$E/vmail" -name Maildir | sort |
		sed "s|.*/example.com/||" | tr "\n" " ")" = \
		"anna/Maildir bob/Maildir carl/Maildir mute/Maildir " ]'

### Hostile recipients

t 'a non-ASCII recipient is unknown, and the next one is accepted' '
	rcpt "é@example.com" "$(printf "\351@example.com")" \
		"bob@example.com" &&
	[ "$(printf "%s\n" "$out" | cut -c 1-3 | tr "\n" " ")" = \
		"550 500 250 " ]'
t 'in the domain, too, and bytes that are no UTF-8 are refused' '
	rcpt "bob@exämple.com" "$(printf "bob@ex\344mple.com")" \
		"bob@example.com" &&
	[ "$(printf "%s\n" "$out" | cut -c 1-3 | tr "\n" " ")" = \
		"554 500 250 " ]'
t 'a client is not offered SMTPUTF8, which Dovecot would refuse later' '
	run curl -sv --max-time 15 \
		"smtp://127.0.0.1:$smtp/client.sender.test" \
		--mail-from a@sender.test --mail-rcpt bob@example.com \
		-T "$E/message" && status 0 && like "$err" 8BITMIME &&
	unlike "$err" SMTPUTF8'
t 'quotes, backslashes, % and SQL are unknown names' '
	rcpt "o'\''x@example.com" \
		"\"a b\"@example.com" "\"a\\\\b\"@example.com" \
		"\"'\'' OR 1=1 -- \"@example.com" "a%s@example.com" \
		"*@example.com" "\" bob\"@example.com" "bob@example.com" &&
	[ "$(printf "%s\n" "$out" | cut -c 1-3 | tr "\n" " ")" = \
		"550 550 550 550 554 550 550 250 " ]'
t 'a name of 1000 characters is refused, not deferred' '
	rcpt "$(printf %01000d 0)@example.com" "bob@example.com" &&
	matches "$out" "^5" && ! holds matches "$out" "^4" &&
	matches "$out" "^250 2.1.5"'

### Aliases

t 'an alias to two users delivers to both' '
	mailadm -q alias add team@example.com bob@example.com \
		carl@example.com &&
	send fan team@example.com && mailbox arrives bob@example.com fan &&
	arrives carl@example.com changed fan'
t 'an alias may go by another alias' '
	mailadm -q alias add all@example.com team@example.com &&
	send chain all@example.com && mailbox arrives bob@example.com chain &&
	arrives carl@example.com changed chain'
t 'a -> a, b keeps a copy' '
	add_user dora@example.com &&
	mailadm -q alias add dora@example.com dora@example.com \
		bob@example.com &&
	send copy dora@example.com &&
	mailbox arrives dora@example.com copy &&
	mailbox arrives bob@example.com copy'
t 'an alias on a user of the same name forwards' '
	add_user emil@example.com &&
	mailadm -q alias add emil@example.com bob@example.com &&
	send forward emil@example.com &&
	mailbox arrives bob@example.com forward &&
	mailbox absent emil@example.com forward'
t 'mailadm refuses the alias that would close a loop' '
	run mailadm alias add bob@example.com all@example.com && status 6 &&
	like "$err" loop && send noloop all@example.com &&
	mailbox arrives bob@example.com noloop'
t 'an alias to an outside address goes out' '
	mailadm -q alias add out@example.com friend@elsewhere.test &&
	send external out@example.com && eventually queue_empty &&
	grep -lq "^Subject: external" "$E"/sink/* &&
	grep -hq "^X-Rcpt-Args: <friend@elsewhere.test>" "$E"/sink/*'
t 'an alias of one row disabled delivers to the others' '
	mailadm -q alias disable team@example.com --to carl@example.com &&
	send some team@example.com && mailbox arrives bob@example.com some &&
	absent carl@example.com changed some'

### Disabled

add_user frida@example.com

t 'a disabled user gets no mail and cannot log in' '
	mailadm -q user disable frida@example.com &&
	refused frida@example.com && refused frida+tag@example.com &&
	no_login frida@example.com pw-frida@example.com'
t 'doveadm does not list the user' '
	run doveadm -c "$E/dovecot/dovecot.conf" user "*" && status 0 &&
	like "$out" bob@example.com && unlike "$out" frida@example.com &&
	run doveadm -c "$E/dovecot/dovecot.conf" -f tab mailbox status -A \
		messages INBOX && status 0 && like "$out" bob@example.com'
t 'when enabled the user gets mail again' '
	mailadm -q user enable frida@example.com &&
	send enabled frida@example.com &&
	mailbox arrives frida@example.com enabled'

# lets SERVICE EMAIL: the service that asks Dovecot about the user.
lets() {
	doveadm -c "$E/dovecot/dovecot.conf" auth test -x service="$1" \
		"$2" "pw-$2" >/dev/null 2>&1
}

t 'who may not receive mail is refused, and can read the old mail' '
	mailadm -q user set frida@example.com --may-receive no &&
	refused frida@example.com && refused frida+tag@example.com &&
	mailbox arrives frida@example.com enabled &&
	lets smtp frida@example.com'
t 'no catch-all gets that mail, but an alias of the name leads on' '
	mailadm -q alias add @example.com bob@example.com &&
	refused frida@example.com && mailadm -q alias remove @example.com &&
	mailadm -q alias add frida@example.com frida@example.com \
		bob@example.com && send onward frida@example.com &&
	mailbox arrives bob@example.com onward && eventually queue_empty &&
	! logged "to=<frida@example.com>.*status=bounced" &&
	mailadm -q alias remove frida@example.com'
t 'who may not log in still gets mail, and may send' '
	mailadm -q user set frida@example.com --may-receive yes \
		--may-login no &&
	no_login frida@example.com pw-frida@example.com &&
	lets smtp frida@example.com && send unread frida@example.com &&
	eventually queue_empty &&
	mailadm -q user set frida@example.com --may-login yes &&
	mailbox arrives frida@example.com unread'
t 'who may not send can read mail' '
	mailadm -q user set frida@example.com --may-send no &&
	! holds lets smtp frida@example.com &&
	! holds lets submission frida@example.com &&
	logs_in frida@example.com pw-frida@example.com &&
	mailadm -q user set frida@example.com --may-send yes &&
	lets submission frida@example.com'
t 'a disabled alias is refused' '
	mailadm -q alias disable info@example.com &&
	refused info@example.com && mailadm -q alias enable info@example.com'
t 'an alias named like a disabled user goes on forwarding' '
	mailadm -q user disable emil@example.com &&
	send leaver emil@example.com &&
	mailbox arrives bob@example.com leaver'
t 'and so does the copy of a disabled user, without a bounce' '
	mailadm -q user disable dora@example.com &&
	send nocopy dora@example.com &&
	mailbox arrives bob@example.com nocopy && eventually queue_empty &&
	! logged "to=<dora@example.com>.*status=bounced"'
t 'a disabled domain is not ours, and nobody in it logs in' '
	mailadm -q domain add off.example &&
	add_user gina@off.example &&
	mailadm -q alias add info@off.example gina@off.example &&
	logs_in gina@off.example pw-gina@off.example &&
	mailadm -q domain disable off.example &&
	rcpt gina@off.example info@off.example &&
	! holds matches "$out" "^250" && matches "$out" "^554 5.7.1 " &&
	no_login gina@off.example pw-gina@off.example'
t 'its mail can be read again when it is enabled' '
	mailadm -q domain enable off.example &&
	logs_in gina@off.example pw-gina@off.example &&
	send back info@off.example && mailbox arrives gina@off.example back'

t 'a connection that has just delivered to a domain sees it disabled' '
	session() {
		rcpt -f same@sender.test "$1" gina@off.example
	}
	session info@off.example && matches "$out" "^250" &&
	mailadm -q domain disable off.example &&
	session info@off.example && ! holds matches "$out" "^[24]" &&
	mailadm -q domain enable off.example'

### Catch-all

t 'a catch-all gets what nobody else does' '
	mailadm -q domain add catch.example &&
	add_user hans@catch.example && add_user iris@catch.example &&
	mailadm -q alias add @catch.example hans@catch.example &&
	mailadm -q alias add sales@catch.example iris@catch.example &&
	send any anything@catch.example &&
	mailbox arrives hans@catch.example any'
t 'but not the mail of a user' '
	send user1 iris@catch.example && send user2 iris+x@catch.example &&
	mailbox arrives iris@catch.example user1 &&
	mailbox arrives iris@catch.example user2 &&
	mailbox absent hans@catch.example user1 &&
	mailbox absent hans@catch.example user2'
t 'nor of an alias' '
	send alias1 sales@catch.example && send alias2 sales+x@catch.example &&
	mailbox arrives iris@catch.example alias1 &&
	mailbox arrives iris@catch.example alias2 &&
	mailbox absent hans@catch.example alias1 &&
	mailbox absent hans@catch.example alias2'
t 'nor of a disabled user or alias: they are refused' '
	mailadm -q user disable iris@catch.example &&
	mailadm -q alias disable sales@catch.example &&
	refused iris@catch.example && refused iris+x@catch.example &&
	refused sales@catch.example && refused sales+x@catch.example'
t 'not even when the mail is submitted on the server itself' '
	printf "Subject: local1\n\nx\n" | sendmail -C "$E/etc" \
		-f outside@sender.test iris@catch.example &&
	eventually logged "to=<iris@catch.example>.*status=bounced" &&
	mailbox absent hans@catch.example local1'
t 'a disabled catch-all leaves unknown names unknown' '
	mailadm -q alias disable @catch.example &&
	refused anything@catch.example && refused a+b@catch.example &&
	mailadm -q alias enable @catch.example'

### Alias domains

t 'an alias domain has the users of its target' '
	mailadm -q domain add aka.example --alias-of example.com &&
	send aka1 bob@aka.example && mailbox arrives bob@example.com aka1 &&
	send aka2 bob+tag@aka.example && mailbox arrives bob@example.com aka2'
t 'and the aliases' '
	send aka3 info@aka.example && arrives anna@example.com "$password" aka3'
t 'an unknown name in it is refused at RCPT' '
	refused nobody@aka.example && refused nobody+x@aka.example'
t 'and so is one that is disabled in the target' '
	mailadm -q user disable frida@example.com &&
	mailadm -q alias disable info@example.com &&
	refused frida@aka.example && refused frida+x@aka.example &&
	refused info@aka.example &&
	mailadm -q user enable frida@example.com &&
	mailadm -q alias enable info@example.com'
t 'its own alias wins, with a +tag too' '
	mailadm -q alias add info@aka.example carl@example.com &&
	send own1 info@aka.example && send own2 info+x@aka.example &&
	arrives carl@example.com changed own1 &&
	arrives carl@example.com changed own2 &&
	absent anna@example.com "$password" own1 &&
	absent anna@example.com "$password" own2'
t 'and when disabled is refused' '
	mailadm -q alias disable info@aka.example &&
	refused info@aka.example && refused info+x@aka.example'
t 'a catch-all of the target serves the alias domain' '
	mailadm -q domain add grab.example --alias-of catch.example &&
	send grab1 anything@grab.example &&
	mailbox arrives hans@catch.example grab1 &&
	send grab2 any+tag@grab.example &&
	mailbox arrives hans@catch.example grab2'
t 'beside which its own alias still wins, with a +tag too' '
	mailadm -q alias add help@grab.example bob@example.com &&
	send grab3 help@grab.example && send grab4 help+x@grab.example &&
	mailbox arrives bob@example.com grab3 &&
	mailbox arrives bob@example.com grab4 &&
	mailbox absent hans@catch.example grab3 &&
	mailbox absent hans@catch.example grab4'
t 'and what is disabled in the target is still refused' '
	refused iris@grab.example && refused sales+x@grab.example'
t 'a catch-all of its own wins over that of the target' '
	mailadm -q alias add @grab.example carl@example.com &&
	send grab5 anything@grab.example &&
	arrives carl@example.com changed grab5 &&
	mailbox absent hans@catch.example grab5 && refused iris@grab.example'
t 'an alias domain whose target is disabled accepts nothing' '
	mailadm -q domain disable catch.example &&
	rcpt anything@grab.example help@grab.example hans@grab.example &&
	[ "$(printf "%s\n" "$out" | grep -c "^554 5.7.1 ")" = 3 ] &&
	mailadm -q domain enable catch.example'
t 'nor does a disabled alias domain' '
	mailadm -q domain disable aka.example &&
	rcpt bob@aka.example && matches "$out" "^554 5.7.1 "'

### Renamed and removed

t 'after user rename the mail is still there' '
	send before bob@example.com && mailbox arrives bob@example.com before &&
	mailadm -q user rename bob@example.com robert@example.com &&
	arrives robert@example.com pw-bob@example.com before &&
	no_login bob@example.com pw-bob@example.com &&
	refused bob@example.com &&
	send after robert@example.com &&
	arrives robert@example.com pw-bob@example.com after'
t 'which a new user of the old name does not see' '
	add_user bob@example.com &&
	logs_in bob@example.com pw-bob@example.com &&
	mailbox absent bob@example.com before &&
	send newbob bob@example.com && mailbox arrives bob@example.com newbob &&
	absent robert@example.com pw-bob@example.com newbob'
t 'after domain rename too, and for the aliases' '
	mailadm -q domain rename off.example on.example &&
	arrives gina@on.example pw-gina@off.example back &&
	send moved info@on.example &&
	arrives gina@on.example pw-gina@off.example moved &&
	no_login gina@off.example pw-gina@off.example &&
	rcpt gina@off.example && matches "$out" "^554 5.7.1 "'
t 'a name removed and added again finds an empty mailbox' '
	send old frida@example.com && mailbox arrives frida@example.com old &&
	mailadm -q user remove frida@example.com --yes &&
	refused frida@example.com &&
	add_user frida@example.com &&
	logs_in frida@example.com pw-frida@example.com &&
	mailbox absent frida@example.com old &&
	send new frida@example.com && mailbox arrives frida@example.com new'

### Quotas

t 'who has a full mailbox is refused at RCPT, so that nothing bounces' '
	mailadm -q user set frida@example.com --quota 1 &&
	rcpt frida@example.com && matches "$out" "^552 5.2.2 .*full" &&
	rcpt frida+tag@example.com && matches "$out" "^552 5.2.2 "'
t 'by way of an alias, too' '
	mailadm -q alias add big@example.com frida@example.com &&
	rcpt big@example.com && matches "$out" "^552 5.2.2 .*full"'
t 'beside another destination the message waits for room' '
	mailadm -q alias add big@example.com bob@example.com &&
	send waits big@example.com && mailbox arrives bob@example.com waits &&
	eventually logged \
		"to=<frida@example.com>.*status=deferred.*452 4.2.2" &&
	mailadm -q alias remove big@example.com &&
	mailadm -q user set frida@example.com --quota default &&
	postqueue -f && mailbox arrives frida@example.com waits &&
	mailadm -q user set frida@example.com --quota 1'
t 'and one within the default of the domain is not' '
	mailadm -q user set frida@example.com --quota default &&
	send room frida@example.com && mailbox arrives frida@example.com room'

### And after all that

t 'no lookup was deferred, and neither server complained' '
	eventually queue_empty &&
	run grep -E "warning|error:|fatal|panic|status=deferred" \
		"$E/log/postfix"
	empty "$(printf "%s\n" "$out" | grep -v -e "Quota exceeded" \
	    -e "not owned by root: .*/policy.cnf")" &&
	run grep -E "Warning|Error|Fatal|Panic" "$E/log/dovecot"; empty "$out"'

### The checker

# All of it in use, and each domain with somebody for postmaster@.
put_right() {
	for name in $(mailadm domain list --inactive --columns domain); do
		mailadm -q domain enable "$name" || return 1
	done
	for name in $(mailadm user list --inactive --columns email); do
		mailadm -q user enable "$name" || return 1
	done
	for name in $(mailadm alias list --inactive --columns mail); do
		mailadm -q alias enable "$name" || return 1
	done
	for name in $(mailadm domain list --columns domain,alias_of |
	    sed -n "s/	.N$//p"); do
		mailadm -q alias add --if-not-exists "postmaster@$name" \
		    anna@example.com || return 1
	done
}

t 'the checker finds nothing wrong with it, but a mailbox that forwards' '
	put_right && run mailadm check && status 1 &&
	is "$(printf "%s\n" "$out" | cut -f 1,4)" "U017	emil@example.com" &&
	run mailadm check --ignore U017:emil@example.com && status 0 &&
	empty "$out"'

t 'nor with an export of it in another database' '
	mailadm export --with-hashes >"$E/export.yaml" &&
	sed "/^user=/d; /^password=/d" "$T/client.cnf" >"$E/root.cnf" &&
	echo "user=root" >>"$E/root.cnf" && chmod 600 "$E/root.cnf" &&
	server_database= && sql "CREATE DATABASE copy" &&
	"$MAILADM" --defaults-file="$E/root.cnf" --database copy -q \
	    schema init &&
	"$MAILADM" --defaults-file="$E/root.cnf" --database copy -q \
	    apply --yes "$E/export.yaml" &&
	run "$MAILADM" --defaults-file="$E/root.cnf" --database copy check \
	    --ignore U017:emil@example.com && status 0 && empty "$out"'

finish
