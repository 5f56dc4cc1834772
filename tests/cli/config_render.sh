# What config render writes, where, with which owner, and what it leaves alone.
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
[mailadm_policy]
password = of-policy
[postfix]
password = of-postfix
[postfix_relay]
password = of-relay
[dovecot]
password = 'of-dovecot'
END
chmod 600 "$accounts"

render() {
	"$MAILADM" -c "$conf" --defaults-file "$accounts" config render \
	    --postfix-version 3.7 --dovecot-version 2.3 --out "$D" "$@"
}

t 'it needs a directory to write to' '
	run "$MAILADM" config render && status 2 && like "$err" "--out" &&
	run "$MAILADM" config render postfixes --out "$D" && status 2 &&
	like "$err" "postfix, dovecot, filter, grants, cron, all"'

own_system "$D"

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

# --- settings of one's own ----------------------------------------------

own_settings() { # TEXT
	printf "%s\n" "$1" >"$D/etc/postfix/local.cf"
}

# What a service of master.cf sets.
overrides() { # SERVICE
	awk -v service="$1" '/^[^ #]/ { on = $1 == service && $2 == "inet" }
		on && /-o/' "$D/etc/postfix/master.cf"
}

t 'local.cf is merged: in the place of a setting, and behind the others' '
	own_settings "# of this machine
relayhost = [relay.example.net]:587
message_size_limit = 1000000
inet_interfaces = 127.0.0.1,
  192.0.2.1
submission/inet/smtpd_client_connection_rate_limit = 30
submission/inet/smtpd_sasl_auth_enable = no
smtp/inet/smtpd_banner = two words" &&
	run render postfix && status 0 &&
	grep -qx "message_size_limit = 1000000" "$D/etc/postfix/main.cf" &&
	is "$(grep -c "^message_size_limit" "$D/etc/postfix/main.cf")" 1 &&
	is "$(tail -n 1 "$D/etc/postfix/main.cf")" \
		"relayhost = [relay.example.net]:587" &&
	grep -Eqx "inet_interfaces = 127.0.0.1, +192.0.2.1" \
		"$D/etc/postfix/main.cf" &&
	run overrides submission && like "$out" "sasl_auth_enable=no" &&
	unlike "$out" "sasl_auth_enable=yes" && like "$out" "rate_limit=30" &&
	run overrides submissions && like "$out" "sasl_auth_enable=yes" &&
	run overrides smtp && like "$out" "-o { smtpd_banner = two words }" &&
	run render postfix && status 0 && like "$err" unchanged'

t 'what is wrong in local.cf is said, with its line, and nothing is written' '
	cp "$D/etc/postfix/main.cf" "$T/before" &&
	own_settings "relayhost = [a.example]
no mark" && run render postfix && status 3 &&
	like "$err" "local.cf, line 2: not \"name = value\"" &&
	own_settings "smtp/inet = x" && run render postfix && status 3 &&
	own_settings "
nothing/inet/x = y" && run render postfix && status 3 &&
	like "$err" "line 2: master.cf has no service nothing/inet" &&
	cmp "$D/etc/postfix/main.cf" "$T/before"'

t 'without local.cf the files are as they were' '
	rm "$D/etc/postfix/local.cf" && run render postfix && status 0 &&
	! grep -q relay.example.net "$D/etc/postfix/main.cf"'

# --- every template ---------------------------------------------------

# Nothing of a template is left over.
rendered() {
	rm -rf "$T/all" && own_system "$T/all" &&
	run "$MAILADM" -c "$T/all.conf" --defaults-file "$accounts" \
	    config render all --out "$T/all" "$@" && status 0 &&
	run grep -rnE "@[A-Z_]+@|^[ 	]*@(if|for|e)" "$T/all" && empty "$out"
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
		for file in "$TOP"/postfix/*.cf "$TOP"/postfix/client.cnf \
		    "$TOP"/dovecot/$release/* "$TOP"/src/examples/check.cnf; do
			[ -n "$(find "$T/all" -name "${file##*/}")" ] || {
				t_notes="not rendered: $file"
				return 1
			}
		done || return 1
	done'

# Of mailadm in a folder of that name.
cron_of() {
	mkdir -p "$T/$1" && cp "$MAILADM" "$T/$1/mailadm" &&
	rm -rf "$T/cron" && own_system "$T/cron" &&
	run "$T/$1/mailadm" -c "$conf" --defaults-file "$accounts" config \
	    render cron --out "$T/cron" && status 0 &&
	cron=$(grep -v "^#" "$T/cron/etc/cron.d/mailadm")
}

t 'cron runs mailadm wherever it is, and never the end of a path' '
	cron_of "a b" && like "$cron" "|| '\''$T/a b/mailadm'\'' --" &&
	cron_of "a%b;c" &&
	like "$cron" "|| '\''$T/a\\%b;c/mailadm'\'' --" &&
	cron_of "a
* * * * * root b" && like "$cron" "|| mailadm --" &&
	unlike "$cron" "root b"'

t 'both servers ask a database on another port there' '
	printf "%s\n" "hostname = mx.example.org" \
	    "database_hosts = db1.example.org:3307 db2.example.org:3307" \
	    >"$T/all.conf" && for release in 2.3 2.4; do
		rendered --postfix-version 3.7 --dovecot-version $release &&
		for file in "$T"/all/etc/dovecot/mailadm-*sql.conf.ext; do
			grep -Eq "^ *port ?= ?3307( |$)" "$file" || return 1
		done || return 1
	done && is "$(grep -c "port = 3307" "$file")" 4 &&
	grep -q "inet:db1.example.org:3307" \
	    "$T/all/etc/postfix/mailadm/sql_users.cf"'

t 'what they ask one that is elsewhere goes by TLS, with a known certificate' '
	grep -q "^ssl-ca = /etc" "$T/all/etc/postfix/mailadm/client.cnf" &&
	grep -q "^ssl-verify" "$T/all/etc/postfix/mailadm/client.cnf" &&
	grep -q "ssl = yes" "$T/all/etc/dovecot/mailadm-sql.conf.ext" &&
	echo "hostname = mx.example.org" >"$T/all.conf" &&
	rendered --postfix-version 3.7 --dovecot-version 2.3 &&
	run grep -r ssl-ca "$T/all/etc/postfix" && empty "$out"'

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
	status 0 && for account in mailadm mailadm_check mailadm_policy \
	    postfix dovecot; do
		for host in localhost 10.0.0.%; do
			made="CREATE USER IF NOT EXISTS .$account.@.$host." &&
			grep -q "^$made$" "$D/etc/mailadm/grants.sql" ||
				return 1
		done
	done && grep -q "ON \`post\`.users" "$D/etc/mailadm/grants.sql" &&
	! grep @ITEM@ "$D/etc/mailadm/grants.sql"'

# --- what somebody else made or edited --------------------------------

map=$D/etc/postfix/mailadm/sql_users.cf
rm -rf "$D"
own_system "$D"
echo 'hostname = mx.example.org' >"$conf"

# The contents, modes and times of all files.
state() {
	find "$D" -type f -exec stat -c "%n %i %a %u %g %Y" {} + | sort
	find "$D" -type f -exec cksum {} + | sort
}

t 'a file that was edited is shown as a diff, and nothing is written' '
	run render postfix && echo "# by hand" >>"$map" &&
	echo "database_name = other" >>"$conf" && state >"$T/before" &&
	run render postfix -o table && status 6 && state | cmp - "$T/before" &&
	matches "$out" "sql_users.cf +refused" &&
	matches "$out" "sql_domains.cf +pending" &&
	like "$out" "--- /etc/postfix/mailadm/sql_users.cf" &&
	matches "$out" "^-# by hand" && matches "$out" "^.dbname = other" &&
	like "$err" "hint: --force" && like "$err" "nothing was changed"'

t 'no password is in the diff' '
	like "$out" "password = (hidden)" && unlike "$out$err" of-postfix &&
	sed -i "s/^password = .*/password = Hand9/" "$map" &&
	run render postfix -o json && status 6 && like "$out" "(hidden)" &&
	unlike "$out$err" Hand9 && unlike "$out$err" of-postfix'

t 'nor one that somebody gave in the statements of the accounts' '
	sql=$D/etc/mailadm/grants.sql && run render grants --force &&
	cp "$sql" "$T/grants" && for by in "BY \"Hand9\"" \
	    "BY  '\''Hand9'\''" "BY PASSWORD \"Hand9\"" \
	    "VIA ed25519 USING PASSWORD('\''Hand9'\'')" \
	    "VIA mysql_native_password USING '\''Hand9'\''" \
	    "BY PASSWORD '\''Hand9'\''"; do
		echo "ALTER USER x@y IDENTIFIED $by;" >>"$sql" &&
		run render grants -o json && status 6 &&
		like "$out" "IDENTIFIED" && unlike "$out$err" Hand9 ||
			return 1
	done && cp "$T/grants" "$sql"'

t 'the diff is a column of data, and of refused files alone' '
	run render postfix && status 6 &&
	is "$(awk -F "\t" "\$3 != \"\\\\N\"" "$T/out" | wc -l)" 1'

t 'what could act on a terminal is shown, not sent' '
	cp "$map" "$T/map" && printf "\033[2J\000\303\t\n" >>"$map" &&
	run render postfix -o table && status 6 &&
	like "$out" "-\\x1b[2J" && ! grep -q "$(printf "\033")" "$T/out" &&
	cp "$T/map" "$map"'

t 'with --force it is replaced, and kept beside' '
	cp "$map" "$T/by-hand" && chmod 640 "$map" &&
	run render postfix --force && status 0 &&
	matches "$out" "sql_users.cf	replaced" &&
	like "$err" "old file kept: $map.bak" &&
	cmp "$map.bak" "$T/by-hand" && grep -qx "dbname = other" "$map" &&
	is "$(stat -c %a "$map.bak")" 640'

t 'a copy is readable to nobody who may not read what replaces it' '
	cp "$map" "$T/ours" && echo "password = Hand9" >>"$map" &&
	chmod 644 "$map" && run render postfix --force && status 0 &&
	copy=$(echo "$err" | sed -n "s/^old file kept: //p") &&
	grep -q Hand9 "$copy" && is "$(stat -c %a "$copy")" 640 &&
	rm "$copy" && cmp "$T/ours" "$map"'

t 'an older copy is not overwritten by a new one' '
	echo "# again" >>"$map" && run render postfix --force && status 0 &&
	cmp "$map.bak" "$T/by-hand" && grep -q again "$map.bak.1"'

t 'what is ours and not edited needs no force when the settings change' '
	echo "database_hosts = /run/other.sock" >>"$conf" &&
	run render postfix && status 0 &&
	matches "$out" "sql_users.cf	written" &&
	grep -q "^hosts = unix:/run/other.sock " "$map"'

t 'a file that mailadm did not write is not replaced either' '
	rm -rf "$D" && mkdir -p "$D/etc/dovecot" &&
	echo "# of the distribution" >"$D/etc/dovecot/dovecot.conf" &&
	run render dovecot && status 6 &&
	matches "$out" "dovecot.conf	refused" &&
	[ ! -e "$D/etc/dovecot/mailadm-sql.conf.ext" ]'

t 'nor when what was written is forgotten, unless it is the same' '
	rm -rf "$D" && run render dovecot && status 0 &&
	rm "$D/var/lib/mailadm/rendered" && run render dovecot && status 0 &&
	unlike "$out" written && echo "#" >>"$D/etc/dovecot/dovecot.conf" &&
	run render dovecot && status 6'

t 'what has another name now is named for removal under the old one' '
	rm -rf "$D" && run render dovecot && status 0 &&
	unlike "$out$err" obsolete && cd "$D/etc/dovecot" &&
	for file in mailadm-*sql*; do
		mv "$file" "dovecot${file#mailadm}" || break
	done && cd "$TOP" &&
	sed -i s/mailadm-/dovecot-/ "$D/var/lib/mailadm/rendered" &&
	run render dovecot && status 0 &&
	matches "$out" "/mailadm-sql.conf.ext	written" &&
	matches "$out" "/dovecot-sql.conf.ext	obsolete" &&
	like "$err" "dovecot-sql.conf.ext" && rm "$D"/etc/dovecot/dovecot-* &&
	run render dovecot && status 0 && unlike "$out$err" obsolete'

t 'a hook that is replaced does not stay executable beside' '
	rm -rf "$D" && own_system "$D" && run render cron && status 0 &&
	hook=$D/etc/letsencrypt/renewal-hooks/deploy/mailadm &&
	echo "echo mine" >>"$hook" && run render cron --force && status 0 &&
	is "$(stat -c %a "$hook" "$hook.bak")" "755
644"'

# --- who may read what ------------------------------------------------

# mode user group, of a file below $D
of() {
	stat -c "%a %u %g" "$D/$1"
}

if [ "$(id -u)" = 0 ]; then
	t 'each file has the owner and the mode that its reader needs' '
		rm -rf "$D" && own_system "$D" && run render all && status 0 &&
		is "$(of etc/postfix/main.cf)" "644 0 0" &&
		is "$(of etc/postfix/mailadm/sql_users.cf)" "640 0 901" &&
		is "$(of etc/postfix/mailadm/client.cnf)" "640 0 901" &&
		is "$(of etc/dovecot/dovecot.conf)" "644 0 0" &&
		is "$(of etc/dovecot/mailadm-sql.conf.ext)" "600 0 0" &&
		is "$(of etc/dovecot/mailadm-dict-sql.conf.ext)" \
		    "640 0 902" &&
		is "$(of etc/mailadm/grants.sql)" "600 0 0" &&
		is "$(of etc/mailadm/check.cnf)" "600 990 0" &&
		is "$(of etc/mailadm/policy.cnf)" "600 991 0" &&
		is "$(of etc/cron.d/mailadm)" "644 0 0" &&
		is "$(of var/lib/mailadm/rendered)" "600 0 0"'

	t 'a group that the system does not have is named, nothing written' '
		rm -rf "$D" && own_system "$D" &&
		echo root:x:0: >"$D/etc/group" && run render postfix &&
		status 4 && like "$err" postfix && like "$err" "hint: " &&
		[ ! -e "$D/etc/postfix" ]'

	t 'an owner or a mode that went wrong is set right' '
		rm -rf "$D" && own_system "$D" && run render postfix &&
		status 0 && chmod 666 "$map" && run render postfix &&
		status 0 && matches "$out" "sql_users.cf	written" &&
		chown 990 "$map" && run render postfix && status 0 &&
		matches "$out" "sql_users.cf	written" &&
		is "$(of etc/postfix/mailadm/sql_users.cf)" "640 0 901" &&
		run render postfix && unlike "$out" written'
else
	t 'who is not root gets a note that the files are their own' '
		rm -rf "$D" && run render all && status 0 &&
		like "$err" "note: not root"'
fi

t 'folders that are made are open, whatever the umask' '
	rm -rf "$D" && own_system "$D" && umask 077 && run render postfix &&
	umask 022 && status 0 &&
	is "$(stat -c %a "$D/etc/postfix/mailadm")" 755 &&
	is "$(stat -c %a "$D/var/lib/mailadm")" 755'

t 'no file with a password is readable to others' '
	rm -rf "$D" && own_system "$D" && run render all && status 0 &&
	grep -rlE "of-(mailadm|check|postfix|dovecot)" "$D" >"$T/secret" &&
	[ "$(wc -l <"$T/secret")" -ge 9 ] && while read -r file; do
		case $(stat -c %a "$file") in *[04]0) ;; *) return 1 ;; esac
	done <"$T/secret" &&
	! grep -rl "of-mailadm" "$D/etc/postfix" "$D/etc/dovecot"'

# What an open file is before its owner and its mode are set, and after.
# shellcheck disable=SC2016 # of awk
strict='
	/ openat\(.*O_CREAT/ {
		if ($0 !~ /O_EXCL/ || $0 !~ /, 0600\) = /) bad = bad $0 "\n"
		fd = $NF; name[fd] = $0; right[fd] = 0
	}
	/ fchmod\(/ {
		fd = $0; sub(/.* fchmod\(/, "", fd); sub(/,.*/, "", fd)
		right[fd] = 1
	}
	/ write\(/ {
		fd = $0; sub(/.* write\(/, "", fd); sub(/,.*/, "", fd)
		if (fd > 2 && name[fd] != "" && !right[fd])
			bad = bad $0 "\n"
		written += fd > 2 && name[fd] != ""
	}
	/ close\(/ {
		fd = $0; sub(/.* close\(/, "", fd); sub(/\).*/, "", fd)
		name[fd] = ""
	}
	/ (chmod|fchmodat|link|linkat)\(/ && !/chmod\("[^"]*", 0755\)/ {
		bad = bad $0 "\n"
	}
	END { printf "%s", bad; if (!written) print "nothing is written" }'

# Leaks cannot be looked for in what is traced.
if command -v strace >/dev/null; then
	t 'nor is it at any moment: nothing is in it before the mode is right' '
		rm -rf "$D" && own_system "$D" &&
		ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 \
		strace -f -o "$T/trace" -e trace=openat,fchmod,fchown,write,\
close,chmod,fchmodat,link,linkat "$MAILADM" -c "$conf" \
		    --defaults-file "$accounts" config render all \
		    --postfix-version 3.7 --dovecot-version 2.3 --out "$D" \
		    >"$T/out" 2>"$T/err" && run awk "$strict" "$T/trace" &&
		empty "$out"'
	t 'what a kill leaves beside a file, the next write of it removes' '
		rm -rf "$D" && own_system "$D" &&
		left() { find "$D" -name ".*.mailadm-*"; } &&
		run strace -f -o "$T/trace" -e trace=rename \
		    -e inject=rename:signal=KILL:when=1 "$MAILADM" -c "$conf" \
		    --defaults-file "$accounts" config render postfix \
		    --postfix-version 3.7 --out "$D" && status 137 &&
		lines "$(left)" 1 && run render postfix && status 0 &&
		empty "$(left)"'
else
	skip 'nor is it at any moment' 'no strace'
	skip 'what a kill leaves beside a file' 'no strace'
fi

# --- links, full disks, folders that may not be written -----------------

t 'a link is not followed, and not replaced' '
	rm -rf "$D" && own_system "$D" && run render postfix && status 0 &&
	echo mine >"$T/mine" && ln -sf "$T/mine" "$map" &&
	for force in "" --force; do
		run render postfix $force && status 6 &&
		like "$err" "$map is a symbolic link" &&
		is "$(cat "$T/mine")" mine && [ -L "$map" ] || return 1
	done && rm "$map" && mkdir "$map" && run render postfix && status 6 &&
	like "$err" "not a regular file"'

# The least file that cannot be written whole, since none may be longer.
limited() {
	( trap "" XFSZ && ulimit -f 1 && "$@" )
}

t 'a file that cannot be written whole is left as it was' '
	rm -rf "$D" && own_system "$D" && run render dovecot && status 0 &&
	cp "$D/etc/dovecot/dovecot.conf" "$T/old" &&
	run limited "$MAILADM" -c "$conf" --defaults-file "$accounts" config \
	    render dovecot --dovecot-version 2.4 --out "$D" && status 10 &&
	like "$err" "cannot write $D/etc/dovecot/" &&
	cmp "$D/etc/dovecot/dovecot.conf" "$T/old" &&
	is "$(find "$D" -name ".*" -type f)" "" &&
	run render dovecot && status 0'

small_disk() {
	unshare --mount sh -c 'mount -t tmpfs -o size=32k small "$1" &&
		shift && exec "$@"' sh "$@"
}

if [ "$(id -u)" = 0 ] && small_disk "$T" true 2>/dev/null; then
	t 'a full disk is an error, and leaves no half file' '
		rm -rf "$D" && mkdir "$D" &&
		own_system "$T/users" &&
		printf "%s\n" "cp -r $T/users/etc $D
		    \"\$@\"; echo status \$?; find $D -type f |
		    xargs -r wc -c" >"$T/script" &&
		run small_disk "$D" sh "$T/script" "$MAILADM" -c "$conf" \
		    --defaults-file "$accounts" config render postfix \
		    --postfix-version 3.7 --out "$D" &&
		like "$out" "status 10" && like "$err" "No space left" &&
		unlike "$out" "/\\."'
else
	skip 'a full disk is an error, and leaves no half file' 'no mounts'
fi

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	t 'a folder that may not be written is an error' '
		rm -rf "$D" && mkdir -p "$D/etc/dovecot" && chmod 755 "$T" &&
		cp "$accounts" "$T/nobody.cnf" && chown 65534 "$T/nobody.cnf" &&
		run setpriv --reuid 65534 --clear-groups "$MAILADM" \
		    -c "$conf" --defaults-file "$T/nobody.cnf" config render \
		    dovecot --dovecot-version 2.3 --out "$D" && status 9 &&
		like "$err" "cannot write $D/etc/dovecot/" &&
		is "$(find "$D" -type f)" ""'
fi

# --- for a look, and for a main.cf of one's own -------------------------

t 'with --dry-run the same is said and nothing is written' '
	rm -rf "$D" && own_system "$D" && run render dovecot -n && status 0 &&
	matches "$out" "dovecot.conf	written" && like "$err" "dry run" &&
	[ ! -e "$D/etc/dovecot" ] && [ ! -e "$D/var" ] &&
	run render dovecot && echo "pop3 = yes" >>"$conf" &&
	state >"$T/before" && run render dovecot -n -o table && status 0 &&
	matches "$out" "^.protocols = imap pop3 lmtp" &&
	state | cmp - "$T/before"'

t 'with --postconf commands are printed, and the maps written' '
	rm -rf "$D" && own_system "$D" &&
	run render postfix --postconf && status 0 &&
	! grep -v "^postconf " "$T/out" &&
	matches "$out" "^postconf -e .virtual_alias_domains =.$" &&
	[ -f "$map" ] && [ ! -e "$D/etc/postfix/main.cf" ] &&
	like "$err" "sql_users.cf written"'

if [ -x /usr/sbin/postconf ] && [ -d /usr/lib/postfix ]; then
	PATH=$PATH:/usr/sbin
	t 'they bring all settings of the files into the existing ones' '
		rm -rf "$D" "$T/own" && own_system "$D" && mkdir "$T/own" &&
		: >"$T/own/main.cf" && : >"$T/own/master.cf" &&
		run render postfix && status 0 &&
		echo "postfix_directory = $T/own" >>"$conf" &&
		run render postfix --postconf && status 0 &&
		sh -e "$T/out" 2>"$T/warnings" &&
		: >>"$D/etc/postfix/master.cf" &&
		for what in -n -M -P; do
			postconf -c "$T/own" $what 2>"$T/warnings" | sort \
			    >"$T/own.$what" &&
			postconf -c "$D/etc/postfix" $what 2>"$T/warnings" |
			    sort |
			    sed "s|$D/etc/postfix|$T/own|g" |
			    diff - "$T/own.$what" || return 1
		done'
fi

finish
