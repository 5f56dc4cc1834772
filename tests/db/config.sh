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

# --- from nothing to a working mailadm -------------------------------------

D=$T/new

anew() {
	run "$MAILADM" -c "$D/etc/mailadm/mailadm.conf" \
	    --defaults-file "$D/etc/mailadm/accounts.cnf" "$@"
}

t 'what config init writes makes a database and its accounts' '
	own_system "$D" && run "$MAILADM" config init --out "$D" \
	    --hostname mx.example.org --database-name post \
	    --database-hosts "$server_socket" && status 0 &&
	anew schema init && status 0 &&
	server_sql -e "source $D/etc/mailadm/grants.sql" &&
	anew domain add example.org && status 0 &&
	anew status -o json && status 0 && like "$out" "\"post\"" &&
	like "$out" "mailadm@localhost"'

t 'and the nightly check that is rendered from it can look' '
	anew config render cron --out "$D" && status 0 &&
	[ "$(id -u)" != 0 ] || chown 0 "$D/etc/mailadm/check.cnf" &&
	run "$MAILADM" --defaults-file "$D/etc/mailadm/check.cnf" check &&
	status 1 && like "$out" example.org && like "$err" "found 1 warning"'

t 'a password that is made anew reaches the database the same way' '
	sed -i "/^\[mailadm\]/,/^password/ { /^password/d }" \
	    "$D/etc/mailadm/accounts.cnf" &&
	run "$MAILADM" config init --out "$D" && status 0 &&
	anew status && status 9 &&
	server_sql -e "source $D/etc/mailadm/grants.sql" &&
	anew status && status 0'

finish
