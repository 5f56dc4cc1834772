# undo alone, on a terminal: it offers the last change.
. tests/lib.sh
server_in_memory
server_start && fresh

t 'where nothing was changed there is nothing to undo' '
	run on_terminal undo <<-"END" && status 0
		expect "there is no change to undo"
		status 4
	END'

t 'undo alone asks about the last change, and only a yes undoes it' '
	mailadm -q domain add one.example &&
	mailadm -q domain add two.example &&
	run on_terminal undo <<-"END" && status 0 &&
		expect "^Undo change 2 by .*: domain two.example added[?] "
		send "n\r"
		expect "cancelled; nothing was changed"
		status 6
	END
	run on_terminal <<-"END" && status 0 &&
		expect "mailadm> "
		send "undo\r"
		expect "domain two.example added[?] "
		send "y\r"
		expect "change 2 undone by change 3"
		send "quit\r"
		status 0
	END
	is "$(mailadm domain list --columns domain)" one.example'

t 'a script must say which change' '
	run mailadm undo --yes && status 2 &&
	like "$err" "missing argument: CHANGE" &&
	echo undo >"$T/batch" && run mailadm --file "$T/batch" && status 2 &&
	is "$(mailadm domain list --columns domain)" one.example'

finish
