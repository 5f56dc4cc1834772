# The commands of the noun alias.
. tests/lib.sh
server_start

ok() {
	run mailadm "$@" && status 0
}

refused() {
	t_want=$1
	shift
	run mailadm "$@" && status "$t_want" && empty "$out"
}

# "mail destination;" for each row.
rows() {
	mailadm alias list "$@" --columns mail,destination | tr '\t\n' ' ;'
}

fresh
mailadm -q <<'END'
domain add example.com
domain add example.org
user add anna@example.com --no-password
user add bo@example.com --no-password
END

# --- add, set, show ------------------------------------------------------

t 'destinations are added one row each, once' '
	ok alias add info@example.com anna@example.com bo@example.com &&
	is "$err" "alias info@example.com added: now anna@example.com, \
bo@example.com" &&
	is "$(rows)" "info@example.com anna@example.com;\
info@example.com bo@example.com;" &&
	ok alias add info@example.com anna@example.com &&
	is "$err" "alias info@example.com unchanged" &&
	ok alias add info@example.com bo@example.com BO@example.com \
	    out@elsewhere.example &&
	is "$(rows --to bo@example.com)" "info@example.com bo@example.com;" &&
	is "$(mailadm alias list --count)" 3'

t 'set gives exactly these destinations' '
	ok alias set info@example.com bo@example.com &&
	is "$(rows)" "info@example.com bo@example.com;" &&
	ok alias set info@example.com bo@example.com &&
	is "$err" "alias info@example.com unchanged" &&
	ok alias set new@example.com anna@example.com &&
	is "$(rows new@*)" "new@example.com anna@example.com;"'

t 'add --if-not-exists leaves what exists' '
	ok alias add new@example.com anna@example.com --if-not-exists &&
	is "$err" "alias new@example.com unchanged"'

t 'show: a row a destination, one object as JSON' '
	ok alias add info@example.com anna@example.com &&
	ok alias show info@example.com --columns destination,active &&
	is "$out" "anna@example.com	1
bo@example.com	1" &&
	ok -o json alias show info@example.com && lines "$out" 1 &&
	matches "$out" "^\{\"mail\":\"info@example.com\",\"destinations\":\[\{\
\"destination\":\"anna@example.com\",\"active\":true,\"created\":" &&
	refused 4 alias show nobody@example.com'

t 'show as JSON is one object, with the columns that were chosen' '
	ok alias show info@example.com -o json --columns mail,active &&
	matches "$out" "^{\"mail\":\"info@example.com\",\"destinations\":" &&
	unlike "$out" "created"'

t 'the domain must be ours, the destination may be anywhere' '
	refused 4 alias add info@nowhere.example anna@example.com &&
	like "$err" "no such domain: nowhere.example" &&
	ok alias add far@example.com x@nowhere.example'

t 'a local part may use the rest of the dot-atom characters' '
	ok alias add "a!#\$&'\''*+=?^_\`{}~-b@example.com" \
	    "C!#\$&'\''*+=?^_\`{}~-d@elsewhere.example" --literal &&
	is "$(rows "a!*")" "a!#\$&'\''*+=?^_\`{}~-b@example.com \
c!#\$&'\''*+=?^_\`{}~-d@elsewhere.example;" &&
	ok alias remove "a!#\$&'\''*+=?^_\`{}~-b@example.com"'

# --- what is refused -----------------------------------------------------

t 'a destination of ours that nothing accepts' '
	refused 6 alias add info@example.com nobody@example.com &&
	like "$err" "nobody@example.com does not exist (no user, alias" &&
	like "$err" "--force" &&
	ok alias add info@example.com nobody@example.com --force &&
	like "$err" "note: nobody@example.com does not exist yet" &&
	ok alias remove info@example.com nobody@example.com'

t 'a tag is no hindrance' '
	ok alias add info@example.com anna+lists@example.com &&
	refused 6 alias add info@example.com nobody+x@example.com &&
	ok alias remove info@example.com anna+lists@example.com'

t 'loops of any length, by tag and by alias domain, too' '
	ok alias add a@example.org anna@example.com &&
	ok alias add b@example.org a@example.org &&
	ok alias add c@example.org b@example.org &&
	refused 6 alias add a@example.org c@example.org &&
	matches "$err" "loop: .*b@example.org" &&
	refused 6 alias set a@example.org b@example.org &&
	refused 6 alias add a@example.org c+tag@example.org &&
	ok domain add ad.example --alias-of example.org &&
	refused 6 alias add a@example.org c@ad.example &&
	refused 6 alias add a@example.org a@ad.example &&
	is "$(rows a@*)" "a@example.org anna@example.com;"'

t 'an address to itself keeps a copy only where the user is' '
	ok alias add anna@example.com anna@example.com bo@example.com &&
	unlike "$err" "now goes only" &&
	refused 6 alias add none@example.com none@example.com &&
	like "$err" "leads to itself" &&
	refused 6 alias add none@example.com none@example.com --force'

t 'a name with ? is refused unless meant literally, as is one of a mere *' '
	refused 3 alias add "*@example.com" bo@example.com &&
	like "$err" "the catch-all of the domain is @example.com" &&
	refused 3 alias add "***@example.com" bo@example.com &&
	like "$err" "the catch-all of the domain is @example.com" &&
	refused 3 alias set "bo-?@example.com" bo@example.com &&
	like "$err" "--literal adds it as it is" &&
	ok alias add "bo-*@example.com" bo@example.com --literal &&
	ok alias add "bo-*@example.com" out@elsewhere.example &&
	ok alias remove "bo-*@example.com" &&
	ok alias add bo@example.com "*@elsewhere.example" &&
	ok alias remove bo@example.com'

t 'from a file the mere * is refused, and a ? taken as it is, with a note' '
	echo "aliases: {\"*@example.com\": bo@example.com}" >"$T/star.yaml" &&
	run mailadm apply --yes "$T/star.yaml" && status 3 &&
	like "$err" "the catch-all of the domain is @example.com" &&
	echo "aliases: {\"a?@example.com\": bo@example.com}" >"$T/star.yaml" &&
	run mailadm apply --yes "$T/star.yaml" && status 0 &&
	like "$err" "note: a?@example.com is a name with a literal ?; a \
pattern is written with *" &&
	ok alias remove "a?@example.com" &&
	printf "%s\n" mail,destination "a?@example.com,bo@example.com" \
	    "a?@example.com,x@elsewhere.example" >"$T/star.csv" &&
	run mailadm import aliases "$T/star.csv" && status 0 &&
	is "$(printf %s "$err" | grep -c "literal")" 1 &&
	ok alias remove "a?@example.com" &&
	printf "%s\n" mail,destination "*@example.com,bo@example.com" \
	    >"$T/star.csv" &&
	run mailadm import aliases "$T/star.csv" && status 3 &&
	like "$err" "star.csv:2:1: "'

t 'a note says when a mailbox no longer gets its mail' '
	ok alias remove anna@example.com anna@example.com &&
	ok alias add bo@example.com out@elsewhere.example &&
	like "$err" "note: mail for bo@example.com now goes only to" &&
	ok alias set bo@example.com bo@example.com x@elsewhere.example &&
	unlike "$err" "gets nothing" &&
	ok alias remove bo@example.com && ok alias remove anna@example.com'

t 'an expansion over 1,000 addresses' '
	{
		for i in 1 2 3 4; do
			printf "alias add many%s@example.org" $i
			seq 250 | sed "s/.*/ m$i-&@elsewhere.example/" |
				tr -d "\\n"
			echo
		done
		echo alias add all@example.org many1@example.org \
		    many2@example.org many3@example.org many4@example.org
	} >"$T/b" && ok -q -f "$T/b" &&
	refused 6 alias add all@example.org one@elsewhere.example &&
	like "$err" "1000 addresses" &&
	refused 6 alias add many4@example.org one@elsewhere.example &&
	like "$err" "all@example.org" &&
	ok alias remove all@example.org &&
	ok alias add many4@example.org one@elsewhere.example'

t 'a chain that Postfix would not follow' '
	sql "INSERT INTO aliases (mail, destination)
		SELECT CONCAT(\"s\", seq, \"@example.com\"),
		CONCAT(\"s\", seq - 1, \"@example.com\")
		FROM seq_2_to_998" &&
	ok alias add s1@example.com anna@example.com &&
	ok alias add s999@example.com s998@example.com &&
	refused 6 alias add s1000@example.com s999@example.com &&
	like "$err" "lead through more than 999 addresses" &&
	sql "DELETE FROM aliases WHERE mail LIKE \"s%@example.com\""'

# --- catch-alls ----------------------------------------------------------

t 'a catch-all is @DOMAIN, and a note says what it does' '
	ok alias add @example.com anna@example.com &&
	like "$err" "note: every unknown address in example.com" &&
	ok alias add info@example.com unknown@example.com &&
	ok alias show @EXAMPLE.com --columns mail,destination &&
	is "$out" "@example.com	anna@example.com"'

t 'a catch-all that leads to an unknown name of its own domain is a loop' '
	refused 6 alias add @example.com unknown@example.com &&
	like "$err" loop &&
	refused 6 alias set @example.com unknown@example.com &&
	refused 3 alias add x@example.com @example.com'

t 'while something else accepts the name, an alias goes without --cascade' '
	ok alias add t@example.com anna@example.com &&
	ok alias add u@example.com t@example.com &&
	ok alias remove t@example.com &&
	like "$err" "mail for t@example.com goes to the catch-all" &&
	ok alias remove u@example.com && ok alias remove info@example.com &&
	ok alias remove @example.com'

# --- remove --------------------------------------------------------------

t 'remove takes the alias, or only the named destinations' '
	ok alias set info@example.com anna@example.com bo@example.com &&
	ok alias remove info@example.com bo@example.com &&
	is "$(rows info@*)" "info@example.com anna@example.com;" &&
	refused 4 alias remove info@example.com bo@example.com &&
	like "$err" "no such alias: info@example.com -> bo@example.com" &&
	refused 4 alias remove info@example.com anna@example.com \
	    bo@example.com &&
	is "$(rows info@*)" "info@example.com anna@example.com;" &&
	ok alias remove info@example.com bo@example.com --if-exists &&
	is "$err" "alias info@example.com does not exist" &&
	ok alias remove info@example.com anna@example.com &&
	refused 4 alias remove info@example.com &&
	ok alias remove info@example.com --if-exists'

t 'an alias to which others lead is kept' '
	ok alias add info@example.com anna@example.com &&
	ok alias add all@example.org info@example.com &&
	refused 6 alias remove info@example.com &&
	like "$err" "aliases still lead to info@example.com: all@example.org" &&
	refused 6 alias remove info@example.com anna@example.com &&
	refused 6 alias remove info@example.com --cascade &&
	like "$err" "without --yes" &&
	ok alias remove info@example.com --cascade --yes &&
	like "$err" "removed, as no destination is left: all@example.org" &&
	is "$(rows info@*)$(rows all@*)" ""'

t 'the own postmaster goes only with --force' '
	ok alias add postmaster@example.com anna@example.com &&
	refused 6 alias remove postmaster@example.com &&
	like "$err" "--force" &&
	ok alias set postmaster@example.com bo@example.com &&
	ok alias remove postmaster@example.com --force'

# --- enable, disable -----------------------------------------------------

t 'a whole alias, or one destination, is disabled and enabled' '
	ok alias add info@example.com anna@example.com bo@example.com &&
	ok alias disable info@example.com --to bo@example.com &&
	is "$(rows --inactive)" "info@example.com bo@example.com;" &&
	ok alias disable info@example.com --to bo@example.com &&
	is "$err" "alias info@example.com unchanged" &&
	ok alias disable info@example.com &&
	is "$(mailadm alias list --inactive --count)" 2 &&
	ok alias enable info@example.com &&
	is "$(mailadm alias list --inactive --count)" 0 &&
	refused 4 alias disable nobody@example.com &&
	refused 4 alias disable info@example.com --to x@elsewhere.example'

t 'a disabled destination keeps its place, set switches it on again' '
	ok alias disable info@example.com --to bo@example.com &&
	ok alias add info@example.com bo@example.com &&
	is "$err" "alias info@example.com unchanged" &&
	ok alias set info@example.com anna@example.com bo@example.com &&
	is "$(mailadm alias list --inactive --count)" 0'

t 'a note says that a destination is disabled' '
	ok user disable bo@example.com &&
	ok alias add late@example.com bo@example.com &&
	like "$err" "note: bo@example.com is disabled"'

t 'and that somebody may not receive mail' '
	mailadm -q user add mute@example.com --no-password --may-receive no &&
	run mailadm alias add tomute@example.com mute@example.com &&
	status 0 && like "$err" \
	    "note: mute@example.com may not receive mail: mail for it is" &&
	mailadm -q user remove mute@example.com --cascade --yes'

t 'a loop of disabled rows is refused like any other' '
	ok alias add d1@example.org out@elsewhere.example &&
	ok alias add d2@example.org d1@example.org &&
	ok alias disable d2@example.org &&
	refused 6 alias set d1@example.org d2@example.org'

# --- list ----------------------------------------------------------------

t 'list by pattern, domain and destination' '
	is "$(rows "d?@*")" \
	    "d1@example.org out@elsewhere.example;\
d2@example.org d1@example.org;" &&
	is "$(rows --to d1@example.org)" "d2@example.org d1@example.org;" &&
	is "$(mailadm alias list --domain example.com --columns mail |
	    sort -u | tr "\\n" " ")" \
	    "far@example.com info@example.com late@example.com \
new@example.com "'

finish
