# import users, aliases, domains: the whole of a CSV file, or nothing.
. tests/lib.sh
. tests/db/lib-faults.sh

HASH='$5$rounds=5000$abcdefghijklmnop$'$(printf '%043d' 0 | tr 0 A)
SERVER_DURABLE=1
server_start
fresh

csv() {
	cat >"$T/in.csv"
}

import_users() {
	run mailadm import users "$T/in.csv" "$@"
}

import_aliases() {
	run mailadm import aliases "$T/in.csv" "$@"
}

# Everything but the times, in the order in which it was written.
history_of() {
	sql "SELECT h.kind, h.name, REGEXP_REPLACE(COALESCE(h.new_row, '-'),
	    '\"[0-9]{4}-[^\"]*\"', 'T') FROM history AS h
	    WHERE h.\`change\` = (SELECT MAX(id) FROM changes) ORDER BY h.id"
}

# Old and new of the last three rows.
pairs_of() {
	sql "SELECT name, REGEXP_REPLACE(CONCAT(old_row, new_row),
	    '\"[0-9]{4}-[^\"]*\"', 'T') FROM history ORDER BY id DESC LIMIT 3"
}

nobody() {
	is "$(sql 'SELECT COUNT(*) FROM users')" 0
}

mailadm --quiet domain add x.org
mailadm --quiet domain add aka.org --alias-of x.org

# --- the file -------------------------------------------------------------

t 'a file that is not there, is empty or has no name column is refused' '
	run mailadm import users "$T/none.csv" && status 4 &&
	csv </dev/null && import_users && status 3 && like "$err" empty &&
	printf "name,hash\nAnna,!\n" | csv && import_users && status 3 &&
	like "$err" "no column \"email\""'

t 'an unknown column and one that is given twice are reported with the known' '
	printf "email,hash,quotta\n" | csv && import_users && status 3 &&
	like "$err" "in.csv:1:3: unknown column \"quotta\"" &&
	like "$err" "email, active, name, quota, home, hash, may_login, \
may_send, may_receive, note, send_through, send_limit, bcc_in, \
bcc_out, expires, password" &&
	printf "email,hash,email\n" | csv && import_users && status 3 &&
	like "$err" "in.csv:1:3: column \"email\" is given twice"'

t 'all errors are reported at once, with line and column, and nothing is done' '
	printf "%s\n" "email,quota,hash" "anna@x.org,1X,!" "bert@x.org,1G" \
	    "a b@x.org,,!" "carl@y.org,,!" "dora@aka.org,,!" "emma@x.org,," \
	    "fine@x.org,,!" | csv &&
	import_users && status 3 && empty "$out" && nobody &&
	like "$err" "in.csv:2:2: quota: expected a size, got (not" &&
	like "$err" "in.csv:3:2: 2 cells, and the header names 3" &&
	like "$err" "in.csv:4:1: invalid" &&
	like "$err" "in.csv:5:1: no such domain: y.org" &&
	like "$err" "in.csv:6:1: aka.org is an alias of x.org" &&
	like "$err" "in.csv:7: user emma@x.org is new and has no hash" &&
	unlike "$err" "fine@" && like "$err" "6 errors in"'

t 'no more than --max-errors are' '
	import_users --max-errors 2 && status 3 &&
	like "$err" "in.csv:3:2" && unlike "$err" "in.csv:4:1" &&
	like "$err" "stopped after 2 errors"'

t 'with --dry-run it says what it would do' '
	printf "email,hash\nanna@x.org,!\n" | csv &&
	import_users --dry-run && status 0 && like "$err" "1 user added" &&
	like "$err" "dry run" && nobody'

run_pipe() {
	cat | "$@" >"$T/out" 2>"$T/err"
	echo $? >"$T/status"
}

t 'standard input may be a pipe, tabs or semicolons may divide' '
	printf "email\thash\nanna@x.org\t!\n" |
	    run_pipe mailadm import users - && is "$(cat "$T/status")" 0 &&
	printf "email;hash\nanna@x.org;!\nbert@x.org;!\n" |
	    run_pipe mailadm import users - && is "$(cat "$T/status")" 0 &&
	like "$(cat "$T/err")" "1 user added, 0 changed, 1 unchanged"'

t 'in a batch it is part of the one transaction' '
	printf "email,hash\nbatch@x.org,!\n" | csv &&
	printf "%s\n" "import users $T/in.csv" \
	    "user add batch@x.org --no-password" >"$T/batch" &&
	run mailadm -f "$T/batch" && status 5 &&
	is "$(sql "SELECT COUNT(*) FROM users WHERE email LIKE
	    \"batch%\"")" 0 &&
	sed -i 2d "$T/batch" && run mailadm -f "$T/batch" && status 0 &&
	is "$(sql "SELECT COUNT(*) FROM users WHERE email LIKE
	    \"batch%\"")" 1'

# --- users ----------------------------------------------------------------

t 'rows that exist with the same values are unchanged, and no change at all' '
	changes=$(sql "SELECT COUNT(*) FROM changes") &&
	printf "email,hash\nanna@x.org,!\n" | csv && import_users &&
	status 0 && like "$err" "0 users added, 0 changed, 1 unchanged" &&
	is "$(sql "SELECT COUNT(*) FROM changes")" "$changes"'

t 'with other values it is an error, status 5, unless --update' '
	printf "email,quota\nanna@x.org,1G\nbert@x.org,2G\n" | csv &&
	import_users && status 5 &&
	like "$err" "in.csv:2:1: user anna@x.org already exists" &&
	like "$err" "in.csv:3:1: user bert@x.org already exists" &&
	import_users --update && status 0 && like "$err" "2 changed" &&
	is "$(sql "SELECT quota FROM users ORDER BY email LIMIT 1")" \
	    1073741824 &&
	import_users && status 0 && like "$err" "2 unchanged"'

t 'a cell that is empty leaves the value, but a text is then none' '
	printf "email,quota,name,hash\nanna@x.org,,Anna,\n" | csv &&
	import_users --update && status 0 &&
	printf "email,name\nanna@x.org,\n" | csv &&
	import_users --update && status 0 &&
	is "$(sql "SELECT CONCAT_WS(\" \", quota, crypt, name) FROM users
	    WHERE email = \"anna@x.org\"")" "1073741824 !"'

t 'a user that stands twice in the file is an error, far apart as well' '
	printf "email,hash\nzoe@x.org,!\nzoe@x.org,*\n" | csv &&
	import_users && status 3 &&
	printf "email,hash\nzoe@x.org,!\nzoe@x.org,!\n" | csv &&
	import_users && status 3 && like "$err" "in.csv:3:1" &&
	like "$err" "twice: also on line 2" &&
	for hash in "!" "$HASH"; do
		{ printf "email,hash\n"; seq -f "s%g@x.org,!" 2100;
		    printf "s1@x.org,%s\n" "$hash"; } | csv &&
		import_users --update && status 3 && like "$err" \
		    "in.csv:2102:1: user s1@x.org is in the file twice" &&
		like "$err" "also on line 2" || return 1
	done &&
	is "$(sql "SELECT COUNT(*) FROM users WHERE email LIKE \"s%\"")" 0'

t 'nor may a row of an alias, and one that already exists' '
	{ echo mail,destination; seq -f "w%g@x.org,w@y.net" 2100;
	    echo w7@x.org,W@Y.net; } | csv &&
	import_aliases && status 3 && like "$err" \
	    "in.csv:2102:1: alias w7@x.org to w@y.net is in the file" &&
	like "$err" "twice: also on line 8" &&
	{ echo email; seq -f "w%g@x.org" 2100; echo w7@x.org; } | csv &&
	sed "s/\$/,!/; 1s/!/hash/; \$d" "$T/in.csv" >"$T/good.csv" &&
	run mailadm import users "$T/good.csv" && status 0 &&
	import_users && status 3 &&
	like "$err" "in.csv:2102:1: user w7@x.org is in the file twice" &&
	sql "DELETE FROM users WHERE email LIKE \"w%\";
	    DELETE FROM homes WHERE email LIKE \"w%\""'

t 'a home that is given is taken, unless another user has it' '
	printf "email,hash,home\nh1@x.org,!,old/h1\nh2@x.org,!,x.org/anna\n" |
	    csv && import_users && status 3 &&
	like "$err" "in.csv:3: home: x.org/anna is the home of anna@x.org" &&
	printf "email,hash,home\nh1@x.org,!,old/h1\nh2@x.org,!,old/h1\n" |
	    csv && import_users && status 3 && like "$err" "in.csv:3:" &&
	printf "email,hash,home\nh1@x.org,!,old/h1\n" | csv &&
	import_users && status 0 &&
	is "$(sql "SELECT email FROM homes WHERE home = \"old/h1\"")" \
	    h1@x.org'

t 'a name that existed before gets a fresh home' '
	mailadm --quiet --yes user remove h1@x.org &&
	printf "email,hash\nh1@x.org,!\n" | csv && import_users &&
	mailadm --quiet --yes user remove h1@x.org && import_users &&
	status 0 &&
	is "$(sql "SELECT home FROM users WHERE email = \"h1@x.org\"")" \
	    "x.org/h1~2"'

t 'so do many, among others, and the history is in the order of the file' '
	{ echo email,hash; seq -f "g%g@x.org,!" 60; } | csv &&
	import_users && status 0 &&
	sql "DELETE FROM users WHERE email LIKE \"g%\";
	    DELETE FROM homes WHERE email REGEXP \"^g[0-9]*[89]@\"" &&
	import_users && status 0 && like "$err" "60 users added" &&
	is "$(sql "SELECT COUNT(*), SUM(home LIKE \"%~2\"), COUNT(DISTINCT
	    home) FROM users WHERE email LIKE \"g%\"" | tr "\t" " ")" \
	    "60 48 60" &&
	is "$(history_of | cut -f 2)" "$(seq -f "g%g@x.org" 60)" &&
	is "$(sql "SELECT COUNT(*) FROM homes AS h JOIN users AS u ON
	    u.home = h.home AND u.email = h.email WHERE u.email LIKE
	    \"g%\"")" 60'

t 'passwords are hashed, and one that verifies is unchanged' '
	printf "email,password\np1@x.org,Correct-Horse\np2@x.org, '"'"'=x \n" |
	    csv && import_users && status 0 && unlike "$err" Horse &&
	printf %s Correct-Horse |
	    mailadm user verify p1@x.org --password-stdin &&
	printf %s " '"'"'=x " |
	    mailadm user verify p2@x.org --password-stdin &&
	import_users && status 0 && like "$err" "2 unchanged" &&
	printf "email,password\np1@x.org,Wrong-Horse\n" | csv &&
	import_users && status 5 && import_users --update && status 0 &&
	like "$err" "1 changed"'

t 'a limit of the domain is kept' '
	mailadm --quiet domain add small.org --max-users 2 &&
	printf "email,hash\n%s,!\n%s,!\n%s,!\n" a@small.org b@small.org \
	    c@small.org | csv && import_users && status 6 &&
	like "$err" "small.org may have no more than 2 users" &&
	sed -i 4d "$T/in.csv" && import_users && status 0'

# --- as the triggers would have written it --------------------------------

t 'history and homes are what single commands write' '
	printf "%s\n" "email,hash,name,quota,active,may_send" \
	    "t1@x.org,!,\"=T, \"\"1\"\" \\\\\",1G,1," \
	    "t2@x.org,$HASH,,default,0,0" "t3@x.org,!,Zoë,none,," | csv &&
	printf "%s\n" "users:" "  t1@x.org: {hash: \"!\", quota: 1G," \
	    "    name: \"=T, \\\"1\\\" \\\\\\\\\"}" \
	    "  t2@x.org: {hash: \"$HASH\", active: false, may_send: false}" \
	    "  t3@x.org: {hash: \"!\", name: Zoë, quota: none}" >"$T/t.yaml" &&
	run mailadm apply --yes "$T/t.yaml" && status 0 &&
	history_of >"$T/single" &&
	lines "$(cat "$T/single")" 3 &&
	homes=$(sql "SELECT home, email FROM homes WHERE home LIKE
	    \"x.org/t%\"") &&
	sql "DELETE FROM users WHERE email LIKE \"t_@x.org\";
	    DELETE FROM homes WHERE email LIKE \"t_@x.org\"" &&
	import_users && status 0 && history_of >"$T/many" &&
	run diff "$T/single" "$T/many" && status 0 &&
	is "$(sql "SELECT home, email FROM homes WHERE home LIKE
	    \"x.org/t%\"")" "$homes"'

t 'and the history of changes is' '
	printf "%s\n" "email,hash,name" "c1@x.org,!,One" "c2@x.org,!," \
	    "c3@x.org,!,Three" | csv && import_users && status 0 &&
	printf "%s\n" "email,name,hash,quota,may_send,home" \
	    "c1@x.org,\"Zoë \\ \"\"1\"\"\",$HASH,1G,0," \
	    "c2@x.org,Two,,none,1," \
	    "c3@x.org,,!,none,,other/c3" >"$T/changes.csv" &&
	run mailadm import users "$T/changes.csv" --update && status 0 &&
	like "$err" "3 changed" && pairs_of >"$T/many" &&
	lines "$(cat "$T/many")" 3 &&
	run mailadm --yes undo "$(sql "SELECT MAX(id) FROM changes")" &&
	status 0 &&
	sql "UPDATE users SET name = \"Zoë \\\\ \\\"1\\\"\", crypt = \"$HASH\",
	    quota = 1073741824, may_send = 0 WHERE email = \"c1@x.org\";
	    UPDATE users SET name = \"Two\",
	    quota = 9223372036854775807 WHERE email = \"c2@x.org\";
	    UPDATE users SET name = NULL, quota = 9223372036854775807,
	    home = \"other/c3\" WHERE email = \"c3@x.org\"" &&
	pairs_of >"$T/single" && cmp "$T/single" "$T/many"'

t 'so are those of aliases' '
	printf "%s\n" mail,destination,active a1@x.org,t1@x.org,1 \
	    a1@x.org,out@y.net,0 a2@x.org,a1@x.org, | csv &&
	printf "%s\n" "aliases:" "  a1@x.org: {destination: [t1@x.org]," \
	    "    inactive: [out@y.net]}" \
	    "  a2@x.org: {destination: [a1@x.org]}" >"$T/t.yaml" &&
	run mailadm apply --yes "$T/t.yaml" && status 0 &&
	history_of >"$T/single" &&
	sql "DELETE FROM aliases" &&
	import_aliases && status 0 && history_of >"$T/many" &&
	run diff "$T/single" "$T/many" && status 0'

# The same for one kind, in rows behind number $1.
rows_behind() {
	sql "SELECT name, REGEXP_REPLACE(COALESCE(new_row, '-'),
	    '\"[0-9]{4}-[^\"]*\"', 'T') FROM history WHERE id > $1 AND
	    kind = '$2' ORDER BY id"
}

last_row() {
	sql 'SELECT COALESCE(MAX(id), 0) FROM history'
}

t 'apply writes many users and aliases as the triggers would' '
	{ echo users:
	    seq 100 160 | sed "s/.*/  m&@x.org: {hash: \"!\", name: N&}/"
	    echo "  m130@x.org: {hash: \"!\", home: other/place}"
	    echo aliases:
	    seq 100 140 | sed "s/.*/  l&@x.org: {inactive: [a&@y.net], TO}/
		s/a\([0-9]*\)@\(.*\)TO/a\1@\2destination: [m\1@x.org, TO]/
		s/m\([0-9]*\)@\(.*\)TO/m\1@\2z\1@y.net/"
	} | awk "!/m130@x.org: / || /other/" >"$T/m.yaml" &&
	before=$(last_row) &&
	run mailadm apply --yes "$T/m.yaml" && status 0 &&
	rows_behind "$before" user >"$T/many" &&
	rows_behind "$before" alias >>"$T/many" &&
	lines "$(cat "$T/many")" 184 &&
	run mailadm plan "$T/m.yaml" && status 0 &&
	sql "DELETE FROM aliases WHERE mail LIKE \"l1%\"" &&
	homes=$(sql "SELECT home, email FROM homes WHERE email LIKE
	    \"m1%\"") &&
	sql "CREATE TABLE kept AS SELECT email, crypt, name, home FROM users
	    WHERE email LIKE \"m1%\"; DELETE FROM users WHERE email LIKE
	    \"m1%\"; DELETE FROM homes WHERE email LIKE \"m1%\"" &&
	before=$(last_row) &&
	sql "INSERT INTO users (email, crypt, name, home) SELECT * FROM kept
	    ORDER BY email; DROP TABLE kept" &&
	sql "INSERT INTO aliases (mail, destination, active) SELECT
	    CONCAT(\"l\", seq, \"@x.org\"), CONCAT(ELT(n, \"m\", \"z\",
	    \"a\"), seq, ELT(n, \"@x.org\", \"@y.net\", \"@y.net\")),
	    n < 3 FROM seq_100_to_140 JOIN (SELECT seq AS n FROM seq_1_to_3)
	    AS three ORDER BY seq, n" &&
	rows_behind "$before" user >"$T/single" &&
	rows_behind "$before" alias >>"$T/single" &&
	run diff "$T/single" "$T/many" && status 0 &&
	is "$(sql "SELECT home, email FROM homes WHERE email LIKE
	    \"m1%\"")" "$homes" &&
	run mailadm plan "$T/m.yaml" && status 0 &&
	mailadm --quiet --yes undo "$(sql "SELECT MAX(id) FROM changes")"'

t 'undo takes all of it back' '
	printf "mail,destination\nun@x.org,anna@x.org\n" | csv &&
	import_aliases && change=$(sql "SELECT MAX(id) FROM changes") &&
	run mailadm --yes undo "$change" && status 0 &&
	is "$(sql "SELECT COUNT(*) FROM aliases WHERE mail =
	    \"un@x.org\"")" 0'

# --- aliases --------------------------------------------------------------

t 'aliases may lead to names that come later in the file' '
	printf "mail,destination\n%s,%s\n%s,%s\n" b1@x.org b2@x.org \
	    b2@x.org anna@x.org | csv && import_aliases && status 0 &&
	import_aliases && status 0 && like "$err" "2 unchanged"'

t 'a loop and a destination that does not exist are reported by their lines' '
	printf "mail,destination\n%s,%s\n%s,%s\n%s,%s\n%s,%s\n" \
	    ok@x.org anna@x.org c1@x.org c2@x.org c2@x.org c1@x.org \
	    d1@x.org nobody@x.org | csv && import_aliases && status 3 &&
	like "$err" "in.csv:3:1: alias c1@x.org: loop: c1@x.org, c2@x.org" &&
	like "$err" "in.csv:5:1: alias d1@x.org: nobody@x.org does not" &&
	unlike "$err" "in.csv:2:" &&
	is "$(sql "SELECT COUNT(*) FROM aliases WHERE mail =
	    \"ok@x.org\"")" 0'

t 'so is a loop through older rows, or an alias domain' '
	printf "mail,destination\nanna@x.org,b1@x.org\n" | csv &&
	import_aliases && status 3 && like "$err" loop: &&
	printf "mail,destination\nanna@x.org,anna@aka.org\n" | csv &&
	import_aliases && status 3 && like "$err" loop:'

t 'a user keeps a copy by an alias to itself, and only a user' '
	printf "mail,destination\nanna@x.org,anna@x.org\n" | csv &&
	import_aliases && status 0 &&
	printf "mail,destination\nselfish@x.org,selfish@x.org\n" | csv &&
	import_aliases && status 3 && like "$err" "selfish@x.org"'

t 'an alias that exists with other values is an error, unless --update' '
	printf "mail,destination,active\nb1@x.org,b2@x.org,0\n" | csv &&
	import_aliases && status 5 &&
	like "$err" "alias b1@x.org to b2@x.org already exists" &&
	import_aliases --update && status 0 && like "$err" "1 changed"'

# --- domains --------------------------------------------------------------

t 'domains may be aliases of such as come later' '
	printf "domain,alias_of,quota\nq1.org,q2.org,\nq2.org,,3G\n" | csv &&
	run mailadm import domains "$T/in.csv" && status 0 &&
	like "$err" "2 domains added" &&
	run mailadm import domains "$T/in.csv" && status 0 &&
	like "$err" "2 unchanged" &&
	sed -i s/3G/4G/ "$T/in.csv" &&
	run mailadm import domains "$T/in.csv" && status 5 &&
	like "$err" "in.csv:3:1: domain q2.org already exists" &&
	run mailadm import domains "$T/in.csv" --update && status 0'

# --- there and back -------------------------------------------------------

exports() {
	for kind in domains users aliases; do
		mailadm export "$kind" --format csv --with-hashes \
		    >"$T/$1.$kind" || return 1
	done
}

t 'what export writes as CSV, import reads back to the byte' '
	sql "UPDATE users SET name = \"'"'"'=1+1\" WHERE email =
	    \"anna@x.org\"" &&
	mailadm --quiet alias add @x.org out@y.net &&
	exports one && fresh &&
	for kind in domains users aliases; do
		run mailadm import "$kind" "$T/one.$kind" && status 0 ||
		    return 1
	done &&
	exports two && for kind in domains users aliases; do
		cmp "$T/one.$kind" "$T/two.$kind" || return 1
	done'

# --- faults ---------------------------------------------------------------

# More than one chunk, of which the second is not full.
{
	echo email,hash
	seq -f 'f%g@x.org,!' 2600
} >"$T/many.csv"

number() {
	sql "SELECT COUNT(*) FROM users WHERE email LIKE 'f%'"
}

# fault_anywhere WHAT: at each third of its words, until it gets to its end.
fault_anywhere() {
	said=3 nothing=0
	while :; do
		cut_start "#$said" "$@" || return 1
		run cut_mailadm import users "$T/many.csv"
		cut_end
		eventually alone || return 1
		case $(number) in
		0) nothing=$((nothing + 1)) ;;
		2600) break ;;
		*) t_notes="at $said: $(number)"; return 1 ;;
		esac
		[ "$said" -lt 100 ] || return 1
		said=$((said + 3))
	done
	[ "$nothing" -gt 5 ]
}

t 'killed anywhere: all or nothing, and a rerun finishes' '
	fault_anywhere kill-client &&
	run mailadm import users "$T/many.csv" && status 0 &&
	like "$err" "2600 unchanged" &&
	is "$(sql "SELECT COUNT(*) FROM history WHERE name LIKE \"f%\"")" 2600'

t 'cut off anywhere: the same' '
	sql "DELETE FROM users WHERE email LIKE \"f%\";
	    DELETE FROM homes WHERE email LIKE \"f%\"" &&
	fault_anywhere command 0 &&
	run mailadm import users "$T/many.csv" && status 0 &&
	like "$err" "2600 unchanged"'

t 'two imports of the same users at once leave them there once' '
	sql "DELETE FROM users WHERE email LIKE \"f%\";
	    DELETE FROM homes WHERE email LIKE \"f%\"" &&
	{ mailadm import users "$T/many.csv" 2>"$T/first" & first=$!; } &&
	run mailadm import users "$T/many.csv"
	wait "$first" && status 0 && is "$(number)" 2600 &&
	is "$(cat "$T/first" "$T/err" | grep -c "2600 users added")" 1'

users_remove() {
	sql "DELETE FROM users WHERE email LIKE 'f%';
	    DELETE FROM homes WHERE email LIKE 'f%'"
}

# The second chunk comes to the domain that is held: all that the first has
# written must be gone, each time.
t 'a domain that stays locked: five tries more, status 8, nothing changed' '
	users_remove && mailadm --quiet domain add held.org &&
	sed "\$s/x.org/held.org/" "$T/many.csv" >"$T/held.csv" &&
	changes=$(sql "SELECT COUNT(*) FROM changes") &&
	rows=$(sql "SELECT COUNT(*) FROM history") &&
	other_open && tried=$(rollbacks) &&
	other "START TRANSACTION; SELECT * FROM domains
	    WHERE domain = \"held.org\" FOR UPDATE" &&
	run mailadm --config "$T/unlocked.conf" import users "$T/held.csv" &&
	status 8 && like "$err" "another transaction" &&
	is "$(($(rollbacks) - tried))" 6 && is "$(number)" 0 &&
	is "$(sql "SELECT COUNT(*) FROM changes")" "$changes" &&
	is "$(sql "SELECT COUNT(*) FROM history")" "$rows"'

t 'a manifest about it waits, and fails likewise' '
	tried=$(rollbacks) &&
	echo "domains: {held.org: {quota: 1G}}" >"$T/held.yaml" &&
	run mailadm --config "$T/unlocked.conf" apply --yes "$T/held.yaml" &&
	status 8 && like "$err" "another transaction" &&
	[ $(($(rollbacks) - tried)) -ge 6 ]'

t 'one that is let go in time: it begins anew and finishes' '
	tried=$(rollbacks) &&
	{ mailadm --config "$T/tries.conf" import users "$T/held.csv" \
	    2>"$T/later" & later=$!; } &&
	eventually eval "[ \$(rollbacks) -gt $tried ]" &&
	other "ROLLBACK" && other_close && wait "$later" &&
	like "$(cat "$T/later")" "2600 users added" && is "$(number)" 2600'

# Cells of a row that has slipped, in a file of passwords.
t 'no message quotes a cell that may be a password' '
	long=$(printf "%0200d" 0 | sed "s/0/hush/g") && bad= &&
	while IFS="|" read -r header row; do
		printf "%s\n" "$header" "$row" | csv
		run mailadm import users "$T/in.csv"
		status 3 && unlike "$out$err" hush &&
		like "$err" "in.csv:2:" || bad="$bad $row"
	done <<-END
		email,password|hush,p1@x.org
		email,password|hush@x,p1
		email,password| hush ,p1
		email,password|$long,p1
		email,password|p1@x.org,hush,more
		email,password|"hush
		password,email|p1@x.org,hush
		email,active,password|p1@x.org,hush,p1
		email,active,password|p1@x.org,$long,p1
		email,quota,password|p1@x.org,hush,p1
		email,may_send,password|p1@x.org,hush,p1
		email,home,password|p1@x.org,/hush/..,p1
		email,hash,password|p1@x.org,hush,p1
	END
	empty "$bad"'

finish
