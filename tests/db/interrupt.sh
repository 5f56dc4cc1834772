# Signals: what is reported, and the status, are what the database holds.
#
# Each of INT, TERM, HUP and PIPE comes at some system calls of commands that
# write; "make check-killed" tries every one of them.
# shellcheck disable=SC2002,SC2015,SC2086 # words and numbers, on purpose
. tests/lib.sh
. tests/db/lib-faults.sh

SIGNAL_AT=$BUILT/tests/signal_at

[ -z "${SAN:-}" ] ||
	skip_all 'the leak checker does not run below ptrace'
server_start && fresh
mailadm --quiet domain add example.com
mailadm --quiet user add anna@example.com --no-password
printf '%s\n' 'domain add sig.example' \
    'user add bo@sig.example --no-password' \
    'alias add info@sig.example bo@sig.example' >"$T/batch"
printf '%s\n' email,hash 'bo@example.com,!' 'cy@example.com,!' >"$T/users.csv"

# What a command has written, all of it or nothing: rows and history.
rows() {
	sql "SELECT (SELECT COUNT(*) FROM domains WHERE domain LIKE 'sig%') +
	    (SELECT COUNT(*) FROM users WHERE email REGEXP '^(bo|cy)@') +
	    (SELECT COUNT(*) FROM aliases WHERE mail LIKE 'info@%'),
	    (SELECT COUNT(*) FROM history JOIN changes
		ON changes.id = history.change AND token IS NOT NULL
		WHERE name REGEXP '^(sig|bo@|cy@|info@)')" | tr '\t' ' '
}

clear_rows() {
	[ "$written" = '0 0' ] || sql "
	    DELETE FROM aliases WHERE mail LIKE 'info@%';
	    DELETE FROM users WHERE email REGEXP '^(bo|cy)@';
	    DELETE FROM domains WHERE domain LIKE 'sig%';
	    DELETE FROM homes; DELETE FROM history; DELETE FROM changes"
}

# The status and the words of the run that a signal has met.
words_are_true() {
	case $status in
	0)	is "$written" "$all" && unlike "$err" interrupted &&
		like "$err" "$done_line" ;;
	129|130|141|143)
		is "$status" $((128 + signal)) && is "$written" '0 0' &&
		unlike "$err" "$done_line" && unlike "$err" committed &&
		{ [ "$signal" -ne 2 ] || like "$err" interrupted; } ;;
	*)	t_notes="status $status: $err"
		return 1 ;;
	esac
}

# signal_at SIGNAL N COMMAND...
signal_at() {
	signal=$1
	at=$2
	shift 2
	SIGNAL_COUNT=$T/calls run "$SIGNAL_AT" $signal "$at" "$MAILADM" \
	    --defaults-file="$T/client.cnf" "$@"
	written=$(rows)
	words_are_true || {
		t_notes="signal $signal at call $at of $calls: $t_notes"
		return 1
	}
	clear_rows
}

# Which calls: some on the way, and those around the commit and the end.
calls_of() {
	if [ -n "${WHOLE:-}" ]; then
		seq "$calls"
		return
	fi
	case $1 in
	2)	seq $((calls / 7)) $((calls / 6 + 1)) $((calls - 22))
		seq $((calls - 20)) "$calls" ;;
	*)	seq $((calls / 3)) $((calls / 3)) $((calls - 10))
		seq $((calls - 9)) 4 "$calls" ;;
	esac
}

# signals 'ROWS HISTORY' 'DONE LINE' COMMAND...
signals() {
	all=$1
	done_line=$2
	shift 2
	calls=0
	signal_at 1 0 "$@" || return 1
	calls=$(cat "$T/calls")
	for number in 2 15 1 13; do
		for call in $(calls_of $number); do
			signal_at $number "$call" "$@" || return 1
		done
	done
}

t 'a signal at any call of domain add: words and status are true' '
	signals "1 1" "domain sig.example added" domain add sig.example'

t 'of user add, which shows a password' '
	signals "1 1" "user bo@example.com added" \
	    user add bo@example.com --generate'

t 'of alias add' '
	signals "1 1" "alias info@example.com added" \
	    alias add info@example.com anna@example.com'

t 'of a batch' '
	signals "3 3" "alias info@sig.example added" --file "$T/batch"'

t 'of an import' '
	signals "2 2" "2 users added" import users "$T/users.csv"'

# Until it ends: two that come together are one.
interrupted_twice() {
	kill -INT "$pid" 2>/dev/null && sleep 0.02 && return 1
	return 0
}

t 'who does not read what is reported ends it by a second Ctrl-C' '
	mkfifo "$T/full" && exec 7<>"$T/full" &&
	dd if=/dev/zero bs=65536 count=1 >&7 2>/dev/null &&
	{
		"$MAILADM" --defaults-file="$T/client.cnf" \
		    domain add sig.example 2>&7 &
		pid=$!
	} &&
	eventually eval "[ \"\$(rows)\" = \"1 1\" ]" &&
	kill -0 $pid && eventually interrupted_twice
	wait $pid; is $? 10 && written=$(rows) && clear_rows
	exec 7>&-; is "$written" "1 1"'

t 'a done line that cannot be written does not hide that it was done' '
	run mailadm domain add sig.example --json 2>/dev/full
	written=$(rows) && clear_rows && is "$written" "1 1" && status 0'

# So many lines as are reported are written; the others are not begun.
t 'of a batch whose lines are commands of their own' '
	words_are_true() {
		is "$(rows)" "$(grep -c added "$T/err") $(grep -c added \
		    "$T/err")" || return 1
		case $status in
		0)	like "$(tail -n 1 "$T/err")" "$done_line" ;;
		*)	is "$status" $((128 + signal)) ;;
		esac
	}
	signals "3 3" "alias info@sig.example added" --keep-going \
	    --file "$T/batch"'

finish
