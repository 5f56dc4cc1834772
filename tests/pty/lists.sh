# mailadm on a terminal: everyday lists fit it, at 80 columns and at 120.
. tests/lib.sh
server_in_memory
server_start && fresh
long=a-long-name-of-a-department.example.com
person=a.person.with-a-long-name@$long
mailadm -q <<END || bail_out 'no rows'
domain add example.com --quota 2G --description "The head office"
domain add example.org --max-users 10
domain add example.se --alias-of example.com
domain add $long
user add anna@example.com --no-password --name "Anna Ek"
user set anna@example.com --note "on leave until May, ask Bo"
user add bo@example.com --no-password --quota 500M
user add $person --no-password --name "A Person with a long name"
alias add info@example.com anna@example.com bo@example.com
alias add info@example.com eve@elsewhere.example.net $person
alias add sales@example.com anna@example.com
alias add sales@example.com bo@example.com
alias disable sales@example.com --to bo@example.com
user disable bo@example.com
END
sql "INSERT INTO quota_usage (email, bytes) VALUES
    ('anna@example.com', 1400000000)"
sql "INSERT INTO logins VALUES ('anna@example.com', 1000000000)"
sql "UPDATE changes SET at = '2001-02-03 04:05:06', actor = 'root@mx'"
sql "UPDATE history SET actor = 'root@mx'"

# screen COLUMNS LIST...: what the terminal shows of them, without the rest.
screen() {
	screen_columns=$1
	shift
	{
		echo 'expect "mailadm> "'
		echo "resize 60 $screen_columns"
		for list; do
			printf 'send "%s\\r"\n' "$list"
			# A resize draws the prompt once more.
			echo 'expect "^[A-Z]+ +[A-Z]"'
			echo 'expect "mailadm> $"'
		done
		printf 'send "quit\\r"\n'
		echo 'status 0'
	} >"$T/script"
	run on_terminal <"$T/script" && status 0 &&
	tr -d '\r' <"$T/out" | sed 's/\x1b\[[?0-9;]*[a-zA-Z]//g' |
	    grep -v '^mailadm\|^$' >"$T/screen"
}

for columns in 80 120; do
	t "at $columns columns each list is as in tests/data/lists.$columns" '
		screen "$columns" "domain list" "user list" "alias list" \
		    "history" &&
		diff -u "tests/data/lists.$columns" "$T/screen" >"$T/diff" ||
		    { t_wrong=1 t_notes="$(cat "$T/diff")"; }'
	t "and no line of it is longer than $columns" '
		[ "$(wc -L <"$T/screen")" -le "$columns" ]'
done

t 'wide, and what --columns names, are whole' '
	run on_terminal alias list -o wide <<-"END" &&
		expect "^mail: info@example.com"
		expect "created: "
		status 0
	END
	run on_terminal user list --columns email,note <<-"END"
		expect "on leave until May, ask Bo"
		status 0
	END
	status 0 && unlike "$out" "…"'

t 'programs read what they always read' '
	run mailadm alias list --to bo@example.com && status 0 &&
	matches "$out" "^info@example.com	bo@example.com	1	" &&
	run mailadm alias list -o table && status 0 &&
	matches "$out" "^MAIL  *DESTINATION  *ACTIVE  *CREATED" &&
	run mailadm history -o json && status 0 &&
	like "$out" "\"at\":\"2001-02-03T04:05:06Z\""'

finish
