# The commands of the noun user, but for passwords.
. tests/lib.sh
server_start

column() {
	mailadm user show "$1" -o tsv --columns "$2"
}

ok() {
	run mailadm "$@" && status 0
}

refused() {
	t_want=$1
	shift
	run mailadm "$@" && status "$t_want" && empty "$out"
}

add() {
	ok user add "$@" --no-password
}

alias_rows() {
	mailadm alias list "$@" --columns mail,destination | tr '\t\n' ' ;'
}

# --- add, set, show ------------------------------------------------------

fresh
mailadm -q domain add example.com
mailadm -q domain add example.org
t 'a user is added, once, in a domain that exists' '
	add anna@example.com && like "$err" "user anna@example.com added" &&
	refused 5 user add ANNA@example.com --no-password &&
	refused 4 user add anna@nowhere.example --no-password &&
	like "$err" "no such domain: nowhere.example" &&
	like "$err" "hint: mailadm domain add nowhere.example"'

t 'every column of a new user' '
	add bo@example.com --name "Bo Ek" --quota 5G &&
	is "$(column bo@example.com email,active,name,quota)" \
	    "bo@example.com	1	Bo Ek	5368709120" &&
	is "$(column bo@example.com scheme,rounds,home)" \
	    "none	\\N	example.com/bo" &&
	is "$(column anna@example.com name,quota)" "\\N	\\N" &&
	matches "$(column anna@example.com created,modified)" \
	    "^20..-..-..T..:..:..Z	20..-..-..T..:..:..Z$"'

t 'a quota is the domain'\''s, none, or its own' '
	ok user set bo@example.com --quota none &&
	is "$(column bo@example.com quota)" 9223372036854775807 &&
	ok -o table user show bo@example.com && matches "$out" "^quota +none" &&
	ok user set bo@example.com --quota default &&
	is "$(column bo@example.com quota)" "\\N" &&
	ok -o table user show bo@example.com &&
	matches "$out" "^quota +default"'

t 'set changes only what is named, and says when nothing changes' '
	ok user set bo@example.com --quota 1M &&
	is "$(column bo@example.com name,quota)" "Bo Ek	1048576" &&
	ok user set bo@example.com --name "Bo Ek" --quota 1M &&
	is "$err" "user bo@example.com unchanged" &&
	ok user set bo@example.com --name "" &&
	is "$(column bo@example.com name)" "\\N" &&
	refused 2 user set bo@example.com &&
	refused 4 user set nobody@example.com --name x'

t 'a name of 255 characters is kept whole, a longer one refused' '
	long=$(head -c 255 /dev/zero | tr "\\0" x | sed "s/x/ü/g") &&
	ok user set bo@example.com --name "$long" &&
	is "$(column bo@example.com name)" "$long" &&
	refused 3 user set bo@example.com --name "${long}x" &&
	like "$err" "256 characters"'

t 'add --if-not-exists compares what was given' '
	add cy@example.com --name Cy --quota 1G &&
	add cy@example.com --if-not-exists --name Cy &&
	is "$err" "user cy@example.com unchanged" &&
	refused 5 user add cy@example.com --if-not-exists --name Di \
	    --quota 2G --no-password &&
	like "$err" "a different name, quota" &&
	ok user add cy@example.com --if-not-exists --generate &&
	empty "$out" && is "$err" "user cy@example.com unchanged"'

t 'addresses of the longest length' '
	label=$(head -c 63 /dev/zero | tr "\\0" a) &&
	long=$label.$label.$label &&
	ok domain add "$long" &&
	local=$(head -c 62 /dev/zero | tr "\\0" b) &&
	add "$local@$long" && add "${local}@example.com" &&
	refused 3 user add "${local}bb@$long" --no-password &&
	like "$err" 254 &&
	refused 3 user add "${local}bbb@example.com" --no-password &&
	like "$err" 64 && ok domain remove "$long" --recursive -y &&
	ok user remove "${local}@example.com"'

# --- enable, disable -----------------------------------------------------

t 'disable and enable, with a hint about open sessions' '
	ok user disable anna@example.com bo@example.com &&
	like "$err" "doveadm kick anna@example.com" &&
	like "$err" "doveadm kick bo@example.com" &&
	is "$(mailadm user list --inactive --count)" 2 &&
	ok user disable anna@example.com &&
	is "$err" "user anna@example.com unchanged" &&
	refused 4 user enable anna@example.com nobody@example.com &&
	is "$(column anna@example.com active)" 0 &&
	ok user enable anna@example.com bo@example.com'

# --- rename --------------------------------------------------------------

t 'rename takes home, quota and destinations along' '
	ok alias add info@example.com anna@example.com bo@example.com &&
	ok user set anna@example.com --quota 3G --name Anna &&
	ok user rename anna@example.com anna.ek@example.org &&
	like "$err" "doveadm kick anna@example.com" &&
	is "$(column anna.ek@example.org name,quota,home)" \
	    "Anna	3221225472	example.com/anna" &&
	is "$(alias_rows)" "info@example.com anna.ek@example.org;\
info@example.com bo@example.com;" &&
	refused 4 user show anna@example.com'

t 'rename --keep-alias lets the old address lead to the new one' '
	ok user rename anna.ek@example.org anna@example.com --keep-alias &&
	is "$(alias_rows "anna*")" "anna.ek@example.org anna@example.com;"'

t 'an alias on the own address moves, too' '
	ok alias add bo@example.com bo@example.com out@elsewhere.example &&
	ok user rename bo@example.com bob@example.com &&
	is "$(alias_rows "bo*")" "bob@example.com bob@example.com;\
bob@example.com out@elsewhere.example;" &&
	ok alias remove bob@example.com'

t 'rename needs a free address in a domain that may have users' '
	refused 5 user rename anna@example.com bob@example.com &&
	refused 4 user rename nobody@example.com x@example.com &&
	refused 4 user rename anna@example.com anna@nowhere.example &&
	ok domain add ad.example --alias-of example.com &&
	refused 6 user rename anna@example.com anna@ad.example &&
	ok alias add two@example.com anna@example.com &&
	ok alias add bob@example.com bob@example.com &&
	refused 6 user rename bob@example.com two@example.com &&
	like "$err" "are aliases" && ok alias remove bob@example.com'

t 'a joiner in a name is spelling, one that only deceives is refused' '
	persian=$(printf "\\333\\214\\342\\200\\214\\330\\256") &&
	add zoya@example.com && ok user set zoya@example.com --name "$persian" \
	    --note "$persian" &&
	is "$(column zoya@example.com name)" "$persian" &&
	run mailadm -o table user list zoya@example.com &&
	like "$out" "$persian" &&
	echo "users: {zoya@example.com: {name: \"${persian}x\"}}" \
	    >"$T/z.yaml" &&
	run mailadm apply --yes "$T/z.yaml" && status 0 &&
	is "$(column zoya@example.com name)" "${persian}x" &&
	refused 3 user set zoya@example.com \
	    --name "$(printf "an\\342\\200\\215na")" &&
	like "$err" "an invisible character is not allowed: U+200D" &&
	refused 3 user set zoya@example.com \
	    --note "$(printf "\\356\\200\\200")" &&
	like "$err" "a private-use character is not allowed: U+E000" &&
	ok user remove zoya@example.com'

# --- mail on disk --------------------------------------------------------

t 'a name that existed before gets a fresh home, and a note says so' '
	add dora@example.com && ok user remove dora@example.com &&
	add dora@example.com &&
	like "$err" "note: dora@example.com existed before" &&
	like "$err" "its mail stays in example.com/dora" &&
	is "$(column dora@example.com home)" example.com/dora~2 &&
	ok user remove dora@example.com && add dora@example.com &&
	is "$(column dora@example.com home)" example.com/dora~3'

t 'also when the former holder only has another name now' '
	add eva@example.com && ok user rename eva@example.com evi@example.com &&
	add eva@example.com && like "$err" "example.com/eva~2" &&
	refused 5 user add eva@example.com --reuse-mail --no-password &&
	ok user remove eva@example.com &&
	refused 6 user add eva@example.com --reuse-mail \
	    --home example.com/eva --no-password &&
	like "$err" "belongs to evi@example.com" &&
	add eva@example.com --reuse-mail &&
	is "$(column eva@example.com home)" example.com/eva~2'

t '--reuse-mail takes over what a former user left' '
	add fay@example.com && ok user remove fay@example.com &&
	add fay@example.com --reuse-mail && unlike "$err" "note:" &&
	is "$(column fay@example.com home)" example.com/fay'

t 'of three generations it asks which mail, and lists all but those in use' '
	add gil@example.com && ok user remove gil@example.com &&
	add gil@example.com && ok user remove gil@example.com &&
	refused 6 user add gil@example.com --reuse-mail --no-password &&
	matches "$err" "example.com/gil~2 [(]removed 2[^)]*[)], \
example.com/gil [(]removed 2" &&
	like "$err" "hint: choose one with --home, like --home \
example.com/gil~2" &&
	refused 4 user show gil@example.com &&
	add gil@example.com --reuse-mail --home example.com/gil &&
	is "$(column gil@example.com home)" example.com/gil &&
	ok user remove gil@example.com &&
	add gil@example.com &&
	like "$err" "its mail stays in example.com/gil, example.com/gil~2" &&
	is "$(column gil@example.com home)" example.com/gil~3'

t 'a home that no former user of the name had is none to take over' '
	refused 3 user add hal@example.com --reuse-mail --home example.com/x \
	    --no-password &&
	ok user remove gil@example.com &&
	refused 3 user add gil@example.com --reuse-mail \
	    --home example.com/fay --no-password &&
	like "$err" "example.com/gil~3 (removed" &&
	refused 2 user add gil@example.com --home example.com/gil \
	    --no-password'

t 'when it is not known who had the mail last, a person has to say' '
	add ida@example.com && ok user rename ida@example.com idi@example.com &&
	ok user remove idi@example.com &&
	refused 6 user add ida@example.com --reuse-mail --no-password &&
	like "$err" "example.com/ida (the time of removal is not known)" &&
	add idi@example.com --reuse-mail &&
	is "$(column idi@example.com home)" example.com/ida'

t 'nor does mail come back with a domain that is added again' '
	ok domain add again.example && add u@again.example &&
	ok domain remove again.example --recursive --yes &&
	ok domain add again.example && add u@again.example &&
	like "$err" "note: u@again.example existed before"'

# --- remove --------------------------------------------------------------

fresh
mailadm -q domain add example.com
mailadm -q domain add example.org
t 'a user that no alias leads to is removed without a question' '
	add anna@example.com && ok user remove anna@example.com &&
	like "$err" "user anna@example.com removed" &&
	like "$err" "doveadm kick anna@example.com" &&
	refused 4 user remove anna@example.com &&
	ok user remove anna@example.com --if-exists &&
	is "$err" "user anna@example.com does not exist"'

t 'while aliases lead there the removal is refused, and they are listed' '
	add anna@example.com && add bo@example.com &&
	ok alias add info@example.com anna@example.com &&
	ok alias add team@example.org anna@example.com bo@example.com &&
	refused 6 user remove anna@example.com &&
	like "$err" "info@example.com, team@example.org" &&
	like "$err" "--cascade" && like "$err" "--replace-with"'

t '--replace-with points them elsewhere, and merges' '
	ok user remove anna@example.com --replace-with bo@example.com &&
	is "$(alias_rows)" "info@example.com bo@example.com;\
team@example.org bo@example.com;" && add anna@example.com &&
	refused 6 user remove bo@example.com --replace-with bo@example.com &&
	refused 6 user remove bo@example.com \
	    --replace-with nobody@example.com &&
	refused 6 user remove bo@example.com \
	    --replace-with info@example.com &&
	like "$err" loop &&
	ok user remove bo@example.com --replace-with out@elsewhere.example &&
	is "$(alias_rows "team*")" "team@example.org out@elsewhere.example;"'

t '--cascade asks for --yes, and lists an alias that is gone with it' '
	add bo@example.com &&
	ok alias set info@example.com bo@example.com &&
	ok alias add team@example.org bo@example.com &&
	refused 6 user remove bo@example.com --cascade &&
	like "$err" "without --yes" &&
	ok user remove bo@example.com --cascade --yes &&
	like "$err" "removed, as no destination is left: info@example.com" &&
	is "$(alias_rows)" "team@example.org out@elsewhere.example;" &&
	refused 2 user remove anna@example.com --cascade \
	    --replace-with x@example.org'

t 'a note says when the catch-all gets the mail from now on' '
	ok alias add @example.com anna@example.com && add bo@example.com &&
	ok user remove bo@example.com &&
	like "$err" "mail for bo@example.com goes to the catch-all"'

t 'a user who kept a copy by an own alias' '
	add keep@example.com &&
	ok alias add keep@example.com keep@example.com anna@example.com &&
	refused 6 user remove keep@example.com &&
	ok user remove keep@example.com --cascade --yes &&
	is "$(alias_rows "keep*")" "keep@example.com anna@example.com;"'

t 'the last postmaster of a domain goes only with --force' '
	add postmaster@example.org &&
	refused 6 user remove postmaster@example.org &&
	like "$err" "--force" &&
	refused 6 user rename postmaster@example.org p@example.org &&
	ok user rename postmaster@example.org p@example.org --keep-alias &&
	refused 6 alias remove postmaster@example.org &&
	ok alias remove postmaster@example.org --force &&
	add postmaster@example.org &&
	ok user remove postmaster@example.org --force'

t 'several go together or not at all' '
	add x@example.org && add y@example.org &&
	refused 4 user remove x@example.org nobody@example.org y@example.org &&
	ok user show x@example.org &&
	ok user remove x@example.org y@example.org &&
	refused 4 user show y@example.org'

t 'several who lead to each other go together' '
	add x@example.org && add y@example.org &&
	ok alias add x@example.org x@example.org y@example.org &&
	ok user remove x@example.org y@example.org --cascade --yes &&
	is "$(alias_rows "x*")" ""'

t 'what is used and the last login are columns of a list, and sort it' '
	mailadm -q domain add use.org --quota 1000 &&
	for who in big small none free new; do
		mailadm -q user add $who@use.org --no-password || return 1
	done && mailadm -q user set free@use.org --quota none &&
	sql "INSERT INTO quota_usage (email, bytes) VALUES
	    (\"big@use.org\", 950), (\"small@use.org\", 100),
	    (\"free@use.org\", 9000000000000000000);
	    INSERT INTO logins VALUES (\"big@use.org\", 1000000000),
	    (\"small@use.org\", UNIX_TIMESTAMP());
	    UPDATE users SET created = \"2001-01-01\" WHERE domain =
	    \"use.org\" AND email <> \"new@use.org\"" &&
	run mailadm user list "*@use.org" --columns email,used,last_login \
	    --sort -used --limit 3 && status 0 &&
	is "$out" "free@use.org	9000000000000000000	\\N
big@use.org	950	2001-09-09T01:46:40Z
small@use.org	100	$(printf %s "$out" | sed -n "s/^small.*	//p")" &&
	run mailadm user list "big@use.org" --columns used,last_login -o json &&
	is "$out" "[{\"used\":950,\"last_login\":\"2001-09-09T01:46:40Z\"}]"'

t 'users who do not log in are found; new ones are not among them' '
	run mailadm user list "*@use.org" --unused-for 90d --columns email &&
	status 0 && is "$out" "big@use.org
free@use.org
none@use.org" &&
	is "$(mailadm user list "*@use.org" --unused-for 90d --count)" 3 &&
	run mailadm user list --unused-for soon && status 3 &&
	like "$err" "expected a time"'

t 'users whose mailbox is nearly full are found; without a quota none is' '
	is "$(mailadm user list "*@use.org" --over-quota 90% --columns email)" \
	    big@use.org &&
	is "$(mailadm user list "*@use.org" --over-quota 10 --columns email)" \
	    "big@use.org
small@use.org" &&
	is "$(mailadm user list "*@use.org" --over-quota 96% --count)" 0 &&
	for percent in 0 1001 9.5 90%% x %; do
		run mailadm user list --over-quota $percent && status 3 &&
		like "$err" "expected a percentage such as 90%" || return 1
	done'

finish
