# Reaching the server: accounts, modes, TCP and TLS on loopback alone.
# shellcheck disable=SC2002,SC2015,SC2086 # words and numbers, on purpose
. tests/lib.sh
need_command openssl

# 127.1 is loopback for the system and an ordinary name for mailadm.
far=127.1

certificates() (
	cd "$T" || exit
	printf '[x]\nbasicConstraints=CA:TRUE\n[y]\nsubjectAltName=DNS:%s\n' \
	    $far >ext
	openssl req -newkey rsa:2048 -nodes -keyout ca.key -out ca.req \
	    -subj /CN=ca &&
	openssl x509 -req -in ca.req -signkey ca.key -days 2 -out ca.pem \
	    -extfile ext -extensions x &&
	openssl req -newkey rsa:2048 -nodes -keyout server.key \
	    -out server.req -subj /CN=server &&
	openssl x509 -req -in server.req -CA ca.pem -CAkey ca.key -days 2 \
	    -CAcreateserial -out server.pem -extfile ext -extensions y
) >"$T/openssl.log" 2>&1

listen() {
	server_start --skip-networking=0 --bind-address=127.0.0.1 \
	    --port=$port --skip-name-resolve "$@"
}

# An option file for the account of TCP, then the lines that are given.
account() {
	printf '[mailadm]\nuser=tcp\npassword=Geheim9\ndatabase=mail\n' \
	    >"$T/tcp.cnf"
	printf '%s\n' "$@" >>"$T/tcp.cnf"
	chmod 600 "$T/tcp.cnf"
}

tcp() {
	run "$MAILADM" --defaults-file="$T/tcp.cnf" --port "$port" "$@" status
}

ok() {
	run mailadm "$@" && status 0
}

SERVER_LOG=$T/general.log
export SERVER_LOG
keep_ports 1
port=$ports
listen --skip-ssl --sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES \
    --default-time-zone=+05:00 --character-set-server=latin1 \
    --init-connect='SET NAMES latin1'
fresh
sql "CREATE USER tcp@'127.0.0.1' IDENTIFIED BY 'Geheim9';
	GRANT ALL ON mail.* TO tcp@'127.0.0.1';
	CREATE USER reader@localhost;
	GRANT SELECT ON mail.* TO reader@localhost;
	CREATE USER nobody@localhost"

# --- whatever the server's defaults are ----------------------------------

t 'the sql_mode, time zone and character set of the server do not matter' '
	ok domain add bücher.example --description "back\\slash \"q\" '\''ü→" &&
	is "$(mailadm domain show bücher.example --columns description)" \
	    "back\\\\slash \"q\" '\''ü→" &&
	is "$(sql "SELECT COUNT(*) FROM mail.domains WHERE
		ABS(TIMESTAMPDIFF(SECOND, created, UTC_TIMESTAMP())) > 3600")" \
	    0 && ok user add "a_b@bücher.example" --no-password &&
	is "$(mailadm user list "a_b*" --count)" 1 &&
	is "$(mailadm user list "a|_b*" --count)" 0 &&
	ok alias add "x'\''y@bücher.example" "a_b@bücher.example" &&
	is "$(mailadm alias list "x'\''*" --columns mail)" \
	    "x'\''y@xn--bcher-kva.example" &&
	ok self-check-sql'

t 'an ordinary account does it all in these modes, too' '
	account && tcp --host 127.0.0.1 && status 0 &&
	printf "domain add tcp.example --description ü→\\\\\\\\\n" >"$T/b" &&
	run "$MAILADM" --defaults-file="$T/tcp.cnf" --port $port \
	    --host 127.0.0.1 -f "$T/b" && status 0 &&
	is "$(mailadm domain show tcp.example --columns description)" \
	    "ü→\\\\"'

# --- accounts ------------------------------------------------------------

t 'a wrong password is status 9 and says where to look' '
	account "password=wrong" && tcp --host 127.0.0.1 && status 9 &&
	like "$err" "does not let this account in" &&
	like "$err" "hint: " && unlike "$err" wrong'

t 'an error names the privilege that an account lacks' '
	run mailadm --user reader domain list && status 0 &&
	run mailadm --user reader domain add no.example && status 9 &&
	like "$err" "lacks a privilege" && like "$err" "grants.sql" &&
	run mailadm --user nobody domain list && status 9 &&
	like "$err" "may not use this database"'

t 'a denied command of a batch leaves nothing' '
	sql "GRANT INSERT ON mail.changes TO reader@localhost;
		GRANT INSERT ON mail.domains TO reader@localhost;
		GRANT UPDATE (domain) ON mail.domains TO reader@localhost" &&
	printf "domain add no.example\nuser add a@no.example --no-password\n" \
	    >"$T/b" && run mailadm --user reader -f "$T/b" && status 9 &&
	like "$err" "$T/b:2: " &&
	is "$(mailadm domain list no.example --count)" 0'

t 'schema commands use the administrator'\''s group, others do not' '
	printf "[mailadm]\nsocket=%s\nuser=nobody\ndatabase=mail\n\
[mailadm-admin]\nsocket=%s\nuser=root\ndatabase=mail\n" \
	    "$server_socket" "$server_socket" >"$T/two.cnf" &&
	run "$MAILADM" --defaults-file="$T/two.cnf" schema status &&
	status 0 && run "$MAILADM" --defaults-file="$T/two.cnf" domain list &&
	status 9'

t 'a server that takes no writes is said to be so' '
	sql "GRANT ALL ON mail.* TO reader@localhost;
		SET GLOBAL read_only = 1" &&
	run mailadm --user reader domain add no.example && status 7 &&
	like "$err" "takes no writes" && sql "SET GLOBAL read_only = 0"'

# --- TCP without TLS -----------------------------------------------------

t 'loopback needs no TLS, by address, by name and in a list' '
	account && for host in 127.0.0.1 127.0.0.1,127.0.0.2; do
		tcp --host $host && status 0 &&
		like "$out" "tcp@127.0.0.1" || return 1
	done && status 0'

t 'a list goes on to the next host' '
	tcp --host 127.0.0.9,127.0.0.1 && status 0'

t 'another name is refused without verified TLS, and gets no password' '
	: >"$T/general.log" && account && tcp --host $far && status 7 &&
	unlike "$out" MariaDB && like "$err" TLS && like "$err" ssl-ca &&
	! grep -q "Connect.*tcp@" "$T/general.log"'

t 'an option file cannot talk it out of that' '
	for line in skip-ssl ssl=0 disable-ssl-verify-server-cert \
	    ssl-verify-server-cert=0; do
		account "host=$far" "$line" && tcp && [ "$status" -eq 7 ] &&
		unlike "$out" MariaDB || return 1
	done && status 7 && tcp --host 127.0.0.1,$far && status 7'

# --- TLS -----------------------------------------------------------------

server_stop
certificates || bail_out "$(tail -n 3 "$T/openssl.log")"
listen --ssl-cert="$T/server.pem" --ssl-key="$T/server.key"

t 'a certificate of an authority that is known is verified' '
	account "host=$far" "ssl-ca=$T/ca.pem" && tcp && status 0 &&
	like "$out" "tcp@127.0.0.1"'

t 'an unknown authority and another name are refused' '
	account "host=$far" && tcp && status 7 && unlike "$out" MariaDB &&
	like "$err" TLS &&
	account "host=127.0.1" "ssl-ca=$T/ca.pem" && tcp && status 7 &&
	unlike "$out" MariaDB'

t 'verification cannot be switched off for another host' '
	for line in skip-ssl ssl=0 disable-ssl-verify-server-cert \
	    ssl-verify-server-cert=0; do
		account "host=$far" "$line" && tcp && [ "$status" -eq 7 ] &&
		unlike "$out" MariaDB || return 1
	done && status 7'

# --- gone ----------------------------------------------------------------

server_stop
t 'a server that is down: a sentence, the socket, what to do' '
	run mailadm domain list && status 7 && empty "$out" &&
	like "$err" "cannot reach the database" &&
	like "$err" "$server_socket" && like "$err" "hint: " &&
	account && tcp --host 127.0.0.1 && status 7'

finish
