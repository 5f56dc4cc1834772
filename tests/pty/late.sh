# Signals that come at the last moment, as they do on a busy machine: none is
# lost, and none waits for the next key.
# shellcheck disable=SC2002,SC2015,SC2086 # words and numbers, on purpose
. tests/lib.sh

LSAN_OPTIONS="$LSAN_OPTIONS:suppressions='$TOP/tests/lsan.supp'"
LSAN_OPTIONS="$LSAN_OPTIONS:print_suppressions=0"
# The library is not built with the sanitizers, and stands before theirs.
ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0"

server_start && fresh
mailadm -q domain add example.com
mailadm -q user add bo@example.com --no-password

# With --job in front Ctrl-Z stops it.
drive_late() {
	late_job=
	[ "${1:-}" != --job ] || { late_job=$1; shift; }
	"$DRIVE" $late_job - env LD_PRELOAD="$(preloaded late.so)" \
	    LATE="$T/late" "$MAILADM" --defaults-file="$T/client.cnf" "$@"
}

# late PLACE SIGNAL: what the driver is told; see late.c for the places.
late() {
	echo "await \"echo $1 $2 >$T/late\""
}

raised() {
	echo "await \"test ! -e $T/late\""
}

# At the prompt and inside a search: the keys, and what the screen shows.
for where in line search; do
	case $where in
	line) keys="domain sho" shown="domain sho" more=w
		again="^mailadm> domain sho" ;;
	search) keys="\\x12d" shown="reverse-i-search.*d.: domain show"
		more=o again="reverse-i-search.*: domain show" ;;
	esac
	for place in wait read; do
		t "Ctrl-Z in a $where stops it before a $place, fg goes on" '
			run drive_late --job <<-END && status 0
				expect "mailadm> "
				send "domain show example.com\r"
				expect "^domain +example.com"
				expect "mailadm> "
				send "$keys"
				expect "$shown"
				$(late $place TSTP)
				send "$more"
				expect "job stopped"
				visible
				send "fg\r"
				expect "$again"
				hidden
				send "\x03"
				expect "^mailadm> "
				send "quit\r"
				status 0
			END'

		t "Ctrl-C in a $where gives it up before a $place" '
			run drive_late <<-END && status 0
				expect "mailadm> "
				send "domain show example.com\r"
				expect "^domain +example.com"
				expect "mailadm> "
				send "$keys"
				expect "$shown"
				$(late $place INT)
				send "$more"
				expect "^mailadm> "
				send "\x15user show b\t\r"
				expect "^email +bo@example.com"
				send "quit\r"
				status 0
			END'

		t "SIGTERM in a $where ends it before a $place, with echo" '
			run drive_late <<-END && status 0
				expect "mailadm> "
				send "domain show example.com\r"
				expect "^domain +example.com"
				expect "mailadm> "
				send "$keys"
				expect "$shown"
				$(late $place TERM)
				send "$more"
				visible
				status 143
			END'
	done
done

t 'Ctrl-C after the end of a line, before its command: neither is done' '
	run drive_late <<-END && status 0
		expect "mailadm> "
		$(late changed INT)
		send "user show bo@example.com --columns email\r"
		$(raised)
		expect "^mailadm> "
		send "domain show example.com --columns domain\r"
		expect "^domain +example.com"
		send "quit\r"
		status 0
		absent "^email"
	END'

t 'Ctrl-Z between a line and its command stops it, fg runs the command' '
	run drive_late --job <<-END && status 0
		expect "mailadm> "
		$(late changed TSTP)
		send "user show bo@example.com --columns email\r"
		expect "job stopped"
		visible
		send "fg\r"
		expect "^email +bo@example.com"
		expect "mailadm> "
		send "quit\r"
		status 0
	END'

t 'SIGTERM between a line and its command ends it, nothing is done' '
	run drive_late <<-END && status 0
		expect "mailadm> "
		$(late changed TERM)
		send "user disable bo@example.com\r"
		visible
		status 143
	END
	is "$(mailadm user show bo@example.com --columns active)" 1'

# A terminal hands over what is typed when the line ends: so a place that is
# reached before the next one is that of the byte after the first.
t 'Ctrl-C while a password is asked for ends it, however late it comes' '
	for place in wait read change changed; do
		run drive_late user passwd bo@example.com <<-END &&
			expect "New password: "
			hidden
			$(late $place INT)
			send "word 1\r"
			$(raised)
			visible
			status 130
		END
		status 0 || return 1
	done'

t 'Ctrl-C before the password is asked for ends the command' '
	for place in change changed; do
		echo "$place INT now" >"$T/late" &&
		run drive_late user passwd bo@example.com <<-END &&
			expect "interrupted"
			visible
			status 130
		END
		status 0 || return 1
	done'

t 'Ctrl-Z while a password is asked for stops it with the echo on' '
	for place in wait read change changed; do
		run drive_late --job user passwd bo@example.com <<-END &&
			expect "New password: "
			hidden
			$(late $place TSTP)
			send "word 1\r"
			expect "job stopped"
			visible
			send "fg\r"
			expect "^New password: |^Repeat the password: "
			hidden
			send "\x03"
			expect "interrupted"
			visible
			status 130
		END
		status 0 || return 1
	done'

finish
