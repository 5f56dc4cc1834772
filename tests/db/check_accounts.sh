#!/bin/sh
# mailadm check: what accounts may do, and what they can ask; rule S012.
. tests/lib.sh
server_start && fresh

sed -e 's/@DATABASE@/mail/; s/@HOST@/localhost/' \
    -e 's/@[A-Z]*_PASSWORD@/secret/' sql/grants.sql >"$T/grants.sql"
mariadb --no-defaults -S "$server_socket" -u root <"$T/grants.sql" ||
	bail_out 'no accounts'

as() { # ACCOUNT ARG...
	as_account=$1
	shift
	sed "s|^user=.*|user=$as_account\npassword=secret|" \
	    "$T/client.cnf" >"$T/$as_account.cnf"
	chmod 600 "$T/$as_account.cnf"
	run "$MAILADM" --defaults-file="$T/$as_account.cnf" "$@"
}

grants() {
	run mailadm check --rule S012 --columns name,text
}

# planted SQL NAME PART [SQL]: gives, looks, takes back.
planted() {
	sql "$1" && grants && status 1 && lines "$out" 1 &&
	like "$out" "$2	" && like "$out" "$3" &&
	sql "$4" && grants && status 0 && empty "$out$err"
}

t 'the accounts of sql/grants.sql have what it gives' '
	grants && status 0 && empty "$out$err"'

t 'a global privilege is found' '
	planted "GRANT PROCESS ON *.* TO postfix@localhost" \
	    postfix@localhost "PROCESS on every database" \
	    "REVOKE PROCESS ON *.* FROM postfix@localhost"'

t 'a privilege on the whole database is found' '
	planted "GRANT SELECT ON mail.* TO mailadm_check@localhost" \
	    mailadm_check@localhost "SELECT on mail.*" \
	    "REVOKE SELECT ON mail.* FROM mailadm_check@localhost"'

t 'a table, a column and a kind of privilege more are found' '
	planted "GRANT SELECT ON mail.history TO dovecot@localhost" \
	    dovecot@localhost "SELECT on mail.history" \
	    "REVOKE SELECT ON mail.history FROM dovecot@localhost" &&
	planted "GRANT SELECT (crypt) ON mail.users TO postfix@localhost" \
	    postfix@localhost "SELECT on mail.users (crypt)" \
	    "REVOKE SELECT (crypt) ON mail.users FROM postfix@localhost" &&
	planted "GRANT DELETE ON mail.history TO mailadm@localhost" \
	    mailadm@localhost "DELETE on mail.history" \
	    "REVOKE DELETE ON mail.history FROM mailadm@localhost"'

t 'the same account at another host is held to the same' '
	planted "CREATE USER postfix@other; GRANT SELECT (crypt) ON \
	    mail.users TO postfix@other" postfix@other crypt \
	    "DROP USER postfix@other"'

t 'another account that may read hashes is found, and an anonymous one' '
	planted "CREATE USER web; GRANT SELECT ON mail.users TO web" "web@%" \
	    "may read hashes" "DROP USER web" &&
	planted "CREATE USER \"\"@localhost; GRANT SELECT ON mail.domains \
	    TO \"\"@localhost" "@localhost" anonymous \
	    "DROP USER \"\"@localhost"'

t 'a role that one of our accounts has been given is found' '
	planted "CREATE ROLE more; GRANT more TO dovecot@localhost" \
	    dovecot@localhost "the role more" "DROP ROLE more"'

t 'another account that reads no hash is left alone' '
	sql "CREATE USER web; GRANT SELECT (email) ON mail.users TO web; \
	    GRANT SELECT ON mail.domains TO web" && grants && status 0 &&
	sql "DROP USER web"'

t 'as mailadm and mailadm_check nothing is found, and not all is asked' '
	for account in mailadm mailadm_check; do
		as "$account" check && status 0 && empty "$out" &&
		like "$err" "not checked: " && like "$err" S010 &&
		like "$err" S011 && like "$err" S012 || return 1
	done'

t 'mailadm_check finds what is wrong with keys, checks and history' '
	sql "ALTER TABLE changes DROP KEY at; ALTER TABLE users DROP \
	    CONSTRAINT crypt_given; UPDATE schema_version SET applied = \
	    applied - INTERVAL 1 DAY; SET @mailadm_bulk = 1; INSERT INTO \
	    domains (domain) VALUES (\"x.org\")" &&
	as mailadm_check check --rule S008 --rule S009 --rule S014 \
	    --columns rule,name && status 1 && is "$out" "S008	changes
S009	users.crypt_given
S014	x.org" && empty "$(echo "$err" | grep "not checked")"'

finish
