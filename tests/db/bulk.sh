# Many users in one transaction: nobody sees that triggers were left out.
. tests/lib.sh
server_start

HASH='$5$rounds=5000$abcdefghijklmnop$'$(printf '%043d' 0 | tr 0 A)

# users FROM TO [MORE]: commands, with what a row may hold.
users() {
	seq "$1" "$2" | awk -v hash="$HASH" -v more="${3:-}" '{
		print "user add b" $1 "@example.com --hash \047" hash \
		    "\047 --quota " $1 "M --name \047\"N\" \\ ü " $1 "\047"
		if (more != "") print more
	}'
}

# What users, homes and history say, but for times and numbers.
written() {
	sql 'SELECT email, crypt, active, name, quota, home FROM users
		ORDER BY email; SELECT home, email FROM homes ORDER BY home;
	    SELECT h.kind, h.name, REGEXP_REPLACE(CONCAT(
		COALESCE(h.old_row, "-"), COALESCE(h.new_row, "-")),
		"[0-9]{4}-[0-9: -]*", "T"), h.actor = c.actor
		FROM history AS h JOIN changes AS c ON c.id = h.`change`
		ORDER BY h.id'
}

history_rows() {
	sql 'SELECT COUNT(*), COUNT(DISTINCT `change`) FROM history'
}

# both FILE: the same rows, in bulk and one at a time.
both() {
	fresh
	mailadm -q domain add example.com &&
	run mailadm -q -f "$1" && status 0 && written >"$T/bulk" || return 1
	bulk_changes=$(history_rows)
	fresh
	mailadm -q domain add example.com &&
	run mailadm -q -k -f "$1" && status 0 && written >"$T/single" &&
	run diff "$T/bulk" "$T/single" && status 0
}

t 'the rows are those that the triggers write, in their order' '
	users 1 1300 >"$T/batch" && both "$T/batch" &&
	is "$bulk_changes" "1301	2"'

t 'with other commands between them, too' '
	users 1 40 "domain set example.com --description x" >"$T/batch" &&
	users 41 80 >>"$T/batch" &&
	echo "user disable b80@example.com" >>"$T/batch" &&
	users 81 120 >>"$T/batch" &&
	echo "alias add x@example.com b120@example.com" >>"$T/batch" &&
	users 121 125 >>"$T/batch" &&
	echo "user remove b125@example.com" >>"$T/batch" &&
	both "$T/batch"'

t 'a name that existed before still gets a fresh home' '
	fresh && mailadm -q domain add example.com &&
	mailadm -q user add b15@example.com --no-password &&
	mailadm -q user remove b15@example.com &&
	users 1 30 >"$T/batch" && run mailadm -q -f "$T/batch" && status 0 &&
	like "$err" "b15@example.com existed before" &&
	is "$(sql "SELECT home FROM users WHERE email LIKE \"b15@%\"")" \
	    "example.com/b15~2" && is "$(history_rows)" "33	4"'

t 'an error in the middle leaves nothing, and triggers write again' '
	fresh && mailadm -q domain add example.com &&
	users 1 30 >"$T/batch" && users 20 20 >>"$T/batch" &&
	run mailadm -q -f "$T/batch" && status 5 && like "$err" "batch:31" &&
	is "$(sql "SELECT COUNT(*) FROM users")" 0 &&
	is "$(history_rows)" "1	1" &&
	run on_terminal <<-END &&
		expect "mailadm> "
		send "begin\r"
		expect "mailadm.*> "
		send "source $T/batch\r"
		expect "already exists"
		send "rollback\r"
		expect "rolled back"
		send "user add z@example.com --no-password\r"
		expect "added"
		send "quit\r"
		status 0
	END
	is "$(history_rows)" "2	2"'

t 'a limit counts them' '
	fresh && mailadm -q domain add example.com --max-users 25 &&
	users 1 26 >"$T/batch" && run mailadm -q -f "$T/batch" && status 6 &&
	like "$err" "batch:26" && users 1 25 >"$T/batch" &&
	run mailadm -q -f "$T/batch" && status 0'

t 'what is undone and done again in the same batch' '
	fresh && mailadm -q domain add example.com && users 1 20 >"$T/batch" &&
	mailadm -q -f "$T/batch" &&
	id=$(mailadm history --limit 1 --columns change) &&
	{ echo "undo $id"; users 21 40; echo "undo 1 --force"; } \
	    >"$T/batch" && run mailadm -q -f "$T/batch" && status 6 &&
	like "$err" "domain example.com has 20 users since"'

finish
