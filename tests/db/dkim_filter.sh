#!/bin/sh
# What changes which DKIM keys sign is brought to the mail filter at once:
# after the commit, once, and whatever becomes of that.
# shellcheck disable=SC2016,SC2119,SC2154 # t evaluates the code

# In a mount namespace, where this machine's files are not touched.
if [ "${OWN_MOUNTS:-}" = '' ] && unshare --mount true 2>/dev/null; then
	OWN_MOUNTS=yes exec unshare --mount sh "$0" "$@"
fi
. tests/lib.sh
. tests/db/lib-dkim.sh
. tests/db/lib-faults.sh

need_root
need_command perl setpriv
[ "${OWN_MOUNTS:-}" = yes ] || skip_all 'no mount namespace'
own_system "$T/root"
printf '%s\n' _rspamd:x:903: opendkim:x:904: >>"$T/root/etc/group"
if ! mount -t tmpfs tmpfs /var/lib || ! mount -t tmpfs tmpfs /usr/local/sbin ||
    ! mount --bind "$T/root/etc/group" /etc/group; then
	skip_all 'no mounts'
fi
cat >/usr/local/sbin/systemctl <<END
#!/bin/sh
[ ! -e "$T/fail" ] || { echo stuck >&2; exit 1; }
echo "\$*" >>"$T/reloads"
END
chmod 755 /usr/local/sbin/systemctl
D=/var/lib/mailadm/dkim
SIGNAL_AT=$BUILT/tests/signal_at

server_start
fresh
secret_make
dkim_settings 'filter = rspamd'
cp "$T/conf" "$T/filter"
dkim_settings
cp "$T/conf" "$T/no-filter"
cp "$T/filter" "$T/conf"

# Domains with a key each, which is pending.
start_again() {
	rm -rf "$D" "$T/fail" && sql 'DELETE FROM dkim_keys;
		DELETE FROM history; DELETE FROM aliases; DELETE FROM users;
		DELETE FROM domains ORDER BY alias_of IS NULL' &&
	for domain in x y z; do
		mailadm -q domain add $domain.example &&
		mailadm -q dkim add $domain.example --selector s \
		    --algorithm rsa >"$T/said" || return 1
	done && : >"$T/reloads"
}

activate() { # DOMAIN...: without bringing it to the filter
	for domain; do
		mailadm -q dkim activate "$domain" --force --no-sync ||
			return 1
	done
}

# The domains that sign, by the table of the filter, whose key files exist.
sign() { # DOMAIN...
	: >"$T/signers"
	[ ! -e "$D/rspamd.conf" ] ||
		sed -n 's/^    "\(.*\)" { selectors.*/\1/p' "$D/rspamd.conf" \
		    >"$T/signers"
	while read -r signer; do
		openssl pkey -in "$D/keys/$signer.s.key" -noout || return 1
	done <"$T/signers"
	is "$(cat "$T/signers")" "$([ $# = 0 ] || printf '%s\n' "$@")"
}

synced() {
	mailadm -q dkim sync >"$T/synced"
}

reloaded() { # N: since the last time
	is "$(wc -l <"$T/reloads")" "$1" && : >"$T/reloads"
}

### one command

start_again

t 'a key that is pending changes nothing' '
	run mailadm dkim add x.example --selector t --algorithm ed25519 &&
	status 0 && unlike "$err" sync && reloaded 0 && [ ! -e "$D" ] &&
	mailadm -q dkim remove x.example t && [ ! -e "$D" ]'

t 'a key that is activated signs at once' '
	run mailadm dkim activate x.example --force && status 0 &&
	like "$err" "DKIM key s of x.example activated
1 DKIM key in use; rspamd reloaded" && sign x.example && reloaded 1'

t 'with --no-sync it does not, and a hint says how it will' '
	run mailadm dkim activate y.example --force --no-sync && status 0 &&
	like "$err" "hint: each mail host signs as before until root runs \
there: mailadm dkim sync" && sign x.example && reloaded 0 &&
	run mailadm dkim sync && status 0 && sign x.example y.example &&
	reloaded 1'

t 'with --dry-run nothing happens' '
	for words in "dkim activate z.example --force" \
	    "dkim retire x.example s --force" "domain disable x.example"; do
		run mailadm -n $words && status 0 && unlike "$err" "in use" &&
		unlike "$err" "dkim sync" || return 1
	done && reloaded 0 && sign x.example y.example'

t 'what ends or begins with its domain does so in the filter, too' '
	run mailadm domain disable x.example y.example && status 0 &&
	sign && reloaded 1 &&
	run mailadm domain enable x.example y.example && status 0 &&
	sign x.example y.example && reloaded 1 &&
	run mailadm domain rename x.example a.example && status 0 &&
	sign y.example && reloaded 1 &&
	run mailadm undo "$(sql "SELECT MAX(id) FROM changes")" &&
	status 0 && sign x.example y.example && reloaded 1 &&
	run mailadm -y domain remove x.example --recursive && status 0 &&
	sign y.example && reloaded 1'

t 'a domain that is renamed and kept as an alias signs on' '
	run mailadm domain rename y.example b.example --keep-alias &&
	status 0 && unlike "$err" "in use" && sign y.example && reloaded 0 &&
	run mailadm undo "$(sql "SELECT MAX(id) FROM changes")" &&
	status 0 && sign y.example && reloaded 0'

t 'so do keys that are retired or removed' '
	run mailadm dkim retire y.example s --force && status 0 && sign &&
	reloaded 1 && start_again && activate x.example y.example &&
	run mailadm dkim remove x.example s --force && status 0 &&
	sign y.example && reloaded 1'

t 'what leaves the keys as they are does not' '
	start_again && activate x.example && synced &&
	reloaded 1 &&
	for words in "domain set x.example --quota 1G" \
	    "domain disable z.example" "domain enable x.example" \
	    "domain add n.example" "domain rename n.example m.example" \
	    "domain remove m.example" "dkim remove y.example s" \
	    "user add u@x.example --no-password"; do
		rm "$D/synced" && run mailadm $words && status 0 &&
		unlike "$err" "in use" && unlike "$err" "dkim sync" &&
		[ ! -e "$D/synced" ] && synced || return 1
	done && rm "$D/synced" &&
	run mailadm undo "$(sql "SELECT MAX(id) FROM changes")" && status 0 &&
	[ ! -e "$D/synced" ] && reloaded 0'

t 'without a filter, and for others than root, a hint says what to run' '
	start_again && run "$MAILADM" --defaults-file="$T/client.cnf" \
	    -c "$T/no-filter" dkim activate x.example --force && status 0 &&
	like "$err" "hint: each mail host signs as before until root" &&
	[ ! -e "$D" ] && chmod 755 "$T" && chmod 644 "$T/conf" &&
	install -m 600 -o 901 "$T/client.cnf" "$T/other.cnf" &&
	run setpriv --reuid 901 --clear-groups "$MAILADM" \
	    --defaults-file="$T/other.cnf" -c "$T/conf" domain disable \
	    x.example && { [ "$status" != 0 ] ||
		like "$err" "hint: each mail host signs as before until root"
	} && [ ! -e "$D" ]'

t 'manifests are applied, and then the filter gets the keys' '
	start_again && activate x.example y.example z.example &&
	printf "%s\n" "domains:" "  x.example:" "    active: false" \
	    "  y.example:" "    absent: true" >"$T/manifest.yaml" &&
	run mailadm -n apply "$T/manifest.yaml" && status 0 && reloaded 0 &&
	run mailadm apply "$T/manifest.yaml" --yes && status 0 &&
	matches "$err" "^1 DKIM key in use" && sign z.example && reloaded 1 &&
	printf "%s\n" "domains:" "  x.example:" "    active: true" \
	    >"$T/manifest.yaml" && mailadm -q plan "$T/manifest.yaml" \
	    --out "$T/saved" >"$T/said"; [ -e "$T/saved" ] &&
	run mailadm apply "$T/saved" --yes && status 0 &&
	sign x.example z.example && reloaded 1'

### several

t 'a batch brings all of it once, after its commit' '
	start_again && printf "dkim activate %s.example --force\n" x y z \
	    >"$T/batch" && run mailadm -f "$T/batch" && status 0 &&
	like "$err" "z.example activated
3 DKIM keys in use; rspamd reloaded" && reloaded 1 &&
	sign x.example y.example z.example'

t 'one that fails brings nothing' '
	printf "domain disable %s.example\n" x y none >"$T/batch" &&
	run mailadm -f "$T/batch" && status 4 && reloaded 0 &&
	sign x.example y.example z.example &&
	run mailadm -n -f "$T/batch" && status 4 && reloaded 0'

t 'with --keep-going what was committed is brought once, at the end' '
	run mailadm -k -f "$T/batch" && status 4 &&
	like "$err" "1 DKIM key in use; rspamd reloaded" && reloaded 1 &&
	sign z.example'

t 'in a batch --no-sync counts when each line that changes keys has it' '
	start_again && printf "dkim activate %s.example --force --no-sync\n" \
	    x y >"$T/batch" && run mailadm -f "$T/batch" && status 0 &&
	reloaded 0 && sign && like "$err" "mailadm dkim sync" &&
	lines "$(echo "$err" | grep "dkim sync")" 1 &&
	printf "dkim activate z.example --force\ndomain disable y.example \
--no-sync\n" >"$T/batch" && run mailadm -f "$T/batch" && status 0 &&
	reloaded 1 && sign x.example z.example'

t 'in the shell a transaction brings it at its commit, or never' '
	start_again && run on_terminal -c "$T/conf" <<-END &&
		expect "mailadm> "
		send "begin\r"
		expect "\*> "
		send "dkim activate x.example --force\r"
		expect "activated"
		expect "\*> "
		send "rollback\r"
		expect "rolled back"
		expect "mailadm> "
		await "[ ! -e $D ]"
		absent "in use"
		send "begin\r"
		expect "\*> "
		send "dkim activate y.example --force\r"
		expect "activated"
		expect "\*> "
		await "[ ! -e $D ]"
		send "commit\r"
		expect "committed: "
		expect "1 DKIM key in use; rspamd reloaded"
		expect "mailadm> "
		send "domain disable y.example\r"
		expect "0 DKIM keys in use"
		send "quit\r"
		status 0
	END
	status 0 && reloaded 2 && sign'

t 'a file that the shell reads brings it once' '
	start_again && printf "dkim activate %s.example --force\n" x y \
	    >"$T/batch" && run on_terminal -c "$T/conf" <<-END &&
		expect "mailadm> "
		send "source $T/batch\r"
		expect "2 DKIM keys in use; rspamd reloaded"
		expect "mailadm> "
		send "quit\r"
		status 0
	END
	status 0 && reloaded 1 && sign x.example y.example'

### when it fails

MADE='the change is made, but not brought to the mail filter: '

t 'a filter that does not reload leaves the change, and says so' '
	start_again && : >"$T/fail" &&
	run mailadm dkim activate x.example --force && status 10 &&
	like "$err" "DKIM key s of x.example activated" &&
	like "$err" "mailadm: ${MADE}cannot reload rspamd: stuck" &&
	like "$err" "do not repeat the command, but run: mailadm dkim sync" &&
	keys "x.example s active yes" "y.example s pending yes" \
	    "z.example s pending yes" && rm "$T/fail" &&
	run mailadm dkim sync && status 0 && reloaded 1 && sign x.example'

t 'so does a secret that is gone, in a batch as well' '
	mv "$T/secret" "$T/mine" &&
	run mailadm domain disable x.example && status 0 && sign &&
	printf "domain enable x.example\ndkim activate y.example --force\n" \
	    >"$T/batch" && run mailadm -f "$T/batch" && status 9 &&
	like "$err" "$MADE" && like "$err" "$T/secret" &&
	unlike "$err" "batch:" &&
	printf "domain %s x.example\n" disable enable >"$T/batch" &&
	run mailadm -k <"$T/batch" && status 9 && like "$err" "$MADE" &&
	unlike "$err" "stdin:" && mv "$T/mine" "$T/secret" &&
	keys "x.example s active yes" "y.example s active yes" \
	    "z.example s pending yes" && sign &&
	run mailadm dkim sync && sign x.example y.example'

t 'and a group of the filter that does not exist' '
	start_again && umount /etc/group &&
	run mailadm dkim activate x.example --force &&
	mount --bind "$T/root/etc/group" /etc/group && {
		[ "$status" = 0 ] || { like "$err" "$MADE" &&
			like "$err" _rspamd; }
	} && keys "x.example s active yes" "y.example s pending yes" \
	    "z.example s pending yes"'

t 'a database that goes away after the commit leaves change and files' '
	start_again && activate x.example && synced &&
	cut_start "SELECT k.domain, k.selector, k.algorithm, k.public_key, \
k.secret_id, k.private_key FROM dkim_keys AS k JOIN domains AS d ON d.domain \
= k.domain WHERE k.state = '\''active'\'' AND d.active = 1 AND (? = 0 OR \
k.algorithm = '\''rsa'\'') ORDER BY k.domain, k.selector" command-down &&
	run cut_mailadm dkim activate y.example --force &&
	cut_end && cut_was_time && status 7 && like "$err" "$MADE" &&
	like "$err" "DKIM key s of y.example activated" &&
	lines "$(echo "$err" | grep -v activated)" 2 && sign x.example &&
	run mailadm dkim sync && status 0 && sign x.example y.example'

t 'the timer says in one line that the database is away' '
	printf "[mailadm]\nsocket=/nonexistent\ndatabase=mail\n" \
	    >"$T/away.cnf" && chmod 600 "$T/away.cnf" &&
	words=$(sed -n "s/^ExecStart=[^ ]* //p" \
	    src/examples/mailadm-dkim.service) &&
	run "$MAILADM" --defaults-file="$T/away.cnf" -c "$T/conf" $words &&
	status 7 && lines "$err" 1 && empty "$out" &&
	sign x.example y.example'

# CAP_CHOWN CAP_FOWNER, as setpriv takes them: +chown,+fowner
unit_capabilities() {
	sed -n 's/^CapabilityBoundingSet=//p' \
	    src/examples/mailadm-dkim.service | tr 'A-Z ' 'a-z,' |
	    sed 's/cap_/+/g'
}

t 'the capabilities that the unit leaves it are enough' '
	rm -rf "$D" && capabilities=$(unit_capabilities) &&
	like "$capabilities" +chown && run setpriv \
	    --bounding-set "-all,$capabilities" \
	    --inh-caps "-all" "$MAILADM" --defaults-file="$T/client.cnf" \
	    -c "$T/conf" dkim sync && status 0 && sign x.example y.example &&
	is "$(stat -c "%a %u %g" "$D/keys")" "750 0 903"'

### killed

# What it has said is true: with the word that the key is activated it is,
# and the next run brings it.
kill_at() { # CALL COMMAND...
	kill_call=$1
	shift
	ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 SIGNAL_COUNT=$T/calls \
	    "$SIGNAL_AT" "${signal:-9}" "$kill_call" "$MAILADM" \
	    --defaults-file="$T/client.cnf" -c "$T/conf" "$@" \
	    >"$T/said" 2>&1
}

back() {
	sql 'UPDATE dkim_keys SET state = "pending"' && activate x.example &&
	synced
}

kill_anywhere() {
	back && kill_at 0 dkim activate y.example --force --no-sync
	without=$(cat "$T/calls")
	back && kill_at 0 dkim activate y.example --force
	calls=$(cat "$T/calls")
	killed_at=$((without - 60))
	while [ "$killed_at" -le "$calls" ]; do
		back || return 1
		kill_at "$killed_at" dkim activate y.example --force
		t_notes="killed at call $killed_at"
		state=$(sql 'SELECT state FROM dkim_keys WHERE domain =
		    "y.example"')
		! grep -q activated "$T/said" || [ "$state" = active ] ||
			return 1
		holds sign x.example || sign x.example y.example || return 1
		synced || return 1
		if [ "$state" = active ]; then
			committed=$((committed + 1))
			sign x.example y.example || return 1
		else
			sign x.example || return 1
		fi
		killed=$((killed + 1))
		killed_at=$((killed_at + $(step 8)))
	done
	t_notes=
	echo "# killed at $killed calls, $committed of them after the commit"
	[ "$committed" -gt 0 ]
}

t 'killed at any call after the commit, the next run brings the change' '
	start_again && committed=0 killed=0 && kill_anywhere'

# Between the lines of a batch: what was committed is not brought.
interrupted_between() {
	echo 'dkim activate y.example --force --no-sync' >"$T/batch"
	back && kill_at 0 -k -f "$T/batch"
	printf '%s\n' 'dkim activate y.example --force' \
	    'domain show x.example' >"$T/batch"
	between=0
	calls=$(cat "$T/calls")
	# How many calls there are is another number each time, as threads
	# look at the keys: which of them is between is tried again and again.
	for pass in 1 2 3 4 5 6 7 8; do
		killed_at=$((calls - 60))
		while [ "$between" = 0 ] && [ "$killed_at" -le "$calls" ]; do
			back && signal=2 kill_at "$killed_at" -k -f "$T/batch"
			! grep -q "interrupted before this line" "$T/said" ||
				between=$pass
			killed_at=$((killed_at + 1))
		done
	done
	[ "$between" -gt 0 ]
}

# The calls of a sanitizer stand between.
[ -n "${SAN:-}" ] ||
t 'a batch that is interrupted between two lines says what to run' '
	interrupted_between && grep -q "^hint: run: mailadm dkim sync" \
	    "$T/said" && sign x.example && synced &&
	sign x.example y.example'

### at once

# The first key may come while another run looks for keys.
all_at_once() {
	start_again && pids= && for domain in x y z; do
		mailadm -q dkim activate "$domain.example" --force \
		    >"$T/said.$domain" 2>&1 &
		pids="$pids $!"
		mailadm -q dkim sync >"$T/synced.$domain" 2>&1 &
		pids="$pids $!"
	done && for pid in $pids; do
		wait "$pid" || return 1
	done && sign x.example y.example z.example
}

t 'keys that are activated while others are brought all sign in the end' '
	all_at_once && all_at_once && all_at_once && all_at_once'

finish
