#!/bin/sh
# DKIM keys brought to the mail filter: files, tables, and what may go wrong.
# shellcheck disable=SC2016,SC2119,SC2154 # t evaluates the code
. tests/lib.sh
. tests/db/lib-dkim.sh

need_root
server_start
fresh
secret_make

R=$T/root
D=$R/var/lib/mailadm/dkim
SIGNAL_AT=$TOP/$OUT/tests/signal_at

own_system "$R"
printf '%s\n' _rspamd:x:903: opendkim:x:904: >>"$R/etc/group"

filter() { # rspamd|opendkim
	dkim_settings "filter = $1"
}

# Without a filter, so that no change is brought to that of this machine.
cp "$T/conf" "$T/no-filter"
mailadm() {
	"$MAILADM" --defaults-file="$T/client.cnf" -c "$T/no-filter" "$@"
}

sync() {
	"$MAILADM" --defaults-file="$T/client.cnf" -c "$T/conf" dkim sync \
	    --out "$R" "$@"
}

start_again() {
	rm -rf "${R:?}/var"
	sql 'DELETE FROM dkim_keys; DELETE FROM history; DELETE FROM aliases;
		DELETE FROM users; DELETE FROM domains' &&
	for domain in x.example y.example; do
		mailadm -q domain add $domain &&
		mailadm -q dkim add $domain --selector r --algorithm rsa &&
		mailadm -q dkim add $domain --selector e --algorithm ed25519 &&
		mailadm -q dkim activate $domain --force || return 1
	done >"$T/said"
}

files() {
	(cd "$D" && find keys -type f | sort | tr '\n' ' ')
}

# All that a filter reads: content, owner, mode, and which file it is.
shape() {
	find "$D" -type f ! -name lock -exec stat -c '%n %i %Y %a %u %g' {} + |
		sort
	find "$D" -type f -exec cksum {} + | sort
}

# Every file that a table names is a whole key, and each line of the second
# table leads to one of the first.
sound() {
	[ -d "$D" ] || return 0
	find "$D" \( -name rspamd.conf -o -name KeyTable \) -exec sed -n '
	    s/.*path = "\([^"]*\)".*/\1/p; s/^[^#].*:\(\/.*\)/\1/p' {} + |
	while read -r file; do
		case $(head -c 11 "$R$file") in
		-----BEGIN*) openssl pkey -in "$R$file" -noout || return 1 ;;
		*) [ "$(wc -c <"$R$file")" -eq 89 ] || return 1 ;;
		esac
	done || return 1
	[ ! -e "$D/SigningTable" ] || sed -n 's/^[^#].* //p' \
	    "$D/SigningTable" | while read -r line; do
		grep -q "^$line " "$D/KeyTable" || return 1
	done
}

filter rspamd
start_again

t 'keys are written for rspamd, readable for root and the filter only' '
	run sync && status 0 && lines "$out" 5 &&
	like "$err" "4 DKIM keys in use" &&
	is "$(files)" "keys/x.example.e.key keys/x.example.r.key \
keys/y.example.e.key keys/y.example.r.key " &&
	is "$(stat -c "%a %u %g" "$D/keys")" "750 0 903" &&
	is "$(stat -c "%a %u %g" "$D"/keys/* | sort -u)" "640 0 903" &&
	is "$(stat -c "%a %u %g" "$D/rspamd.conf")" "644 0 0" && sound'

t 'an RSA key is PEM, an Ed25519 key its seed and public key in base64' '
	is "$(openssl pkey -in "$D/keys/x.example.r.key" -pubout -outform DER |
		base64 -w0)" "$(sql "SELECT public_key FROM dkim_keys
		WHERE domain = \"x.example\" AND selector = \"r\"")" &&
	is "$(base64 -d "$D/keys/y.example.e.key" | tail -c 32 | base64)" \
	    "$(sql "SELECT public_key FROM dkim_keys
		WHERE domain = \"y.example\" AND selector = \"e\"")"'

t 'the table names them by domain' '
	is "$(cat "$D/rspamd.conf")" "# Written by \`mailadm dkim sync\`.
domain {
    \"x.example\" { selectors [
        { selector = \"e\"; path = \"/var/lib/mailadm/dkim/keys/x.example.\
e.key\"; },
        { selector = \"r\"; path = \"/var/lib/mailadm/dkim/keys/x.example.\
r.key\"; },
    ] }
    \"y.example\" { selectors [
        { selector = \"e\"; path = \"/var/lib/mailadm/dkim/keys/y.example.\
e.key\"; },
        { selector = \"r\"; path = \"/var/lib/mailadm/dkim/keys/y.example.\
r.key\"; },
    ] }
}"'

t 'a second run changes nothing, and needs no key opened' '
	shape >"$T/before" && run sync && status 0 && empty "$out" &&
	like "$err" unchanged && shape >"$T/after" &&
	grep -v /synced "$T/before" >"$T/before2" &&
	grep -v /synced "$T/after" | cmp - "$T/before2"'

t 'what is disabled, renamed or removed is out of the table, and comes back' '
	mailadm -q domain disable x.example && run sync && status 0 &&
	is "$(files)" "keys/y.example.e.key keys/y.example.r.key " &&
	unlike "$(cat "$D/rspamd.conf")" x.example && sound &&
	mailadm -q domain enable x.example &&
	mailadm -q domain rename y.example z.example && run sync &&
	status 0 &&
	is "$(files)" "keys/x.example.e.key keys/x.example.r.key " &&
	mailadm -q dkim activate z.example --force && run sync && status 0 &&
	is "$(files)" "keys/x.example.e.key keys/x.example.r.key \
keys/z.example.e.key keys/z.example.r.key " && sound &&
	mailadm -q -y domain remove z.example x.example --recursive &&
	run sync && status 0 && empty "$(files)" && sound &&
	is "$(grep -c example "$D/rspamd.conf")" 0'

t 'with --dry-run nothing is written, and a run with nothing to do says so' '
	start_again && run sync -n && status 0 && lines "$out" 5 &&
	[ ! -e "$D" ] && sync -q >"$T/said" && run sync -n && status 0 &&
	empty "$out" && like "$err" unchanged'

t 'a file that is gone, empty, other bytes, or of another mode is fixed' '
	key=$D/keys/x.example.r.key && cksum <"$key" >"$T/sum" &&
	for harm in "rm $key" ": >$key" "cat $D/keys/y.example.r.key >$key" \
	    "chmod 644 $key" "chown 901 $key" \
	    "rm $key && ln -s /etc/passwd $key" \
	    "rm $D/rspamd.conf" "echo x >>$D/rspamd.conf" \
	    "chmod 666 $D/rspamd.conf" "chmod 777 $D/keys" "rm $D/synced" \
	    "echo junk >$D/synced"; do
		eval "$harm" && run sync && { [ "$status" = 0 ] ||
		    rm -f "$key" && run sync && status 0; } &&
		cksum <"$key" | cmp - "$T/sum" && sound &&
		is "$(stat -c "%a %u %g %F" "$key")" \
		    "640 0 903 regular file" &&
		is "$(stat -c %a "$D/keys")" 750 &&
		run sync && empty "$out" || return 1
	done'

t 'what a killed writer left, with a key in clear, goes' '
	echo secret >"$D/keys/.a.key.mailadm-Ab12Cd" &&
	echo mine >"$D/keys/README" && run sync && status 0 &&
	[ ! -e "$D/keys/.a.key.mailadm-Ab12Cd" ] && [ -e "$D/keys/README" ] &&
	rm "$D/keys/README"'

t 'another secret, or none, changes nothing: the filter signs on' '
	shape >"$T/before" && mv "$T/secret" "$T/mine" &&
	run sync && status 9 && like "$err" "$T/secret" &&
	shape | cmp - "$T/before" && secret_make && run sync && status 9 &&
	like "$err" "not the secret" && shape | cmp - "$T/before" &&
	mv "$T/mine" "$T/secret"'

t 'with the database away nothing is touched' '
	printf "[mailadm]\nsocket=/nonexistent\ndatabase=mail\n" \
	    >"$T/away.cnf" && chmod 600 "$T/away.cnf" &&
	run "$MAILADM" --defaults-file="$T/away.cnf" -c "$T/conf" dkim sync \
	    --out "$R" && status 7 && shape | cmp - "$T/before"'

t 'a key that does not open changes no table' '
	sql "UPDATE dkim_keys SET private_key = CONCAT(LEFT(private_key, 80),
	    REVERSE(SUBSTR(private_key, 81))) WHERE domain = \"y.example\"
	    AND selector = \"r\"" && rm "$D/keys/y.example.r.key" &&
	cksum "$D/rspamd.conf" >"$T/table" && run sync && status 9 &&
	like "$err" "DKIM key r of y.example" &&
	cksum "$D/rspamd.conf" | cmp - "$T/table"'

t 'names that no command would write lead nowhere' '
	start_again && sync -q >"$T/said" && shape >"$T/before" &&
	for name in "../../evil" "a\"; } x" "a b" "a;b"; do
		sql "SET check_constraint_checks = 0; UPDATE dkim_keys SET
		    selector = \"$(echo "$name" | sed "s/\"/\\\\\"/g")\" WHERE
		    selector = \"r\" AND domain = \"x.example\"" &&
		run sync && status 3 && shape | cmp - "$T/before" &&
		sql "SET check_constraint_checks = 0; UPDATE dkim_keys SET
		    selector = \"r\" WHERE selector <> \"e\" AND
		    domain = \"x.example\"" || return 1
	done && [ ! -e "$D/evil.key" ] && [ ! -e "$D/../evil.key" ]'

t 'several runs at once leave what one would have left' '
	start_again && for i in 1 2 3 4; do
		sync -q >"$T/said.$i" 2>&1 &
		pids="${pids:-} $!"
	done && for pid in $pids; do
		wait "$pid" || return 1
	done && sound && run sync && status 0 && empty "$out"'

# The kernel lists who waits for a lock.
waits_for() {
	grep -e '-> FLOCK' /proc/locks | grep -q ":$(stat -c %i "$1") "
}

t 'with --dry-run it waits for a run that has not ended' '
	mkfifo "$T/held" && { flock "$D/lock" cat "$T/held" & } &&
	exec 8>"$T/held" && {
		(exec 8>&- && sync -n) >"$T/said" 2>"$T/err" &
	} && dry_pid=$! && eventually waits_for "$D/lock" && exec 8>&- &&
	wait "$dry_pid" && is "$(cat "$T/said")" "" &&
	like "$(cat "$T/err")" unchanged'

t 'for opendkim both tables are written, and no Ed25519 key' '
	filter opendkim && start_again && run sync && status 0 &&
	is "$(files)" "keys/x.example.r.key keys/y.example.r.key " &&
	is "$(grep -v "^#" "$D/KeyTable")" "r.x.example x.example:r:\
/var/lib/mailadm/dkim/keys/x.example.r.key
r.y.example y.example:r:/var/lib/mailadm/dkim/keys/y.example.r.key" &&
	is "$(grep -v "^#" "$D/SigningTable")" "*@x.example r.x.example
*@y.example r.y.example" &&
	is "$(stat -c "%a %u %g" "$D"/*Table | sort -u)" "640 0 904" && sound'

# One domain comes and one goes: each kind of write is among the calls.
before_change() {
	start_again && sync -q >"$T/said" && cp -a "$R/var" "$T/var" &&
	mailadm -q domain disable x.example &&
	mailadm -q domain add a.example &&
	mailadm -q dkim add a.example --selector r >"$T/said" &&
	mailadm -q dkim activate a.example --force
}

# The leak sanitizer cannot work in a process that is traced.
signal_at() { # N OPTION...
	signal_n=$1
	shift
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 \
	    SIGNAL_COUNT=$T/calls "$SIGNAL_AT" 9 "$signal_n" "$MAILADM" -q \
	    --defaults-file="$T/client.cnf" -c "$T/conf" dkim sync \
	    --out "$R" "$@" >"$T/said" 2>&1
}

# What only reads makes half of the calls, and most of those are to connect,
# which needs no kill.
killed_anywhere() {
	signal_at 0 -n && reading=$(cat "$T/calls") && signal_at 0 &&
	calls=$(cat "$T/calls") && [ "$calls" -gt "$reading" ] &&
	killed_at=$((reading * 3 / 4)) && kills=0 &&
	while [ "$killed_at" -le "$calls" ]; do
		rm -rf "${R:?}/var" && cp -a "$T/var" "$R/var" &&
		signal_at "$killed_at"
		sound || { t_notes="killed at call $killed_at"; return 1; }
		kills=$((kills + 1)) killed_at=$((killed_at + $(step 11)))
	done && echo "# killed at $kills calls"
}

for kind in opendkim rspamd; do
	t "killed at any system call, no table of $kind names a missing key" '
		filter $kind && rm -rf "$T/var" && before_change &&
		killed_anywhere && run sync && status 0 && sound &&
		run sync && empty "$out"'
done

# In a mount namespace, where this machine's files are not touched.
as_server() {
	unshare --mount sh -c 'mount -t tmpfs tmpfs /var/lib &&
		mount --bind "$1" /etc/group &&
		mount -t tmpfs tmpfs /usr/local/sbin &&
		cp "$2/systemctl" /usr/local/sbin && shift 2 &&
		mkdir -p /var/lib/mailadm && if [ -d "$T/kept" ]; then
			cp -a "$T/kept/." /var/lib/mailadm/
		fi && { "$@"; s=$?; rm -rf "$T/kept" &&
			cp -a /var/lib/mailadm "$T/kept"; exit $s; }' sh \
	    "$R/etc/group" "$T/bin" "$MAILADM" \
	    --defaults-file="$T/client.cnf" -c "$T/conf" dkim sync "$@"
}

reloads() {
	cat "$T/reloads" 2>/dev/null
}

export T
mkdir "$T/bin"
cat >"$T/bin/systemctl" <<END
#!/bin/sh
[ ! -e "$T/fail" ] || { echo stuck >&2; exit 1; }
echo "\$*" >>"$T/reloads"
END
chmod 755 "$T/bin/systemctl"
if as_server -n >"$T/said" 2>&1; then
	t 'the filter is reloaded after a change, and again until it was' '
		: >"$T/fail" &&
		filter rspamd && start_again && run as_server && status 10 &&
		like "$err" "cannot reload rspamd: stuck" &&
		empty "$(reloads)" && run as_server -n && status 0 &&
		empty "$out" && like "$err" "rspamd was not reloaded" &&
		rm "$T/fail" && run as_server &&
		status 0 &&
		like "$err" "rspamd reloaded" &&
		is "$(reloads)" "try-reload-or-restart rspamd" &&
		run as_server && status 0 && like "$err" unchanged &&
		lines "$(reloads)" 1'

	t 'files go after the reload, or, without it, at the next run' '
		mailadm -q domain disable x.example && : >"$T/fail" &&
		run as_server && status 10 &&
		[ -e "$T/kept/dkim/keys/x.example.r.key" ] && rm "$T/fail" &&
		run as_server --no-reload && status 0 &&
		[ -e "$T/kept/dkim/keys/x.example.r.key" ] &&
		run as_server && status 0 &&
		[ ! -e "$T/kept/dkim/keys/x.example.r.key" ]'

	t 'a filter that was reloaded in this run may still open old files' '
		mailadm -q domain disable y.example --no-sync &&
		run as_server && status 0 && like "$err" "rspamd reloaded" &&
		! grep y.example "$T/kept/dkim/rspamd.conf" &&
		[ -e "$T/kept/dkim/keys/y.example.r.key" ] &&
		run as_server && status 0 && unlike "$err" reloaded &&
		[ ! -e "$T/kept/dkim/keys/y.example.r.key" ]'
else
	skip 'the filter is reloaded after a change' 'no mount namespace'
fi

t 'a full disk leaves the old tables' '
	filter rspamd && rm -rf "$T/var" && before_change &&
	cksum "$D/rspamd.conf" >"$T/table" &&
	run sh -c "ulimit -f 0; exec \"\$@\"" sh "$MAILADM" \
	    --defaults-file="$T/client.cnf" -c "$T/conf" dkim sync \
	    --out "$R" && [ "$status" != 0 ] && sound &&
	cksum "$D/rspamd.conf" | cmp - "$T/table" && run sync && status 0'

# The old files lie on a disk of so many kilobytes; what is there afterwards is
# copied to where sound() looks.
sync_on() { # KILOBYTES
	rm -rf "${R:?}/var" && mkdir "$R/var" &&
	unshare --mount sh -c 'mount -t tmpfs -o size="$1"k tmpfs "$2/var" &&
		cp -a "$T/var/." "$2/var" || exit 77
		at=$2
		shift 2
		"$@"
		s=$?
		rm -rf "$T/after" && cp -a "$at/var" "$T/after" && exit $s' \
	    sh "$1" "$R" "$MAILADM" --defaults-file="$T/client.cnf" \
	    -c "$T/conf" dkim sync --out "$R"
	sync_status=$?
	rm -rf "${R:?}/var" && cp -a "$T/after" "$R/var" &&
		return "$sync_status"
}

if unshare --mount mount -t tmpfs tmpfs /var/lib 2>"$T/said"; then
	for kind in opendkim rspamd; do
		t "a disk that is full leaves sound tables of $kind" '
			filter $kind && rm -rf "$T/var" && before_change &&
			disk=16 && refused=0 &&
			until run sync_on $disk; [ "$status" = 0 ]; do
				if [ "$status" != 77 ]; then
					refused=$((refused + 1))
					sound && status 10 || return 1
				fi
				disk=$((disk + 4))
				[ $disk -lt 400 ] || return 1
			done && sound && [ $refused -gt 0 ] &&
			like "$(files)" a.example.r.key &&
			echo "# $kind: full $refused times"'
	done
else
	skip 'a full disk leaves sound tables' 'no mount namespace'
fi

t 'a key that was encrypted with more rounds is opened as well' '
	filter rspamd && start_again && sync -q >"$T/said" &&
	cp "$D/keys/x.example.r.key" "$T/old" &&
	openssl pkcs8 -topk8 -v2 aes-256-cbc -in "$T/old" \
	    -passout "file:$T/secret" -out "$T/sealed" &&
	openssl asn1parse -in "$T/sealed" | grep -q "INTEGER  *:0800$" &&
	sql "UPDATE dkim_keys SET private_key = \"$(cat "$T/sealed")
\" WHERE domain = \"x.example\" AND selector = \"r\"" &&
	rm "$D/keys/x.example.r.key" && run sync && status 0 &&
	cmp "$D/keys/x.example.r.key" "$T/old"'

# How often the calls were made by any thread of the command that was traced.
traced() { # CALL
	grep -cE "^[0-9]+ +$1\(" "$T/trace"
}

traced_sync() { # STRACE-OPTION...
	ASAN_OPTIONS=detect_leaks=0 strace -f -o "$T/trace" "$@" "$MAILADM" \
	    --defaults-file="$T/client.cnf" -c "$T/conf" dkim sync --out "$R"
}

# What grows with the number of keys for each of them is not seen in a clock
# here, but in the calls.
t 'many keys: by threads, the disk once, and only then they take their place' '
	seq 99 | sed "s/.*/domain add d&.example/" >"$T/batch" &&
	mailadm -q -f "$T/batch" && sql "INSERT INTO dkim_keys (domain,
	    selector, algorithm, bits, state, public_key, private_key,
	    secret_id) SELECT d.domain, selector, algorithm, bits, state,
	    public_key, private_key, secret_id FROM domains AS d JOIN
	    dkim_keys AS k ON k.domain = \"x.example\" AND k.selector = \"r\"
	    WHERE d.domain LIKE \"d%\"" &&
	run traced_sync -e trace=clone,clone3,getdents64,fsync,syncfs,rename &&
	status 0 && lines "$out" 100 && sound &&
	is "$(openssl pkey -in "$D/keys/d99.example.r.key" -outform DER |
	    cksum)" "$(openssl pkey -in "$T/old" -outform DER | cksum)" &&
	[ "$(traced "clone3?")" -ge "$(nproc)" ] &&
	is "$(traced syncfs)" 1 && [ "$(traced fsync)" -lt 20 ] &&
	[ "$(traced getdents64)" -lt 30 ] &&
	is "$(sed "/ syncfs(/q" "$T/trace" | grep -c "rename(.*/keys/")" 0 &&
	is "$(grep -c "rename(.*/keys/" "$T/trace")" 99 &&
	run sync && status 0 && empty "$out" && like "$err" unchanged'

t 'many keys that the disk does not take change nothing' '
	cksum "$D/rspamd.conf" >"$T/table" && rm "$D"/keys/d*.key &&
	run traced_sync -e trace=syncfs -e inject=syncfs:error=EIO &&
	status 10 && like "$err" "cannot write $D/keys/" &&
	cksum "$D/rspamd.conf" | cmp - "$T/table" &&
	empty "$(find "$D/keys" -name "d*" -o -name ".*")"'

# strace ends with the signal of its child.
made_up_for() { # CALL NUMBER
	run traced_sync -e "trace=$1" -e "inject=$1:signal=KILL:when=$2"
	[ "$status" != 0 ] && sound && run sync && status 0 && sound &&
	lines "$(find "$D/keys" -type f -name "d*.key")" 99 &&
	run sync && status 0 && empty "$out" &&
	empty "$(find "$D/keys" -name ".*")"
}

t 'killed among many keys, it leaves sound tables and is made up for' '
	for at in "syncfs 1" "rename 2" "rename 50" "rename 99" "rename 100"
	do
		rm -rf "${D:?}" && made_up_for $at || return 1
	done'

t 'of many keys, one that is another is named, and no table is changed' '
	cksum "$D/rspamd.conf" >"$T/table" && rm "$D"/keys/d*.key &&
	mailadm -q domain disable y.example --no-sync &&
	sql "UPDATE dkim_keys AS k JOIN dkim_keys AS y ON y.domain =
	    \"y.example\" AND y.selector = \"r\" SET k.public_key =
	    y.public_key WHERE k.domain IN (\"d7.example\",
	    \"d77.example\")" && run sync && status 3 &&
	matches "$err" "DKIM key r of d77?\.example: the private key does" &&
	cksum "$D/rspamd.conf" | cmp - "$T/table" &&
	empty "$(find "$D/keys" -name ".*.key*")"'

# Files are compared by their bytes; their times only save the comparison.
t 'a clock that jumps, either way, costs no key and no reload' '
	filter rspamd && start_again && sync -q >"$T/said" &&
	for then in 1980-01-01 2099-01-01; do
		find "$D" -exec touch -d $then {} + && run sync &&
		status 0 && empty "$out" && like "$err" unchanged &&
		sound || return 1
	done && mailadm -q domain disable x.example --no-sync &&
	find "$D" -exec touch -d 2099-01-01 {} + && run sync && status 0 &&
	is "$(files)" "keys/y.example.e.key keys/y.example.r.key " && sound'

t 'without a filter there is nothing to do, and others than root may not' '
	run mailadm dkim sync && status 0 &&
	like "$err" "the setting filter is none" &&
	chmod 755 "$T" && run setpriv --reuid 901 --clear-groups "$MAILADM" \
	    --version && if [ "$status" = 0 ]; then
		chmod 644 "$T/conf"
		run setpriv --reuid 901 --clear-groups "$MAILADM" \
		    --defaults-file=/dev/null -c /dev/null dkim sync
		[ "$status" != 2 ]
	fi'

finish
