# Settings of the shell that last are in a file of the user.
. tests/lib.sh
server_in_memory
server_start && fresh
rc=$XDG_CONFIG_HOME/mailadm/shellrc
mkdir -p "$XDG_CONFIG_HOME/mailadm"

t 'its lines are settings, for every shell' '
	printf "%s\n" "# mine" "" "set timing on" "set output csv" >"$rc" &&
	run on_terminal <<-"END" && status 0 && unlike "$out" "mailadm: "
		expect "mailadm> "
		send "set timing\r"
		expect "^timing,on"
		expect " ms$"
		send "quit\r"
		status 0
	END'

t 'a wrong line is said with its number, and the others count' '
	printf "%s\n" "set timng on" "set hints" "domain add x.example" \
	    "set timing on" >"$rc" &&
	run on_terminal <<-"END" && status 0 &&
		expect "shellrc:1: unknown setting"
		expect "shellrc:2: expected: set SETTING VALUE"
		expect "shellrc:3: expected: set SETTING VALUE"
		expect "mailadm> "
		send "set timing\r"
		expect "on"
		send "quit\r"
		status 0
	END
	is "$(mailadm domain list)" ""'

t 'a file that others can write is refused' '
	echo "set timing on" >"$rc" && chmod 666 "$rc" &&
	run on_terminal <<-"END" && status 0
		expect "mailadm: .*shellrc"
		expect "mailadm> "
		send "set timing\r"
		expect "off"
		send "quit\r"
		status 0
	END'

t 'without the file, or a home, nothing is said and nothing is made' '
	rm "$rc" && HOME=/nonexistent XDG_CONFIG_HOME= XDG_STATE_HOME= \
	    run on_terminal <<-"END" && status 0 && [ ! -e /nonexistent ]
		expect "mailadm> "
		absent "mailadm: "
		send "quit\r"
		status 0
	END'

finish
