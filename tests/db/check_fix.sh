# mailadm check --fix: what is fixed, what is left, and taking it back.
. tests/lib.sh
server_start && fresh

HASH='$5$rounds=50000$abcdefghijklmnop$'$(printf '%043d' 0 | tr 0 A)
{ patient; echo 'postmaster = root@example.com'; } >"$T/conf"
OTHER=$(printf %s "$HASH" | sed s/abcdefgh/ponmlkji/)
printf '%s\n' "$OTHER" >"$T/hash"
chmod 600 "$T/hash"
cat >"$T/passwd" <<END
"$MAILADM" --defaults-file="$T/client.cnf" user passwd bo@x.org \\
    --hash-file "$T/hash"
END

# The postmaster of the settings is root@example.com.
fix() {
	mailadm --config "$T/conf" check --fix --yes "$@"
}

# Rows that the database's own rules would refuse.
plant() {
	sql "SET check_constraint_checks = 0, foreign_key_checks = 0; $1"
}

# All that is in the tables but the time of the last change.
rows() {
	sql 'SELECT domain, active, alias_of, created FROM domains
	    ORDER BY domain;
	    SELECT email, crypt, active, name, home, created FROM users
	    ORDER BY email;
	    SELECT mail, destination, active, created FROM aliases
	    ORDER BY mail, destination'
}

history_rows() {
	sql 'SELECT COUNT(*) FROM history'
}

aliases() {
	sql "SELECT mail, destination, active FROM aliases
	    WHERE mail = '$1' ORDER BY destination" | tr '\t\n' ' ;'
}

# A domain that nothing is wrong with.
clean() {
	fresh
	mailadm --quiet domain add x.org &&
	mailadm --quiet user add anna@x.org --hash "$HASH" &&
	mailadm --quiet alias add postmaster@x.org anna@x.org &&
	mailadm --quiet alias add abuse@x.org anna@x.org
}

# What was fixed is taken back by what the last line said.
undone() {
	undo=$(printf '%s\n' "$err" |
	    sed -n 's/.*undo with: mailadm //p')
	# shellcheck disable=SC2086 # "undo 7 --force"
	[ -n "$undo" ] && run mailadm --yes $undo && status 0 &&
	is "$(rows)" "$before"
}

t 'where nothing is wrong, nothing is asked and nothing done' '
	clean && before=$(history_rows) &&
	run mailadm check --fix && status 0 && empty "$out$err" &&
	is "$(history_rows)" "$before"'

t 'a missing postmaster@ leads to the one of the settings' '
	mailadm --quiet domain add y.org && before=$(rows) &&
	run fix && status 0 &&
	like "$err" "domain y.org: alias postmaster@y.org -> root@example" &&
	matches "$err" "^1 fixed, 0 left; undo with: mailadm undo [0-9]+$" &&
	matches "$out" "^D004	.*	fixed$" && lines "$out" 1 &&
	is "$(aliases postmaster@y.org)" \
	    "postmaster@y.org root@example.com 1;"'

t 'it is in the history, and its undo gives back the rows before' '
	run mailadm history postmaster@y.org --limit 1 &&
	matches "$out" "alias	postmaster@y.org	added" &&
	run fix && status 0 && empty "$out$err" &&
	run mailadm undo "$(sql "SELECT MAX(id) FROM changes")" &&
	status 0 && is "$(rows)" "$before"'

t 'without that setting it is left, and the reason said' '
	run mailadm check --fix --yes && status 1 &&
	like "$err" "the setting postmaster is not set" &&
	like "$err" "nothing can be fixed safely" &&
	is "$(rows)" "$before"'

t 'a postmaster@ that was disabled is not enabled' '
	clean && mailadm --quiet alias disable postmaster@x.org &&
	before=$(rows) &&
	run fix && status 1 && like "$err" "does not receive" &&
	is "$(rows)" "$before"'

t 'a postmaster of the settings who gets nothing gets no alias' '
	clean && mailadm --quiet domain add y.org &&
	echo "postmaster = bo@x.org" >"$T/conf2" && before=$(rows) &&
	run mailadm --config "$T/conf2" check --fix --yes && status 1 &&
	like "$err" "bo@x.org, the postmaster of the settings, does not" &&
	is "$(rows)" "$before"'

t 'of an alias domain the target gets the postmaster' '
	fresh && mailadm --quiet domain add x.org &&
	mailadm --quiet domain add y.org --alias-of x.org &&
	run fix && status 0 &&
	matches "$err" "2 fixed, 0 left" &&
	is "$(aliases postmaster@y.org)" ""'

t 'a placeholder becomes a password with which nobody can log in' '
	clean &&
	sql "INSERT INTO users (email, crypt) VALUES
	    (\"bo@x.org\", \"*0\"), (\"carl@x.org\", \"x\"),
	    (\"dora@x.org\", \"{CRYPT}*1\")" &&
	before=$(rows) &&
	run fix && status 0 && lines "$out" 3 &&
	is "$(sql "SELECT crypt FROM users WHERE email <> \"anna@x.org\"
	    GROUP BY crypt")" "!" &&
	undone'

t 'so does an empty one; its undo needs --force, and says so' '
	clean &&
	plant "INSERT INTO users (email, crypt) VALUES (\"bo@x.org\", \"\")" &&
	before=$(rows) &&
	run fix && status 0 && like "$err" " --force" &&
	is "$(sql "SELECT crypt FROM users WHERE email = \"bo@x.org\"")" "!" &&
	change=$(sql "SELECT MAX(id) FROM changes") && after=$(rows) &&
	fixed=$err &&
	run mailadm undo "$change" && status 6 &&
	like "$err" "--force" && is "$(rows)" "$after" &&
	err=$fixed && undone'

t 'a locked hash is left, for it may be unlocked' '
	clean &&
	sql "INSERT INTO users (email, crypt) VALUES
	    (\"bo@x.org\", \"!$HASH\")" &&
	before=$(rows) &&
	run fix --rule U006 && status 1 && like "$err" "locked" &&
	unlike "$out$err" "\$5\$" && is "$(rows)" "$before"'

t 'a user in capitals is written in lower case, and keeps its home' '
	clean &&
	plant "INSERT INTO users (email, crypt, home) VALUES
	    (\"Bo@x.org\", \"$HASH\", \"x.org/old\")" &&
	before=$(rows) &&
	run fix --rule U003 && status 0 &&
	like "$err" "user Bo@x.org: renamed to bo@x.org" &&
	unlike "$out$err" "\$5\$" &&
	is "$(sql "SELECT email, home FROM users WHERE home = \"x.org/old\"")" \
	    "bo@x.org	x.org/old" &&
	undone'

t 'two faults of one user are fixed together' '
	clean &&
	plant "INSERT INTO users (email, crypt) VALUES (\"Bo@x.org\", \"\")" &&
	before=$(rows) &&
	run fix && status 0 && lines "$out" 2 && undone'

t 'a user in capitals is left where that mail already arrives' '
	clean &&
	plant "INSERT INTO users (email, crypt) VALUES (\"Bo@x.org\", \"!\")" &&
	mailadm --quiet alias add @x.org anna@x.org && before=$(rows) &&
	run fix --rule U003 && status 1 &&
	like "$err" "mail for bo@x.org already arrives elsewhere" &&
	is "$(rows)" "$before"'

t 'a domain in capitals, and a domain that is missing, are left' '
	clean &&
	plant "INSERT INTO domains (domain) VALUES (\"Y.org\");
	    INSERT INTO users (email, crypt) VALUES (\"bo@z.org\", \"!\")" &&
	before=$(rows) &&
	run fix --rule D002 --rule U001 && status 1 && lines "$out" 2 &&
	is "$(rows)" "$before"'

t 'destinations are written in lower case' '
	clean &&
	plant "INSERT INTO aliases (mail, destination, created) VALUES
	    (\"info@x.org\", \"Anna@X.org \", \"2020-01-02\")" &&
	before=$(rows) &&
	run fix --rule A005 && status 0 &&
	is "$(aliases info@x.org)" "info@x.org anna@x.org 1;" &&
	undone'

t 'an alias in capitals is written in lower case, all its rows' '
	clean &&
	plant "INSERT INTO aliases (mail, destination, active) VALUES
	    (\"Info@x.org\", \"anna@x.org\", 1),
	    (\"Info@x.org\", \"c@example.com\", 0)" &&
	before=$(rows) &&
	run fix --rule A003 && status 0 &&
	is "$(aliases info@x.org)" \
	    "info@x.org anna@x.org 1;info@x.org c@example.com 0;" &&
	undone'

t 'but not where it would close a loop, and the others are fixed' '
	clean &&
	mailadm --quiet alias add a@x.org info@x.org --force &&
	plant "INSERT INTO aliases (mail, destination) VALUES
	    (\"Info@x.org\", \"a@x.org\"), (\"Sales@x.org\", \"anna@x.org\")" &&
	run fix --rule A003 && status 1 &&
	like "$err" "loop" && matches "$err" "1 fixed, 1 left" &&
	is "$(aliases info@x.org)" "" &&
	is "$(aliases sales@x.org)" "sales@x.org anna@x.org 1;"'

t 'a catch-all in capitals is left' '
	clean &&
	plant "INSERT INTO aliases (mail, destination) VALUES
	    (\"@X.org\", \"anna@x.org\")" && before=$(rows) &&
	run fix --rule A003 && status 1 &&
	like "$err" "every unknown address" && is "$(rows)" "$before"'

t 'an alias in a loop is left, for no undo would bring that back' '
	clean &&
	plant "INSERT INTO aliases (mail, destination) VALUES
	    (\"info@x.org\", \"info@x.org\"),
	    (\"info@x.org\", \"Anna@x.org\")" &&
	before=$(rows) &&
	run fix --rule A005 && status 1 &&
	like "$err" "alias info@x.org: unchanged: loop" &&
	is "$(rows)" "$before"'

t 'a destination in an alias domain is written in the target' '
	clean &&
	mailadm --quiet domain add y.org --alias-of x.org &&
	mailadm --quiet alias add info@x.org anna@y.org &&
	before=$(rows) &&
	run fix --rule A018 && status 0 &&
	is "$(aliases info@x.org)" "info@x.org anna@x.org 1;" &&
	undone'

t 'a list becomes a row for each, and duplicates one, enabled if one was' '
	clean &&
	plant "INSERT INTO aliases (mail, destination, active) VALUES
	    (\"info@x.org\", \"anna@x.org, C@Example.com,\", 1),
	    (\"info@x.org\", \"c@example.com\", 0),
	    (\"team@x.org\", \"Anna@x.org\", 0),
	    (\"team@x.org\", \"anna@x.org\", 0)" &&
	before=$(rows) &&
	run fix --rule A006 --rule A015 &&
	status 0 &&
	is "$(aliases info@x.org)" \
	    "info@x.org anna@x.org 1;info@x.org c@example.com 1;" &&
	is "$(aliases team@x.org)" "team@x.org anna@x.org 0;" &&
	undone'

t 'each new row of a list has the note and the time of the list' '
	clean &&
	plant "INSERT INTO aliases (mail, destination, active, note, expires)
	    VALUES (\"info@x.org\", \"anna@x.org, c@example.com\", 1, \"flyer\",
	    \"2037-01-01\")" && before=$(rows) && run fix --rule A006 &&
	status 0 && is "$(aliases info@x.org)" \
	    "info@x.org anna@x.org 1;info@x.org c@example.com 1;" &&
	is "$(sql "SELECT COUNT(*) FROM aliases WHERE note = \"flyer\" AND
	    expires = \"2037-01-01\"")" 2 && undone'

t 'a list with something else in it is left' '
	clean &&
	plant "INSERT INTO aliases (mail, destination) VALUES
	    (\"info@x.org\", \"anna@x.org, |/bin/x\")" &&
	before=$(rows) &&
	run fix --rule A006 && status 1 &&
	like "$err" "holds more than addresses and commas" &&
	is "$(rows)" "$before"'

t 'all that is wrong with an alias in capitals is fixed at once' '
	clean &&
	mailadm --quiet domain add y.org --alias-of x.org &&
	plant "INSERT INTO aliases (mail, destination) VALUES
	    (\"Info@x.org\", \"anna@y.org,c@example.com\"),
	    (\"Info@x.org\", \"C@example.com\")" &&
	before=$(rows) &&
	run fix --rule A003 --rule A005 --rule A006 --rule A015 \
	    --rule A018 && status 0 &&
	is "$(aliases info@x.org)" \
	    "info@x.org anna@x.org 1;info@x.org c@example.com 1;" &&
	is "$(aliases Info@x.org)" "" &&
	undone'

t 'only what a rule and a domain are asked for is fixed' '
	clean && mailadm --quiet domain add y.org &&
	sql "INSERT INTO users (email, crypt) VALUES (\"bo@x.org\", \"*0\"),
	    (\"bo@y.org\", \"*0\")" &&
	run fix --domain x.org && status 0 && lines "$out" 1 &&
	like "$out" "bo@x.org" && run fix --rule D004 && status 0 &&
	lines "$out" 1 && like "$out" "D004" &&
	is "$(sql "SELECT crypt FROM users WHERE email = \"bo@y.org\"")" "*0"'

# --- asking ----------------------------------------------------------------

planted() {
	clean && mailadm --quiet domain add y.org &&
	sql "INSERT INTO users (email, crypt) VALUES (\"bo@x.org\", \"*0\")" &&
	before=$(rows)
}

t '--dry-run shows the plan and changes nothing' '
	planted && changes=$(history_rows) &&
	run mailadm --config "$T/conf" check --fix --dry-run && status 1 &&
	like "$err" "user bo@x.org: the password becomes !" &&
	like "$err" "dry run: nothing was changed" &&
	matches "$out" "^U006	.*	fixable$" &&
	is "$(rows)" "$before" && is "$(history_rows)" "$changes"'

t '--quiet leaves the plan out where nobody is asked' '
	run mailadm --config "$T/conf" check --fix --dry-run --quiet &&
	status 1 && unlike "$err" "bo@x.org" && lines "$out" 2'

t 'it goes with nothing that is for machines' '
	run mailadm check --fix --new && status 2 &&
	run mailadm check --fix --prometheus "$T/x.prom" && status 2 &&
	run mailadm check --fix --nagios && status 3 &&
	like "$out" "UNKNOWN - --fix cannot be combined"'

t 'off a terminal it needs --yes, and the plan is shown' '
	run mailadm --config "$T/conf" check --fix && status 6 &&
	like "$err" "user bo@x.org: the password becomes !" &&
	like "$err" "without --yes" && is "$(rows)" "$before"'

t 'on a terminal it asks, and a no changes nothing' '
	run on_terminal --quiet --config "$T/conf" check --fix <<-END &&
		expect "user bo@x.org: the password becomes !"
		expect "Fix 2 rows and aliases"
		send "n\r"
		status 6
	END
	status 0 && is "$(rows)" "$before"'

t 'a yes fixes' '
	run on_terminal --config "$T/conf" check --fix <<-END &&
		expect "Fix"
		send "y\r"
		expect "2 fixed, 0 left"
		status 0
	END
	status 0 &&
	run mailadm check && status 0'

t 'it stands in no batch and in no transaction' '
	planted && echo "check --fix --yes" >"$T/batch" &&
	run mailadm --config "$T/conf" -f "$T/batch" && status 2 &&
	like "$err" "not possible inside a transaction" &&
	is "$(rows)" "$before"'

t 'with -k each command is its own transaction, and it may' '
	run mailadm --config "$T/conf" -k -f "$T/batch" && status 0 &&
	run mailadm check && status 0'

# --- not ours, not allowed, not alone ---------------------------------------

t 'on tables that are not ours it is refused, and schema upgrade named' '
	sql "CREATE DATABASE theirs; USE theirs;
	    CREATE TABLE domains (domain VARCHAR(50));
	    CREATE TABLE users (email VARCHAR(80), crypt VARCHAR(80));
	    CREATE TABLE aliases (mail VARCHAR(80), destination TEXT);
	    INSERT INTO users VALUES (\"bo@x.org\", NULL)" &&
	run mailadm --database theirs check --fix --yes && status 6 &&
	like "$err" "schema upgrade --fix" &&
	is "$(sql "SELECT COUNT(*) FROM theirs.users WHERE crypt IS NULL")" 1'

t 'an account that may not write is denied' '
	planted && sql "CREATE USER reader; GRANT SELECT ON mail.* TO reader" &&
	run mailadm --user reader --config "$T/conf" check --fix --yes &&
	status 9 && is "$(rows)" "$before" &&
	sql "DROP USER reader"'

t 'where the history does not record, nothing is fixed' '
	planted && sql "DROP TRIGGER users_update" &&
	run fix --rule U006 && status 6 && like "$err" "history" &&
	is "$(rows)" "$before"'

t 'two at once do no damage' '
	planted &&
	(fix >/dev/null 2>&1 & fix >/dev/null 2>&1; wait) &&
	run mailadm check && status 0 &&
	is "$(sql "SELECT COUNT(*) FROM history AS h JOIN changes AS c
	    ON c.id = h.change WHERE h.name = \"bo@x.org\" AND
	    c.program LIKE \"mailadm%\"")" 1'

t 'what was set in the meantime is left' '
	planted &&
	run on_terminal --config "$T/conf" check --fix <<-END &&
		expect "Fix"
		await "sh \"$T/passwd\""
		send "y\r"
		expect "user bo@x.org was changed in the meantime"
		expect "1 fixed, 0 left"
		status 0
	END
	status 0 &&
	is "$(sql "SELECT crypt FROM users WHERE email = \"bo@x.org\"")" \
	    "$OTHER"'

# Another session that holds the row of bo@x.org, until exec 7>&-.
hold_bo() {
	rm -f "$T/hold" && mkfifo "$T/hold" || return 1
	mariadb --no-defaults --skip-ssl -n -N --socket="$server_socket" \
	    --user=root mail <"$T/hold" >"$T/held" 2>&1 &
	holder=$!
	exec 7>"$T/hold" &&
	echo "BEGIN; SELECT 1 FROM users WHERE email = 'bo@x.org'
	    FOR UPDATE;" >&7 &&
	eventually test -s "$T/held"
}

waits_for_bo() {
	[ -n "$(sql "SELECT 1 FROM information_schema.processlist
	    WHERE command <> 'Sleep' AND id <> CONNECTION_ID() AND
	    info LIKE '%FROM users WHERE email%FOR UPDATE'")" ]
}

t 'killed in the middle, it has changed nothing' '
	planted && hold_bo &&
	{ "$MAILADM" --defaults-file="$T/client.cnf" --config "$T/conf" \
	    check --fix --yes >"$T/killed" 2>&1 7>&- & } && victim=$! &&
	eventually waits_for_bo && kill -9 "$victim" &&
	{ wait "$victim" 2>/dev/null; exec 7>&-; wait "$holder"; } &&
	is "$(rows)" "$before" &&
	run fix && status 0 && matches "$err" "^2 fixed, 0 left"'

t 'the rules that --fix changes say how' '
	run mailadm check rules --columns rule,fix &&
	is "$(printf "%s\n" "$out" | grep -v "[\\]N" | cut -f 1 |
	    tr "\n" " ")" \
	    "D004 U003 U005 U006 A003 A005 A006 A015 A018 "'

finish
