# Ctrl-Z and fg: the terminal is given back as it was, what was typed is
# there again, and a transaction goes on whole or is lost whole.
. tests/lib.sh

LSAN_OPTIONS="$LSAN_OPTIONS:suppressions='$TOP/tests/lsan.supp'"
LSAN_OPTIONS="$LSAN_OPTIONS:print_suppressions=0"

server_start && fresh
. tests/pty/lib-hold.sh

mailadm -q domain add example.com
mailadm -q user add anna@example.com --no-password
mailadm -q user add bo@example.com --no-password
{ patient; echo 'rounds = 5000'; } >"$T/conf"
MAILADM_CONFIG=$T/conf
export MAILADM_CONFIG

as_job() {
	"$DRIVE" --job - "$MAILADM" --defaults-file="$T/client.cnf" "$@"
}

quota() {
	sql "SELECT COALESCE(quota, 'none') FROM users
	    WHERE email = '$1@example.com'"
}

verify() {
	printf '%s\n' "$2" >"$T/secret" &&
	run mailadm user verify "$1" --password-stdin <"$T/secret"
}

# Ends mailadm's connections.
cat >"$T/cut" <<END
#!/bin/sh
"$T/ask" "\$("$T/ask" "SELECT CONCAT('KILL ', id, ';') FROM
    information_schema.processlist WHERE db = 'mail'
    AND id <> CONNECTION_ID() AND NOT info <=> 'DO SLEEP(3600)'")"
END
chmod 700 "$T/cut"

# --- at the prompt --------------------------------------------------------

t 'Ctrl-Z gives the terminal back, fg shows the line that was begun' '
	run as_job <<-"END" &&
		expect "mailadm> "
		send "user show an"
		expect "user show an"
		send "\x1a"
		expect "job stopped"
		visible
		send "fg\r"
		expect "^mailadm> user show an$"
		hidden
		send "na@example.com --columns email\r"
		expect "^email +anna@example.com"
		expect "mailadm> "
		send "quit\r"
		status 0
		visible
	END
	status 0'

t 'Ctrl-Z stops the shell again, and inside a search, too' '
	run as_job <<-"END" &&
		expect "mailadm> "
		send "domain show example.com\r"
		expect "^domain +example.com"
		expect "mailadm> "
		send "\x1a"
		expect "job stopped"
		send "fg\r"
		expect "^mailadm> $"
		hidden
		send "\x12dom"
		expect "reverse-i-search.*domain show"
		send "\x1a"
		expect "job stopped"
		visible
		send "fg\r"
		expect "reverse-i-search.*domain show"
		hidden
		send "\r"
		expect "^domain +example.com"
		expect "mailadm> "
		send "quit\r"
		status 0
	END
	status 0'

t 'after fg the hint stands behind the cursor again, once' '
	run as_job <<-"END" &&
		expect "mailadm> "
		send "alias add "
		expect "ADDRESS DESTINATION[.]{3}"
		send "\x1a"
		expect "job stopped"
		send "fg\r"
		expect "^mailadm> alias add ADDRESS DESTINATION[.]{3}$"
		hidden
		send "\x03"
		expect "^mailadm> "
		send "quit\r"
		status 0
	END
	status 0'

t 'after fg the new width of the window is used' '
	run as_job <<-"END" &&
		expect "mailadm> "
		send "\x1a"
		expect "job stopped"
		resize 24 200
		send "fg\r"
		expect "mailadm> "
		hidden
		send "user list\r"
		expect "^EMAIL +ACTIVE"
		send "quit\r"
		status 0
	END
	status 0'

t 'after fg an open transaction goes on' '
	run as_job <<-"END" &&
		expect "mailadm> "
		send "begin\ruser set anna@example.com --quota 1G\r"
		expect "changed"
		expect "mailadm[*]> "
		send "\x1a"
		expect "job stopped"
		visible
		send "fg\r"
		expect "^mailadm[*]> "
		hidden
		send "user set bo@example.com --quota 1G\rcommit\r"
		expect "^committed: 2 users changed"
		send "quit\r"
		status 0
	END
	status 0 && is "$(quota anna) $(quota bo)" "1073741824 1073741824"'

t 'a transaction that the server ended meanwhile is reported as lost' '
	run as_job <<-END &&
		expect "mailadm> "
		send "begin\ruser set anna@example.com --quota 2G\r"
		expect "changed"
		expect "mailadm[*]> "
		send "\x1a"
		expect "job stopped"
		await "$T/cut"
		send "fg\r"
		expect "mailadm[*]> "
		hidden
		send "user set bo@example.com --quota 2G\r"
		expect "the open transaction is lost; nothing of it was kept"
		expect "^mailadm> "
		send "user show bo@example.com --columns email\r"
		expect "^email +bo@example.com"
		send "quit\r"
		status 0
	END
	status 0 && is "$(quota anna) $(quota bo)" "1073741824 1073741824"'

# --- while a command runs -------------------------------------------------

t 'a command that waits for a row is stopped, and done after fg' '
	hold bo &&
	run as_job <<-END &&
		expect "mailadm> "
		send "user set bo@example.com --quota 3G\r"
		await "$T/waited-for"
		send "\x1a"
		expect "job stopped"
		visible
		await "$T/release"
		send "fg\r"
		expect "^user bo@example.com changed"
		expect "mailadm> "
		send "user show bo@example.com --columns quota\r"
		expect "^quota +3.*G"
		send "quit\r"
		status 0
	END
	status 0
	release; is "$(quota bo)" 3221225472'

t 'a command of an open transaction is stopped, and done after fg' '
	hold bo &&
	run as_job <<-END &&
		expect "mailadm> "
		send "begin\ruser set anna@example.com --quota 4G\r"
		expect "changed"
		expect "mailadm[*]> "
		send "user set bo@example.com --quota 4G\r"
		await "$T/waited-for"
		send "\x1a"
		expect "job stopped"
		visible
		await "$T/release"
		send "fg\r"
		expect "^user bo@example.com changed"
		expect "mailadm[*]> "
		send "commit\r"
		expect "^committed"
		send "quit\r"
		status 0
	END
	status 0
	release; is "$(quota anna) $(quota bo)" "4294967296 4294967296"'

t 'a connection that was cut meanwhile loses the whole transaction' '
	hold bo &&
	run as_job <<-END
		expect "mailadm> "
		send "begin\ruser set anna@example.com --quota 5G\r"
		expect "changed"
		expect "mailadm[*]> "
		send "user set bo@example.com --quota 5G\r"
		await "$T/waited-for"
		send "\x1a"
		expect "job stopped"
		await "$T/cut"
		send "fg\r"
		expect "the open transaction is lost; nothing of it was kept"
		expect "^mailadm> "
		send "user show bo@example.com --columns email\r"
		expect "^email +bo@example.com"
		send "quit\r"
		status 0
	END
	status 0
	release; is "$(quota anna) $(quota bo)" "4294967296 4294967296"'

t 'Ctrl-C after fg still ends the command' '
	hold bo &&
	run as_job <<-END
		expect "mailadm> "
		send "user set bo@example.com --quota 6G\r"
		await "$T/waited-for"
		send "\x1a"
		expect "job stopped"
		send "fg\r"
		running
		send "\x03"
		expect "interrupted; rolled back"
		expect "^mailadm> "
		send "quit\r"
		status 0
	END
	status 0
	release; is "$(quota bo)" 4294967296'

# Stopped before it reads, or not stopped yet, it would read what is for the
# shell in front.
cat >"$T/pager" <<END
#!/bin/sh
cat
echo \$\$ >"$T/pid"
echo 'more?'
read -r x </dev/tty
echo "got \$x"
END
cat >"$T/pager-is" <<END
#!/bin/sh
grep -q "^State:[[:space:]]*\$1" "/proc/\$(cat "$T/pid")/status"
END
chmod 700 "$T/pager" "$T/pager-is"

t 'the pager is stopped with the shell and goes on with it' '
	PAGER="$T/pager" run as_job <<-END &&
		expect "mailadm> "
		send "help\r"
		expect "^more[?]"
		await "$T/pager-is S"
		send "\x1a"
		expect "job stopped"
		await "$T/pager-is T"
		visible
		send "fg\r"
		send "on\r"
		expect "^got on"
		expect "mailadm> "
		send "quit\r"
		status 0
	END
	status 0'

# --- questions ------------------------------------------------------------

t 'a password is asked for again after fg, echo on only between' '
	run as_job user passwd anna@example.com <<-"END" &&
		expect "New password: "
		hidden
		send "Hidden half"
		send "\x1a"
		expect "job stopped"
		visible
		send "fg\r"
		expect "^New password: "
		hidden
		send "Hidden word 1\r"
		expect "^Repeat the password: "
		hidden
		send "\x1a"
		expect "job stopped"
		visible
		send "fg\r"
		expect "^Repeat the password: "
		hidden
		send "Hidden word 1\r"
		expect "has a new password"
		visible
		status 0
		absent "Hidden"
	END
	status 0 && verify anna@example.com "Hidden word 1" && status 0'

t 'in the shell a password is asked for again after fg, from its start' '
	run as_job <<-"END" &&
		expect "mailadm> "
		send "user passwd bo@example.com\r"
		expect "New password: "
		hidden
		send "Hidden half\x04"
		send "\x1a"
		expect "job stopped"
		visible
		send "fg\r"
		expect "^New password: "
		hidden
		send "Hidden word 2\r"
		expect "^Repeat the password: "
		hidden
		send "Hidden word 2\r"
		expect "has a new password"
		expect "mailadm> "
		send "\x1a"
		expect "job stopped"
		visible
		send "fg\r"
		expect "mailadm> "
		hidden
		send "quit\r"
		status 0
		absent "Hidden"
	END
	status 0 && verify bo@example.com "Hidden word 2" && status 0'

t 'Ctrl-C at the password after fg leaves the echo on' '
	run as_job user passwd anna@example.com <<-"END" && status 0 &&
		expect "New password: "
		hidden
		send "\x1a"
		expect "job stopped"
		send "fg\r"
		expect "^New password: "
		hidden
		send "\x03"
		expect "interrupted"
		visible
		status 130
	END
	verify anna@example.com "Hidden word 1" && status 0'

t 'after fg a question is asked again' '
	mailadm -q alias add info@example.com anna@example.com &&
	run as_job user remove anna@example.com --cascade <<-"END" &&
		expect "y/N"
		send "n"
		send "\x1a"
		expect "job stopped"
		send "fg\r"
		expect "info@example.com -> anna@example.com.*y/N"
		send "y\r"
		expect "^user anna@example.com removed"
		status 0
	END
	status 0'

t 'where nobody can resume it, Ctrl-Z does not stop it' '
	run on_terminal user passwd bo@example.com <<-"END" && status 0 &&
		expect "New password: "
		hidden
		send "\x1a"
		expect "New password: "
		hidden
		send "Hidden word 3\r"
		expect "^Repeat the password: "
		hidden
		send "Hidden word 3\r"
		expect "has a new password"
		visible
		status 0
		absent "Hidden"
	END
	verify bo@example.com "Hidden word 3" && status 0'

finish
