# shellcheck shell=sh disable=SC2154 # of the others
# $filter is away, and back: tests/debian/filter.sh sources it.

# Sessions on all ports: the last answer of each.
answer() {
	printf '%s\n' "$err" | sed -n 's/^< \([0-9].*\)/\1/p' | tail -n 2
}

# shellcheck disable=SC2086 # name and password
down_answers() { # $1: what port 25 and submission say
	compose x@pass.example bo@alpha.example "down-$round" >"$T/mail" &&
	timed receive 192.0.2.2 x@pass.example bo@alpha.example &&
	matches "$(answer)" "^451 4" && below "$took" 16 &&
	compose anna@alpha.example x@out.example "down-$round" >"$T/mail" &&
	timed submit_file 465 $anna anna@alpha.example x@out.example &&
	matches "$(answer)" "^45[14] 4" && unlike "$err" "< 535" &&
	below "$took" 16
}

below() {
	awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }' ||
		{ t_notes="$1 s"; return 1; }
}

local_waits() {
	compose anna@alpha.example x@out.example "late-$round" |
		tr -d '\r' | sendmail -i -f anna@alpha.example x@out.example
}

t "$filter: while it is down mail waits, and no login fails" '
	${filter}_down && down_answers && local_waits &&
	! sunk "down-$round"'

t "$filter: when it is back the same mail goes out, signed" '
	run ${filter}_up && status 0 && submit_file 465 $anna \
		anna@alpha.example x@out.example && status 0 &&
	verified "down-$round" alpha.example &&
	postqueue -f && verified "late-$round" alpha.example'

freeze() { # SIGNAL
	for f_name in rspamd opendkim opendmarc; do
		# shellcheck disable=SC2046 # numbers
		! pidof "$f_name" >"$T/pids" ||
			kill "-$1" $(cat "$T/pids") || return 1
	done
}

# shellcheck disable=SC2086 # name and password
milter_ready() {
	submit_file 465 $anna anna@alpha.example x@out.example
	[ "$status" -eq 0 ]
}

if [ -n "${long-}" ]; then
	t "$filter: frozen, it costs 10 s and no mail" '
		freeze STOP && { down_answers; f_result=$?; } ;
		freeze CONT && [ "$f_result" = 0 ] && eventually milter_ready'
fi

if [ "$filter" = opendkim ]; then
	t 'without OpenDMARC mail from outside waits, and users send' '
		kill "$(cat /run/opendmarc/opendmarc.pid)" &&
		eventually gone opendmarc &&
		compose x@pass.example bo@alpha.example "dmarc-$round" \
			>"$T/mail" &&
		receive 192.0.2.2 x@pass.example bo@alpha.example &&
		matches "$(answer)" "^451 4" &&
		compose anna@alpha.example x@out.example "dmarc-$round" \
			>"$T/mail" &&
		submit_file 587 $anna anna@alpha.example x@out.example &&
		status 0 && verified "dmarc-$round" alpha.example &&
		run opendmarc_up && status 0'
	t 'without policyd-spf mail is taken all the same' '
		mv /usr/bin/policyd-spf /usr/bin/policyd-spf.away &&
		printf "#!/bin/sh\n" >/usr/bin/policyd-spf &&
		chmod 755 /usr/bin/policyd-spf && run postfix reload &&
		compose x@pass.example bo@alpha.example "spf-$round" \
			>"$T/mail" &&
		timed receive 192.0.2.2 x@pass.example bo@alpha.example &&
		status 0 && below "$took" 17 &&
		mv /usr/bin/policyd-spf.away /usr/bin/policyd-spf'
fi
