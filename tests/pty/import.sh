# A long import or apply on a terminal: how far it has come, and Ctrl-C.
. tests/lib.sh

server_start && fresh
. tests/pty/lib-hold.sh

mailadm -q domain add a.example
mailadm -q domain add b.example

# Two chunks.  The first is written when the second waits for its domain.
{
	echo email,hash
	seq -f 'u%g@a.example,!' 2000
	seq -f 'u%g@b.example,!' 500
} >"$T/users.csv"

# All that an import writes.
written() {
	sql 'SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM homes),
	    (SELECT COUNT(*) FROM changes), (SELECT COUNT(*) FROM history)' |
	    tr '\t' ' '
}

alone() {
	[ "$(sql "SELECT COUNT(*) FROM information_schema.processlist
	    WHERE command <> 'Daemon'")" = 1 ]
}

before=$(written)

t 'Ctrl-C ends an import, and nothing of it is left' '
	hold_domain b.example &&
	run on_terminal import users "$T/users.csv" <<-END &&
		await "$T/waits-long"
		send "\\x03"
		expect "mailadm: interrupted; rolled back"
		status 130
	END
	status 0
	release && eventually alone && is "$(written)" "$before"'

t 'in the shell Ctrl-C during an import leads back to the prompt' '
	hold_domain b.example &&
	run on_terminal <<-END &&
		expect "mailadm> "
		send "import users $T/users.csv\\r"
		await "$T/waits-long"
		send "\\x03"
		expect "mailadm: interrupted; rolled back"
		expect "^mailadm> "
		send "quit\\r"
		status 0
	END
	status 0
	release && eventually alone && is "$(written)" "$before"'

t 'Ctrl-C in the shell ends the hashing of many passwords' '
	{ echo email,password; seq -f "p%g@a.example,pass-word" 2000; } \
	    >"$T/passwords.csv" &&
	echo "rounds = 1000000" >"$T/slow.conf" &&
	run on_terminal --config "$T/slow.conf" <<-END &&
		expect "mailadm> "
		send "import users $T/passwords.csv\\r"
		expect "[0-9]+ passwords, [0-9]+ a second"
		send "\\x03"
		expect "mailadm: interrupted"
		expect "^mailadm> "
		send "quit\\r"
		status 0
	END
	status 0 && is "$(written)" "$before"'

t 'Ctrl-C ends the hashing of the passwords that apply makes' '
	{ echo users:; seq -f "  g%g@a.example: {generate: true}" 400; } \
	    >"$T/generate.yaml" &&
	run on_terminal --config "$T/slow.conf" <<-END &&
		expect "mailadm> "
		send "apply $T/generate.yaml --yes\r"
		expect "[0-9]+ passwords, [0-9]+ a second"
		send "\x03"
		expect "mailadm: interrupted; rolled back"
		expect "^mailadm> "
		send "quit\r"
		status 0
	END
	status 0 && is "$(written)" "$before"'

t 'off a terminal nothing is shown but the end' '
	hold_domain b.example &&
	{ mailadm import users "$T/users.csv" --dry-run 2>"$T/err" &
	import=$!; } &&
	eventually "$T/waits-long" &&
	release && wait "$import" &&
	is "$(cat "$T/err")" "note: dry run: nothing was changed
2500 users added, 0 changed, 0 unchanged"'

t 'on a terminal a line shows the progress, and disappears at the end' '
	hold_domain b.example &&
	run on_terminal import users "$T/users.csv" <<-END &&
		await "$T/waits-long"
		await "$T/release"
		expect "2500 rows, [0-9]+ a second"
		expect "^2500 users added, 0 changed, 0 unchanged"
		status 0
	END
	status 0
	release && is "$(sql "SELECT COUNT(*) FROM users")" 2500'

finish
