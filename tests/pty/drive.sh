# The program that types for the other tests of this folder can be believed:
# what it waits for has been shown, and what fails is said.
. tests/lib.sh

drive() {
	"$DRIVE" "$@"
}

gone() {
	! kill -0 "$1" 2>/dev/null
}

t 'what is typed arrives, what is shown is seen' '
	run drive - sh -c "echo name?; read name; echo hello \$name" <<-"END" &&
		expect "^name[?]$"
		send "anna\r"
		expect "^hello an+a$"
		status 0
	END
	status 0 && like "$out" "hello anna" && empty "$err"'

t 'what is not shown in time fails, and the line is named' '
	run drive - sh -c "echo one; read x" <<-"END"
		expect "one"
		timeout 0.2
		expect "two"
	END
	status 1 && like "$err" "line 3 failed: expect \"two\""'

t 'each expect looks only after the one before' '
	run drive - sh -c "echo one; read x" <<-"END"
		expect "one"
		timeout 0.2
		expect "one"
	END
	status 1'

t 'the end of the program ends the waiting' '
	run drive - true <<-"END"
		expect "never"
	END
	status 1'

t 'hidden input is not echoed' '
	run drive - sh -c "stty -echo; echo ask; read x; stty echo; echo \$x." \
	    <<-"END" &&
		expect "ask"
		hidden
		send "se"
		send "cret\r"
		expect "^secret[.]$"
		status 0
	END
	status 0 && is "$(grep -c secret "$T/out")" 1'

t 'absent and shown look at everything' '
	run drive - sh -c "echo one; echo two" <<-"END" &&
		expect "two"
		shown "one"
		absent "three"
		status 0
	END
	status 0 &&
	run drive - echo one <<-"END"
		expect "one"
		absent "one"
	END
	status 1'

t 'escape sequences are taken out' '
	run drive - printf "\\033[1mbo\\033[mld\\033]0;x\\007.\\n" <<-"END" &&
		expect "^bold[.]$"
		status 0
	END
	status 0'

t 'a signal goes to the program, as Ctrl-C does' '
	for how in "signal INT" "send \"\\x03\""; do
		run drive - sh -c "trap \"exit 7\" INT; echo on; read x" <<-END
			expect "on"
			$how
			status 7
		END
		status 0 || return 1
	done && status 0'

t 'the end of a killed program is 128 and the signal' '
	run drive - sh -c "kill -TERM \$\$" <<-"END" &&
		status 143
	END
	status 0'

t 'Ctrl-D ends the input, a new size is seen' '
	run drive - sh -c "cat; stty size" <<-"END" &&
		resize 30 100
		eof
		expect "^30 100$"
		status 0
	END
	status 0'

t 'another status fails' '
	run drive - false <<-"END"
		status 0
	END
	status 1 && like "$err" "the status is 1"'

t 'a program that goes on is killed at the end' '
	run drive - sh -c "echo \$\$ >\"$T/pid\"; echo on; exec sleep 600" \
	    <<-"END" &&
		expect "on"
	END
	status 0 && ! kill -0 "$(cat "$T/pid")" 2>/dev/null'

t 'a command of the script is asked until it succeeds' '
	run drive - sh -c "touch \"$T/made\"; read x; echo \$x." \
	    <<-END && status 0 &&
		await "test -e $T/made"
		send "on\r"
		expect "^on[.]$"
		status 0
	END
	run drive - sleep 600 <<-END
		timeout 0.2
		await "test -e $T/never"
	END
	status 1'

t 'with --job Ctrl-Z stops the program until fg, and its end is the end' '
	run drive --job - sh -c "echo on; read x; echo \$x.; exit 3" \
	    <<-"END" && status 0 &&
		expect "on"
		send "\x1a"
		expect "job stopped"
		send "fg\r"
		send "more\r"
		expect "^more[.]$"
		status 3
	END
	run drive --job - sh -c "kill -TERM \$\$" <<-"END"
		status 143
	END
	status 0'

t 'a job that is stopped at the end of the script is killed' '
	run drive --job - sh -c \
	    "echo \$\$ >\"$T/pid\"; echo on; exec sleep 600" <<-"END" &&
		expect "on"
		send "\x1a"
		expect "job stopped"
	END
	status 0 && eventually gone "$(cat "$T/pid")"'

finish
