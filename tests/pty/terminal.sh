# mailadm on a terminal: what is asked, what is hidden, what is escaped.
. tests/lib.sh
server_start
fresh
mailadm -q <<'END'
domain add example.com
user add anna@example.com --no-password
alias add info@example.com anna@example.com
END
{ patient; echo 'rounds = 5000'; } >"$T/conf"
MAILADM_CONFIG=$T/conf
export MAILADM_CONFIG

crypt() {
	sql "SELECT crypt FROM users WHERE email = '$1'"
}

verify() {
	printf '%s\n' "$2" >"$T/secret" &&
	run mailadm user verify "$1" --password-stdin <"$T/secret"
}

# --- passwords -----------------------------------------------------------

t 'a password is asked for twice, without echo' '
	run on_terminal user passwd anna@example.com <<-"END" &&
		expect "New password: "
		hidden
		send "Hidden word 1\r"
		expect "Repeat the password: "
		hidden
		send "Hidden word 1\r"
		expect "has a new password"
		visible
		status 0
	END
	status 0 && unlike "$out" "Hidden word" &&
	verify anna@example.com "Hidden word 1" && status 0'

t 'two passwords that differ: it asks again, and the old one stays' '
	run on_terminal user passwd anna@example.com <<-"END" &&
		expect "New password: "
		hidden
		send "one\r"
		expect "Repeat the password: "
		hidden
		send "two\r"
		expect "the passwords are not the same; try again"
		expect "New password: "
		hidden
		send "\r"
		expect "invalid password: empty"
		status 3
	END
	status 0 && verify anna@example.com "Hidden word 1" && status 0'

t 'a name that is refused is reported before anybody types a password' '
	for who in anna@nowhere.example anna@example.com; do
		run on_terminal user add $who <<-"END" || return 1
			expect "no such domain: nowhere|already exists"
			absent "New password"
		END
		unlike "$out" "New password" || return 1
	done && status 0 && like "$out" "anna@example.com already exists"'

t 'leaving by exit is leaving' '
	run on_terminal <<-"END" && status 0
		expect "mailadm> "
		send "exit\r"
		status 0
	END'

t 'an empty password is refused at once' '
	run on_terminal user add empty@example.com <<-"END" && status 0
		expect "New password: "
		hidden
		send "\r"
		expect "mailadm: "
		absent "same again"
		status 3
	END'

t 'Ctrl-C and Ctrl-D at the prompt end it, with echo again' '
	run on_terminal user add new@example.com <<-"END" && status 0 &&
		expect "New password: "
		hidden
		send "half\x03"
		expect "interrupted"
		visible
		status 130
	END
	run on_terminal user add new@example.com <<-"END" && status 0 &&
		expect "New password: "
		hidden
		eof
		expect "no password was typed"
		visible
		status 10
	END
	run mailadm user show new@example.com && status 4'

t 'killed under a prompt, mailadm leaves the terminal with its echo' '
	run on_terminal user add new@example.com <<-"END" && status 0
		expect "New password: "
		hidden
		signal TERM
		visible
		status 143
	END'

t 'the terminal is asked even if standard input is redirected' '
	cat >"$T/sh" <<-END
		exec "$MAILADM" --defaults-file="$T/client.cnf" "\$@" </dev/null
	END
	run "$DRIVE" - sh "$T/sh" user passwd anna@example.com <<-"END" &&
		expect "New password: "
		hidden
		send "Word 2\r"
		expect "Repeat the password: "
		hidden
		send "Word 2\r"
		expect "has a new password"
		status 0
	END
	status 0 && verify anna@example.com "Word 2" && status 0'

t 'an unknown user is said before anybody types' '
	run on_terminal user passwd nobody@example.com <<-"END" && status 0
		expect "no such user: nobody@example.com"
		absent "password:"
		status 4
	END'

t 'user verify asks for the password once' '
	run on_terminal user verify anna@example.com <<-"END" && status 0
		expect "Password: "
		hidden
		send "Word 2\r"
		expect "has this password"
		status 0
	END'

t 'the password of the account is asked for where no file has it' '
	sql "CREATE USER asked@localhost IDENTIFIED BY \"Konto 3\";
		GRANT ALL ON mail.* TO asked@localhost" &&
	run on_terminal --user asked domain list <<-"END" && status 0 &&
		expect "Password of the database account"
		hidden
		send "Konto 3\r"
		expect "example.com"
		status 0
	END
	unlike "$out" "Konto 3"'

# --- questions -----------------------------------------------------------

t 'a removal of more than the name is asked about' '
	run on_terminal domain remove example.com --recursive <<-"END" &&
		expect "Remove example.com with 1 user, 1 alias.*y/N"
		send "n\r"
		expect "cancelled; nothing was changed"
		status 6
	END
	status 0 && run on_terminal user remove anna@example.com --cascade \
	    <<-"END" && status 0 &&
		expect "Also remove 1 alias destination: info@.* -> anna@.*y/N"
		send "\r"
		expect "cancelled; nothing was changed"
		status 6
	END
	run mailadm user show anna@example.com && status 0'

t 'with --yes no question is asked' '
	mailadm -q domain add yes.example &&
	mailadm -q user add a@yes.example --no-password &&
	run on_terminal -y domain remove yes.example --recursive <<-"END" &&
		expect "domain yes.example removed"
		absent "y/N"
		status 0
	END
	status 0'

t 'after the answer y the domain is removed' '
	mailadm -q domain add taken.example &&
	mailadm -q user add a@taken.example --no-password &&
	run on_terminal domain remove taken.example --recursive <<-"END" &&
		expect "y/N"
		send "y\r"
		expect "domain taken.example removed"
		status 0
	END
	status 0'

# --- what is shown -------------------------------------------------------

t 'a terminal gets a table, with names in both forms' '
	mailadm -q domain add bücher.example &&
	run on_terminal domain list --columns domain,active,quota <<-"END" &&
		expect "^DOMAIN +ACTIVE +QUOTA$"
		expect "^example.com +yes +none$"
		expect "^xn--bcher-kva.example .bücher.example. +yes +none$"
		status 0
	END
	status 0'

t 'control and bidi characters of data are escaped, in every format' '
	sql "SET NAMES utf8mb4; UPDATE users SET name = CONCAT(\"a\",
		CHAR(27), \"[31m\", CHAR(7), CHAR(0xE280AE USING utf8mb4))" &&
	for format in table tsv csv json jsonl; do
		run on_terminal -o $format user list --columns name \
		    <<-"END" && status 0 || break
			expect "a.{1,2}x1b.31m.{1,2}x07.{1,2}u.202e."
			status 0
		END
	done && status 0 &&
	run mailadm user list --columns name && status 0 &&
	like "$out" "$(printf "a\\033[31m\\007")"'

# Colours of an error; the driver would take them out.
coloured() {
	like "$(env "$1" script -qec "\"$MAILADM\" $2 domain lsit" /dev/null)" \
	    "$(printf '\033[1;31m')"
}

t 'errors are coloured on a terminal, unless NO_COLOR says not to' '
	coloured NO_COLOR= "" && ! holds coloured NO_COLOR=1 "" &&
	coloured NO_COLOR=1 "--color always" &&
	! holds coloured NO_COLOR= "--color never"'

t 'nor on a terminal that only prints, or one of no name' '
	! holds coloured TERM=dumb "" && ! holds coloured TERM= "" &&
	coloured TERM=dumb "--color always"'

t 'without a database a sentence, and a status' '
	run "$DRIVE" - "$MAILADM" --defaults-file=/dev/null \
	    --socket "$T/none" domain list <<-"END" && status 0
		expect "mailadm: cannot reach the database"
		expect "hint: "
		status 7
	END'

finish
