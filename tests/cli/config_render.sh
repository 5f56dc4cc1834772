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

finish
