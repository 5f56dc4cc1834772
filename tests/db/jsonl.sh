# JSON lines: what export writes, plan, apply and import read.
. tests/lib.sh
server_in_memory
server_start && fresh

mailadm -q -f - <<-'END' || bail_out 'no world'
	domain add x.org --quota 2G
	domain add y.org --max-users 3
	user add anna@x.org --name 'Ä "q" \\ x' --no-password --may-send no
	user add bo@x.org --no-password --quota none
	user grant bo@x.org --send-as @y.org
	alias add @x.org anna@x.org bo@x.org --note 'all of it'
	alias disable @x.org --to bo@x.org
END
mailadm export --format jsonl --with-hashes >"$T/all.jsonl"
for kind in domains users aliases; do
	mailadm export $kind --format jsonl --with-hashes >"$T/$kind.jsonl"
done

# The same tables, empty.
emptied() {
	sql 'DELETE FROM send_as; DELETE FROM aliases; DELETE FROM users;
	    DELETE FROM homes; DELETE FROM domains'
}

t 'plan finds nothing to do for what was exported' '
	run mailadm plan "$T/all.jsonl" && status 0 &&
	run mailadm plan - <"$T/all.jsonl" && status 0'

t 'from a pipe, in pieces, as well' '
	pieces() { perl -e "$| = 1; while (read STDIN, my \$b, 7) {
	    print \$b }" <"$T/all.jsonl" | mailadm plan -; } &&
	run pieces && status 0 &&
	like "$err" "Plan: 0 to add, 0 to change, 0 to remove"'

t 'apply makes all of it in an empty database, to the byte' '
	emptied && run mailadm apply --yes "$T/all.jsonl" && status 0 &&
	run mailadm export --format jsonl --with-hashes &&
	cmp "$T/out" "$T/all.jsonl"'

t 'a file that has blank lines and CR LF is the same' '
	sed "s/\$/\r/; s/^/\n/" "$T/all.jsonl" >"$T/crlf.jsonl" &&
	run mailadm plan "$T/crlf.jsonl" && status 0'

t 'so is one without an end of its last line' '
	printf %s "$(cat "$T/all.jsonl")" >"$T/end.jsonl" &&
	run mailadm plan "$T/end.jsonl" && status 0'

t 'all errors are named with line and column' '
	cat >"$T/wrong.jsonl" <<-\END &&
		{"user":"a@x.org","hash":"!","passwort":1}

		{"user":"b c@x.org","hash":"!"}
		{"user":"d@x.org","quota":"2X"}
		{"usr":"e@x.org"}
	END
	run mailadm plan "$T/wrong.jsonl" && status 3 && empty "$out" &&
	unlike "$err" passwort &&
	for at in 1:30 3:9 4:27 5:2; do
		like "$err" "wrong.jsonl:$at: " || return 1
	done && like "$err" "unknown key (not shown" &&
	like "$err" "the first key is not domain, user, alias, rec" &&
	printf "%s\n" "{\"user\":\"bo@x.org\"}" "[1]" >"$T/list.jsonl" &&
	run mailadm plan "$T/list.jsonl" && status 3 &&
	like "$err" "list.jsonl:2:1: a JSON object was expected"'

t 'an object that goes on in the next line is an error' '
	printf "{\"user\":\"a@x.org\",\n\"hash\":\"!\"}\n" >"$T/open.jsonl" &&
	run mailadm plan "$T/open.jsonl" && status 3 &&
	like "$err" "open.jsonl:"'

t 'a manifest in JSON is still one' '
	echo "{\"users\": {\"bo@x.org\": {\"quota\": \"none\"}}}" >"$T/m" &&
	run mailadm plan "$T/m" && status 0'

t 'import makes domains, users and aliases of them' '
	emptied && for kind in domains users aliases; do
		run mailadm import $kind "$T/$kind.jsonl" && status 0 ||
			return 1
	done && run mailadm export --format jsonl --with-hashes &&
	cmp "$T/out" "$T/all.jsonl"'

t 'again, and from standard input, nothing changes' '
	run mailadm import users "$T/users.jsonl" && status 0 &&
	like "$err" "0 users added, 0 changed, 2 unchanged" &&
	run mailadm import aliases - <"$T/aliases.jsonl" && status 0 &&
	like "$err" "0 aliases added, 0 changed, 1 unchanged"'

t 'what exists is changed with --update only' '
	sed "s/Ä/Anna/" "$T/users.jsonl" >"$T/other.jsonl" &&
	run mailadm import users "$T/other.jsonl" && status 5 &&
	like "$err" "other.jsonl:1:1: user anna@x.org already exists" &&
	like "$err" "hint: --update changes what exists" &&
	run mailadm import users --update "$T/other.jsonl" && status 0 &&
	like "$err" "0 users added, 1 changed, 1 unchanged"'

t 'another kind, absent and generate are errors' '
	cat >"$T/kinds.jsonl" <<-\END &&
		{"alias":"b@x.org","destination":["bo@x.org"]}
		{"user":"bo@x.org","absent":true}
		{"user":"eva@x.org","generate":true}
	END
	run mailadm import users "$T/kinds.jsonl" && status 3 &&
	like "$err" "alias b@x.org: another kind of object" &&
	like "$err" "user bo@x.org: absent is for apply" &&
	like "$err" "user eva@x.org: generate and password_file are for" &&
	run mailadm user show eva@x.org && status 4 &&
	run mailadm user show bo@x.org && status 0'

t 'a new user without a hash is an error, and the limit of a domain' '
	echo "{\"user\":\"eva@x.org\"}" >"$T/none.jsonl" &&
	run mailadm import users "$T/none.jsonl" && status 3 &&
	for name in a b c d; do
		echo "{\"user\":\"$name@y.org\",\"hash\":\"!\"}"
	done >"$T/many.jsonl" && run mailadm import users "$T/many.jsonl" &&
	status 6'

t '--columns is for CSV' '
	run mailadm import users --columns email=user "$T/users.jsonl" &&
	status 2 && like "$err" "has JSON lines"'

t 'sizes of plan are bytes in data, and short for people' '
	echo "domains: {x.org: {quota: 3G}}" >"$T/m.yaml" &&
	run mailadm plan -o json "$T/m.yaml" && status 1 &&
	like "$out" "\"old\":\"2147483648\",\"new\":\"3221225472\"" &&
	run mailadm plan -o tsv "$T/m.yaml" &&
	like "$out" "quota	2147483648	3221225472" &&
	run mailadm plan -o table "$T/m.yaml" &&
	like "$out" "quota: 2G -> 3G"'

finish
