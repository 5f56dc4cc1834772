# What is left in memory: no secret, once its command is over.
. tests/lib.sh
need_command perl
[ -z "$SAN" ] || skip_all 'a sanitizer keeps what was freed'
server_start && fresh

mailadm --quiet domain add x.org
mailadm --quiet user add anna@x.org --no-password

# in_memory FILE TEXT...: a command for the script of a terminal.
cat >"$T/look" <<END
file=\$1 && shift &&
perl $TOP/tests/pty/memory.pl $T/client.cnf "\$@" >\$file
END

t 'a password that was typed is gone when its command is over' '
	run on_terminal <<-END &&
		expect "mailadm> "
		send "user passwd anna@x.org\r"
		expect "New password: "
		hidden
		send "Geheim9canary\r"
		expect "The same again: "
		hidden
		await "sh $T/look $T/while Geheim9canary"
		send "Geheim9canary\r"
		expect "has a new password"
		expect "^mailadm> "
		await "sh $T/look $T/after Geheim9canary"
		send "quit\r"
		status 0
	END
	status 0 && is "$(cat "$T/after")" "0 Geheim9canary" &&
	unlike "$(cat "$T/while")" "0 Geheim9canary"'

t 'so is one that was refused, or not typed again' '
	run on_terminal <<-END &&
		expect "mailadm> "
		send "user passwd anna@x.org\r"
		expect "New password: "
		hidden
		send "Geheim9canary\r"
		expect "The same again: "
		hidden
		send "Another8canary\r"
		expect "the two passwords differ"
		expect "^mailadm> "
		await "sh $T/look $T/after Geheim9canary Another8canary"
		send "user verify anna@x.org\r"
		expect "Password: "
		hidden
		send "Wrong7canary\r"
		expect "mailadm: "
		expect "^mailadm> "
		await "sh $T/look $T/later Wrong7canary"
		send "quit\r"
		status 0
	END
	status 0 && is "$(cat "$T/after")" "0 Geheim9canary
0 Another8canary" && is "$(cat "$T/later")" "0 Wrong7canary"'

finish
