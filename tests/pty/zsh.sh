# zsh completes mailadm's words: typed into a zsh on a terminal.
. tests/lib.sh
need_command zsh

server_start && fresh

mailadm -q domain add example.com
mailadm -q domain add example.org
mailadm -q user add anna@example.com --no-password
mailadm -q user add bo@example.com --no-password
mailadm -q alias add 'b`$x@example.com' anna@example.com

sql "INSERT INTO dkim_keys (domain, selector, algorithm, bits, public_key,
    private_key, secret_id) VALUES ('example.org', '2026r', 'rsa', 2048,
    'AAAA', '-----BEGIN ENCRYPTED PRIVATE KEY-----', '0123456789abcdef')"

# A mailadm that says what words it got, and completes for real.
mkdir "$T/bin" "$T/site" "$T/home/files"
cat >"$T/bin/mailadm" <<END
#!/bin/sh
[ "\$1" != complete ] ||
	exec "$MAILADM" --defaults-file="$T/client.cnf" "\$@"
printf 'got'
printf ' <%s>' "\$@"
echo
END
chmod 700 "$T/bin/mailadm"
mailadm completion zsh >"$T/site/_mailadm"
: >"$T/home/files/one file"

# As a new user has it, with the script where make install puts it.
cat >"$HOME/.zshrc" <<END
PS1='%% '
unsetopt prompt_cr prompt_sp
PATH=$T/bin:\$PATH
fpath=($T/site \$fpath)
cd ~/files
autoload -Uz compinit
compinit -u -d "$T/dump"
END

in_zsh() {
	env ZDOTDIR="$HOME" MAILADM="$MAILADM" "$DRIVE" - zsh -d -i
}

t 'words, options and names from the database' '
	run in_zsh <<-"END" &&
		expect "^% "
		send "mailadm us\tli\t--inac\t\r"
		expect "^got <user> <list> <--inactive>$"
		send "mailadm user show b\t\r"
		expect "^got <user> <show> <bo@example.com>$"
		send "mailadm user show anna@\t--colu\t\r"
		expect "^got <user> <show> <anna@example.com> <--columns>$"
		send "mailadm domain show example.o\t\r"
		expect "^got <domain> <show> <example.org>$"
		send "exit\r"
		status 0
	END
	status 0'

t 'selectors of the domain before them' '
	run in_zsh <<-"END" &&
		expect "^% "
		send "mailadm dkim show example.o\t20\t\r"
		expect "^got <dkim> <show> <example.org> <2026r>$"
		send "mailadm dkim list --state act\t\r"
		expect "^got <dkim> <list> <--state> <active>$"
		send "exit\r"
		status 0
	END
	status 0'

t 'the first word, and several that fit are listed' '
	run in_zsh <<-"END" &&
		expect "^% "
		send "mailadm \t"
		expect "domain"
		shown "user"
		send "\x15mailadm domain show e\t\t"
		expect "example.com +example.org"
		send "c\t\r"
		expect "^got <domain> <show> <example.com>$"
		send "exit\r"
		status 0
	END
	status 0'

t 'the value of an option, as a word of its own and behind =' '
	run in_zsh <<-"END" &&
		expect "^% "
		send "mailadm user list --output ta\t\r"
		expect "^got <user> <list> <--output> <table>$"
		send "mailadm user list --output=ta\t\r"
		expect "^got <user> <list> <--output=table>$"
		send "exit\r"
		status 0
	END
	status 0'

t 'behind the cursor the line stays as it is' '
	run in_zsh <<-"END" &&
		expect "^% "
		send "mailadm user show b -v\e[D\e[D\e[D\t\r"
		expect "^got <user> <show> <bo@example.com> <-v>$"
		send "exit\r"
		status 0
	END
	status 0'

t 'what a shell would run is quoted, and quotes that were begun are read' '
	run in_zsh <<-"END" &&
		expect "^% "
		send "mailadm alias show b\t\r"
		expect "^got <alias> <show> <b`[$]x@example.com>$"
		send "mailadm alias show \"b\t\r"
		expect "^got <alias> <show> <b`[$]x@example.com>$"
		send "mailadm alias set \"b\\`\\$x@example.com\" a\t\r"
		expect "^got <alias> <set> <b`[$]x@example.com> <anna@exampl"
		send "exit\r"
		status 0
	END
	status 0'

t 'file names are completed by zsh itself' '
	run in_zsh <<-"END" &&
		expect "^% "
		send "mailadm -f on\t\r"
		expect "^got <-f> <one file>$"
		send "mailadm --file=on\t\r"
		expect "^got <--file=one file>$"
		send "exit\r"
		status 0
	END
	status 0'

t 'where nothing fits, or there is no database, nothing is said' '
	run in_zsh <<-"END" &&
		expect "^% "
		send "mailadm user show nobo\t\r"
		expect "^got <user> <show> <nobo>$"
		send "mailadm --socket=none user show b\t\r"
		expect "^got <--socket=none> <user> <show> <b>$"
		send "mailadm --socket=none user pas\t\r"
		expect "^got <--socket=none> <user> <passwd>$"
		send "exit\r"
		status 0
		absent "mailadm: "
	END
	status 0'

t 'the script works when it is read by source' '
	rm "$T/site/_mailadm" "$T/dump" &&
	run in_zsh <<-"END" &&
		expect "^% "
		send "source <(\"$MAILADM\" completion zsh)\r"
		expect "^% "
		send "mailadm user show b\t\r"
		expect "^got <user> <show> <bo@example.com>$"
		send "exit\r"
		status 0
	END
	status 0'

finish
