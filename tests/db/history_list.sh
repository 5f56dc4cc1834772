# The history: who changed what, in every format, and never a hash.
. tests/lib.sh
server_start

HASH='$5$rounds=5000$abcdefghijklmnop$'$(printf '%043d' 0 | tr 0 A)
OTHER='$5$rounds=5000$ponmlkjihgfedcba$'$(printf '%043d' 0 | tr 0 B)

ok() {
	run mailadm "$@" && status 0
}

# name action summary, one row a line
rows() {
	mailadm history --columns name,action,summary "$@" | tr '\t' '|'
}

last() {
	rows --limit 1 "$@"
}

changes() {
	mailadm history --columns change "$@" | sort -n | uniq | wc -l
}

fresh
t 'an empty history is empty, in every format' '
	ok history && empty "$out" && ok history -o json && is "$out" "[]" &&
	ok history -o jsonl && empty "$out"'

sorted() {
	sql "SHOW GLOBAL STATUS LIKE \"Sort_rows\""
}

t 'a page reads its rows in order, where one change has many, too' '
	sql "INSERT INTO changes (id, actor) SELECT seq, \"crowd\"
	    FROM seq_1_to_5;
	    INSERT INTO history (\`change\`, actor, kind, name, new_row)
	    SELECT 1 + seq DIV 2000, \"crowd\", \"user\",
	    CONCAT(\"b\", seq, \"@x.org\"),
	    JSON_OBJECT(\"email\", CONCAT(\"b\", seq, \"@x.org\"))
	    FROM seq_1_to_9000" &&
	before=$(sorted) && ok history --columns name &&
	is "$(sed -n "1p;\$p" "$T/out" | tr "\n" " ")" \
	    "b9000@x.org b1@x.org " &&
	lines "$out" 9000 && is "$(sorted)" "$before" &&
	sql "DELETE FROM history; DELETE FROM changes"'

t 'what was added says what is not as usual' '
	ok domain add example.com --description "Zoë \"x\" \\ y" --quota 2G \
	    --max-users 9 &&
	is "$(last)" "example.com|added|description \"Zoë \"x\" \\\\ y\", \
quota 2G, max users 9" &&
	ok user add anna@example.com --hash "$HASH" --name Anna --quota 1G &&
	is "$(last)" "anna@example.com|added|name \"Anna\", quota 1G" &&
	ok user add bo@example.com --hash "$HASH" &&
	is "$(last)" "bo@example.com|added|\\N" &&
	ok alias add info@example.com anna@example.com &&
	is "$(last)" "info@example.com|added|-> anna@example.com"'

t 'what changed is said as before and after' '
	ok user set anna@example.com --quota 2G &&
	is "$(last)" "anna@example.com|changed|quota 1G -> 2G" &&
	ok user set anna@example.com --quota default --name "" &&
	is "$(last)" "anna@example.com|changed|name \"Anna\" -> none, \
quota 2G -> default" &&
	ok user disable anna@example.com &&
	is "$(last)" "anna@example.com|changed|active yes -> no" &&
	ok user passwd anna@example.com --hash "$OTHER" &&
	is "$(last)" "anna@example.com|changed|password changed" &&
	ok domain set example.com --quota none --max-users none &&
	is "$(last)" "example.com|changed|quota 2G -> none, \
max users 9 -> none" &&
	ok alias disable info@example.com &&
	is "$(last)" "info@example.com|changed|-> anna@example.com, \
active yes -> no" &&
	ok domain add old.example --alias-of example.com &&
	is "$(last)" "old.example|added|alias of example.com"'

t 'a rename is found under both names' '
	ok user rename bo@example.com cy@example.com &&
	is "$(last)" "cy@example.com|renamed|from bo@example.com" &&
	is "$(last bo@example.com)" "$(last cy@example.com)" &&
	is "$(rows bo@example.com | wc -l)" 2 &&
	ok domain rename old.example new.example &&
	is "$(rows old.example)" "old.example|removed|alias of example.com
old.example|added|alias of example.com"'

t 'what was removed says what went' '
	ok user remove cy@example.com &&
	is "$(last)" "cy@example.com|removed|\\N" &&
	ok user remove anna@example.com --cascade -y &&
	is "$(rows --limit 2)" "info@example.com|removed|-> anna@example.com, \
active no
anna@example.com|removed|active no"'

t 'what changes nothing leaves nothing, and a dry run neither' '
	before=$(changes) &&
	ok domain set example.com --quota none &&
	ok -n domain disable example.com &&
	run mailadm user add x@nowhere.example --no-password && status 4 &&
	is "$(changes)" "$before"'

# --- narrowing ---------------------------------------------------------

t 'by name, pattern, kind and change' '
	ok user add x_y@example.com --no-password &&
	ok user add xay@example.com --no-password &&
	is "$(rows x_y@example.com | wc -l)" 1 &&
	is "$(rows "x?y@*" | wc -l)" 2 &&
	is "$(rows "X*" --kind user | wc -l)" 2 &&
	is "$(rows --kind alias "x*" | wc -l)" 0 &&
	id=$(mailadm history x_y@example.com --columns change) &&
	is "$(rows --change "$id")" "x_y@example.com|added|\\N" &&
	is "$(rows "$id")" "x_y@example.com|added|\\N" &&
	run mailadm history "$id" --change 1 && status 2 &&
	run mailadm history --change 999999 && status 4 && empty "$out" &&
	run mailadm history --kind shoe && status 2 &&
	run mailadm history --change 0 && status 3'

t 'by actor: the login, or the whole' '
	me=$(id -un) &&
	is "$(changes --actor "$me")" "$(changes)" &&
	is "$(changes --actor "$me@*")" "$(changes)" &&
	is "$(changes --actor nobody)" 0 &&
	SUDO_USER=zoe mailadm -q domain add sudo.example &&
	is "$(rows --actor zoe)" "sudo.example|added|\\N" &&
	like "$(mailadm history --actor zoe --columns actor)" "zoe($me)@" &&
	is "$(rows --actor zo)" ""'

t 'by time: a date, a time of day, with an offset, how long ago' '
	sql "UPDATE changes SET at = \"2020-02-29 12:00:00\"
	    ORDER BY id LIMIT 2" &&
	for since in 2020-02-29 "2020-02-29 12:00" 2020-02-29T12:00:00Z \
	    2020-02-29T13:00:00.5+01:00 "2020-02-29 11:59:59"; do
		is "$(changes --since "$since")" "$(changes)" || return 1
	done
	is "$(changes --until "2020-02-29 12:00:00")" 2 &&
	is "$(changes --until 2020-02-29T11:59:59z)" 0 &&
	is "$(changes --until 2020-02-29T12:00:00-00:01)" 2 &&
	is "$(changes --since 1h)" $(($(changes) - 2)) &&
	is "$(changes --since 1h --until 30m)" 0 &&
	is "$(changes --since 2100-01-01)" 0 &&
	for bad in 2021-02-29 2020-13-01 2020-1-1 "2020-01-01 24:00" 1y 7 d \
	    yesterday "2020-01-01 1:00" 2020-01-01T00:00:00+1 -- ""; do
		run mailadm history --since "$bad"
		status 3 && like "$err" "expected a time" || return 1
	done'

# --- hands other than mailadm's --------------------------------------------

t 'SQL by hand is a change for each statement, without a program' '
	sql "INSERT INTO users (email, crypt) VALUES
	    (\"h1@example.com\", \"!\"), (\"h2@example.com\", \"!\");
	    DELETE FROM users WHERE email LIKE \"h_@%\"" &&
	is "$(rows "h?@*" --columns name,action | wc -l)" 4 &&
	is "$(changes "h?@*")" 2 &&
	is "$(mailadm history --limit 1 --columns actor,program)" \
	    "root@localhost	\\N"'

t 'pages of a long history are one list, newest first' '
	sql "INSERT INTO changes (id, actor) SELECT 1000000 + seq, \"bulk\"
	    FROM seq_1_to_9000;
	    INSERT INTO history (\`change\`, actor, kind, name, new_row)
	    SELECT 1000000 + seq, \"bulk\", \"user\",
	    CONCAT(\"b\", seq, \"@x.org\"),
	    JSON_OBJECT(\"email\", CONCAT(\"b\", seq, \"@x.org\"))
	    FROM seq_1_to_9000" &&
	mailadm history --actor bulk --columns change >"$T/bulk" &&
	seq 1009000 -1 1000001 | cmp - "$T/bulk" &&
	is "$(mailadm history --actor bulk --limit 4500 | wc -l)" 4500 &&
	is "$(rows b77@x.org)" "b77@x.org|added|\\N"'

t 'a name that comes again shows who had removed it' '
	ok user add anna@example.com --no-password &&
	matches "$err" "anna@example.com existed before, removed \
20..-..-..T..:..:..Z by .*@.* .change [0-9]+.: its mail stays in \
example.com/anna, the new mailbox is example.com/anna~2"'

t 'control characters of a name are shown escaped' '
	sql "UPDATE users SET name = \"a\\n\\t\\Zb\"
	    WHERE email = \"anna@example.com\"" &&
	ok history anna@example.com --limit 1 -o json &&
	like "$out" "\\u001Ab" && unlike "$out" "$(printf "\\t")" &&
	ok history anna@example.com --limit 1 -o table && lines "$out" 2'

# --- secrets -----------------------------------------------------------

t 'no format shows a hash, though the database holds them' '
	is "$(sql "SELECT COUNT(*) > 3 FROM history
	    WHERE CONCAT(COALESCE(old_row, \"\"), COALESCE(new_row, \"\"))
	    LIKE \"%rounds=5000%\"")" 1 &&
	for format in table tsv csv json jsonl; do
		ok history -o $format &&
		unlike "$out$err" "rounds=" && unlike "$out$err" AAAAAAA ||
			return 1
	done
	run mailadm --show-sql history anna@example.com && unlike "$err" AAAA &&
	run mailadm history --columns old_row && status 2'

accounts_sql pw >"$T/grants.sql"
account() {
	sed "s/^user=.*/user=$1\npassword=pw/" "$T/client.cnf" >"$T/$1.cnf"
	chmod 600 "$T/$1.cnf"
	t_account=$1
	shift
	run "$MAILADM" --defaults-file="$T/$t_account.cnf" "$@"
}
cat >"$T/admin" <<END
[mailadm-admin]
user=root
password=
END

t 'the daily account reads and undoes, but prunes nothing' '
	server_sql -e "source $T/grants.sql" &&
	account mailadm history --limit 1 && status 0 && lines "$out" 1 &&
	account mailadm domain disable example.com && status 0 &&
	id=$(mailadm history --limit 1 --columns change) &&
	account mailadm undo "$id" && status 0 &&
	account mailadm history prune --older-than 1d -y && status 9 &&
	cat "$T/admin" >>"$T/mailadm.cnf" &&
	account mailadm history prune --older-than 3650d -y && status 0'

t 'the account of the checker sees no row' '
	for column in old_row new_row; do
		server_run_as=$(mariadb --no-defaults --skip-ssl \
		    --socket="$server_socket" --user=mailadm_check \
		    --password=pw mail -e "SELECT $column FROM history" 2>&1)
		like "$server_run_as" 1143 || return 1
	done'

# --- prune ---------------------------------------------------------------

t 'prune asks, or needs --yes, and is recorded' '
	sql "UPDATE changes SET at = \"2019-01-01\" ORDER BY id LIMIT 5" &&
	run mailadm history prune --older-than 2019-06-01 && status 6 &&
	like "$err" "delete 5 changes before 2019-06-01T00:00:00Z" &&
	ok history prune --older-than 2019-06-01 -y &&
	is "$err" "history pruned: 5 changes before 2019-06-01T00:00:00Z" &&
	is "$(mailadm history --limit 1 --columns kind,action,summary)" \
	    "history	pruned	5 changes before 2019-06-01T00:00:00Z" &&
	is "$(sql "SELECT COUNT(*) FROM changes
	    WHERE at < \"2019-06-01\"")" 0 &&
	is "$(sql "SELECT COUNT(*) FROM history
	    WHERE at < \"2019-06-01\" AND kind <> \"history\"")" 0 &&
	id=$(mailadm history --limit 1 --columns change) &&
	run mailadm undo "$id" && status 6 && like "$err" "cannot be undone"'

t 'prune with nothing to do, and a dry run, change nothing' '
	before=$(sql "SELECT COUNT(*), MAX(id) FROM changes") &&
	ok history prune --older-than 2019-06-01 &&
	like "$err" "history unchanged" &&
	ok history prune --older-than 0s -n && like "$err" "dry run" &&
	ok history prune && like "$err" "keeps everything" &&
	is "$(sql "SELECT COUNT(*), MAX(id) FROM changes")" "$before"'

t 'history_keep says what prune deletes without --older-than' '
	echo "history_keep = 30" >"$T/conf" &&
	sql "UPDATE changes SET at = UTC_TIMESTAMP() - INTERVAL 31 DAY
	    ORDER BY id LIMIT 3" &&
	ok --config "$T/conf" history prune -y &&
	like "$err" "history pruned: 3 changes" &&
	ok --config "$T/conf" history prune && like "$err" unchanged'

t 'prune stands in no batch' '
	echo "history prune --older-than 90d" >"$T/batch" &&
	run mailadm -y -f "$T/batch" && status 2 &&
	like "$err" "not possible in a batch"'

finish
