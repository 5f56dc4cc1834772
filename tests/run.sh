#!/bin/sh
# Runs the parts of the suite and counts: sh tests/run.sh PART|FILE...
#
# The parts are unit, cli, db, pty, e2e, debian and lint.  Of debian each
# release in $DEBIAN_RELEASES is a file, for its mail server, and another,
# RELEASE.package, for the package.  The first minutes of an admin,
# RELEASE.newcomer, are for the first of them, and the mail filters,
# RELEASE.filter, for the last; "make check-newcomer" and "make check-filter"
# have them on each.
#
# What a test file prints is TAP; it goes to $OUT/test/logs and here only when
# it fails.  A file that crashes, runs no test, another number than planned, or
# too long is a failure of its own.  Where CI=true a skip is one too.

OUT=${OUT:-build}
SAN=${SAN:-}
LIMIT=${LIMIT:-3600}
DEBIAN_RELEASES=${DEBIAN_RELEASES:-bookworm trixie}
LOGS=$OUT/test/logs
PATH=$PATH:/usr/sbin:/sbin
# Chosen by make for itself, they would disturb a make inside of a test.
unset MAKEFLAGS MAKELEVEL MFLAGS TESTS
export OUT SAN CI

# What the sanitizers cannot run: they keep what was freed, and the leak checker
# does not work below ptrace.  And the tests of the tools, which run no program
# of ours.
WITHOUT_SAN='tests/(pty/memory|db/interrupt'
WITHOUT_SAN="$WITHOUT_SAN|cli/(circles|lint|mutate|package|pictures))\.sh"
# And, but for WHOLE=1, what waits for other programs for most of its time, or
# runs again what other files run: SQL, the real servers, the help of each
# command.
if [ -z "${WHOLE:-}" ]; then
	WITHOUT_SAN="$WITHOUT_SAN|tests/cli/(help|hints|howto|manual|tree)\.sh"
	WITHOUT_SAN="$WITHOUT_SAN|tests/db/(adopt|adopt_killed|batch"
	WITHOUT_SAN="$WITHOUT_SAN|check_alias|check_database|check_fix"
	WITHOUT_SAN="$WITHOUT_SAN|check_output"
	WITHOUT_SAN="$WITHOUT_SAN|check_planted|check_user|concurrency"
	WITHOUT_SAN="$WITHOUT_SAN|dkim_dns|dkim_filter|dkim_sync|dns_diff"
	WITHOUT_SAN="$WITHOUT_SAN|dns_world|doctor"
	WITHOUT_SAN="$WITHOUT_SAN|explain|faults|forgery|forgery_more|hints"
	WITHOUT_SAN="$WITHOUT_SAN|hosts|idn_map|import_dkim_dns|not_shown"
	WITHOUT_SAN="$WITHOUT_SAN|manual|provision|schema|send_as|spellings|try"
	WITHOUT_SAN="$WITHOUT_SAN|user_rights)\.sh|tests/pty/(shell|zsh)\.sh"
	WITHOUT_SAN="$WITHOUT_SAN|tests/e2e/(cases|doctor|faults|hashes|mail"
	WITHOUT_SAN="$WITHOUT_SAN|maps|route|senders|text_maps|verify"
	WITHOUT_SAN="$WITHOUT_SAN|howto)\.sh"
fi

# By the sources: the program of a test that is gone may still be there.
files_of() {
	case $1 in
	tests/*) echo "$1" ;;
	unit) find tests/unit -name '*.c'; find tests/fuzz -name 'fuzz_*.c' ;;
	lint) echo tests/lint.sh; echo tests/linters.sh ;;
	debian)
		for r in $DEBIAN_RELEASES; do
			printf '%s\n' "tests/debian/$r" \
			    "tests/debian/$r.package" "tests/debian/$r.setup"
		done
		printf 'tests/debian/%s\n' "${DEBIAN_RELEASES%% *}.newcomer" \
		    "${DEBIAN_RELEASES##* }.filter" \
		    "${DEBIAN_RELEASES%% *}.moving" ;;
	*) find "tests/$1" -name '*.sh' ! -name 'lib*.sh' ;;
	esac 2>/dev/null | sort | left_out "$1"
}

# A file that is asked for by its name is run.
left_out() {
	case $1 in
	tests/*) cat ;;
	*) grep -vxE "${SAN:+$WITHOUT_SAN}" ;;
	esac
}

# The part of a file; a part is its own.
part_of() {
	case $1 in
	tests/lint*) echo lint ;;
	tests/fuzz/*) echo unit ;;
	tests/*/*) echo "$1" | cut -d / -f 2 ;;
	*) echo "$1" ;;
	esac
}

# Why the end-to-end tests cannot run here, or nothing.
e2e_obstacle() {
	if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
		echo 'Postfix needs root: run as root or allow "sudo -n"'
	elif [ ! -x /usr/sbin/postfix ]; then
		[ ! -x /usr/sbin/sendmail ] || other=' (another mailer is)'
		echo "Postfix is not installed${other:-}"
	elif [ ! -x /usr/sbin/dovecot ]; then
		echo 'Dovecot is not installed'
	fi
}

# Becomes the command of a test file, in the way that its part wants.
start() {
	name=${1%.c}
	root=
	case $name in
	tests/unit/*) set -- env CMOCKA_MESSAGE_OUTPUT=TAP "$OUT/$name" ;;
	tests/fuzz/*)
		set -- "$OUT/$name" "tests/fuzz/corpus/${name##*/fuzz_}" ;;
	tests/e2e/*) root=y; set -- sh "$1" ;;
	tests/debian/*)
		root=y
		set -- sh tests/debian/release.sh "${name##*/}" ;;
	*) set -- sh "$1" ;;
	esac
	if [ -n "$root" ] && [ "$(id -u)" -ne 0 ]; then
		set -- sudo -n env OUT="$OUT" SAN="$SAN" CI="$CI" \
		    timeout -k 10 "$LIMIT" "$@"
	fi
	exec timeout -k 10 "$LIMIT" "$@"
}

# passed, failed and skipped of a log, and what is wrong with the file.
count() {
	awk -v status="$2" '
	/^[ \t]*not ok/ { ran++; failed++ }
	/^[ \t]*ok/ {
		ran++
		if (toupper($0) ~ /# *SKIP/) skipped++; else passed++
	}
	/^[ \t]*1\.\.[0-9]/ {
		sub(/^[ \t]*1\.\./, "")
		plans++
		planned += $1
		if ($1 == 0 && toupper($0) ~ /# *SKIP/) { skipped++; all = 1 }
	}
	/^Bail out!/ { wrong = $0 }
	END {
		if (wrong == "") {
			if (status == 124 || status == 137)
				wrong = "took too long"
			else if (!plans)
				wrong = "died before its end"
			else if (ran != planned)
				wrong = "ran " ran + 0 " of " planned
			else if (!ran && !all)
				wrong = "ran no test"
			else if (status && !failed)
				wrong = "no test failed"
			if (wrong != "")
				wrong = wrong ", status " status
		}
		if (wrong != "")
			failed++
		print passed + 0, failed + 0, skipped + 0, wrong
	}' "$1"
}

one() {
	log=$LOGS/$1-$(basename "$2").log
	begun=$(date +%s)
	( start "$2" ) >"$log" 2>&1 &
	child=$!
	wait "$child"
	count "$log" $? >"$log.count"
	read -r passed failed skipped wrong <"$log.count"
	{
		printf '%-36s %4s passed' "$2" "$passed"
		[ "$failed" -eq 0 ] || printf ', %s FAILED' "$failed"
		[ "$skipped" -eq 0 ] || printf ', %s skipped' "$skipped"
		[ -z "$wrong" ] || printf ' (%s)' "$wrong"
		printf ', %s s\n' $(($(date +%s) - begun))
		grep -i '# *skip' "$log"
		[ "$1" != debian ] || grep '^# ' "$log"
		[ "$failed" -eq 0 ] ||
			grep -Ev '^[ 	]*ok |^1\.\.[1-9]' "$log" | head -n 300
	} >"$log.said"
	cat "$log.said"
}

# Takes the next file that nobody has taken, until there is none.
worker() {
	trap 'kill "$child" 2>/dev/null; exit 143' TERM
	while read -r part file; do
		mkdir "$claims/$part-$(basename "$file")" 2>/dev/null &&
		one "$part" "$file"
	done <"$1"
}

# All files, by N workers.  Those that cannot run beside each other are for the
# first one alone, which begins with them, so that the others need not wait.
work() {
	n=$1
	claims=$(mktemp -d "$LOGS/claims.XXXXXX") || exit 1
	cat "$LOGS/alone" "$LOGS/together" >"$LOGS/first"
	worker "$LOGS/first" &
	workers=$!
	while [ "$((n -= 1))" -gt 0 ]; do
		worker "$LOGS/together" &
		workers="$workers $!"
	done
	# shellcheck disable=SC2086 # numbers
	wait $workers
	rm -rf "$claims"
}

# shellcheck disable=SC2086
stop() {
	[ -z "$workers" ] || kill $workers 2>/dev/null
	wait
	exit 130
}

refuse() {
	echo "$1"
	echo "0 1 0" >"$LOGS/$2.log.count"
}

parallel() {
	n=$(nproc)
	[ "$n" -lt 3 ] || n=3
	echo "$n"
}

rm -rf "$LOGS"
mkdir -p "$LOGS" || exit 1
workers=
trap stop INT TERM HUP
: >"$LOGS/together"
: >"$LOGS/alone"
for asked; do
	part=$(part_of "$asked")
	list=$LOGS/together
	if [ "$part" = e2e ]; then
		list=$LOGS/alone
		obstacle=$(e2e_obstacle)
		if [ -n "$obstacle" ]; then
			echo "tests/e2e # SKIP $obstacle"
			echo '0 0 1' >"$LOGS/e2e.log.count"
			continue
		fi
	fi
	files_of "$asked" | sed "s|^|$part |" >"$LOGS/part"
	[ -s "$LOGS/part" ] || refuse "$part: there is no test" "$part"
	cat "$LOGS/part" >>"$list"
done
work "$(parallel)"

cat "$LOGS"/*.count | awk -v ci="$CI" '
	{ passed += $1; failed += $2; skipped += $3 }
	END {
		if (ci == "true" && skipped)
			print "a skip is a failure where CI=true"
		printf "%d passed, %d failed", passed, failed
		if (skipped)
			printf ", %d skipped", skipped
		print ""
		exit failed || !passed && !skipped || ci == "true" && skipped
	}'
