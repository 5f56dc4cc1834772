# What config init writes, and what it leaves as it is.
. tests/lib.sh

D=$T/root
conf=$D/etc/mailadm/mailadm.conf
accounts=$D/etc/mailadm/accounts.cnf
grants=$D/etc/mailadm/grants.sql

init() {
	"$MAILADM" config init --out "$D" "$@"
}

setting() {
	sed -n "s/^$1 = *//p" "$conf"
}

passwords() {
	sed -n 's/^password = //p' "$accounts"
}

t 'off a terminal nothing is asked, and what has a default need not be given' '
	run init --hostname mx.example.org && status 0 &&
	lines "$out" 4 && unlike "$out" unchanged &&
	is "$(setting hostname)" mx.example.org &&
	is "$(setting mail_directory)" /var/vmail &&
	is "$(setting vmail_uid)" 5000 && is "$(setting pop3)" no &&
	is "$(setting certificate)" "" &&
	is "$(setting defaults_file)" /etc/mailadm/accounts.cnf'

t 'passwords are for their owner only, the settings for everybody' '
	is "$(stat -c %a "$conf")" 644 && is "$(stat -c %a "$accounts")" 600 &&
	is "$(stat -c %a "$grants")" 600'

t 'each account has a password of 32 hexadecimal digits, each another' '
	passwords >"$T/passwords" &&
	is "$(grep -cE "^[0-9a-f]{32}$" "$T/passwords")" 6 &&
	is "$(sort -u "$T/passwords" | wc -l)" 6 &&
	for account in mailadm mailadm_check mailadm_policy postfix \
	    postfix_relay dovecot; do
		grep -qx "\[$account\]" "$accounts" || return 1
	done'

t 'the DKIM secret is 43 characters of base64 that only root can read' '
	is "$(stat -c "%a %s" "$D/etc/mailadm/dkim.secret")" "600 44" &&
	grep -qE "^[A-Za-z0-9+/]{43}$" "$D/etc/mailadm/dkim.secret" &&
	matches "$out" "dkim.secret	written" &&
	! grep -qrFf "$D/etc/mailadm/dkim.secret" "$T/out" "$T/err" \
	    "$conf" "$accounts" "$grants"'

t 'no password is shown' '
	like "$err" "6 passwords generated" &&
	while read -r password; do
		unlike "$out$err" "$password" || return 1
		! grep -q "$password" "$conf" "$grants" || return 1
	done <"$T/passwords"'

t 'mailadm finds its account and its database there' '
	grep -A 4 -x "\[mailadm\]" "$accounts" >"$T/group" &&
	grep -qx "user = mailadm" "$T/group" &&
	grep -qx "database = mail" "$T/group" &&
	grep -qx "socket = /run/mysqld/mysqld.sock" "$T/group"'

t 'the settings are read back' '
	run "$MAILADM" -c "$conf" --defaults-file "$accounts" \
	    config render grants --out "$D" && status 0 &&
	like "$out" "unchanged"'

t 'a second run changes nothing' '
	find "$D" -type f -exec stat -c "%n %i %Y" {} + | sort >"$T/before" &&
	run init && status 0 && lines "$out" 4 &&
	unlike "$out" written && unlike "$err" made &&
	find "$D" -type f -exec stat -c "%n %i %Y" {} + | sort |
		cmp - "$T/before"'

t 'what is said later changes, passwords and comments stay' '
	sed -i "s/^pop3 = no/pop3 = yes # the boss/; s/^vmail_uid.*/#&/" \
	    "$conf" && echo "rounds = 60000" >>"$conf" &&
	run init --hostname mail.example.net --database-name post &&
	status 0 && is "$(setting hostname)" mail.example.net &&
	is "$(setting database_name)" post && is "$(setting rounds)" 60000 &&
	is "$(setting pop3)" "yes # the boss" &&
	is "$(grep -c ^hostname "$conf")" 1 &&
	passwords | cmp - "$T/passwords" &&
	grep -qx "database = post" "$accounts" &&
	grep -q "ON .post.\.users" "$grants"'

t 'a password that was set by hand stays, one that is missing is made' '
	sed -i "/^\[postfix\]/,/^password/ s/^password.*/password = \"Hand-1\"/
	    /^\[dovecot\]/,/^password/ { /^password/d }" "$accounts" &&
	run init && status 0 && like "$err" "1 password generated" &&
	is "$(passwords | sed -n 3p)" "\"Hand-1\"" &&
	matches "$(passwords | sed -n 4p)" "^[0-9a-f]{32}$" &&
	unlike "$(cat "$T/passwords")" "$(passwords | sed -n 4p)"'

t 'a secret that exists stays, as it was' '
	cksum "$D/etc/mailadm/dkim.secret" >"$T/secret" &&
	run init && status 0 && matches "$out" "dkim.secret	unchanged" &&
	cksum "$D/etc/mailadm/dkim.secret" | cmp - "$T/secret"'

t 'the hosts of the database go where libmariadb looks' '
	run init --database-hosts "db1.example.org:3307 db2.example.org:3307" &&
	status 0 &&
	grep -qx "host = db1.example.org,db2.example.org" "$accounts" &&
	grep -qx "port = 3307" "$accounts" && ! grep socket "$accounts" &&
	run init --database-hosts /run/mysqld/mysqld.sock && status 0 &&
	! grep -E "^(host|port)" "$accounts"'

t 'with a database elsewhere the accounts come from this host' '
	rm -r "$D" && run init --hostname mx.example.org \
	    --database-hosts db1.example.org && status 0 &&
	is "$(setting database_clients)" mx.example.org &&
	grep -q "mailadm.@.mx.example.org" "$grants" &&
	run init --database-hosts /run/mysqld/mysqld.sock && status 0 &&
	is "$(setting database_clients)" localhost &&
	run init --database-clients "localhost 10.%" \
	    --database-hosts db1.example.org && status 0 &&
	is "$(setting database_clients)" "localhost 10.%" && rm -r "$D" &&
	run init --hostname mx.example.org \
	    --database-hosts "/run/db.sock db2.example.org" && status 0 &&
	is "$(setting database_clients)" "localhost mx.example.org"'

t 'with --dry-run nothing is written' '
	rm -r "$D" && run init --hostname mx.example.org -n && status 0 &&
	lines "$out" 4 && like "$err" "dry run" && [ ! -e "$D" ]'

cat >"$T/wrong" <<'END'
--hostname mx
--hostname -mx.example.org
--hostname mx_1.example.org
--hostname MX.example.org
--certificate cert.pem
--certificate /etc/ssl/my cert.pem
--certificate-key /etc/$(id)/key.pem
--database-hosts db1:0
--database-hosts db1:65536
--database-hosts db1;db2
--database-hosts db1:3307 db2:3308
--database-hosts ../sock
--database-name ma`il
--database-clients lo'calhost
--mail-directory var/vmail
--mail-directory /var/vmail/
--mail-directory /var/v'mail
--vmail-uid 0
--vmail-uid 499
--vmail-uid 2147483648
--vmail-uid vmail
--postfix-directory etc
--dovecot-directory /etc/dove cot
END

t 'values that cannot be are refused, and nothing is written' '
	while read -r option value; do
		run init --hostname mx.example.org "$option" "$value" &&
		status 3 && [ ! -e "$D" ] || return 1
	done <"$T/wrong" && status 3 &&
	run init --hostname mx.example.org --pop3 perhaps && status 2'

t 'accounts that others can read are refused' '
	run init --hostname mx.example.org && status 0 &&
	chmod 640 "$accounts" && run init && status 9 &&
	like "$err" "hint: chmod 600 $accounts" && chmod 600 "$accounts"'

t 'a password that the files of the servers cannot hold is refused' '
	cp "$accounts" "$T/accounts" &&
	for password in "two words" "quo\"te" "semi;colon" "back\\slash"; do
		awk -v p="$password" "/^password/ && !n++ {
		    \$0 = \"password = \" p } { print }" "$T/accounts" \
		    >"$accounts" && run init && status 3 &&
		like "$err" "$accounts:" && unlike "$err" "$password" ||
			return 1
	done && cp "$T/accounts" "$accounts"'

t 'a grants.sql that was edited stays, and that is an error' '
	run init && status 0 && echo "-- mine" >>"$grants" &&
	run init --database-clients "%" && status 6 &&
	like "$out" refused && grep -qx -e "-- mine" "$grants" &&
	like "$err" "hint: mailadm config render grants --force"'

named() {
	unshare --uts sh -c 'hostname "$1" && shift && exec "$@"' sh "$@"
}

if [ "$(id -u)" = 0 ] && named mx2.example.org true 2>/dev/null; then
	t 'a machine that has a full name gives it to the server' '
		rm -r "$D" && run named mx2.example.org "$MAILADM" config \
		    init --out "$D" && status 0 &&
		is "$(setting hostname)" mx2.example.org'

	t 'a machine without a full name needs --hostname' '
		rm -r "$D" && run named mailadm-test "$MAILADM" config init \
		    --out "$D" && status 2 && like "$err" "--hostname"'

	t 'what was said before wins over the name of the machine' '
		run init --hostname mx.example.org && status 0 &&
		run named mx2.example.org "$MAILADM" config init --out "$D" &&
		status 0 && is "$(setting hostname)" mx.example.org'
else
	skip 'a machine that has a full name gives it to the server' 'no root'
fi

t 'what is missing to render is named, and what makes it' '
	: >"$T/none.conf" && run "$MAILADM" -c "$T/none.conf" config render \
	    grants --out "$T/none" && status 3 && like "$err" hostname &&
	like "$err" "hint: set it with: mailadm config init" &&
	echo "hostname = mx.example.org" >"$T/none.conf" &&
	run "$MAILADM" -c "$T/none.conf" --defaults-file "$T/none.cnf" \
	    config render grants --out "$T/none" && status 4 &&
	like "$err" "$T/none.cnf" && like "$err" "with: mailadm config init" &&
	( umask 077 && echo "[mailadm]" >"$T/none.cnf" ) &&
	run "$MAILADM" -c "$T/none.conf" --defaults-file "$T/none.cnf" \
	    config render grants --out "$T/none" && status 3 &&
	like "$err" "no password of the account mailadm" &&
	[ ! -e "$T/none" ]'

t 'accounts behind a NUL byte are not lost: the file is refused' '
	file=$D/etc/mailadm/accounts.cnf && cp -p "$file" "$T/accounts" &&
	printf "\000[mine]\npassword = Hand9\n" >>"$file" &&
	cp "$file" "$T/nul" && run init --database-name other && status 3 &&
	like "$err" "accounts.cnf holds a NUL byte" && cmp "$T/nul" "$file" &&
	unlike "$err" Hand9 && mv "$T/accounts" "$file"'

t 'public addresses are a setting, and have to be addresses' '
	for bad in mx.example.org 203.0.113.7/24 "203.0.113.7 x"; do
		run init --addresses "$bad" && status 3 &&
		like "$err" "not an IPv4 or IPv6 address" || return 1
	done && run init --addresses "203.0.113.7 2001:db8::7" && status 0 &&
	grep -qx "addresses = 203.0.113.7 2001:db8::7" \
	    "$D/etc/mailadm/mailadm.conf" && run init --addresses "" &&
	status 0 && grep -qx "addresses =" "$D/etc/mailadm/mailadm.conf"'

t 'as JSON it is rows, too' '
	rm -r "$D" && run init --hostname mx.example.org -o json &&
	status 0 && matches "$out" "\"path\":"'

t 'in a batch it is refused' '
	echo "config init" >"$T/batch" && run mailadm -f "$T/batch" &&
	status 2'

finish
