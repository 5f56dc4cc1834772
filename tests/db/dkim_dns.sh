#!/bin/sh
# DKIM keys and DNS: activated when every name server has the record, and
# rotated step by step.
# shellcheck disable=SC2016,SC2119,SC2154 # t evaluates the code
. tests/lib.sh
. tests/db/lib-dkim.sh
. tests/db/lib-faults.sh

need_root
need_command perl setpriv
server_start
fresh
dns_start
dkim_settings
secret_make
today=$(date -u +%Y%m%d)
S=${today}r

start_again() {
	sql 'DELETE FROM dkim_keys; DELETE FROM history; DELETE FROM aliases;
		DELETE FROM users; DELETE FROM domains' &&
	mailadm -q domain add x.example && mailadm -q domain add y.example &&
	zones "x.example TXT nothing" &&
	mailadm -q dkim add x.example >"$T/said"
}

# Time goes by for every key.
pass() { # SECONDS
	sql "UPDATE dkim_keys SET seen = seen - INTERVAL $1 SECOND,
	    created = created - INTERVAL $1 SECOND,
	    state_since = state_since - INTERVAL $1 SECOND"
}

### activate

start_again

t 'a key whose record is not in DNS does not sign' '
	run mailadm dkim activate x.example && status 1 &&
	matches "$out" "^x.example	$S._domainkey.x.example	TXT	v=" &&
	like "$err" "ns1.x.example has no record" &&
	keys "x.example $S pending yes" &&
	is "$(sql "SELECT COUNT(*) FROM dkim_keys WHERE seen IS NULL")" 1'

t 'nor does one that only one of two name servers has' '
	zones "$(record x.example $S)" && : >"$T/ns2" &&
	run mailadm dkim activate x.example && status 1 &&
	like "$err" "ns2.x.example has no record" &&
	keys "x.example $S pending yes"'

cat >"$T/cases" <<'END'
v=DKIM1; k=rsa; p=AAAA	another public key
v=DKIM1; k=rsa; p=CUT	cut off
v=DKIM1; k=rsa; p=	revokes the key
v=DKIM1; k=ed25519; p=KEY	another algorithm
v=DKIM1; p=KEY; t=y	t=y
v=DKIM1; p=KEY; s=tlsrpt	without email
v=DKIM1; p=KEY; h=sha1	without sha256
v=DKIM2; p=KEY	another v= than DKIM1
p=KEY; v=DKIM1	not at the beginning
v=DKIM1; k=rsa	no p=
v=DKIM1; p=KEY; p=KEY	a tag twice
some words	no list of tags
END

t 'a record that is wrong is named by what is wrong' '
	key=$(sql "SELECT public_key FROM dkim_keys") &&
	cut=$(echo "$key" | cut -c1-255) && while IFS="	" read -r text why; do
		zones "$S._domainkey.x.example TXT $(echo "$text" |
			sed "s|KEY|$key|g; s|CUT|$cut|")" &&
		run mailadm dkim activate x.example && status 1 &&
		like "$err" "$why" || return 1
	done <"$T/cases" && keys "x.example $S pending yes"'

t 'and so are two records at one name' '
	zones "$(record x.example $S)" "$(record x.example $S)" &&
	run mailadm dkim activate x.example && status 1 &&
	like "$err" "two records"'

t 'when all have it, the key signs, and DNS is remembered to have it' '
	zones "$(record x.example $S)" &&
	run mailadm -n dkim activate x.example && status 0 &&
	keys "x.example $S pending yes" &&
	run mailadm dkim activate x.example && status 0 && empty "$out" &&
	like "$err" "DKIM key $S of x.example activated" &&
	keys "x.example $S active yes" &&
	is "$(sql "SELECT COUNT(*) FROM dkim_keys WHERE seen IS NULL")" 0 &&
	run mailadm dkim activate x.example && status 0 &&
	like "$err" unchanged && run mailadm -v dkim activate x.example $S &&
	status 0 && like "$err" unchanged'

t 'blanks, order and unknown tags in a record are allowed' '
	start_again && key=$(sql "SELECT public_key FROM dkim_keys") &&
	zones "$S._domainkey.x.example TXT  n=note ; p = $(echo "$key" |
		sed "s/...../& /g") ;k=rsa; s=*:email; h = sha1 : sha256; z=" &&
	run mailadm dkim activate x.example && status 0'

t 'a name server that is silent is noted, the others decide' '
	start_again && zones "$(record x.example $S)" &&
	echo "$S._domainkey.x.example SILENT" >"$T/ns2" &&
	run mailadm dkim activate x.example && status 0 &&
	like "$err" "no answer from ns2.x.example" &&
	keys "x.example $S active yes"'

t 'an alias into another zone is followed by the resolver' '
	start_again && cp "$T/resolver" "$T/resolver.own" &&
	zones "$S._domainkey.x.example CNAME key.other.example" &&
	{ echo "$S._domainkey.x.example CNAME key.other.example" &&
	    record x.example $S | sed "s/^[^ ]*/key.other.example/"
	} >>"$T/resolver" && run mailadm dkim activate x.example && status 0 &&
	keys "x.example $S active yes" && mv "$T/resolver.own" "$T/resolver"'

t 'where no name server can be asked, the resolver decides' '
	start_again && cp "$T/resolver" "$T/resolver.own" &&
	echo "$S._domainkey.x.example SERVFAIL" >"$T/ns1" &&
	cp "$T/ns1" "$T/ns2" && record x.example $S >>"$T/resolver" &&
	run mailadm dkim activate x.example && status 0 &&
	mv "$T/resolver.own" "$T/resolver"'

t 'where DNS cannot be asked, nothing changes, and that is said' '
	start_again && dkim_settings "# none" &&
	sed -i "s/^resolver.*/resolver = 127.0.0.1@1/" "$T/conf" &&
	begun=$(date +%s) && run mailadm dkim activate x.example && status 8 &&
	like "$err" "DNS could not be asked" && like "$err" "--force" &&
	[ $(($(date +%s) - begun)) -le 60 ] && empty "$out" &&
	keys "x.example $S pending yes" &&
	run mailadm dkim activate x.example --force && status 0 &&
	keys "x.example $S active yes" &&
	is "$(sql "SELECT COUNT(*) FROM dkim_keys WHERE seen IS NULL")" 1 &&
	dkim_settings'

t 'a resolver that is no address is refused' '
	sed -i "s/^resolver.*/resolver = dns.example.org/" "$T/conf" &&
	start_again && run mailadm dkim activate x.example && status 3 &&
	like "$err" "dns.example.org" && dkim_settings'

t 'the key that signed before is retiring, and can sign again' '
	start_again && mailadm -q dkim activate x.example --force &&
	mailadm -q dkim add x.example >"$T/said" &&
	zones "$(record x.example $S)" "$(record x.example ${S}2)" &&
	run mailadm dkim activate x.example && status 0 &&
	keys "x.example $S retiring yes" "x.example ${S}2 active yes" &&
	run mailadm dkim activate x.example $S && status 0 &&
	keys "x.example $S active yes" "x.example ${S}2 retiring yes"'

t 'keys of two algorithms sign side by side' '
	start_again && mailadm -q dkim add x.example --algorithm ed25519 \
	    >"$T/said" && zones "$(record x.example $S)" \
	    "$(record x.example ${today}e)" &&
	run mailadm dkim activate x.example && status 0 &&
	keys "x.example ${today}e active yes" "x.example $S active yes"'

t 'names that do not exist, and keys that cannot sign, are refused' '
	run mailadm dkim activate z.example && status 4 &&
	run mailadm dkim activate y.example && status 4 &&
	run mailadm dkim activate x.example none && status 4 &&
	mailadm -q dkim retire x.example $S >"$T/said" &&
	run mailadm dkim activate x.example $S && status 6 &&
	run mailadm dkim activate x.example $S --force && status 6 &&
	like "$err" "private half was deleted"'

t 'a key is imported and activated at once if DNS has its record' '
	start_again && mailadm -q dkim export x.example $S --out "$T/k.pem" &&
	zones "$(record x.example $S | sed "s/$S/old/")" &&
	run mailadm dkim add x.example --import "$T/k.pem" --selector other \
	    --activate && status 1 && like "$err" "has no record" &&
	keys "x.example $S pending yes" &&
	mailadm -q dkim remove x.example $S &&
	run mailadm dkim add x.example --import "$T/k.pem" --selector old \
	    --activate && status 0 && keys "x.example old active yes"'

t 'in a batch a record that is missing ends all of it' '
	start_again && printf "%s\n" "domain add w.example" \
	    "dkim activate x.example" >"$T/batch" &&
	run mailadm -f "$T/batch" && status 1 && like "$err" ":2: " &&
	run mailadm domain show w.example && status 4'

### rotate

t 'rotate waits for DNS and says what to publish' '
	start_again && run mailadm dkim rotate --due && status 1 &&
	matches "$out" "^x.example	$S._domainkey.x.example	TXT	v=" &&
	like "$err" "waits for DNS: ns1.x.example has no record" &&
	keys "x.example $S pending yes"'

t 'a key that is seen in DNS signs after dkim_wait, not before' '
	zones "$(record x.example $S)" &&
	run mailadm dkim rotate --due && status 0 && empty "$out" &&
	like "$err" "$S of x.example seen in DNS" &&
	keys "x.example $S pending yes" && pass 172000 &&
	run mailadm dkim rotate --due && status 0 &&
	like "$err" "no step is due" && keys "x.example $S pending yes" &&
	pass 1000 && run mailadm dkim rotate --due && status 0 &&
	like "$err" "$S of x.example activated" &&
	keys "x.example $S active yes"'

t 'a record that has gone meanwhile keeps the key from signing' '
	start_again && zones "$(record x.example $S)" &&
	mailadm -q dkim rotate --due && pass 172801 &&
	zones "x.example TXT x" &&
	run mailadm dkim rotate --due && status 1 &&
	keys "x.example $S pending yes"'

t 'a whole rotation, each step twice: add, see, activate, retire' '
	zones "$(record x.example $S)" && mailadm -q dkim activate x.example &&
	run mailadm dkim rotate --due && status 0 &&
	keys "x.example $S active yes" && pass 31536000 &&
	run mailadm dkim rotate --due && status 0 &&
	matches "$out" "^x.example	${S}2._domainkey" &&
	keys "x.example $S active yes" "x.example ${S}2 pending yes" &&
	run mailadm dkim rotate --due && status 1 &&
	zones "$(record x.example $S)" "$(record x.example ${S}2)" &&
	mailadm -q dkim rotate --due && mailadm -q dkim rotate --due &&
	keys "x.example $S active yes" "x.example ${S}2 pending yes" &&
	pass 172800 && run mailadm dkim rotate --due && status 0 &&
	keys "x.example $S retiring yes" "x.example ${S}2 active yes" &&
	run mailadm dkim rotate --due && status 0 &&
	keys "x.example $S retiring yes" "x.example ${S}2 active yes" &&
	pass 604800 && run mailadm dkim rotate --due && status 0 &&
	matches "$out" "p=	remove" &&
	keys "x.example $S retired no" "x.example ${S}2 active yes" &&
	run mailadm dkim rotate --due && status 0 && empty "$out" &&
	keys "x.example $S retired no" "x.example ${S}2 active yes"'

t 'a domain that is named gets a new key, one at a time' '
	run mailadm dkim rotate x.example && status 0 &&
	keys "x.example $S retired no" "x.example ${S}2 active yes" \
	    "x.example ${S}3 pending yes" &&
	zones "x.example TXT x" && run mailadm dkim rotate x.example &&
	status 1 && keys "x.example $S retired no" \
	    "x.example ${S}2 active yes" "x.example ${S}3 pending yes" &&
	run mailadm dkim rotate y.example && status 0 &&
	matches "$(sql "SELECT domain, state FROM dkim_keys")" \
	    "^y.example	pending" &&
	run mailadm dkim rotate z.example && status 4 &&
	run mailadm dkim rotate --due x.example && status 2'

# Twenty domains whose records no server tells before it is asked for all.
many_domains() {
	start_again && cp "$T/resolver" "$T/resolver.own" && for n in 1 2 3 4 \
	    5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		echo "domain add d$n.example"
		echo "dkim add d$n.example --selector s --algorithm ed25519"
		printf "d$n.example NS %s.x.example\n" ns1 ns2 \
		    >>"$T/resolver"
	done >"$T/batch" && mailadm -q -f "$T/batch" >"$T/said" &&
	mailadm -q dkim remove x.example "$S" &&
	for n in ns1 ns2; do
		sql "SELECT CONCAT(selector, \"._domainkey.\", domain,
		    \" TXT v=DKIM1; k=ed25519; p=\", public_key)
		    FROM dkim_keys" >"$T/$n"
	done && echo "TXT TOGETHER 20" | tee -a "$T/resolver" "$T/ns1" \
	    >>"$T/ns2"
}

t 'all domains are asked for at once' '
	many_domains && run mailadm dkim rotate --due && status 0 &&
	is "$(sql "SELECT COUNT(seen) FROM dkim_keys")" 20 &&
	unlike "$err" "no answer" && mv "$T/resolver.own" "$T/resolver"'

# Both have looked, and wait for the domain, when it is let go.
rotate_twice() {
	other_open && other "BEGIN; SELECT * FROM domains FOR UPDATE" &&
	pids= && for i in 1 2; do
		mailadm dkim rotate "$@" >"$T/out.$i" 2>"$T/err.$i" &
		pids="$pids $!"
	done && eventually two_wait && other "COMMIT" && other_close &&
	for pid in $pids; do
		wait "$pid" || return 1
	done
}

two_wait() {
	[ "$(sql 'SELECT COUNT(*) FROM information_schema.processlist
	    WHERE info LIKE "%FROM domains WHERE%FOR UPDATE"')" = 2 ]
}

t 'of two at once one does the step, and the other has nothing to do' '
	start_again && sql "DELETE FROM dkim_keys; DELETE FROM history" &&
	rotate_twice x.example &&
	keys "x.example $S pending yes" &&
	lines "$(cat "$T/out.1" "$T/out.2")" 1 &&
	zones "$(record x.example $S)" &&
	mailadm -q dkim rotate x.example && pass 172800 &&
	rotate_twice --due && keys "x.example $S active yes" &&
	lines "$(cat "$T/err.1" "$T/err.2" | grep activated)" 1 &&
	mailadm -q dkim rotate x.example >"$T/said" &&
	mailadm -q dkim activate x.example --force && pass 604800 &&
	rotate_twice --due &&
	keys "x.example $S retired no" "x.example ${S}2 active yes" &&
	lines "$(cat "$T/out.1" "$T/out.2")" 1'

t 'with --dry-run rotate shows the step and does nothing' '
	start_again && sql "DELETE FROM dkim_keys" &&
	run mailadm -n dkim rotate x.example && status 0 && lines "$out" 1 &&
	like "$err" "nothing was changed" && keys'

t 'with dkim_max_age 0 no key grows old' '
	start_again && mailadm -q dkim activate x.example --force &&
	dkim_settings "dkim_max_age = 0" && pass 999999999 &&
	run mailadm dkim rotate --due && status 0 &&
	keys "x.example $S active yes" && dkim_settings'

t 'a clock that jumps back makes nothing due' '
	start_again && mailadm -q dkim activate x.example --force &&
	pass -99999999 && run mailadm dkim rotate --due && status 0 &&
	like "$err" "no step is due" && keys "x.example $S active yes"'

t 'undo of an activation lets the former key sign again' '
	start_again && mailadm -q dkim activate x.example --force &&
	mailadm -q dkim add x.example >"$T/said" &&
	mailadm -q dkim activate x.example --force &&
	run mailadm undo "$(sql "SELECT MAX(id) FROM changes")" && status 0 &&
	keys "x.example $S active yes" "x.example ${S}2 pending yes"'

finish
