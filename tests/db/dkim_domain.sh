#!/bin/sh
# DKIM keys and their domain: removing, renaming and undoing, and who may
# read what.
# shellcheck disable=SC2016,SC2154 # t evaluates the code
. tests/lib.sh

server_start
fresh

# By the account of every day, which may do this, and no more.
accounts_sql secret >"$T/grants.sql"
sql "SOURCE $T/grants.sql"
sed -i 's/^\[mailadm\]/&\nuser=mailadm\npassword=secret/' "$T/client.cnf"

PEM='-----BEGIN ENCRYPTED PRIVATE KEY-----
TheBytesOfAPrivateKey
-----END ENCRYPTED PRIVATE KEY-----'

key() { # DOMAIN SELECTOR STATE
	sql "INSERT INTO dkim_keys (domain, selector, algorithm, bits, state,
	    public_key, secret_id, private_key) VALUES ('$1', '$2', 'rsa', 2048,
	    '$3', 'AAAA', '0123456789abcdef',
	    IF('$3' = 'retired', NULL, '$PEM'))"
}

keys() { # LINE...: "x.example s1 active yes", has it a private half?
	is "$(sql "SELECT domain, selector, state,
	    IF(private_key IS NULL, 'no', 'yes') FROM dkim_keys
	    ORDER BY domain, selector" | tr '\t' ' ')" \
	    "$([ $# = 0 ] || printf '%s\n' "$@")"
}

last_change() {
	sql 'SELECT MAX(id) FROM changes'
}

undone() {
	run mailadm undo "$(last_change)" "$@" && status 0
}

as() { # ACCOUNT STATEMENT
	server_sql --user="$1" --password=secret mail -e "$2" >"$T/said" 2>&1
}

start_again() {
	sql 'DELETE FROM dkim_keys; DELETE FROM aliases; DELETE FROM users;
		DELETE FROM homes;
		DELETE FROM domains ORDER BY alias_of IS NULL' &&
	mailadm -q domain add x.example && mailadm -q domain add y.example &&
	mailadm -q domain add z.example --alias-of x.example &&
	key x.example s1 active && key x.example s2 retiring &&
	key z.example s1 pending
}

t 'a domain that has keys is not removed by its name alone' '
	start_again &&
	run mailadm domain remove x.example --cascade --yes && status 6 &&
	like "$err" "x.example still has 2 DKIM keys" &&
	like "$err" "--recursive" &&
	run mailadm domain remove z.example && status 6 &&
	keys "x.example s1 active yes" "x.example s2 retiring yes" \
	    "z.example s1 pending yes"'

t 'with --recursive its keys go, and those of its alias domains' '
	run mailadm domain remove x.example --recursive --cascade && status 6 &&
	like "$err" "x.example with 2 DKIM keys, 1 alias domain" &&
	run mailadm domain remove x.example --recursive --cascade --yes &&
	status 0 && like "$err" "also removed: 2 DKIM keys" && keys'

t 'undo brings the keys back without their private half, and says so' '
	undone && like "$err" "key x.example added: selector s1" &&
	like "$err" "back without the private half, which is gone: DKIM key \
x.example s1, x.example s2, z.example s1" &&
	keys "x.example s1 retired no" "x.example s2 retired no" \
	    "z.example s1 retired no"'

t 'an undo can be undone, and once more' '
	undone && keys &&
	undone && keys "x.example s1 retired no" "x.example s2 retired no" \
	    "z.example s1 retired no"'

t 'a renamed domain takes its keys along, pending: no DNS has them yet' '
	start_again && key x.example s0 retired &&
	sql "UPDATE dkim_keys SET seen = NOW()" &&
	run mailadm domain rename x.example new.example && status 0 &&
	like "$err" "DKIM keys of new.example do not sign until" &&
	keys "new.example s0 retired no" "new.example s1 pending yes" \
	    "new.example s2 pending yes" "z.example s1 pending yes" &&
	is "$(sql "SELECT COUNT(*) FROM dkim_keys WHERE seen IS NULL")" 2 &&
	run mailadm history new.example --kind key && status 0 &&
	like "$out" "from x.example, selector s1, state active -> pending"'

t 'undo of a rename brings them back as they were' '
	undone && keys "x.example s0 retired no" "x.example s1 active yes" \
	    "x.example s2 retiring yes" "z.example s1 pending yes" &&
	is "$(sql "SELECT COUNT(*) FROM dkim_keys WHERE seen IS NULL")" 0'

t 'a key that was retired is never in use again, whatever the force' '
	sql "UPDATE dkim_keys SET state = \"retired\", private_key = NULL
	    WHERE selector = \"s2\"" &&
	run mailadm undo "$(last_change)" && status 6 &&
	like "$err" "key x.example s2 has no private half any more" &&
	run mailadm undo "$(last_change)" --force && status 6 &&
	keys "x.example s0 retired no" "x.example s1 active yes" \
	    "x.example s2 retired no" "z.example s1 pending yes"'

t 'a change of the state is undone in the right order' '
	start_again && key x.example s3 pending &&
	printf "%s\n" "UPDATE dkim_keys SET state = \"retiring\" WHERE domain =
	    \"x.example\" AND selector = \"s1\"; UPDATE dkim_keys SET state =
	    \"active\" WHERE domain = \"x.example\" AND selector = \"s3\"" \
	    >"$T/steps" &&
	sql "INSERT INTO changes (actor) VALUES (\"me\");
	    SET @mailadm_change = LAST_INSERT_ID(); $(cat "$T/steps")" &&
	keys "x.example s1 retiring yes" "x.example s2 retiring yes" \
	    "x.example s3 active yes" "z.example s1 pending yes" &&
	undone && keys "x.example s1 active yes" "x.example s2 retiring yes" \
	    "x.example s3 pending yes" "z.example s1 pending yes"'

t 'a key that changed since is in the way, and is named' '
	sql "UPDATE dkim_keys SET state = \"retiring\" WHERE domain =
	    \"x.example\" AND selector = \"s1\"" && change=$(last_change) &&
	sql "UPDATE dkim_keys SET state = \"pending\" WHERE domain =
	    \"x.example\" AND selector = \"s1\"" &&
	run mailadm undo "$change" && status 6 &&
	like "$err" "key x.example s1 (last changed by change" &&
	run mailadm undo "$change" --force && status 0 &&
	matches "$(sql "SELECT selector, state FROM dkim_keys WHERE domain =
	    \"x.example\"")" "^s1	active"'

t 'what DNS was seen to have is not in the way' '
	sql "UPDATE dkim_keys SET state = \"retiring\" WHERE domain =
	    \"x.example\" AND selector = \"s1\"" &&
	sql "UPDATE dkim_keys SET seen = NOW() WHERE selector = \"s1\"" &&
	undone && is "$(sql "SELECT COUNT(*) FROM dkim_keys WHERE seen IS NULL
	    AND selector = \"s1\"")" 0'

t 'the undo of a new domain names the keys that it has got since' '
	start_again && mailadm -q domain add w.example &&
	change=$(last_change) && key w.example s1 pending &&
	run mailadm undo "$change" && status 6 &&
	like "$err" "domain w.example has 1 DKIM key since"'

t 'a key does not come back to a domain that is gone' '
	start_again &&
	sql "DELETE FROM dkim_keys WHERE domain = \"x.example\"" &&
	change=$(last_change) &&
	mailadm -q domain remove x.example --cascade --recursive --yes &&
	run mailadm undo "$change" && status 6 &&
	like "$err" "key x.example no longer has a domain"'

t 'an old name that is kept as an alias domain keeps its keys' '
	start_again && key x.example s0 retired &&
	sql "UPDATE dkim_keys SET seen = NOW()" &&
	mailadm -q user add u@x.example --no-password &&
	run mailadm domain rename x.example new.example --keep-alias &&
	status 0 && like "$err" "the DKIM keys stay with x.example, whose DNS \
has their records; new.example needs its own: mailadm dkim add new.example" &&
	unlike "$err" "each mail host" &&
	keys "x.example s0 retired no" "x.example s1 active yes" \
	    "x.example s2 retiring yes" "z.example s1 pending yes" &&
	is "$(sql "SELECT domain, alias_of FROM domains ORDER BY domain" |
	    tr "\t" " ")" "new.example NULL
x.example new.example
y.example NULL
z.example new.example"'

t 'undo makes it the domain again, with its users and the same keys' '
	undone && keys "x.example s0 retired no" "x.example s1 active yes" \
	    "x.example s2 retiring yes" "z.example s1 pending yes" &&
	is "$(sql "SELECT domain, alias_of FROM domains ORDER BY domain" |
	    tr "\t" " ")" "x.example NULL
y.example NULL
z.example x.example" && is "$(sql "SELECT email FROM users")" u@x.example &&
	undone && keys "x.example s0 retired no" "x.example s1 active yes" \
	    "x.example s2 retiring yes" "z.example s1 pending yes"'

t 'a key of the new name is in the way of the undo, and is named' '
	change=$(last_change) && key new.example n1 pending &&
	run mailadm undo "$change" && status 6 &&
	like "$err" "domain new.example has 1 DKIM key since" &&
	sql "DELETE FROM dkim_keys WHERE domain = \"new.example\"" &&
	run mailadm domain rename new.example x.example && status 5'

t 'an alias domain and a disabled domain can be kept under the old name' '
	start_again 2>"$T/said" && mailadm -q domain disable x.example &&
	run mailadm domain rename z.example w.example --keep-alias &&
	status 0 && like "$err" "stay with z.example" &&
	run mailadm domain rename x.example v.example --keep-alias &&
	status 0 &&
	is "$(sql "SELECT domain, alias_of, active FROM domains
	    ORDER BY domain" | tr "\t" " ")" "v.example NULL 0
w.example v.example 1
x.example v.example 0
y.example NULL 1
z.example v.example 1" && keys "x.example s1 active yes" \
	    "x.example s2 retiring yes" "z.example s1 pending yes" &&
	first=$(($(last_change) - 1)) && undone && mailadm -q undo $first &&
	is "$(sql "SELECT domain, alias_of, active FROM domains
	    ORDER BY domain" | tr "\t" " ")" "x.example NULL 0
y.example NULL 1
z.example x.example 1"'

t 'without keys nothing is said of them' '
	run mailadm domain rename y.example w.example --keep-alias &&
	status 0 && unlike "$err" DKIM'

t 'a manifest that removes a domain removes its keys' '
	start_again && printf "%s\n" "domains:" "  z.example:" \
	    "    absent: true" >"$T/manifest.yaml" &&
	run mailadm apply "$T/manifest.yaml" --yes && status 0 &&
	keys "x.example s1 active yes" "x.example s2 retiring yes"'

t 'each account reads what it needs, and only mailadm the private half' '
	for account in mailadm_check postfix dovecot; do
		as $account "SELECT private_key FROM dkim_keys" && return 1
		grep -qE "denied" "$T/said" || return 1
		as $account "UPDATE dkim_keys SET seen = NULL" && return 1
	done
	for account in postfix dovecot; do
		as $account "SELECT domain FROM dkim_keys" && return 1
	done
	as mailadm_check "SELECT domain, selector, algorithm, bits, state,
	    public_key, secret_id, created, state_since, seen FROM dkim_keys" &&
	grep -q x.example "$T/said"'

t 'no history holds the private half' '
	rows=$(sql "SELECT COUNT(*) FROM history WHERE kind = \"key\"") &&
	[ "$rows" -gt 20 ] &&
	empty "$(sql "SELECT * FROM history; SELECT * FROM changes" |
	    grep -E "PRIVATE KEY|TheBytesOf")"'

finish
