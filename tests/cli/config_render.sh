# What config render writes, where, for whom, and what it leaves alone.
. tests/lib.sh

D=$T/root
conf=$T/mailadm.conf
accounts=$T/accounts.cnf

cat >"$conf" <<END
hostname = mx.example.org
END
cat >"$accounts" <<END
[mailadm]
password = "of-mailadm"
[mailadm_check]
password = of-check
[postfix]
password = of-postfix
[dovecot]
password = 'of-dovecot'
END
chmod 600 "$accounts"

render() {
	"$MAILADM" -c "$conf" --defaults-file "$accounts" config render \
	    --postfix-version 3.7 --dovecot-version 2.3 --out "$D" "$@"
}

t 'it wants to be told where to write' '
	run "$MAILADM" config render && status 2 && like "$err" "--out" &&
	run "$MAILADM" config render postfixes --out "$D" && status 2 &&
	like "$err" "postfix, dovecot, grants, cron, all"'

t 'the maps of Postfix are written, a row each' '
	run render postfix && status 0 &&
	matches "$out" "^/etc/postfix/mailadm/sql_users.cf	written	" &&
	[ -f "$D/etc/postfix/mailadm/sql_users.cf" ] &&
	[ -f "$D/etc/postfix/mailadm/client.cnf" ]'

t 'a second time nothing changes, and it says so' '
	find "$D" -type f -exec stat -c "%n %i %Y" {} + | sort >"$T/before" &&
	run render postfix && status 0 && like "$err" unchanged &&
	! grep -v "	unchanged	" "$T/out" &&
	find "$D" -type f -exec stat -c "%n %i %Y" {} + | sort |
		cmp - "$T/before"'

# --- the accounts of the database ------------------------------------

t 'grants.sql is for root only and holds hashes, no passwords' '
	run render grants && status 0 &&
	is "$(stat -c %a "$D/etc/mailadm/grants.sql")" 600 &&
	grep -q "BY PASSWORD .\*[0-9A-F]\{40\}.;" \
	    "$D/etc/mailadm/grants.sql" &&
	! grep -e of-mailadm -e of-check -e of-postfix -e of-dovecot \
	    "$D/etc/mailadm/grants.sql"'

t 'the accounts are made for each host that they connect from' '
	echo "database_clients = localhost 10.0.0.%" >>"$conf" &&
	echo "database_name = post" >>"$conf" && run render grants &&
	status 0 && for account in mailadm mailadm_check postfix dovecot; do
		for host in localhost 10.0.0.%; do
			grep -q "^CREATE USER IF NOT EXISTS .$account.@.$host.$" \
			    "$D/etc/mailadm/grants.sql" || return 1
		done
	done && grep -q "ON \`post\`.users" "$D/etc/mailadm/grants.sql" &&
	! grep @ITEM@ "$D/etc/mailadm/grants.sql"'

finish
