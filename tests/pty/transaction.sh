# begin ... commit in the shell: a refused command is undone alone, and what
# ends all of the transaction says so.
. tests/lib.sh
server_in_memory
server_start && fresh
. tests/pty/lib-hold.sh

mailadm -q <<END || bail_out 'no rows'
domain add example.com
user add anna@example.com --no-password
user add bo@example.com --no-password
END

quota() {
	sql "SELECT COALESCE(quota / 1073741824, 'none') FROM users
	    WHERE email = '$1@example.com'" | sed 's/[.]0*$//'
}

# The changes and rows of the history since $T/seen.
recorded() {
	sql "SELECT CONCAT(COUNT(DISTINCT c.id), ' ', COUNT(h.id))
	    FROM changes AS c LEFT JOIN history AS h ON h.\`change\` = c.id
	    WHERE c.id > $(cat "$T/seen")"
	sql "SELECT COALESCE(MAX(id), 0) FROM changes" >"$T/seen"
}
echo 0 >"$T/seen"
recorded >"$T/before"

t 'a refused command is undone alone, and the transaction goes on' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "begin\r"
		expect "mailadm[*]> "
		send "user set anna@example.com --quota 1G\r"
		expect "changed"
		send "user set nobody@example.com --quota 1G\r"
		expect "no such user: nobody@example.com"
		expect "mailadm[*]> "
		send "user set bo@example.com --quota 2G\rcommit\r"
		expect "^committed: 2 users changed$"
		expect "^mailadm> "
		send "quit\r"
		status 0
	END
	status 0 && is "$(quota anna) $(quota bo)" "1 2" &&
	is "$(recorded)" "1 2"'

t 'what it had done before it was refused goes, and is never said' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "begin\ruser remove anna@example.com no@example.com\r"
		expect "no such user: no@example.com"
		expect "mailadm[*]> "
		send "user show anna@example.com --columns quota\r"
		expect "^quota +1G"
		send "commit\r"
		expect "^committed; nothing was changed"
		expect "^mailadm> "
		send "quit\r"
		status 0
		absent "anna@example.com removed"
	END
	status 0 && is "$(quota anna)" 1 && is "$(recorded)" "0 0"'

t 'the first write may be refused: the next one records the change' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "begin\ruser disable anna@example.com no@example.com\r"
		expect "no such user"
		send "user set anna@example.com --quota 3G\r"
		expect "changed"
		send "user remove bo@example.com no@example.com\rcommit\r"
		expect "^committed: 1 user changed$"
		send "quit\r"
		status 0
	END
	status 0 && is "$(quota anna) $(quota bo)" "3 2" &&
	is "$(recorded)" "1 1"'

t 'the password of a refused command is not shown' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "begin\ruser add cy@example.com --generate\r"
		expect "^password +[a-zA-Z0-9]+"
		send "user add cy@example.com --generate\r"
		expect "already exists"
		expect "mailadm[*]> "
		send "rollback\rquit\r"
		status 0
		absent "not valid"
	END
	status 0 && is "$(grep -c "^password " "$T/out")" 1'

t 'a lock that is not let go in time costs that command alone' '
	patient lock_timeout 1 >"$T/unlocked.conf" && hold bo &&
	run on_terminal --config "$T/unlocked.conf" <<-"END" &&
		expect "mailadm> "
		send "begin\ruser set anna@example.com --quota 4G\r"
		expect "changed"
		send "user set bo@example.com --quota 4G\r"
		expect "another transaction holds the rows"
		expect "mailadm[*]> "
		send "commit\r"
		expect "^committed: 1 user changed$"
		send "quit\r"
		status 0
		absent "is lost"
	END
	status 0 && release && is "$(quota anna) $(quota bo)" "4 2" &&
	is "$(recorded)" "1 1"'

cat >"$T/heavy" <<END
BEGIN;
INSERT INTO locks (name) SELECT seq FROM seq_1_to_2000;
SELECT 'they hold' FROM users WHERE email = 'bo@example.com' FOR UPDATE;
END
cat >"$T/want" <<END
#!/bin/sh
echo "SELECT email FROM users WHERE email = 'anna@example.com'
    FOR UPDATE;" >"$T/theirs"
END
chmod 700 "$T/want"

t 'a deadlock ends all of it, and a note says so' '
	mkfifo "$T/theirs" &&
	{ mariadb --no-defaults --skip-ssl -S "$server_socket" -u root \
	    -N --unbuffered mail <"$T/theirs" >"$T/they" 2>&1 &
	theirs=$!; } &&
	exec 8>"$T/theirs" &&
	run on_terminal <<-END &&
		expect "mailadm> "
		send "begin\\ruser set anna@example.com --quota 5G\\r"
		expect "changed"
		await "cat \"$T/heavy\" >\"$T/theirs\""
		await "grep -q hold \"$T/they\""
		send "user set bo@example.com --quota 5G\\r"
		await "$T/waited-for"
		await "$T/want"
		expect "in conflict with another transaction"
		expect "the open transaction is lost; nothing of it was kept"
		expect "^mailadm> "
		send "commit\\r"
		expect "no open transaction"
		send "quit\\r"
		status 0
	END
	exec 8>&- && wait "$theirs" && status 0 &&
	is "$(quota anna) $(quota bo)" "4 2" && is "$(recorded)" "0 0"'

t 'a shell with --dry-run commits nothing, also not what begin opened' '
	run on_terminal --dry-run <<-"END" &&
		expect "mailadm> "
		send "begin\ruser set anna@example.com --quota 6G\r"
		expect "changed"
		send "commit\r"
		expect "^note: dry run: nothing was changed$"
		expect "^mailadm> "
		send "quit\r"
		status 0
		absent "committed"
	END
	status 0 && is "$(quota anna)" 4 && is "$(recorded)" "0 0"'

t 'a batch stays all or nothing' '
	printf "%s\n" "user set anna@example.com --quota 6G" \
	    "user set no@example.com --quota 6G" >"$T/batch" &&
	run mailadm --file "$T/batch" && status 4 && is "$(quota anna)" 4'

finish
