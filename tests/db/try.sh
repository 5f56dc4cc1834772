# "make try": mailadm on a database of its own, and nothing left behind.
. tests/lib.sh

mkdir "$T/tree"
ln -s "$TOP/tests" "$T/tree/tests"

try() {
	( cd "$T/tree" && exec sh tests/try.sh "$MAILADM" build/try )
}

# Whatever has this among its arguments; grep itself must not.
echo "$T/tree/build" >"$T/ours"
echo "$T/tree/build/try/client.cnf" >"$T/client"

left_behind() {
	grep -alF -f "$T/ours" /proc/[0-9]*/cmdline 2>/dev/null
}

nothing_left() {
	is "$(left_behind)" ""
}

mailadm_waits() {
	grep -aqF -f "$T/client" /proc/[0-9]*/cmdline 2>/dev/null
}

t 'commands from standard input are run, and only results are output' '
	cat >"$T/batch" <<-END &&
		domain add example.com
		user add anna@example.com --generate
		alias add info@example.com anna@example.com
	END
	run try <"$T/batch" && status 0 && lines "$out" 1 &&
	matches "$out" "^anna@example.com	[^ ]+$" &&
	like "$err" "alias info@example.com" && nothing_left'

t 'a second start finds the data again, and its exit status is kept' '
	echo "user show anna@example.com" >"$T/batch" &&
	run try <"$T/batch" && status 0 && like "$out" anna@example.com &&
	echo "domain show nowhere.example" >"$T/batch" &&
	run try <"$T/batch" && status 4 && nothing_left'

t 'the PATH of an ordinary user, without /usr/sbin, will do' '
	usual() { ( PATH=/usr/local/bin:/usr/bin:/bin; try ); } &&
	echo "user show anna@example.com" >"$T/batch" &&
	run usual <"$T/batch" && status 0 && nothing_left'

t 'keys for signing can be tried too' '
	echo "dkim add example.com --selector s1" >"$T/batch" &&
	run try <"$T/batch" && status 0 && like "$out" s1._domainkey &&
	is "$(stat -c %a "$T/tree/build/try/dkim.secret")" 600'

t 'the folder is closed to others' '
	is "$(stat -c %a "$T/tree/build/try")" 700'

# One that waits for more commands, on a pipe that stays open.
mkfifo "$T/pipe"
hold() {
	( cd "$T/tree" && exec sh tests/try.sh "$MAILADM" build/try ) \
	    <"$T/pipe" >"$T/held" 2>&1 &
	held=$!
	exec 7>"$T/pipe"
	eventually mailadm_waits
}

t 'two at once in one folder do not share a database' '
	hold && run try && status 6 && like "$err" "running already" &&
	exec 7>&- && wait "$held" && nothing_left'

for signal in TERM HUP KILL; do
	t "a $signal leaves no process behind" '
		hold && kill -s $signal "$held"
		wait "$held"
		exec 7>&-
		eventually nothing_left'
done

t 'after a kill the data is still there' '
	echo "domain show example.com" >"$T/batch" &&
	run try <"$T/batch" && status 0 && like "$out" example.com'

t 'on a terminal it is the shell, and Ctrl-C only clears the line' '
	run "$DRIVE" - sh -c "cd \"\$0\" && exec sh tests/try.sh \"\$1\" \
	    build/try" \
	    "$T/tree" "$MAILADM" <<-"END" &&
		timeout 30
		expect "mailadm> "
		send "nonsense"
		expect "nonsense"
		send "\x03"
		expect "mailadm> "
		send "domain list\r"
		expect "example[.]com"
		expect "mailadm> "
		eof
		status 0
	END
	status 0 && nothing_left'

finish
