# Formats, lists and streams: what scripts rely on.
. tests/lib.sh
server_start

ok() {
	run mailadm "$@" && status 0
}

refused() {
	t_want=$1
	shift
	run mailadm "$@" && status "$t_want"
}

fresh
mailadm -q <<'END'
domain add a.example --description 'one, "two"' --quota 2G
domain add b.example --max-users 3
user add anna@a.example --name 'Anna Ek' --quota 1G --no-password
user add bo@a.example --no-password --name 'Ünï Ek'
user add cy@b.example --no-password
user disable cy@b.example
alias add x_y@a.example anna@a.example
alias add xzy@a.example anna@a.example
END

# Text that no command of ours would write, but another program may.
sql "SET NAMES utf8mb4; UPDATE users SET name = 'a\\tb\\nc\\rd\\\\\\\\e\"f,g'
	WHERE email = 'cy@b.example'"

# --- formats -------------------------------------------------------------

t 'a pipe gets tsv without a header, --header adds it' '
	ok domain list --columns domain,active,quota,max_users &&
	is "$out" "a.example	1	2147483648	\\N
b.example	1	\\N	3" &&
	ok domain list --columns domain,quota --header &&
	is "$out" "domain	quota
a.example	2147483648
b.example	\\N"'

t 'tsv escapes tab, newline, return and backslash' '
	ok user show cy@b.example --columns name &&
	is "$out" "a\\tb\\nc\\rd\\\\\\\\e\"f,g"'

t 'csv is RFC 4180: header, CRLF, quotes, NULL empty' '
	ok domain list -o csv --columns domain,description,max_users &&
	printf "%s\r\n" "domain,description,max_users" \
	    "a.example,\"one, \"\"two\"\"\"," "b.example,,3" >"$T/want" &&
	cmp "$T/want" "$T/out" &&
	ok user show cy@b.example -o csv --columns email,name &&
	printf "email,name\r\ncy@b.example,\"a\tb\nc\rd\\\\\\\\e\"\"f,g\"\r\n" \
	    >"$T/want" && cmp "$T/want" "$T/out"'

t 'json: list is an array, show an object, an empty list []' '
	ok -o json domain list --columns domain,active,quota,max_users &&
	is "$out" "[{\"domain\":\"a.example\",\"active\":true,\
\"quota\":2147483648,\"max_users\":null},
 {\"domain\":\"b.example\",\"active\":true,\"quota\":null,\"max_users\":3}]" &&
	ok -o json user show cy@b.example --columns email,active,name &&
	is "$out" "{\"email\":\"cy@b.example\",\"active\":false,\
\"name\":\"a\\tb\\nc\\rd\\\\\\\\e\\\"f,g\"}" &&
	ok -o json domain list zzz && is "$out" "[]"'

t 'jsonl: one object a line, nothing for an empty list' '
	ok -o jsonl domain list --columns domain && lines "$out" 2 &&
	is "$out" "{\"domain\":\"a.example\"}
{\"domain\":\"b.example\"}" && ok -o jsonl domain list zzz && empty "$out"'

t 'the keys of a user are the columns of the manual, in order' '
	ok user list -o csv --limit 1 &&
	is "$(head -n 1 "$T/out" | tr -d "\\r")" \
	    "email,active,name,quota,scheme,rounds,home,created,modified" &&
	ok domain list -o csv --limit 1 &&
	is "$(head -n 1 "$T/out" | tr -d "\\r")" "domain,active,users,aliases,\
quota,max_users,max_aliases,alias_of,description,created,modified" &&
	ok alias list -o csv --limit 1 &&
	is "$(head -n 1 "$T/out" | tr -d "\\r")" \
	    "mail,destination,active,created,modified"'

t 'table: a header, human sizes, yes and no, and columns that line up' '
	ok -o table user list --columns email,active,quota,name &&
	is "$out" "EMAIL           ACTIVE    QUOTA  NAME
anna@a.example  yes          1G  Anna Ek
bo@a.example    yes     default  Ünï Ek
cy@b.example    no      default  a\\tb\\nc\\rd\\\\e\"f,g" &&
	ok -o table domain show a.example --columns domain,quota,alias_of &&
	is "$out" "domain    a.example
quota     2G
alias_of  -"'

t 'a list without rows is no error' '
	for format in table tsv csv json jsonl; do
		ok user list nobody -o $format && empty "$err" || return 1
	done && status 0'

# --- columns, sort, limit, count -----------------------------------------

t 'columns stand in the order that is asked for, also twice' '
	ok user list anna* --columns name,email,name &&
	is "$out" "Anna Ek	anna@a.example	Anna Ek"'

t '--sort by any column, - for descending, ties by name' '
	ok user list --columns email --sort name &&
	is "$out" "anna@a.example
cy@b.example
bo@a.example" && ok user list --columns email --sort -email &&
	is "$out" "cy@b.example
bo@a.example
anna@a.example" && ok domain list --columns domain --sort -users &&
	is "$out" "a.example
b.example" && ok user list --columns email --sort scheme &&
	is "$(head -n 1 "$T/out")" anna@a.example &&
	refused 2 user list --sort crypt &&
	like "$err" "hint: columns: email" &&
	refused 2 user list --sort "email; DROP TABLE users"'

t '--limit cuts, also a sorted list' '
	ok user list --limit 2 --columns email && lines "$out" 2 &&
	ok user list --limit 1 --sort -email --columns email &&
	is "$out" cy@b.example &&
	ok user list --limit 1000000 --columns email && lines "$out" 3'

t '--count says how many, as JSON an object' '
	ok user list --count && is "$out" 3 &&
	ok user list --count --inactive && is "$out" 1 &&
	ok -o json user list --count --domain a.example &&
	is "$out" "{\"count\":2}" && ok alias list x* --count && is "$out" 2'

t '--count counts no more than --limit lets through' '
	for noun in user alias domain; do
		ok $noun list --count --limit 1 && is "$out" 1 || return 1
	done
	ok user list --count --limit 3 && is "$out" 3 &&
	ok user list --count --limit 1000000 && is "$out" 3 &&
	ok user list --count --limit 2 --inactive && is "$out" 1'

t 'filters of user list' '
	ok user list --domain b.example --columns email &&
	is "$out" cy@b.example &&
	ok user list --no-password --count && is "$out" 3 &&
	ok user list --scheme none --count && is "$out" 3 &&
	ok user list --scheme sha256-crypt --count && is "$out" 0'

t 'status shows the server, how it is reached, and what it holds' '
	ok -o json status && empty "$err" &&
	like "$out" "\"database\":\"mail\"" &&
	like "$out" "\"option_files\":[\"$T/client.cnf\"]" &&
	like "$out" "\"missing_files\":[]" && like "$out" "\"users\":3" &&
	matches "$out" "\"connection\":\"[^\"]*UNIX socket" &&
	run mailadm --database nowhere -o json status && status 7 &&
	like "$out" "\"database\":\"nowhere\"" && like "$out" "\"users\":null"'

t 'a list of a domain that does not exist is status 4, not empty' '
	for noun in user alias; do
		run mailadm $noun list --domain nowhere.example && status 4 &&
		like "$err" "no such domain: nowhere.example" &&
		run mailadm $noun list --domain nowhere.example --count &&
		status 4 && empty "$out" || return 1
	done && status 4'

t '% and _ in patterns are ordinary, * and ? are not' '
	ok alias list "x_y*" --count && is "$out" 1 &&
	ok alias list "x?y@*" --count && is "$out" 2 &&
	ok user list "%" --count && is "$out" 0 &&
	ok user list "*|*" --count && is "$out" 0 &&
	ok user list "ANNA@*" --count && is "$out" 1 &&
	ok user list "anna" --count && is "$out" 0 &&
	ok find "x_y" --columns name && is "$out" x_y@a.example &&
	ok find % && empty "$out"'

t 'find looks at users, both sides of aliases and domains' '
	ok find anna &&
	is "$out" "alias	x_y@a.example	anna@a.example
alias	xzy@a.example	anna@a.example
user	anna@a.example	Anna Ek"'

t 'status knows the server, the account and the counts' '
	ok -o json status && like "$out" "\"database\":\"mail\"" &&
	like "$out" "\"account\":\"root@localhost\"" &&
	matches "$out" "\"schema\":[1-9]" &&
	like "$out" "\"domains\":2,\"users\":3,\"aliases\":2"'

t 'a list of many pages is whole, in order, each row once' '
	sql "INSERT INTO domains (domain) VALUES (\"many.example\");
		INSERT INTO users (email, crypt, home)
		SELECT CONCAT(\"u\", seq,
		\"@many.example\"), \"!\", CONCAT(\"m/\", seq)
		FROM seq_1_to_8100;
		INSERT INTO aliases (mail, destination) SELECT
		CONCAT(\"m\", seq DIV 7, \"@many.example\"),
		CONCAT(\"u\", seq, \"@many.example\") FROM seq_1_to_8100" &&
	ok user list u* --columns email &&
	seq 8100 | sed "s/.*/u&@many.example/" | LC_ALL=C sort >"$T/want" &&
	cmp "$T/want" "$T/out" &&
	ok alias list m* --columns destination &&
	LC_ALL=C sort "$T/out" | cmp - "$T/want" &&
	ok user list u* --limit 4001 --columns email &&
	head -n 4001 "$T/want" | cmp - "$T/out" &&
	ok -o json user list u* --columns email && lines "$out" 8100 &&
	ok -o table user list u* --columns email,quota && lines "$out" 8101 &&
	is "$(awk "NF != 2" "$T/out")" ""'

t 'a reader that went away is an error, not a signal' '
	{ mailadm user list 2>"$T/err"; echo $? >"$T/status"; } |
		head -n 1 >/dev/null
	is "$(cat "$T/status")" 10 &&
	sql "DELETE FROM aliases WHERE domain = \"many.example\";
		DELETE FROM users WHERE domain = \"many.example\";
		DELETE FROM domains WHERE domain = \"many.example\""'

# --- streams -------------------------------------------------------------

t 'a full standard output is status 10' '
	for words in "domain list" "domain show a.example" "help" "--version" \
	    "-o json user list" "-o table user list" "domain list --count" \
	    "schema status" "user add --help" "status"; do
		mailadm $words >/dev/full 2>"$T/err"
		status=$?
		err=$(cat "$T/err")
		status 10 && like "$err" "cannot write standard output" ||
		    return 1
	done && status 10'

t 'a closed standard output, too, and never a socket in its place' '
	mailadm domain list >&- 2>"$T/err"
	status=$? err=$(cat "$T/err")
	status 10 && like "$err" "cannot write standard output" &&
	mailadm domain add closed.example >&- 2>"$T/err" &&
	ok domain show closed.example &&
	mailadm domain remove closed.example >&- 2>&- &&
	refused 4 domain show closed.example &&
	mailadm domain list <&- >"$T/out" && [ -s "$T/out" ]'

t 'a generated password that cannot be shown is not set' '
	mailadm user add gen@a.example --generate >/dev/full 2>"$T/err"
	status=$?
	status 10 && refused 4 user show gen@a.example &&
	sha=$(sql "SELECT crypt FROM users WHERE email = \"bo@a.example\"") &&
	mailadm user passwd bo@a.example --generate >&- 2>"$T/err"
	status=$?
	status 10 && is "$(sql "SELECT crypt FROM users
		WHERE email = \"bo@a.example\"")" "$sha"'

t 'a batch whose output is lost changes nothing, with -k it ends there' '
	printf "user add g1@a.example --generate\nuser add g2@a.example \
--generate\n" >"$T/b" && mailadm -f "$T/b" >/dev/full 2>"$T/err"
	status=$?
	status 10 && is "$(mailadm user list g?@* --count)" 0 &&
	mailadm -k -f "$T/b" >/dev/full 2>"$T/err"
	status=$?
	status 10 && is "$(mailadm user list g?@* --count)" 0'

t 'results and words do not mix' '
	run mailadm -v user add both@a.example --generate && status 0 &&
	lines "$out" 1 && matches "$out" "^both@a.example	[^ ]{20}$" &&
	is "$err" "user both@a.example added" &&
	run mailadm -v user list both* && empty "$err"'

finish
