# shellcheck shell=sh disable=SC2154 # of the others
# What goes out through $filter: tests/debian/filter.sh sources it.

# After the whole of a session: not by a greeting or a time-out.
passed_or_refused() {
	matches "$err" "^< (250 2.0.0 Ok: queued|5[0-9][0-9] 5)"
}

round=$((${round:-0} + 1))		# subjects are never used twice

t "$filter: mail over 465 and 587 is signed for its domain" '
	for port in 465 587; do
		compose anna@alpha.example x@out.example "by-$port-$round" \
			>"$T/mail" &&
		submit_file $port $anna anna@alpha.example x@out.example &&
		status 0 && verified "by-$port-$round" alpha.example || return 1
	done'

t "$filter: so is what programs here send" '
	compose anna@alpha.example x@out.example "local-$round" |
		tr -d "\r" | sendmail -i -f anna@alpha.example x@out.example &&
	verified "local-$round" alpha.example'

t "$filter: an alias domain signs with its own key" '
	compose anna@aka.example x@out.example "aka-$round" >"$T/mail" &&
	submit_file 465 $anna anna@aka.example x@out.example && status 0 &&
	verified "aka-$round" aka.example'

t "$filter: mail between our users is signed, too" '
	compose anna@alpha.example eve@beta.example "inside-$round" \
		>"$T/mail" &&
	submit_file 465 $anna anna@alpha.example eve@beta.example &&
	status 0 && arrives $eve "inside-$round" &&
	like "$(header eve@beta.example "inside-$round" dkim-signature)" \
	    "d=alpha.example;"'

t "$filter: nobody gets the signature of another domain by From:" '
	compose anna@alpha.example x@out.example "from-$round" >"$T/mail" &&
	submit_file 465 $eve eve@beta.example x@out.example && status 0 &&
	unsigned "from-$round"'

t "$filter: nor by MAIL FROM:<>" '
	compose anna@alpha.example x@out.example "null-$round" >"$T/mail" &&
	submit_file 465 $eve "" x@out.example && status 0 &&
	unsigned "null-$round" &&
	tr -d "\r" <"$T/mail" | sed "s/null-/nulls-/" |
		sendmail -i -f "" x@out.example && unsigned "nulls-$round"'

# From now on with another address: Postfix counts the logins of each.
elsewhere() {
	places=$((${places:-0} + 1))
	interface=192.0.2.$((100 + places % 60))
}

# Each a From: that shows a domain of others, and what else stands with it.
forgeries() {
	cat <<-'END'
	From: anna@alpha.example
	From: ANNA@ALPHA.Example
	From: <anna@aka.example>
	From: "eve@beta.example" <anna@alpha.example>
	From: =?utf-8?q?eve=40beta.example?= <anna@alpha.example>
	From: <anna@alpha.example> (eve@beta.example)
	From: <eve@beta.example>, <anna@alpha.example>
	From: <anna@alpha.example>, <eve@beta.example>
	From: all: <anna@alpha.example>, <eve@beta.example>;
	From: <@beta.example:anna@alpha.example>
	From: <anna@alpha.example>|From: <eve@beta.example>
	From: <eve@beta.example>|From: <anna@alpha.example>
	From: <anna@alpha.example>|Sender: <eve@beta.example>
	From: <eve@beta.example>|From : <anna@alpha.example>
	From:|  <anna@alpha.example>
	Sender: <anna@alpha.example>
	Resent-From: <anna@alpha.example>|From: <anna@alpha.example>
	END
}

# Refused, or gone out and not signed for alpha or aka.
no_foreign() { # SUBJECT
	[ "$status" -eq 0 ] || return 0
	gone_out "$1" && sunk_mail "$1" | sed '/^$/q' >"$T/head" &&
		! grep -E 'd=(alpha|aka)\.example' "$T/head"
}

# shellcheck disable=SC2086 # name and password
# Sent by eve, logged in, with this sender: taken or refused, and with no
# signature of alpha or aka.
forged() { # SENDER NUMBER HEADERS
	printf '%s|Subject: %s|Message-ID: <%s@client.example>||Hello.|' \
	    "$3" "forge-$round-$2" "forge-$round-$2" |
		sed 's/||/|\n/; s/|/\n/g' | sed 's/$/\r/' >"$T/mail"
	elsewhere && submit_file 465 $eve "$1" x@out.example
	passed_or_refused && no_foreign "forge-$round-$2" && return
	t_notes="$2, of $1: $3"
	return 1
}

forged_all() { # SENDER
	forgeries >"$T/forgeries"
	while read -r f_header; do
		f_number=$((${f_number:-0} + 1))
		forged "$1" $f_number "$f_header" </dev/null || return 1
	done <"$T/forgeries"
}

t "$filter: nor by any other form of From:, whoever the sender is" '
	forged_all eve@beta.example && forged_all ""'

t "$filter: nor as the sender of others, which Postfix refuses" '
	elsewhere && compose anna@alpha.example x@out.example "sender-$round" \
		>"$T/mail" &&
	submit_file 465 $eve anna@alpha.example x@out.example &&
	[ "$status" != 0 ] && like "$err" "< 553 5.7.1" &&
	! sunk "sender-$round"'

t "$filter: who may send as another signs with the key of that domain" '
	elsewhere && mailadm -q user grant bo@alpha.example \
		--send-as eve@beta.example &&
	compose eve@beta.example x@out.example "grant-$round" >"$T/mail" &&
	submit_file 465 bo@alpha.example pw-bo eve@beta.example \
	    x@out.example && status 0 &&
	verified "grant-$round" beta.example &&
	mailadm -q user revoke bo@alpha.example --send-as eve@beta.example &&
	mailadm -q user grant bo@alpha.example --send-as @beta.example \
		--force &&
	compose sales@beta.example x@out.example "domain-$round" \
		>"$T/mail" &&
	submit_file 465 bo@alpha.example pw-bo sales@beta.example \
	    x@out.example && status 0 &&
	verified "domain-$round" beta.example &&
	mailadm -q user revoke bo@alpha.example --send-as @beta.example'

# aka.example has no SPF and no DMARC, by which its mail would be refused.
stranger_unsigned() { # ADDRESS FROM NUMBER
	compose anna@aka.example bo@alpha.example "stranger-$round-$3" \
		>"$T/mail"
	receive "$1" "$2" bo@alpha.example && status 0 &&
	eventually arrived "stranger-$round-$3" "*" &&
	empty "$(header bo@alpha.example "stranger-$round-$3" \
	    dkim-signature)"
}

t "$filter: strangers are not signed, private networks included" '
	stranger_unsigned 192.0.2.100 anna@aka.example 1 &&
	stranger_unsigned 192.0.2.101 "" 2 &&
	stranger_unsigned 10.9.0.2 anna@aka.example 3 &&
	stranger_unsigned 10.9.0.2 "" 4 &&
	stranger_unsigned 10.9.0.2 x@nospf.example 5'
