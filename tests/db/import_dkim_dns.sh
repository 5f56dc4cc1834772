#!/bin/sh
# mailadm import dkim --activate: keys sign at once if DNS has their records.
# shellcheck disable=SC2016,SC2119,SC2154 # t evaluates the code
. tests/lib.sh
. tests/db/lib-dkim.sh

need_root
need_command perl setpriv
server_start
fresh
dns_start
dkim_settings
secret_make
K=$T/keys
umask 077

start_again() {
	sql 'DELETE FROM dkim_keys; DELETE FROM history; DELETE FROM aliases;
		DELETE FROM users; DELETE FROM domains' &&
	mailadm -q domain add x.example && zones "x.example TXT nothing" &&
	rm -rf "$K" && mkdir -p "$K/x.example"
}

# key NAME: a key, and on standard output its record.
key() {
	openssl genpkey -algorithm ed25519 -out "$K/x.example/$1.private" &&
	echo "$1._domainkey.x.example TXT v=DKIM1; k=ed25519; p=$(openssl \
	    pkey -in "$K/x.example/$1.private" -pubout -outform DER |
	    tail -c 32 | base64)"
}

t 'a key whose record is in DNS signs at once' '
	start_again && zones "$(key mail)" &&
	run mailadm import dkim "$K" --activate && status 0 &&
	keys "x.example mail active yes" &&
	is "$(echo "$out" | cut -f 2,3,5,7)" \
"mail	ed25519	active	activated" &&
	is "$(sql "SELECT COUNT(*) FROM dkim_keys WHERE seen IS NULL")" 0'

t 'imported again it is unchanged' '
	run mailadm import dkim "$K" --activate && status 0 &&
	like "$out" "	unchanged	" && keys "x.example mail active yes" &&
	run mailadm import dkim "$K" && status 0 &&
	keys "x.example mail active yes"'

t 'a key that was imported as pending can be activated later' '
	start_again && zones "$(key mail)" && mailadm -q import dkim "$K" \
	    >"$T/said" && keys "x.example mail pending yes" &&
	run mailadm -n import dkim "$K" --activate && status 0 &&
	keys "x.example mail pending yes" &&
	run mailadm import dkim "$K" --activate && status 0 &&
	keys "x.example mail active yes"'

t 'the key that signed before is retiring' '
	start_again && mailadm -q dkim add x.example --selector ours \
	    --algorithm ed25519 >"$T/said" &&
	mailadm -q dkim activate x.example --force && zones "$(key mail)" &&
	run mailadm import dkim "$K" --activate && status 0 &&
	keys "x.example mail active yes" "x.example ours retiring yes"'

t 'a key that DNS does not have is added, and waits' '
	start_again && key mail >"$T/record" &&
	run mailadm import dkim "$K" --activate && status 1 &&
	keys "x.example mail pending yes" &&
	like "$out" "	added	ns1.x.example has no record"'

t 'nor does one sign of which DNS has another key' '
	start_again && key other >"$T/record" && key mail >"$T/said" &&
	sed -i "s/^other/mail/" "$T/record" &&
	rm "$K/x.example/other.private" &&
	zones "$(cat "$T/record")" &&
	run mailadm import dkim "$K" --activate && status 1 &&
	keys "x.example mail pending yes" && like "$out" "another public key"'

t 'of two keys that DNS has nobody can say which one signs' '
	start_again && zones "$(key one)" "$(key two)" &&
	run mailadm import dkim "$K" --activate && status 1 &&
	keys "x.example one pending yes" "x.example two pending yes" &&
	like "$out" "DNS has the records of 2 keys: mailadm dkim activate \
x.example one"'

t 'a table says which one' '
	echo "k x.example:two:$K/x.example/two.private" >"$K/KeyTable" &&
	run mailadm import dkim "$K" --activate && status 0 &&
	keys "x.example one pending yes" "x.example two active yes"'

# More keys than are looked for together.
many_keys() {
	start_again && for n in $(seq 52); do
		mkdir "$K/d$n.example" && key "k$n" >"$T/record" &&
		mv "$K/x.example/k$n.private" "$K/d$n.example" || return 1
		echo "domain add d$n.example"
	done >"$T/batch" && mailadm -q -f "$T/batch"
}

t 'where DNS cannot be asked the keys are added, and that is said' '
	many_keys &&
	sed -i "s/^resolver.*/resolver = 127.0.0.1@1/" "$T/conf" &&
	run mailadm import dkim "$K" --activate && status 1 &&
	lines "$out" 52 && is "$(sql "SELECT COUNT(*) FROM dkim_keys
	    WHERE state = \"pending\"")" 52 &&
	is "$(echo "$out" | grep -c "nobody answers what")" 50 &&
	is "$(echo "$out" | grep -c "DNS does not answer")" 2 && dkim_settings'

finish
