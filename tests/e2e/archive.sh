#!/bin/sh
# A copy of what users send, or get, goes to the archive, and of nothing else.
# shellcheck disable=SC2015,SC2016,SC2034,SC2154,SC2317 # t evaluates the code
. tests/lib.sh
. tests/e2e/lib-stack.sh
stack_up

for user in anna@example.com bo@example.com sent@store.example; do
	mailadm -q domain add "${user#*@}" --if-not-exists
	echo secret | mailadm -q user add "$user" --password-stdin --force ||
		bail_out 'no world'
done
mailadm -q domain set example.com --bcc-out sent@store.example

# submit PORT-URL SUBJECT SENDER RECIPIENT...: by anna's login.
submit() {
	s_url=$1 s_subject=$2 s_from=$3
	shift 3
	printf 'Subject: %s\r\n\r\nhello\r\n' "$s_subject" >"$E/message"
	for s_to; do
		set -- "$@" --mail-rcpt "$s_to"
		shift
	done
	run curl -s --max-time 60 --cacert "$E/dovecot/private/dovecot.pem" \
	    --ssl-reqd -u anna@example.com:secret "$s_url" \
	    --mail-from "$s_from" "$@" -T "$E/message" && status 0
}

copies() { # SUBJECT
	imap sent@store.example secret INBOX "SEARCH SUBJECT \"$1\"" |
	    tr -d '\r' | sed 's/.*SEARCH//' | wc -w
}

t 'what is submitted on 465 and 587 is copied' '
	submit "smtps://127.0.0.1:$submissions/" on-465 anna@example.com \
	    bo@example.com &&
	arrives bo@example.com secret on-465 &&
	arrives sent@store.example secret on-465 &&
	submit "smtp://127.0.0.1:$submission/" on-587 anna+t@example.com \
	    x@far.test && arrives sent@store.example secret on-587'

t 'once, whatever the number of recipients' '
	submit "smtps://127.0.0.1:$submissions/" many anna@example.com \
	    bo@example.com anna@example.com x@far.test &&
	arrives sent@store.example secret many &&
	eventually queue_empty && is "$(copies many)" 1'

t 'a sender on port 25 that is written by somebody else is not' '
	send forged -f anna@example.com bo@example.com &&
	arrives bo@example.com secret forged &&
	absent sent@store.example secret forged'

t 'nor is incoming mail' '
	send incoming anna@example.com &&
	arrives anna@example.com secret incoming &&
	absent sent@store.example secret incoming'

t 'and nothing is any more when it is ended' '
	mailadm -q domain set example.com --bcc-out none &&
	submit "smtps://127.0.0.1:$submissions/" ended anna@example.com \
	    bo@example.com && arrives bo@example.com secret ended &&
	absent sent@store.example secret ended'

### Incoming mail

mailadm -q alias add info@example.com anna@example.com bo@example.com

t 'what comes to a user is copied, also by an alias and with a tag' '
	mailadm -q domain set example.com --bcc-in sent@store.example &&
	send direct bo@example.com && arrives bo@example.com secret direct &&
	arrives sent@store.example secret direct &&
	send tagged bo+x@example.com &&
	arrives sent@store.example secret tagged &&
	eventually queue_empty && is "$(copies direct)" 1'

t 'to two users by one alias, once' '
	send both info@example.com && arrives bo@example.com secret both &&
	arrives anna@example.com secret both &&
	arrives sent@store.example secret both &&
	eventually queue_empty && is "$(copies both)" 1'

t 'what one user writes to another, once, too' '
	submit "smtps://127.0.0.1:$submissions/" inside anna@example.com \
	    bo@example.com && arrives sent@store.example secret inside &&
	eventually queue_empty && is "$(copies inside)" 1'

t 'an archive that gets no mail costs nobody a bounce' '
	mailadm -q user set sent@store.example --may-receive no &&
	send lost bo@example.com && arrives bo@example.com secret lost &&
	eventually queue_empty && ! logged "status=bounced" &&
	mailadm -q user set sent@store.example --may-receive yes &&
	absent sent@store.example secret lost'

t 'what an alias of ours forwards is not copied' '
	mailadm -q alias add out@example.com x@far.test &&
	send away out@example.com && eventually queue_empty &&
	absent sent@store.example secret away'

finish
