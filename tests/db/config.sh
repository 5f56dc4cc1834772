# What config render makes for the database, tried on one.
. tests/lib.sh
server_start --general-log --general-log-file="$T/general" && fresh

as() { # ACCOUNT PASSWORD STATEMENT
	mariadb --no-defaults --skip-ssl -S "$server_socket" -u "$1" \
	    -p"$2" -N -B mail -e "$3"
}

t 'grants.sql gives each account its password' '
	accounts_sql >"$T/grants.sql" && sql "source $T/grants.sql" &&
	for account in mailadm postfix dovecot; do
		run as $account of-$account "SELECT COUNT(email) FROM users" &&
		status 0 && is "$out" 0 || return 1
	done && run as mailadm_check of-mailadm_check "SELECT CURRENT_USER()" &&
	status 0 && run as postfix of-dovecot "DO 0" && status 1'

t 'it runs again, and an account that exists gets the new password' '
	sql "source $T/grants.sql" && run as postfix of-postfix "DO 0" &&
	status 0 && accounts_sql another >"$T/grants.sql" &&
	sql "source $T/grants.sql" && run as postfix of-postfix "DO 0" &&
	status 1 && run as postfix another "DO 0" && status 0'

t 'no log of the server holds a password' '
	grep -q "IDENTIFIED BY PASSWORD" "$T/general" &&
	! grep -e of-postfix -e of-mailadm -e another "$T/general"'

finish
