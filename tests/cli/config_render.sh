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

# --- every template ---------------------------------------------------

# Nothing of a template is left over.
rendered() {
	rm -rf "$T/all" && own_system "$T/all" && run "$MAILADM" -c "$T/all.conf" \
	    --defaults-file "$accounts" config render all --out "$T/all" \
	    "$@" && status 0 && run grep -rnE "@[A-Z_]+@|^[ 	]*@(if|for|e)" \
	    "$T/all" && empty "$out"
}

t 'each can be rendered for each release, with and without what may be set' '
	for hosts in /run/mysqld/mysqld.sock "db1.example.org db2:3306" \
	    "[::1]:3307" "/run/db 10.0.0.1"; do
		for pop3 in yes no; do
			printf "%s\n" "hostname = mx.example.org" \
			    "database_hosts = $hosts" "pop3 = $pop3" \
			    >"$T/all.conf" &&
			rendered --postfix-version 3.7 \
			    --dovecot-version 2.3 &&
			rendered --postfix-version 3.10.3 \
			    --dovecot-version 2.4.1 || return 1
		done
	done'

t 'the templates of both servers are all used' '
	for release in 2.3 2.4; do
		rendered --postfix-version 3.7 --dovecot-version $release &&
		for file in "$TOP"/postfix/* "$TOP"/dovecot/$release/* \
		    "$TOP"/src/examples/check.cnf; do
			[ -n "$(find "$T/all" -name "${file##*/}")" ] || {
				t_notes="not rendered: $file"
				return 1
			}
		done || return 1
	done'

t 'a release that nobody knows is refused' '
	for release in 2.2 3.0 x 2 ""; do
		run render dovecot --dovecot-version "$release" &&
		status 3 || return 1
	done && run render postfix --postfix-version new && status 3'

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
