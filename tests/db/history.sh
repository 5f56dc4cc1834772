# What a command leaves in the history: one change, a row for each thing.
. tests/lib.sh
server_start

ok() {
	run mailadm "$@" && status 0
}

changes() {
	sql 'SELECT COUNT(*) FROM changes'
}

# "kind name old new;" of the last change: which rows it has, as 0 or 1.
last() {
	sql "SELECT kind, name, old_row IS NOT NULL, new_row IS NOT NULL
		FROM history WHERE \`change\` = (SELECT MAX(id) FROM changes)
		ORDER BY id" | tr '\t\n' ' ;'
}

# One command, and the rows that its change has.
does() {
	before=$(changes) && ok "$@" && is "$(changes)" $((before + 1))
}

# One command that changes nothing, and so leaves no change.
does_nothing() {
	before=$(changes) && ok "$@" && is "$(changes)" "$before"
}

fresh
t 'each command that writes is one change with its rows' '
	does domain add example.com &&
	is "$(last)" "domain example.com 0 1;" &&
	does user add anna@example.com --no-password &&
	is "$(last)" "user anna@example.com 0 1;" &&
	does alias add x@example.com anna@example.com o@elsewhere.example &&
	is "$(last)" "alias x@example.com 0 1;alias x@example.com 0 1;" &&
	does user set anna@example.com --name Anna &&
	is "$(last)" "user anna@example.com 1 1;" &&
	does user disable anna@example.com &&
	is "$(last)" "user anna@example.com 1 1;" &&
	does alias remove x@example.com o@elsewhere.example &&
	is "$(last)" "alias x@example.com 1 0;"'

t 'who did it, with what, and when' '
	is "$(sql "SELECT COUNT(*) FROM changes WHERE token IS NULL OR
		LENGTH(token) <> 16")" 0 &&
	matches "$(sql "SELECT actor, program FROM changes LIMIT 1")" \
	    "^[^@]+@.+	mailadm [0-9.]+$" &&
	is "$(sql "SELECT COUNT(*) FROM history h JOIN changes c
		ON c.id = h.change WHERE h.actor <> c.actor")" 0 &&
	is "$(sql "SELECT COUNT(*) FROM changes WHERE
		ABS(TIMESTAMPDIFF(SECOND, at, UTC_TIMESTAMP())) > 60")" 0'

t 'who became root by sudo is named' '
	SUDO_USER=anna does user set anna@example.com --name "Anna Ek" &&
	matches "$(sql "SELECT actor FROM changes ORDER BY id DESC LIMIT 1")" \
	    "^anna[(].+[)]@"'

t 'what changes nothing leaves no change' '
	does_nothing domain list &&
	does_nothing domain set example.com --quota none &&
	does_nothing user set anna@example.com --name "Anna Ek" &&
	does_nothing user disable anna@example.com &&
	does_nothing user passwd anna@example.com --no-password &&
	does_nothing alias add x@example.com anna@example.com &&
	does_nothing alias set x@example.com anna@example.com &&
	does_nothing alias remove y@example.com --if-exists &&
	does_nothing user remove nobody@example.com --if-exists &&
	does_nothing domain add example.com --if-not-exists &&
	does_nothing -n domain add dry.example'

t 'what fails leaves no change' '
	before=$(changes) && run mailadm domain add example.com && status 5 &&
	run mailadm alias add x@example.com nobody@example.com && status 6 &&
	run mailadm user remove anna@example.com && status 6 &&
	is "$(changes)" "$before"'

t 'a rename records everything that moved' '
	does user rename anna@example.com bo@example.com &&
	is "$(last)" "user bo@example.com 1 1;alias x@example.com 1 1;" &&
	does domain rename example.com example.org &&
	is "$(sql "SELECT kind, old_row IS NOT NULL, new_row IS NOT NULL,
		COUNT(*) FROM history WHERE \`change\` = (SELECT MAX(id)
		FROM changes) GROUP BY 1, 2, 3 ORDER BY 1, 2" |
		tr "\\t\\n" " ;")" \
	    "alias 1 1 2;domain 0 1 1;domain 1 0 1;user 1 1 1;"'

t 'a removal records every row that went' '
	does domain remove example.org --recursive --yes &&
	is "$(last)" "alias x@example.org 1 0;user bo@example.org 1 0;\
domain example.org 1 0;"'

t 'old and new row hold every column of the table' '
	does domain add example.com --description "d\"\\" --quota 1G &&
	is "$(sql "SELECT JSON_VALUE(new_row, \"$.description\"),
		JSON_VALUE(new_row, \"$.quota\"), JSON_VALUE(new_row,
		\"$.active\") FROM history ORDER BY id DESC LIMIT 1")" \
	    "d\"\\\\	1073741824	1" &&
	does user add anna@example.com --no-password &&
	for table in domain user alias; do
		[ "$table" = alias ] && does alias add y@example.com \
		    anna@example.com
		row=$(sql "SELECT new_row FROM history WHERE kind = \"$table\"
			ORDER BY id DESC LIMIT 1")
		for column in $(sql "SELECT column_name FROM
		    information_schema.columns WHERE table_schema = \"mail\"
		    AND table_name LIKE \"$table%s\"
		    AND generation_expression IS NULL AND column_name <>
		    \"recorded\""); do
			like "$row" "\"$column\": " || return 1
		done
	done && like "$row" "\"destination\": "'

t 'a grant is recorded with every column' '
	sql "INSERT INTO send_as (email, address) VALUES \
	    (\"anna@example.com\", \"a@y.zz\")" &&
	is "$(last)" "grant anna@example.com 0 1;" &&
	row=$(sql "SELECT new_row FROM history ORDER BY id DESC LIMIT 1") &&
	is "$(sql "SELECT GROUP_CONCAT(column_name ORDER BY ordinal_position
		SEPARATOR \"\\\", \\\"\") FROM information_schema.columns
		WHERE table_schema = \"mail\" AND table_name = \"send_as\"")" \
	    "$(echo "$row" | sed "s/: null//g; s/: \"[^\"]*\"//g
s/^{\"//; s/\"}\$//")" &&
	before=$(changes) && sql "UPDATE send_as SET created = created" &&
	is "$(changes)" "$before" &&
	sql "UPDATE send_as SET address = \"@y.zz\"" &&
	is "$(last)" "grant anna@example.com 1 1;" &&
	sql "DELETE FROM send_as" &&
	is "$(last)" "grant anna@example.com 1 0;"'

# What the private half looks like: encrypted, which the database checks.
PUBLIC=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
PRIVATE='-----BEGIN ENCRYPTED PRIVATE KEY-----
Zm9v
-----END ENCRYPTED PRIVATE KEY-----'

t 'a DKIM key is recorded with every column but its private half' '
	sql "INSERT INTO dkim_keys (domain, selector, algorithm, public_key,
	    private_key, secret_id) VALUES (\"example.com\", \"s1\",
	    \"ed25519\", \"$PUBLIC\", \"$PRIVATE\", \"0123456789abcdef\")" &&
	is "$(last)" "key example.com 0 1;" &&
	row=$(sql "SELECT new_row FROM history ORDER BY id DESC LIMIT 1") &&
	is "$(sql "SELECT GROUP_CONCAT(column_name ORDER BY ordinal_position
		SEPARATOR \"\\\", \\\"\") FROM information_schema.columns
		WHERE table_schema = \"mail\" AND table_name = \"dkim_keys\"
		AND column_name NOT IN (\"private_key\", \"signing\")")" \
	    "$(echo "$row" | sed "s/: \(\"[^\"]*\"\|null\)//g; s/^{\"//
		s/\"}\$//")" &&
	before=$(changes) &&
	sql "UPDATE dkim_keys SET seen = UTC_TIMESTAMP(),
	    private_key = CONCAT(private_key, \"x\")" &&
	is "$(changes)" "$before" &&
	sql "UPDATE dkim_keys SET state = \"active\"" &&
	is "$(last)" "key example.com 1 1;" &&
	sql "DELETE FROM dkim_keys" && is "$(last)" "key example.com 1 0;" &&
	empty "$(sql "SELECT * FROM history" | grep "PRIVATE KEY")"'

t 'other programs are recorded, too, a change a statement' '
	before=$(changes) &&
	sql "UPDATE users SET name = \"by hand\", active = 1" &&
	is "$(changes)" $((before + 1)) &&
	is "$(last)" "user anna@example.com 1 1;" &&
	matches "$(sql "SELECT actor FROM changes ORDER BY id DESC LIMIT 1")" \
	    "^root@localhost$" &&
	sql "UPDATE users SET name = \"by hand\"" &&
	is "$(changes)" $((before + 1))'

t 'modified moves only when something changes' '
	sql "UPDATE users SET name = \"old\", modified = \"2001-01-01\"" &&
	ok user set anna@example.com --name old &&
	like "$(mailadm user show anna@example.com --columns modified)" 2001 &&
	ok user set anna@example.com --name other &&
	unlike "$(mailadm user show anna@example.com --columns modified)" 2001'

t 'the session flags of one command do not reach the next of a batch' '
	printf "domain add s1.example\ndomain add s2.example\n" >"$T/b" &&
	before=$(changes) && ok -k -f "$T/b" &&
	is "$(changes)" $((before + 2)) &&
	is "$(sql "SELECT COUNT(DISTINCT \`change\`) FROM history
		WHERE name LIKE \"s_.example\"")" 2'

finish
