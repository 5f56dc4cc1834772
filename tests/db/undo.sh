# Undo: every change can be taken back, whole, and the taking back, too.
. tests/lib.sh
server_start

HASH='$5$rounds=5000$abcdefghijklmnop$'$(printf '%043d' 0 | tr 0 A)

ok() {
	run mailadm "$@" && status 0
}

# Every column of every row, but `modified`: an undo is a modification.
state() {
	sql 'SELECT domain, active, description, alias_of, quota, max_users,
		max_aliases, relay_to, accepts, transport, send_through,
		send_limit, bcc_in, bcc_out, created FROM domains
		ORDER BY domain;
	    SELECT email, crypt, active, may_login, may_send, may_receive,
		name, quota, note, send_through, send_limit, bcc_in, bcc_out,
		expires, home, created FROM users ORDER BY email;
	    SELECT mail, destination, active, expires, note, writers,
		may_send, created FROM aliases ORDER BY mail, destination'
}

change() {
	mailadm history --limit 1 --columns change
}

# undone COMMAND...: it works, its undo restores what was, and the undo of
# that what it made.
undone() {
	t_before=$(state)
	ok "$@" || return 1
	t_after=$(state)
	t_change=$(change)
	[ "$t_before" != "$t_after" ] || { t_notes='no change'; return 1; }
	ok undo "$t_change" && is "$(state)" "$t_before" &&
	like "$err" "change $t_change undone by change $(change)" &&
	is "$(mailadm history --limit 1 --columns undoes)" "$t_change" &&
	ok undo "$(change)" && is "$(state)" "$t_after" &&
	ok undo "$(change)" && is "$(state)" "$t_before"
}

# Times that are not now, so that a `created` that is made anew shows.
past() {
	for t_table in domains users aliases; do
		sql "UPDATE $t_table SET created = '2020-01-02 03:04:05',
		    modified = '2020-01-02 03:04:05'" || return 1
	done
}

populate() {
	fresh
	mailadm -q -f - <<-END || bail_out 'no data'
	domain add example.com --description 'Zoë "x" \\\\ y' --quota 2G \
	    --max-users 9
	domain add example.org
	domain add alias.example --alias-of example.com
	user add anna@example.com --hash '$HASH' --name 'A "n" \\\\ ü' \
	    --quota 1G
	user add bo@example.com --no-password --quota none
	user add cy@example.org --hash '$HASH'
	user disable bo@example.com
	alias add info@example.com anna@example.com bo@example.com
	alias add postmaster@example.com anna@example.com
	alias add out@example.org anna@example.com x@elsewhere.example
	alias add @example.org cy@example.org
	alias disable info@example.com --to bo@example.com
	END
	past
}

populate
t 'what every command of a user does' '
	undone user add di@example.com --hash "$HASH" --name Di &&
	undone user set anna@example.com --name "" --quota default &&
	undone user passwd anna@example.com --generate &&
	undone user disable anna@example.com &&
	undone user enable bo@example.com &&
	undone user rename anna@example.com anna.ek@example.org &&
	undone user rename cy@example.org dy@example.com --keep-alias &&
	undone user remove anna@example.com --cascade --force -y &&
	undone user remove cy@example.org --replace-with bo@example.com'

t 'what every command of a domain does' '
	undone domain add new.example --quota 1M &&
	undone domain set example.com --description "" --quota none \
	    --max-users none --max-aliases 70 &&
	undone domain disable example.com &&
	undone domain set alias.example --alias-of example.org &&
	undone domain rename example.com renamed.example &&
	undone domain rename example.org renamed.example --keep-alias &&
	undone domain remove alias.example &&
	undone domain remove example.com --recursive --cascade -y'

t 'what every command of an alias does' '
	undone alias add new@example.com anna@example.com x@elsewhere.example &&
	undone alias set info@example.com cy@example.org &&
	undone alias enable info@example.com --to bo@example.com &&
	undone alias remove info@example.com &&
	undone alias remove out@example.org anna@example.com &&
	undone alias remove @example.org'

t 'a batch is one change' '
	cat >"$T/batch" <<-END
	domain add batch.example
	user add a@batch.example --no-password
	user rename a@batch.example b@batch.example
	user add a@batch.example --no-password
	alias add c@batch.example a@batch.example
	user rename bo@example.com bo@batch.example
	domain rename batch.example batched.example
	user remove cy@example.org --cascade -y
	END
	undone -y -f "$T/batch"'

t 'what hand-written SQL did' '
	before=$(state) &&
	sql "SET NAMES utf8mb4; UPDATE users SET quota = 7,
	    name = \"\\n\\\"\\\\x😀\"" &&
	after=$(state) && id=$(change) && ok undo "$id" &&
	is "$(state)" "$before" && ok undo "$(change)" &&
	is "$(state)" "$after" && ok undo "$(change)"'

t 'SQL that gives several rows each other'\''s names' '
	before=$(state) &&
	sql "UPDATE aliases SET mail = CONCAT(\"x\", mail)
	    WHERE mail NOT LIKE \"@%\"; " && id=$(change) &&
	ok undo "$id" && is "$(state)" "$before"'

t 'more rows than a page' '
	before=$(state) &&
	seq 1 2500 | sed "s/.*/user add b&@example.org --no-password/" \
	    >"$T/batch" && ok -q -f "$T/batch" && after=$(state) &&
	id=$(change) && ok undo "$id" && is "$(state)" "$before" &&
	like "$err" "and 2450 more rows" && ok undo "$(change)" -q &&
	empty "$err" && is "$(state)" "$after" &&
	ok undo "$(change)" -v && is "$(state)" "$before" &&
	is "$(grep -c "^user b.* removed" "$T/err")" 2500'

# --- what it says ----------------------------------------------------------

t 'a dry run says what would be done, and does nothing' '
	ok user set anna@example.com --quota 5G && id=$(change) &&
	before=$(state) && ok -n undo "$id" &&
	like "$err" "user anna@example.com changed: quota 5G -> 1G" &&
	like "$err" "dry run: nothing was changed" &&
	is "$(state)" "$before" && is "$(change)" "$id" &&
	ok undo "$id" &&
	like "$err" "user anna@example.com changed: quota 5G -> 1G" &&
	like "$err" "doveadm kick anna@example.com" && empty "$out"'

t 'modified is the time of the undo' '
	past && ok user disable anna@example.com && ok undo "$(change)" &&
	is "$(sql "SELECT created, modified > NOW() - INTERVAL 1 HOUR
	    FROM users WHERE email = \"anna@example.com\"")" \
	    "2020-01-02 03:04:05	1"'

t 'an unknown change, and one that has no rows any more' '
	run mailadm undo 99999 && status 4 &&
	like "$err" "no such change: 99999" &&
	sql "INSERT INTO changes (id, actor) VALUES (77777, \"x\")" &&
	ok undo 77777 && like "$err" "nothing to undo" &&
	run mailadm undo x && status 3 && run mailadm undo && status 2'

t 'no hash leaves by --show-sql' '
	ok user remove anna@example.com --cascade --force -y &&
	run mailadm --show-sql undo "$(change)" && status 0 &&
	unlike "$err" AAAAAA && like "$err" "***"'

# --- what stands in the way ------------------------------------------------

t 'a later change to a row refuses the undo and names each' '
	populate &&
	ok -f - <<-END &&
	user set anna@example.com --quota 3G
	user set bo@example.com --quota 3G
	user set cy@example.org --quota 3G
	END
	id=$(change) && ok user disable anna@example.com &&
	later=$(change) && ok user remove cy@example.org --cascade -y &&
	before=$(state) && run mailadm undo "$id" && status 6 &&
	like "$err" "user anna@example.com (last changed by change $later, " &&
	like "$err" "user cy@example.org (last changed by" &&
	unlike "$err" "bo@example.com" && like "$err" "hint: " &&
	is "$(state)" "$before"'

t 'with --force all rows become as they were, whatever they are now' '
	ok undo "$id" --force &&
	is "$(sql "SELECT email, quota, active FROM users ORDER BY email")" \
	    "anna@example.com	1073741824	1
bo@example.com	9223372036854775807	0
cy@example.org	NULL	1"'

t 'a row that is again as the change left it is no obstacle' '
	ok user set anna@example.com --quota 3G && id=$(change) &&
	ok user set anna@example.com --quota 4G &&
	run mailadm undo "$id" && status 6 &&
	ok user set anna@example.com --quota 3G && ok undo "$id"'

t 'what was undone is not undone twice' '
	ok user disable cy@example.org && id=$(change) && ok undo "$id" &&
	run mailadm undo "$id" && status 6 &&
	like "$err" "change $id was undone by change $(change): "'

t 'a removed user does not come back beside a new one of that name' '
	ok user remove bo@example.com --cascade -y && id=$(change) &&
	ok user add bo@example.com --hash "$HASH" &&
	run mailadm undo "$id" && status 6 &&
	like "$err" "user bo@example.com (last changed by change" &&
	ok undo "$id" --force &&
	is "$(sql "SELECT crypt, home FROM users
	    WHERE email = \"bo@example.com\"")" "!	example.com/bo"'

t 'nor where somebody else has the mail, even by force' '
	ok user remove bo@example.com --cascade -y && id=$(change) &&
	ok user add bo@example.com --no-password --reuse-mail \
	    --home example.com/bo &&
	ok user rename bo@example.com ob@example.com &&
	run mailadm undo "$id" && status 6 &&
	like "$err" "user bo@example.com: ob@example.com has its mail now" &&
	run mailadm undo "$id" --force && status 6 &&
	ok user remove ob@example.com && ok undo "$id"'

t 'nor without its domain' '
	ok user remove cy@example.org --cascade -y && id=$(change) &&
	ok domain remove example.org --recursive -y && gone=$(change) &&
	run mailadm undo "$id" --force && status 6 &&
	like "$err" "cy@example.org no longer has a domain" &&
	ok undo "$gone" && ok undo "$id"'

t 'a domain does not go while it has what came later' '
	ok domain add later.example && id=$(change) &&
	ok user add x@later.example --no-password && user=$(change) &&
	run mailadm undo "$id" && status 6 &&
	like "$err" "domain later.example has 1 user since" &&
	run mailadm undo "$id" --force && status 6 &&
	ok undo "$user" && ok undo "$id"'

t 'nor a user that a later alias leads to' '
	ok user add di@example.com --no-password && id=$(change) &&
	sql "UPDATE changes SET at = at - INTERVAL 1 HOUR WHERE id = $id" &&
	ok alias add didi@example.com di@example.com &&
	run mailadm undo "$id" && status 6 &&
	like "$err" "alias didi@example.com -> di@example.com was made since" &&
	ok undo "$id" --force &&
	like "$err" "note: alias didi@example.com -> di@example.com: the \
destination no longer exists"'

t 'an undo makes no loop' '
	populate &&
	ok alias add l1@example.com anna@example.com &&
	ok alias add l2@example.com l1@example.com &&
	ok alias remove l2@example.com && id=$(change) &&
	ok alias set l1@example.com x@example.com --force &&
	ok alias add x@example.com bo@example.com &&
	ok alias set x@example.com l2@example.com --force &&
	before=$(state) &&
	run mailadm undo "$id" && status 6 && like "$err" "loop: " &&
	run mailadm undo "$id" --force && status 6 && like "$err" "loop: " &&
	is "$(state)" "$before"'

t 'limits are not enforced, only noted' '
	ok user add di@example.com --no-password &&
	ok user remove di@example.com && id=$(change) &&
	ok domain set example.com --max-users 2 && ok undo "$id" &&
	like "$err" "note: example.com has 3 users, more than 2"'

t 'who gets the mail of a name that goes is noted' '
	ok user add ed@example.org --no-password && ok undo "$(change)" &&
	like "$err" "mail for ed@example.org goes to the catch-all" &&
	ok domain add pm.example --postmaster bo@example.com &&
	ok alias add postmaster@example.org bo@example.com &&
	ok undo "$(change)" &&
	like "$err" "example.org would have no postmaster address"'

# --- in a transaction of more ----------------------------------------------

t 'in a batch it sees what the batch did, and limits count again' '
	populate && ok user disable cy@example.org && id=$(change) &&
	cat >"$T/batch" <<-END &&
	domain set example.org --max-users 2
	user add p@example.org --no-password
	undo $id
	user add q@example.org --no-password
	END
	run mailadm -f "$T/batch" && status 6 &&
	like "$err" "batch:4: example.org may have no more than 2" &&
	sed -i "\$d" "$T/batch" && before=$(state) && ok -f "$T/batch" &&
	is "$(mailadm user show cy@example.org --columns active -o tsv)" 1 &&
	is "$(mailadm history --limit 1 --columns undoes)" "\\N" &&
	ok undo "$(change)" && is "$(state)" "$before"'

t 'a row written by an older schema gets the defaults of new columns' '
	ok user add old@example.com --hash "$HASH" --quota 1G &&
	ok user remove old@example.com && id=$(change) &&
	sql "UPDATE history SET old_row = JSON_REMOVE(old_row, \"\$.active\",
	    \"\$.name\", \"\$.created\") WHERE \`change\` = $id" &&
	ok undo "$id" &&
	is "$(sql "SELECT active, name, quota, created > \"2021-01-01\"
	    FROM users WHERE email = \"old@example.com\"")" \
	    "1	NULL	1073741824	1"'

t 'a row that broke a rule comes back only by force' '
	fresh && ok domain add a.org &&
	sql "SET check_constraint_checks = 0;
	    INSERT INTO users (email, crypt) VALUES (\"bo@a.org\", \"\");
	    INSERT INTO aliases (mail, destination) VALUES
	    (\"info@a.org\", \"bo@a.org, Carl@example.com\")" &&
	before=$(state) &&
	ok user passwd bo@a.org --hash "$HASH" &&
	change=$(change) && after=$(state) &&
	run mailadm undo "$change" && status 6 &&
	like "$err" "a row broke a rule of the database" &&
	like "$err" "--force" && is "$(state)" "$after" &&
	ok undo "$change" --force && is "$(state)" "$before" &&
	ok alias remove info@a.org && change=$(change) &&
	run mailadm undo "$change" && status 6 &&
	ok undo "$change" --force && is "$(state)" "$before"'

t 'and the rules hold for what is written after that' '
	ok user passwd bo@a.org --hash "$HASH" &&
	printf "%s\n" "undo $(change) --force" \
	    "user rename bo@a.org carl@a.org" >"$T/batch" &&
	run mailadm -f "$T/batch" && status 3 && like "$err" "crypt_given"'

t 'every column of the tables is among those that undo restores' '
	is "$(sql "SELECT COUNT(*) FROM information_schema.columns WHERE
	    table_schema = \"mail\" AND generation_expression IS NULL AND
	    column_name <> \"recorded\" AND
	    table_name IN (\"domains\", \"users\", \"aliases\")")" 42'

t 'what another tool wrote to any column is undone' '
	fresh && ok domain add a.org && ok user add bo@a.org --no-password &&
	ok alias add info@a.org bo@a.org &&
	sql "INSERT INTO relays (name, host) VALUES (\"out\", \"x.net\")" &&
	while read -r table column value; do
		before=$(state) &&
		sql "UPDATE $table SET $column = $value" &&
		[ "$(state)" != "$before" ] && ok undo "$(change)" &&
		is "$(state)" "$before" || return 1
	done <<-"END"
		domains accepts "all"
		domains transport "lmtp:[::1]:24"
		domains send_through "out"
		domains send_limit 7
		domains bcc_in "keep@a.org"
		domains bcc_out "keep@a.org"
		users may_login 0
		users note "x"
		users send_through "out"
		users send_limit 9223372036854775807
		users bcc_in "keep@a.org"
		users bcc_out "keep@a.org"
		users expires "2027-01-01 12:00:00"
		aliases expires "2027-01-01 12:00:00"
		aliases note "x"
		aliases writers "users"
		aliases may_send 0
	END
	ok user remove bo@a.org --cascade --yes &&
	before=$(state) && sql "UPDATE domains SET relay_to = \"mx\"" &&
	ok undo "$(change)" && is "$(state)" "$before"'

# --- any changes at all ----------------------------------------------------

# One command that may or may not work, from a seeded generator.
commands() {
	awk -v seed="$1" -v n="$2" -v hash="$HASH" '
	function pick(list, part, k) {
		k = split(list, part, " ")
		return part[int(rand() * k) + 1]
	}
	function domain() { return pick("a.org b.org c.org d.org") }
	function user() { return pick("u v w postmaster") "@" domain() }
	function name() { return pick("u v w x y z") "@" domain() }
	function to() {
		return rand() < 0.2 ? pick("o p") "@out.example" : name()
	}
	function size() { return pick("1G 2M 3K none") }
	function force() { return rand() < 0.3 ? " --force" : "" }
	BEGIN {
		srand(seed)
		for (i = 0; i < n; i++) {
			k = int(rand() * 22)
			if (k < 2) print "domain add " domain()
			else if (k < 3) print "domain add " domain() \
			    " --alias-of " domain()
			else if (k < 4) print "domain set " domain() \
			    " --quota " size() " --description \"" name() "\""
			else if (k < 5) print "domain rename " domain() " " \
			    domain() (rand() < 0.5 ? " --keep-alias" : "")
			else if (k < 6) print "domain remove " domain() \
			    " --recursive --cascade"
			else if (k < 7) print "domain disable " domain()
			else if (k < 11) print "user add " user() \
			    " --hash \047" hash "\047 --name \"N " i "\""
			else if (k < 12) print "user set " user() " --quota " \
			    size()
			else if (k < 13) print "user " pick("disable enable") \
			    " " user()
			else if (k < 14) print "user rename " user() " " \
			    user() (rand() < 0.5 ? " --keep-alias" : "") force()
			else if (k < 15) print "user remove " user() \
			    " --cascade" force()
			else if (k < 16) print "user remove " user() \
			    " --replace-with " to() force()
			else if (k < 19) print "alias add " \
			    (rand() < 0.2 ? "@" domain() : name()) " " to() \
			    " " to() force()
			else if (k < 20) print "alias set " name() " " to() \
			    force()
			else if (k < 21) print "alias remove " name() force()
			else print "alias " pick("disable enable") " " name()
		}
	}'
}

# Runs a sequence, a command a change, and undoes it from its end.
sequence() {
	sql 'SELECT MAX(id) FROM changes' >"$T/first"
	state >"$T/state.0"
	commands "$1" 15 >"$T/commands"
	mailadm -q -k -y -f "$T/commands" >"$T/log" 2>&1
	sql "SELECT DISTINCT \`change\` FROM history
	    WHERE \`change\` > $(cat "$T/first") ORDER BY 1 DESC" >"$T/ids"
	sed 's/^/undo /' "$T/ids" >"$T/undo"
	run mailadm -k -f "$T/undo"
	state >"$T/state.1"
	cmp -s "$T/state.0" "$T/state.1" || {
		t_notes="seed $1: $(cat "$T/commands")
$(diff "$T/state.0" "$T/state.1")"
		return 1
	}
	done_changes=$((done_changes + $(wc -l <"$T/ids")))
	status 0
}

done_changes=0
fresh
mailadm -q -f - <<-END || bail_out 'no data'
domain add a.org
domain add b.org
user add u@a.org --no-password
user add v@b.org --no-password
alias add x@a.org u@a.org
END
past
for seed in $(seq 1 "${UNDO_SEQUENCES:-30}"); do
	t "a random sequence ($seed), undone from its end, leaves no trace" '
		sequence $seed'
done

t 'the sequences changed something' '
	[ "$done_changes" -ge $((${UNDO_SEQUENCES:-30} * 3)) ]'

finish
