# Notes: a remark on a user or an alias, for people.
. tests/lib.sh
server_start && fresh

ok() {
	run mailadm "$@" && status 0
}

# note EMAIL, notes ADDRESS: as stored; of an alias, each that its rows have.
note() {
	sql "SELECT note FROM users WHERE email = '$1'"
}
notes() {
	sql "SELECT DISTINCT note FROM aliases WHERE mail = '$1'"
}

# Takes the last change back.
undo() {
	ok undo "$(mailadm history --limit 1 --columns change)" --yes
}

ok domain add x.org
ok user add anna@x.org --no-password --note 'Sales, until May'
ok user add bo@x.org --no-password
ok alias add info@x.org anna@x.org bo@x.org --note 'printed on the flyer'

t 'user add and user set write a note, and an empty one removes it' '
	is "$(note anna@x.org)" "Sales, until May" &&
	ok user set anna@x.org --note "Sales, Tom'\''s team" &&
	is "$(note anna@x.org)" "Sales, Tom'\''s team" &&
	like "$(mailadm history --limit 1)" \
	    "note \"Sales, until May\" -> \"Sales, Tom'\''s team\"" &&
	ok user set anna@x.org --note "" && is "$(note anna@x.org)" NULL &&
	ok user set anna@x.org --note Sales'

t 'a note that stands already is unchanged' '
	ok user set anna@x.org --note Sales --verbose &&
	like "$err" unchanged'

t 'a note is shown where it is asked for' '
	is "$(mailadm user list anna@x.org --columns email,note)" \
	    "anna@x.org	Sales" &&
	unlike "$(mailadm --header user list)" note &&
	like "$(mailadm user show anna@x.org)" Sales &&
	is "$(mailadm alias list --columns destination,note)" \
	    "anna@x.org	printed on the flyer
bo@x.org	printed on the flyer"'

t 'JSON of a user has the note' '
	like "$(mailadm -o json user show anna@x.org)" \
	    "\"note\":\"Sales\"" &&
	like "$(mailadm -o json user show bo@x.org)" "\"note\":null"'

t 'all rows of an alias share its note, later ones too' '
	ok alias add info@x.org out@side.org &&
	is "$(notes info@x.org)" "printed on the flyer" &&
	ok alias set info@x.org anna@x.org bo@x.org --note old &&
	is "$(notes info@x.org)" old &&
	is "$(sql "SELECT COUNT(*) FROM aliases")" 2'

t 'alias set with a note alone keeps the destinations' '
	sql "UPDATE aliases SET active = 0 WHERE destination LIKE \"bo@%\"" &&
	ok alias set info@x.org --note new && is "$(notes info@x.org)" new &&
	is "$(sql "SELECT GROUP_CONCAT(active) FROM aliases")" 1,0 &&
	sql "UPDATE aliases SET active = 1" &&
	run mailadm alias set info@x.org && status 2 &&
	run mailadm alias set nobody@x.org --note x && status 4'

t 'alias add of what exists with another note changes the note' '
	ok alias add info@x.org anna@x.org --note third &&
	is "$(notes info@x.org)" third && like "$err" changed'

t 'find looks into notes, in any case' '
	is "$(mailadm find SALES)" "user	anna@x.org	Sales" &&
	is "$(mailadm find thir)" "alias	info@x.org	third"'

t 'undo takes a note back' '
	undo && is "$(notes info@x.org)" new &&
	ok user set anna@x.org --note other && undo &&
	is "$(note anna@x.org)" Sales'

t 'undo of a removal brings the note back' '
	ok user add carl@x.org --no-password --note "the third" &&
	ok user remove carl@x.org && undo &&
	is "$(note carl@x.org)" "the third"'

t 'an export has notes, and applying it changes nothing' '
	ok export && cp "$T/out" "$T/all.yaml" &&
	like "$out" "note: \"Sales\"" && like "$out" "note: \"new\"" &&
	run mailadm plan "$T/all.yaml" && status 0 && empty "$out"'

t 'a manifest sets and removes notes' '
	printf "%s\n" "users:" "  bo@x.org: {note: B}" \
	    "  anna@x.org: {note: null}" "aliases:" \
	    "  info@x.org: {destination: [anna@x.org, bo@x.org], note: C}" \
	    >"$T/notes.yaml" &&
	run mailadm plan "$T/notes.yaml" && status 1 &&
	like "$out" "note" && ok apply --yes "$T/notes.yaml" &&
	is "$(note bo@x.org)/$(note anna@x.org)/$(notes info@x.org)" \
	    B/NULL/C &&
	run mailadm plan "$T/notes.yaml" && status 0'

t 'CSV carries notes out and in again' '
	ok export users --format csv --with-hashes &&
	cp "$T/out" "$T/users.csv" && like "$out" ",note" &&
	ok export aliases --format csv && cp "$T/out" "$T/aliases.csv" &&
	like "$out" "mail,destination,active,note" &&
	ok user set bo@x.org --note x && ok alias set info@x.org --note y &&
	ok import users "$T/users.csv" --update --yes &&
	ok import aliases "$T/aliases.csv" --update --yes &&
	is "$(note bo@x.org)/$(notes info@x.org)" B/C'

t 'a file without the column keeps the notes' '
	printf "%s\n" mail,destination,active info@x.org,anna@x.org,0 \
	    >"$T/few.csv" &&
	ok import aliases "$T/few.csv" --update --yes &&
	is "$(notes info@x.org)" C'

t 'many at once have their notes and their history' '
	{
		echo email,hash,note
		for i in $(seq 40); do echo "u$i@x.org,!,note $i"; done
	} >"$T/many.csv" &&
	ok import users "$T/many.csv" --yes &&
	is "$(note u40@x.org)" "note 40" &&
	is "$(sql "SELECT JSON_VALUE(new_row, '\''$.note'\'') FROM history
	    WHERE name = '\''u7@x.org'\''")" "note 7" &&
	{
		echo mail,destination,note
		for i in $(seq 40); do echo "a$i@x.org,u$i@x.org,$i"; done
	} >"$T/many.csv" &&
	ok import aliases "$T/many.csv" --yes &&
	is "$(notes a40@x.org)" 40 &&
	for i in $(seq 20); do
		echo "user add b$i@x.org --no-password --note \"b $i\""
	done >"$T/batch" && ok -f "$T/batch" &&
	is "$(note b20@x.org)" "b 20" &&
	is "$(sql "SELECT JSON_VALUE(new_row, '\''$.note'\'') FROM history
	    WHERE name = '\''b19@x.org'\''")" "b 19"'

t 'a note has at most 255 characters, and none that acts on a terminal' '
	run mailadm user set bo@x.org --note "$(printf "%0256d" 0)" &&
	status 3 &&
	run mailadm user set bo@x.org --note "$(printf "a\033[2Jb")" &&
	status 3 && is "$(note bo@x.org)" B'

finish
