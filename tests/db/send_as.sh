#!/bin/sh
# Grants to send as others: granted, revoked, and what becomes of a grant when
# the names in it change, go or come back.
# shellcheck disable=SC2016,SC2154 # t evaluates the code
. tests/lib.sh

server_start
fresh

# By the account of every day, which may do this, and no more.
accounts_sql secret >"$T/grants.sql"
sql "SOURCE $T/grants.sql"
sed -i 's/^\[mailadm\]/&\nuser=mailadm\npassword=secret/' "$T/client.cnf"

A=anna@x.example B=bob@x.example C=carl@y.example

# Each grant is a line "bob@x.example anna@x.example".
grants() {
	sql 'SELECT email, address FROM send_as' | tr '\t' ' ' | sort
}

granted() { # LINE...
	is "$(grants)" "$([ $# = 0 ] || printf '%s\n' "$@" | sort)"
}

# The change that was made last.
last_change() {
	sql 'SELECT MAX(id) FROM changes'
}

undone() {
	run mailadm undo "$(last_change)" && status 0
}

start_anew() {
	start_again 2>/dev/null
}

start_again() {
	sql 'DELETE FROM send_as; DELETE FROM aliases; DELETE FROM logins;
		DELETE FROM quota_usage; DELETE FROM users;
		DELETE FROM domains ORDER BY alias_of IS NULL' &&
	mailadm -q domain add x.example && mailadm -q domain add y.example &&
	mailadm -q user add $A --no-password &&
	mailadm -q user add $B --no-password &&
	mailadm -q user add $C --no-password
}

start_anew

### grant and revoke

t 'a user is granted an address, once' '
	run mailadm user grant $B --send-as $A && status 0 &&
	is "$err" "grant of $B to send as $A added" &&
	granted "$B $A" &&
	run mailadm -v user grant $B --send-as $A && status 0 &&
	is "$err" "grant of $B to send as $A unchanged" &&
	run mailadm user grant $B --send-as $A --if-not-exists && status 0 &&
	granted "$B $A"'

t 'or a whole domain, and addresses that are elsewhere' '
	run mailadm user grant $B --send-as @y.example && status 0 &&
	run mailadm user grant $B --send-as Boss@Partner.Example && status 0 &&
	run mailadm user grant $B --send-as @partner.example && status 0 &&
	granted "$B @partner.example" "$B @y.example" "$B $A" \
		"$B boss@partner.example"'

t 'what was granted is revoked, once' '
	run mailadm user revoke $B --send-as @partner.example && status 0 &&
	is "$err" "grant of $B to send as @partner.example removed" &&
	run mailadm user revoke $B --send-as @partner.example && status 4 &&
	like "$err" "$B has no grant to send as @partner.example" &&
	run mailadm user revoke $B --send-as @partner.example --if-exists &&
	status 0 && mailadm -q user revoke $B --send-as @y.example &&
	mailadm -q user revoke $B --send-as boss@partner.example &&
	granted "$B $A"'

t 'a user who is not there has no grants' '
	run mailadm user grant none@x.example --send-as $A && status 4 &&
	like "$err" "no such user: none@x.example" &&
	run mailadm user revoke none@x.example --send-as $A && status 4 &&
	like "$err" "no such user: none@x.example" &&
	run mailadm user revoke none@x.example --send-as $A --if-exists &&
	status 0'

t 'an address of ours that is not there is granted by force only' '
	run mailadm user grant $B --send-as none@x.example && status 4 &&
	like "$err" "no user or alias has the address none@x.example" &&
	like "$err" "hint:" && granted "$B $A" &&
	run mailadm user grant $B --send-as none@x.example --force &&
	status 0 && granted "$B $A" "$B none@x.example" &&
	mailadm -q user revoke $B --send-as none@x.example'

t 'aliases, tagged names and what a catch-all takes exist' '
	mailadm -q alias add team@x.example $A &&
	run mailadm user grant $B --send-as team@x.example && status 0 &&
	run mailadm user grant $B --send-as anna+x@x.example && status 0 &&
	mailadm -q alias add @y.example $C 2>/dev/null &&
	run mailadm user grant $B --send-as any@y.example && status 0'

t 'the own address needs no grant, and a note says so' '
	run mailadm user grant $B --send-as $B && status 0 &&
	like "$err" "$B may send as $B without a grant"'

t 'what is no address is refused' '
	run mailadm user grant $B --send-as anna && status 3 &&
	run mailadm user grant $B --send-as "a b@x.example" && status 3 &&
	run mailadm user grant $B --send-as "" && status 3'

t 'without --send-as nothing is meant' '
	run mailadm user grant $B && status 2 &&
	like "$err" "missing option: --send-as" && like "$err" "usage:" &&
	run mailadm user revoke $B && status 2'

t 'TAB offers what can be granted' '
	run mailadm complete -- user grant $B --send-as tea && status 0 &&
	is "$out" team@x.example &&
	run mailadm complete -- user grant $B --send-as @x && status 0 &&
	is "$out" @x.example &&
	run mailadm complete -- user grant $B --s && is "$out" --send-as'

### history and undo

t 'the history shows grants, under the name of the user' '
	start_anew && mailadm -q user grant $C --send-as $A &&
	mailadm -q user revoke $C --send-as $A &&
	run mailadm history --kind grant --limit 2 \
		--columns kind,name,action,summary && status 0 &&
	is "$out" "$(printf "%s\t" grant $C removed "send as $A" |
		sed "s/\t\$//"; echo
	printf "%s\t" grant $C added "send as $A" | sed "s/\t\$//")"'

t 'a grant by hand is in the history, too, and can be undone' '
	sql "INSERT INTO send_as (email, address)
		VALUES ('\''$B'\'', '\''$A'\'')" &&
	undone && granted && undone && granted "$B $A"'

t 'granting and revoking are undone' '
	mailadm -q user grant $C --send-as @x.example && undone &&
	granted "$B $A" && mailadm -q user revoke $B --send-as $A &&
	undone && granted "$B $A"'

t 'an undo does not go over what was granted since' '
	mailadm -q user revoke $B --send-as $A &&
	change=$(last_change) && mailadm -q user grant $B --send-as $A &&
	run mailadm undo "$change" && status 6 &&
	like "$err" "grant $B -> $A" && granted "$B $A"'

### removing

t 'the grants of a user and those of the address go with the user' '
	start_anew && mailadm -q user grant $B --send-as $A &&
	mailadm -q user grant $A --send-as $C &&
	mailadm -q user grant $A --send-as @z.example &&
	run mailadm user remove $A && status 0 &&
	like "$err" "no longer granted to send as $A: $B" && granted'

t 'and come back with the user' '
	undone && granted "$A @z.example" "$A $C" "$B $A"'

t 'a new person of the name is not spoken for by those of before' '
	mailadm -q user remove $A 2>/dev/null &&
	mailadm -q user add $A --no-password 2>/dev/null && granted'

t 'but a grant that was made by force exists, and a note says so' '
	mailadm -q user grant $B --send-as early@x.example --force &&
	run mailadm user add early@x.example --no-password && status 0 &&
	like "$err" "$B was granted to send as early@x.example before" &&
	mailadm -q user remove early@x.example 2>/dev/null'

t 'an alias that goes takes the grants of its name along' '
	mailadm -q alias add team@x.example $B &&
	mailadm -q user grant $C --send-as team@x.example &&
	mailadm -q alias add team@x.example $A &&
	mailadm -q alias remove team@x.example $A &&
	granted "$C team@x.example" &&
	run mailadm alias remove team@x.example && status 0 &&
	like "$err" "no longer granted to send as team@x.example: $C" &&
	granted && undone && granted "$C team@x.example"'

t 'a name that is an alias, too, keeps them unless its user goes' '
	start_anew && mailadm -q alias add $A $A $B &&
	mailadm -q user grant $C --send-as $A &&
	mailadm -q alias remove $A && granted "$C $A" &&
	mailadm -q alias add $A $B 2>/dev/null &&
	mailadm -q user remove $A 2>/dev/null && granted'

t 'what a domain holds goes with it, in both directions' '
	start_anew && mailadm -q user grant $A --send-as $C &&
	mailadm -q user grant $C --send-as $A &&
	mailadm -q user grant $C --send-as @x.example &&
	mailadm -q user grant $C --send-as $B &&
	mailadm -q user grant $C --send-as out@z.example &&
	run mailadm -y domain remove x.example --recursive && status 0 &&
	like "$err" "also removed: 4 grants" &&
	granted "$C out@z.example" && undone &&
	granted "$A $C" "$C @x.example" "$C $A" "$C $B" "$C out@z.example"'

t 'of an alias domain, too' '
	mailadm -q domain add aka.example --alias-of y.example &&
	mailadm -q user grant $A --send-as carl@aka.example &&
	mailadm -q user grant $A --send-as @aka.example &&
	mailadm -q -y domain remove aka.example 2>/dev/null &&
	granted "$A $C" "$C @x.example" "$C $A" "$C $B" "$C out@z.example"'

### renaming

t 'renaming a user keeps grants in both directions' '
	start_anew && mailadm -q user grant $A --send-as $C &&
	mailadm -q user grant $B --send-as $A &&
	mailadm -q user rename $A ann@y.example &&
	granted "ann@y.example $C" "$B ann@y.example" && undone &&
	granted "$A $C" "$B $A"'

t 'and merges those that exist for the new name' '
	mailadm -q user grant $B --send-as ann@y.example --force &&
	mailadm -q user rename $A ann@y.example &&
	granted "ann@y.example $C" "$B ann@y.example" && undone &&
	granted "$A $C" "$B $A" "$B ann@y.example"'

t 'renaming a domain does so for all of it' '
	start_anew && mailadm -q user grant $A --send-as $B &&
	mailadm -q user grant $A --send-as @x.example &&
	mailadm -q user grant $C --send-as $A &&
	mailadm -q user grant $C --send-as anna@new.example &&
	mailadm -q domain rename x.example new.example &&
	granted "anna@new.example @new.example" \
		"anna@new.example bob@new.example" "$C anna@new.example" &&
	undone &&
	granted "$A @x.example" "$A $B" "$C $A" "$C anna@new.example"'

t 'a grant that came since stands in the way of undoing a new name' '
	start_anew && mailadm -q user rename $A ann@x.example &&
	change=$(last_change) &&
	mailadm -q user grant ann@x.example --send-as $C &&
	run mailadm undo "$change" && status 6 &&
	like "$err" "grant ann@x.example -> $C was added since" &&
	run mailadm undo --force "$change" && status 6 &&
	granted "ann@x.example $C"'

t 'or a new user' '
	mailadm -q user add new@x.example --no-password &&
	change=$(last_change) &&
	mailadm -q user grant new@x.example --send-as $C &&
	run mailadm undo "$change" && status 6 &&
	like "$err" "grant new@x.example -> $C was added since"'

t 'a grant of a name that an undo takes away goes with it' '
	start_anew && mailadm -q user add new@x.example --no-password &&
	change=$(last_change) &&
	mailadm -q user grant $A --send-as new@x.example &&
	run mailadm undo "$change" && status 0 && granted &&
	like "$err" "no longer granted to send as new@x.example: $A" &&
	mailadm -q domain add z.example && change=$(last_change) &&
	mailadm -q user grant $A --send-as @z.example &&
	mailadm -q undo "$change" 2>/dev/null && granted'

### what the servers note

noted() { # what logins and quota_usage hold
	sql 'SELECT email, last_login FROM logins UNION ALL
		SELECT email, bytes FROM quota_usage ORDER BY 1, 2' |
		tr '\t' ' '
}

t 'what the servers noted goes with a user, and follows a new name' '
	start_anew && sql "INSERT INTO logins VALUES ('\''$A'\'', 7),
		('\''$B'\'', 8), ('\''ann@x.example'\'', 1);
		INSERT INTO quota_usage VALUES ('\''$A'\'', 100, 2)" &&
	mailadm -q user rename $A ann@x.example &&
	is "$(noted)" "ann@x.example 7
ann@x.example 100
$B 8" && undone && is "$(noted)" "$A 7
$A 100
$B 8" && mailadm -q user remove $A && is "$(noted)" "$B 8"'

t 'and a domain, that goes or has a new name' '
	start_anew && sql "INSERT INTO logins VALUES ('\''$A'\'', 7),
		('\''$C'\'', 8);
		INSERT INTO quota_usage VALUES ('\''$A'\'', 100, 2)" &&
	mailadm -q domain rename x.example new.example &&
	is "$(noted)" "anna@new.example 7
anna@new.example 100
$C 8" && undone && is "$(noted)" "$A 7
$A 100
$C 8" && mailadm -q -y domain remove x.example --recursive 2>/dev/null &&
	is "$(noted)" "$C 8"'

### user show and find

t 'user show has the grants and what the servers recorded' '
	start_anew && mailadm -q user grant $A --send-as $C &&
	mailadm -q user grant $A --send-as @x.example &&
	sql "INSERT INTO logins VALUES ('\''$A'\'', 1790000000);
		INSERT INTO quota_usage VALUES ('\''$A'\'', 5242880, 2)" &&
	run mailadm user show $A --columns send_as,used,last_login &&
	is "$out" "$(printf "%s\t" "@x.example,$C" 5242880 \
		2026-09-21T14:13:20Z | sed "s/\t\$//")" &&
	run mailadm user show $A --json &&
	like "$out" "\"send_as\":[\"@x.example\",\"$C\"]" &&
	like "$out" "\"used\":5242880" &&
	run mailadm -o table user show $A && matches "$out" "^used +5M"'

t 'where there is nothing, it says so' '
	run mailadm user show $B --columns send_as,used,last_login &&
	is "$out" "$(printf "\\\\N\t\\\\N\t\\\\N")" &&
	run mailadm user show $B --json && like "$out" "\"send_as\":[]" &&
	like "$out" "\"used\":null" && like "$out" "\"last_login\":null"'

t 'find finds both names of a grant' '
	run mailadm find $C && matches "$out" "^grant	$A	$C\$" &&
	run mailadm find "*x.example" &&
	matches "$out" "^grant	$A	@x.example\$" &&
	run mailadm find $A && lines "$out" 3'

### manifests

M=$T/mail.yaml
wants() {
	cat >"$M"
}

applied() {
	run mailadm -y apply "$M" && status 0
}

wants <<END
domains:
  x.example: {}
  y.example: {}
users:
  $A: {hash: "!", send_as: ["@y.example", $B, boss@partner.example]}
  $B: {hash: "!", send_as: team@x.example}
  $C: {hash: "!"}
aliases:
  team@x.example: $A
END

t 'a manifest says what users may send as, and that is made so' '
	fresh && run mailadm plan "$M" && status 1 &&
	like "$out" "add	user	$A	send_as	\\N	@y.exam" &&
	applied && granted "$A @y.example" "$A $B" \
		"$A boss@partner.example" "$B team@x.example" &&
	run mailadm plan "$M" && status 0'

t 'what it does not give stays' '
	echo "users: {$A: {name: Anna}, $C: {quota: 1G}}" | wants &&
	applied && run mailadm user show $A --columns send_as &&
	is "$out" "@y.example,$B,boss@partner.example"'

t 'a list is exact, and an empty one takes all' '
	echo "users: {$A: {send_as: [\"@z.example\", $B]}, \
		$B: {send_as: []}}" | wants &&
	run mailadm plan "$M" && status 1 &&
	like "$out" "change	user	$A	send_as	@y.example, " &&
	applied && granted "$A $B" "$A @z.example" &&
	run mailadm plan "$M" && status 0 && undone &&
	granted "$A @y.example" "$A $B" "$A boss@partner.example" \
		"$B team@x.example"'

t 'an address of ours that is not there is an error with its place' '
	echo "users: {$B: {send_as: [none@x.example, team@x.example]}}" |
		wants && run mailadm plan "$M" && status 3 &&
	like "$err" "$M:1:9: user $B: send_as: no user or alias has the \
address none@x.example"'

t 'unless the same manifest makes it, or it was granted before' '
	echo "users: {$B: {send_as: [new@x.example]}, \
		new@x.example: {hash: \"!\"}}" | wants && applied &&
	granted "$A @y.example" "$A $B" "$A boss@partner.example" \
		"$B new@x.example" &&
	mailadm -q user grant $B --send-as gone@x.example --force &&
	echo "users: {$B: {send_as: [new@x.example, gone@x.example], \
		name: Bob}}" | wants && applied'

t 'twice the same, or what is no address, is an error' '
	echo "users: {$B: {send_as: [$A, $A]}}" | wants &&
	run mailadm plan "$M" && status 3 && like "$err" "is listed twice" &&
	echo "users: {$B: {send_as: [x]}}" | wants &&
	run mailadm plan "$M" && status 3'

t 'an export gives what was granted, and is no change' '
	run mailadm export && like "$out" "send_as: [\"@y.example\", $B," &&
	cp "$T/out" "$M" && run mailadm plan "$M" && status 0 &&
	run mailadm export users --format jsonl &&
	like "$out" "\"send_as\":[\"@y.example\"," &&
	run mailadm export users --format csv && unlike "$out" send_as'

t 'users that are pruned or absent lose their grants, both ways' '
	echo "{domains: {x.example: {}}, users: {$B: {}}, \
		aliases: {team@x.example: $B}}" | wants &&
	run mailadm -y apply --prune --max-removes 9 "$M" && status 0 &&
	granted "$B gone@x.example" && undone &&
	echo "users: {$A: {absent: true}}" | wants &&
	mailadm -q alias set team@x.example $B && applied &&
	granted "$B gone@x.example" "$B new@x.example"'

t 'a domain that is absent takes the grants of it along' '
	mailadm -q user grant $B --send-as @y.example &&
	echo "{domains: {y.example: {absent: true}}, \
		users: {$C: {absent: true}}}" | wants && applied &&
	granted "$B gone@x.example" "$B new@x.example"'

t 'a saved plan is stale when something was granted since' '
	echo "users: {$B: {name: Robert}}" | wants &&
	run mailadm plan "$M" --out "$T/plan" && status 1 &&
	mailadm -q user grant $B --send-as @q.example &&
	run mailadm -y apply "$T/plan" && status 6 &&
	like "$err" "the plan is stale: user $B" &&
	run mailadm plan "$M" --out "$T/plan" && status 1 &&
	run mailadm -y apply "$T/plan" && status 0 &&
	granted "$B gone@x.example" "$B new@x.example" "$B @q.example"'

t 'the usage of a former user is not that of a new one' '
	start_anew && mailadm -q user remove $C &&
	sql "INSERT INTO logins VALUES (\"$C\", 1700000000);
		INSERT INTO quota_usage VALUES (\"$C\", 99, 1)" &&
	mailadm -q user add $C --no-password &&
	run mailadm --columns used,last_login user show $C && status 0 &&
	is "$out" "\\N	\\N"'

t 'many new users are written with their grants' '
	{
		echo "users:"
		for i in $(seq 60); do
			echo "  n$i@x.example: {hash: \"!\", send_as: [$B]}"
		done
	} | wants && applied &&
	is "$(grants | grep -c "^n.* $B\$")" 60 &&
	run mailadm plan "$M" && status 0'

finish
