# What a user may do: log in, send, receive.
. tests/lib.sh
server_start && fresh

ok() {
	run mailadm "$@" && status 0
}

# rights EMAIL LOGIN SEND RECEIVE
rights() {
	is "$(sql "SELECT may_login, may_send, may_receive FROM users
	    WHERE email = '$1'")" "$2	$3	$4"
}

# The last row of the history, as people read it.
said() {
	is "$(mailadm history --limit 1 --columns action,summary)" "$1"
}

ok domain add x.org
ok user add anna@x.org --no-password

t 'a new user may do everything' '
	rights anna@x.org 1 1 1'

t 'user add and user set deny permissions' '
	ok user add printer@x.org --no-password --may-login no \
	    --may-receive no && rights printer@x.org 0 1 0 &&
	ok user set printer@x.org --may-send no --may-receive yes &&
	rights printer@x.org 0 0 1 &&
	ok user set printer@x.org --may-login yes --may-send yes &&
	rights printer@x.org 1 1 1'

t 'what is not given stays, and what is so already is no change' '
	ok user set anna@x.org --may-send no &&
	ok user set anna@x.org --name Anna && rights anna@x.org 1 0 1 &&
	before=$(sql "SELECT COUNT(*) FROM changes") &&
	ok -v user set anna@x.org --may-send no --may-login yes &&
	like "$err" "user anna@x.org unchanged" &&
	is "$(sql "SELECT COUNT(*) FROM changes")" "$before" &&
	ok user set anna@x.org --may-send yes'

t 'neither yes nor no is a usage error that names both' '
	run mailadm user set anna@x.org --may-send maybe && status 2 &&
	like "$err" "no, yes" &&
	run mailadm user set anna@x.org --may-send && status 2 &&
	run mailadm user set anna@x.org && status 2 &&
	like "$err" "nothing to set"'

t 'for a user who may not log in or send any more a hint names the sessions' '
	ok user set anna@x.org --may-login no &&
	like "$err" "hint: to end open sessions now" &&
	ok user set anna@x.org --may-login yes && unlike "$err" hint &&
	ok user set anna@x.org --may-receive no && unlike "$err" hint &&
	ok user set anna@x.org --may-receive yes'

t 'user show shows them, behind what it showed before' '
	ok user set anna@x.org --may-receive no &&
	ok user show anna@x.org -o jsonl &&
	like "$out" "\"may_login\":true,\"may_send\":true,\
\"may_receive\":false" &&
	ok user show anna@x.org -o csv &&
	like "$out" "created,modified,may_login,may_send,may_receive" &&
	ok user show anna@x.org -o table && like "$out" "may_receive" &&
	ok user show anna@x.org --columns may_receive && is "$out" 0'

t 'user list shows them where they are named' '
	ok user list -o csv && like "$out" "home,created,modified" &&
	unlike "$out" may_ &&
	ok user list --columns email,may_receive,may_login &&
	is "$out" "anna@x.org	0	1
printer@x.org	1	1" &&
	ok user list --columns email --sort may_receive &&
	is "$out" "anna@x.org
printer@x.org" &&
	ok user list --columns email --sort -may_receive &&
	is "$out" "printer@x.org
anna@x.org"'

t 'add --if-not-exists compares those that are given' '
	ok user add anna@x.org --no-password --if-not-exists &&
	ok user add anna@x.org --no-password --if-not-exists \
	    --may-receive no --may-send yes &&
	run mailadm user add anna@x.org --no-password --if-not-exists \
	    --may-receive yes --may-login no && status 5 &&
	like "$err" "a different may_login, may_receive" &&
	rights anna@x.org 1 1 0'

t 'many users in one batch keep theirs' '
	for n in $(seq 12); do
		echo "user add m$n@x.org --no-password --may-send no"
		echo "user add n$n@x.org --no-password --may-login no"
	done >"$T/batch" && ok -q -f "$T/batch" &&
	is "$(sql "SELECT COUNT(*) FROM users WHERE email LIKE \"m%\" AND
	    may_send = 0 AND may_login = 1 OR email LIKE \"n%\" AND
	    may_send = 1 AND may_login = 0")" 24 &&
	is "$(sql "SELECT COUNT(*) FROM history WHERE JSON_VALUE(new_row,
	    \"$.may_send\") = 0 AND JSON_VALUE(new_row, \"$.may_login\") = 1
	    AND name LIKE \"m%\"")" 12 &&
	ok undo "$(sql "SELECT MAX(id) FROM changes")" --yes'

t 'the history says what somebody may do' '
	ok user set anna@x.org --may-login no --may-receive yes &&
	said "changed	may log in yes -> no, may receive no -> yes" &&
	ok user add mute@x.org --no-password --may-send no &&
	said "added	may send no" &&
	ok user remove mute@x.org && said "removed	may send no" &&
	ok user add mute@x.org --no-password && said "added	\\N" &&
	ok user remove mute@x.org'

t 'undo brings it back' '
	ok user set anna@x.org --may-login yes --may-send no &&
	ok undo "$(sql "SELECT MAX(id) FROM changes")" &&
	rights anna@x.org 0 1 1 &&
	ok user remove anna@x.org &&
	ok undo "$(sql "SELECT MAX(id) FROM changes")" &&
	rights anna@x.org 0 1 1'

t 'undo is refused where they were changed since' '
	ok user set anna@x.org --name Anne &&
	change=$(sql "SELECT MAX(id) FROM changes") &&
	ok user set anna@x.org --may-send no &&
	run mailadm undo "$change" && status 6 &&
	like "$err" anna@x.org && rights anna@x.org 0 0 1'

# As a migration leaves it: rows of the history that lack the columns.
older() {
	sql "UPDATE history SET
	    old_row = JSON_REMOVE(old_row, '$.may_login', '$.may_send',
		'$.may_receive'),
	    new_row = JSON_REMOVE(new_row, '$.may_login', '$.may_send',
		'$.may_receive')"
}

t 'an older row says nothing of it, and means yes' '
	ok user add old@x.org --no-password --name Old &&
	ok user remove old@x.org &&
	older && said "removed	name \"Old\"" &&
	ok undo "$(sql "SELECT MAX(id) FROM changes")" &&
	rights old@x.org 1 1 1 &&
	ok user set old@x.org --name New && older &&
	ok undo "$(sql "SELECT MAX(id) FROM changes")" &&
	rights old@x.org 1 1 1'

t 'rename and a domain that moves keep them' '
	ok user rename anna@x.org bo@x.org && rights bo@x.org 0 0 1 &&
	ok domain rename x.org y.org && rights bo@y.org 0 0 1 &&
	like "$(mailadm history --limit 9)" "renamed	from bo@x.org"'

HASH='!'
t 'a manifest gives them, and leaves those that it does not name' '
	fresh && cat >"$T/m.yaml" <<-END &&
		domains: {x.org: }
		users:
		  anna@x.org: {hash: "$HASH", may_send: false}
		  bo@x.org: {hash: "$HASH"}
		  cy@x.org: {hash: "$HASH", may_login: false, may_receive: true}
	END
	run mailadm plan "$T/m.yaml" && status 1 &&
	like "$out" "	anna@x.org	may_send	\\N	false" &&
	unlike "$out" "may_receive" && unlike "$out" "bo@x.org	may" &&
	ok apply --yes "$T/m.yaml" && rights anna@x.org 1 0 1 &&
	rights bo@x.org 1 1 1 && rights cy@x.org 0 1 1 &&
	ok user set bo@x.org --may-receive no &&
	ok plan "$T/m.yaml" && empty "$out" &&
	echo "users: {bo@x.org: {may_receive: true, may_send: false},
	    anna@x.org: {name: A}}" >"$T/n.yaml" &&
	run mailadm plan "$T/n.yaml" && status 1 &&
	is "$out" "change	user	anna@x.org	name	\\N	A
change	user	bo@x.org	may_send	true	false
change	user	bo@x.org	may_receive	false	true" &&
	ok apply --yes "$T/n.yaml" && rights bo@x.org 1 0 1 &&
	rights anna@x.org 1 0 1'

t 'a value that is neither is an error with its position' '
	echo "users: {bo@x.org: {may_send: perhaps}}" >"$T/n.yaml" &&
	run mailadm plan "$T/n.yaml" && status 3 &&
	like "$err" "n.yaml:1:30: may_send: expected true or false" &&
	echo "users: {bo@x.org: {may_sned: false}}" >"$T/n.yaml" &&
	run mailadm plan "$T/n.yaml" && status 3 &&
	like "$err" "did you mean may_send?"'

t 'a saved plan keeps them, what it adds and what it changes' '
	cat >"$T/n.yaml" <<-END &&
		users:
		  bo@x.org: {may_login: false}
		  di@x.org: {hash: "$HASH", may_receive: false}
		  ed@x.org: {hash: "$HASH"}
	END
	run mailadm plan --out "$T/plan" "$T/n.yaml" && status 1 &&
	ok apply --yes "$T/plan" && rights bo@x.org 0 0 1 &&
	rights di@x.org 1 1 0 && rights ed@x.org 1 1 1'

t 'it is stale where they have changed since' '
	echo "users: {bo@x.org: {name: Bo}}" >"$T/n.yaml" &&
	run mailadm plan --out "$T/plan" "$T/n.yaml" && status 1 &&
	ok user set bo@x.org --may-send yes &&
	run mailadm apply --yes "$T/plan" && status 6 && like "$err" stale'

t 'more than are asked one by one, too' '
	{ echo "users:"; seq 1100 | sed "s/.*/  u&@x.org: {hash: \"!\",\
 may_send: false}/"; } >"$T/big.yaml" &&
	ok -q apply --yes "$T/big.yaml" && ok plan "$T/big.yaml" &&
	empty "$out" && is "$(sql "SELECT COUNT(*) FROM users
	    WHERE email LIKE \"u%\" AND may_send = 0 AND may_receive = 1")" \
	    1100 && is "$(sql "SELECT COUNT(*) FROM history
	    WHERE name LIKE \"u%\" AND JSON_VALUE(new_row,
	    \"$.may_send\") = 0")" 1100 &&
	sql "DELETE FROM users WHERE email LIKE \"u%\""'

# Or an older export would not give back what was taken since.
t 'export names what users may do, and what they may not' '
	ok export users --format yaml && like "$out" "
  bo@x.org: {active: true, name: null, quota: default,\
 home: \"x.org/bo\", may_login: false, may_send: true,\
 may_receive: true, note: null, send_through: null, send_limit: default,\
 bcc_in: null, bcc_out: null, expires: none, send_as: []}
" && ok export users --format jsonl &&
	like "$out" "\"home\":\"x.org/bo\",\"may_login\":false,\
\"may_send\":true,\"may_receive\":true,\"note\":null,\
\"send_through\":null," &&
	ok export users --format csv &&
	like "$out" "email,active,name,quota,home,may_login,may_send,\
may_receive" && like "$out" "bo@x.org,1,,default,x.org/bo,0,1,1"'

t 'import reads them, and leaves what its columns do not name' '
	printf "%s\n" email,hash,may_send,may_receive f1@x.org,!,0,1 \
	    f2@x.org,!,,false f3@x.org,!,true,0 >"$T/f.csv" &&
	ok import users "$T/f.csv" && rights f1@x.org 1 0 1 &&
	rights f2@x.org 1 1 0 && rights f3@x.org 1 1 0 &&
	printf "%s\n" email,may_login,may_receive f1@x.org,0, f3@x.org,1,1 \
	    >"$T/f.csv" && ok import users --update "$T/f.csv" &&
	rights f1@x.org 0 0 1 && rights f3@x.org 1 1 1 &&
	run mailadm import users --update "$T/f.csv" && status 0 &&
	like "$err" "2 unchanged" &&
	printf "%s\n" email,may_send f1@x.org,2 >"$T/f.csv" &&
	run mailadm import users --update "$T/f.csv" && status 3 &&
	like "$err" "f.csv:2:2: may_send: expected true or false"'

t 'what CSV exports comes back by import' '
	ok export users --format csv --with-hashes &&
	cp "$T/out" "$T/all.csv" &&
	mailadm --database copy schema init -q &&
	ok --database copy domain add x.org &&
	ok --database copy import users "$T/all.csv" &&
	ok --database copy export users --format csv --with-hashes &&
	cmp "$T/out" "$T/all.csv"'

finish
