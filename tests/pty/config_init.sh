# config init on a terminal: what it asks, what it offers, what it takes.
. tests/lib.sh

D=$T/root
conf=$D/etc/mailadm/mailadm.conf

setting() {
	sed -n "s/^$1 = *//p" "$conf"
}

t 'it asks for all that no option said, and Enter takes what is offered' '
	run on_terminal config init --out "$D" --hostname mx.example.org \
	    --vmail-uid 5001 --filter none <<-"END" && status 0 &&
		expect "chain .*live/mx.example.org/fullchain.pem.: "
		send "\r"
		expect "private key .*live/mx.example.org/privkey.pem.: "
		send "/etc/ssl/private/mx.key\r"
		expect "Database: .*/run/mysqld/mysqld.sock.: "
		send "\r"
		expect "Name of the database .mail.: "
		send "post\r"
		expect "accounts connect .localhost.: "
		send "\r"
		expect "Directory of the mail ./var/vmail.: "
		send "\r"
		absent "User id"
		expect "POP3 .*.no.: "
		send "yes\r"
		absent "DKIM keys"
		expect "6 passwords generated"
		status 0
	END
	is "$(setting hostname)" mx.example.org &&
	is "$(setting certificate)" "" &&
	is "$(setting certificate_key)" /etc/ssl/private/mx.key &&
	is "$(setting database_name)" post &&
	is "$(setting vmail_uid)" 5001 && is "$(setting pop3)" yes'

t 'what was said is offered the next time' '
	run on_terminal config init --out "$D" <<-"END" && status 0 &&
		expect "Full name .*mx.example.org.: "
		send "\r"
		expect "chain"
		send "\r"
		expect "mx.key.: "
		send "\r"
		expect "Database: "
		send "\r"
		expect "post.: "
		send "\r"
		expect "accounts connect"
		send "\r"
		expect "Directory"
		send "\r"
		expect "User id .*.5001.: "
		send "\r"
		expect "POP3 .*.yes.: "
		send "\r"
		expect "Mail filter .*.none.: "
		send "\r"
		absent "made"
		status 0
	END
	is "$(setting database_name)" post && is "$(setting pop3)" yes'

t 'an answer that is not valid gets the reason, and is asked again' '
	run on_terminal config init --out "$D" --certificate "" \
	    --certificate-key "" --database-hosts /run/sock \
	    --database-name mail --database-clients localhost \
	    --mail-directory /srv/mail --pop3 no --filter none \
	    <<-"END" && status 0 &&
		expect "Full name .*: "
		send "mx\r"
		expect "at least two parts"
		expect "Full name .*: "
		send "mail.example.net\r"
		expect "User id .*: "
		send "12\r"
		expect "expected a number from 500"
		expect "User id .*: "
		send "6000\r"
		status 0
	END
	is "$(setting hostname)" mail.example.net &&
	is "$(setting vmail_uid)" 6000'

t 'a filter is asked for, and with rspamd its algorithms' '
	run on_terminal config init --out "$D" <<-"END" && status 0 &&
		expect "Full name .*: "
		send "\r"
		expect "chain"
		send "\r"
		expect "private key"
		send "\r"
		expect "Database: "
		send "\r"
		expect "Name of the database"
		send "\r"
		expect "accounts connect"
		send "\r"
		expect "Directory"
		send "\r"
		expect "User id"
		send "\r"
		expect "POP3"
		send "\r"
		expect "Mail filter .*.none.: "
		send "milter\r"
		expect "expected .rspamd., .opendkim. or .none."
		expect "Mail filter .*.none.: "
		send "rspamd\r"
		expect "DKIM keys: .*.rsa.: "
		send "rsa ed25519\r"
		status 0
	END
	is "$(setting filter)" rspamd &&
	is "$(setting dkim_algorithms)" "rsa ed25519" &&
	run "$MAILADM" config init --out "$D" --dkim-algorithms rsa \
	    --filter none && status 0'

t 'Ctrl-C and Ctrl-D leave everything as it was' '
	cksum "$D"/etc/mailadm/* >"$T/before" &&
	run on_terminal config init --out "$D" <<-"END" && status 0 &&
		expect "Full name .*: "
		send "other.example.org\r"
		expect "chain"
		send "\x03"
		status 130
	END
	run on_terminal config init --out "$D" <<-"END" && status 0 &&
		expect "Full name .*: "
		eof
		expect "no answer was typed"
		status 10
	END
	cksum "$D"/etc/mailadm/* | cmp - "$T/before"'

t 'with --yes nothing is asked' '
	run on_terminal config init --yes --out "$D" <<-"END" && status 0
		absent "Full name"
		status 0
	END'

t 'the files are a table there, and no password is on the screen' '
	rm -r "$D" && run on_terminal config init -y --out "$D" \
	    --hostname mx.example.org <<-"END" && status 0 &&
		expect "/etc/mailadm/accounts.cnf +written"
		status 0
	END
	! sed -n "s/^password = //p" "$D/etc/mailadm/accounts.cnf" |
		grep -f - "$T/out" "$T/err"'

finish
