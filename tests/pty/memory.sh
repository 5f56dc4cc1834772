# A secret that was typed is nowhere in the memory of the shell when its
# command is over: not in the line, nor in what was killed or undone.
. tests/lib.sh
need_command perl
[ -z "${SAN:-}" ] || skip_all 'a sanitizer keeps what was freed'
server_start && fresh

mailadm -q domain add example.com
mailadm -q user add bo@example.com --no-password
HASH='$5$rounds=50000$abcdefghijklmnop$'$(printf '%042d' 0 | tr 0 Z)A

cat >"$T/look" <<END
perl $TOP/tests/pty/memory.pl $T/client.cnf "\$@" >>$T/found
END

# Types what standard input says; there "look TEXT" adds to $T/found how often
# the text is found.
typed() {
	rm -f "$T/found"
	sed "s|look \\(.*\\)|await \"sh $T/look \\1\"|" >"$T/script"
	run "$DRIVE" "$T/script" "$MAILADM" --defaults-file="$T/client.cnf"
}

nowhere() {
	status 0 && [ -s "$T/found" ] &&
	is "$(grep -v "^0 " "$T/found")" ""
}

t 'before the end of its line a secret is found' '
	typed <<-"END" && status 0 && matches "$(cat "$T/found")" "^[1-9]"
		expect "mailadm> "
		send "user passwd bo@example.com --hash s3cret-one"
		expect "s3cret-one"
		look s3cret-one
		send "\x03"
		expect "^mailadm> "
		send "quit\r"
		status 0
	END'

t 'a line that is refused leaves nothing of its secret' '
	typed <<-"END" && nowhere
		expect "mailadm> "
		send "user passwd bo@example.com --hash s3cret-one\r"
		expect "not a hash"
		expect "^mailadm> "
		look s3cret-one
		send "user passwd bo@example.com s3cret-two\r"
		expect "^hint: "
		expect "^mailadm> "
		look s3cret-two
		send "passwd bo@example.com s3cret-three\r"
		expect "unknown command"
		expect "^mailadm> "
		look s3cret-three
		send "user passwd bo@example.com \"s3cret-four\r"
		expect "mailadm: "
		expect "^mailadm> "
		look s3cret-four
		send "quit\r"
		status 0
	END'

t 'a line that was done leaves nothing of its secret' '
	typed <<-END && nowhere
		expect "mailadm> "
		send "user passwd bo@example.com --hash $HASH\r"
		expect "has a new password"
		expect "^mailadm> "
		look ZZZZZZZZ
		send "quit\r"
		status 0
	END'

t 'a line that Ctrl-C gave up leaves nothing of its secret' '
	typed <<-"END" && nowhere
		expect "mailadm> "
		send "user passwd bo@example.com s3cret-one"
		expect "s3cret-one"
		send "\x03"
		expect "^mailadm> "
		look s3cret-one
		send "quit\r"
		status 0
	END'

t 'a secret that was killed, yanked and undone is gone with its line' '
	typed <<-"END" && nowhere
		expect "mailadm> "
		send "user passwd bo@example.com s3cret-one"
		expect "s3cret-one"
		send "\x17"
		send "\x19\x19"
		expect "s3cret-ones3cret-one"
		send "\x1f\x1f\x15"
		send "status\r"
		expect "^server "
		expect "^mailadm> "
		look s3cret-one
		send "\x19\r"
		expect "^mailadm> "
		look s3cret-one
		send "quit\r"
		status 0
	END'

t 'a secret that was typed over a line of the history is gone, too' '
	typed <<-"END" && nowhere
		expect "mailadm> "
		send "domain list\r"
		expect "example.com"
		expect "^mailadm> "
		send "status\r"
		expect "^server "
		expect "^mailadm> "
		send "\x10\x15user passwd bo@example.com s3cret-one"
		expect "s3cret-one"
		send "\x10"
		expect "domain list"
		send "\r"
		expect "^example.com "
		expect "^mailadm> "
		look s3cret-one
		send "quit\r"
		status 0
	END'

t 'a secret that was pasted, or stood where TAB was pressed, is gone' '
	typed <<-"END" && nowhere
		expect "mailadm> "
		send "\e[200~find x\nuser passwd bo s3cret-one\n\e[201~\r"
		expect "^hint: "
		expect "^mailadm> "
		look s3cret-one
		send "user passwd s3cret-two\t\t"
		expect "s3cret-two"
		send "\x15status\r"
		expect "^server "
		expect "^mailadm> "
		look s3cret-two
		send "quit\r"
		status 0
	END'

t 'a password that was asked for is gone, however it ended' '
	typed <<-"END" && nowhere
		expect "mailadm> "
		send "user passwd bo@example.com\r"
		expect "New password: "
		hidden
		send "s3cret-one\r"
		expect "Repeat the password: "
		hidden
		send "s3cret-one\r"
		expect "has a new password"
		expect "^mailadm> "
		look s3cret-one
		send "user passwd bo@example.com\r"
		expect "New password: "
		hidden
		send "s3cret-two\r"
		expect "Repeat the password: "
		hidden
		send "s3cret-three\r"
		expect "the passwords are not the same"
		expect "New password: "
		hidden
		send "\r"
		expect "^mailadm> "
		look s3cret-two s3cret-three
		send "user verify bo@example.com\r"
		expect "Password: "
		hidden
		send "s3cret-four\r"
		expect "mailadm: "
		expect "^mailadm> "
		look s3cret-four
		send "quit\r"
		status 0
	END'

t 'while it is used it is found' '
	typed <<-"END" && status 0 && matches "$(cat "$T/found")" "^[1-9]"
		expect "mailadm> "
		send "user passwd bo@example.com\r"
		expect "New password: "
		hidden
		send "s3cret-one\r"
		expect "Repeat the password: "
		hidden
		look s3cret-one
		send "s3cret-one\r"
		expect "^mailadm> "
		send "quit\r"
		status 0
	END'

t 'what else was killed can still be yanked' '
	run on_terminal <<-"END" && status 0
		expect "mailadm> "
		send "domain show example.com\x15"
		send "status\r"
		expect "^server "
		expect "^mailadm> "
		send "\x19\r"
		expect "^domain +example.com"
		send "quit\r"
		status 0
	END'

finish
