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

# A setting of ours, in the files of the servers; the filter reads it when it
# starts.
set_to() { # NAME VALUE
	d_file=/etc/mailadm/mailadm.conf
	{ grep -v "^$1 *=" $d_file; echo "$1 = $2"; } >"$T/conf" &&
	cat "$T/conf" >$d_file && run mailadm config render all --out / &&
	status 0 && printf '%s\n' "$err" | sed -n 's/^hint: rm/rm/p' | sh &&
	run postfix reload && status 0
}

# shellcheck disable=SC2086 # name and password
t "$filter: with filter_down = accept mail goes on, and is not signed" '
	${filter}_down && set_to filter_down accept &&
	set_to dmarc_reject yes &&
	compose x@pass.example bo@alpha.example "accept-$round" >"$T/mail" &&
	receive 192.0.2.2 x@pass.example bo@alpha.example && status 0 &&
	eventually arrived "accept-$round" INBOX &&
	compose anna@alpha.example x@out.example "accept-$round" >"$T/mail" &&
	submit_file 465 $anna anna@alpha.example x@out.example && status 0 &&
	unsigned "accept-$round" && set_to filter_down tempfail'

t "$filter: while it is down mail waits, and no login fails" '
	down_answers && local_waits &&
	! sunk "down-$round"'

t "$filter: when it is back the same mail goes out, signed" '
	run ${filter}_up && status 0 && submit_file 465 $anna \
		anna@alpha.example x@out.example && status 0 &&
	verified "down-$round" alpha.example &&
	postqueue -f && verified "late-$round" alpha.example'

# NAME SENDER FROM KEY REPLY MAILBOX, as in filter-in.sh.  OpenDMARC refuses,
# but marks nothing.
wishes() {
	cat <<-END
	reject      pass       fail   -     55 -
	reject-sub  sub.strict.example strict - 55 -
	reject-key  pass       fail   pass  55 -
	reject-past pass       fail   fail/past 55 -
	quarantine  soft       soft   -     250 $1
	none        loose      loose  -     250 INBOX
	aligned     pass       fail   fail  250 INBOX
	unasked     nospf      nospf  -     250 INBOX
	END
}

wish() { # NAME SENDER FROM KEY REPLY MAILBOX
	case_send "$1" "$2" "$3" "$4" &&
	matches "$(tail -n 1 "$T/replies")" "^$1 $5" &&
	case $6 in
	-) matches "$err" "^< 55[04] 5\.7\.1 " ;;
	*) eventually arrived "$1-$round" "$6" ;;
	esac
}

# shellcheck disable=SC2086 # words
wishes_done() { # MAILBOX
	wishes "$1" >"$T/wishes"
	while read -r w_words; do
		wish $w_words </dev/null || return 1
	done <"$T/wishes"
}

marked=Junk
[ "$filter" = rspamd ] || marked=INBOX

t "$filter: with dmarc_reject = yes it does what DMARC says" '
	wishes_done $marked && set_to dmarc_reject no'

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
