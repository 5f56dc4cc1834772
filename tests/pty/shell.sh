# The shell, typed into: what TAB, "?" and the prompt do, and what survives
# Ctrl-C, a lost server and a closed window.
. tests/lib.sh

LSAN_OPTIONS="$LSAN_OPTIONS:suppressions='$TOP/tests/lsan.supp'"
LSAN_OPTIONS="$LSAN_OPTIONS:print_suppressions=0"

server_start && fresh
. tests/pty/lib-hold.sh

mailadm -q domain add example.com
mailadm -q domain add example.org
mailadm -q user add anna@example.com --no-password
mailadm -q user add bo@example.com --no-password
mailadm -q alias add info@example.com anna@example.com
STATE=$XDG_STATE_HOME/mailadm/history

quota() {
	sql "SELECT COALESCE(quota, 'none') FROM users
	    WHERE email = '$1@example.com'"
}

history_has() {
	grep -qxF -e "$1" "$STATE"
}

# --- completion, help, hints ----------------------------------------------

t 'TAB completes names that are in the database' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "user show b\t\r"
		expect "^email +bo@example.com"
		send "domain show example.o\t\r"
		expect "^domain +example.org"
		send "quit\r"
		status 0
	END
	status 0'

t 'TAB completes selectors of the domain before them' '
	sql "INSERT INTO dkim_keys (domain, selector, algorithm, bits,
	    public_key, private_key, secret_id) VALUES (\"example.org\",
	    \"2026r\", \"rsa\", 2048, \"AAAA\",
	    \"-----BEGIN ENCRYPTED PRIVATE KEY-----\",
	    \"0123456789abcdef\")" &&
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "dkim show example.o\t2\t\r"
		expect "^selector +2026r"
		send "quit\r"
		status 0
	END
	status 0 && sql "DELETE FROM dkim_keys"'

t 'several names are listed, and the line goes on as far as they agree' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "domain show e\t"
		expect "^example.com +example.org"
		expect "mailadm> domain show example."
		send "c\t\r"
		expect "^domain +example.com"
		send "quit\r"
		status 0
	END
	status 0'

t 'a new address is completed by its domain' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "user add carl@example.c\t --no-password\r"
		expect "^user carl@example.com added"
		send "user remove carl\t\r"
		expect "^user carl@example.com removed"
		send "quit\r"
		status 0
	END
	status 0'

t 'TAB sees what the open transaction has added' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "begin\rdomain add new.example.net\r"
		expect "domain new.example.net added"
		send "domain show new\t\r"
		expect "^domain +new.example.net"
		send "rollback\rquit\r"
		status 0
	END
	status 0'

t 'without a database TAB is silent, and the line can be used' '
	run "$DRIVE" - "$MAILADM" --defaults-file="$T/client.cnf" \
	    --socket="$T/nobody" <<-"END" &&
		expect "mailadm> "
		send "user show an\t\t"
		expect "user show an"
		send "\x15set tim\t\r"
		expect "^timing +off|^value +off"
		send "quit\r"
		status 0
		absent "cannot reach"
	END
	status 0'

# TAB and Ctrl-C wait a fifth of it.
patient connect_timeout 20 >"$T/hurried.conf"

t 'TAB gives up on a database that does not answer, and the line goes on' '
	printf "%s\n" "#!/bin/sh" "kill -\$1 $server_pid" >"$T/freeze" &&
	chmod 700 "$T/freeze" &&
	PAGER="$T/freeze STOP" run on_terminal --config "$T/hurried.conf" \
	    <<-"END"
		expect "mailadm> "
		send "user show b"
		expect "user show b"
		send "\x15help\r"
		expect "mailadm> "
		send "user show b\tX"
		expect "user show bX"
		signal TERM
		status 143
		absent "lost"
	END
	kill -CONT "$server_pid" && status 0'

# The pause is as long as a patient shell has it: minutes.
t 'TAB leaves a database that failed alone for a while' '
	on_failure() { printf "%s\n" "#!/bin/sh" "rm -f \"$T/moved\"" \
	    "mv \"$server_socket\" \"$T/moved\""; } &&
	on_failure >"$T/away" && chmod 700 "$T/away" &&
	PAGER="$T/away" run on_terminal <<-END &&
		expect "mailadm> "
		send "help\r"
		expect "mailadm> "
		send "user show b\tX"
		expect "user show bX"
		await "mv $T/moved $server_socket"
		send "\x15user show a\tY"
		expect "user show aY"
		send "\x15user show bo@example.com --columns email\r"
		expect "^email +bo@example.com"
		send "quit\r"
		status 0
	END
	status 0'

t '? shows what may follow and leaves the line as it is' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "?"
		expect "^  user +add, set, passwd"
		expect "mailadm> "
		send "user ?"
		expect "^  passwd +set a user.s password"
		expect "mailadm> user "
		send "show ?"
		expect "^  EMAIL +the user"
		expect "mailadm> user show "
		send "bo@example.com\r"
		expect "^email +bo@example.com"
		send "quit\r"
		status 0
	END
	status 0'

t 'inside a word and inside quotes ? is a character' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "user list b? --columns email -o tsv\r"
		expect "b[?] --columns"
		send "user list \"?o@example.com\" --columns email -o tsv\r"
		expect "^bo@example.com$"
		send "quit\r"
		status 0
		absent "EMAIL"
	END
	status 0'

t 'what is missing stands behind the cursor, but on no dumb terminal' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "alias add "
		expect "ADDRESS DESTINATION[.]{3}"
		send "\x15quit\r"
		status 0
	END
	status 0 &&
	TERM=dumb run on_terminal <<-"END" &&
		expect "mailadm> "
		send "alias add "
		expect "alias add "
		send "\x15quit\r"
		status 0
		absent "DESTINATION"
	END
	status 0'

t 'set hints off' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "set hints off\r"
		expect "mailadm> "
		send "alias add "
		expect "alias add "
		send "\x15quit\r"
		status 0
		absent "DESTINATION"
	END
	status 0'

t 'unique prefixes will do, others are listed, wrong words get a proposal' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "us li --columns email -o tsv\r"
		expect "^anna@example.com"
		send "us re bo@example.com\r"
		expect "\"re\" is ambiguous: rename, remove"
		send "usr list\r"
		expect "did you mean: user"
		send "quit\r"
		status 0
	END
	status 0'

# --- use, set, source -----------------------------------------------------

t 'in a domain local parts will do, in commands and for TAB' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "user show anna\r"
		expect "hint: set a default domain first: use DOMAIN"
		send "use example.c\t\r"
		expect "mailadm example.com> "
		send "user show a\t\r"
		expect "^email +anna@example.com"
		send "alias add post anna bo\r"
		expect "^alias post@example.com added"
		send "alias add @ anna\r"
		expect "^alias @example.com added"
		send "alias remove @\ralias remove post\r"
		expect "^alias post@example.com removed"
		send "use\r"
		expect "^mailadm> "
		send "use nowhere.org\r"
		expect "no such domain: nowhere.org"
		send "quit\r"
		status 0
	END
	status 0'

t 'in a domain lists are that domain'"'"'s unless the pattern has an @' '
	mailadm -q user add dora@example.org --no-password &&
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "use example.org\r"
		expect "example.org> "
		send "user list --columns email -o tsv\r"
		expect "^dora@example.org"
		expect "^mailadm example.org> "
		send "user list d* --columns email -o tsv\r"
		expect "^dora@example.org"
		expect "^mailadm example.org> "
		send "user list *@* --columns email -o tsv\r"
		expect "^bo@example.com"
		expect "^dora@example.org"
		send "quit\r"
		status 0
	END
	status 0 && is "$(grep -c ^anna "$T/out")" 1 &&
	mailadm -q user remove dora@example.org'

t 'settings are listed, changed, and refused with the values there are' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "set\r"
		expect "^SETTING +VALUE +HELP"
		send "set output json\r"
		expect "mailadm> "
		send "user show bo@example.com --columns email\r"
		expect "^[{]\"email\":\"bo@example.com\"[}]"
		send "set output auto\rset timing on\rstatus\r"
		expect "^[0-9.]+ ms"
		send "set timing perhaps\r"
		expect "unknown value \"perhaps\" .on, off."
		send "quit\r"
		status 0
	END
	status 0'

t 'source runs a file as one transaction, or as part of the open one' '
	printf "user add %s@example.com --no-password\n" c1 c2 >"$T/good" &&
	printf "user add %s@example.com --no-password\n" c3 c1 >"$T/bad" &&
	run on_terminal <<-END &&
		expect "mailadm> "
		send "source $T/good\r"
		expect "^user c2@example.com added"
		send "source $T/bad\r"
		expect "bad:2: .*c1@example.com"
		send "user show c3@example.com\r"
		expect "no such user: c3@example.com"
		send "begin\ruser remove c1@example.com c2@example.com\r"
		expect "c2@example.com removed"
		send "source $T/good\r"
		expect "^user c2@example.com added"
		send "source $T/bad\r"
		expect "bad:2: "
		expect "mailadm[*]> "
		send "user show c3@example.com\r"
		expect "no such user: c3@example.com"
		send "commit\r"
		expect "^committed: "
		send "quit\r"
		status 0
	END
	status 0 && is "$(sql "SELECT COUNT(*) FROM users
	    WHERE email LIKE \"c_@%\"")" 2 &&
	mailadm -q user remove c1@example.com c2@example.com'

# --- transactions ---------------------------------------------------------

t 'commit says what it writes; what came and went is not in it' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "begin\r"
		expect "mailadm[*]> "
		send "user add d1@example.com --no-password\r"
		send "user add d2@example.com --no-password\r"
		send "user add d3@example.com --no-password\r"
		send "user remove d3@example.com\r"
		send "alias remove info@example.com\rcommit\r"
		expect "^committed: 2 users added, 1 alias removed$"
		expect "^mailadm> "
		send "quit\r"
		status 0
	END
	status 0 && is "$(sql "SELECT COUNT(*) FROM users
	    WHERE email LIKE \"d_@%\"")" 2 &&
	mailadm -q user remove d1@example.com d2@example.com &&
	mailadm -q alias add info@example.com anna@example.com'

t 'leaving with a transaction open asks, by Ctrl-D too' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "begin\ruser set bo@example.com --quota 1G\r"
		expect "changed"
		expect "mailadm[*]> "
		eof
		expect "Roll it back and leave[?]"
		send "n\r"
		expect "mailadm[*]> "
		send "quit\r"
		expect "Roll it back and leave[?]"
		send "y\r"
		status 0
	END
	status 0 && is "$(quota bo)" none'

# --- output ---------------------------------------------------------------

t 'a table that is too wide becomes blocks, also after a resize' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "user list -o wide\r"
		expect "^email: anna@example.com"
		expect "^  active: yes"
		expect "mailadm> "
		resize 24 200
		send "user list -o wide\r"
		expect "^EMAIL +ACTIVE"
		send "quit\r"
		status 0
	END
	status 0'

t '\G shows one result vertically' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "user list --columns email,active \\G\r"
		expect "^email +anna@example.com"
		expect "^active +yes"
		send "user list --columns email,active\r"
		expect "^EMAIL +ACTIVE"
		send "quit\r"
		status 0
	END
	status 0'

t 'the pager gets what is longer than the screen, unless it is switched off' '
	printf "#!/bin/sh\necho paged \$1 secure \$LESSSECURE \$LESSCHARSET\ncat
		echo end of page\n" >"$T/pager" && chmod 700 "$T/pager" &&
	LESSSECURE=0 LESSCHARSET=latin1 PAGER="$T/pager \"two words\"" \
	    run on_terminal <<-"END" &&
		expect "mailadm> "
		send "domain list --columns domain\r"
		expect "^example.org"
		expect "^mailadm> "
		absent "paged"
		send "help\r"
		expect "^paged two words secure 1 utf-8"
		expect "^end of page"
		expect "^mailadm> "
		send "set pager off\rhelp user\rset pager on\rquit\r"
		status 0
	END
	status 0 && is "$(grep -c "^paged" "$T/out")" 1'

t 'whoever leaves the pager early sees no error, and the list ends' '
	sql "INSERT INTO users (email, crypt) SELECT CONCAT(\"u\", seq,
	    \"@example.org\"), \"!\" FROM seq_1_to_20000" &&
	PAGER="head -n 1" run on_terminal <<-"END" &&
		expect "mailadm> "
		send "user list -o tsv --domain example.org\r"
		expect "^u10+@example.org"
		expect "^mailadm> "
		send "user list -o tsv --domain example.org --count\r"
		expect "^20000"
		send "quit\r"
		status 0
		absent "mailadm: "
	END
	status 0 && is "$(grep -c "^u[0-9]" "$T/out")" 1'

t 'where more names fit than are shown, what all begin with is completed' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "user show u1\t"
		expect "type on"
		send "2345\t\r"
		expect "^email +u12345@example.org"
		send "quit\r"
		status 0
	END
	status 0 && sql "DELETE FROM users WHERE domain = \"example.org\""'

# --- history and input ----------------------------------------------------

t 'lines are remembered for their owner alone, neighbours once' '
	rm -f "$STATE" &&
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "status\rstatus\rdomain list\rstatus\rquit\r"
		status 0
	END
	status 0 && is "$(stat -c %a "$STATE")" 600 &&
	is "$(cat "$STATE")" "status
domain list
status
quit"'

t 'lines with secrets are not, even those that fail' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "user passwd bo@example.com --hash s3cret-one\r"
		expect "mailadm> "
		send "user passwd bo@example.com s3cret-two\r"
		expect "mailadm> "
		send "passwd bo s3cret-three\r"
		expect "mailadm> "
		send "\x1b[Aquit\r"
		expect "mailadm> "
		send "quit\r"
		status 0
	END
	status 0 && ! grep -q s3cret "$STATE"'

t 'the file is cut to its size when a shell begins' '
	echo "history_size = 5" >"$T/five.conf" && chmod 600 "$T/five.conf" &&
	seq 1 100 | sed "s/^/find x/" >"$STATE" &&
	run on_terminal --config="$T/five.conf" <<-"END" &&
		expect "mailadm> "
		send "quit\r"
		status 0
	END
	status 0 && is "$(cat "$STATE")" "find x96
find x97
find x98
find x99
find x100
quit"'

many_lines() {
	for i in 1 2 3 4 5 6 7 8 9 10; do
		printf "%s\n" 'expect "mailadm> "' "send \"find $1$i\\r\""
	done
	printf "%s\n" 'expect "mailadm> "' 'send "quit\r"' 'status 0'
}

t 'two shells at once lose no line of each other' '
	many_lines one >"$T/one" && many_lines two >"$T/two" &&
	rm -f "$STATE" &&
	{ "$DRIVE" "$T/one" "$MAILADM" --defaults-file="$T/client.cnf" \
	    >"$T/one.out" & } &&
	run "$DRIVE" "$T/two" "$MAILADM" --defaults-file="$T/client.cnf" &&
	status 0 && wait $! &&
	for n in 1 2 3 4 5 6 7 8 9 10; do
		history_has "find one$n" && history_has "find two$n" || break
	done && is "$n" 10'

t 'of a paste of many lines each is run' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "\e[200~domain show example.com\n"
		send "domain show example.org\n\e[201~\r"
		expect "^domain +example.com"
		expect "^domain +example.org"
		send "quit\r"
		status 0
	END
	status 0'

t 'in a paste TAB and ? are characters' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "\e[200~find a ?\e[201~\r"
		expect "unexpected argument after a"
		send "quit\r"
		status 0
	END
	status 0'

t 'the user'"'"'s inputrc may speak to mailadm, and vi mode completes' '
	printf "%s\n" "set editing-mode vi" "\$if mailadm" \
	    "\"\\C-g\": \"status\"" "\$endif" >"$T/inputrc" &&
	INPUTRC="$T/inputrc" run on_terminal <<-"END" &&
		expect "mailadm> "
		send "\x07\r"
		expect "^server +"
		send "user show b\t\r"
		expect "^email +bo@example.com"
		send "user ?"
		expect "^  passwd "
		expect "mailadm> user "
		send "\e0Diquit\r"
		status 0
	END
	status 0'

# --- what goes wrong ------------------------------------------------------

# Nobody asks for a row any more, so the server has stopped the work: it
# would wait for the lock for minutes.
nobody_waits() {
	[ "$(sql "SELECT COUNT(*) FROM information_schema.processlist
	    WHERE command <> 'Sleep' AND info LIKE '%users WHERE email%'
	    AND id <> CONNECTION_ID()")" = 0 ]
}

t 'Ctrl-C ends what waits for a lock, on the server too, and nothing else' '
	hold bo &&
	run on_terminal <<-END &&
		expect "mailadm> "
		send "user set bo@example.com --quota 7G\\r"
		await "$T/waited-for"
		send "\\x03"
		expect "mailadm: interrupted; rolled back"
		expect "^mailadm> "
		send "user show anna@example.com --columns email\\r"
		expect "^email +anna@example.com"
		send "quit\\r"
		status 0
	END
	status 0 && eventually nobody_waits && release &&
	is "$(quota bo)" none'

t 'Ctrl-C in an open transaction takes all of it, and says so' '
	hold bo &&
	run on_terminal <<-END &&
		expect "mailadm> "
		send "begin\\ruser set anna@example.com --quota 7G\\r"
		expect "changed"
		send "user set bo@example.com --quota 7G\\r"
		await "$T/waited-for"
		send "\\x03"
		expect "interrupted; rolled back"
		expect "the open transaction is lost"
		expect "^mailadm> "
		send "quit\\r"
		status 0
	END
	status 0 && release &&
	is "$(quota anna)" none && is "$(quota bo)" none'

t 'Ctrl-C ends a command even where the server does not answer' '
	printf "%s\n" "#!/bin/sh" "kill -\$1 $server_pid" >"$T/freeze" &&
	chmod 700 "$T/freeze" &&
	PAGER="$T/freeze STOP" run on_terminal --config "$T/hurried.conf" \
	    <<-"END"
		expect "mailadm> "
		send "status\r"
		expect "^aliases"
		expect "mailadm> "
		send "help\r"
		expect "mailadm> "
		send "status\r"
		visible
		send "\x03"
		expect "mailadm: interrupted"
		expect "mailadm> "
		send "quit\r"
		status 0
	END
	kill -CONT "$server_pid" && status 0'

t 'Ctrl-C at the prompt clears the line, also behind a hint or in a search' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "user add nobody"
		expect "nobody"
		send "\x03"
		expect "^mailadm> "
		send "user add "
		expect "EMAIL"
		send "\x03"
		expect "^mailadm> "
		send "\x12sta"
		expect "reverse-i-search"
		send "\x03"
		expect "mailadm> "
		send "user show b\t\r"
		expect "^email +bo@example.com"
		send "quit\r"
		status 0
	END
	status 0'

shell_is_gone() {
	[ -z "$(sql "SELECT id FROM information_schema.processlist
	    WHERE db = 'mail' AND id <> CONNECTION_ID()")" ]
}

t 'a lost connection is made anew, and a transaction with it is lost' '
	cat >"$T/kill" <<-END &&
		#!/bin/sh
		exec mariadb --no-defaults --skip-ssl -S "$server_socket" \
		    -u root mail -N -e "SELECT CONCAT(\"KILL \", id, \";\")
		    FROM information_schema.processlist WHERE db = \"mail\"
		    AND id <> CONNECTION_ID()" | mariadb --no-defaults \
		    --skip-ssl -S "$server_socket" -u root
	END
	chmod 700 "$T/kill" &&
	PAGER="$T/kill" run on_terminal <<-"END" &&
		expect "mailadm> "
		send "user set bo@example.com --quota 2G\r"
		expect "changed"
		send "help\r"
		expect "mailadm> "
		send "user show bo@example.com --columns quota\r"
		expect "^quota +2.*G"
		send "user set bo@example.com --quota default\r"
		expect "changed"
		send "begin\ruser set bo@example.com --quota 3G\r"
		expect "changed"
		send "help\r"
		expect "mailadm[*]> "
		send "user set anna@example.com --quota 3G\r"
		expect "connection to the database was lost"
		expect "the open transaction is lost"
		expect "^mailadm> "
		send "user show anna@example.com --columns email\r"
		expect "^email +anna@example.com"
		send "quit\r"
		status 0
	END
	status 0 && is "$(quota bo)" none && is "$(quota anna)" none'

t 'a closed window and a signal leave no half of a transaction' '
	while read -r status how; do
		run on_terminal <<-END &&
			expect "mailadm> "
			send "begin\ruser set bo@example.com --quota 4G\r"
			expect "changed"
			expect "mailadm[*]> "
			$how
			status $status
		END
		status 0 && eventually shell_is_gone &&
		is "$(quota bo)" none || return 1
	done <<-"END"
		129 hangup
		129 signal HUP
		143 signal TERM
	END'

t 'the program ends when the window is closed' '
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "begin\r"
		expect "mailadm[*]> "
		hangup
		status 129
	END
	status 0'

finish
